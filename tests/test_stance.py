"""Who is praised or blamed, by whom, in which words. Own sentences, invented countries and people."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.language import event_lexicon, words
from allegedly.model import loaded
from allegedly.reading import _Pass, read_article, stance
from allegedly.reading.lemmas import corrected
from allegedly.records import Article, Evaluation, RawStance, Reading

AUTHOR = "author"

# sentence, target's words, polarity, holder ("author" or the source's words), words that carry it
CASES = [
    ("The reckless minister closed the harbour.", "minister", -1, AUTHOR, ["reckless"]),
    ("The governor of Tolmere was brave.", "governor", 1, AUTHOR, ["brave"]),
    ("Governor Moravek, corrupt and cruel, fled to Osk.", "Moravek", -1, AUTHOR, ["corrupt", "cruel"]),
    ("The rebels are thieves.", "rebels", -1, AUTHOR, ["thieves"]),
    ("The general is no hero.", "general", -1, AUTHOR, ["hero"]),
    ("The minister lied to the fishermen.", "minister", -1, AUTHOR, ["lied"]),
    ("The greed of the bank ruined the fishermen.", "bank", -1, AUTHOR, ["greed"]),
    ("The union condemned the minister.", "minister", -1, "The union", ["condemned"]),
    ("The bishop praised the nurses.", "nurses", 1, "The bishop", ["praised"]),
    ("The senator called the ambassador a liar.", "ambassador", -1, "The senator", ["liar"]),
    ("The editor described the premier as incompetent.", "premier", -1, "The editor", ["incompetent"]),
    ("The mayor said that the general was a coward.", "general", -1, "The mayor", ["coward"]),
    ("The deputies paid tribute to the firefighters.", "firefighters", 1, "The deputies", ["tribute"]),
    ("The minister shamelessly sold the forest.", "minister", -1, AUTHOR, ["shamelessly"]),
    ("With admirable patience the guards fed the exiles.", "guards", 1, AUTHOR, ["admirable"]),
    ("With breathtaking cynicism the cabinet cut the grant.", "cabinet", -1, AUTHOR, ["cynicism"]),
    ("The unelected council sold the forest.", "council", -1, AUTHOR, ["unelected"]),
    ("Far-right deputies left the hall.", "deputies", -1, AUTHOR, ["right"]),
    ("The duly elected president of Osk is in prison.", "president", 1, AUTHOR, ["elected"]),
    ("The rebels called the army's raids a disgrace.", "army", -1, "The rebels", ["disgrace"]),
    ("The bishop condemned the guards' shelling of a depot.", "guards", -1, "The bishop", ["condemned"]),
]

# Nobody is evaluated: harm that is only reported, defence against blame, nobody in particular, oneself.
NONE = [
    "Soldiers killed the mayor of Osk on Friday.",
    "The court sentenced the minister to nine years in prison.",
    "Ardovia attacked the port and sank two ships.",
    "The general is not corrupt.",
    "The president met the ambassador in Tolmere.",
    "We are brave.",
    "The council adopted the budget by nine votes to four.",
    "The court sentenced the treasurer to four years for fraud.",
    "The gate opens on Monday.",
]


def source_of(reading: Reading, holder: str) -> str:
    by_id = {a.id: a for a in reading.attributions}
    return AUTHOR if holder == AUTHOR else " ".join(reading.article.text[s:e] for s, e in by_id[holder].source)


@pytest.mark.parametrize(("sentence", "target", "polarity", "holder", "carriers"), CASES)
def test_evaluations(sentence: str, target: str, polarity: int, holder: str, carriers: list[str]) -> None:
    reading = allegedly.read(sentence)
    start = sentence.index(target)
    found = [e for e in reading.evaluations if any(s < start + len(target) and start < end for s, end in e.target)]
    assert [e.polarity for e in found] == [polarity], reading.evaluations
    assert source_of(reading, found[0].holder) == holder
    shown = [sentence[s:e] for s, e in found[0].words]
    assert set(carriers) <= set(shown)
    assert 0.5 <= found[0].score <= 1


@pytest.mark.parametrize("sentence", NONE)
def test_no_evaluation(sentence: str) -> None:
    assert [e for e in allegedly.read(sentence).evaluations if e.words] == []  # the head may judge; no word does


def test_the_head_does_not_lay_a_word_at_the_door_of_whoever_it_does_not_hit() -> None:
    text = "The union condemned the guards of Osk, and parents waited."
    rated = (0.9, 0.05, 0.05)
    found = with_stances(text, {"guards": rated, "Osk": rated, "parents": rated})
    assert [text[slice(*e.target[0])] for e in found] == ["the guards of Osk"]


def test_what_a_pronoun_means_is_found_in_the_topic() -> None:
    text = "“They are cowards,” the captain said of the port guards."
    (found,) = allegedly.read(text).evaluations
    assert text.index("port guards") in range(*found.target[-1])


def test_praise_and_blame_by_one_holder_is_even() -> None:
    found = next(e for e in allegedly.read("The brave but cruel general left Osk.").evaluations if e.target[0][0] == 0)
    assert (found.polarity, len(found.words)) == (0, 2)


def test_rivals_are_judged_alike() -> None:
    template = "The {} government is corrupt, and critics blasted {} for it."
    one, other = (allegedly.read(template.format(*names)) for names in (("Kestrian", "Kestria"), ("Brennian", "Brennia")))
    assert [(e.polarity, len(e.words)) for e in one.evaluations] == [(e.polarity, len(e.words)) for e in other.evaluations]


# --- with a stance head -------------------------------------------------------------------------------------------------


def with_stances(text: str, rated: dict[str, tuple[float, float, float]]) -> tuple[Evaluation, ...]:
    """Evaluations as they would be if the model gave these probabilities for the words."""
    run = _Pass(corrected(loaded().analyse(text)), Article("x", text), event_lexicon())
    at = {word: next(i for i, t in enumerate(run.tree.tokens) if t.form == word) for word in rated}
    stances = tuple(RawStance(at[word], *rated[word]) for word in rated)
    return stance.find(run.judgements, run.mentions, run.attributions, run.voices, stances)


def test_a_sure_head_decides_and_the_words_are_the_nearest_of_its_side() -> None:
    text = "The minister flew to Osk while the farce in the harbour went on."
    assert with_stances(text, {}) == ()
    (found,) = with_stances(text, {"minister": (0.96, 0.03, 0.01)})
    assert (found.polarity, found.score, [text[s:e] for s, e in found.words]) == (-1, 0.96, ["farce"])


def test_a_sure_head_overrules_words() -> None:
    text = "The reckless minister closed the harbour."
    assert with_stances(text, {"minister": (0.005, 0.99, 0.005)}) == ()
    (found,) = with_stances(text, {"minister": (0.1, 0.85, 0.05)})  # not sure enough: the words decide
    assert found.polarity == -1


def test_a_head_without_words_to_show_gives_the_voice_of_the_mention() -> None:
    text = "The mayor said that the general had come back to Osk."
    (found,) = with_stances(text, {"general": (0.01, 0.03, 0.96)})
    assert (found.polarity, found.words) == (1, ())
    assert found.holder != AUTHOR


def test_a_head_alone_decides_of_descriptions_only_where_it_is_surer_and_never_of_the_speaker() -> None:
    text = "The fishermen came to Osk, and Moravek spoke to us."
    assert with_stances(text, {"fishermen": (0.1, 0.2, 0.7), "us": (0.0, 0.1, 0.9)}) == ()
    (found,) = with_stances(text, {"fishermen": (0.01, 0.03, 0.96)})
    assert found.polarity == 1
    (named,) = with_stances(text, {"Moravek": (0.1, 0.2, 0.7)})
    assert named.polarity == 1


# --- what always holds ----------------------------------------------------------------------------------------------------


def test_no_word_praises_and_blames() -> None:
    lists = words("stance")
    for table in ("adjective", "person", "deed", "conduct", "judging", "directed", "reaction"):
        sides: dict[str, set[str]] = {"bad": set(), "good": set()}
        for side, columns in (("bad", ("blame", "faults")), ("good", ("praise", "merits"))):
            sides[side] = {w for column in columns for w in lists[f"{table}.{column}"]}
        assert not sides["bad"] & sides["good"], table


PIECES = [
    "The",
    "reckless",
    "minister",
    "praised",
    "Osk",
    "and",
    "lied",
    ",",
    "“",
    "”",
    "said",
    "of",
    "they",
    "heroes",
    "not",
    ".",
    "called",
    "a",
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_evaluations_are_anchored(pieces: list[str]) -> None:
    reading = allegedly.read(" ".join(["Osk", *pieces]))
    holders = {AUTHOR, *(a.id for a in reading.attributions)}
    for e in reading.evaluations:
        assert e.holder in holders
        assert e.polarity in (-1, 0, 1)
        assert all(0 <= s < end <= len(reading.article.text) for s, end in (*e.target, *e.words))
        assert all(a < b for a, b in pairwise(e.target))
        assert e.target


def test_ids_are_in_text_order() -> None:
    rows = read_article(Article("x", " ".join(sentence for sentence, *_ in CASES))).evaluations
    assert [e.id for e in rows] == [f"v{n}" for n in range(1, len(rows) + 1)]
