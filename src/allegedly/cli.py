"""The `allegedly` command: thin. It opens the output, hands names to `ingest` and readings to `export`, and reports errors.

Exit status: 0 when all was read, 1 when any input failed or a check did, 2 for a wrong command line, 130 after an interrupt.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from allegedly.errors import AllegedlyError, InputError
from allegedly.export import EXPORTS, Export

if TYPE_CHECKING:
    from allegedly.evenhanded import Outcome
    from allegedly.ingest import Result
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

PATIENCE = 1.0
"""Seconds after which the reading of one article shows how far it is."""

FORMATS = "; ".join(f"{row.name}: {row.help}" for row in EXPORTS.values()) + ".  [default: by the suffix of -o, else text]"

app = typer.Typer(
    name="allegedly",
    help="Reads political news and records who says that who did what to whom, when, where and in what words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
check = typer.Typer(name="check", help="Put the reader to a test.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(check)


def main() -> None:
    """The command's entry point. Interrupts and closed pipes end it quietly, wherever they strike."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        _no_more_output()
        sys.exit(141)


def _version(asked: bool) -> None:
    if asked:
        from allegedly import __version__

        typer.echo(f"allegedly {__version__}")
        raise typer.Exit


@app.callback()
def allegedly(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)] = False,
) -> None:
    """Who says that who did what to whom, when, where and in what words."""


def _known(format: str) -> str:
    if format and format not in EXPORTS:
        raise typer.BadParameter(f"{format!r} is not a format. Choose one of {', '.join(EXPORTS)}.")
    return format


@app.command(help=READ_HELP, epilog=EXAMPLES)
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
    target = None if output == "-" else Path(output)
    export = EXPORTS[format] if format else _by_suffix(target)
    _check(target, inputs)
    errors: list[AllegedlyError] = []
    try:
        with _reporter(inputs, target) as (report, watch):
            from allegedly.ingest import reader_with, readings

            own = {"reader": reader_with(events, watch)} if events or watch else {}
            results = readings(inputs, processes=processes, tokens=tokens or export.words, **own)
            _write(export, _good(results, report, errors), target, tokens, 0.0 if every else least)
    except BrokenPipeError:
        _no_more_output()
        raise typer.Exit(141) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except AllegedlyError as error:
        _say(str(error))
        errors.append(error)
    if errors:
        raise typer.Exit(1)


def _by_suffix(target: Path | None) -> Export:
    return next((row for row in EXPORTS.values() if target and target.suffix.lower() == row.suffix), EXPORTS["text"])


def _check(target: Path | None, inputs: list[str]) -> None:
    """What can be known to be wrong with the output before anything is read."""
    if target is None:
        return
    if target.is_dir():
        raise typer.BadParameter(f"{target} is a folder. Name a file in it.", param_hint="--output")
    if not target.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {target.parent}. Make it first.", param_hint="--output")
    if target.is_file() and any(Path(name).is_file() and Path(name).samefile(target) for name in inputs if "\0" not in name):
        raise typer.BadParameter(f"{target} is also an input. Choose another name.", param_hint="--output")


def _good(results: "Iterable[Result]", report: Callable[["Result"], None], errors: list[AllegedlyError]) -> "Iterator[Reading]":
    """The readings, in order; errors and warnings are said as they come."""
    for result in results:
        report(result)
        if result.error is not None:
            errors.append(result.error)
        if result.reading is not None:
            yield result.reading


# --- checks ----------------------------------------------------------------------------------------------------------


def _text_or_jsonl(format: str) -> str:
    if format not in ("", "text", "jsonl"):
        raise typer.BadParameter(f"{format!r} is not a format of checks. Choose one of text, jsonl.")
    return format


@check.command("even-handed", help=CHECK_HELP, epilog=CHECK_EXAMPLES)
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
    target = None if output == "-" else Path(output)
    _check(target, inputs or [])
    errors: list[AllegedlyError] = []
    within = True
    try:
        from allegedly.evenhanded import share, write_jsonl, write_text

        outcomes = _outcomes(inputs or [], Path(swaps) if swaps else None, target, errors)
        jsonl = format == "jsonl" or (not format and target is not None and target.suffix == ".jsonl")
        with _stream(target) as stream:
            write_jsonl(outcomes, stream) if jsonl else write_text(outcomes, stream, limit=limit)
        within = share(outcomes) <= limit
    except BrokenPipeError:
        _no_more_output()
        raise typer.Exit(141) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except AllegedlyError as error:
        _say(str(error))
        errors.append(error)
    if errors or not within:
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
    with _reporter(inputs or [a.id for a in texts], target or Path("-")) as (report, _):  # the table comes last: a bar is not in its way
        return [one for reading in _good(results, report, errors) for one in examine(reading, table.swaps, read_article)]


@contextmanager
def _stream(target: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is there only once all is written."""
    if target is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with _replacing(target) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            str(target), f"could not be written ({error.strerror or error})", "Check the folder's permissions and free space"
        ) from None


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(export: Export, readings: "Iterator[Reading]", target: Path | None, tokens: bool, least: float | None) -> None:
    """To standard output as readings come; to a file only once all are written, unless there were none."""
    if target is None:
        _write_out(export, readings, tokens, least)
        return
    first = next(readings, None)
    if first is None:
        raise InputError(str(target), "not written, because nothing could be read", "See the errors above")

    def everything() -> "Iterator[Reading]":
        yield first
        yield from readings

    with _stream(target) as stream:
        export.write(everything(), stream, tokens, least)


def _write_out(export: Export, readings: "Iterator[Reading]", tokens: bool, least: float | None) -> None:
    """Formats for programs are UTF-8 whatever the terminal speaks; on a page for people, what it cannot show becomes "?"."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if export.utf8:
            sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        else:
            sys.stdout.reconfigure(errors="replace")
    export.write(readings, sys.stdout, tokens, least)
    sys.stdout.flush()


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    """A stream whose content becomes the file in one step when all went well. What is not a regular file is written directly."""
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _no_more_output() -> None:
    """Nobody reads our output any more: let the interpreter's last flush go nowhere."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


# --- reporting -------------------------------------------------------------------------------------------------------


def _say(message: str) -> None:
    """One line on standard error, without anything in it that could steer a terminal."""
    print(f"allegedly: {_plain(message)}", file=sys.stderr, flush=True)


def _plain(message: str) -> str:
    from allegedly.export.digest import inline

    return inline(message).encode(sys.stderr.encoding or "utf-8", "replace").decode(sys.stderr.encoding or "utf-8", "replace")


@contextmanager
def _reporter(inputs: list[str], target: Path | None) -> "Iterator[tuple[Callable[[Result], None], Callable[[float], None] | None]]":
    """What is told of each result: errors and warnings, and on a terminal a bar that moves: by articles, or through a single long one."""

    def plain(result: "Result") -> None:
        for message in _messages(result):
            _say(message)

    total = _total(inputs)
    if not sys.stderr.isatty() or (total != 1 and target is None and sys.stdout.isatty()):
        yield plain, None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    count = TaskProgressColumn() if total == 1 else MofNCompleteColumn()
    progress = Progress(TextColumn("reading"), BarColumn(), count, TimeRemainingColumn(), console=console, transient=True)
    bar = progress.add_task("reading", total=total)
    if total == 1:
        began = time.monotonic()

        def through(share: float) -> None:
            if not progress.live.is_started and time.monotonic() - began > PATIENCE:
                progress.start()
            progress.update(bar, completed=share)

        try:
            yield plain, through
        finally:
            if progress.live.is_started:
                progress.stop()
        return
    with progress:

        def moving(result: "Result") -> None:
            for message in _messages(result):
                progress.console.print(f"allegedly: {_plain(message)}", soft_wrap=True)
            progress.advance(bar)

        yield moving, None


def _messages(result: "Result") -> Iterator[str]:
    yield from result.warnings
    if result.error is not None:
        yield str(result.error)


def _total(inputs: list[str]) -> int | None:
    """How many articles there will be: files and addresses hold one, JSON Lines one a line; None where it cannot be told."""
    total = 0
    for name in inputs:
        path = Path(name.replace("\0", ""))
        if name == "-" or name.lower().endswith(".gz") or path.is_dir():
            return None
        if name.lower().endswith(".jsonl") and path.is_file():
            with path.open("rb") as lines:
                total += sum(1 for line in lines if line.strip())
        else:
            total += 1
    return total
