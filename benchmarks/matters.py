"""Are agreements and denials found, and near-misses kept apart, in a ledger that grows?

    python -m benchmarks.matters [--sizes 1000,20000] [--base 200] [--rounds 4] [--json] [--kept FILE] [--minutes 7]

Propositions of `matters.toml` are planted: each in `--rounds` sets of invented names, and each set in eight short articles (three assert,
two deny, three are near-misses: roles swapped, another party, place or act, only planned, possible, conditional or demanded). Planted
articles are read like any other and spread evenly among generated ones (`growth.py`).

Per size, over the planted statements (a planted article's claims of the planted sentence):

- *precision*: of the articles that stand in the matters of planted statements, on either side, the share that belongs there: it is of the
  proposition that most of the matter's planted articles are of, and on its own side. Real articles there count as wrong;
- *recall*: of the planted assertions and denials, the share found in the matter that holds most of their proposition, on their own side;
- by kind: recall of assertions and denials, and for each kind of near-miss the share that landed in the proposition's matter (0 is right).

The side is right where assertions and denials of one proposition stand on opposite sides of its matter.

With `--kept`, readings and what was compared are kept in a file: the command ends after `--minutes`, and again it goes on from there.
"""

import argparse
import json
import math
import pickle
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.compared import key
from allegedly.reading import read_article
from allegedly.records import Article, Reading
from benchmarks.growth import Comparison, grown, invented, real_readings

TABLE = Path(__file__).with_suffix(".toml")
GIVEN = (
    "Maren",
    "Davor",
    "Ada",
    "Jonas",
    "Elin",
    "Tomas",
    "Ilse",
    "Karim",
    "Nadia",
    "Petra",
    "Oskar",
    "Leila",
    "Henrik",
    "Samira",
    "Marek",
    "Yusuf",
)
BODIES = (
    "Workers Union",
    "Liberation Front",
    "National Council",
    "Farmers Party",
    "Reform Movement",
    "Defence League",
    "People's Assembly",
)


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted article: of which proposition, and whether it asserts it, denies it, or is a near-miss of some kind."""

    article: Article
    sentence: str
    proposition: int
    kind: str


def _word(*of: str | int) -> str:
    return invented(20_000 + key(*map(str, of)) % 10**9).capitalize()


def names(proposition: int) -> dict[str, str]:
    """Invented names for one planted proposition."""
    filled: dict[str, str] = {}
    for role in "pq":
        given = GIVEN[key("given", role, str(proposition)) % len(GIVEN)]
        filled[f"{role}s"] = _word("surname", role, proposition)
        filled[role] = f"{given} {filled[f'{role}s']}"
    for role in "bd":
        filled[role] = f"{_word('body', role, proposition)} {BODIES[(proposition + 3 * (role == 'd')) % len(BODIES)]}"
    for role in "vwtu":
        filled[role] = _word(role, proposition) + ("ia" if role in "vw" else "")
    n = 4 + key("n", str(proposition)) % 60
    return filled | {"n": str(n), "m": str(7 * n)}


def plants(rounds: int) -> list[Plant]:
    """All planted articles, those of one proposition far apart and in an order that differs from proposition to proposition."""
    table = tomllib.loads(TABLE.read_text(encoding="utf8"))
    listed: list[tuple[int, Plant]] = []
    for number in range(rounds * len(table["proposition"])):
        entry = table["proposition"][number % len(table["proposition"])]
        filled = names(number)
        kinds = [("asserts", s) for s in entry["asserts"]] + [("denies", s) for s in entry["denies"]]
        kinds += [(kind, s) for kind, sentences in entry["near"].items() for s in sentences]
        for n, (kind, pattern) in enumerate(kinds):
            drawn = key("order", str(number), str(n))
            sentence = pattern.format_map(filled)
            sentence = sentence[0].upper() + sentence[1:]
            lead, closing = (table[part][drawn // 7 % len(table[part])].format_map(filled) for part in ("leads", "closings"))
            article = Article(
                f"p{number}-{n}", f"{lead}\n\n{sentence}\n\n{closing}", outlet=f"Outlet {n}", published=f"2031-05-{1 + drawn % 20:02}"
            )
            listed.append((drawn, Plant(article, sentence, number, kind)))
    return [plant for _, plant in sorted(listed, key=lambda x: x[0])]


def mixed(planted: Sequence[tuple[Plant, Reading]], readings: Sequence[Reading], size: int, *, first: int = 0) -> Iterator[Reading]:
    """The planted articles spread evenly among generated ones, `size` in all, from the one with the number `first` on."""
    done = min((first - 1) * len(planted) // size + 1, first, len(planted)) if first else 0
    others = grown(readings, max(size - len(planted) - (first - done), 0), first=first - done)
    for n in range(first, size):
        if done < len(planted) and n * len(planted) >= done * size:
            yield planted[done][1]
            done += 1
        else:
            other = next(others, None)
            if other is not None:
                yield other


def judge(planted: Sequence[Plant], comparison: Comparison) -> dict[str, Any]:
    """Precision, recall and the figures by kind, of a comparison that holds the planted articles."""
    store = comparison.store
    of_article = {p.article.id: p for p in planted}
    sentences = {p.article.id: " ".join(p.sentence.split()) for p in planted}
    sides: dict[int, dict[str, str]] = defaultdict(dict)  # by matter, articles and their sides
    for item, member in store.member_of.items():
        claim = store.by_item[item]
        if claim.article not in of_article or " ".join(claim.words.split()) == sentences[claim.article]:
            sides[member.matter].setdefault(claim.article, member.side)
    best: dict[int, tuple[int, int]] = {}  # by proposition, its matter and the planted articles of it there
    standing = right = 0
    for matter, articles in sorted(sides.items()):
        counted = Counter(of_article[a].proposition for a in articles if a in of_article and of_article[a].kind in ("asserts", "denies"))
        if not any(a in of_article for a in articles):
            continue
        proposition, count = counted.most_common(1)[0] if counted else (-1, 0)
        fitting = _fitting(articles, of_article, proposition)
        standing, right = standing + len(articles), right + len(fitting)
        if count > best.get(proposition, (0, 0))[1]:
            best[proposition] = (matter, count)
    found: Counter[str] = Counter()
    every = Counter(p.kind for p in planted)
    for plant in planted:
        articles = sides.get(best.get(plant.proposition, (-1, 0))[0], {})
        if plant.kind in ("asserts", "denies"):
            found[plant.kind] += plant.article.id in _fitting(articles, of_article, plant.proposition)
        else:
            found[plant.kind] += plant.article.id in articles
    good = found["asserts"] + found["denies"]
    return {
        "precision": round(right / standing, 3) if standing else 0.0,
        "recall": round(good / (every["asserts"] + every["denies"]), 3),
        "by kind": {kind: [found[kind], every[kind]] for kind in sorted(every)},
    }


def _fitting(articles: dict[str, str], planted: dict[str, Plant], proposition: int) -> set[str]:
    """The planted articles of a proposition whose side goes with what they are: assertions on one side, denials on the other."""
    own = {a: (planted[a].kind, side) for a, side in articles.items() if a in planted and planted[a].proposition == proposition}
    first = [
        {a for a, (kind, side) in own.items() if (kind, side) in (("asserts", s), ("denies", o))}
        for s, o in (("same", "denies"), ("denies", "same"))
    ]
    return max(first, key=len)


class Run:
    """What was read and compared so far, which a file can keep."""

    def __init__(self, base: int, rounds: int) -> None:
        self.planted = [(p, read_article(p.article, tokens=True)) for p in plants(rounds)]
        self.readings = real_readings(base)
        self.figures: dict[str, Any] = {}
        self.size = self.done = 0
        self.comparison = Comparison()

    def go_on(self, size: int, until: float) -> bool:
        """Compare until so many articles are compared, and judge them, or until that time; whether all are."""
        if self.size != size:
            self.size, self.done, self.comparison = size, 0, Comparison()
        for reading in mixed(self.planted, self.readings, size, first=self.done):
            if time.monotonic() > until:
                return False
            self.comparison.add(reading)
            self.done += 1
        self.figures[str(size)] = judge([p for p, _ in self.planted], self.comparison)
        return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,20000")
    parser.add_argument("--base", type=int, default=200, help="real articles that the others are made of")
    parser.add_argument("--rounds", type=int, default=4, help="sets of names for each proposition")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kept", type=Path, help="a file in which a run is kept that goes on")
    parser.add_argument("--minutes", type=float, default=7, help="with --kept: how long this part of the run may take")
    options = parser.parse_args(arguments)
    until = time.monotonic() + 60 * options.minutes if options.kept else math.inf
    kept = options.kept is not None and options.kept.exists()
    run: Run = pickle.loads(options.kept.read_bytes()) if kept else Run(options.base, options.rounds)  # noqa: S301
    for size in map(int, options.sizes.split(",")):
        if str(size) not in run.figures and not run.go_on(size, until):
            print(f"{run.done} of {size} articles are compared: give the same command again")
            break
    if options.kept is not None:
        options.kept.write_bytes(pickle.dumps(run))
    figures, planted = run.figures, run.planted
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    for size_, found in figures.items():
        print(f"{size_} articles, {len(planted)} of them planted: precision {found['precision']}, recall {found['recall']}")
        for kind, (got, of) in found["by kind"].items():
            print(f"  {kind:12} {got:4} of {of}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
