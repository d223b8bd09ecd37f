"""Inputs to readings, in their order: names to articles, articles to readings, by several processes where that pays.

Each article is read alone, by one process with one thread, so that a reading cannot depend on its company or on how many
processes there are. Only a bounded number of articles is under way at any time: memory does not grow with their count.
A worker that dies takes one article with it, which is reported; another worker takes its place.
"""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.errors import LexiconError
from allegedly.ingest import adding
from allegedly.ingest.adding import Seen, Tally
from allegedly.ingest.pool import Pool, mapped
from allegedly.ingest.tasks import Reader, Result, Task, fenced, fetched_entry, opened, results_of, tasks_of
from allegedly.language import event_lexicon
from allegedly.records import Article, Reading

if TYPE_CHECKING:
    from allegedly.ledger import Ledger

__all__ = [
    "Reader",
    "Result",
    "Seen",
    "Tally",
    "Task",
    "add",
    "check_events",
    "fenced",
    "fetched_entry",
    "mapped",
    "opened",
    "processors",
    "read_article",
    "read_tasks",
    "reader_with",
    "readings",
]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each process has its core; more threads only wait for each other

ALONE_BELOW = 40_000
"""Characters (bytes, for files) of input below which starting workers takes longer than it saves."""
MOST_PROCESSES = 8


def read_article(
    article: Article, *, tokens: bool = False, events: Path | None = None, watch: Callable[[float], None] | None = None
) -> Reading:
    """The package's own reader; imported here so that asking for help does not load the model. `events` is a user's event file."""
    from allegedly.reading import read_article as read

    return read(article, tokens=tokens, events=events, watch=watch)


def reader_with(events: Path | None, watch: Callable[[float], None] | None = None) -> Reader:
    """The package's reader with a user's own event types, once these are checked, and with somebody who watches it."""
    if events is not None:
        check_events(events)
    return partial(read_article, events=events, watch=watch) if events or watch else read_article


def check_events(events: Path) -> None:
    """Raises LexiconError where a user's event file is not valid, or an example sentence in it does not come out as it says."""
    for own in event_lexicon(extra=events).own:
        for kind, sentences in (("example", own.examples), ("counterexample", own.counterexamples)):
            for text in sentences:
                rules = sorted({s.event.rule for s in read_article(Article("example", text), events=events).statements if s.event})
                if (own.rule in rules) != (kind == "example"):
                    found = (
                        f"does not come out as one (found: {', '.join(rules) or 'no event'})" if kind == "example" else "comes out as one"
                    )
                    advice = "Change `triggers`, `senses` or `about`, or the sentence"
                    raise LexiconError(f"{events}: event {own.name!r}: the {kind} {text!r} {found}. {advice}.")


def readings(
    inputs: Iterable[str], *, processes: int | None = None, tokens: bool = False, reader: Reader = read_article
) -> Iterator[Result]:
    """A result for each article, in input order, as soon as those before it are done.

    An input is a path, an http(s) URL, or "-" for standard input. By default there are as many processes as
    processors, eight at most, and none besides this one where the inputs are few and short.
    An error that concerns all articles (no model, a bad lexicon) is raised.
    """
    yield from read_tasks((task for name in inputs for task in tasks_of(name)), processes=processes, tokens=tokens, reader=reader)


def read_tasks(
    tasks: Iterator[Task], *, processes: int | None = None, tokens: bool = False, reader: Reader = read_article
) -> Generator[Result]:
    """As `readings`, of tasks."""
    ahead, tasks = _first(tasks, None if processes else ALONE_BELOW)
    count = processes or min(MOST_PROCESSES, processors())
    if count == 1 or len(ahead) < 2 or (not processes and sum(map(_size, ahead)) < ALONE_BELOW):
        for task in tasks:
            yield from results_of(task, tokens=tokens, reader=reader)
    else:
        yield from Pool(count, tokens=tokens, reader=reader).results(tasks)


def add(
    ledger: "Ledger",
    tasks: Iterable[Task],
    *,
    report: Callable[[Seen], None],
    tally: Tally,
    processes: int | None = None,
    reader: Reader = read_article,
) -> None:
    """Read the articles of opened tasks, keep them in the ledger, and compare them with what is there: see `adding`."""
    read = partial(read_tasks, processes=processes, tokens=True, reader=reader)
    adding.add(ledger, tasks, read, reader=reader, report=report, tally=tally)


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _first(tasks: Iterator[Task], size: int | None) -> tuple[list[Task], Iterator[Task]]:
    """At least the first two tasks, or as many as it takes to reach the size; and all tasks again."""
    ahead: list[Task] = []
    total = 0
    for task in tasks:
        ahead.append(task)
        total += _size(task)
        if len(ahead) > 1 and (size is None or total >= size):
            break
    return ahead, chain(ahead, tasks)


def _size(task: Task) -> int:
    if task.article is not None:
        return len(task.article.text)
    path = Path(task.name)
    return path.stat().st_size if task.error is None and "\0" not in task.name and path.is_file() else 0
