"""Finding passages that articles share."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compare import copies
from allegedly.compare.copies import FINGERPRINTS, CopyFinder, Memory, Original, _chosen, _sampled, original, origins
from allegedly.compared import Copy
from allegedly.records import Article, Attribution, Note, Reader, Reading

WIRE = (
    "The ministry of transport of Norland opened two roads to the eastern valleys on Tuesday, eleven weeks after floods had cut off the towns "
    "of Osk and Lower Sarn from the rest of the country. Engineers had cleared rubble from both routes under guard of the border police, while "
    "traders waited with lorries full of grain, cement and fuel on either side of the barrier."
)
SPEECH = (
    "Nobody in this valley has forgotten who closed the roads and who kept them closed, and nobody will thank a minister who opens a gate "
    "that he had locked himself while children went without bread, medicine and letters for the better part of a winter that was hard enough."
)
HERE = "Our correspondent spent the morning among the lorries. Nobody seemed to be in a hurry. "
THERE = "A market reopened in Kestria last month. Prices of bread have fallen since then by a tenth. "


def found(*originals: Original) -> list[Copy]:
    store = Memory()
    finder = CopyFinder(store)
    listed = []
    for item, source in enumerate(originals, 1):
        listed += finder.add(item, source)
        store.keep(item, source)
    return listed


def plain(text: str, published: str | None = None) -> Original:
    return Original(text, published, (), ())


def reading(text: str, *, notes: tuple[Note, ...] = (), attributions: tuple[Attribution, ...] = ()) -> Reading:
    return Reading(Article("a", text, notes=notes), (), (), (), attributions, (), (), (), (), None, (), Reader("0", "", ""))


def edited(text: str, share: float, seed: int) -> str:
    rng = random.Random(seed)
    words = text.split()
    for at in rng.sample(range(len(words)), round(share * len(words))):
        words[at] = rng.choice(("", "plum", f"{words[at]} plum"))
    return " ".join(" ".join(words).split())


def test_a_shared_passage_is_found_with_its_exact_characters():
    first, second = plain(HERE + WIRE, "2031-05-02"), plain(THERE + WIRE + " " + HERE[:20], "2031-05-01")
    (copy,) = found(first, second)
    assert (copy.earlier, copy.later, copy.dated) == (2, 1, True)
    assert second.text[slice(*copy.earlier_span)] == first.text[slice(*copy.later_span)] == WIRE.removesuffix(".")
    assert copy.likeness == 1.0
    assert copy.words == len(WIRE.split())


@pytest.mark.parametrize("share", [0.05, 0.10, 0.15])
@pytest.mark.parametrize("seed", range(4))
def test_an_edited_passage_is_found(share: float, seed: int):
    (copy,) = found(plain(HERE + WIRE), plain(THERE + edited(WIRE, share, seed) + " " + THERE))
    assert 1 - 2.5 * share <= copy.likeness < 1
    assert copy.earlier_span[1] - copy.earlier_span[0] > 0.8 * len(WIRE)


def test_many_prints_of_one_text_do_not_stand_before_what_is_shared_with_another():
    prints = [plain(f"Print {n} of the valley's papers. {WIRE} {SPEECH}") for n in range(copies.NEAR + 5)]
    other = " ".join(reversed(edited(SPEECH, 0.0, 1).split()))
    listed = found(plain(THERE + other), *prints, plain(HERE + WIRE + " " + SPEECH + " " + other))
    last = len(prints) + 2
    assert {copy.earlier for copy in listed if copy.later == last} >= {1, 2}


def test_a_sentence_that_moved_stays_in_the_passage():
    sentences = WIRE.split(". ")
    (copy,) = found(plain(HERE + WIRE), plain(THERE + f"{sentences[1]} {sentences[0]}."))
    assert copy.words == len(WIRE.split())


def test_other_words_about_the_same_are_no_copy():
    other = (
        "Two roads into Norland's eastern valleys are open again. For eleven weeks, since the floods, Osk and Lower Sarn had been cut off. The "
        "border police stood guard as engineers from the ministry cleared away rubble, and traders' lorries queued at the barrier with fuel."
    )
    assert found(plain(HERE + WIRE), plain(THERE + other)) == []


def quoting(before: str, after: str) -> Original:
    return original(reading(f"{before} “{SPEECH}” {after}"))


def test_the_same_quotation_is_no_copy():
    one, two = quoting(HERE + "The mayor of Osk, Halvik, told us:", "Then she left."), quoting(THERE + "In Halvik's words,", "So it goes.")
    assert found(one, two) == []
    assert len(found(plain(one.text), plain(two.text))) == 1


def test_a_direct_attribution_is_a_quotation_without_marks_too():
    text = f"{HERE} Halvik said: {SPEECH}"
    start = text.index(SPEECH)
    said = Attribution("a1", ((len(HERE) + 1, len(HERE) + 7),), (), ((start, len(text)),), None, "direct", "says", None, 1.0)
    assert original(reading(text, attributions=(said,))).quoted == ((start, len(text)),)


def test_a_passage_that_holds_a_quotation_is_a_copy_where_it_has_words_of_its_own():
    both = f"{WIRE} “{SPEECH}” Halvik said."
    (copy,) = found(original(reading(HERE + both)), original(reading(THERE + both)))
    assert copy.words == len(f"{WIRE} {SPEECH} Halvik said".split())


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”"])
def test_quotations_of_several_paragraphs(opening: str, closing: str):
    text = f"{opening}{SPEECH}\n\n{opening}{SPEECH}{closing} said Halvik."
    quoted = original(reading(text)).quoted
    assert [text[start:end].strip('“”"') for start, end in quoted] == [SPEECH, SPEECH]


def test_single_marks_end_after_a_stop():
    text = f"Since the '90s, officials' families have known. '{SPEECH}' said Halvik. {WIRE}"
    assert [text[start:end] for start, end in original(reading(text)).quoted] == [f"'{SPEECH}'"]


def test_words_between_two_quotations_are_not_quoted():
    text = f'"{SPEECH}" said Halvik. {WIRE} "{SPEECH}"'
    assert [text[start:end] for start, end in original(reading(text)).quoted] == [f'"{SPEECH}"'] * 2


def test_notes_are_no_copy():
    def noted(before: str) -> Original:
        return original(reading(before + WIRE, notes=(Note("disclaimer", len(before), len(before + WIRE), "x"),)))

    assert found(noted(HERE), noted(THERE)) == []


@pytest.mark.parametrize(
    ("one", "other", "earlier", "dated"),
    [
        ("2031-05-01", "2031-05-02", 1, True),
        ("2031-05-02", "2031-05-01", 2, True),
        ("2031-05-01", "2031-05-01", 1, False),
        ("2031-05-02", "2031-05", 1, False),
        ("2031-05-02", None, 1, False),
        ("2031-05-01T12:00:00", "2031-05-01T09:00:00", 1, False),
        ("2031-05-01T12:00:00+02:00", "2031-05-01T10:30:00+00:00", 1, True),
        ("2031-05-01T12:00:00+02:00", "2031-05-01T09:30:00+00:00", 2, True),
        ("soon", "2031-05-01", 2, True),
    ],
)
def test_earlier_and_later_as_far_as_dates_tell(one: str, other: str | None, earlier: int, dated: bool):
    (copy,) = found(plain(HERE + WIRE, one), plain(THERE + WIRE, other))
    assert (copy.earlier, copy.dated) == (earlier, dated)


def test_an_article_that_comes_again_is_no_copy_of_itself():
    store = Memory()
    finder = CopyFinder(store)
    for _ in range(2):
        assert finder.add(1, plain(WIRE)) == []
        store.keep(1, plain(WIRE))


def test_fingerprints_are_bounded_and_kept_by_themselves_alone():
    rng = random.Random(1)
    many = [rng.randrange(1 << 63) for _ in range(10_000)]
    assert len(_sampled(many)) == FINGERPRINTS
    few = many[:300]
    assert 90 < len(_sampled(few)) < 150
    assert _sampled(few) == sorted(_sampled(few[:150]) + _sampled(few[150:]))
    assert _sampled([]) == []


def test_only_fingerprints_close_together_lead_to_another_article():
    prints = list(range(100))
    lists = {10: [1, 2, 3], 15: [1, 3], 90: [2]}
    assert _chosen(prints, lists, 9) == [1, 3]
    assert _chosen(prints, lists, 1) == [3]
    assert _chosen([7, 7, 7], {7: [1]}, 9) == []  # one fingerprint, however often


def copy(earlier: int, later: int, start: int = 0, end: int = 10) -> Copy:
    return Copy(earlier, later, (start, end), (start, end), 40, 1.0, True)


def test_ten_copies_are_one_origin():
    chain = [copy(n, n + 1) for n in range(10)]
    assert set(origins(range(12), chain).values()) == {0, 11}


def test_only_passages_that_reach_what_is_asked_about_tie_articles():
    copies = [copy(1, 2, 0, 10), copy(2, 3, 50, 60)]
    assert origins([1, 2, 3], copies) == {1: 1, 2: 1, 3: 1}
    assert origins([1, 2, 3], copies, at={1: (5, 8), 2: (5, 8), 3: (55, 56)}) == {1: 1, 2: 1, 3: 3}
    assert origins([1, 3], copies) == {1: 1, 3: 3}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_origins_part_the_articles_whatever_the_order_of_copies(pairs):
    copies = [copy(a, b) for a, b in pairs]
    groups = origins(range(10), copies)
    assert groups == origins(range(10), copies[::-1])
    assert all(groups[c.earlier] == groups[c.later] for c in copies)
    assert all(groups[group] == group <= article for article, group in groups.items())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["osk", "sarn", "a", "bridge", "fell", "the", "eleven", "“", "”", "\n"]), max_size=150), st.integers(0, 150)
)
def test_spans_hold_equal_words_whatever_repeats(words, cut):
    one, two = plain(" ".join(words)), plain(" ".join(words[cut:] + words[:cut]))
    for c in found(one, two):
        for source, span in ((one, c.earlier_span), (two, c.later_span)):
            assert 0 <= span[0] < span[1] <= len(source.text)
        assert 0 < c.likeness <= 1
        assert c.words >= 35


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(20, 80), st.floats(0, 1))
def test_a_pair_is_turned_away_only_where_aligning_would_find_nothing(seed: int, long: int, changed: float) -> None:
    rng, words = random.Random(seed), f"{WIRE} {SPEECH}".split()
    one = rng.sample(words * 2, len(words) * 2)
    passage = [word if rng.random() > changed / 2 else rng.choice(words) for word in one[:long]]
    pair = plain(" ".join(one)), plain(" ".join([*rng.sample(words, len(words)), *passage, *rng.sample(words, len(words))]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "_can_share", lambda mine, common: True)
        aligned = found(*pair)
    assert found(*pair) == aligned


def test_hostile_texts_take_no_time():
    for text in ("osk bridge fell " * 1000, '"a' * 5_000, "“" * 5_000, "“" + "a " * 8_000, "\ud800 osk " * 100):
        found(original(reading(text)), original(reading(text)))
