"""A reading as JSON: the schema of `docs/schema.md`, version 1, one object a line.

Every key is always there, in the schema's order, save `withheld` and `tokens`. Scores and coordinates are rounded to four places; amounts
that the article states are not. The dictionaries are built by hand: `dataclasses.asdict` copies everything twice.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, TextIO

from allegedly.export.options import Options, WithheldArticle, text_sha256
from allegedly.records import (
    SCHEMA,
    Article,
    Attribution,
    Entity,
    Evaluation,
    Event,
    Mention,
    Quantity,
    Reading,
    Reason,
    Review,
    Span,
    Spans,
    Statement,
    Token,
    When,
    Where,
    Wording,
)

Json = dict[str, Any]

# What JSON allows in a string and a line or a terminal does not bear: C1 controls, line and paragraph separators,
# and lone surrogates, which UTF-8 cannot hold.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def write_jsonl(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """A line each, written and flushed as it comes."""
    for reading in readings:
        out.write(jsonl(reading, tokens=options.tokens) + "\n")
        out.flush()


def jsonl(reading: Reading, *, tokens: bool = False) -> str:
    """One line of JSON, without its line end. Reading it back gives the same text, lone surrogates included.

    Misses: two lone surrogates side by side that together spell a character come back as that one character.
    """
    line = json.dumps(record(reading, tokens=tokens), ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def record(reading: Reading, *, tokens: bool = False) -> Json:
    """The reading as a dictionary of plain values; with `tokens`, the layer of words is added at the end."""
    out: Json = {
        "schema": SCHEMA,
        "article": _article(reading.article),
        "sentences": _spans(reading.sentences),
        "mentions": [_mention(m) for m in reading.mentions],
        "entities": [_entity(e) for e in reading.entities],
        "attributions": [_attribution(a) for a in reading.attributions],
        "statements": [_statement(s) for s in reading.statements],
        "evaluations": [_evaluation(e) for e in reading.evaluations],
        "wording": [_wording(w) for w in reading.wording],
        "reasons": [_reason(r) for r in reading.reasons],
        "thesis": reading.thesis,
        "unread": [{"start": u.start, "end": u.end, "reason": u.reason} for u in reading.unread],
        "reader": {
            "version": reading.reader.version,
            "model_sha256": reading.reader.model_sha256,
            "data_sha256": reading.reader.data_sha256,
            "events_sha256": reading.reader.events_sha256,
        },
        "reviews": [_review(r) for r in reading.reviews],
    }
    if isinstance(reading.article, WithheldArticle):
        out["withheld"] = {"text_sha256": text_sha256(reading.article), "characters": len(reading.article.text)}
    if tokens:
        out["tokens"] = [_token(t) for t in reading.tokens]
    return out


def _round(value: float) -> float:
    """Four places; never minus zero, so that equal readings are equal bytes."""
    return round(float(value), 4) + 0.0


def _finite(value: float | None, *, places: int | None = None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return _round(value) if places else value


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else [span[0], span[1]]


def _spans(spans: Iterable[Span] | Spans) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _article(a: Article) -> Json:
    return {
        "id": a.id,
        "url": a.url,
        "title": None if isinstance(a, WithheldArticle) else a.title,
        "outlet": a.outlet,
        "authors": list(a.authors),
        "published": a.published,
        "modified": a.modified,
        "dateline": None if a.dateline is None else {"place": a.dateline.place, "date": a.dateline.date},
        "language": a.language,
        "translation": None
        if a.translation is None
        else {"from": a.translation.source_language, "by": a.translation.by, "tool": a.translation.tool},
        "genre": {"label": a.genre.label, "score": _round(a.genre.score), "evidence": _spans(a.genre.evidence)},
        "notes": [{"kind": n.kind, "start": n.start, "end": n.end, "rule": n.rule} for n in a.notes],
        "text": "" if isinstance(a, WithheldArticle) else a.text,
    }


def _mention(m: Mention) -> Json:
    return {
        "id": m.id,
        "start": m.start,
        "end": m.end,
        "head": _span(m.head),
        "type": m.type,
        "named": m.named,
        "entity": m.entity,
        "score": _round(m.score),
    }


def _entity(e: Entity) -> Json:
    return {
        "id": e.id,
        "name": e.name,
        "type": e.type,
        "country": e.country,
        "sector": e.sector,
        "aliases": list(e.aliases),
        "mentions": list(e.mentions),
        "rule": e.rule,
    }


def _attribution(a: Attribution) -> Json:
    return {
        "id": a.id,
        "in": a.within,
        "source": _spans(a.source),
        "cue": _spans(a.cue),
        "content": _spans(a.content),
        "entity": a.entity,
        "kind": a.kind,
        "force": a.force,
        "parent": a.parent,
        "score": _round(a.score),
    }


def _statement(s: Statement) -> Json:
    return {
        "id": s.id,
        "in": s.within,
        "predicate": _spans(s.predicate),
        "lemma": s.lemma,
        "actor": _spans(s.actor),
        "recipient": _spans(s.recipient),
        "object": _spans(s.object),
        "actor_entities": list(s.actor_entities),
        "recipient_entities": list(s.recipient_entities),
        "event": None if s.event is None else _event(s.event),
        "polarity": s.polarity,
        "status": s.status,
        "sure_rule": s.sure_rule,
        "sure_score": _round(s.sure_score),
        "voice": s.voice,
        "sourcing": s.sourcing,
        "quantities": [_quantity(q) for q in s.quantities],
        "time": None if s.time is None else _when(s.time),
        "place": None if s.place is None else _where(s.place),
    }


def _event(e: Event) -> Json:
    return {
        "type": e.type,
        "act": e.act,
        "mode": e.mode,
        "contexts": list(e.contexts),
        "quad": e.quad,
        "rule": e.rule,
        "score": _round(e.score),
    }


def _quantity(q: Quantity) -> Json:
    return {
        "value": _finite(q.value),
        "low": _finite(q.low),
        "high": _finite(q.high),
        "unit": q.unit,
        "kind": q.kind,
        "span": _span(q.span),
    }


def _when(w: When) -> Json:
    return {"start": w.start, "end": w.end, "precision": w.precision, "span": _span(w.span), "rule": w.rule}


def _where(w: Where) -> Json:
    return {
        "name": w.name,
        "country": w.country,
        "lat": _finite(w.lat, places=4),
        "lon": _finite(w.lon, places=4),
        "precision": w.precision,
        "span": _span(w.span),
        "rule": w.rule,
    }


def _evaluation(e: Evaluation) -> Json:
    return {
        "id": e.id,
        "holder": e.holder,
        "target": _spans(e.target),
        "entity": e.entity,
        "polarity": e.polarity,
        "score": _round(e.score),
        "words": _spans(e.words),
    }


def _wording(w: Wording) -> Json:
    return {
        "id": w.id,
        "kind": w.kind,
        "start": w.start,
        "end": w.end,
        "target": w.target,
        "rule": w.rule,
        "score": _round(w.score),
    }


def _reason(r: Reason) -> Json:
    return {
        "id": r.id,
        "from": r.origin,
        "to": r.goal,
        "kind": r.kind,
        "marker": _span(r.marker),
        "rule": r.rule,
        "score": _round(r.score),
    }


def _review(r: Review) -> Json:
    return {
        "finding": r.finding,
        "kind": r.kind,
        "state": r.state,
        "by": r.by,
        "made": r.made,
        "note": r.note,
        "holds": r.holds,
        "was": _values(r.was),
        "now": _values(r.now),
    }


def _values(fields: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"field": field, "value": value} for field, value in fields]


def _token(t: Token) -> Json:
    return {
        "start": t.start,
        "end": t.end,
        "form": t.form,
        "lemma": t.lemma,
        "upos": t.upos,
        "features": t.features,
        "head": t.head,
        "relation": t.relation,
        "sentence": t.sentence,
        "joined": t.joined,
    }
