"""What the page of a person, body or place shows: what it is said to do, what is said to be done to it, and what it says, and by whom.

Counts are of articles, with copies of one text and without. They are made over the latest articles that name it (`Entity.counted`), so that
a page about somebody whom everybody names costs no more than any other.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from allegedly.compare.copies import origins
from allegedly.compared import Copy
from allegedly.inquiry.answers import names_of
from allegedly.inquiry.held import decided_of, held_in
from allegedly.records import Span

if TYPE_CHECKING:
    from allegedly.compare.identity import Identity
    from allegedly.compare.names import NamesTable
    from allegedly.ledger import Involved, Ledger, Rows, StatementRow

Role = Literal["actor", "recipient", "voice"]
How = Literal["own", "told", "denied", "other"]
"""In whose words, and whether it is to have happened: affirmed as actual by the outlet itself ("own") or by a source ("told"), denied by
anybody ("denied"), or planned, demanded, possible, conditional or asked ("other")."""
NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Count:
    """Articles, and how many are left when copies of one text count once."""

    articles: int = 0
    origins: int = 0


@dataclass(frozen=True, slots=True)
class Deeds:
    """An event type in a role: how many articles state it, by `How`."""

    role: Role
    type: str
    counts: Mapping[How, Count]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another identity that takes part in the same statements: those in which ours acts on it, and those in which it acts on ours."""

    number: int
    name: str
    type: str
    acts_on: Mapping[How, Count]
    acted_on_by: Mapping[How, Count]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, month or year of publication (`when`, an ISO prefix), and the events that its articles affirm as actual, by role and quad."""

    when: str
    counts: Mapping[tuple[Role, int], Count]


@dataclass(frozen=True, slots=True)
class Entity:
    """An identity. `known` is what comparison keeps of it, None where it keeps nothing; `row` its counts over the whole ledger."""

    number: int
    row: Mapping[str, Any]
    known: "Identity | None"
    names: "NamesTable"
    deeds: tuple[Deeds, ...]
    neighbours: tuple[Neighbour, ...]
    stretches: tuple[Stretch, ...]
    statements: Mapping[tuple[Role, bool], int]
    """How many events it takes part in (False), and how many statements (True)."""
    events: tuple[int, ...]
    """The events that it takes part in as actor or recipient."""
    articles: tuple[int, ...]
    """The articles that are counted, the newest before the others."""
    more: bool
    """Whether older articles name it that are not counted."""


@dataclass(frozen=True, slots=True)
class Statements:
    """A page of what somebody takes part in, each with the role; `next` is the key of the page that follows."""

    rows: "tuple[tuple[Role, StatementRow], ...]"
    next: tuple[int, int] | None


def entity_of(ledger: "Ledger", number: int, *, window: "Rows[Involved] | None" = None) -> Entity | None:
    """The page of an identity; None where there is no such identity. `window`: the first of what it takes part in, where that is known."""
    from allegedly.inquiry import stores

    row = ledger.identities.rows([number]).get(number)
    if row is None:
        return None
    found = window or ledger.involved(number)
    every = _as_decided(ledger, number, found.rows)
    parts = [part for part in every if part.role != "voice"]
    counting = _Counting(ledger, every)
    return Entity(
        number=number,
        row=row,
        known=stores.Identities(ledger).identities([number]).get(number),
        names=names_of(ledger, number),
        deeds=_deeds(parts, counting),
        neighbours=_neighbours(ledger, parts, counting),
        stretches=_stretches(parts, counting),
        statements={
            (role, untyped): sum(part.role == role and (untyped or part.type is not None) for part in every)
            for role in get_args(Role)
            for untyped in (False, True)
        },
        events=tuple(dict.fromkeys(part.statement for part in parts if part.type)),
        articles=tuple(dict.fromkeys(part.article for part in every)),
        more=found.next is not None,
    )


def statements_of(
    ledger: "Ledger",
    number: int,
    role: Role | None = None,
    *,
    every: bool = False,
    after: tuple[int, int] | None = None,
    limit: int = 25,
    window: "Rows[Involved] | None" = None,
) -> Statements:
    """The events in which an identity takes part as `role`, newest articles first; with `every`, statements that are no events too.

    Without a role, each statement is listed once, with the first role that the identity has in it. A page looks at one window of
    articles (see `Ledger.involved`): it can have fewer statements, or none, though there are further pages.
    """
    found = window if window and after is None else ledger.involved(number, after=after)
    fitting: dict[int, Involved] = {}
    for part in _as_decided(ledger, number, found.rows):
        if role in (None, part.role) and (every or part.type):
            fitting.setdefault(part.statement, part)
    chosen = list(fitting.values())
    listed = ledger.statements(items=[part.statement for part in chosen[:limit]]).rows
    rows = {row.statement: row for row in decided_of(ledger, listed).kept(listed)}
    page = tuple((part.role, rows[part.statement]) for part in chosen[:limit] if part.statement in rows)
    return Statements(page, chosen[limit - 1].key if len(chosen) > limit else found.next)


def _as_decided(ledger: "Ledger", number: int, parts: "Sequence[Involved]") -> "list[Involved]":
    """What an identity takes part in as people left it: with their edits, without what they rejected or gave to somebody else.

    A part that an edit gave it counts in articles in which it takes part in something else, too.
    """
    held = held_in(ledger, {part.article for part in parts})
    bearers = ledger.identities.of(party for one in held.values() for role in one.moved() for party in one.parties[role])
    moved = {(item, role) for item, one in held.items() for role in one.moved()}
    mine = {key for key in moved if number in map(bearers.get, held[key[0]].parties[key[1]])}
    out, articles = [], {part.article: part for part in parts}
    for part in parts:
        one, key = held.get(part.statement), (part.statement, part.role)
        if one is None:
            out.append(part)
        elif one.review.state != "rejected" and (key in mine or key not in moved):
            out.append(one.involved(part))
    for item, role in sorted(mine - {(part.statement, part.role) for part in parts}):
        listed = ledger.statements(items=[item]).rows
        out += [held[item].involved(_new_part(articles[row.article], row, role)) for row in listed]
    return sorted(out, key=lambda part: (-part.key[0], part.statement))


def _new_part(near: "Involved", row: "StatementRow", role: Role) -> "Involved":
    """A part in a statement of an article of which another part is known."""
    return replace(
        near,
        key=(near.key[0], row.statement),
        statement=row.statement,
        role=role,
        type=row.type,
        polarity=row.polarity,
        status=row.status,
        voice=row.voice,
        in_title=row.in_title,
        sentence=(row.sentence_start, row.sentence_end),
        others=(),
    )


# --- counting --------------------------------------------------------------------------------------------------------


def how(polarity: str, status: str, voice: str) -> How:
    """Which count a statement belongs to."""
    if polarity == "negated":
        return "denied"
    if status != "actual":
        return "other"
    return "own" if voice == "author" else "told"


class _Counting:
    """Counts parts in articles, with copies and without: a statement in a passage that two articles share is one origin's."""

    def __init__(self, ledger: "Ledger", parts: "Iterable[Involved]") -> None:
        self.copies = ledger.copies_among({part.article for part in parts})

    def count(self, parts: "Iterable[Involved]") -> Count:
        """Articles of these parts."""
        at: dict[int, Span] = {}
        articles = set()
        for part in parts:
            articles.add(part.article)
            if not part.in_title:
                start, end = at.get(part.article, part.sentence)
                at[part.article] = min(start, part.sentence[0]), max(end, part.sentence[1])
        touching: list[Copy] = [copy for copy in self.copies if copy.earlier in at and copy.later in at]
        return Count(len(articles), len(set(origins(articles, touching, at=at).values())) if touching else len(articles))

    def by(self, parts: "Iterable[Involved]", key: "Callable[[Involved], Hashable]") -> dict[Any, Count]:
        """Counts of the parts that have equal keys."""
        return {found: self.count(those) for found, those in grouped(parts, key).items()}


def grouped(parts: "Iterable[Involved]", key: "Callable[[Involved], Hashable]") -> "dict[Any, list[Involved]]":
    """Parts by key, in the order in which the keys are met."""
    out: dict[Any, list[Involved]] = {}
    for part in parts:
        out.setdefault(key(part), []).append(part)
    return out


def _how(part: "Involved") -> How:
    return how(part.polarity, part.status, part.voice)


def _deeds(parts: "Sequence[Involved]", counting: _Counting) -> tuple[Deeds, ...]:
    """By role and type, those of most articles first."""
    typed = grouped((part for part in parts if part.type), lambda part: (part.role, part.type))
    ranked = sorted(typed, key=lambda key: (key[0], -counting.count(typed[key]).articles, key[1]))
    return tuple(Deeds(role, act, counting.by(typed[role, act], _how)) for role, act in ranked)


def _neighbours(ledger: "Ledger", parts: "Sequence[Involved]", counting: _Counting) -> tuple[Neighbour, ...]:
    """Those who take part in statements of most articles."""
    met: dict[int, list[Involved]] = {}
    for part in parts:
        for other in part.others:
            met.setdefault(other, []).append(part)
    ranked = sorted(met, key=lambda other: (-len({part.article for part in met[other]}), other))[:NEIGHBOURS]
    rows = ledger.identities.rows(ranked)
    out = []
    for other in ranked:
        if other in rows:
            sides = grouped(met[other], lambda part: part.role)
            counts = (counting.by(sides.get(role, ()), _how) for role in ("actor", "recipient"))
            out.append(Neighbour(other, rows[other]["label"], rows[other]["type"], *counts))
    return tuple(out)


def _stretches(parts: "Sequence[Involved]", counting: _Counting) -> tuple[Stretch, ...]:
    """Days, months or years, by how long a time the articles cover; without what is denied or not actual, and without undated articles."""
    from allegedly.ledger.views import QUAD

    quads = {act: quad for quad, acts in QUAD.items() for act in acts}
    dated = [part for part in parts if part.day and part.type in quads and _how(part) in ("own", "told")]
    if not dated:
        return ()
    days = sorted(part.day or "" for part in dated)
    covered = (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days
    length = 10 if covered <= 31 else 7 if covered <= 3 * 366 else 4
    by_time = grouped(dated, lambda part: (part.day or "")[:length])
    counted = {when: counting.by(those, lambda part: (part.role, quads[part.type or ""])) for when, those in by_time.items()}
    return tuple(Stretch(when, counted[when]) for when in sorted(counted, reverse=True))
