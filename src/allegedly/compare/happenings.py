"""Whether two claims can be about one happening, before their words are compared, and by whom or what a claim can be found at all.

Told of other people, or of other times, claims are of other happenings however alike their words are; so are a plan and what happened. A
claim's `anchors` are whom it names, or else the place and the names in its words: only claims that share one of them meet.
"""

import re
from calendar import day_name, month_name
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from allegedly.compared import Claim, Party, Verdict
from allegedly.records import Status

CONTEXT = 3  # identities of an article that a claim without a name is bound to
POSTED = 2  # anchors that a claim is found by; it is looked up by all
ALIGNED = 0.85  # the least score at which amounts, or two voices in one article, deny one another
DAYS = 3  # by which the days that two reports give for one happening may differ
NEARBY = 30  # days between articles that may tell of one happening without naming who had part in it

_CALENDAR = frozenset(map(str.casefold, (*day_name, *month_name)))
_CAPITALISED = re.compile(r"(?<=[\w,;] )[^\W\d_a-z]\w+")  # within a sentence, not at its start
_UP_TO = frozenset({"since", "until", "till", "before"})
_EACH = "#100:100%"
_WORD = re.compile(r"\w+")


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
class Time:
    """The first and last day of what a claim tells, and when its article was published (ISO; None where not known)."""

    start: str | None = None
    end: str | None = None
    published: str | None = None


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

    Not where they are of different sureness, name other people, or tell of other times (`at_one_time`).
    """
    if sureness(a.status) != sureness(b.status):
        return False
    people = [_people(a), _people(b)]
    if all(people) and not people[0] & people[1]:
        return False
    return at_one_time(time_of(a, where), time_of(b, where), named=bool(set(named_in(a)) & set(named_in(b))))


def at_one_time(a: Time, b: Time, *, named: bool) -> bool:
    """Whether what claims of these times tell can be one happening.

    Not where they give days that exclude one another, and not where no party that is `named` is in both and their articles are more than
    `NEARBY` days apart ("police arrested a man" is told every day).
    """
    if _far(a.start, a.end, b.start, b.end, DAYS):
        return False
    x, y = a.published, b.published
    if not _far(x, x, y, y, NEARBY):
        return True
    return named and (_undated(a) == _undated(b) or not _far(*_told(a, x), *_told(b, y), NEARBY))


def opposable(a: Claim, b: Claim, verdict: Verdict, where: Mapping[str, Appearance]) -> bool:
    """Whether a verdict that one claim denies the other can stand between articles, which is an accusation.

    Not within one sentence, wherever it is printed ("neither accepted nor refused"), nor within what one voice says in one article (what
    began may end there); between two voices of one article only where both tell of more than who acts. Articles more than `NEARBY` days
    apart deny one another only in so many words. What "had not happened", or not "since May", may have by now. Opposite acts deny only of
    one person or thing acted on, one place or one day, else either has its time; and amounts only of what bears one name in both: "32
    civilians were killed" and "30 civilians were killed" can be two happenings.
    """
    if same_sentence(a.words, b.words) or (a.article, a.voice) == (b.article, b.voice):
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
        return verdict.score >= ALIGNED and (bool(set(named_in(a)) & set(named_in(b))) or _one_place(a, b))
    return a.negative != b.negative or bool(_acted_on(a) & _acted_on(b)) or _one_place(a, b) or not (_undated(a) or _undated(b))


def _particular(claim: Claim) -> bool:
    """Whether a claim tells more than who acts: "tested" is told of many occasions."""
    return sum(argument.role != "manner" for argument in claim.arguments) > 1


def _dated(claim: Claim, where: Mapping[str, Appearance]) -> str | None:
    return where[claim.article].published if claim.article in where else None


def time_of(claim: Claim, where: Mapping[str, Appearance]) -> Time:
    """When what a claim tells was, and when it was told."""
    return Time(claim.start, claim.end, _dated(claim, where))


def _undated(claim: Claim | Time) -> bool:
    return claim.start is None and claim.end is None


def _told(claim: Claim | Time, published: str | None) -> tuple[str | None, str | None]:
    """When what a claim tells was: news without a day is of the day of its article."""
    return (published, published) if _undated(claim) else (claim.start, claim.end)


def same_sentence(a: str, b: str) -> bool:
    """Whether two sentences have the same words."""
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
    named = [f"#{identity}" for identity in named_in(claim)]
    if named:
        return named
    said = {word for phrase in claim.content for word in phrase.split()}
    names = sorted({word for word in map(str.casefold, _CAPITALISED.findall(claim.words)) if word in said - _CALENDAR})[:CONTEXT]
    place = [claim.place.casefold()] if claim.place else []
    return [*dict.fromkeys(f"@{name}" for name in (*place, *names)), *(f"~{identity}" for identity in context)]


def bonds(claim: Claim, context: Sequence[int]) -> tuple[list[str], list[str]]:
    """The anchors that a claim is looked up by, and those that it is found under.

    Claims that both name people meet by these alone: of other people other things are told (`about_one`). Whoever else a claim with people
    names, it is found under for claims without.
    """
    people = [f"#{identity}" for identity in sorted(_people(claim))][:CONTEXT]
    listed = anchors(claim, context)
    others = [anchor for anchor in listed if anchor not in people]
    if people:
        return [*people, *others], [*people[:POSTED], *(f"{anchor}/people" for anchor in others[:1])]
    with_people = [f"{anchor}/people" for anchor in others if anchor[0] == "#"]
    return [*others, *with_people], others[:POSTED]


def context_of(claims: Iterable[Claim]) -> list[int]:
    """Whom an article is about: the identities, countries apart, that most often have part in what it says."""
    counts = Counter(p.identity for c in claims for p in _parties(c) if p.identity is not None and p.type != "country")
    return [identity for identity, _ in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:CONTEXT]]


def named_in(claim: Claim) -> list[int]:
    """The identities that have part in what a claim tells, at most `CONTEXT`."""
    return sorted({p.identity for p in _parties(claim) if p.identity is not None})[:CONTEXT]


def _people(claim: Claim) -> set[int]:
    return {p.identity for p in _parties(claim) if p.type == "person" and p.identity is not None}


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
