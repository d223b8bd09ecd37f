"""Statements as JSON-LD: annotations of the W3C Web Annotation Data Model, and schema.org claims.

Both are one document whose items are written as readings come. Neither format knows who says something, how firmly, and whether they
affirm it, so every item says so twice: in words that a program without knowledge of ours shows, and in terms of our own.

An annotation targets the exact words by a TextQuoteSelector (with 32 characters on either side) and a TextPositionSelector, in code points
of the clean text (of the title where `in` says so), which is what the hash is of: not of the page's markup. A `Claim` never has a rating or
a review: Allegedly does not say what is true.

Published sources: Web Annotation Data Model (W3C Recommendation, 23 February 2017); https://schema.org/Claim.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from allegedly.export.digest import Digest, certainty, event_label, inline, roles
from allegedly.export.options import Options, is_blank, text_sha256
from allegedly.export.rows import translated
from allegedly.records import Article, Attribution, Reading, Statement

Json = dict[str, Any]

AROUND = 32
"""Characters of the prefix and of the suffix of a quotation."""
TERMS = (
    "voice",
    "relayedBy",
    "force",
    "sourcing",
    "polarity",
    "status",
    "statusScore",
    "humanDecision",
    "act",
    "eventType",
    "quad",
    "in",
    "textSha256",
)
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {term: f"urn:allegedly:term:{term}" for term in TERMS}]


def write_annotations(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """An AnnotationPage with an annotation for each statement, in the order of articles and statements."""
    head = {"@context": CONTEXT, "id": "urn:allegedly:annotations", "type": "AnnotationPage"}
    _write(out, head, "items", (_annotation(Digest(r, 0.0), s, options) for r in readings for s in r.statements))


def write_claims(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """A graph with a schema.org Claim for each statement, in the order of articles and statements."""
    _write(out, {"@context": "https://schema.org"}, "@graph", (_claim(d, s) for d in map(_whole, readings) for s in d.whole.statements))


def _whole(reading: Reading) -> Digest:
    return Digest(reading, 0.0)


def _write(out: TextIO, head: Json, key: str, items: Iterator[Json]) -> None:
    """One JSON document, an item a line. ASCII only, so that no character can end a line or a script element."""
    out.write(_json(head)[:-1] + f', "{key}": [')
    for number, item in enumerate(items):
        out.write(("," if number else "") + "\n" + _json(item))
    out.write("\n]}\n")
    out.flush()


def _json(value: Json) -> str:
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def _id(digest: Digest, statement: Statement, kind: str) -> str:
    """The same for the same statement of the same text, wherever it is read."""
    article = digest.whole.article
    key = "\x1f".join((kind, article.id, text_sha256(article), statement.id))
    return uuid.uuid5(uuid.NAMESPACE_URL, key.encode("utf-8", "replace").decode("utf-8")).urn


def _about(digest: Digest, s: Statement) -> Json:
    """Whose word it is, and how sure, in terms of our own."""
    sources = digest.sources(s.voice)
    out: Json = {"voice": sources[0] if sources else "author", "relayedBy": sources[1:], "force": digest.force(s.voice)}
    out |= {"sourcing": s.sourcing, "polarity": s.polarity, "status": s.status, "statusScore": round(s.sure_score, 4)}
    out["humanDecision"] = digest.review("statement", s.id)
    return out | ({"eventType": s.event.type, "act": s.event.act, "quad": s.event.quad} if s.event else {})


def _source(article: Article) -> str:
    return article.url or f"urn:allegedly:article:{article.id}"


def _annotation(digest: Digest, s: Statement, options: Options) -> Json:
    article, source = digest.whole.article, digest.source_of(s)
    start, end = min(a for a, _ in roles(s)), max(b for _, b in roles(s))
    quote = {
        "type": "TextQuoteSelector",
        "exact": source[start:end],
        "prefix": source[max(0, start - AROUND) : start],
        "suffix": source[end : end + AROUND],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    label = event_label(s)
    said = f"{digest.told(s.voice)} ({digest.force(s.voice)}): {certainty(s)}" + (f", {label}" if label else "")
    return {
        "id": _id(digest, s, "annotation"),
        "type": "Annotation",
        "motivation": "describing",
        "generator": {"id": "urn:allegedly:software", "type": "Software", "name": f"Allegedly {inline(digest.whole.reader.version)}"},
        "body": {"type": "TextualBody", "format": "text/plain", "language": "en", "value": said, **_about(digest, s)},
        "target": {
            "source": _source(article),
            "selector": [position] if options.no_text else [quote, position],
            "in": s.within,
            "textSha256": text_sha256(article),
        },
    }


_AUTHORS = {"person": "Person", "organization": "Organization", "group": "Organization", "country": "Country", "place": "Place"}


def _claim(digest: Digest, s: Statement) -> Json:
    article = digest.whole.article
    quoted = digest.quote(s)
    entities = dict.fromkeys((*s.actor_entities, *s.recipient_entities))
    out: Json = {
        "@type": "Claim",
        "@id": _id(digest, s, "claim"),
        "text": None if is_blank(quoted) else quoted if certainty(s) == "stated" else f"{certainty(s)}: “{quoted}”",
        "author": _author(digest, s),
        "creativeWorkStatus": f"{s.polarity}, {s.status}",
        "keywords": [_term(name, value) for name, value in _about(digest, s).items() if value not in ("", [], "unreviewed")],
        "about": [_thing(digest, one) for one in entities if digest.name_of(one)],
        "spatialCoverage": {"@type": "Place", "name": s.place.name} if s.place else None,
        "temporalCoverage": f"{s.time.start or '..'}/{s.time.end or '..'}" if s.time and (s.time.start or s.time.end) else None,
        "appearance": _appearance(article),
    }
    return {key: value for key, value in out.items() if value not in (None, [])}


def _term(name: str, value: Any) -> Json:
    shown = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return {"@type": "DefinedTerm", "name": shown, "inDefinedTermSet": f"urn:allegedly:term:{name}"}


def _thing(digest: Digest, entity: str) -> Json:
    """A party, by type and name. A group or an organization is an Organization, as schema.org has no other word."""
    return {"@type": _AUTHORS.get(digest.entities[entity].type, "Thing"), "name": digest.name_of(entity)}


def _author(digest: Digest, s: Statement) -> Json | list[Json] | None:
    """Whose claim it is: the innermost source; of the author's own claims the byline, else the outlet."""
    chain: list[Attribution] = digest.chain(s.voice)
    if chain:
        entity = chain[0].entity
        if entity and digest.name_of(entity) and digest.entities[entity].type in ("person", "organization", "group", "country"):
            kind = {"person": "Person"}.get(digest.entities[entity].type, "Organization")
            return {"@type": kind, "name": digest.name_of(entity), "description": digest.told(s.voice)}
        return {"@type": "Organization" if entity else "Thing", "name": digest.told(s.voice)}
    article = digest.whole.article
    if article.authors:
        return [{"@type": "Person", "name": name} for name in article.authors]
    return {"@type": "Organization", "name": article.outlet} if article.outlet else None


def _appearance(article: Article) -> Json:
    """Where it was said."""
    title = article.title or ""
    out: Json = {
        "@type": "OpinionNewsArticle" if article.genre.label == "opinion" else "NewsArticle",
        "@id": _source(article),
        "url": article.url,
        "identifier": [article.id, f"sha256:{text_sha256(article)}"],
        "headline": None if is_blank(title) else title,
        "publisher": {"@type": "Organization", "name": article.outlet} if article.outlet else None,
        "datePublished": article.published,
        "inLanguage": article.language,
        "creditText": f"translated by {translated(article)}" if article.translation else None,
    }
    return {key: value for key, value in out.items() if value is not None}
