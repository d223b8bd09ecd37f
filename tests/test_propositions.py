"""Claims, their meanings, and what two of them are to one another."""

import json
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allegedly.compare.claims import claims
from allegedly.compare.meaning import base, borrowed, kinship, meanings, relation, senses_of
from allegedly.compare.propositions import claim_keys, compare_texts, decide, incompatible, likeness, pair_label, pair_verdict
from allegedly.compared import Argument, Claim, Party
from allegedly.reading import read_article
from allegedly.records import Article, Reading
from benchmarks import pairs as benchmark


def claim(lemma: str, *arguments: Argument, negative: bool = False, senses: tuple[str, ...] = (), status: str = "actual") -> Claim:
    return Claim(
        1, "a", "s1", "", lemma, None, (), (), "", (lemma,), "negated" if negative else "affirmed", status,  # type: ignore[arg-type]
        "author", "says", "none", senses=senses or senses_of(lemma, ())[0], negative=negative, arguments=arguments,
    )  # fmt: skip


ARMY, TOWN, HARBOUR = Argument("actor", "army"), Argument("core", "town"), Argument("core", "harbour")


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    return read_article(Article("x", text), tokens=True)


# --- words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [
        ("weapon", "arm", 0.9, 1.0),
        ("truce", "ceasefire", 0.9, 1.0),
        ("rise", "fall", -1.0, -1.0),
        ("paid", "unpaid", -1.0, -1.0),
        ("territory", "village", 0.6, 0.7),
        ("town", "harbour", -0.5, 0.5),
    ],
)
def test_kinship(a: str, b: str, least: float, most: float) -> None:
    assert least <= kinship(a, b) <= most
    assert kinship(a, b) == kinship(b, a)


def test_senses_take_the_longest_phrase() -> None:
    assert senses_of("take", ["effect"]) == (("begin",), frozenset({"effect"}))
    assert "-approve" in senses_of("vote", ["down"])[0]


def test_opposites_and_converses_are_folded() -> None:
    assert relation(("-leave",), ("leave",), "remain", "leave") == (0.95, True, False)
    assert relation(("~give",), ("give",), "receive", "give")[2]
    assert relation(("increase",), ("decrease",), "rise", "fall")[1]


def test_what_begins_may_end() -> None:
    assert relation((), (), "begin", "end")[0] == 0.0


def test_lemmas_that_the_tables_know() -> None:
    assert base("acquitted", "acquitted", "v") == "acquit"
    assert base("troops", "troops", "n") == "troop"


def test_words_that_the_table_lacks_borrow_from_synonyms() -> None:
    assert all(not s.startswith("~~") for s in borrowed("confiscate"))


def test_every_contrary_is_a_sense() -> None:
    names = {p.sense.lstrip("-~") for found in meanings().phrases.values() for p in found}
    assert {name for pair in meanings().contraries for name in pair} <= names


# --- the decision -----------------------------------------------------------------------------------------------------------


def test_one_proposition_with_opposite_polarity_is_denied() -> None:
    verdict = decide(claim("shell", ARMY, TOWN), claim("shell", ARMY, TOWN, negative=True))
    assert verdict.label == "denies"
    assert verdict.evidence == ("polarity: shell / not shell",)


def test_two_negations_are_no_evidence() -> None:
    assert decide(claim("shell", ARMY, TOWN, negative=True), claim("shell", ARMY, HARBOUR, negative=True)).label == "different"
    assert decide(claim("shell", ARMY, TOWN, negative=True), claim("shell", ARMY, TOWN, negative=True)).label == "same"


def test_swapped_roles_are_another_proposition() -> None:
    one = claim("criticise", Argument("actor", "norland"), Argument("core", "kestria"))
    other = claim("criticise", Argument("actor", "kestria"), Argument("core", "norland"))
    assert decide(one, other).label == "different"
    assert decide(one, other).rule == "roles"


def test_a_plan_is_not_what_happened() -> None:
    assert decide(claim("shell", ARMY, TOWN), claim("shell", ARMY, TOWN, status="planned")).rule == "status"


def test_amounts_that_exclude_one_another() -> None:
    few, many = Argument("core", "protester", ("#14:14",)), Argument("core", "demonstrator", ("#140:140",))
    police = Argument("actor", "police")
    assert decide(claim("arrest", police, few), claim("arrest", police, many)).rule == "amounts"
    assert decide(claim("arrest", police, few), claim("detain", police, replace(many, words=("#14:14",)))).label == "same"
    shares = Argument("core", "percent", ("#80:80%",)), Argument("core", "fifth", ("#79.5:80.5%",))
    turnout = Argument("core", "turnout")
    assert decide(claim("reach", turnout, shares[0]), claim("reach", turnout, shares[1])).label == "same"


WORDS = st.sampled_from(["army", "town", "police", "rebel", "border", "norland", "treaty", "*", "it", ""])  # some have no words
ROLES = st.sampled_from(["actor", "core", "in", "on", "to", "manner", "clause", "event"])
ARGUMENTS = st.builds(Argument, ROLES, WORDS, st.sampled_from([(), ("northern",), ("#3:3",), ("#50:100%",)]))
CLAIMS = st.builds(
    lambda lemma, arguments, negative: claim(lemma, *arguments, negative=negative),
    st.sampled_from(["attack", "leave", "remain", "receive", "give", "meet", "rise", "zorch"]),
    st.lists(ARGUMENTS, max_size=5),
    st.booleans(),
)


@given(CLAIMS, CLAIMS)
@example(claim("attack", ARMY, replace(TOWN, role="actor"), TOWN, negative=True), claim("attack", replace(TOWN, role="actor")))
@example(claim("meet", ARMY, Argument("in", "valley")), claim("meet", ARMY, Argument("core", "")))
@example(claim("meet", ARMY, Argument("in", "")), claim("meet", ARMY, Argument("in", "valley")))
def test_the_decision_is_symmetric(a: Claim, b: Claim) -> None:
    assert decide(a, b).label == decide(b, a).label
    assert 0.0 <= decide(a, b).score <= 1.0


@given(CLAIMS)
def test_nothing_denies_itself(a: Claim) -> None:
    assert decide(a, a).label != "denies"


@given(ARGUMENTS, ARGUMENTS)
def test_likeness_is_symmetric(a: Argument, b: Argument) -> None:
    assert likeness(a, b) == likeness(b, a)


def test_denials_have_evidence() -> None:
    for row in benchmark.sets()["dev"][:60]:
        verdict = pair_verdict(row["a"], row["b"])
        assert verdict.label != "denies" or verdict.evidence


# --- keys -------------------------------------------------------------------------------------------------------------------


def meet(found: Claim, asked: Claim) -> bool:
    """Whether a claim is found where another is looked up."""
    return not set(claim_keys(found)[0]).isdisjoint(claim_keys(asked)[1])


def test_claims_of_one_matter_meet() -> None:
    for a, b in (
        (claim("shell", ARMY, TOWN), claim("bombard", ARMY, TOWN, negative=True)),
        (claim("leave", ARMY, Argument("core", "valley")), claim("remain", ARMY, Argument("in", "valley"))),
        (claim("resign", Argument("core", "minister")), claim("resign", Argument("core", "minister"), Argument("on", "tuesday"))),
        (claim("open", Argument("core", "talks")), claim("open", Argument("actor", "talks"), Argument("on", "tuesday"))),
        (claim("meet", ARMY, TOWN), claim("meet", replace(TOWN, role="actor"), replace(ARMY, role="core"))),
        (claim("give", ARMY, Argument("to", "council")), claim("get", Argument("actor", "council"), Argument("from", ARMY.head))),
    ):
        assert meet(a, b)
        assert meet(b, a)


def test_claims_with_an_act_and_who_acts_in_common_do_not_meet() -> None:
    one, other = (
        claim("arrest", Argument("actor", "police"), Argument("core", "editor")),
        claim("arrest", Argument("actor", "police"), TOWN),
    )
    assert not meet(one, other)
    assert not meet(other, one)


def test_who_acts_does_not_meet_who_is_acted_on() -> None:
    one = claim("praise", ARMY, TOWN)
    other = claim("praise", replace(TOWN, role="actor"), Argument("core", "council"))
    assert not meet(one, other)
    assert not meet(other, one)


@given(CLAIMS)
def test_keys_are_few_and_small(a: Claim) -> None:
    found, asked = claim_keys(a)
    assert len(found) <= 3
    assert len(asked) <= 59
    assert set(found) <= set(asked)
    assert all(0 <= k < 1 << 63 for k in asked)


# --- texts ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "label"),
    [
        ("Tolmere's council banned the march.", "The march was prohibited by Tolmere's council.", "same"),
        ("The brigade has not left the fort.", "The brigade remains in the fort.", "same"),
        ("The guild lacks money.", "The guild does not have the funds.", "same"),
        ("Norland gave the militia rifles.", "The militia received rifles from Norland.", "same"),
        ("Moscow and Tehran backed the plan.", "Russia and Iran supported the plan.", "same"),
        ("The queen opened the canal.", "The queen said she had not opened the canal.", "denies"),
        ("The pilot is alive.", "The pilot is dead.", "denies"),
        ("Prices rose in Osk.", "Prices fell in Osk.", "denies"),
        ("The canal was dug by Norland alone.", "The canal was dug by Norland together with Kestria.", "denies"),
        ("The fair drew three thousand people.", "The fair drew half a million people.", "denies"),
        ("The queen opened the canal.", "The queen may open the canal.", "different"),
        ("The queen opened the canal.", "The mayor urged the queen to open the canal.", "different"),
        ("No one was hurt in Osk.", "No one was arrested in Osk.", "different"),
        ("The jury acquitted the baker.", "The jury acquitted the baker's son.", "different"),
    ],
)
def test_sentences(a: str, b: str, label: str) -> None:
    assert pair_label(a, b) == label
    assert pair_label(b, a) == label


def test_the_same_sentence_is_the_same() -> None:
    for text in ("The army shelled Brodna.", "Norland rejected the plan.", "Turnout was 80 percent."):
        assert pair_label(text, text) == "same"


@pytest.mark.parametrize("text", ["", " ", "!", "No.", "12", "a" * 3000, "((((", "\u200b\u0301", "Nobody nobody nobody nobody."])
def test_odd_texts_are_different(text: str) -> None:
    assert pair_label(text, "The army shelled Brodna.") == "different"


def test_what_has_no_words_is_akin_to_nothing() -> None:
    assert likeness(Argument("core", ""), Argument("core", "town")) == 0.0
    told = read("The mayor met the \u2028\u2060 at \ufeff Osk; a — was built.")
    assert all(a.head for c in claims(told) for a in c.arguments)


def test_names_do_not_matter() -> None:
    for label, a, b in (("denies", "{} attacked {}.", "{} did not attack {}."), ("different", "{} attacked {}.", "{} helped {}.")):
        for pair in (("Norland", "Kestria"), ("Kestria", "Norland"), ("Israel", "Iran"), ("Iran", "Israel"), ("China", "Osk")):
            assert pair_label(a.format(*pair), b.format(*pair)) == label


def test_two_texts_side_by_side() -> None:
    found = compare_texts(
        read("Norland's army left the valley on Monday. The minister resigned. Farmers blocked the road."),
        read("The army of Norland remains in the valley. The minister has stepped down. The bank raised its rates."),
    )
    assert [(p.a.lemma, p.b.lemma) for p in found.denied] == [("leave", "remain")]
    assert [(p.a.lemma, p.b.lemma.split(" ")[0]) for p in found.both] == [("resign", "step")]
    assert "block" in {c.lemma for c in found.only_a}
    assert "raise" in {c.lemma for c in found.only_b}


def test_claims_without_words() -> None:
    article = Article("x", "The army shelled the town.", title="Army shells town")
    bare, full = read_article(article), read_article(article, tokens=True)
    assert decide(claims(bare)[0], claims(full)[0]).label == "same"
    assert [c.item for c in claims(full, first=7)] == list(range(7, 7 + len(full.statements)))


def test_numbers_of_the_ledger_are_the_parties() -> None:
    reading = read("Norland attacked Kestria.")
    numbers = {e.id: 100 + n for n, e in enumerate(reading.entities)}
    assert {p.identity for c in claims(reading, identities=numbers) for p in (*c.actors, *c.recipients)} == {100, 101}


def test_written_pairs_are_well_formed() -> None:
    rows = [json.loads(line) for line in benchmark.WRITTEN.read_text("utf8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) > 300
    assert {row["label"] for row in rows} == set(benchmark.LABELS)
    assert {row["part"] for row in rows} == {"dev", "held_out"}


def test_other_ones_are_counted_apart() -> None:
    assert not incompatible(Argument("core", "defendant", ("other", "#5:5")), Argument("core", "defendant", ("#25:25",)))
    assert incompatible(Argument("core", "defendant", ("#5:5",)), Argument("core", "defendant", ("#25:25",)))


def test_what_outlets_call_a_name_does_not_tell_actors_apart() -> None:
    rebel, heroic = Argument("actor", "eastern osk front", ("rebel",)), Argument("actor", "eastern osk front", ("heroic", "valley"))
    assert likeness(rebel, heroic) > 0.8
    assert likeness(replace(rebel, head="front"), replace(heroic, head="front")) < 0.5


def test_identities_tell_parties() -> None:
    def acted(name: str, identity: int | None) -> Claim:
        acting = claim("burn", Argument("actor", name.lower()), Argument("core", "bridge"), Argument("at", "osk"))
        return replace(acting, actors=(Party(name, "person", identity),))

    assert decide(acted("Lenn", 1), acted("The Lion", 1)).label == "same"
    assert decide(acted("Lenn", 1), acted("Lenn", 2)).label == "different"
    assert decide(acted("Lenn", 1), acted("The Lion", None)).label == "different"


def test_a_particle_changes_a_verb() -> None:
    assert pair_label("Norland ruled out the talks.", "Norland did not rule the talks.") == "different"
    ruled = next(c for c in claims(read("Davor Lenn ruled out a truce with Veldania.")) if c.lemma.startswith("rule"))
    assert ruled.lemma == "rule out"
    assert "lead" not in ruled.senses


def test_the_voice_of_a_title_is_in_the_titles_words() -> None:
    """It was cut out of the text at the title's offsets."""
    from conftest import build_reading

    (claim,) = (one for one in claims(build_reading()) if one.statement == "s0")
    assert claim.voice == "Ardovia"
