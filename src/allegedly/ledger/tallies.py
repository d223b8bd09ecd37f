"""Statements for pictures to count: with day, act, polarity, status and voice; with who acts on whom; with their matter and outlet.

Each keeps its polarity, its status and whether it is the author's own voice. A statement that stands in a passage shared with an
earlier article is counted apart (`copied`): ten copies are not ten confirmations. Of the articles that fit, the newest so many are counted,
so that no picture of a large ledger takes long; `Tallied.more` says whether there were others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, exists, func, select

from allegedly.compared import Stand
from allegedly.ledger import tables as t
from allegedly.ledger.search import Filters, newest, sought
from allegedly.ledger.store import Store
from allegedly.ledger.views import QUAD, READ, SAID, of_reading, within
from allegedly.records import Polarity, Status

T = TypeVar("T")
_QUAD = {act: quad for quad, acts in QUAD.items() for act in acts}
_S, _A, _V, _O = t.statements.c, t.articles.c, t.versions.c, t.outlets.c


@dataclass(frozen=True, slots=True)
class Tally:
    """One statement of an article. `day` is that of publication, `first_day` and `last_day` those that it is about."""

    statement: int
    article: int
    outlet: str | None
    day: str | None
    type: str | None
    quad: int | None
    polarity: Polarity
    status: Status
    own: bool
    copied: bool
    first_day: str | None
    last_day: str | None
    place: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who fills a role: `identity` is None for whom comparison has not recognised, `named` false for whom the article only describes."""

    entity: int
    identity: int | None
    name: str
    type: str
    named: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One statement of who acts on whom, for each actor with each recipient."""

    statement: int
    article: int
    outlet: str | None
    day: str | None
    type: str
    quad: int
    polarity: Polarity
    status: Status
    own: bool
    copied: bool
    actor: Bearer
    recipient: Bearer


@dataclass(frozen=True, slots=True)
class Part:
    """What one statement of an outlet's article does with a matter's proposition."""

    statement: int
    matter: int
    article: int
    outlet: str
    stand: Stand
    copied: bool


@dataclass(frozen=True, slots=True)
class Tallied(Generic[T]):
    """Counts over the articles (their numbers, the newest before the others) that fit; `more` where there were yet others."""

    rows: tuple[T, ...]
    articles: tuple[int, ...]
    more: bool


def _copied() -> ColumnElement[bool]:
    """The statement's sentence stands in a passage that its article shares with an earlier one."""
    c = t.copies.c
    return exists().where(c.later == _A.number, ~_S.title, c.later_start < _S.sentence_end, c.later_end > _S.sentence_start)


def _asked(store: Store, words: str, filters: Filters, most: int) -> tuple[tuple[int, ...], bool, Any, list[ColumnElement[bool]]]:
    """The articles to count in, whether there are more, their statements with all that is said of them, and what these must fit."""
    asked = sought(store, words, filters)
    found, following = newest(store, asked, limit=most)
    readings = store.each_of(row.reading for row in found)
    said = SAID.join(readings, of_reading(_S.number, readings.c.value))
    return tuple(row.number for row in found), following is not None, said, asked.of_statements()


def tallies(store: Store, words: str, filters: Filters, *, placed: bool, most: int) -> Tallied[Tally]:
    """Statements with their article, act, polarity, status, voice and day; with `placed`, those that name a place, and which."""
    articles, more, said, conditions = _asked(store, words, filters, most)
    where = (_S.place, _S.country) if placed else ()
    keys = (
        *(_S.number.label("statement"), _A.number.label("article"), _O.name.label("outlet"), _V.day, _S.type, _S.polarity, _S.status),
        *(_S.voice.is_(None).label("own"), _copied().label("copied"), _S.first_day, _S.last_day, *where),
    )
    every = select(*keys).select_from(said).where(*conditions).order_by(_S.number)
    rows = store.rows(every.where(_S.place.is_not(None)) if placed else every)
    return Tallied(tuple(_tally(row) for row in rows), articles, more)


def _tally(row: Any) -> Tally:
    statement, article, outlet, day, kind, polarity, status, own, copied, first, last = row[:11]
    place, country = row[11:] or (None, None)
    quad = _QUAD.get(kind)
    return Tally(statement, article, outlet, day, kind, quad, polarity, status, bool(own), bool(copied), first, last, place, country)


def acts(store: Store, words: str, filters: Filters, *, most: int) -> Tallied[Act]:
    """Statements with an act, an actor and a recipient; who is only described and not recognised is among them."""
    articles, more, said, conditions = _asked(store, words, filters, most)
    return Tallied(_acts(store, said, conditions), articles, more)


def acts_of(store: Store, items: Iterable[int]) -> tuple[Act, ...]:
    """The same of these statements."""
    wanted = store.each_of(items)
    return _acts(store, SAID.join(wanted, wanted.c.value == _S.number), ())


def _acts(store: Store, source: Any, conditions: Iterable[ColumnElement[bool]]) -> tuple[Act, ...]:
    roles: list[Any] = []
    for role in ("actor", "recipient"):
        parties, entities, known = (table.alias(f"{role}_{table.name}") for table in (t.statement_entities, t.entities, t.identities))
        source = source.join(parties, (parties.c.statement == _S.number) & (parties.c.role == role))
        source = source.join(entities, entities.c.number == parties.c.entity)
        source = source.join(known, known.c.number == entities.c.identity, isouter=True)
        e = entities.c
        roles += [
            *(e.number.label(f"{role}_entity"), e.identity.label(f"{role}_identity"), e.type.label(f"{role}_type")),
            func.coalesce(func.nullif(known.c.label, ""), e.name).label(f"{role}_name"),
            e.aliases.is_not(None).label(f"{role}_named"),
        ]
    keys = (
        *(_S.number.label("statement"), _A.number.label("article"), _O.name.label("outlet"), _V.day, _S.type, _S.polarity, _S.status),
        *(_S.voice.is_(None).label("own"), _copied().label("copied")),
    )
    query = select(*keys, *roles).select_from(source).where(_S.type.is_not(None), *conditions)
    rows = store.rows(query.order_by(_S.number, *(role for role in roles if role.name.endswith("_entity"))))
    return tuple(_act(row._mapping) for row in rows)


def _act(row: Any) -> Act:
    facts = {name: row[name] for name in ("statement", "article", "outlet", "day", "type", "polarity", "status")}
    own, copied = bool(row["own"]), bool(row["copied"])
    return Act(**facts, quad=_QUAD[row["type"]], own=own, copied=copied, actor=_bearer(row, "actor"), recipient=_bearer(row, "recipient"))


def _bearer(row: Any, role: str) -> Bearer:
    return Bearer(**{name: row[f"{role}_{name}"] for name in ("entity", "identity", "name", "type")}, named=bool(row[f"{role}_named"]))


def parts(store: Store, *, most: int) -> Tallied[Part]:
    """What outlets do with the matters that two of them or more take part in: with so many matters, those of most articles."""
    m, members = t.matters.c, t.matter_members
    shared = select(m.number).where(m.outlets >= 2).order_by(m.articles.desc(), m.number.desc()).limit(most + 1)
    matters = [row.number for row in store.rows(shared)]
    wanted = store.each_of(matters[:most])
    source = members.join(wanted, wanted.c.value == members.c.matter).join(t.statements, _S.number == members.c.member)
    source = source.join(READ, within(_S.number))
    keys = (
        *(_S.number.label("statement"), members.c.matter, _A.number.label("article"), _O.name.label("outlet"), members.c.stand),
        _copied().label("copied"),
    )
    query = select(*keys).select_from(source).where(members.c.stand.is_not(None), _O.name.is_not(None)).order_by(members.c.member)
    rows = tuple(Part(**{**row._mapping, "copied": bool(row.copied)}) for row in store.rows(query))
    return Tallied(rows, tuple(dict.fromkeys(row.article for row in rows)), len(matters) > most)
