"""What `read` and `add` share of reading by shards: the option that names a cluster, and what is said while shards are read."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.reporting import bar_of, plain_words, say

if TYPE_CHECKING:
    from allegedly.ingest.shards import Fate, Job, Shard

LOCAL = "local"
ADDRESS = re.compile(r"auto|local|ray://\S+|(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}", re.ASCII)
SECONDS = 30.0
"""Between two lines about how far a run is, where there is no terminal."""

Ray = Annotated[
    str,
    typer.Option(
        "--ray",
        metavar="[ADDRESS]",
        help="Read by the workers of a Ray cluster: HOST:PORT, ray://HOST:PORT, auto; alone, on this machine (docs/cluster.md).",
        show_default=False,
    ),
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, max=10_000, help="Workers of --ray.  [default: as many as processors]")]


def told(arguments: list[str]) -> list[str]:
    """A command line in which a bare `--ray` says `--ray=local`. What follows is its value if it looks like an address and is no file."""
    out = []
    for number, word in enumerate(arguments):
        after = arguments[number + 1] if number + 1 < len(arguments) else ""
        bare = word == "--ray" and (not ADDRESS.fullmatch(after) or Path(after).exists())
        out.append(f"--ray={LOCAL}" if bare else word)
    return out


@contextmanager
def fates_of(job: "Job", ray: str, workers: int | None) -> "Iterator[Callable[[list[Shard]], Iterator[Fate]] | None]":
    """What reads the shards that are left: a cluster's workers, or None, which is this process."""
    if not ray:
        yield None
        return
    from allegedly.ingest.cluster import Cluster

    with Cluster(ray, workers) as cluster:
        yield lambda left: cluster.read(job, left)
        if cluster.restarts:
            say(f"{cluster.restarts} workers died; the shards that they had in hand were read again")


@contextmanager
def shard_progress(job: "Job", *, quiet: bool = False) -> "Iterator[Callable[[Fate], None]]":
    """Says which shards are bad (unless `quiet`), and how far a run is: a bar on a terminal, else a line now and then."""
    from allegedly.ingest.shards import Bad

    total, began = len(job.shards), time.monotonic()
    done, said = {"shards": 0, "readings": 0}, [began]

    def count(fate: "Fate") -> str | None:
        done["shards"] += 1
        if isinstance(fate, Bad):
            return None if quiet else f"{fate.input}: {fate.reason}. {fate.advice}"
        done["readings"] += fate.readings
        return None

    if sys.stderr.isatty():
        bar = bar_of("shards")
        task = bar.add_task("shards", total=total)

        def moving(fate: "Fate") -> None:
            if message := count(fate):
                bar.console.print(f"allegedly: {plain_words(message)}", soft_wrap=True)
            bar.advance(task)

        with bar:
            yield moving
        return

    def plain(fate: "Fate") -> None:
        if message := count(fate):
            say(message)
        if time.monotonic() - said[0] > SECONDS:
            said[0] = time.monotonic()
            say(f"{done['shards']} of {total} shards, {done['readings']} readings")

    yield plain
