"""How well articles are grouped by the happening they report: B-cubed F1 (Bagga and Baldwin 1998) on the development files.

    python -m benchmarks.stories [--curve]

The stories of Giveme5W1H and BASIL's triplets, each file grouped by itself and all together, in four states: as they are; without
dates; without titles; and the first 100 words alone. `--curve` gives the figure for other values of `SAME` as well. Articles arrive by
date; `shuffled` is the least of three random orders.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from allegedly.article.notes import find_dateline, find_notes
from allegedly.compare.stories import SAME, Memory, StoryIndex, features
from allegedly.records import Article
from benchmarks.accuracy import data_folder, gold_lines, json_rows

FILES = ("articles/stories_dev", "wording/basil_train", "wording/basil_dev")
STATES: Mapping[str, Callable[[Article], Article]] = {
    "as they are": lambda article: article,
    "without dates": lambda article: replace(article, published=None, dateline=None),
    "without titles": lambda article: replace(article, title=None),
    "100 words": lambda article: replace(article, text=" ".join(article.text.split()[:100]), notes=()),
}
CURVE = (0.12, 0.14, 0.16, 0.18, 0.20, 0.22)


def gold(name: str) -> list[tuple[Article, str]]:
    """The articles of a file, each with its story."""
    found = []
    for row in json_rows(gold_lines(data_folder() / f"{name}.jsonl.gz")):
        text = row.get("text") or "\n\n".join(" ".join(part) for part in row.get("body-paragraphs") or [])
        published = (row.get("date_publish") or row.get("date") or "")[:10] or None
        notes = find_notes(text)
        article = Article(
            str(row.get("dId") or row["id"]),
            text,
            title=row.get("title"),
            published=published,
            notes=notes,
            dateline=find_dateline(text, notes, published)[0],
        )
        found.append((article, str(row.get("story") or row["triplet-uuid"])))
    return found


def grouped(articles: Sequence[Article], *, same: float = SAME) -> list[list[str]]:
    """The stories of articles that arrive in this order."""
    store = Memory()
    index = StoryIndex(store, same=same)
    for number, article in enumerate(articles):
        index.add(number, features(article))
    return [[articles[number].id for number in story] for story in store.all()]


def b_cubed(stories: Iterable[Iterable[str]], truth: Mapping[str, str]) -> float:
    """B-cubed F1 over the articles that have a true story."""
    of = {article: number for number, story in enumerate(stories) for article in story}
    ours, theirs = defaultdict(set), defaultdict(set)
    for article, story in truth.items():
        ours[of[article]].add(article)
        theirs[story].add(article)
    both = [len(ours[of[article]] & theirs[story]) for article, story in truth.items()]
    precision = sum(n / len(ours[of[article]]) for n, article in zip(both, truth, strict=True)) / len(truth)
    recall = sum(n / len(theirs[story]) for n, story in zip(both, truth.values(), strict=True)) / len(truth)
    return 2 * precision * recall / (precision + recall)


def by_date(articles: Iterable[Article]) -> list[Article]:
    """Articles as they would arrive."""
    return sorted(articles, key=lambda article: (article.published or "", article.id))


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curve", action="store_true")
    curve = CURVE if parser.parse_args(argv).curve else ()
    files = {name: gold(name) for name in FILES}
    truths = {name: {article.id: story for article, story in rows} for name, rows in files.items()}
    for state, change in STATES.items():
        for name, rows in files.items():
            articles = by_date(change(article) for article, _ in rows)
            print(f"{name:22} {state:15} {b_cubed(grouped(articles), truths[name]):.3f}", end="", flush=True)
            for same in curve:
                print(f"   {same:.2f}: {b_cubed(grouped(articles, same=same), truths[name]):.3f}", end="", flush=True)
            print()
    for name, rows in files.items():
        orders = [random.Random(seed).sample([article for article, _ in rows], len(rows)) for seed in range(3)]  # noqa: S311
        print(f"{name:22} {'shuffled':15} {min(b_cubed(grouped(order), truths[name]) for order in orders):.3f}", flush=True)
    together = grouped(by_date(article for rows in files.values() for article, _ in rows))
    for name, truth in truths.items():
        print(f"{name:22} {'all together':15} {b_cubed(together, truth):.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
