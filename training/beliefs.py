"""What the teacher believes of training texts, as targets for the student (`training.teacher` writes them).

Probabilities per atom, under a hash of the text, so that they stay with a text whose names were changed: atoms stay as many.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.corpora import Sample

SOFT = ("roles", "names", "stance", "wording", "slanted")
"""Heads that are taught."""
TAUGHT = {
    "polnear": SOFT,
    "news": SOFT,
    "newsmtsc": SOFT,
    "babe": ("names", "stance", "wording", "slanted"),
    "ewt": ("names",),
    "quads": ("names", "roles", "stance"),
}
"""By corpus, the heads whose beliefs are targets there: where the text is of the kind that the teacher learnt the head from."""
NAMED = 0.5


def fingerprint(text: str) -> str:
    """Under which a text's beliefs are kept."""
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()[:16]


def unlabelled(data: Path) -> Iterator[str]:
    """Texts that the student learns from the teacher alone: the training parts of two corpora of news."""
    for name, field in (("wording/basil_train", "body-paragraphs"), ("stance/persent_train", "text")):
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf8") as lines:
            for line in lines:
                found = json.loads(line)[field]
                yield found if isinstance(found, str) else "\n\n".join(" ".join(paragraph) for paragraph in found)


def taught(samples: list[Sample], corpus: str, path: Path) -> list[Sample]:
    """The samples with the teacher's beliefs, float16 of shape (atoms, labels); those that it has not read stay as they are.

    How a text speaks of somebody is only asked where somebody is named, or where the corpus asks it.
    """
    out = []
    with np.load(path) as kept:
        for sample in samples:
            base = fingerprint(sample.atoms.text)
            soft = {name: kept[f"{base}/{name}"] for name in TAUGHT[corpus] if f"{base}/{name}" in kept}
            if "stance" in soft:
                names = kept[f"{base}/names"].astype(np.float32)
                asked = sample.labels.get("stance", np.full(len(sample.atoms), -1)) >= 0
                soft["stance"] = np.where((asked | (1 - names[:, 0] > NAMED))[:, None], soft["stance"], np.float16(0))
            out.append(replace(sample, soft=soft))
    return out
