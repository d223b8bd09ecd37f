"""The ledger that a request asks: a few connections are kept open, and one request at a time has each.

A page is made of several look-ups. They see one state of the ledger, whatever is added meanwhile.
"""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from threading import Lock
from typing import Annotated, Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Request

from allegedly.errors import LedgerError
from allegedly.ledger import Ledger

SAFE = frozenset({"GET", "HEAD"})
ANSWERS, AGE = 200, 60.0
MOST = 6
"""Connections at most: more would only wait for the processor, and each has a cache of its own."""


class Ledgers:
    """Connections to one ledger. `open` makes one."""

    def __init__(self, open: Callable[[], Ledger]) -> None:
        self._open = open
        self._idle: list[Ledger] = []
        self._limit = CapacityLimiter(MOST)

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Ledger]:
        """One connection, for as long as the caller needs it; one that failed is not used again."""
        async with self._limit:
            ledger = self._idle.pop() if self._idle else await run_sync(self._open)
            try:
                yield ledger
            except LedgerError:
                ledger.close()
                raise
            except BaseException:
                self._idle.append(ledger)
                raise
            self._idle.append(ledger)

    def close(self) -> None:
        """Close all that nobody uses."""
        while self._idle:
            self._idle.pop().close()


class Kept:
    """The last answers that many ask for alike, each as long as nothing is committed to the ledger, and for `AGE` seconds at most."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[str, float, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: str, make: Callable[[], Any]) -> Any:
        """What was made for a key at this stamp, or what is made now."""
        with self._lock:
            known = self._answers.get(key)
        if stamp and known and known[0] == stamp and time.monotonic() - known[1] < AGE:
            return known[2]
        made = make()
        with self._lock:
            self._answers[key] = stamp, time.monotonic(), made
            self._answers.move_to_end(key)
            while len(self._answers) > ANSWERS:
                self._answers.popitem(last=False)
        return made


async def _lent(request: Request) -> AsyncIterator[Ledger]:
    ledgers: Ledgers = request.app.state.ledgers
    async with ledgers.lent() as ledger:
        if request.method not in SAFE:
            yield ledger
            return
        looking = ledger.looking()
        await run_sync(looking.__enter__)
        try:
            yield ledger
        finally:
            await run_sync(looking.__exit__, None, None, None)


Open = Annotated[Ledger, Depends(_lent)]
"""A route's ledger, for this request alone; where the request only asks, in one state."""
