"""Lists of numbers under keys, many to a row: an inverted index at a quarter of the bytes of a row for every number.

A block holds the lists of neighbouring keys; its row is named by the least of them. For every number it has how much greater its key is
than the one before, and the number itself in two parts, each in as many bits as the largest such part in the block takes (as in Lucene's
blocks of postings). A block that grows beyond `LARGEST` numbers is cut in two. Blocks are read and written for many keys at once, within
the transaction that is open.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Table, select, text

from allegedly.ledger.store import Store

LARGEST = 48
_LOW = 14  # bits of a number that are written apart: statements are numbered within readings
_TOGETHER = 1_000  # blocks, or keys, that are gone through at once: all that is made of them is near at hand meanwhile
_WINDOW = 8  # bytes that a part lies in
Numbers = npt.NDArray[np.int64]
Lists = tuple[Numbers, Numbers]
"""Lists as keys, in ascending order, and the number beside each."""
_NONE = np.empty(0, np.int64)


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
        out: dict[int, list[int]] = {}
        for at in range(0, len(wanted), _TOGETHER):
            asked = wanted[at : at + _TOGETHER]
            _, found, numbers = _opened(self._blocks(asked), np.array(asked, np.int64))
            begins = np.flatnonzero(np.diff(found, prepend=-1))
            listed = numbers.tolist()
            ends = [*begins[1:].tolist(), len(listed)]
            out |= {key: listed[begin:end] for key, begin, end in zip(found[begins].tolist(), begins.tolist(), ends, strict=False)}
        return out

    def add(self, keys: Sequence[int], numbers: Sequence[int], *, most: int) -> None:
        """Put each number under the key beside it, where it may be already; under a key that has more, the `most` greatest stay."""
        given = np.array(keys, np.int64), np.array(numbers, np.int64)
        order = np.lexsort((given[1], given[0]))
        for at in range(0, len(order), _TOGETHER):
            new = _where(given, order[at : at + _TOGETHER])
            self._change(new[0], partial(_added, new, most=most))

    def count(self, keys: Sequence[int], more: Sequence[int]) -> None:
        """Add to the one number under each of these keys, which is 0 where there is none."""
        new = np.array(keys, np.int64), np.array(more, np.int64)
        self._change(new[0], lambda there: _sums(there, new))

    def take(self, keys: Iterable[int], number: int) -> None:
        """Take a number from under these keys."""
        asked = np.array(sorted(set(keys)), np.int64)
        self._change(asked, lambda there: _where(there, ~(np.isin(there[0], asked) & (there[1] == number))))

    def without(self, gone: Iterable[int], least: int, most: int) -> None:
        """Take numbers out of all lists under keys from `least` to `most`."""
        lost = np.array(sorted(set(gone)), np.int64)
        first = self._table.c.first
        start = self._store.one(select(first).where(first <= least).order_by(first.desc()).limit(1))
        rows = self._store.rows(select(self._table).where(first.between(least if start is None else start, most)).order_by(first))
        for at in range(0, len(rows), _TOGETHER):
            firsts, *there = _opened(rows[at : at + _TOGETHER])
            out = np.isin(there[1], lost) & (there[0] >= least) & (there[0] <= most)
            touched = np.isin(firsts, firsts[out])
            self._write(np.unique(firsts[touched]), _where((there[0], there[1]), touched & ~out))

    def _change(self, keys: Numbers, to: Callable[[Lists], Lists]) -> None:
        """Put in the place of the blocks that these keys are in, or would be, what `to` makes of their lists."""
        if keys.size:
            firsts, *there = _opened(self._blocks(np.unique(keys).tolist()))
            self._write(np.unique(firsts), to((there[0], there[1])))

    def _blocks(self, keys: Sequence[int]) -> Sequence[Any]:
        """The blocks that these keys are in, or would be, in their order."""
        return self._store.rows(self._near, {"listed": json.dumps(keys)})

    def _write(self, before: Numbers, lists: Lists) -> None:
        """Blocks in the place of those that began with `before`: none of them grows beyond that, and what begins earlier makes new ones."""
        keys, _ = lists
        cuts = list(_cuts(np.searchsorted(before, keys, side="right"), keys))
        rows = [{"first": first, "block": block} for first, block in zip(keys[cuts].tolist(), _packed(lists, cuts), strict=True)]
        gone = self._store.each_of(np.setdiff1d(before, keys[cuts]).tolist())
        self._store.run(self._table.delete().where(self._table.c.first.in_(select(gone.c.value))))
        self._store.run(self._put, rows)


_NEAR = """
    SELECT first, block FROM {table}
    WHERE first IN (SELECT (SELECT max(b.first) FROM {table} AS b WHERE b.first <= k.value) FROM {keys}) ORDER BY first"""
_KEYS_SQLITE = "json_each(:listed) AS k"
_KEYS_POSTGRESQL = "(SELECT CAST(value AS bigint) AS value FROM json_array_elements_text(CAST(:listed AS json)) AS e (value)) AS k"
_PUT = "INSERT INTO {table} (first, block) VALUES (:first, :block) ON CONFLICT (first) DO UPDATE SET block = excluded.block"


# --- lists -------------------------------------------------------------------------------------------------------------


def _added(new: Lists, there: Lists, *, most: int) -> Lists:
    return _latest(_together(there, new), most)


def _where(lists: Lists, mask: npt.NDArray[Any]) -> Lists:
    return lists[0][mask], lists[1][mask]


def _together(there: Lists, new: Lists) -> Lists:
    """Both, each number once under a key. As a rule new ones are greater than those that are there; else they are put in order."""
    keys = np.concatenate((there[0], new[0]))
    order = np.argsort(keys, kind="stable")  # two stretches that are in order already: this takes the time of going through them
    keys, numbers = keys[order], np.concatenate((there[1], new[1]))[order]
    if (wrong := keys[1:][(keys[1:] == keys[:-1]) & (numbers[1:] <= numbers[:-1])]).size:
        mixed = np.isin(keys, wrong)
        numbers[mixed] = numbers[mixed][np.lexsort((numbers[mixed], keys[mixed]))]
    again = np.zeros(len(keys), np.bool_)
    again[1:] = (keys[1:] == keys[:-1]) & (numbers[1:] == numbers[:-1])
    return keys[~again], numbers[~again]


def _latest(lists: Lists, most: int) -> Lists:
    """The last `most` under each key."""
    keys = lists[0]
    left = np.searchsorted(keys, keys, side="right") - np.arange(len(keys))
    return _where(lists, left <= most)


def _sums(there: Lists, new: Lists) -> Lists:
    """One number under each key: what all of them are together."""
    keys, places = np.unique(np.concatenate((there[0], new[0])), return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, places, np.concatenate((there[1], new[1])))
    return keys, sums


# --- bytes -------------------------------------------------------------------------------------------------------------


def _cuts(blocks: Numbers, keys: Numbers) -> Iterator[int]:
    """Where blocks begin: with those that are there, whose numbers `blocks` are, and within one that is too large, before some key."""
    if not keys.size:
        return
    begins = [*np.flatnonzero(np.diff(blocks, prepend=-1)).tolist(), len(keys)]
    lists = np.append(np.flatnonzero(np.diff(keys, prepend=-1)), len(keys))
    for begin, end in pairwise(begins):
        yield begin
        if end - begin > LARGEST:
            cut = begin
            for one, after in pairwise(lists[slice(*np.searchsorted(lists, (begin, end + 1)))].tolist()):
                if after - cut > LARGEST * 2 // 3 and one > cut:
                    yield one
                    cut = one


def _parts(lists: Lists, cuts: Sequence[int]) -> Numbers:
    """Of each number what is kept of it, a row: how much greater its key is than the one before in its block, and its high and low bits."""
    keys, numbers = lists
    more = np.diff(keys, prepend=0)
    more[list(cuts)] = 0
    return np.stack((more, numbers >> _LOW, numbers & (1 << _LOW) - 1), axis=1)


def _packed(lists: Lists, cuts: Sequence[int]) -> Iterator[bytes]:
    """The blocks that begin at these places: how many numbers there are (7 bits a byte, the least before the others), how many bits
    each part takes (6, 6 and 4 bits), and all parts of the numbers in turn.
    """
    if not lists[0].size:
        return
    parts, begins = _parts(lists, cuts), np.array(cuts)
    counts = np.diff(begins, append=len(parts))
    largest = np.maximum.reduceat(parts, begins, axis=0)
    widths = np.frexp(largest.astype(np.float64))[1].astype(np.int64)
    heads = [_head(count, width) for count, width in zip(counts.tolist(), widths.tolist(), strict=True)]
    sizes = np.array([len(head) for head in heads]) + (counts * widths.sum(axis=1) + 7) // 8
    ends = np.cumsum(sizes)
    starts = 8 * (ends - sizes + [len(head) for head in heads])  # bits
    width, at = _fields(counts, widths, starts)
    value, out = parts.ravel(), np.zeros(int(ends[-1]) + _WINDOW, np.uint8)
    window = value.astype(np.uint64) << (8 * _WINDOW - width - at % 8).astype(np.uint64)
    for place in range(int((at % 8 + width + 7).max()) // 8):
        byte = (window >> np.uint64(8 * (_WINDOW - 1 - place)) & np.uint64(255)).astype(np.float64)
        out += np.bincount(at // 8 + place, byte, len(out)).astype(np.uint8)  # no two parts have a bit in common
    data, bounds = out.tobytes(), [0, *ends.tolist()]
    yield from (head + data[start + len(head) : end] for head, (start, end) in zip(heads, pairwise(bounds), strict=True))


def _head(count: int, widths: Sequence[int]) -> bytes:
    out = bytearray()
    while count > 127:
        out.append(count & 127 | 128)
        count >>= 7
    more, high, low = widths
    return bytes((*out, count, more << 2 | high >> 4, (high & 15) << 4 | low))


def _fields(counts: Numbers, widths: Numbers, starts: Numbers) -> Lists:
    """Of all parts of all numbers of blocks, how many bits each takes, and with which bit it begins."""
    width = np.repeat(widths, counts, axis=0)
    at = _begun(counts, widths, starts)[:, None] + np.cumsum(width, axis=1) - width
    return width.ravel(), at.ravel()


def _begun(counts: Numbers, widths: Numbers, starts: Numbers) -> Numbers:
    """With which bit each number of blocks begins."""
    each = np.repeat(widths.sum(axis=1), counts)
    within: Numbers = np.arange(len(each)) - np.repeat(np.cumsum(counts) - counts, counts)
    begun: Numbers = np.repeat(starts, counts) + within * each
    return begun


def _opened(blocks: Sequence[Any], asked: Numbers | None = None) -> tuple[Numbers, Numbers, Numbers]:
    """Of all blocks the numbers, with the key that each is under, and the key that its block begins with; where keys are asked for, in
    ascending order, of those alone.
    """
    now = [row for row in blocks if row.block[0]]
    found = [_unpacked(now, asked)] if now else []
    if old := [row for row in blocks if not row.block[0]]:
        found.append(_unpacked_before(old, asked))
    if not found:
        return _NONE, _NONE, _NONE
    if len(found) == 1:
        return found[0]
    firsts, keys, numbers = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(firsts, kind="stable")
    return firsts[order], keys[order], numbers[order]


def _keyed(blocks: Sequence[Any], counts: Numbers, more: Numbers) -> Lists:
    """The key that each number's block begins with, and its own, from how much greater each is than the one before."""
    firsts = np.array([row.first for row in blocks], np.int64)
    total = np.cumsum(more)
    begins = np.cumsum(counts) - counts
    return np.repeat(firsts, counts), total + np.repeat(firsts - total[begins], counts)


def _asked(keys: Numbers, asked: Numbers) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = asked[np.minimum(np.searchsorted(asked, keys), len(asked) - 1)] == keys
    return found


def _unpacked(blocks: Sequence[Any], asked: Numbers | None) -> tuple[Numbers, Numbers, Numbers]:
    """See `_opened`. Numbers are read where their keys are asked for: most of a block is of others."""
    sizes = np.array([len(row.block) for row in blocks], np.int64)
    data = np.frombuffer(b"".join([row.block for row in blocks]) + bytes(_WINDOW), np.uint8)
    counts, widths, starts = _headed(data, np.cumsum(sizes) - sizes)
    at = _begun(counts, widths, starts)
    width = np.repeat(widths, counts, axis=0)
    firsts, keys = _keyed(blocks, counts, _read(data, at, width[:, 0]))
    if asked is not None:
        mine = np.flatnonzero(_asked(keys, asked))
        firsts, keys, at, width = firsts[mine], keys[mine], at[mine], width[mine]
    low = width[:, 2]
    both = _read(data, at + width[:, 0], width[:, 1] + low)
    return firsts, keys, both >> low << _LOW | both & (1 << low) - 1


def _read(data: npt.NDArray[np.uint8], at: Numbers, width: Numbers) -> Numbers:
    """Parts that begin with these bits, and take so many: 57 at most."""
    windows = np.ndarray((len(data) - _WINDOW + 1,), ">u8", data, 0, (1,))[at // 8].astype(np.uint64)
    shift = np.minimum(8 * _WINDOW - width, 63).astype(np.uint64)
    return np.where(width, (windows << (at % 8).astype(np.uint64)) >> shift, np.uint64(0)).astype(np.int64)


def _headed(data: npt.NDArray[np.uint8], starts: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """How many numbers there are in the blocks that start at these bytes, how many bits each part takes, and with which bit these begin."""
    counts, at, further = np.zeros_like(starts), starts.copy(), np.ones(len(starts), np.bool_)
    for place in range(5):
        if not further.any():
            break
        counts[further] |= (data[at[further]] & 127).astype(np.int64) << 7 * place
        further[further] = data[at[further]] > 127
        at += further
    one, two = data[at + 1].astype(np.int64), data[at + 2].astype(np.int64)
    return counts, np.stack((one >> 2, (one & 3) << 4 | two >> 4, two & 15), axis=1), 8 * (at + 3)


def _unpacked_before(blocks: Sequence[Any], asked: Numbers | None) -> tuple[Numbers, Numbers, Numbers]:
    """The same of blocks as they were before: all parts in base 128 with the least digits first, of which the first is 0."""
    data = np.frombuffer(b"".join([row.block for row in blocks]), np.uint8)
    ends = np.flatnonzero(data < 128)
    starts = np.concatenate(([0], ends[:-1] + 1))
    places = np.arange(data.size) - np.repeat(starts, ends - starts + 1)
    parts = np.add.reduceat((data & 127).astype(np.int64) << 7 * places, starts).reshape(-1, 3)
    begun = np.cumsum([0, *(len(row.block) for row in blocks)])[:-1]
    counts = np.diff(np.searchsorted(ends, begun) // 3, append=len(parts))
    firsts, keys = _keyed(blocks, counts, parts[:, 0])
    mine = slice(None) if asked is None else _asked(keys, asked)
    return firsts[mine], keys[mine], (parts[:, 1] << _LOW | parts[:, 2])[mine]
