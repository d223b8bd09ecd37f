"""What groups are counted by: of members, however many, no more than counting takes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from allegedly.compared import Copy, Stand
from allegedly.ledger import tables as t
from allegedly.ledger.groups import copy_of
from allegedly.ledger.store import Store
from allegedly.ledger.views import SAID


@dataclass(frozen=True, slots=True)
class Appeared:
    """An article's outlet, by number, and its place in time, which begins with its day (see `tables.chron`)."""

    article: int
    outlet: int | None
    chron: int

    @property
    def dated(self) -> bool:
        """Whether its day is known."""
        return self.chron >= t.DATED

    @property
    def order(self) -> tuple[bool, int, int]:
        """By day, those without one last, and then by number."""
        return not self.dated, self.chron // t.DAY, self.article


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


def appeared(store: Store, articles: Iterable[int]) -> dict[int, Appeared]:
    """Where and when articles appeared, by number."""
    a, wanted = t.articles.c, store.each_of(articles)
    rows = store.rows(select(a.number, a.outlet, a.chron).join(wanted, wanted.c.value == a.number))
    return {row.number: Appeared(row.number, row.outlet, row.chron) for row in rows}


def told(store: Store, matters: Iterable[int]) -> dict[int, list[Told]]:
    """The statements of matters, of current readings, by number."""
    m, s, a, v, wanted = t.matter_members.c, t.statements.c, t.articles.c, t.versions.c, store.each_of(matters)
    mine = SAID.join(t.matter_members, m.member == s.number)
    columns = (m.matter, s.number, m.stand, a.number.label("article"), a.outlet, v.published, s.title, s.sentence_start, s.sentence_end)
    query = select(*columns).select_from(mine).where(m.matter.in_(select(wanted.c.value))).order_by(s.number)
    found: dict[int, list[Told]] = {}
    for matter, *row in store.rows(query):
        found.setdefault(matter, []).append(Told(*row))
    return found


def copies_among(store: Store, articles: Collection[int]) -> list[Copy]:
    """The passages that two of these articles share, the last found before the others."""
    known = set(articles)
    wanted, c = store.each_of(known), t.copies.c
    rows = store.rows(select(t.copies).join(wanted, wanted.c.value == c.later).order_by(c.number.desc()))
    return [copy_of(row) for row in rows if row.earlier in known]
