"""One input at a time: from its name to its articles, and from an article to its reading."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from allegedly.errors import InputError
from allegedly.records import Article, Reading

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


def tasks_of(name: str) -> Iterator[Task]:
    """An input that can hold many articles is opened here and gives one task each; any other is opened by who reads it."""
    if name == "-" or name.lower().endswith(MANY) or Path(name.replace("\0", "")).is_dir():
        yield from opened(name, many=True)
    else:
        yield Task(name)


def opened(name: str, *, many: bool = False) -> Iterator[Task]:
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


def results_of(task: Task, *, tokens: bool, reader: Reader) -> Iterator[Result]:
    """A task's results. Opening and reading are both fenced: whatever goes wrong with one input is that input's error."""
    if task.article is None and task.error is None:
        parts = iter(opened(task.name))
        while True:
            try:
                one = next(parts, None)
            except FAULTS as fault:
                yield Result(task.name, error=fault_of(task.name, "opened", fault))
                return
            if one is None:
                return
            yield result_of(one, tokens=tokens, reader=reader)
    else:
        yield result_of(task, tokens=tokens, reader=reader)


def result_of(task: Task, *, tokens: bool, reader: Reader) -> Result:
    """The reading of one article; whatever goes wrong is an error of the input."""
    if task.article is None:
        return Result(task.name, error=task.error, warnings=task.warnings)
    try:
        reading = reader(task.article, tokens=tokens)
    except InputError as error:
        return Result(task.name, error=error, warnings=task.warnings)
    except FAULTS as fault:
        return Result(task.name, error=fault_of(task.name, "read", fault), warnings=task.warnings)
    return Result(task.name, reading, None, task.warnings)


def fault_of(name: str, done: str, fault: BaseException) -> InputError:
    """A defect of ours as an error of the input that showed it, with the place in the code for the report."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""
    said = " ".join(str(fault).split())[:200]
    reason = f"it could not be {done}: {type(fault).__name__}{place}" + (f" ({said})" if said else "")
    return InputError(name, reason, "This is a defect of Allegedly: please report it, with the input if you may share it")
