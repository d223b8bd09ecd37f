"""One training run over a table's windows: optimiser, rates, steps, checkpoints. An accelerator records a step once for each shape."""

import argparse
import json
import math
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.batches import Arrays, Table, changes, grouped
from training.losses import WEIGHTS, losses
from training.network import Network

PRETRAINED = ("words.", "positions", "norm.", "layers.", "relative")
"""Parameters that begin with an encoder's published weights, by the beginnings of their names; all others start from nothing."""
WARMUP = 0.05
SHOWN = 60.0  # seconds after which the losses are shown


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run: linear warm-up over a twentieth, then linear decay to nothing.

    `rate` is the encoder's; what starts from nothing takes `heads` times as much. `token` weighs a cross-entropy over single atoms'
    attribution roles, beside the chain's likelihood.
    """

    epochs: int
    rate: float
    heads: int
    token: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `training.prepare` wrote."""

    arrays: Arrays
    labels: dict[str, list[str]]
    config: dict[str, int]
    allowed: Tensor

    @classmethod
    def read(cls, work: Path) -> "Prepared":
        path = work / "prepared.npz"
        if not path.exists():
            raise SystemExit(f"{path} is not there: run python -m training.prepare first")
        with np.load(path) as kept:
            arrays = {key: kept[key] for key in kept.files}
        rest = json.loads((work / "labels.json").read_text("utf8"))
        return cls(arrays, rest["labels"], rest["config"], torch.tensor(rest["allowed"]))

    def of(self, who: str) -> Arrays:
        """The arrays of the teacher or the student."""
        return {key.removeprefix(f"{who}."): values for key, values in self.arrays.items() if key.startswith(f"{who}.")}


def options(description: str | None) -> argparse.ArgumentParser:
    """The options that the student's and the teacher's training share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", type=Path, default=Path("build/model"), help="where prepared.npz is and checkpoints go")
    parser.add_argument("--budget", type=int, default=12000, help="padded word pieces a batch")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"), help="cpu, or cuda")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, help="end a run after so long, its rates falling by time and not by epochs")
    return parser


def halved(device: torch.device) -> torch.autocast:
    """Arithmetic in bfloat16 where the processor has it; elsewhere it would be emulated, twenty times as slowly as float32."""
    able = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able, cache_enabled=False)


def optimiser(network: Network, recipe: Recipe, device: torch.device) -> torch.optim.AdamW:
    """AdamW; no decay on biases and norms."""
    groups: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, p in network.named_parameters():
        if p.requires_grad:
            rate = recipe.rate * (1 if name.startswith(PRETRAINED) else recipe.heads)
            groups[(rate, 0.01 if p.dim() > 1 else 0.0)].append(p)
    cuda = device.type == "cuda"
    made: list[dict[str, Any]] = [
        {"params": p, "lr": torch.tensor(r, device=device) if cuda else r, "peak": r, "weight_decay": d} for (r, d), p in groups.items()
    ]
    return torch.optim.AdamW(made, betas=(0.9, 0.98), fused=True, capturable=cuda)


def schedule(done: float) -> float:
    """Of the highest rate, by the share of the run that is done: linear warm-up, then linear decay to nothing."""
    return done / WARMUP if done < WARMUP else max(0.0, (1 - done) / (1 - WARMUP))


class Steps:
    """Training steps on batches of one table. `sums` adds up their losses, in the order of `names`."""

    def __init__(self, network: Network, table: Table, recipe: Recipe, allowed: Tensor, device: torch.device) -> None:
        self.network, self.table, self.device = network, table, device
        self.allowed = allowed.to(device)
        self.optimizer = optimiser(network, recipe, device)
        self.weights = WEIGHTS | {f"taught_{key}": weight for key, weight in WEIGHTS.items()} | {"token": recipe.token}
        self.names: list[str] = []
        self.sums = torch.zeros(2 * len(self.weights), device=device)
        self.recorded: dict[int, tuple[torch.cuda.CUDAGraph, Tensor, Tensor]] = {}
        self.memory: Any = None

    def __call__(self, width: int, spans: "np.ndarray[Any, Any]", changed: list[int], factor: float) -> None:
        """One step at `factor` of the highest rates."""
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(group["peak"] * factor)
            else:
                group["lr"] = group["peak"] * factor
        given, changes = torch.from_numpy(spans), torch.tensor(changed, dtype=torch.int32)
        if self.device.type == "cpu":
            self.step(width, given, changes)
        elif width in self.recorded:
            recorded, own, case = self.recorded[width]
            own.copy_(given)
            case.copy_(changes)
            recorded.replay()
        else:
            self.record(width, given.to(self.device), changes.to(self.device))

    def record(self, width: int, spans: Tensor, changed: Tensor) -> None:
        """Take a step, twice so that all is set up, and record it for batches of its shape (Nguyen et al. 2021, CUDA graphs in PyTorch)."""
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(2):
                self.step(width, spans, changed)
        torch.cuda.current_stream().wait_stream(aside)
        self.optimizer.zero_grad(set_to_none=True)
        recorded = torch.cuda.CUDAGraph()
        with torch.cuda.graph(recorded, pool=self.memory):
            self.step(width, spans, changed)
        self.memory = recorded.pool()
        self.recorded[width] = recorded, spans, changed

    def step(self, width: int, spans: Tensor, changed: Tensor) -> None:
        batch = self.table.batch(spans, width, changed)
        with halved(self.device):
            found = losses(self.network, batch, self.allowed)
        self.names = list(found)
        values = torch.stack([found[name] for name in self.names])
        total = torch.stack([self.weights[name] * found[name] for name in self.names]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.sums[: len(values)] += values.detach()


def run(network: Network, table: Table, mine: Arrays, recipe: Recipe, allowed: Tensor, given: argparse.Namespace, checkpoint: Path) -> None:
    """All epochs of a recipe, from the last checkpoint on. `mine` holds the windows of epochs (`training.prepare`)."""
    torch.manual_seed(given.seed)
    network.to(given.device).train()
    steps = Steps(network, table, recipe, allowed, given.device)
    began = time.monotonic()
    start = 0
    if checkpoint.exists():
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True, map_location=given.device)
        network.load_state_dict(state["network"])
        steps.optimizer.load_state_dict(state["optimizer"])
        start = state["epoch"]
    ends = [0, *mine["epochs"].tolist()]
    first = mine["first"].astype(np.int32)
    for epoch in range(start, recipe.epochs):
        turn = epoch % (len(ends) - 1)
        rng = random.Random(f"{given.seed} {epoch}")
        batches = grouped(mine["spans"][ends[turn] : ends[turn + 1]].astype(np.int32), first, given.budget, rng)
        steps.sums.zero_()
        shown = time.monotonic()
        for count, (width, spans) in enumerate(batches, 1):
            spent = time.monotonic() - began
            done = spent / given.seconds if given.seconds else (epoch + count / len(batches)) / recipe.epochs
            if done >= 1 and given.seconds:
                break
            steps(width, spans, changes(len(spans), rng), schedule(done))
            if count % 20 == 0 and given.device.type == "cuda":
                torch.cuda.synchronize()  # so that the clock is that of the work
            if time.monotonic() - shown > SHOWN or count == len(batches):
                shown = time.monotonic()
                show(f"epoch {epoch + 1}/{recipe.epochs} {count}/{len(batches)}", spent, steps, count)
        if given.seconds and time.monotonic() - began >= given.seconds:
            print(f"ended in epoch {epoch + 1} after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            break
        if not given.seconds:
            state = {"network": network.state_dict(), "optimizer": steps.optimizer.state_dict(), "epoch": epoch + 1}
            torch.save(state, checkpoint.with_suffix(".next"))
            checkpoint.with_suffix(".next").replace(checkpoint)
    steps.recorded.clear()


def show(what: str, seconds: float, steps: Steps, count: int) -> None:
    """The mean losses of an epoch so far."""
    means = dict(zip(steps.names, (steps.sums[: len(steps.names)] / count).tolist(), strict=True))
    if any(math.isnan(value) for value in means.values()):
        raise SystemExit("the loss is not a number: lower the recipe's rate")
    print(f"{what} {seconds:.0f}s " + " ".join(f"{k} {v:.3f}" for k, v in sorted(means.items())), file=sys.stderr, flush=True)
