"""Even-handedness on real sentences: how many findings change when names change places, or when an unrelated paragraph follows.

    python -m benchmarks.evenhanded [--findings N] [--examples] [--causes] [--json | --markdown [--write FILE]]
                                    [--raise-floors] [--lower-floors]

Sentences of the development corpora that name two persons, states, organizations or places (as the reader finds them) are read
before and after each swap of `data/en/swaps.toml` that they have words for, until so many findings have been compared. `swap_changed`
is the share, in per cent, that changed beyond the swap; `names_changed` and `words_changed` are the same for swaps of names and of
listed words. Then whole articles are read with and without a paragraph of ours at their end, of which there are three, the last about
politics, too: `appended_changed` is the share of findings before them that changed. Sentences and articles are taken in an order that a
hash of their text decides, so that every run takes the same.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from allegedly.errors import AllegedlyError
from allegedly.evenhanded import Outcome, outcome, share, swap_table, swapped, write_text
from allegedly.evenhanded.findings import compared, findings
from allegedly.evenhanded.swaps import Edited, Swap
from allegedly.reading import read_article
from allegedly.records import Article, Reading, Span
from benchmarks import accuracy
from benchmarks.accuracy import Result
from benchmarks.floors import FloorsError

SENTENCES = (
    "stance/newsmtsc_mt_dev.jsonl.gz",
    "stance/newsmtsc_rw_dev.jsonl.gz",
    "events/cameo_quad_dev.jsonl.gz",
    "events/plover_gold_dev.jsonl.gz",
    "wording/babe_dev.jsonl.gz",
)
ARTICLES = "attribution/polnear_dev.jsonl.gz"
FINDINGS = 10_000
APPENDED = 40  # articles that are read with a paragraph more
LAYERS = ("words", "sentences", "tags", "trees", "names and roles")
TYPES = ("person", "country", "organization", "place")
PARAGRAPHS = (
    "Tomatoes need warm soil. Gardeners sow the seeds in small pots and move the young plants outside when the nights stay mild. "
    "Too much water splits the fruit, and a layer of straw keeps the ground moist.",
    "Jupiter shines low in the south after dusk. A small telescope shows its four largest moons, which change their places from night to "
    "night, and two dark belts across the disc.",
    "Parliament passed the budget on Thursday by two votes after a night of talks. The opposition leader Ana Brekke called the cuts "
    "cruel, and unions in Halvik announced a strike for next week.",
)


def texts(paths: Iterable[Path]) -> list[str]:
    """The texts of corpus files, each once, in the order of their hashes."""
    found = {text for path in paths for row in accuracy.json_rows(accuracy.gold_lines(path)) for text in _text(row)}
    return sorted(found, key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest())


def _text(row: Mapping[str, Any]) -> list[str]:
    return [row[key] for key in ("text", "sentence_normalized") if row.get(key)]


def has_rivals(reading: Reading) -> bool:
    """Whether two entities of one type are named."""
    named = {m.entity for m in reading.mentions if m.named}
    kinds = Counter[str](e.type for e in reading.entities if e.id in named)
    return any(kinds[kind] > 1 for kind in TYPES)


# --- swaps ---------------------------------------------------------------------------------------------------------------------


def swaps_made(sentences: Iterable[str], swaps: Sequence[Swap], least: int) -> Iterator[tuple[Outcome, Reading, Reading, Edited]]:
    """Every swap of every sentence with rivals, until so many findings were compared."""
    done = 0
    for number, text in enumerate(sentences, 1):
        if done >= least:
            return
        before = read_article(Article(f"sentence {number}", text), tokens=True)
        if not has_rivals(before):
            continue
        for swap in swaps:
            other = swapped(swap, before)
            if other is None or isinstance(other, str):
                continue
            after = read_article(other.article, tokens=True)
            result = outcome(before, after, other, swap)
            done += result.compared.total()
            yield result, before, after, other.text


def cause(before: Reading, after: Reading, edited: Edited) -> str:
    """The first layer of the model in which two readings differ, from words up to names and roles. Swapped words count as one word each."""

    def layers(reading: Reading, place: Callable[[Span], Span]) -> tuple[object, ...]:
        at = [place((t.start, t.end)) for t in reading.tokens]
        tags = {(at[i], t.upos, t.features) for i, t in enumerate(reading.tokens) if at[i] not in edited.replaced}
        heads = {(at[i], at[t.head] if t.head >= 0 else None, t.relation) for i, t in enumerate(reading.tokens)}
        heads = {arc for arc in heads if arc[0] != arc[1]}
        return list(dict.fromkeys(at)), [place(s) for s in reading.sentences], tags, heads

    both = zip(LAYERS[:-1], layers(before, edited.there), layers(after, edited.here), strict=True)
    return next((name for name, one, two in both if one != two), LAYERS[-1])


# --- a paragraph more ---------------------------------------------------------------------------------------------------------------


def appended(text: str) -> tuple[int, int]:
    """How many findings of an article were compared, and how many changed when an unrelated paragraph followed it; over `PARAGRAPHS`."""
    end = len(text)

    def inside(reading: Reading) -> Reading:
        kept = tuple(m for m in reading.mentions if m.end <= end)
        ids = {m.id for m in kept}
        entities = tuple(replace(e, mentions=tuple(m for m in e.mentions if m in ids)) for e in reading.entities)
        return replace(
            reading,
            mentions=kept,
            entities=tuple(e for e in entities if e.mentions),
            attributions=tuple(a for a in reading.attributions if min(s for s, _ in (*a.source, *a.cue, *a.content)) < end),
            statements=tuple(s for s in reading.statements if s.predicate[0][0] < end),
            evaluations=tuple(v for v in reading.evaluations if v.target[0][0] < end),
            wording=tuple(w for w in reading.wording if w.start < end),
        )

    alone = findings(inside(read_article(Article("x", text))), lambda s, _: s)
    total = changed = 0
    for paragraph in PARAGRAPHS:
        followed = inside(read_article(Article("x", f"{text}\n\n{paragraph}")))
        counts, changes = compared(alone, findings(followed, lambda s, _: s))
        total, changed = total + counts.total(), changed + len(changes)
    return total, changed


def measure_appended(articles: Sequence[str]) -> tuple[int, int]:
    """The same over articles."""
    counts = [appended(text) for text in articles]
    return sum(n for n, _ in counts), sum(m for _, m in counts)


# --- measuring ------------------------------------------------------------------------------------------------------------------------


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evenhanded", description="Measure what changes when names change places.")
    parser.add_argument("--findings", type=int, default=FINDINGS, metavar="N", help=f"compare so many at least (default {FINDINGS:,})")
    parser.add_argument("--examples", action="store_true", help="print the whole table, with examples, before the figures")
    parser.add_argument("--causes", action="store_true", help="print in which layer the readings that changed differ first")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the Markdown table between FILE's evenhanded markers")
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures that are better than their floors, or have none")
    parser.add_argument("--lower-floors", action="store_true", help="pin the figures that are worse than their floors")
    return parser.parse_args(argv)


def measure(options: argparse.Namespace, folder: Path) -> Result:
    """The figures, in per cent."""
    paths = [folder / name for name in SENTENCES]
    found = list(swaps_made(texts(paths), swap_table().swaps, options.findings))
    outcomes = [one for one, *_ in found]
    if options.examples:
        write_text(outcomes, sys.stdout)
    if options.causes:
        print(table_of_causes(found))
    by_name = {swap.kind for swap in swap_table().swaps if not swap.pairs}
    total, changed = measure_appended(texts([folder / ARTICLES])[:APPENDED])
    figures = {
        "swap_changed": share(outcomes),
        "names_changed": share([one for one in outcomes if one.swap in by_name]),
        "words_changed": share([one for one in outcomes if one.swap not in by_name]),
        "appended_changed": 100 * changed / max(total, 1),
    }
    count = sum(one.compared.total() for one in outcomes)
    print(f"{count:,} findings compared under swaps, {total:,} before a paragraph more", file=sys.stderr)
    whole = hashlib.sha256("".join(accuracy.sha256(path) for path in (*paths, folder / ARTICLES)).encode())
    return Result(whole.hexdigest(), figures)


def table_of_causes(found: Iterable[tuple[Outcome, Reading, Reading, Edited]]) -> str:
    """By layer: swaps after which a reading differs there first, and findings that changed under them."""
    swaps, changes = Counter[str](), Counter[str]()
    for result, before, after, edited in found:
        if result.changes:
            name = cause(before, after, edited)
            swaps[name] += 1
            changes[name] += len(result.changes)
    total = max(changes.total(), 1)
    lines = [f"{name:16} {swaps[name]:5} swaps  {changes[name]:5} findings  {100 * changes[name] / total:5.1f} %" for name in LAYERS]
    return "\n".join(["Where readings that changed differ first:", *lines])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; exit status 1 when a figure misses its floor, 2 when nothing could be measured."""
    options = _arguments(argv)
    folder = accuracy.data_folder()
    missing = [name for name in (*SENTENCES, ARTICLES) if not (folder / name).exists()]
    if missing:
        print(f"{', '.join(missing)}: not in the data folder; set ALLEGEDLY_DATA", file=sys.stderr)
        return 2
    try:
        lines = accuracy.settle({"even_handed": measure(options, folder)}, options)
    except (AllegedlyError, FloorsError) as error:
        print(error, file=sys.stderr)
        return 2
    accuracy.report(lines, options, marker="evenhanded")
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
