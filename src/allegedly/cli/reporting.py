"""What is said on standard error while a command runs: errors, warnings, and on a terminal a bar that moves."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from allegedly.cli.output import no_more_output
from allegedly.errors import AllegedlyError

if TYPE_CHECKING:
    from rich.progress import Progress

    from allegedly.ingest import Result
    from allegedly.records import Reading

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds after which the reading of one article shows how far it is."""


@contextmanager
def guarded() -> Iterator[list[AllegedlyError]]:
    """Around a command: errors are said and collected in the list given; any is exit status 1. Interrupts end it quietly."""
    errors: list[AllegedlyError] = []
    try:
        yield errors
    except BrokenPipeError:
        no_more_output()
        raise typer.Exit(141) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except AllegedlyError as error:
        say(str(error))
        errors.append(error)
    if errors:
        raise typer.Exit(1)


def good(results: "Iterable[Result]", report: Callable[["Result"], None], errors: list[AllegedlyError]) -> "Iterator[Reading]":
    """The readings, in order; errors and warnings are said as they come."""
    for result in results:
        report(result)
        if result.error is not None:
            errors.append(result.error)
        if result.reading is not None:
            yield result.reading


def say(message: str) -> None:
    """One line on standard error, without anything in it that could steer a terminal."""
    print(f"allegedly: {plain_words(message)}", file=sys.stderr, flush=True)


def plain_words(message: str) -> str:
    """On one line, without control characters, in what standard error can encode."""
    from allegedly.export.digest import inline

    return inline(message).encode(sys.stderr.encoding or "utf-8", "replace").decode(sys.stderr.encoding or "utf-8", "replace")


@contextmanager
def reporter(inputs: list[str], target: Path | None) -> "Iterator[tuple[Callable[[Result], None], Callable[[float], None] | None]]":
    """What is told of each result: errors and warnings, and on a terminal a bar that moves: by articles, or through a single long one."""

    def plain(result: "Result") -> None:
        for message in _messages(result):
            say(message)

    total = total_of(inputs)
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
                progress.console.print(f"allegedly: {plain_words(message)}", soft_wrap=True)
            progress.advance(bar)

        yield moving, None


def _messages(result: "Result") -> Iterator[str]:
    yield from result.warnings
    if result.error is not None:
        yield str(result.error)


def total_of(inputs: list[str]) -> int | None:
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


def bar_over(items: Iterable[T], doing: str, total: int | None, *, quiet: bool = False) -> Iterator[T]:
    """The items; on a terminal, unless the output goes there too (`quiet`), a bar shows how far they are, the rate and the time left."""
    if (quiet and sys.stdout.isatty()) or not sys.stderr.isatty():
        yield from items
        return
    with bar_of(doing) as progress:
        yield from progress.track(items, total=total, description=doing)


def bar_of(doing: str) -> "Progress":
    """A bar with how many are done, how many a second, and the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second, lately."""

        def render(self, task: Task) -> Text:
            """The rate, once there is one."""
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    return Progress(TextColumn(doing), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(), console=console, transient=True)
