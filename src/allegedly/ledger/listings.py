"""Pages of articles and statements, as `search` and the listings show them: every statement with its voice, polarity and status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from allegedly.ledger import tables as t
from allegedly.ledger.groups import Rows
from allegedly.ledger.search import Filters, Term, matching, names_like, passage, statement_conditions, terms
from allegedly.ledger.store import Store
from allegedly.ledger.versions import ArticleRow, article_rows
from allegedly.ledger.views import statements_made
from allegedly.records import Polarity, Sourcing, Span, Status

AROUND = 160
"""Characters shown on either side of the words that were looked for."""
SHOWN = 3
"""Statements shown with an article that was found."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as listings show it. `voice` is "author" or a source's name; roles are the words of the article; days are ISO dates."""

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


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: a passage with the words (`span` is where they stand in it), and what it states there."""

    article: ArticleRow
    passage: str
    span: Span | None
    statements: tuple[StatementRow, ...]


def search(store: Store, words: str, filters: Filters, *, after: int | None, limit: int) -> Rows[Hit]:
    """Articles that fit, newest first."""
    asked = terms(words)
    found = matching(store, asked, filters, after=after, limit=limit + 1)
    page = found[:limit]
    listed = article_rows(store, [row.number for row in page])
    names = names_like(store, filters.entity) if filters.entity else []
    conditions = statement_conditions(filters, names)
    hits = tuple(_hit(store, listed[row.number], asked, conditions) for row in page)
    return Rows(hits, page[-1].chron if len(found) > limit else None)


def _hit(store: Store, article: ArticleRow, asked: Sequence[Term], conditions: Sequence[Any]) -> Hit:
    text = store.one(select(t.versions.c.text).where(t.versions.c.number == article.version))
    span = passage(text, asked)
    base = article.reading * t.ROOM
    query = _rows().where(t.statements.c.number.between(base, base + t.ROOM - 1), *conditions).order_by(t.statements.c.number)
    if span is not None:
        near = t.statements.c.title.is_(False), t.statements.c.sentence_start < span[1], t.statements.c.sentence_end > span[0]
        query = query.where(*near)
    said = tuple(_statement(row) for row in store.rows(query.limit(SHOWN)))
    if span is None:
        return Hit(article, said[0].sentence if said and conditions else text[: 2 * AROUND], None, said)
    start, end = _window(text, span)
    return Hit(article, text[start:end], (span[0] - start, span[1] - start), said)


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
    """Statements that fit, newest articles first, in reading order within one; `after` is (article's chron, statement)."""
    conditions = statement_conditions(filters, names_like(store, filters.entity) if filters.entity else [])
    out: list[StatementRow] = []
    chrons: dict[int, int] = {}
    before = after and after[0] + 1
    while len(out) <= limit:
        found = matching(store, terms(words), filters, after=before, limit=limit + 1)
        for row in found:
            base = row.reading * t.ROOM
            first = after[1] + 1 if after and row.chron == after[0] else base
            query = _rows().where(t.statements.c.number.between(first, base + t.ROOM - 1), *conditions)
            said = store.rows(query.order_by(t.statements.c.number).limit(limit + 1 - len(out)))
            out += map(_statement, said)
            chrons[row.number] = before = row.chron
            if len(out) > limit:
                break
        if len(found) <= limit:
            break
    page = tuple(out[:limit])
    return Rows(page, (chrons[page[-1].article], page[-1].statement) if len(out) > limit else None)


def statements_of(store: Store, items: Iterable[int] | None, articles: Iterable[int] | None) -> Rows[StatementRow]:
    """Statements by number, or all of some articles, in the order of their numbers; those of readings that are current."""
    query = _rows().order_by(t.statements.c.number)
    if items is not None:
        wanted = store.each_of(items)
        query = query.where(t.statements.c.number.in_(select(wanted.c.value)))
    if articles is not None:
        chosen = store.each_of(articles)
        query = query.where(t.articles.c.number.in_(select(chosen.c.value)))
    return Rows(tuple(_statement(row) for row in store.rows(query)))
