"""One input at a time: from its name to its articles, and from an article to its reading."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from allegedly.errors import InputError
from allegedly.records import Article, Reading

if TYPE_CHECKING:
    from allegedly.article import Capture, Outcome
    from allegedly.compared import Claim
    from allegedly.fetch import Client, Entry, Page
    from allegedly.ledger import Ledger

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
    claims: "tuple[Claim, ...] | None" = None  # of a reading that comes without its words


@dataclass(frozen=True, slots=True)
class Task:
    """One input to open and read, or one article that was opened already."""

    name: str
    article: Article | None = None
    error: InputError | None = None
    warnings: tuple[str, ...] = ()
    capture: "Capture | None" = None


def holds_many(name: str) -> bool:
    """Whether an input can hold many articles: standard input, folders, and some kinds of files."""
    from allegedly.article import holds_many as in_file

    return name == "-" or Path(name.replace("\0", "")).is_dir() or (not name.startswith(("http://", "https://")) and in_file(name))


def tasks_of(name: str) -> Iterator[Task]:
    """An input that can hold many articles is opened here and gives one task each; any other is opened by who reads it."""
    if holds_many(name):
        yield from opened(name)
    else:
        yield Task(name)


def opened(name: str, *, client: "Client | None" = None, ledger: "Ledger | None" = None) -> Iterator[Task]:
    """The articles of one input; what could not be read of it is a task with an error. With a client, feeds and sitemaps are followed.

    With a ledger, servers are asked only for what has changed since it was kept there; what has not is read from what was kept.
    """
    from allegedly.article import from_bytes, from_path
    from allegedly.fetch import fetch, is_web_address

    try:
        if is_web_address(name):
            yield from _fetched(name, client, ledger) if client else _in_page(fetch(name), name)
            return
        outcomes = from_bytes(sys.stdin.buffer.read(), name=name) if name == "-" else from_path(name)
        many = holds_many(name)
        for outcome in outcomes:
            yield _task(name, outcome, many=many)
    except InputError as error:
        yield Task(error.name, error=error)


def _task(name: str, outcome: "Outcome", *, many: bool) -> Task:
    if isinstance(outcome, InputError):
        return Task(outcome.name, error=outcome)
    return Task(f"{name} ({outcome.article.id})" if many else name, outcome.article, None, outcome.warnings, outcome.capture)


def _fetched(name: str, client: "Client", ledger: "Ledger | None") -> Iterator[Task]:
    """The article at an address, or those at all addresses that the feed or sitemap there lists."""
    page = _page(name, client, ledger)
    listed = client.listed(page)
    if listed is None:
        yield from _in_page(page, name)
        return
    for entry in listed:
        yield from fetched_entry(entry, client, ledger)


def _page(url: str, client: "Client", ledger: "Ledger | None") -> "Page":
    """The page at an address, as it was kept where its server says that it has not changed since."""
    article = ledger.id_at(url) if ledger else None
    number = ledger.number(article) if ledger and article else None
    kept = ledger.capture(ledger.articles([number])[number].version) if ledger and number else None
    if kept is None or kept.url != url:
        return client.get(url)
    asked = dict(kept.headers)
    page = client.get(url, etag=asked.get("etag"), last_modified=asked.get("last-modified"))
    if not page.not_modified:
        return page
    return replace(page, status=200, body=kept.body, media_type=kept.media_type, headers=kept.headers, retrieved=kept.retrieved or "")


def fetched_entry(entry: "Entry | InputError", client: "Client", ledger: "Ledger | None" = None) -> Iterator[Task]:
    """The article that a feed or sitemap names, with the date and title that it gives where the page has none."""
    if isinstance(entry, InputError):
        yield Task(entry.name, error=entry)
        return
    try:
        for task in _in_page(_page(entry.url, client, ledger), entry.url):
            article = task.article
            if article is not None:
                article = replace(article, published=article.published or entry.published, title=article.title or entry.title)
            yield replace(task, article=article)
    except InputError as error:
        yield Task(error.name, error=error)


def _in_page(page: "Page", name: str) -> Iterator[Task]:
    from allegedly.article import Capture, from_bytes

    capture = Capture(page.body, page.media_type or "", page.url, page.retrieved, page.headers)
    for outcome in from_bytes(page.body, name=name, url=page.url, media_type=page.media_type):
        yield replace(_task(name, outcome, many=False), capture=capture)


def fenced(tasks: Iterator[Task], name: str) -> Iterator[Task]:
    """The same; what goes wrong while opening them is an error of the input."""
    while True:
        try:
            task = next(tasks, None)
        except FAULTS as fault:
            yield Task(name, error=fault_of(name, "opened", fault))
            return
        if task is None:
            return
        yield task


# --- from articles to readings ---------------------------------------------------------------------------------------


def results_of(task: Task, *, tokens: bool, reader: Reader) -> Iterator[Result]:
    """A task's results. Opening and reading are both fenced: whatever goes wrong with one input is that input's error."""
    if task.article is None and task.error is None:
        for one in fenced(opened(task.name), task.name):
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
