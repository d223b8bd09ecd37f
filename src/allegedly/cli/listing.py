"""Rows of an answer: as a page for a person, or with the same fields as JSON or CSV for programs."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Signature, signature
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegedly.cli.output import check_target, stream_to, target_of

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]
FORMATS = ("text", "json", "csv")


def _known(format: str) -> str:
    if format not in ("", *FORMATS):
        raise typer.BadParameter(f"{format!r} is not a format of lists. Choose one of {', '.join(FORMATS)}.")
    return format


Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(FORMATS),
        callback=_known,
        help="A page to read, or rows for programs.  [default: by -o, else text]",
    ),
]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all.")]
Raw = Annotated[bool, typer.Option("--raw", help="Cells of CSV exactly as they are, although a spreadsheet would run some as formulas.")]


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a command's rows go (None is standard output), and in what form; with `raw`, cells of CSV are not guarded."""

    format: str
    target: Path | None
    raw: bool

    @property
    def form(self) -> str:
        """The format asked for; else that of the file's suffix, else text."""
        return self.format or {".json": "json", ".csv": "csv"}.get(self.target.suffix.lower() if self.target else "", "text")

    def show(self, rows: Sequence[Row], fields: Sequence[str], page: "Callable[[Console], None]") -> None:
        """Write rows that have these fields; `page` prints them for a person."""
        form = self.form
        with stream_to(self.target) as out:
            if self.target is None and form != "text" and isinstance(sys.stdout, TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="" if form == "csv" else "\n")
            if form == "json":
                lines = ",\n ".join(json.dumps({name: row[name] for name in fields}, ensure_ascii=False) for row in rows)
                out.write(f"[{lines}]\n")
            elif form == "csv":
                from allegedly.export.rows import cell

                table = csv.writer(out, lineterminator="\r\n")
                table.writerow(fields)
                table.writerows([cell(row[name], raw=self.raw) for name in fields] for row in rows)
            else:
                from allegedly.export.terminal import console_for

                console = console_for(out)
                with console.capture() as captured:
                    page(console)
                shown = captured.get()
                out.write(shown if console.is_terminal else "\n".join(line.rstrip() for line in shown.split("\n")))


def lists(commands: typer.Typer, name: str | None = None) -> "Callable[[Callable[..., None]], Callable[..., None]]":
    """Make a command of a function that lists rows. Its parameter `out`, a `Listing`, is what --format, --output and --raw say."""

    def register(function: "Callable[..., None]") -> "Callable[..., None]":
        def command(*, format: Format = "", output: Output = "-", raw: Raw = False, **given: Any) -> None:
            target = target_of(output)
            check_target(target, [])
            function(**given, out=Listing(format, target, raw))

        mine, more = (list(signature(one).parameters.values()) for one in (function, command))
        listed = [*(one for one in mine if one.name != "out"), *(one.replace(kind=one.KEYWORD_ONLY) for one in more if one.name != "given")]
        command.__signature__ = Signature([one.replace(kind=one.KEYWORD_ONLY) for one in listed])  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in listed}
        command.__doc__ = function.__doc__
        commands.command(name or function.__name__)(command)
        return function

    return register
