"""The examples: a fortnight of one invented dispute in four invented outlets, fit to show agreement, denial, copies and names."""

import re
import tomllib
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from test_record import run

from allegedly.article import from_path
from allegedly.errors import InputError
from allegedly.ingest import read_article
from allegedly.inquiry import counting
from allegedly.ledger import Ledger
from allegedly.records import Article, Reading, Statement

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(p for p in (ROOT / "examples").iterdir() if p.suffix in (".txt", ".html", ".jsonl"))
OUTLETS = {"Meridian Wire", "Osk Free Voice", "The Tolmere Post", "Velm Courier"}


def articles_of(path: Path) -> Iterator[Article]:
    for outcome in from_path(path):
        assert not isinstance(outcome, InputError)
        yield outcome.article


ARTICLES = [article for path in FILES for article in articles_of(path)]


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return [read_article(article) for article in ARTICLES]


def test_there_are_enough_from_each_outlet_over_a_fortnight() -> None:
    by_outlet = {name: [a for a in ARTICLES if a.outlet == name] for name in OUTLETS}
    assert all(len(found) >= 4 for found in by_outlet.values())
    assert sum(map(len, by_outlet.values())) >= 16
    days = {(a.published or "")[:10] for a in ARTICLES if a.outlet}
    assert (min(days), max(days)) == ("2026-05-10", "2026-05-23")
    assert {path.suffix for path in FILES} == {".txt", ".html", ".jsonl"}


def test_each_says_where_it_is_from_and_is_as_long_as_news_is() -> None:
    for article in ARTICLES:
        assert 150 <= len(article.text.split()) <= 520, article.id
        if article.outlet:
            assert article.outlet in OUTLETS
            assert article.title
            assert article.url
            assert article.published
            assert ".example/" in article.url


def test_every_country_in_them_is_invented() -> None:
    countries = tomllib.loads((ROOT / "src/allegedly/data/gazetteer/countries.toml").read_text("utf8"))["names"]
    names = "|".join(re.escape(name) for listed in countries.values() for name in listed)
    assert [found for a in ARTICLES for found in re.findall(rf"\b(?:{names})\b", f"{a.title} {a.text}")] == []


def test_one_article_was_edited() -> None:
    by_id: dict[str, list[Article]] = {}
    for article in ARTICLES:
        by_id.setdefault(article.id, []).append(article)
    ((before, after),) = [found for found in by_id.values() if len(found) > 1]
    assert before.url == after.url
    assert before.text != after.text
    assert "Correction" in after.text
    assert SequenceMatcher(None, before.text.split(), after.text.split(), autojunk=False).ratio() > 0.7


def test_a_wire_report_runs_in_two_other_outlets_with_small_edits() -> None:
    wire = next(a for a in ARTICLES if a.id == "meridian-2026-05-12-osk").text.split()
    for other in ("courier-2026-05-12-osk", "post-2026-05-12-osk"):
        text = next(a for a in ARTICLES if a.id == other).text.split()
        blocks = SequenceMatcher(None, wire, text, autojunk=False).get_matching_blocks()
        assert sum(block.size for block in blocks if block.size > 4) >= 100
        assert max(block.size for block in blocks) < len(text)  # and each has words of its own


def test_each_outlet_has_its_own_word_for_the_front() -> None:
    words = {"Meridian Wire": "rebel", "Osk Free Voice": "resistance", "The Tolmere Post": "armed opposition", "Velm Courier": "terrorists"}
    for outlet, word in words.items():
        assert sum(word in a.text for a in ARTICLES if a.outlet == outlet) >= 3, word
        assert word == "rebel" or not any(word in a.text for a in ARTICLES if a.outlet not in (outlet, None))


def test_both_sides_are_heard_in_every_outlet() -> None:
    """An outlet that takes a side still reports what the other side says."""
    for outlet in OUTLETS:
        said = " ".join(a.text for a in ARTICLES if a.outlet == outlet)
        assert "Ridel" in said
        assert "Soren" in said
        assert said.count("denied") + said.count("denies") >= 3


# --- as the tool reads them ------------------------------------------------------------------------------------------------


def about(reading: Reading, lemma: str, *words: str) -> list[Statement]:
    """Statements with this predicate whose roles hold the words."""
    found = []
    for s in reading.statements:
        source = reading.article.title if s.within == "title" else reading.article.text
        roles = " ".join((source or "")[a:b] for a, b in (*s.predicate, *s.actor, *s.recipient, *s.object))
        if s.lemma == lemma and all(word in roles for word in words):
            found.append(s)
    return found


def test_who_shelled_the_bridge_is_asserted_denied_and_reported(readings: list[Reading]) -> None:
    stands: dict[str, set[tuple[str, bool]]] = {}
    for reading in readings:
        for s in about(reading, "shell", "army", "bridge"):
            stands.setdefault(reading.article.outlet or "statement", set()).add((s.polarity, s.voice == "author"))
    assert ("affirmed", True) in stands["Osk Free Voice"]
    assert ("negated", True) in stands["Velm Courier"]
    assert {("affirmed", False), ("negated", False)} <= stands["Meridian Wire"]
    assert ("affirmed", False) in stands["The Tolmere Post"]
    assert ("negated", False) in stands["The Tolmere Post"]


def test_denials_are_in_the_voice_of_who_denies(readings: list[Reading]) -> None:
    for reading in readings:
        names = {e.id: e.name for e in reading.entities}
        voices = {a.id: (names.get(a.entity or ""), a.force) for a in reading.attributions}
        for s in about(reading, "shell", "army", "bridge"):
            if s.polarity == "negated" and s.voice != "author":
                assert voices[s.voice][0] == "Tomas Ridel", reading.article.id


def test_what_is_planned_in_one_article_is_done_in_another(readings: list[Reading]) -> None:
    by_id = {r.article.id: r for r in readings}
    before = about(by_id["meridian-2026-05-15-soldiers"], "inspect", "commission", "bridge")
    after = about(by_id["meridian-2026-05-18-commission"], "inspect", "ruins")
    assert {s.status for s in before} <= {"planned", "conditional", "possible"}
    assert {(s.status, s.polarity) for s in after} == {("actual", "affirmed")}


def test_every_example_has_findings(readings: list[Reading]) -> None:
    for reading in readings:
        assert len(reading.statements) >= 15, reading.article.id
        assert reading.attributions


def test_matters_are_counted_as_they_are_laid_out(tmp_path: Path) -> None:
    assert run("add", "-l", tmp_path / "l.db", ROOT / "examples").exit_code == 0
    with Ledger.open(tmp_path / "l.db") as ledger:
        groups = [row["number"] for row in ledger.matters.list(limit=1_000).rows]
        counted = ledger.matters.rows(groups)
        assert sum(row["disputed"] for row in counted.values()) > 1
        assert sum(row["origins"] < row["articles"] for row in counted.values()) > 1
        with ledger.writing():
            counting._count_decided(ledger, groups)
        assert ledger.matters.rows(groups) == counted
