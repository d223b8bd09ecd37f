"""Readings to standard output, a file or a folder, in one of the formats of EXPORTS; and the options that name these."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.output import stream_to
from allegedly.errors import ExportError, InputError
from allegedly.export import EXPORTS, Export, Options

if TYPE_CHECKING:
    from allegedly.records import Reading

FORMATS = "; ".join(f"{row.name}: {row.help}" for row in EXPORTS.values()) + ".  [default: by the suffix of -o, else text]"


def _known(format: str) -> str:
    if format and format not in EXPORTS:
        raise typer.BadParameter(f"{format!r} is not a format. Choose one of {', '.join(EXPORTS)}.")
    return format


Form = Annotated[str, typer.Option("--format", "-f", metavar="|".join(EXPORTS), callback=_known, help=FORMATS)]
Every = Annotated[
    bool, typer.Option("--every-status", help="In event rows and networks, also negated, planned, demanded, possible and conditional ones.")
]
NoText = Annotated[bool, typer.Option("--no-text", help="Leave out the articles' own words: offsets, hashes, codes and names only.")]
Raw = Annotated[bool, typer.Option("--raw", help="Cells of tables exactly as they are, although a spreadsheet would run some as formulas.")]


def export_for(format: str, target: Path | None) -> Export:
    """The format asked for; else that of the file's suffix, else text."""
    if format:
        return EXPORTS[format]
    return next((row for row in EXPORTS.values() if target and row.suffix and target.suffix.lower() == row.suffix), EXPORTS["text"])


def write_readings(export: Export, readings: "Iterator[Reading]", target: Path | None, options: Options) -> None:
    """To standard output as readings come; to a file only once all are written, unless there were none."""
    if target is None:
        _write_out(export, readings, options)
        return
    first = next(readings, None)
    if first is None:
        raise InputError(str(target), "not written, because nothing could be read", "See the errors above")

    def everything() -> "Iterator[Reading]":
        yield first
        yield from readings

    if export.form == "folder":
        export.write(everything(), target, options)
        return
    with stream_to(target, binary=export.form == "bytes") as stream:
        export.write(everything(), stream, options)


def _write_out(export: Export, readings: "Iterator[Reading]", options: Options) -> None:
    """Formats for programs are UTF-8 whatever the terminal speaks; on a page for people, what it cannot show becomes "?"."""
    if export.form == "folder":
        raise ExportError(f"{export.name} is a folder of files, which cannot go to standard output. Name a new folder with -o.")
    if export.form == "bytes":
        export.write(readings, sys.stdout.buffer, options)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        if export.utf8:
            sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        else:
            sys.stdout.reconfigure(errors="replace")
    export.write(readings, sys.stdout, options)
    sys.stdout.flush()
