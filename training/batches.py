"""Windows of samples, cut anew each epoch, and the padded batches of tensors that the network trains on."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from allegedly.blinding import Blinding
from allegedly.pieces import Pieces, empty_feed, fill, pieces, windows
from training.beliefs import CLASSES, MOST, POINTERS, Beliefs
from training.corpora import IGNORE, Sample
from training.network import CHAINS

Batch = dict[str, Tensor]
POOLED = 6
"""Pieces of a batch's budget for each window of those among which windows of like length are sought."""
KEYS = (
    *("segment", "upos", "feats", "lemma", "mentions", "roles", "names", "head", "relation", "link"),
    *("cluster", "acts", "stance", "wording", "slanted"),
)


@dataclass(slots=True)
class Prepared:
    """A sample with its word pieces."""

    sample: Sample
    pieces: Pieces


def prepare(samples: Iterable[Sample], tokenizer: Tokenizer, blind: Blinding | None = None) -> list[Prepared]:
    """Samples with atoms, and their pieces; with `blind` both as a reader finds them that is not told names.

    Reading takes the first stand-ins of its lists; here each text begins elsewhere in them, so that all are learnt alike.
    """
    known: dict[str, list[int]] = {}
    if blind is not None:
        samples = [replace(s, atoms=blind(s.atoms, first=crc32(s.atoms.text.encode("utf8", "replace")))) for s in samples]
    return [Prepared(s, pieces(s.atoms, tokenizer, known)) for s in samples if len(s.atoms)]


def _sentence_windows(sample: Sample) -> Iterator[tuple[int, int]]:
    starts = np.flatnonzero(np.diff(sample.sentence, prepend=-1))
    for a, b in zip(starts, [*starts[1:], len(sample.atoms)], strict=True):
        yield int(a), int(b)


def cut(prepared: list[Prepared], rng: random.Random, single: float = 0.25, largest: int = 320) -> list[tuple[Prepared, int, int]]:
    """Windows of every sample: now long, now short, so that the model meets all sizes.

    `single` is the share of a treebank's documents that are cut to single sentences.
    """
    out = []
    for p in prepared:
        treebank = "sentence" in p.sample.labels
        if treebank and rng.random() < single:
            spans = list(_sentence_windows(p.sample))
        else:
            size = rng.choice((32, 96, 160, 240, largest, largest) if single > 0.25 else (96, 160, 240, largest, largest))
            spans = [(w.core_first, w.core_last) for w in windows(p.sample.atoms, p.pieces, size, 0)]
        for first, last in spans:
            while p.pieces.first[last] - p.pieces.first[first] > largest - 2:
                middle = int(np.searchsorted(p.pieces.first, p.pieces.first[first] + largest - 2, "right")) - 1
                out.append((p, first, middle))
                first = middle
            out.append((p, first, last))
    return out


def batches(spans: list[tuple[Prepared, int, int]], rng: random.Random, budget: int) -> Iterator[Batch]:
    """Batches of about `budget` padded pieces, of similar lengths, in random order."""
    rng.shuffle(spans)

    def length(x: tuple[Prepared, int, int]) -> int:
        return int(x[0].pieces.first[x[2]] - x[0].pieces.first[x[1]])

    grouped: list[list[tuple[Prepared, int, int]]] = []
    pooled = max(400, budget // POOLED)
    for at in range(0, len(spans), pooled):
        pool = sorted(spans[at : at + pooled], key=length)
        current: list[tuple[Prepared, int, int]] = []
        for span in pool:
            if current and (len(current) + 1) * (length(span) + 2) > budget:
                grouped.append(current)
                current = []
            current.append(span)
        grouped.append(current)
    rng.shuffle(grouped)
    for group in grouped:
        yield tensors(group, rng)


def tensors(group: list[tuple[Prepared, int, int]], rng: random.Random | None) -> Batch:
    """One padded batch. With `rng`, a few windows lose or change their capitals, as titles and careless writers do."""
    counts = [b - a for _, a, b in group]
    lengths = [int(p.pieces.first[b] - p.pieces.first[a]) + 2 for p, a, b in group]
    rows, width, depth = len(group), max(lengths), max(counts)
    batch = empty_feed(rows, width, depth)
    batch["sentence"] = np.full((rows, depth), -2, np.int64)
    batch["atoms"] = np.zeros((rows, depth), np.int64)
    for key in KEYS:
        batch[key] = np.full((rows, depth), IGNORE, np.int64)
    if soft := next((p.sample.soft for p, _, _ in group if p.sample.soft), None):
        batch |= _unasked(rows, depth, soft)
    for i, (p, a, b) in enumerate(group):
        fill(batch, i, p.sample.atoms, p.pieces, a, b)
        if rng is not None and rng.random() < 0.06:
            case = batch["case"][i]
            change = rng.choice((0, 1, 2))
            letters = case != 4
            batch["case"][i] = np.where(letters & (batch["gap"][i] > 0), change, case)
        n = b - a
        if p.sample.soft:
            _fill_soft(batch, i, p.sample.soft, a, b)
        labels = p.sample.labels
        batch["atoms"][i, :n] = 1
        batch["sentence"][i, :n] = p.sample.sentence[a:b]
        for key in KEYS:
            if key not in labels:
                continue
            values = labels[key][a:b]
            if key in ("head", "link"):
                inside = (values >= a) & (values < b)
                values = np.where(inside, values - a, np.where((values == -1) & (key == "head"), -1, IGNORE))
            if key in CHAINS and values[0] > 0 and values[0] % 2 == 0:  # a span cut by the window's edge begins anew: I- to B-
                values = np.concatenate(([values[0] - 1], values[1:]))
            batch[key][i, :n] = values
    return {k: torch.from_numpy(v) for k, v in batch.items()}


def _unasked(rows: int, depth: int, like: Beliefs) -> dict[str, np.ndarray]:
    """Arrays for a teacher's beliefs in which nothing is asked."""
    out: dict[str, np.ndarray] = {"soft_sentence": np.full((rows, depth), -1, np.int32), "soft_nouns": np.zeros((rows, depth), np.bool_)}
    for key in CHAINS:
        out[f"soft_{key}"] = np.zeros((rows, depth, like[key].shape[1]), np.float16)
    for key in (*CLASSES, *POINTERS):
        out[f"soft_{key}"] = np.zeros((rows, depth, MOST), np.float16)
        out[f"soft_{key}_at"] = np.zeros((rows, depth, MOST), np.int16)
    return out


def _fill_soft(batch: dict[str, np.ndarray], row: int, soft: Beliefs, first: int, last: int) -> None:
    """Write the beliefs about atoms [first, last); what points outside has no probability."""
    n = last - first
    batch["soft_sentence"][row, :n] = soft["sentence"][first:last]
    batch["soft_nouns"][row, :n] = soft["coref"][first:last].any(1)
    for key in CHAINS:
        batch[f"soft_{key}"][row, :n] = soft[key][first:last]
    for key in CLASSES:
        batch[f"soft_{key}"][row, :n] = soft[key][first:last]
        batch[f"soft_{key}_at"][row, :n] = soft[f"{key}_at"][first:last]
    for key in POINTERS:
        at = soft[f"{key}_at"][first:last]
        inside = (at == -1) | (at >= first) & (at < last)
        batch[f"soft_{key}"][row, :n] = np.where(inside, soft[key][first:last], np.float16(0))
        batch[f"soft_{key}_at"][row, :n] = np.where(inside & (at >= 0), at - first, -1)
