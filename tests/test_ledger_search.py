"""Days, phrases and outlets that are asked for; on SQLite phrases are looked for in texts, wherever their words stand as the index has them."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, literal_column, select
from sqlalchemy.dialects import postgresql

from allegedly.ledger import MOST, Entry, Ledger
from allegedly.ledger.search import Filters, Term, _named, passage, stands
from allegedly.ledger.views import as_parties
from allegedly.ledger.words import first_day, fold, last_day, words_of
from allegedly.records import Article, Reader, Reading


def plain(id: str, text: str, **article: Any) -> Reading:
    """A reading in which nothing was found."""
    nothing: tuple[()] = ()
    reader = Reader("0.1.0", "0" * 64, "1" * 64)
    return Reading(Article(id, text, **article), ((0, len(text)),), *(nothing,) * 7, None, nothing, reader)


WORDS = st.text(st.sampled_from("abA \u201c_-.\u00e9e\u0301\u212a"), max_size=14)


@settings(max_examples=300)
@example(["a", "a"], False, "", "AA_A_A")
@given(st.lists(st.sampled_from(("a", "b", "ab", "e", "k")), min_size=1, max_size=3), st.booleans(), WORDS, WORDS)
def test_a_phrase_stands_where_its_words_do(words: list[str], begins: bool, title: str, text: str) -> None:
    said = [fold(title).split(), fold(text).split()]
    runs = [one[at : at + len(words)] for one in said for at in range(len(one) - len(words) + 1)]
    last = len(words) - 1
    found = any(run[:last] == words[:last] and (run[last].startswith(words[last]) if begins else run[last] == words[last]) for run in runs)
    assert stands(Term(tuple(words), begins), title, text) == found


@settings(max_examples=300)
@example(["e"], False, "e\u0301 AA_a")
@given(st.lists(st.sampled_from(("a", "b", "ab", "e", "k")), min_size=1, max_size=3), st.booleans(), WORDS)
def test_a_passage_is_the_first_place_of_a_phrase(words: list[str], begins: bool, text: str) -> None:
    said = list(words_of(text))
    last = len(words) - 1
    expected = None
    for at in range(len(said) - last):
        run = [word for word, _ in said[at : at + len(words)]]
        if run[:last] == words[:last] and (run[last].startswith(words[last]) if begins else run[last] == words[last]):
            expected = said[at][1][0], said[at + last][1][1]
            break
    assert passage(text, [Term(("nowhere",)), Term(tuple(words), begins), Term(("a",), without=True)]) == expected


def test_names_that_have_all_words_of_another_are_not_looked_for_apart(empty_ledger: str) -> None:
    with Ledger.open(empty_ledger) as ledger:
        every = _named(ledger._store, ["senate", "the osk senate", "senate of osk", "osk guard", "guard osk"], stated=True, polarity=None)
    assert [one for one in every if "\ue000" not in one] == ["senate", "osk guard"]
    assert len([one for one in every if "\ue000" in one]) == 5


def test_parties_of_a_reading_are_found_by_an_index_of_whole_numbers() -> None:
    parties = as_parties(literal_column("listed.value", BigInteger))
    assert "FLOOR" not in str(select(parties.c.reading).compile(dialect=postgresql.dialect())).upper()


def test_a_phrase_is_looked_for_in_many_articles(empty_ledger: str) -> None:
    with Ledger.open(empty_ledger) as ledger:
        for first in range(0, 1_200, MOST):
            texts = ("the envoy left" if number == 3 else "left the envoy" for number in range(first, first + MOST))
            ledger.add([Entry(plain(f"n{first + number}", text)) for number, text in enumerate(texts)])
        assert [hit.article.id for hit in ledger.search('"the envoy left"').rows] == ["n3"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_articles_at_an_outlets_address_do_not_cut_its_pages_short(
    database: str, empty_ledger: str, request: pytest.FixtureRequest
) -> None:
    where = empty_ledger if database == "sqlite" else request.getfixturevalue("postgresql_ledger")
    with Ledger.open(where) as ledger:
        ledger.add([Entry(plain(f"own{n}", f"Text {n}.", outlet="The Osk Post")) for n in range(4)])
        ledger.set_outlet("The Osk Post", domains=["oskpost.example"])
        ledger.add([Entry(plain("a", "Text a.", outlet="Velm Daily"))])
        guest = {"outlet": "Velm Daily", "url": "https://www.oskpost.example/guest"}
        ledger.add([Entry(plain(f"guest{n}", f"Text of a guest, {n}.", **guest)) for n in range(6)])
        assert {hit.article.outlet for hit in ledger.search("guest").rows} == {"Velm Daily"}
        for words in ("", "text"):
            found, after = [], None
            while True:
                page = ledger.search(words, Filters(outlet="The Osk Post"), after=after, limit=2)
                found += [hit.article.id for hit in page.rows]
                if (after := page.next) is None:
                    break
            assert sorted(found) == [f"own{n}" for n in range(4)]


def test_days() -> None:
    assert [first_day(d) for d in ("2026", "2026-02", "2026-02-03T10:00", "2026-13", "soon", None)] == [
        "2026-01-01",
        "2026-02-01",
        "2026-02-03",
        None,
        None,
        None,
    ]
    assert [last_day(d) for d in ("2026", "2024-02", "2026-02-03T10:00", "soon")] == ["2026-12-31", "2024-02-29", "2026-02-03", None]
