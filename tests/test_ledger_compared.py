"""What comparison keeps in the ledger, what people decide, and the views, on SQLite and, where there is one, PostgreSQL."""

import contextlib
import dataclasses
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from allegedly.compare.claims import claims
from allegedly.compare.copies import Original
from allegedly.compare.index import MemoryIndex
from allegedly.compare.stories import Vector
from allegedly.compared import Copy, Designation, Verdict, key
from allegedly.errors import LedgerError
from allegedly.export.record import jsonl
from allegedly.inquiry import stores
from allegedly.inquiry.comparing import compare
from allegedly.ledger import Entry, Ledger
from allegedly.ledger import tables as t
from allegedly.ledger.fulltext import said
from allegedly.ledger.groups import LATEST, Postings, posted
from allegedly.ledger.tables import metadata
from allegedly.ledger.views import VIEWS, definitions
from allegedly.records import Reader, Reading

DOCS = Path(__file__).parent.parent / "docs" / "ledger.md"


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, empty_ledger: str) -> Iterator[Ledger]:
    """A new, empty ledger in either database."""
    where = empty_ledger if request.param == "sqlite" else request.getfixturevalue("postgresql_ledger")
    with Ledger.open(where) as opened:
        yield opened


@pytest.fixture
def filled(ledger: Ledger, make_reading: Callable[[str], Reading]) -> Ledger:
    """Three articles with claims."""
    ledger.add([Entry(reading, None, claims(reading)) for reading in map(make_reading, ("one", "two", "three"))])
    return ledger


def reread(reading: Reading) -> Reading:
    return dataclasses.replace(reading, reader=Reader("0.2.0", "2" * 64, "1" * 64))


# --- the inverted index ----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.integers(1, 2**40), st.sets(st.sampled_from([key("k", str(n)) for n in range(12)]), min_size=1), max_size=12),
    st.sets(st.sampled_from([key("k", str(n)) for n in range(12)])),
    st.integers(1, 3),
    st.integers(1, 6),
)
def test_the_index_answers_as_one_in_memory_does(
    ledger: Ledger, items: dict[int, set[int]], asked: set[int], least: int, most: int
) -> None:
    def look() -> None:
        with ledger.writing():
            memory = MemoryIndex()
            ledger.index.put("other", 1000, asked)
            for item in sorted(items):
                ledger.index.put("claim", item, items[item])
                ledger.index.put("claim", item, items[item])  # again changes nothing
                memory.put("claim", item, items[item])
            found = ledger.index.near("claim", asked, least=least, most=most)
            assert list(found) == list(memory.near("claim", asked, least=least, most=most))
            raise KeyError  # so that the next example finds nothing

    with pytest.raises(KeyError):
        look()


def test_of_a_common_key_the_latest_items_count(ledger: Ledger) -> None:
    with ledger.writing():
        for item in range(LATEST + 5):
            ledger.index.put("claim", item, [7])
    assert [item for item, _ in ledger.index.near("claim", [7], most=2 * LATEST)] == list(range(5, LATEST + 5))


def test_a_kind_that_was_undone_can_be_made_again(ledger: Ledger) -> None:
    def undone() -> None:
        with ledger.writing():
            ledger.index.put("claim", 1, [1])
            assert ledger.index.near("claim", [1]) == [(1, 1)]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undone()
    ledger.index.put("other", 2, [1])
    ledger.index.put("claim", 3, [1])
    assert (ledger.index.near("claim", [1]), ledger.index.near("other", [1])) == ([(3, 1)], [(2, 1)])


def test_claims_are_found_by_more_of_a_key_than_others_and_as_older_ledgers_have_them(ledger: Ledger) -> None:
    one, other = 5, 5 + (1 << 63)  # of which all but what they lie together by is the same
    for kind in ("claim", "other"):
        ledger.index.put(kind, 1, [one])
    assert ledger.index.near("other", [other]) == [(1, 1)]
    assert ledger.index.near("claim", [other]) == []
    kind = ledger.index._kinds.number("claim")
    ledger.index._blocks.add([posted(kind, one)] * 2, [1, 2], most=LATEST)
    again = Postings(ledger._store, ledger.index._kinds)
    assert again.lists("claim", [one, other]) == {one: [1, 2], other: [1, 2]}
    again.drop("claim", 1, [one])
    assert again.lists("claim", [one]) == {one: [2]}
    again.put("claim", 3, [one])
    assert again.near("claim", [one]) == [(2, 1), (3, 1)]


def test_notes_and_counts(ledger: Ledger) -> None:
    ledger.note("vector", {1: b"a", 2: b"b"})
    ledger.note("vector", {2: b"\x00c"})
    assert ledger.notes("vector", [1, 2, 3]) == {1: b"a", 2: b"\x00c"}
    ledger.count("word", {key("a"): 1, key("b"): 1})
    ledger.count("word", {key("a"): 3})
    assert ledger.counts("word", [key("a"), key("b"), key("c")]) == {key("a"): 4, key("b"): 1}


# --- claims ----------------------------------------------------------------------------------------------------------


def test_claims_come_back(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    made = {claim.statement: claim for claim in claims(make_reading("two"))}
    found = filled.claims(articles=[2])
    assert len(found) >= 6
    assert [dataclasses.replace(claim, item=made[claim.statement].item) for claim in found] == [made[claim.statement] for claim in found]
    assert filled.claims([found[2].item, found[0].item]) == [found[0], found[2]]
    rows = {row.statement: row for row in filled.statements(articles=[2]).rows}
    assert {claim.item: (claim.words, claim.lemma, claim.voice, claim.polarity) for claim in found}.items() <= {
        number: (row.sentence, made_lemma, row.voice, row.polarity)
        for number, row in rows.items()
        for made_lemma in [next((c.lemma for c in found if c.item == number), "")]
    }.items()


def test_an_article_that_is_read_again_counts_once(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    compare(filled)
    before = {row["label"]: row["articles"] for row in filled.identities.list(limit=500).rows}
    assert max(before.values()) == 3
    twice = reread(make_reading("two"))
    nobody = tuple(m for m in twice.mentions if m.entity != twice.entities[0].id)
    for reading in (twice, dataclasses.replace(twice, reader=Reader("0.3", "3", "3"), entities=twice.entities[1:], mentions=nobody)):
        filled.add([Entry(reading, None, claims(reading) if reading is twice else ())])
        compare(filled)
        after = {row["label"]: row["articles"] for row in filled.identities.list(limit=500).rows}
        gone = {twice.entities[0].name} if reading is not twice else set()
        assert after == {label: count - (label in gone) for label, count in before.items()}


def test_claims_that_were_just_added_are_those_that_are_kept(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    odd = make_reading("odd")
    odd = dataclasses.replace(odd, article=dataclasses.replace(odd.article, id="o\udc80dd", title="A \udc80 title"))
    filled.add([Entry(odd, None, claims(odd))])
    known = filled.claims(articles=[1, 2, 3, 4])
    filled._claims._known.clear()
    assert filled.claims(articles=[1, 2, 3, 4]) == known


def test_readings_that_were_just_added_are_those_that_are_kept(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    opened = {number: jsonl(filled.reading(number)) for number in (1, 2, 3)}
    assert {number: jsonl(reading) for number, reading in filled.readings(opened).items()} == opened
    undone(filled, Entry(reread(make_reading("one"))))
    assert {number: jsonl(reading) for number, reading in filled.readings(opened).items()} == opened


def undone(ledger: Ledger, entry: Entry) -> None:
    """Add it in a transaction that fails afterwards."""
    with contextlib.suppress(ZeroDivisionError), ledger.writing():
        ledger.add([entry])
        ledger.claims([1 // 0])


def test_claims_have_the_identities_of_their_parties(filled: Ledger) -> None:
    eaf = next(one for one in filled.entities([1])[1] if one.name == "Eastern Assembly Front")
    assert "eaf" in eaf.names
    identity = filled.identities.start([eaf.number], label="Eastern Assembly Front", type="organization")
    parties = {party.name: party.identity for claim in filled.claims(articles=[1]) for party in (*claim.actors, *claim.recipients)}
    assert parties["Eastern Assembly Front"] == identity
    assert {number for name, number in parties.items() if name != "Eastern Assembly Front"} == {None}
    assert filled.who("the EAF") == []
    assert [one["number"] for one in filled.who("E.A.F.")] == []
    assert filled.who("EAF")[0]["number"] == identity


def test_claims_of_a_reading_that_is_current_no_longer_are_gone(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    before = filled.claims(articles=[1])
    again = reread(make_reading("one"))
    filled.add([Entry(again, None, claims(again))])
    assert filled.claims([claim.item for claim in before]) == []
    assert [claim.statement for claim in filled.claims(articles=[1])] == [claim.statement for claim in before]


def test_stages_are_handed_each_reading_once(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    assert filled.pending("stories", 2) == [1, 2]
    filled.done("stories", [1, 2])
    assert (filled.pending("stories"), filled.pending("copies")) == ([3], [1, 2, 3])
    filled.add([Entry(reread(make_reading("one")))])
    assert filled.pending("stories") == [3, 1]
    filled.done("stories", [3, 1])
    assert filled.pending("stories") == []


# --- groups ----------------------------------------------------------------------------------------------------------


def test_groups(filled: Ledger) -> None:
    one = filled.stories.start([1, 2], label="a bridge", articles=2)
    two = filled.stories.start([3], label="talks", articles=1)
    assert filled.stories.of([1, 2, 3, 4]) == {1: one, 2: one, 3: two}
    filled.stories.join(two, [2])
    assert filled.stories.members([one, two]) == {one: (1,), two: (2, 3)}
    filled.stories.set(two, articles=7)
    assert filled.stories.rows([two])[two]["label"] == "talks"
    first = filled.stories.list(limit=1)
    assert [row["number"] for row in first.rows] == [two]
    assert [row["number"] for row in filled.stories.list(after=first.next, limit=1).rows] == [one]
    assert filled.stories.list(after=first.next, limit=1).next is None
    assert [row["number"] for row in filled.stories.list(label="talks").rows] == [two]
    filled.stories.merge(one, two)
    assert (filled.stories.members([one, two]), filled.stories.rows([two])) == ({one: (1, 2, 3)}, {})
    filled.stories.leave([1])
    assert filled.stories.members([one]) == {one: (2, 3)}


def test_stands(filled: Ledger) -> None:
    items = [claim.item for claim in filled.claims(articles=[1, 2])][:3]
    matter = filled.matters.start(items, label="The army shelled the bridge.", item=items[0], disputed=True)
    stands = {
        items[0]: ("asserts", Verdict("same", 1.0, "itself")),
        items[1]: ("reports_denial", Verdict("denies", 0.75, "polarity", ("did not", "§"))),
    }
    filled.set_stands(stands)
    assert filled.stands(items) == stands
    assert [row["number"] for row in filled.matters.list(disputed=True).rows] == [matter]
    assert {row.matter for row in filled.statements(items=items).rows} == {matter}


def test_copies_and_designations(filled: Ledger) -> None:
    found = [Copy(1, 2, (0, 10), (5, 15), 62, 0.95, True), Copy(2, 3, (0, 10), (0, 10), 70, 1.0, False)]
    filled.add_copies(found)
    assert filled.copies().rows == tuple(reversed(found))
    assert filled.copies([1]).rows == (found[0],)
    page = filled.copies(limit=1)
    assert filled.copies(after=page.next, limit=1).rows == (found[0],)
    filled.drop_copies(3)
    assert filled.copies().rows == (found[0],)
    bearers = [entity.number for entity in filled.entities([1])[1][:2]]
    one, two = (filled.identities.start([bearer], label=name) for bearer, name in zip(bearers, ("the Front", "EAF"), strict=True))
    filled.add_designations(
        [
            Designation(one, 1, "rebels", "description", 2),
            Designation(two, 1, "rebels", "description", 1),
            Designation(two, 2, "EAF", "name", 4),
        ]
    )
    filled.identities.merge(one, two)
    assert filled.designations([one, two]) == [Designation(one, 1, "rebels", "description", 3), Designation(one, 2, "EAF", "name", 4)]
    filled.drop_designations(1)
    assert [d.article for d in filled.designations([one])] == [2]


# --- decisions -------------------------------------------------------------------------------------------------------


def test_decisions_survive_a_re_reading_and_an_edit(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    first = {row.lemma: row.statement for row in filled.statements(articles=[1]).rows}
    filled.decide("note", "matter", [first["attend"]], note="seen the invitation", by="Ada")
    again = reread(make_reading("one"))
    again = dataclasses.replace(again, statements=again.statements[2:])
    filled.add([Entry(again)])
    (decision,) = filled.decisions("matter")
    rows = {row.statement: row.lemma for row in filled.statements(articles=[1]).rows}
    assert decision.members[0] != first["attend"]
    assert rows[decision.members[0] or 0] == "attend"
    text = make_reading("one").article.text
    later = make_reading("one")
    edit = dataclasses.replace(later, article=dataclasses.replace(later.article, text=text + " A late line."))
    filled.add([Entry(edit)])
    assert filled.decisions()[0].members[0] not in (None, decision.members[0])
    gone = dataclasses.replace(later, article=dataclasses.replace(later.article, text=text.replace("plans to attend", "hopes to attend")))
    filled.add([Entry(dataclasses.replace(gone, statements=()))])
    assert filled.decisions()[0].members == (None,)
    assert filled.decisions()[0].anchors[0].quote == "The Front plans to attend talks in Brennia on 20 May."


def test_decisions_win_over_the_machine(filled: Ledger) -> None:
    one, two = filled.stories.start([1, 2]), filled.stories.start([3])
    filled.decide("merge", "story", [1, 3])
    filled.decide("split", "story", [2], by="Ada", note="another bridge")
    for _ in range(2):  # whatever comparison makes of them, and as often as it does
        assert one in filled.settle("story")
        groups = filled.stories.of([1, 2, 3])
        assert groups[1] == groups[3] == one != groups[2]
        filled.stories.join(one, [2])
        filled.stories.join(filled.stories.start([]), [3])
    filled.decide("reject", "story", [3])
    filled.settle("story")
    assert set(filled.stories.of([1, 2, 3])) == {1, 2}
    assert two not in filled.stories.rows([two])
    assert [one.kind for one in filled.decisions()] == ["merge", "split", "reject"]


def test_decisions_about_identities(filled: Ledger) -> None:
    halvik = [next(one.number for one in filled.entities([n])[n] if one.name == "Maren Halvik") for n in (1, 2)]
    filled.decide("merge", "identity", halvik)
    filled.settle("identity")
    assert len(set(filled.identities.of(halvik).values())) == 1
    with pytest.raises(ValueError, match="not in the ledger"):
        filled.decide("merge", "identity", [1, 2])
    with pytest.raises(ValueError, match="no such decision"):
        filled.decide("guess", "identity", halvik)  # type: ignore[arg-type]


# --- views and documentation -----------------------------------------------------------------------------------------


def test_views_answer(filled: Ledger) -> None:
    items = [claim.item for claim in filled.claims(articles=[1, 2])][:3]
    filled.matters.start(items, label="The army shelled the bridge.")
    filled.set_stands({items[0]: ("asserts", Verdict("same", 1.0, "itself"))})
    filled.stories.start([1, 2])
    filled.add_copies([Copy(1, 2, (0, 40), (0, 40), 62, 0.95, True)])
    filled.add_designations([Designation(filled.identities.start([]), 1, "rebels", "description", 2)])
    counts = {}
    for view in VIEWS:
        rows = filled._store.say(f"SELECT * FROM {view.__name__}")
        counts[view.__name__] = len(rows)
        names = set(rows[0]._mapping) if rows else set()
        if "statement" in names:
            assert names >= {"voice", "polarity", "status", "sentence", "outlet", "published"}
            assert all(row.voice and row.polarity in ("affirmed", "negated") and row.status for row in rows)
    assert counts["articles_read"] == 3
    assert counts["edited_articles"] == 0
    assert all(count for view, count in counts.items() if view != "edited_articles")
    denied = filled._store.say(
        "SELECT voice, sentence FROM who_did_what WHERE name = 'Ardovian army' AND role = 'actor' AND polarity = 'negated'"
    )
    assert len(denied) == 3
    assert {row.voice for row in denied} == {"Maren Halvik"}


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 3_000_000) | st.none(), st.lists(st.tuples(st.integers(0, (1 << 24) - 1), st.integers(0, 65_535)), max_size=20))
def test_vectors_come_back(day: int | None, words: list[tuple[int, int]]) -> None:
    vector = Vector(day, tuple(key for key, _ in words), tuple(weight for _, weight in words))
    assert stores._vector(stores._vector_note(vector)) == vector


@settings(deadline=None, max_examples=20)
@given(st.none() | st.text(), st.sets(st.integers(0, 900)), st.sets(st.integers(0, 900)))
def test_where_an_original_has_notes_and_quotations_comes_back(published: str | None, one: set[int], other: set[int]) -> None:
    aside, quoted = (tuple(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)) for edges in (one, other))
    source = Original("words", published or None, aside, quoted)
    assert stores._original(stores._original_note(source), "words") == source


def test_an_article_is_compared_with_texts_and_opens_no_other_reading(filled: Ledger, make_reading: Callable[[str], Reading]) -> None:
    compare(filled)
    before = len(filled.copies().rows)
    reading = make_reading("four")
    filled.add([Entry(reading, None, claims(reading))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "reading", lambda *_: pytest.fail("a reading was opened"))
        compare(filled)
    new = filled.copies().rows[: len(filled.copies().rows) - before]
    assert {copy.earlier for copy in new} == set(filled.numbers(["one", "two", "three"]).values())


def test_migrations_make_the_tables_that_the_code_knows(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(name: str, kind: str, _: object) -> bool:
        return (
            name in metadata.tables if kind == "table" else name not in ("statements_of_reading", "entities_of_reading")
        )  # of PostgreSQL only

    context = MigrationContext.configure(ledger._store.connection, opts={"include_name": ours, "compare_type": False})
    assert compare_metadata(context, metadata) == []


DAYS = ("stories", "identities")


def test_a_ledger_of_an_older_version_is_taken_along(ledger: Ledger, reading: Reading) -> None:
    where = ledger._store.url.render_as_string(hide_password=False)
    ledger.add([Entry(reading)])
    words = [] if ledger._store.sqlite else ledger._store.say("SELECT chron, tsvector_to_array(words) FROM search_index")
    if words:
        new = " OR ".join(f"starts_with(one, '\ue000{kind}\ue001')" for kind in ("entity", "said", "part", "without"))
        gone = f"ARRAY(SELECT one FROM unnest(tsvector_to_array(words)) AS each (one) WHERE {new})"
        ledger._store.say(f"UPDATE search_index SET words = ts_delete(words, {gone})")
        assert ledger._store.say("SELECT chron, tsvector_to_array(words) FROM search_index") != words
    for change in (
        "DROP INDEX articles_of_reading",
        "DROP INDEX articles_of_outlet",
        "CREATE INDEX ix_articles_reading ON articles (reading)",
        "DROP VIEW who_did_what",
        "CREATE VIEW who_did_what AS SELECT number AS name FROM entities",
        *(f"ALTER TABLE {table} DROP COLUMN {day}" for table in DAYS for day in ("earliest", "latest")),
        *(f"ALTER TABLE {table} ADD COLUMN {day} TEXT" for table in DAYS for day in ("earliest", "latest")),
        *(
            f"INSERT INTO {table} (number, earliest, latest) VALUES (1, '0001-01-01', NULL), (2, '2026-05-10', '9999-12-31')"
            for table in DAYS
        ),
        "UPDATE statements SET voice = '@osk' WHERE number = (SELECT min(number) FROM statements WHERE voice IS NOT NULL)",
        "UPDATE alembic_version SET version_num = '0002'",
    ):
        ledger._store.say(change)
    ledger.close()
    with Ledger.open(where) as again:
        assert again.check() == []
        assert again.reading(1).article.text == reading.article.text
        if words:
            rows = again.statements(articles=[1]).rows
            kinds = {one for row in rows for one in said(row.act, row.status, row.polarity, row.voice.removeprefix("author"))}
            ((_, before),), ((_, now),) = words, again._store.say("SELECT chron, tsvector_to_array(words) FROM search_index")
            assert set(now) == {one for one in before if not one.startswith("\ue000said")} | kinds
        assert again._store.say("SELECT role FROM who_did_what")
        assert "@osk" in {row.voice for row in again.statements(articles=[1]).rows}
        for groups in (again.stories, again.identities):
            days = [(row["earliest"], row["latest"]) for _, row in sorted(groups.rows([1, 2]).items())]
            assert days == [("0001-01-01", None), ("2026-05-10", "9999-12-31")]


def test_a_voice_is_an_entity_or_words(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    kept = {row[0]: row[1] for row in ledger._store.say("SELECT number, voice FROM statements WHERE voice IS NOT NULL")}
    shown = {row[0]: row[1] for row in ledger._store.say("SELECT statement, voice FROM statements_made")}
    assert {number for number, voice in kept.items() if re.fullmatch(r"@\d+", voice) and shown[number] == "Maren Halvik"}
    for words, told in (("@@osk", "@osk"), ("officials in Osk", "officials in Osk")):
        ledger._store.say(f"UPDATE statements SET voice = '{words}' WHERE number = {min(kept)}")
        assert [row.voice for row in ledger.statements(articles=[1]).rows if row.statement == min(kept)] == [told]


def test_narrow_tables_have_no_row_numbers(empty_ledger: str) -> None:
    with sqlite3.connect(empty_ledger) as raw:
        made = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    raw.close()
    assert "WITHOUT ROWID" in made["wordings"]
    assert re.search(r"number INTEGER NOT NULL", made["statements"])  # a row number of SQLite's own


def test_the_documentation_names_every_table_and_view() -> None:
    text = DOCS.read_text("utf8")
    named = set(re.findall(r"^\| `([a-z_]+)`", text, re.MULTILINE))
    assert named == set(metadata.tables) | set(definitions(SQLiteDialect())) | {"search_index"}


def test_claims_that_are_damaged_have_a_message(ledger: Ledger, make_reading: Callable[[str], Reading]) -> None:
    reading = make_reading("one")
    ledger.add([Entry(reading, None, claims(reading))])
    ledger._store.run(t.readings.update(), {"claims": b"\x02no claims"})
    with Ledger.open(ledger._store.name) as again, pytest.raises(LedgerError, match="damaged"):
        again.claims(articles=[1])
