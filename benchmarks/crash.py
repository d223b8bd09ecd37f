"""Ingests that are killed at random points: `python -m benchmarks.crash [--sqlite 100] [--postgresql 50] [--url URL]`.

A process adds articles of its own, in batches, to one ledger, over and over; it says on its standard output which batches were confirmed.
It is killed (SIGKILL) at a random point and started again, as a user would, until it was killed as often as asked for. After every kill the
ledger is opened and checked. Counted are articles that are there twice, articles that were confirmed and are not there, and checks that
found anything (every tenth check opens every document too).

The articles are made up here and are read by no model: what is tested is the ledger. PostgreSQL needs a server: `--url` of an empty
database, or a server's programs in /usr/lib/postgresql, from which a temporary one is started.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from allegedly.ledger import Entry, Ledger
from allegedly.records import Article, Event, Reader, Reading, Statement

BATCH = 10
ROUND = 400
"""Articles of one ingest; the next ingest adds the same and as many more."""
READER = Reader("crash", "0" * 64, "0" * 64)
LONGEST = 2.0
"""Seconds after the first confirmed batch within which an ingest is killed."""


@dataclass(slots=True)
class Damage:
    """What was found after some kills."""

    kills: int = 0
    confirmed: int = 0
    doubled: int = 0
    lost: int = 0
    failed: int = 0


def reading(number: int) -> Reading:
    """A reading of an article that is made up from its number."""
    words = random.Random(number).choices(("Norland", "Veldania", "troops", "shelled", "the", "bridge", "at", "Osk", "talks", "met"), k=200)  # noqa: S311
    text = f"Article {number}. " + " ".join(words) + "."
    event = Event("ASSAULT", "ASSAULT", None, (), 4, "crash", 0.9)
    sentence = (0, len(text))
    rest: dict[str, object] = {"actor": (), "recipient": (), "object": (), "actor_entities": (), "recipient_entities": ()}
    said = [
        Statement(
            f"s{place}", "text", ((place, place + 4),), "shell", event=event, polarity="affirmed", status="actual",
            sure_rule="plain", sure_score=1.0, voice="author", sourcing="none", **rest,  # type: ignore[arg-type]
        )
        for place in range(30)
    ]  # fmt: skip
    return Reading(Article(f"n{number}", text), (sentence,), (), (), (), tuple(said), (), (), (), None, (), READER)


def ingest(where: str, articles: int) -> None:
    """Add articles by batches, passing over those that are there, and say what was confirmed."""
    with Ledger.open(where, wait=60.0) as ledger:
        print("open", flush=True)
        for first in range(0, articles, BATCH):
            batch = [reading(number) for number in range(first, first + BATCH)]
            known = ledger.known([one.article for one in batch], READER)
            ledger.add([Entry(one) for one, there in zip(batch, known, strict=True) if not there])
            print(first, flush=True)


def killed(where: str, articles: int, chance: random.Random) -> tuple[set[int], bool]:
    """One ingest that is killed at a random point; what it had confirmed, and whether it ended before it could be killed."""
    command = [sys.executable, "-m", "benchmarks.crash", "--ingest", where, "--articles", str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, LONGEST))
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().split("\n")[:-1]
    done = {number for first in said for number in range(int(first), int(first) + BATCH)}
    return done, process.returncode != -signal.SIGKILL


def crash(where: str, kills: int, seed: int) -> Damage:
    """Ingests into one ledger, killed so many times, with a look at the ledger after each."""
    chance, damage, articles = random.Random(seed), Damage(), ROUND  # noqa: S311
    confirmed: set[int] = set()
    Ledger.open(where, create=True).close()
    while damage.kills < kills:
        done, ended = killed(where, articles, chance)
        confirmed |= done
        articles += ROUND * ended
        damage.kills += not ended
        with Ledger.open(where, wait=60.0) as ledger:
            there = ledger.numbers(f"n{number}" for number in range(articles))
            damage.lost += sum(f"n{number}" not in there for number in confirmed)
            damage.doubled += ledger.status()["articles"] - len(there) + ledger.status()["versions"] - len(there)
            problems = ledger.check(deep=damage.kills % 10 == 0)
            damage.failed += bool(problems)
            if problems:
                print(f"after kill {damage.kills}: {problems}")
    damage.confirmed = len(confirmed)
    return damage


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a database on a temporary PostgreSQL server that writes through (fsync), or None where none is installed."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not tools:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    own = ["runuser", "-u", "postgres", "--"] if Path.home() == Path("/root") else []
    if own:
        subprocess.run(["chown", "postgres", str(home)], check=True)
    control = [*own, str(tools[-1].parent / "pg_ctl"), "-D", str(home / "data")]
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}'"
    initdb = [*own, str(tools[-1]), "-D", str(home / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(initdb, check=True, cwd=home, capture_output=True)
    subprocess.run([*control, "-o", options, "-l", str(home / "log"), "-w", "start"], check=True, cwd=home, capture_output=True)
    try:
        yield f"postgresql://postgres@/postgres?host={home}"
    finally:
        subprocess.run([*control, "-m", "immediate", "-w", "stop"], check=True, cwd=home, capture_output=True)
        subprocess.run([*own, "rm", "-rf", str(home / "data")], check=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each database; 1 where anything was doubled, lost or damaged."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--sqlite", type=int, default=100, help="kills on SQLite")
    parser.add_argument("--postgresql", type=int, default=50, help="kills on PostgreSQL")
    parser.add_argument("--url", help="an empty PostgreSQL database (a temporary server's where it is not given)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ingest", help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.ingest:
        ingest(given.ingest, given.articles)
        return 0
    print(f"{'database':<12}{'kills':>7}{'confirmed':>11}{'doubled':>9}{'lost':>6}{'failed checks':>15}")
    found = []
    if given.sqlite:
        with tempfile.TemporaryDirectory() as folder:
            found.append(_row("SQLite", crash(f"{folder}/ledger.db", given.sqlite, given.seed)))
    if given.postgresql:
        with server() as temporary:
            url = given.url or temporary
            if url:
                found.append(_row("PostgreSQL", crash(url, given.postgresql, given.seed)))
            else:
                print("*** no PostgreSQL server: NOT tested there ***")
    return int(any(one.doubled or one.lost or one.failed for one in found))


def _row(name: str, damage: Damage) -> Damage:
    print(f"{name:<12}{damage.kills:>7}{damage.confirmed:>11,}{damage.doubled:>9}{damage.lost:>6}{damage.failed:>15}", flush=True)
    return damage


if __name__ == "__main__":
    sys.exit(main())
