"""Lists of numbers under keys, many to a row: an inverted index at a third of the bytes of a row for every number.

A block holds the lists of neighbouring keys; its row is named by the least of them. For every number it has how much greater its key is
than the one before, and the number itself, in base 128 with the least digits first (as in Lucene's blocks of postings). A block that grows
beyond `LARGEST` numbers is cut in two. Blocks are read and written for many keys at once, within the transaction that is open.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Table, select, text

from allegedly.ledger.store import Store

LARGEST = 48
_FEW = LARGEST * 2 // 3
_LOW = 14  # bits of a number that are written apart: statements are numbered within readings


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
        asked = set(wanted)
        return {key: one for block in self._blocks(wanted).values() for key, one in block.items() if key in asked}

    def put(self, lists: Mapping[int, Sequence[int]]) -> None:
        """Put lists in the place of those that were under these keys; an empty one takes its key away."""
        wanted = sorted(lists)
        blocks = self._blocks(wanted)
        firsts = sorted(blocks)
        changed: dict[int, dict[int, Sequence[int]]] = {first: {**block} for first, block in blocks.items()}
        for key in wanted:
            at = bisect_right(firsts, key)
            changed.setdefault(firsts[at - 1] if at else -1, {})[key] = lists[key]
        self._write(changed)

    def without(self, gone: Iterable[int], least: int, most: int) -> None:
        """Take numbers out of all lists under keys from `least` to `most`."""
        numbers = set(gone)
        first = self._table.c.first
        start = self._store.one(select(first).where(first <= least).order_by(first.desc()).limit(1))
        changed: dict[int, dict[int, Sequence[int]]] = {}
        for row in self._store.rows(select(self._table).where(first.between(least if start is None else start, most))):
            lists = _lists(row.first, row.block)
            fewer = {key: [n for n in one if n not in numbers or not least <= key <= most] for key, one in lists.items()}
            if fewer != lists:
                changed[row.first] = {**fewer}
        self._write(changed)

    def _blocks(self, keys: Sequence[int]) -> dict[int, dict[int, list[int]]]:
        """The blocks that these keys are in, or would be."""
        rows = self._store.rows(self._near, {"listed": json.dumps(keys)})
        return {row.first: _lists(row.first, row.block) for row in rows}

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


def _lists(first: int, block: bytes) -> dict[int, list[int]]:
    parts, part, shift = [], 0, 0
    for byte in block:
        if byte > 127:
            part |= (byte & 127) << shift
            shift += 7
        else:
            parts.append(part | byte << shift)
            part = shift = 0
    out: dict[int, list[int]] = {}
    key = first
    for at in range(0, len(parts), 3):
        key += parts[at]
        out.setdefault(key, []).append(parts[at + 1] << _LOW | parts[at + 2])
    return out
