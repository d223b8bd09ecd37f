"""The records that stages hand to each other: frozen, slotted dataclasses, and what makes and holds many of them cheaply.

Offsets are Unicode code points, half-open `[start, end)`, into `Article.text` (or `Article.title` for what was
found in the title). `text[start:end]` always equals the words meant. A role that is discontinuous or multiple
is a tuple of spans, in text order. Field names are the names of the JSON schema (`docs/schema.md`), save those that
Python reserves: `within` is `in` there, and `Reason.origin` / `Reason.goal` are `from` / `to`.
"""

import copyreg
import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeVar

SCHEMA = "allegedly.reading/1"

Span = tuple[int, int]
Spans = tuple[Span, ...]

EntityType = Literal["person", "organization", "group", "country", "place", "other"]
NoteKind = Literal["disclaimer", "furniture", "caption", "byline", "correction"]
GenreLabel = Literal["report", "opinion", "interview", "press_release", "live_blog", "other"]
AttributionKind = Literal["direct", "indirect", "mixed"]
Force = Literal["says", "asserts", "denies", "doubts", "concedes", "believes", "wants"]
Polarity = Literal["affirmed", "negated"]
Status = Literal["actual", "planned", "demanded", "possible", "conditional", "question"]
Sourcing = Literal["none", "named", "unnamed", "document"]
TimePrecision = Literal["day", "week", "month", "season", "quarter", "year", "decade", "century", "range", "unknown"]
PlacePrecision = Literal["city", "near", "region", "country", "area", "unknown"]
WordingKind = Literal["loaded", "label", "scare_quotes", "sweeping", "vague_source", "legitimacy", "presupposing"]
ReasonKind = Literal["supports", "concedes", "contrasts", "causes", "conditions"]
FindingKind = Literal["statement", "attribution", "entity", "evaluation", "wording", "reason"]
ReviewState = Literal["unreviewed", "accepted", "rejected", "edited", "added"]


T = TypeVar("T")


@contextmanager
def uncollected() -> Iterator[None]:
    """Pauses Python's collector of cycles: it would walk again and again through all that reading and comparing hold.

    What cycles there are it finds afterwards, in one go.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def quick(record: type[T]) -> type[T]:
    """A frozen, slotted dataclass of which an article has hundreds, made in half the time.

    The `__init__` of a frozen dataclass sets each field through `object.__setattr__`, which looks for its slot by name; this one has the
    slots at hand. For fields with plain defaults or none.
    """
    names = [f.name for f in fields(record)]  # type: ignore[arg-type]
    given: dict[str, Any] = {f"default_{f.name}": f.default for f in fields(record) if f.default is not MISSING}  # type: ignore[arg-type]
    given |= {f"set_{name}": getattr(record, name).__set__ for name in names}
    arguments = (f"{name}=default_{name}" if f"default_{name}" in given else name for name in names)
    body = "".join(f"\n    set_{name}(self, {name})" for name in names)
    exec(f"def __init__(self, {', '.join(arguments)}):{body}", given)  # noqa: S102 -- made of field names alone
    given["__init__"].__annotations__ = record.__init__.__annotations__
    record.__init__ = given["__init__"]  # type: ignore[method-assign]
    return record


def changed(record: T, **values: Any) -> T:
    """The same as `dataclasses.replace`, for records of which an article has hundreds: it takes about half the time."""
    places, get = _parts(type(record))  # type: ignore[arg-type]
    own = [*get(record)]
    for name, value in values.items():
        own[places[name]] = value
    return type(record)(*own)


@lru_cache(maxsize=256)
def _parts(kind: type) -> tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]:
    """The places of a record's fields, of which there are two or more, and what gets their values."""
    names = [f.name for f in fields(kind)]
    return {name: place for place, name in enumerate(names)}, attrgetter(*names)


def sent_lightly(module: Mapping[str, Any]) -> None:
    """Has processes hand on a module's records, of two fields or more each, as the values of their fields, in less than half the time.

    A slotted dataclass's own way looks up anew what fields each of thousands of records has.
    """
    for record in module.values():
        if isinstance(record, type) and is_dataclass(record):
            copyreg.pickle(record, _sent)


def _sent(record: Any) -> tuple[Any, tuple[Any, ...]]:
    kind: Any = type(record)
    return kind, _parts(kind)[1](record)


# --- what the model gives: words, trees, mentions, attribution spans --------------------------------------------


@quick
@dataclass(frozen=True, slots=True)
class Token:
    """One syntactic word (Universal Dependencies). `head` indexes `Analysis.tokens`, -1 for a sentence's root.

    `joined` is true when the word shares its surface token with the word before it ("do" + "n't").
    `features` is the UD FEATS string ("Number=Sing|Person=3"), empty when there is none.
    """

    start: int
    end: int
    form: str
    lemma: str
    upos: str
    features: str
    head: int
    relation: str
    sentence: int
    joined: bool = False


@quick
@dataclass(frozen=True, slots=True)
class RawMention:
    """A mention as the model sees it, before entities are resolved. `first`, `last` (exclusive) and `head` index tokens."""

    first: int
    last: int
    head: int
    type: EntityType
    named: bool
    score: float


@dataclass(frozen=True, slots=True)
class RawAttribution:
    """Spans that the model links into one attribution; any of the three roles can be empty. `score` in [0, 1]."""

    source: Spans
    cue: Spans
    content: Spans
    score: float


@quick
@dataclass(frozen=True, slots=True)
class RawAct:
    """What the model takes a word to do as a predicate: the PLOVER type of the bare act, or "none", with its probability."""

    token: int
    type: str
    score: float


@quick
@dataclass(frozen=True, slots=True)
class RawStance:
    """How a sentence speaks of the mention headed by a token: probabilities that sum to 1."""

    token: int
    negative: float
    neutral: float
    positive: float


@quick
@dataclass(frozen=True, slots=True)
class RawLink:
    """The mention headed by `token` refers to what the earlier mention headed by `antecedent` refers to, with a probability."""

    token: int
    antecedent: int
    score: float


@dataclass(frozen=True, slots=True)
class RawWording:
    """Tokens [first, last) that readers would call loaded, with their mean probability."""

    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that one pass of the model says of a text. `sentences` are half-open ranges of token indices.

    `slanted` holds, for each sentence, the probability that readers would call it biased; empty where the model has no such head.
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]
    mentions: tuple[RawMention, ...]
    attributions: tuple[RawAttribution, ...]
    unread: tuple["Unread", ...] = ()
    acts: tuple[RawAct, ...] = ()
    stances: tuple[RawStance, ...] = ()
    links: tuple[RawLink, ...] = ()
    wording: tuple[RawWording, ...] = ()
    slanted: tuple[float, ...] = ()


# --- the article -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dateline:
    place: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Translation:
    source_language: str  # `from` in JSON
    by: Literal["outlet", "human", "machine"]
    tool: str | None = None


@dataclass(frozen=True, slots=True)
class Genre:
    label: GenreLabel
    score: float
    evidence: Spans = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A stretch that is not the author's argument: a disclaimer, site furniture, a caption, a byline, a correction."""

    kind: NoteKind
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Article:
    """Clean text and what the input said about it. Dates are ISO 8601 strings ("2024-05-01" or with a time), as precise as given."""

    id: str
    text: str
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    dateline: Dateline | None = None
    language: str | None = None
    translation: Translation | None = None
    genre: Genre = Genre("other", 0.0)
    notes: tuple[Note, ...] = ()


# --- the reading -----------------------------------------------------------------------------------------------


@quick
@dataclass(frozen=True, slots=True)
class Mention:
    id: str
    start: int
    end: int
    head: Span
    type: EntityType
    named: bool
    entity: str | None
    score: float


@quick
@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what mentions refer to. `country` is ISO 3166 alpha-3, `sector` a PLOVER sector code; `rule` names what found them."""

    id: str
    name: str
    type: EntityType
    country: str | None
    sector: str | None
    aliases: tuple[str, ...]
    mentions: tuple[str, ...]
    rule: str


@quick
@dataclass(frozen=True, slots=True)
class Attribution:
    id: str
    source: Spans
    cue: Spans
    content: Spans
    entity: str | None
    kind: AttributionKind
    force: Force
    parent: str | None
    score: float
    within: Literal["text", "title"] = "text"


@dataclass(frozen=True, slots=True)
class Event:
    """A statement's PLOVER code. `act` is the bare act's type, `type` the codebook's code given polarity and status."""

    type: str
    act: str
    mode: str | None
    contexts: tuple[str, ...]
    quad: int
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float | None
    low: float | None
    high: float | None
    unit: str
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class When:
    """ISO dates, both included; an end that is open or not known is None."""

    start: str | None
    end: str | None
    precision: TimePrecision
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Where:
    name: str
    country: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    span: Span
    rule: str


@quick
@dataclass(frozen=True, slots=True)
class Statement:
    """One predication about the political world, anchored at its predicate. `voice` is "author" or an attribution's id."""

    id: str
    within: Literal["text", "title"]
    predicate: Spans
    lemma: str
    actor: Spans
    recipient: Spans
    object: Spans
    actor_entities: tuple[str, ...]
    recipient_entities: tuple[str, ...]
    event: Event | None
    polarity: Polarity
    status: Status
    sure_rule: str
    sure_score: float
    voice: str
    sourcing: Sourcing
    quantities: tuple[Quantity, ...] = ()
    time: When | None = None
    place: Where | None = None


@quick
@dataclass(frozen=True, slots=True)
class Evaluation:
    id: str
    holder: str
    target: Spans
    entity: str | None
    polarity: Literal[-1, 0, 1]
    score: float
    words: Spans


@dataclass(frozen=True, slots=True)
class Wording:
    id: str
    kind: WordingKind
    start: int
    end: int
    target: str | None
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    id: str
    origin: str
    goal: str
    kind: ReasonKind
    marker: Span | None
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch that was not read, and why: nothing is dropped in silence."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that can change a reading, hashed."""

    version: str
    model_sha256: str
    data_sha256: str
    events_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided of a finding, kept beside it; `made` is a time in UTC. "unreviewed" takes back what was decided before.

    `holds` is true for the one decision that counts: not for what was decided again or taken back later, and not for what was decided of
    a finding that reads otherwise by now. `was` and `now` are the fields that an edit changed, before and after.
    """

    finding: str
    kind: FindingKind
    state: ReviewState
    by: str
    made: str
    note: str = ""
    holds: bool = True
    was: tuple[tuple[str, str], ...] = ()
    now: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One article's record: the whole of what `allegedly read` found in it; `reviews` is what people decided of it, in a ledger."""

    article: Article
    sentences: Spans
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]
    attributions: tuple[Attribution, ...]
    statements: tuple[Statement, ...]
    evaluations: tuple[Evaluation, ...]
    wording: tuple[Wording, ...]
    reasons: tuple[Reason, ...]
    thesis: str | None
    unread: tuple[Unread, ...]
    reader: Reader
    tokens: tuple[Token, ...] = field(default=(), repr=False)
    reviews: tuple[Review, ...] = ()


sent_lightly(vars())
