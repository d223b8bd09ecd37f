"""Grouping articles by what they report."""

from allegedly.compare.stories import stories
from allegedly.records import Article, Reader, Reading


def reading(id: str, text: str, *, title: str | None = None, published: str | None = None) -> Reading:
    article = Article(id, text, title=title, published=published)
    return Reading(article, (), (), (), (), (), (), (), (), None, (), Reader("0", "", ""))


BRIDGE = (
    "The bridge at Osk collapsed on Saturday night and eleven people drowned in the Sarn, rescuers said.",
    "Eleven people drowned when the old bridge at Osk collapsed into the Sarn, according to rescuers.",
    "Rescuers searched the Sarn below Osk, where a bridge collapsed on Saturday; eleven had drowned.",
)
BUDGET = (
    "Parliament in Tolmere rejected the budget of the finance minister Ilse Brandt by four votes.",
    "The finance minister Ilse Brandt lost the vote on her budget in the parliament of Tolmere.",
)


def all_of() -> list[Reading]:
    texts = [*BRIDGE, *BUDGET, "A goat won the beauty contest of Lower Sarn for the third year running."]
    return [reading(f"a{number}", text) for number, text in enumerate(texts)]


def test_articles_about_the_same_happening_are_one_story():
    assert stories(all_of()) == [["a0", "a1", "a2"], ["a3", "a4"], ["a5"]]
