"""The model card's figures: float32 and int8 side by side on the development files, from raw text.

    python -m training.card --work build/model --data ../shared/data

Written between the card's `figures` markers. Exit status 1 when int8 costs more than half a point on any figure.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from allegedly.export import EXPORTS
from allegedly.model import Model
from allegedly.reading import read_article
from allegedly.records import Article
from benchmarks.accuracy import BENCHMARKS, gold_lines
from benchmarks.floors import write_between
from training.export import export

CARD = Path(__file__).resolve().parent.parent / "docs" / "model-card.md"
HEADS = {
    "syntax_ewt": ("words", "upos", "uas", "las"),
    "syntax_gum": ("words", "upos", "uas", "las"),
    "attribution": ("kappa", "exact_source", "exact_cue", "exact_content", "attribution_f1"),
    "entities": ("f1", "untyped_f1"),
    "coreference": ("conll", "conll_exact"),
    "stance_mt": ("macro_f1",),
    "stance_rw": ("macro_f1",),
    "babe": ("sentence_macro_f1", "word_f1"),
}
MOST_LOST = 0.005


def readings(texts: list[tuple[str, str]], model: Model, form: str) -> Iterator[str]:
    """What `allegedly read` would write for each text with this model."""
    chosen = EXPORTS[form]
    for name, text in texts:
        out = io.StringIO()
        if text.strip():
            chosen.write([read_article(Article(name, text), tokens=chosen.words, model=model)], out)
        yield out.getvalue()


def figures(model: Model, data: Path) -> dict[tuple[str, str], float]:
    """Every head's figures for one model."""
    out = {}
    for name, keys in HEADS.items():
        benchmark = BENCHMARKS[name]
        lines = gold_lines(data / benchmark.file)
        outputs = [o for o in readings(benchmark.texts(lines), model, benchmark.form) if o]
        measured = benchmark.measure(lines, outputs)
        out.update({(name, key): measured[key] for key in keys})
        print(name, {key: round(measured[key], 4) for key in keys}, file=sys.stderr, flush=True)
    return out


def table(plain: dict[tuple[str, str], float], small: dict[tuple[str, str], float]) -> str:
    """Both models' figures as Markdown."""
    rows = ["| corpus (development part) | figure | float32 | int8 | difference |", "|---|---|---|---|---|"]
    for (name, key), value in plain.items():
        rows.append(f"| {BENCHMARKS[name].file} | {key} | {value:.4f} | {small[name, key]:.4f} | {small[name, key] - value:+.4f} |")
    return "\n".join(rows)


def write(work: Path, data: Path) -> bool:
    """Measure both exports of a trained network and write the card; whether int8 is good enough."""
    weights, tokenizer = work / "weights.pt", Model.folder() / "tokenizer.json"
    found = {}
    for kind in ("float32", "int8"):
        folder = work / kind
        folder.mkdir(exist_ok=True)
        export(weights, folder / "model.onnx", int8=kind == "int8")
        (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
        found[kind] = figures(Model.load(folder, threads=2), data)
    write_between(CARD, "figures", table(found["float32"], found["int8"]))
    lost = {key: value - found["int8"][key] for key, value in found["float32"].items()}
    for (name, key), points in lost.items():
        if points > MOST_LOST:
            print(f"int8 costs {100 * points:.2f} points of {name} {key}", file=sys.stderr)
    return max(lost.values()) <= MOST_LOST


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/model"))
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(0 if write(options.work, options.data) else 1)
