"""Thin routes: home, search and tracing a claim, listings of matters, stories, names, copies and outlets, sources, help, and logging in."""

import re
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from anyio import Lock, sleep
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BeforeValidator
from typing_extensions import TypedDict

from allegedly.inquiry import rows as shown
from allegedly.inquiry.held import hits_as_decided
from allegedly.inquiry.series import Moment
from allegedly.ledger import Filters
from allegedly.ledger.tables import ACTS
from allegedly.ledger.views import QUAD
from allegedly.records import EntityType, GenreLabel, Polarity, Status
from allegedly.web.answers import After, Ask, Limit, Number, Trouble, Words, address, page, pair, served, single
from allegedly.web.ledgers import Open
from allegedly.web.marking import fragment, outlet_url, pair_url, placed
from allegedly.web.security import COOKIE, DAYS, Rules, same, sealed

router = APIRouter()

NEW = 12
SHORT = 6
"""Rows of the lists on the first page."""


class Matters(TypedDict):
    """A page of matters."""

    rows: list[shown.MatterRow]
    next: str | None


class Stories(TypedDict):
    """A page of stories."""

    rows: list[shown.StoryHead]
    next: str | None


class Identities(TypedDict):
    """A page of names."""

    rows: list[shown.IdentityRow]
    next: str | None


class Copies(TypedDict):
    """A page of passages that two articles share."""

    rows: list[shown.CopyRow]
    next: str | None


class Outlets(TypedDict):
    """All outlets."""

    rows: list[shown.OutletRow]
    articles: int


class Sources(TypedDict):
    """All feeds that were watched."""

    rows: list[shown.FeedRow]


class Home(TypedDict):
    """The first page: how much there is, what came in last, the disputed matters of most articles, the passages that most share; and the
    events that the newest articles affirm as having happened, over time.
    """

    articles: int
    outlets: int
    rows: list[shown.ListedArticle]
    disputed: list[shown.MatterRow]
    copied: list[shown.PassageRow]
    moments: list[Moment]


@served(router, "/", model=Home, keep=True)
def home(asked: Ask, ledger: Open) -> Any:
    """How much there is, what came in last, what is disputed, what was copied most, what is told of over time."""
    from allegedly.web.pictures import fragments, marks

    series, figure = fragments.of_home(ledger)
    new = ledger.latest(limit=NEW).rows
    known = ledger.articles(new)
    content: Home = {
        "articles": ledger.size(),
        "outlets": len(ledger.outlets()),
        "rows": [shown.listed_article(known[number]) for number in new],
        "disputed": [shown.listed_matter(row) for row in ledger.matters.list(least=2, limit=SHORT, disputed=True).rows],
        "copied": shown.passages(ledger, ledger.most_copied(SHORT)),
        "moments": list(series.rows),
    }
    more = {"figure": figure, "quads": marks.QUADS, "certain_words": marks.CERTAIN, "outlet_url": outlet_url}
    return asked.answer("home.html", content, rows=content["rows"], kind=shown.ListedArticle, name="new", more=more)


# --- searching ---------------------------------------------------------------------------------------------------------


def _day(value: object) -> object:
    if isinstance(value, str) and value and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("write a day as 2024-05-31")
    return value


Day = Annotated[date | Literal[""], BeforeValidator(_day), Query(description="A day, as 2024-05-31.")]
Act = Literal["", *ACTS]  # type: ignore[valid-type]


CHOICES = {
    "genre": get_args(GenreLabel),
    "act": ACTS,
    "polarity": get_args(Polarity),
    "status": get_args(Status),
    "voice": ("author", "source"),
}
"""What a search can be narrowed to, of closed vocabularies."""


class Value(TypedDict):
    """A value to narrow a search by, and how many articles have it."""

    value: str
    articles: int


class Found(TypedDict):
    """A page of what a search found. `facets` are counted over `found` articles: all that were found, or (`more`) the newest."""

    rows: list[shown.FoundRow]
    next: str | None
    articles: int
    found: int
    more: bool
    facets: dict[str, list[Value]]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to; "" is any."""

    outlet: Words = ""
    since: Day = ""
    until: Day = ""
    genre: Literal["", GenreLabel] = ""
    entity: Annotated[Words, Query(description="A name of somebody who takes part in a statement.")] = ""
    act: Act = ""
    polarity: Literal["", Polarity] = ""
    status: Literal["", Status] = ""
    voice: Literal["", "author", "source"] = ""

    def given(self) -> dict[str, str]:
        """The same, as addresses have it."""
        return {name: str(value).strip() for name, value in asdict(self).items()}


@served(router, "/search", model=Found)
def search(
    asked: Ask,
    ledger: Open,
    narrowed: Annotated[Narrowed, Depends()],
    q: Annotated[Words, Query(description='Words; "a b" is a phrase, -a leaves out, a* begins so.')] = "",
    words: Annotated[bool, Query(description="On the page: a sentence too is looked for by its words, and not traced.")] = False,
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=100, description="Articles of a page at most.")] = 20,
) -> Any:
    """Articles with words and what they state there, newest first, and what to narrow the search by."""
    given: dict[str, Any] = narrowed.given()
    if asked.form == "html" and not words and not after and not any(given.values()) and reads_as_claim(q):
        return RedirectResponse(address("/trace", claim=q), 303)
    filters = Filters(**{name: value or None for name, value in given.items()})
    found, facets = ledger.search_with_facets(q, filters, after=single(after), limit=limit)
    hits = hits_as_decided(ledger, found.rows)
    listed = [row for hit in hits for row in shown.found(hit)]
    content: Found = {
        "rows": listed,
        "next": asked.following(found.next),
        "articles": ledger.size(),
        "found": facets.counted,
        "more": facets.more,
        "facets": {name: [{"value": value, "articles": n} for value, n in values] for name, values in facets.values.items()},
    }
    said = [
        (hit, [{**row, **placed(one, hit.article.url)} for row, one in zip(shown.found(hit), hit.statements, strict=False)]) for hit in hits
    ]
    more = {"q": q, "given": given, "hits": said, "months": _months, "choices": CHOICES, "limit": limit, "fragment": fragment}
    more["outlet_url"] = outlet_url
    return asked.answer("search.html", content, rows=listed, kind=shown.FoundRow, name="search", more=more)


def _months(month: str) -> dict[str, str]:
    """The first and the last day of a month, as a search asks for them."""
    year, number = map(int, month.split("-"))
    return {"since": f"{month}-01", "until": f"{month}-{monthrange(year, number)[1]}"}


def reads_as_claim(words: str) -> bool:
    """Whether somebody pasted a sentence, and did not look for words."""
    several = words.split()
    operators = '"' in words.strip('"“” ') or any(one.startswith("-") or one.endswith("*") for one in several)
    return not operators and len(several) >= 4 and (words.rstrip("\"'”’ ")[-1:] in (".", "!", "?") or len(several) >= 9)


class Traced(TypedDict):
    """What the matters hold that a claim belongs to. `stated` is false where no statement could be read in it."""

    claim: str
    stated: bool
    articles: int
    rows: list[shown.TracedRow]


@served(router, "/trace", model=Traced)
def trace(
    asked: Ask,
    ledger: Open,
    claim: Annotated[Words, Query(description="A sentence that says who did what.")] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="Matters at most.")] = 5,
) -> Any:
    """Who asserts, who denies and who only reports a claim, and where it is met earliest here. Nothing is kept of it."""
    from allegedly.inquiry.answers import trace as traced

    found = traced(ledger, claim) if claim.strip() else None
    listed: list[shown.TracedRow] = []
    matters = []
    for one in (found or ())[:limit]:
        said = shown.said(ledger, one.matter)
        listed += [{"claim": one.claim.words, "claim_is": one.side, **row} for row in said]
        rows = {row.statement: row for row in ledger.statements(items=[row.item for row in one.matter.rows]).rows}
        urls = {row.number: row.url for row in ledger.articles({row.article for row in rows.values()}).values()}
        at = [placed(rows[row.item], urls.get(rows[row.item].article)) for row in one.matter.rows]
        matters.append((one.side, shown.matter_head(one.matter), [{**row, **place} for row, place in zip(said, at, strict=True)]))
    content: Traced = {"claim": claim, "stated": found is not None, "articles": ledger.size(), "rows": listed}
    return asked.answer("trace.html", content, rows=listed, kind=shown.TracedRow, name="trace", more={"matters": matters})


# --- listings ----------------------------------------------------------------------------------------------------------

Every = Annotated[bool, Query(description="Those of one article too.")]


@served(router, "/matters", model=Matters, keep=True)
def matters(
    asked: Ask,
    ledger: Open,
    disputed: Annotated[bool, Query(description="Only those that somebody affirms and somebody denies.")] = False,
    every: Every = False,
    after: After = "",
    limit: Limit = 50,
) -> Any:
    """What statements of several articles are about, that of most articles before the others."""
    only = {"disputed": True} if disputed else {}
    found = ledger.matters.list(least=1 if every else 2, after=pair(after), limit=limit, **only)
    listed = [shown.listed_matter(row) for row in found.rows]
    content: Matters = {"rows": listed, "next": asked.following(found.next)}
    chosen = {"disputed": disputed, "every": every}
    return asked.answer("matters.html", content, rows=listed, kind=shown.MatterRow, name="matters", more=chosen)


@served(router, "/stories", model=Stories, keep=True)
def stories(asked: Ask, ledger: Open, every: Every = False, after: After = "", limit: Limit = 50) -> Any:
    """Articles by the happening that they are about, that of most articles before the others."""
    found = ledger.stories.list(least=1 if every else 2, after=pair(after), limit=limit)
    listed = [shown.listed_story(row) for row in found.rows]
    content: Stories = {"rows": listed, "next": asked.following(found.next)}
    return asked.answer("stories.html", content, rows=listed, kind=shown.StoryHead, name="stories", more={"every": every})


@served(router, "/entities", model=Identities, keep=True)
def entities(
    asked: Ask,
    ledger: Open,
    name: Annotated[Words, Query(description="Those that some article calls so.")] = "",
    type: Literal["", EntityType] = "",
    every: Every = False,
    after: After = "",
    limit: Limit = 50,
) -> Any:
    """Who and what articles name, those of most articles before the others."""
    only = {"type": type} if type else {}
    if name.strip():
        numbers = [row["number"] for row in ledger.who(name, limit=limit) if row["number"] is not None]
        known = ledger.identities.rows(numbers)
        found, following = [known[n] for n in numbers if not type or known[n]["type"] == type], None
    else:
        some = ledger.identities.list(least=1 if every else 2, after=pair(after), limit=limit, **only)
        found, following = list(some.rows), some.next
    listed = [shown.listed_identity(row) for row in found]
    content: Identities = {"rows": listed, "next": asked.following(following)}
    more = {"name": name, "type": type, "every": every}
    return asked.answer("entities.html", content, rows=listed, kind=shown.IdentityRow, name="names", more=more)


@served(router, "/copies", model=Copies, keep=True)
def copies(
    asked: Ask,
    ledger: Open,
    article: Annotated[Words, Query(description="The id of an article; without, the passages found last.")] = "",
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=200, description="Rows of a page at most.")] = 30,
) -> Any:
    """Passages that two articles share, from the earlier to the later as far as dates tell."""
    number = ledger.number(article) if article else None
    if article and number is None:
        raise Trouble(404, "No article of the ledger has this id.", "The search shows articles.")
    found = ledger.copies([number] if number is not None else None, after=single(after), limit=limit)
    listed = shown.copied(ledger, found.rows)
    content: Copies = {"rows": listed, "next": asked.following(found.next)}
    urls = {row.id: row.url for row in ledger.articles({n for one in found.rows for n in (one.earlier, one.later)}).values()}
    more = {"article": article, "urls": urls, "outlet_url": outlet_url, "pair_url": pair_url}
    return asked.answer("copies.html", content, rows=listed, kind=shown.CopyRow, name="copies", more=more)


# --- outlets and sources -----------------------------------------------------------------------------------------------


@served(router, "/outlets", model=Outlets, keep=True)
def outlets(asked: Ask, ledger: Open) -> Any:
    """All outlets with their articles, names and domains."""
    listed = shown.outlets(ledger)
    content: Outlets = {"rows": listed, "articles": ledger.size()}
    return asked.answer("outlets.html", content, rows=listed, kind=shown.OutletRow, name="outlets")


class OutletPage(shown.OutletRow):
    """An outlet: its articles, newest first; with whom it shares passages; charged words of its newest 1,000."""

    rows: list[shown.ListedArticle]
    next: str | None
    shared: list[shown.SharedRow]
    wording: list[shown.WordRow]


@served(router, "/outlets/{number}", model=OutletPage, keep=True)
def outlet(asked: Ask, ledger: Open, number: Number, after: After = "", limit: Limit = 30) -> Any:
    """An outlet: its articles, the passages that it shares with others, its charged and evasive words."""
    about = next((row for row in shown.outlets(ledger) if row["outlet"] == number), None)
    if about is None:
        raise Trouble(404, f"There is no outlet {number}.", "The page of outlets lists them.")
    found = ledger.search("", Filters(outlet=about["name"]), after=single(after), limit=limit)
    listed = [shown.listed_article(hit.article) for hit in found.rows]
    content: OutletPage = {
        **about,
        "rows": listed,
        "next": asked.following(found.next),
        "shared": shown.shared(ledger, number),
        "wording": shown.wording(ledger, number),
    }
    return asked.answer("outlet.html", content, rows=listed, kind=shown.ListedArticle, name=f"outlet-{number}")


@served(router, "/sources", model=Sources)
def sources(asked: Ask, ledger: Open) -> Any:
    """The feeds that are watched: when they were looked at last, and what went wrong."""
    listed: list[shown.FeedRow] = [
        {"url": one.url, "fetched": one.fetched, "error": one.error, "entries": one.entries} for one in ledger.feeds()
    ]
    content: Sources = {"rows": listed}
    return asked.answer("sources.html", content, rows=listed, kind=shown.FeedRow, name="sources")


# --- help, and coming in -----------------------------------------------------------------------------------------------


@router.get("/help", include_in_schema=False)
def helping(request: Request) -> Response:
    """What the words mean, how to search, and the keys."""
    from allegedly.web.pictures.marks import QUADS

    return HTMLResponse(page(request, "help.html", {"quads": [(QUADS[quad], acts) for quad, acts in sorted(QUAD.items())]}))


@router.get("/login", include_in_schema=False)
def door(request: Request, to: str = "/") -> Response:
    """Where the password is asked for."""
    return HTMLResponse(page(request, "login.html", {"to": _inside(to), "wrong": False, "name": ""}))


_at_the_door = Lock()
WAIT = 0.3
"""Seconds that looking at a password takes, one after the other."""


@router.post("/login", include_in_schema=False)
async def login(
    request: Request,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    to: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """Let in whoever gives a name and the password. One is looked at after the other, so that nobody tries many."""
    rules: Rules = request.app.state.rules
    name = " ".join(name.split())
    async with _at_the_door:
        await sleep(WAIT)
    if rules.password is None or not name or not same(password, rules.password):
        return HTMLResponse(page(request, "login.html", {"to": _inside(to), "wrong": True, "name": name}), 401)
    answer = RedirectResponse(_inside(to), 303)
    answer.set_cookie(
        COOKIE, sealed(rules, name), max_age=DAYS * 86_400, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return answer


@router.post("/logout", include_in_schema=False)
def logout() -> Response:
    """Forget whoever asks."""
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _inside(to: str) -> str:
    """An address of this server's own; the first page for any other."""
    return to if re.match(r"/(?![/\\])", to) and not any(c in to for c in "\\\r\n\t\0") else "/"
