"""fetch → article → reading → ledger → comparison: articles are added in batches, each of which is one transaction.

A batch holds `BATCH` articles at most and is begun every `SECONDS` or so. It is committed with all that comparing found in it, or not at
all: a run that is killed loses the batch it was on, and the next one reads what is missing and nothing else. An interrupt ends the run
with the batch it was on committed; a second one, while that is being done, rolls it back.
"""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from allegedly.errors import AllegedlyError, InputError, LedgerError
from allegedly.ingest.tasks import FAULTS, Reader, Result, Task, fault_of
from allegedly.records import Article, Reading

if TYPE_CHECKING:
    from allegedly.compared import Claim
    from allegedly.ledger import Ledger, Outcome

BATCH = 100
SECONDS = 10.0
"""How long articles may wait for their batch to be committed; it is checked as articles come."""

_KNOWN = InputError("", "the ledger has it", "")

What = Literal["stored", "duplicate", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one article, or of an input that gave none; `detail` is the reason, or "new version", "new reading"."""

    name: str
    what: What
    detail: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts of a run. `seen` is counted as inputs are opened, the others as their fate is known: when all is done they add up."""

    seen: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    failed: int = 0
    versions: int = 0  # of those stored, new versions and new readings of articles that were there

    def count(self, one: Seen) -> None:
        """One more."""
        setattr(self, one.what, getattr(self, one.what) + 1)
        self.versions += one.what == "stored" and bool(one.detail)

    @property
    def balanced(self) -> bool:
        """Whether nothing was dropped in silence."""
        return self.seen == self.stored + self.duplicate + self.refused + self.failed

    def __str__(self) -> str:
        return f"{self.seen} seen = {self.stored} stored + {self.duplicate} duplicate + {self.refused} refused + {self.failed} failed" + (
            f" ({self.versions} of those stored are new versions or readings of articles that were there)" if self.versions else ""
        )


def add(
    ledger: "Ledger",
    tasks: Iterable[Task],
    read: Callable[[Iterator[Task]], Generator[Result]],
    *,
    reader: Reader,
    report: Callable[[Seen], None],
    tally: Tally,
) -> None:
    """Keep the articles of opened tasks, and compare them with what is there. `tally` is counted on the way.

    `read` gives a result for each task, in their order, with words; it is handed those alone that `reader` has not read yet.
    `report` is told what became of each input, of stored ones once they are on the disk. Raises LedgerError where the ledger cannot be
    written, and KeyboardInterrupt after an interrupt; what was reported as stored is kept in any case.
    """
    _Adding(ledger, reader, report, tally).run(read, tasks)


class _Adding:
    def __init__(self, ledger: "Ledger", reader: Reader, report: Callable[[Seen], None], tally: Tally) -> None:
        self.ledger, self.report, self.tally = ledger, report, tally
        self.opened: deque[tuple[Task, Outcome | None]] = deque()  # not yet read, or known already
        self.batch: list[tuple[Task, Reading, tuple[Claim, ...] | None]] = []
        self.urls: dict[str, str] = {}  # ids by address, of this batch
        self.began = time.monotonic()
        self.calm = _Calm()
        with self.calm, self.calm.undisturbed():  # libraries that are interrupted while they load raise what they like
            self.own = reader(Article("none", "Nothing.")).reader  # what this reader is called
        self.defect: InputError | None = None  # in comparison

    def run(self, read: Callable[[Iterator[Task]], Generator[Result]], tasks: Iterable[Task]) -> None:
        with self.calm:
            try:
                with closing(read(self._unknown(tasks))) as results:
                    for result in results:
                        self._on(result)
            except LedgerError as error:
                self._lose(error.reason)
                raise
            except (AllegedlyError, KeyboardInterrupt):
                self._commit()  # what was read before is kept
                raise
            self._commit()
        if self.defect is not None:
            raise AllegedlyError(f"The articles are kept, but not all were compared. {self.defect}")

    def _on(self, result: Result) -> None:
        with self.calm.undisturbed():
            self._take(*self.opened.popleft(), result)
            if len(self.batch) >= BATCH or time.monotonic() - self.began > SECONDS:
                self._commit()

    def _unknown(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """The tasks; those that need no reading because the ledger knows their article are handed on without it."""
        for task in tasks:
            known = None
            if task.article is not None:
                with self.calm.undisturbed():
                    article = self._named(task.article)
                    task = replace(task, article=article)
                    (known,) = self.ledger.known([article], self.own)
            self.opened.append((task, known))
            yield replace(task, article=None, error=_KNOWN) if known else task

    def _named(self, article: Article) -> Article:
        """With the id that the ledger has for its address, unless it has one of its own: a page with another text is a new version."""
        if not article.url or article.id != text_id(article.text):
            return article
        self.urls.setdefault(article.url, self.ledger.id_at(article.url) or article.id)
        return replace(article, id=self.urls[article.url])

    def _take(self, task: Task, known: "Outcome | None", result: Result) -> None:
        self.tally.seen += 1
        if known is not None:
            self._say(task, *_fate(known))
        elif result.reading is not None:
            self.batch.append((task, result.reading, result.claims))
        elif result.error is not None:
            self._say(task, result.error.kind, f"{result.error.reason}. {result.error.advice}")

    def _commit(self) -> None:
        """One transaction: all articles of the batch with all that comparing them finds, or nothing."""
        try:
            outcomes = self._keep()
        except (LedgerError, KeyboardInterrupt) as error:
            self._lose(error.reason if isinstance(error, LedgerError) else "the run was interrupted a second time")
            raise
        for (task, *_), outcome in zip(self.batch, outcomes, strict=True):
            self._say(task, *_fate(outcome))
        self.batch.clear()
        self.urls.clear()
        self.began = time.monotonic()

    def _keep(self) -> "list[Outcome]":
        """A defect in comparison costs no article: the batch is kept without, and a version without the defect compares it later."""
        from allegedly.compare.claims import claims
        from allegedly.inquiry.comparing import compare
        from allegedly.ledger import Entry

        if self.defect is None:
            try:
                with self.ledger.writing():
                    entries = [
                        Entry(reading, task.capture, claims(reading) if known is None else known) for task, reading, known in self.batch
                    ]
                    outcomes = self.ledger.add(entries)
                    compare(self.ledger)
                    return outcomes
            except FAULTS as fault:
                self.defect = fault_of("comparison", "done", fault)
        return self.ledger.add([Entry(reading, task.capture) for task, reading, _ in self.batch])

    def _lose(self, why: str) -> None:
        for task, *_ in self.batch:
            self._say(task, "failed", f"it was not kept, because {why}")
        self.batch.clear()

    def _say(self, task: Task, what: Any, detail: str) -> None:
        seen = Seen(task.name, what, detail, task.warnings)
        self.tally.count(seen)
        self.report(seen)


def text_id(text: str) -> str:
    """The id of an article that was given none."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _fate(outcome: "Outcome") -> tuple[What, str]:
    """The ledger's word for what became of an article, as one of the four, and the rest of it."""
    if outcome.what in ("duplicate", "refused"):
        return outcome.what, outcome.reason or "the ledger has it"
    return "stored", "" if outcome.what == "stored" else outcome.what


class _Calm:
    """Interrupts (Ctrl-C) as KeyboardInterrupt, but never in the middle of what is to be done `undisturbed`: then they come after it."""

    def __init__(self) -> None:
        self._busy = self._asked = False
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_interrupt(self, *_: object) -> None:
        if self._busy:
            self._asked = True
        else:
            raise KeyboardInterrupt

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt
