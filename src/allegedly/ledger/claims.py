"""Statements as comparison needs them: packed together by article, without what their rows, the text and the entities' rows say."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from allegedly.compared import Claim, Party, content_of
from allegedly.errors import LedgerError
from allegedly.ledger import tables as t
from allegedly.ledger.packing import unpack_records
from allegedly.ledger.store import Store
from allegedly.ledger.views import SAID, of_reading, sentence, spoken
from allegedly.ledger.words import kept

UNPACKED = 50_000
"""Claims that are kept unpacked in memory: new ones meet mostly the same, those that begin matters of what is often told."""


class Claims:
    """Claims by number. Those of an article are packed together; those asked for last stay unpacked, but for who their parties are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, Claim | None] = OrderedDict()
        store.forget.append(self._known.clear)

    def get(self, items: Iterable[int] | None, articles: Iterable[int] | None) -> list[Claim]:
        """Claims of statements, or all those of articles; of current readings only. In the order of their numbers."""
        a, s = t.articles.c, t.statements.c
        if articles is not None:
            wanted = self._store.each_of(articles)
            its = t.articles.join(wanted, wanted.c.value == a.number).join(t.statements, of_reading(s.number, a.reading))
            listed = [row.number for row in self._store.rows(select(s.number).select_from(its).order_by(s.number))]
        else:
            asked = set(items or ())
            wanted = self._store.each_of({item // t.ROOM for item in asked})
            current = {row.reading for row in self._store.rows(select(a.reading).join(wanted, wanted.c.value == a.reading))}
            listed = sorted(item for item in asked if item // t.ROOM in current)
        self._load([item for item in listed if item not in self._known])
        found = [claim for item in listed if (claim := self._known[item]) is not None]
        for item in listed:
            if item % t.ROOM >= t.ROOM - t.ADDED:  # what people added they may change
                del self._known[item]
            else:  # an article's own are the first to be forgotten: most of them nobody asks for again
                self._known.move_to_end(item, last=articles is None)
        while len(self._known) > UNPACKED:
            self._known.popitem(last=False)
        return self._identified(found)

    def times(self, items: Iterable[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
        """Of statements of current readings the first and the last day that they tell of, and when their articles were published."""
        listed = list(items)
        s, readings, numbers = t.statements.c, self._store.each_of({item // t.ROOM for item in listed}), self._store.each_of(listed)
        a, r, v = t.articles.c, t.readings.c, t.versions.c
        current = t.articles.join(readings, readings.c.value == a.reading).join(t.readings, r.number == a.reading)
        published = select(a.reading, v.published).select_from(current.join(t.versions, v.number == r.version))
        day = {row.reading: row.published for row in self._store.rows(published)}
        said = select(s.number, s.first_day, s.last_day).join(numbers, numbers.c.value == s.number)
        return {
            row.number: (row.first_day, row.last_day, day[reading])
            for row in self._store.rows(said)
            if (reading := row.number // t.ROOM) in day
        }

    def hold(self, claims: Mapping[int, Claim | None]) -> None:
        """Claims that were just added, as they are kept."""
        self._known |= claims

    def _load(self, items: Sequence[int]) -> None:
        """Unpack claims of readings that are current; None for statements that have none."""
        if not items:
            return
        s, r = t.statements.c, t.readings.c
        readings, numbers = self._store.each_of({item // t.ROOM for item in items}), self._store.each_of(items)
        packs = select(r.number, r.claims, t.versions.c.text).join(readings, readings.c.value == r.number)
        packed = self._store.rows(packs.join(t.versions, t.versions.c.number == r.version))
        with self._undamaged():
            opened = {row.number: unpack_records(Claim, row.claims, row.text) for row in packed if row.claims}
        rows = select(t.statements, t.articles.c.id, sentence().label("words"), spoken().label("said_by")).select_from(SAID)
        rows = rows.where(r.number.in_(select(readings.c.value)), s.number.in_(select(numbers.c.value)))
        self._known |= dict.fromkeys(items)
        stated = [(row, build) for row in self._store.rows(rows) if (build := opened.get(row.number // t.ROOM))]
        with self._undamaged():
            built = [(row, claim) for row, build in stated if (claim := build(row.number % t.ROOM)) is not None]
            who = self._named({entity for row, claim in built for entity in _entities(claim, row.number)})
            self._known |= {row.number: whole(claim, row, who) for row, claim in built}

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, TypeError, IndexError, KeyError, StopIteration):
            advice = "Restore the ledger from a backup, or make it anew"
            raise LedgerError(self._store.name, "damaged", "what an article's statements are compared by is damaged", advice) from None

    def _named(self, numbers: Iterable[int]) -> dict[int, Party]:
        """Entities, by number, as parties of claims."""
        e, wanted = t.entities.c, self._store.each_of(numbers)
        rows = self._store.rows(select(e.number, e.name, e.type).join(wanted, wanted.c.value == e.number))
        return {row.number: Party(row.name, row.type) for row in rows}

    def _identified(self, found: list[Claim]) -> list[Claim]:
        """The same with the identities that their parties have by now."""
        wanted = self._store.each_of([claim.item for claim in found])
        parties, e = t.statement_entities.c, t.entities.c
        query = select(parties.statement, e.name, e.identity).join(wanted, wanted.c.value == parties.statement)
        query = query.join(t.entities, e.number == parties.entity).where(e.identity.is_not(None))
        who = {(row.statement, row.name): row.identity for row in self._store.rows(query)}

        def named(item: int, those: tuple[Party, ...]) -> tuple[Party, ...]:
            return tuple([replace(one, identity=who.get((item, kept(one.name)))) for one in those])

        return [replace(one, actors=named(one.item, one.actors), recipients=named(one.item, one.recipients)) for one in found]


def bare(claim: Claim, place: int, lemma: str, who: Mapping[Party, int]) -> Claim:
    """A claim as it is packed: without what is in its statement's row (its lemma, where it has another), in the text, or its arguments; for
    parties that are entities with rows, their places are `identity`.
    """
    content = () if claim.content == content_of(claim.lemma, claim.arguments) else claim.content
    own = "" if claim.lemma == lemma else claim.lemma
    rest: dict[str, Any] = {"act": None, "polarity": "affirmed", "status": "actual", "voice": "author", "force": "says"}
    rest |= {"sourcing": "none", "start": None, "end": None, "place": None}
    for role in ("actors", "recipients"):
        parties = [replace(one, identity=None) for one in getattr(claim, role)]
        rest[role] = tuple([Party("", "other", who[one]) if one in who else one for one in parties])
    return replace(claim, article="", item=place, words="", content=content, lemma=own, **rest)


def whole(claim: Claim, row: Any, who: Mapping[int, Party]) -> Claim:
    """The claim again, from its statement's row, and from the entities of its reading, by number."""
    names = ("act", "polarity", "status", "force", "sourcing", "place")
    said = {name: getattr(row, name) for name in names} | {
        "start": row.first_day,
        "end": row.last_day,
        "voice": "author" if row.said_by is None else row.said_by,
    }
    lemma = claim.lemma or row.lemma
    content = claim.content or content_of(lemma, claim.arguments)
    for role in ("actors", "recipients"):
        said[role] = tuple(
            [who.get(number, one) if (number := _entity(one, row.number)) is not None else one for one in getattr(claim, role)]
        )
    return replace(claim, item=row.number, article=row.id, words=row.words, lemma=lemma, content=content, **said)


def _entities(claim: Claim, item: int) -> Iterator[int]:
    """The numbers of the entities that are parties of a claim as it is packed."""
    yield from (number for one in (*claim.actors, *claim.recipients) if (number := _entity(one, item)) is not None)


def _entity(one: Party, item: int) -> int | None:
    return None if one.name or one.identity is None else item // t.ROOM * t.ROOM + one.identity
