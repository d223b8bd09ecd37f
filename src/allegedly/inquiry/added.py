"""Statements that people added take part in all that the ledger is asked: they have rows, and are compared, as the machine's are."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from allegedly.inquiry.editing import place_of
from allegedly.inquiry.review import reviewed
from allegedly.ledger.tables import ROOM

if TYPE_CHECKING:
    from allegedly.ledger import Ledger


def put(ledger: "Ledger", articles: Iterable[str]) -> dict[str, list[int]]:
    """Give the statements that people added to articles (by their ids) their rows in the current readings; their numbers."""
    from allegedly.compare.claims import claims
    from allegedly.reading import read_article

    listed = list(articles)
    decisions = ledger.reviews(listed) if listed else []
    out = {}
    for article in dict.fromkeys(one.article for one in decisions if (one.kind, one.state) == ("statement", "added")):
        number = ledger.numbers([article])[article]
        reading = reviewed(ledger.reading(number), [one for one in decisions if one.article == article])
        added = [int(one.id[1:]) for one in reading.statements if one.id.startswith("r")]
        words = read_article(reading.article, tokens=True).tokens if added else ()
        out[article] = ledger.set_added(number, reading, added, claims(replace(reading, tokens=words)) if added else ())
    return out


def settle(ledger: "Ledger", article: str, id: str) -> None:
    """A statement that somebody added, edited or took back, by its id: its row, its claim and its matter. Within one transaction."""
    from allegedly.compare.index import HeldIndex
    from allegedly.compare.matters import Matters
    from allegedly.compare.propositions import claim_keys, decide
    from allegedly.inquiry.counting import count_matters
    from allegedly.inquiry.stores import Matters as Store

    row = next(iter(ledger.articles(ledger.numbers([article]).values()).values()))
    item = row.reading * ROOM + place_of(id, 0)
    changed = set(ledger.matters.of([item]).values())
    ledger.matters.leave([item])
    put(ledger, [article])
    if mine := ledger.claims([item]):
        index, said = HeldIndex(ledger.index), Store(ledger)
        matters = Matters(index, said, keys=claim_keys, decide=decide)
        matters.foresee([mine])
        matters.add(mine)
        index.write()
        changed |= said.write()[0]
    count_matters(ledger, changed | ledger.settle("matter"))
