"""Whether a finding with score 0.8 is right eight times in ten: reliability of every score on development files, and the fit of its curve.

    python -m benchmarks.calibration [--fit] [--json] [--processes N]

Reads the files with raw scores and takes from each reading the findings that the gold decides on (a *case*: head, rule, raw score, right
or not). For each head it prints how far scores are from shares right: the expected calibration error (Naeini et al. 2015; the mean over ten
bins of equal width of |mean score - share right|, weighted by cases) of the raw scores, of the curves in use, and of curves fitted on one
half of the texts and measured on the other (*halves*), with the bins of the last. Only the last holds for new texts, and only as far as
these are like the files: the rules were written with these in view, so what rules decide (sure, reasons, genre, a part of events and
wording) comes out better here than elsewhere.

`--fit` writes the curves fitted on all cases to `data/en/calibration.toml`. What is right:

* mentions: a name has the span and type of one in UNER's EWT dev; a description the head word and type of a gold mention in GUM dev;
* attributions: matches one of PolNeAR dev, one to one, as in `measures.attribution`;
* events: where PLOVER dev marks the trigger, the type; in `claims` and the labelled `claims` and `mode`, the act;
* sure: polarity and status both, in `claims` and the labelled `claims`;
* evaluations: the side that NewsMTSC gives the target (both dev files); of those with words, matches one of the labelled `holder`;
* wording: a loaded word or the model's span holds a word that BABE's readers marked; any kind: matches one of the labelled `wording`;
* reasons, genre: match those of the labelled fields.
"""

import argparse
import ast
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from allegedly import reading
from allegedly.reading.calibration import (
    Calibration,
    Curve,
    Head,
    Point,
    evaluation_rule,
    interpolated,
    measured,
    mention_rule,
    rule_family,
    wording_rule,
)
from allegedly.records import Article, Reading
from benchmarks import accuracy, coreference, labelled, measures
from benchmarks.measures import Row, Sentence, as_spans, close_to, occurrences, overlaps

FILE = accuracy.ROOT / "src" / "allegedly" / "data" / "en" / "calibration.toml"
BINS = 10
"""Of the reliability table."""
STEPS = 16
"""Groups of like scores, at most, that a curve is fitted on."""
GROUP = 20
"""Cases in such a group, at least, where there are as many."""
ENOUGH = 10
"""Cases from which on a rule has a curve of its own."""
PRIOR, RULE_PRIOR = 4.0, 8.0
"""Cases that each group is given on top, right as often as the head's mean (a head) or the head's curve (a rule) has it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A finding that the gold decides on. `text` names the article, so that halves share none."""

    text: str
    head: str
    rule: str
    score: float
    right: bool


Judged = Iterator[tuple[str, str, float, bool]]
"""Head, rule, score, right or not."""


# --- what is right: one function for each file ----------------------------------------------------------------------------


def names(sentence: measures.TaggedSentence, got: Row) -> Judged:
    """Names with their span and type."""
    wanted = sentence.names()
    for one in got["mentions"]:
        if one["named"] and one["type"] in measures.AS_GOLD:
            right = (measures.AS_GOLD[one["type"]], one["start"], one["end"]) in wanted
            yield "mentions", mention_rule(True, one["type"]), one["score"], right


LIKE_GUM = {
    "person": {"person"},
    "group": {"person", "organization"},
    "organization": {"organization"},
    "place": {"place"},
    "country": {"place", "organization"},
}
"""Types of GUM's entities that each of ours may be; `other` is not judged."""


def descriptions(gold: Sequence[tuple[str, coreference.Place]], got: Row) -> Judged:
    """Descriptions and pronouns with their head word and type."""
    before = [0]
    for character in got["article"]["text"]:
        before.append(before[-1] + (not character.isspace()))
    wanted = {(place.head[0], kind) for kind, place in gold}
    for one in got["mentions"]:
        if not one["named"] and one["type"] in LIKE_GUM:
            right = any((before[one["head"][0]], kind) in wanted for kind in LIKE_GUM[one["type"]])
            yield "mentions", mention_rule(False, one["type"]), one["score"], right


def attributions(row: Row, got: Row) -> Judged:
    """Linked attributions, the outermost ones, as the corpus has no others."""
    found = measures.outer(got["attributions"])
    matched = set(measures.paired([[measures.agreement(one, other) for other in found] for one in row["attributions"]]).values())
    for j, one in enumerate(found):
        yield "attributions", one["kind"], one["score"], j in matched


def plover(row: Row, got: Row) -> Judged:
    """Events at the marked trigger."""
    trigger = measures.tagged_spans(row, "EVT")
    wanted = measures.RENAMED.get(row["event"], row["event"])
    for one in got["statements"]:
        if one["event"] and close_to(as_spans(one["predicate"]), trigger):
            yield _event(one, one["event"]["type"] == wanted)


def claims(row: Row, got: Row) -> Judged:
    """Acts, every one of which is labelled, and how sure they are."""
    sentence = Sentence(row["text"], got["statements"], {})
    unlabelled = []
    for wanted in row["statements"]:
        places = occurrences(wanted["predicate"], row["text"])
        one = sentence.nearest(places)
        unlabelled += places if wanted["act"] == "?" else []
        if one is not None:
            marks = sentence.marks({**wanted, "voice": None}, one)
            yield "sure", rule_family(one["sure_rule"]), one["sure_score"], marks["sure"]
            if one["event"] and "act" in marks:
                yield _event(one, marks["act"])
    for number, one in enumerate(got["statements"]):
        if one["event"] and number not in sentence.taken and not overlaps(as_spans(one["predicate"]), unlabelled):
            yield _event(one, False)


def modes(row: Row, got: Row) -> Judged:
    """Acts at the predicates that the gold names."""
    sentence = Sentence(row["text"], got["statements"], {})
    for wanted in row["events"]:
        one = sentence.nearest(occurrences(wanted["predicate"], row["text"]))
        if one is not None and one["event"]:
            yield _event(one, one["event"]["act"] == wanted["act"])


def _event(one: Row, right: bool) -> tuple[str, str, float, bool]:
    return "events", rule_family(one["event"]["rule"]), one["event"]["score"], right


def evaluations(row: Row, got: Row) -> Judged:
    """Evaluations of the marked targets."""
    for target in row["targets"]:
        wanted = measures.SIDES.index(measures.side_of(target["polarity"])) - 1
        for one in got["evaluations"]:
            if overlaps(as_spans(one["target"]), [(target["from"], target["to"])]):
                yield "evaluations", evaluation_rule(one["polarity"]), one["score"], one["polarity"] == wanted


def judged(row: Row, got: Row) -> Judged:
    """Evaluations with words; those without are discounted apart (`calibration.WORDLESS`)."""
    found = [one for one in got["evaluations"] if one["polarity"]]
    matches = labelled.matched(row["evaluations"], found, labelled.evaluation_judge(row, got))
    for j, one in enumerate(found):
        if one["words"]:
            yield "evaluations", evaluation_rule(one["polarity"]), one["score"], matches.get(j, {}).get("polarity", False)


def babe(row: Row, got: Row) -> Judged:
    """Loaded words, where raters agreed on the sentence."""
    if row["label_bias"] not in ("Biased", "Non-biased"):
        return
    listed = {word.lower() for word in ast.literal_eval(row["biased_words"])}
    for one in got["wording"]:
        if one["kind"] == "loaded":
            right = any(word.lower() in listed for word in re.findall(r"\w[\w'’-]*", row["text"][one["start"] : one["end"]]))
            yield "wording", wording_rule(one["kind"], one["rule"]), one["score"], right


def wording(row: Row, got: Row) -> Judged:
    """All kinds of wording."""
    matches = labelled.matched(row["wording"], got["wording"], labelled.wording_judge(row, got))
    for j, one in enumerate(got["wording"]):
        yield "wording", wording_rule(one["kind"], one["rule"]), one["score"], matches.get(j, {}).get("kind", False)


def reasons(row: Row, got: Row) -> Judged:
    """Links with their kind."""
    matches = labelled.matched(row["reasons"], got["reasons"], labelled.reason_judge(row, got))
    for j, one in enumerate(got["reasons"]):
        yield "reasons", one["kind"], one["score"], matches.get(j, {}).get("kind", False)


def genre(row: Row, got: Row) -> Judged:
    """The article's genre, where one was found."""
    found = got["article"]["genre"]
    if found["score"]:
        yield "genre", found["label"], found["score"], found["label"] == row["genre"]


def _rows(lines: list[str]) -> dict[str, Row]:
    return {row["id"]: row for row in accuracy.numbered_rows(lines)}


def _targets(lines: list[str]) -> dict[str, Row]:
    return {row["primary_gid"]: row for row in accuracy.json_rows(lines)}


def _sentences(lines: list[str]) -> dict[str, measures.TaggedSentence]:
    return {sentence.id: sentence for sentence in accuracy.tagged_sentences(lines)}


SOURCES: dict[str, tuple[Callable[[list[str]], Mapping[str, object]], Callable[..., Judged]]] = {
    "entities": (_sentences, names),
    "coreference": (coreference.gold_mentions, descriptions),
    "attribution": (_rows, attributions),
    "events": (_rows, plover),
    "claims": (_rows, claims),
    "labelled_claims": (_rows, claims),
    "labelled_mode": (_rows, modes),
    "stance_mt": (_targets, evaluations),
    "stance_rw": (_targets, evaluations),
    "babe": (_rows, babe),
    "labelled_wording": (_rows, wording),
    "labelled_holder": (_rows, judged),
    "labelled_reasons": (_rows, reasons),
    "labelled_genre": (_rows, genre),
}
"""By the names that `accuracy.BENCHMARKS` has for the files: the gold by article id, and who judges."""


# --- gathering ---------------------------------------------------------------------------------------------------------


def read_raw(article: Article, *, tokens: bool = False) -> Reading:
    """The reader with its scores as they come."""
    return reading.read_article(article, tokens=tokens, raw=True)


def gather(folder: Path, processes: int) -> list[Case]:
    """The cases of all files that are there; all texts are read in one go, their ids with the file's name before them."""
    texts: list[accuracy.Text] = []
    about: dict[str, Row] = {}
    golds: dict[str, Mapping[str, object]] = {}
    for name, (gold, _) in SOURCES.items():
        benchmark = accuracy.BENCHMARKS[name]
        if not (folder / benchmark.file).exists():
            print(f"{name}: {benchmark.file} is not in the data folder; set ALLEGEDLY_DATA", file=sys.stderr)
            continue
        lines = accuracy.gold_lines(folder / benchmark.file)
        golds[name] = gold(lines)
        texts += [(f"{name}:{key}", text) for key, text in benchmark.texts(lines)]
        about |= {f"{name}:{key}": row for key, row in benchmark.about(lines).items()}
    cases: list[Case] = []
    for output in accuracy.read_all(texts, "jsonl", processes, about, reader=read_raw):
        got = json.loads(output)
        name, _, key = got["article"]["id"].partition(":")
        cases += [Case(got["article"]["id"], *found) for found in SOURCES[name][1](golds[name][key], got)]
    return cases


# --- fitting -----------------------------------------------------------------------------------------------------------


def curve_of(cases: Sequence[Case], prior: Callable[[float], float], weight: float) -> Curve:
    """Isotonic regression on groups of like scores, each with `weight` cases more that are right as often as `prior` says.

    No share is surer than so many cases can make it (Laplace's rule of succession): of 29 that are all right, 30 of 31.
    """
    ordered = sorted(cases, key=lambda case: case.score)
    size = max(GROUP, -(-len(ordered) // STEPS))
    groups: list[list[Case]] = []
    for case in ordered:
        if groups and (len(groups[-1]) < size or groups[-1][-1].score == case.score):
            groups[-1].append(case)
        else:
            groups.append([case])
    if len(groups) > 1 and len(groups[-1]) < GROUP:
        groups[-2:] = [groups[-2] + groups[-1]]
    blocks: list[tuple[float, float, float]] = []  # weight, mean score, share
    for group in groups:
        score = sum(case.score for case in group) / len(group)
        right = sum(case.right for case in group) + weight * prior(score)
        block = (len(group) + weight, score, right / (len(group) + weight))
        while blocks and blocks[-1][2] >= block[2]:  # adjacent violators are pooled
            n, score, share = blocks.pop()
            both = n + block[0]
            block = (both, (n * score + block[0] * block[1]) / both, (n * share + block[0] * block[2]) / both)
        blocks.append(block)
    least = 1 / (len(cases) + 2)
    points = {round(score, 4): round(min(max(share, least), 1 - least), 4) for _, score, share in blocks}
    return tuple(points.items())


def fit(cases: Iterable[Case]) -> dict[str, Head]:
    """A curve for each head, and for each of its rules with cases enough."""
    heads: dict[str, list[Case]] = {}
    for case in cases:
        heads.setdefault(case.head, []).append(case)
    out: dict[str, Head] = {}
    for name, own in sorted(heads.items()):
        mean = (sum(case.right for case in own) + 1) / (len(own) + 2)
        whole = curve_of(own, lambda _, mean=mean: mean, PRIOR)  # type: ignore[misc]
        rules: dict[str, list[Case]] = {}
        for case in own:
            rules.setdefault(case.rule, []).append(case)
        curves = {
            rule: curve_of(some, lambda score, whole=whole: interpolated(whole, score), RULE_PRIOR)  # type: ignore[misc]
            for rule, some in sorted(rules.items())
            if len(rules) > 1 and len(some) >= ENOUGH
        }
        out[name] = Head(whole, curves)
    return out


def crossed(cases: Sequence[Case]) -> list[Point]:
    """Score and right (1 or 0) of every case, its score by the curves of the half of the texts that it is not in."""
    halves: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        halves[crc32(case.text.encode()) % 2].append(case)
    return [pair for own, other in (halves, halves[::-1]) for pair in scored(own, fit(other))]


def scored(cases: Iterable[Case], heads: Calibration) -> list[Point]:
    """Score and right (1 or 0) of every case by these curves; raw scores where a head has none."""
    return [(heads[case.head].share(case.rule, case.score) if case.head in heads else case.score, float(case.right)) for case in cases]


def table(pairs: Iterable[Point]) -> list[tuple[int, float, float]]:
    """Cases, mean score and share right of every bin that has cases."""
    bins: list[list[Point]] = [[] for _ in range(BINS)]
    for score, right in pairs:
        bins[min(int(score * BINS), BINS - 1)].append((score, right))
    return [(len(own), sum(s for s, _ in own) / len(own), sum(r for _, r in own) / len(own)) for own in bins if own]


def error(pairs: Sequence[Point]) -> float:
    """The expected calibration error."""
    return sum(n * abs(score - right) for n, score, right in table(pairs)) / len(pairs) if pairs else 0.0


# --- writing ------------------------------------------------------------------------------------------------------------

HEADER = """\
# Which share of findings with such a raw score was right, by head and by rule: written by `python -m benchmarks.calibration --fit`, which
# also says what counts as right. Isotonic regression by pooled adjacent violators (Zadrozny & Elkan 2002; Ayer et al. 1955), each group of
# like scores smoothed towards the mean of its head. Fitted again whenever the weights or the rules change.
"""


def as_toml(cases: Sequence[Case], heads: Calibration, weights: str) -> str:
    """The file's text: for each curve the cases, the share of them that was right, and its points."""
    out = [HEADER, f'weights = "{weights}" # of the model whose scores these are']
    for name, head in heads.items():
        own = [case for case in cases if case.head == name]
        out += [f"\n[{name}]", *_entry(own, head.curve)]
        for rule, curve in head.rules.items():
            out += [f'\n[{name}.rules."{rule}"]', *_entry([case for case in own if case.rule == rule], curve)]
    return "\n".join(out) + "\n"


def _entry(cases: Sequence[Case], curve: Curve) -> list[str]:
    points = ", ".join(f"[{score:.4f}, {share:.4f}]" for score, share in curve)
    return [f"cases = {len(cases)}", f"right = {sum(case.right for case in cases) / len(cases):.4f}", f"curve = [{points}]"]


def figures(cases: Sequence[Case]) -> dict[str, dict[str, object]]:
    """For each head: cases, share right, the three errors, and the reliability table of the halves."""
    out: dict[str, dict[str, object]] = {}
    for name in sorted({case.head for case in cases}):
        own = [case for case in cases if case.head == name]
        halves = crossed(own)
        out[name] = {
            "cases": len(own),
            "right": round(sum(case.right for case in own) / len(own), 4),
            "raw": round(error(scored(own, {})), 4),
            "in use": round(error(scored(own, measured())), 4),
            "halves": round(error(halves), 4),
            "bins": [[n, round(score, 3), round(right, 3)] for n, score, right in table(halves)],
        }
    return out


def _print(found: Mapping[str, Mapping[str, object]]) -> None:
    for name, row in found.items():
        print(f"{name}: {row['cases']} cases, {row['right']:.3f} right; error raw {row['raw']:.3f}, ", end="")
        print(f"in use {row['in use']:.3f}, halves {row['halves']:.3f}")
        for n, score, right in row["bins"]:  # type: ignore[attr-defined]
            print(f"  {n:6}  score {score:.3f}  right {right:.3f}")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and fit where asked to; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration", description="Are scores the shares of findings that are right?"
    )
    parser.add_argument("--fit", action="store_true", help="write the curves fitted on all cases to data/en/calibration.toml")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args(argv)
    cases = gather(accuracy.data_folder(), options.processes)
    if not cases:
        return 2
    if options.fit:
        weights = accuracy.sha256(FILE.with_name("model.onnx"))
        FILE.write_text(as_toml(cases, fit(cases), weights), encoding="utf8")
        measured.cache_clear()
    found = figures(cases)
    print(json.dumps(found)) if options.json else _print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
