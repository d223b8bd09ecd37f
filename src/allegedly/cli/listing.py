"""Rows of an answer: as a page for a person, or with the same fields as JSON or CSV for programs."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegedly.cli.output import stream_to

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


def shown_as(format: str, target: Path | None) -> str:
    """The format asked for; else that of the file's suffix, else text."""
    return format or {".json": "json", ".csv": "csv"}.get(target.suffix.lower() if target else "", "text")


def show(
    rows: Sequence[Row],
    fields: Sequence[str],
    page: "Callable[[Console], None]",
    *,
    format: str,
    target: Path | None = None,
    raw: bool = False,
) -> None:
    """Write rows that have these fields, as `shown_as` says; `page` prints them for a person."""
    form = shown_as(format, target)
    with stream_to(target) as out:
        if target is None and form != "text" and isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="" if form == "csv" else "\n")
        if form == "json":
            lines = ",\n ".join(json.dumps({name: row[name] for name in fields}, ensure_ascii=False) for row in rows)
            out.write(f"[{lines}]\n")
        elif form == "csv":
            from allegedly.export.rows import cell

            table = csv.writer(out, lineterminator="\r\n")
            table.writerow(fields)
            table.writerows([cell(row[name], raw=raw) for name in fields] for row in rows)
        else:
            from allegedly.export.terminal import console_for

            console = console_for(out)
            with console.capture() as captured:
                page(console)
            shown = captured.get()
            out.write(shown if console.is_terminal else "\n".join(line.rstrip() for line in shown.split("\n")))
