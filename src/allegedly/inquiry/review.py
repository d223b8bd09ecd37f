"""What people decide of single findings: accepted, rejected, edited, added, or taken back again.

The machine's reading stays as it is; decisions stand beside it, each with who and when, and the last one about a finding counts. A finding
is found again in a later reading, or in an edited article, by its own words and the sentence around them, the nearest to where they stood.
What was accepted or rejected counts only as long as the machine finds the same there: a finding that reads otherwise is unreviewed again,
with what was decided before beside it. An edit is a person's own words, and holds as long as the words stand there.

`reviewed` gives a reading with all of this in it: edits applied, additions added, and every decision in `Reading.reviews`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from allegedly.errors import AbsentError
from allegedly.export.digest import Digest
from allegedly.inquiry.editing import nearest, with_finding
from allegedly.ledger.reviews import Facets, Judgement, Place, Reviewed
from allegedly.ledger.tables import ROOM
from allegedly.records import (
    AttributionKind,
    EntityType,
    FindingKind,
    Force,
    Polarity,
    Reading,
    ReasonKind,
    Review,
    ReviewState,
    Span,
    Spans,
    Status,
    WordingKind,
)

if TYPE_CHECKING:
    from allegedly.ledger import ArticleRow, Ledger

KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
STATES: tuple[ReviewState, ...] = get_args(ReviewState)
ADDABLE: tuple[FindingKind, ...] = ("statement", "attribution", "wording")
"""Kinds of findings that a person can add."""
LONGEST = 2_000
"""Characters of a note, and of words that an edit gives."""
_COUNTRY = re.compile("[A-Z]{3}")
SCANNED = 40
"""Articles that one page of the queue opens at most."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a finding that can be edited: one of `choices`, or words of the article (empty `choices`)."""

    name: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it is reviewed: where it stands, what it says field by field, its score in [0, 1] (1 where it has none), its decisions.

    `facets` is what the machine found (of one that was added, what the person added), `reviews` all decisions in their order.
    """

    kind: FindingKind
    id: str
    place: Place
    facets: Facets
    score: float
    reviews: tuple[Review, ...] = ()

    @property
    def holding(self) -> Review | None:
        """The decision that counts."""
        return next((one for one in self.reviews if one.holds), None)

    @property
    def state(self) -> ReviewState:
        """What counts now."""
        return self.holding.state if self.holding else "unreviewed"

    @property
    def shown(self) -> dict[str, str]:
        """The fields with a person's edit in them."""
        return dict(self.facets) | (dict(self.holding.now) if self.holding else {})


def fields_of(kind: FindingKind) -> tuple[Field, ...]:
    """The fields of a kind of finding that can be edited."""
    from allegedly.language import plover

    acts = ("none", *plover().types)
    words = tuple(Field(role) for role in ("actor", "recipient", "object"))
    table: dict[FindingKind, tuple[Field, ...]] = {
        "statement": (Field("act", acts), Field("polarity", get_args(Polarity)), Field("status", get_args(Status)), Field("voice"), *words),
        "attribution": (Field("force", get_args(Force)), Field("kind", get_args(AttributionKind)), Field("source")),
        "entity": (Field("name"), Field("type", get_args(EntityType)), Field("country"), Field("sector")),
        "evaluation": (Field("polarity", ("-1", "0", "1")),),
        "wording": (Field("kind", get_args(WordingKind)),),
        "reason": (Field("kind", get_args(ReasonKind)),),
    }
    return table[kind]


# --- findings of a reading -------------------------------------------------------------------------------------------


def findings(reading: Reading) -> list[Finding]:
    """All findings of a reading in the order in which they stand, those of the title before the others."""
    found = _Findings(reading).all()
    return sorted(found, key=lambda one: (one.place.within == "text", one.place.start, KINDS.index(one.kind), one.place.end))


class _Findings:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.digest = Digest(reading, 0.0)
        self.starts = [start for start, _ in reading.sentences]
        self.mentions = {mention.id: mention for mention in reading.mentions}

    def all(self) -> list[Finding]:
        """Kind by kind."""
        return [*self._statements(), *self._attributions(), *self._entities(), *self._others()]

    def place(self, spans: Iterable[Span], within: str = "text") -> Place:
        """From the first character of any to the last."""
        listed = list(spans) or [(0, 0)]
        return place_in(self.reading, min(a for a, _ in listed), max(b for _, b in listed), within)

    def words(self, spans: Spans, within: str = "text") -> str:
        """The words of a role."""
        whole = self.digest.text if within == "text" else self.digest.title
        return " … ".join(whole[a:b] for a, b in spans)

    def _statements(self) -> Iterable[Finding]:
        for s in self.reading.statements:
            roles = ((role, self.words(getattr(s, role), s.within)) for role in ("actor", "recipient", "object"))
            act = s.event.act if s.event else "none"
            facets = (("act", act), ("polarity", s.polarity), ("status", s.status), ("voice", self.digest.told(s.voice)), *roles)
            score = min(s.sure_score, s.event.score if s.event else 1.0)
            yield Finding("statement", s.id, self.place(s.predicate, s.within), (("lemma", s.lemma), *facets), score)

    def _attributions(self) -> Iterable[Finding]:
        for a in self.reading.attributions:
            facets = (("force", a.force), ("kind", a.kind), ("source", self.words(a.source, a.within)))
            yield Finding("attribution", a.id, self.place(a.cue or a.source or a.content, a.within), facets, a.score)

    def _entities(self) -> Iterable[Finding]:
        for e in self.reading.entities:
            mine = [self.mentions[one] for one in e.mentions if one in self.mentions]
            if mine:
                facets = (("name", e.name), ("type", e.type), ("country", e.country or ""), ("sector", e.sector or ""))
                first = min(mine, key=lambda m: (not m.named, m.start))
                yield Finding("entity", e.id, self.place([(first.start, first.end)]), facets, max(m.score for m in mine))

    def _others(self) -> Iterable[Finding]:
        facets: Facets
        for v in self.reading.evaluations:
            facets = (("target", self.words(v.target)), ("polarity", str(v.polarity)), ("holder", self.digest.told(v.holder)))
            yield Finding("evaluation", v.id, self.place(v.words or v.target), facets, v.score)
        for w in self.reading.wording:
            facets = (("kind", w.kind), ("target", self.digest.name_of(w.target)))
            yield Finding("wording", w.id, self.place([(w.start, w.end)]), facets, w.score)
        said = self.digest.statements
        for r in self.reading.reasons:
            one, other = said.get(r.origin), said.get(r.goal)
            if one and other:
                ends = (("from", one), ("to", other))
                facets = (("kind", r.kind), *((name, self.words(end.predicate, end.within)) for name, end in ends))
                at = self.place([r.marker]) if r.marker else self.place(one.predicate, one.within)
                yield Finding("reason", r.id, at, facets, r.score)


def place_in(reading: Reading, start: int, end: int, within: str = "text") -> Place:
    """A span of a text or title with its words and its sentence."""
    from bisect import bisect_right

    if within == "title":
        title = reading.article.title or ""
        return Place(within, start, end, title[start:end], title)
    text = reading.article.text
    at = bisect_right([a for a, _ in reading.sentences], start) - 1
    first, last = reading.sentences[at] if at >= 0 and reading.sentences[at][1] > start else (start, end)
    return Place(within, start, end, text[start:end], text[first:last])


# --- decisions and findings ------------------------------------------------------------------------------------------


def matched(reading: Reading, decisions: Sequence[Reviewed]) -> tuple[list[Finding], list[Reviewed]]:
    """All findings with their decisions, and the decisions whose words are not found there any more (they wait).

    What a person added is a finding too, unless it was taken back: its id is "r" and the number of the decision.
    """
    machine = findings(reading)
    added = [one for row in decisions if row.state == "added" and (one := _added(reading, row)) is not None]
    every = [*machine, *added]
    by_words: dict[tuple[str, str, str, str], list[int]] = {}
    for number, one in enumerate(every):
        by_words.setdefault(_key(one.kind, one.place), []).append(number)
    of: dict[int, list[Reviewed]] = {}
    waiting = []
    for row in decisions:
        listed = by_words.get(_key(row.kind, row.place), ())
        if row.state == "added":
            listed = [number for number in listed if every[number].id == f"r{row.number}"]
        if not listed:
            waiting.append(row)
            continue
        nearest = min(listed, key=lambda n: (abs(every[n].place.start - row.place.start), -_alike(every[n].facets, row), every[n].id))
        of.setdefault(nearest, []).append(row)
    out = [replace(one, reviews=_judged(one, of[number])) if number in of else one for number, one in enumerate(every)]
    gone = {one.id for one in out if one.id.startswith("r") and one.state == "unreviewed" and one in out[len(machine) :]}
    kept = [one for number, one in enumerate(out) if number < len(machine) or one.id not in gone]
    return sorted(kept, key=lambda one: (one.place.within == "text", one.place.start, KINDS.index(one.kind), one.place.end)), waiting


def _key(kind: str, place: Place) -> tuple[str, str, str, str]:
    return kind, place.within, place.quote, place.sentence


def _alike(facets: Facets, row: Reviewed) -> int:
    return len(set(facets) & set(row.found or row.said))


def _judged(one: Finding, rows: Sequence[Reviewed]) -> tuple[Review, ...]:
    """The decisions as reviews; which of them holds."""
    last = rows[-1]
    holds = last.state in ("edited", "added") or (last.state in ("accepted", "rejected") and last.found == one.facets)
    out = []
    for row in rows:
        was = tuple((name, value) for name, value in row.found if name in dict(row.said)) if row.state == "edited" else ()
        out.append(Review(one.id, one.kind, row.state, row.by, row.made, row.note, holds and row is last, was, row.said))
    return tuple(out)


def _added(reading: Reading, row: Reviewed) -> Finding | None:
    """What a person added, where its words stand now; None where they do not."""
    text = reading.article.title or "" if row.place.within == "title" else reading.article.text
    sentence = nearest(text, row.place.sentence, row.place.start - max(0, row.place.sentence.find(row.place.quote)))
    inner = nearest(row.place.sentence, row.place.quote, row.place.start - sentence[0]) if sentence else None
    if sentence is None or inner is None:
        return None
    start = sentence[0] + inner[0]
    place = replace(row.place, start=start, end=start + len(row.place.quote))
    return Finding(row.kind, f"r{row.number}", place, row.said, 1.0)


# --- readings with what was decided ----------------------------------------------------------------------------------


def reviewed(reading: Reading, decisions: Sequence[Reviewed]) -> Reading:
    """The reading with what people decided of it: edits and additions in their places, all decisions in `reviews`."""
    if not decisions:
        return reading
    found, _ = matched(reading, decisions)
    for one in found:
        own = any(review.state == "added" for review in one.reviews)
        if own or one.state == "edited":
            reading = with_finding(reading, one.kind, one.id, one.place, one.shown if own else dict(one.holding.now if one.holding else ()))
    return replace(reading, reviews=tuple(review for one in found for review in one.reviews))


def reading_of(ledger: "Ledger", number: int) -> Reading:
    """An article's current reading with what people decided of it."""
    reading = ledger.reading(number)
    return reviewed(reading, ledger.reviews([reading.article.id]))


# --- deciding --------------------------------------------------------------------------------------------------------


def decide(
    ledger: "Ledger", article: str, one: Finding, state: ReviewState, *, said: Mapping[str, str] | None = None, note: str = "", by: str
) -> int:
    """Keep what a person decided of a finding, and return the decision's number. ValueError, in words, where it cannot be.

    `said` are the fields that an edit changes. "unreviewed" takes back what was decided before: it is a decision of its own.
    """
    changed = _checked(ledger, article, one, said or {}) if state == "edited" else ()
    if state == "added" or state not in STATES:
        raise ValueError(f"a finding that is there cannot be {state!r}")
    if state == "unreviewed" and not one.reviews:
        raise ValueError("nothing was decided of it that could be taken back")
    _named(by, note)
    with ledger.writing():
        number = ledger.review(article, one.place, Judgement(one.kind, state, one.facets, changed), note=note, by=by)
        if one.kind == "statement" and one.id.startswith("r"):
            _settle(ledger, article, one.id)
        elif one.kind == "statement" and {"rejected", "edited"} & {state, one.state}:
            _recount(ledger, article, one.id)
    return number


def add(
    ledger: "Ledger", article: str, kind: FindingKind, quote: str, said: Mapping[str, str], *, nth: int = 0, note: str = "", by: str
) -> int:
    """Keep a finding that the machine did not make: `quote` are its words in the article (a predicate, a cue, a charged form)."""
    if kind not in ADDABLE:
        raise ValueError(f"a finding of the kind {kind!r} cannot be added; {', '.join(ADDABLE)} can")
    number = ledger.number(article)
    if number is None:
        raise AbsentError(f"no article of the ledger has the id {article!r}")
    _named(by, note)
    reading = ledger.reading(number)
    start = -1
    for _ in range(nth + 1):
        start = reading.article.text.find(quote, start + 1) if quote.strip() else -1
        if start < 0:
            raise ValueError("these words do not stand in the article's text: copy them from it")
    place = place_in(reading, start, start + len(quote))
    given = {field.name: (field.choices or ("",))[0] for field in fields_of(kind)} | dict(said)
    if kind == "statement":
        given["lemma"] = " ".join(quote.lower().split())
        given["voice"] = given["voice"] or _voice_at(reading, place)
    checked = _valid(reading, kind, place, given)
    with ledger.writing():
        decided = ledger.review(article, place, Judgement(kind, "added", said=tuple(checked.items())), note=note, by=by)
        if kind == "statement":
            _settle(ledger, article, f"r{decided}")
    return decided


def _settle(ledger: "Ledger", article: str, id: str) -> None:
    from allegedly.inquiry.added import settle

    settle(ledger, article, id)


def _recount(ledger: "Ledger", article: str, id: str) -> None:
    """The matter that a statement is in, which has one statement less or more now."""
    from allegedly.inquiry.counting import count_matters

    row = next(iter(ledger.articles([ledger.numbers([article])[article]]).values()))
    places = {one.id: place for place, one in enumerate(ledger.reading(row.number).statements)}
    if id in places:
        count_matters(ledger, ledger.matters.of([row.reading * ROOM + places[id]]).values())


def _named(by: str, note: str) -> None:
    if not by.strip():
        raise ValueError("a decision is somebody's: give a name")
    if len(note) > LONGEST or len(by) > 200:
        raise ValueError(f"a note has {LONGEST} characters at most, a name 200")


def _checked(ledger: "Ledger", article: str, one: Finding, said: Mapping[str, str]) -> Facets:
    """The fields that really change, once they are valid."""
    number = ledger.number(article)
    if number is None:
        raise AbsentError(f"no article of the ledger has the id {article!r}")
    before = dict(one.facets)
    changed = {name: value for name, value in said.items() if before.get(name) != value}
    if not changed:
        raise ValueError("nothing was changed: accept the finding, or change a field")
    return tuple(_valid(ledger.reading(number), one.kind, one.place, changed).items())


def _valid(reading: Reading, kind: FindingKind, place: Place, said: Mapping[str, str]) -> dict[str, str]:
    """The same; ValueError for a field that there is not, a value that it cannot have, or words that do not stand in the article."""
    known = {field.name: field for field in fields_of(kind)} | ({"lemma": Field("lemma")} if kind == "statement" else {})
    voices = voices_of(reading)
    for name, value in said.items():
        if name not in known:
            raise ValueError(f"{name!r} is no field of a finding of this kind")
        possible(known[name], value)
        if name == "voice" and value not in voices:
            raise ValueError(f"nobody called {value!r} is quoted in this article: choose one of {', '.join(voices)}")
        parts = value.split(" … ") if name in ("actor", "recipient", "object", "source") and value else ()
        if any(span_near(reading, part, place) is None for part in parts):
            raise ValueError(f"the words {value!r} do not stand in the article")
        if len(value) > LONGEST or (name == "name" and not value.strip()):
            raise ValueError(f"{name}: give at most {LONGEST} characters, and a name where one is needed")
    return dict(said)


def possible(field: Field, value: str) -> None:
    """ValueError where no finding can have this value in a field."""
    if field.choices and value not in field.choices:
        raise ValueError(f"{value!r} is no {field.name}: choose one of {', '.join(field.choices)}")
    if value and field.name == "country" and not _COUNTRY.fullmatch(value):
        raise ValueError(f"{value!r} is no country: give three letters of ISO 3166, such as FRA")


def voices_of(reading: Reading) -> list[str]:
    """Whose words an article holds: the author's, and those of its sources."""
    digest = Digest(reading, 0.0)
    return list(dict.fromkeys(["author", *(digest.told(a.id) for a in reading.attributions)]))


def _voice_at(reading: Reading, place: Place) -> str:
    """The innermost source whose content holds a place, or else the author."""
    around = [
        (end - start, a.id)
        for a in reading.attributions
        for start, end in a.content
        if a.within == place.within and start <= place.start and place.end <= end
    ]
    return Digest(reading, 0.0).told(min(around)[1] if around else "author")


def span_near(reading: Reading, words: str, place: Place) -> Span | None:
    """Where words stand in the text or title, nearest to a finding."""
    whole = reading.article.title or "" if place.within == "title" else reading.article.text
    return nearest(whole, words, place.start)


# --- the queue -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings of which articles: by state, kind, outlet, and a score from `least` to `most`. None or "" is any."""

    state: str = "unreviewed"
    kind: str = ""
    outlet: str = ""
    article: str = ""
    least: float = 0.0
    most: float = 1.0

    def fits(self, one: Finding) -> bool:
        """Whether a finding is one of them."""
        return (
            (not self.state or one.state == self.state)
            and (not self.kind or one.kind == self.kind)
            and self.least <= one.score <= self.most
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in the queue, with its article."""

    article: "ArticleRow"
    finding: Finding


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue: its items, how many articles were opened for it, and where to go on (None at the end)."""

    items: tuple[Item, ...]
    opened: int
    next: str | None


def queue(ledger: "Ledger", asked: Asked, *, after: str | None = None, limit: int = 25) -> Queue:
    """Findings that fit, the newest articles before the others, in reading order. At most `SCANNED` articles are opened; `next` goes on.

    ValueError for an `after` that no page gave.
    """
    chron, skip = _position(after)
    items: list[Item] = []
    opened = 0
    for article, at in _articles(ledger, asked, chron):
        if opened == SCANNED:
            return Queue(tuple(items), opened, f"{at}.0")
        opened += 1
        reading = ledger.reading(article.number)
        found, _ = matched(reading, ledger.reviews([article.id]))
        for place, one in enumerate(found):
            if place < skip or not asked.fits(one):
                continue
            if len(items) == limit:
                return Queue(tuple(items), opened, f"{at}.{place}")
            items.append(Item(article, one))
        skip = 0
    return Queue(tuple(items), opened, None)


def _position(after: str | None) -> tuple[int | None, int]:
    if not after:
        return None, 0
    found = re.fullmatch(r"(-?[0-9]{1,18})(?:\.([0-9]{1,18}))?", after)
    if not found:
        raise ValueError(f"{after!r} is no place in the queue")
    return int(found[1]), int(found[2] or 0)


def _articles(ledger: "Ledger", asked: Asked, chron: int | None) -> Iterable[tuple["ArticleRow", int]]:
    """Articles from a place on (itself included), with their places."""
    from allegedly.ledger import Filters

    if asked.article:
        number = ledger.number(asked.article)
        rows = ledger.articles([number]) if number is not None else {}
        yield from ((row, row.chron) for row in rows.values())
        return
    after = None if chron is None else chron + 1
    filters = Filters(outlet=asked.outlet or None)
    while True:
        some = ledger.search("", filters, after=after, limit=SCANNED + 1)
        yield from ((hit.article, hit.article.chron) for hit in some.rows)
        if some.next is None:
            return
        after = some.next


def finding_of(ledger: "Ledger", article: str, kind: str, id: str) -> tuple[Reading, Finding]:
    """A finding of an article's current reading by its kind and id. ValueError where there is none."""
    number = ledger.number(article)
    if number is None:
        raise AbsentError(f"no article of the ledger has the id {article!r}")
    reading = ledger.reading(number)
    found, _ = matched(reading, ledger.reviews([article]))
    one = next((one for one in found if (one.kind, one.id) == (kind, id)), None)
    if one is None:
        raise AbsentError("there is no such finding (any more): the article may have been read again meanwhile")
    return reading, one


def row_of(article: "ArticleRow", one: Finding) -> dict[str, Any]:
    """A finding as a row for listings, JSON and CSV."""
    last = one.reviews[-1] if one.reviews else None
    said = one.shown
    return {
        "article": article.id,
        "outlet": article.outlet,
        "published": article.published,
        "kind": one.kind,
        "finding": one.id,
        "within": one.place.within,
        "start": one.place.start,
        "end": one.place.end,
        "quotation": one.place.quote,
        "sentence": one.place.sentence,
        "voice": said.get("voice") or said.get("holder") or said.get("source") or "author",
        "polarity": said.get("polarity", ""),
        "status": said.get("status", ""),
        "says": [f"{name}: {value}" for name, value in said.items() if value],
        "score": round(one.score, 4),
        "review": one.state,
        "by": last.by if last else "",
        "made": last.made if last else "",
        "note": last.note if last else "",
        "decisions": len(one.reviews),
    }


FIELDS = (
    *("article", "outlet", "published", "kind", "finding", "within", "start", "end", "quotation", "sentence"),
    *("voice", "polarity", "status", "says", "score", "review", "by", "made", "note", "decisions"),
)


DECIDED = ("number", "made", "by", "state", "kind", "article", "within", "start", "end", "quotation", "sentence", "found", "said", "note")


def decided_row(one: Reviewed) -> dict[str, Any]:
    """A decision about a finding as a row."""
    return {
        "number": one.number,
        "made": one.made,
        "by": one.by,
        "state": one.state,
        "kind": one.kind,
        "article": one.article,
        "within": one.place.within,
        "start": one.place.start,
        "end": one.place.end,
        "quotation": one.place.quote,
        "sentence": one.place.sentence,
        "found": [f"{name}: {value}" for name, value in one.found if value],
        "said": [f"{name}: {value}" for name, value in one.said],
        "note": one.note,
    }
