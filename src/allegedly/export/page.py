"""The reading as one HTML file: the article set like a page of a magazine, what was found in its margin.

The file opens offline and asks for nothing: style and script are inside it, named by their hashes in a content
security policy that forbids everything else. All text passes through the template engine's escaping. It reads and
filters without script; script adds moving by keyboard and lighting up the words a finding rests on.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TextIO, TypeVar

from jinja2 import Environment, FunctionLoader, StrictUndefined

from allegedly.export.digest import (
    EVALUATION,
    FORCE,
    GENRE,
    REASON,
    WORDING,
    Branch,
    Digest,
    anchor,
    certainty,
    clipped,
    event_label,
    flat,
    inline,
    readable,
    safe,
    unquoted,
    weight,
    words,
)
from allegedly.export.options import Options
from allegedly.records import Attribution, Entity, Reading, Span, Statement

T = TypeVar("T")

# A margin is about as high as the text beside it; the rest opens. In lines of the margin, on a wide page:
LINES_A_CHARACTER = 1.6 / 75  # a line of text holds about 75 characters, and is higher
LINE = 52  # characters of a note on a line
VOICE = 1.6  # the height of a voice's heading, with the space before it
LEAST = 6.0
BESIDE_TITLE = 10.0

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")

# Kinds of findings, as the filter lists them: key, label, and whether they are shown at first.
KINDS = (
    ("statement", "Statements", True),
    ("attribution", "Who says it", True),
    ("wording", "Wording", True),
    ("reason", "Reasons", True),
    ("note", "Notes and unread", True),
    ("name", "Names", False),
    ("doubtful", "Below the threshold", False),
)


@dataclass(slots=True)
class Finding:
    """A note in the margin. `ref` names it in the page; `lit` says which words it lights up, and as what."""

    ref: str
    kind: str
    at: int
    voice: str = ""
    mark: str = ""
    roles: list[tuple[str, str]] = field(default_factory=list)
    tag: str = ""
    details: list[str] = field(default_factory=list)
    lit: list[tuple[Span, str]] = field(default_factory=list)
    title: bool = False
    weight: int = 1  # 0 is shown before all others, 2 only where there is room
    doubtful: bool = False  # below the threshold of its kind
    doubt: str = ""  # an event code that is, of a statement that is not


@dataclass(slots=True)
class Group:
    """Notes of one voice beside one paragraph, under the attribution that heads them where it stands there too."""

    voice: str
    head: Finding | None
    findings: list[Finding]
    at: int


@dataclass(slots=True)
class Piece:
    """A run of characters that the same findings cover. `anchors` are findings that begin with it, `place` what an address points at."""

    text: str
    classes: str
    lit: str
    anchors: list[str]
    tip: str
    place: str

    @property
    def marked(self) -> bool:
        """Whether a sign other than its ground shows that findings rest on it: such a piece is a link to a note."""
        return not _SIGNS.isdisjoint(self.classes.split())


@dataclass(slots=True)
class Margin:
    """Notes beside a paragraph: those that have a voice, by voice, and the others. `only` is their kind where they have one kind."""

    groups: list[Group]
    others: list[Finding]
    count: int
    only: str


@dataclass(slots=True)
class Block:
    """A paragraph (or the title) with its pieces, the notes that there is room for, the rest, which opens, and the doubtful ones."""

    start: int
    pieces: list[Piece]
    shown: Margin
    folded: Margin
    doubtful: Margin
    note: str


@dataclass(slots=True)
class Point:
    """A statement in the outline: what it is there, by which marker, how certain, its words, whose. `href` leads to them in the text."""

    part: str
    marker: str
    mark: str
    words: str
    voice: str
    href: str
    under: list["Point"]


@dataclass(slots=True)
class View:
    """One article as the template needs it."""

    number: int
    title: Block
    blocks: list[Block]
    untitled: bool
    headline: str
    kicker: str
    facts: list[tuple[str, str]]
    link: str
    cast: list[tuple[Entity, str, bool]]  # with aliases, and whether it is doubtful
    outline: list["Point"]
    counts: Counter[str]
    summary: str
    unshown: str
    listed: str
    reader: str


def write(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """Articles are laid out one by one; only their finished HTML is held until the index can be written.

    Findings below their thresholds (or `least`) are in the page too, behind a control that is off at first.
    """
    environment = templates()
    article = environment.get_template("article.html")
    views, bodies = [], []
    for number, reading in enumerate(readings, 1):
        view = build(reading, number, options.least)
        bodies.append(article.render(a=view))
        view.blocks.clear()
        views.append(view)
    style, script = resource("page.css") + resource("margin.css"), resource("page.js")
    totals = {key: sum(view.counts[key] for view in views) for key, _, _ in KINDS}
    page = environment.get_template("page.html").stream(
        views=views,
        bodies=bodies,
        kinds=KINDS,
        totals=totals,
        style=style,
        script=script,
        style_hash=content_hash(style),
        script_hash=content_hash(script),
    )
    for part in page:
        out.write(part)
    out.flush()


def resource(name: str) -> str:
    """A file of the package's templates, whole."""
    return (files("allegedly") / "templates" / name).read_text("utf8")


@cache
def templates() -> Environment:
    """The template engine: all that is text is escaped, and a name that is not given is an error."""
    environment = Environment(
        loader=FunctionLoader(resource), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"inline": inline, "flat": flat}
    return environment


def content_hash(content: str) -> str:
    """How a content security policy names a style or a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def build(reading: Reading, number: int = 0, least: float | None = None, more: Iterable[Finding] = ()) -> View:
    """Everything the page shows of one article; `number` is its place among several, 0 where it is alone and names need not say it.

    `more` are findings from elsewhere: those of kind "place" are marked in the text and have no note.
    """
    digest = Digest(reading, least)
    prefix = f"r{number}-" if number else ""
    findings = [*_findings(digest, prefix), *more]
    in_title, in_text = [f for f in findings if f.title], [f for f in findings if not f.title]
    article = reading.article
    title = digest.title or digest.headline
    names = {m.id: m.entity for m in reading.mentions}
    mentions = [((m.start, m.end), _tip(digest, names[m.id])) for m in reading.mentions if m.entity]
    cast = digest.cast()
    sure = {e.id for e in cast}
    counts = Counter(f.kind for f in findings if not f.doubtful)
    counts["name"], counts["doubtful"] = len(cast), digest.left.total()
    voices = len({s.voice for s in reading.statements})
    listed = [inline(x) for x in (article.outlet or "", (article.published or "")[:10], GENRE[article.genre.label]) if x]
    return View(
        number=number,
        title=_title(digest, title, in_title),
        blocks=_blocks(digest, in_text, mentions),
        untitled=not digest.title,
        headline=digest.headline,
        kicker=" · ".join(
            x for x in (inline(article.outlet or ""), GENRE[article.genre.label] if article.genre.label != "other" else "") if x
        ),
        facts=_facts(digest),
        link=article.url if article.url and re.match(r"https?://[^\s\x00-\x1f]+\Z", article.url) else "",
        outline=_points(digest, digest.outline(), {s.id: f"in-{prefix}statement-{n}" for n, s in enumerate(reading.statements)}),
        cast=[(e, _aliases(e), e.id not in sure) for e in (*cast, *(e for e in reading.entities if e.id not in sure))],
        counts=counts,
        summary=", ".join(
            (
                _counted(len(reading.statements), "statement") + f" in {_counted(voices, 'voice')}",
                _counted(len(reading.attributions), "attribution"),
                _counted(len(reading.entities), "name"),
            )
        ),
        unshown=digest.unshown,
        listed=" · ".join(listed),
        reader=_reader(reading),
    )


def _points(digest: Digest, branches: list[Branch], places: dict[str, str]) -> list[Point]:
    """The outline for the template; a tree no deeper than the digest makes it."""
    return [
        Point(
            digest.part(branch),
            clipped(digest.marker(branch), 40),
            certainty(branch.statement),
            clipped(digest.quote(branch.statement), 160),
            digest.voice(branch.statement.voice).title,
            places[branch.statement.id],
            _points(digest, branch.under, places),
        )
        for branch in branches
    ]


def _reader(reading: Reading) -> str:
    version, model, data = map(inline, (reading.reader.version, reading.reader.model_sha256, reading.reader.data_sha256))
    return f"Allegedly {version}, model {model[:12]}, data {data[:12]}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _tip(digest: Digest, entity: str | None) -> str:
    found = digest.entities.get(entity or "")
    return inline(" · ".join(x for x in (found.name, found.type, found.country or "", found.sector or "") if x)) if found else ""


def _aliases(entity: Entity) -> str:
    return clipped(", ".join(inline(alias) for alias in entity.aliases if alias != entity.name), 160)


def _facts(digest: Digest) -> list[tuple[str, str]]:
    a = digest.reading.article
    evidence = "; ".join(f"“{clipped(words(digest.text, [span]), 100)}”" for span in a.genre.evidence[:3])
    rows = [
        ("By", ", ".join(a.authors)),
        ("Published", readable(a.published or "")),
        ("Modified", readable(a.modified or "")),
        ("Dateline", ", ".join(x for x in (a.dateline.place, a.dateline.date) if x) if a.dateline else ""),
        ("Language", a.language or ""),
        ("Translated", f"from {a.translation.source_language} ({a.translation.by})" if a.translation else ""),
        ("Genre", GENRE[a.genre.label] + (f" ({a.genre.score:.2f})" if a.genre.score else "") + (f", from {evidence}" if evidence else "")),
        ("Address", a.url or ""),
    ]
    return [(label, inline(value)) for label, value in rows if value]


# --- findings ----------------------------------------------------------------------------------------------------


def _findings(digest: Digest, prefix: str) -> Iterator[Finding]:
    """All notes for the margin, in no order, those below their threshold marked."""
    shown = digest.reading
    sure = {x.id for found in (shown.attributions, shown.statements, shown.wording, shown.evaluations, shown.reasons) for x in found}
    for finding, name in _all_findings(digest, prefix):
        finding.doubtful = name is not None and name not in sure
        yield finding


def _all_findings(digest: Digest, prefix: str) -> Iterator[tuple[Finding, str | None]]:
    """Notes with the ids of the findings that they are of."""
    reading, text = digest.whole, digest.text
    coded = {s.id: s for s in digest.reading.statements}
    for n, a in enumerate(reading.attributions):
        yield _attribution(digest, a, f"{prefix}attribution-{n}"), a.id
    for n, s in enumerate(reading.statements):
        finding = _statement(digest, coded.get(s.id, s), f"{prefix}statement-{n}")
        finding.doubt = event_label(s) if finding.tag != event_label(s) else ""
        yield finding, s.id
    for n, w in enumerate(reading.wording):
        target = digest.name_of(w.target)
        roles = [("quoted", unquoted(words(text, [(w.start, w.end)])))] + ([("target", f"of {target}")] if target else [])
        lit, said_of = [((w.start, w.end), "wording")], digest.reviewed("wording", w.id)
        yield Finding(f"{prefix}wording-{n}", "wording", w.start, "", WORDING[w.kind], roles, details=said_of, lit=lit), w.id
    for n, e in enumerate(reading.evaluations):
        spans = [(span, "wording") for span in e.words] + [(span, "recipient") for span in e.target]
        said = f"{digest.voice(e.holder).title} speaks {EVALUATION[e.polarity]} of {digest.name_of(e.entity) or words(text, e.target)}"
        roles = [("plain", said)] + ([("quoted", words(text, e.words))] if e.words else [])
        yield (
            Finding(
                *(f"{prefix}evaluation-{n}", "wording", min((s for (s, _), _ in spans), default=0), "", "evaluation", roles),
                details=digest.reviewed("evaluation", e.id),
                lit=spans,
            ),
            e.id,
        )
    for n, r in enumerate(reading.reasons):
        origin, goal = digest.statements.get(r.origin), digest.statements.get(r.goal)
        if origin and goal and origin.within == goal.within == "text":
            spans = [(span, "actor") for span in origin.predicate] + [(span, "recipient") for span in goal.predicate]
            marker = [(r.marker, "predicate")] if r.marker else []
            linked = f"{REASON[r.kind]} (“{words(text, [r.marker])}”)" if r.marker else REASON[r.kind]
            roles = [("plain", digest.claim(origin)), ("act", linked), ("plain", digest.claim(goal))]
            at = (marker or spans or [((0, 0), "")])[0][0][0]
            reviewed = digest.reviewed("reason", r.id)
            yield Finding(f"{prefix}reason-{n}", "reason", at, "", "reason", roles, details=reviewed, lit=marker + spans), r.id
    for n, note in enumerate(reading.article.notes):
        lit, roles = [((note.start, note.end), "note")], [("plain", "not the author's argument")]
        yield Finding(f"{prefix}note-{n}", "note", note.start, "", note.kind, roles, lit=lit, weight=0), None
    for n, u in enumerate(reading.unread):
        unread = [((u.start, u.end), "unread")]
        yield Finding(f"{prefix}unread-{n}", "note", u.start, "", "not read", [("plain", inline(u.reason))], lit=unread, weight=0), None


def _attribution(digest: Digest, a: Attribution, ref: str) -> Finding:
    voice = digest.voice(a.id)
    lit = [(span, "source") for span in a.source] + [(span, "cue") for span in a.cue] + [(span, "content") for span in a.content]
    roles = [("speaker", voice.name), ("force", f"{FORCE[a.force]}, {a.kind}")]
    details = [f"as told by {teller}" for teller in voice.relay] + digest.reviewed("attribution", a.id)
    return Finding(ref, "attribution", anchor(a), a.id, "", roles, "", details, lit, a.within == "title")


def _statement(digest: Digest, s: Statement, ref: str) -> Finding:
    source = digest.source_of(s)
    roles = [
        ("actor", digest.role(s, s.actor, s.actor_entities)),
        ("act", words(source, s.predicate) or inline(s.lemma)),
        ("object", "" if s.object == s.recipient else digest.role(s, s.object, ())),
        ("recipient", digest.role(s, s.recipient, s.recipient_entities)),
    ]
    lit = [
        *((span, "actor") for span in s.actor),
        *((span, "predicate") for span in s.predicate),
        *((span, "object") for span in s.object),
        *((span, "recipient") for span in s.recipient),
        *((q.span, "detail") for q in s.quantities),
        *((x.span, "detail") for x in (s.time, s.place) if x),
    ]
    details = digest.places_and_times(s) + (["the article's thesis"] if s.id == digest.reading.thesis else [])
    details += digest.reviewed("statement", s.id)
    at = min((start for start, _ in s.predicate), default=0)
    said = [r for r in roles if r[1]]
    return Finding(ref, "statement", at, s.voice, certainty(s), said, event_label(s), details, lit, s.within == "title", weight(s))


# --- the text ----------------------------------------------------------------------------------------------------


def paragraphs(text: str) -> list[Span]:
    """Stretches between blank lines; in a text that has none, between line ends."""
    gap = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    out, at = [], 0
    for found in gap.finditer(text):
        out.append((at, found.start()))
        at = found.end()
    out.append((at, len(text)))
    return [(start, end) for start, end in out if text[start:end].strip()]


def _blocks(digest: Digest, findings: list[Finding], mentions: list[tuple[Span, str]]) -> list[Block]:
    """Each finding stands beside the paragraph in which it begins, and lights up words wherever they are."""
    stretches = paragraphs(digest.text)
    starts = [start for start, _ in stretches]
    own: list[list[Finding]] = [[] for _ in stretches]
    covering: list[list[tuple[Span, str, Finding]]] = [[] for _ in stretches]
    named: list[list[tuple[Span, str]]] = [[] for _ in stretches]
    for finding in findings:
        if own:
            own[_index(starts, finding.at)] += [finding] if finding.kind != "place" else []
            for span, role in finding.lit:
                for index in range(_index(starts, span[0]), _index(starts, max(span[0], span[1] - 1)) + 1):
                    covering[index].append((span, role, finding))
    for span, tip in mentions:
        if named:
            named[_index(starts, span[0])].append((span, tip))
    notes = digest.reading.article.notes
    out = []
    for index, stretch in enumerate(stretches):
        note = next((n.kind for n in notes if n.start <= stretch[0] and stretch[1] <= n.end), "")
        pieces = list(_pieces(digest.text, stretch, covering[index], named[index]))
        room = max(LEAST, (stretch[1] - stretch[0]) * LINES_A_CHARACTER)
        out.append(Block(stretch[0], pieces, *_margins(digest, own[index], room), note=note))
    return out


def _title(digest: Digest, text: str, findings: list[Finding]) -> Block:
    covering = [(span, role, finding) for finding in findings for span, role in finding.lit]
    return Block(0, list(_pieces(text, (0, len(text)), covering, [])), *_margins(digest, findings, BESIDE_TITLE), note="")


def _index(starts: list[int], at: int) -> int:
    """The paragraph that holds the offset: the last that starts at or before it."""
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if starts[middle] <= at else (low, middle)
    return max(0, low - 1)


def _pieces(text: str, stretch: Span, covering: list[tuple[Span, str, Finding]], mentions: list[tuple[Span, str]]) -> Iterator[Piece]:
    """The paragraph cut wherever a span begins or ends, so that nested and overlapping spans need no nested elements."""
    start, end = stretch
    inside = [(max(start, s), min(end, e), (role, finding)) for (s, e), role, finding in covering if s < end and e > start]
    named = [(max(start, s), min(end, e), tip) for (s, e), tip in mentions if s < end and e > start]
    cuts = sorted({start, end, *(x for s, e, _ in inside for x in (s, e)), *(x for s, e, _ in named for x in (s, e))})
    begun: set[str] = set()
    for at, upto, found, tips in zip(cuts, cuts[1:], _active(cuts, inside), _active(cuts, named), strict=False):
        anchors = [f.ref for role, f in found if role in _ANCHORS[f.kind] and f.ref not in begun]
        begun.update(anchors)
        classes = dict.fromkeys(f"in-{role}" for role, f in found if role in _SHOWN and not f.doubtful)
        lit = dict.fromkeys(f"{f.ref}:{role}" for role, f in found if f.kind != "place")
        places = [f.ref for _, f in found if f.kind == "place" and f.ref not in begun]
        begun.update(places)
        yield Piece(
            safe(text[at:upto]),
            " ".join([*classes, *(["in-name"] if tips else [])]),
            " ".join(lit),
            list(dict.fromkeys(anchors)),
            tips[-1] if tips else "",
            places[0] if places else "",
        )


def _active(cuts: list[int], spans: list[tuple[int, int, T]]) -> Iterator[list[T]]:
    """For each cut, what covers the characters that follow it, in the order in which it begins."""
    waiting = sorted(spans, key=lambda span: (span[0], span[1]))
    active: list[tuple[int, int, T]] = []
    reached = 0
    for at in cuts:
        active = [span for span in active if span[1] > at]
        while reached < len(waiting) and waiting[reached][0] <= at:
            active += [waiting[reached]] if waiting[reached][1] > at else []
            reached += 1
        yield [what for _, _, what in active]


# The roles in which a finding's own anchor lies, by kind; and the roles marked in the text before anything is chosen.
_ANCHORS = {
    "statement": ("predicate",),
    "attribution": ("cue", "source", "content"),
    "wording": ("wording", "recipient"),
    "reason": ("predicate", "actor"),
    "note": ("note", "unread"),
    "copy": ("copy",),
    "place": (),
}
_SHOWN = ("predicate", "source", "cue", "wording", "note", "unread", "copy", "place")
_SIGNS = frozenset({"in-predicate", "in-source", "in-cue", "in-wording", "in-note", "in-unread"})


def _margins(digest: Digest, findings: list[Finding], room: float) -> tuple[Margin, Margin, Margin]:
    """The notes for which there is room (in lines), events first, and the rest, never a rest of one; and the doubtful ones. An attribution
    heads the statements under it, with those shown if there are any; it has a place of its own only where it has none.
    """
    doubtful = [f for f in findings if f.doubtful]
    findings = [f for f in findings if not f.doubtful]
    voices = {f.voice for f in findings if f.kind == "statement"}
    heads = [f for f in findings if f.kind == "attribution" and f.voice in voices]
    ranked = sorted((f for f in findings if f.kind != "attribution" or f.voice not in voices), key=lambda f: (f.weight, f.at))
    seen: set[str] = set()
    number = 0
    for finding in ranked:
        said = len(finding.mark) + len(finding.tag) + sum(len(words) + 3 for _, words in finding.roles)
        room -= 1 + said // LINE + (VOICE if finding.voice and finding.voice not in seen else 0)
        if room < 0 and number:
            break
        seen.add(finding.voice)
        number += 1
    number = number if len(ranked) > number + 1 else len(ranked)
    chosen, rest = ranked[:number], ranked[number:]
    seen = {f.voice for f in chosen}
    chosen += [f for f in heads if f.voice in seen]
    folded = [*rest, *(f for f in heads if f.voice not in seen)]
    return _margin(digest, chosen, len(chosen)), _margin(digest, folded, len(rest)), _margin(digest, doubtful, len(doubtful))


def _margin(digest: Digest, findings: list[Finding], count: int) -> Margin:
    """Statements under their voices, the groups in text order; then the findings that have no voice."""
    groups: dict[str, Group] = {}
    for finding in sorted(findings, key=lambda f: f.at):
        if finding.kind in ("statement", "attribution"):
            group = groups.setdefault(finding.voice, Group(digest.voice(finding.voice).title, None, [], finding.at))
            if finding.kind == "attribution":
                group.head = finding
            else:
                group.findings.append(finding)
    others = sorted((f for f in findings if f.kind not in ("statement", "attribution")), key=lambda f: f.at)
    kinds = {f.kind for f in findings}
    return Margin(sorted(groups.values(), key=lambda g: g.at), others, count, kinds.pop() if len(kinds) == 1 else "")
