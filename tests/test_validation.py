"""Validation: samples, blind sheets, agreement against published worked examples, precision and recall with intervals."""

import contextlib
import csv
import dataclasses
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from allegedly.cli import app
from allegedly.inquiry import validation
from allegedly.inquiry.agreement import alpha, clustered, same, wilson
from allegedly.ledger import Entry, Ledger
from allegedly.records import Genre, Reader
from tests.conftest import build_reading

# --- agreement -------------------------------------------------------------------------------------------------------


def units(*coders: str) -> list[list[str]]:
    """The values of each unit; "." is none."""
    return [[value for value in unit if value != "."] for unit in zip(*coders, strict=True)]


@pytest.mark.parametrize(
    ("coders", "expected"),
    [
        (("0100000010", "1110010000"), 0.095),  # Krippendorff 2011, A: two observers, binary
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # B: two observers, nominal
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # C: four observers, nominal, missing values
    ],
)
def test_alpha_is_that_of_the_published_examples(coders: tuple[str, ...], expected: float) -> None:
    assert round(alpha(units(*coders)) or 0, 3) == expected


def test_alpha_where_there_is_nothing_to_tell() -> None:
    assert alpha([]) is None
    assert alpha([["a"], ["b"]]) is None
    assert alpha([["a", "a"], ["a", "a"]]) is None
    assert alpha([["a", "a"], ["b", "b"]]) == 1.0


VALUES = st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=12)


@settings(deadline=None)
@given(VALUES, st.randoms(use_true_random=False), st.permutations("abc"))
def test_alpha_hangs_on_nothing_but_who_agrees(data: list[list[str]], chance: random.Random, names: list[str]) -> None:
    """Not on the order of units or coders, nor on what the values are called; 1 only for full agreement."""
    found = alpha(data)
    other = [[names["abc".index(value)] for value in chance.sample(unit, len(unit))] for unit in chance.sample(data, len(data))]
    assert alpha(other) == pytest.approx(found) if found is not None else alpha(other) is None
    if found is not None:
        assert found <= 1 + 1e-12
        assert (found == pytest.approx(1)) == all(len(set(unit)) <= 1 for unit in data)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_that_of_the_published_table(part: int, whole: int, low: float, high: float) -> None:
    """R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3."""
    found = wilson(part, whole)
    assert found is not None
    assert tuple(round(end, 4) for end in found) == (low, high)


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_intervals_hold_the_share(part: int, more: int) -> None:
    found = wilson(part, part + more)
    assert (found is None) == (part + more == 0)
    if found:
        assert 0 <= found[0] <= part / (part + more) <= found[1] <= 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12), st.integers(0, 1 << 40))
def test_the_bootstrap_is_the_same_for_the_same_seed(clusters: list[tuple[int, int]], seed: int) -> None:
    parts, wholes = [a for a, _ in clusters], [a + b for a, b in clusters]
    found = clustered(parts, wholes, seed=seed)
    assert found == clustered(parts, wholes, seed=seed)
    if found:
        assert 0 <= found[0] <= found[1] <= 1


def test_errors_that_cluster_in_articles_widen_the_interval() -> None:
    """Ten articles, each all right or all wrong: 100 units tell no more than ten."""
    simple, drawn = wilson(50, 100), clustered([10.0, 0.0] * 5, [10.0] * 10, seed=1)
    assert simple is not None
    assert drawn is not None
    assert drawn[1] - drawn[0] > 2 * (simple[1] - simple[0])


def test_pairs_that_agree() -> None:
    assert same([["a", "a", "b"], ["c"]]) == pytest.approx(1 / 3)
    assert same([["c"]]) is None


# --- samples ---------------------------------------------------------------------------------------------------------


def fill(ledger: Ledger) -> None:
    """Two outlets, two genres, of unequal size."""
    for outlet, genre, many in (("Osk Free Voice", "report", 6), ("Osk Free Voice", "opinion", 2), ("Velm Courier", "report", 3)):
        for number in range(many):
            reading = build_reading(f"{outlet[:3]}-{genre}-{number}")
            article = dataclasses.replace(reading.article, outlet=outlet, url=None, genre=Genre(genre, 0.9))  # type: ignore[arg-type]
            ledger.add([Entry(dataclasses.replace(reading, article=article))])


@pytest.fixture
def ledger(empty_ledger: str) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger) as opened:
        fill(opened)
        yield opened


def test_a_sample_is_stratified_and_the_same_for_the_same_seed(ledger: Ledger, tmp_path: Path) -> None:
    drawn = validation.sample_of(ledger, validation.draw(ledger, size=18, seed=3, per_article=3, by="Ann"))
    counts = {(one["outlet"], one["genre"]): (one["articles"], one["sentences"]) for one in drawn.plan["strata"]}
    assert counts == {("Osk Free Voice", "report"): (6, 6), ("Osk Free Voice", "opinion"): (2, 6), ("Velm Courier", "report"): (3, 6)}
    again = validation.sample_of(ledger, validation.draw(ledger, size=18, seed=3, per_article=3, by="Ben"))
    assert again.units == drawn.units
    other = validation.sample_of(ledger, validation.draw(ledger, size=18, seed=4, per_article=3, by="Ben"))
    assert other.units != drawn.units
    for unit in drawn.units:
        text = ledger.reading(ledger.number(unit["article"]) or 0).article.text
        assert text[unit["start"] : unit["end"]] == unit["sentence"]
        assert unit["sentence"] not in ("Leave a comment", "The opinions expressed here are the author's own.")
    sentences = len(validation._sentences(build_reading()))
    assert sum(unit["weight"] for unit in drawn.units) == pytest.approx(11 * sentences, rel=1e-3)
    with Ledger.open(tmp_path / "other.db", create=True) as turned:  # whatever the order in which articles came
        for number in (8, 3, 11, 1, 5, 2, 10, 4, 9, 6, 7):
            turned.add([Entry(ledger.reading(number))])
        assert validation.sample_of(turned, validation.draw(turned, size=18, seed=3, per_article=3, by="Ann")).units == drawn.units


def test_a_small_sample_has_some_of_every_stratum(ledger: Ledger) -> None:
    """Whatever the names of outlets, and however many sentences of an article could be taken."""
    for size in (3, 7, 10):
        drawn = validation.sample_of(ledger, validation.draw(ledger, size=size, seed=1, per_article=5, by="Ann"))
        counts = [one["sentences"] for one in drawn.plan["strata"]]
        assert sum(counts) == size
        assert min(counts) >= size // len(counts)


def test_strata_that_are_too_small_leave_their_places_to_others(ledger: Ledger) -> None:
    drawn = validation.sample_of(ledger, validation.draw(ledger, size=500, seed=1, per_article=100, by="Ann"))
    assert len(drawn.units) == 11 * len(validation._sentences(build_reading()))
    assert {unit["weight"] for unit in drawn.units} == {1.0}


def test_nothing_to_draw_from(empty_ledger: str) -> None:
    with Ledger.open(empty_ledger) as ledger:
        with pytest.raises(ValueError, match="no articles"):
            validation.draw(ledger, size=5, seed=1, by="Ann")
        with pytest.raises(ValueError, match="no sample 7"):
            validation.sample_of(ledger, 7)


# --- sheets ----------------------------------------------------------------------------------------------------------


def rows_of(sheet: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet, newline="")))


def filled(rows: list[dict[str, str]], **dialect: Any) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]), **dialect)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def test_the_sheet_is_blind(ledger: Ledger) -> None:
    sheet = validation.sheet(validation.sample_of(ledger, validation.draw(ledger, size=12, seed=1, by="Ann")))
    rows = rows_of(sheet)
    assert len(rows) == 12
    assert list(rows[0])[:5] == ["unit", "check", "before", "sentence", "after"]
    assert all(not row[question.name] for row in rows for question in validation.questions())
    for secret in ("Osk Free Voice", "Velm Courier", "report-", "opinion-", *(a for a in ("ASSAULT", "CONSULT", "negated"))):
        assert secret not in sheet


def test_sheets_come_back_as_spreadsheets_save_them(ledger: Ledger) -> None:
    sample = validation.sample_of(ledger, validation.draw(ledger, size=6, seed=1, by="Ann"))
    rows = rows_of(validation.sheet(sample))
    rows[0] |= {"acts": " consult ;ASSAULT", "voice": "None"}
    rows[1] |= {"acts": "none", "wording": "loaded"}
    expected = {1: {"acts": "ASSAULT; CONSULT", "voice": "none"}, 2: {"acts": "none", "wording": "loaded"}}
    for data in (filled(rows), filled(rows, delimiter=";"), b"\xef\xbb\xbf" + filled(rows, delimiter="\t")):
        assert validation.read_sheet(sample, data) == expected


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"acts": "WAR"}, "row 2: 'WAR' is no answer to 'acts'"),
        ({"acts": "none; ASSAULT"}, "answered with 'none' and with a label"),
        ({"unit": "99"}, "no unit '99'"),
        ({"unit": "-1"}, "no unit"),
        ({"check": "0000000000"}, "another sentence"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_named(ledger: Ledger, change: dict[str, str], error: str) -> None:
    sample = validation.sample_of(ledger, validation.draw(ledger, size=6, seed=1, by="Ann"))
    rows = rows_of(validation.sheet(sample))
    rows[0] |= {"acts": "ASSAULT"} | change
    with pytest.raises(ValueError, match=error):
        validation.read_sheet(sample, filled(rows))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_given_as_a_sheet_is_read_or_refused(data: bytes) -> None:
    from allegedly.ledger import Sample

    sample = Sample(1, "", "", {"seed": 1}, [{"article": "a", "sha256": "b", "start": 0}])
    for content in (data, b"unit,check,acts\n" + data, f"unit,check,acts\n1,{validation.check_of(sample.units[0])},".encode() + data):
        with contextlib.suppress(ValueError):
            assert validation.read_sheet(sample, content)


LABELS = st.sets(st.sampled_from(["ACCUSE", "ASSAULT", "CONSULT"]))


@settings(deadline=None)
@given(LABELS)
def test_answers_have_one_spelling(labels: set[str]) -> None:
    spelled = validation.spelled(labels)
    assert validation.labels_of(spelled) == labels
    assert validation.answered({"acts": spelled.lower()}) == {"acts": spelled}


# --- reports ---------------------------------------------------------------------------------------------------------


def code(ledger: Ledger, number: int, coder: str, *, like: dict[int, dict[str, str]], wrong: int = 0) -> None:
    """A coder who answers like this, but for some units where they see no act."""
    answers = {unit: ({**one, "acts": "none"} if place < wrong else one) for place, (unit, one) in enumerate(like.items())}
    ledger.keep_codings(number, answers, by=coder)


def machine(ledger: Ledger, number: int) -> dict[int, dict[str, str]]:
    found = validation._machine(ledger, validation.sample_of(ledger, number))
    return {unit: {name: validation.spelled(labels) for name, labels in answers.items()} for unit, answers in found.items()}


def test_a_report(ledger: Ledger) -> None:
    number = validation.draw(ledger, size=500, seed=1, per_article=100, by="Ann")
    like = machine(ledger, number)
    assert len(like) == 11 * len(validation._sentences(build_reading()))
    with_acts = {unit: one for unit, one in like.items() if one["acts"] != "none"}
    assert with_acts
    ordered = with_acts | {unit: one for unit, one in like.items() if unit not in with_acts}
    for coder, wrong in (("Ann", 0), ("Ben", 0), ("Cy", 4)):
        code(ledger, number, coder, like=ordered, wrong=wrong)
    report = validation.report(ledger, number)
    assert (report.units, report.lost, report.coders) == (len(like), 0, dict.fromkeys(("Ann", "Ben", "Cy"), len(like)))
    agreed = {row["question"]: row for row in report.agreement}
    assert agreed["acts"]["coders"] == 3
    assert agreed["acts"]["alpha"] < agreed["voice"]["alpha"] == 1.0
    rows = {(r["question"], r["label"], r["outlet"], r["genre"], r["reference"]): r for r in report.accuracy}
    whole = rows["acts", "all", "all", "all", "agreed"]
    assert (whole["precision"], whole["recall"], whole["undecided"], whole["extra"], whole["missed"]) == (1.0, 1.0, 0, 0, 0)
    assert whole["precision_low"] < 1.0 == whole["precision_high"]
    theirs = rows["acts", "all", "all", "all", "Cy"]
    assert (theirs["extra"], theirs["missed"]) == (4, 0)
    assert theirs["precision"] == round(1 - 4 / (whole["right"]), 4)
    assert {key[2] for key in rows} == {"all", "Osk Free Voice", "Velm Courier"}
    assert {key[3] for key in rows} == {"all", "report", "opinion"}
    assert sum(rows["acts", "all", outlet, "all", "agreed"]["right"] for outlet in ("Osk Free Voice", "Velm Courier")) == whole["right"]
    for row in report.accuracy:
        for share in ("precision", "recall"):
            assert row[share] is None or row[f"{share}_low"] <= row[share] <= row[f"{share}_high"]


def test_where_two_coders_differ_nothing_is_agreed_until_somebody_decides(ledger: Ledger) -> None:
    number = validation.draw(ledger, size=500, seed=1, per_article=100, by="Ann")
    like = {unit: one for unit, one in machine(ledger, number).items() if one["acts"] != "none"}
    code(ledger, number, "Ann", like=like)
    code(ledger, number, "Ben", like=like, wrong=2)
    code(ledger, number, "Judge", like=like, wrong=1)
    (row,) = (
        r
        for r in validation.report(ledger, number, adjudicator="Judge").accuracy
        if (r["question"], r["label"], r["outlet"], r["genre"]) == ("acts", "all", "all", "all")
    )
    assert (row["reference"], row["undecided"], row["extra"]) == ("adjudicated", 0, 1)
    ledger.keep_codings(number, {unit: {"acts": "none"} for unit in list(like)[:1]}, by="Judge")  # another answer of the same coder
    again = validation.report(ledger, number)
    assert again.coders == {"Ann": len(like), "Ben": len(like), "Judge": len(like)}
    with pytest.raises(ValueError, match="nobody called"):
        validation.report(ledger, number, adjudicator="Zed")


def test_what_was_coded_is_compared_with_the_current_reading(ledger: Ledger) -> None:
    number = validation.draw(ledger, size=500, seed=1, per_article=100, by="Ann")
    code(ledger, number, "Ann", like=machine(ledger, number))
    reading = build_reading("Vel-report-0")
    article = dataclasses.replace(ledger.reading(ledger.number("Vel-report-0") or 0).article)
    ledger.add(
        [
            Entry(
                dataclasses.replace(
                    reading, article=article, statements=(), reasons=(), thesis=None, reader=Reader("2", "a" * 64, "b" * 64)
                )
            )
        ]
    )
    row = next(r for r in validation.report(ledger, number).accuracy if (r["question"], r["outlet"]) == ("acts", "Velm Courier"))
    assert row["missed"] > 0
    ledger.purge(["Vel-report-0"])
    report = validation.report(ledger, number)
    assert report.units == 11 * len(validation._sentences(reading))
    assert len(ledger.codings(number)) == 10 * len(validation._sentences(reading))
    assert ledger.check() == []


def test_from_the_command_line(empty_ledger: str, tmp_path: Path) -> None:
    with Ledger.open(empty_ledger) as opened:
        fill(opened)

    def run(*words: object) -> Any:
        return CliRunner().invoke(app, ["validate", *map(str, words), "-l", empty_ledger])

    assert run("sample", "--size", 20, "--seed", 5).stdout == "sample 1: 20 sentences of 3 strata\n"
    sheet = tmp_path / "sheet.csv"
    assert run("sheet", 1, "-o", sheet).exit_code == 0
    rows = rows_of(sheet.read_text("utf8"))
    for row in rows:
        row |= {"acts": "ASSAULT", "voice": "source", "wording": "none"}
    (tmp_path / "ann.csv").write_bytes(filled(rows))
    for coder in ("Ann", "Ben"):
        assert run("import", 1, tmp_path / "ann.csv", "--coder", coder).stdout == f"20 of 20 sentences coded by {coder}\n"
    assert run("import", 2, tmp_path / "ann.csv").exit_code == 1
    assert run("import", 1, tmp_path / "none.csv").exit_code == 1
    assert run("report", 1).exit_code == 0
    found = json.loads(run("report", 1, "--format", "json").stdout)
    assert {row["question"] for row in found} == {"acts", "voice", "wording"}
    assert [row["same"] for row in json.loads(run("report", 1, "--agreement", "--format", "json").stdout)] == [1.0, 1.0, 1.0]
    assert json.loads(run("list", "--format", "json").stdout)[0]["coders"] == ["Ann (20)", "Ben (20)"]
