"""How comparing grows: time and memory for each new article against the number of articles that are there.

    python -m benchmarks.growth [--sizes 1000,3000,10000] [--base 200] [--json]
    python -m benchmarks.growth --ledger PATH|URL [--articles 200000] [--base 200] [--readings FILE]
    python -m benchmarks.growth --ledger PATH|URL --beside PATH|URL [--base 200] [--readings FILE]

Articles are generated from real readings, as many as asked for. `--base` articles of the development files' news (this repository's
examples where there are none) are read once. Generated article n is a copy of a base reading in which, consistently in text, title, words,
mentions, entities, statements and times,

- each word of a name of a person, body or place that the gazetteer does not list is replaced by an invented one. Invented words are drawn
  so that few are common and most are rare (the k-th of 20,000 with weight 1/(50 + k)), by the name and n: within one article a name stays
  one name, and now and then two articles name the same. What the gazetteer lists keeps its name, as countries and agencies recur in news;
- each number in digits becomes another of as many digits, and the quantity read from it changes in proportion;
- years move by n mod 7, in texts and dates alike, and the day of publication by n mod 60 days.

Sentences, acts and grammar stay: so statements of copies are near-misses of one another (the same predicate, other people), which is harder
for matters than unrelated news. Base articles take turns.

Measured, for an index and stores in memory, in one process: the seconds of processor time for each of the last 200 articles before each
size, the work of identities, claims and matters apart, and the process's peak resident memory; and the exponent b of time per article ~
size^b, fitted by least squares on logarithms (0: the same at any size).

With `--ledger` the articles are added to a ledger and compared there by every stage, a hundred at a time, on disk. So that they are not
copies of one another, `CHANGED` of their plain nouns, verbs, adjectives and adverbs are replaced too, each by a word of the same form from
another base article. What every hundred took is kept in a file beside the ledger (PATH.growth.jsonl; growth.jsonl for a server): the same
command again goes on where a run was stopped, and `--articles` of those that are there already only prints. Printed are, for tenths of
the way: milliseconds of processor time for adding and for comparing an article (making it is not counted; nor is a server's own time),
bytes an article and peak memory; the fitted exponent of the total time against articles (1 plus that of the time for one), with its
interval of 95 %, and what it says of `FAR` articles. On a machine that does other things meanwhile, a second of processor time is worth
more or less from minute to minute: before and after each hundred the same work is done and timed (`same_work`), and the exponents are
fitted to multiples of that; milliseconds are printed as they were, beside those of the same work.

With `--beside` both ledgers, which were made so, get a hundred articles in turn, `TURNS` times after one that does not count, and what
adding and comparing take in the first is set over what they take in the second: the median of the turns' ratios. Both grow by that. Here
the same work is done, a small piece at a time, all along (`benchmarks.steady`): times are those of a machine that does nothing else.
"""

import argparse
import json
import math
import pickle
import re
import resource
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from allegedly.article import from_path
from allegedly.compare.claims import claims
from allegedly.compare.happenings import Appearance
from allegedly.compare.identity import Identities, MemoryIdentities
from allegedly.compare.index import MemoryIndex
from allegedly.compare.matters import Matters, MemoryMatters
from allegedly.compare.propositions import claim_keys, decide
from allegedly.compared import key
from allegedly.errors import InputError
from allegedly.gazetteer import nominals
from allegedly.reading import read_article
from allegedly.records import Article, Quantity, Reading, When
from benchmarks import accuracy
from benchmarks.steady import Steady, same_work

LAST = 200  # articles that a measurement averages over
LONGEST = 12_000  # characters of a base article
INVENTED = 20_000
CHANGED = 0.8
"""The share of plain words that are replaced in articles for a ledger."""
FAR = 1_000_000
TURNS = 5
_PLAIN = frozenset({"NOUN", "VERB", "ADJ", "ADV"})
_RUN = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_ISO = re.compile(r"\d{4}(?:-\d\d){0,2}")
_ONSETS = ["b", "br", "d", "dr", "f", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "r", "s", "sk", "st", "t", "tr", "v", "z"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ei"]
_CODAS = ["", "", "l", "n", "r", "rn", "sk", "s", "th", "m"]

T = TypeVar("T")


# --- real readings --------------------------------------------------------------------------------------------------------


def real_articles() -> Iterator[Article]:
    """News of the development files, whole articles, outlets in turns; the repository's examples where there are none."""
    folder = accuracy.data_folder()
    found: list[list[Article]] = []
    for name, outlet, text in (("wording/basil_train", "source", None), ("articles/stories_dev", "publisher", "text")):
        path = folder / f"{name}.jsonl.gz"
        rows = accuracy.json_rows(accuracy.gold_lines(path)) if path.exists() else []
        found.append([_article(row, row.get(outlet), row[text] if text else _paragraphs(row)) for row in rows])
    if not any(found):
        paths = sorted((accuracy.ROOT / "examples").glob("*.txt"))
        found = [[o.article for p in paths for o in from_path(p) if not isinstance(o, InputError)]]
    longest = max(map(len, found))
    for n in range(longest):
        yield from (listed[n] for listed in found if n < len(listed) and 200 < len(listed[n].text) <= LONGEST)


def _paragraphs(row: Mapping[str, Any]) -> str:
    return "\n\n".join(" ".join(sentences) for sentences in row["body-paragraphs"])


def _article(row: Mapping[str, Any], outlet: str | None, text: str) -> Article:
    return Article(
        str(row.get("id") or row.get("dId")),
        text,
        title=row.get("title"),
        outlet=outlet,
        published=str(row.get("date") or "2017-03-01")[:10],
    )


def real_readings(count: int, path: Path | None = None) -> list[Reading]:
    """The first `count` real articles, read with their words; from a file of them where there is one, which is made where there is none."""
    if path is not None and path.exists():
        known: list[Reading] = pickle.loads(path.read_bytes())  # noqa: S301
        return known[:count]
    found = [read_article(article, tokens=True) for _, article in zip(range(count), real_articles(), strict=False)]
    if path is not None:
        path.write_bytes(pickle.dumps(found))
    return found


# --- varied readings --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _weights() -> list[float]:
    return list(accumulate(1 / (50 + k) for k in range(1, INVENTED + 1)))


@lru_cache(maxsize=INVENTED)
def invented(number: int) -> str:
    """The invented word with this number: two or three syllables."""
    drawn = key("invented", str(number))
    word = ""
    for _ in range(2 + number % 2):
        for sounds in (_ONSETS, _VOWELS):
            drawn, at = divmod(drawn, len(sounds))
            word += sounds[at]
    return word + _CODAS[drawn % len(_CODAS)]


def _drawn(word: str, number: int) -> str:
    """An invented word for one of a name's in the generated article with this number, few of them common."""
    weights = _weights()
    return invented(bisect_right(weights, key(word, str(number)) / 2**63 * weights[-1]))


def _cased(new: str, old: str) -> str:
    return new.upper() if old.isupper() and len(old) > 1 else new.capitalize() if old[:1].isupper() else new


class Vocabulary:
    """The plain words of readings: the lemmas of each part of speech, as often as they occur, and each lemma's forms."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.lemmas: dict[str, list[str]] = {}
        self.forms: dict[tuple[str, str, str], str] = {}
        for token in (t for reading in readings for t in reading.tokens if t.upos in _PLAIN and t.form.isalpha() and t.form.islower()):
            if token.lemma.isalpha() and token.lemma.islower():
                self.lemmas.setdefault(token.upos, []).append(token.lemma)
                self.forms.setdefault((token.upos, token.lemma, token.features), token.form)

    def instead(self, reading: Reading, number: int) -> dict[str, str]:
        """Other words for the plain ones of a reading in the generated article with this number, in the same forms."""
        found: dict[str, str] = {}
        for token in reading.tokens:
            listed = self.lemmas.get(token.upos, ())
            drawn = key("plain", token.lemma, token.upos, str(number))
            if not listed or not token.form.islower() or token.form in found or drawn / 2**63 >= CHANGED:
                continue
            lemma = listed[drawn % len(listed)]
            form = self.forms.get((token.upos, lemma, token.features))
            if form is not None:
                found[token.form] = form
                found.setdefault(token.lemma, lemma)
        return found


class Variation:
    """The replacements of one generated article."""

    def __init__(self, reading: Reading, number: int, vocabulary: Vocabulary | None = None) -> None:
        self.number, self.years = number, number % 7
        self.names = {word: _drawn(word, number) for word in sorted(_own_words(reading))}
        plain = vocabulary.instead(reading, number) if vocabulary else {}
        self.replaced = {run: new for run, new in plain.items() if run not in self.names}

    def word(self, run: str) -> str:
        """What stands in the place of a run of letters and digits; itself where nothing does."""
        if run not in self.replaced:
            self.replaced[run] = self._word(run)
        return self.replaced[run]

    def _word(self, run: str) -> str:
        new = self.names.get(run.casefold())
        if new is not None:
            return _cased(new, run)
        if _YEAR.match(run):
            return str(int(run) + self.years)
        if run.isdecimal() and run.isascii():
            least = 10 ** (len(run) - 1)
            return str(least + key(run, str(self.number)) % (9 * least)) if int(run) else run
        return run

    def text(self, text: str) -> str:
        """A text with all its runs replaced."""
        return _RUN.sub(lambda m: self.word(m.group()), text)

    def day(self, iso: str | None) -> str | None:
        """A date, as precise as it was, so many years later."""
        if iso is None or not _ISO.match(iso):
            return iso
        moved = f"{int(iso[:4]) + self.years:04}{iso[4:]}"
        return moved.replace("-02-29", "-02-28")

    def published(self, iso: str | None) -> str | None:
        """A day of publication: a few weeks later beside the years."""
        moved = self.day(iso)
        if moved is None or len(moved) < len("2000-01-01"):
            return moved
        return (date.fromisoformat(moved[:10]) + timedelta(days=self.number % 60)).isoformat()


def _own_words(reading: Reading) -> set[str]:
    """The words of names that no list has, without the words that names have in common ("Ministry", "of")."""
    listed = {m for e in reading.entities if e.rule.startswith("gazetteer:") for m in e.mentions}
    common = nominals()
    plain = {t.form.casefold() for t in reading.tokens if t.upos not in ("PROPN", "X") and t.form[:1].islower()}
    kept = {run.casefold() for m in reading.mentions if m.id in listed for run in _RUN.findall(reading.article.text[m.start : m.end])}
    found: set[str] = set()
    for mention in reading.mentions:
        if mention.named and mention.id not in listed:
            found |= {run.casefold() for run in _RUN.findall(reading.article.text[mention.start : mention.end]) if run[0].isupper()}
    return {
        w for w in found if len(w) > 1 and w.isalpha() and w not in kept | plain and w not in common.roles and w not in common.name_heads
    }


class _Moved:
    """Where the offsets of a text went."""

    def __init__(self, text: str, variation: Variation) -> None:
        self.starts: list[int] = [0]
        self.shifts: list[int] = [0]
        shift = 0
        for run in _RUN.finditer(text):
            grown = len(variation.word(run.group())) - len(run.group())
            if grown:
                shift += grown
                self.starts.append(run.end())
                self.shifts.append(shift)

    def __call__(self, at: int) -> int:
        return at + self.shifts[bisect_right(self.starts, at) - 1]


def varied(reading: Reading, number: int, vocabulary: Vocabulary | None = None) -> Reading:
    """A real reading as the generated article with this number; the same number gives the same article. Plain words are replaced too
    where there is a `vocabulary`.
    """
    variation = Variation(reading, number, vocabulary)
    old = reading.article
    body, title = _Moved(old.text, variation), _Moved(old.title or "", variation)
    article = replace(
        _moved(old, body, variation),
        id=f"g{number}",
        text=variation.text(old.text),
        title=variation.text(old.title) if old.title else None,
        published=variation.published(old.published),
    )
    whole = _moved(replace(reading, article=article, statements=(), attributions=()), body, variation, skip=("article",))
    return replace(
        whole,
        statements=tuple(_moved(s, title if s.within == "title" else body, variation) for s in reading.statements),
        attributions=tuple(_moved(a, title if a.within == "title" else body, variation) for a in reading.attributions),
    )


def _moved(value: T, offset: Callable[[int], int], variation: Variation, *, skip: Sequence[str] = ()) -> T:
    """A record with its offsets moved, its names and numbers replaced and its days shifted."""
    if isinstance(value, tuple):
        if len(value) == 2 and all(type(x) is int for x in value):
            return (offset(value[0]), offset(value[1]))  # type: ignore[return-value]
        return tuple(_moved(x, offset, variation) for x in value)  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for f in fields(value):
        old = getattr(value, f.name)
        if f.name in skip or old is None or isinstance(old, float | bool):
            continue
        if f.name in ("start", "end") and isinstance(old, int):
            changes[f.name] = offset(old)
        elif f.name in ("name", "form", "lemma", "aliases"):
            changes[f.name] = variation.text(old) if isinstance(old, str) else tuple(map(variation.text, old))
        elif isinstance(old, tuple) or is_dataclass(old):
            changes[f.name] = _moved(old, offset, variation)
    new = replace(value, **changes)
    if isinstance(new, When):
        return replace(new, start=variation.day(new.start), end=variation.day(new.end))
    return new


def grown(readings: Sequence[Reading], count: int, *, first: int = 0, vocabulary: Vocabulary | None = None) -> Iterator[Reading]:
    """So many generated articles, from the one with the number `first` on."""
    for number in range(first, first + count):
        base = readings[number % len(readings)]
        yield _scaled(varied(base, number, vocabulary), base)


def _scaled(new: Reading, old: Reading) -> Reading:
    """Quantities that follow the digits they were read from."""
    statements = []
    for after, before in zip(new.statements, old.statements, strict=True):
        texts = (new.article.title or "", old.article.title or "") if after.within == "title" else (new.article.text, old.article.text)
        pairs = zip(after.quantities, before.quantities, strict=True)
        statements.append(replace(after, quantities=tuple(_quantity(q, texts[0], was, texts[1]) for q, was in pairs)))
    return replace(new, statements=tuple(statements))


def _quantity(q: Quantity, text: str, was: Quantity, before: str) -> Quantity:
    now, then = (re.findall(r"\d+", t[slice(*x.span)]) for x, t in ((q, text), (was, before)))
    if not then or len(now) != len(then) or not int(then[0]):
        return q
    ratio = int("".join(now)) / max(int("".join(then)), 1)
    value, low, high = (None if x is None else round(x * ratio) for x in (was.value, was.low, was.high))
    return replace(q, value=value, low=low, high=high)


# --- measuring --------------------------------------------------------------------------------------------------------------


class Comparison:
    """Identities and matters in memory, filled article by article; `seconds` holds the time of each stage for each article."""

    def __init__(self) -> None:
        self.identities = Identities(MemoryIndex(), MemoryIdentities())
        self.store = MemoryMatters()
        self.matters = Matters(MemoryIndex(), self.store, keys=claim_keys, decide=decide)
        self.items = 0
        self.seconds: list[dict[str, float]] = []

    def add(self, reading: Reading, *, origin: int | None = None) -> None:
        """One more article."""
        clock = [time.process_time()]
        found = {m.entity: m.identity for m in self.identities.resolve(reading)}
        clock.append(time.process_time())
        listed = claims(reading, first=self.items + 1, identities=found)
        clock.append(time.process_time())
        self.items += len(listed)
        a = reading.article
        self.store.where[a.id] = Appearance(a.id, a.outlet, a.published, origin, a.title)
        self.matters.add(listed)
        clock.append(time.process_time())
        stages = ("identities", "claims", "matters")
        self.seconds.append({s: b - a for s, a, b in zip(stages, clock, clock[1:], strict=False)})


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The b of seconds ~ size^b, by least squares on logarithms; 0 for a single size."""
    xs, ys = [math.log(s) for s in sizes], [math.log(max(t, 1e-9)) for t in seconds]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def measure(readings: Sequence[Reading], sizes: Sequence[int]) -> dict[str, Any]:
    """Milliseconds per article and peak memory in MB at each size, with the fitted exponents."""
    comparison = Comparison()
    rows: list[dict[str, Any]] = []
    done = 0
    for size in sizes:
        for reading in grown(readings, size - done, first=done):
            comparison.add(reading)
        done = size
        last = comparison.seconds[-LAST:]
        row: dict[str, Any] = {"articles": size, "claims": comparison.items, "matters": len(comparison.store.in_matter)}
        row |= {f"{stage} ms": round(1000 * sum(s[stage] for s in last) / len(last), 2) for stage in last[0]}
        row["all ms"] = round(sum(v for k, v in row.items() if k.endswith(" ms")), 2)
        row["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        rows.append(row)
    stages = [k for k in rows[0] if k.endswith(" ms")]
    fitted = {k.removesuffix(" ms"): round(exponent(sizes, [r[k] for r in rows]), 3) for k in stages}
    return {"sizes": rows, "exponents": fitted, "at 100,000 over 1,000": {k: round(100**b, 2) for k, b in fitted.items()}}


# --- in a ledger ------------------------------------------------------------------------------------------------------------


def make(base: int, readings: Path, first: int, count: int, into: Path) -> float:
    """Generated articles, from the one with the number `first` on, as a ledger takes them, into a file; the seconds of processor time that
    their claims took. To run in a process of its own.
    """
    from allegedly.ledger import Entry

    found, vocabulary = _base(base, readings)
    made = list(grown(found, count, first=first, vocabulary=vocabulary))
    clock = time.process_time()
    entries = [Entry(replace(reading, tokens=()), None, claims(reading)) for reading in made]
    took = time.process_time() - clock
    into.write_bytes(pickle.dumps(entries))
    return took


@lru_cache(maxsize=1)
def _base(base: int, path: Path) -> tuple[list[Reading], Vocabulary]:
    readings = real_readings(base, path)
    return readings, Vocabulary(readings)


def fill(base: int, readings: Path | None, where: str, articles: int) -> list[dict[str, float]]:
    """Adds generated articles until there are so many, and compares them; what every hundred took, earlier runs' too. The next hundred are
    made meanwhile, in a process beside, which alone holds the base readings.
    """
    from allegedly.inquiry.comparing import compare
    from allegedly.ledger import MOST, Ledger

    log = Path("growth.jsonl" if "://" in where else f"{where}.growth.jsonl")
    rows: list[dict[str, float]] = [json.loads(line) for line in log.read_text("utf8").splitlines()] if log.exists() else []
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside,
        Ledger.open(where, create=True) as ledger,
        log.open("a", encoding="utf8") as lines,
    ):
        given, made = readings or Path(folder) / "readings", Path(folder) / "made"
        compare(ledger)  # what a stopped run had added
        there = ledger.size()
        rows = [row for row in rows if row["articles"] <= there]
        waiting = beside.submit(make, base, given, there, MOST, made)
        for first in range(there, articles, MOST):
            claimed = waiting.result()
            entries = pickle.loads(made.read_bytes())  # noqa: S301
            waiting = beside.submit(make, base, given, first + MOST, MOST, made)
            same = same_work()
            clock = [time.process_time()]
            ledger.add(entries)
            clock.append(time.process_time())
            compare(ledger)
            clock.append(time.process_time())
            same = min(same, same_work())
            held = sum(path.stat().st_size for path in (Path(where), Path(f"{where}-wal")) if path.exists())
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            took = {"adding": (clock[1] - clock[0] + claimed) / MOST, "comparing": (clock[2] - clock[1]) / MOST}
            rows.append({"articles": first + MOST, **took, "same": same, "bytes": held, "peak": peak})
            lines.write(json.dumps(rows[-1]) + "\n")
            lines.flush()
    return rows


def in_turn(base: int, readings: Path | None, ledgers: Sequence[str]) -> Iterator[str]:
    """What adding and comparing take in ledgers that are given a hundred articles in turn, and in the first over the last."""
    from allegedly.inquiry.comparing import compare
    from allegedly.ledger import MOST, Entry, Ledger

    found = real_readings(base, readings)
    vocabulary = Vocabulary(found)
    took: list[list[tuple[float, float]]] = [[] for _ in ledgers]
    steady = Steady()

    def add(ledger: Ledger, readings: Sequence[Reading]) -> None:
        ledger.add([Entry(replace(one, tokens=()), None, claims(one)) for one in readings])

    with ExitStack() as stack:
        opened = [stack.enter_context(Ledger.open(where)) for where in ledgers]
        for ledger in opened:
            compare(ledger)  # what a stopped run had added
        for _ in range(TURNS + 1):
            for ledger, times in zip(opened, took, strict=True):
                made = list(grown(found, MOST, first=ledger.size(), vocabulary=vocabulary))
                times.append((steady.run(partial(add, ledger, made)) / MOST, steady.run(partial(compare, ledger)) / MOST))
        for where, ledger, times in zip(ledgers, opened, took, strict=True):
            adding, comparing = (1000 * steady.least * median(stage) for stage in zip(*times[1:], strict=True))
            yield f"{where}: {ledger.size():,} articles, adding one takes {adding:.1f} ms, comparing it {comparing:.1f} ms"
    for place, stage in enumerate(("adding", "comparing")):
        ratios = (one[place] / other[place] for one, other in zip(took[0][1:], took[-1][1:], strict=True))
        yield f"{stage}, the first over the last: {median(ratios):.2f}"


class Line:
    """A straight line through points by least squares: its `slope`, with half the `width` of its interval of 95 %."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self._count, self._x, self._y = len(xs), sum(xs) / len(xs), sum(ys) / len(ys)
        self._spread = sum((x - self._x) ** 2 for x in xs) or math.inf
        self.slope = sum((x - self._x) * (y - self._y) for x, y in zip(xs, ys, strict=True)) / self._spread
        rest = sum((y - self._y - self.slope * (x - self._x)) ** 2 for x, y in zip(xs, ys, strict=True))
        self._error = math.sqrt(rest / max(self._count - 2, 1))
        self.width = 1.96 * self._error / math.sqrt(self._spread)

    def at(self, x: float, side: int = 0) -> float:
        """Its height, or an end of the height's interval of 95 % (-1, 1)."""
        half = 1.96 * self._error * math.sqrt(1 / self._count + (x - self._x) ** 2 / self._spread)
        return self._y + self.slope * (x - self._x) + side * half


def told(rows: Sequence[Mapping[str, float]]) -> Iterator[str]:
    """Lines of a table of what was measured, and what it says of many more articles."""
    yield f"{'articles':>10} {'adding ms':>10} {'comparing ms':>13} {'same work':>10} {'bytes each':>11} {'peak MB':>8}"
    for part in range(10):
        own = rows[len(rows) * part // 10 : len(rows) * (part + 1) // 10]
        if own:
            adding, comparing, same = (1000 * sum(row[what] for row in own) / len(own) for what in ("adding", "comparing", "same"))
            last = own[-1]
            each = last["bytes"] / last["articles"]
            yield f"{last['articles']:>10,.0f} {adding:>10.1f} {comparing:>13.1f} {same:>10.1f} {each:>11,.0f} {last['peak']:>8,.0f}"
    xs = [math.log(row["articles"]) for row in rows]
    near = [median(row["same"] for row in rows[max(n - 2, 0) : n + 3]) for n in range(len(rows))]
    worth = [min(near) / same for same in near]  # of a second, if one is what it is when the machine does least besides
    for name, stages in (("adding", ("adding",)), ("comparing", ("comparing",)), ("both", ("adding", "comparing"))):
        line = Line(xs, [math.log(sum(row[stage] for stage in stages) * one) for row, one in zip(rows, worth, strict=True)])
        power, ratio = 1 + line.slope, math.exp(line.at(math.log(100_000)) - line.at(math.log(1000)))
        interval = f"{power - line.width:.3f} to {power + line.width:.3f}"
        yield f"{name}: total time ~ articles^{power:.3f} ({interval}); one at 100,000 over one at 1,000: {ratio:.2f}"
        one, low, high = (1000 * math.exp(line.at(math.log(FAR), side)) for side in (0, -1, 1))
        hours, fewest, most = (_hours(line, side) for side in (0, -1, 1))
        yield f"{name}: one at {FAR:,}: {one:.1f} ms ({low:.1f} to {high:.1f}); all of them: {hours:.1f} h ({fewest:.1f} to {most:.1f})"


def _hours(line: Line, side: int) -> float:
    """Processor time for `FAR` articles, from the line of the time for one."""
    step = FAR // 200
    return sum(step * math.exp(line.at(math.log(n), side)) for n in range(step // 2, FAR, step)) / 3600


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,3000,10000", help="numbers of articles to measure at, ascending")
    parser.add_argument("--base", type=int, default=200, help="real articles that the others are made of")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ledger", help="add and compare in this ledger instead, a path or an address")
    parser.add_argument("--articles", type=int, default=200_000, help="with --ledger: until there are so many, in hundreds")
    parser.add_argument("--beside", help="with --ledger: another, smaller one that gets articles in turn with it")
    parser.add_argument("--readings", type=Path, help="a file that keeps the base readings")
    options = parser.parse_args(arguments)
    if options.ledger:
        ledgers = [options.ledger, options.beside]
        lines = in_turn(options.base, options.readings, ledgers) if options.beside else None
        for said in lines or told(fill(options.base, options.readings, options.ledger, options.articles)):
            print(said)
        return 0
    found = measure(real_readings(options.base, options.readings), [int(s) for s in options.sizes.split(",")])
    if options.json:
        print(json.dumps(found, indent=2))
        return 0
    columns = list(found["sizes"][0])
    print(" ".join(f"{c:>14}" for c in columns))
    for row in found["sizes"]:
        print(" ".join(f"{row[c]:>14,}" for c in columns))
    print("exponent of time per article:", ", ".join(f"{k} {v}" for k, v in found["exponents"].items()))
    print("so at 100,000 over 1,000 articles:", ", ".join(f"{k} {v}" for k, v in found["at 100,000 over 1,000"].items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
