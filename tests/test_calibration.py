"""Scores are shares of findings that were right: curves, their fit, and the views that show findings from a threshold on."""

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.errors import LexiconError
from allegedly.export import EXPORTS, Options
from allegedly.export.digest import SHOWN_FROM, Digest, left_out, sifted
from allegedly.reading import calibration
from allegedly.reading.calibration import Curve, Head, calibrated, interpolated, measured
from allegedly.records import Reading
from benchmarks import accuracy
from benchmarks.calibration import FILE, Case, as_toml, crossed, curve_of, error, fit, table

HEADS = {"mentions", "attributions", "events", "sure", "evaluations", "wording", "reasons", "genre"}
scores = st.floats(0, 1).map(lambda x: round(x, 4))
cases = st.lists(
    st.builds(Case, st.sampled_from("abcdef"), st.just("events"), st.sampled_from(("x", "y")), scores, st.booleans()), min_size=1
)


def every_curve() -> list[Curve]:
    heads = measured()
    return [curve for head in heads.values() for curve in (head.curve, *head.rules.values())]


def is_valid(curve: Curve) -> bool:
    rising = all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(curve))
    return bool(curve) and rising and all(0 <= x <= 1 for point in curve for x in point)


# --- the curves of the package --------------------------------------------------------------------------------------------


def test_every_head_has_a_curve_that_rises_within_0_and_1() -> None:
    assert set(measured()) == HEADS
    assert all(map(is_valid, every_curve()))


def test_the_curves_were_fitted_with_the_weights_in_the_package() -> None:
    fitted = calibration.parsed("calibration")["weights"]
    assert fitted == accuracy.sha256(FILE.with_name("model.onnx")), "new weights: run python -m benchmarks.calibration --fit"


@settings(deadline=None)
@given(scores, scores)
def test_the_order_of_two_findings_stays(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for curve in every_curve():
        assert 0 <= interpolated(curve, low) <= interpolated(curve, high) <= 1


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"curve": []},
        {"curve": [[0.5]]},
        {"curve": [[0.5, 0.6], [0.4, 0.7]]},
        {"curve": [[0.4, 0.7], [0.5, 0.6]]},
        {"curve": [[0.4, 1.2]]},
    ],
)
def test_a_curve_that_is_none_is_named(table: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "parsed", lambda *_: {"weights": "0", "sure": table})
    with pytest.raises(LexiconError, match="sure"):
        measured.__wrapped__()


# --- applying ------------------------------------------------------------------------------------------------------------


def test_between_points_a_curve_is_straight_and_beyond_them_level() -> None:
    curve = ((0.2, 0.1), (0.4, 0.5), (0.6, 0.5))
    assert [round(interpolated(curve, x), 4) for x in (0, 0.2, 0.3, 0.4, 0.5, 0.6, 1)] == [0.1, 0.1, 0.3, 0.5, 0.5, 0.5, 0.5]
    assert interpolated(((0.7, 0.9),), 0.1) == 0.9


def test_a_rule_has_its_own_curve_and_else_the_heads() -> None:
    head = Head(((0.5, 0.6),), {"modal": ((0.5, 0.90004),)})
    assert (head.share("modal", 0.1), head.share("negation", 0.1)) == (0.9, 0.6)


def test_scores_change_and_nothing_else_and_again_gives_the_same(reading: Reading) -> None:
    heads = {name: Head(((0.0, 0.25), (1.0, 0.75)), {}) for name in HEADS}
    once = calibrated(reading, heads)
    assert once == calibrated(reading, heads)
    assert once.attributions[0].score == 0.715  # 0.93
    assert (once.statements[0].sure_score, once.statements[0].event.score) == (0.7062, 0.7)  # type: ignore[union-attr]
    assert (once.article.genre.score, once.mentions[0].score, once.wording[0].score) == (0.6562, 0.7, 0.75)
    assert (once.evaluations[0].score, once.reasons[0].score) == (0.65, 0.5833)
    back = replace(once.statements[0], sure_score=reading.statements[0].sure_score, event=reading.statements[0].event)
    assert back == reading.statements[0]
    assert replace(once.attributions[0], score=0.93) == reading.attributions[0]


@pytest.mark.parametrize("polarity", [-1, 0, 1])
def test_an_evaluation_without_a_word_to_show_is_not_shown(reading: Reading, polarity: Literal[-1, 0, 1]) -> None:
    surest = replace(reading.evaluations[0], polarity=polarity, score=1.0)
    bare = replace(reading, evaluations=(surest, replace(surest, words=())))
    with_words, without = (e.score for e in calibrated(bare, measured()).evaluations)
    assert with_words >= SHOWN_FROM["evaluation"] > without > 0


def test_a_head_without_a_curve_keeps_its_scores(reading: Reading) -> None:
    assert calibrated(reading, {}) == reading


# --- fitting ------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(cases)
def test_fitted_curves_are_valid(some: list[Case]) -> None:
    for head in fit(some).values():
        assert all(map(is_valid, (head.curve, *head.rules.values())))


def made(number: int, *, right: Callable[[float], float]) -> list[Case]:
    """Cases spread evenly over scores, in each tenth as many right as the function says."""
    out = []
    for step in range(10):
        score = step / 10 + 0.05
        out += [Case(f"t{n}", "events", "x", score, n < number * right(score)) for n in range(number)]
    return out


def test_a_fit_finds_how_often_scores_are_right() -> None:
    curve = curve_of(made(100, right=lambda x: x * x), lambda _: 0.4, 4)
    assert all(abs(interpolated(curve, x / 10 + 0.05) - (x / 10 + 0.05) ** 2) < 0.05 for x in range(10))


def test_where_higher_scores_are_no_better_they_are_one() -> None:
    assert len(curve_of(made(50, right=lambda x: 1 - x), lambda _: 0.5, 4)) == 1


def test_few_cases_stay_near_the_mean() -> None:
    few = [Case("t", "sure", "x", 0.9, True)] * 2
    assert curve_of(few, lambda _: 0.5, 8) == ((0.9, 0.6),)


def test_no_share_is_surer_than_its_cases_allow() -> None:
    assert curve_of([Case("t", "genre", "x", 0.9, True)] * 29, lambda _: 0.99, 4) == ((0.9, round(30 / 31, 4)),)


def test_halves_share_no_text() -> None:
    by_text = [Case(name, "sure", "x", 0.5, name in "aceg") for name in "abcdefgh" for _ in range(50)]
    assert error(crossed(by_text)) >= error([(0.5, float(case.right)) for case in by_text])


def test_the_error_of_scores_that_mean_what_they_say_is_none() -> None:
    pairs = [(0.25, 1.0), (0.25, 0.0), (0.25, 0.0), (0.25, 0.0), (1.0, 1.0)]
    assert error(pairs) == 0
    assert table(pairs) == [(4, 0.25, 0.25), (1, 1.0, 1.0)]
    assert error([(0.9, 0.0), (0.1, 0.0)]) == pytest.approx(0.5)
    assert error([]) == 0


def test_the_file_says_what_the_fit_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import tomllib

    some = made(20, right=lambda x: x)
    some += [replace(case, rule="y") for case in some]
    heads = fit(some)
    monkeypatch.setattr(calibration, "parsed", lambda *_: tomllib.loads(as_toml(some, heads, "0")))
    assert measured.__wrapped__() == heads


# --- views ------------------------------------------------------------------------------------------------------------


def found(reading: Reading) -> Counter[str]:
    return Counter(
        {
            "name": len(reading.entities),
            "attribution": len(reading.attributions),
            "statement": len(reading.statements),
            "event code": sum(s.event is not None for s in reading.statements),
            "wording": len(reading.wording),
            "evaluation": len(reading.evaluations),
            "reason": len(reading.reasons),
        }
    )


@settings(deadline=None)
@given(least=st.floats(0, 1) | st.none())
def test_shown_and_left_out_add_up(least: float | None) -> None:
    from conftest import build_reading

    whole = build_reading()
    shown, left = sifted(whole, least)
    hidden_codes = found(whole)["event code"] - found(shown)["event code"] - left["event code"]
    gone = {s.id for s in whole.statements} - {s.id for s in shown.statements}
    assert hidden_codes == sum(s.event is not None for s in whole.statements if s.id in gone)
    kinds = set(SHOWN_FROM) - {"event code"}
    assert {k: found(shown)[k] + left[k] for k in kinds} == {k: found(whole)[k] for k in kinds}
    total = sum(int(n) for n in re.findall(r"(\d+) findings? below", left_out(left, least)))
    assert total == left.total()


def test_all_shows_everything(reading: Reading) -> None:
    assert sifted(reading, 0.0) == (reading, Counter())
    assert Digest(reading, 0.0).unshown == ""


def test_a_statement_keeps_its_voice_however_unsure_the_attribution(reading: Reading) -> None:
    unsure = replace(reading, attributions=tuple(replace(a, score=0.2) if a.id == "a1" else a for a in reading.attributions))
    shown, left = sifted(unsure)
    assert (shown.statements, left) == (reading.statements, {"attribution": 1})
    for name in ("text", "html"):
        assert "Maren Halvik" in written(name, unsure, None)
    found = Digest(unsure)
    assert [voice.name for voice, said in found.voices() if any(s.id == "s1" for s in said)] == ["President Maren Halvik"]
    assert [a.id for _, a in found.attribution_tree()] == ["a4", "a2", "a3"]


def test_an_unsure_code_leaves_the_statement(reading: Reading) -> None:
    first = reading.statements[0]
    assert first.event is not None
    unsure = replace(first, event=replace(first.event, score=0.3))
    shown, left = sifted(replace(reading, statements=(unsure, *reading.statements[1:])))
    assert shown.statements[0] == replace(first, event=None)
    assert left == {"event code": 1}


def written(name: str, reading: Reading, least: float | None) -> str:
    out = io.StringIO()
    EXPORTS[name].write([reading], out, Options(least=least))
    return out.getvalue()


def test_the_terminal_says_what_it_leaves_out(reading: Reading) -> None:
    unsure = replace(reading, wording=tuple(replace(w, score=0.1) for w in reading.wording))
    page = " ".join(written("text", unsure, None).split())
    assert "2 findings below" in page
    assert "(2 wording): --all shows them" in page
    assert "label: “The regime”" not in page
    everything = written("text", unsure, 0.0)
    assert "not shown" not in everything
    assert "label: “The regime”" in everything


def test_the_page_holds_all_and_marks_what_is_doubtful(reading: Reading) -> None:
    unsure = replace(reading, wording=tuple(replace(w, score=0.1) for w in reading.wording))
    page = written("html", unsure, None)
    assert "scare quotes" in page
    assert '<details class="more doubtful' in page
    assert re.search(r'id="show-doubtful"[^>]*>\s*<span[^>]*>Below the threshold</span> <span class="count">2</span>', page)
    assert "2 findings below" in page
    assert '<details class="more doubtful' not in written("html", unsure, 0.0)


def test_programs_get_all_findings_whatever_the_threshold(reading: Reading) -> None:
    assert written("jsonl", reading, 0.99) == written("jsonl", reading, 0.0)
