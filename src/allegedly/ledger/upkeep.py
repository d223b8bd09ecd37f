"""Keeping a ledger: counts, checks, purging, backup and restore."""

import json
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, or_, select, text

from allegedly.errors import LedgerError
from allegedly.ledger import tables as t
from allegedly.ledger.blocks import Blocks
from allegedly.ledger.coding import text_bytes
from allegedly.ledger.fulltext import reindex, unindex_article
from allegedly.ledger.groups import KINDS, keys_of, noted
from allegedly.ledger.reviews import forget
from allegedly.ledger.store import Store
from allegedly.ledger.versions import capture, load
from allegedly.ledger.views import READ, SAID, sentence
from allegedly.ledger.words import kept, now

COUNTED = (
    *(t.articles, t.versions, t.readings, t.captures, t.statements, t.entities, t.outlets, t.stories, t.matters),
    *(t.identities, t.copies, t.decisions, t.reviews, t.samples, t.codings, t.tombstones, t.feeds),
)


def status(store: Store) -> dict[str, int]:
    """How many rows the tables that people ask about have."""
    return {table.name: store.one(select(func.count()).select_from(table)) for table in COUNTED}


# --- checking --------------------------------------------------------------------------------------------------------


def check(store: Store, *, deep: bool = True) -> list[str]:
    """What is wrong with a ledger, in words; nothing where it is whole.

    Looks at the database's own structures and at what must hold between rows; with `deep` it also opens every document and every piece of
    evidence, and compares their hashes.
    """
    problems = _structure(store) + [words.format(count) for words, query in _RULES if (count := store.one(query))]
    if store.one(select(func.count()).select_from(t.search_sums)) != store.one(text("SELECT count(*) FROM search_index")):
        problems.append("the full-text index and the articles differ in number")
    return problems + (_documents(store) if deep else [])


def _structure(store: Store) -> list[str]:
    if not store.sqlite:
        return []
    found = [row[0] for row in store.say("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"{row[0]}: a row refers to a row of {row[2]} that is not there" for row in store.say("PRAGMA foreign_key_check")]
    try:
        store.say("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
    except LedgerError as error:
        if error.kind == "read-only":
            store.warnings += ("whether the full-text index fits the articles was not checked: that takes the right to write",)
        else:
            found.append(f"the full-text index: {error.reason}")
    return found


def _count(*conditions: Any, of: Any) -> Any:
    return select(func.count()).select_from(of).where(*conditions)


_CURRENT = t.articles.join(t.readings, t.readings.c.number == t.articles.c.reading, isouter=True)
_RULES = (
    ("{} articles have no current reading", _count(or_(t.articles.c.reading.is_(None), t.readings.c.number.is_(None)), of=_CURRENT)),
    ("{} articles have a current reading of another article", _count(t.readings.c.article != t.articles.c.number, of=_CURRENT)),
    (
        "{} articles are not in the full-text index",
        _count(
            t.search_sums.c.article.is_(None),
            of=t.articles.join(t.search_sums, t.search_sums.c.article == t.articles.c.number, isouter=True),
        ),
    ),
    (
        "{} statements are of no reading",
        _count(
            t.readings.c.number.is_(None),
            of=t.statements.join(t.readings, t.readings.c.number == t.statements.c.number // t.ROOM, isouter=True),
        ),
    ),
)


def _documents(store: Store) -> list[str]:
    problems = []
    for row in store.rows(select(t.readings.c.article, t.readings.c.version).order_by(t.readings.c.number)):
        try:
            found = load(store, row.article, version=row.version).article
            hashed = store.one(select(t.versions.c.sha256).where(t.versions.c.number == row.version))
            if sha256(text_bytes(f"{found.title or ''}\n\n{found.text}")).digest() != bytes(hashed):
                problems.append(f"article {row.article}, version {row.version}: the text is not the one that was hashed")
            capture(store, row.version)
        except (LedgerError, zlib.error) as error:
            problems.append(f"article {row.article}, version {row.version}: {error}")
    return problems


# --- purging ---------------------------------------------------------------------------------------------------------


def purge(store: Store, ids: Iterable[str], *, reason: str) -> int:
    """Remove articles everywhere: all versions, readings, evidence, rows, index, comparison, and what was decided about them.

    What remains is a tombstone: hashes of the id and of each text, the time, and the reason; whoever adds the article again is refused with
    it. Stories and matters that it was in are called by what is left in them; of an identity that others name too, the forms that it was
    named by remain. Returns how many articles there were. On SQLite the freed pages are overwritten, and the index is rewritten
    without the words.
    """
    listed = list(dict.fromkeys(ids))
    gone, items = 0, list[int]()
    with store.writing():
        for given in listed:
            number = store.one(select(t.articles.c.number).where(t.articles.c.id == kept(given)))
            hashes = {sha256(text_bytes(given)).digest()}
            if number is not None:
                gone += 1
                hashes |= {bytes(row.sha256) for row in store.rows(select(t.versions.c.sha256).where(t.versions.c.article == number))}
                items += _remove(store, int(number), given)
            there = {bytes(row.sha256) for row in store.rows(select(t.tombstones.c.sha256).where(t.tombstones.c.sha256.in_(hashes)))}
            stone = {"purged": now(), "reason": kept(reason)}
            store.run(t.tombstones.insert(), [{"sha256": one, **stone} for one in sorted(hashes - there)])
        if gone:
            _sweep(store, items)
            _relabel(store)
    return gone


def _remove(store: Store, article: int, id: str) -> list[int]:
    """Everything of an article; the numbers that it and its statements and entities had."""
    items = [article]
    unindex_article(store, article)
    readings = [row.number for row in store.rows(select(t.readings.c.number).where(t.readings.c.article == article))]
    _forget_labels(store, article, readings)
    versions = [row.number for row in store.rows(select(t.versions.c.number).where(t.versions.c.article == article))]
    for reading in readings:
        rows = (reading * t.ROOM, reading * t.ROOM + t.ROOM - 1)
        for table in (t.statements, t.entities):
            items += [row.number for row in store.rows(select(table.c.number).where(table.c.number.between(*rows)))]
        for table, column in _OF_READING:
            store.run(delete(table).where(table.c[column].between(*rows)))
        store.run(delete(t.wordings).where(t.wordings.c.reading == reading))
        store.run(t.matters.update().where(t.matters.c.item.between(*rows)), {"item": None})
    for table, columns in _OF_ARTICLE:
        store.run(delete(table).where(or_(*(table.c[column] == article for column in columns))))
    store.run(delete(t.captures).where(t.captures.c.version.in_(versions)))
    store.run(delete(t.readings).where(t.readings.c.article == article))
    store.run(delete(t.versions).where(t.versions.c.article == article))
    store.run(delete(t.articles).where(t.articles.c.number == article))
    _forget_decisions(store, id)
    forget(store, id)
    return items


_OF_READING: Sequence[tuple[Table, str]] = (
    (t.matter_members, "member"),
    (t.statements, "number"),
    (t.entities, "number"),
)
_OF_ARTICLE: Sequence[tuple[Table, tuple[str, ...]]] = (
    (t.copies, ("earlier", "later")),
    (t.designations, ("article",)),
    (t.story_members, ("member",)),
)


def _forget_labels(store: Store, article: int, readings: Iterable[int]) -> None:
    """A label is a title or a sentence of some member: groups that the article was in have none until `_relabel`."""
    story = select(t.story_members.c.story).where(t.story_members.c.member == article)
    store.run(t.stories.update().where(t.stories.c.number.in_(story)), {"label": ""})
    for reading in readings:
        mine = t.matter_members.c.member.between(reading * t.ROOM, reading * t.ROOM + t.ROOM - 1)
        matter = select(t.matter_members.c.matter).where(mine)
        store.run(t.matters.update().where(t.matters.c.number.in_(matter)), {"label": "", "item": None})


def _relabel(store: Store) -> None:
    """Groups without a label take the title of their earliest article, or the sentence of their first statement, as comparison would."""
    member, said = t.story_members.c, t.matter_members.c
    titles = select(member.story, t.versions.c.title, t.articles.c.id).select_from(
        READ.join(t.story_members, member.member == t.articles.c.number).join(t.stories, t.stories.c.number == member.story)
    )
    sentences = select(said.matter, sentence()).select_from(
        SAID.join(t.matter_members, said.member == t.statements.c.number).join(t.matters, t.matters.c.number == said.matter)
    )
    undated = t.articles.c.chron < t.DATED
    for table, query in (
        (t.stories, titles.where(t.stories.c.label == "").order_by(undated, t.articles.c.chron)),
        (t.matters, sentences.where(t.matters.c.label == "").order_by(t.statements.c.number)),
    ):
        labels: dict[int, str] = {}
        for group, *words in store.rows(query):
            labels.setdefault(group, next(filter(None, words), ""))
        for group, label in labels.items():
            store.run(table.update().where(table.c.number == group), {"label": label})


def _forget_decisions(store: Store, id: str) -> None:
    """Decisions quote: those about the article go, with what they quote of it."""
    for row in store.rows(select(t.decisions.c.number, t.decisions.c.anchors)):
        anchors = json.loads(row.anchors)
        left = [anchor for anchor in anchors if anchor["id"] != id]
        mine = t.decisions.c.number == row.number
        if not left:
            store.run(delete(t.decisions).where(mine))
        elif len(left) < len(anchors):
            store.run(t.decisions.update().where(mine), {"anchors": json.dumps(left, ensure_ascii=False)})


_GROUPS = (
    (t.stories, t.story_members.c.story),
    (t.matters, t.matter_members.c.matter),
    (t.identities, t.entities.c.identity),
)
_NUMBERED = {"articles": t.articles, "statements": t.statements, "identities": t.identities, "matters": t.matters}


def _sweep(store: Store, gone: Iterable[int]) -> None:
    """Groups that are empty, postings and notes of items that are gone, and the index's own remains of the words."""
    removed = list(gone)
    for group, member in _GROUPS:
        query = select(group.c.number).where(~select(member).where(member == group.c.number).exists())
        empty = [row.number for row in store.rows(query)]
        removed += empty
        listed = store.each_of(empty)
        if group is t.identities:
            store.run(delete(t.designations).where(t.designations.c.identity.in_(select(listed.c.value))))
        store.run(delete(group).where(group.c.number.in_(select(listed.c.value))))
    for kind in store.rows(select(t.kinds)):
        numbered = t.kinds_of.get(kind.name)
        there: set[int] = set()
        listed = store.each_of(removed)
        for one in (_NUMBERED[numbered],) if numbered else (t.articles, t.statements, t.entities):
            there |= {row.number for row in store.rows(select(one.c.number).where(one.c.number.in_(select(listed.c.value))))}
        lost = [number for number in removed if number not in there]
        for wide in (False, True):
            Blocks(store, t.postings).without(lost, *keys_of(kind.number, wide=wide))
        listed = store.each_of(noted(kind.number, number) for number in lost)
        store.run(delete(t.notes).where(t.notes.c.number.in_(select(listed.c.value))))
        if kind.name == t.TALLY:  # what is gone may be in any of them: they are made again
            store.run(delete(t.notes).where(t.notes.c.number % (1 << KINDS) == kind.number))
    if store.sqlite:
        store.say("INSERT INTO search_index (search_index) VALUES ('optimize')")


# --- backup and restore ----------------------------------------------------------------------------------------------


def backup(store: Store, to: Path) -> dict[str, int]:
    """Write the whole ledger into one SQLite file, check that, and return its counts. A file that is there already is not overwritten.

    From SQLite it is the database's own online copy; from PostgreSQL the rows are copied, table by table, as of one moment.
    """
    if to.exists():
        raise LedgerError(str(to), "other", "there is a file already", "Give another name: a backup overwrites nothing")
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    try:
        if store.sqlite:
            store.copy_to(part)
        else:
            with Store(part, create=True, wait=30.0) as copy, store.writing():
                copy_rows(store, copy)
        with Store(part, create=False, wait=30.0) as copy:
            counts = _checked(store, copy)
        part.replace(to)
    except OSError as error:
        raise LedgerError(
            str(to), "other", f"the backup could not be written ({error.strerror})", "Check the folder and its rights"
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return counts


def sound(source: Path) -> None:
    """Raises LedgerError where a backup cannot be opened or is damaged."""
    try:
        with Store(source, create=False, wait=30.0) as kept_one:
            problems = check(kept_one)
    except LedgerError as error:
        raise LedgerError(str(source), error.kind, f"no backup that can be restored ({error.reason})", "Use another backup") from None
    if problems:
        raise LedgerError(str(source), "damaged", f"the backup is damaged ({problems[0]})", "Use another backup")


def restore(source: Path, store: Store) -> dict[str, int]:
    """Copy a sound backup into a new, empty ledger, check it, and return its counts."""
    with Store(source, create=False, wait=30.0) as kept_one:
        if any(status(store).values()):
            raise LedgerError(store.name, "other", "the ledger is not empty", "Restore into a new one")
        with store.writing():
            copy_rows(kept_one, store)
        return _checked(kept_one, store)


def _checked(one: Store, other: Store) -> dict[str, int]:
    problems = check(other)
    if status(one) != status(other):
        problems.append("the counts differ; was something being written meanwhile?")
    if problems:
        raise LedgerError(other.name, "damaged", f"the copy is not whole ({problems[0]})", "Try again, on another disk if need be")
    return status(other)


def copy_rows(source: Store, to: Store) -> None:
    """Every row of every table, and the full-text index anew."""
    for table in t.metadata.sorted_tables:
        query = select(*(column for column in table.c if column.computed is None))
        with source._spoken():
            for part in source.connection.execute(query).partitions(500):
                to.run(table.insert(), [dict(row._mapping) for row in part])
    reindex(to)
