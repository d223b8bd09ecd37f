"""The reading as a page for a terminal, made to be read by a person.

Facts of the article, who is in it, who says what, what happened according to whom, and what was not read. Colour
repeats what words already say. Article text is never taken as markup, and its control characters never reach the terminal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from allegedly.export.digest import (
    EVALUATION,
    FORCE,
    GENRE,
    WORDING,
    Digest,
    Voice,
    certainty,
    clipped,
    event_label,
    inline,
    readable,
    unquoted,
    weight,
    words,
)
from allegedly.export.options import Options
from allegedly.records import Attribution, Entity, Reading, Statement

ENTITIES_SHOWN = 16
NAMES_LISTED = 500  # characters of names of those that get no line of their own
QUOTE = 420
WIDEST = 110


@dataclass(frozen=True, slots=True)
class Hanging:
    """A text behind an indent and a mark; lines after the first stand under the text. Many times quicker than a table's row."""

    text: Text
    indent: int
    mark: Text | None = None
    column: int = 0  # the mark's width, with the space after it

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The wrapped lines; the indent gives way on a narrow terminal."""
        indent = min(self.indent, options.max_width // 3)
        column = min(self.column, options.max_width // 3)
        for number, line in enumerate(self.text.wrap(console, options.max_width - indent - column, overflow="fold")):
            yield Segment(" " * indent)
            if self.mark is not None and number == 0:
                yield from self.mark.render(console)
                yield Segment(" " * (column - self.mark.cell_len))
            else:
                yield Segment(" " * column)
            yield from line.render(console, end="\n")


def console_for(out: TextIO) -> Console:
    """A console as wide as the terminal, at most 110 columns; colour only on a terminal, and never against NO_COLOR."""
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=False)
    console.width = max(30, min(console.width, WIDEST))
    return console


def write(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """One page after the other, an empty line between, with the findings from their thresholds (or `least`) on.

    Lines carry no white space at their ends, save on a terminal.
    """
    console = console_for(out)
    for number, reading in enumerate(readings):
        with console.capture() as captured:
            if number:
                console.print()
            console.print(page(Digest(reading, options.least)))
        shown = captured.get()
        out.write(shown if console.is_terminal else "\n".join(line.rstrip() for line in shown.split("\n")))
        out.flush()


def page(digest: Digest) -> RenderableType:
    """Everything that the view says of one article."""
    sections = (
        ("Who is in it", _cast(digest)),
        ("Who says what", [_attribution(digest, depth, a) for depth, a in digest.attribution_tree()]),
        ("What happened, according to whom", _statements(digest)),
        ("How it is worded", _wording(digest)),
        ("Reasons given", _outline(digest)),
        ("Not the author's argument", _notes(digest)),
        ("Not read", _unread(digest)),
    )
    shown: list[RenderableType] = [_facts(digest)]
    if not (digest.whole.statements or digest.whole.attributions):
        shown.append(Text("No statement and no attribution was found in it.", "dim"))
    for heading, lines in sections:
        if lines:
            shown += ["", Rule(Text(heading, "bold"), align="left", style="dim"), *lines]
    return Group(*shown)


def _facts(digest: Digest) -> RenderableType:
    article = digest.reading.article
    head = Text(digest.headline, "bold") if digest.title else Text(f"(no title) {digest.headline}", "bold italic")
    rows = [
        ("outlet", inline(article.outlet or "")),
        ("by", inline(", ".join(article.authors))),
        ("published", readable(article.published or "")),
        ("modified", readable(article.modified or "")),
        ("dateline", inline(", ".join(x for x in (article.dateline.place, article.dateline.date) if x)) if article.dateline else ""),
        ("address", inline(article.url or "")),
        ("language", inline(article.language or "")),
        ("genre", _genre(digest)),
        ("found", _counts(digest)),
        ("not shown", f"{digest.unshown}: --all shows {'it' if digest.left.total() == 1 else 'them'}" if digest.unshown else ""),
        ("id", inline(article.id)),
    ]
    if article.translation:
        by = {"outlet": "the outlet", "human": "a person", "machine": "a machine"}[article.translation.by]
        rows.insert(-2, ("translated", inline(f"from {article.translation.source_language} by {by}")))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in rows:
        if value:
            grid.add_row(label, Text(value))
    return Group(head, grid)


def _counts(digest: Digest) -> str:
    """How much there is below, so that a reader knows what to expect."""
    reading = digest.whole
    events = sum(s.event is not None for s in reading.statements)
    counted = (
        (len(reading.statements), "statement", "statements"),
        (events, "of an event", "of events"),
        (len(reading.attributions), "attribution", "attributions"),
        (len(reading.entities), "name or description", "names and descriptions"),
    )
    return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counted if number)


def _genre(digest: Digest) -> str:
    genre = digest.reading.article.genre
    evidence = "; ".join(f"“{clipped(words(digest.text, [span]), 80)}”" for span in genre.evidence[:3])
    return GENRE[genre.label] + (f" ({genre.score:.2f})" if genre.score else "") + (f", from {evidence}" if evidence else "")


def _cast(digest: Digest) -> list[RenderableType]:
    cast = digest.cast()
    if not cast:
        return []
    grid = Table.grid(padding=(0, 2), expand=False)
    grid.add_column(overflow="fold", ratio=None)
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(style="dim", overflow="fold")
    lines = [e for e in cast if e.id in digest.named or len(e.mentions) > 1][:ENTITIES_SHOWN] or cast[:ENTITIES_SHOWN]
    for entity in lines:
        aliases = ", ".join(inline(alias) for alias in entity.aliases if alias != entity.name)
        count = len(entity.mentions)
        grid.add_row(
            Text(inline(entity.name), "bold"),
            Text(_kind(entity)),
            Text(f"{count}×"),
            Text(f"also: {clipped(aliases, 160)}" if aliases else ""),
        )
    shown: list[RenderableType] = [Padding(grid, (0, 0, 0, 2))]
    if rest := cast[len(lines) :]:
        names = ", ".join(inline(e.name) for e in rest)
        listed = names if len(names) <= NAMES_LISTED else f"{names[:NAMES_LISTED].rpartition(', ')[0]} …"
        shown.append(_indented(Text(f"and {len(rest)} more: {listed}", "dim"), 2))
    return shown


def _kind(entity: Entity) -> str:
    return " ".join(inline(x) for x in (entity.type, entity.country or "", entity.sector or "") if x)


def _attribution(digest: Digest, depth: int, a: Attribution) -> RenderableType:
    """The source, what it does, and its words; what it passes on from others stands indented beneath it."""
    head = Text(digest.speaker(a), "bold cyan")
    head.append(f"  {FORCE[a.force]}, {a.kind}", "not bold default")
    source = digest.source_of(a)
    if cue := words(source, a.cue):
        head.append(f"  “{clipped(cue, 60)}”", "not bold dim")
    if a.within == "title":
        head.append("  (title)", "not bold dim")
    content = clipped(unquoted(words(source, a.content)), QUOTE)
    lines: list[RenderableType] = [_indented(head, 2 + 4 * min(depth, 6))]
    if content:
        lines.append(_indented(Text(f"“{content}”"), 6 + 4 * min(depth, 6)))
    return Group(*lines)


def _statements(digest: Digest) -> list[RenderableType]:
    shown: list[RenderableType] = []
    for voice, statements in digest.voices():
        shown += [_indented(_voice(voice), 2), _lines(digest, statements)]
    return shown


def _voice(voice: Voice) -> Text:
    if voice.id == "author":
        return Text("The author, in the article's own voice", "bold cyan")
    return Text(f"According to {voice.title} ({voice.verb})" if voice.verb else f"According to {voice.title}", "bold cyan")


def _lines(digest: Digest, statements: list[Statement]) -> RenderableType:
    """Events first, each with its code, who did what to whom, and the words it rests on; then the other statements as
    quotations, the slight ones run together. Every one stands behind its certainty in words.
    """
    column = 2 + max(6, *(len(certainty(s)) for s in statements))
    ranked = sorted(statements, key=lambda s: (weight(s), s.within != "title"))
    shown = [Hanging(_claim(digest, s), 4, Text(certainty(s), _style(s)), column) for s in ranked if s.event]
    if 0 < len(shown) < len(statements):
        shown.append(Hanging(Text("Besides, with no code of an event:", "dim italic"), 4))
    shown += [Hanging(_quoted(digest, s), 4, Text(certainty(s), _style(s)), column) for s in ranked if weight(s) == 1]
    if slight := [s for s in ranked if weight(s) == 2]:
        line = Text(style="dim")
        for number, statement in enumerate(slight):
            line.append("; " if number else "")
            line.append(f"{certainty(statement)} ", "" if certainty(statement) == "stated" else _style(statement))
            line.append(f"“{clipped(digest.quote(statement), 100)}”")
        shown.append(Hanging(line, 4, Text("also", "dim"), column))
    return Group(*shown)


def _style(statement: Statement) -> str:
    mark = certainty(statement)
    return "dim" if mark == "stated" else "bold red" if "NOT" in mark else "yellow"


def _quoted(digest: Digest, statement: Statement) -> Text:
    """The words from the statement's first role to its last, the predicate in bold, and who is meant where they do not say it."""
    source = digest.source_of(statement)
    line = Text("“")
    for part, bold in digest.quoted(statement):
        line.append(clipped(part, 200), "bold" if bold else "")
    line.append("”")
    actors = digest.unsaid(words(source, statement.actor), statement.actor_entities)
    recipients = digest.unsaid(words(source, statement.recipient), statement.recipient_entities)
    if names := list(dict.fromkeys((*actors, *recipients))):
        line.append(f" [{', '.join(names)}]")
    _finish(digest, statement, line)
    return line


def _finish(digest: Digest, statement: Statement, line: Text) -> None:
    """Where, when, how many, and whether it stands in the title."""
    extra = digest.places_and_times(statement) + (["title"] if statement.within == "title" else [])
    extra += digest.reviewed("statement", statement.id)
    if extra:
        line.append(f"  ({'; '.join(extra)})", "dim")


def _claim(digest: Digest, statement: Statement) -> Text:
    source = digest.source_of(statement)
    thing = digest.role(statement, statement.object, ())
    recipient = digest.role(statement, statement.recipient, statement.recipient_entities)
    line = Text()
    if label := event_label(statement):
        line.append(f"{label}  ", "bold green")
    if actor := digest.role(statement, statement.actor, statement.actor_entities):
        line.append(f"{actor} → ")
    line.append(words(source, statement.predicate) or inline(statement.lemma), "bold")
    if thing and statement.object != statement.recipient:
        line.append(f" · {thing}")
    if recipient:
        line.append(f" → {recipient}")
    _finish(digest, statement, line)
    quote = digest.quote(statement)
    if quote and not digest.is_bare(statement):
        line.append(f"\n“{quote}”", "dim italic")
    return line


def _wording(digest: Digest) -> list[RenderableType]:
    shown: list[RenderableType] = []
    for w in digest.reading.wording:
        line = Text(f"{WORDING[w.kind]}: “{clipped(unquoted(words(digest.text, [(w.start, w.end)])), 120)}”")
        if target := digest.name_of(w.target):
            line.append(f" of {target}")
        shown.append(_indented(line, 2))
    for e in digest.reading.evaluations:
        target = digest.name_of(e.entity) or words(digest.text, e.target)
        said = f"{digest.voice(e.holder).title} speaks {EVALUATION[e.polarity]} of {target}"
        shown.append(_indented(Text(f"{said}: “{clipped(words(digest.text, e.words), 160)}”" if e.words else said), 2))
    return shown


def _outline(digest: Digest) -> list[RenderableType]:
    """The argument as a tree: under each statement what bears on it, with its marker, and every one with its voice and certainty."""
    shown: list[RenderableType] = []
    stack = [(0, branch) for branch in reversed(digest.outline())]
    while stack:
        depth, branch = stack.pop()
        line = Text()
        if part := digest.part(branch):
            line.append(part, "bold green" if part == "thesis" else "green")
        if marker := digest.marker(branch):
            line.append(f" “{clipped(marker, 40)}”", "dim")
        line.append("  " if line else "")
        line.append_text(_short(digest, branch.statement))
        shown.append(Hanging(line, 2 + 2 * depth, Text("└ " if depth else "", "dim"), 2 if depth else 0))
        stack += [(depth + 1, below) for below in reversed(branch.under)]
    return shown


def _short(digest: Digest, statement: Statement) -> Text:
    """A statement in the outline: voice, certainty, and its words."""
    line = Text(f"{digest.voice(statement.voice).title} (")
    line.append(certainty(statement), _style(statement))
    line.append(f"): “{clipped(digest.quote(statement), 160)}”")
    return line


def _notes(digest: Digest) -> list[RenderableType]:
    return [
        _indented(Text(f"{note.kind}: “{clipped(inline(digest.text[note.start : note.end]), 200)}”", "dim"), 2)
        for note in digest.reading.article.notes
    ]


def _unread(digest: Digest) -> list[RenderableType]:
    return [
        _indented(Text(f"{inline(u.reason)} [{u.start}, {u.end}): “{clipped(inline(digest.text[u.start : u.end]), 160)}”", "yellow"), 2)
        for u in digest.reading.unread
    ]


def _indented(line: Text, by: int) -> Hanging:
    return Hanging(line, by)
