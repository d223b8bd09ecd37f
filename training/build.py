"""Train the student and write `data/en/model.onnx`: `python -m training.build`, after `training.prepare` and `training.teacher`.

Deterministic for one processor, library version and thread count: a fixed seed, no data order that depends on time. Writes a checkpoint
after every epoch and goes on from it. `--device cuda` does on an accelerator what two cores do in a day. Figures: docs/model-card.md.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training import beliefs
from training.batches import Table
from training.export import export, restore
from training.network import Network, base_model
from training.running import Prepared, Recipe, options, run

RECIPE = Recipe(epochs=20, rate=3e-4, heads=3, token=0.25)
"""The student's, which reads stand-ins for names (`allegedly.blinding`)."""


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, help="folder of the corpora (ALLEGEDLY_DATA), for the model card's figures")
    parser.add_argument("--start", type=Path, nargs="+", default=[], help="weights (.onnx or .pt) whose mean training goes on from")
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument("--rate", type=float, default=RECIPE.rate, help="the encoder's highest learning rate")
    parser.add_argument("--heads", type=int, default=RECIPE.heads, help="how many times as much the heads learn")
    parser.add_argument("--output", type=Path, help="copy the finished model here and write the model card's figures")
    return parser.parse_args(arguments)


def started(prepared: Prepared, start: Sequence[Path]) -> Network:
    """The network as training begins: with the encoder's published weights, or the mean of models as they were released or left by runs."""
    if not start:
        return Network.initialised(prepared.labels, base_model())
    states = []
    for path in start:
        network = Network(prepared.labels, prepared.config)
        if path.suffix == ".pt":
            network.load_state_dict(torch.load(path, weights_only=True)["network"])
        else:
            for name in restore(network, path):
                print(f"{name} is not in {path}: it starts from nothing", file=sys.stderr)
        states.append(network.state_dict())
    network.load_state_dict({key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]})
    return network


def train(given: argparse.Namespace) -> None:
    """The student's whole training; then the export and the card."""
    torch.set_num_threads(given.threads)
    prepared = Prepared.read(given.work)
    mine = prepared.of("student")
    table = Table.of(mine, given.device)
    table.taught(beliefs.read(given.work / "beliefs.npz"))
    network = started(prepared, given.start)
    recipe = replace(RECIPE, epochs=given.epochs, rate=given.rate, heads=given.heads)
    run(network, table, mine, recipe, prepared.allowed, given, given.work / "last.pt")
    keep(network, prepared, given.work / "weights.pt")
    export(given.work / "weights.pt", given.work / "model.onnx")
    if given.output:
        from training.card import write as write_card

        given.output.write_bytes((given.work / "model.onnx").read_bytes())
        given.output.with_name("tokenizer.json").write_bytes((base_model() / "tokenizer.json").read_bytes())
        write_card(given.work, given.data)


def keep(network: Network, prepared: Prepared, path: Path) -> None:
    """Write a network's weights with what is needed to build it anew."""
    torch.save({"network": network.cpu().state_dict(), "labels": prepared.labels, "config": prepared.config}, path)


if __name__ == "__main__":
    train(parse())
