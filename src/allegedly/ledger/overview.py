"""A ledger at a glance: what came in last, what was copied most, how an outlet words things, and counts to narrow a search by.

Nothing here grows with the ledger more than its indexes do; counts of a search are made over the newest articles that it finds.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, case, cast, distinct, func, literal_column, or_, select

from allegedly.compared import Copy
from allegedly.ledger import tables as t
from allegedly.ledger.groups import Rows
from allegedly.ledger.search import Sought
from allegedly.ledger.store import Store
from allegedly.ledger.views import READ, of_reading

COUNTED = 400
"""Articles, the newest found, that facets are counted over."""
PAIRED = 1 << 31
"""Numbers of two articles in one."""
WORDED = 1_000
"""Articles of an outlet, the newest, whose words are counted."""
STATED = ("act", "polarity", "status")
VALUES = 12
"""Values of a facet, those of most articles."""


@dataclass(frozen=True, slots=True)
class SearchFacets:
    """By facet, its values with the number of articles that have them, over `counted` articles: all found, or the newest (`more`).

    Of statements (act, polarity, status, voice) those count that fit what was asked of statements. `entity` is by the name of an identity.
    """

    values: dict[str, list[tuple[str, int]]]
    counted: int
    more: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A watched feed: when it was looked at last, what went wrong then, and how many entries were seen in it."""

    url: str
    fetched: str | None
    error: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class Word:
    """A charged or evasive form that an outlet uses, of whom (""), how often, in how many articles; without machine translations."""

    kind: str
    form: str
    target: str
    times: int
    articles: int


def articles(store: Store) -> int:
    """How many articles there are."""
    return int(store.one(select(func.count()).select_from(t.articles)))


def latest(store: Store, after: int | None, limit: int) -> Rows[int]:
    """The numbers of articles, those that came in last before the others."""
    number = t.articles.c.number
    query = select(number).where(t.articles.c.reading.is_not(None), *([number < after] if after else []))
    found = [row.number for row in store.rows(query.order_by(number.desc()).limit(limit + 1))]
    return Rows(tuple(found[:limit]), found[limit - 1] if len(found) > limit else None)


def most_copied(store: Store, limit: int) -> list[tuple[Copy, int]]:
    """Passages that most later articles share with an earlier one: the longest of each such article, and how many articles have it."""
    later = func.count(distinct(t.copies.c.later)).label("others")
    most = select(t.copies.c.earlier, later).group_by(t.copies.c.earlier).order_by(later.desc(), t.copies.c.earlier).limit(limit).subquery()
    query = select(t.copies, most.c.others).join(most, most.c.earlier == t.copies.c.earlier)
    longest: dict[int, tuple[Copy, int]] = {}
    for row in store.rows(query.order_by(most.c.others.desc(), t.copies.c.earlier, t.copies.c.words.desc(), t.copies.c.number)):
        if row.earlier not in longest:
            spans = ((row.earlier_start, row.earlier_end), (row.later_start, row.later_end))
            longest[row.earlier] = Copy(row.earlier, row.later, *spans, row.words, row.likeness, bool(row.dated)), row.others
    return list(longest.values())


# --- facets ------------------------------------------------------------------------------------------------------------


def facets(store: Store, asked: Sought, page: Sequence[Any], *, more: bool) -> SearchFacets:
    """What can be narrowed by: counted over articles (rows of `newest`) that fit; `more` where there are others."""
    days = Counter(date.fromordinal(row.chron // t.DAY).isoformat()[:7] if row.chron >= t.DATED else "" for row in page)
    readings = [row.reading for row in page]
    values = {"month": sorted(days.items(), reverse=True)[: 2 * VALUES]}
    stated = asked.of_statements()
    values |= _of_articles(store, [row.number for row in page]) | _of_statements(store, readings, stated)
    values["entity"] = [] if stated else _identities(store, readings)  # not every one who is named takes part in a statement that fits
    return SearchFacets(values, len(page), more)


def _of_articles(store: Store, numbers: Sequence[int]) -> dict[str, list[tuple[str, int]]]:
    wanted = store.each_of(numbers)
    outlet, genre = func.coalesce(t.outlets.c.name, ""), t.versions.c.genre
    query = select(outlet.label("outlet"), genre).select_from(READ).join(wanted, wanted.c.value == t.articles.c.number)
    rows = store.rows(query)
    return {"outlet": _top(Counter(row.outlet for row in rows)), "genre": _top(Counter(row.genre for row in rows))}


def _of_statements(store: Store, readings: Sequence[int], conditions: Sequence[ColumnElement[bool]]) -> dict[str, list[tuple[str, int]]]:
    s = t.statements.c
    said: Any = s.facts.bitwise_and(t.places_of(*STATED)) * 2 + case((s.voice.is_not(None), 1), else_=0)
    query = _within(store, select(func.aggregate_strings(cast(said, String), ",").label("said")), readings, s.number).where(*conditions)
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*STATED, "voice")}
    values = lru_cache(maxsize=None)(_stated)
    for row in store.rows(query.group_by(literal_column(f"statements.number / {t.ROOM}"))):
        for name, value in {one for said in set(row.said.split(",")) for one in values(said)}:
            counts[name][value] += 1
    return {name: _top(found, t.ACTS) for name, found in counts.items()}


def _stated(said: str) -> list[tuple[str, str]]:
    """What one number tells of statements."""
    facts, told = divmod(int(said), 2)
    found = t.of_facts(facts, *STATED) | {"voice": "source" if told else "author"}
    return [(name, value) for name, value in found.items() if value is not None]


def _identities(store: Store, readings: Sequence[int]) -> list[tuple[str, int]]:
    """The names of those who are named in most of the readings."""
    e = t.entities.c
    identity: Any = literal_column("+entities.identity", BigInteger)  # the sum keeps SQLite from going through all that bear an identity
    count: Any = func.count(distinct(literal_column(f"entities.number / {t.ROOM}"))).label("articles")
    query = _within(store, select(identity.label("identity"), count).select_from(t.entities), readings, e.number)
    query = query.where(identity.is_not(None))
    most = query.group_by(identity).order_by(count.desc(), identity).limit(VALUES).subquery()
    named = select(t.identities.c.label, most.c.articles).join(most, most.c.identity == t.identities.c.number)
    return [(row.label, row.articles) for row in store.rows(named.order_by(most.c.articles.desc(), most.c.identity))]


def _within(store: Store, query: Select[Any], readings: Iterable[int], number: ColumnElement[int]) -> Select[Any]:
    """Rows of statements or entities of these readings."""
    wanted = store.each_of(readings)
    return query.join(wanted, of_reading(number, wanted.c.value))


def _top(counts: Counter[str], order: Sequence[str] = ()) -> list[tuple[str, int]]:
    """The values of most articles; of a closed vocabulary all."""
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return found if order else found[:VALUES]


# --- sources -----------------------------------------------------------------------------------------------------------


def feeds(store: Store) -> list[Feed]:
    """All feeds that were ever watched, by address."""
    count = select(func.count()).select_from(t.feed_entries).where(t.feed_entries.c.feed == t.feeds.c.url).scalar_subquery()
    query = select(t.feeds.c.url, t.feeds.c.fetched, t.feeds.c.error, count.label("entries")).order_by(t.feeds.c.url)
    return [Feed(row.url, row.fetched, row.error, row.entries) for row in store.rows(query)]


def wording(store: Store, outlet: int, limit: int) -> list[Word]:
    """The charged and evasive words that an outlet uses in most of its newest `WORDED` articles."""
    w, a, by = t.wordings.c, t.articles.c, t.versions.c.translated_by
    own = select(a.reading).select_from(READ).where(a.outlet == outlet, or_(by.is_(None), by != "machine"))
    newest = own.order_by(a.chron.desc()).limit(WORDED).subquery("newest")
    count = func.count().label("articles")
    query = select(w.kind, w.form, w.target, func.sum(w["count"]).label("times"), count).select_from(
        t.wordings.join(newest, w.reading == newest.c.reading)
    )
    query = query.group_by(w.kind, w.form, w.target)
    rows = store.rows(query.order_by(count.desc(), w.kind, w.form, w.target).limit(limit))
    return [Word(row.kind, row.form, row.target, int(row.times), row.articles) for row in rows]


def shared(store: Store, outlet: int) -> list[tuple[str, int, int, int]]:
    """With which outlets an outlet shares passages: name, and pairs of articles in which its own is earlier here, later, or undated."""
    c = t.copies.c
    earlier, later = t.articles.alias("earlier"), t.articles.alias("later")
    pairs = func.count(distinct(c.earlier * PAIRED + c.later)).label("pairs")
    query = (
        select(earlier.c.outlet.label("earlier"), later.c.outlet.label("later"), c.dated, pairs)
        .select_from(t.copies.join(earlier, earlier.c.number == c.earlier).join(later, later.c.number == c.later))
        .where(or_(earlier.c.outlet == outlet, later.c.outlet == outlet), earlier.c.outlet != later.c.outlet)
        .group_by(earlier.c.outlet, later.c.outlet, c.dated)
    )
    counts: dict[int, list[int]] = {}
    for row in store.rows(query):
        mine = row.earlier == outlet
        counts.setdefault(row.later if mine else row.earlier, [0, 0, 0])[2 if not row.dated else 0 if mine else 1] += row.pairs
    names = {row.number: row.name for row in store.rows(select(t.outlets.c.number, t.outlets.c.name))}
    return sorted(((names[o], n[0], n[1], n[2]) for o, n in counts.items()), key=lambda one: (-sum(one[1:]), one[0]))
