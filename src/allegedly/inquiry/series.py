"""The rows behind pictures: statements over time, who acts on whom, how outlets stand to one another, where things are said to happen.

A picture is drawn from these rows and nothing else, and its table, JSON and CSV are the same rows. Each row says how its statements stand
(`standing`), how many are in the articles' own voice and how many according to somebody. `statements` leaves out those in passages that
an article shares with an earlier one; `copied` counts these. What a picture leaves out is counted in `Counted`, never dropped in silence.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

from allegedly.inquiry.answers import origins_among
from allegedly.reading.atlas import Atlas, Spot, atlas

if TYPE_CHECKING:
    from allegedly.ledger import Filters, Ledger
    from allegedly.ledger.tallies import Act, Bearer, Part, Tally

Standing = Literal["happened", "negated", "open"]
"""What is affirmed as having happened; what is negated; what is planned, demanded, possible, conditional or asked."""
Shown = Literal["happened", "negated", "open", "all"]
Step = Literal["day", "week", "month", "year"]
By = Literal["all", "outlet", "voice"]
When = Literal["published", "stated"]

STANDINGS: tuple[Standing, ...] = get_args(Standing)
MOST = 600
"""Articles, the newest that fit, that a picture counts; matters likewise."""
LANES = 12
"""Outlets that have a lane of their own."""
NODES = 30
"""Persons, bodies and places that a network draws."""
BUCKETS = 120
"""Days, weeks, months or years that a picture is cut into."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a picture rests on: articles (and how many of independent origin), whether more would fit, and what it leaves out, with why."""

    articles: int
    origins: int
    more: bool = False
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Sum:
    statements: int = 0
    copied: int = 0
    own_voice: int = 0
    articles: set[int] = field(default_factory=set)

    def add(self, count: int, article: int, *, own: bool, copied: bool) -> None:
        self.articles.add(article)
        if copied:
            self.copied += count
            return
        self.statements += count
        self.own_voice += count if own else 0

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        return self.statements, self.copied, self.own_voice, self.statements - self.own_voice, len(self.articles)


def standing(polarity: str, status: str) -> Standing:
    """How a statement stands: an unfulfilled plan that is negated is negated."""
    if polarity == "negated":
        return "negated"
    return "happened" if status == "actual" else "open"


_NOT_SHOWN = {
    "happened": "affirmed as having happened",
    "negated": "negated",
    "open": "planned, demanded, possible, conditional or asked",
}


def _left(hidden: Mapping[Standing, int]) -> list[tuple[int, str]]:
    return [(hidden[one], _NOT_SHOWN[one]) for one in STANDINGS if hidden.get(one)]


def _counted(ledger: "Ledger", articles: Sequence[int], *, more: bool, left_out: Iterable[tuple[int, str]] = ()) -> Counted:
    return Counted(len(articles), origins_among(ledger, articles), more, tuple(one for one in left_out if one[0]))


# --- over time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """Statements of one lane in one stretch of days (ISO, both included), of one quad class (0 for no act) and standing."""

    lane: str
    first: str
    last: str
    quad: int
    standing: Standing
    statements: int
    copied: int
    own_voice: int
    according_to: int
    articles: int


@dataclass(frozen=True, slots=True)
class Series:
    """Statements over time: the stretches of days that time is cut into, lanes in the order in which they are drawn, and the rows."""

    step: Step
    stretches: tuple[tuple[str, str], ...]
    lanes: tuple[str, ...]
    rows: tuple[Moment, ...]
    counted: Counted


def stretches(days: Iterable[str], step: Step | None = None) -> tuple[Step, tuple[tuple[str, str], ...]]:
    """Cut the time between the earliest and the latest day into days, weeks (from Monday), months or years: at most `BUCKETS` of them.

    A step that was asked for is made longer where it would give more.
    """
    known = sorted(set(days))
    if not known:
        return step or "day", ()
    first, last = date.fromisoformat(known[0]), date.fromisoformat(known[-1])
    span = (last - first).days + 1
    long: dict[Step, int] = {"day": 1, "week": 7, "month": 28, "year": 365}
    longest = BUCKETS if step else 45
    steps = list(long)[list(long).index(step or "day") :]
    chosen: Step = next((one for one in steps if span / long[one] <= (longest if one == "day" else BUCKETS)), "year")
    out: list[tuple[str, str]] = []
    at: date | None = _start(first, chosen)
    while at is not None and at <= last:
        after = _next(at, chosen) if len(out) < 10 * BUCKETS else None
        out.append((at.isoformat(), (after - timedelta(days=1)).isoformat() if after else date.max.isoformat()))
        at = after
    return chosen, tuple(out)


def whole(days: Sequence[str]) -> tuple[Step, tuple[tuple[str, str], ...]]:
    """The same for days, months or years that are ISO prefixes of one length ("2026-05"), as they are."""
    lengths: dict[int, Step] = {10: "day", 7: "month", 4: "year"}
    step = lengths[len(days[0])] if days else "day"
    return stretches([f"{day}-01-01"[:10] for day in days], step)


def _start(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    return day.replace(day=1) if step == "month" else day.replace(month=1, day=1) if step == "year" else day


def _next(day: date, step: Step) -> date | None:
    try:
        if step in ("day", "week"):
            return day + timedelta(days=1 if step == "day" else 7)
        years, month = divmod(day.month, 12) if step == "month" else (1, 0)
        return date(day.year + years, month + 1, 1)
    except (OverflowError, ValueError):  # the calendar ends
        return None


def _place(stretches: Sequence[tuple[str, str]]) -> Callable[[str], int]:
    from bisect import bisect_right

    starts = [first for first, _ in stretches]
    return lambda day: bisect_right(starts, day) - 1


def over_time(
    ledger: "Ledger",
    words: str = "",
    filters: "Filters | None" = None,
    *,
    by: By = "all",
    when: When = "published",
    step: Step | None = None,
    shown: Shown = "happened",
) -> Series:
    """Statements by the day their article was published, or, with "stated", by the day that their words put them at.

    Left out, and counted: what has no day, or one that spans several stretches.
    """
    found = ledger.tallies(words, filters, most=MOST)
    hidden: Counter[Standing] = Counter()
    rows, undated = [], 0
    for one in found.rows:
        at = standing(one.polarity, one.status)
        if shown not in ("all", at):
            hidden[at] += one.statements
        elif (one.day if when == "published" else one.first_day) is None:
            undated += one.statements
        else:
            rows.append(one)
    first, last = ("day", "day") if when == "published" else ("first_day", "last_day")
    chosen, cut = stretches([day for one in rows for day in (getattr(one, first), getattr(one, last)) if day], step)
    place = _place(cut)
    lanes = _lanes(rows, by)
    sums: dict[tuple[str, int, int, Standing], _Sum] = {}
    vague = 0
    for one in rows:
        bucket, end = place(getattr(one, first)), getattr(one, last)
        if end is None or place(end) != bucket:
            vague += one.statements
            continue
        key = (_lane(one, by, lanes), bucket, one.quad or 0, standing(one.polarity, one.status))
        sums.setdefault(key, _Sum()).add(one.statements, one.article, own=one.own, copied=one.copied)
    moments = tuple(
        Moment(lane, *cut[bucket], quad, at, *total.counts)
        for (lane, bucket, quad, at), total in sorted(sums.items(), key=lambda item: (lanes.index(item[0][0]), *item[0][1:]))
    )
    no_day = "whose article has no date" if when == "published" else "whose words give no day"
    left = [*_left(hidden), (undated, no_day), (vague, f"whose days are not within one {chosen}")]
    return Series(chosen, cut, lanes, moments, _counted(ledger, found.articles, more=found.more, left_out=left))


OTHERS = "other outlets"
VOICES = ("in the article's own voice", "according to somebody")


def _lanes(rows: Sequence["Tally"], by: By) -> tuple[str, ...]:
    if by == "voice":
        return VOICES
    if by == "all":
        return ("all outlets",)
    counts: Counter[str] = Counter()
    for one in rows:
        counts[one.outlet or "no outlet given"] += one.statements
    ordered = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return tuple(ordered if len(ordered) <= LANES else [*ordered[: LANES - 1], OTHERS])


def _lane(one: "Tally", by: By, lanes: Sequence[str]) -> str:
    if by == "voice":
        return VOICES[0 if one.own else 1]
    if by == "all":
        return lanes[0]
    name = one.outlet or "no outlet given"
    return name if name in lanes else OTHERS


STANDS = ("asserts", "reports", "denies", "reports_denial")


@dataclass(frozen=True, slots=True)
class Spread:
    """A matter over time: for each stand and stretch of days, articles that take it up, and copies of an article that did so before."""

    step: Step
    stretches: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, int, int, int], ...]
    """(stand, place of the stretch, articles without copies, copies)"""
    undated: int


def spread(said: Iterable[Mapping[str, Any]], step: Step | None = None) -> Spread:
    """A matter's statements as rows (`stand`, `article`, `published`, `copy`), counted by article."""
    seen: dict[tuple[str, str], tuple[str | None, bool]] = {}
    for row in said:
        key = (row["stand"], row["article"])
        day = row["published"][:10] if row["published"] else None
        seen[key] = (day, row["copy"] and seen.get(key, (day, True))[1])
    chosen, cut = stretches([day for day, _ in seen.values() if day], step)
    place = _place(cut)
    counts: Counter[tuple[str, int, bool]] = Counter((stand, place(day), copy) for (stand, _), (day, copy) in seen.items() if day)
    cells = sorted({(stand, bucket) for stand, bucket, _ in counts}, key=lambda cell: (STANDS.index(cell[0]), cell[1]))
    rows = tuple((stand, bucket, counts[stand, bucket, False], counts[stand, bucket, True]) for stand, bucket in cells)
    return Spread(chosen, cut, rows, sum(day is None for day, _ in seen.values()))


# --- who acts on whom ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody or something that acts or is acted on. `identity` is the ledger's number, None where comparison has not recognised it.

    `named` is false for whom a description with a name in it tells apart ("the bridge at Osk"), not a name.
    """

    name: str
    type: str
    named: bool
    identity: int | None
    statements: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What one is said to do to another, of one quad class and standing; `acts` are PLOVER's types with how often."""

    actor: str
    recipient: str
    quad: int
    acts: str
    standing: Standing
    statements: int
    copied: int
    own_voice: int
    according_to: int
    articles: int
    outlets: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Network:
    """Who is said to act on whom. `at` is the stretch that is shown, None for the whole time; nodes are those of the whole time."""

    step: Step
    stretches: tuple[tuple[str, str], ...]
    at: int | None
    nodes: tuple[Node, ...]
    rows: tuple[Edge, ...]
    ends: tuple[tuple[int, int], ...]
    """For each row, the places of its actor and its recipient in `nodes`."""
    ties: tuple[tuple[int, int, int], ...]
    """(node, node, statements) of the whole time, whatever the class: what the layout is made from."""
    counted: Counted


def network(
    ledger: "Ledger",
    words: str = "",
    filters: "Filters | None" = None,
    *,
    at: int | None = None,
    step: Step | None = None,
    shown: Shown = "happened",
    most: int | None = None,
) -> Network:
    """Who is said to act on whom: those who are named, recognised, or described with a name ("the Ardovian army"); of "the army" nobody
    knows which.

    `at` shows one stretch of time; what is drawn where stays as it is for the whole time. `most` articles are counted, the newest.
    """
    found = ledger.acts(words, filters, most=most or MOST)
    left: Counter[str] = Counter()
    pairs = list(_pairs(found.rows, shown, left))
    weights = Counter(one for _, *ends in pairs for one in ends)
    names = {_node(who): who for act, _, _ in pairs for who in (act.actor, act.recipient)}
    chosen = _most(pairs, weights)
    number = {key: place for place, key in enumerate(chosen)}
    drawn = [pair for pair in pairs if pair[1] in number and pair[2] in number]
    left["between others than the most named"] = len(pairs) - len(drawn)
    cut_step, cut = stretches([act.day for act, _, _ in drawn if act.day], step)
    at = at if at is not None and 0 <= at < len(cut) else None
    place = _place(cut)
    ties: Counter[tuple[int, int]] = Counter()
    sums: dict[tuple[int, int, int, Standing], tuple[_Sum, list[Act]]] = {}
    for act, actor, recipient in drawn:
        pair = (number[actor], number[recipient])
        ties[min(pair), max(pair)] += 1
        if at is not None and (act.day is None or place(act.day) != at):
            left["outside the time shown, or without a date"] += 1
            continue
        total, mine = sums.setdefault((*pair, act.quad, standing(act.polarity, act.status)), (_Sum(), []))
        total.add(1, act.article, own=act.own, copied=act.copied)
        mine.append(act)
    nodes = tuple(
        Node(who.name, who.type, who.named or who.identity is not None, who.identity, weights[key])
        for key in chosen
        for who in (names[key],)
    )
    ordered = sorted(sums, key=lambda key: (-sums[key][0].statements, key))
    edges = tuple(_edge(nodes, key, *sums[key]) for key in ordered)
    ends = tuple(key[:2] for key in ordered)
    counted = _counted(ledger, found.articles, more=found.more, left_out=[(count, why) for why, count in left.items()])
    return Network(cut_step, cut, at, nodes, edges, ends, tuple((*tie, count) for tie, count in sorted(ties.items())), counted)


def _most(pairs: Iterable[tuple["Act", tuple[str, ...], tuple[str, ...]]], weights: Mapping[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    """Those who are drawn: the pairs of most statements before the others, so that nobody stands alone."""
    ties = Counter(tuple(sorted((actor, recipient))) for _, actor, recipient in pairs)
    chosen: dict[tuple[str, ...], None] = {}
    for tie in sorted(ties, key=lambda tie: (-ties[tie], -sum(weights[one] for one in tie), tie)):
        if len(chosen.keys() | set(tie)) <= NODES:
            chosen.update(dict.fromkeys(tie))
    return sorted(chosen, key=lambda key: (-weights[key], key))


def _node(who: "Bearer") -> tuple[str, ...]:
    return ("", str(who.identity)) if who.identity is not None else (who.name.casefold(), who.type)


def _pairs(rows: Iterable["Act"], shown: Shown, left: Counter[str]) -> Iterable[tuple["Act", tuple[str, ...], tuple[str, ...]]]:
    """The statements to draw, once for each pair of parties; the others are counted with the reason."""
    seen = set()
    rows = tuple(rows)
    met: dict[str, set[int]] = {}
    for act in rows:
        for who in (act.actor, act.recipient):
            met.setdefault(who.name, set()).add(act.article)
    for act in rows:
        at = standing(act.polarity, act.status)
        actor, recipient = _node(act.actor), _node(act.recipient)
        if (act.statement, actor, recipient) in seen:
            continue
        seen.add((act.statement, actor, recipient))
        if not all(_told_apart(who, len(met[who.name])) for who in (act.actor, act.recipient)):
            left["with an actor or recipient whom no name tells apart"] += 1
        elif actor == recipient:
            left["of somebody on themselves"] += 1
        elif shown not in ("all", at):
            left[_NOT_SHOWN[at]] += 1
        else:
            yield act, actor, recipient


def _told_apart(who: "Bearer", articles: int) -> bool:
    """A name or an identity, or a description with a name in it; that a capitalised first word is one, only several articles show."""
    first, *rest = who.name.split()
    capital = any(word[:1].isupper() for word in rest) or (bool(rest) and first[:1].isupper() and articles > 1)
    return who.named or who.identity is not None or capital


def _edge(nodes: Sequence[Node], key: tuple[int, int, int, Standing], total: _Sum, mine: Sequence["Act"]) -> Edge:
    source, goal, quad, at = key
    acts = Counter(act.type for act in mine)
    said = ", ".join(f"{name} {count}" for name, count in sorted(acts.items(), key=lambda item: (-item[1], item[0])))
    days = sorted(act.day for act in mine if act.day)
    outlets = len({act.outlet for act in mine})
    dates: tuple[str | None, str | None] = (days[0], days[-1]) if days else (None, None)
    return Edge(
        nodes[source].name,
        nodes[goal].name,
        quad,
        said,
        at,
        *total.counts,
        outlets,
        *dates,
    )


# --- how outlets stand to one another --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outlets over the matters in which both take part, in any voice ("any") or in their authors' own ("own").

    `same`: both affirm, both deny, or both give both sides. `opposite`: the one only affirms what the other only denies. `partly`: the one
    gives both sides, the other one of them. `copied` counts matters where either has only statements in passages shared with an earlier
    article: these are in none of the other counts.
    """

    outlet: str
    other: str
    voices: Literal["any", "own"]
    matters: int
    same: int
    partly: int
    opposite: int
    copied: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Outlets, those of most matters before the others, and every pair of them."""

    outlets: tuple[str, ...]
    rows: tuple[Pair, ...]
    matters: int
    counted: Counted


def agreement(ledger: "Ledger") -> Agreement:
    """How often two outlets are on the same side of the matters in which both take part; the `LANES` outlets in most matters are shown."""
    found = ledger.parts(most=MOST)
    part: Counter[str] = Counter(outlet for _, outlet in {(one.matter, one.outlet) for one in found.rows})
    outlets = tuple(sorted(part, key=lambda name: (-part[name], name))[:LANES])
    rows: list[Pair] = []
    choices: tuple[Literal["any", "own"], ...] = ("any", "own")
    for voices in choices:
        said = [one for one in found.rows if voices == "any" or one.stand in ("asserts", "denies")]
        sides = _sides(said)
        rows += [_pair(one, other, voices, sides) for one, other in combinations(outlets, 2)]
    left = [(len(part) - len(outlets), "outlets with fewer matters")]
    matters = len({one.matter for one in found.rows})
    return Agreement(outlets, tuple(rows), matters, _counted(ledger, found.articles, more=found.more, left_out=left))


def _sides(rows: Iterable["Part"]) -> dict[str, dict[int, set[bool]]]:
    """By outlet and matter, whether it is affirmed, denied, or both, by what is not copied; empty where all is."""
    sides: dict[str, dict[int, set[bool]]] = {}
    for one in rows:
        mine = sides.setdefault(one.outlet, {}).setdefault(one.matter, set())
        if not one.copied:
            mine.add(one.stand in ("asserts", "reports"))
    return sides


def _pair(one: str, other: str, voices: Literal["any", "own"], sides: Mapping[str, Mapping[int, set[bool]]]) -> Pair:
    mine, theirs = sides.get(one, {}), sides.get(other, {})
    counts: Counter[str] = Counter()
    for matter in mine.keys() & theirs.keys():
        a, b = mine[matter], theirs[matter]
        counts["copied" if not a or not b else "same" if a == b else "partly" if a & b else "opposite"] += 1
    both = counts["same"] + counts["partly"] + counts["opposite"]
    return Pair(one, other, voices, both, counts["same"], counts["partly"], counts["opposite"], counts["copied"])


# --- where -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Location:
    """A place that statements name, of one quad class (0 for no act) and standing.

    `lat` and `lon` are degrees, None where the reading left open which place is meant. `kind` is what lies there: of a region or a country
    the point is the middle of where its people live. Of several places of the name in the country (`namesakes`) it is the most populous.
    """

    place: str
    country: str | None
    lat: float | None
    lon: float | None
    kind: str | None
    namesakes: int
    quad: int
    standing: Standing
    statements: int
    copied: int
    own_voice: int
    according_to: int
    articles: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places that statements name, those of most statements before the others."""

    rows: tuple[Location, ...]
    counted: Counted


def places(
    ledger: "Ledger", words: str = "", filters: "Filters | None" = None, *, shown: Shown = "happened", known: Atlas | None = None
) -> Places:
    """Where things are said to have happened, by place; `known` says where places lie (the package's atlas)."""
    found = ledger.tallies(words, filters, placed=True, most=MOST)
    hidden: Counter[Standing] = Counter()
    sums: dict[tuple[str, str | None, int, Standing], _Sum] = {}
    for one in found.rows:
        at = standing(one.polarity, one.status)
        if shown not in ("all", at):
            hidden[at] += one.statements
            continue
        key = (one.place or "", one.country, one.quad or 0, at)
        sums.setdefault(key, _Sum()).add(one.statements, one.article, own=one.own, copied=one.copied)
    sizes: Counter[tuple[str, str | None]] = Counter()
    for (name, country, _, _), total in sums.items():
        sizes[name, country] += total.statements
    spots = {key: located(known or atlas(), *key) for key in sizes}
    rows = tuple(
        Location(name, country, *_point(spots[name, country]), quad, at, *total.counts)
        for (name, country, quad, at), total in sorted(
            sums.items(), key=lambda item: (-sizes[item[0][:2]], item[0][0], item[0][1] or "", item[0][2:])
        )
    )
    return Places(rows, _counted(ledger, found.articles, more=found.more, left_out=_left(hidden)))


def located(known: Atlas, name: str, country: str | None) -> tuple[Spot, int] | None:
    """Where a place of a country lies, with the number of places that bear the name there; None where it is not known.

    Without a country, only a place that states dispute is known: the reading gives every other place its country.
    """
    spots = [one for one in known.find(name) if one.country == country]
    if not spots or (country is None and len(known.find(name)) > len(spots)):
        return None
    best = min(spots, key=lambda one: (not one.main, {"city": 0, "region": 1, "country": 2}[one.kind]))
    return best, sum(one.kind == best.kind for one in spots)


def _point(found: tuple[Spot, int] | None) -> tuple[float | None, float | None, str | None, int]:
    return (None, None, None, 0) if found is None else (found[0].lat, found[0].lon, found[0].kind, found[1])


def rows_of(picture: Series | Network | Agreement | Places) -> list[dict[str, Any]]:
    """The rows of a picture as its table, JSON and CSV show them: the fields of `Moment`, `Edge`, `Pair` or `Location`."""
    return [asdict(one) for one in picture.rows]
