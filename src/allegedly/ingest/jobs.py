"""Adding in the background: one process reads and keeps what it is given, and tells how far it is.

There is one such process at most, so that one writer is at work, and a reading never holds up who looks at the ledger. It is started for
the first job, goes on with the next, and ends when nothing has come for a while. Told to stop, it commits the batch that it is on; killed,
or left alone because its parent is gone, it loses that batch and nothing else (see `adding`).
"""

import json
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from allegedly.errors import AllegedlyError, InputError
from allegedly.ingest.adding import Seen, Tally

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from allegedly.fetch import Client
    from allegedly.ingest.tasks import Task
    from allegedly.ledger import Ledger

State = Literal["waiting", "working", "done", "stopped", "failed"]
WAITING = 20
"""Jobs that may wait."""
REMEMBERED = 50
"""Jobs that are remembered."""
LINES = 200
"""Articles of a job that are named, with the reason, if they were not stored."""
IDLE = 60.0
"""Seconds without a job after which the process ends."""
EVERY = 15 * 60.0
"""Seconds between two looks at a watched feed."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a job adds: a pasted text (its JSON Lines in `body`), a file (`body`, or at `path`), an article's address, or a feed's."""

    kind: Literal["text", "file", "address", "feed"]
    name: str
    body: bytes = b""
    path: str = ""


def pasted(text: str, *, title: str = "", outlet: str = "", published: str = "", url: str = "") -> Order:
    """An order for a text that somebody pasted, and what they say of it."""
    about = {"title": title, "outlet": outlet, "published": published, "url": url}
    line = json.dumps({"text": text} | {name: value for name, value in about.items() if value.strip()})
    return Order("text", title.strip()[:80] or "pasted text", line.encode())


@dataclass(slots=True)
class Job:
    """A job and how far it is. `opened` counts articles that were opened, `tally` those whose fate is known."""

    number: int
    by: str
    what: str
    orders: tuple[Order, ...]
    made: float
    state: State = "waiting"
    opened: int = 0
    tally: Tally = field(default_factory=Tally)
    lines: list[Seen] = field(default_factory=list)
    unnamed: int = 0
    problem: str = ""
    stopping: bool = False
    began: float | None = None
    ended: float | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "stopped", "failed")

    def note(self, seen: Seen) -> None:
        """One more article whose fate is known."""
        self.tally.count(seen)
        if seen.what == "stored" and not seen.warnings:
            return
        if len(self.lines) < LINES:
            self.lines.append(seen)
        else:
            self.unnamed += 1


# --- in the process that works -----------------------------------------------------------------------------------------


class _UnheardError(Exception):
    """Nobody listens any more."""


def work(pipe: "Connection", where: str, private: bool) -> None:
    """The life of the process: takes orders, adds, tells; ends when the other end is closed, or its parent is gone."""
    threading.Thread(target=_orphaned, daemon=True).start()
    with suppress(EOFError, KeyboardInterrupt, OSError, _UnheardError):
        while True:
            orders = pipe.recv()
            tally, problem, state = Tally(), "", "done"
            try:
                _add(pipe, where, orders, tally, private=private)
            except KeyboardInterrupt:
                state, problem = "stopped", "it was stopped; what is counted as stored is kept"
            except AllegedlyError as error:
                state, problem = "failed", str(error)
            pipe.send(("end", state, problem, tally.seen))


def _orphaned() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _add(pipe: "Connection", where: str, orders: Sequence[Order], tally: Tally, *, private: bool) -> None:
    from allegedly import ingest
    from allegedly.fetch import Client
    from allegedly.ingest.watching import look
    from allegedly.ledger import Ledger

    def tell(*message: object) -> None:
        try:
            pipe.send(message)
        except OSError:
            raise _UnheardError from None

    def told(tasks: "Iterator[Task]") -> "Iterator[Task]":
        for task in tasks:
            tell("opened")
            yield task

    with Ledger.open(where) as ledger, Client(allow_private=private) as client:
        for order in orders:
            if order.kind == "feed":
                look(ledger, client, order.name, report=lambda seen: tell("seen", seen), tally=tally)
        tasks = (task for order in orders if order.kind != "feed" for task in ingest.fenced(_tasks(order, client, ledger), order.name))
        ingest.add(ledger, told(tasks), report=lambda seen: tell("seen", seen), tally=tally)


def _tasks(order: Order, client: "Client", ledger: "Ledger") -> "Iterator[Task]":
    """The articles of one order; names are those that the user gave."""
    from allegedly.article import from_bytes
    from allegedly.ingest.tasks import Task, opened

    if order.kind == "address":
        yield from opened(order.name, client=client, ledger=ledger)
        return
    name = "pasted.jsonl" if order.kind == "text" else order.name
    outcomes = list(from_bytes(order.body or Path(order.path).read_bytes(), name=name))
    for outcome in outcomes:
        if isinstance(outcome, InputError):
            yield Task(order.name, error=InputError(order.name, outcome.reason, outcome.advice, outcome.kind))
            continue
        article, capture = outcome.article, outcome.capture
        shown = order.name if len(outcomes) == 1 else f"{order.name} ({article.id})"
        yield Task(shown, article, None, outcome.warnings, None if order.kind == "text" else capture)


# --- in the process that asks ------------------------------------------------------------------------------------------


class Jobs:
    """Jobs of one ledger, done one after the other. `close` ends the process with the batch it is on committed."""

    def __init__(self, where: str, *, private: bool = False) -> None:
        self.where, self.private = where, private
        self.jobs: dict[int, Job] = {}
        self.watched: dict[str, tuple[float, str]] = {}  # when to look again, and who asked for it
        self._queue: deque[Job] = deque()
        self._changed = threading.Condition()
        self._number = 0
        self._closing = False
        self._process: Any = None
        self._pipe: Connection | None = None
        self._thread: threading.Thread | None = None
        self._cleanup: dict[int, Callable[[], None]] = {}

    def add(self, orders: Sequence[Order], *, what: str, by: str, after: Callable[[], None] = lambda: None) -> Job:
        """Begin a job, or let it wait; `after` is called when it is over. InputError where too many wait already."""
        with self._changed:
            if self._closing or len(self._queue) >= WAITING:
                raise InputError("adding", f"{len(self._queue)} jobs wait already", "Wait until some are done")
            self._number += 1
            job = Job(self._number, by, what, tuple(orders), time.time())
            self.jobs[job.number] = job
            self._cleanup[job.number] = after
            for old in [one for one in self.jobs.values() if one.over][: max(0, len(self.jobs) - REMEMBERED)]:
                del self.jobs[old.number]
            self._queue.append(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="adding", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def watch(self, address: str, *, by: str) -> Job:
        """Look at a feed now, and again every `EVERY` seconds for as long as this lives."""
        job = self.add([Order("feed", address)], what=f"feed {address}", by=by)
        with self._changed:
            self.watched[address] = (time.time() + EVERY, by)
        return job

    def unwatch(self, address: str) -> None:
        """Look no more."""
        with self._changed:
            self.watched.pop(address, None)

    def stop(self, number: int) -> None:
        """Stop a job; what it has stored is kept. One that waits never begins."""
        with self._changed:
            job = self.jobs[number]
            if job in self._queue:
                self._queue.remove(job)
                self._end(job, "stopped", "it was stopped before it began")
            elif job.state == "working":
                self._interrupt()
                job.stopping = True

    def close(self, *, patience: float = 30.0) -> None:
        """End: the job at work commits the batch it is on, within `patience` seconds, or loses it."""
        with self._changed:
            self._closing = True
            for job in self.jobs.values():
                job.stopping = True
            while self._queue:
                self._end(self._queue.popleft(), "stopped", "the server was stopped before it began")
            self._interrupt()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(patience)
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5)

    def _interrupt(self) -> None:
        if self._process is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGINT)

    def _end(self, job: Job, state: State, problem: str) -> None:
        job.state, job.problem, job.ended = state, problem, time.time()
        self._cleanup.pop(job.number, lambda: None)()
        job.orders = tuple(replace(order, body=b"") for order in job.orders)

    # --- the thread that hands over ---

    def _work(self) -> None:
        while True:
            with self._changed:
                self._due()
                if not self._queue and not self._closing:
                    self._changed.wait(IDLE if self._process is not None else self._until_due())
                    self._due()
                if not self._queue:
                    self._dismiss()
                    if self._closing or not self.watched:
                        self._thread = None
                        return
                    continue
                job = self._queue.popleft()
                job.state, job.began = "working", time.time()
            self._do(job)

    def _until_due(self) -> float:
        return max(0.1, min((when for when, _ in self.watched.values()), default=time.time() + IDLE) - time.time())

    def _due(self) -> None:
        """Feeds that it is time to look at again are jobs."""
        for address, (when, by) in list(self.watched.items()):
            if when <= time.time() and not self._closing:
                self._number += 1
                job = Job(self._number, by, f"feed {address}", (Order("feed", address),), time.time())
                self.jobs[job.number] = job
                self._queue.append(job)
                self.watched[address] = (time.time() + EVERY, by)

    def _do(self, job: Job) -> None:
        state: State = "failed"
        problem = "the process that reads ended unexpectedly; what is counted as stored is kept"
        try:
            pipe = self._hire()
            pipe.send(job.orders)
            while True:
                message = pipe.recv()
                if message[0] == "end":
                    _, state, problem, job.tally.seen = message
                    break
                with self._changed:
                    if message[0] == "opened":
                        job.opened += 1
                    else:
                        job.note(message[1])
        except (EOFError, OSError):
            self._dismiss()
        with self._changed:
            known = job.tally.stored + job.tally.duplicate + job.tally.refused + job.tally.failed
            job.tally.seen = known if state == "failed" else job.tally.seen
            self._end(job, "stopped" if job.stopping and state == "failed" else state, problem)

    def _hire(self) -> "Connection":
        from multiprocessing import get_context

        if self._process is None or not self._process.is_alive() or self._pipe is None:
            context = get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=work, args=(theirs, self.where, self.private))
            self._process.start()
            theirs.close()
        return self._pipe

    def _dismiss(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(5)
        self._pipe = self._process = None
