"""Inputs to readings, in their order: names to articles, articles to readings, by several processes where that pays.

Each article is read alone, by one process with one thread, so that a reading cannot depend on its company or on how many
processes there are. Only a bounded number of articles is under way at any time: memory does not grow with their count.
A worker that dies takes one article with it, which is reported; another worker takes its place.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from allegedly.errors import AllegedlyError, InputError, LexiconError
from allegedly.language import event_lexicon
from allegedly.records import Article, Reading

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each process has its core; more threads only wait for each other

ALONE_BELOW = 40_000
"""Characters (bytes, for files) of input below which starting workers takes longer than it saves."""
MOST_PROCESSES = 8
AHEAD = 4
"""Articles under way or waiting to be handed on, per process."""
MANY = (".jsonl", ".jsonl.gz")

# What a defect in a rule, or a text beyond what it foresaw, raises. Interrupts and exits are not among them.
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError),
    *(MemoryError, NameError, OSError, RuntimeError, TypeError, ValueError),
)


class Reader(Protocol):
    """What turns an article into its reading; named at a module's top level, so that a worker can find it."""

    def __call__(self, article: Article, *, tokens: bool = False) -> Reading:
        """The article's reading, with its words where they are asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article, or of an input that gave none: a reading or an error, never both."""

    name: str
    reading: Reading | None = None
    error: InputError | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One input to open and read, or one article that was opened already."""

    name: str
    article: Article | None = None
    error: InputError | None = None
    warnings: tuple[str, ...] = ()


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
    tasks: Iterator[Task] = (task for name in inputs for task in _tasks(name))
    ahead, tasks = _first(tasks, None if processes else ALONE_BELOW)
    count = processes or min(MOST_PROCESSES, _processors())
    if count == 1 or len(ahead) < 2 or (not processes and sum(map(_size, ahead)) < ALONE_BELOW):
        for task in tasks:
            yield from _results(task, tokens=tokens, reader=reader)
    else:
        yield from _Pool(count, tokens=tokens, reader=reader).results(tasks)


def _processors() -> int:
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


# --- from names to articles ------------------------------------------------------------------------------------------


def _tasks(name: str) -> Iterator[Task]:
    """An input that can hold many articles is opened here and gives one task each; any other is opened by who reads it."""
    if name == "-" or name.lower().endswith(MANY) or Path(name.replace("\0", "")).is_dir():
        yield from _opened(name, many=True)
    else:
        yield Task(name)


def _opened(name: str, *, many: bool = False) -> Iterator[Task]:
    """The articles of one input; what could not be read of it is a task with an error."""
    from allegedly.article import from_bytes, from_path
    from allegedly.fetch import fetch, is_web_address

    try:
        if is_web_address(name):
            page = fetch(name)
            outcomes = from_bytes(page.body, name=name, url=page.url, media_type=page.media_type)
        elif name == "-":
            outcomes = from_bytes(sys.stdin.buffer.read(), name=name)
        else:
            outcomes = from_path(name)
        for outcome in outcomes:
            if isinstance(outcome, InputError):
                yield Task(outcome.name, error=outcome)
            else:
                yield Task(f"{name} ({outcome.article.id})" if many else name, outcome.article, None, outcome.warnings)
    except InputError as error:
        yield Task(error.name, error=error)


# --- from articles to readings ---------------------------------------------------------------------------------------


def _results(task: Task, *, tokens: bool, reader: Reader) -> Iterator[Result]:
    """A task's results. Opening and reading are both fenced: whatever goes wrong with one input is that input's error."""
    if task.article is None and task.error is None:
        opened = iter(_opened(task.name))
        while True:
            try:
                one = next(opened, None)
            except FAULTS as fault:
                yield Result(task.name, error=_fault(task.name, "opened", fault))
                return
            if one is None:
                return
            yield _result(one, tokens=tokens, reader=reader)
    else:
        yield _result(task, tokens=tokens, reader=reader)


def _result(task: Task, *, tokens: bool, reader: Reader) -> Result:
    if task.article is None:
        return Result(task.name, error=task.error, warnings=task.warnings)
    try:
        reading = reader(task.article, tokens=tokens)
    except InputError as error:
        return Result(task.name, error=error, warnings=task.warnings)
    except FAULTS as fault:
        return Result(task.name, error=_fault(task.name, "read", fault), warnings=task.warnings)
    return Result(task.name, reading, None, task.warnings)


def _fault(name: str, done: str, fault: BaseException) -> InputError:
    """A defect of ours as an error of the input that showed it, with the place in the code for the report."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""
    said = " ".join(str(fault).split())[:200]
    reason = f"it could not be {done}: {type(fault).__name__}{place}" + (f" ({said})" if said else "")
    return InputError(name, reason, "This is a defect of Allegedly: please report it, with the input if you may share it")


# --- several processes -----------------------------------------------------------------------------------------------

# What a worker answers: a task's results, or the error that ends the run.
Answer = list[Result] | AllegedlyError


def _work(pipe: "Connection", tokens: bool, reader: Reader) -> None:
    """A worker's life: read what comes, answer, until the other end closes. Interrupts are for the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: Answer = list(_results(task, tokens=tokens, reader=reader))
        except AllegedlyError as error:
            answer = error
        pipe.send(answer)


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: "Connection"
    number: int | None = None  # of the task it has in hand
    name: str = ""


class _Pool:
    """Workers that have one task in hand each, so that it is known which article a worker died of."""

    def __init__(self, count: int, *, tokens: bool, reader: Reader) -> None:
        self.count, self.tokens, self.reader = count, tokens, reader
        self.workers: list[_Worker] = []
        self.done: dict[int, list[Result]] = {}

    def results(self, tasks: Iterator[Task]) -> Iterator[Result]:
        """All results, in the order of the tasks."""
        given = following = 0
        more = True
        try:
            while more or given > following:
                while more and given - following < AHEAD * self.count and self._has_room():
                    task = next(tasks, None)
                    more = task is not None
                    if task is not None and task.error is not None:
                        self.done[given] = [Result(task.name, None, task.error, task.warnings)]
                    elif task is not None:
                        self._give(given, task)
                    given += more
                self._collect()
                while following in self.done:
                    yield from self.done.pop(following)
                    following += 1
        finally:
            self._stop()

    def _has_room(self) -> bool:
        return len(self.workers) < self.count or any(w.number is None for w in self.workers)

    def _hire(self) -> _Worker:
        from multiprocessing import get_context  # here, so that reading one file does not pay for it

        context = get_context("spawn")  # neither threads nor locks of this process are copied
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.tokens, self.reader), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def _give(self, number: int, task: Task) -> None:
        """To a worker with nothing in hand, else to a new one."""
        worker = next((w for w in self.workers if w.number is None), None) or self._hire()
        worker.number, worker.name = number, task.name
        try:
            worker.pipe.send(task)
        except OSError:
            self._bury(worker)

    def _collect(self) -> None:
        """Waits until some worker answers or dies, and keeps what it said."""
        from multiprocessing import connection

        busy = {w.pipe: w for w in self.workers if w.number is not None}
        for pipe in connection.wait(list(busy)) if busy else ():
            worker = busy[pipe]  # type: ignore[index]
            try:
                answer: Answer = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            if isinstance(answer, AllegedlyError):
                raise answer
            if worker.number is not None:
                self.done[worker.number] = answer
            worker.number = None

    def _bury(self, worker: _Worker) -> None:
        """The task that a dead worker had in hand gets an error; its place is free for another."""
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.join(10)
        if worker.number is not None:
            reason = f"the process that read it ended unexpectedly (exit status {worker.process.exitcode})"
            advice = "It may have run out of memory: try --processes 1, or this input alone"
            self.done[worker.number] = [Result(worker.name, error=InputError(worker.name, reason, advice))]

    def _stop(self) -> None:
        for worker in self.workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(10)
        self.workers.clear()
