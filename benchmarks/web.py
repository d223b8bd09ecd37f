"""How the web application answers many people on a large ledger while articles come in.

    python -m benchmarks.web [--articles 20000] [--users 50] [--seconds 60] [--ledger FILE] [--readings FILE] [--base 100]

A ledger is filled as `benchmarks.ledger scale` does (copies of real articles, each with an id and a day of its own, a story and a
matter with each; whoever bears one name is one, and each article has a copy), marked as compared, and served by `allegedly serve` in a
process of its own. Beside it `allegedly add` reads further articles with the model in one process, compares them and commits, from before
the first request to after the last. Users look at a page, then at another after `THINKS` seconds on average (exponentially distributed),
each on a connection of its own; what they look at is drawn from `KINDS`, with words and names from the articles. Given are requests, median
and 95th percentile by kind of page, in milliseconds as a user sees them, the errors, and how many articles were added meanwhile. Exit
status 1 where the 95th percentile of all is over `LIMIT`, or there was an error.

`--ledger` keeps the filled ledger, and takes it as it is where it has `--articles` articles or more.
"""

import argparse
import asyncio
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx2
from sqlalchemy import bindparam

from allegedly.compare.claims import claims
from allegedly.compared import Claim, Copy
from allegedly.inquiry.comparing import STAGE
from allegedly.ledger import Ledger
from allegedly.ledger import tables as t
from allegedly.ledger.packing import pack_records
from allegedly.ledger.versions import Rows
from allegedly.records import Reading
from benchmarks.ledger import fill, readings

LIMIT = 500.0
THINKS = 5.0
COMMAND = (sys.executable, "-c", "from allegedly.cli import main; main()")
KINDS = {
    "/": 2,
    "/search?q={word}": 5,
    "/search?q={word}&act=ASSAULT&voice=source": 2,
    "/search?entity={name}": 2,
    "/article?id={article}": 8,
    "/matters?disputed=true": 2,
    "/matters/{matter}": 4,
    "/stories": 1,
    "/stories/{story}": 2,
    "/entities": 1,
    "/entities?name={name}": 1,
    "/entities/{identity}": 3,
    "/pictures/time": 1,
    "/pictures/network?entity={name}": 1,
    "/review": 1,
    "/copies": 1,
    "/outlets": 1,
    "/outlets/{outlet}": 1,
    "/sources": 1,
    "/api/search?q={word}": 2,
}
"""Kinds of pages, and how many of 42 requests are for each."""


def filled(where: Path, found: list[Reading], articles: int) -> None:
    """Fill a ledger, unless it is full already."""
    with Ledger.open(where, create=True) as ledger:
        if ledger.size() < articles:
            fill(ledger, found, articles)
        if not ledger.identities.list(limit=1).rows:
            _identified(ledger, articles)
        if not ledger.copies(limit=1).rows:
            _copied(ledger, len(found), articles)
        if not ledger.claims(articles=[1]):
            _claimed(ledger, found, articles)
        ledger.done(STAGE, ledger.latest(limit=1).rows)


def _identified(ledger: Ledger, articles: int) -> None:
    """Whoever bears the same name is one."""
    bearers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for first in range(1, articles + 1, 1_000):
        for rows in ledger.entities(range(first, first + 1_000)).values():
            for row in rows:
                bearers[row.name, row.type].append(row.number)
    with ledger.writing():
        for (name, kind), numbers in bearers.items():
            many = {"articles": len(numbers), "origins": len(numbers), "outlets": 1}
            ledger.identities.start(numbers, label=name, type=kind, **many)


def _copied(ledger: Ledger, base: int, articles: int) -> None:
    """Each article shares its beginning with the one before it that has the same text."""
    with ledger.writing():
        ledger.add_copies([Copy(n, n + base, (0, 400), (0, 400), 60, 1.0, n % 9 > 0) for n in range(1, articles - base + 1)])


def _claimed(ledger: Ledger, found: list[Reading], articles: int) -> None:
    """Each article has the claims of its text."""
    packs = []
    for reading in found:
        claimed = Rows(reading, reading.article.text, 1, claims(reading)).bare_claims()
        packs.append(pack_records(Claim, claimed, reading.article.text) if claimed else None)
    change = t.readings.update().where(t.readings.c.number == bindparam("one")).values(claims=bindparam("pack"))
    with ledger.writing():
        rows = [{"one": number, "pack": packs[(number - 1) % len(packs)]} for number in range(1, articles + 1)]
        ledger._store.run(change, rows)


@contextmanager
def served(where: Path, log: Path) -> Iterator[str]:
    """The address of a server of the ledger, in a process of its own, which writes what it says into a file."""
    with log.open("w", encoding="utf-8") as said:
        server = subprocess.Popen([*COMMAND, "serve", "--ledger", str(where), "--port", "0"], stderr=said)
    try:
        while (found := re.search(r"http://[\d.:]+", log.read_text("utf-8"))) is None:
            if server.poll() is not None:
                raise SystemExit(log.read_text("utf-8"))
            time.sleep(0.05)
        yield found[0]
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def adding(where: Path, found: list[Reading], folder: Path) -> Iterator[None]:
    """While articles are read and added, one after the other, by a process of its own."""
    path = folder / "more.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(20_000):
            base = found[number % len(found)].article
            line = {"id": f"added-{time.time_ns()}-{number}", "title": base.title, "text": f"{base.text}\n\nEdition {number}."}
            out.write(json.dumps(line | {"outlet": base.outlet, "published": "2024-05-01"}) + "\n")
    command = [*COMMAND, "add", "--ledger", str(where), "--processes", "1", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


class Visitors:
    """People who look at pages, what they saw, and how long it took."""

    def __init__(self, address: str, found: list[Reading], articles: int, limits: dict[str, int]) -> None:
        self.address = address
        self.found = found
        self.articles = articles
        self.limits = limits
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []

    async def come(self, users: int, seconds: float) -> None:
        """All of them, for so long."""
        until = time.monotonic() + seconds
        async with httpx2.AsyncClient(base_url=self.address, timeout=60, limits=httpx2.Limits(max_connections=users)) as client:
            await asyncio.gather(*(self._look(client, random.Random(user), until) for user in range(users)))  # noqa: S311

    async def _look(self, client: httpx2.AsyncClient, chance: random.Random, until: float) -> None:
        await asyncio.sleep(chance.random() * THINKS)
        while time.monotonic() < until:
            kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
            path = kind.format(**self._things(chance))
            begun = time.perf_counter()
            try:
                answer = await client.get(path)
                if answer.status_code != 200:
                    self.errors.append(f"{path}: {answer.status_code} {_worded(answer.text)}")
            except httpx2.HTTPError as error:
                self.errors.append(f"{path}: {error!r}")
            self.took[kind].append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(chance.expovariate(1 / THINKS))

    def _things(self, chance: random.Random) -> dict[str, object]:
        number = chance.randrange(self.articles)
        reading = self.found[number % len(self.found)]
        word = chance.choice([one for one in reading.article.text.split() if one.isalpha()])
        name = chance.choice([one.name for one in reading.entities] or ["nobody"])
        numbers = {kind: chance.randint(1, most) for kind, most in self.limits.items()}
        return {"word": quote(word), "name": quote(name), "article": f"copy-{number}", **numbers}


def _worded(page: str) -> str:
    """What an error page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())[:300]


def _processor_time() -> float:
    """Seconds that processes which were begun here, and have ended, kept a processor busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def percentile(took: list[float], share: float) -> float:
    """The time within which this share of requests was answered."""
    return sorted(took)[min(len(took) - 1, int(share * len(took)))]


def main() -> int:
    """Fill, serve, add, look, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--base", type=int, default=100)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--readings", type=Path)
    parser.add_argument("--quiet-ledger", action="store_true", help="Add nothing meanwhile.")
    asked = parser.parse_args()
    found = readings(asked.base, asked.readings)
    with tempfile.TemporaryDirectory() as kept:
        where, log = asked.ledger or Path(kept) / "ledger.db", Path(kept) / "server.log"
        filled(where, found, asked.articles)
        with Ledger.open(where) as ledger:
            before = ledger.size()
            known = ledger.identities.reserve(0) - 1
            limits = {"matter": asked.articles, "story": asked.articles, "outlet": len(ledger.outlets()), "identity": known}
        with served(where, log) as address:
            visitors = Visitors(address, found, asked.articles, limits)
            asyncio.run(visitors.come(2, 10))  # the model and the templates are loaded by now
            visitors.took.clear()
            if asked.quiet_ledger:
                asyncio.run(visitors.come(asked.users, asked.seconds))
            else:
                with adding(where, found, Path(kept)):
                    time.sleep(10)  # it has begun to read
                    asyncio.run(visitors.come(asked.users, asked.seconds))
            others = _processor_time()
        worked, said = _processor_time() - others, log.read_text("utf-8")
        with Ledger.open(where) as ledger:
            added = ledger.size() - before
    for kind, took in sorted(visitors.took.items()):
        print(f"{kind:<44}{len(took):>6}{percentile(took, 0.5):>9.0f}{percentile(took, 0.95):>9.0f} ms")
    every = [one for took in visitors.took.values() for one in took]
    high = percentile(every, 0.95)
    print(f"{'all':<44}{len(every):>6}{percentile(every, 0.5):>9.0f}{high:>9.0f} ms, at most {max(every):.0f}")
    print(f"{before:,} articles, {added} added meanwhile; {asked.users} users for {asked.seconds:.0f} s on {os.cpu_count()} processors")
    print(f"{1000 * worked / len(every):.0f} ms of processor time of the server a request, its start included")
    print(f"{len(visitors.errors)} errors", *visitors.errors[:10], sep="\n  ")
    if visitors.errors:
        print("the server's last words:", said[-4000:], sep="\n")
    return int(high > LIMIT or bool(visitors.errors))


if __name__ == "__main__":
    sys.exit(main())
