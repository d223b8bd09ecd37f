"""Learns the weights of `src/allegedly/data/en/coreference.toml` from GUM's training documents (not the non-commercial genres).

    python -m training.coreference DATA_FOLDER

The reader itself gathers the candidates of every pronoun and description; where gold has an antecedent among them, the gold one is
chosen, so that what follows builds on it. Weights are those of a log-linear ranking that give the gold antecedents together the
greatest probability (marginal log-likelihood, with an L2 penalty; Durrett & Klein 2013). A minute on one core; the same input gives
the same weights.
"""

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from allegedly.model import loaded
from allegedly.reading.coreference import Known, Profile
from allegedly.reading.described import Draft
from allegedly.reading.entities import Resolver
from allegedly.reading.lemmas import corrected
from allegedly.reading.repairs import repaired
from allegedly.records import Analysis
from benchmarks.coreference import Document, gold_documents
from training.corpora import NON_COMMERCIAL, _open, documents

SEEN = 20  # evidence met in fewer decisions has no weight
PENALTY = 0.4
STEPS = 300
TARGET = Path(__file__).resolve().parent.parent / "src/allegedly/data/en/coreference.toml"


class Taught(Resolver):
    """A resolver that notes the evidence of each decision and then decides as gold does."""

    def __init__(self, analysis: Analysis, gold: Document, decisions: "Decisions") -> None:
        super().__init__(analysis)
        before = [0]
        for character in analysis.text:
            before.append(before[-1] + (not character.isspace()))
        at = {place.head[0]: number for number, chain in enumerate(gold.chains) for place in chain}
        self.gold = [at.get(before[token.start], -1) for token in analysis.tokens]
        self.decisions = decisions

    def _choose(self, draft: Draft, mention: Profile, candidates: list[tuple[int, Known]], *, seen: bool) -> int | None:
        chain = self.gold[draft.head]
        right = [chain >= 0 and any(self.gold[self.drafts[d].head] == chain for d in self.entries[e].drafts[-40:]) for e, _ in candidates]
        rows = [self.evidence.alone(mention, seen), *(self.evidence.pair(mention, known) for _, known in candidates)]
        self.decisions.add(rows, [not any(right), *right])
        return next((entity for (entity, _), good in zip(candidates, right, strict=True) if good), None)


class Decisions:
    """Rows of evidence, grouped by decision, the first row of each being "nothing before"."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.counts: Counter[int] = Counter()
        self.cells, self.rows, self.groups, self.right = array("l"), array("l", [0]), array("l", [0]), array("b")

    def add(self, rows: Iterable[Iterable[str]], right: list[bool]) -> None:
        """Note one decision."""
        met: set[int] = set()
        for row in rows:
            numbers = [self.ids.setdefault(key, len(self.ids)) for key in row]
            self.cells.extend(numbers)
            self.rows.append(len(self.cells))
            met.update(numbers)
        self.counts.update(met)
        self.right.extend(right)
        self.groups.append(len(self.rows) - 1)

    def learn(self) -> dict[str, float]:
        """Weights by name, the rare and the negligible left out."""
        cells, right = np.frombuffer(self.cells, np.int64), np.frombuffer(self.right, np.int8).astype(bool)
        starts, groups = np.frombuffer(self.rows, np.int64)[:-1], np.frombuffer(self.groups, np.int64)
        often = np.array([self.counts[i] >= SEEN for i in range(len(self.ids))])
        owner = np.repeat(np.arange(len(groups) - 1), np.diff(groups))
        width = np.diff(np.append(starts, len(cells)))
        weights = np.zeros(len(self.ids))
        first, second = np.zeros_like(weights), np.zeros_like(weights)
        for step in range(1, STEPS + 1):
            score = np.add.reduceat((weights * often)[cells], starts)
            every = _shares(score, np.ones_like(right), owner, groups)
            good = _shares(score, right, owner, groups)
            slope = np.bincount(cells, np.repeat(every - good, width), len(weights)) + PENALTY * weights
            first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
            rate = 0.1 * (1 - step / (STEPS + 1))
            weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        return {key: round(float(weights[i]), 2) for key, i in sorted(self.ids.items()) if often[i] and abs(weights[i]) >= 0.05}


def _shares(
    score: npt.NDArray[np.float64], allowed: npt.NDArray[np.bool_], owner: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Each row's probability among the allowed rows of its decision."""
    masked = np.where(allowed, score, -1e9)
    powers = np.exp(masked - np.maximum.reduceat(masked, groups[:-1])[owner]) * allowed
    return np.asarray(powers / np.add.reduceat(powers, groups[:-1])[owner])


def learned(pairs: Iterable[tuple[Analysis, Document]]) -> dict[str, float]:
    """Weights from analyses and their gold chains."""
    decisions = Decisions()
    for analysis, gold in pairs:
        taught = Taught(repaired(corrected(analysis)), gold, decisions)
        for index in range(len(taught.drafts)):
            taught.visit(index)
    return decisions.learn()


def written(weights: dict[str, float]) -> str:
    """The TOML file."""
    head = (
        "# What speaks for a pronoun or description meaning an earlier entity, and how much: log-odds (see reading/coreference.py).\n"
        "# Learned by training/coreference.py from GUM's training documents (annotations CC BY 4.0; non-commercial genres left out).\n"
        "# The weight of a link of the model's own coreference head, in its log-odds, is set by hand; so is what\n"
        "# is taken off the evidence for nothing before, since a link missed costs more than a link too many.\n"
        "link = 0.25\n\n[caution]\nhe = 2.5\nthing = 1.5\nother = 0.6\n\n[weights]\n"
    )
    return head + "".join(f"{json.dumps(key)} = {value}\n" for key, value in weights.items())


def main() -> None:
    """Learn and write."""
    path = Path(sys.argv[1]) / "syntax/en_gum_train.conllu.gz"
    model, gold = loaded(), gold_documents(_open(path))
    texts = list(documents(path))
    pairs = [(model.analyse(d.text), g) for d, g in zip(texts, gold, strict=True) if d.name.split("_")[1] not in NON_COMMERCIAL]
    TARGET.write_text(written(learned(pairs)), encoding="utf-8")


if __name__ == "__main__":
    main()
