"""Corpora to arrays that training needs nothing beside: `python -m training.prepare --data ../shared/data --work build/model`.

Writes `prepared.npz`: every training text as the teachers read it and, blinded, as the student does (`training.batches`); the windows in
which either is asked what it believes; and the windows of as many epochs as each trains for. Training itself reads this file alone.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np

from allegedly.blinding import blinding
from allegedly.pieces import load_tokenizer, windows
from training import meaning
from training.batches import Arrays, Documents, epoch, prepare
from training.beliefs import unlabelled
from training.corpora import Sample, attributions, re3d, treebank, vocabularies
from training.headlinese import headlines
from training.network import base_model

STUDENT = dict.fromkeys(("ewt", "gum", "headlines", "polnear", "re3d", "newsmtsc", "babe", "examples", "quads", "conflict", "news"), 1)
TEACHER = {"ewt": 1, "gum": 2, "polnear": 1, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 1}
PARSER = {"ewt": 1, "gum": 1, "headlines": 1}
"""How often an epoch shows each corpus: to the student, to the teachers of attribution, and to those of trees."""
EPOCHS = {"student": 24, "teacher": 5, "parser": 10}
"""Epochs whose windows are cut; a longer training begins again with the first."""


def read_labels(data: Path) -> dict[str, list[str]]:
    """Label vocabularies."""
    labels = vocabularies([data / "syntax/en_ewt_train.conllu.gz", data / "syntax/en_gum_train.conllu.gz"])
    return labels | {
        "acts": list(meaning.ACTS),
        "stance": list(meaning.STANCES),
        "wording": list(meaning.WORDING),
        "slanted": list(meaning.SLANTED),
    }


def load(data: Path, work: Path, labels: dict[str, list[str]], limit: int | None = None) -> dict[str, list[Sample]]:
    """The training corpora, or the first texts of each. Silver acts come from the package's own model and lexicon."""
    ewt, gum = data / "syntax/en_ewt_train.conllu.gz", data / "syntax/en_gum_train.conllu.gz"
    samples = {
        "ewt": treebank(ewt, labels, entities=False),
        "gum": treebank(gum, labels, entities=True),
        "headlines": [*headlines(ewt, labels), *headlines(gum, labels, genres=True)],
        "polnear": attributions(data / "attribution/polnear_train.jsonl.gz"),
        "re3d": re3d(p for p in sorted((data / "entities").glob("re3d_*.jsonl.gz")) if "centcom" not in p.name),
        "newsmtsc": meaning.newsmtsc(data / "stance/newsmtsc_train.jsonl.gz"),
        "babe": meaning.babe(data / "wording/babe_train.jsonl.gz"),
        "examples": meaning.plain(meaning.examples()),
        "news": meaning.plain(unlabelled(data)),
        "conflict": meaning.plain(meaning.reports(data / "events/india_police_train.jsonl.gz", 5000)),
    }
    samples = {name: rows[:limit] for name, rows in samples.items()}
    quads = data / "events/cameo_quad_train.jsonl.gz"
    texts = {s.atoms.text for name in ("polnear", "examples", "conflict") for s in samples[name]} | meaning.texts(quads)
    known = meaning.silver(sorted(texts), work / "silver.json.gz", lambda n, of: progress("silver labels", n, of))
    for name in ("polnear", "examples", "conflict"):
        samples[name] = meaning.with_silver(samples[name], known)
    return samples | {"quads": meaning.quads(quads, known)}


def asked(documents: Documents) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """(windows, 4): where reading's own windows over all texts begin and end, and their cores, as numbers of atoms in the table."""
    rows = [
        (d.at + w.first, d.at + w.last, d.at + w.core_first, d.at + w.core_last)
        for some in documents.corpora.values()
        for d in some
        for w in windows(d.atoms, d.pieces)
    ]
    return np.array(rows, np.int32).reshape(-1, 4)


def arrays(samples: dict[str, list[Sample]], folder: Path, seed: int) -> Arrays:
    """What `prepared.npz` holds, by name."""
    tokenizer = load_tokenizer(str(folder / "tokenizer.json"))
    out: Arrays = {}
    for who, blind in (("teacher", None), ("student", blinding())):
        documents = prepare(samples, tokenizer, blind)
        for pupil, shares in (("teacher", TEACHER), ("parser", PARSER)) if blind is None else (("student", STUDENT),):
            rng = random.Random(f"{seed} {pupil}")
            cuts = [epoch(documents, shares, rng) for _ in range(EPOCHS[pupil])]
            out[f"{pupil}.spans"] = np.concatenate(cuts)
            out[f"{pupil}.epochs"] = np.cumsum([len(some) for some in cuts]).astype(np.int32)
        out |= {f"{who}.{key}": values for key, values in documents.arrays.items()}
        out[f"{who}.asked"] = asked(documents)
        out[f"{who}.texts"] = np.array([d.at for some in documents.corpora.values() for d in some], np.int32)
        progress(f"the {who}'s texts", 1, 1)
    return out


def compact(found: Arrays) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """The same numbers in the narrowest types that hold them."""
    return {
        key: values.astype(np.result_type(np.min_scalar_type(values.min()), np.min_scalar_type(values.max())))
        for key, values in found.items()
    }


def progress(what: str, number: int, of: int) -> None:
    """Progress of a step that has no loss to show."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {number}/{of}" + ("\n" if number == of else ""))
    elif number == of:
        sys.stderr.write(f"{what}: {of}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora (ALLEGEDLY_DATA)")
    parser.add_argument("--work", type=Path, default=Path("build/model"), help="where prepared.npz goes")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--limit", type=int, help="texts of each corpus: for a quick trial of the whole recipe")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    labels, base = read_labels(options.data), base_model()
    samples = load(options.data, options.work, labels, options.limit)
    np.savez_compressed(options.work / "prepared.npz", **compact(arrays(samples, base, options.seed)))  # type: ignore[arg-type]
    config = json.loads((base / "config.json").read_text("utf8"))
    (options.work / "labels.json").write_text(json.dumps({"labels": labels, "config": config, "allowed": meaning.allowed_acts().tolist()}))


if __name__ == "__main__":
    main()
