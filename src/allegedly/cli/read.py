"""`allegedly read`: articles in, readings out."""

from pathlib import Path
from typing import Annotated

import typer

from allegedly.cli.listing import Output
from allegedly.cli.output import check_target, target_of
from allegedly.cli.readings import Every, Form, NoText, Raw, export_for, write_readings
from allegedly.cli.reporting import good, guarded, reporter
from allegedly.export import Options

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

commands = typer.Typer(rich_markup_mode=None)


@commands.command(help=READ_HELP, epilog=EXAMPLES)
def read(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", show_default=False)],
    format: Form = "",
    output: Output = "-",
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
    everything: Annotated[
        bool, typer.Option("--all", help="Show all findings on pages for people, however unsure: as --min-score 0.")
    ] = False,
    every: Every = False,
    no_text: NoText = False,
    raw: Raw = False,
    processes: Annotated[
        int | None, typer.Option("--processes", min=1, max=256, help="Processes that read at the same time.  [default: as many as pay]")
    ] = None,
) -> None:
    """Read articles."""
    target = target_of(output)
    export = export_for(format, target)
    check_target(target, inputs)
    with guarded() as errors, reporter(inputs, target) as (report, watch):
        from allegedly.ingest import reader_with, readings

        own = {"reader": reader_with(events, watch)} if events or watch else {}
        results = readings(inputs, processes=processes, tokens=tokens or export.words, **own)
        options = Options(tokens=tokens, least=0.0 if everything else least, every=every, no_text=no_text, raw=raw)
        write_readings(export, good(results, report, errors), target, options)
