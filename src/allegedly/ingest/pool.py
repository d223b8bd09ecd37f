"""Several processes that read: each article by one process with one thread."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from allegedly.errors import AllegedlyError, InputError
from allegedly.ingest.tasks import Reader, Result, Task, results_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Articles under way or waiting to be handed on, per process."""

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
            answer: Answer = list(results_of(task, tokens=tokens, reader=reader))
        except AllegedlyError as error:
            answer = error
        pipe.send(answer)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Interrupts wait, where the system has signal masks."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: "Connection"
    number: int | None = None  # of the task it has in hand
    name: str = ""


class Pool:
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
        with _uninterrupted():  # which the new process inherits
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
            worker.pipe.send(replace(task, capture=None))
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


def mapped(function: Callable[[T], R], items: Sequence[T], *, processes: int, chunk: int = 8) -> Iterator[R]:
    """`function` of every item, in their order; by several processes where more than one is asked for. It stands at a module's top level.

    What it raises is raised here. A process that dies is an AllegedlyError.
    """
    if processes == 1 or len(items) <= chunk:
        yield from map(function, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as workers:
        try:
            yield from workers.map(function, items, chunksize=chunk)
        except BrokenProcessPool:
            raise AllegedlyError("A process ended unexpectedly: it may have run out of memory. Try --processes 1.") from None
        finally:
            workers.shutdown(cancel_futures=True)
