"""The ledger: articles in versions and readings, transactions, errors, search and upkeep, on SQLite and, where there is one, PostgreSQL."""

import dataclasses
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.errors import LedgerError
from allegedly.export.record import jsonl
from allegedly.ledger import MOST, Entry, Filters, Ledger, restore, store
from allegedly.ledger.coding import text_bytes
from allegedly.ledger.packing import pack_reading, unpack_reading
from allegedly.ledger.store import wal_is_safe
from allegedly.ledger.versions import differences
from allegedly.ledger.words import fold, hash_of
from allegedly.records import Article, Genre, Reader, Reading

OTHER_READER = Reader("0.2.0", "2" * 64, "1" * 64)


def plain(id: str, text: str, **article: object) -> Reading:
    """A reading in which nothing was found."""
    return Reading(
        Article(id, text, **article), ((0, len(text)),), (), (), (), (), (), (), (), None, (), Reader("0.1.0", "0" * 64, "1" * 64)
    )  # type: ignore[arg-type]


def edited(reading: Reading, old: str, new: str) -> Reading:
    return dataclasses.replace(reading, article=dataclasses.replace(reading.article, text=reading.article.text.replace(old, new)))


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, empty_ledger: str) -> str:
    """The address of a new, empty ledger, in either database."""
    return empty_ledger if request.param == "sqlite" else request.getfixturevalue("postgresql_ledger")


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        yield opened


# --- adding ----------------------------------------------------------------------------------------------------------


def test_added_again_is_a_duplicate(ledger: Ledger, reading: Reading) -> None:
    assert [one.what for one in ledger.add([Entry(reading), Entry(reading)])] == ["stored", "duplicate"]
    before = ledger.status()
    assert [one.what for one in ledger.add([Entry(reading)])] == ["duplicate"]
    assert ledger.status() == before
    assert ledger.check() == []


def test_a_reading_comes_back_whole(ledger: Ledger, reading: Reading) -> None:
    outcome = ledger.add([Entry(reading)])[0]
    assert outcome.article is not None
    assert jsonl(ledger.reading(outcome.article)) == jsonl(reading)


def test_an_edited_article_is_a_new_version_with_its_differences(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    later = edited(reading, "eleven people", "at least twelve people")
    outcome = ledger.add([Entry(later)])[0]
    assert outcome.what == "new version"
    before, after = ledger.versions(outcome.article or 0)
    assert (before.text, after.text) == (reading.article.text, later.article.text)
    assert before.changes == ()
    (there, here), *others = after.changes
    assert (before.text[slice(*there)].strip(), after.text[slice(*here)].strip(), others) == ("eleven", "at least twelve", [])
    assert jsonl(ledger.reading(outcome.article or 0)) == jsonl(later)
    assert jsonl(ledger.reading(outcome.article or 0, version=before.number)) == jsonl(reading)
    assert [hit.article.versions for hit in ledger.search("twelve").rows] == [2]
    assert ledger.search("eleven").rows == ()  # what counts is the current version
    assert ledger.check() == []


def test_another_title_is_another_version(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    later = dataclasses.replace(
        reading, article=dataclasses.replace(reading.article, title="Ardovia admits shelling Osk bridge"), statements=()
    )
    assert ledger.add([Entry(later)])[0].what == "new version"


def test_another_reader_gives_a_further_reading(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    again = dataclasses.replace(reading, reader=OTHER_READER, statements=reading.statements[:4])
    outcome = ledger.add([Entry(again)])[0]
    assert outcome.what == "new reading"
    (version,) = ledger.versions(outcome.article or 0)
    assert version.readers == (reading.reader, OTHER_READER)
    assert len(ledger.reading(outcome.article or 0).statements) == 4
    assert all(row.statement in outcome.items for row in ledger.statements().rows)


def test_a_new_reading_of_an_old_version_does_not_become_current(ledger: Ledger, reading: Reading) -> None:
    later = edited(reading, "eleven", "twelve")
    ledger.add([Entry(reading), Entry(later)])
    ledger.add([Entry(dataclasses.replace(reading, reader=OTHER_READER))])
    assert ledger.reading(1).article.text == later.article.text


def test_known_articles_need_no_reading(ledger: Ledger, reading: Reading) -> None:
    new = dataclasses.replace(reading.article, id="other", text="Other words.")
    ledger.add([Entry(reading)])
    known = ledger.known([reading.article, new], reading.reader)
    assert [one and one.what for one in known] == ["duplicate", None]
    assert ledger.known([reading.article], OTHER_READER) == [None]
    assert [one and one.what for one in ledger.known([reading.article], None)] == ["duplicate"]


def test_a_batch_is_all_or_nothing(ledger: Ledger, reading: Reading) -> None:
    broken = dataclasses.replace(reading, article=dataclasses.replace(reading.article, id="two"), reader=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        ledger.add([Entry(reading), Entry(broken)])
    assert ledger.status()["articles"] == 0
    assert ledger.add([Entry(reading)])[0].what == "stored"
    with pytest.raises(ValueError, match="at most 100"):
        ledger.add([Entry(reading)] * (MOST + 1))


def test_several_calls_are_one_transaction(ledger: Ledger, reading: Reading) -> None:
    def interrupted() -> None:
        with ledger.writing():
            ledger.add([Entry(reading)])
            ledger.stories.start([1], label="a bridge")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not any(ledger.status().values())


def test_evidence_is_kept(ledger: Ledger, reading: Reading) -> None:
    body = b"<html>" + reading.article.text.encode() + bytes(range(256))
    kept = SimpleNamespace(
        body=body, media_type="text/html", url="https://osk.example/1", retrieved="2026-05-10T12:00:00Z", headers=(("ETag", '"x"'),)
    )
    ledger.add([Entry(reading, kept)])
    found = ledger.capture(1)
    assert found is not None
    assert (found.body, found.headers, found.retrieved) == (body, (("ETag", '"x"'),), "2026-05-10T12:00:00Z")
    assert ledger.capture(2) is None


def test_what_a_database_cannot_hold_comes_back_too(ledger: Ledger) -> None:
    reading = plain("odd", "A\x00B \ud800 and more", title="T\ud801", url="https://osk.example/\ud802")
    assert ledger.add([Entry(reading)])[0].what == "stored"
    assert ledger.reading(1) == reading
    assert ledger.add([Entry(reading)])[0].what == "duplicate"
    assert ledger.check() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=5), st.floats(0, 1))
def test_documents_come_back(text: str, spans: list[tuple[int, int]], score: float) -> None:
    reading = dataclasses.replace(plain("x", text, genre=Genre("report", round(score, 4), tuple(spans))), sentences=tuple(spans))
    assert unpack_reading(pack_reading(reading, [text]), [text], name="x") == reading


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_differences_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    out, at = [], 0
    for a, b, c, d in differences(old, new):
        out += [old[at:a], new[c:d]]
        at = b
    assert "".join([*out, old[at:]]) == new


# --- search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("The ŠKODA-Affair", "the skoda affair"),
        ("cafe\u0301s", "cafes"),
        ("ﬁrst Straße", "first strasse"),
        ("Norland's 40,000", "norland s 40 000"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("__ -- !", ""),
    ],
)
def test_fold(words: str, folded: str) -> None:
    assert fold(words) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)


TEXTS = (
    ("a", "2026-05-01", "The ministry in Velm denied the report. Café owners met the envoy of Norland."),
    ("b", "2026-05-02", "A report of the ministry: the CAFE was closed; the minister's envoy left."),
    ("c", None, "Nobody met. Reporters waited in Osk, \u212aelvin said."),
    ("d", "2026-04-30", "The envoy met the ministry of Norland in Osk, a ministry report said."),
)
QUERIES = {
    "ministry": ["b", "a", "d"],
    "ministry report": ["b", "a", "d"],
    '"ministry report"': ["d"],
    "cafe": ["b", "a"],
    "café -velm": ["b"],
    "report*": ["b", "a", "d", "c"],
    '"the mini*"': [],
    "minister's": ["b"],
    "-ministry": ["c"],
    "kelvin": ["c"],
    '"of norland"': ["a", "d"],
    "' OR 1 --": [],
    '"': ["b", "a", "d", "c"],
    "nothing-like-it": [],
    '"report the"': [],
    '"the ministry" -"the ministry of norland"': ["b", "a"],
    'minister\'s* -"cafe was"': [],
    '"the cafe" report*': ["b"],
    '"envoy left nobody"': [],
}


@pytest.fixture
def searched(ledger: Ledger) -> Ledger:
    ledger.add(
        [Entry(plain(name, text, published=day, outlet="The Osk Post" if name in "ab" else "Velm Daily")) for name, day, text in TEXTS]
    )
    return ledger


def test_search(searched: Ledger) -> None:
    assert {words: [hit.article.id for hit in searched.search(words).rows] for words in QUERIES} == QUERIES
    hit = searched.search('"ministry report"').rows[0]
    assert hit.span is not None
    assert hit.passage[slice(*hit.span)] == "ministry report"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("aeé 'x*-\"()&|!:<>\\\ue000"), max_size=12))
def test_no_query_is_an_error(searched: Ledger, words: str) -> None:
    searched.search(words)


def test_pages_by_key(searched: Ledger) -> None:
    for words in ("", "report*"):
        found, after = [], None
        while True:
            page = searched.search(words, after=after, limit=1)
            found += [hit.article.id for hit in page.rows]
            after = page.next
            if after is None:
                break
        assert found == ["b", "a", "d", "c"]


def test_pages_of_what_is_rare_are_short_and_miss_nothing(
    ledger: Ledger, make_reading: Callable[[str], Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = [make_reading(f"{number}") for number in range(6)]
    ledger.add([Entry(one if number % 3 else dataclasses.replace(one, statements=())) for number, one in enumerate(readings)])
    named, negated = Filters(entity="kestria"), Filters(entity="Maren Halvik", polarity="negated")
    whole = [[row.statement for row in ledger.statements("", one).rows] for one in (named, negated)]
    assert len(whole[0]) >= 4
    monkeypatch.setattr("allegedly.ledger.search.LOOKED_AT", (2, 2))
    for look in (ledger.search, lambda *asked, after, limit: ledger.search_with_facets(*asked, after=after, limit=limit)[0]):
        found, after = [], None
        while True:
            page = look("bridge", named, after=after, limit=1)
            found += [hit.article.id for hit in page.rows]
            after = page.next
            if after is None:
                break
        assert found == [one.article.id for one in readings[::-1]]
    for filters, expected in zip((named, negated), whole, strict=True):
        found, after = [], None
        while True:
            some = ledger.statements("", filters, after=after, limit=1)
            found += [row.statement for row in some.rows]
            after = some.next
            if after is None:
                break
        assert found == expected


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(outlet="the osk post"), ["b", "a"]),
        (Filters(outlet="nobody"), []),
        (Filters(since="2026-05"), ["b", "a"]),
        (Filters(until="2026-05-01"), ["a", "d"]),
        (Filters(genre="report"), []),
        (Filters(genre="other", outlet="Velm Daily"), ["d", "c"]),
    ],
)
def test_filters_of_articles(searched: Ledger, filters: Filters, ids: list[str]) -> None:
    assert [hit.article.id for hit in searched.search("", filters).rows] == ids


def test_filters_of_statements(ledger: Ledger, make_reading: Callable[[str], Reading]) -> None:
    ledger.add([Entry(make_reading(name)) for name in ("one", "two")])
    denied = ledger.statements(filters=Filters(act="ASSAULT", polarity="negated", voice="source")).rows
    assert {(row.lemma, row.polarity, row.status, row.voice, row.force) for row in denied} >= {
        ("shell", "negated", "actual", "Maren Halvik", "denies")
    }
    assert ledger.statements(filters=Filters(act="AID")).rows == ()
    who = ledger.statements(filters=Filters(entity="EAF")).rows
    assert {row.lemma for row in who} == {"trust", "attend"}
    assert {row.status for row in ledger.statements(filters=Filters(entity="eastern assembly front", status="planned")).rows} == {"planned"}
    both = ledger.search("bridge", Filters(entity="kestria", status="conditional")).rows
    assert [hit.article.id for hit in both] == ["two", "one"]
    assert ledger.search("bridge", Filters(entity="kestria", status="planned")).rows == ()  # not of one and the same statement
    with pytest.raises(ValueError, match="act"):
        Filters(act="shelling")


def test_statements_by_pages(ledger: Ledger, make_reading: Callable[[str], Reading]) -> None:
    ledger.add([Entry(make_reading(name)) for name in ("one", "two", "three")])
    everything = ledger.statements(limit=1000)
    assert everything.next is None
    found, after = [], None
    while True:
        page = ledger.statements(after=after, limit=4)
        assert len(page.rows) <= 4
        found += page.rows
        after = page.next
        if after is None:
            break
    assert tuple(found) == everything.rows
    assert [row.id for row in found] == sorted((row.id for row in found), key=["three", "two", "one"].index)


def test_rows_are_words_of_the_article(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    row = next(row for row in ledger.statements().rows if row.lemma == "shell" and not row.in_title)
    assert (row.actors, row.recipients, row.place, row.quad) == ("the Ardovian army", "the bridge at Osk", "Osk", 4)
    assert row.sentence == reading.article.text[row.sentence_start : row.sentence_end]
    assert row.sentence.endswith("where eleven people died.")


# --- outlets and feeds -----------------------------------------------------------------------------------------------


def test_outlets_are_one_under_all_their_names(ledger: Ledger) -> None:
    given = (
        ("a", "The Osk Post", None),
        ("b", "Osk Post Online", None),
        ("c", None, "https://www.oskpost.example/c"),
        ("d", "Velm Daily", None),
    )
    ledger.add([Entry(plain(name, f"Text {name}.", outlet=outlet, url=url)) for name, outlet, url in given])
    assert len(ledger.outlets()) == 4
    ledger.set_outlet("The Osk Post", aliases=["Osk Post Online"], domains=["oskpost.example"])
    outlets = {one.name: one for one in ledger.outlets()}
    assert set(outlets) == {"The Osk Post", "Velm Daily"}
    assert (outlets["The Osk Post"].aliases, outlets["The Osk Post"].domains) == (("Osk Post Online",), ("oskpost.example",))
    assert {hit.article.id for hit in ledger.search("", Filters(outlet="osk post online")).rows} == {"a", "b", "c"}
    assert ledger.read_by_outlet() == {"The Osk Post": 3, "Velm Daily": 1}
    ledger.add([Entry(plain("e", "Text e.", outlet="OSK POST ONLINE"))])
    assert ledger.articles(ledger.numbers(["e"]).values()).popitem()[1].outlet == "The Osk Post"
    assert ledger.id_at("https://www.oskpost.example/c") == "c"


def test_feeds_are_remembered(ledger: Ledger) -> None:
    url = "https://osk.example/feed"
    assert ledger.watched(url).etag is None
    ledger.keep_watch(url, etag='W/"1"', last_modified="Sun, 10 May 2026 10:00:00 GMT", seen=["a", "b"])
    ledger.keep_watch(url, etag='W/"2"', last_modified=None, seen=["b", "c"], error="no answer")
    state = ledger.watched(url)
    assert (state.etag, state.last_modified, state.seen, state.error) == ('W/"2"', None, frozenset("bc"), "no answer")


# --- upkeep ----------------------------------------------------------------------------------------------------------


def test_purge_leaves_a_tombstone_without_content(where: str, make_reading: Callable[[str], Reading]) -> None:
    secret = edited(make_reading("secret-id"), "Brennia", "Zyxwvland")
    with Ledger.open(where) as ledger:
        ledger.add([Entry(make_reading("kept")), Entry(secret)])
        items = [row.statement for row in ledger.statements(articles=ledger.numbers(["secret-id"]).values()).rows]
        ledger.index.put("claim", items[0], [1, 2])
        ledger.index.put("story", 2, [3])
        ledger.index.put("identity", 2, [3])
        ledger.note("vector", {1: b"kept", 2: b"Zyxwvland"})
        ledger.matters.start(items[:2], label="Zyxwvland should")
        story = ledger.stories.start([1, 2], label="Zyxwvland's talks")
        shared = ledger.matters.start([items[2], ledger.statements(articles=[1]).rows[0].statement], label="Zyxwvland did")
        ledger.identities.start([], label="Veldania")
        ledger.identities.start([one.number for one in ledger.entities([1])[1]], label="Maren Halvik")
        ledger.decide("note", "matter", items[-1:], note="looked at")
        assert ledger.purge(["secret-id", "never-was"], reason="asked to") == 1
        assert ledger.check() == []
        assert ledger.search("zyxwvland").rows == ()
        assert ledger.index.near("claim", [1, 2]) == []
        assert (ledger.index.near("story", [3]), ledger.notes("vector", [1, 2])) == ([], {1: b"kept"})
        assert ledger.index.near("identity", [3]) == [(2, 1)]
        assert ledger.decisions() == []
        assert ledger.status()["matters"] == 1
        assert ledger.stories.rows([story])[story]["label"] == (ledger.articles([1])[1].title or "kept")
        assert ledger.matters.rows([shared])[shared]["label"] == ledger.statements(articles=[1]).rows[0].sentence
        again = ledger.add([Entry(secret), Entry(dataclasses.replace(secret, article=dataclasses.replace(secret.article, id="renamed")))])
        assert [one.what for one in again] == ["refused", "refused"]
        assert "asked to" in (again[0].reason or "")
        assert ledger.known([secret.article], None)[0] == again[0]
    if "://" not in where:
        data = Path(where).read_bytes().lower()
        assert b"zyxwvland" not in data
        assert b"secret-id" not in data


def test_backup_and_restore(where: str, make_reading: Callable[[str], Reading], tmp_path: os.PathLike[str]) -> None:
    with Ledger.open(where) as ledger:
        ledger.add([Entry(make_reading(f"n{number}")) for number in range(3)])
        ledger.stories.start([1, 2], label="a bridge")
        counts = ledger.backup(f"{tmp_path}/copy.db")
        assert counts == ledger.status()
        with pytest.raises(LedgerError, match="a file already"):
            ledger.backup(f"{tmp_path}/copy.db")
        found = [hit.article.id for hit in ledger.search("bridge").rows]
    assert restore(f"{tmp_path}/copy.db", f"{tmp_path}/again.db") == counts
    with Ledger.open(f"{tmp_path}/again.db") as again:
        assert [hit.article.id for hit in again.search("bridge").rows] == found
        assert again.stories.members([1]) == {1: (1, 2)}
        assert again.add([Entry(make_reading("new"))])[0].article == 4
    with pytest.raises(LedgerError, match="not empty"):
        restore(f"{tmp_path}/copy.db", f"{tmp_path}/again.db")


def test_restore_to_postgresql(postgresql: str, make_reading: Callable[[str], Reading], tmp_path: os.PathLike[str]) -> None:
    with Ledger.open(f"{tmp_path}/ledger.db", create=True) as ledger:
        ledger.add([Entry(make_reading("one"))])
        counts = ledger.backup(f"{tmp_path}/copy.db")
    assert restore(f"{tmp_path}/copy.db", postgresql) == counts
    with Ledger.open(postgresql) as again:
        assert again.check() == []
        assert len(again.search("bridge").rows) == 1


def test_check_finds_damage(tmp_path: os.PathLike[str], make_reading: Callable[[str], Reading]) -> None:
    path = f"{tmp_path}/ledger.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.add([Entry(make_reading("one")), Entry(make_reading("two"))])
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE versions SET text = replace(text, 'eleven', 'twelve') WHERE number = 1")
        raw.execute("DELETE FROM search_sums WHERE article = 2")
        raw.execute("UPDATE articles SET reading = 77 WHERE number = 2")
    raw.close()
    with Ledger.open(path) as ledger:
        problems = ledger.check()
    assert any("current reading" in one for one in problems)
    assert any("full-text" in one for one in problems)
    assert any("version 1" in one for one in problems)


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_no_ledger_here(tmp_path: os.PathLike[str]) -> None:
    with pytest.raises(LedgerError, match="there is no ledger here") as error:
        Ledger.open(f"{tmp_path}/none.db")
    assert error.value.kind == "missing"
    with pytest.raises(LedgerError, match="not the path of a file"):
        Ledger.open(tmp_path, create=True)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(f"{tmp_path}/no/folder.db", create=True)
    with pytest.raises(LedgerError, match="'mysql'"):
        Ledger.open("mysql://osk/db")
    with pytest.raises(LedgerError) as error:
        Ledger.open("postgresql://me:hush@localhost:1/none", wait=1)
    assert "hush" not in str(error.value)


def test_files_that_are_no_ledgers(tmp_path: os.PathLike[str]) -> None:
    path = f"{tmp_path}/text.db"
    Path(path).write_text("This is a text. " * 400, "utf8")
    with pytest.raises(LedgerError, match="no SQLite database"):
        Ledger.open(path)
    other = f"{tmp_path}/other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE recipes (name)")
    raw.close()
    with pytest.raises(LedgerError, match="other tables"):
        Ledger.open(other, create=True)


def test_a_ledger_of_a_newer_version_is_refused(where: str) -> None:
    with Ledger.open(where) as ledger:
        ledger._store.say("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer version") as error:
        Ledger.open(where, create=True)
    assert error.value.kind == "newer"


def test_a_reading_of_a_newer_schema_is_refused(ledger: Ledger, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.ledger.packing.SCHEMA", "allegedly.reading/2")
    ledger.add([Entry(reading)])
    monkeypatch.undo()
    with pytest.raises(LedgerError, match=r"allegedly\.reading/2"):
        ledger.reading(1)


def test_a_locked_ledger(where: str, make_reading: Callable[[str], Reading]) -> None:
    with Ledger.open(where) as one, Ledger.open(where, wait=0.2) as other:
        with one.writing():
            one.add([Entry(make_reading("one"))])
            with pytest.raises(LedgerError, match="another run is writing") as error:
                other.add([Entry(make_reading("two"))])
            assert error.value.kind == "locked"
        assert other.add([Entry(make_reading("two"))])[0].what == "stored"
        assert one.check() == []


def test_two_runs_at_once_double_nothing(where: str, make_reading: Callable[[str], Reading]) -> None:
    readings = [make_reading(f"n{number}") for number in range(12)]
    Ledger.open(where).close()
    counts: dict[str, int] = {}

    def run() -> None:
        with Ledger.open(where) as ledger:
            for reading in readings:
                what = ledger.add([Entry(reading)])[0].what
                counts[what] = counts.get(what, 0) + 1

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == {"stored": 12, "duplicate": 12}
    with Ledger.open(where) as ledger:
        assert ledger.status()["articles"] == 12
        assert ledger.check() == []


def test_a_full_disk(tmp_path: os.PathLike[str], make_reading: Callable[[str], Reading]) -> None:
    path = f"{tmp_path}/ledger.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.add([Entry(make_reading("one"))])
        pages = ledger._store.say("PRAGMA page_count")[0][0]
        ledger._store.say(f"PRAGMA max_page_count={pages + 4}")
        with pytest.raises(LedgerError, match="the disk is full") as error:
            ledger.add([Entry(make_reading(f"more{number}")) for number in range(20)])
        assert error.value.kind == "full"
    with Ledger.open(path) as ledger:
        assert ledger.status()["articles"] == 1
        assert ledger.check() == []
        assert ledger.add([Entry(make_reading("two"))])[0].what == "stored"


def test_a_ledger_that_may_only_be_read(tmp_path: os.PathLike[str], make_reading: Callable[[str], Reading]) -> None:
    path = f"{tmp_path}/ledger.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.add([Entry(make_reading("one"))])
    with Ledger.open(path) as ledger:
        ledger._store.say("PRAGMA query_only=ON")
        assert len(ledger.search("bridge").rows) == 1
        with pytest.raises(LedgerError, match="not written") as error:
            ledger.add([Entry(make_reading("two"))])
        assert error.value.kind == "read-only"


def test_wal_only_where_it_is_safe(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> None:
    versions = ((3, 40, 1), (3, 44, 5), (3, 44, 6), (3, 44, 7), (3, 50, 6), (3, 50, 7), (3, 51, 2), (3, 51, 3), (3, 52, 0))
    assert [wal_is_safe(version) for version in versions] == [False, False, True, False, False, True, False, True, True]
    for safe, mode in ((False, "delete"), (True, "wal")):
        monkeypatch.setattr(store, "wal_is_safe", lambda version, safe=safe: safe)
        with Ledger.open(f"{tmp_path}/{mode}.db", create=True) as ledger:
            assert ledger._store.say("PRAGMA journal_mode")[0][0] == mode
            assert ledger._store.say("PRAGMA synchronous")[0][0] == 2
            assert len(ledger.warnings) == (not safe)


def test_errors_travel_between_processes() -> None:
    import pickle

    error = LedgerError("x.db", "full", "the disk is full", "Free some space")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "x.db: the disk is full. Free some space"


def test_the_hash_of_a_version_is_of_title_and_text() -> None:
    from hashlib import sha256

    assert hash_of(Article("a", "Text.", title="Title")) == sha256(b"Title\n\nText.").digest()
    assert text_bytes("\ud800")
