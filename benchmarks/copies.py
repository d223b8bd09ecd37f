"""How well copied passages are found among thousands of articles that share nothing else.

    python -m benchmarks.copies [--articles 5000] [--plants 200] [--seed 1] [--show 10]

The articles are pieces of the development files' texts, cut so that no two share a sentence. Into some of them are planted, after
a sentence that is no part of a quotation:

- copies: passages of 60 to 200 words of another article, at least half of them outside quotations, with 0, 5, 10 or 15 % of their
  words edited (replaced, left out or put in) and, in a third of those of three sentences or more, one sentence moved;
- near-misses: quotations of 40 words or more, in quotation marks, that two articles introduce in different words; and notes of invented
  outlets that many articles carry.

A plant is found where a copy between its two articles covers half of it or more in both. What is found and was not planted counts as wrong,
unless the two passages hold one run of `NATURAL` equal words: then the corpora hold the copy already ("found in the corpora").
Articles of one story in other words are among the texts: the stories' and BASIL's. Quotations are known by their quotation marks alone
here, because 5,000 articles take long to read; in a ledger the reading's direct attributions are known as well.
"""

import argparse
import random
import re
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from allegedly.article.notes import find_notes
from allegedly.compare.copies import CopyFinder, Memory, original
from allegedly.compared import Copy
from allegedly.records import Article, Reader, Reading, Span
from benchmarks.accuracy import data_folder, gold_lines, json_rows

RATES = (0.0, 0.05, 0.10, 0.15)
NATURAL = 10
TEXTS = {
    "articles/stories_dev": "text",
    "articles/pages_dev": "body",
    "articles/5w1h_dev": "text",
    "wording/basil_train": "body-paragraphs",
    "wording/basil_dev": "body-paragraphs",
    "stance/persent_train": "text",
    "stance/persent_dev": "text",
    "attribution/polnear_train": "text",
    "attribution/polnear_dev": "text",
    "events/muc4_train": "doc",
}
NOTES = (
    "Sign up for our newsletter to get the most important stories of Kestria and the valleys in your inbox every morning, free of charge.",
    "The views expressed in this article are those of the author and do not necessarily reflect the editorial policy of the Osk Courier.",
    "Read more: all that we know so far about the floods in the eastern valleys",
    "Copyright 2031 Tolmere Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed.",
)
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[\"“A-Z])|\n+")
_QUOTATION = re.compile(r"[“\"]([^“”\"\n]{220,900})[”\"]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(slots=True)
class Piece:
    """An article in the making: its sentences, and its day in 2031."""

    sentences: list[str]
    day: int
    plants: list["Plant"] = field(default_factory=list)


@dataclass(slots=True)
class Plant:
    """A passage, as it was and as it became, that article `origin` holds and article `goal` was given. `rate` is None for a near-miss."""

    origin: int
    goal: int
    passage: str
    edited: str
    rate: float | None


# --- making the articles ------------------------------------------------------------------------------------------------


def texts() -> Iterator[str]:
    """The development files' texts, one of each."""
    seen: set[str] = set()
    for name, place in TEXTS.items():
        for row in json_rows(gold_lines(data_folder() / f"{name}.jsonl.gz")):
            body = row.get(place) or ""
            text = "\n".join(" ".join(part) for part in body) if isinstance(body, list) else body
            if (begin := text[:200].casefold()) not in seen:
                seen.add(begin)
                yield text


def pieces(many: int, rng: random.Random) -> list[Piece]:
    """Articles of 150 words or more; sentences that were used before are left out."""
    whole = [[s.strip() for s in _SENTENCE.split(text) if len(s.split()) > 3] for text in texts()]
    whole = [sentences for sentences in whole if sentences]
    words = sum(len(s.split()) for sentences in whole for s in sentences)
    length = max(150, int(words / many * 0.9))
    seen: set[str] = set()
    made: list[Piece] = []
    for sentences in whole:
        part: list[str] = []
        for sentence in sentences:
            if sentence.casefold() not in seen:
                seen.add(sentence.casefold())
                part.append(sentence)
            if sum(len(s.split()) for s in part) >= length:
                made.append(Piece(part, rng.randrange(28)))
                part = []
        if sum(len(s.split()) for s in part) >= 150:
            made.append(Piece(part, rng.randrange(28)))
    rng.shuffle(made)
    return made[:many]


def passage(sentences: Sequence[str], rng: random.Random) -> list[str] | None:
    """Sentences in a row of 60 to 200 words together, half of them outside quotations; None where none begins at the place drawn."""
    source = original(reading(0, Piece(list(sentences), 0)))
    first = rng.randrange(len(sentences))
    least = rng.choice((60, rng.randint(60, 170)))
    chosen: list[str] = []
    for sentence in sentences[first:]:
        chosen.append(sentence)
        count = len(_WORD.findall(" ".join(chosen)))
        if count > 200:
            return None
        if count >= least:
            span = _place(source.text, " ".join(chosen))
            return chosen if sum(overlap(span, said) for said in source.quoted) <= (span[1] - span[0]) / 2 else None
    return None


def edit(sentences: Sequence[str], rate: float, vocabulary: Sequence[str], rng: random.Random) -> list[str]:
    """The passage with a share of its words replaced, left out or preceded by another, and perhaps one sentence moved."""
    sentences = list(sentences)
    if rate and len(sentences) > 2 and rng.random() < 1 / 3:
        moved = sentences.pop(rng.randrange(len(sentences)))
        sentences.insert(rng.randrange(len(sentences) + 1), moved)
    words = [sentence.split() for sentence in sentences]
    places = [(i, j) for i, sentence in enumerate(words) for j in range(len(sentence))]
    for i, j in rng.sample(places, round(rate * len(places))):
        other = rng.choice(vocabulary)
        words[i][j] = rng.choice((other, "", f"{other} {words[i][j]}"))
    return [" ".join(" ".join(sentence).split()) for sentence in words]


def plant(made: list[Piece], many: int, rng: random.Random) -> list[Plant]:
    """Copies at each rate and near-misses; every article takes part in one plant at most."""
    vocabulary = [word for piece in made[:500] for sentence in piece.sentences for word in sentence.split()]
    free = list(range(len(made)))
    rng.shuffle(free)
    plants: list[Plant] = []
    for rate in RATES:
        wanted = len(plants) + many
        while len(plants) < wanted and len(free) > 2:
            origin = free.pop()
            chosen = passage(made[origin].sentences, rng)
            if chosen is not None:
                plants.append(_put(made, origin, free.pop(), chosen, edit(chosen, rate, vocabulary, rng), rate, rng))
    for origin in list(free):
        said = _QUOTATION.search(" ".join(made[origin].sentences))
        if said and len(free) > 2 and sum(p.rate is None for p in plants) < many:
            free.remove(origin)
            speech = f"“{said[1]}”"
            made[origin].sentences.append(f"Halvik, the mayor of Osk, told a crowd of farmers on the square: {speech}")
            introduced = [f"In the words of Halvik, who spoke to farmers there, {speech}"]
            plants.append(_put(made, origin, free.pop(), [speech], introduced, None, rng))
    for piece in made:
        if rng.random() < 0.3:
            piece.sentences.append("\n" + rng.choice(NOTES))
    return plants


def _put(
    made: list[Piece], origin: int, goal: int, chosen: Sequence[str], edited: Sequence[str], rate: float | None, rng: random.Random
) -> Plant:
    source = original(reading(goal, made[goal]))
    ends = [0, *accumulate(len(sentence) + 1 for sentence in made[goal].sentences)]
    at = rng.choice([i for i, end in enumerate(ends) if not any(overlap((end - 1, end + 1), said) for said in source.quoted)])
    made[goal].sentences[at:at] = edited
    return Plant(origin, goal, " ".join(chosen), " ".join(edited), rate)


def reading(number: int, piece: Piece) -> Reading:
    """An article, as far as it is known without reading it."""
    text = " ".join(piece.sentences).replace(" \n", "\n")
    article = Article(str(number), text, published=f"2031-05-{piece.day + 1:02}", notes=find_notes(text))
    return Reading(article, (), (), (), (), (), (), (), (), None, (), Reader("", "", ""))


# --- measuring ------------------------------------------------------------------------------------------------------------


def overlap(one: Span, other: Span) -> int:
    """Characters in both."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def span_in(copy: Copy, article: int) -> Span:
    """Where the passage stands in one of its two articles."""
    return copy.earlier_span if copy.earlier == article else copy.later_span


def natural(one: str, other: str) -> bool:
    """Whether two texts hold one run of `NATURAL` equal words."""
    runs = []
    for text in (one, other):
        words = [w.casefold() for w in _WORD.findall(text)]
        runs.append({tuple(words[i : i + NATURAL]) for i in range(len(words) - NATURAL + 1)})
    return not runs[0].isdisjoint(runs[1])


def judge(plants: Iterable[Plant], copies: Sequence[Copy], whole: Sequence[str]) -> tuple[dict[float, list[float]], list[Copy], list[Copy]]:
    """By rate, how well each planted passage's characters were found (0: not found); copies found in the corpora; copies that are wrong."""
    between: dict[tuple[int, int], list[Copy]] = {}
    for copy in copies:
        between.setdefault((min(copy.earlier, copy.later), max(copy.earlier, copy.later)), []).append(copy)
    found: dict[float, list[float]] = {rate: [] for rate in RATES}
    planted: set[int] = set()
    for one in plants:
        if one.rate is None:
            continue
        best = 0.0
        spans = [(number, _place(whole[number], words)) for number, words in ((one.origin, one.passage), (one.goal, one.edited))]
        for copy in between.get((min(one.origin, one.goal), max(one.origin, one.goal)), ()):
            shares = [overlap(span_in(copy, number), span) / (span[1] - span[0]) for number, span in spans]
            exact = [
                overlap(span_in(copy, number), span) / (max(span[1], span_in(copy, number)[1]) - min(span[0], span_in(copy, number)[0]))
                for number, span in spans
            ]
            if min(shares) >= 0.5:
                planted.add(id(copy))
                best = max(best, min(exact))
        found[one.rate].append(best)
    rest = [copy for copy in copies if id(copy) not in planted]
    ours = {copy: natural(*(whole[number][slice(*span_in(copy, number))] for number in (copy.earlier, copy.later))) for copy in rest}
    missed = {(p.origin, p.goal) for p in plants if p.rate is None}
    ours = {copy: yes and not {(copy.earlier, copy.later), (copy.later, copy.earlier)} & missed for copy, yes in ours.items()}
    return found, [c for c, yes in ours.items() if yes], [c for c, yes in ours.items() if not yes]


def _place(text: str, words: str) -> Span:
    at = text.index(words)
    return at, at + len(words)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("articles", 5000), ("plants", 200), ("seed", 1), ("show", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(argv)
    rng = random.Random(options.seed)  # noqa: S311 - the same articles each time
    made = pieces(options.articles, rng)
    plants = plant(made, options.plants, rng)
    sources = [original(reading(number, piece)) for number, piece in enumerate(made)]
    store = Memory()
    finder = CopyFinder(store)
    copies: list[Copy] = []
    began = time.process_time()
    for number, source in enumerate(sources):
        copies += finder.add(number, source)
        store.keep(number, source)
    spent = time.process_time() - began
    found, theirs, wrong = judge(plants, copies, [source.text for source in sources])
    print(f"{len(made)} articles of {sum(len(s.text.split()) for s in sources) / len(made):.0f} words, {len(plants)} plants")
    for rate, exact in found.items():
        hits = [e for e in exact if e]
        print(f"edited {rate:4.0%}: recall {len(hits) / len(exact):.4f} of {len(exact)}, characters {sum(hits) / max(len(hits), 1):.3f}")
    right = sum(1 for exact in found.values() for e in exact if e)
    every = sum(map(len, found.values()))
    print(f"recall {right / every:.4f}   precision {right / max(right + len(wrong), 1):.4f} ({len(wrong)} wrong)")
    print(f"found in the corpora: {len(theirs)}")
    kept = sum(len(items) for under in store.under.values() for items in under.values()) / len(made)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{1000 * spent / len(made):.1f} ms of processor time and {kept:.0f} fingerprints an article; peak memory {memory:.0f} MB")
    for copy in wrong[: options.show]:
        print(copy, *(sources[n].text[slice(*span_in(copy, n))] for n in (copy.earlier, copy.later)), sep="\n    ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
