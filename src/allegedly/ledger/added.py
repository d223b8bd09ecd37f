"""Statements that people added: rows beside those that the machine's reading has, and claims in its pack, so that they are found, compared
and counted like these. The reading's document stays as the machine made it.

Their places are the last of a reading's room. A place comes of the number of the decision that added the statement, so that it stays the
statement's own, whatever else is added or taken back.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from allegedly.compared import Claim
from allegedly.ledger import tables as t
from allegedly.ledger.fulltext import index_current, unindex_article
from allegedly.ledger.packing import pack_records, unpack_records
from allegedly.ledger.store import Store
from allegedly.ledger.versions import Rows
from allegedly.ledger.words import kept
from allegedly.records import Reading


def set_added(store: Store, article: int, reading: Reading, added: Iterable[int], claims: Sequence[Claim]) -> list[int]:
    """These are all statements that people added to an article: what was there before goes. The numbers that they have.

    `reading` is the current one with what was added in it, `added` the decisions' numbers, `claims` are of its statements.
    """
    wanted = {f"r{number}": t.added_place(number) for number in sorted(added)}
    with store.writing():
        query = select(t.articles.c.reading, t.readings.c.claims, t.versions.c.text)
        query = query.join(t.readings, t.readings.c.number == t.articles.c.reading)
        query = query.join(t.versions, t.versions.c.number == t.readings.c.version)
        current = store.rows(query.where(t.articles.c.number == article))[0]
        unindex_article(store, article)
        base, last = current.reading * t.ROOM, (current.reading + 1) * t.ROOM - 1
        first = last + 1 - t.ADDED
        store.run(t.statements.delete().where(t.statements.c.number.between(first, last)))
        rows = Rows(reading, current.text, current.reading, claims, added=wanted)
        listed = {row["number"]: row for row in rows.statements if row["number"] >= first}
        store.run(t.statements.insert(), list(listed.values()))
        there = {row.number for row in store.rows(select(t.entities.c.number).where(t.entities.c.number.between(base, last)))}
        store.run(t.entities.insert(), [row for row in rows.entities if row["number"] not in there])
        before = unpack_records(Claim, current.claims, current.text) if current.claims else lambda _: None
        machine = [claim for place in range(len(reading.statements)) if (claim := before(place)) is not None]
        pack = [*machine, *(claim for claim in rows.bare_claims() if claim.item >= t.ROOM - t.ADDED)]
        change = t.readings.update().where(t.readings.c.number == current.reading)
        store.run(change, {"claims": pack_records(Claim, pack, kept(current.text) or "") if pack else None})
        index_current(store, article)
    return list(listed)
