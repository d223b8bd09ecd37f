"""Articles in versions, versions in readings: what is added, what is there already, and what changed in between.

A version is an article's title and text: another text under the same id is a new version, and its differences from the one before are
kept. A reading belongs to a version and a reader: another reader gives a further reading. Nothing replaces anything; `articles.reading`
says which reading counts now (the latest version's latest), and search, listings and comparison look at that one.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType, SimpleNamespace
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Table, func, select, true

from allegedly.compared import Claim, Party
from allegedly.errors import LedgerError
from allegedly.ledger import tables as t
from allegedly.ledger.claims import bare, whole
from allegedly.ledger.coding import text_bytes
from allegedly.ledger.fulltext import index_article, unindex_article
from allegedly.ledger.packing import expand, pack_reading, pack_records, squeeze, unpack_reading
from allegedly.ledger.sources import find_outlet, new_outlet
from allegedly.ledger.store import Store
from allegedly.ledger.views import DOCUMENTS, OUTSIDE
from allegedly.ledger.words import domain_of, first_day, fold, hash_of, kept, now
from allegedly.records import Article, Attribution, Entity, Reader, Reading, Span, Spans, Statement

MOST = 100
"""Articles in one batch, which is one transaction: what a killed run can lose."""
MOST_WORDS = 5_000
"""Words of an edited text up to which differences are found word by word; beyond, line by line."""
What = Literal["stored", "new version", "new reading", "duplicate", "refused"]


class Captured(Protocol):
    """What an input gave, as it gave it (`article.Capture` is one)."""

    @property
    def body(self) -> bytes: ...  # noqa: D102
    @property
    def media_type(self) -> str | None: ...  # noqa: D102
    @property
    def url(self) -> str | None: ...  # noqa: D102
    @property
    def retrieved(self) -> str | None: ...  # noqa: D102
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Capture:
    """Evidence as it was kept: the bytes, what was said of them, and their SHA-256."""

    body: bytes
    media_type: str | None
    url: str | None
    retrieved: str | None
    headers: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article to add: its reading, the bytes it came from, and its statements ready to be compared (their `item` is ignored)."""

    reading: Reading
    capture: Captured | None = None
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article. `article` is the ledger's number; `items` are those of the statements that have rows."""

    id: str
    what: What
    reason: str | None = None
    article: int | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as listings show it, in its current version, which is the `versions`-th; `chron` is its place in time, for paging."""

    number: int
    id: str
    title: str | None
    url: str | None
    outlet: str | None
    published: str | None
    day: str | None
    genre: str
    translated_by: str | None
    words: int
    version: int
    versions: int
    reading: int
    sha256: str
    chron: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article. `changes` are the differences from the version before: (span there, span here)."""

    number: int
    title: str | None
    text: str
    sha256: str
    added: str
    changes: tuple[tuple[Span, Span], ...]
    readers: tuple[Reader, ...]


# --- what is there already -------------------------------------------------------------------------------------------


def _tombstone(store: Store, article: Article) -> Outcome | None:
    marks = [sha256(text_bytes(article.id)).digest(), hash_of(article)]
    found = store.rows(select(t.tombstones.c.purged, t.tombstones.c.reason).where(t.tombstones.c.sha256.in_(marks)))
    if not found:
        return None
    said = f" ({found[0].reason})" if found[0].reason else ""
    return Outcome(article.id, "refused", f"it was purged on {found[0].purged[:10]}{said}")


def known(store: Store, articles: Sequence[Article], reader: Reader | None) -> list[Outcome | None]:
    """What needs no reading, because it was purged or this reader (any, for None) has read this very text. The others are None."""
    out: list[Outcome | None] = []
    for article in articles:
        query = (
            select(t.articles.c.number)
            .join(t.versions, t.versions.c.article == t.articles.c.number)
            .join(t.readings, t.readings.c.version == t.versions.c.number)
            .join(t.readers, t.readers.c.number == t.readings.c.reader)
            .where(t.articles.c.id == kept(article.id), t.versions.c.sha256 == hash_of(article))
        )
        number = store.one(query.where(*_same_reader(reader)) if reader else query)
        out.append(_tombstone(store, article) or (Outcome(article.id, "duplicate", None, number) if number else None))
    return out


def _same_reader(reader: Reader) -> list[Any]:
    names = ("version", "model_sha256", "data_sha256", "events_sha256")
    return [t.readers.c[name].is_not_distinct_from(getattr(reader, name)) for name in names]


# --- adding ----------------------------------------------------------------------------------------------------------


class Current(NamedTuple):
    """What an article's current reading is since it was added: its number, the article's place in time, and its claims as they are kept."""

    number: int
    chron: int
    reading: Reading
    claims: Mapping[int, Claim | None]


Fresh = dict[int, Current]
"""By article, readings that were added last and are current: what comparison will ask for need not be unpacked."""


def add(store: Store, entries: Sequence[Entry], fresh: Fresh) -> list[Outcome]:
    """All of a batch in one transaction, or nothing of it; what is in `fresh` gives way to its readings."""
    if len(entries) > MOST:
        raise ValueError(f"a batch has at most {MOST} articles, not {len(entries)}")
    with store.writing():
        current: Fresh = {}
        rows: dict[Table, list[dict[str, Any]]] = {t.statements: [], t.entities: [], t.wordings: []}
        out = [_Adding(store, entry, current, rows).outcome() for entry in entries]
        for table, listed in rows.items():
            store.run(table.insert(), listed)
        for article, one in sorted(current.items()):  # in its own order the index stays small
            index_article(store, article, one.chron, one.reading)
    fresh.clear()
    fresh.update({article: one._replace(reading=replace(one.reading, tokens=(), reviews=())) for article, one in current.items()})
    return out


class _Adding:
    """One article on its way into the ledger; its reading goes into `current` where it is that, and its narrow rows into `rows`."""

    def __init__(self, store: Store, entry: Entry, current: Fresh, rows: Mapping[Table, list[dict[str, Any]]]) -> None:
        self.store = store
        self.current = current
        self.rows = rows
        self.entry = entry
        self.reading = entry.reading
        self.article = entry.reading.article
        self.text = kept(self.article.text) or ""
        self.day = first_day(self.article.published)

    def outcome(self) -> Outcome:
        gone = _tombstone(self.store, self.article)
        if gone:
            return gone
        there = self.store.rows(select(t.articles).where(t.articles.c.id == kept(self.article.id)))
        article = there[0].number if there else self._new_article()
        its = t.versions.c.article == article
        latest = self.store.one(select(func.max(t.versions.c.number)).where(its))
        same = self.store.one(select(t.versions.c.number).where(its, t.versions.c.sha256 == hash_of(self.article)))
        reader = self._reader()
        if same and self.store.one(select(t.readings.c.number).where(t.readings.c.version == same, t.readings.c.reader == reader)):
            return Outcome(self.article.id, "duplicate", None, article)
        version = same or self._new_version(article, latest)
        items = self._new_reading(article, version, reader, current=not same or same == latest)
        return Outcome(self.article.id, "new reading" if same else "new version" if there else "stored", None, article, items)

    def _new_article(self) -> int:
        number = self.store.next("articles")
        row = {"number": number, "id": kept(self.article.id), "chron": self._chron(), "outlet": self._outlet()}
        self.store.run(t.articles.insert(), row)
        return number

    def _chron(self, before: int = -1) -> int:
        """The place in time that the article had, where that is of its day, or else the next of that day."""
        first, chron = t.chron(self.day), t.articles.c.chron
        end = first + t.DAY if self.day else t.DATED
        if first <= before < end:
            return before
        last = self.store.one(select(func.max(chron)).where(chron >= first, chron < end))
        if last == end - 1:
            raise LedgerError(self.store.name, "full", f"there are {t.DAY:,} articles of {self.day}", "Keep some of them in another ledger")
        return first if last is None else int(last) + 1

    def _outlet(self) -> int | None:
        """The outlet's number by its name, its domain, or as a new one; None where the article names neither."""
        name, domain = kept((self.article.outlet or "").strip()), domain_of(self.article.url)
        number = find_outlet(self.store, fold(name or ""), domain)
        return number or (new_outlet(self.store, name or "", domain) if fold(name or "") or domain else None)

    def _reader(self) -> int:
        reader = self.reading.reader
        number = self.store.one(select(t.readers.c.number).where(*_same_reader(reader)))
        if number is None:
            number = self.store.next("readers")
            names = ("version", "model_sha256", "data_sha256", "events_sha256")
            self.store.run(t.readers.insert(), {"number": number, **{name: getattr(reader, name) for name in names}})
        return int(number)

    def _new_version(self, article: int, before: int | None) -> int:
        number = self.store.next("versions")
        changes = None
        if before is not None:
            old = self.store.one(select(t.versions.c.text).where(t.versions.c.number == before))
            changes = json.dumps(differences(old, self.text), separators=(",", ":"))
        one = self.article
        row = {
            "number": number,
            "article": article,
            "sha256": hash_of(one),
            "title": kept(one.title),
            "url": kept(one.url),
            "outlet_given": kept(one.outlet),
            "published": kept(one.published),
            "day": self.day,
            "modified": kept(one.modified),
            "language": kept(one.language),
            "translated_by": one.translation and one.translation.by,
            "genre": one.genre.label,
            "words": len(self.text.split()),
            "added": now(),
            "changes": changes,
            "text": self.text,
        }
        self.store.run(t.versions.insert(), row)
        if self.entry.capture is not None:
            self._keep(number, self.entry.capture)
        return number

    def _keep(self, version: int, capture: Captured) -> None:
        row = {
            "version": version,
            "url": kept(capture.url),
            "retrieved": capture.retrieved,
            "media_type": kept(capture.media_type),
            "headers": json.dumps([list(header) for header in capture.headers]) if capture.headers else None,
            "sha256": sha256(capture.body).digest(),
            "size": len(capture.body),
            "body": squeeze(capture.body, beside=_evidence_beside(kept(self.article.title), self.text)),
        }
        self.store.run(t.captures.insert(), row)

    def _new_reading(self, article: int, version: int, reader: int, *, current: bool) -> tuple[int, ...]:
        number = self.store.next("readings")
        rows = Rows(self.reading, self.text, number, self.entry.claims)
        claims = rows.bare_claims()
        row: dict[str, Any] = {"number": number, "version": version, "reader": reader, "article": article, "added": now()}
        row["claims"] = pack_records(Claim, claims, self.text) if claims else None
        outside = self.store.rows(
            select(*OUTSIDE)
            .select_from(t.versions.join(t.readers, true()))
            .where(t.versions.c.number == version, t.readers.c.number == reader)
        )[0]
        self.store.run(t.readings.insert(), {**row, "document": pack_reading(self.reading, outside)})
        self.rows[t.statements].extend(rows.statements)
        self.rows[t.entities].extend(rows.entities)
        self.rows[t.wordings].extend(rows.wordings)
        if current:
            unindex_article(self.store, article)
            chron = self._chron(self.store.one(select(t.articles.c.chron).where(t.articles.c.number == article)))
            self.store.run(t.articles.update().where(t.articles.c.number == article), {"reading": number, "chron": chron})
            self.current[article] = Current(number, chron, self.reading, rows.kept_claims())
        return tuple(row["number"] for row in rows.statements)


def differences(old: str, new: str) -> list[list[int]]:
    """What changed from one text to the other: [start, end) in the old one and in the new one, in words (in lines for long texts)."""
    pattern = r"\S+\s*|\s+" if max(len(old), len(new)) < MOST_WORDS * 6 else r"[^\n]*\n|[^\n]+"
    before, after = re.findall(pattern, old), re.findall(pattern, new)
    starts = [[0], [0]]
    for which, parts in enumerate((before, after)):
        for part in parts:
            starts[which].append(starts[which][-1] + len(part))
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > MOST_WORDS)
    return [[starts[0][a], starts[0][b], starts[1][c], starts[1][d]] for what, a, b, c, d in matcher.get_opcodes() if what != "equal"]


# --- a reading's narrow rows -----------------------------------------------------------------------------------------


class Rows:
    """What of a reading is queried.

    A statement has a row where it has an event code, names somebody, or counts something; an entity where it is named or takes part in
    such a statement; a claim where its statement has a row. All others are in the reading's document.
    """

    def __init__(
        self, reading: Reading, text: str, number: int, claims: Sequence[Claim], added: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """`added` are places for statements that people added, by their ids; each of these has a row."""
        self.reading = reading
        self.text = text
        self.base = number * t.ROOM
        self.compared = {claim.statement: claim for claim in claims}
        own = enumerate(reading.statements[: t.ROOM - t.ADDED])
        self.chosen = [(place, one) for place, one in own if one.id not in added and self._counts(one)]
        self.chosen += [(added[one.id], one) for one in reading.statements if one.id in added]
        parties = {entity for _, one in self.chosen for entity in (*one.actor_entities, *one.recipient_entities)}
        self.places = {e.id: place for place, e in enumerate(reading.entities[: t.ROOM]) if e.id in parties or e.id in self.named}
        self.facts = [self._facts(one) for _, one in self.chosen]
        self.statements = [self._statement(place, one, facts) for (place, one), facts in zip(self.chosen, self.facts, strict=True)]
        listed = [entity for entity in reading.entities if entity.id in self.places]
        self.entities = [
            {"number": self.base + self.places[e.id], "name": kept(e.name), "type": e.type, "country": e.country, "sector": e.sector}
            | {"aliases": self._aliases(e)}
            for e in listed
        ]
        self.wordings = self._wordings(number)

    def _aliases(self, one: Entity) -> str | None:
        """An entity's names, as `entities.aliases` has them."""
        plain = {one.name.lower()} if one.name.isascii() else set()
        return "\n".join(sorted({*map(fold, (one.name, *one.aliases))} - plain - {""})) if one.id in self.named else None

    @cached_property
    def named(self) -> set[str | None]:
        """Entities that some mention names."""
        return {mention.entity for mention in self.reading.mentions if mention.named}

    @cached_property
    def known(self) -> dict[str, Entity]:
        """Entities by id."""
        return {entity.id: entity for entity in self.reading.entities}

    @cached_property
    def speakers(self) -> dict[str, int]:
        """The places of entities with rows, by names that only one of them has."""
        places = [(name, self.places[e.id]) for e in self.reading.entities if e.id in self.places and (name := kept(e.name))]
        often = Counter(name for name, _ in places)
        return {name: place for name, place in places if often[name] == 1}

    @cached_property
    def attributions(self) -> dict[str, Attribution]:
        """Attributions by id."""
        return {one.id: one for one in self.reading.attributions}

    def _counts(self, one: Statement) -> bool:
        somebody = not self.named.isdisjoint((*one.actor_entities, *one.recipient_entities))
        return somebody or one.event is not None or bool(one.quantities)

    def _facts(self, one: Statement) -> dict[str, Any]:
        claim, event = self.compared.get(one.id), one.event
        return {
            "title": one.within == "title",
            "act": event and event.act,
            "type": event and event.type,
            "polarity": one.polarity,
            "status": one.status,
            "force": claim.force if claim else self._force(one),
            "sourcing": one.sourcing,
        }

    def _statement(self, place: int, one: Statement, facts: Mapping[str, Any]) -> dict[str, Any]:
        title = one.within == "title"
        whole = self.reading.article.title or "" if title else self.text
        start = (hull(one.predicate) or (0, 0))[0]
        sentences = ((0, len(whole)),) if title else self.reading.sentences
        sentence = next(((a, b) for a, b in sentences if a <= start < b), hull(one.predicate) or (0, 0))
        row: dict[str, Any] = {
            "number": self.base + place,
            "facts": t.facts(facts),
            "start": start,
            "sentence_start": sentence[0],
            "sentence_end": sentence[1],
            "parties": self._parties(one),
            "lemma": kept(one.lemma),
            "voice": self._marked(self._voice(one, self.compared.get(one.id))),
            "first_day": one.time and one.time.start,
            "last_day": one.time and one.time.end,
            "place": kept(one.place.name) if one.place else None,
            "country": one.place and one.place.country,
        }
        for role in ("actor", "recipient", "object"):
            words = hull(getattr(one, role))
            row |= {f"{role}_at": words and words[0] - sentence[0], f"{role}_length": words and words[1] - words[0]}
        return row

    def _voice(self, one: Statement, claim: Claim | None) -> str | None:
        """None for the author; else the source's fullest name, or its words."""
        if one.voice == "author":
            return None
        if claim and claim.voice != "author":
            return kept(claim.voice)
        said = self.attributions.get(one.voice)
        if said is None:
            return one.voice
        names = {entity.id: entity.name for entity in self.reading.entities}
        whole = self.reading.article.title or "" if said.within == "title" else self.text
        return kept(names.get(said.entity or "")) or " ".join(whole[a:b] for a, b in said.source) or one.voice

    def _marked(self, voice: str | None) -> str | None:
        """As `statements.voice` has it."""
        if voice in self.speakers:
            return f"@{self.speakers[voice]}"
        return f"@{voice}" if voice and voice.startswith("@") else voice

    def _force(self, one: Statement) -> str:
        said = self.attributions.get(one.voice)
        return said.force if said else "says"

    def bare_claims(self) -> list[Claim]:
        """Claims by their places in the reading; their articles and numbers are the ledger's business, their sentences the text's."""
        chosen = [(place, one) for place, one in self.chosen if one.id in self.compared]
        return [bare(self.compared[one.id], place, kept(one.lemma) or "", self._who(one)) for place, one in chosen]

    def _who(self, one: Statement) -> dict[Party, int]:
        """The entities that take part in a statement and have rows that say all of them, as parties of claims, and their places."""
        entities = [self.known[entity] for entity in (*one.recipient_entities, *one.actor_entities) if entity in self.places]
        return {Party(entity.name, entity.type): self.places[entity.id] for entity in entities if kept(entity.name) == entity.name}

    def kept_claims(self) -> dict[int, Claim | None]:
        """What the ledger will say that the claims are, by statement; None for a statement without one."""
        out: dict[int, Claim | None] = {}
        for (_, one), facts, row in zip(self.chosen, self.facts, self.statements, strict=True):
            claim, title = self.compared.get(one.id), facts["title"]
            said = (kept(self.reading.article.title) or "" if title else self.text)[row["sentence_start"] : row["sentence_end"]]
            known = SimpleNamespace(**facts, **row, id=kept(self.reading.article.id), words=said, said_by=self._voice(one, claim))
            out[row["number"]] = claim and whole(claim, known, {})
        return out

    def _parties(self, one: Statement) -> str | None:
        """Who takes part, as `statements.parties` has it."""
        actors = {self.places[entity] * 2 for entity in one.actor_entities if entity in self.places}
        recipients = {self.places[entity] * 2 + 1 for entity in one.recipient_entities if entity in self.places}
        return ",".join(map(str, sorted(actors | recipients))) or None

    def _wordings(self, number: int) -> list[dict[str, Any]]:
        names = {entity.id: entity.name for entity in self.reading.entities}
        found = Counter((one.kind, fold(self.text[one.start : one.end]), names.get(one.target or "", "")) for one in self.reading.wording)
        return [
            {"reading": number, "kind": kind, "form": form, "target": kept(target) or "", "count": count}
            for (kind, form, target), count in sorted(found.items())
        ]


def hull(spans: Spans) -> Span | None:
    """From the first character of any to the last; None for none."""
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


# --- what is kept ----------------------------------------------------------------------------------------------------


def article_rows(store: Store, numbers: Iterable[int]) -> dict[int, ArticleRow]:
    """Articles by their numbers, in their current versions."""
    listed = list(numbers)
    if not listed:
        return {}
    wanted = store.each_of(listed)
    every = t.versions.alias("every")
    count = select(func.count()).select_from(every).where(every.c.article == t.articles.c.number).scalar_subquery()
    names = ("title", "url", "published", "day", "genre", "translated_by", "words", "sha256")
    query = (
        select(t.articles, t.outlets.c.name, count.label("many"), t.versions.c.number.label("version"), *(t.versions.c[n] for n in names))
        .join(wanted, wanted.c.value == t.articles.c.number)
        .join(t.readings, t.readings.c.number == t.articles.c.reading)
        .join(t.versions, t.versions.c.number == t.readings.c.version)
        .join(t.outlets, t.outlets.c.number == t.articles.c.outlet, isouter=True)
    )
    out = {}
    for row in store.rows(query):
        hashed = bytes(row.sha256).hex()
        given = (row.title, row.url, row.name, row.published, row.day, row.genre, row.translated_by, row.words)
        out[row.number] = ArticleRow(row.number, row.id, *given, row.version, row.many, row.reading, hashed, row.chron)
    return out


def texts(store: Store, numbers: Iterable[int]) -> dict[int, str]:
    """The texts of articles' current versions, by number."""
    wanted = store.each_of(numbers)
    query = select(t.articles.c.number, t.versions.c.text).join(wanted, wanted.c.value == t.articles.c.number)
    query = query.join(t.readings, t.readings.c.number == t.articles.c.reading)
    return {row.number: row.text for row in store.rows(query.join(t.versions, t.versions.c.number == t.readings.c.version))}


def numbers_of(store: Store, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of articles by their ids, as far as they are there."""
    wanted = {kept(given): given for given in ids}
    rows = store.rows(select(t.articles.c.id, t.articles.c.number).where(t.articles.c.id.in_(wanted)))
    return {wanted[row.id]: row.number for row in rows}


def id_at(store: Store, url: str) -> str | None:
    """The id of the article whose current version has this address; of several, the one added last."""
    query = (
        select(t.articles.c.id)
        .join(t.readings, t.readings.c.number == t.articles.c.reading)
        .join(t.versions, t.versions.c.number == t.readings.c.version)
    )
    found = store.one(query.where(t.versions.c.url == kept(url)).order_by(t.articles.c.number.desc()).limit(1))
    return None if found is None else str(found)


def load_all(store: Store, articles: Iterable[int], fresh: Fresh) -> dict[int, Reading]:
    """The current readings of articles, those that are in `fresh` without opening them."""
    wanted = store.each_of(articles)
    query = select(t.articles.c.number, t.articles.c.reading).join(wanted, wanted.c.value == t.articles.c.number)
    out = {}
    for article, current in store.rows(query.order_by(t.articles.c.reading)):
        known = fresh.get(article)
        out[article] = known.reading if known and known.number == current else load(store, article)
    return out


def load(store: Store, number: int, *, version: int | None = None) -> Reading:
    """The current reading of an article, or the latest of one of its versions."""
    if version is None:
        current = select(t.articles.c.reading).where(t.articles.c.number == number).scalar_subquery()
        found = store.rows(DOCUMENTS.where(t.readings.c.number == current))
    else:
        at = t.readings.c.article == number, t.versions.c.number == version
        found = store.rows(DOCUMENTS.where(*at).order_by(t.readings.c.number.desc()).limit(1))
    if not found:
        raise LedgerError(store.name, "missing", f"there is no article {number}", "`allegedly search` lists what there is")
    return unpack_reading(found[0].document, found[0][1:], name=store.name)


def versions(store: Store, number: int) -> list[Version]:
    """All versions of an article, the oldest before the others."""
    readers: dict[int, list[Reader]] = {}
    query = select(t.readings.c.version.label("of"), t.readers).join(t.readers, t.readers.c.number == t.readings.c.reader)
    for row in store.rows(query.where(t.readings.c.article == number).order_by(t.readings.c.number)):
        readers.setdefault(row.of, []).append(Reader(row.version, row.model_sha256, row.data_sha256, row.events_sha256))
    out = []
    for row in store.rows(select(t.versions).where(t.versions.c.article == number).order_by(t.versions.c.number)):
        changes = tuple(((a, b), (c, d)) for a, b, c, d in json.loads(row.changes or "[]"))
        out.append(
            Version(row.number, row.title, row.text, bytes(row.sha256).hex(), row.added, changes, tuple(readers.get(row.number, ())))
        )
    return out


def _evidence_beside(title: str | None, text: str) -> bytes:
    """What evidence mostly consists of: title and text as they stand, and as JSON writes the text."""
    return text_bytes(f"{json.dumps(text)}{title or ''}\n{text}")


def capture(store: Store, version: int) -> Capture | None:
    """The evidence of a version, checked against its hash."""
    query = select(t.captures, t.versions.c.title, t.versions.c.text).join(t.versions, t.versions.c.number == t.captures.c.version)
    for row in store.rows(query.where(t.captures.c.version == version)):
        body = expand(row.body, beside=_evidence_beside(row.title, row.text))
        if sha256(body).digest() != bytes(row.sha256):
            raise LedgerError(store.name, "damaged", f"the bytes kept of version {version} are damaged", "Restore a backup")
        headers = tuple((name, value) for name, value in json.loads(row.headers or "[]"))
        return Capture(body, row.media_type, row.url, row.retrieved, headers, bytes(row.sha256).hex())
    return None
