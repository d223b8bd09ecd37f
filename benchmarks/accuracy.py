"""Every accuracy figure on the development files and the labelled sentences, from raw text, held against its floor.

    python -m benchmarks.accuracy [--only claims,events] [--json | --markdown [--write README.md]]
                                  [--held-out] [--readings DIR] [--raise-floors] [--lower-floors]

The corpora are found through `ALLEGEDLY_DATA` (default: `shared/data` beside the repository), the labelled sentences in
`benchmarks/labelled`. Exit status 1 when a figure misses its floor, 2 when nothing could be measured. What the figures mean stands in
`measures.py`, `labelled.py` and `connectives.py`.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from allegedly import ingest
from allegedly.errors import AllegedlyError
from allegedly.export import EXPORTS
from benchmarks import connectives, coreference, fivew, floors, labelled, measures
from benchmarks.floors import FloorsError, Line

ROOT = Path(__file__).resolve().parent.parent

Text = tuple[str, str]  # an article's id and its text
Form = Literal["jsonl", "conllu"]
Row = Mapping[str, Any]


# --- corpora: gold files to gold records and to texts to read ---------------------------------------------------------


def data_folder() -> Path:
    """Where the corpora are."""
    return Path(os.environ.get("ALLEGEDLY_DATA") or ROOT.parent / "shared" / "data")


def gold_lines(path: Path) -> list[str]:
    """The lines of a compressed or plain file."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf8") as file:
            return list(file)
    with path.open(encoding="utf8") as file:
        return list(file)


def sha256(path: Path) -> str:
    """The hash that floors are pinned with."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def json_rows(lines: Iterable[str]) -> list[dict[str, Any]]:
    """One object a line."""
    return [json.loads(line) for line in lines if line.strip()]


def tagged_sentences(lines: Iterable[str]) -> list[measures.TaggedSentence]:
    """Sentences of an IOB2 file, numbered s1, s2, ... since the tags come without ids that are unique."""
    out: list[measures.TaggedSentence] = []
    text: str | None = None
    words: list[tuple[str, str]] = []
    for line in [*lines, ""]:
        line = line.rstrip("\n")
        if line.startswith("# text"):
            text = line.partition("=")[2].strip()
        elif not line.strip():
            if text is not None:
                out.append(measures.TaggedSentence(f"s{len(out) + 1}", text, tuple(words)))
            text, words = None, []
        elif not line.startswith("#"):
            columns = line.split("\t")
            words.append((columns[1], columns[2]))
    return out


def tree_documents(lines: Iterable[str]) -> list[Text]:
    """The raw text of each document of a CoNLL-U file: sentences joined by a space, paragraphs by an empty line."""
    documents: list[list[str]] = []
    paragraph = False
    for line in lines:
        if line.startswith("# newdoc"):
            documents.append([])
            paragraph = False
        elif line.startswith("# newpar"):
            paragraph = True
        elif line.startswith("# text ="):
            if not documents:
                documents.append([])
            if documents[-1]:
                documents[-1].append("\n\n" if paragraph else " ")
            documents[-1].append(line.partition("=")[2].strip())
            paragraph = False
    texts = ("".join(parts) for parts in documents if parts)
    return [(f"d{number:05d}", text) for number, text in enumerate(texts, start=1)]


def _whole_articles(lines: Iterable[str]) -> list[Row]:
    return fivew.articles(json_rows(lines))


def _about(lines: Iterable[str], rows: Callable[[Iterable[str]], Sequence[Row]] = json_rows) -> dict[str, Row]:
    """What the reader is told of each article beside its text."""
    return {row["id"]: {key: row[key] for key in ("title", "published") if row.get(key)} for row in rows(lines)}


def _row_texts(lines: Iterable[str], rows: Callable[[Iterable[str]], Sequence[Row]] = json_rows) -> list[Text]:
    return [(row["id"], row["text"]) for row in rows(lines) if row.get("text")]


def numbered_rows(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The objects of a file that gives its rows no ids: r1, r2, ..."""
    return [{"id": f"r{number}", **row} for number, row in enumerate(json_rows(lines), start=1)]


def _numbered_texts(lines: Iterable[str]) -> list[Text]:
    return [(row["id"], row["text"]) for row in numbered_rows(lines)]


def _target_texts(lines: Iterable[str]) -> list[Text]:
    return [(row["primary_gid"], row["sentence_normalized"]) for row in json_rows(lines)]


def _sentence_texts(lines: Iterable[str]) -> list[Text]:
    return [(sentence.id, sentence.text) for sentence in tagged_sentences(lines)]


def _by_id(outputs: Iterable[str]) -> dict[str, Any]:
    return {reading["article"]["id"]: reading for reading in map(json.loads, outputs)}


def _over_readings(measure: Callable[[Any, measures.Readings], measures.Figures], gold: Callable[[list[str]], Any]) -> "Measure":
    return lambda lines, outputs: measure(gold(lines), _by_id(outputs))


def _syntax(lines: list[str], outputs: Sequence[str]) -> measures.Figures:
    got = (line for output in outputs for line in [*output.splitlines(), ""])
    return measures.syntax(measures.tree_words(lines), measures.tree_words(got))


Measure = Callable[[list[str], Sequence[str]], measures.Figures]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A gold file (in the data folder, unless its path is absolute), the texts to read from it, the form to read them into, and the figures
    that come of it. `about` gives what the reader is told of articles beside their text.
    """

    file: str
    texts: Callable[[list[str]], list[Text]]
    form: Form
    measure: Measure
    about: Callable[[list[str]], Mapping[str, Row]] = lambda _: {}


def _labelled(part: Literal["dev", "test"], suffix: str = "") -> dict[str, Benchmark]:
    """The benchmarks of one half of the labelled sentences, which come with the repository."""
    folder = ROOT / "benchmarks" / "labelled" / part
    return {
        f"labelled_{name}{suffix}": Benchmark(
            str(folder / f"{name}.jsonl"), _row_texts, "jsonl", _over_readings(figures, json_rows), _about
        )
        for name, figures in labelled.MEASURES.items()
    }


CORPORA: dict[str, Benchmark] = {
    "claims": Benchmark("claims/claims_dev.jsonl.gz", _row_texts, "jsonl", _over_readings(measures.claims, json_rows)),
    "attribution": Benchmark("attribution/polnear_dev.jsonl.gz", _row_texts, "jsonl", _over_readings(measures.attribution, json_rows)),
    "syntax_ewt": Benchmark("syntax/en_ewt_dev.conllu.gz", tree_documents, "conllu", _syntax),
    "syntax_gum": Benchmark("syntax/en_gum_dev.conllu.gz", tree_documents, "conllu", _syntax),
    "connectives": Benchmark("syntax/en_gum_dev.conllu.gz", tree_documents, "jsonl", connectives.measure),
    "entities": Benchmark("entities/uner_ewt_dev.iob2.gz", _sentence_texts, "jsonl", _over_readings(measures.entities, tagged_sentences)),
    "coreference": Benchmark(
        "syntax/en_gum_dev.conllu.gz", tree_documents, "jsonl", _over_readings(coreference.coreference, coreference.gold_documents)
    ),
    "events": Benchmark("events/plover_gold_dev.jsonl.gz", _row_texts, "jsonl", _over_readings(measures.events, json_rows)),
    "fivew": Benchmark(
        "articles/5w1h_dev.jsonl.gz",
        partial(_row_texts, rows=_whole_articles),
        "jsonl",
        _over_readings(fivew.measure, _whole_articles),
        partial(_about, rows=_whole_articles),
    ),
    "quad": Benchmark("events/cameo_quad_dev.jsonl.gz", _numbered_texts, "jsonl", _over_readings(measures.quad, numbered_rows)),
    "stance_mt": Benchmark("stance/newsmtsc_mt_dev.jsonl.gz", _target_texts, "jsonl", _over_readings(measures.stance, json_rows)),
    "stance_rw": Benchmark("stance/newsmtsc_rw_dev.jsonl.gz", _target_texts, "jsonl", _over_readings(measures.stance, json_rows)),
    "babe": Benchmark("wording/babe_dev.jsonl.gz", _numbered_texts, "jsonl", _over_readings(measures.wording, numbered_rows)),
}
BENCHMARKS: dict[str, Benchmark] = {**CORPORA, **_labelled("dev")}
HELD_OUT: dict[str, Benchmark] = _labelled("test", "_held_out")


# --- reading ------------------------------------------------------------------------------------------------------------


def read_all(
    texts: Sequence[Text], form: Form, processes: int, about: Mapping[str, Row], reader: ingest.Reader = ingest.read_article
) -> Iterator[str]:
    """What `allegedly read` writes for each text given as JSON Lines, with what is told about it, in the order of the texts.

    A text that cannot be read (a corpus may hold one without words) is named and left out: its gold counts as not found.
    """
    export = EXPORTS[form]
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.jsonl"
        source.write_text(
            "".join(json.dumps({"id": name, "text": text, **about.get(name, {})}) + "\n" for name, text in texts), encoding="utf8"
        )
        for result in ingest.readings([str(source)], processes=processes, tokens=export.words, reader=reader):
            if result.reading is None:
                errors.append(str(result.error))
                continue
            out = io.StringIO()
            export.write([result.reading], out)
            yield out.getvalue()
    if errors:
        print(f"{len(errors)} of {len(texts)} texts could not be read, the first: {errors[0]}", file=sys.stderr)


# --- measuring -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one benchmark, the corpus file that they were measured on, and the share by which they vary from run to run."""

    sha256: str
    figures: Mapping[str, float]
    slack: float = 0.0


def measure(name: str, *, folder: Path, processes: int, keep: Path | None = None) -> Result:
    """Read a benchmark's texts and measure; `keep` is a folder to leave the readings in."""
    benchmark = (BENCHMARKS | HELD_OUT)[name]
    path = folder / benchmark.file
    lines = gold_lines(path)
    outputs = list(read_all(benchmark.texts(lines), benchmark.form, processes, benchmark.about(lines)))
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{name}.{benchmark.form}").write_text("".join(outputs), encoding="utf8")
    return Result(sha256(path), benchmark.measure(lines, outputs))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Measure accuracy on the development files.")
    parser.add_argument(
        "--only", metavar="NAME,...", help=f"some of: {', '.join(BENCHMARKS)} (syntax names both treebanks, labelled all fields)"
    )
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="measure the half of the labelled sentences that was put aside. It is for final figures only: "
        "nobody who works on the rules looks at its sentences, or measures on it to choose between rules.",
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--readings", type=Path, metavar="DIR", help="leave the readings in this folder")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the Markdown table between FILE's accuracy markers")
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures that are above their floors, or have none")
    parser.add_argument("--lower-floors", action="store_true", help="pin the figures that are below their floors")
    return parser.parse_args(argv)


def chosen(only: str | None, among: Iterable[str] = BENCHMARKS) -> list[str]:
    """The benchmarks that `--only` names, all without it."""
    among = list(among)
    if not only:
        return among
    asked = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in asked if not any(key == name or key.startswith(f"{name}_") for key in among)]
    if unknown:
        raise SystemExit(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(among)}")
    return [key for key in among if any(key == name or key.startswith(f"{name}_") for name in asked)]


def report(lines: Sequence[Line], options: argparse.Namespace, *, marker: str) -> None:
    """Print the lines in the asked form, and put the table into a file where `--write` names one."""
    if options.json:
        figures: dict[str, dict[str, float]] = {}
        for line in lines:
            figures.setdefault(line.benchmark, {})[line.figure] = round(line.measured, 4)
        print(json.dumps(figures))
    else:
        print(floors.markdown_table(lines) if options.markdown else floors.plain_table(lines))
    if options.write:
        floors.write_between(options.write, marker, floors.markdown_table(lines))


def settle(results: Mapping[str, Result], options: argparse.Namespace) -> list[Line]:
    """The results beside their floors, which are moved first where the options say so."""
    pinned = floors.load()
    if options.raise_floors or options.lower_floors:
        for name, result in results.items():
            ways = {"up": options.raise_floors, "down": options.lower_floors}
            pinned[name] = floors.moved(pinned.get(name), result.figures, sha256=result.sha256, slack=result.slack, **ways)
        floors.save(pinned)
    for name, result in results.items():
        if name in pinned and pinned[name].sha256 != result.sha256:
            raise FloorsError(f"{name}: the corpus file is not the one that the floors were measured on; --lower-floors pins them anew")
    return [line for name, result in results.items() for line in floors.compare(name, result.figures, pinned.get(name))]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for; the exit status."""
    options = _arguments(argv)
    table, folder = HELD_OUT if options.held_out else BENCHMARKS, data_folder()
    names = chosen(options.only, table)
    present = [name for name in names if (folder / table[name].file).exists()]
    for name in sorted(set(names) - set(present)):
        print(f"{name}: {table[name].file} is not in the data folder; set ALLEGEDLY_DATA", file=sys.stderr)
    if not present:
        return 2
    try:
        floors.load()
        results = {}
        for name in present:
            print(f"reading {name} ...", file=sys.stderr, flush=True)
            results[name] = measure(name, folder=folder, processes=options.processes, keep=options.readings)
        lines = settle(results, options)
    except (AllegedlyError, FloorsError) as error:
        print(error, file=sys.stderr)
        return 2
    report(lines, options, marker="accuracy")
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
