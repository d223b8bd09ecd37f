"""What a teacher believes of training texts, as targets for the student (`training.teacher` writes them)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

CLASSES = ("segment", "upos", "feats", "lemma", "mentions", "stance", "wording", "slanted", "relation")
"""Heads with the likeliest `MOST` labels of an atom; `relation` is that to the likeliest head."""
POINTERS = ("arcs", "links", "coref")
"""Heads with the likeliest `MOST` atoms that an atom points to; -1 stands for the root, or for no antecedent."""
MOST = 4
PARAGRAPH = 8  # sentences of reports that stand one after the other

Beliefs = dict[str, npt.NDArray[Any]]
"""Of every atom of all training texts, end to end: probabilities, float16, under a head's name, of all tags for a chain; for others the
labels or atoms that they are of, under the name and `_at`; and `sentence`, the number of the sentence of each atom that begins a word, else
-1. A row of zeros: not asked."""


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        yield from map(json.loads, lines)


def unlabelled(data: Path) -> Iterator[str]:
    """News that the student learns from the teacher alone: the training parts of three corpora."""
    for row in _rows(data / "wording/basil_train.jsonl.gz"):
        yield "\n\n".join(" ".join(paragraph) for paragraph in row["body-paragraphs"])
    for row in _rows(data / "stance/persent_train.jsonl.gz"):
        yield row["text"]
    sentences = [row["text"].strip() for row in _rows(data / "events/india_police_train.jsonl.gz")]
    yield from (" ".join(sentences[at : at + PARAGRAPH]) for at in range(0, len(sentences), PARAGRAPH))


def write(path: Path, found: Beliefs) -> None:
    """Keep beliefs."""
    np.savez(path, **found)  # type: ignore[arg-type]


def read(path: Path) -> Beliefs:
    """What `write` kept."""
    if not path.exists():
        raise SystemExit(f"{path} is not there: run python -m training.teacher first")
    with np.load(path) as kept:
        return {name: kept[name] for name in kept.files}
