"""The rows behind pictures: statements over time, and where things are said to happen; `ties` has who acts on whom and how outlets agree.

A picture is drawn from these rows and nothing else, and its table, JSON and CSV are the same rows. Each row says how its statements stand
(`standing`), how many are in the articles' own voice and how many according to somebody. `statements` leaves out those in passages that
an article shares with an earlier one; `copied` counts these. What a picture leaves out is counted in `Counted`, never dropped in silence.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from allegedly.inquiry.answers import origins_among
from allegedly.inquiry.held import C, Held, held_in

if TYPE_CHECKING:
    from allegedly.ledger import Filters, Ledger
    from allegedly.ledger.tallies import Tallied, Tally
    from allegedly.reading.atlas import Atlas, Spot

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
class Sum:
    """Statements that are alike in what is asked, added up."""

    statements: int = 0
    copied: int = 0
    own_voice: int = 0
    articles: set[int] = field(default_factory=set)

    def add(self, article: int, *, own: bool, copied: bool) -> None:
        """Count a statement of an article."""
        self.articles.add(article)
        self.copied += copied
        self.statements += not copied
        self.own_voice += own and not copied

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Statements, copied ones, in the article's own voice, according to somebody, and articles."""
        return self.statements, self.copied, self.own_voice, self.statements - self.own_voice, len(self.articles)


def standing(polarity: str, status: str) -> Standing:
    """How a statement stands: an unfulfilled plan that is negated is negated."""
    if polarity == "negated":
        return "negated"
    return "happened" if status == "actual" else "open"


IN_WORDS = {
    "happened": "affirmed as having happened",
    "negated": "negated",
    "open": "planned, demanded, possible, conditional or asked",
}
"""Standings in words."""


def _hidden(hidden: Mapping[Standing, int]) -> list[tuple[int, str]]:
    return [(hidden[one], IN_WORDS[one]) for one in STANDINGS if hidden.get(one)]


def counted_over(ledger: "Ledger", articles: Sequence[int], *, more: bool, left_out: Iterable[tuple[int, str]] = ()) -> Counted:
    """On what a picture rests, whose statements are of these articles."""
    return Counted(len(articles), origins_among(ledger, articles), more, tuple(one for one in left_out if one[0]))


def left(
    ledger: "Ledger", found: "Tallied[C]", change: Callable[[Held, C], C], *, roles: Collection[str] = ()
) -> tuple[list[C], list[tuple[int, str]]]:
    """Statements as people left them: edited ones as `change` has them; and what is left out, because somebody rejected it or gave one of
    these roles to somebody else.
    """
    held = held_in(ledger, found.articles)
    out: list[C] = []
    rejected, changed = set(), set()
    for one in found.rows:
        decided = held.get(one.statement)
        if decided is None:
            out.append(one)
        elif decided.review.state == "rejected":
            rejected.add(one.statement)
        elif decided.review.state == "edited" and any(name in roles for name, _ in decided.review.now):
            changed.add(one.statement)
        else:
            out.append(change(decided, one))
    return out, [(len(rejected), "that somebody rejected"), (len(changed), f"whose {' or '.join(roles)} somebody changed")]


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


def place_in(stretches: Sequence[tuple[str, str]]) -> Callable[[str], int]:
    """What tells in which of the stretches a day lies."""
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
    most: int | None = None,
) -> Series:
    """Statements by the day their article was published, or, with "stated", by the day that their words put them at.

    `most` articles are counted, the newest; `MOST` where it is None. Left out, and counted: what has no day, or one that spans several
    stretches.
    """
    found = ledger.tallies(words, filters, most=most or MOST)
    hidden: Counter[Standing] = Counter()
    said, decided = left(ledger, found, Held.counted)
    rows, undated = [], 0
    for one in said:
        at = standing(one.polarity, one.status)
        if shown not in ("all", at):
            hidden[at] += 1
        elif (one.day if when == "published" else one.first_day) is None:
            undated += 1
        else:
            rows.append(one)
    first, last = ("day", "day") if when == "published" else ("first_day", "last_day")
    chosen, cut = stretches([day for one in rows for day in (getattr(one, first), getattr(one, last)) if day], step)
    place = place_in(cut)
    lanes = _lanes(rows, by)
    sums: dict[tuple[str, int, int, Standing], Sum] = {}
    vague = 0
    for one in rows:
        bucket, end = place(getattr(one, first)), getattr(one, last)
        if end is None or place(end) != bucket:
            vague += 1
            continue
        key = (_lane(one, by, lanes), bucket, one.quad or 0, standing(one.polarity, one.status))
        sums.setdefault(key, Sum()).add(one.article, own=one.own, copied=one.copied)
    moments = tuple(
        Moment(lane, *cut[bucket], quad, at, *total.counts)
        for (lane, bucket, quad, at), total in sorted(sums.items(), key=lambda item: (lanes.index(item[0][0]), *item[0][1:]))
    )
    no_day = "whose article has no date" if when == "published" else "whose words give no day"
    out = [*_hidden(hidden), (undated, no_day), (vague, f"whose days are not within one {chosen}"), *decided]
    return Series(chosen, cut, lanes, moments, counted_over(ledger, found.articles, more=found.more, left_out=out))


ALL, OTHERS, NO_OUTLET = "all outlets", "other outlets", "no outlet given"
VOICES = ("in the article's own voice", "according to somebody")


def _lanes(rows: Sequence["Tally"], by: By) -> tuple[str, ...]:
    if by == "voice":
        return VOICES
    if by == "all":
        return (ALL,)
    counts: Counter[str] = Counter()
    for one in rows:
        counts[one.outlet or NO_OUTLET] += 1
    ordered = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return tuple(ordered if len(ordered) <= LANES else [*ordered[: LANES - 1], OTHERS])


def _lane(one: "Tally", by: By, lanes: Sequence[str]) -> str:
    if by == "voice":
        return VOICES[0 if one.own else 1]
    if by == "all":
        return lanes[0]
    name = one.outlet or NO_OUTLET
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
    place = place_in(cut)
    counts: Counter[tuple[str, int, bool]] = Counter((stand, place(day), copy) for (stand, _), (day, copy) in seen.items() if day)
    cells = sorted({(stand, bucket) for stand, bucket, _ in counts}, key=lambda cell: (STANDS.index(cell[0]), cell[1]))
    rows = tuple((stand, bucket, counts[stand, bucket, False], counts[stand, bucket, True]) for stand, bucket in cells)
    return Spread(chosen, cut, rows, sum(day is None for day, _ in seen.values()))


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
    ledger: "Ledger", words: str = "", filters: "Filters | None" = None, *, shown: Shown = "happened", known: "Atlas | None" = None
) -> Places:
    """Where things are said to have happened, by place; `known` says where places lie (the package's atlas)."""
    from allegedly.reading.atlas import atlas

    found = ledger.tallies(words, filters, placed=True, most=MOST)
    hidden: Counter[Standing] = Counter()
    sums: dict[tuple[str, str | None, int, Standing], Sum] = {}
    said, decided = left(ledger, found, Held.counted)
    for one in said:
        at = standing(one.polarity, one.status)
        if shown not in ("all", at):
            hidden[at] += 1
            continue
        key = (one.place or "", one.country, one.quad or 0, at)
        sums.setdefault(key, Sum()).add(one.article, own=one.own, copied=one.copied)
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
    return Places(rows, counted_over(ledger, found.articles, more=found.more, left_out=[*_hidden(hidden), *decided]))


def located(known: "Atlas", name: str, country: str | None) -> "tuple[Spot, int] | None":
    """Where a place of a country lies, with the number of places that bear the name there; None where it is not known.

    Without a country, only a place that states dispute is known: the reading gives every other place its country.
    """
    spots = [one for one in known.find(name) if one.country == country]
    if not spots or (country is None and len(known.find(name)) > len(spots)):
        return None
    best = min(spots, key=lambda one: (not one.main, {"city": 0, "region": 1, "country": 2}[one.kind]))
    return best, sum(one.kind == best.kind for one in spots)


def _point(found: "tuple[Spot, int] | None") -> tuple[float | None, float | None, str | None, int]:
    return (None, None, None, 0) if found is None else (found[0].lat, found[0].lon, found[0].kind, found[1])


def rows_of(picture: Any) -> list[dict[str, Any]]:
    """The rows of a picture as its table, JSON and CSV show them: the fields of `Moment`, `Edge`, `Pair` or `Location`."""
    return [asdict(one) for one in picture.rows]
