"""Matters: statements, from any article, of one proposition; who asserts it, who denies it, who only reports it and according to whom.

A new claim meets candidates that share keys with it (`propositions.claim_keys`, each bound to somebody whom the claim names, see
`happenings.anchors`), and `propositions.decide` says how it stands to each. A matter is a star, not a chain: it has the claim that it began
with, whose number it bears, and up to `REPRESENTATIVES` claims in all that were found to say or deny the same as that first one. Only these
stand in the index and are compared; a claim joins where at least half of them speak for it. So the work for a claim is bounded however
large its matter and the ledger become, and what is like a matter's margin only starts a matter of its own. Members keep the verdict and
the claim that it was against.

Planned, possible, demanded and actual are different propositions here: a plan does not confirm what happened. Left out are questions and
statements that say nothing which can be found again (`happenings.comparable`).

Missed: matters that began apart are not joined later (a user can); what is said over several sentences.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol

from allegedly.compare.happenings import (
    Appearance,
    Time,
    about_one,
    at_one_time,
    bonds,
    comparable,
    context_of,
    named_in,
    opposable,
    same_sentence,
    sureness,
    time_of,
)
from allegedly.compared import Claim, Index, Stand, Verdict, beside, key
from allegedly.records import Force, Polarity, Sourcing, Status

KIND = "claim"
"""What representative claims are called in an `Index`."""
REPRESENTATIVES = 4  # claims of a matter that are compared, the first among them
CANDIDATES = 3  # claims that are looked at for a new one
CROWDED = 16  # claims under a key that is too common to find one by
SURE = 0.5  # the least score of a verdict that ties a claim to a matter

Side = Literal["same", "denies"]
Decide = Callable[[Claim, Claim], Verdict]
Keys = Callable[[Claim], tuple[Iterable[int], Iterable[int]]]
"""What a claim is found under, and what it is looked up by."""


@dataclass(frozen=True, slots=True)
class Member:
    """A claim in a matter. `side` is how it stands to the matter's first claim, by `verdict` against the claim numbered `against`."""

    matter: int
    item: int
    side: Side
    verdict: Verdict
    against: int
    representative: bool


class MatterStore(Protocol):
    """Where claims and matters are kept: the ledger, or memory."""

    def claims(self, items: Iterable[int]) -> Mapping[int, Claim]:
        """Claims by their numbers, as far as they are there."""
        ...

    def times(self, items: Iterable[int]) -> Mapping[int, Time]:
        """The times of claims, by their numbers, as far as they can be had without the claims."""
        ...

    def appearances(self, articles: Iterable[str]) -> Mapping[str, Appearance]:
        """What is known of articles, by their ids."""
        ...

    def memberships(self, items: Iterable[int]) -> Mapping[int, Member]:
        """The membership of each of these claims that is in a matter."""
        ...

    def members(self, matter: int) -> Sequence[Member]:
        """A matter's members by number; empty where there is no such matter."""
        ...

    def representatives(self, matters: Iterable[int]) -> Mapping[int, Sequence[Member]]:
        """The members that represent each of these matters, by number; those that are no matters are left out."""
        ...

    def save_claims(self, claims: Sequence[Claim]) -> None:
        """Keeps an article's claims."""
        ...

    def save_member(self, member: Member) -> None:
        """Keeps a membership, in the place of one that the claim had before."""
        ...


class MemoryMatters:
    """A `MatterStore` in memory. `where` is what is known of articles."""

    def __init__(self, where: Iterable[Appearance] = ()) -> None:
        self.by_item: dict[int, Claim] = {}
        self.where = {a.article: a for a in where}
        self.member_of: dict[int, Member] = {}
        self.in_matter: dict[int, dict[int, Member]] = {}

    def claims(self, items: Iterable[int]) -> Mapping[int, Claim]:
        """Those that are there."""
        return {i: self.by_item[i] for i in items if i in self.by_item}

    def times(self, items: Iterable[int]) -> Mapping[int, Time]:
        """Those that are there."""
        return {i: time_of(self.by_item[i], self.where) for i in items if i in self.by_item}

    def appearances(self, articles: Iterable[str]) -> Mapping[str, Appearance]:
        """Those that are known; of others only the id."""
        return {a: self.where.get(a, Appearance(a)) for a in articles}

    def memberships(self, items: Iterable[int]) -> Mapping[int, Member]:
        """Those that are there."""
        return {i: self.member_of[i] for i in items if i in self.member_of}

    def members(self, matter: int) -> Sequence[Member]:
        """By number."""
        found = self.in_matter.get(matter, {})
        return [found[i] for i in sorted(found)]

    def representatives(self, matters: Iterable[int]) -> Mapping[int, Sequence[Member]]:
        """By number."""
        return {n: [m for m in self.members(n) if m.representative] for n in matters if n in self.in_matter}

    def save_claims(self, claims: Sequence[Claim]) -> None:
        """By their numbers."""
        self.by_item |= {c.item: c for c in claims}

    def save_member(self, member: Member) -> None:
        """A claim is in one matter."""
        before = self.member_of.get(member.item)
        if before is not None:
            del self.in_matter[before.matter][member.item]
        self.member_of[member.item] = member
        self.in_matter.setdefault(member.matter, {})[member.item] = member


# --- gathering --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """What users decided, which wins over every verdict: the matter of a claim (None: it is in none), and matters that are others."""

    items: Mapping[int, int | None] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)

    def matter(self, number: int) -> int:
        """The matter that stands for this one after merges."""
        seen = {number}
        while self.merged.get(number, number) not in seen:
            number = self.merged[number]
            seen.add(number)
        return number


class Matters:
    """Gives claims their matters, article by article, in the order in which articles come."""

    def __init__(self, index: Index, store: MatterStore, *, keys: Keys, decide: Decide, decided: Decided | None = None) -> None:
        self.index, self.store, self.keys, self.decide = index, store, keys, decide
        self.decided = decided or Decided()
        self._foreseen: dict[int, tuple[list[int], list[int]]] = {}

    def add(self, claims: Sequence[Claim]) -> tuple[Member, ...]:
        """Puts an article's claims where they belong and returns the memberships that came to be, first claims of new matters included.

        A claim that meets no other is in no matter yet; its number is that of the matter that it may begin.
        """
        self.store.save_claims(claims)
        context = context_of(claims)
        found: list[Member] = []
        for claim in claims:
            if comparable(claim):
                found += self._place(claim, context)
        return tuple(found)

    def foresee(self, articles: Iterable[Sequence[Claim]]) -> None:
        """Asks index and store at once for what adding these articles' claims will ask of them claim by claim; changes no result."""
        claims = [(claim, context) for article in articles for context in (context_of(article),) for claim in article if comparable(claim)]
        self._foreseen = bound = {claim.item: self._bound(claim, context) for claim, context in claims}
        self.index.warm(KIND, {key for asked, _ in bound.values() for key in asked})
        near = {claim.item: self._met(claim, bound[claim.item][0]) for claim, _ in claims}
        there = (
            self.store.times({item for met in near.values() for item in met}),
            self.store.appearances({claim.article for claim, _ in claims}),
        )
        timely = {item for claim, _ in claims for item in self._timely(claim, near[claim.item], *there)}
        self._around(timely, ())
        self.store.memberships(near)
        self.store.representatives(near)

    def _bound(self, claim: Claim, context: Sequence[int]) -> tuple[list[int], list[int]]:
        """The keys that a claim in an article about these is looked up by, and those that it is found under."""
        sure = sureness(claim.status)
        by, under = ([key(anchor, sure) for anchor in those] for those in bonds(claim, context))
        found, asked = self.keys(claim)
        return sorted({beside(anchor, one) for one in asked for anchor in by}), sorted(
            {beside(anchor, one) for one in found for anchor in under}
        )

    def _place(self, claim: Claim, context: Sequence[int]) -> list[Member]:
        foreseen = claim.item in self._foreseen
        asked, posted = self._foreseen.pop(claim.item) if foreseen else self._bound(claim, context)
        member = self._chosen(claim) if claim.item in self.decided.items else next(iter(self._standing(claim, asked)), None)
        new: list[Member] = []
        if member is not None:
            present = self.store.representatives((member.matter,)).get(member.matter, ())
            if not present:
                first = Member(member.matter, member.matter, "same", Verdict("same", 1.0, "first"), member.matter, True)
                new, present = [first], [first]
            worth = member.against == member.matter and len(present) < REPRESENTATIVES and self._adds(claim, present)
            member = replace(member, representative=worth and member.verdict.rule != "user")
            new.append(member)
            for one in new:
                self.store.save_member(one)
        if member is None or member.representative:
            self.index.put(KIND, claim.item, posted)
        return new

    def _chosen(self, claim: Claim) -> Member | None:
        """Where a user put a claim."""
        matter = self.decided.items[claim.item]
        first = self.store.claims((matter,)).get(matter) if matter is not None else None
        if matter is None or first is None or matter == claim.item:
            return None
        verdict = self.decide(claim, first)
        return Member(matter, claim.item, "denies" if verdict.label == "denies" else "same", replace(verdict, rule="user"), matter, False)

    def _adds(self, claim: Claim, present: Sequence[Member]) -> bool:
        """Whether a claim would be found by keys that no representative has."""
        known = self.store.claims([m.item for m in present])
        return bool(set(self.keys(claim)[0]) - {k for c in known.values() for k in self.keys(c)[0]})

    def standing(self, claim: Claim, context: Sequence[int] = ()) -> list[Member]:
        """Every matter that a claim belongs to, the one that speaks most for it first. `context` is `context_of` its article's claims."""
        return self._standing(claim, self._bound(claim, context)[0])

    def _standing(self, claim: Claim, keys: Sequence[int]) -> list[Member]:
        met = self._met(claim, keys)
        near = self._timely(claim, met, self.store.times(met), self.store.appearances((claim.article,)))
        sides, known, where = self._around(near, (claim.article,))
        found: list[tuple[float, Member]] = []
        for matter, of_one in sides.items():
            others = [(known[item], side) for item, side in sorted(of_one.items()) if item in known and item != claim.item]
            one = self._in_matter(claim, matter, others, where)
            found += [one] if one is not None else []
        return [member for _, member in sorted(found, key=lambda f: (-f[0], f[1].matter))]

    def _met(self, claim: Claim, keys: Sequence[int]) -> list[int]:
        """The claims that share most keys with one, the latest of them first: what is told of one happening is told about the same time."""
        found = self.index.near(KIND, keys, most=CANDIDATES, crowded=CROWDED, latest=True)
        return [item for item, _ in found if item != claim.item]

    def _timely(self, claim: Claim, near: Iterable[int], times: Mapping[int, Time], where: Mapping[str, Appearance]) -> list[int]:
        """Those of its like that can be of one time with a claim, as far as is known: the others need not be fetched."""
        mine, named = time_of(claim, where), bool(named_in(claim))
        return [item for item in near if item not in times or at_one_time(mine, times[item], named=named)]

    def _around(
        self, near: Iterable[int], articles: Iterable[str]
    ) -> tuple[dict[int, dict[int, Side]], Mapping[int, Claim], Mapping[str, Appearance]]:
        """The matters that claims are in or may begin, with the claims that represent them and where these, and some articles, appeared."""
        listed = list(near)
        met = self.store.memberships(listed)
        matters = dict.fromkeys(met[item].matter if item in met else item for item in listed)
        present = self.store.representatives(matters)
        sides: dict[int, dict[int, Side]] = {m: {r.item: r.side for r in present.get(m, ())} or {m: "same"} for m in matters}
        known = self.store.claims({item for of_one in sides.values() for item in of_one})
        return sides, known, self.store.appearances({c.article for c in known.values()}.union(articles))

    def _in_matter(
        self, claim: Claim, matter: int, others: Sequence[tuple[Claim, Side]], where: Mapping[str, Appearance]
    ) -> tuple[float, Member] | None:
        """How much the representatives of a matter speak for a claim, at least half of them being for it, and by which."""
        votes: dict[Side, list[tuple[Verdict, int]]] = {"same": [], "denies": []}
        silent = 0  # those that say neither
        for other, side in others:
            if not about_one(claim, other, where):
                continue
            verdict = self.decide(claim, other)
            if verdict.label == "different" or verdict.score < SURE:
                continue
            if verdict.label == "denies" and (not opposable(claim, other, verdict, where) or (side == "denies" and not _turned(verdict))):
                silent += 1
                continue
            votes["same" if verdict.label == side else "denies"].append((verdict, other.item))
        weights = {side: sum(v.score for v, _ in listed) for side, listed in votes.items()}
        side = max(votes, key=lambda s: (weights[s], s == "same"))
        if not votes[side] or 2 * len(votes[side]) < len(others) - silent:
            return None
        verdict, against = max(votes[side], key=lambda v: (v[1] == matter, v[0].score, -v[1]))
        return weights[side] / len(others), Member(self.decided.matter(matter), claim.item, side, verdict, against, False)


def _turned(verdict: Verdict) -> bool:
    """Whether a denial rests on polarity alone: what denies such a denial says what that denied; "14", "none", "140" do not."""
    return verdict.rule == "opposites" and len(verdict.evidence) == 1 and verdict.evidence[0].startswith("polarity")


# --- looking ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a matter: who says what of it, how surely, where and when, and on what that rests.

    `voice` is "author" or the source's name. `copy` is true of an article that shares its origin with one that stands above it.
    """

    item: int
    article: str
    outlet: str | None
    published: str | None
    stand: Stand
    voice: str
    force: Force
    sourcing: Sourcing
    polarity: Polarity
    status: Status
    words: str
    verdict: Verdict
    against: int
    origin: int | None
    copy: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one stand: articles with copies and without, outlets, and the sources named ("author" is not one)."""

    articles: int
    origins: int
    outlets: int
    voices: int


@dataclass(frozen=True, slots=True)
class Spread:
    """An outlet in a matter: its articles with copies and without, its earliest and latest date here (None where undated)."""

    outlet: str
    articles: int
    origins: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Matter:
    """A proposition and all that is said of it. `words` are its first claim's, `rows` by date, the undated last.

    `earliest` is the row of the earliest date here. `tallies` hold the four stands, those that nobody takes with zeros.
    `articles` counts copies, `origins` counts what shares an origin once.
    """

    number: int
    words: str
    status: Status
    rows: tuple[Row, ...]
    earliest: Row | None
    tallies: Mapping[Stand, Tally]
    spread: tuple[Spread, ...]
    articles: int
    origins: int

    @property
    def disputed(self) -> bool:
        """Whether somebody affirms and somebody else denies it, in their own voice or according to others, in another sentence."""
        denials = [row for row in self.rows if row.stand in ("denies", "reports_denial")]
        others = [row for row in self.rows if row.stand not in ("denies", "reports_denial")]
        return contradicted(*(map(_speech, rows) for rows in (denials, others)))


class Speech(NamedTuple):
    """Who says something, in which article, and the sentence."""

    article: str
    voice: str
    sourcing: Sourcing
    words: str


def _speech(row: Row) -> Speech:
    return Speech(row.article, row.voice, row.sourcing, row.words)


def contradicted(denials: Iterable[Speech], others: Iterable[Speech]) -> bool:
    """Whether somebody denies what somebody else affirms, in another sentence."""
    listed = list(others)
    return any(_two_voices(a, b) and not same_sentence(a.words, b.words) for a in denials for b in listed)


def _two_voices(a: Speech, b: Speech) -> bool:
    """Whether two speakers speak; an author speaks for one article, and a named source is one in all of them."""
    return a.voice != b.voice or (a.article != b.article and a.sourcing != "named")


def stand(claim: Claim, side: Side) -> Stand:
    """What an article does with a matter's proposition by one claim: in the author's voice or according to somebody, for or against."""
    if claim.voice == "author":
        return "asserts" if side == "same" else "denies"
    return "reports" if side == "same" else "reports_denial"


def matter(number: int, store: MatterStore, *, rejected: Collection[int] = ()) -> Matter | None:
    """A matter as it stands in a store; None where there is none. `rejected` are claims that a user took out."""
    members = [m for m in store.members(number) if m.item not in rejected]
    claims = store.claims([m.item for m in members] + [number])
    if not members or number not in claims:
        return None
    return lay_out(number, [m for m in members if m.item in claims], claims, store.appearances({c.article for c in claims.values()}))


def lay_out(number: int, members: Iterable[Member], claims: Mapping[int, Claim], where: Mapping[str, Appearance]) -> Matter:
    """A matter from its members, their claims and what is known of their articles."""
    rows: list[Row] = []
    seen: dict[int, str] = {}
    dated = ((m, claims[m.item], where.get(claims[m.item].article, Appearance(claims[m.item].article))) for m in members)
    for m, c, a in sorted(dated, key=lambda x: (x[2].published is None, x[2].published or "", x[1].item)):
        copied = a.origin is not None and seen.setdefault(a.origin, c.article) != c.article
        about = (stand(c, m.side), c.voice, c.force, c.sourcing, c.polarity, c.status, c.words)
        rows.append(Row(c.item, c.article, a.outlet, a.published, *about, m.verdict, m.against, a.origin, copied))
    stands: tuple[Stand, ...] = ("asserts", "denies", "reports", "reports_denial")
    outlets = sorted({row.outlet or "" for row in rows})
    first = claims[number]
    return Matter(
        number=number,
        words=first.words,
        status=first.status,
        rows=tuple(rows),
        earliest=rows[0] if rows and rows[0].published else None,
        tallies={s: _tally([row for row in rows if row.stand == s]) for s in stands},
        spread=tuple(_spread(o, [row for row in rows if (row.outlet or "") == o]) for o in outlets),
        articles=len({row.article for row in rows}),
        origins=_origins(rows),
    )


def _origins(rows: Iterable[Row]) -> int:
    return len({("article", row.article) if row.origin is None else ("origin", row.origin) for row in rows})


def _tally(rows: Sequence[Row]) -> Tally:
    outlets, voices = {row.outlet for row in rows if row.outlet}, {row.voice for row in rows if row.voice != "author"}
    return Tally(len({row.article for row in rows}), _origins(rows), len(outlets), len(voices))


def _spread(outlet: str, rows: Sequence[Row]) -> Spread:
    dates = sorted(row.published for row in rows if row.published)
    return Spread(outlet, len({row.article for row in rows}), _origins(rows), dates[0] if dates else None, dates[-1] if dates else None)
