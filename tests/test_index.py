"""An index held in memory over another answers as one in memory does, however its lists are read ahead and written."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compare.index import HeldIndex, MemoryIndex
from allegedly.compared import nearest


class Kept:
    """An index that is read and written many keys at a time; it counts how often it is read."""

    def __init__(self) -> None:
        self.under: dict[tuple[str, int], set[int]] = {}
        self.read = 0

    def lists(self, kind: str, keys: Iterable[int]) -> dict[int, list[int]]:
        self.read += 1
        return {key: sorted(self.under[kind, key]) for key in keys if (kind, key) in self.under}

    def put_all(self, kind: str, postings: Iterable[tuple[int, int]]) -> None:
        for key, item in postings:
            self.under.setdefault((kind, key), set()).add(item)


KEYS = st.sets(st.integers(0, 8), max_size=5)
STEPS = st.lists(st.tuples(st.sampled_from(["put", "near", "warm", "write", "anew"]), st.integers(1, 12), KEYS), max_size=40)


@settings(deadline=None)
@given(STEPS)
def test_it_answers_as_one_in_memory_does(steps: list[tuple[str, int, set[int]]]) -> None:
    kept, memory = Kept(), MemoryIndex()
    held = HeldIndex(kept)
    for what, item, keys in steps:
        if what == "put":
            held.put("claim", item, keys)
            memory.put("claim", item, keys)
        elif what == "near":
            assert held.near("claim", keys) == memory.near("claim", keys)
            assert held.near("claim", keys, least=2, most=3) == memory.near("claim", keys, least=2, most=3)
            assert held.near("story", keys) == []
        elif what == "warm":
            held.warm("claim", keys)
        else:
            held.write()
            held = HeldIndex(kept) if what == "anew" else held
    held.write()
    assert {(kind, k): set(v) for kind, under in memory.under.items() for k, v in under.items() if v} == kept.under


def test_lists_are_read_once_and_what_is_there_is_not_written_again() -> None:
    kept = Kept()
    kept.put_all("claim", [(1, 7), (2, 7)])
    held = HeldIndex(kept)
    held.warm("claim", range(100))
    for key in range(100):
        held.near("claim", [key])
    assert kept.read == 1
    held.put("claim", 7, [1, 2, 3])
    assert held._new == {"claim": {(3, 7): None}}


def test_a_crowded_list_counts_only_for_what_is_in_another() -> None:
    lists = [range(10), [3, 20], [20]]
    assert nearest(lists, crowded=9) == [(3, 2), (20, 2)]
    assert nearest(lists, crowded=10, least=2) == [(3, 2), (20, 2)]
    assert nearest(lists, most=1) == [(3, 2)]
    assert nearest([range(10)], crowded=9) == []
    assert nearest([[1, 2, 3], [2, 4]], most=3, latest=True) == [(2, 2), (4, 1), (3, 1)]
