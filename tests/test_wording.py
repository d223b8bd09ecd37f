"""Charged and evasive words: kinds, targets, and what is somebody else's word. Own sentences."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.language import event_lexicon, words
from allegedly.model import loaded
from allegedly.reading import _Pass, read_article, wording
from allegedly.reading.lemmas import corrected
from allegedly.records import Article, Note, RawWording, Translation, Wording

# sentence, kind, words
CASES = [
    ("The regime in Velm has closed the last free radio.", "label", "regime"),
    ("Freedom fighters raised their flag above the customs house.", "label", "Freedom fighters"),
    ("Terrorists burned the customs house.", "label", "Terrorists"),
    ("Far-right deputies left the hall.", "label", "Far-right"),
    ("The hard-left deputies left the hall.", "label", "hard-left"),
    ("The minister’s shameful silence lasted nine days.", "loaded", "shameful"),
    ("The heroic defenders of Maravel held out for nine days.", "loaded", "heroic"),
    ("Deputies slammed the budget.", "loaded", "slammed"),
    ("The “liberation” of Osk left four hundred people without a roof.", "scare_quotes", "liberation"),
    ('Its "elections" were held under the barrels of guns.', "scare_quotes", "elections"),
    ("So-called experts assured us that the dam would hold.", "scare_quotes", "So-called"),
    ("Everybody knows who paid for the posters.", "sweeping", "Everybody knows"),
    ("No sane person would sign such a treaty.", "sweeping", "No sane person"),
    ("All politicians lie about the harbour.", "sweeping", "All politicians lie"),
    ("Not a single ship left the harbour.", "sweeping", "Not a single ship"),
    ("Insiders say the two brothers no longer speak.", "vague_source", "Insiders say"),
    ("According to sources, the ministry has run out of fuel.", "vague_source", "According to sources"),
    ("It is said that the marshal is ill.", "vague_source", "It is said"),
    ("The self-styled governor of Sarn received the envoys.", "legitimacy", "self-styled"),
    ("The unelected council sold the forest.", "legitimacy", "unelected"),
    ("The rightful president of Kestria lives in Osk.", "legitimacy", "rightful"),
    ("The mayor conceded that the bridge had been closed too late.", "presupposing", "conceded"),
    ("The ministry claimed that it had warned the residents.", "presupposing", "claimed"),
    ("The ministry has refused to acknowledge the famine.", "presupposing", "refused to acknowledge"),
    ("Rebel commanders described the dead men as martyrs.", "label", "martyrs"),
    ("Sanctimonious Kestria sells shells to both sides.", "loaded", "Sanctimonious"),
    ("The firm looked the other way for years.", "loaded", "looked the other way"),
    ("The manifesto is a bundle of fairy tales.", "loaded", "fairy tales"),
    ("Rumour has it that the marshal is ill.", "vague_source", "Rumour has it"),
    ("Insiders hint that the regent is ill.", "vague_source", "Insiders hint"),
    ("Not a soul in the valley trusts the board.", "sweeping", "Not a soul"),
    ("The usurper in Osk has no friends.", "legitimacy", "usurper"),
    ("He has shared his “concerns!” about Osk with the mayor.", "scare_quotes", "concerns"),
    ("The assembly produced a “compromise” in which one side gave up nothing.", "scare_quotes", "compromise"),
]

NONE = [
    "The council met on Tuesday and adopted the budget.",
    "Ardovia claimed the island in 1921.",
    "Police seized illegal nets at the pier.",
    "Three analysts of the Bank of Tolmere expect prices to rise.",
    "All 14 members voted for the bill.",
    "The opposition calls the plan “a swindle”.",
    "“The traitors will hang,” the marshal shouted from the balcony.",
    "He works for the newspaper “The Harbour”, which appears twice a week.",
    "The minister said that the talks had been “difficult but useful”.",
    "The puppet theatre in Osk reopens on Saturday.",
    "The clinic put him on a regime of three pills a day.",
    "The minister said a “difficult” winter lay ahead.",
    "Rescuers pulled two children from the water on Sunday.",
]


@pytest.mark.parametrize(("sentence", "kind", "expected"), CASES)
def test_wording(sentence: str, kind: str, expected: str) -> None:
    found = allegedly.read(sentence).wording
    assert (kind, expected) in [(w.kind, sentence[w.start : w.end]) for w in found], found


@pytest.mark.parametrize("sentence", NONE)
def test_no_wording(sentence: str) -> None:
    assert allegedly.read(sentence).wording == ()


@pytest.mark.parametrize(
    ("sentence", "word", "target"),
    [
        ("The treacherous governor opened the gates.", "treacherous", "governor"),
        ("The ministry claimed that it had warned the residents.", "claimed", "ministry"),
        ("The army’s cowardly strike on the market was on the radio.", "cowardly", "army"),
        ("The unelected council sold the forest.", "unelected", "council"),
        ("The general’s “corridor” was a mined track.", "corridor", "general"),
    ],
)
def test_targets(sentence: str, word: str, target: str) -> None:
    reading = allegedly.read(sentence)
    found = next(w for w in reading.wording if sentence[w.start : w.end] == word)
    names = [sentence[m.start : m.end] for m in reading.mentions if m.entity == found.target]
    assert any(target in name for name in names), (found, names)


def test_nothing_is_looked_for_in_notes() -> None:
    text = "The council met in Osk.\nShameful regime terrorists"
    start = text.index("Shameful")
    assert read_article(Article("x", text)).wording
    assert read_article(Article("x", text, notes=(Note("furniture", start, len(text), "x"),))).wording == ()


def test_a_translators_words_are_marked() -> None:
    text = "The regime in Velm has closed the last free radio."
    plain, machine, human = (
        read_article(Article("x", text, translation=by)).wording
        for by in (None, Translation("fr", "machine", "some tool"), Translation("fr", "human"))
    )
    assert plain == human
    assert machine == tuple(replace(w, rule=w.rule + wording.MACHINE) for w in plain) != ()


# --- with the model's heads ------------------------------------------------------------------------------------------------


def with_heads(text: str, spans: tuple[tuple[str, float], ...] = (), slanted: tuple[float, ...] = ()) -> tuple[Wording, ...]:
    analysis = corrected(loaded().analyse(text))
    at = {t.form: i for i, t in enumerate(analysis.tokens)}
    analysis = replace(analysis, wording=tuple(RawWording(at[w], at[w] + 1, p) for w, p in spans), slanted=slanted)
    run = _Pass(analysis, Article("x", text), event_lexicon())
    return wording.find(run.judgements, run.mentions, run.attributions)


def test_the_models_spans_join_the_lists() -> None:
    text = "The ministers dithered while the shameful tide came in."
    (first, second) = with_heads(text, (("dithered", 0.7), ("tide", 0.2)))
    assert (text[first.start : first.end], first.rule, first.score) == ("dithered", "loaded", 0.75) or first.rule == "model:loaded"
    assert text[second.start : second.end] == "shameful"


def test_a_slanted_sentence_makes_its_words_surer_and_a_plain_one_less_sure() -> None:
    text = "The shameful tide came in."
    (plain,), (surer,) = with_heads(text), with_heads(text, slanted=(0.8,))
    assert plain.score < surer.score
    assert with_heads(text, slanted=(0.01,)) == ()


def test_a_slanted_sentence_gives_its_likeliest_word() -> None:
    text = "The agricultural union met."
    assert with_heads(text, (("agricultural", 0.2), ("union", 0.1)), slanted=(0.1,)) == ()
    (found,) = with_heads(text, (("agricultural", 0.2), ("union", 0.1)), slanted=(0.55,))
    assert text[found.start : found.end] == "agricultural"


# --- what always holds --------------------------------------------------------------------------------------------------------


def test_no_list_of_plain_words_is_overruled() -> None:
    lists = words("wording")
    assert not set(lists["loaded.plain"]) & {*lists["loaded.strong"], *lists["loaded.verbs"]}


PIECES = [*"abc .,;“”\"'‘’«»\n", " so-called ", " never ", " regime ", " not a single ", " claimed ", " far-right ", "-"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_wording_is_anchored_and_does_not_overlap(text: str) -> None:
    reading = read_article(Article("x", text + "Osk"))
    known = {e.id for e in reading.entities} | {None}
    end = 0
    for number, w in enumerate(reading.wording, 1):
        assert end <= w.start < w.end <= len(reading.article.text)
        assert (w.id, w.target in known, 0 <= w.score <= 1) == (f"w{number}", True, True)
        end = w.end


def test_long_texts_take_their_time_but_not_more() -> None:
    run = _Pass(corrected(loaded().analyse("The “so-called” regime never tells. " * 300)), Article("x", ""), event_lexicon())
    start = time.perf_counter()
    wording.find(run.judgements, run.mentions, run.attributions)
    assert time.perf_counter() - start < 3
