"""Floors: the least that each figure may be, kept in `floors.toml` with the corpus that it was measured on.

The file is written by the benchmarks' `--raise-floors` and `--lower-floors` and by nothing else: its `seal` is a hash of the
rest, so that a floor lowered by hand is noticed by the tests and by every run.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("floors.toml")

# Figures of which less is better: their floor is a ceiling.
CEILINGS = frozenset(
    {"extra_events_per_sentence", "peak_memory_mb", "memory_growth_mb", "start_up_s"}
    | {"swap_changed", "names_changed", "words_changed", "appended_changed"}
)

HEADING = """\
# The least that each figure may be (for a few, the most), and the corpus file that it was measured on.
# Written by `python -m benchmarks.accuracy` and `python -m benchmarks.throughput` with --raise-floors or --lower-floors;
# the seal is a hash of the rest, so an edit by hand is noticed.
"""


class FloorsError(Exception):
    """The floors file was edited by hand, or belongs to another corpus."""


@dataclass(frozen=True, slots=True)
class Pins:
    """The floors of one benchmark, and the hash of the corpus file that they hold for (empty where there is no corpus)."""

    sha256: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a results table."""

    benchmark: str
    figure: str
    measured: float
    floor: float | None

    @property
    def passed(self) -> bool:
        """Whether the figure is on the right side of its floor; one without a floor always is, one not measured never."""
        return self.floor is None or not (math.isnan(self.measured) or _worse(self.figure, self.measured, self.floor))


def _worse(figure: str, one: float, other: float) -> bool:
    return one > other if figure in CEILINGS else one < other


def _eased(figure: str, value: float, slack: float) -> float:
    """Moved by the slack and rounded to three decimals, both to the easier side, so that the figure just measured passes."""
    if figure in CEILINGS:
        return math.ceil(round(value * (1 + slack) * 1000, 6)) / 1000
    return math.floor(round(value * (1 - slack) * 1000, 6)) / 1000


# --- the file -----------------------------------------------------------------------------------------------------


def seal(floors: Mapping[str, Pins]) -> str:
    """A hash over all floors and corpora."""
    plain = {name: [pins.sha256, dict(sorted(pins.figures.items()))] for name, pins in sorted(floors.items())}
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


def load(path: Path | None = None) -> dict[str, Pins]:
    """The floors by benchmark; raises `FloorsError` when the seal is not theirs."""
    path = path or FILE
    with path.open("rb") as file:
        table = tomllib.load(file)
    sealed = table.pop("seal", None)
    floors = {
        name: Pins(rows.get("sha256", ""), {key: float(value) for key, value in rows.items() if key != "sha256"})
        for name, rows in table.items()
    }
    if sealed != seal(floors):
        raise FloorsError(f"{path.name} was edited by hand: restore it, and change floors with --raise-floors or --lower-floors")
    return floors


def save(floors: Mapping[str, Pins], path: Path | None = None) -> None:
    """Write the file anew."""
    out = [HEADING, f'seal = "{seal(floors)}"\n']
    for name, pins in floors.items():
        out.append(f"\n[{name}]\n")
        if pins.sha256:
            out.append(f'sha256 = "{pins.sha256}"\n')
        out.extend(f"{figure} = {value!r}\n" for figure, value in pins.figures.items())
    (path or FILE).write_text("".join(out), encoding="utf8")


# --- measured figures against floors ---------------------------------------------------------------------------------


def compare(benchmark: str, measured: Mapping[str, float], pins: Pins | None) -> list[Line]:
    """Every measured figure with its floor; a pinned figure that was not measured counts as missed."""
    floors = pins.figures if pins else {}
    lines = [Line(benchmark, figure, value, floors.get(figure)) for figure, value in measured.items()]
    return lines + [Line(benchmark, figure, math.nan, floor) for figure, floor in floors.items() if figure not in measured]


def moved(pins: Pins | None, measured: Mapping[str, float], *, sha256: str, up: bool, down: bool, slack: float = 0.0) -> Pins:
    """New floors: `up` takes every figure that is better than its floor or has none, `down` every one that is worse.

    With a slack, the share by which a figure varies from run to run, floors keep that distance from what was measured, and no figure
    gets its first one. Floors measured on another corpus file are only replaced, all at once, with `down`.
    """
    if pins is None or pins.sha256 != sha256:
        if pins is not None and not down:
            raise FloorsError("the corpus file is not the one that the floors were measured on: --lower-floors pins them anew")
        pins = Pins(sha256, {})
    figures = dict(pins.figures)
    for figure, value in measured.items():
        floor, new = figures.get(figure), _eased(figure, value, slack)
        if floor is None:
            if (up or down) and not slack:
                figures[figure] = new
        elif (down and _worse(figure, value, floor)) or (up and _worse(figure, floor, new)):
            figures[figure] = new
    return Pins(sha256, figures)


# --- tables -----------------------------------------------------------------------------------------------------------


def shown(value: float | None) -> str:
    """A figure as tables print it."""
    if value is None:
        return ""
    if math.isnan(value):
        return "not measured"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _bound(line: Line) -> str:
    if line.floor is None:
        return ""
    return f"{'at most' if line.figure in CEILINGS else 'at least'} {shown(line.floor)}"


def plain_table(lines: Iterable[Line]) -> str:
    """A table for the terminal."""
    rows = [("benchmark", "figure", "measured", "floor", "")]
    for line in lines:
        verdict = "" if line.floor is None else "pass" if line.passed else "MISSED"
        rows.append((line.benchmark, line.figure.replace("_", " "), shown(line.measured), _bound(line), verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def markdown_table(lines: Iterable[Line]) -> str:
    """A table for the README."""
    rows = ["| benchmark | figure | measured | floor |", "|---|---|---:|---:|"]
    rows += [f"| {line.benchmark} | {line.figure.replace('_', ' ')} | {shown(line.measured)} | {_bound(line)} |" for line in lines]
    return "\n".join(rows)


def write_between(path: Path, marker: str, text: str) -> None:
    """Replace what stands between `<!-- marker:begin -->` and `<!-- marker:end -->`."""
    begin, end = f"<!-- {marker}:begin -->", f"<!-- {marker}:end -->"
    whole = path.read_text(encoding="utf8")
    head, found_begin, rest = whole.partition(begin)
    _, found_end, tail = rest.partition(end)
    if not (found_begin and found_end):
        raise FloorsError(f"{path.name} has no markers {begin} and {end}")
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf8")
