"""Matters: who asserts, who denies, who only reports, over invented claims and a decision that is plain to see."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compare.happenings import Appearance, about_one, bonds, comparable, opposable
from allegedly.compare.index import MemoryIndex
from allegedly.compare.matters import CROWDED, REPRESENTATIVES, Decided, Matters, MemoryMatters, matter
from allegedly.compare.tracing import trace
from allegedly.compared import Argument, Claim, Party, Verdict, key
from allegedly.records import Polarity, Status

HALVIK, LENN, FRONT = (
    Party("Maren Halvik", "person", 1),
    Party("Davor Lenn", "person", 2),
    Party("Eastern Assembly Front", "organization", 3),
)


def claim(item: int, words: str, *, article: str | None = None, actor: Party = FRONT, negated: bool = False, **more: object) -> Claim:
    polarity: Polarity = "negated" if negated else "affirmed"
    plain = Claim(
        item, article or f"a{item}", "s1", "not " * negated + words, words.split()[0], "ASSAULT", (actor,), (), "", tuple(words.split()),
        polarity, "actual", "author", "says", "none", negative=negated,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def decide(a: Claim, b: Claim) -> Verdict:
    """Words are what is said: at least two thirds in common is the same proposition."""
    x, y = set(a.content), set(b.content)
    near = len(x & y) / len(x | y)
    if near < 2 / 3:
        return Verdict("different", 1 - near, "words")
    return Verdict("same" if a.polarity == b.polarity else "denies", near, "words", (f"{a.item}/{b.item}",))


def keys(c: Claim) -> tuple[list[int], list[int]]:
    every = [key("word", w) for w in c.content]
    return every, every


class Ledger:
    def __init__(self, *where: Appearance, decided: Decided | None = None) -> None:
        self.store = MemoryMatters(where)
        self.matters = Matters(MemoryIndex(), self.store, keys=keys, decide=decide, decided=decided)

    def add(self, *claims: Claim) -> None:
        for one in claims:
            self.matters.add([one])

    def together(self) -> list[set[int]]:
        return [set(m) for m in self.store.in_matter.values()]


SEIZED = "seized Osk bridge night"


def test_a_claim_that_meets_no_other_is_in_no_matter() -> None:
    ledger = Ledger()
    ledger.add(claim(1, SEIZED), claim(2, "burnt Tolmere harbour"))
    assert ledger.together() == []
    assert matter(1, ledger.store) is None


def test_who_asserts_denies_and_reports() -> None:
    outlets = ("Herald", "Courier", "Post", "Wire")
    where = [Appearance(f"a{n}", outlet, f"2031-05-0{5 - n}") for n, outlet in enumerate(outlets, 1)]
    ledger = Ledger(*where)
    source = {"voice": "Davor Lenn", "sourcing": "named"}
    ledger.add(
        claim(1, SEIZED),
        claim(2, SEIZED, negated=True),
        claim(3, SEIZED, **source),
        claim(4, SEIZED, negated=True, force="denies", **source),
    )
    found = matter(1, ledger.store)
    assert found is not None
    assert [(r.item, r.stand, r.voice) for r in found.rows] == [
        (4, "reports_denial", "Davor Lenn"),
        (3, "reports", "Davor Lenn"),
        (2, "denies", "author"),
        (1, "asserts", "author"),
    ]
    assert found.disputed
    assert found.earliest is not None
    assert (found.earliest.outlet, found.earliest.published) == ("Wire", "2031-05-01")
    assert {s: t.articles for s, t in found.tallies.items()} == {"asserts": 1, "denies": 1, "reports": 1, "reports_denial": 1}
    assert found.rows[2].verdict.evidence == ("2/1",)
    assert all(r.polarity and r.status for r in found.rows)


def test_ten_copies_are_one_origin() -> None:
    where = [Appearance(f"a{n}", f"Outlet {n}", f"2031-05-{n:02}", origin=5 if n > 1 else None) for n in range(1, 12)]
    ledger = Ledger(*where)
    ledger.add(*(claim(n, SEIZED) for n in range(1, 12)))
    found = matter(1, ledger.store)
    assert found is not None
    assert (found.articles, found.origins) == (11, 2)
    assert (found.tallies["asserts"].articles, found.tallies["asserts"].origins, found.tallies["asserts"].outlets) == (11, 2, 11)
    assert [r.copy for r in found.rows] == [False, False] + [True] * 9
    assert sum(s.origins for s in found.spread) == 11


def test_the_spread_is_by_outlet_and_undated_articles_come_last() -> None:
    ledger = Ledger(Appearance("a1", "Herald"), Appearance("a2", "Courier", "2031-05-02"), Appearance("a3", "Courier", "2031-05-09"))
    ledger.add(*(claim(n, SEIZED) for n in (1, 2, 3)))
    found = matter(1, ledger.store)
    assert found is not None
    assert [(s.outlet, s.articles, s.earliest, s.latest) for s in found.spread] == [
        ("Courier", 2, "2031-05-02", "2031-05-09"),
        ("Herald", 1, None, None),
    ]
    assert [r.article for r in found.rows] == ["a2", "a3", "a1"]


@pytest.mark.parametrize(
    ("one", "other", "same"), [("actual", "planned", False), ("possible", "conditional", True), ("planned", "planned", True)]
)
def test_planned_and_actual_do_not_agree(one: Status, other: Status, same: bool) -> None:
    ledger = Ledger()
    ledger.add(claim(1, SEIZED, status=one), claim(2, SEIZED, status=other))
    assert (ledger.together() == [{1, 2}]) is same


def test_what_is_unlike_is_not_chained_together() -> None:
    ledger = Ledger()
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    ledger.add(*(claim(n + 1, " ".join(words[n : n + 5])) for n in range(8)))
    for together in ledger.together():
        assert max(together) - min(together) <= 2


def test_what_denies_a_denial_does_not_confirm() -> None:
    ledger = Ledger()
    ledger.add(claim(1, SEIZED), claim(2, SEIZED + " completely", negated=True), claim(3, "seized night completely bridge hours"))
    assert all(m.side == "same" or m.item == 2 for m in ledger.store.member_of.values())


def test_representatives_are_bounded_and_found_by_later_claims() -> None:
    ledger = Ledger()
    ledger.add(*(claim(n, f"{SEIZED} by{n}") for n in range(1, 40)))
    assert ledger.together() == [set(range(1, 40))]
    assert sum(m.representative for m in ledger.store.member_of.values()) == REPRESENTATIVES


def test_other_people_other_days_and_questions_are_other_matters() -> None:
    one, where = claim(1, SEIZED, actor=HALVIK), {}
    assert about_one(one, claim(2, SEIZED, actor=HALVIK), where)
    assert not about_one(one, claim(2, SEIZED, actor=LENN), where)
    may, june = {"start": "2031-05-02", "end": "2031-05-02"}, {"start": "2031-06-02", "end": "2031-06-30"}
    assert not about_one(replace(one, **may), claim(2, SEIZED, actor=HALVIK, **june), where)  # type: ignore[arg-type]
    assert about_one(replace(one, **may), claim(2, SEIZED, actor=HALVIK), where)  # type: ignore[arg-type]
    assert not comparable(replace(one, status="question"))
    assert not comparable(replace(one, act=None, actors=(Party("a man", "person"),), arguments=(Argument("actor", "man"),) * 2))
    two = (Argument("actor", "maren halvik"), Argument("core", "bridge"))
    assert comparable(replace(one, act=None, arguments=two))
    assert not comparable(replace(one, act=None, arguments=two[:1]))


def test_claims_with_people_are_looked_up_by_these_and_found_by_who_else_is_named() -> None:
    def meet(asked: Claim, found: Claim) -> bool:
        return not set(bonds(asked, ())[0]).isdisjoint(bonds(found, ())[1])

    halvik, lenn, front = (claim(n, SEIZED, actor=actor) for n, actor in enumerate((HALVIK, LENN, FRONT), 1))
    with_front, lenn_with_front = replace(halvik, recipients=(FRONT,)), replace(lenn, recipients=(FRONT,))
    assert meet(halvik, with_front)
    assert meet(with_front, halvik)
    assert meet(with_front, front)
    assert meet(front, with_front)
    assert not meet(with_front, lenn_with_front)


@pytest.mark.parametrize("telling", [True, False])
def test_what_is_told_of_very_many_is_found_by_what_else_it_says(telling: bool) -> None:
    def both(c: Claim) -> tuple[list[int], list[int]]:
        found = [1, 2] if telling and c.words == SEIZED else [1]
        return found, found

    store = MemoryMatters()
    matters = Matters(MemoryIndex(), store, keys=both, decide=decide)
    for n in range(1, CROWDED + 2):
        matters.add([claim(n, f"seized no{n} of{n} many{n}")])
    matters.add([claim(100, SEIZED)])
    assert bool(matters.standing(claim(0, SEIZED))) is telling


def test_who_is_not_named_needs_the_same_place_or_people_and_days() -> None:
    police = Party("police", "group")

    def met(*others: Claim, published: str = "2031-05-03", place: str | None = None) -> bool:
        ledger = Ledger(Appearance("a1", None, "2031-05-01"), Appearance("a2", None, published))
        for article in ("a1", "a2"):
            said = [replace(o, article=article, item=o.item + 50 * (article == "a2")) for o in others if article in o.article]
            ledger.matters.add([claim(1 + (article == "a2"), SEIZED, actor=police, article=article, place=place), *said])
        return {1, 2} in ledger.together()

    about_halvik = claim(10, "spoke long", actor=HALVIK, article="a1 a2")
    assert met(about_halvik)
    assert not met(about_halvik, published="2031-09-03")
    assert not met(claim(10, "spoke long", actor=HALVIK, article="a1"), claim(11, "spoke long", actor=LENN, article="a2"))
    assert met(place="Tolmere")
    assert not met()


def test_names_in_the_words_of_a_claim_bind_it_too() -> None:
    police = Party("police", "group")
    ledger = Ledger()
    said = {"actor": police, "content": ("seize", "depot", "tamar", "night")}
    ledger.add(claim(1, "Police seized the depot at Tamar.", **said), claim(2, "The depot at Tamar, police said, was seized.", **said))  # type: ignore[arg-type]
    ledger.add(claim(3, "Police seized the depot at night.", **said), claim(4, "Seized was the depot at night.", **said))  # type: ignore[arg-type]
    assert ledger.together() == [{1, 2}]


def test_what_a_user_decided_wins() -> None:
    ledger = Ledger(decided=Decided(items={2: None, 3: 1}))
    ledger.add(claim(1, SEIZED), claim(2, SEIZED), claim(3, "wholly other words"), claim(4, SEIZED))
    assert {3, 4} <= ledger.store.in_matter[1].keys()
    assert 2 not in ledger.store.in_matter[1]
    assert ledger.store.member_of[3].verdict.rule == "user"
    found = matter(1, ledger.store, rejected=[4])
    assert found is not None
    assert [r.item for r in found.rows] == [1, 3]


def test_merged_matters_are_one_from_then_on() -> None:
    ledger = Ledger(decided=Decided(merged={1: 9, 9: 1, 5: 1}))
    assert ledger.matters.decided.matter(5) in (1, 9)
    ledger = Ledger(decided=Decided(merged={1: 7}))
    ledger.add(claim(1, SEIZED), claim(7, "took Osk crossing dusk"), claim(8, SEIZED))
    assert ledger.store.member_of[8].matter == 7


def test_a_pasted_claim_is_traced_and_not_kept() -> None:
    ledger = Ledger()
    ledger.add(claim(1, SEIZED), claim(2, SEIZED), claim(3, "burnt Tolmere harbour"))
    pasted = [claim(0, SEIZED, article="pasted", negated=True), claim(-1, "burnt Tolmere harbour", article="pasted")]
    found = trace(pasted, ledger.matters)
    assert [(t.side, t.matter.number, t.matter.articles) for t in found] == [("denies", 1, 2), ("same", 3, 1)]
    assert not ledger.store.claims([0, -1])
    assert trace([claim(0, "nothing of this kind", article="pasted")], ledger.matters) == ()


def test_adding_again_changes_nothing() -> None:
    ledger = Ledger()
    claims = [claim(1, SEIZED), claim(2, SEIZED), claim(3, SEIZED, negated=True)]
    ledger.add(*claims)
    before = dict(ledger.store.member_of)
    ledger.add(*claims)
    assert {i: (m.matter, m.side) for i, m in ledger.store.member_of.items()} == {i: (m.matter, m.side) for i, m in before.items()}


WORDS = ["seized", "burnt", "Osk", "Tolmere", "bridge", "harbour", "night", "dawn"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True), st.booleans()), max_size=12))
def test_every_claim_is_in_one_matter_at_most_and_counts_add_up(said: Sequence[tuple[list[str], bool]]) -> None:
    ledger = Ledger()
    ledger.add(*(claim(n, " ".join(words), negated=negated) for n, (words, negated) in enumerate(said, 1)))
    seen: list[int] = []
    for number in ledger.store.in_matter:
        found = matter(number, ledger.store)
        assert found is not None
        assert len(found.rows) >= 2
        assert sum(t.articles for t in found.tallies.values()) == found.articles == found.origins
        seen += [r.item for r in found.rows]
    assert len(seen) == len(set(seen))


NEAR = {f"a{n}": Appearance(f"a{n}", "Herald", f"2031-05-0{n}") for n in range(1, 6)}
DENIAL = Verdict("denies", 0.9, "opposites", ("polarity: seize / not seize",))
OPPOSITE = Verdict("denies", 0.9, "opposites", ("opposite acts: close / open",))
AMOUNTS = Verdict("denies", 0.9, "amounts", ("amounts: 3:3 / 12:12",))


def test_one_sentence_and_one_voice_deny_nothing() -> None:
    words = "Halvik neither took nor refused the bridge."
    taken, refused = replace(claim(1, "took bridge"), words=words), replace(claim(2, "refused bridge", negated=True), words=words)
    assert not opposable(taken, refused, DENIAL, NEAR)
    assert not opposable(claim(1, SEIZED, article="a1"), claim(2, SEIZED, article="a1", negated=True), DENIAL, NEAR)
    assert opposable(claim(1, SEIZED), claim(2, SEIZED, negated=True), DENIAL, NEAR)


def test_two_voices_of_one_article_deny_one_another_of_particulars_only() -> None:
    acting, harbour = Argument("actor", "front"), Argument("core", "harbour")
    said = claim(1, "tested harbour", article="a1", arguments=(acting, harbour), voice="Davor Lenn")
    denied = claim(2, "tested harbour", article="a1", negated=True, arguments=(acting, harbour))
    assert opposable(said, denied, DENIAL, NEAR)
    assert not opposable(said, denied, replace(DENIAL, score=0.6), NEAR)
    assert not opposable(replace(said, arguments=(acting,)), denied, DENIAL, NEAR)


def test_a_dispute_has_two_voices() -> None:
    said = {"voice": "Davor Lenn", "sourcing": "named"}
    ledger = Ledger()
    ledger.add(claim(1, SEIZED, **said), claim(2, SEIZED, negated=True, **said))  # type: ignore[arg-type]
    one = matter(1, ledger.store)
    assert one is not None
    assert [row.stand for row in one.rows] == ["reports", "reports_denial"]
    assert not one.disputed
    ledger.add(claim(3, SEIZED, negated=True))
    both = matter(1, ledger.store)
    assert both is not None
    assert both.disputed


def test_long_after_only_a_denial_in_so_many_words_denies() -> None:
    where = {"a1": Appearance("a1", None, "2029-01-01"), "a2": Appearance("a2", None, "2031-05-01")}
    seized, not_seized = claim(1, SEIZED), claim(2, SEIZED, negated=True)
    assert not opposable(seized, not_seized, DENIAL, where)
    assert opposable(seized, replace(not_seized, voice="Davor Lenn", force="denies"), DENIAL, where)
    since = Argument("since", "2019")
    assert not opposable(seized, replace(not_seized, arguments=(since,)), DENIAL, NEAR)


def test_opposite_acts_and_amounts_deny_only_of_one_thing() -> None:
    closed, opened = claim(1, "closed road"), claim(2, "opened road")
    assert not opposable(closed, opened, OPPOSITE, NEAR)
    assert opposable(replace(closed, recipients=(LENN,)), replace(opened, recipients=(LENN,)), OPPOSITE, NEAR)
    assert opposable(replace(closed, object="the road to Osk"), replace(opened, object="Osk road"), OPPOSITE, NEAR)
    assert opposable(replace(closed, place="Osk"), replace(opened, place="Osk"), OPPOSITE, NEAR)
    somebody = Party("gunmen", "other")
    three, twelve = claim(1, "killed 3", actor=somebody), claim(2, "killed 12", actor=somebody)
    assert not opposable(three, twelve, AMOUNTS, NEAR)
    assert opposable(replace(three, place="Osk"), replace(twelve, place="Osk"), AMOUNTS, NEAR)


def test_undated_news_is_of_its_own_time() -> None:
    where = {"a1": Appearance("a1", None, "2029-01-01"), "a2": Appearance("a2", None, "2031-05-01")}
    dated = claim(1, SEIZED, start="2028-12-12", end="2028-12-12")
    assert not about_one(dated, claim(2, SEIZED), where)
    assert about_one(dated, claim(2, SEIZED, start="2028-12-12", end="2028-12-12"), where)


def test_a_matter_where_all_deny_takes_another_who_affirms() -> None:
    ledger = Ledger()
    ledger.matters.decide = lambda a, b: replace(DENIAL, label="same" if a.negative == b.negative else "denies")
    ledger.add(claim(1, SEIZED, negated=True), claim(2, SEIZED + " Tolmere"), claim(3, SEIZED + " Kestria"), claim(4, SEIZED, negated=True))
    assert ledger.together() == [{1, 2, 3, 4}]
    assert ledger.store.member_of[4].side == "same"
