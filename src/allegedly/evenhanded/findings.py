"""The findings of two readings side by side: which are in both, and which changed.

A finding is compared field by field, all its places brought to the places of the second text. Scores are not compared, nor
anything that is spelt as the swapped words are (names, lemmas).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from allegedly.records import Entity, Reading, Span, Spans, Statement

Kind = Literal["mention", "entity", "attribution", "statement", "evaluation", "wording", "reason"]
Place = Callable[[Span, bool], Span]
"""Where a span stands in the second text, or (true) in its title."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a reading: where it is anchored, what it says as values to compare and in words to show."""

    kind: Kind
    at: tuple[bool, Span]
    words: str
    values: Mapping[str, object]
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that is not the same in the second reading. `fields` differ; "missing" and "added" are fields of their own."""

    kind: Kind
    words: str
    fields: tuple[str, ...]
    before: str
    after: str


class _Collector:
    """Gathers the findings of one reading."""

    def __init__(self, reading: Reading, place: Place, apart: frozenset[str]) -> None:
        self.reading, self.place, self.apart = reading, place, apart
        self.out: list[Finding] = []
        self.spans = {m.id: (m.start, m.end) for m in reading.mentions}
        self.first = {e.id: place(self.spans[e.mentions[0]], False) for e in reading.entities if e.mentions}
        self.voices: dict[str | None, object] = {"author": "author", None: None}
        for a in reading.attributions:
            title = a.within == "title"
            self.voices[a.id] = title, place((a.cue or a.content or a.source)[0], title)
        self.statements = {s.id: (s.within == "title", self._at(s.predicate, s.within == "title")) for s in reading.statements}

    def text(self, spans: Spans, title: bool) -> str:
        source = (self.reading.article.title or "") if title else self.reading.article.text
        return " … ".join(" ".join(source[a:b].split()) for a, b in spans)

    def _at(self, spans: Spans, title: bool) -> Spans:
        return tuple(sorted(dict.fromkeys(self.place(span, title) for span in spans)))

    def add(self, kind: Kind, anchor: Span, title: bool, *, spans: Mapping[str, Spans], values: Mapping[str, object]) -> None:
        all_values = {name: self._at(found, title) for name, found in spans.items()} | dict(values)
        shown = {name: self.text(found, title) or "nobody or nothing" for name, found in spans.items()}
        shown |= {name: _shown(value) for name, value in values.items()}
        self.out.append(Finding(kind, (title, self.place(anchor, title)), self.text((anchor,), title), all_values, shown))

    def run(self) -> list[Finding]:
        self.people()
        for a in self.reading.attributions:
            self.add(
                "attribution",
                (a.cue or a.content or a.source)[0],
                a.within == "title",
                spans={"source": a.source, "cue": a.cue, "content": a.content},
                values={"kind": a.kind, "force": a.force, "parent": self.voices[a.parent]},
            )
        for s in self.reading.statements:
            self.statement(s)
        self.tone()
        return self.out

    def people(self) -> None:
        for m in self.reading.mentions:
            values = {"type": m.type, "named": m.named}
            self.add(
                "mention",
                (m.start, m.end),
                False,
                spans={"head": (m.head,)},
                values={k: v for k, v in values.items() if k not in self.apart},
            )
        for e in self.reading.entities:
            if not e.mentions:
                continue
            spans = {"mentions": tuple(self.spans[m] for m in e.mentions)}
            self.add("entity", self.spans[e.mentions[0]], False, spans=spans, values=self.told(e))

    def told(self, e: Entity) -> dict[str, object]:
        """Type, country and sector. The last two are left out where the name tells them by itself: the gazetteer rightly says another
        country of another name, and a "Ministry" is of another sector than a "Front".
        """
        by_name = {"country", "sector"} if "gazetteer:" in e.rule or "name:" in e.rule else set()
        return {name: getattr(e, name) for name in ("type", "country", "sector") if name not in self.apart | by_name}

    def statement(self, s: Statement) -> None:
        title = s.within == "title"
        values: dict[str, object] = {
            "act": s.event and s.event.act,
            "event": s.event and (s.event.type, s.event.mode, s.event.contexts),
            "polarity": s.polarity,
            "status": s.status,
            "voice": self.voices.get(s.voice),
            "sourcing": s.sourcing,
            "quantities": tuple((q.value, q.low, q.high, q.unit, q.kind) for q in s.quantities),
            "time": s.time and (s.time.start, s.time.end, s.time.precision),
        }
        roles = {"predicate": s.predicate, "actor": s.actor, "recipient": s.recipient, "object": s.object}
        self.add("statement", s.predicate[0], title, spans=roles | {"place": (s.place.span,) if s.place else ()}, values=values)

    def tone(self) -> None:
        for v in self.reading.evaluations:
            values = {"holder": self.voices.get(v.holder), "polarity": v.polarity}
            self.add("evaluation", v.target[0], False, spans={"target": v.target, "words": v.words}, values=values)
        for w in self.reading.wording:
            self.add("wording", (w.start, w.end), False, spans={}, values={"kind": w.kind, "target": self.first.get(w.target or "")})
        where = {s.id: s for s in self.reading.statements}
        for r in self.reading.reasons:
            if r.origin in where and r.goal in where:
                origin = where[r.origin]
                self.add(
                    "reason",
                    origin.predicate[0],
                    origin.within == "title",
                    spans={"marker": (r.marker,) if r.marker else ()},
                    values={"kind": r.kind, "to": self.statements[r.goal]},
                )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(_shown(item) for item in value if item not in (None, (), False))
    return "none" if value is None else str(value)


def findings(reading: Reading, place: Place, *, apart: frozenset[str] = frozenset()) -> list[Finding]:
    """All findings of a reading, kind by kind. `apart`: fields of entities and their mentions that are left out."""
    return _Collector(reading, place, apart).run()


def compared(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Counter[str], list[Change]]:
    """How many findings of each kind were compared, and those that changed.

    Findings of one kind with the same anchor belong together; of what is left over, those whose anchors overlap; the rest is missing
    or added.
    """
    pairs: list[tuple[Finding | None, Finding | None]] = []
    waiting: dict[tuple[str, tuple[bool, Span]], list[Finding]] = {}
    for finding in after:
        waiting.setdefault((finding.kind, finding.at), []).append(finding)
    alone: list[Finding] = []
    for finding in before:
        same = waiting.get((finding.kind, finding.at))
        if same:
            best = next((i for i, other in enumerate(same) if _change(finding, other) is None), 0)
            pairs.append((finding, same.pop(best)))
        else:
            alone.append(finding)
    pairs += _overlapping(alone, [finding for found in waiting.values() for finding in found])
    counts = Counter((one or other).kind for one, other in pairs if one or other)  # type: ignore[union-attr]
    changes = [change for one, other in pairs if (change := _change(one, other)) is not None]
    return counts, changes


def _overlapping(before: list[Finding], after: list[Finding]) -> list[tuple[Finding | None, Finding | None]]:
    """Pairs of one kind whose anchors overlap, from left to right; what has no partner stands alone."""
    key: Callable[[Finding], tuple[str, tuple[bool, Span]]] = lambda f: (f.kind, f.at)  # noqa: E731
    before, after = sorted(before, key=key), sorted(after, key=key)
    out: list[tuple[Finding | None, Finding | None]] = []
    i = j = 0
    while i < len(before) and j < len(after):
        one, other = before[i], after[j]
        (title, (start, end)), (in_title, (begin, stop)) = one.at, other.at
        if one.kind == other.kind and title == in_title and start < stop and begin < end:
            out.append((one, other))
            i, j = i + 1, j + 1
        elif key(one) < key(other):
            out.append((one, None))
            i += 1
        else:
            out.append((None, other))
            j += 1
    return out + [(one, None) for one in before[i:]] + [(None, other) for other in after[j:]]


def _change(one: Finding | None, other: Finding | None) -> Change | None:
    if one is None or other is None:
        there = one or other
        if there is None:
            return None
        said = "; ".join(f"{name}: {words}" for name, words in there.shown.items() if words not in ("none", "nobody or nothing"))
        missing = other is None
        return Change(there.kind, there.words, ("missing" if missing else "added",), said if missing else "", "" if missing else said)
    fields = [name for name in one.values if name in other.values and one.values[name] != other.values[name]]
    fields += ["anchor"] if one.at != other.at and not fields else []
    if not fields:
        return None
    before, after = ("; ".join(f"{n}: {f.shown.get(n, f.words)}" for n in fields) for f in (one, other))
    return Change(one.kind, one.words, tuple(fields), before, after)
