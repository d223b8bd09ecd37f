"""The accuracy figures mean what the reference scorer's do: compared on random gold and readings, and on the development files."""

import contextlib
import importlib.util
import io
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import accuracy, measures

SCORER = accuracy.data_folder().parent / "score" / "score.py"
WORDS = [
    "Ardovia",
    "Kestria",
    "Osk",
    "minister",
    "rebels",
    "envoys",
    "met",
    "denied",
    "said",
    "raid",
    "talks",
    "pact",
    "the",
    "a",
    "of",
    ",",
    ".",
    "(",
    ")",
    "in",
]
TYPES = ["AGREE", "CONSULT", "ASSAULT", "REQUEST"]
SEEDS = range(40)

OURS = {"babe", "connectives", "coreference", "fivew", "quad"}
"""Benchmarks that the reference scorer does not have."""
needs_scorer = pytest.mark.skipif(not SCORER.exists(), reason="the reference scorer is not in the data folder's neighbourhood")
needs_data = pytest.mark.skipif(not (accuracy.data_folder() / "claims").exists(), reason="no development files: set ALLEGEDLY_DATA")


REFERENCE = Path(__file__).with_name("fixtures") / "reference_figures.json"


@pytest.fixture(scope="module")
def scorer() -> Any:
    return load_scorer()


def load_scorer() -> Any:
    spec = importlib.util.spec_from_file_location("reference_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- random gold and readings -------------------------------------------------------------------------------------------


def some_text(dice: random.Random, words: int = 14) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words)) + " end"


def some_spans(dice: random.Random, text: str, most: int = 2) -> list[list[int]]:
    """Spans from word to word, so that gold and predicted ones often meet."""
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == " ")]
    ends = [*(i for i, character in enumerate(text) if character == " "), len(text)]
    out = []
    for _ in range(dice.randint(0, most)):
        first = dice.randrange(len(starts))
        out.append([starts[first], ends[min(len(ends) - 1, first + dice.randint(0, 4))]])
    return sorted(out)


def some_attributions(dice: random.Random, text: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for number in range(dice.randint(0, 4)):
        parent = dice.choice([None, f"a{dice.randint(0, 4)}"])
        roles = {role: some_spans(dice, text) for role in measures.ROLES}
        out.append({"id": f"a{number}", "parent": parent if parent != f"a{number}" else None, **roles})
    return out


def altered(dice: random.Random, text: str, attribution: dict[str, Any]) -> dict[str, Any]:
    """Nearly the same attribution: its content begins or ends elsewhere, so that several compete for one."""
    content = [[max(0, start - dice.randint(0, 4)), min(len(text), end + dice.randint(0, 9))] for start, end in attribution["content"]]
    return {**attribution, "parent": None, "content": content}


def some_statements(dice: random.Random, text: str) -> list[dict[str, Any]]:
    out = []
    for number in range(dice.randint(0, 4)):
        act = dice.choice(TYPES)
        out.append(
            {
                "id": f"s{number}",
                "predicate": some_spans(dice, text) or [[0, 3]],
                "actor": some_spans(dice, text),
                "recipient": some_spans(dice, text),
                "event": dice.choice([None, {"type": dice.choice(TYPES), "act": act}, {"type": act, "act": act}]),
                "polarity": dice.choice(["affirmed", "negated"]),
                "status": dice.choice(["actual", "planned"]),
                "voice": dice.choice(["author", "a0", "a1", "a9"]),
            }
        )
    return out


def some_reading(dice: random.Random, row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]
    mentions = [
        {
            "start": start,
            "end": end,
            "named": dice.random() < 0.8,
            "type": dice.choice(["person", "organization", "group", "country", "other"]),
        }
        for start, end in some_spans(dice, text, 6)
    ]
    return {
        "article": {"id": row["id"], "text": text},
        "attributions": some_attributions(dice, text),
        "statements": some_statements(dice, text),
        "mentions": mentions,
    }


def some_claims(dice: random.Random, text: str) -> list[dict[str, Any]]:
    words = [word for word in text.split() if word.isalpha()]
    wanted = [
        {
            "predicate": dice.choice(words),
            "actor": dice.choice([None, dice.choice(words)]),
            "recipient": dice.choice(words),
            "act": dice.choice([None, "?", *TYPES]),
            "polarity": dice.choice(["affirmed", "negated"]),
            "status": dice.choice(["actual", "planned"]),
            "voice": dice.choice([None, "author", dice.choice(words)]),
        }
        for _ in range(dice.randint(0, 3))
    ]
    # One that asks for everything, so that no figure is over nothing (the reference scorer divides by it).
    sure = {"act": "AGREE", "polarity": "negated", "status": "actual", "voice": words[0]}
    return [*wanted, {"predicate": words[-1], "actor": words[0], "recipient": words[0], **sure}]


def some_markup(dice: random.Random, text: str) -> str:
    words = text.split()
    for _ in range(dice.randint(0, 4)):
        first = dice.randrange(len(words))
        last = min(len(words), first + dice.randint(1, 3))
        words[first] = f"({dice.choice(['SRC', 'TAR', 'EVT', 'SRC/TAR', 'LOC'])}: {words[first]}"
        words[last - 1] += dice.choice([")", ")", "}"])
    return " ".join(words)


def gold_rows(kind: str, dice: random.Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number in range(6):
        row: dict[str, Any] = {"id": f"g{number}", "text": some_text(dice)}
        if kind == "attribution":
            row["attributions"] = [
                {key: value for key, value in one.items() if key in measures.ROLES} for one in some_attributions(dice, row["text"])
            ]
        elif kind == "claims":
            row["statements"] = some_claims(dice, row["text"])
        else:
            markup = some_markup(dice, row["text"])
            row |= {"event": dice.choice([*TYPES, "DEMAND", "FIGHT"]), "textInfo": dice.choice([markup, {"markup": markup}])}
        rows.append(row)
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf8")
    return str(path)


def reference(figures: Callable[[str, str], dict[str, Any]], gold: str, readings: str) -> dict[str, Any]:
    with contextlib.redirect_stderr(io.StringIO()):
        return figures(gold, readings)


def same(ours: dict[str, float], theirs: dict[str, Any]) -> None:
    assert ours, "no figures"
    assert {key: pytest.approx(theirs[key], abs=1e-12) for key in ours} == ours


# --- equal to the reference ------------------------------------------------------------------------------------------------


@needs_scorer
@pytest.mark.parametrize("seed", SEEDS)
def test_gold_given_back_is_perfect_in_both(seed: int, scorer: Any, tmp_path: Path) -> None:
    gold = gold_rows("attribution", random.Random(seed))
    gold = [row | {"attributions": [one for one in row["attributions"] if one["content"]]} for row in gold]
    readings = [{"article": {"id": row["id"]}, "attributions": row["attributions"]} for row in gold]
    ours = measures.attribution(gold, {row["id"]: row for row in gold})
    same(ours, reference(scorer.attribution, write_rows(tmp_path / "g", gold), write_rows(tmp_path / "r", readings)))
    assert ours["attribution_f1"] == 1.0


def iob2(dice: random.Random) -> str:
    out = ["# newdoc\n"]
    for number in range(8):
        words = some_text(dice).split()
        out += [f"# sent_id = {number}\n", f"# text = {' '.join(words)}\n"]
        tags = [dice.choice(["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC"]) for _ in words]
        out += [f"{i}\t{word}\t{tag}\t-\t-\n" for i, (word, tag) in enumerate(zip(words, tags, strict=True), 1)] + ["\n"]
    return "".join(out)


def conllu(dice: random.Random, text: str) -> str:
    """The text cut into words, surface tokens of several words and sentences at random, with random trees."""
    out, rest = [], text.split()
    while rest:
        size = dice.randint(2, 6)
        sentence, rest = rest[:size], rest[size:]
        rows, number = ["# a comment"], 0
        heads = len(sentence) + 1
        for word in sentence:
            split = len(word) > 3 and dice.random() < 0.3
            if split:
                rows.append("\t".join([f"{number + 1}-{number + 2}", word, *"________"]))
            for part in (word[:2], word[2:]) if split else (word,):
                number += 1
                head, relation = str(dice.randrange(heads)), dice.choice(["nsubj", "nsubj:pass", "obj"])
                rows.append("\t".join([str(number), part, "_", dice.choice(["NOUN", "VERB"]), "_", "_", head, relation, "_", "_"]))
        rows.append("\t".join(["1.1", "empty", *"________"]))
        out.append("\n".join(rows) + "\n\n")
    return "".join(out)


def rows_case(kind: str, dice: random.Random, folder: Path) -> dict[str, float]:
    gold = gold_rows(kind, dice)
    readings = [some_reading(dice, row) for row in gold if dice.random() < 0.9]
    wanted = {row["id"]: row.get("attributions", ()) for row in gold}
    for reading in readings:
        article = reading["article"]
        reading["attributions"] += [altered(dice, article["text"], one) for one in wanted[article["id"]] for _ in range(2)]
    dice.shuffle(readings)
    write_rows(folder / "gold", gold)
    write_rows(folder / "got", readings)
    figures: dict[str, float] = getattr(measures, kind)(gold, {reading["article"]["id"]: reading for reading in readings})
    return figures


def entities_case(kind: str, dice: random.Random, folder: Path) -> dict[str, float]:
    (folder / "gold").write_text(iob2(dice), encoding="utf8")
    gold = accuracy.tagged_sentences(accuracy.gold_lines(folder / "gold"))
    readings = [some_reading(dice, {"id": sentence.id, "text": sentence.text}) for sentence in gold]
    for reading, sentence in zip(readings, gold, strict=True):
        reading["mentions"] += [
            {"type": name, "start": start, "end": end, "named": True}
            for name, start, end in sorted(sentence.names())
            if dice.random() < 0.5
        ]
    write_rows(folder / "got", readings)
    return measures.entities(gold, {reading["article"]["id"]: reading for reading in readings})


def syntax_case(kind: str, dice: random.Random, folder: Path) -> dict[str, float]:
    text = some_text(dice, 40)
    for name in ("gold", "got"):
        (folder / name).write_text(conllu(dice, text), encoding="utf8")
    return measures.syntax(*(measures.tree_words(accuracy.gold_lines(folder / name)) for name in ("gold", "got")))


def stance_case(kind: str, dice: random.Random, folder: Path) -> dict[str, float]:
    """Sentences with rated targets, and evaluations that often meet one or several of them."""
    gold: list[dict[str, Any]] = []
    readings: list[dict[str, Any]] = []
    for number in range(8):
        text = some_text(dice)
        spans = [one for one in some_spans(dice, text, 4) if one]
        rated = [{"from": start, "to": end, "polarity": dice.choice([2.0, 3.5, 3.67, 4.0, 4.5, 4.67, 6.0])} for start, end in spans]
        gold.append({"primary_gid": f"g{number}", "sentence_normalized": text, "targets": rated})
        found = [
            {"target": dice.choice([[span], spans]), "polarity": dice.choice([-1, -1, 0, 1, 1])}
            for span in spans * 2
            if dice.random() < 0.6
        ]
        if dice.random() < 0.9:
            readings.append({"article": {"id": f"g{number}", "text": text}, "evaluations": found})
    write_rows(folder / "gold", gold)
    write_rows(folder / "got", readings)
    return measures.stance(gold, {reading["article"]["id"]: reading for reading in readings})


CASES = {
    "attribution": rows_case,
    "claims": rows_case,
    "events": rows_case,
    "entities": entities_case,
    "stance": stance_case,
    "syntax": syntax_case,
}


@needs_scorer
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", sorted(CASES))
def test_figures_equal_the_reference_scorers(kind: str, seed: int, scorer: Any, tmp_path: Path) -> None:
    ours = CASES[kind](kind, random.Random(f"{kind} {seed}"), tmp_path)
    same(ours, reference(getattr(scorer, kind), str(tmp_path / "gold"), str(tmp_path / "got")))


@pytest.mark.parametrize("kind", sorted(CASES))
def test_figures_are_those_that_the_reference_scorer_once_gave(kind: str, tmp_path: Path) -> None:
    """The same cases where the scorer is not at hand. After a change of the cases: `python tests/test_measures.py` writes the file again."""
    for seed, theirs in enumerate(json.loads(REFERENCE.read_text(encoding="utf8"))[kind]):
        same(CASES[kind](kind, random.Random(f"{kind} {seed}"), tmp_path), theirs)


def test_a_tree_is_like_itself() -> None:
    words = measures.tree_words(conllu(random.Random(1), some_text(random.Random(2), 40)).splitlines())
    assert set(measures.syntax(words, words).values()) == {1.0}


@needs_scorer
@needs_data
@pytest.mark.parametrize("name", sorted(accuracy.CORPORA.keys() - OURS))
def test_texts_to_read_equal_the_reference_scorers(name: str, scorer: Any) -> None:
    benchmark = accuracy.BENCHMARKS[name]
    path = accuracy.data_folder() / benchmark.file
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        scorer.inputs(name.partition("_")[0], str(path))
    theirs = [(row["id"], row["text"]) for row in map(json.loads, printed.getvalue().splitlines())]
    assert benchmark.texts(accuracy.gold_lines(path)) == theirs


@needs_scorer
@needs_data
@pytest.mark.parametrize("name", ["claims", "attribution", "events"])
def test_development_figures_equal_the_reference_scorers(name: str, scorer: Any, tmp_path: Path) -> None:
    dice = random.Random(name)
    path = accuracy.data_folder() / accuracy.BENCHMARKS[name].file
    gold = [row for row in accuracy.json_rows(accuracy.gold_lines(path)) if row.get("text")]
    readings = [some_reading(dice, row) for row in gold]
    for row, reading in zip(gold, readings, strict=True):
        if name == "events":
            roles = {role: measures.tagged_spans(row, tag) for role, tag in (("actor", "SRC"), ("recipient", "TAR"), ("predicate", "EVT"))}
            reading["statements"].append({"event": {"type": dice.choice([row["event"], "CONSULT"])}, **roles})
        elif name == "attribution":
            reading["attributions"] = [one for one in row["attributions"] if dice.random() < 0.7]
    theirs = reference(getattr(scorer, name), str(path), write_rows(tmp_path / "readings.jsonl", readings))
    same(getattr(measures, name)(gold, {reading["article"]["id"]: reading for reading in readings}), theirs)


# --- what the figures say, on cases worked out by hand -----------------------------------------------------------------------


def test_a_statement_not_found_is_wrong_in_everything() -> None:
    wanted = {
        "predicate": "met",
        "actor": "Osk",
        "recipient": None,
        "act": "CONSULT",
        "polarity": "affirmed",
        "status": "actual",
        "voice": "author",
    }
    gold = [{"id": "1", "text": "Osk met Maravel.", "statements": [wanted]}]
    assert measures.claims(gold, {})["all"] == 0.0
    found = {
        "predicate": [[4, 7]],
        "actor": [[0, 3]],
        "event": {"act": "CONSULT"},
        "polarity": "affirmed",
        "status": "actual",
        "voice": "author",
    }
    figures = measures.claims(gold, {"1": {"statements": [found]}})
    assert (figures["all"], figures["found"], figures["act_precision"]) == (1.0, 1.0, 1.0)


def test_an_actor_that_swallows_the_sentence_does_not_fit() -> None:
    assert measures.close_to([(0, 29)], [(0, 3)])
    assert not measures.close_to([(0, 30)], [(0, 3)])
    assert not measures.close_to([(3, 6)], [(0, 3)])


def test_the_same_words_marked_twice_are_found_one_after_the_other() -> None:
    text = "Osk told Kestria that Maravel (an ally) and Kestria had met Osk."
    markup = "Osk told Kestria that (TAR: Maravel (an ally)) and (SRC: Kestria} had (EVT: met (SRC/TAR: Osk))."
    record = {"text": text, "textInfo": {"markup": markup}}
    assert measures.tagged_spans(record, "TAR") == [(22, 39), (60, 63)]
    assert measures.tagged_spans(record, "EVT") == [(56, 63)]


def test_nested_attributions_are_left_out() -> None:
    outer = {"id": "a0", "parent": None, "source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 30]]}
    inner = {"id": "a1", "parent": "a0", "source": [[9, 12]], "cue": [[13, 17]], "content": [[18, 30]]}
    gold = [{"id": "1", "text": "Osk said Ard said the raid end", "attributions": [{key: outer[key] for key in measures.ROLES}]}]
    assert measures.attribution(gold, {"1": {"attributions": [outer, inner]}})["attribution_f1"] == 1.0


def test_charged_wording_makes_a_sentence_biased() -> None:
    def row(number: int, label: str, words: str) -> dict[str, Any]:
        return {"id": f"r{number}", "text": "The vile bank said no", "label_bias": label, "biased_words": words}

    gold = [row(1, "Biased", "['Vile']"), row(2, "Non-biased", "[]"), row(3, "No agreement", "['bank']"), row(4, "Biased", "[]")]
    gold.append(row(5, "Biased", "[]"))
    vile = {"kind": "loaded", "start": 4, "end": 8, "score": 0.75}
    vague = {"kind": "vague_source", "start": 4, "end": 13, "score": 0.9}
    faint = {"kind": "loaded", "start": 9, "end": 13, "score": 0.3}
    readings = {"r1": {"wording": [vile]}, "r2": {"wording": [vague]}, "r3": {"wording": [vile]}, "r4": {"wording": [faint]}}
    figures = measures.wording(gold, readings)
    assert figures["word_f1"] == pytest.approx(2 * 1 / (2 + 1))  # "vile" is right, the faint "bank" is wrong
    assert figures["sentence_macro_f1"] == pytest.approx((4 / 5 + 2 / 3) / 2)  # r1, r4 and r2 are right, r5 is missed
    assert measures.wording(gold, {})["word_f1"] == 0.0


def write_reference_figures(folder: Path) -> None:
    """What the reference scorer gives on the first cases."""
    module, out = load_scorer(), {}
    for kind, case in CASES.items():
        out[kind] = []
        for seed in range(8):
            ours = case(kind, random.Random(f"{kind} {seed}"), folder)
            theirs = reference(getattr(module, kind), str(folder / "gold"), str(folder / "got"))
            out[kind].append({key: theirs[key] for key in ours})
    REFERENCE.write_text(json.dumps(out, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        write_reference_figures(Path(name))
