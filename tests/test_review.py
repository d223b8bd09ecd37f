"""What people decide: of single findings, and of groups. Decisions survive a re-reading, stand beside each other, and can be taken back."""

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from allegedly.cli import app
from allegedly.compare.claims import claims
from allegedly.export import EXPORTS, Options
from allegedly.inquiry import deciding, review, validation
from allegedly.inquiry import rows as shown
from allegedly.inquiry.answers import matters_of
from allegedly.inquiry.comparing import compare
from allegedly.inquiry.held import hits_as_decided
from allegedly.inquiry.pages import article_page, matter_page
from allegedly.inquiry.review import Asked, Finding
from allegedly.inquiry.series import over_time, places
from allegedly.inquiry.ties import agreement, network
from allegedly.ledger import Entry, Ledger
from allegedly.records import Reader, Reading
from tests.conftest import TEXT, build_reading

SCHEMA = Path(__file__).parents[1] / "docs" / "reading.schema.json"


@pytest.fixture
def ledger(empty_ledger: str) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger) as opened:
        yield opened


def find(ledger: Ledger, kind: str, quote: str, article: str = "osk-1") -> Finding:
    (one,) = [
        f for f in review.queue(ledger, Asked(state="", kind=kind, article=article), limit=500).items if f.finding.place.quote == quote
    ]
    return one.finding


def read_again(reading: Reading, **changes: object) -> Reading:
    """As another reader reads it."""
    return dataclasses.replace(reading, reader=Reader("0.2.0", "2" * 64, "1" * 64), **changes)  # type: ignore[arg-type]


def test_every_finding_is_unreviewed_at_first(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    items = review.queue(ledger, Asked(), limit=500).items
    assert {one.finding.kind for one in items} == set(review.KINDS)
    assert len(items) == 10 + 4 + 7 + 1 + 2 + 1
    assert all(one.finding.state == "unreviewed" for one in items)
    for one in items:
        place = one.finding.place
        whole = reading.article.title or "" if place.within == "title" else reading.article.text
        assert whole[place.start : place.end] == place.quote
        assert place.quote in place.sentence


def test_a_later_decision_stands_beside_the_earlier_ones(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    one = find(ledger, "statement", "attend")
    for state, by in (("accepted", "Ann"), ("rejected", "Ben"), ("unreviewed", "Ben"), ("accepted", "Cy")):
        review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), state, by=by, note=f"by {by}")  # type: ignore[arg-type]
    after = find(ledger, "statement", "attend")
    assert after.state == "accepted"
    assert [(r.state, r.by, r.holds) for r in after.reviews] == [
        ("accepted", "Ann", False),
        ("rejected", "Ben", False),
        ("unreviewed", "Ben", False),
        ("accepted", "Cy", True),
    ]
    assert after.facets == one.facets
    assert len(ledger.reviews()) == 4


def test_a_decision_needs_somebody(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    with pytest.raises(ValueError, match="give a name"):
        review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "accepted", by=" ")
    with pytest.raises(ValueError, match="nothing was decided"):
        review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "unreviewed", by="Ann")
    assert ledger.reviews() == []


def test_decisions_survive_another_reading(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "accepted", by="Ann")
    review.decide(ledger, "osk-1", find(ledger, "wording", "The regime"), "rejected", by="Ann")
    fewer = tuple(s for s in reading.statements if s.id not in ("s0", "s1"))
    renamed = tuple(dataclasses.replace(s, id=f"s{n}") for n, s in enumerate(fewer))
    ledger.add([Entry(read_again(reading, statements=renamed, reasons=(), thesis=None))])
    assert find(ledger, "statement", "attend").state == "accepted"
    assert find(ledger, "wording", "The regime").state == "rejected"


def test_what_reads_otherwise_is_unreviewed_again(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "accepted", by="Ann")
    other = tuple(dataclasses.replace(s, status="actual") if s.lemma == "attend" else s for s in reading.statements)
    ledger.add([Entry(read_again(reading, statements=other))])
    after = find(ledger, "statement", "attend")
    assert (after.state, [r.state for r in after.reviews], after.reviews[0].holds) == ("unreviewed", ["accepted"], False)


def test_decisions_are_found_in_an_edited_article(ledger: Ledger, reading: Reading) -> None:
    """The words moved; where they are gone, the decision waits."""
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "wording", "The regime"), "rejected", by="Ann")
    review.decide(ledger, "osk-1", find(ledger, "wording", '"security zone"'), "accepted", by="Ann")
    article = dataclasses.replace(reading.article, text="New at the top.\n\n" + TEXT.replace('"security zone"', "security zone"))
    shift = len("New at the top.\n\n")
    moved = [dataclasses.replace(w, start=w.start + shift, end=w.end + shift) for w in reading.wording[:1]]
    bare = dataclasses.replace(
        build_reading(), article=article, wording=tuple(moved), statements=(), attributions=(), reasons=(), mentions=(),
        evaluations=(), thesis=None, sentences=tuple((a + shift, b + shift) for a, b in reading.sentences),
    )  # fmt: skip
    ledger.add([Entry(bare)])
    assert find(ledger, "wording", "The regime").state == "rejected"
    _, waiting = review.matched(ledger.reading(1), ledger.reviews(["osk-1"]))
    assert [row.place.quote for row in waiting] == ['"security zone"']


def test_an_edit_is_in_the_reading_and_what_the_machine_found_beside_it(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    one = find(ledger, "statement", "attend")
    review.decide(
        ledger,
        "osk-1",
        one,
        "edited",
        said={"status": "actual", "polarity": "negated", "actor": "Kestria", "voice": "Maren Halvik"},
        by="Ann",
    )
    after = review.reading_of(ledger, 1)
    s = next(s for s in after.statements if s.lemma == "attend")
    assert (s.status, s.polarity, s.actor_entities, s.voice, s.sure_rule) == ("actual", "negated", ("e5",), "a1", "user")
    assert after.article.text[slice(*s.actor[0])] == "Kestria"
    assert s.event is not None
    assert (s.event.act, s.event.type) == ("CONSULT", "CONSULT")  # no longer a plan, which would be AGREE
    (r,) = after.reviews
    assert (r.state, r.holds, dict(r.was)["status"], dict(r.now)["status"]) == ("edited", True, "planned", "actual")
    assert next(s for s in ledger.reading(1).statements if s.lemma == "attend").status == "planned"  # the machine's own stays as it was
    assert find(ledger, "statement", "attend").state == "edited"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"status": "planned"}, "nothing was changed"),
        ({"status": "sure"}, "choose one of"),
        ({"voice": "Nobody"}, "nobody called"),
        ({"actor": "words that are not there"}, "do not stand in the article"),
        ({"colour": "red"}, "no field"),
        ({"act": "WAR"}, "choose one of"),
    ],
)
def test_edits_are_checked(ledger: Ledger, reading: Reading, said: dict[str, str], error: str) -> None:
    ledger.add([Entry(reading)])
    with pytest.raises(ValueError, match=error):
        review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "edited", said=said, by="Ann")


def test_what_is_added_is_a_finding_until_it_is_taken_back(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.add(
        ledger, "osk-1", "statement", "blockade", {"act": "COERCE", "actor": "The regime", "status": "actual"}, by="Ann", note="missed"
    )
    review.add(ledger, "osk-1", "wording", "blockade", {"kind": "loaded"}, by="Ann")
    review.add(ledger, "osk-1", "attribution", "did not trust", {"force": "doubts", "source": "Velm"}, by="Ann")
    after = review.reading_of(ledger, 1)
    s = after.statements[-1]
    assert (s.lemma, s.event and s.event.act, s.actor_entities, s.voice, s.polarity, s.status) == (
        *("blockade", "COERCE", ("e7",), "author", "affirmed", "actual"),
    )
    assert after.wording[-1].rule == "user"
    assert after.attributions[-1].force == "doubts"
    assert find(ledger, "statement", "blockade").state == "added"
    ledger.add([Entry(read_again(reading))])
    assert find(ledger, "statement", "blockade").state == "added"
    review.decide(ledger, "osk-1", find(ledger, "statement", "blockade"), "accepted", by="Ben")
    assert any(s.lemma == "blockade" and s.event for s in review.reading_of(ledger, 1).statements)
    review.decide(ledger, "osk-1", find(ledger, "statement", "blockade"), "unreviewed", by="Ben")
    assert not any(s.lemma == "blockade" for s in review.reading_of(ledger, 1).statements)
    assert len(ledger.reviews(["osk-1"])) == 5
    with pytest.raises(ValueError, match="do not stand"):
        review.add(ledger, "osk-1", "wording", "not in it", {"kind": "loaded"}, by="Ann")
    with pytest.raises(ValueError, match="cannot be added"):
        review.add(ledger, "osk-1", "entity", "Velm", {}, by="Ann")


def test_the_queue_filters_and_goes_on(ledger: Ledger, make_reading: Callable[[str], Reading]) -> None:
    ledger.add([Entry(make_reading(f"n{n}")) for n in range(5)])
    assert {one.finding.kind for one in review.queue(ledger, Asked(kind="wording")).items} == {"wording"}
    assert review.queue(ledger, Asked(outlet="Nobody")).items == ()
    assert all(one.finding.score <= 0.75 for one in review.queue(ledger, Asked(most=0.75)).items)
    seen, after = [], None
    while True:
        page = review.queue(ledger, Asked(), after=after, limit=7)
        seen += [(one.article.id, one.finding.kind, one.finding.id) for one in page.items]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5 * 25
    with pytest.raises(ValueError, match="no place"):
        review.queue(ledger, Asked(), after="x")
    first = review.queue(ledger, Asked(), limit=1).items[0].article
    assert review.queue(ledger, Asked(), after=str(first.chron)) == review.queue(ledger, Asked(), after=f"{first.chron}.0")
    assert review.queue(ledger, Asked(), after="-1").items == ()
    review.decide(ledger, "n4", find(ledger, "wording", "The regime", "n4"), "accepted", by="Ann")
    assert [one.article.id for one in review.queue(ledger, Asked(state="accepted"), limit=500).items] == ["n4"]


def test_purging_takes_reviews_along(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "wording", "The regime"), "rejected", by="Ann")
    ledger.purge(["osk-1"])
    assert ledger.reviews() == []
    assert ledger.check() == []


# --- exports and matters ---------------------------------------------------------------------------------------------


def exported(ledger: Ledger, name: str, **options: bool) -> str:
    out = io.StringIO(newline="")
    EXPORTS[name].write([review.reading_of(ledger, 1)], out, Options(**options))
    return out.getvalue()


def test_exports_say_what_was_decided(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "edited", said={"status": "actual"}, by="Ann", note="they went")
    review.decide(ledger, "osk-1", find(ledger, "statement", "starves"), "rejected", by="Ben")
    review.add(ledger, "osk-1", "statement", "blockade", {"act": "COERCE", "actor": "The regime"}, by="Cy")
    record = json.loads(exported(ledger, "jsonl"))
    jsonschema.validate(record, json.loads(SCHEMA.read_text("utf8")))
    assert [(one["state"], one["by"], one["holds"]) for one in record["reviews"]] == [
        *(("edited", "Ann", True), ("added", "Cy", True), ("rejected", "Ben", True)),
    ]
    table = {row["lemma"]: row for row in csv.DictReader(io.StringIO(exported(ledger, "csv"), newline=""))}
    assert [(table[lemma]["review"], table[lemma]["reviewed_by"], table[lemma]["status"]) for lemma in ("attend", "starve", "die")] == [
        *(("edited", "Ann", "actual"), ("rejected", "Ben", "actual"), ("unreviewed", "", "actual")),
    ]
    events = list(csv.DictReader(io.StringIO(exported(ledger, "plover"), newline=""), delimiter="\t"))
    assert {(row["Event Type"], row["Review"]) for row in events} == {("CONSULT", "edited"), ("COERCE", "added")}
    assert "accepted|" not in exported(ledger, "claims")
    assert '"humanDecision": "rejected"' in exported(ledger, "annotations")
    for name in ("html", "text"):
        assert "edited by Ann: they went" in " ".join(exported(ledger, name).split())
    assert "they went" not in exported(ledger, "jsonl", no_text=True)


def test_what_was_rejected_is_no_event(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.add(ledger, "osk-1", "statement", "blockade", {"act": "COERCE"}, by="Cy")
    assert exported(ledger, "plover").count("\tCOERCE\t")
    review.decide(ledger, "osk-1", find(ledger, "statement", "blockade"), "rejected", by="Ben")
    assert not exported(ledger, "plover").count("\tCOERCE\t")
    assert exported(ledger, "plover", every=True).count("rejected") == 1


# --- groups ----------------------------------------------------------------------------------------------------------


def called(id: str, name: str) -> Reading:
    """The article, with another president of as many letters."""
    reading = build_reading(id)
    assert len(name) == len("Maren Halvik")
    article = dataclasses.replace(reading.article, text=TEXT.replace("Maren Halvik", name), title=f"{id} {reading.article.title}"[:34])
    president = dataclasses.replace(reading.entities[0], name=name, aliases=(f"President {name}",))
    return dataclasses.replace(reading, article=article, entities=(president, *reading.entities[1:]))


def add(ledger: Ledger, *readings: Reading) -> None:
    with ledger.writing():
        ledger.add([Entry(one, None, claims(one)) for one in readings])
        compare(ledger)


def identity(ledger: Ledger, id: str, name: str) -> int | None:
    number = ledger.number(id)
    assert number is not None
    return next(one.identity for one in ledger.entities([number])[number] if one.name == name)


@pytest.fixture
def presidents(ledger: Ledger) -> Ledger:
    """Two articles that name one, one that names another."""
    add(ledger, called("n1", "Maren Halvik"), called("n2", "Selma Orlova"), called("n3", "Maren Halvik"))
    return ledger


def test_entities_merge_and_what_comes_later_follows(presidents: Ledger) -> None:
    ledger = presidents
    halvik, orlova = identity(ledger, "n1", "Maren Halvik"), identity(ledger, "n2", "Selma Orlova")
    assert None not in (halvik, orlova)
    assert halvik != orlova
    number = deciding.merge(ledger, "identity", [orlova, halvik], by="Ann", note="one and the same")
    assert identity(ledger, "n2", "Selma Orlova") == halvik
    assert ledger.identities.rows([halvik])[halvik]["articles"] == 3
    assert {d.form for d in ledger.designations([halvik])} >= {"president maren halvik", "president selma orlova"}
    add(ledger, called("n4", "Selma Orlova"))
    assert identity(ledger, "n4", "Selma Orlova") == halvik
    assert deciding.withdraw(ledger, number, by="Ben") == 2
    assert [identity(ledger, "n1", "Maren Halvik"), identity(ledger, "n2", "Selma Orlova"), identity(ledger, "n4", "Selma Orlova")] == [
        *(halvik, orlova, orlova)
    ]
    assert ledger.identities.rows([orlova])[orlova]["articles"] == 2
    assert {d.form for d in ledger.designations([halvik])} >= {"president maren halvik"}
    assert not {d.form for d in ledger.designations([halvik])} & {"president selma orlova"}
    add(ledger, called("n5", "Selma Orlova"))
    assert identity(ledger, "n5", "Selma Orlova") == orlova
    kinds = [(one.kind, one.by, one.withdraws, one.withdrawn) for one in ledger.decisions()]
    assert kinds == [("merge", "Ann", None, 2), ("withdraw", "Ben", 1, None)]
    assert ledger.check() == []


def test_entities_split_and_stay_apart(presidents: Ledger) -> None:
    ledger = presidents
    halvik = identity(ledger, "n1", "Maren Halvik")
    assert halvik
    number = deciding.split(ledger, "identity", halvik, ["n3"], by="Ann")
    other = identity(ledger, "n3", "Maren Halvik")
    assert other not in (halvik, None)
    add(ledger, called("n4", "Maren Halvik"))
    assert (identity(ledger, "n1", "Maren Halvik"), identity(ledger, "n3", "Maren Halvik")) == (halvik, other)
    deciding.withdraw(ledger, number, by="Ann")
    assert identity(ledger, "n3", "Maren Halvik") == identity(ledger, "n1", "Maren Halvik") == halvik


def test_a_split_keeps_what_joined_the_new_group(ledger: Ledger, make_reading: Callable[[str], Reading]) -> None:
    ledger.add([Entry(make_reading(f"n{n}")) for n in range(4)])
    group = ledger.stories.start([1, 2, 3], label="a bridge")
    deciding.split(ledger, "story", group, ["n2"], by="Ann")
    new = ledger.stories.of([3])[3]
    ledger.stories.join(new, [4])  # as comparison does later
    assert ledger.settle("story") == set()
    assert ledger.stories.of([1, 2, 3, 4]) == {1: group, 2: group, 3: new, 4: new}
    ledger.stories.join(group, [3])
    assert ledger.settle("story")
    assert ledger.stories.of([3])[3] != group


def test_statements_leave_a_matter(presidents: Ledger) -> None:
    ledger = presidents
    matter = ledger.matters.list(least=3).rows[0]["number"]
    before = ledger.matters.rows([matter])[matter]
    number = deciding.reject(ledger, "matter", matter, ["n2"], by="Ann", note="another bridge")
    after = ledger.matters.rows([matter])[matter]
    assert (before["articles"], after["articles"]) == (3, 2)
    deciding.withdraw(ledger, number, by="Ann")
    assert ledger.matters.rows([matter])[matter] == before


def test_an_edited_statement_counts_as_it_was_edited(presidents: Ledger) -> None:
    """The one that its matter is named after too: it stays there, on the other side, and the matter's name stays."""
    ledger = presidents
    before = {row["number"]: row for row in ledger.matters.list(least=3).rows}
    one = find(ledger, "statement", "attend", "n1")
    review.decide(ledger, "n1", one, "edited", said={"polarity": "negated", "voice": "Maren Halvik"}, by="Ann")
    after = {row["number"]: row for row in ledger.matters.list(least=3).rows}
    (changed,) = [number for number in before if before[number] != after[number]]
    assert (after[changed]["label"], after[changed]["articles"]) == (before[changed]["label"], 3)
    assert [after[changed][stand] for stand in ("asserts", "reports_denial")] == [2, 1]
    page = matter_page(ledger, changed)
    assert page is not None
    (row,) = page.matter.rows[0:1]
    assert (row.article, row.stand, row.polarity, row.voice) == ("n1", "reports_denial", "negated", "Maren Halvik")
    other = article_page(ledger, ledger.number("n3") or 0)
    assert other is not None
    (standing,) = [one for one in other.standings.values() if one.matter == changed]
    assert [(row.article, row.polarity, row.review, row.reviewed_by) for row in standing.otherwise.rows] == [
        (1, "negated", "edited", "Ann")
    ]
    add(ledger, read_again(called("n1", "Maren Halvik")), called("n4", "Maren Halvik"))
    again = ledger.matters.rows([changed])[changed]
    assert [again[stand] for stand in ("asserts", "reports_denial")] == [3, 1]
    review.decide(ledger, "n1", find(ledger, "statement", "attend", "n1"), "unreviewed", by="Ann")
    assert ledger.matters.rows([changed])[changed]["asserts"] == 4


def test_a_matter_keeps_the_article_that_it_is_named_after(presidents: Ledger) -> None:
    """When that article is read again, and when it is edited, as any other; what it no longer states no longer counts."""
    ledger = presidents
    before = {row["number"]: row for row in ledger.matters.list(least=3).rows}
    add(ledger, read_again(called("n1", "Maren Halvik")))
    assert {row["number"]: row for row in ledger.matters.list(least=1).rows} == before
    for matter in before:
        assert {row.article for row in matters_of(ledger, [matter])[matter].rows} == {"n1", "n2", "n3"}
    reading = called("n1", "Maren Halvik")
    shorter = dataclasses.replace(reading, statements=tuple(s for s in reading.statements if s.lemma != "attend"), reasons=(), thesis=None)
    add(ledger, dataclasses.replace(shorter, reader=Reader("0.3.0", "3" * 64, "1" * 64)))
    after = {row["number"]: row["articles"] for row in ledger.matters.list(least=1).rows}
    assert sorted(after.values()) == [2, *[3] * (len(before) - 1)]
    assert ledger.check() == []


def test_a_search_shows_what_was_decided(ledger: Ledger, reading: Reading) -> None:
    ledger.add([Entry(reading)])
    review.decide(ledger, "osk-1", find(ledger, "statement", "attend"), "edited", said={"status": "actual", "actor": "Kestria"}, by="Ann")
    review.decide(ledger, "osk-1", find(ledger, "statement", "died"), "rejected", by="Ben")
    (hit,) = hits_as_decided(ledger, ledger.search("attend").rows)
    (found,) = [row for row in hit.statements if row.lemma == "attend"]
    assert (found.status, found.actors, found.type, found.review, found.reviewed_by) == ("actual", "Kestria", "CONSULT", "edited", "Ann")
    (hit,) = hits_as_decided(ledger, ledger.search("died").rows)
    rows = {row["lemma"]: (row["review"], row["reviewed_by"]) for row in shown.found(hit)}
    assert rows == {"die": ("rejected", "Ben"), "shell": ("unreviewed", "")}


def test_pictures_count_what_people_left(ledger: Ledger) -> None:
    """Nothing that was rejected, and what was edited as it was edited; the picture says what it leaves out."""
    for article, name in (("n1", "Maren Halvik"), ("n2", "Selma Orlova"), ("n3", "Maren Halvik")):
        one = called(article, name)
        add(ledger, dataclasses.replace(one, article=dataclasses.replace(one.article, outlet=f"The {article}", url=None)))
    before = [sum(row.statements + row.copied for row in draw(ledger, shown="all").rows) for draw in (over_time, places, network)]
    review.decide(ledger, "n1", find(ledger, "statement", "had shelled", "n1"), "rejected", by="Ann")
    review.decide(
        ledger, "n2", find(ledger, "statement", "attend", "n2"), "edited", said={"status": "actual", "actor": "Kestria"}, by="Ann"
    )
    after = [draw(ledger, shown="all") for draw in (over_time, places, network)]
    assert [one - sum(row.statements + row.copied for row in it.rows) for one, it in zip(before, after, strict=True)][:2] == [1, 1]
    assert all((1, "that somebody rejected") in it.counted.left_out for it in after[:2])
    happened = over_time(ledger)
    assert sum(row.articles for row in happened.rows if row.quad == 1) > 0
    outlets = agreement(ledger)
    assert (1, "statement that somebody rejected") in outlets.counted.left_out


def test_what_cannot_be_decided_is_said(presidents: Ledger) -> None:
    halvik = identity(presidents, "n1", "Maren Halvik") or 0
    for decide, error in (
        (lambda: deciding.merge(presidents, "identity", [halvik], by="Ann"), "two or more"),
        (lambda: deciding.merge(presidents, "identity", [halvik, 999], by="Ann"), "no entity 999"),
        (lambda: deciding.split(presidents, "identity", halvik, ["n1", "n3"], by="Ann"), "nothing would be left"),
        (lambda: deciding.split(presidents, "identity", halvik, ["n2"], by="Ann"), "none of these"),
        (lambda: deciding.split(presidents, "identity", halvik, ["n9"], by="Ann"), "no article"),
        (lambda: deciding.remark(presidents, "identity", halvik, " ", by="Ann"), "needs words"),
        (lambda: deciding.remark(presidents, "identity", halvik, "x", by=""), "give a name"),
        (lambda: deciding.withdraw(presidents, 7, by="Ann"), "no decision 7"),
    ):
        with pytest.raises(ValueError, match=error):
            decide()
    number = deciding.remark(presidents, "identity", halvik, "look at this", by="Ann")
    deciding.withdraw(presidents, number, by="Ann")
    with pytest.raises(ValueError, match="already"):
        deciding.withdraw(presidents, number, by="Ann")
    with pytest.raises(ValueError, match="itself"):
        deciding.withdraw(presidents, number + 1, by="Ann")


def test_decisions_from_the_command_line(presidents: Ledger, empty_ledger: str) -> None:
    halvik, orlova = identity(presidents, "n1", "Maren Halvik"), identity(presidents, "n2", "Selma Orlova")
    presidents.close()

    def run(*words: object) -> Any:
        return CliRunner().invoke(app, ["decide", *map(str, words), "-l", empty_ledger])

    merged = run("merge", "entity", halvik, orlova, "--by", "Ann", "--note", "the same")
    assert (merged.exit_code, merged.stdout) == (0, "decision 1 is kept; `allegedly decide withdraw` takes it back\n")
    assert run("note", "entity", halvik, "seen", "--by", "Ann").exit_code == 0
    assert run("withdraw", 1, "--by", "Ben").exit_code == 0
    rows = json.loads(run("list", "--format", "json").stdout)
    assert [(row["kind"], row["by"], row["withdrawn"]) for row in rows] == [
        ("withdraw", "Ben", None),
        ("note", "Ann", None),
        ("merge", "Ann", 3),
    ]
    assert "the same" in run("list").stdout
    assert json.loads(run("list", "--findings", "--format", "json").stdout) == []
    assert run("merge", "entity", halvik, 999).exit_code == 1
    assert run("merge", "thing", 1, 2).exit_code == 2


WORDS = st.text(st.sampled_from("ab \n…\ud800\x00é"), max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 24), st.sampled_from(["accepted", "rejected", "unreviewed"]), WORDS), max_size=12))
def test_the_last_word_holds(ledger_template: str, tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, str, str]]) -> None:
    """Whatever is decided in whatever order: the state of a finding is what was decided of it last, and nothing is lost."""
    import shutil

    path = shutil.copy(ledger_template, tmp_path_factory.mktemp("l") / "l.db")
    with Ledger.open(path) as ledger:
        ledger.add([Entry(build_reading())])
        expected: dict[int, str] = {}
        kept = 0
        for number, state, note in said:
            one = review.queue(ledger, Asked(state=""), limit=500).items[number].finding
            if state == "unreviewed" and not one.reviews:
                continue
            review.decide(ledger, "osk-1", one, state, note=note, by="Ann")  # type: ignore[arg-type]
            kept += 1
            expected[number] = state
        items = review.queue(ledger, Asked(state=""), limit=500).items
        assert {n: one.finding.state for n, one in enumerate(items) if one.finding.reviews} == expected
        assert len(ledger.reviews()) == kept == sum(len(one.finding.reviews) for one in items)
        json.dumps([review.row_of(one.article, one.finding) for one in items])


# --- on a server -----------------------------------------------------------------------------------------------------


def test_postgresql_keeps_what_people_decide_as_sqlite_does(empty_ledger: str, postgresql_ledger: str) -> None:
    """Decisions of findings and of groups, what counts by them, samples and codings, and what is left after a purge."""
    kept = []
    for where in (empty_ledger, postgresql_ledger):
        with Ledger.open(where) as ledger:
            add(ledger, called("n1", "Maren Halvik"), called("n2", "Selma Orlova"), called("n3", "Maren Halvik"))
            review.decide(
                ledger, "n1", find(ledger, "statement", "attend", "n1"), "edited", said={"polarity": "negated"}, by="Änn", note="so"
            )
            review.decide(ledger, "n2", find(ledger, "statement", "attend", "n2"), "rejected", by="Ben")
            review.add(ledger, "n3", "statement", "blockade", {"act": "COERCE", "actor": "The regime"}, by="Cy")
            deciding.merge(ledger, "identity", [identity(ledger, "n1", "Maren Halvik"), identity(ledger, "n2", "Selma Orlova")], by="Ann")  # type: ignore[list-item]
            add(ledger, read_again(called("n1", "Maren Halvik")))
            sample = validation.draw(ledger, size=6, seed=1, by="Ann")
            assert ledger.keep_codings(sample, {0: {"acts": "none"}, 1: {"acts": "ASSAULT; CONSULT", "voice": "author"}}, by="Änn") == 2
            ledger.keep_codings(sample, {0: {"acts": "ASSAULT"}}, by="Ben")
            report = validation.report(ledger, sample)
            rows = [
                *([{**row, "made": ""} for row in map(review.decided_row, ledger.reviews())]),
                *([{**row, "made": ""} for row in deciding.listed(ledger)]),
                *ledger.matters.list(least=1).rows,
                *ledger.identities.list(least=1).rows,
                *(over_time(ledger, shown="all").rows + agreement(ledger).rows),
                *((one.unit, one.by, dict(one.answers)) for one in ledger.codings(sample)),
                *(one.units for one in ledger.samples()),
                (report.accuracy, report.agreement),
            ]
            ledger.purge(["n1"])
            left = [(one.article, one.state) for one in ledger.reviews()]
            assert left == [("n3", "added"), ("n2", "rejected")]
            kept.append([*rows, *(one.units for one in ledger.samples()), ledger.check()])
    assert kept[0] == kept[1]
    assert kept[0][-1] == []
