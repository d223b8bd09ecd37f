"""Lists of numbers under keys, many to a row: an inverted index at a third of the bytes of a row for every number.

A block holds the lists of neighbouring keys; its row is named by the least of them. For every number it has how much greater its key is
than the one before, and the number itself, in base 128 with the least digits first (as in Lucene's blocks of postings). A block that grows
beyond `LARGEST` numbers is cut in two. Blocks are read and written for many keys at once, within the transaction that is open.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Table, select, text

from allegedly.ledger.store import Store

LARGEST = 48
_FEW = LARGEST * 2 // 3
_LOW = 14  # bits of a number that are written apart: statements are numbered within readings
_TOGETHER = 5_000  # blocks that are gone through at once
Numbers = npt.NDArray[np.int64]


class Blocks:
    """The lists of one table, which has columns `first` and `block`. Keys and numbers are not negative."""

    def __init__(self, store: Store, table: Table) -> None:
        self._store = store
        self._table = table
        keys = _KEYS_SQLITE if store.sqlite else _KEYS_POSTGRESQL
        self._near = text(_NEAR.format(table=table.name, keys=keys))
        self._put = text(_PUT.format(table=table.name))

    def lists(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """The numbers under each of these keys that has any, in their order."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        _, found, numbers = _opened(self._blocks(wanted))
        asked = np.array(wanted, np.int64)
        mine = asked[np.minimum(np.searchsorted(asked, found), len(asked) - 1)] == found
        out: dict[int, list[int]] = {}
        for key, number in zip(found[mine].tolist(), numbers[mine].tolist(), strict=True):
            out.setdefault(key, []).append(number)
        return out

    def put(self, lists: Mapping[int, Sequence[int]]) -> None:
        """Put lists in the place of those that were under these keys; an empty one takes its key away."""
        self.change(lists, lambda key, _: lists[key])

    def change(self, keys: Iterable[int], to: Callable[[int, Sequence[int]], Sequence[int]]) -> None:
        """Put in the place of what is under each of these keys what `to` makes of the key and that; an empty list takes its key away."""
        wanted = sorted(set(keys))
        blocks: dict[int, dict[int, Sequence[int]]] = _lists(*_opened(self._blocks(wanted)))
        firsts = sorted(blocks)
        for key in wanted:
            at = bisect_right(firsts, key)
            block = blocks.setdefault(firsts[at - 1] if at else -1, {})
            block[key] = to(key, block.get(key, ()))
        self._write(blocks)

    def without(self, gone: Iterable[int], least: int, most: int) -> None:
        """Take numbers out of all lists under keys from `least` to `most`."""
        numbers = set(gone)
        first = self._table.c.first
        start = self._store.one(select(first).where(first <= least).order_by(first.desc()).limit(1))
        rows = self._store.rows(select(self._table).where(first.between(least if start is None else start, most)))
        for at in range(0, len(rows), _TOGETHER):
            firsts, keys, found = _opened(rows[at : at + _TOGETHER])
            lost = np.isin(found, np.array(sorted(numbers), np.int64)) & (keys >= least) & (keys <= most)
            touched = np.isin(firsts, firsts[lost])
            blocks = {key: dict[int, Sequence[int]]() for key in firsts[lost].tolist()}
            left = touched & ~lost
            self._write(blocks | _lists(firsts[left], keys[left], found[left]))

    def _blocks(self, keys: Sequence[int]) -> Sequence[Any]:
        """The blocks that these keys are in, or would be."""
        return self._store.rows(self._near, {"listed": json.dumps(keys)})

    def _write(self, changed: Mapping[int, Mapping[int, Sequence[int]]]) -> None:
        """Blocks in the place of those that begin with the same keys; where none began (-1), new ones."""
        rows: dict[int, bytes] = {}
        for lists in changed.values():
            rows.update(_cut(sorted((key, sorted(one)) for key, one in lists.items() if one)))
        first = self._table.c.first
        gone = self._store.each_of(changed.keys() - rows.keys())
        self._store.run(self._table.delete().where(first.in_(select(gone.c.value))))
        self._store.run(self._put, [{"first": one, "block": rows[one]} for one in sorted(rows)])


_NEAR = """
    SELECT first, block FROM {table}
    WHERE first IN (SELECT (SELECT max(b.first) FROM {table} AS b WHERE b.first <= k.value) FROM {keys}) ORDER BY first"""
_KEYS_SQLITE = "json_each(:listed) AS k"
_KEYS_POSTGRESQL = "(SELECT CAST(value AS bigint) AS value FROM json_array_elements_text(CAST(:listed AS json)) AS e (value)) AS k"
_PUT = "INSERT INTO {table} (first, block) VALUES (:first, :block) ON CONFLICT (first) DO UPDATE SET block = excluded.block"


def _cut(lists: Sequence[tuple[int, Sequence[int]]]) -> Iterator[tuple[int, bytes]]:
    """Lists as blocks, each with the key that it begins with."""
    size = sum(len(one) for _, one in lists)
    most = LARGEST if size <= LARGEST else _FEW
    held, count = list[tuple[int, Sequence[int]]](), 0
    for key, one in lists:
        if held and count + len(one) > most:
            yield held[0][0], _block(held)
            held, count = [], 0
        held.append((key, one))
        count += len(one)
    if held:
        yield held[0][0], _block(held)


def _block(lists: Sequence[tuple[int, Sequence[int]]]) -> bytes:
    out, before = bytearray(), lists[0][0]
    for key, one in lists:
        for number in one:
            for part in (key - before, number >> _LOW, number & (1 << _LOW) - 1):
                while part > 127:
                    out.append(part & 127 | 128)
                    part >>= 7
                out.append(part)
            before = key
    return bytes(out)


def _opened(blocks: Sequence[Any]) -> tuple[Numbers, Numbers, Numbers]:
    """Of all blocks the numbers, with the key that each is under, and the key that its block begins with."""
    data = np.frombuffer(b"".join([row.block for row in blocks]), np.uint8)
    if not data.size:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    ends = np.flatnonzero(data < 128)
    starts = np.concatenate(([0], ends[:-1] + 1))
    places = np.arange(data.size) - np.repeat(starts, ends - starts + 1)
    more, high, low = np.add.reduceat((data & 127).astype(np.int64) << 7 * places, starts).reshape(-1, 3).T
    begun = np.cumsum([0, *(len(row.block) for row in blocks)])[:-1]
    numbers = np.searchsorted(ends, begun) // 3  # where each block's begin
    total, firsts = np.cumsum(more), np.array([row.first for row in blocks], np.int64)
    sizes = np.diff(numbers, append=len(total))
    return np.repeat(firsts, sizes), total + np.repeat(firsts - total[numbers], sizes), high << _LOW | low


def _lists(firsts: Numbers, keys: Numbers, numbers: Numbers) -> dict[int, dict[int, Sequence[int]]]:
    """By block and by key."""
    out: dict[int, dict[int, list[int]]] = {}
    for first, key, number in zip(firsts.tolist(), keys.tolist(), numbers.tolist(), strict=True):
        out.setdefault(first, {}).setdefault(key, []).append(number)
    return {first: {**lists} for first, lists in out.items()}
