"""What people decide of single findings, and samples for validation with how they were coded. All of it is only ever added.

A review is anchored to the article's id, the hash of its text, and the words that the finding stands in, never to numbers. What a finding
is, and whether one of a later reading is the same, is not decided here: see `inquiry.review`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import exists, func, select

from allegedly.ledger import tables as t
from allegedly.ledger.store import Store
from allegedly.ledger.views import READ
from allegedly.ledger.words import kept, now
from allegedly.records import FindingKind, ReviewState

Facets = tuple[tuple[str, str], ...]
"""What a finding says, field by field, in words."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: its own words (`quote`), their half-open span in the text or title, and the sentence around them."""

    within: str
    start: int
    end: int
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of a finding of a kind: `found` is what the machine had found there, `said` what the person says instead."""

    kind: FindingKind
    state: ReviewState
    found: Facets = ()
    said: Facets = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One decision about one finding. `found` is what the machine had found there, `said` what the person says instead."""

    number: int
    made: str
    by: str
    article: str
    sha256: str
    kind: FindingKind
    state: ReviewState
    place: Place
    found: Facets
    said: Facets
    note: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample for validation: how it was drawn (`plan`), and its units in the order of the sheet, as plain values."""

    number: int
    made: str
    by: str
    plan: Mapping[str, Any]
    units: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Coding:
    """What a coder answered for a unit of a sample, by question; later answers stand beside earlier ones."""

    number: int
    unit: int
    made: str
    by: str
    answers: Mapping[str, str]


def keep(store: Store, article: str, place: Place, judgement: Judgement, *, note: str, by: str) -> int:
    """Keep a decision about a finding of an article's current version, and return its number. ValueError where there is no such article."""
    with store.writing():
        hashed = store.one(select(t.versions.c.sha256).select_from(READ).where(t.articles.c.id == kept(article)))
        if hashed is None:
            raise ValueError(f"no article of the ledger has the id {article!r}")
        number = store.next("reviews")
        row: dict[str, Any] = {"number": number, "made": now(), "by": kept(by), "article": kept(article), "sha256": bytes(hashed).hex()}
        row |= {"kind": judgement.kind, "state": judgement.state, "anchor": _packed(asdict(place)), "note": kept(note)}
        row |= {"found": _packed(judgement.found), "said": _packed(judgement.said)}
        store.run(t.reviews.insert(), row)
    return number


def reviews(store: Store, articles: Iterable[str] | None, *, after: int | None = None, limit: int | None = None) -> list[Reviewed]:
    """Decisions about findings of articles (by their ids) in the order they were made; or of all articles, the last before the others."""
    r = t.reviews.c
    query = select(t.reviews).order_by(r.number if articles is not None else r.number.desc())
    if articles is not None:
        query = query.where(r.article.in_([kept(one) for one in articles]))
    if after is not None:
        query = query.where(r.number < after)
    return [_reviewed(row) for row in store.rows(query.limit(limit) if limit else query)]


def judged(store: Store, articles: Iterable[int]) -> list[tuple[str, int, int]]:
    """Of these articles those of whose statements something was decided: id, number, and that of the current reading."""
    a, r, wanted = t.articles.c, t.reviews.c, store.each_of(articles)
    query = select(a.id, a.number, a.reading).join(wanted, wanted.c.value == a.number)
    query = query.where(exists().where(r.article == a.id, r.kind == "statement"))
    return [(row.id, row.number, row.reading) for row in store.rows(query)]


def _reviewed(row: Any) -> Reviewed:
    found, said = (tuple((name, value) for name, value in json.loads(packed)) for packed in (row.found, row.said))
    about = (row.number, row.made, row.by, row.article, row.sha256, row.kind, row.state)
    return Reviewed(*about, Place(**json.loads(row.anchor)), found, said, row.note)


def _packed(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


# --- validation ------------------------------------------------------------------------------------------------------


def strata(store: Store) -> dict[tuple[str, str], list[tuple[int, str, str]]]:
    """All articles by outlet ("" for none) and genre: number, id and the hash of the text in hexadecimal, by id."""
    names = select(t.articles.c.number, t.articles.c.id, t.versions.c.sha256, t.versions.c.genre, t.outlets.c.name).select_from(READ)
    out: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for row in store.rows(names.order_by(t.articles.c.id)):
        out.setdefault((row.name or "", row.genre), []).append((row.number, row.id, bytes(row.sha256).hex()))
    return out


def keep_sample(store: Store, plan: Mapping[str, Any], units: Sequence[Mapping[str, Any]], *, by: str) -> int:
    """Keep a sample, and return its number."""
    with store.writing():
        number = store.next("samples")
        row = {"number": number, "made": now(), "by": kept(by), "plan": _packed(plan), "units": _packed(units)}
        store.run(t.samples.insert(), row)
    return number


def samples(store: Store, number: int | None = None) -> list[Sample]:
    """One sample, or all in the order they were drawn."""
    query = select(t.samples).order_by(t.samples.c.number)
    rows = store.rows(query if number is None else query.where(t.samples.c.number == number))
    return [Sample(row.number, row.made, row.by, json.loads(row.plan), json.loads(row.units)) for row in rows]


def keep_codings(store: Store, sample: int, answers: Mapping[int, Mapping[str, str]], *, by: str) -> int:
    """Keep a coder's answers by unit; how many these are. ValueError where there is no such sample."""
    with store.writing():
        if not store.one(select(func.count()).select_from(t.samples).where(t.samples.c.number == sample)):
            raise ValueError(f"there is no sample {sample}")
        if not answers:
            return 0
        number, made = store.next("codings", len(answers)), now()
        rows = [
            {"number": number + place, "sample": sample, "unit": unit, "made": made, "by": kept(by), "answers": _packed(answers[unit])}
            for place, unit in enumerate(sorted(answers))
        ]
        store.run(t.codings.insert(), rows)
    return len(rows)


def codings(store: Store, sample: int) -> list[Coding]:
    """All answers for a sample, in the order they were given."""
    query = select(t.codings).where(t.codings.c.sample == sample).order_by(t.codings.c.number)
    return [Coding(row.number, row.unit, row.made, row.by, json.loads(row.answers)) for row in store.rows(query)]


def forget(store: Store, article: str) -> None:
    """Take out all that quotes an article: its reviews, and its units of samples with their codings (only their places remain)."""
    store.run(t.reviews.delete().where(t.reviews.c.article == kept(article)))
    for sample in samples(store):
        mine = {number for number, unit in enumerate(sample.units) if unit.get("article") == article}
        if mine:
            left = [{} if number in mine else unit for number, unit in enumerate(sample.units)]
            store.run(t.samples.update().where(t.samples.c.number == sample.number), {"units": _packed(left)})
            store.run(t.codings.delete().where(t.codings.c.sample == sample.number, t.codings.c.unit.in_(mine)))
