"""What groups are counted by: of members, however many, no more than counting takes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, select

from allegedly.compared import Copy, Stand
from allegedly.ledger import tables as t
from allegedly.ledger.groups import copy_of
from allegedly.ledger.store import Store
from allegedly.ledger.views import SAID, of_reading


class Appeared(NamedTuple):
    """An article's number, its outlet's, and its place in time, which begins with its day (see `tables.chron`)."""

    article: int
    outlet: int | None
    chron: int

    @property
    def dated(self) -> bool:
        """Whether its day is known."""
        return self.chron >= t.DATED

    @property
    def order(self) -> tuple[int, int]:
        """By day, and then by number."""
        return self.chron // t.DAY, self.article


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of a matter: its article, that one's outlet (by number) and date as published, and where its sentence stands.

    `stand` is what the machine found; None where a person put the statement there.
    """

    statement: int
    stand: Stand | None
    article: int
    outlet: int | None
    published: str | None
    in_title: bool
    sentence_start: int
    sentence_end: int


def appeared(store: Store, stories: Iterable[int]) -> dict[int, list[Appeared]]:
    """Where and when the articles of stories appeared."""
    m, a, wanted = t.story_members.c, t.articles.c, store.each_of(stories)
    members = t.story_members.join(wanted, wanted.c.value == m.story).join(t.articles, a.number == m.member)
    found: dict[int, list[Appeared]] = {}
    for story, *row in store.rows(select(m.story, a.number, a.outlet, a.chron).select_from(members)):
        found.setdefault(story, []).append(Appeared(*row))
    return found


def ties(store: Store, stories: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """The pairs of articles of each story that share a passage."""
    one, other, c, wanted = t.story_members.alias("one"), t.story_members.alias("other"), t.copies.c, store.each_of(stories)
    members = one.join(wanted, wanted.c.value == one.c.story).join(t.copies, c.later == one.c.member)
    both = members.join(other, and_(other.c.member == c.earlier, other.c.story == one.c.story))
    found: dict[int, list[tuple[int, int]]] = {}
    for story, earlier, later in store.rows(select(one.c.story, c.earlier, c.later).select_from(both).distinct()):
        found.setdefault(story, []).append((earlier, later))
    return found


def told(store: Store, matters: Iterable[int] = (), *, items: Iterable[int] | None = None) -> dict[int, list[Told]]:
    """The statements of matters, or these statements by their matters, of current readings, by number."""
    m, s, a, v, wanted = t.matter_members.c, t.statements.c, t.articles.c, t.versions.c, store.each_of(matters if items is None else items)
    mine = SAID.join(t.matter_members, m.member == s.number)
    columns = (m.matter, s.number, m.stand, a.number.label("article"), a.outlet, v.published, s.title, s.sentence_start, s.sentence_end)
    asked = (m.matter if items is None else m.member).in_(select(wanted.c.value))
    query = select(*columns).select_from(mine).where(asked).order_by(s.number)
    found: dict[int, list[Told]] = {}
    for matter, *row in store.rows(query):
        found.setdefault(matter, []).append(Told(*row))
    return found


def in_matters(store: Store, articles: Iterable[int]) -> dict[int, list[int]]:
    """The statements of articles' current readings that are in matters, by matter."""
    m, a, wanted = t.matter_members.c, t.articles.c, store.each_of(articles)
    held = t.articles.join(wanted, wanted.c.value == a.number).join(t.matter_members, of_reading(m.member, a.reading))
    found: dict[int, list[int]] = {}
    for matter, member in store.rows(select(m.matter, m.member).select_from(held)):
        found.setdefault(matter, []).append(member)
    return found


def copies_among(store: Store, articles: Collection[int]) -> list[Copy]:
    """The passages that two of these articles share, the last found before the others."""
    c, known = t.copies.c, select(store.each_of(articles).c.value)
    among = select(t.copies).where(c.later.in_(known), c.earlier.in_(known)).order_by(c.number.desc())
    return [copy_of(row) for row in store.rows(among)]
