"""Pages of articles and statements, as `search` and the listings show them: every statement with its voice, polarity and status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from allegedly.ledger import tables as t
from allegedly.ledger.groups import Rows
from allegedly.ledger.overview import COUNTED, SearchFacets, facets
from allegedly.ledger.search import Filters, Sought, matching, newest, passage, sought, stating
from allegedly.ledger.store import Store
from allegedly.ledger.versions import ArticleRow, article_rows
from allegedly.ledger.views import of_reading, statements_made
from allegedly.records import Polarity, ReviewState, Sourcing, Span, Status

AROUND = 160
"""Characters shown on either side of the words that were looked for."""
SHOWN = 3
"""Statements shown with an article that was found."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as listings show it. `voice` is "author" or a source's name; roles are the words of the article; days are ISO dates.

    It is as the machine read it: `inquiry.held` puts into it what people decided, and by whom.
    """

    article: int
    id: str
    title: str | None
    outlet: str | None
    published: str | None
    statement: int
    sentence: str
    lemma: str
    act: str | None
    type: str | None
    quad: int | None
    actors: str | None
    recipients: str | None
    object: str | None
    polarity: Polarity
    status: Status
    voice: str
    force: str
    sourcing: Sourcing
    first_day: str | None
    last_day: str | None
    place: str | None
    in_title: bool
    sentence_start: int
    sentence_end: int
    matter: int | None
    review: ReviewState = "unreviewed"
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: a passage with the words (`span` is where they stand in it), and what it states there."""

    article: ArticleRow
    passage: str
    span: Span | None
    statements: tuple[StatementRow, ...]


def search(store: Store, words: str, filters: Filters, *, after: int | None, limit: int) -> Rows[Hit]:
    """Articles that fit, newest first. A page can have fewer than `limit`, or none, though there are further pages."""
    asked = sought(store, words, filters)
    found, following = matching(store, asked, after=after, limit=limit)
    return Rows(_hits(store, asked, found), following)


def search_with_facets(store: Store, words: str, filters: Filters, *, after: int | None, limit: int) -> tuple[Rows[Hit], SearchFacets]:
    """The same, and what can be narrowed by, as the newest articles that fit tell."""
    asked = sought(store, words, filters)
    found, following = newest(store, asked, limit=max(COUNTED, limit))
    about = facets(store, asked, found, more=following is not None)
    if after is None:
        page, rest = found[:limit], found[limit - 1].chron if len(found) > limit else following
    else:
        page, rest = matching(store, asked, after=after, limit=limit)
    return Rows(_hits(store, asked, page), rest), about


def _hits(store: Store, asked: Sought, page: Sequence[Any]) -> tuple[Hit, ...]:
    """What is shown of articles."""
    listed = article_rows(store, [row.number for row in page])
    versions = store.each_of([one.version for one in listed.values()])
    texts = store.rows(select(t.versions.c.number, t.versions.c.text).join(versions, versions.c.value == t.versions.c.number))
    spans = {row.number: passage(row.text, asked.terms) for row in texts}
    said = _said(store, {one.reading: spans[one.version] for one in listed.values()}, asked)
    whole = {row.number: row.text for row in texts}
    return tuple(
        _hit(one, whole[one.version], spans[one.version], said.get(one.number, ()), named=asked.narrow)
        for one in (listed[row.number] for row in page)
    )


def _said(store: Store, spans: Mapping[int, Span | None], asked: Sought) -> dict[int, list[StatementRow]]:
    """By article, the first statements of each reading that fit, and that stand where its span is, if it has one."""
    s = t.statements.c
    its = select(s.number, s.title, s.sentence_start, s.sentence_end)
    if asked.narrow:
        wanted = store.each_of(stating(store, asked, spans))
        query = its.join(wanted, wanted.c.value == s.number).order_by(s.number)
    else:
        wanted = store.each_of(spans)
        query = its.join(wanted, of_reading(s.number, wanted.c.value)).order_by(s.number)
    chosen: dict[int, list[int]] = {}
    for row in store.rows(query):
        span, mine = spans[row.number // t.ROOM], chosen.setdefault(row.number // t.ROOM, [])
        near = span is None or (not row.title and row.sentence_start < span[1] and row.sentence_end > span[0])
        if near and len(mine) < SHOWN:
            mine.append(row.number)
    out: dict[int, list[StatementRow]] = {}
    for one in statements_of(store, [number for mine in chosen.values() for number in mine], None).rows:
        out.setdefault(one.article, []).append(one)
    return out


def _hit(article: ArticleRow, text: str, span: Span | None, said: Sequence[StatementRow], *, named: bool) -> Hit:
    if span is None:
        return Hit(article, said[0].sentence if said and named else text[: 2 * AROUND], None, tuple(said))
    start, end = _window(text, span)
    return Hit(article, text[start:end], (span[0] - start, span[1] - start), tuple(said))


def _window(text: str, span: Span) -> Span:
    """Some characters on either side, within the paragraph, cut between words."""
    start, end = max(0, span[0] - AROUND), min(len(text), span[1] + AROUND)
    start = max(start, text.rfind("\n", 0, span[0]) + 1)
    line = text.find("\n", span[1])
    end = min(end, line if line >= 0 else end)
    while start and start < span[0] and not text[start - 1].isspace():
        start += 1
    while end < len(text) and end > span[1] and not text[end].isspace():
        end -= 1
    return start, end


def _rows() -> Any:
    s = t.statements.c
    return statements_made().add_columns(
        s.title.label("in_title"),
        s.sentence_start,
        s.sentence_end,
        select(t.matter_members.c.matter).where(t.matter_members.c.member == t.statements.c.number).scalar_subquery().label("matter"),
    )


def _statement(row: Any) -> StatementRow:
    return StatementRow(**row._mapping)


def statements(store: Store, words: str, filters: Filters, *, after: tuple[int, int] | None, limit: int) -> Rows[StatementRow]:
    """Statements that fit, newest articles first, in reading order within one; `after` is (article's chron, statement).

    A page can have fewer than `limit`, or none, though there are further pages.
    """
    asked = sought(store, words, filters)
    found, following = matching(store, asked, after=after and after[0] + 1, limit=limit + 1, stated=True)
    numbers: dict[int, list[int]] = {}
    for number in stating(store, asked, [row.reading for row in found]):
        numbers.setdefault(number // t.ROOM, []).append(number)
    chosen = [
        (row.chron, number)
        for row in found
        for number in numbers.get(row.reading, ())
        if after is None or (-row.chron, number) > (-after[0], after[1])
    ]
    shown = {row.statement: row for row in statements_of(store, [number for _, number in chosen[:limit]], None).rows}
    page = tuple(shown[number] for _, number in chosen[:limit])
    return Rows(page, chosen[limit - 1] if len(chosen) > limit else following and (following - 1, 0))


def _numbers(store: Store, readings: Sequence[int]) -> dict[int, list[int]]:
    """By reading, the numbers of its statements."""
    s, wanted = t.statements.c, store.each_of(readings)
    out: dict[int, list[int]] = {}
    for row in store.rows(select(s.number).join(wanted, of_reading(s.number, wanted.c.value)).order_by(s.number)):
        out.setdefault(row.number // t.ROOM, []).append(row.number)
    return out


def statements_of(store: Store, items: Iterable[int] | None, articles: Iterable[int] | None) -> Rows[StatementRow]:
    """Statements by number, or all of some articles, in the order of their numbers; those of readings that are current."""
    query = _rows().order_by(t.statements.c.number)
    if items is not None:
        wanted = store.each_of(items)
        query = query.where(t.statements.c.number.in_(select(wanted.c.value)))
    if articles is not None:
        a, chosen = t.articles.c, store.each_of(articles)
        current = store.rows(select(a.reading).where(a.number.in_(select(chosen.c.value)), a.reading.is_not(None)))
        theirs = store.each_of(number for mine in _numbers(store, [row.reading for row in current]).values() for number in mine)
        query = query.where(t.statements.c.number.in_(select(theirs.c.value)))
    return Rows(tuple(_statement(row) for row in store.rows(query)))
