"""A reading with one finding as a person edited or added it. What was edited names the rule "user", and has the score 1.

Statements that a person edits are coded anew (`reading.events.code`), so that a planned act that becomes an actual one has the type that
goes with it. Words that fill a role are the nearest ones in the article; the entities of a role are those that the words name.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from allegedly.export.digest import Digest
from allegedly.language import plover
from allegedly.ledger.reviews import Place
from allegedly.ledger.tables import added_place
from allegedly.records import Attribution, Event, FindingKind, Mention, Polarity, Reading, Span, Spans, Statement, Status, Wording

T = TypeVar("T", bound=Any)
RULE = "user"
Said = Mapping[str, str]


def nearest(text: str, words: str, start: int) -> Span | None:
    """Where words stand in a text, nearest to a place; None where they do not."""
    if not words:
        return None
    found = [at for at in (text.find(words, max(0, start)), text.rfind(words, 0, max(0, start) + len(words))) if at >= 0]
    at = min(found, key=lambda at: (abs(at - start), at), default=None)
    return None if at is None else (at, at + len(words))


def place_of(id: str, place: int) -> int:
    """The place in the ledger's rows of a statement by its id and its place in the reading: one that somebody added has its own."""
    return added_place(int(id[1:])) if id.startswith("r") else place


def with_finding(reading: Reading, kind: FindingKind, id: str, place: Place, said: Said) -> Reading:
    """The reading with the finding of this kind and id as `said`; one that it does not have is added where it stands."""
    return _APPLY[kind](reading, id, place, said)


def _whole(reading: Reading, within: str) -> str:
    return reading.article.title or "" if within == "title" else reading.article.text


def _changed(listed: tuple[T, ...], id: str, change: Callable[[T], T]) -> tuple[T, ...]:
    return tuple(change(one) if one.id == id else one for one in listed)


# --- statements ------------------------------------------------------------------------------------------------------


def _statement(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    if not any(one.id == id for one in reading.statements):
        within: Any = place.within
        given = Statement(
            id,
            within,
            ((place.start, place.end),),
            said["lemma"],
            *((), (), (), (), ()),
            None,
            "affirmed",
            "actual",
            RULE,
            1.0,
            "author",
            "none",
        )
        reading = replace(reading, statements=(*reading.statements, given))
    return replace(reading, statements=_changed(reading.statements, id, lambda one: _restated(reading, one, said)))


def _restated(reading: Reading, one: Statement, said: Said) -> Statement:
    """The statement with the fields that a person gives. A voice that the article does not hold (any more) leaves the one it has."""
    polarity: Polarity = "negated" if said.get("polarity", one.polarity) == "negated" else "affirmed"
    status: Any = said.get("status", one.status)
    act = said.get("act", one.event.act if one.event else "none")
    out = replace(one, polarity=polarity, status=status, event=_event(one.event, act, polarity, status))
    if "polarity" in said or "status" in said:
        out = replace(out, sure_rule=RULE, sure_score=1.0)
    if "voice" in said:
        digest = Digest(reading, 0.0)
        voices = ["author", *(a.id for a in reading.attributions)]
        voice = next((v for v in voices if digest.told(v) == said["voice"]), one.voice)
        if voice != one.voice:
            out = replace(out, voice=voice, sourcing=_sourcing(reading, voice))
    start = one.predicate[0][0] if one.predicate else 0
    for role in ("actor", "recipient", "object"):
        if role in said:
            spans = _spans(reading, one.within, said[role], start)
            out = replace(out, **{role: spans})  # type: ignore[arg-type]
            if role != "object":
                out = replace(out, **{f"{role}_entities": _entities(reading, spans) if one.within == "text" else ()})  # type: ignore[arg-type]
    return out


def _event(before: Event | None, act: str, polarity: Polarity, status: Status) -> Event | None:
    """The event of an act, coded for a statement of this polarity and status; the machine's own mode and contexts where the act is its."""
    from allegedly.reading.events import Match, code

    if act == "none":
        return None
    same = before is not None and before.act == act
    mode, contexts = (before.mode, before.contexts) if before is not None and same else (None, ())
    score = before.score if before is not None and same else 1.0
    rule = before.rule if before is not None and same else f"{RULE}:act"
    if act not in plover().types:  # an event type of the user's own keeps its code
        return before
    sense = rule if ":" in rule else f"lexicon:{rule}"
    return code(Match(sense, act, mode, contexts, plover().types[act].quad, score, (), ()), polarity, status)


def _sourcing(reading: Reading, voice: str) -> Any:
    if voice == "author":
        return "none"
    named = {m.entity for m in reading.mentions if m.named}
    source = next((a for a in reading.attributions if a.id == voice), None)
    return "named" if source and source.entity in named else "unnamed"


def _spans(reading: Reading, within: str, words: str, start: int) -> Spans:
    """The words' places: parts that are joined by " … " each have their own."""
    found = (nearest(_whole(reading, within), part, start) for part in words.split(" … "))
    return tuple(span for span in found if span is not None)


def _entities(reading: Reading, spans: Spans) -> tuple[str, ...]:
    """Whom the words name: entities of the mentions in them that are in no other, or of one whose head they hold."""

    def meant(m: Mention) -> bool:
        inside = any(a <= m.start and m.end <= b for a, b in spans)
        return inside or any(m.start <= a <= m.head[0] and m.head[1] <= b <= m.end for a, b in spans)

    inside = [m for m in reading.mentions if m.entity and meant(m)]
    outermost = [m for m in inside if not any(o is not m and o.start <= m.start and m.end <= o.end for o in inside)]
    return tuple(dict.fromkeys(m.entity for m in outermost if m.entity))


# --- the other kinds -------------------------------------------------------------------------------------------------


def _attribution(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    if not any(one.id == id for one in reading.attributions):
        cue, within = (place.start, place.end), "title" if place.within == "title" else "text"
        given = Attribution(id, (), (cue,), (), None, "indirect", "says", None, 1.0, within)  # type: ignore[arg-type]
        reading = replace(reading, attributions=(*reading.attributions, given))

    def change(one: Attribution) -> Attribution:
        values: dict[str, Any] = {name: said[name] for name in ("force", "kind") if name in said}
        if "source" in said:
            spans = _spans(reading, one.within, said["source"], place.start)
            values |= {"source": spans, "entity": next(iter(_entities(reading, spans)), None) if one.within == "text" else None}
        return replace(one, **values, score=1.0)

    return replace(reading, attributions=_changed(reading.attributions, id, change))


def _entity(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    values: dict[str, Any] = {name: said[name] or None for name in ("country", "sector") if name in said}
    values |= {name: said[name] for name in ("name", "type") if name in said}
    return replace(reading, entities=_changed(reading.entities, id, lambda one: replace(one, **values, rule=RULE)))


def _evaluation(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    polarity: Any = int(said["polarity"]) if said.get("polarity") in ("-1", "0", "1") else None
    if polarity is None:
        return reading
    return replace(reading, evaluations=_changed(reading.evaluations, id, lambda one: replace(one, polarity=polarity, score=1.0)))


def _wording(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    if not any(one.id == id for one in reading.wording):
        kind: Any = said["kind"]
        return replace(reading, wording=(*reading.wording, Wording(id, kind, place.start, place.end, None, RULE, 1.0)))
    values: dict[str, Any] = {"kind": said["kind"]} if "kind" in said else {}
    return replace(reading, wording=_changed(reading.wording, id, lambda one: replace(one, **values, rule=RULE, score=1.0)))


def _reason(reading: Reading, id: str, place: Place, said: Said) -> Reading:
    values: dict[str, Any] = {"kind": said["kind"]} if "kind" in said else {}
    return replace(reading, reasons=_changed(reading.reasons, id, lambda one: replace(one, **values, rule=RULE, score=1.0)))


_APPLY: Mapping[FindingKind, Callable[[Reading, str, Place, Said], Reading]] = {
    "statement": _statement,
    "attribution": _attribution,
    "entity": _entity,
    "evaluation": _evaluation,
    "wording": _wording,
    "reason": _reason,
}
