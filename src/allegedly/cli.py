"""The `allegedly` command: thin. It opens the output, hands names to `ingest` and readings to `export`, and reports errors.

Exit status: 0 when all was read, 1 when any input failed, 2 for a wrong command line, 130 after an interrupt.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from allegedly.errors import AllegedlyError, InputError
from allegedly.export import EXPORTS, Export

if TYPE_CHECKING:
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
            from allegedly.ingest import read_article, readings

            shown = {"reader": partial(read_article, watch=watch)} if watch else {}
            results = readings(inputs, processes=processes, tokens=tokens or export.words, **shown)
            _write(export, _good(results, report, errors), target, tokens)
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


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(export: Export, readings: "Iterator[Reading]", target: Path | None, tokens: bool) -> None:
    """To standard output as readings come; to a file only once all are written, unless there were none."""
    if target is None:
        _write_out(export, readings, tokens)
        return
    first = next(readings, None)
    if first is None:
        raise InputError(str(target), "not written, because nothing could be read", "See the errors above")

    def everything() -> "Iterator[Reading]":
        yield first
        yield from readings

    try:
        with _replacing(target) as stream:
            export.write(everything(), stream, tokens)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            str(target), f"could not be written ({error.strerror or error})", "Check the folder's permissions and free space"
        ) from None


def _write_out(export: Export, readings: "Iterator[Reading]", tokens: bool) -> None:
    """Formats for programs are UTF-8 whatever the terminal speaks; on a page for people, what it cannot show becomes "?"."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if export.utf8:
            sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        else:
            sys.stdout.reconfigure(errors="replace")
    export.write(readings, sys.stdout, tokens)
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
