"""Thin routes: findings are gone through one by one, groups are merged and split, decisions are listed and taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from typing_extensions import TypedDict

from allegedly.errors import AbsentError
from allegedly.inquiry import deciding, review
from allegedly.inquiry.answers import find
from allegedly.ledger import Ledger
from allegedly.records import FindingKind
from allegedly.web.answers import After, Ask, Limit, Number, Route, Trouble, Words, served, single
from allegedly.web.forms import Added, Back, Decided, Grouped, Note
from allegedly.web.ledgers import Open
from allegedly.web.pages import _inside as inside

router = APIRouter()

AFRESH = "Look at the finding again: what it says may have changed meanwhile."


class FindingRow(TypedDict):
    """A finding with what was decided of it last; of an edited one, `says` has the edit in it."""

    article: str
    outlet: str | None
    published: str | None
    kind: str
    finding: str
    within: str
    start: int
    end: int
    quotation: str
    sentence: str
    voice: str
    polarity: str
    status: str
    says: list[str]
    score: float
    review: str
    by: str
    made: str
    note: str
    decisions: int


class QueueContent(TypedDict):
    """A page of the queue; `opened` counts the articles that were looked at for it."""

    rows: list[FindingRow]
    opened: int
    next: str | None


class ReviewRow(TypedDict):
    """A decision about a finding; `holds` for the one that counts."""

    state: str
    by: str
    made: str
    note: str
    holds: bool
    was: dict[str, str]
    now: dict[str, str]


class FindingContent(TypedDict):
    """A finding, with all that was decided of it."""

    finding: FindingRow
    rows: list[ReviewRow]


class DecidedRow(TypedDict):
    """A decision about a finding, wherever it stands now."""

    number: int
    made: str
    by: str
    state: str
    kind: str
    article: str
    within: str
    start: int
    end: int
    quotation: str
    sentence: str
    found: list[str]
    said: list[str]
    note: str


class DecidedContent(TypedDict):
    """Decisions about findings, the last before the others."""

    rows: list[DecidedRow]
    next: str | None


class DecisionRow(TypedDict):
    """A decision about a group: a story, a matter or an entity; `group` is what its members are in now."""

    number: int
    made: str
    by: str
    kind: str
    about: str
    group: list[int]
    articles: list[str]
    quotations: list[str]
    note: str
    withdraws: int | None
    withdrawn: int | None


class DecisionsContent(TypedDict):
    """Decisions about groups, the last before the others."""

    rows: list[DecisionRow]


class MemberRow(TypedDict):
    """What an article has in a group."""

    article: str
    outlet: str | None
    published: str | None
    title: str | None
    words: str
    voice: str
    force: str
    polarity: str
    status: str


class GroupContent(TypedDict):
    """A group, what it is made of, and what was decided of it."""

    about: str
    number: int
    label: str
    articles: int
    rows: list[MemberRow]
    decisions: list[DecisionRow]
    next: str | None


@contextmanager
def said(advice: str = AFRESH) -> Iterator[None]:
    """What is not there (404), or cannot be decided as things are (409), is answered with the reason."""
    try:
        yield
    except ValueError as error:
        status = 404 if isinstance(error, AbsentError) else 409
        raise Trouble(status, f"{str(error)[:1].upper()}{str(error)[1:]}.", advice) from None


def posts(path: str, model: type) -> Callable[[Route], Route]:
    """Register a function that changes something, from a page's form and from a program."""

    def register(function: Route) -> Route:
        router.add_api_route(path, function, methods=["POST"], include_in_schema=False, response_model=None)
        router.add_api_route(f"/api{path}", function, methods=["POST"], response_model=model, tags=["review"])
        return function

    return register


def went(request: Request, back: str, row: Any) -> Response:
    """The answer to a change: the row for a program, the page that it was made on for a person."""
    if request.scope["path"].startswith("/api/") or "json" in request.headers.get("accept", ""):
        return JSONResponse(row)
    return RedirectResponse(inside(back), 303)


# --- the queue -------------------------------------------------------------------------------------------------------

Score = Annotated[float, Query(ge=0, le=1)]


def finding_url(article: str, kind: str, finding: str) -> str:
    """The address of a finding's own page."""
    return f"/review/finding?{urlencode({'article': article, 'kind': kind, 'finding': finding}, errors='replace')}"


def _wanted(
    state: Annotated[Literal["", "unreviewed", "accepted", "rejected", "edited", "added"], Query()] = "unreviewed",
    kind: Annotated[Literal["", "statement", "attribution", "entity", "evaluation", "wording", "reason"], Query()] = "",
    outlet: Annotated[str, Query(max_length=200)] = "",
    article: Words = "",
    least: Score = 0.0,
    most: Score = 1.0,
) -> review.Asked:
    return review.Asked(state, kind, outlet.replace("\0", " "), article, least, most)


@served(router, "/review", model=QueueContent, tag="review")
def queue(
    asked: Ask,
    ledger: Open,
    wanted: Annotated[review.Asked, Depends(_wanted)],
    after: After = "",
    limit: Limit = 25,
) -> Any:
    """Findings to go through, of the newest articles before the others; by state, kind, outlet, and how sure the machine was."""
    found = review.queue(ledger, wanted, after=after, limit=limit)
    rows = [review.row_of(one.article, one.finding) for one in found.items]
    content = {"rows": rows, "opened": found.opened, "next": asked.following(found.next)}
    more = {
        "items": [(row, one.finding, one.article) for row, one in zip(rows, found.items, strict=True)],
        "asked": wanted,
        "kinds": review.KINDS,
        "states": review.STATES,
        "outlets": [one.name for one in ledger.outlets()],
        "finding_url": finding_url,
        "back": _here(asked.request),
    }
    return asked.answer("queue.html", content, rows=rows, kind=FindingRow, name="review", more=more)


def _here(request: Request) -> str:
    return f"{request.scope['path']}?{request.url.query}"


@served(router, "/review/finding", model=FindingContent, tag="review")
def finding(asked: Ask, ledger: Open, article: Words, kind: FindingKind, finding: Annotated[str, Query(max_length=100)]) -> Any:
    """One finding: what it says, every decision about it, and a form to edit it."""
    with said():
        reading, one = review.finding_of(ledger, article, kind, finding)
    row = ledger.articles([ledger.number(article) or 0])
    about = next(iter(row.values()))
    rows: list[ReviewRow] = [
        {"state": r.state, "by": r.by, "made": r.made, "note": r.note, "holds": r.holds, "was": dict(r.was), "now": dict(r.now)}
        for r in one.reviews
    ]
    content = {"finding": review.row_of(about, one), "rows": rows}
    more = {
        "one": one,
        "a": about,
        "fields": review.fields_of(one.kind),
        "voices": review.voices_of(reading),
        "back": asked.request.query_params.get("back", "") or finding_url(article, kind, finding),
    }
    return asked.answer("finding.html", content, rows=rows, kind=ReviewRow, name="finding", more=more)


@posts("/review", FindingRow)
def decide(request: Request, ledger: Open, given: Annotated[Decided, Form()]) -> Any:
    """Accept, reject or edit a finding, or take back what was decided of it ("unreviewed"). Nothing is overwritten."""
    with said():
        _, one = review.finding_of(ledger, given.article, given.kind, given.finding)
        if given.start is not None and given.start != one.place.start:
            raise ValueError("the article was read again meanwhile, and this finding is another")
        fields = given.fields(given.kind, whole=given.whole) if given.state == "edited" else {}
        review.decide(ledger, given.article, one, given.state, said=fields, note=given.note, by=request.state.visitor)
    return went(request, given.back or "/review", _row_now(ledger, given.article, one))


def _row_now(ledger: Ledger, article: str, one: review.Finding) -> dict[str, Any]:
    """A finding's row after a decision; one that was added and taken back is there no more."""
    with suppress(ValueError):
        _, one = review.finding_of(ledger, article, one.kind, one.id)
    return review.row_of(next(iter(ledger.articles([ledger.number(article) or 0]).values())), one)


@posts("/review/add", FindingRow)
def add(request: Request, ledger: Open, given: Annotated[Added, Form()]) -> Any:
    """Add a finding that the machine did not make."""
    with said("Copy the words from the article as they stand there."):
        fields = given.fields(given.kind, whole=False)
        fields = {name: value for name, value in fields.items() if value}
        number = review.add(
            ledger, given.article, given.kind, given.quote.strip(), fields, nth=given.nth, note=given.note, by=request.state.visitor
        )
        _, one = review.finding_of(ledger, given.article, given.kind, f"r{number}")
    return went(request, finding_url(given.article, given.kind, one.id), _row_now(ledger, given.article, one))


@router.get("/review/add", include_in_schema=False)
def adding(asked: Ask, ledger: Open, article: Words, kind: Literal["statement", "attribution", "wording"] = "statement") -> Any:
    """A form to add a finding to an article."""
    number = ledger.number(article)
    if number is None:
        raise Trouble(404, "No article of the ledger has this id.", "Search for it by words or by its outlet.")
    reading = ledger.reading(number)
    more = {
        "a": ledger.articles([number])[number],
        "kind": kind,
        "kinds": review.ADDABLE,
        "fields": review.fields_of(kind),
        "voices": review.voices_of(reading),
        "text": reading.article.text,
    }
    return asked.answer("finding-new.html", {}, rows=(), kind=FindingRow, name="finding", more=more)


# --- decisions -------------------------------------------------------------------------------------------------------


@served(router, "/decisions", model=DecisionsContent, tag="review")
def decisions(asked: Ask, ledger: Open, about: Annotated[Literal["", "story", "matter", "entity"], Query()] = "") -> Any:
    """What was decided of stories, matters and entities, by whom and when."""
    rows = deciding.listed(ledger, deciding.ABOUT[about] if about else None)
    return asked.answer("decisions.html", {"rows": rows}, rows=rows, kind=DecisionRow, name="decisions", more={"about": about})


@served(router, "/decisions/findings", model=DecidedContent, tag="review")
def decided(asked: Ask, ledger: Open, after: After = "", limit: Limit = 50) -> Any:
    """What was decided of single findings, by whom and when."""
    found = ledger.reviews(after=single(after), limit=limit + 1)
    rows = [review.decided_row(one) for one in found[:limit]]
    content = {"rows": rows, "next": asked.following(rows[-1]["number"] if len(found) > limit else None)}
    return asked.answer("decided.html", content, rows=rows, kind=DecidedRow, name="reviews", more={"finding_url": finding_url})


@posts("/decisions/{number}/withdraw", DecisionsContent)
def withdraw(request: Request, ledger: Open, number: Number, note: Annotated[Note, Form()] = "", back: Annotated[Back, Form()] = "") -> Any:
    """Take a decision about a group back: it stays, with this one beside it, and the groups are as before."""
    with said("The list of decisions says which can be taken back."):
        deciding.withdraw(ledger, number, note=note, by=request.state.visitor)
    return went(request, back or "/decisions", {"rows": deciding.listed(ledger)[:1]})


def _group_routes(named: str, path: str) -> None:
    """An entity, a matter or a story: what it is made of, and what may be decided of it."""
    about = deciding.ABOUT[named]

    @served(router, f"{path}/{{number}}/decide", model=GroupContent, tag="review")
    def group(asked: Ask, ledger: Open, number: Number, q: Words = "", after: After = "", limit: Limit = 100) -> Any:
        found = deciding.members_of(ledger, about, number, after=single(after) or 0, limit=limit)
        if found is None:
            raise Trouble(404, f"There is no such {named} in the ledger.", "A merge may have given it another number: see the decisions.")
        known, rows, following = found
        taken = [row for row in deciding.listed(ledger, about) if number in row["group"]]
        head = {"about": named, "number": number, "label": known["label"], "articles": known["articles"]}
        content = {**head, "rows": rows, "decisions": taken, "next": asked.following(following)}
        others = [one for one in find(ledger, q) if one.number != number] if q.strip() and about == "identity" else []
        more = {"back": path, "q": q, "others": others, "whole": after or following is not None}
        return asked.answer("group.html", content, rows=rows, kind=MemberRow, name=f"{named}-{number}", more=more)

    @posts(f"{path}/{{number}}/decide", DecisionRow)
    def decide_group(request: Request, ledger: Open, number: Number, given: Annotated[Grouped, Form()]) -> Any:
        by, note = request.state.visitor, given.note
        with said("Choose what it is about, and give a note of 2,000 characters at most."):
            if given.do == "merge":
                deciding.merge(ledger, about, [number, *given.others], note=note, by=by)
            elif given.do == "note":
                deciding.remark(ledger, about, number, note, by=by)
            else:
                decide_on = deciding.split if given.do == "split" else deciding.reject
                decide_on(ledger, about, number, given.articles, note=note, by=by)
        row = deciding.listed(ledger, about)[0]
        now = number if number in groups(ledger, number) else next(iter(row["group"]), number)
        return went(request, f"{path}/{now}/decide", row)

    def groups(ledger: Ledger, number: int) -> Any:
        return deciding.groups_of(ledger, about).rows([number])

    group.__doc__ = f"What a {named} is made of, and what was decided of it."
    decide_group.__doc__ = f"Merge a {named} with others, split or reject what some articles have in it, or keep a note."


for _named, _path in (("entity", "/entities"), ("matter", "/matters"), ("story", "/stories")):
    _group_routes(_named, _path)
