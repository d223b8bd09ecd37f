"""A reading in people's words, for the two views made to be read: who speaks, how surely, and the words quoted.

Nothing here decides anything: it names what the reading holds. No statement leaves without its voice, and the
word for its polarity and status stands before it, also where that is the plain "stated".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allegedly.records import Attribution, Entity, Reading, Span, Spans, Statement

STATUS = {
    "actual": "stated",
    "planned": "planned",
    "demanded": "demanded",
    "possible": "possible",
    "conditional": "if",
    "question": "asked",
}
FORCE = {
    "says": "says",
    "asserts": "asserts",
    "denies": "denies",
    "doubts": "doubts",
    "concedes": "concedes",
    "believes": "believes",
    "wants": "wants",
}
GENRE = {
    "report": "report",
    "opinion": "opinion",
    "interview": "interview",
    "press_release": "press release",
    "live_blog": "live blog",
    "other": "unclear",
}
WORDING = {
    "loaded": "loaded word",
    "label": "label",
    "scare_quotes": "scare quotes",
    "sweeping": "sweeping claim",
    "vague_source": "vague source",
    "legitimacy": "word of legitimacy",
    "presupposing": "presupposes",
}
REASON = {
    "supports": "supports",
    "concedes": "is conceded against",
    "contrasts": "stands against",
    "causes": "is given as the cause of",
    "conditions": "is a condition of",
}
EVALUATION = {-1: "critically", 0: "neutrally", 1: "favourably"}
AUTHOR = "the author"
GAP = 60  # characters between two roles of a statement that a quotation of it holds
COPULAS = frozenset({"be", "seem", "become", "remain", "appear"})

# Control characters, which steer terminals, and the marks that turn the direction of writing round.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


def safe(text: str) -> str:
    """The text with each character that could steer a terminal or mislead the eye replaced, one for one, by a visible one."""
    return _UNSAFE.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "\ufffd", text)


def inline(text: str) -> str:
    """On one line: safe, with each run of white space as one space."""
    return flat(text).strip()


def flat(text: str) -> str:
    """As `inline`, with the white space at its ends kept as one space, for pieces that are put together again."""
    return safe(_SPACE.sub(" ", text))


def words(text: str, spans: Iterable[Span]) -> str:
    """The words of a role, on one line, its parts joined by " ... "."""
    return " … ".join(part for start, end in spans if (part := inline(text[start:end])))


def unquoted(text: str) -> str:
    """Without the quotation marks around it, where it is about to be set between our own."""
    return text[1:-1] if len(text) > 2 and text[0] + text[-1] in ('""', "“”", "''", "‘’", "«»", "„“") else text


def clipped(text: str, length: int) -> str:
    """At most `length` characters, the middle left out where there are more, between words where there are any."""
    if len(text) <= length:
        return text
    half = (length - 3) // 2
    head, tail = text[:half], text[-half:]
    if " " in head and not text[half].isspace():
        head = head.rpartition(" ")[0]
    if " " in tail and not text[-half - 1].isspace():
        tail = tail.partition(" ")[2]
    return f"{head.rstrip()} … {tail.lstrip()}"


def certainty(statement: Statement) -> str:
    """Polarity and status in words: "stated", "NOT", "planned", "NOT planned", "if", "if NOT" ..."""
    status = STATUS[statement.status]
    if statement.polarity == "affirmed":
        return status
    return {"actual": "NOT", "conditional": "if NOT"}.get(statement.status, f"NOT {status}")


def weight(statement: Statement) -> int:
    """How much a statement tells by itself, for views that cannot show all alike: 0 an event, 1 any other, 2 a slight one.

    Slight is what has no event and besides has no actor, or says no more than that something is.
    """
    if statement.event:
        return 0
    return 2 if not statement.actor or statement.lemma in COPULAS else 1


def event_label(statement: Statement) -> str:
    """The event's type and mode ("COERCE restrict"), and the bare act where it differs ("AGREE, act AID")."""
    event = statement.event
    if event is None:
        return ""
    label = f"{event.type} {event.mode}" if event.mode else event.type
    return inline(label if event.act == event.type else f"{label}, act {event.act}")


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word it is: "the author", or a chain of sources, the innermost speaker first."""

    id: str
    name: str
    relay: tuple[str, ...]
    verb: str
    depth: int

    @property
    def title(self) -> str:
        """Such as "Leo Hartmann, as told by officials"."""
        return self.name + "".join(f", as told by {teller}" for teller in self.relay)


def opening(text: str) -> str:
    """What stands in for a title: the text's first words, and dots."""
    first = inline(text.lstrip()[:400].partition("\n")[0])
    return f"{first[:70].rsplit(' ', 1)[0]} …" if len(first) > 70 else f"{first} …" if first else "Empty"


def readable(date: str) -> str:
    """An ISO 8601 time as people write it, to the minute: "2026-05-10 16:40 UTC"; anything else as it is."""
    found = _TIME.fullmatch(date)
    if found is None:
        return inline(date)
    zone = {None: "", "Z": " UTC", "+00:00": " UTC"}.get(found[3], f" {found[3]}")
    return f"{found[1]} {found[2]}{zone}"


class Digest:
    """Look-ups over one reading, made once and shared by the views."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.article.text
        self.title = reading.article.title or ""
        self.headline = inline(self.title) or opening(self.text)
        self.attributions = {a.id: a for a in reading.attributions}
        self.entities = {e.id: e for e in reading.entities}
        self.statements = {s.id: s for s in reading.statements}
        self.named = {m.entity for m in reading.mentions if m.named}

    def speaker(self, attribution: Attribution) -> str:
        """The source in the article's own words; where these do not hold the entity's name, the name with the words: Halvik (“she”)."""
        own = clipped(words(self.source_of(attribution), attribution.source), 120).rstrip(" ,;:")
        entity = self.entities.get(attribution.entity or "")
        name = inline(entity.name) if entity else ""
        if not own:
            return name or "a source that is not named"
        if entity and entity.type == "person" and own.casefold() in name.casefold():
            return name
        surname = name.casefold().split()[-1:] if entity and entity.type == "person" else [name.casefold()]
        return own if not name or surname[0] in own.casefold() else f"{name} (“{own}”)"

    def chain(self, voice: str) -> list[Attribution]:
        """The attribution and those around it, innermost first. A chain that returns to itself ends there."""
        out: list[Attribution] = []
        at: str | None = voice
        while at in self.attributions and self.attributions[at] not in out:
            out.append(self.attributions[at])
            at = out[-1].parent
        return out

    def voice(self, voice: str) -> Voice:
        """Who speaks, and who passes it on."""
        chain = self.chain(voice)
        if not chain:
            return Voice(voice, AUTHOR if voice == "author" else f"a voice not found ({inline(voice)})", (), "", 0)
        names = [self.speaker(a) for a in chain]
        return Voice(voice, names[0], tuple(names[1:]), FORCE[chain[0].force], len(chain))

    def voices(self) -> list[tuple[Voice, list[Statement]]]:
        """Statements by voice: the author first, then sources in the order in which they are first heard.

        Attributions to one source, passed on by the same others with the same force, are one voice here.
        """
        groups: dict[object, tuple[Voice, list[Statement]]] = {"author": (self.voice("author"), [])}
        for statement in self.reading.statements:
            voice = self.voice(statement.voice)
            groups.setdefault(self._same(voice), (voice, []))[1].append(statement)
        return [(voice, found) for voice, found in groups.values() if found]

    def _same(self, voice: Voice) -> object:
        """Equal for voices that are one: by who they are where that is known, else by the article's words for them."""
        chain = self.chain(voice.id)
        return (voice.verb, *(a.entity or self.speaker(a).casefold() for a in chain)) if chain else voice.id

    def attribution_tree(self) -> Iterator[tuple[int, Attribution]]:
        """Attributions with their depth, each after the one it is nested in, otherwise in text order."""
        children: dict[str | None, list[Attribution]] = {}
        for a in self.reading.attributions:
            parent = a.parent if a.parent in self.attributions and len(self.chain(a.id)) > 1 else None
            children.setdefault(parent, []).append(a)
        seen: set[str] = set()
        stack = [(0, a) for a in sorted(children.get(None, []), key=lambda a: (a.within != "title", anchor(a)), reverse=True)]
        while stack:
            depth, a = stack.pop()
            if a.id not in seen:
                seen.add(a.id)
                yield depth, a
                stack += [(depth + 1, child) for child in sorted(children.get(a.id, []), key=anchor, reverse=True)]
        yield from ((0, a) for a in self.reading.attributions if a.id not in seen)

    def cast(self) -> list[Entity]:
        """Entities: those with a name before those that are only described, the most often mentioned first."""
        return sorted(self.reading.entities, key=lambda e: (e.id not in self.named, -len(e.mentions)))

    def source_of(self, finding: Statement | Attribution) -> str:
        """The text that the finding's spans index."""
        return self.title if finding.within == "title" else self.text

    def quote(self, statement: Statement) -> str:
        """The exact words from the statement's first role to its last, long stretches between roles left out."""
        return clipped("".join(part for part, _ in self.quoted(statement)).strip(), 240)

    def quoted(self, statement: Statement) -> Iterator[tuple[str, bool]]:
        """The quotation in pieces, in order, and whether each is of the predicate. What is left out is shown as " … "."""
        source, spans = self.source_of(statement), sorted(roles(statement))
        at = spans[0][0]
        for start, end in spans:
            if start > at:
                yield flat(source[at:start]) if start - at <= GAP else " … ", False
            if end > at:
                yield flat(source[max(at, start) : end]), (start, end) in statement.predicate
                at = end

    def is_bare(self, statement: Statement) -> bool:
        """Whether the quote holds no word that is not in a role already."""
        source, at = self.source_of(statement), min(start for start, _ in roles(statement))
        for start, end in sorted(roles(statement)):
            if source[at:start].strip():
                return False
            at = max(at, end)
        return True

    def claim(self, statement: Statement) -> str:
        """A statement in short, for lists that refer to it: voice, certainty, and its words."""
        return f"{self.voice(statement.voice).title} ({certainty(statement)}): “{clipped(self.quote(statement), 90)}”"

    def role(self, statement: Statement, spans: Spans, entities: tuple[str, ...]) -> str:
        """A role's exact words, with the name of whom they mean in brackets where the words do not hold it."""
        own = clipped(words(self.source_of(statement), spans), 120).strip(" ,;:")
        names = self.unsaid(own, entities)
        return f"{own} [{', '.join(names)}]".strip() if names else own

    def unsaid(self, own: str, entities: tuple[str, ...]) -> list[str]:
        """The names of those meant that the words themselves do not give: not "Maren Halvik" beside "Halvik"."""
        said, out = own.casefold(), []
        for entity in entities:
            name = self.name_of(entity)
            known = name.casefold() in said or (said and name.casefold().startswith(said))
            if name and not known and not (self.entities[entity].type == "person" and said and said in name.casefold()):
                out.append(clipped(name, 60))
        return out

    def name_of(self, entity: str | None) -> str:
        """An entity's name, empty for none."""
        found = self.entities.get(entity or "")
        return inline(found.name) if found else ""

    def places_and_times(self, statement: Statement) -> list[str]:
        """Where and when, as read, and amounts in the article's words."""
        source, out = self.source_of(statement), []
        if statement.place:
            country = f" ({statement.place.country})" if statement.place.country else ""
            out.append(f"in {inline(statement.place.name)}{country}")
        if statement.time:
            start, end = statement.time.start, statement.time.end
            out.append(" to ".join(dict.fromkeys(inline(x) for x in (start, end) if x)) or words(source, [statement.time.span]))
        return out + [words(source, [q.span]) for q in statement.quantities]


def roles(statement: Statement) -> Spans:
    """All spans of a statement's predicate, actor, recipient and object."""
    return (*statement.predicate, *statement.actor, *statement.recipient, *statement.object) or ((0, 0),)


def anchor(attribution: Attribution) -> int:
    """Where an attribution begins: its first cue, source or content."""
    return min((start for start, _ in (*attribution.source, *attribution.cue, *attribution.content)), default=0)
