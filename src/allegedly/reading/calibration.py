"""Scores that mean something: each head's raw score becomes the share of findings like it that were right, as measured.

The curves are in `data/<code>/calibration.toml`, fitted on development files by `python -m benchmarks.calibration --fit`, which says what
counts as right for each head. A curve is an isotonic regression (Zadrozny & Elkan 2002, "Transforming classifier scores into accurate
multiclass probability estimates"; fitted by pooling adjacent violators, Ayer et al. 1955), with straight lines between the centres of its
blocks as in centred isotonic regression (Oron & Flournoy 2017). It never changes the order of two findings of one head and rule.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from allegedly.errors import LexiconError
from allegedly.language import parsed
from allegedly.records import Evaluation, Reading, changed

Point = tuple[float, float]
"""A raw score, and the share of findings with such a score that were right."""
Curve = tuple[Point, ...]

WORDLESS = {-1: 0.5, 0: 0.5, 1: 0.1}
"""What is left, by polarity, of the score of an evaluation that has no word to show. The curves come from sentences with a marked target,
where the stance head is at home; in whole articles such praise was right about once in 15 times, such blame once in 2 (docs/errors.md)."""


@dataclass(frozen=True, slots=True)
class Head:
    """The curve of all findings of a kind, and those of the rules that had cases enough for one of their own."""

    curve: Curve
    rules: Mapping[str, Curve]

    def share(self, rule: str, score: float) -> float:
        """The calibrated score of a finding."""
        return round(interpolated(self.rules.get(rule, self.curve), score), 4)


Calibration = Mapping[str, Head]


def interpolated(curve: Curve, score: float) -> float:
    """The curve at a score: straight between its points, level beyond the first and the last."""
    after = bisect_right(curve, (score, 2.0))  # no share is as high
    if after in (0, len(curve)):
        return curve[min(after, len(curve) - 1)][1]
    (left, low), (right, high) = curve[after - 1 : after + 1]
    return low + (high - low) * (score - left) / (right - left)


# --- what a finding's own curve is called, for reading and fitting alike ---------------------------------------------------


def mention_rule(named: bool, type: str) -> str:
    """Names and descriptions are found by different heads, and each type by its own labels: "name.person"."""
    return f"{'name' if named else 'description'}.{type}"


def rule_family(rule: str) -> str:
    """What comes before a rule's own word: "modal:might" is "modal", "lexicon:attack-target" is "lexicon"."""
    return rule.partition(":")[0]


def wording_rule(kind: str, rule: str) -> str:
    """The kind of wording, or "model" for spans that the model finds."""
    return "model" if rule.startswith("model:") else kind


def evaluation_rule(polarity: int) -> str:
    """Praise, blame, and what is neither."""
    return {-1: "negative", 0: "neutral", 1: "positive"}[polarity]


# --- applying ------------------------------------------------------------------------------------------------------------


def calibrated(reading: Reading, heads: Calibration) -> Reading:
    """The reading with every score replaced by its share; that of a head without a curve stays. A genre of score 0 is no finding."""

    def share(head: str, rule: str, score: float) -> float:
        return heads[head].share(rule, score) if head in heads else score

    def of_evaluation(e: Evaluation) -> float:
        score = share("evaluations", evaluation_rule(e.polarity), e.score)
        return score if e.words else round(score * WORDLESS[e.polarity], 4)

    genre = reading.article.genre
    if genre.score:
        genre = replace(genre, score=share("genre", genre.label, genre.score))
    return replace(
        reading,
        article=replace(reading.article, genre=genre),
        mentions=tuple(changed(m, score=share("mentions", mention_rule(m.named, m.type), m.score)) for m in reading.mentions),
        attributions=tuple(changed(a, score=share("attributions", a.kind, a.score)) for a in reading.attributions),
        statements=tuple(
            changed(
                s,
                sure_score=share("sure", rule_family(s.sure_rule), s.sure_score),
                event=s.event and changed(s.event, score=share("events", rule_family(s.event.rule), s.event.score)),
            )
            for s in reading.statements
        ),
        evaluations=tuple(changed(e, score=of_evaluation(e)) for e in reading.evaluations),
        wording=tuple(changed(w, score=share("wording", wording_rule(w.kind, w.rule), w.score)) for w in reading.wording),
        reasons=tuple(changed(r, score=share("reasons", r.kind, r.score)) for r in reading.reasons),
    )


@lru_cache(maxsize=4)
def measured(code: str = "en") -> Calibration:
    """The heads of a language's `calibration.toml`, checked: scores rise, and shares do not fall."""
    out: dict[str, Head] = {}
    for name, table in parsed("calibration", code).items():
        if isinstance(table, dict):
            rules = {rule: _curve(f"{name}.rules.{rule}", entry) for rule, entry in table.get("rules", {}).items()}
            out[name] = Head(_curve(name, table), MappingProxyType(rules))
    return MappingProxyType(out)


def _curve(entry: str, table: Mapping[str, Any]) -> Curve:
    try:
        curve = tuple((float(score), float(share)) for score, share in table["curve"])
    except (KeyError, TypeError, ValueError) as error:
        raise LexiconError(f"calibration.toml: {entry}: needs curve = [[score, share], ...] ({error!r}).") from error
    rising = all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(curve))
    if not curve or not rising or not all(0 <= x <= 1 for point in curve for x in point):
        raise LexiconError(f"calibration.toml: {entry}: scores must rise, shares must not fall, and all be in [0, 1]. Fit it again.")
    return curve
