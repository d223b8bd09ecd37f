"""Numbers from characters, and the quantities of statements."""

import time
from bisect import bisect_right
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.reading.numbers import Numbers, lookup
from allegedly.records import Quantity, Statement

# text, and of each number: its words, value, low, high
NUMBERS = [
    ("eleven men", [("eleven", 11, None, None)]),
    ("two dozen", [("two dozen", 24, None, None)]),
    ("a hundred and fifty", [("a hundred and fifty", 150, None, None)]),
    ("twenty-one", [("twenty-one", 21, None, None)]),
    ("two thousand three hundred", [("two thousand three hundred", 2300, None, None)]),
    ("half a million", [("half a million", 500_000, None, None)]),
    ("1,200 rifles", [("1,200", 1200, None, None)]),
    ("60 000 tents", [("60 000", 60_000, None, None)]),
    ("2.5 billion", [("2.5 billion", 2.5e9, None, None)]),
    ("£4.2m", [("4.2m", 4.2e6, None, None)]),
    ("2 crore", [("2 crore", 2e7, None, None)]),
    ("1,00,000 rupees", [("1,00,000", 100_000, None, None)]),
    ("dozens", [("dozens", None, 24, None)]),
    ("hundreds of thousands", [("hundreds of thousands", None, 200_000, None)]),
    ("tens of thousands", [("tens of thousands", None, 20_000, None)]),
    ("several hundred", [("several hundred", None, 200, None)]),
    ("at least 12", [("at least 12", None, 12, None)]),
    ("more than $2 million", [("more than $2 million", None, 2e6, None)]),
    ("no fewer than seventy", [("no fewer than seventy", None, 70, None)]),
    ("up to 500", [("up to 500", None, None, 500)]),
    ("as many as ninety", [("as many as ninety", None, None, 90)]),
    ("about 500", [("about 500", 500, None, None)]),
    ("an estimated 2.3 million", [("an estimated 2.3 million", 2.3e6, None, None)]),
    ("a hundred or so", [("a hundred or so", 100, None, None)]),
    ("40 or more", [("40 or more", None, 40, None)]),
    ("between 20 and 30", [("between 20 and 30", None, 20, 30)]),
    ("20-30 fighters", [("20-30", None, 20, 30)]),
    ("2 to 3 million", [("2 to 3 million", None, 2e6, 3e6)]),
    ("two or three", [("two or three", None, 2, 3)]),
    ("three quarters of them", [("three quarters", 75, None, None)]),
    ("nine out of ten", [("nine out of ten", 90, None, None)]),
    ("no one", [("no one", 0, None, None)]),
    ("5 soldiers and 7 guards", [("5", 5, None, None), ("7", 7, None, None)]),
    ("the 4th day", []),
    ("a quarter to", []),
    ("", []),
]

# sentence, predicate, and its quantities: words, value, low, high, unit, kind
STATED = [
    ("At least 12 people were killed near Velm.", "killed", [("At least 12 people", None, 12, None, "people", "killed")]),
    ("The blast wounded two dozen bakers.", "wounded", [("two dozen bakers", 24, None, None, "people", "injured")]),
    ("Police arrested more than 1,500 marchers.", "arrested", [("more than 1,500 marchers", None, 1500, None, "people", "arrested")]),
    ("The rebels released 41 sailors.", "released", [("41 sailors", 41, None, None, "people", "released")]),
    ("Raiders abducted eleven nuns.", "abducted", [("eleven nuns", 11, None, None, "people", "abducted")]),
    (
        "The raid displaced between 200 and 300 families.",
        "displaced",
        [("between 200 and 300 families", None, 200, 300, "people", "displaced")],
    ),
    ("Up to 500 soldiers left Osk.", "left", [("Up to 500 soldiers", None, None, 500, "people", "people")]),
    ("Norland gave 40 million forints to Kestria.", "gave", [("40 million forints", 4e7, None, None, "HUF", "money")]),
    ("Norland gave S$40 million to Kestria.", "gave", [("S$40 million", 4e7, None, None, "SGD", "money")]),
    ("Landlords evicted 250 families.", "evicted", [("250 families", 250, None, None, "people", "displaced")]),
    ("They mourned the 31 dockers shot dead in May.", "shot", [("31 dockers", 31, None, None, "people", "killed")]),
    ("Norland gave $40 million to Kestria.", "gave", [("$40 million", 4e7, None, None, "USD", "money")]),
    ("Brennia lent Osk 12.5 million euros.", "lent", [("12.5 million euros", 1.25e7, None, None, "EUR", "money")]),
    ("The gang demanded Rs 2 crore.", "demanded", [("Rs 2 crore", 2e7, None, None, "INR", "money")]),
    (
        "The senate passed the bill by 93 votes to 12.",
        "passed",
        [("93 votes", 93, None, None, "votes", "votes"), ("12", 12, None, None, "votes", "votes")],
    ),
    ("Customs officers seized six mortars.", "seized", [("six mortars", 6, None, None, "mortars", "weapons")]),
    ("Only 38 per cent of the miners voted.", "voted", [("38 per cent of the miners", 38, None, None, "%", "share")]),
    ("The army shelled fourteen villages.", "shelled", [("fourteen villages", 14, None, None, "villages", "other")]),
    ("No soldiers were killed.", "killed", [("No soldiers", 0, None, None, "people", "killed")]),
    ("Troops pulled back 25 kilometres.", "pulled", [("25 kilometres", 25, None, None, "km", "distance")]),
    ("The general, 52, resigned in 2019.", "resigned", []),
    ("The council met for nine years.", "met", []),
    ("The two-day strike began on 5 May.", "began", []),
    ("The two presidents met in Osk.", "met", []),
    ("Lawmakers approved Resolution 1701.", "approved", []),
    ("The coalition won 54 seats in Kestria.", "won", [("54 seats", 54, None, None, "people", "people")]),
    (
        "More than 40,000 villagers have left their homes since Sunday.",
        "left",
        [("More than 40,000 villagers", None, 40000, None, "people", "displaced")],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_numbers(text: str, wanted: list[tuple[str, float | None, float | None, float | None]]) -> None:
    numbers = Numbers(text)
    found = [(text[numbers.starts[n.first] : numbers.ends[n.last - 1]].lstrip("£"), n.value, n.low, n.high) for n in numbers.find()]
    assert found == wanted


@given(st.text(st.characters(codec="utf-8"), max_size=200) | st.lists(st.sampled_from(
    [*lookup()["ones"], *lookup()["scale"], *lookup()["indefinite"], *lookup()["hedge"], "a", "of", "and", "-", "12", "1,000", "2.5", "$", "%", "no", "half", "to"]
), max_size=12).map(" ".join))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_text_has_numbers_in_order_and_bounds_in_order(text: str) -> None:
    numbers = Numbers(text)
    found = numbers.find()
    assert all(0 <= n.first <= n.core < n.last <= len(numbers.forms) for n in found)
    assert all(one.core < other.core for one, other in pairwise(found))
    for n in found:
        assert (n.value is None) != (n.low is None and n.high is None)
        assert n.low is None or n.high is None or n.low <= n.high


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "one " * 50_000, "tens of thousands of " * 10_000, "between 2 and " * 15_000, "$" * 100_000]
)
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    Numbers(text).find()
    assert time.process_time() - start < 5


@pytest.fixture(scope="module")
def stated() -> dict[str, list[Statement]]:
    """The statements of all sentences, from one reading."""
    texts = [row[0] for row in STATED]
    starts = list(accumulate((len(text) + 2 for text in texts), initial=0))[:-1]
    found: dict[str, list[Statement]] = {text: [] for text in texts}
    whole = "\n\n".join(texts)
    for s in allegedly.read(whole).statements:
        assert all(whole[a:b].strip() for a, b in (q.span for q in s.quantities))
        found[texts[bisect_right(starts, s.predicate[0][0]) - 1]].append(s)
    return found


@pytest.mark.parametrize(("text", "predicate", "wanted"), STATED)
def test_quantities_of_statements(stated: dict[str, list[Statement]], text: str, predicate: str, wanted: list[tuple[object, ...]]) -> None:
    start = "\n\n".join(row[0] for row in STATED).index(text)
    words = lambda q: text[q.span[0] - start : q.span[1] - start]  # noqa: E731
    found: list[Quantity] = [q for s in stated[text] for q in s.quantities]
    assert [(words(q), q.value, q.low, q.high, q.unit, q.kind) for q in found] == wanted
    holders = [s for s in stated[text] if s.quantities]
    assert all(predicate in text[s.predicate[0][0] - start : s.predicate[-1][1] - start] for s in holders)


def test_a_decimal_of_four_characters_is_no_year() -> None:
    reading = allegedly.read("The currency fell to 7.41 on Monday, and 3.50 was paid for bread.")
    assert reading.statements
