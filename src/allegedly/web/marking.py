"""An article as HTML: its findings marked in the text on the server, and what the ledger knows of them beside the notes in the margin.

Spans are cut, and notes laid out, as in the HTML export (`export.page`, with its template `margin.html`): offsets are code points, which
script would not count. Here findings get their links: to those whom they are about, to the matter, to the article that shares a passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, urlencode

from allegedly.export.digest import inline, readable
from allegedly.export.page import KINDS, Finding, View, build, paragraphs
from allegedly.inquiry import rows
from allegedly.inquiry.pages import ArticlePage, Pair, Shared, Standing
from allegedly.ledger import StatementRow
from allegedly.records import Span
from allegedly.web.answers import article_url

COPY = "copy"
KINDS_HERE = (*KINDS[:5], (COPY, "Shared passages", True), *KINDS[5:])
"""Kinds of findings that the page can show or hide: key, label, and whether they are shown at first."""
WHOLE = 90
"""Characters of a quotation that a text fragment gives whole; of a longer one, its first and last words."""
ENDS = 4
"""So many words."""
AROUND = 240
"""Characters shown on either side of what was changed."""
_WORD = re.compile(r"\w")
_BARE = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)  # words, and what stands before and after them
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f\"<>\\^`{|}]+\Z", re.IGNORECASE)


# --- addresses -------------------------------------------------------------------------------------------------------


def outlet_url(url: str | None, quotation: str = "") -> str:
    """The article on the outlet's own page, at a quotation (a text fragment, https://wicg.github.io/scroll-to-text-fragment/).

    Empty where the address is not a web address. A browser that finds the words no more opens the page at its top.
    """
    address = url or ""
    if not _ADDRESS.fullmatch(address):
        return ""
    return address + fragment(quotation).removeprefix("#" if "#" in address else "")


def fragment(quotation: str) -> str:
    """What leads to a quotation at the end of an address that has no fragment of its own; empty for no words."""
    words = quotation.split()
    if not words:
        return ""
    whole = len(" ".join(words)) <= WHOLE or len(words) <= 2 * ENDS
    parts = [words] if whole and "\n" not in quotation.strip() else [words[:ENDS], words[-ENDS:]]
    return "#:~:text=" + ",".join(quote(" ".join(part), safe="", errors="replace").replace("-", "%2D") for part in parts)


def placed(row: StatementRow, url: str | None) -> dict[str, str]:
    """Where a statement's sentence stands: on the article's page `here`, and on the outlet's own at `url`, `there` ("" where not known)."""
    span = None if row.in_title else (row.sentence_start, row.sentence_end)
    return {"here": article_url(row.id, span), "there": outlet_url(url, row.sentence)}


def pair_url(one: str, other: str) -> str:
    """The page of two articles side by side, by their ids."""
    return f"/copies/pair?{urlencode({'one': one, 'other': other}, errors='replace')}"


# --- one article -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Links:
    """What stands under a note: whom it is about, with the numbers of their pages; its matter, with some who say otherwise; a passage."""

    parties: tuple[tuple[str, int], ...] = ()
    standing: Standing | None = None
    others: tuple[rows.FoundRow, ...] = ()
    shared: Shared | None = None


def laid_out(page: ArticlePage, at: Span | None = None) -> View:
    """The article with its notes; `at` is a place in the text that an address points at."""
    more = [_shared(f"copy-{place}", one) for place, one in enumerate(page.shared)]
    if at is not None and at[0] < at[1] <= len(page.reading.article.text):
        more.append(Finding("at", "place", at[0], lit=[(at, "place")]))
    return build(page.reading, more=more)


def _shared(ref: str, one: Shared) -> Finding:
    """A passage that another article has too; its note stands behind all others."""
    other = inline(one.other.outlet or "an article without outlet")
    day = readable((one.other.published or "")[:10])
    when = "order not known" if not one.copy.dated else "earlier here" if one.earlier else "later here"
    said = f"{one.copy.words} words shared with {other}" + (f", {day}" if day else "") + f" ({when})"
    return Finding(ref, COPY, one.span[0], tag="shared passage", roles=[("plain", said)], lit=[(one.span, COPY)], weight=3)


def links(page: ArticlePage) -> dict[str, Links]:
    """By the finding's name in the page."""
    reading = page.reading
    names = {entity.id: inline(entity.name) for entity in reading.entities}

    def known(entities: Sequence[str | None]) -> tuple[tuple[str, int], ...]:
        found = {page.identities[one]: names[one] for one in entities if one is not None and one in page.identities}
        return tuple((name, number) for number, name in found.items())

    out = {f"copy-{place}": Links(shared=one) for place, one in enumerate(page.shared)}
    for place, statement in enumerate(reading.statements):
        parties = known((*statement.actor_entities, *statement.recipient_entities))
        standing = page.standings.get(statement.id)
        others = tuple(rows.statement(row) for row in standing.otherwise.rows) if standing else ()
        out[f"statement-{place}"] = Links(parties, standing, others)
    out |= {f"attribution-{place}": Links(known([one.entity])) for place, one in enumerate(reading.attributions)}
    out |= {f"wording-{place}": Links(known([one.target])) for place, one in enumerate(reading.wording)}
    out |= {f"evaluation-{place}": Links(known([one.entity])) for place, one in enumerate(reading.evaluations)}
    return {ref: one for ref, one in out.items() if one != Links()}


# --- two texts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters of one of two texts: whether its words are in the other too, or only here in a passage that both share.

    `first` is the passage that begins with it, from 1; 0 for none.
    """

    text: str
    equal: bool
    differs: bool
    first: int


def side_by_side(pair: Pair, side: int) -> list[list[Run]]:
    """The paragraphs of one of two texts, cut where passages and equal words begin and end."""
    text = pair.readings[side].article.text
    spans = [passage.spans[side] for passage in pair.passages]
    equal = [run for passage in pair.passages for run in passage.equal[side]]
    begun: set[int] = set()
    out = []
    for start, end in paragraphs(text):
        inside = {x for span in (*spans, *equal) for x in span if start < x < end}
        cuts = sorted({start, end, *inside})
        runs: list[Run] = []
        for a, b in pairwise(cuts):
            within = [number for number, span in enumerate(spans, 1) if span[0] < b and a < span[1]]
            first = next((number for number in within if number not in begun), 0)
            begun.update(within)
            same = any(x < b and a < y for x, y in equal)
            bare = None if same or not within else _BARE.fullmatch(text, a, b)
            for part in bare.groups() if bare else (text[a:b],):
                if part:
                    runs.append(Run(part, same, bool(within) and not same and _WORD.search(part) is not None, first))
                    first = 0
        out.append(runs)
    return out


def folded(text: str) -> tuple[str, str, str]:
    """A long stretch that did not change in three parts, cut between words: the middle one can be folded away, empty in a short stretch."""
    start, end = text.find(" ", AROUND), text.rfind(" ", 0, -AROUND)
    if start < 0 or end - start < 2 * AROUND:
        return text, "", ""
    return text[: start + 1], text[start + 1 : end], text[end:]
