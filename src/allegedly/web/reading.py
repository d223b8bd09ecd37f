"""Thin routes: an article with its findings and versions, an entity, a matter, a story, two texts side by side."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from allegedly.export.page import resource
from allegedly.inquiry import content, rows
from allegedly.inquiry.entity import entity_of, statements_of
from allegedly.inquiry.held import decided_of
from allegedly.inquiry.pages import article_page, changes, matter_page, pair_of
from allegedly.inquiry.story import story_of
from allegedly.ledger import Ledger, StatementRow
from allegedly.records import Span
from allegedly.web.answers import After, Ask, Limit, Number, Trouble, Words, pair, served
from allegedly.web.ledgers import Open
from allegedly.web.marking import KINDS_HERE, folded, laid_out, links, outlet_url, pair_url, placed, side_by_side
from allegedly.web.pictures import fragments

router = APIRouter()
SHARED_FILES = {"margin.css": "text/css", "page.js": "text/javascript"}
"""Files of the HTML export that the article's page uses too."""
QUADS = ("words of cooperation", "deeds of cooperation", "words of conflict", "deeds of conflict")
"""PLOVER's quadrants, 1 to 4."""
Place = Annotated[
    str, Query(pattern=r"^(?:[0-9]{1,9}-[0-9]{1,9})?$", description="A place in the text to mark: start-end, in characters, half-open.")
]


def _shared(name: str, type: str) -> None:
    @router.get(f"/static/{name}", include_in_schema=False, name=name)
    def file() -> Response:
        return Response(resource(name), media_type=type, headers={"Cache-Control": "max-age=3600"})


for _name, _type in SHARED_FILES.items():
    _shared(_name, _type)


def shown(ledger: Ledger, found: Iterable[StatementRow]) -> dict[int, dict[str, Any]]:
    """Statements for a template, by number: their rows, with the addresses of their places here and on the outlet's own page."""
    listed = list(found)
    urls = {row.number: row.url for row in ledger.articles({row.article for row in listed}).values()}
    return {
        row.statement: {
            **rows.statement(row, url=urls.get(row.article)),
            "type": row.type,
            **placed(row, urls.get(row.article)),
        }
        for row in listed
    }


# --- an article ------------------------------------------------------------------------------------------------------


@served(router, "/article", model=content.ArticleContent)
def article(
    asked: Ask,
    ledger: Open,
    id: Words,
    version: Annotated[int | None, Query(ge=1, le=1 << 31, description="An earlier version, counted from 1.")] = None,
    at: Place = "",
    show: Annotated[list[str] | None, Query(max_length=20, description="Kinds of findings to show on the page.")] = None,
) -> Any:
    """An article with everything that was found in it, and who says otherwise."""
    number = ledger.number(id)
    page = None if number is None else article_page(ledger, number, version=version)
    if page is None:
        raise Trouble(404, "No article of the ledger has this id, or not this version.", "Search for it by words or by its outlet.")
    start, _, end = at.partition("-")
    place: Span | None = (int(start), int(end)) if at else None
    csv = content.article_rows(page) if asked.form == "csv" else []
    if asked.form != "html":
        made: Mapping[str, Any] = content.article(ledger, page) if asked.form == "json" else {}
        return asked.answer("article.html", made, rows=csv, kind=content.MarkedRow, name="article")
    view = laid_out(page, place)
    more = {
        "page": page,
        "a": view,
        "linked": links(page),
        "kinds": [(key, label, key in show if show is not None else first) for key, label, first in KINDS_HERE],
        "at": at,
        "there": outlet_url(page.reading.article.url),
        "named": {mention.entity for mention in page.reading.mentions if mention.named},
        "disputed": sum(one.disputed for one in page.standings.values()),
        "pair_url": pair_url,
    }
    return asked.answer("reading.html", {}, rows=(), kind=content.MarkedRow, name="article", more=more)


@served(router, "/article/versions", model=content.VersionsContent)
def versions(asked: Ask, ledger: Open, id: Words) -> Any:
    """The versions of an article, and what changed from each to the next."""
    number = ledger.number(id)
    row = None if number is None else ledger.articles([number]).get(number)
    if number is None or row is None:
        raise Trouble(404, "No article of the ledger has this id.", "Search for it by words or by its outlet.")
    found = ledger.versions(number)
    made = content.versions(row, found)
    steps = [(place, before, one, changes(before, one)) for place, (before, one) in enumerate(pairwise(found), 2)]
    return asked.answer(
        "versions.html",
        made,
        rows=made["rows"],
        kind=content.VersionRow,
        name="versions",
        more={"row": row, "steps": steps[::-1], "folded": folded},
    )


@served(router, "/copies/pair", model=content.PairContent)
def two(asked: Ask, ledger: Open, one: Words, other: Words) -> Any:
    """Two articles side by side, with the passages that they share."""
    numbers = ledger.numbers([one, other])
    found = pair_of(ledger, numbers[one], numbers[other]) if one in numbers and other in numbers else None
    if found is None:
        raise Trouble(404, "There are no two such articles in the ledger.", "Copies lists those that share passages.")
    made = content.pair(ledger, found)
    more = {"pair": found, "texts": (side_by_side(found, 0), side_by_side(found, 1)), "outlet_url": outlet_url}
    return asked.answer("pair.html", made, rows=made["rows"], kind=rows.CopyRow, name="passages", more=more)


# --- an entity -------------------------------------------------------------------------------------------------------


@served(router, "/entities/{number}", model=content.EntityContent, keep=True)
def entity(
    asked: Ask,
    ledger: Open,
    number: Number,
    part: Annotated[
        Literal["actor", "recipient", "voice"], Query(description="What it is said to do, what is said to be done to it, or what it says.")
    ] = "actor",
    every: Annotated[bool, Query(description="Statements that are no events too.")] = False,
    after: After = "",
    limit: Limit = 12,
) -> Any:
    """Somebody or something: its names by outlet, what is said of it and by whom, what it says, its neighbours, events over time."""
    window = ledger.involved(number)
    found = entity_of(ledger, number, window=window)
    if found is None:
        raise Trouble(404, "There is no such person, body or place in the ledger.", "Names lists them; a merge may have given it another.")
    listed = statements_of(ledger, number, part, every=every, after=pair(after), limit=limit, window=window)
    made = content.entity(found, part, listed, asked.following(listed.next))
    statements = shown(ledger, (row for _, row in listed.rows))
    more = {
        "one": found,
        "statements": [statements[row.statement] for _, row in listed.rows],
        "every": every,
        "limit": limit,
        "quads": QUADS,
        "columns": sorted({key for stretch in found.stretches for key in stretch.counts}),
        "figures": fragments.of_entity(ledger, found) if asked.form == "html" else (),
    }
    return asked.answer("entity.html", made, rows=made["rows"], kind=content.PartRow, name=f"entity-{number}", more=more)


# --- a matter --------------------------------------------------------------------------------------------------------


@served(router, "/matters/{number}", model=content.MatterContent)
def matter(asked: Ask, ledger: Open, number: Number) -> Any:
    """Both sides of a matter: who asserts, who denies, who only reports it, in what words, since when, and which are copies."""
    found = matter_page(ledger, number)
    if found is None:
        raise Trouble(404, "There is no such matter in the ledger.", "Matters lists them; those of a new comparison have new numbers.")
    made = content.matter(ledger, found)
    listed = ledger.statements(items=[row.item for row in found.matter.rows]).rows
    statements = shown(ledger, decided_of(ledger, listed).kept(listed))
    more = {"page": found, "statements": statements, "figure": fragments.of_matter(made["rows"])}
    return asked.answer("matter.html", made, rows=made["rows"], kind=rows.SaidRow, name=f"matter-{number}", more=more)


# --- a story ---------------------------------------------------------------------------------------------------------


@served(router, "/stories/{number}", model=content.StoryContent)
def story(asked: Ask, ledger: Open, number: Number) -> Any:
    """A story's outlets side by side: what several state, what was found in one only, in what words, and what was copied."""
    found = story_of(ledger, number)
    if found is None:
        raise Trouble(404, "There is no such story in the ledger.", "Stories lists them; one may have become part of another.")
    made = content.story(ledger, found)
    said = [row for line in found.lines for cell in line.cells.values() for _, row in cell]
    said += [row for one in found.alone for row in one.rows]
    more = {
        "page": found,
        "statements": shown(ledger, said),
        "ids": {row.number: row for row in found.articles},
        "charged": _charged(made["worded"]),
        "figure": fragments.of_story(found.agreement),
        "pair_url": pair_url,
    }
    return asked.answer("story.html", made, rows=made["rows"], kind=rows.StoryRow, name=f"story-{number}", more=more)


def _charged(found: Iterable[content.WordedRow]) -> dict[str, list[tuple[str, int, list[str]]]]:
    """By outlet, its charged forms, how often, and of whom, as far as the form itself does not say so."""
    out: dict[str, dict[str, tuple[int, list[str]]]] = {}
    for row in found:
        times, targets = out.setdefault(row["outlet"], {}).get(row["form"], (0, []))
        new = [row["target"]] if row["target"] and row["form"] not in row["target"].casefold() else []
        out[row["outlet"]][row["form"]] = (times + row["times"], [*targets, *new])
    return {outlet: sorted(((form, *one) for form, one in forms.items()), key=lambda one: -one[1]) for outlet, forms in out.items()}
