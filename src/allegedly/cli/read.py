"""`allegedly read`: articles in, readings out."""

from pathlib import Path
from typing import Annotated

import typer

from allegedly.cli.listing import Output
from allegedly.cli.output import check_target, target_of
from allegedly.cli.readings import Every, Form, NoText, Raw, export_for, write_readings
from allegedly.cli.reporting import good, guarded, reporter
from allegedly.cli.shards import Ray, Workers, fates_of, shard_progress
from allegedly.errors import AllegedlyError
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
  allegedly read --ray -o readings/ crawl/*.warc.gz
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
    shards: Annotated[
        bool,
        typer.Option("--shards", help="Read each input to a Parquet file in the folder -o, with a manifest; running again goes on."),
    ] = False,
    ray: Ray = "",
    workers: Workers = None,
) -> None:
    """Read articles."""
    if shards or ray:
        _read_shards(inputs, output, events, ray, workers)
        return
    target = target_of(output)
    export = export_for(format, target)
    check_target(target, inputs)
    with guarded() as errors, reporter(inputs, target) as (report, watch):
        from allegedly.ingest import reader_with, readings

        own = {"reader": reader_with(events, watch)} if events or watch else {}
        results = readings(inputs, processes=processes, tokens=tokens or export.words, **own)
        options = Options(tokens=tokens, least=0.0 if everything else least, every=every, no_text=no_text, raw=raw)
        write_readings(export, good(results, report, errors), target, options)


def _read_shards(inputs: list[str], output: str, events: Path | None, ray: str, workers: int | None) -> None:
    """Shards to a folder, here or on a cluster."""
    if output == "-":
        raise typer.BadParameter("name the folder for the shards with -o.", param_hint="--output")
    with guarded() as errors:
        from allegedly.ingest import reader_with
        from allegedly.ingest.shards import Bad, Job, plan, run

        job = Job(plan(inputs), output, reader=reader_with(events.resolve() if events else None))
        with fates_of(job, ray, workers) as read, shard_progress(job) as report:
            fates = run(job, read, report)
        bad = [fate for fate in fates if isinstance(fate, Bad)]
        rows = [fate for fate in fates if not isinstance(fate, Bad)]
        failed = sum(row.refused + row.failed for row in rows)
        there = sum(row.readings for row in rows)
        there = sum(row.readings for row in rows)
        typer.echo(f"{there} readings, {failed} articles not read, in {len(rows)} shards; {len(bad)} bad shards")
        errors += [AllegedlyError("not all was read")] * bool(bad or failed)
