"""`allegedly read`: articles in, readings out."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.output import check_target, stream_to, target_of
from allegedly.cli.reporting import good, guarded, reporter
from allegedly.errors import ExportError, InputError
from allegedly.export import EXPORTS, Export, Options

if TYPE_CHECKING:
    from allegedly.records import Reading

READ_HELP = """Read articles, and say who says that who did what to whom, in what words.

INPUT is a text file, a web page (.html), JSON Lines with "id" and "text", a folder of these, an http(s) address, or - for standard input.
"""
EXAMPLES = """\b
Examples:
  allegedly read article.txt
  allegedly read --format jsonl -o readings.jsonl reports/*.txt
  allegedly read -o page.html https://news.example/article
  cat articles.jsonl | allegedly read --format jsonl -
"""

FORMATS = "; ".join(f"{row.name}: {row.help}" for row in EXPORTS.values()) + ".  [default: by the suffix of -o, else text]"

commands = typer.Typer(rich_markup_mode=None)


def _known(format: str) -> str:
    if format and format not in EXPORTS:
        raise typer.BadParameter(f"{format!r} is not a format. Choose one of {', '.join(EXPORTS)}.")
    return format


@commands.command(help=READ_HELP, epilog=EXAMPLES)
def read(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", show_default=False)],
    format: Annotated[str, typer.Option("--format", "-f", metavar="|".join(EXPORTS), callback=_known, help=FORMATS)] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all.")] = "-",
    tokens: Annotated[
        bool, typer.Option("--tokens", help="Add the layer of words to jsonl: lemma, tag, features, head, relation.")
    ] = False,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="FILE", help="Event types of your own, in TOML (docs/event-types.md).", show_default=False),
    ] = None,
    least: Annotated[
        float | None,
        typer.Option(
            "--min-score",
            metavar="X",
            min=0,
            max=1,
            help="On pages for people (text, html), show findings from score X on.  [default: as docs/schema.md says]",
            show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show all findings on pages for people, however unsure: as --min-score 0.")] = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="Processes that read at the same time.  [default: as many as pay]")
    ] = None,
) -> None:
    """Read articles."""
    target = target_of(output)
    export = EXPORTS[format] if format else _by_suffix(target)
    check_target(target, inputs)
    with guarded() as errors, reporter(inputs, target) as (report, watch):
        from allegedly.ingest import reader_with, readings

        own = {"reader": reader_with(events, watch)} if events or watch else {}
        results = readings(inputs, processes=processes, tokens=tokens or export.words, **own)
        _write(export, good(results, report, errors), target, Options(tokens=tokens, least=0.0 if every else least))


def _by_suffix(target: Path | None) -> Export:
    return next((row for row in EXPORTS.values() if target and row.suffix and target.suffix.lower() == row.suffix), EXPORTS["text"])


def _write(export: Export, readings: "Iterator[Reading]", target: Path | None, options: Options) -> None:
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
