"""Documents end to end in flat arrays, the windows that each epoch cuts from them, and the padded batches that a network trains on.

`prepare` turns samples into `Documents`, as the encoder reads them with names or blinded (`allegedly.blinding`); `epoch` cuts them anew for
each epoch. A `Table` holds the same on the device that trains, and `Table.batch` gathers a batch there: nothing but the numbers of
the atoms at which windows begin and end goes to it.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from allegedly.pieces import CLS, SEP, Atoms, Pieces, pieces, windows
from training.beliefs import CLASSES, POINTERS, Beliefs
from training.corpora import IGNORE, Sample
from training.network import CHAINS

if TYPE_CHECKING:
    from allegedly.blinding import Blinding

Batch = dict[str, Tensor]
Arrays = dict[str, npt.NDArray[np.int32]]
LARGEST = 320
"""Pieces of a window at most, the two special ones included."""
WIDTHS = (32, 64, 96, 128, 160, 240, LARGEST)
"""Pieces of a batch's rows: few shapes, so that the work on each can be recorded once."""
PLAIN = 0.06
"""The share of windows whose capitals are lost or changed, as titles and careless writers do."""
KEYS = (
    *("segment", "upos", "feats", "lemma", "mentions", "roles", "names", "head", "relation", "link"),
    *("cluster", "acts", "stance", "wording", "slanted", "sentence"),
)
POINTING = ("head", "link")
LEADING = ("segment", "sentence", *CHAINS)
"""Of a name that is read as one atom, the label of its first part; all other labels are those of the part that the others hang on."""
NO_LETTERS, START, INSIDE = 4, 5, 0  # classes of case and gap


@dataclass(frozen=True, slots=True)
class Document:
    """A sample as the encoder reads it: atoms, their pieces, and the first atom's number in the table."""

    atoms: Atoms
    pieces: Pieces
    sentence: npt.NDArray[np.int64]
    treebank: bool
    at: int


@dataclass(frozen=True, slots=True)
class Documents:
    """All samples of all corpora, by corpus, and their flat arrays.

    `arrays` holds `ids`, `case` and `gap` of every piece, `first` (atoms + 1), the piece at which each atom begins, and for every atom the
    labels `KEYS` (`head` and `link` are numbers of atoms in the table, -1 for the root). Where names of several parts are one atom, `lead`
    and `main` say which parts give its labels, and `owner`, for each part, which atom it has become.
    """

    corpora: dict[str, list[Document]]
    arrays: Arrays


def prepare(corpora: Mapping[str, Iterable[Sample]], tokenizer: Tokenizer, blind: "Blinding | None" = None) -> Documents:
    """Samples with atoms, and their pieces; with `blind` as a reader finds them that is not told names.

    Reading takes the first stand-ins of its lists; here each text begins elsewhere in them, so that all are learnt alike.
    """
    known: dict[str, list[int]] = {}
    parts: dict[str, list[npt.NDArray[np.int64]]] = {}
    out: dict[str, list[Document]] = {}
    at = plain = 0

    def add(key: str, values: npt.NDArray[np.int64]) -> None:
        parts.setdefault(key, []).append(values)

    for name, samples in corpora.items():
        out[name] = []
        for sample in samples:
            given = read = sample.atoms
            if not len(given):
                continue
            if blind is not None:
                read = blind(blind.joined(given), first=crc32(given.text.encode("utf8", "replace")))
            split = pieces(read, tokenizer, known)
            owner = np.searchsorted(read.start, given.start, "right") - 1
            lead = np.flatnonzero(np.diff(owner, prepend=-1))
            main = _main(sample.labels.get("head"), owner, lead)
            add("ids", split.ids)
            add("case", np.repeat(read.case, np.diff(split.first)))
            gaps = np.full(len(split.ids), INSIDE)
            gaps[split.first[:-1]] = read.gap
            add("gap", gaps)
            add("pieces", np.diff(split.first))
            add("owner", owner + at)
            add("lead", lead + plain)
            add("main", main + plain)
            for key in KEYS:
                values = sample.labels.get(key, np.full(len(given), -1 if key == "sentence" else IGNORE))
                values = values[lead if key in LEADING else main]
                if key in POINTING:
                    values = np.where(values >= 0, owner[np.maximum(values, 0)] + at, values)
                add(key, values)
            sentence = sample.sentence[lead]
            out[name].append(Document(read, split, sentence, "sentence" in sample.labels, at))
            at += len(read)
            plain += len(given)
    arrays = {key: np.concatenate(values).astype(np.int32) for key, values in parts.items()}
    arrays["first"] = np.concatenate([[0], np.cumsum(arrays.pop("pieces"))]).astype(np.int32)
    return Documents(out, arrays)


def _main(head: npt.NDArray[np.int64] | None, owner: npt.NDArray[np.int64], lead: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each atom that is read the first of its parts whose head is none of them; without heads its first part."""
    if head is None or len(lead) == len(owner):
        return lead
    own = (head >= 0) & (owner[np.maximum(head, 0)] == owner)
    out = lead.copy()
    outer = np.flatnonzero(~own)[::-1]
    out[owner[outer]] = outer
    return out


# --- windows ---------------------------------------------------------------------------------------------------------


def cut(documents: Sequence[Document], rng: random.Random, single: float = 0.25) -> Iterator[tuple[int, int, int]]:
    """Windows of every document: its first atom, and how many atoms and pieces. Now long, now short, so that the model meets all sizes.

    `single` is the share of a treebank's documents that are cut to single sentences.
    """
    for d in documents:
        first = d.pieces.first
        if d.treebank and rng.random() < single:
            starts = np.flatnonzero(np.diff(d.sentence, prepend=-1)).tolist()
            spans = list(zip(starts, [*starts[1:], len(d.atoms)], strict=True))
        else:
            size = rng.choice((96, 160, 240, LARGEST, LARGEST))
            spans = [(w.core_first, w.core_last) for w in windows(d.atoms, d.pieces, size, 0)]
        for low, high in spans:
            while first[high] - first[low] > LARGEST - 2:
                middle = int(np.searchsorted(first, first[low] + LARGEST - 2, "right")) - 1
                yield d.at + low, middle - low, int(first[middle] - first[low])
                low = middle
            yield d.at + low, high - low, int(first[high] - first[low])


def epoch(documents: Documents, shares: Mapping[str, int], rng: random.Random) -> npt.NDArray[np.int32]:
    """(windows, 2): the first atom and the number of atoms of every window of an epoch, in random order. A corpus comes `shares` times."""
    spans = [span[:2] for name, share in shares.items() for _ in range(share) for span in cut(documents.corpora[name], rng)]
    rng.shuffle(spans)
    return np.array(spans, np.int32).reshape(-1, 2)


def grouped(
    spans: npt.NDArray[np.int32], first: npt.NDArray[np.int32], budget: int, rng: random.Random
) -> list[tuple[int, npt.NDArray[np.int32]]]:
    """Batches of an epoch's windows: width and (rows, 2) spans, as many as the budget of padded pieces allows. Spare rows are empty."""
    lengths = first[spans.sum(1)] - first[spans[:, 0]] + 2
    out = []
    below = 0
    for width in WIDTHS:
        own = spans[(lengths > below) & (lengths <= width)]
        rows = max(1, budget // width)
        own = np.concatenate([own, np.zeros((-len(own) % rows, 2), np.int32)])
        out += [(width, some) for some in np.split(own, len(own) // rows)] if len(own) else []
        below = width
    rng.shuffle(out)
    return out


# --- batches ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Table:
    """Flat arrays on a device, with the beliefs of a teacher about the same atoms where there are any."""

    arrays: dict[str, Tensor]
    soft: dict[str, Tensor] = field(default_factory=dict)

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[np.generic]], device: torch.device) -> "Table":
        return cls({key: torch.from_numpy(values.astype(np.int32)).to(device) for key, values in arrays.items()})

    def taught(self, beliefs: Beliefs) -> None:
        """Take a teacher's beliefs about the atoms as they are given, for those that are read here."""
        lead, main, owner = (self.arrays[key].long() for key in ("lead", "main", "owner"))
        for key, values in beliefs.items():
            mine = torch.from_numpy(values).to(lead.device)[lead if key in LEADING else main]
            if key.removesuffix("_at") in POINTERS and key.endswith("_at"):
                mine = torch.where(mine >= 0, owner[mine.clamp_min(0).long()].to(mine.dtype), mine)
            self.soft[key] = mine

    def batch(self, spans: Tensor, width: int, changed: Tensor | None = None) -> Batch:
        """The padded batch of windows (rows, 2), on the table's device. `changed` (rows,): the case that a row's letters take, or -1."""
        start, count = spans[:, :1].long(), spans[:, 1:].long()
        steps = torch.arange(width, device=spans.device)
        real = steps < count
        at = torch.where(real, start + steps, 0)
        low = self.arrays["first"][start].long()
        size = self.arrays["first"][start + count].long() - low
        inside, ends = (steps > 0) & (steps <= size), (steps == 0) | (steps == size + 1)
        place = torch.where(inside, low + steps - 1, 0)
        case = torch.where(inside, self.arrays["case"][place], torch.where(ends, NO_LETTERS, 0)).long()
        gap = torch.where(inside, self.arrays["gap"][place], 0).long()
        gap = torch.where(inside & (steps == 1), START, gap)
        if changed is not None:
            change = changed[:, None].long()
            case = torch.where((change >= 0) & (case != NO_LETTERS) & (gap > 0), change, case)
        ids = torch.where(inside, self.arrays["ids"][place].long(), torch.where(ends, torch.where(steps == 0, CLS, SEP), 0))
        out = {"ids": ids, "case": case, "gap": gap, "mask": (steps <= size + 1).long(), "atoms": real}
        out["first"] = torch.where(real, self.arrays["first"][at] - low + 1, 0)
        for key in KEYS:
            if key in self.arrays:
                out[key] = torch.where(real, self.arrays[key][at].long(), -2 if key == "sentence" else IGNORE)
        for key in POINTING:
            if key in out:
                value = out[key]
                within = (value >= start) & (value < start + count)
                out[key] = torch.where(within, value - start, torch.where((value == -1) & (key == "head"), -1, IGNORE))
        for key in CHAINS:
            if key in out:  # a span cut by the window's edge begins anew: I- to B-
                cut_off = (out[key] > 0) & (out[key] % 2 == 0) & (steps == 0)
                out[key] = out[key] - cut_off.long()
        return out | self._soft(real, at, start, count)

    def _soft(self, real: Tensor, at: Tensor, start: Tensor, count: Tensor) -> Batch:
        """The beliefs about the atoms of a batch; what points outside a window has no probability."""
        if not self.soft:
            return {}
        out = {"soft_sentence": torch.where(real, self.soft["sentence"][at], -1)}
        out["soft_nouns"] = real & (self.soft["coref"][at] > 0).any(-1)
        for key in (*CHAINS, *CLASSES, *POINTERS):
            out[f"soft_{key}"] = torch.where(real[..., None], self.soft[key][at], 0)
        for key in CLASSES:
            out[f"soft_{key}_at"] = self.soft[f"{key}_at"][at].long()
        for key in POINTERS:
            pointed = self.soft[f"{key}_at"][at].long()
            within = (pointed >= start[..., None]) & (pointed < (start + count)[..., None])
            out[f"soft_{key}"] = torch.where(within | (pointed == -1), out[f"soft_{key}"], 0)
            out[f"soft_{key}_at"] = torch.where(within, pointed - start[..., None], -1)
        return out


def changes(rows: int, rng: random.Random) -> list[int]:
    """For each window the case class that all its letters take, or -1 to leave them."""
    return [rng.choice((0, 1, 2)) if rng.random() < PLAIN else -1 for _ in range(rows)]
