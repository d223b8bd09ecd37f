"""Corpora for what a text means: how it speaks of somebody (NewsMTSC), loaded words (BABE), what predicates do (the lexicon, quad classes).

Labels are per atom, IGNORE where a corpus is silent. `silver` acts come from the package's own earlier model and its rules, where the
lexicon is sure; nothing that is measured is trained on.
"""

import ast
import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from allegedly.language import event_lexicon, plover, word_sets
from allegedly.model import Model
from allegedly.pieces import atoms
from allegedly.reading import events
from allegedly.reading.lemmas import corrected
from allegedly.reading.statements import Finder
from allegedly.reading.tree import Tree
from allegedly.records import Analysis
from training.corpora import IGNORE, Sample, covered

STANCES = ("negative", "neutral", "positive")
WORDING = ("plain", "loaded")
SLANTED = ("unslanted", "slanted")
ACTS = ("none", *sorted(plover().types))
QUADS = len(ACTS)
"""Act labels from here on say the quad class alone: QUADS + q - 1 for class q."""

Silver = dict[str, list[tuple[int, str]]]
"""By text: acts (start of the predicate's head, label)."""


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def allowed_acts() -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(labels, acts): which acts each label leaves open; a quad class leaves its own types."""
    out = np.zeros((QUADS + 4, len(ACTS)), bool)
    out[: len(ACTS)] = np.eye(len(ACTS), dtype=bool)
    for i, name in enumerate(ACTS[1:], 1):
        out[QUADS + plover().types[name].quad - 1, i] = True
    return out


def newsmtsc(path: Path) -> list[Sample]:
    """`stance` on the atoms of every marked person or party: below 3.5 negative, above 4.5 positive, else neutral."""
    out = []
    for row in _rows(path):
        text = str(row["sentence_normalized"])
        found = atoms(text)
        stance = np.full(len(found), IGNORE, np.int64)
        for target in row["targets"]:  # type: ignore[attr-defined]
            first, last = covered(found, target["from"], target["to"])
            value = float(target["polarity"])
            stance[first:last] = 0 if value < 3.5 else 2 if value > 4.5 else 1
        out.append(Sample(found, {"stance": stance}))
    return out


def babe(path: Path) -> list[Sample]:
    """`wording` (the words that annotators called biased) and, on every atom, whether the sentence as a whole was (`slanted`)."""
    out = []
    for row in _rows(path):
        text = str(row["text"]).strip()
        found = atoms(text)
        if not len(found) or row["label_bias"] not in ("Biased", "Non-biased"):
            continue
        wording = np.zeros(len(found), np.int64)
        for word in ast.literal_eval(str(row["biased_words"])):
            for m in re.finditer(r"(?<!\w)" + re.escape(str(word).strip()) + r"(?!\w)", text, re.IGNORECASE):
                first, last = covered(found, m.start(), m.end())
                wording[first:last] = 1
        slanted = np.full(len(found), int(row["label_bias"] == "Biased"), np.int64)
        out.append(Sample(found, {"wording": wording, "slanted": slanted}))
    return out


# --- acts ------------------------------------------------------------------------------------------------------------


def acts_of(analysis: Analysis) -> list[tuple[int, str]]:
    """Heads of predications with the lexicon's act, "none" where it knows the predicate and no frame fits."""
    tree, lexicon = Tree(analysis), event_lexicon()
    known = {"verb": lexicon.by_verb, "noun": lexicon.by_noun, "copula": lexicon.by_adjective}
    out = []
    for p in Finder(tree, word_sets("predicates"), lexicon.by_noun).run():
        match = events.match(p, tree, lexicon)
        if match:
            out.append((tree[p.head].start, match.type))
        elif p.lemma.lower() in known[p.kind] or p.kind == "copula":
            out.append((tree[p.head].start, "none"))
    return out


def silver(texts: list[str], kept: Path, progress: Callable[[int, int], None]) -> Silver:
    """What the package's own model and lexicon say of texts. Written to `kept`, and read from there the next time."""
    out: Silver = {}
    if kept.exists():
        with gzip.open(kept, "rt", encoding="utf8") as file:
            out = {text: [(s, a) for s, a in acts] for text, acts in json.load(file).items()}
    missing = [text for text in texts if text not in out]
    model = Model.load()
    for number, text in enumerate(missing, 1):
        out[text] = acts_of(corrected(model.analyse(text)))
        progress(number, len(missing))
    if missing:
        with gzip.open(kept, "wt", encoding="utf8") as file:
            json.dump(out, file, ensure_ascii=False)
    return out


def with_silver(samples: Iterable[Sample], known: Silver) -> list[Sample]:
    """Samples with the lexicon's acts."""
    return [Sample(s.atoms, s.labels | {"acts": _act_labels(s, known.get(s.atoms.text, []))}) for s in samples]


def _act_labels(sample: Sample, predicates: list[tuple[int, str]]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    labels = np.full(len(sample.atoms), IGNORE, np.int64)
    for start, name in predicates:
        labels[covered(sample.atoms, start, start + 1)[0]] = ACTS.index(name)
    return labels


def quads(path: Path, known: Silver) -> list[Sample]:
    """Sentences with a quad class: the lexicon's acts where they agree with it, else the class alone at the first predicate."""
    out = []
    for row in _rows(path):
        found = atoms(str(row["text"]))
        if not len(found):
            continue
        sample, quad = Sample(found), int(str(row["label"]))
        predicates = known.get(found.text, [])
        right = [(s, n) for s, n in predicates if _quad(n) == quad]
        if quad == 0:
            right = [(s, n) for s, n in predicates if n in ("none", "REQUEST")]
        if right:
            sample.labels["acts"] = _act_labels(sample, right)
        elif quad and predicates:
            labels = np.full(len(found), IGNORE, np.int64)
            labels[covered(found, predicates[0][0], predicates[0][0] + 1)[0]] = QUADS + quad - 1
            sample.labels["acts"] = labels
        else:
            continue
        out.append(sample)
    return out


def _quad(name: str) -> int:
    return plover().types[name].quad if name != "none" else -1


def examples() -> list[str]:
    """The lexicon's own example sentences."""
    lexicon = event_lexicon(examples=True)
    return sorted({text for sense in lexicon.senses for text in (*sense.yes, *sense.no)})


def reports(path: Path, most: int) -> list[str]:
    """The first sentences of a corpus of conflict reports."""
    return [str(row["text"]) for row in islice(_rows(path), most)]


def texts(path: Path) -> set[str]:
    """All texts of a corpus of sentences."""
    return {str(row["text"]) for row in _rows(path)}


def plain(strings: Iterable[str]) -> list[Sample]:
    """Unlabelled texts."""
    return [Sample(found) for text in strings if len(found := atoms(text))]
