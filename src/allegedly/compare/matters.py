"""Matters: statements, from any article, of one proposition; who asserts it, who denies it, who only reports it and according to whom.

A new claim meets candidates that share keys with it (`propositions.claim_keys`, each bound to somebody whom the claim names, see
`anchors`), and `propositions.decide` says how it stands to each. A matter is a star, not a chain: it has the claim that it began with,
whose number it bears, and up to `REPRESENTATIVES` claims in all that were found to say or deny the same as that first one. Only these
stand in the index and are compared; a claim joins where at least half of them speak for it. So the work for a claim is bounded however
large its matter and the ledger become, and what is like a matter's margin only starts a matter of its own. Members keep the verdict and
the claim that it was against.

Planned, possible, demanded and actual are different propositions here: a plan does not confirm what happened. Left out are questions and
statements that say nothing which can be found again (`comparable`).

Missed: matters that began apart are not joined later (a user can); what is said over several sentences.
"""

import re
from calendar import day_name, month_name
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, Protocol

from allegedly.compared import Claim, Index, Party, Stand, Verdict, key
from allegedly.records import Force, Polarity, Sourcing, Status

KIND = "claim"
"""What representative claims are called in an `Index`."""
REPRESENTATIVES = 4  # claims of a matter that are compared, the first among them
CANDIDATES = 8  # claims that are looked at for a new one
CONTEXT = 3  # identities of an article that a claim without a name is bound to
POSTED = 2  # anchors that a claim is found by; it is looked up by all
SURE = 0.5  # the least score of a verdict that ties a claim to a matter
ALIGNED = 0.85  # the least score at which amounts, or two voices in one article, deny one another
DAYS = 3  # by which the days that two reports give for one happening may differ
NEARBY = 30  # days between articles that may tell of one happening without naming who had part in it

_CALENDAR = frozenset(map(str.casefold, (*day_name, *month_name)))
_CAPITALISED = re.compile(r"(?<=[\w,;] )[^\W\d_a-z]\w+")  # within a sentence, not at its start
_UP_TO = frozenset({"since", "until", "till", "before"})
_EACH = "#100:100%"
_WORD = re.compile(r"\w+")

Side = Literal["same", "denies"]
Decide = Callable[[Claim, Claim], Verdict]
Keys = Callable[[Claim], tuple[Iterable[int], Iterable[int]]]
"""What a claim is found under, and what it is looked up by."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where claims stand: an article with its outlet, its date (ISO, as precise as given) and its title.

    `origin` is the same for articles that are copies of one text, and None for an article of its own.
    """

    article: str
    outlet: str | None = None
    published: str | None = None
    origin: int | None = None
    title: str | None = None


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


def comparable(claim: Claim) -> bool:
    """Whether a claim says something that can be found again.

    It is no question; it names somebody or some place, or somebody does a known act; and it tells an act or has two participants ("to win
    the White House" alone is no proposition).
    """
    if claim.status == "question" or not claim.content or (claim.act is None and len(claim.arguments) < 2):
        return False
    return bool(anchors(claim)) or (claim.act is not None and bool(_parties(claim)))


def sureness(status: Status) -> str:
    """What may be compared: conditional and possible statements with one another, every other status only with its like."""
    return "possible" if status == "conditional" else status


def about_one(a: Claim, b: Claim, where: Mapping[str, Appearance]) -> bool:
    """Whether two claims can be about one happening at all, before their words are compared.

    Not where they are of different sureness, name other people, or give days that exclude one another, and not where no named party is in
    both and their articles are more than `NEARBY` days apart ("police arrested a man" is told every day).
    """
    if sureness(a.status) != sureness(b.status) or _far(a.start, a.end, b.start, b.end, DAYS):
        return False
    people = [{p.identity for p in _parties(c) if p.type == "person" and p.identity is not None} for c in (a, b)]
    if all(people) and not people[0] & people[1]:
        return False
    x, y = _dated(a, where), _dated(b, where)
    if not _far(x, x, y, y, NEARBY):
        return True
    return bool(set(_named(a)) & set(_named(b))) and (_undated(a) == _undated(b) or not _far(*_told(a, x), *_told(b, y), NEARBY))


def opposable(a: Claim, b: Claim, verdict: Verdict, where: Mapping[str, Appearance]) -> bool:
    """Whether a verdict that one claim denies the other can stand between articles, which is an accusation.

    Not within one sentence, wherever it is printed ("neither accepted nor refused"), nor within what one voice says in one article (what
    began may end there); between two voices of one article only where both tell of more than who acts. Articles more than `NEARBY` days
    apart deny one another only in so many words. What "had not happened", or not "since May", may have by now. Opposite acts deny only of
    one person or thing acted on, one place or one day, else either has its time; and amounts only of what bears one name in both: "32
    civilians were killed" and "30 civilians were killed" can be two happenings.
    """
    if _same_sentence(a.words, b.words) or (a.article, a.voice) == (b.article, b.voice):
        return False
    if a.article == b.article and (verdict.score < ALIGNED or not (_particular(a) and _particular(b))):
        return False
    x, y = _dated(a, where), _dated(b, where)
    if _far(x, x, y, y, NEARBY) and "denies" not in (a.force, b.force):
        return False
    if a.negative != b.negative and a.earlier != b.earlier:  # "won", "had not won"
        return False
    if any(c.negative and any(argument.role in _UP_TO for argument in c.arguments) for c in (a, b)):
        return False
    if verdict.rule == "amounts":
        return verdict.score >= ALIGNED and (bool(set(_named(a)) & set(_named(b))) or _one_place(a, b))
    return a.negative != b.negative or bool(_acted_on(a) & _acted_on(b)) or _one_place(a, b) or not (_undated(a) or _undated(b))


def _particular(claim: Claim) -> bool:
    """Whether a claim tells more than who acts: "tested" is told of many occasions."""
    return sum(argument.role != "manner" for argument in claim.arguments) > 1


def _dated(claim: Claim, where: Mapping[str, Appearance]) -> str | None:
    return where[claim.article].published if claim.article in where else None


def _undated(claim: Claim) -> bool:
    return claim.start is None and claim.end is None


def _told(claim: Claim, published: str | None) -> tuple[str | None, str | None]:
    """When what a claim tells was: news without a day is of the day of its article."""
    return (published, published) if _undated(claim) else (claim.start, claim.end)


def _same_sentence(a: str, b: str) -> bool:
    return a == b or _WORD.findall(a.casefold()) == _WORD.findall(b.casefold())


def _one_place(a: Claim, b: Claim) -> bool:
    return a.place is not None and b.place is not None and a.place.casefold() == b.place.casefold()


def _acted_on(claim: Claim) -> set[int | str]:
    """Who is acted on, and the names in what is; nothing where it tells of each time."""
    if any(argument.words and argument.words[-1] == _EACH for argument in claim.arguments):
        return set()
    named = map(str.casefold, _CAPITALISED.findall(f", {claim.object}, {', '.join(p.name for p in claim.recipients)}"))
    return {p.identity for p in claim.recipients if p.identity is not None} | (set(named) - _CALENDAR)


def anchors(claim: Claim, context: Sequence[int] = ()) -> list[str]:
    """What a claim's keys are bound to: the identities that have part in it, else its place, the names in its words, and the context.

    So claims that only share common words ("police", "arrest") do not meet, and meeting costs the same in a ledger of any size.
    """
    named = [f"#{identity}" for identity in _named(claim)]
    if named:
        return named
    said = {word for phrase in claim.content for word in phrase.split()}
    names = sorted({word for word in map(str.casefold, _CAPITALISED.findall(claim.words)) if word in said - _CALENDAR})[:CONTEXT]
    place = [claim.place.casefold()] if claim.place else []
    return [*dict.fromkeys(f"@{name}" for name in (*place, *names)), *(f"~{identity}" for identity in context)]


def context_of(claims: Iterable[Claim]) -> list[int]:
    """Whom an article is about: the identities, countries apart, that most often have part in what it says."""
    counts = Counter(p.identity for c in claims for p in _parties(c) if p.identity is not None and p.type != "country")
    return [identity for identity, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:CONTEXT]]


def _named(claim: Claim) -> list[int]:
    return sorted({p.identity for p in _parties(claim) if p.identity is not None})[:CONTEXT]


def _parties(claim: Claim) -> tuple[Party, ...]:
    return (*claim.actors, *claim.recipients)


def _far(start: str | None, end: str | None, other_start: str | None, other_end: str | None, days: int) -> bool:
    """Whether two stretches of time, as far as they are known, lie more than so many days apart."""
    return _gap(end, other_start) > days or _gap(other_end, start) > days


def _gap(earlier: str | None, later: str | None) -> int:
    """Days from one date to a later one; 0 where it is not later or one is not known to the day."""
    if earlier is None or later is None or earlier[:10] >= later[:10]:
        return 0
    try:
        return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days
    except ValueError:
        return 0


class Matters:
    """Gives claims their matters, article by article, in the order in which articles come."""

    def __init__(self, index: Index, store: MatterStore, *, keys: Keys, decide: Decide, decided: Decided | None = None) -> None:
        self.index, self.store, self.keys, self.decide = index, store, keys, decide
        self.decided = decided or Decided()

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
        asked = [self._bound(claim, context)[0] for claim, context in claims]
        self.index.warm(KIND, {key for keys in asked for key in keys})
        self._around({item for keys in asked for item, _ in self.index.near(KIND, keys, most=CANDIDATES)}, {c.article for c, _ in claims})

    def _bound(self, claim: Claim, context: Sequence[int]) -> tuple[list[int], list[int]]:
        """The keys that a claim in an article about these is looked up by, and those that it is found under."""
        sure = sureness(claim.status)
        to = [key(anchor, sure) for anchor in anchors(claim, context)]
        found, asked = self.keys(claim)
        return sorted({one ^ anchor for one in asked for anchor in to}), sorted({one ^ anchor for one in found for anchor in to[:POSTED]})

    def _place(self, claim: Claim, context: Sequence[int]) -> list[Member]:
        asked, posted = self._bound(claim, context)
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
        near = [item for item, _ in self.index.near(KIND, keys, most=CANDIDATES) if item != claim.item]
        sides, known, where = self._around(near, {claim.article})
        found: list[tuple[float, Member]] = []
        for matter, of_one in sides.items():
            others = [(known[item], side) for item, side in sorted(of_one.items()) if item in known and item != claim.item]
            one = self._in_matter(claim, matter, others, where)
            found += [one] if one is not None else []
        return [member for _, member in sorted(found, key=lambda f: (-f[0], f[1].matter))]

    def _around(
        self, near: Iterable[int], articles: Set[str]
    ) -> tuple[dict[int, dict[int, Side]], Mapping[int, Claim], Mapping[str, Appearance]]:
        """The matters that claims are in or may begin, with the claims that represent them and where these, and some articles, appeared."""
        listed = list(near)
        met = self.store.memberships(listed)
        matters = dict.fromkeys(met[item].matter if item in met else item for item in listed)
        present = self.store.representatives(matters)
        sides: dict[int, dict[int, Side]] = {m: {r.item: r.side for r in present.get(m, ())} or {m: "same"} for m in matters}
        known = self.store.claims({item for of_one in sides.values() for item in of_one})
        return sides, known, self.store.appearances({c.article for c in known.values()} | articles)

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
        return any(_two_voices(a, b) and not _same_sentence(a.words, b.words) for a in denials for b in others)


def _two_voices(a: Row, b: Row) -> bool:
    """Whether two rows are of two speakers; an author speaks for one article, and a named source is one in all of them."""
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
