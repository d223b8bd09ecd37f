"""The pair decision: same, denies or different, for two sentences. `python -m benchmarks.pairs [--examples]`.

On three sets: `pairs_dev` of the data folder, where it is there; and, from `pairs.jsonl` beside this file, pairs written for this project
in groups about one sentence: those that rules and word lists were made with (`dev`), and those of groups kept apart, of which only
figures were seen (`held_out`). Cue words cross the labels. The floors are in `FLOORS`; exit status 1 where a figure is under its floor.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from allegedly.compare.propositions import pair_verdict
from allegedly.compared import Label, Verdict
from benchmarks.accuracy import data_folder
from benchmarks.floors import Line, Pins, compare, plain_table
from benchmarks.measures import Figures, ratio

LABELS: tuple[Label, ...] = ("same", "denies", "different")
WRITTEN = Path(__file__).with_suffix(".jsonl")
FLOORS = {
    "pairs_dev": {"macro_f1": 0.95, "precision_denies": 0.95},
    "dev": {"macro_f1": 0.92, "precision_denies": 0.95},
    "held_out": {"macro_f1": 0.74, "precision_denies": 0.95},
}

Row = Mapping[str, str]


def figures(rows: Sequence[Row], decide: Callable[[str, str], Verdict]) -> tuple[Figures, list[tuple[Row, Verdict]]]:
    """Macro-F1, accuracy, F1 by label and the precision of denials; and the pairs that were labelled otherwise than they should be."""
    confusion: Counter[tuple[str, str]] = Counter()
    wrong = []
    for row in rows:
        verdict = decide(row["a"], row["b"])
        confusion[row["label"], verdict.label] += 1
        if verdict.label != row["label"]:
            wrong.append((row, verdict))
    right = {label: confusion[label, label] for label in LABELS}
    said = {label: sum(n for (_, got), n in confusion.items() if got == label) for label in LABELS}
    wanted = {label: sum(n for (gold, _), n in confusion.items() if gold == label) for label in LABELS}
    f1 = {label: ratio(2 * right[label], said[label] + wanted[label]) for label in LABELS}
    out = {"macro_f1": sum(f1.values()) / len(LABELS), "accuracy": ratio(sum(right.values()), len(rows))}
    out |= {"precision_denies": ratio(right["denies"], said["denies"]), "recall_denies": ratio(right["denies"], wanted["denies"])}
    return out | f1, wrong


def sets() -> dict[str, list[Row]]:
    """The pairs by the name of their set."""
    out: dict[str, list[Row]] = {}
    shared = data_folder() / "compare" / "pairs_dev.jsonl.gz"
    if shared.exists():
        with gzip.open(shared, "rt", encoding="utf8") as lines:
            out["pairs_dev"] = [json.loads(line) for line in lines]
    for line in WRITTEN.read_text("utf8").splitlines():
        row = json.loads(line)
        out.setdefault(row["part"], []).append(row)
    return out


def measure(found: Mapping[str, Sequence[Row]], *, examples: bool) -> Iterable[Line]:
    """The lines of the table, set by set."""
    for name, rows in found.items():
        measured, wrong = figures(rows, pair_verdict)
        yield from compare(f"{name} ({len(rows)})", measured, Pins("", FLOORS[name]))
        for row, verdict in wrong if examples and name != "held_out" else ():
            print(f"{row['id']} {row['label']} -> {verdict.label} ({verdict.rule}): {row['a']} | {row['b']}")


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", action="store_true", help="show what was labelled otherwise, in the sets that rules may be made with")
    lines = list(measure(sets(), examples=parser.parse_args(argv).examples))
    print(plain_table(lines))
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
