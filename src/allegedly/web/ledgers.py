"""The ledger that a request asks: a few connections are kept open, and one request at a time has each.

A page is made of several look-ups. They see one state of the ledger, whatever is added meanwhile.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Request

from allegedly.errors import LedgerError
from allegedly.ledger import Ledger

SAFE = frozenset({"GET", "HEAD"})
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
