"""How SQLite goes about what pages ask: by keys and indexes, never through all statements, names or articles that there are."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from allegedly.compare.claims import claims
from allegedly.inquiry.comparing import compare
from allegedly.ledger import Entry, Filters, Ledger
from allegedly.records import Reading
from allegedly.web import create

PAGES = (
    *("/", "/search?q=bridge", "/search?q=bridge&act=ASSAULT&voice=source", "/search?entity=Front", "/article?id=one", "/matters/1"),
    *("/stories/1", "/entities/1", "/entities?name=Front", "/copies?article=one", "/pictures/time", "/pictures/network?entity=Front"),
    *("/pictures/agreement", "/pictures/places", "/review", "/entities/1/decide", "/matters/1/decide"),
)
QUESTIONS: dict[str, Callable[[Ledger], object]] = {
    "a word": lambda on: on.search("Osk"),
    "a word and an act": lambda on: on.search("Osk", Filters(act="ASSAULT", voice="source")),
    "a name": lambda on: on.search("", Filters(entity="Norland")),
    "an outlet in a month": lambda on: on.search("", Filters(outlet="The Osk Courier", since="2026-01", until="2026-02")),
    "statements with a name": lambda on: on.statements("", Filters(entity="Norland", polarity="negated")),
    "statements of an article": lambda on: on.statements(articles=[1]),
    "statements by number": lambda on: on.statements(items=[1, 2]),
    "who": lambda on: on.who("Norland"),
    "facets": lambda on: on.search_with_facets("Osk", Filters(entity="Norland")),
    "tallies": lambda on: on.tallies("Osk"),
    "acts": lambda on: on.acts("Osk"),
    "parts": lambda on: on.parts(),
    "matters": lambda on: on.matters.list(disputed=True),
    "stories": lambda on: on.stories.list(),
    "copies of an article": lambda on: on.copies([1]),
    "a reading": lambda on: on.reading(1),
}
LARGE = re.compile(r"SCAN (statements|entities|readings|versions)\b|entities_of_identity \(identity>")


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """The queries that are asked meanwhile."""
    queries: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, query: str, values: Any, *_: Any) -> None:
        queries.append((query, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def filled(empty_ledger: str, make_reading: Callable[[str], Reading]) -> Path:
    with Ledger.open(empty_ledger) as ledger:
        ledger.add([Entry(one, None, claims(one)) for one in map(make_reading, ("one", "two", "three"))])
        compare(ledger)
    return Path(empty_ledger)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_goes_through_everything(filled: Path, page: str) -> None:
    import sqlite3

    with TestClient(create(filled), base_url="http://127.0.0.1:8765") as client, asked() as queries:
        assert client.get(page).status_code == 200
    assert queries
    with sqlite3.connect(filled) as database:
        for query, values in {query: values for query, values in queries if query.startswith("SELECT")}.items():
            plan = "; ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {query}", values))
            assert not LARGE.search(plan), (query, plan)
    database.close()


@pytest.mark.parametrize(
    "view", ["statements_made WHERE article = 1", "who_did_what WHERE article = 1", "matter_statements WHERE matter = 1"]
)
def test_views_find_statements_by_their_numbers(filled: Path, view: str) -> None:
    import sqlite3

    with sqlite3.connect(filled) as database:
        plan = "; ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view}"))
        assert "SEARCH statements" in plan
        assert not LARGE.search(plan), plan
    database.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_goes_through_everything(filled: Path, question: str) -> None:
    with Ledger.open(filled) as ledger, asked() as queries:
        QUESTIONS[question](ledger)
        assert queries
        for query, values in [(query, values) for query, values in queries if query.startswith(("SELECT", "WITH"))]:
            plan = "; ".join(row[3] for row in ledger._store.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values))
            assert not LARGE.search(plan), (query, plan)
