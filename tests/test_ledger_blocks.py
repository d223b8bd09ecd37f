"""Blocks hold what a dictionary of lists would."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.ledger import Ledger, blocks
from allegedly.ledger import tables as t
from allegedly.ledger.blocks import Blocks

KEYS = st.one_of(st.integers(0, 40), st.integers(0, 2**32 - 1))
LISTS = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**50)), max_size=6, unique=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(KEYS, LISTS, max_size=30), max_size=4), st.sets(st.integers(0, 5)), st.tuples(KEYS, KEYS).map(sorted))
def test_blocks_are_lists_under_keys(
    empty_ledger: str, monkeypatch: pytest.MonkeyPatch, puts: list[dict[int, list[int]]], gone: set[int], between: list[int]
) -> None:
    monkeypatch.setattr(blocks, "LARGEST", 6)
    with Ledger.open(empty_ledger) as ledger:
        ledger._store.run(t.postings.delete())
        kept, there = Blocks(ledger._store, t.postings), dict[int, list[int]]()
        for lists in puts:
            pairs = [(key, one) for key, listed in lists.items() for one in listed]
            kept.add([key for key, _ in pairs], [one for _, one in pairs], most=7)
            there |= {key: sorted({*there.get(key, ()), *one})[-7:] for key, one in lists.items()}
            kept.take([*lists, 7], 3)
            there |= {key: [one for one in there[key] if one != 3] for key in lists}
        asked = {*there, 0, 41, 2**32 - 1}
        assert kept.lists(asked) == {key: one for key, one in there.items() if one}
        kept.without(gone, *between)
        left = {key: [n for n in one if n not in gone or not between[0] <= key <= between[1]] for key, one in there.items()}
        assert kept.lists(asked) == {key: one for key, one in left.items() if one}
        rows = ledger._store.say("SELECT first FROM postings ORDER BY first")
        assert all(row.first in left for row in rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(KEYS, st.integers(1, 2**30)), max_size=30), max_size=4))
def test_blocks_count(empty_ledger: str, monkeypatch: pytest.MonkeyPatch, counts: list[list[tuple[int, int]]]) -> None:
    monkeypatch.setattr(blocks, "LARGEST", 6)
    with Ledger.open(empty_ledger) as ledger:
        ledger._store.run(t.counts.delete())
        kept, there = Blocks(ledger._store, t.counts), Counter[int]()
        for one in counts:
            kept.count([key for key, _ in one], [more for _, more in one])
            for key, more in one:
                there[key] += more
        assert kept.lists([*there, 7]) == {key: [count] for key, count in there.items()}


def before(lists: dict[int, list[int]]) -> bytes:
    """A block as it was written before: parts in base 128."""
    out, last = bytearray(), min(lists)
    for key, listed in sorted(lists.items()):
        for number in listed:
            for part in (key - last, number >> 14, number & (1 << 14) - 1):
                while part > 127:
                    out.append(part & 127 | 128)
                    part >>= 7
                out.append(part)
            last = key
    return bytes(out)


@pytest.mark.parametrize("many", [0, 1])
def test_blocks_that_were_written_before_are_read(empty_ledger: str, many: int) -> None:
    lists = [{5: [1, 2**40 + 7], 900: [3]}, {2**20: [16_383, 16_384], 2**31: [2**30]}]
    with Ledger.open(empty_ledger) as ledger:
        ledger._store.run(t.postings.insert(), [{"first": min(one), "block": before(one)} for one in lists])
        kept = Blocks(ledger._store, t.postings)
        kept.add([2**20, 7] * many, [99, 8] * many, most=5)
        there = lists[0] | lists[1] | ({2**20: [99, 16_383, 16_384], 7: [8]} if many else {})
        assert kept.lists([*there, 6]) == there
