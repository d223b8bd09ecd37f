"""Groups as they are changed in one transaction, and comparing some articles together or one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from allegedly.compare.matters import Member
from allegedly.compared import Verdict
from allegedly.inquiry import stores
from allegedly.inquiry.stores import Partition


class Groups:
    """A partition that is kept: what `ledger.Groups` does, in a dictionary."""

    def __init__(self) -> None:
        self.group: dict[int, int] = {}
        self.known: dict[int, Mapping[str, Any]] = {}
        self.last = 0

    def of(self, items: Iterable[int]) -> dict[int, int]:
        return {item: self.group[item] for item in items if item in self.group}

    def members(self, groups: Iterable[int]) -> dict[int, tuple[int, ...]]:
        return {g: found for g in groups if (found := tuple(sorted(item for item, group in self.group.items() if group == g)))}

    def latest(self, group: int, most: int) -> list[int]:
        return sorted((item for item, of in self.group.items() if of == group), reverse=True)[:most]

    def reserve(self, count: int) -> int:
        self.last += count
        return self.last - count + 1

    def put(self, known: Mapping[int, Mapping[str, Any]]) -> None:
        assert not known.keys() & self.known.keys()
        self.known |= known

    def place(self, groups: Mapping[int, int]) -> None:
        assert set(groups.values()) <= self.known.keys()
        self.group |= groups


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "join", "look", "write", "anew"]), st.integers(0, 6), st.sets(st.integers(1, 9))), max_size=30
)


@settings(deadline=None)
@given(STEPS)
def test_a_partition_is_what_was_put_together(steps: list[tuple[str, int, set[int]]]) -> None:
    kept = Groups()
    parts: Any = Partition(kept)  # type: ignore[arg-type]
    plain: dict[int, int] = {}
    groups = 0
    for what, group, items in steps:
        if what == "start":
            groups += 1
            assert parts.start(items) == groups
            plain |= dict.fromkeys(items, groups)
        elif what == "join" and 0 < group <= groups:
            parts.join(group, items)
            plain |= dict.fromkeys(items, group)
        elif what == "look":
            assert parts.of(items) == {item: plain[item] for item in items if item in plain}
            those = sorted(item for item, of in plain.items() if of == group)
            if len(items) % 2:
                assert parts.latest(group, len(items)) == those[-len(items) :]
            else:
                assert parts.members(group) == those
        elif what in ("write", "anew"):
            parts.write()
            parts = Partition(kept) if what == "anew" else parts  # type: ignore[arg-type]
    parts.write()
    assert (kept.group, len(kept.known)) == (plain, groups)


WORDS = st.lists(st.text(max_size=6), max_size=3)


@example(["[osk"], [], [])
@example([], [], ["["])
@given(WORDS, st.lists(st.tuples(st.text("ab :", min_size=1), st.integers(1, 99)), max_size=3), WORDS)
def test_notes_of_identities_come_back(forms: list[str], described: list[tuple[str, int]], outlets: list[str]) -> None:
    given_ones = ([one for one in forms if one], described, [one for one in outlets if one])
    assert stores._known(stores._identity_note(*given_ones)) == given_ones


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.booleans(), st.sampled_from([1.0, 0.25]), WORDS)
def test_notes_of_members_come_back(matter: int, item: int, against: int, plain: bool, score: float, words: list[str]) -> None:
    side: Any = "same" if plain else "denies"
    rule = ("first" if matter == item else "aligned") if plain else "opposites"
    member = Member(matter, item, side, Verdict(side, score, rule, tuple(words)), against, plain)
    assert stores._member(item, stores._unpacked(stores._packed(stores._plain(member)))) == member
    before = [matter, side, side, score, rule, words, against, plain]
    assert stores._member(item, before) == member


def test_notes_of_identities_as_they_were_before() -> None:
    assert stores._known(b'[["osk"],["sector:GOV",["country:NRL",2]]]') == (["osk"], [("sector:GOV", 1), ("country:NRL", 2)], [])
