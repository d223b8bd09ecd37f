"""Thin routes: the pages of pictures, each with its rows as a table, JSON and CSV."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from allegedly.inquiry import series, ties
from allegedly.inquiry.series import By, Location, Moment, Shown, Step, When
from allegedly.inquiry.ties import Edge, Network, Pair
from allegedly.ledger import Filters
from allegedly.records import GenreLabel
from allegedly.web.answers import Ask, Words, address, served
from allegedly.web.ledgers import Open
from allegedly.web.pages import Day
from allegedly.web.pictures import figures
from allegedly.web.pictures.land import coastlines
from allegedly.web.pictures.marks import CERTAIN, QUADS, stretch

router = APIRouter()

Genre = Annotated[GenreLabel | Literal[""], Query()]
At = Annotated[
    int,
    Field(ge=0, le=2000),
    BeforeValidator(lambda value: value or 0),
    Query(description="The stretch of time shown; 0 is the whole."),
]
StepAsked = Annotated[Step | Literal[""], Query(description="How time is cut; nothing: as fits.")]
ShownAsked = Annotated[Shown, Query(description="Which statements: by polarity and status.")]


class CountedRow(TypedDict):
    """On what a picture rests."""

    articles: int
    origins: int
    more: bool
    left_out: list[tuple[int, str]]


class _Picture(TypedDict):
    counted: CountedRow


class TimePicture(_Picture):
    """Statements over time."""

    step: Step
    rows: list[Moment]


class NetworkPicture(_Picture):
    """Who is said to act on whom."""

    at: tuple[str, str] | None
    rows: list[Edge]


class AgreementPicture(_Picture):
    """How outlets stand to one another."""

    matters: int
    rows: list[Pair]


class PlacesPicture(_Picture):
    """Where things are said to happen."""

    rows: list[Location]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of which articles a picture is: those that hold the words `q` and fit the rest; "" and None are any."""

    q: Words = ""
    entity: Words = ""
    outlet: Words = ""
    since: Day = ""
    until: Day = ""
    genre: Genre = ""

    def said(self) -> dict[str, str]:
        """The same, as addresses have it."""
        rest = {"entity": self.entity.strip(), "outlet": self.outlet.strip(), "since": str(self.since), "until": str(self.until)}
        return {"q": self.q, **rest, "genre": self.genre}

    def filters(self) -> Filters:
        """The same without the words, as the ledger takes it."""
        return Filters(**{name: value or None for name, value in self.said().items() if name != "q"})  # type: ignore[arg-type]


def _content(picture: Any, **more: Any) -> dict[str, Any]:
    return {"counted": asdict(picture.counted), **more, "rows": series.rows_of(picture)}


_FORM = {"quads": QUADS, "certain_words": CERTAIN, "shown_words": figures.SHOWN}


@router.get("/pictures", include_in_schema=False)
def pictures() -> RedirectResponse:
    """The first of them."""
    return RedirectResponse("/pictures/time")


@served(router, "/pictures/time", model=TimePicture, tag="pictures", keep=True)
def time(
    asked: Ask,
    ledger: Open,
    chosen: Annotated[Chosen, Depends()],
    what: Annotated[figures.What, Query(description="Events by quad class, or all statements.")] = "events",
    by: Annotated[By, Query(description="A lane for each.")] = "all",
    when: Annotated[When, Query(description="The day of publication, or the one that the words give.")] = "published",
    step: StepAsked = "",
    shown: ShownAsked = "happened",
) -> Any:
    """Statements over time, by outlet or voice, by day, week, month or year."""
    found = series.over_time(ledger, chosen.q, chosen.filters(), by=by, when=when, step=step or None, shown=shown)
    figure = figures.time(found, id="time", what=what, shown=shown, when=when, asked=chosen.said())
    content = _content(found, step=found.step)
    form = {**chosen.said(), "what": what, "by": by, "when": when, "step": step, "shown": shown}
    more = {**_FORM, "figure": figure, "form": form, "outlets": ledger.outlets()}
    return asked.answer("picture_time.html", content, rows=content["rows"], kind=Moment, name="statements-over-time", more=more)


@served(router, "/pictures/network", model=NetworkPicture, tag="pictures")
def network(
    asked: Ask,
    ledger: Open,
    chosen: Annotated[Chosen, Depends()],
    step: StepAsked = "",
    shown: ShownAsked = "happened",
    at: At = 0,
) -> Any:
    """Who is said to act on whom, over the whole time or in one stretch of it."""
    found = ties.network(ledger, chosen.q, chosen.filters(), at=at - 1, step=step or None, shown=shown)
    figure = figures.network(found, id="network", homes=homes(found), shown=shown)
    now = found.stretches[found.at] if found.at is not None else None
    content = _content(found, at=now)
    form = {**chosen.said(), "step": step, "shown": shown, "at": 0 if found.at is None else found.at + 1}
    words = ["the whole time", *(stretch(*one, found.step) for one in found.stretches)]
    more = {**_FORM, "figure": figure, "form": form, "outlets": ledger.outlets(), "moments": words}
    return asked.answer("picture_network.html", content, rows=content["rows"], kind=Edge, name="who-acts-on-whom", more=more)


def homes(found: Network) -> list[str]:
    """Where a network's nodes lead: to the page of whoever is recognised, else to a search."""
    return [f"/entities/{one.identity}" if one.identity else address("/search", q=f'"{one.name}"') for one in found.nodes]


@served(router, "/pictures/agreement", model=AgreementPicture, tag="pictures")
def agreement(
    asked: Ask,
    ledger: Open,
    voices: Annotated[Literal["any", "own"], Query(description="In any voice, or in the authors' own.")] = "any",
) -> Any:
    """How often two outlets are on the same side of the matters in which both take part."""
    found = ties.agreement(ledger)
    figure = figures.agreement(found, id="agreement", voices=voices)
    content = _content(found, matters=found.matters)
    more = {**_FORM, "figure": figure, "form": {"voices": voices}}
    return asked.answer("picture_agreement.html", content, rows=content["rows"], kind=Pair, name="agreement-of-outlets", more=more)


@served(router, "/pictures/places", model=PlacesPicture, tag="pictures")
def places(
    asked: Ask,
    ledger: Open,
    chosen: Annotated[Chosen, Depends()],
    shown: ShownAsked = "happened",
    world: Annotated[bool, Query(description="The whole world, not only the part with places.")] = False,
) -> Any:
    """Where things are said to happen, on a map."""
    found = series.places(ledger, chosen.q, chosen.filters(), shown=shown)
    figure = figures.places(found, id="places", shown=shown, whole=world)
    content = _content(found)
    form = {**chosen.said(), "shown": shown, "world": world}
    more = {**_FORM, "figure": figure, "form": form, "outlets": ledger.outlets(), "coast": bool(coastlines())}
    return asked.answer("picture_places.html", content, rows=content["rows"], kind=Location, name="places", more=more)
