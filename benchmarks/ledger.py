"""How large a ledger is, how fast it answers, and how fast it takes what is new.

    python -m benchmarks.ledger size [--base 100] [--readings FILE]
    python -m benchmarks.ledger scale [--base 100] [--articles 20000] [--ledger PATH|URL] [--readings FILE]

*size*: real articles (`growth.real_articles`) are added to an empty SQLite ledger, each with the JSONL line that it came from, and
compared. Given are the bytes of every table and index, per 700 words (SQLite's dbstat), and the seconds for adding and comparing one.

*scale*: `--articles` copies of them, each with an id and a day of its own, are added without their claims, and every article becomes a
story and its first two statements a matter, so that the listings of groups have something to list; reading and comparing are not in it.
Words and names stay as they are: each is found in many more articles than in real news, which is the harder case for a listing. Given are
the rate of adding for every tenth of the way over that of the first thousand, and for each kind of question its median and its 95th
percentile over `ASKED` questions, with words and names drawn from the articles. PostgreSQL by `--ledger postgresql://...` (a database
without anything in it), or "postgresql" for a temporary server as in `benchmarks.crash`.

`--readings` keeps the base readings in a file between runs.
"""

import argparse
import json
import pickle
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from allegedly.article import from_path
from allegedly.compare.claims import claims
from allegedly.compared import Claim
from allegedly.errors import InputError
from allegedly.inquiry.comparing import compare
from allegedly.ledger import MOST, Entry, Filters, Ledger, coding, versions
from allegedly.ledger.packing import pack_reading, reading_columns, record_columns
from allegedly.ledger.tables import ACTS, ROOM
from allegedly.ledger.versions import Rows
from allegedly.reading import read_article
from allegedly.records import Reading
from benchmarks import accuracy, crash, growth

ASKED = 40
WORDS = 700
SAMPLED = 48_000
"""Bytes of the words of samples."""
WARM = 1_000
"""Articles whose rate of adding the others' is compared with."""


@dataclass(frozen=True)
class Line:
    """The evidence of an article that came in a line of JSONL."""

    body: bytes
    media_type: str = "application/jsonl"
    url: None = None
    retrieved: None = None
    headers: tuple[()] = ()


def readings(base: int, path: Path | None) -> list[Reading]:
    """Real readings with their words, from a file of them where there is one, which is made where there is none."""
    if path is not None and path.exists():
        known: list[Reading] = pickle.loads(path.read_bytes())  # noqa: S301
        return known[:base]
    found = growth.real_readings(base)
    if path is not None:
        path.write_bytes(pickle.dumps(found))
    return found


def entry(reading: Reading, *, claimed: bool) -> Entry:
    """An article as it is added, with its evidence, and with its claims if they are wanted."""
    article = reading.article
    line = json.dumps({"id": article.id, "title": article.title, "text": article.text}).encode()
    return Entry(replace(reading, tokens=()), Line(line), claims(reading) if claimed else ())


# --- size -----------------------------------------------------------------------------------------------------------------


def size(found: Sequence[Reading], where: str) -> None:
    """Print bytes by table, what each of the later half of the articles added to them, and what adding and comparing took."""
    total = "SELECT sum(pgsize) FROM dbstat"
    with Ledger.open(where, create=True) as ledger:
        entries = [entry(reading, claimed=True) for reading in found]
        spent, half = [0.0, 0.0], len(entries) // 2
        counted = 0, 0
        for part in (entries[:half], entries[half:]):
            before = counted
            for first in range(0, len(part), MOST):
                begun = time.perf_counter()
                ledger.add(part[first : first + MOST])
                spent[0] += time.perf_counter() - begun
            begun = time.perf_counter()
            compare(ledger)
            spent[1] += time.perf_counter() - begun
            counted = ledger._store.say("SELECT sum(words) FROM versions")[0][0], ledger._store.say(total)[0][0]
        words, held = counted
        rows = ledger._store.say("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")
    print(f"{len(found)} articles of {words / len(found):.0f} words: {1000 * spent[0] / len(found):.1f} ms to add one, ", end="")
    print(f"{1000 * spent[1] / len(found):.1f} ms to compare it; bytes for {WORDS} words:")
    for name, one in rows:
        if WORDS * one / words >= 20:
            print(f"{name:<34}{WORDS * one / words:>9,.0f}")
    print(f"{'together':<34}{WORDS * held / words:>9,.0f}")
    print(f"{'the later half alone':<34}{WORDS * (held - before[1]) / (words - before[0]):>9,.0f}")


def samples(base: int, path: Path | None) -> None:
    """Make the samples that documents are packed with anew, which must not be done once anybody has a ledger: words from the examples, and
    how often columns hold which digits from those and from news that is not among the first `base` articles, with which size is measured.
    """
    own: list[Reading] = []
    for source in sorted((accuracy.ROOT / "examples").iterdir()):
        own += [read_article(one.article, tokens=True) for one in from_path(source) if not isinstance(one, InputError)]
    others = readings(10**6, path)[base:]
    made = coding.sampled(_laid_out(own), _laid_out(others), SAMPLED)
    Path(coding.__file__).with_name(f"samples_{coding.NEWEST}.zst").write_bytes(made)
    print(f"{len(own)} articles, {len(others)} others, {len(made):,} bytes")


def _laid_out(found: Sequence[Reading]) -> Iterator[Any]:
    """Documents as they are packed."""
    for reading in found:
        article = reading.article
        yield reading_columns(reading, (article.text, article.title))
        yield record_columns(Claim, Rows(reading, article.text, 1, claims(reading)).bare_claims())


# --- scale ----------------------------------------------------------------------------------------------------------------


def copied(found: Sequence[Reading], number: int) -> Reading:
    """The copy with this number: base readings take turns, days pass."""
    base = found[number % len(found)]
    day = date(2015, 1, 1) + timedelta(days=number * 7919 % 3_000)
    return replace(base, article=replace(base.article, id=f"copy-{number}", published=day.isoformat()))


def fill(ledger: Ledger, found: Sequence[Reading], articles: int) -> None:
    """Add so many copies, a story and a matter with each, and print how fast. What is alike of copies, their document, is packed once."""
    packed: dict[int, bytes] = {}

    def once(reading: Reading, kept: Sequence[str | None]) -> bytes:
        key = id(reading.mentions)
        packed[key] = packed.get(key) or pack_reading(reading, kept)
        return packed[key]

    with patch.object(versions, "pack_reading", once):
        _fill(ledger, found, articles)


def _fill(ledger: Ledger, found: Sequence[Reading], articles: int) -> None:
    report = [WARM, *(articles * tenth // 10 for tenth in range(1, 11))]
    seconds, since, first_rate = 0.0, 0, 0.0
    for first in range(0, articles, MOST):
        entries = [entry(copied(found, number), claimed=False) for number in range(first, first + MOST)]
        begun = time.perf_counter()
        outcomes = ledger.add(entries)
        seconds += time.perf_counter() - begun
        _group(ledger, [(one.article, one.items) for one in outcomes if one.article])
        if first + MOST in report:
            rate = (first + MOST - since) / seconds
            first_rate = first_rate or rate
            print(f"{first + MOST:>9,} articles: {rate:6.1f} a second, {rate / first_rate:.2f} of the first", flush=True)
            seconds, since = 0.0, first + MOST


def _group(ledger: Ledger, found: Sequence[tuple[int, tuple[int, ...]]]) -> None:
    with ledger.writing():
        for number, items in found:
            many: dict[str, Any] = {"articles": 1 + number % 7, "outlets": 1, "origins": 1, "label": f"article {number}"}
            ledger.stories.start([number], **many)
            ledger.matters.start(items[:2], item=items[0] if items else None, disputed=not number % 5, **many)


Question = Callable[[Ledger, random.Random, Reading], Any]


def _word(chance: random.Random, reading: Reading) -> str:
    return chance.choice([word for word in reading.article.text.split() if word.isalpha()])


def _name(chance: random.Random, reading: Reading) -> str:
    named = {mention.entity for mention in reading.mentions if mention.named}
    return chance.choice([entity.name for entity in reading.entities if entity.id in named] or ["nobody"])


QUESTIONS: dict[str, Question] = {
    "search: a word": lambda on, chance, reading: on.search(_word(chance, reading)),
    "search: two words": lambda on, chance, reading: on.search(f"{_word(chance, reading)} {_word(chance, reading)}"),
    "search: a phrase": lambda on, chance, reading: on.search('"' + " ".join(reading.article.text.split()[10:12]) + '"'),
    "search: beginning": lambda on, chance, reading: on.search(_word(chance, reading)[:4] + "*"),
    "search: a word, not another": lambda on, chance, reading: on.search(f"{_word(chance, reading)} -{_word(chance, reading)}"),
    "search: a word, an act": lambda on, chance, reading: on.search(_word(chance, reading), Filters(act=chance.choice(ACTS))),
    "search: a name": lambda on, chance, reading: on.search("", Filters(entity=_name(chance, reading))),
    "search: an outlet, a month": lambda on, chance, reading: on.search(
        "", Filters(outlet=reading.article.outlet or "none", since="2018-03", until="2018-03")
    ),
    "statements: a name": lambda on, chance, reading: on.statements("", Filters(entity=_name(chance, reading))),
    "statements: a name, negated": lambda on, chance, reading: on.statements(
        "", Filters(entity=_name(chance, reading), polarity="negated", status="actual")
    ),
    "statements: a rare mixture": lambda on, chance, reading: on.statements(
        _word(chance, reading), Filters(act="CONCEDE", status="planned", voice="source", polarity="negated")
    ),
    "statements of an article": lambda on, chance, reading: on.statements(articles=[on.number(reading.article.id) or 0]),
    "articles, newest first": lambda on, chance, reading: on.search(),
    "matters": lambda on, chance, reading: on.matters.list(disputed=chance.random() < 0.5),
    "stories": lambda on, chance, reading: on.stories.list(),
    "who": lambda on, chance, reading: on.who(_name(chance, reading)),
    "view: who did what": lambda on, chance, reading: on._store.rows(
        text(
            "SELECT name, sentence, voice, polarity, status FROM who_did_what "
            "WHERE entity = (SELECT min(number) FROM entities WHERE number >= :first) LIMIT 50"
        ),
        {"first": ROOM * (on.number(reading.article.id) or 1)},
    ),
    "a reading": lambda on, chance, reading: on.reading(on.number(reading.article.id) or 1),
    "status": lambda on, chance, reading: on.status(),
}


def ask(ledger: Ledger, found: Sequence[Reading], articles: int) -> float:
    """Print a row for each kind of question; the largest 95th percentile, in milliseconds."""
    chance, worst = random.Random(1), 0.0  # noqa: S311
    for name, question in QUESTIONS.items():
        took = []
        for _ in range(ASKED):
            number = chance.randrange(articles)
            reading = copied(found, number)
            begun = time.perf_counter()
            question(ledger, chance, reading)
            took.append(1000 * (time.perf_counter() - begun))
        took.sort()
        high = took[int(0.95 * ASKED) - 1]
        worst = max(worst, high)
        print(f"{name:<32}{took[ASKED // 2]:>9.1f}{high:>9.1f} ms", flush=True)
    return worst


@contextmanager
def place(given: str | None) -> Iterator[str]:
    """Where the ledger is to be: what was given, a temporary file, or a temporary PostgreSQL server's database."""
    if given == "postgresql":
        with crash.server() as url:
            if url is None:
                sys.exit("*** no PostgreSQL server is installed ***")
            yield url
    elif given:
        yield given
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"{folder}/ledger.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("size", "scale", "samples"))
    parser.add_argument("--base", type=int, default=100, help="real articles that the others are made of")
    parser.add_argument("--articles", type=int, default=20_000, help="articles of the large ledger, in hundreds")
    parser.add_argument("--ledger", help="where it is to be (a temporary file); one that is there already is only asked")
    parser.add_argument("--readings", type=Path, help="a file that keeps the base readings")
    given = parser.parse_args(arguments)
    if given.what == "samples":
        samples(given.base, given.readings)
        return 0
    found = readings(given.base, given.readings)
    with place(given.ledger) as where:
        if given.what == "size":
            size(found, where)
            return 0
        with Ledger.open(where, create=True) as ledger:
            there = ledger.status()["articles"]
            if not there:
                fill(ledger, found, given.articles)
            print(f"largest 95th percentile: {ask(ledger, found, there or given.articles):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
