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
from allegedly.ledger import Entry, Ledger
from allegedly.records import Reading
from allegedly.web import create

PAGES = (
    *("/", "/search?q=bridge", "/search?q=bridge&act=ASSAULT&voice=source", "/search?entity=Front", "/article?id=one", "/matters/1"),
    *("/stories/1", "/entities/1", "/entities?name=Front", "/copies?article=one", "/pictures/time", "/pictures/network?entity=Front"),
    *("/pictures/agreement", "/pictures/places", "/review", "/entities/1/decide", "/matters/1/decide"),
)
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


def test_an_articles_statements_are_found_by_their_numbers(filled: Path) -> None:
    with Ledger.open(filled) as ledger, asked() as queries:
        assert ledger.statements(articles=[1]).rows
        for query, values in list(queries):
            plan = "; ".join(row[3] for row in ledger._store.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values))
            assert not LARGE.search(plan), (query, plan)
