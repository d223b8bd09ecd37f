"""What somebody takes part in: the statements of an identity, as actor, as recipient or as the one who speaks, newest articles first.

`involved` gives them by windows of articles, so that its cost depends on the window and not on how often somebody is named.
`wordings` gives the charged and evasive forms of articles, `who` those who bear a name.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Text, cast, literal, literal_column, or_, select

from allegedly.ledger import tables as t
from allegedly.ledger.groups import Groups, Rows
from allegedly.ledger.search import bearers
from allegedly.ledger.store import Store
from allegedly.ledger.views import spoken
from allegedly.ledger.words import fold
from allegedly.records import Polarity, Span, Status, WordingKind

WINDOW = 400
"""Entities that are looked at together: about as many articles."""
Role = Literal["actor", "recipient", "voice"]
_FIRST: ColumnElement[int] = literal_column(f"listed.value / {t.ROOM} * {t.ROOM}")
_LAST: ColumnElement[int] = literal_column(f"listed.value / {t.ROOM} * {t.ROOM} + {t.ROOM - 1}")


@dataclass(frozen=True, slots=True)
class Involved:
    """One statement that an identity takes part in, as `role`. `others` are the identities in the other role, `sentence` where it stands.

    `key` is its place in the listing, newest first: the article's chron, then the statement's number. `day` is the article's.
    """

    key: tuple[int, int]
    article: int
    statement: int
    role: Role
    day: str | None
    type: str | None
    polarity: Polarity
    status: Status
    voice: str
    in_title: bool
    sentence: Span
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """A charged or evasive form in an article: of what kind, of whom (a name, "" for nobody), how often."""

    article: int
    kind: WordingKind
    form: str
    target: str
    count: int


def involved(store: Store, identity: int, *, after: tuple[int, int] | None, window: int) -> Rows[Involved]:
    """What an identity takes part in in its next `window` entities, newest articles first; `next` is where the following window begins."""
    e, a, r, v = t.entities.c, t.articles.c, t.readings.c, t.versions.c
    named = t.entities.join(t.articles, a.reading == literal_column(f"entities.number / {t.ROOM}"))
    query = select(a.chron, a.number.label("article"), a.reading, e.number).select_from(named).where(e.identity == identity)
    if after is not None:
        query = query.where(a.chron <= after[0])
    newest = query.order_by(a.chron.desc(), e.number).limit(window + 1).subquery("newest")  # found by indexes alone
    dated = newest.join(t.readings, r.number == newest.c.reading).join(t.versions, v.number == r.version)
    rows = store.rows(select(newest, v.day).select_from(dated).order_by(newest.c.chron.desc(), newest.c.number))
    more = rows[window].chron if len(rows) > window else None
    mine = [row for row in rows if row.chron != more] or rows  # one article may have a whole window of entities of one identity
    more = more if more is None or len(mine) < len(rows) else rows[-1].chron - 1
    articles = {row.reading: row for row in mine}
    roles = _roles(store, [row.number for row in mine])
    others = _others(store, roles, {row.number for row in mine})
    found = []
    for row in _lines(store, roles):
        at = articles[row.number // t.ROOM]
        if after is None or (-at.chron, row.number) > (-after[0], after[1]):
            about = (row.type, row.polarity, row.status, row.said_by or "author", row.title, (row.sentence_start, row.sentence_end))
            for role in roles[row.number]:
                key = (at.chron, row.number)
                found.append(Involved(key, at.article, row.number, role, at.day, *about, others.get((row.number, role), ())))
    found.sort(key=lambda one: (-one.key[0], one.statement))
    return Rows(tuple(found), None if more is None else (more, 0))


def _roles(store: Store, entities: Sequence[int]) -> dict[int, list[Role]]:
    """By statement, as what one of these entities takes part in it."""
    p, s, e = t.statement_entities.c, t.statements.c, t.entities.c
    ours = store.each_of(entities)
    taking = select(p.statement, p.role).join(ours, (p.entity == ours.c.value) & p.statement.between(_FIRST, _LAST))
    out: dict[int, list[Role]] = {}
    for row in store.rows(taking.order_by(p.statement, p.role).distinct()):
        out.setdefault(row.statement, []).append(row.role)
    ours = store.each_of(entities)
    says = or_(s.voice == e.name, s.voice == literal("@").concat(cast(e.number % t.ROOM, Text)))
    speaking = t.entities.join(ours, e.number == ours.c.value).join(t.statements, s.number.between(_FIRST, _LAST) & says)
    for row in store.rows(select(s.number).select_from(speaking).distinct()):
        out.setdefault(row.number, []).append("voice")
    return out


def _others(store: Store, statements: Iterable[int], mine: Collection[int]) -> dict[tuple[int, str], tuple[int, ...]]:
    """By statement and by our role in it, the identities in the other role."""
    p, e, wanted = t.statement_entities.c, t.entities.c, store.each_of(statements)
    query = select(p.statement, p.role, p.entity, e.identity).join(wanted, wanted.c.value == p.statement)
    out: dict[tuple[int, str], tuple[int, ...]] = {}
    for row in store.rows(query.join(t.entities, e.number == p.entity).where(e.identity.is_not(None)).order_by(p.statement, p.entity)):
        if row.entity not in mine:
            key = (row.statement, "recipient" if row.role == "actor" else "actor")
            out[key] = (*out.get(key, ()), row.identity)
    return out


def _lines(store: Store, statements: Iterable[int]) -> Sequence[Any]:
    s, wanted = t.statements.c, store.each_of(statements)
    query = select(s.number, s.title, s.type, s.polarity, s.status, spoken().label("said_by"), s.sentence_start, s.sentence_end)
    return store.rows(query.join(wanted, wanted.c.value == s.number))


def wordings(store: Store, articles: Iterable[int]) -> list[Worded]:
    """The charged and evasive forms of articles, in their current readings; none of machine translations, whose words are no outlet's."""
    w, wanted = t.wordings.c, store.each_of(articles)
    read = t.articles.join(wanted, wanted.c.value == t.articles.c.number).join(t.wordings, w.reading == t.articles.c.reading)
    read = read.join(t.readings, t.readings.c.number == t.articles.c.reading)
    read = read.join(t.versions, t.versions.c.number == t.readings.c.version)
    own = t.versions.c.translated_by.is_distinct_from("machine")
    query = select(t.articles.c.number.label("article"), w.kind, w.form, w.target, w["count"]).select_from(read).where(own)
    return [Worded(*row) for row in store.rows(query.order_by(t.articles.c.number, w.kind, w.form, w.target))]


def who(store: Store, name: str, limit: int) -> list[dict[str, Any]]:
    """Identities that bear a name in some of the latest articles that have it, those of most of these before the others; entities that
    have no identity stand alone.
    """
    found = bearers(store, fold(name))
    counts = Counter(row.identity or -row.number for row in found)
    names = {-row.number: row.name for row in found}
    known = Groups(store, t.identities, t.entities, member="number", group="identity").rows(one for one in counts if one > 0)
    ordered = sorted(counts, key=lambda one: (-counts[one], abs(one)))[:limit]
    return [known.get(one) or {"number": None, "label": names[one], "entity": -one, "articles": 1} for one in ordered]
