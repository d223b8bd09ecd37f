"""What the pages of one article, one matter and one pair of texts show, put together from the ledger.

Everything here is data: who says otherwise than a statement, what two versions or two articles share. How it looks is the web's business.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from allegedly.compare.matters import Matter, Row
from allegedly.compared import Copy, Stand
from allegedly.inquiry import editing
from allegedly.inquiry.answers import matter_of, texts_of
from allegedly.inquiry.held import decided_of
from allegedly.inquiry.review import reading_of
from allegedly.records import Reading, Span

if TYPE_CHECKING:
    from allegedly.ledger import ArticleRow, Decision, Ledger, StatementRow, Version

DENIALS: frozenset[Stand] = frozenset({"denies", "reports_denial"})
PASSAGES = 200
"""Copied passages of one article that are looked at."""
SAYING = 4
"""Voices on either side that a statement's card names."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def place_of(statement: int) -> int:
    """A statement's place in its reading, by its number in the ledger: what it is called in addresses within the article's page."""
    from allegedly.ledger.tables import ROOM

    return statement % ROOM


# --- one article -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """Those who say the same as a statement, or otherwise: articles (without copies: `origins`), and some of their statements.

    Copies of the statement's own text that say the same are no origins.
    """

    articles: int
    origins: int
    rows: "tuple[StatementRow, ...]"


@dataclass(frozen=True, slots=True)
class Standing:
    """A statement in its matter: how it stands to the proposition, who else says so, and who says otherwise, in other articles."""

    matter: int
    proposition: str
    stand: Stand
    disputed: bool
    alike: Side
    otherwise: Side


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage of this article that another has too: where it stands in this one, and the other article."""

    copy: Copy
    span: Span
    other: "ArticleRow"
    earlier: bool  # whether the other's date is earlier here


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with what the ledger knows about it. The look-ups are by the ids of the reading's statements and entities.

    `version` counts from 1; where it is not the last one, the reading is of an earlier text, and nothing is looked up for it.
    """

    row: "ArticleRow"
    reading: Reading
    version: int
    identities: Mapping[str, int]
    standings: Mapping[str, Standing]
    shared: tuple[Shared, ...]
    story: int | None
    story_articles: int


def article_page(ledger: "Ledger", number: int, *, version: int | None = None) -> ArticlePage | None:
    """The page of an article, or of one of its versions (from 1 on); None where there is no such article or version."""
    row = ledger.articles([number]).get(number)
    if row is None:
        return None
    if version is not None and version != row.versions:
        listed = ledger.versions(number)
        if not 0 < version <= len(listed):
            return None
        return ArticlePage(row, ledger.reading(number, version=listed[version - 1].number), version, {}, {}, (), None, 0)
    reading = reading_of(ledger, number)
    story = ledger.stories.of([number]).get(number)
    members = ledger.stories.members([story]).get(story, ()) if story is not None else ()
    return ArticlePage(
        row,
        reading,
        row.versions,
        identities_in(ledger, row, reading),
        standings_in(ledger, row, reading),
        shared_by(ledger, number),
        story if len(members) > 1 else None,
        len(members),
    )


def identities_in(ledger: "Ledger", row: "ArticleRow", reading: Reading) -> dict[str, int]:
    """Who the entities of an article's current reading are, by their ids there."""
    from allegedly.ledger.tables import ROOM

    numbers = {row.reading * ROOM + place: entity.id for place, entity in enumerate(reading.entities[:ROOM])}
    return {numbers[number]: identity for number, identity in ledger.identities.of(numbers).items()}


def standings_in(ledger: "Ledger", row: "ArticleRow", reading: Reading) -> dict[str, Standing]:
    """The statements of an article's current reading that are in a matter with another article's, by their ids."""
    from allegedly.ledger.tables import ROOM

    ids = {row.reading * ROOM + editing.place_of(one.id, place): one.id for place, one in enumerate(reading.statements[:ROOM])}
    groups = ledger.matters.of(ids)
    members = ledger.matters.members(set(groups.values()))
    matters = ledger.matters.rows(members)
    items = [item for those in members.values() for item in those]
    listed = ledger.statements(items=items).rows
    decided = decided_of(ledger, listed)
    rows = {one.statement: one for one in decided.kept(listed)}
    stands = {item: stand for item, (stand, _) in decided.stands(ledger.stands(items)).items()}
    roots = _roots(ledger, rows.values())
    out = {}
    for item, group in groups.items():
        others = [rows[one] for one in members[group] if one in rows and rows[one].article != row.number]
        if not others or item not in stands:
            continue
        mine = stands[item] in DENIALS
        alike = [one for one in others if (stands.get(one.statement) in DENIALS) == mine]
        otherwise = [one for one in others if (stands.get(one.statement) in DENIALS) != mine]
        about = matters[group]
        out[ids[item]] = Standing(
            group, about["label"], stands[item], bool(about["disputed"]), _side(alike, roots, mine=roots.get(item)), _side(otherwise, roots)
        )
    return out


def _roots(ledger: "Ledger", rows: "Iterable[StatementRow]") -> dict[int, int]:
    """For each statement, the lowest article whose text its passage is: those of one matter with equal numbers are copies of one text."""
    by_matter: dict[int | None, list[StatementRow]] = defaultdict(list)
    for row in rows:
        by_matter[row.matter].append(row)
    copies = ledger.copies_among({row.article for those in by_matter.values() for row in those})
    out: dict[int, int] = {}
    for those in by_matter.values():
        found = texts_of(those, copies)
        out |= {row.statement: found[row.article] for row in those}
    return out


def _side(rows: "Sequence[StatementRow]", roots: Mapping[int, int], *, mine: int | None = None) -> Side:
    """Counts, and the earliest statement of each voice; of an origin, only one. A copy of the text `mine` is no origin."""
    ordered = sorted(rows, key=lambda row: (row.published is None, row.published or "", row.statement))
    chosen: dict[tuple[object, ...], StatementRow] = {}
    for row in ordered:
        speaker = (row.outlet, row.article) if row.voice == "author" else (row.voice,)
        if all(roots[row.statement] != roots[one.statement] or row.article == one.article for one in chosen.values()):
            chosen.setdefault(speaker, row)
    texts = {roots[row.statement] for row in rows} - {mine}
    return Side(len({row.article for row in rows}), len(texts), tuple(chosen.values())[:SAYING])


def shared_by(ledger: "Ledger", number: int) -> tuple[Shared, ...]:
    """The passages that an article shares with others, by where they stand in it."""
    copies = ledger.copies([number], limit=PASSAGES).rows
    rows = ledger.articles({n for one in copies for n in (one.earlier, one.later)} - {number})
    found = []
    for one in copies:
        first = one.earlier == number
        other = one.later if first else one.earlier
        if other in rows:
            found.append(Shared(one, one.earlier_span if first else one.later_span, rows[other], one.dated and not first))
    return tuple(sorted(found, key=lambda shared: (shared.span, shared.other.number)))


# --- versions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of two texts: "same" (both equal), or "changed": words taken out (`before`) and put in (`after`), either may be empty."""

    what: str
    before: str
    after: str


def changes(before: "Version", after: "Version") -> list[Change]:
    """A version beside the one before it, as the ledger keeps the difference; joined, `after` is the newer text."""
    out, at = [], 0
    for (start, end), (new_start, new_end) in after.changes:
        kept = after.text[at:new_start]
        out += [Change("same", kept, kept)] if kept else []
        out.append(Change("changed", before.text[start:end], after.text[new_start:new_end]))
        at = new_end
    rest = after.text[at:]
    return [*out, *([Change("same", rest, rest)] if rest else [])]


# --- two texts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that two articles share: where it stands in either, and the runs of equal words in either (half-open spans)."""

    copy: Copy
    spans: tuple[Span, Span]
    equal: tuple[tuple[Span, ...], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, the one of the earlier date before the other as far as dates tell (`dated`), and what they share."""

    rows: "tuple[ArticleRow, ArticleRow]"
    readings: tuple[Reading, Reading]
    passages: tuple[Passage, ...]
    dated: bool


def pair_of(ledger: "Ledger", one: int, other: int) -> Pair | None:
    """Two articles side by side; None where one of them is not there, or both are the same."""
    rows = ledger.articles([one, other])
    if len(rows) < 2:
        return None
    copies = [copy for copy in ledger.copies([one], limit=PASSAGES).rows if {copy.earlier, copy.later} == {one, other}]
    if copies:
        first, second = copies[0].earlier, copies[0].later
    else:
        first, second = sorted((one, other), key=lambda n: (rows[n].published is None, rows[n].published or "", n))
    readings = ledger.reading(first), ledger.reading(second)
    texts = readings[0].article.text, readings[1].article.text
    passages = []
    for copy in copies:
        left, right = (copy.earlier_span, copy.later_span) if copy.earlier == first else (copy.later_span, copy.earlier_span)
        passages.append(Passage(copy, (left, right), equal_words(texts[0], left, texts[1], right)))
    passages.sort(key=lambda passage: passage.spans)
    return Pair((rows[first], rows[second]), readings, tuple(passages), any(copy.dated for copy in copies))


def equal_words(left: str, span: Span, right: str, other: Span) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where two passages have the same words in the same order (case and punctuation aside): runs of them in either text."""
    here, there = _words(left, span), _words(right, other)
    blocks = SequenceMatcher(None, [word for word, _ in here], [word for word, _ in there], autojunk=False).get_matching_blocks()
    runs = [(block.a, block.b, block.size) for block in blocks if block.size]
    return (
        tuple((here[a][1][0], here[a + size - 1][1][1]) for a, _, size in runs),
        tuple((there[b][1][0], there[b + size - 1][1][1]) for _, b, size in runs),
    )


def _words(text: str, span: Span) -> list[tuple[str, Span]]:
    return [(found[0].casefold().replace("’", "'"), found.span()) for found in _WORD.finditer(text, *span)]


# --- one matter ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement of a matter, or of several that share one text: the earliest here first. `articles` are theirs, by the ids of rows."""

    row: Row
    copies: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter for reading: what each stand holds, copies grouped; the articles of its rows by id; and what people decided about it."""

    matter: Matter
    said: tuple[int, int]
    denied: tuple[int, int]
    """Articles on either side, and how many without copies; one that reports both is on both."""
    tellings: Mapping[Stand, tuple[Telling, ...]]
    articles: "Mapping[str, ArticleRow]"
    decisions: "tuple[Decision, ...]"


def matter_page(ledger: "Ledger", number: int) -> MatterPage | None:
    """The page of a matter; None where there is no such matter."""
    matter = matter_of(ledger, number)
    if matter is None:
        return None
    articles = {row.id: row for row in ledger.articles(ledger.numbers({row.article for row in matter.rows}).values()).values()}
    mine = {row.item for row in matter.rows}
    decisions = tuple(one for one in ledger.decisions("matter") if mine & set(one.members))
    said, denied = (_articles(row for row in matter.rows if (row.stand in DENIALS) == side) for side in (False, True))
    return MatterPage(matter, said, denied, {stand: _tellings(matter.rows, stand) for stand in matter.tallies}, articles, decisions)


def _articles(rows: Iterable[Row]) -> tuple[int, int]:
    listed = list(rows)
    return len({row.article for row in listed}), len({row.article if row.origin is None else row.origin for row in listed})


def _tellings(rows: Sequence[Row], stand: Stand) -> tuple[Telling, ...]:
    """A stand's rows by date; those of one origin that say it in one voice are one telling."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row.stand == stand:
            key = ("alone", row.item) if row.origin is None else ("origin", row.origin, row.voice, row.force)
            groups.setdefault(key, []).append(row)
    out = []
    for those in groups.values():
        seen = {those[0].article}
        copies = [row for row in those[1:] if not (row.article in seen or seen.add(row.article))]  # type: ignore[func-returns-value]
        out.append(Telling(those[0], tuple(copies)))
        out += [Telling(row, ()) for row in those[1:] if row.article == those[0].article]
    return tuple(out)
