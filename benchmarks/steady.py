"""Processor time on a machine that does other things meanwhile: a second of it is worth more or less from moment to moment.

Two threads on one core, or another tenant's work, make the same Python code take up to twice its time, for a tenth of a second or a
minute. What is timed here is set against work that is always the same, done in small pieces all along: time is counted in such pieces.
"""

import json
import re
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from allegedly.compared import key

PARTS = 20
EVERY = 0.05
"""Seconds of processor time between two pieces of the same work."""
_SYLLABLES = [onset + vowel for onset in ("b", "d", "g", "kl", "m", "st", "v") for vowel in ("a", "e", "i", "ou")]
_WORD = re.compile(r"[^\W_]+")


def piece(part: int = 0) -> float:
    """Seconds of processor time for a piece of work, of the kinds that adding and comparing consist of."""
    clock = time.thread_time()
    words = [_SYLLABLES[n % 28] + _SYLLABLES[n * 5 // 28 % 28] + _SYLLABLES[n * 3 % 28] for n in range(part, part + 600)]
    counted: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(pairwise(words)):
        counted.setdefault(pair, []).append(key(*pair) % (at + 1))
    known = json.loads(json.dumps([[*pair, *found] for pair, found in sorted(counted.items())]))
    sorted((len(_WORD.findall(" ".join(map(str, one)))), one[0]) for one in known)
    return time.thread_time() - clock


def same_work() -> float:
    """Seconds of processor time for `PARTS` pieces."""
    return sum(map(piece, range(PARTS)))


class Steady:
    """Does work in the main thread, and measures what that thread takes: `work` in pieces of the same work, each slice of it in those
    done just before and after; `least`, the fewest seconds that a piece took so far.
    """

    def __init__(self) -> None:
        self.work = 0.0
        self.least = float("inf")
        self._at = self._last = 0.0

    def run(self, call: Callable[[], Any]) -> float:
        """What a call takes, in pieces."""
        self.work, self._last = 0.0, piece()
        before = signal.signal(signal.SIGPROF, lambda *_: self._slice())
        self._at = time.thread_time()
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        try:
            call()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
        self._slice()
        return self.work

    def _slice(self) -> None:
        taken = time.thread_time() - self._at
        now = piece()
        self.work += taken / ((self._last + now) / 2)
        self.least, self._last = min(self.least, now), now
        self._at = time.thread_time()
