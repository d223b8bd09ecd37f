"""Pictures within other pages: events over time, a matter's articles, what somebody is said to do and with whom, a story's outlets."""

from collections.abc import Mapping, Sequence
from typing import Any

from allegedly.inquiry import series, ties
from allegedly.inquiry.entity import Entity
from allegedly.inquiry.series import Series
from allegedly.inquiry.ties import Agreement
from allegedly.ledger import Ledger
from allegedly.ledger.tallies import Tallied
from allegedly.web.answers import address
from allegedly.web.pictures import figures
from allegedly.web.pictures.figures import Figure
from allegedly.web.pictures.routes import homes

NEWEST = 150
"""Articles, the newest, of which home draws what is told of over time."""


def of_home(ledger: Ledger) -> tuple[Series, Figure | None]:
    """The events that the newest articles tell of, over time, and their picture; None where there are too few days to tell anything."""
    found = series.over_time(ledger, most=NEWEST)
    figure = figures.time(found, id="time-picture", what="events", shown="happened", when="published", asked={})
    return found, figure if len({row.first for row in found.rows if row.quad}) > 1 else None


def of_matter(said: Sequence[Mapping[str, Any]]) -> Figure | None:
    """A matter's articles over time, of its rows; None where there are too few days to tell anything."""
    found = series.spread(said)
    figure = figures.spread(found, id="spread-picture", href=lambda stand: f"#stand-{stand}")
    return figure if len({at for _, at, _, _ in found.rows}) > 1 else None


def of_story(found: Agreement) -> Figure | None:
    """How a story's outlets stand to one another; None where no two take part in one matter."""
    figure = figures.agreement(found, id="agreement-picture", voices="any")
    return figure if any(row.matters for row in found.rows) else None


def of_entity(ledger: Ledger, one: Entity) -> list[Figure]:
    """What is said of somebody over time, and whom they are said to deal with; without those that have nothing to show."""
    name = one.row["label"]
    out = [figures.deeds(one.stretches, id="deeds-picture")] if len(one.stretches) > 1 else []
    network = ties.network(ledger, found=Tallied(ledger.acts_of(one.events), one.articles, one.more))
    base = address("/pictures/network", entity=name)
    out.append(figures.network(network, id="network-picture", base=base, homes=homes(network), shown="happened"))
    return [figure for figure in out if figure.drawing]
