"""How SQLite answers the common questions: none goes through a whole table of what grows with the articles."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event

from allegedly.ledger import Entry, Filters, Ledger
from allegedly.records import Reading

GROWING = (
    "articles",
    "versions",
    "readings",
    "captures",
    "statements",
    "entities",
    "copies",
    "matter_members",
    "story_members",
    "mentions",
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
    "facets": lambda on: on.facets("Osk", Filters(entity="Norland")),
    "tallies": lambda on: on.tallies("Osk"),
    "acts": lambda on: on.acts("Osk"),
    "parts": lambda on: on.parts(),
    "matters": lambda on: on.matters.list(disputed=True),
    "stories": lambda on: on.stories.list(),
    "copies of an article": lambda on: on.copies([1]),
    "a reading": lambda on: on.reading(1),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_goes_through_a_whole_table(empty_ledger: str, reading: Reading, question: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, said: str, given: Any, *_: Any) -> None:
        asked.append((said, given))

    with Ledger.open(empty_ledger) as ledger:
        ledger.add([Entry(reading)])
        event.listen(Engine, "before_cursor_execute", note)
        try:
            QUESTIONS[question](ledger)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        driver: Any = ledger._store.connection.connection.driver_connection
        plans = [
            (row[3], said)
            for said, given in asked
            if said.startswith(("SELECT", "WITH"))
            for row in driver.execute(f"EXPLAIN QUERY PLAN {said}", given)
        ]
    assert plans
    through = [(step, said) for step, said in plans if re.fullmatch(rf"SCAN ({'|'.join(GROWING)})( AS \w+)?", step)]
    assert not through
