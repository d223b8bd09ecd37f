"""What people decided of statements counts wherever these are met: those that they added, and those that they gave to others."""

from test_review import add, called, find, identity, ledger, presidents, read_again

from allegedly.inquiry import review
from allegedly.inquiry.entity import entity_of, statements_of
from allegedly.inquiry.held import hits_as_decided
from allegedly.inquiry.review import reading_of
from allegedly.inquiry.series import over_time
from allegedly.inquiry.ties import network
from allegedly.ledger import Filters, Ledger

__all__ = ["ledger", "presidents"]


def test_an_added_statement_takes_part_in_everything(presidents: Ledger) -> None:
    """In search, in its facets, in matters and in pictures, also when its article is read again; and no longer once it is taken back."""
    ledger = presidents
    claim = {"act": "AID", "actor": "Maren Halvik", "recipient": "Kestria", "voice": "author"}
    number = review.add(ledger, "n1", "statement", "trust", claim, by="Ann")
    for article in ("n2", "n3"):
        review.add(ledger, article, "statement", "trust", claim | {"actor": "Kestria", "recipient": "Brennia"}, by="Ben")

    def seen() -> tuple[list[str], list[tuple[str, str, str]], int, int]:
        hits = hits_as_decided(ledger, ledger.search("", Filters(act="AID")).rows)
        said = [(row.id, row.review, row.reviewed_by) for hit in hits for row in hit.statements]
        moments = over_time(ledger, by="all").rows
        edges = network(ledger).rows
        return (
            [hit.article.id for hit in hits],
            said,
            sum(m.statements + m.copied for m in moments if m.quad == 2),
            sum(e.quad == 2 for e in edges),
        )

    def shared() -> list[set[str]]:
        together: dict[int | None, set[str]] = {}
        for hit in ledger.search("", Filters(act="AID")).rows:
            for row in hit.statements:
                together.setdefault(row.matter, set()).add(row.id)
        return sorted(together.values(), key=len)

    three = (["n3", "n2", "n1"], [("n3", "added", "Ben"), ("n2", "added", "Ben"), ("n1", "added", "Ann")], 3, 2)
    assert seen() == three
    assert shared() == [{"n1"}, {"n2", "n3"}]
    assert dict(ledger.search_with_facets()[1].values["act"])["AID"] == 3
    assert ledger.check() == []
    add(ledger, read_again(called("n1", "Maren Halvik")))
    assert seen() == three
    assert shared() == [{"n1"}, {"n2", "n3"}]
    review.decide(ledger, "n1", find(ledger, "statement", "trust", "n1"), "edited", said={"act": "SANCTION"}, by="Cy")
    assert seen()[0] == ["n3", "n2"]
    assert [row.type for hit in ledger.search("", Filters(act="SANCTION")).rows for row in hit.statements] == ["SANCTION"]
    review.decide(ledger, "n1", find(ledger, "statement", "trust", "n1"), "unreviewed", by="Cy")
    assert not ledger.search("", Filters(act="SANCTION")).rows
    assert f"r{number}" not in {one.id for one in reading_of(ledger, ledger.number("n1") or 0).statements}
    assert shared() == [{"n2", "n3"}]
    assert ledger.check() == []
    ledger.purge(["n1", "n2", "n3"])
    assert (ledger.size(), ledger.check()) == (0, [])


def test_a_name_has_the_statements_that_people_left_it(presidents: Ledger) -> None:
    ledger = presidents
    halvik, front = (identity(ledger, "n1", name) for name in ("Maren Halvik", "Eastern Assembly Front"))

    def does(number: int | None) -> dict[tuple[str, str], int]:
        found = entity_of(ledger, number or 0)
        assert found is not None
        return {(one.type, how): count.articles for one in found.deeds if one.role == "actor" for how, count in one.counts.items()}

    before, attends = does(front), find(ledger, "statement", "attend", "n1")
    assert before == {("AGREE", "other"): 3}
    review.decide(ledger, "n1", attends, "edited", said={"status": "actual", "voice": "Maren Halvik"}, by="Ann")
    assert does(front) == {("AGREE", "other"): 2, ("CONSULT", "told"): 1}
    review.decide(ledger, "n1", find(ledger, "statement", "attend", "n1"), "edited", said={"actor": "Maren Halvik"}, by="Ann")
    assert does(front) == {("AGREE", "other"): 2}
    review.decide(ledger, "n1", find(ledger, "statement", "had shelled", "n1"), "edited", said={"actor": "Maren Halvik"}, by="Ann")
    assert ("ASSAULT", "denied") in does(halvik)
    assert [row.id for _, row in statements_of(ledger, halvik or 0, "actor").rows] == ["n1", "n1"]
