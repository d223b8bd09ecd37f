"""How reading grows with workers, and what it loses when they die: shards read on Ray, on this machine.

    python -m benchmarks.scale speed [--shards 24] [--articles 12]     one worker against two, and more from measured times
    python -m benchmarks.scale chaos [--shards 60] [--every 30]        a worker killed every so often, the driver killed twice

Articles are made from the development files' news (from this repository's examples where there are none), 700 words each. `speed` counts
from the first finished shards on, so that starting Ray is not in it; more workers than this machine has cores are simulated by handing the
measured times of the shards to them in turn, whoever is free first: a bound from above, for network and storage cost nothing in it.
`chaos` compares each file with what one process gives without Ray.
"""

import argparse
import heapq
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from allegedly.ingest.shards import Job, Receipt, Shard, plan, run
from benchmarks.throughput import articles, paragraphs

COMMAND = [sys.executable, "-c", "from allegedly.cli import main; main()"]


def inputs(folder: Path, shards: int, each: int) -> list[Shard]:
    """JSON Lines files of `each` articles."""
    folder.mkdir()
    made = articles(paragraphs())
    for number in range(shards):
        rows = [{"id": f"{number}-{place}", "text": text} for place, text in enumerate(itertools.islice(made, each))]
        (folder / f"s{number:03}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    return plan([str(folder)])


# --- speed -------------------------------------------------------------------------------------------------------------


def on_ray(shards: list[Shard], out: Path, workers: int) -> tuple[float, list[float]]:
    """Articles a second, counted once all workers are at work, and the seconds between a worker's shards."""
    from allegedly.ingest.cluster import Cluster

    job = Job(shards, str(out))
    ends: list[float] = []
    counts: list[int] = []
    with Cluster(workers=workers) as cluster:
        for fate in cluster.read(job, shards):
            ends.append(time.monotonic())
            counts.append(fate.readings if isinstance(fate, Receipt) else 0)
    rate = sum(counts[workers:]) / (ends[-1] - ends[workers - 1])
    between = [(b - a) * workers for a, b in itertools.pairwise(ends[workers - 1 :])]
    return rate, between


def simulated(times: Sequence[float], workers: int, shards: int) -> float:
    """How many times faster than one worker so many are, when each takes the next shard as soon as it is free. Times are drawn in turn."""
    tasks = [times[number % len(times)] for number in range(shards)]
    free = [0.0] * workers
    for seconds in tasks:
        heapq.heapreplace(free, free[0] + seconds)
    return sum(tasks) / max(free)


def speed(options: argparse.Namespace) -> None:
    """Print a table of workers and rates."""
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        shards = inputs(base / "in", options.shards, options.articles)
        runs: dict[int, list[float]] = {1: [], 2: []}
        times: list[float] = []
        for turn in range(options.turns):
            for workers in (1, 2) if turn % 2 == 0 else (2, 1):
                rate, between = on_ray(shards, base / f"out{turn}{workers}", workers)
                runs[workers].append(rate)
                times += between if workers == 1 else []
                print(f"turn {turn + 1}: {workers} workers, {rate:.2f} articles a second", flush=True)
    one, two = statistics.median(runs[1]), statistics.median(runs[2])
    cores = len(os.sched_getaffinity(0))
    print(f"\none worker: {one:.2f} articles/s; two: {two:.2f}; ratio {two / one:.2f} (of {cores} cores)")
    print("simulated from the measured times, shards of this size, 50 a worker:")
    for workers in (2, 4, 16, 64, 256):
        print(f"  {workers:4} workers: {simulated(times, workers, 50 * workers):7.1f} times one")


# --- chaos -------------------------------------------------------------------------------------------------------------


def chaos(options: argparse.Namespace) -> None:
    """Kill and count. Exit status 1 where anything was lost, doubled or differs."""
    rng = random.Random(options.seed)  # noqa: S311 - which worker dies is no secret
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        shards = inputs(base / "in", options.shards, options.articles)
        began = time.monotonic()
        run(Job(shards, str(base / "alone")))
        alone = time.monotonic() - began
        print(f"one process, no Ray: {len(shards)} shards in {alone:.0f} s", flush=True)
        killed = drivers = 0
        moments = [alone * share for share in (0.25 + 0.1 * rng.random(), 0.25 + 0.1 * rng.random())]
        status = None
        while status != 0:
            driver = subprocess.Popen([*COMMAND, "read", "--ray", "--workers", "2", "-o", str(base / "ray"), str(base / "in")])
            started = last = time.monotonic()
            while (status := driver.poll()) is None:
                time.sleep(0.2)
                now = time.monotonic()
                if drivers < len(moments) and now - started > moments[drivers]:
                    driver.send_signal(signal.SIGKILL)
                    drivers += 1
                elif now - last > options.every and (found := readers()):
                    os.kill(rng.choice(found), signal.SIGKILL)
                    killed, last = killed + 1, now
            print(f"a driver ended with {status}; {len(list((base / 'ray' / 'shards').glob('*.json')))} shards done", flush=True)
        first, second = files(base / "alone"), files(base / "ray")
    lost, more = set(first) - set(second), set(second) - set(first)
    differ = [name for name in first if name in second and first[name] != second[name]]
    print(f"workers killed {killed}, drivers killed {drivers}: files lost {len(lost)}, added {len(more)}, different {len(differ)}")
    sys.exit(bool(lost or more or differ))


def readers() -> list[int]:
    """The process numbers of Ray's workers that have the reader loaded."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ray::_Worker" in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    for name, function, shards, each in (("speed", speed, 24, 12), ("chaos", chaos, 60, 20)):
        one = kinds.add_parser(name)
        one.set_defaults(run=function)
        one.add_argument("--shards", type=int, default=shards)
        one.add_argument("--articles", type=int, default=each, help="in a shard")
        one.add_argument("--seed", type=int, default=1)
        if name == "speed":
            one.add_argument("--turns", type=int, default=3)
        else:
            one.add_argument("--every", type=float, default=30.0, help="seconds between two workers' deaths")
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
