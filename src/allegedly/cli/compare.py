"""`allegedly compare`: two texts side by side, or many pairs of sentences, without a ledger."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from allegedly.cli.listing import Format, Listing, Output, Raw
from allegedly.cli.output import check_target, stream_to, target_of
from allegedly.cli.reporting import bar_over, guarded, say
from allegedly.errors import AllegedlyError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from allegedly.compared import Claim, Verdict
    from allegedly.records import Reading

HELP = """Set two texts side by side. What both say, what one denies of the other, and what only one says.

A and B are what "allegedly read" takes, one article each. Nothing is kept, and nothing is said of what is true.

With --pairs, FILE is JSON Lines with "id", "a" and "b", two sentences each; every line gives {"id", "label"}, in the order of the
lines, with the label same (one proposition), denies (the one denies the other) or different.
"""
EXAMPLES = """\b
Examples:
  allegedly compare one.txt other.html
  allegedly compare https://news.example/a https://other.example/b --format json
  allegedly compare --pairs pairs.jsonl -o labels.jsonl
"""

FIELDS = (
    "label",
    *(f"{side}_{name}" for side in "ab" for name in ("gist", "voice", "force", "polarity", "status", "quotation")),
    *("rule", "score", "evidence"),
)

commands = typer.Typer(rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of --pairs: two sentences, and the name under which their label is given."""

    id: object
    a: str
    b: str


def label(pair: Pair) -> str | InputError:
    """The label of a pair, or why there is none; here at top level, where worker processes find it."""
    from allegedly.compare.propositions import pair_label
    from allegedly.ingest.tasks import FAULTS, fault_of

    try:
        return pair_label(pair.a, pair.b)
    except FAULTS as fault:
        return fault_of(f"pair {pair.id}", "compared", fault)


@commands.command("compare", help=HELP, epilog=EXAMPLES)
def compare(
    inputs: Annotated[list[str] | None, typer.Argument(metavar="A B", show_default=False)] = None,
    pairs: Annotated[str, typer.Option("--pairs", metavar="FILE", help="Label the pairs of a file, or of - for standard input.")] = "",
    format: Format = "",
    output: Output = "-",
    raw: Raw = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="Processes that read at the same time.  [default: as many as pay]")
    ] = None,
) -> None:
    """Set two texts side by side."""
    target = target_of(output)
    given = inputs or []
    if bool(pairs) == bool(given) or len(given) not in (0, 2):
        raise typer.BadParameter("Give two inputs, or --pairs FILE.", param_hint="A B")
    check_target(target, [*given, pairs])
    with guarded() as errors:
        if pairs:
            _label_pairs(pairs, target, processes, errors)
        else:
            rows, titles = _compared(given, errors)

            def page(console: "Console") -> None:
                from allegedly.cli.pages import sides

                sides(console, titles, rows)

            Listing(format, target, raw).show(rows, FIELDS, page)


def _compared(names: list[str], errors: list[AllegedlyError]) -> tuple[list[dict[str, Any]], tuple[str, str]]:
    """What two inputs have in common, as rows, and what they are called."""
    from allegedly.compare.propositions import compare_texts
    from allegedly.ingest import readings
    from allegedly.inquiry.answers import gist_of

    read: list[Reading] = []
    for name in names:
        results = list(readings([name], tokens=True))
        good_ones = [result.reading for result in results if result.reading is not None]
        for result in results:
            if result.error is not None:
                raise result.error
            for warning in result.warnings:
                say(warning)
        if len(good_ones) != 1:
            raise InputError(name, f"holds {len(good_ones)} articles", "Give an input with one article on either side")
        read += good_ones
    found = compare_texts(*read)

    def row(label: str, a: "Claim | None", b: "Claim | None", verdict: "Verdict | None" = None) -> dict[str, Any]:
        out: dict[str, Any] = {"label": label}
        for side, claim in (("a", a), ("b", b)):
            out |= {f"{side}_gist": claim and gist_of(claim), f"{side}_quotation": claim and claim.words}
            out |= {f"{side}_{name}": claim and getattr(claim, name) for name in ("voice", "force", "polarity", "status")}
        if verdict is None:
            return out | {"rule": None, "score": None, "evidence": None}
        return out | {"rule": verdict.rule, "score": round(verdict.score, 4), "evidence": list(verdict.evidence)}

    rows = [row("same", pair.a, pair.b, pair.verdict) for pair in found.both]
    rows += [row("denies", pair.a, pair.b, pair.verdict) for pair in found.denied]
    rows += [row("only_a", claim, None) for claim in found.only_a] + [row("only_b", None, claim) for claim in found.only_b]
    return rows, (read[0].article.title or names[0], read[1].article.title or names[1])


def _label_pairs(name: str, target: Path | None, processes: int | None, errors: list[AllegedlyError]) -> None:
    from allegedly.ingest import mapped, processors

    found: list[Pair] = []
    for one in _pairs_of(name):
        if isinstance(one, InputError):
            say(str(one))
            errors.append(one)
        else:
            found.append(one)
    count = processes or (min(8, processors()) if len(found) > 100 else 1)
    labels = bar_over(mapped(label, found, processes=count), "comparing", len(found), quiet=target is None)
    with stream_to(target) as out:
        for pair, said in zip(found, labels, strict=True):
            if isinstance(said, InputError):
                say(str(said))
                errors.append(said)
            else:
                out.write(json.dumps({"id": pair.id, "label": said}, ensure_ascii=False) + "\n")


def _pairs_of(name: str) -> Iterator[Pair | InputError]:
    """The pairs of a file, and what is wrong with the lines that give none."""
    if name == "-":
        yield from _lines(sys.stdin.buffer, name)
        return
    try:
        with Path(name).open("rb") as stream:
            yield from _lines(stream, name)
    except (OSError, ValueError) as error:
        raise InputError(name, f"could not be opened ({' '.join(str(error).split())})", "Check the path") from None


def _lines(stream: IO[bytes], name: str) -> Iterator[Pair | InputError]:
    advice = 'Give one JSON object a line: {"id": ..., "a": "...", "b": "..."}'
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        here = f"{name}:{number}"
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield InputError(here, f"not a line of JSON ({' '.join(str(error).split())[:200]})", advice)
            continue
        if isinstance(row, dict) and "id" in row and isinstance(row.get("a"), str) and isinstance(row.get("b"), str):
            yield Pair(row["id"], row["a"], row["b"])
        else:
            yield InputError(here, 'the line lacks "id", or "a" or "b" as text', advice)
