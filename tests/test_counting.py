"""What is known of a large matter when statements join it, beside what counting it from the beginning finds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import allegedly
from allegedly.compare.claims import claims
from allegedly.inquiry import counting
from allegedly.inquiry.comparing import compare
from allegedly.inquiry.counting import count_matters
from allegedly.ledger import Entry, Ledger
from allegedly.ledger.tables import TALLY
from allegedly.records import Article, Reader, Reading

WIRE = (
    "The Veldanian army shelled the grain depot at Tamar on Tuesday, and smoke rose over the harbour until the evening while families "
    "carried sacks of wheat out of the burning halls. Two ferries left the pier before noon with the last of the dock workers, and the "
    "harbour master closed the northern gate behind them."
)
TEXTS = (
    f"{WIRE} Our correspondent saw the ruins.",
    "The Veldanian army shelled the grain depot at Tamar on Tuesday.",
    f"{WIRE} Nobody was hurt, as far as is known.",
    "The Veldanian army did not shell the grain depot at Tamar on Tuesday.",
    "Shops in Tamar stayed shut. The Veldanian army shelled the grain depot at Tamar on Tuesday.",
)
OUTLETS = ("Tamar Echo", "Norland Herald", None, "Veldania Star")
ORDER = (1, 0, 1, 4, 2, 3, 0, 1, 4, 2, 3, 1, 0)


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return [allegedly.read(Article("", text, published="2026-03-04")) for text in TEXTS]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, empty_ledger: str) -> Iterator[Ledger]:
    where = empty_ledger if request.param == "sqlite" else request.getfixturevalue("postgresql_ledger")
    with Ledger.open(where) as opened:
        yield opened


def entry(readings: list[Reading], number: int) -> Entry:
    found = readings[ORDER[number]]
    about: dict[str, Any] = {"id": f"a{number}", "outlet": OUTLETS[number % len(OUTLETS)], "published": f"2026-03-{4 + number * 5 % 7:02}"}
    reading = replace(found, article=replace(found.article, **about))
    return Entry(reading, None, claims(reading))


def largest(ledger: Ledger) -> dict[str, Any]:
    return dict(ledger.matters.list(limit=1).rows[0])


def test_what_joins_a_matter_is_counted_as_all_of_it_would_be(
    ledger: Ledger, readings: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "LARGE", 2)
    grown, known = counting._as_grown, set[int]()

    def watched(*arguments: Any) -> Any:
        found = grown(*arguments)
        known.update(found)
        return found

    monkeypatch.setattr(counting, "_as_grown", watched)
    for number in range(len(ORDER)):
        ledger.add([entry(readings, number)])
        compare(ledger)
        groups = [row["number"] for row in ledger.matters.list(limit=50).rows]
        before = ledger.matters.rows(groups), ledger.notes(TALLY, groups)
        with ledger.writing():
            count_matters(ledger, groups)
        assert (ledger.matters.rows(groups), ledger.notes(TALLY, groups)) == before
    found = largest(ledger)
    assert found["number"] in known
    assert found["articles"] > 8
    assert (found["outlets"], found["disputed"]) == (3, True)
    assert found["origins"] == found["articles"] - 4  # those five with the wire's words are one


def test_what_was_decided_or_read_again_is_counted_from_the_beginning(
    ledger: Ledger, readings: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "LARGE", 2)
    ledger.add([entry(readings, number) for number in range(5)])
    compare(ledger)
    matter = largest(ledger)
    again = entry(readings, 1)
    ledger.add([replace(again, reading=replace(again.reading, reader=Reader("9.9.9", "2" * 64, "1" * 64)))])
    compare(ledger)
    assert largest(ledger) == matter
    number = matter["number"]
    (other,) = [row.statement for row in ledger.statements(articles=[2]).rows if "ferries" in row.sentence][:1]
    ledger.matters.join(number, [other])  # as a person does
    with ledger.writing():
        count_matters(ledger, [number])
    assert not ledger.notes(TALLY, [number])[number]
    ledger.add([entry(readings, 7)])
    compare(ledger)
    assert largest(ledger)["articles"] == matter["articles"] + 1


def test_a_purge_leaves_no_numbers_of_what_it_removed(ledger: Ledger, readings: list[Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LARGE", 2)
    ledger.add([entry(readings, number) for number in range(4)])
    compare(ledger)
    number = largest(ledger)["number"]
    assert ledger.notes(TALLY, [number])
    ledger.purge(["a2"])
    assert not ledger.notes(TALLY, [number])
