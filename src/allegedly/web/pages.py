"""Thin routes: home, search, listings of matters, stories, names, copies and outlets, sources, help, and logging in."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from typing_extensions import TypedDict

from allegedly.inquiry import rows
from allegedly.web.answers import After, Ask, Limit, pair, served
from allegedly.web.ledgers import Open

router = APIRouter()


class Matters(TypedDict):
    """A page of matters."""

    rows: list[rows.MatterRow]
    next: str | None


@served(router, "/matters", model=Matters)
def matters(
    asked: Ask,
    ledger: Open,
    disputed: Annotated[bool, Query(description="Only those that somebody affirms and somebody denies.")] = False,
    every: Annotated[bool, Query(description="Those of one article too.")] = False,
    after: After = "",
    limit: Limit = 50,
) -> Any:
    """What statements of several articles are about, that of most articles before the others."""
    only = {"disputed": True} if disputed else {}
    found = ledger.matters.list(least=1 if every else 2, after=pair(after), limit=limit, **only)
    listed = [rows.listed_matter(row) for row in found.rows]
    content = {"rows": listed, "next": asked.following(found.next)}
    return asked.answer(
        "matters.html", content, rows=listed, kind=rows.MatterRow, name="matters", more={"disputed": disputed, "every": every}
    )
