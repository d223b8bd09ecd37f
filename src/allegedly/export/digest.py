"""A reading in people's words, for the two views made to be read: who speaks, how surely, and the words quoted.

Nothing here decides anything: it names what the reading holds. No statement leaves without its voice, and the
word for its polarity and status stands before it, also where that is the plain "stated".
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from allegedly.export.options import is_blank
from allegedly.records import Attribution, Entity, FindingKind, Reading, Reason, ReviewState, Span, Spans, Statement, When

SHOWN_FROM = {
    "name": 0.5,
    "attribution": 0.5,
    "statement": 0.5,
    "event code": 0.5,
    "wording": 0.5,
    "evaluation": 0.5,
    "reason": 0.5,
}
"""The score from which each kind of finding is shown; scores are shares that were right (`reading.calibration`)."""

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
PART = {"supports": "reason", "concedes": "conceded", "contrasts": "in contrast", "causes": "cause", "conditions": "condition"}
"""What the origin of a link is in the outline, under the statement that it bears on."""
DEEPEST = 6
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
    """The event's type and mode ("COERCE restrict"), the bare act where it differs ("AGREE, act AID"), and a user's own type."""
    event = statement.event
    if event is None:
        return ""
    parts = [f"{event.type} {event.mode}" if event.mode else event.type]
    parts += [f"act {event.act}"] if event.act != event.type else []
    parts += [event.rule.removeprefix("events:")] if event.rule.startswith("events:") else []
    return inline(", ".join(parts))


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


@dataclass(slots=True)
class Branch:
    """A statement in the outline with what bears on it. `reason` links it to the statement above; None for a root."""

    statement: Statement
    reason: Reason | None
    under: list["Branch"] = field(default_factory=list)


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


def dates(time: When) -> str:
    """A time in figures, as short as can be: "2031", "2031-05", "2031-05-03 to 2031-05-05", "until 2031-05-03"; empty if unknown."""
    start, end = inline(time.start or ""), inline(time.end or "")
    if not start or not end:
        return f"until {end}" if end else f"from {start}" if start else ""
    if (start[5:], end[5:]) == ("01-01", "12-31") and start[:4] == end[:4]:
        return start[:4]
    if time.precision == "month" and start[:7] == end[:7]:
        return start[:7]
    return start if start == end else f"{start} to {end}"


def sifted(reading: Reading, least: float | None = None) -> tuple[Reading, Counter[str]]:
    """The reading with only what a view shows, and how many findings of each kind it leaves out: those under their threshold, or `least`.

    A name is left out when all its mentions are, of an event only the code, and a reason also when a statement that it links is. The voice
    of a statement is never left out, however unsure its attribution.
    """
    limits: Mapping[str, float] = SHOWN_FROM if least is None else dict.fromkeys(SHOWN_FROM, least)
    mentions = {m.id: m.score for m in reading.mentions}
    entities = tuple(e for e in reading.entities if max((mentions.get(m, 0.0) for m in e.mentions), default=1.0) >= limits["name"])
    attributions = tuple(a for a in reading.attributions if a.score >= limits["attribution"])
    statements = [s for s in reading.statements if s.sure_score >= limits["statement"]]
    coded = tuple(s if s.event is None or s.event.score >= limits["event code"] else replace(s, event=None) for s in statements)
    known = {s.id for s in coded}
    wording = tuple(w for w in reading.wording if w.score >= limits["wording"])
    evaluations = tuple(e for e in reading.evaluations if e.score >= limits["evaluation"])
    reasons = tuple(r for r in reading.reasons if r.score >= limits["reason"] and r.origin in known and r.goal in known)
    left = Counter(
        {
            "name": len(reading.entities) - len(entities),
            "attribution": len(reading.attributions) - len(attributions),
            "statement": len(reading.statements) - len(coded),
            "event code": sum(s.event is not None for s in statements) - sum(s.event is not None for s in coded),
            "wording": len(reading.wording) - len(wording),
            "evaluation": len(reading.evaluations) - len(evaluations),
            "reason": len(reading.reasons) - len(reasons),
        }
    )
    shown = replace(
        reading,
        entities=entities,
        attributions=attributions,
        statements=coded,
        wording=wording,
        evaluations=evaluations,
        reasons=reasons,
        thesis=reading.thesis if reading.thesis in known else None,
    )
    return shown, +left


def left_out(counts: Mapping[str, int], least: float | None = None) -> str:
    """What a view says of the findings that it does not show: "12 findings below 0.5 (3 attributions, 9 names)"; empty for none."""
    by_limit: dict[float, list[str]] = {}
    totals: Counter[float] = Counter()
    for kind, number in counts.items():
        limit = SHOWN_FROM[kind] if least is None else least
        by_limit.setdefault(limit, []).append(f"{number} {kind}" + ("s" if number != 1 and kind != "wording" else ""))
        totals[limit] += number
    return " and ".join(
        f"{total} {'finding' if total == 1 else 'findings'} below {limit:g} ({', '.join(by_limit[limit])})"
        for limit, total in totals.items()
    )


class Digest:
    """Look-ups over one reading, made once and shared by the views.

    `whole` is the reading, `reading` what of it is shown, `left` how many findings of each kind are not. Voices and names are looked up in
    the whole.
    """

    def __init__(self, reading: Reading, least: float | None = None) -> None:
        self.whole = reading
        self.reading, self.left = sifted(reading, least)
        self.unshown = left_out(self.left, least)
        self.text = reading.article.text
        self.title = reading.article.title or ""
        self.headline = inline(self.title) or opening(self.text)
        self.attributions = {a.id: a for a in reading.attributions}
        self.entities = {e.id: e for e in reading.entities}
        self.statements = {s.id: s for s in reading.statements}
        self.named = {m.entity for m in reading.mentions if m.named}
        self.reviews = {(r.kind, r.finding): r for r in reading.reviews if r.holds}

    def review(self, kind: FindingKind, id: str) -> ReviewState:
        """What a person decided of a finding, as it counts now."""
        held = self.reviews.get((kind, id))
        return held.state if held else "unreviewed"

    def reviewed(self, kind: FindingKind, id: str) -> list[str]:
        """The same in words for a page, with who; nothing where nobody did."""
        held = self.reviews.get((kind, id))
        return [inline(f"{held.state} by {held.by}" + (f": {held.note}" if held.note else ""))] if held else []

    def speaker(self, attribution: Attribution) -> str:
        """The source in the article's own words; where these do not hold the entity's name, the name with the words: Halvik (“she”)."""
        own = clipped(words(self.source_of(attribution), attribution.source), 120).rstrip(" ,;:")
        own = "" if is_blank(own) else own
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

    def sources(self, voice: str) -> list[str]:
        """For programs: who speaks and who passes it on, innermost first, by the article's names for them; empty for the author."""
        chain = self.chain(voice)
        if not chain and voice != "author":
            return [self.voice(voice).name]
        return [self.name_of(a.entity) if a.entity in self.named and self.name_of(a.entity) else self.speaker(a) for a in chain]

    def told(self, voice: str) -> str:
        """The sources as one name: "author", "Maren Halvik", "Leo Hartmann, as told by officials"."""
        sources = self.sources(voice)
        return sources[0] + "".join(f", as told by {teller}" for teller in sources[1:]) if sources else "author"

    def force(self, voice: str) -> str:
        """How firmly: the cue's force; "says" for the author."""
        return self.voice(voice).verb or "says"

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
        """Attributions with their depth, each after the nearest that it is nested in, otherwise in text order."""
        children: dict[str | None, list[Attribution]] = {}
        shown = {a.id for a in self.reading.attributions}
        for a in self.reading.attributions:
            parent = next((outer.id for outer in self.chain(a.id)[1:] if outer.id in shown), None)
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

    def outline(self) -> list[Branch]:
        """The links between statements as trees: the thesis first, then the other statements that something bears on, in text order.

        A statement that bears on two has its own branches under the first only, so that a circle ends. What lies deeper than
        `DEEPEST` stands there.
        """
        bearing: dict[str, list[Reason]] = {}
        origins = set()
        for reason in self.reading.reasons:
            if reason.origin in self.statements and reason.goal in self.statements:
                bearing.setdefault(reason.goal, []).append(reason)
                origins.add(reason.origin)
        thesis = [s.id for s in self.statements.values() if s.id == self.reading.thesis]
        roots: list[Branch] = []
        seen: set[str] = set()
        for name in (*thesis, *(g for g in bearing if g not in origins), *bearing):
            if name in seen:
                continue
            seen.add(name)
            roots.append(Branch(self.statements[name], None))
            stack = [(roots[-1], roots[-1].under, 1)]
            while stack:
                branch, place, depth = stack.pop()
                own = branch.under if depth <= DEEPEST else place
                for reason in bearing.get(branch.statement.id, ()):
                    leaf = Branch(self.statements[reason.origin], reason)
                    own.append(leaf)
                    if reason.origin not in seen:
                        seen.add(reason.origin)
                        stack.append((leaf, own, depth + 1))
        return roots

    def part(self, branch: Branch) -> str:
        """What a branch is in the outline: "reason", "conceded", "condition" ...; "thesis" or nothing for a root."""
        if branch.reason is None:
            return "thesis" if branch.statement.id == self.reading.thesis else ""
        return "aim" if ".Purpose." in branch.reason.rule else PART[branch.reason.kind]

    def marker(self, branch: Branch) -> str:
        """The connective's words; empty where there is none."""
        return words(self.text, [branch.reason.marker]) if branch.reason and branch.reason.marker else ""

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
            how = "near" if statement.place.precision == "near" else "in"
            country = f" ({statement.place.country})" if statement.place.country else ""
            out.append(f"{how} {inline(statement.place.name)}{country}")
        if statement.time:
            out.append(dates(statement.time) or words(source, [statement.time.span]))
        return out + [words(source, [q.span]) for q in statement.quantities]


def roles(statement: Statement) -> Spans:
    """All spans of a statement's predicate, actor, recipient and object."""
    return (*statement.predicate, *statement.actor, *statement.recipient, *statement.object) or ((0, 0),)


def anchor(attribution: Attribution) -> int:
    """Where an attribution begins: its first cue, source or content."""
    return min((start for start, _ in (*attribution.source, *attribution.cue, *attribution.content)), default=0)
