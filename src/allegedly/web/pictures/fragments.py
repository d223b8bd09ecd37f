"""Pictures within other pages: a matter's articles over time; what somebody is said to do over time, and with whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from allegedly.inquiry import series, ties
from allegedly.inquiry.entity import Entity
from allegedly.ledger import Filters, Ledger
from allegedly.web.answers import address
from allegedly.web.pictures import figures
from allegedly.web.pictures.figures import Figure
from allegedly.web.pictures.routes import homes

NEWEST = 150
"""Articles, the newest that name somebody, of which their page draws a network."""


def of_matter(said: Sequence[Mapping[str, Any]]) -> Figure | None:
    """A matter's articles over time, of its rows; None where there are too few days to tell anything."""
    found = series.spread(said)
    figure = figures.spread(found, id="spread-picture", href=lambda stand: f"#stand-{stand}")
    return figure if len({at for _, at, _, _ in found.rows}) > 1 else None


def of_entity(ledger: Ledger, one: Entity) -> list[Figure]:
    """What is said of somebody over time, and whom they are said to deal with; without those that have nothing to show."""
    name = one.row["label"]
    out = [figures.deeds(one.stretches, id="deeds-picture")] if len(one.stretches) > 1 else []
    network = ties.network(ledger, filters=Filters(entity=name), most=NEWEST)
    base = address("/pictures/network", entity=name)
    out.append(figures.network(network, id="network-picture", base=base, homes=homes(network), shown="happened"))
    return [figure for figure in out if figure.drawing]
