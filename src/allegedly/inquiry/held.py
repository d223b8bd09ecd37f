"""What counts of what people decided of statements, in the rows that listings, matters and pictures are made of.

The ledger's rows are as the machine read, and of statements that people added as these say (`added`); here edits are put into them, and
those that were rejected are told. What a search finds, and is narrowed by, is what is in the rows.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from allegedly.compared import Stand, Verdict
from allegedly.inquiry.editing import place_of
from allegedly.inquiry.review import reviewed
from allegedly.ledger.reviews import Reviewed
from allegedly.ledger.tables import ROOM
from allegedly.records import Force, Review, Statement

if TYPE_CHECKING:
    from allegedly.ledger import Hit, Involved, Ledger, StatementRow
    from allegedly.ledger.involved import Role
    from allegedly.ledger.tallies import Act, Part, Tally

C = TypeVar("C", bound="Tally | Act | Part")
T = TypeVar("T", bound="Tally | Act")


@dataclass(frozen=True, slots=True)
class Held:
    """What counts of what people decided of a statement, and the statement as it is by that, with the force of its voice.

    `parties` are the ledger's numbers of the entities that take part in it, by their roles.
    """

    review: Review
    statement: Statement
    force: Force
    parties: "Mapping[Role, Collection[int]]"

    def row(self, row: "StatementRow") -> "StatementRow":
        """The statement's row with this in it."""
        row = replace(row, review=self.review.state, reviewed_by=self.review.by)
        if self.review.state != "edited":
            return row
        one, now = self.statement, dict(self.review.now)
        coded = {name: one.event and getattr(one.event, name) for name in ("act", "type", "quad")}
        words = {field: now[role] or None for role, field in _ROLES.items() if role in now}
        voice = {"voice": now["voice"], "force": self.force, "sourcing": one.sourcing} if "voice" in now else {}
        return replace(row, polarity=one.polarity, status=one.status, **coded, **words, **voice)  # type: ignore[arg-type]

    def counted(self, one: T) -> T:
        """The statement as a picture counts it, with an edit in it."""
        if self.review.state != "edited":
            return one
        event, now = self.statement.event, dict(self.review.now)
        facts: dict[str, Any] = {"polarity": self.statement.polarity, "status": self.statement.status}
        facts |= {"type": event and event.type, "quad": event and event.quad}
        return replace(one, **facts, own=now["voice"] == "author" if "voice" in now else one.own)

    def involved(self, one: "Involved") -> "Involved":
        """The same of a statement that somebody takes part in."""
        if self.review.state != "edited":
            return one
        statement, now = self.statement, dict(self.review.now)
        kind = statement.event.type if statement.event else None
        return replace(one, polarity=statement.polarity, status=statement.status, type=kind, voice=now.get("voice", one.voice))

    def moved(self) -> "tuple[Role, ...]":
        """The roles that an edit gave to others."""
        return tuple(role for role in self.parties if self.review.state == "edited" and role in dict(self.review.now))

    def part(self, one: "Part") -> "Part":
        """The same of a statement in a matter."""
        return replace(one, stand=self.stand(one.stand))

    def stand(self, stand: Stand) -> Stand:
        """How the statement stands to its matter, given how the machine's stands."""
        was, now = dict(self.review.was), dict(self.review.now)
        if self.review.state != "edited":
            return stand
        denies = (stand in ("denies", "reports_denial")) != (was.get("polarity") != now.get("polarity"))
        told = now["voice"] != "author" if "voice" in now else stand in ("reports", "reports_denial")
        return ("reports_denial" if denies else "reports") if told else ("denies" if denies else "asserts")


_ROLES = {"actor": "actors", "recipient": "recipients", "object": "object"}


def held_in(ledger: "Ledger", articles: Iterable[int]) -> dict[int, Held]:
    """What counts of what people decided of statements of articles, by the ledger's numbers of the statements.

    Articles of whose statements nothing was decided are not opened.
    """
    return _held(ledger, ledger.judged(articles))


def _held(ledger: "Ledger", articles: Iterable[tuple[str, int, int]]) -> dict[int, Held]:
    """The same for articles of which the id, the number and that of the reading are known."""
    known = {one[0]: one for one in articles}
    decided: dict[str, list[Reviewed]] = {}
    for row in ledger.reviews(known) if known else ():
        if row.kind == "statement":
            decided.setdefault(row.article, []).append(row)
    out: dict[int, Held] = {}
    for article, decisions in decided.items():
        _, number, reading = known[article]
        found = reviewed(ledger.reading(number), decisions)
        told = {one.id: one for one in found.attributions}
        held = {one.finding: one for one in found.reviews if one.holds}
        numbers = {one.id: reading * ROOM + place for place, one in enumerate(found.entities[:ROOM])}
        for place, one in enumerate(found.statements[:ROOM]):
            if one.id in held:
                source = told.get(one.voice)
                whom = {"actor": one.actor_entities, "recipient": one.recipient_entities, "voice": (source.entity,) if source else ()}
                parties = {role: [numbers[who] for who in ids if who in numbers] for role, ids in whom.items()}
                decided_of_it = Held(_own(held[one.id]), one, source.force if source else "says", parties)  # type: ignore[arg-type]
                out[reading * ROOM + place_of(one.id, place)] = decided_of_it
    return out


def _own(review: Review) -> Review:
    """Of a statement that somebody added, the row has what was edited of it."""
    return replace(review, state="added") if review.finding.startswith("r") and review.state == "edited" else review


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided of some statements, by their numbers."""

    held: Mapping[int, Held]

    def row(self, row: "StatementRow") -> "StatementRow":
        """A statement's row with what was decided in it."""
        return self.held[row.statement].row(row) if row.statement in self.held else row

    def kept(self, rows: Iterable["StatementRow"]) -> "list[StatementRow]":
        """The same of several, without those that were rejected."""
        return [row for one in rows if (row := self.row(one)).review != "rejected"]

    def stands(self, found: Mapping[int, tuple[Stand, Verdict]]) -> dict[int, tuple[Stand, Verdict]]:
        """How statements stand to their matters, given how the machine's stand."""
        return {item: (self.held[item].stand(one) if item in self.held else one, why) for item, (one, why) in found.items()}


def decided_of(ledger: "Ledger", rows: Iterable["StatementRow"]) -> Decided:
    """What people decided of the statements of articles to which these belong."""
    return Decided(_held(ledger, {(row.id, row.article, row.statement // ROOM) for row in rows}))


def hits_as_decided(ledger: "Ledger", hits: Iterable["Hit"]) -> list["Hit"]:
    """What a search found, with what people decided of its statements; it was found, and narrowed, by what the machine read."""
    listed = list(hits)
    decided = decided_of(ledger, (row for hit in listed for row in hit.statements))
    return [replace(hit, statements=tuple(map(decided.row, hit.statements))) for hit in listed]
