"""Readings as brat standoff: a folder with a text and its annotations for each article, which brat opens as a collection.

    NAME.txt         the text, its characters as they are (blanked with `no_text`); NAME-title.txt the title, where anything was found in it
    NAME.ann         T  mentions, predicates, cues and the phrases that fill roles, in code points
                     E  statements (by the bare act, or `Statement`) and attributions, with their roles; `Voice` leads to the attribution
                     A  Polarity, Status and Voice (author or source) of statements, Force of attributions, Review of both
                     #  the voice by name
    annotation.conf  the types, for brat

Published source: https://brat.nlplab.org/standoff.html. A fragment ends at a line's end or a tab, which annotations cannot hold.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from allegedly.export.digest import Digest, event_label, inline
from allegedly.export.folder import new_folder, safe_name
from allegedly.export.options import Options
from allegedly.language import plover
from allegedly.records import Reading, Span

_PIECE = re.compile("[^\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_TYPE = re.compile(r"[^A-Za-z0-9_-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
ENTITIES = ("Person", "Organization", "Group", "Country", "Place", "Other")
CONF = """[entities]
{entities}
Phrase

[relations]

[events]
{events}
Attribution\tSource?:<ANY>, Content?:<ANY>, Within?:Attribution

[attributes]
Polarity\tArg:<EVENT>, Value:affirmed|negated
Status\tArg:<EVENT>, Value:actual|planned|demanded|possible|conditional|question
Voice\tArg:<EVENT>, Value:author|source
Force\tArg:<EVENT>, Value:says|asserts|denies|doubts|concedes|believes|wants
Review\tArg:<EVENT>, Value:unreviewed|accepted|rejected|edited|added
"""
ROLES = "Actor?:<ANY>, Recipient?:<ANY>, Object?:<ANY>, Voice?:Attribution"


def write_brat(readings: Iterable[Reading], out: Path, options: Options) -> None:
    """The folder. Two articles whose names would be one get a number."""
    used: set[str] = set()
    acts = dict.fromkeys((*plover().types, "Statement"))
    with new_folder(out) as folder:
        for reading in readings:
            acts |= dict.fromkeys(_type(s.event.act) for s in reading.statements if s.event)
            digest, name = Digest(reading, 0.0), _unused(safe_name(reading.article.id), used)
            _save(folder / name, reading.article.text, _Document(digest, "text").lines())
            if any(s.within == "title" for s in reading.statements) or any(a.within == "title" for a in reading.attributions):
                _save(folder / f"{name}-title", digest.title, _Document(digest, "title").lines())
        conf = CONF.format(entities="\n".join(ENTITIES), events="\n".join(f"{act}\t{ROLES}" for act in acts))
        (folder / "annotation.conf").write_text(conf, encoding="utf-8", newline="\n")


def _unused(name: str, used: set[str]) -> str:
    """The name, or with a number; file systems may not tell upper from lower case."""
    found, number = name, 1
    while found.casefold() in used:
        number += 1
        found = f"{name}-{number}"
    used |= {found.casefold(), f"{found.casefold()}-title"}
    return found


def _save(path: Path, text: str, lines: Iterable[str]) -> None:
    for suffix, content in ((".txt", text), (".ann", "".join(f"{line}\n" for line in lines))):
        path.with_name(path.name + suffix).write_bytes(_SURROGATE.sub("\ufffd", content).encode("utf-8"))


def _type(name: str) -> str:
    return _TYPE.sub("_", name) or "Statement"


class _Document:
    """The annotations of a text, or of a title."""

    def __init__(self, digest: Digest, within: Literal["text", "title"]) -> None:
        self.digest, self.within = digest, within
        self.source = digest.text if within == "text" else digest.title
        self.bound: dict[tuple[str, tuple[Span, ...]], str] = {}
        self.out: list[str] = []

    def lines(self) -> Iterator[str]:
        """Text-bound annotations come as they are needed, before what refers to them."""
        reading = self.digest.whole
        if self.within == "text":
            for mention in reading.mentions:
                self.span(mention.type.capitalize(), [(mention.start, mention.end)])
        events = self.attributions()
        self.statements(events)
        return iter(self.out)

    def span(self, type: str, spans: Iterable[Span]) -> str | None:
        """The id of the annotation of these words; None where there are none."""
        pieces = tuple(dict.fromkeys(p.span() for start, end in spans for p in _PIECE.finditer(self.source, start, end)))
        pieces = tuple(sorted((a, b) for a, b in pieces if self.source[a:b].strip()))
        if not pieces:
            return None
        if (type, pieces) not in self.bound:
            self.bound[type, pieces] = f"T{len(self.bound) + 1}"
            text = " ".join(self.source[a:b] for a, b in pieces)
            self.out.append(f"{self.bound[type, pieces]}\t{type} {';'.join(f'{a} {b}' for a, b in pieces)}\t{text}")
        return self.bound[type, pieces]

    def attributions(self) -> dict[str, str]:
        """An event each, by the attribution's id; its trigger is the cue, or what else it has."""
        found, events = [a for a in self.digest.whole.attributions if a.within == self.within], dict[str, str]()
        for a in found:
            trigger = self.span("Attribution", a.cue) or self.span("Attribution", a.source) or self.span("Attribution", a.content)
            if trigger:
                events[a.id] = f"E{len(events) + 1}"
                roles = (("Source", self.span("Phrase", a.source)), ("Content", self.span("Phrase", a.content)))
                self.event(events[a.id], "Attribution", trigger, roles, events.get(a.parent or ""))
                self.attribute("Force", events[a.id], a.force)
                self.attribute("Review", events[a.id], self.digest.review("attribution", a.id))
        return events

    def statements(self, attributions: dict[str, str]) -> None:
        """An event each, in the order of the reading."""
        number = len(attributions)
        for s in self.digest.whole.statements:
            label = _type(s.event.act) if s.event else "Statement"
            trigger = self.span(label, s.predicate) if s.within == self.within else None
            if trigger:
                number += 1
                name = f"E{number}"
                roles = (("Actor", s.actor), ("Recipient", s.recipient), ("Object", s.object))
                filled = [(role, self.span("Phrase", spans)) for role, spans in roles]
                self.event(name, label, trigger, [*filled, ("Voice", attributions.get(s.voice))])
                self.attribute("Polarity", name, s.polarity)
                self.attribute("Status", name, s.status)
                self.attribute("Voice", name, "author" if s.voice == "author" else "source")
                self.attribute("Review", name, self.digest.review("statement", s.id))
                code = event_label(s)
                said = f"{s.id}: {self.digest.told(s.voice)} ({self.digest.force(s.voice)})" + (f", {code}" if code else "")
                self.out.append(f"#{number}\tAnnotatorNotes {name}\t{inline(said)}")

    def event(self, name: str, type: str, trigger: str, roles: Iterable[tuple[str, str | None]], within: str | None = None) -> None:
        """Its line. A role that nothing fills is left out."""
        filled = "".join(f" {role}:{value}" for role, value in (*roles, ("Within", within)) if value)
        self.out.append(f"{name}\t{type}:{trigger}{filled}")

    def attribute(self, name: str, event: str, value: str) -> None:
        """An attribute's line, numbered by the lines before it."""
        self.out.append(f"A{len(self.out) + 1}\t{name} {event} {value}")
