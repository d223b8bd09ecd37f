"""`allegedly check`: put the reader to a test."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.output import check_target, stream_to, target_of
from allegedly.cli.reporting import good, guarded, reporter
from allegedly.errors import AllegedlyError, InputError

if TYPE_CHECKING:
    from allegedly.evenhanded import Outcome

CHECK_HELP = """Exchange names and words throughout articles, read them again, and count every finding that changes beyond the swap.

INPUT is whatever "allegedly read" takes; without any, texts that come with the package are read. Two persons, two states, government
and rebels, religions, men and women and others change places; the swaps stand in a TOML file that you can replace.

Exit status 1 when a greater share of the findings changed than the limit allows, or an input could not be read.
"""
CHECK_EXAMPLES = """\b
Examples:
  allegedly check even-handed
  allegedly check even-handed reports/*.txt --limit 2
  allegedly check even-handed --swaps mine.toml --format jsonl -o changes.jsonl articles.jsonl
"""

commands = typer.Typer(help="Put the reader to a test.", no_args_is_help=True, rich_markup_mode=None)


def _text_or_jsonl(format: str) -> str:
    if format not in ("", "text", "jsonl"):
        raise typer.BadParameter(f"{format!r} is not a format of checks. Choose one of text, jsonl.")
    return format


@commands.command("even-handed", help=CHECK_HELP, epilog=CHECK_EXAMPLES)
def even_handed(
    inputs: Annotated[list[str] | None, typer.Argument(metavar="INPUT", show_default=False)] = None,
    swaps: Annotated[str, typer.Option("--swaps", metavar="FILE", help="Your own swaps (TOML).  [default: those of the package]")] = "",
    limit: Annotated[float, typer.Option("--limit", min=0, max=100, help="Per cent of the findings that may change.")] = 0.5,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="text|jsonl", callback=_text_or_jsonl, help="A table, or an object for each swap.")
    ] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all.")] = "-",
) -> None:
    """Names change places: do the findings?"""
    target = target_of(output)
    check_target(target, inputs or [])
    within = True
    with guarded() as errors:
        from allegedly.evenhanded import share, write_jsonl, write_text

        outcomes = _outcomes(inputs or [], Path(swaps) if swaps else None, target, errors)
        jsonl = format == "jsonl" or (not format and target is not None and target.suffix == ".jsonl")
        with stream_to(target) as stream:
            write_jsonl(outcomes, stream) if jsonl else write_text(outcomes, stream, limit=limit)
        within = share(outcomes) <= limit
    if not within:
        raise typer.Exit(1)


def _outcomes(inputs: list[str], swaps: Path | None, target: Path | None, errors: list[AllegedlyError]) -> "list[Outcome]":
    """What every swap did to every article, in order; the package's own texts where there are no inputs."""
    from allegedly.evenhanded import examine, swap_table
    from allegedly.ingest import Result, read_article, readings
    from allegedly.records import Article

    table = swap_table(swaps)
    texts = [Article(f"text {number}", text) for number, text in enumerate(table.texts, 1)]
    if not inputs and not texts:
        raise InputError(str(swaps), "holds no texts to try the swaps on", "Add texts = [...] at its top, or name an INPUT")
    results = readings(inputs, tokens=True) if inputs else (Result(a.id, read_article(a, tokens=True)) for a in texts)
    with reporter(inputs or [a.id for a in texts], target or Path("-")) as (report, _):  # the table comes last: a bar is not in its way
        return [one for reading in good(results, report, errors) for one in examine(reading, table.swaps, read_article)]
