"""How fast and how large reading is, held against floors.

    python -m benchmarks.throughput [--quick] [--json | --markdown [--write README.md]] [--raise-floors] [--lower-floors]

Three things are measured, on articles of 700 words made from the development files' news (from this repository's examples where
there are none):

- the reader against the *bare encoder*: the ONNX session alone on the same padded inputs, in the same processes, one for each
  core, in turns; the ratio of the two speeds is the median over the turns;
- the command `allegedly read`, as a user runs it, on 100 and on 1,000 articles: articles, words and word pieces a second, start-up and
  writing included, and the peak memory of all its processes together (resident set sizes summed, so that shared pages count
  once for each process);
- start-up: the same command on one short file, whole process, median of five.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty
from typing import Any

from allegedly.export.record import jsonl
from allegedly.ingest import read_article
from allegedly.model import Model
from allegedly.records import Article
from benchmarks import accuracy
from benchmarks.accuracy import Result
from benchmarks.floors import FloorsError

WORDS = 700
TURNS = 3
SLACK = 0.1  # times vary from run to run: floors keep this share away from what was measured
PATIENCE = 1800  # seconds for one measurement, after which something hangs


# --- articles to read -------------------------------------------------------------------------------------------------------


def paragraphs() -> list[str]:
    """News to make articles of: the development files' where they are, else the repository's examples."""
    stories = accuracy.data_folder() / "articles" / "stories_dev.jsonl.gz"
    if stories.exists():
        texts = [row.get("text") or "" for row in accuracy.json_rows(accuracy.gold_lines(stories))]
    else:
        texts = [path.read_text(encoding="utf8") for path in sorted((accuracy.ROOT / "examples").glob("*.txt"))]
    return [line.strip() for text in texts for line in text.splitlines() if len(line.split()) > 5]


def articles(pool: Sequence[str], *, words: int = WORDS) -> Iterator[str]:
    """Articles of exactly so many words, without end: paragraphs in their order, the next article where the last one stopped."""
    number = 0
    while True:
        parts: list[str] = []
        left = words
        while left:
            own = pool[number % len(pool)].split()[:left]
            parts.append(" ".join(own))
            left -= len(own)
            number += 1
        yield "\n\n".join(parts)


# --- the reader against the bare encoder ---------------------------------------------------------------------------------------


def _pieces(feed: dict[str, Any]) -> int:
    """Word pieces in one padded input."""
    return int(feed["mask"].sum())


def _bare(model: Model, texts: Sequence[str]) -> Callable[[], None]:
    feeds = [feed for text in texts for feed in model.encode_inputs(text)]

    def run() -> None:
        for feed in feeds:
            model.session.run(None, feed)

    return run


def _reader(model: Model, texts: Sequence[str]) -> Callable[[], None]:
    del model  # the reader loads its own, once a process
    items = [Article(id=f"a{number}", text=text) for number, text in enumerate(texts)]

    def run() -> None:
        for article in items:
            jsonl(read_article(article))

    return run


Work = Callable[[Any, Sequence[str]], Callable[[], None]]
Times = list[tuple[int, int, float]]  # turn, job, seconds


def _worker(
    texts: Sequence[str], load: Callable[[], Any], work: Sequence[Work], start: Barrier, spent: "multiprocessing.Queue[Times]"
) -> None:
    """One process's share: prepare and warm up, then take turns together with the other processes."""
    model = load()
    for prepare in work:
        prepare(model, texts[:1])()
    jobs = [prepare(model, texts) for prepare in work]
    times: Times = []
    for turn in range(TURNS):
        for number, job in enumerate(jobs):
            start.wait(PATIENCE)
            began = time.perf_counter()
            job()
            times.append((turn, number, time.perf_counter() - began))
    spent.put(times)


def in_turns(texts: Sequence[str], processes: int, *, load: Callable[[], Any], work: Sequence[Work]) -> list[list[float]]:
    """Seconds that each turn of each job took, by job: all processes begin together, and a turn lasts as long as its slowest share."""
    context = multiprocessing.get_context("spawn")
    start, spent = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=_worker, args=(texts[number::processes], load, work, start, spent), daemon=True)
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    slowest = [[0.0] * TURNS for _ in work]
    for _ in workers:
        for turn, job, seconds in _next(spent, workers):
            slowest[job][turn] = max(slowest[job][turn], seconds)
    for worker in workers:
        worker.join(PATIENCE)
    return slowest


def against_the_encoder(texts: Sequence[str], processes: int) -> dict[str, float]:
    """Word pieces a second of the reader and of the bare encoder, and their ratio."""
    model = Model.load()
    pieces = sum(_pieces(feed) for text in texts for feed in model.encode_inputs(text))
    bare, reader = in_turns(texts, processes, load=Model.load, work=(_bare, _reader))
    return {
        "ratio": statistics.median(one / other for one, other in zip(bare, reader, strict=True)),
        "reader_pieces_per_second": pieces / statistics.median(reader),
        "bare_encoder_pieces_per_second": pieces / statistics.median(bare),
        "pieces_per_article": pieces / len(texts),
    }


def _next(spent: Any, workers: Sequence[Any]) -> Times:
    """What the next worker to finish reports; fails when one of them has died."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            times: Times = spent.get(timeout=1)
        except Empty:
            if any(worker.exitcode for worker in workers):
                break
        else:
            return times
    for worker in workers:
        worker.terminate()
    raise RuntimeError("a reading process ended early or hangs; its own message stands above")


# --- the command --------------------------------------------------------------------------------------------------------------------


def command() -> list[str]:
    """How to run `allegedly` with this Python."""
    return [sys.executable, "-c", "from allegedly.cli import main; main()"]


def _children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    out: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            out.extend(map(int, children.read_text(encoding="ascii").split()))
        except OSError:  # the thread has just ended
            continue
    return out


def _resident(pid: int) -> int:
    """Bytes that a process holds in memory, 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def tree_memory(pid: int) -> int:
    """Bytes resident in a process and all its descendants."""
    family = [pid]
    for member in family:
        family.extend(_children(member))
    return sum(map(_resident, family))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: how long it took and the most memory that its processes held together."""

    seconds: float
    peak: int


def watched(arguments: Sequence[str], *, every: float = 0.1) -> Run:
    """Run a command to its end and watch its memory."""
    with tempfile.TemporaryFile() as complaints:
        began, peak = time.perf_counter(), 0
        process = subprocess.Popen(list(arguments), stdout=subprocess.DEVNULL, stderr=complaints)
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            if time.perf_counter() - began > PATIENCE:
                process.kill()
            time.sleep(every)
        seconds = time.perf_counter() - began
        if process.returncode:
            complaints.seek(0)
            raise RuntimeError(f"`allegedly` failed with status {process.returncode}: {complaints.read().decode(errors='replace')[-800:]}")
    return Run(seconds, peak)


def read_articles(texts: Sequence[str], folder: Path) -> Run:
    """`allegedly read` over one JSONL file of these articles."""
    source = folder / f"{len(texts)}.jsonl"
    rows = (json.dumps({"id": f"a{number}", "text": text}) for number, text in enumerate(texts))
    source.write_text("".join(f"{row}\n" for row in rows), encoding="utf8")
    return watched([*command(), "read", str(source), "--format", "jsonl", "-o", str(folder / "out.jsonl")])


def start_up(folder: Path, *, times: int = 5) -> float:
    """Seconds that `allegedly read` takes for one short file."""
    source = folder / "short.txt"
    source.write_text("Ardovia's foreign minister said on Monday that talks with Kestria had begun.\n", encoding="utf8")
    arguments = [*command(), "read", str(source), "--format", "jsonl", "-o", str(folder / "short.jsonl")]
    seconds = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])  # the first may have had to compile


# --- all together ----------------------------------------------------------------------------------------------------------------------


def measure(*, few: int, many: int, sample: int, processes: int) -> dict[str, float]:
    """Every figure; `few` and `many` articles for the command, `sample` for the comparison with the encoder."""
    texts = list(islice(articles(paragraphs()), max(many, sample)))
    figures = against_the_encoder(texts[:sample], processes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures["start_up_s"] = start_up(folder)
        small, large = read_articles(texts[:few], folder), read_articles(texts[:many], folder)
    rate = many / large.seconds
    return {
        "articles_per_second": rate,
        "words_per_second": rate * WORDS,
        "pieces_per_second": rate * figures["pieces_per_article"],
        **figures,
        "peak_memory_mb": large.peak / 2**20,
        f"peak_memory_of_{few}_articles": small.peak / 2**20,
        "memory_growth_mb": (large.peak - small.peak) / 2**20,
    }


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description="Measure speed, memory and start-up.")
    parser.add_argument("--quick", action="store_true", help="fewer articles: a look, not a measurement")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="of the comparison with the encoder")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the Markdown table between FILE's throughput markers")
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures that are above their floors, or have none")
    parser.add_argument("--lower-floors", action="store_true", help="pin the figures that are below their floors")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and compare; the exit status."""
    options = _arguments(argv)
    sizes = {"few": 10, "many": 30, "sample": 12} if options.quick else {"few": 100, "many": 1000, "sample": 60}
    figures = measure(**sizes, processes=options.processes)
    try:
        lines = accuracy.settle({"throughput": Result("", figures, slack=SLACK)}, options)
    except FloorsError as error:
        print(error, file=sys.stderr)
        return 2
    accuracy.report(lines, options, marker="throughput")
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
