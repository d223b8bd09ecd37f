"""What the teacher believes of training texts, as targets for the student (`training.teacher` writes them).

They are kept by the text's hash, so that they stay with a text whose names were changed: atoms stay as many, and the student learns to
find behind any name what the teacher found behind the one that was there.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.corpora import Sample

CLASSES = ("segment", "upos", "feats", "lemma", "mentions", "stance", "wording", "slanted", "relation")
"""Heads with the likeliest `MOST` labels of an atom; `relation` is that to the likeliest head."""
POINTERS = ("arcs", "links", "coref")
"""Heads with the likeliest `MOST` atoms that an atom points to; -1 stands for the root, or for no antecedent."""
MOST = 4
NAMED = 0.5
PARAGRAPH = 8  # sentences of reports that stand one after the other

Beliefs = dict[str, npt.NDArray[Any]]
"""Of one text: probabilities, float16, under a head's name, of all tags for a chain; for others the labels or atoms that they are of, under
the name and `_at`; and `sentence`, the number of the sentence of each atom that begins a word, else -1. A row of zeros: not asked."""


def fingerprint(text: str) -> str:
    """Under which a text's beliefs are kept."""
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()[:16]


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


def write(path: Path, found: dict[str, Beliefs]) -> None:
    """Keep the beliefs of texts by their fingerprints: one array a head, and where each text's part of it ends."""
    keys = sorted(found)
    ends = np.cumsum([len(found[key]["sentence"]) for key in keys])
    arrays = {name: np.concatenate([found[key][name] for key in keys]) for name in found[keys[0]]}
    np.savez(path, keys=np.array(keys), ends=ends, **arrays)  # type: ignore[arg-type]


def read(path: Path) -> dict[str, Beliefs]:
    """What `write` kept."""
    if not path.exists():
        raise SystemExit(f"{path} is not there: run python -m training.teacher first")
    with np.load(path) as kept:
        arrays = {name: kept[name] for name in kept.files}
    ends = arrays.pop("ends").tolist()
    starts = [0, *ends[:-1]]
    return {
        str(key): {name: values[a:b] for name, values in arrays.items()} for key, a, b in zip(arrays.pop("keys"), starts, ends, strict=True)
    }


def taught(samples: Iterable[Sample], known: dict[str, Beliefs]) -> list[Sample]:
    """The samples with the teacher's beliefs; those that it has not read stay as they are.

    How a text speaks of somebody is only asked where somebody is named, or where the corpus asks it.
    """
    out = []
    for sample in samples:
        soft = dict(known.get(fingerprint(sample.atoms.text), {}))
        if soft:
            asked = sample.labels.get("stance", np.full(len(sample.atoms), -1)) >= 0
            asked |= 1 - soft["names"][:, 0].astype(np.float32) > NAMED
            soft["stance"] = np.where(asked[:, None], soft["stance"], np.float16(0))
        out.append(replace(sample, soft=soft))
    return out
