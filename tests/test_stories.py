"""Grouping articles by what they report."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compare.stories import LARGE, Features, Memory, StoryIndex, features, stories
from allegedly.records import Article, Note

BRIDGE = (
    "The bridge at Osk collapsed on Saturday night and eleven people drowned in the Sarn, rescuers said.",
    "Eleven people drowned when the old bridge at Osk collapsed into the Sarn, according to rescuers.",
    "Rescuers searched the Sarn below Osk, where a bridge collapsed on Saturday; eleven had drowned.",
)
BUDGET = (
    "Parliament in Tolmere rejected the budget of the finance minister Ilse Brandt by four votes.",
    "The finance minister Ilse Brandt lost the vote on her budget in the parliament of Tolmere.",
)
GOAT = "A goat won the beauty contest of Lower Veldania for the third year running."


def articles(*texts: str, published: str | None = None) -> list[Article]:
    return [Article(f"a{number}", text, published=published) for number, text in enumerate(texts)]


def test_articles_about_the_same_happening_are_one_story():
    assert stories(articles(*BRIDGE, *BUDGET, GOAT)) == [["a0", "a1", "a2"], ["a3", "a4"], ["a5"]]


def test_the_order_of_articles_changes_nothing():
    given = articles(*BRIDGE, *BUDGET, GOAT, published="2031-05-01")
    shuffled = random.Random(3).sample(given, len(given))
    assert stories(shuffled) == stories(given)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_hardly_matters(seed: int):
    given = articles(*BRIDGE, *BUDGET, GOAT)
    store = Memory()
    index = StoryIndex(store)
    for number in random.Random(seed).sample(range(len(given)), len(given)):
        index.add(number, features(given[number]))
    assert store.all() == [[0, 1, 2], [3, 4], [5]]


def test_names_that_change_places_leave_the_grouping():
    texts = [t.replace("Osk", "Kestria").replace("Ilse Brandt", "Davor Lenn") for t in (*BRIDGE, *BUDGET, GOAT)]
    assert stories(articles(*texts)) == stories(articles(*BRIDGE, *BUDGET, GOAT))


@pytest.mark.parametrize(("days", "many"), [(1, 1), (None, 1), (365, 2)])
def test_a_year_apart_the_same_words_count_for_less(days: int | None, many: int):
    store = Memory()
    index = StoryIndex(store)
    for number, (day, keys) in enumerate([(1000, range(10)), (days and 1000 + days, range(8, 18))]):
        index.add(number, Features(day, tuple((k, 1.0, 0.0) for k in keys)))
    assert len(store.all()) == many


def test_furniture_ties_no_articles_together():
    note = "Subscribe to the Osk Courier newsletter for breaking stories every weekday morning at breakfast"
    texts = [f"{text}\n{note}" for text in (GOAT, "Ministers met in Ardovia.", "The harvest of plums was poor this summer.")]
    bare = articles(*texts)
    noted = [Article(a.id, a.text, notes=(Note("furniture", a.text.index("Subscribe"), len(a.text), "x"),)) for a in bare]
    assert len(stories(noted)) == 3
    assert len(stories(bare)) < 3


def test_articles_without_words_are_stories_of_their_own():
    assert stories(articles("…", "…", "?!")) == [["a0"], ["a1"], ["a2"]]


def test_the_title_is_enough():
    one, two = Article("a", "…", title="Bridge at Osk collapses"), Article("b", "…", title="Osk bridge collapses, eleven drown")
    assert stories([one, two]) == [["a", "b"]]


def test_a_large_story_grows_and_keeps_its_number():
    store = Memory()
    index = StoryIndex(store)
    numbers = {index.add(number, features(Article("x", BRIDGE[number % 3]))) for number in range(LARGE + 10)}
    assert len(numbers) == 1
    assert store.all() == [list(range(LARGE + 10))]


def test_two_large_stories_can_become_one():
    store = Memory()
    index = StoryIndex(store)
    a, b, both = (Features(None, tuple((k, 1.0, 0.0) for k in keys)) for keys in (range(8), range(4, 12), range(12)))
    strict = StoryIndex(store, same=0.9)
    for number in range(LARGE + 5):
        strict.add(number, a)
        strict.add(100 + number, b)
    assert len(store.all()) == 2
    index.add(1000, both)
    assert len(store.all()) == 1


def test_an_article_with_a_new_text_changes_its_story():
    store = Memory()
    index = StoryIndex(store)
    for number, article in enumerate(articles(*BRIDGE, *BUDGET)):
        index.add(number, features(article))
    index.add(2, features(Article("x", BUDGET[0])))
    assert store.all() == [[0, 1], [2, 3, 4]]


def test_what_is_looked_at_does_not_grow_with_the_ledger():
    class Counting(Memory):
        looked = 0

        def vectors(self, items):
            Counting.looked = max(Counting.looked, len(items))
            return super().vectors(items)

    store = Counting()
    index = StoryIndex(store)
    rng = random.Random(1)
    words = [f"word{n}" for n in range(40)]
    for number in range(300):
        index.add(number, features(Article("x", " ".join(rng.sample(words, 20)))))
    assert Counting.looked <= 130


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(range(12)), min_size=1, max_size=6, unique=True), min_size=1, max_size=25))
def test_stories_part_the_articles(drawn):
    store = Memory()
    index = StoryIndex(store)
    for number, keys in enumerate(drawn):
        index.add(number, Features(None, tuple((k, 1.0, 0.0) for k in keys)))
    together = store.all()
    assert sorted(n for story in together for n in story) == list(range(len(drawn)))
    assert all(store.latest(store.stories([n])[n], 99) == story for story in together for n in story)


def test_hostile_texts():
    for text in ("a" * 100_000, "’" * 50_000, "word " * 50_000, "\ud800 word", "’s ’s ’s"):
        assert stories([Article("a", text)]) == [["a"]]
