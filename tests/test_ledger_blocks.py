"""Blocks hold what a dictionary of lists would."""

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
            kept.put(lists)
            there |= {key: sorted(one) for key, one in lists.items()}
            kept.change([*lists, 7], lambda key, one: {key % 50, *one})
            there |= {key: sorted({key % 50, *there.get(key, ())}) for key in (*lists, 7)}
        asked = {*there, 0, 41, 2**32 - 1}
        assert kept.lists(asked) == {key: one for key, one in there.items() if one}
        kept.without(gone, *between)
        left = {key: [n for n in one if n not in gone or not between[0] <= key <= between[1]] for key, one in there.items()}
        assert kept.lists(asked) == {key: one for key, one in left.items() if one}
        rows = ledger._store.say("SELECT first FROM postings ORDER BY first")
        assert all(row.first in left for row in rows)
