"""Stories: articles about the same happening, grouped as they arrive.

An article is a vector of its most telling words: how often each occurs (title and opening count more) times how rare it is, tf-idf
(Spärck Jones 1972, https://doi.org/10.1108/eb026526). Rarity is counted over the articles seen so far and `PRIOR` imagined
ones, so that the first article of a ledger and the thousandth are weighed alike. A vector is weighed once, when its article arrives.

A new article is compared with those that share telling words with it (a bounded number of them, through an inverted index), and the
stories of the likest are taken apart and put together again with it, by average linkage (UPGMA; Sokal and Michener 1958): two groups
are one story while the mean likeness between their articles is `SAME` or more. So the order in which articles arrive hardly matters, and
what it costs to add one does not grow with the ledger. A story of more than `LARGE` articles is no longer taken apart; it can only grow.

What this does not do: it does not tell a happening from its sequel where both are told in the same words within the same weeks, and
it does not see that two articles in quite different words are about one happening.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import nlargest
from itertools import chain
from typing import Protocol

import numpy as np
import numpy.typing as npt

from allegedly.compared import Index, key
from allegedly.language import words
from allegedly.records import Article, Reading, Span

KIND = "story"
"""The kind of the postings in the index."""
SAME = 0.18
"""Mean likeness (a cosine) between the articles of two groups from which on they are one story."""
PRIOR = 500
"""Articles of general news that rarity starts from."""
TITLE, OPENING = 4.0, 2.0
"""What a word of the title, or of the opening, counts; other words count 1."""
OPENING_WORDS = 120
TERMS, KEPT, POSTED = 150, 60, 32
"""Words of an article whose rarity is counted; that make its vector; under which it is found."""
NEAR, STORIES, LARGE = 60, 6, 20
"""Articles that a new one is compared with; stories that are put together again with it; articles of a story that are looked at."""
READ = 4000
"""Postings that are read to find them."""
FADE, WEEK, MONTHS = 0.4, 7, 60
"""Likeness loses up to `FADE` of itself as articles lie more than a week apart, most of it within two months."""

Floats = npt.NDArray[np.float64]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASIDE = frozenset({"furniture", "disclaimer", "byline", "correction"})
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))


# --- what an article is grouped by ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Features:
    """What an article is grouped by: its day (from year 1 on; None where not known) and its words: key, count, share in general news."""

    day: int | None
    terms: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """An article's telling words, most telling first, with weights in 1/65535 of a unit vector's length."""

    day: int | None
    keys: tuple[int, ...]
    weights: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """A compact form for a store: ten bytes a word and four for the day."""
        return np.array([self.day or 0], "<u4").tobytes() + np.array(self.keys, "<u8").tobytes() + np.array(self.weights, "<u2").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Vector":
        """The vector that `to_bytes` packed."""
        many = (len(data) - 4) // 10
        day = int(np.frombuffer(data, "<u4", 1)[0])
        keys = np.frombuffer(data, "<u8", many, 4)
        weights = np.frombuffer(data, "<u2", many, 4 + 8 * many)
        return cls(day or None, tuple(keys.tolist()), tuple(weights.tolist()))


def features(reading: Reading) -> Features:
    """What a reading's article is grouped by: the words of its title and its own text (no furniture, bylines or disclaimers)."""
    article = reading.article
    names = [(m.start, m.end) for m in reading.mentions if m.named]
    counts: defaultdict[str, float] = defaultdict(float)
    named: set[str] = set()
    for term in _terms(article.title or ""):
        counts[term] += TITLE
    at = 0
    for number, (found, term) in enumerate(_own_words(article)):
        counts[term] += OPENING if number < OPENING_WORDS else 1.0
        while at < len(names) and names[at][1] <= found:
            at += 1
        if at < len(names) and names[at][0] <= found:
            named.add(term)
    common = _common()
    shares = {term: 0.0 if term in named else common.get(term, 0.0) for term in counts}
    best = nlargest(TERMS, counts, key=lambda term: _weight(counts[term], PRIOR * shares[term], PRIOR))  # ties: as in the text
    return Features(_day(article), tuple((key(KIND, term), counts[term], shares[term]) for term in best))


def _own_words(article: Article) -> Iterable[tuple[int, str]]:
    """Where each word of the article's own text begins, and its term."""
    aside: list[Span] = sorted((note.start, note.end) for note in article.notes if note.kind in _ASIDE)
    at = 0
    for match in _WORD.finditer(article.text):
        while at < len(aside) and aside[at][1] <= match.start():
            at += 1
        if at < len(aside) and aside[at][0] <= match.start():
            continue
        if term := _term(match[0]):
            yield match.start(), term


def _terms(text: str) -> Iterable[str]:
    return filter(None, map(_term, _WORD.findall(text)))


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str:
    """A word without case, possessive and regular inflection; empty for a single letter or digit."""
    word = word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
    if len(word) < 2:
        return ""
    if len(word) > 4:
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 3:
                word = word.removesuffix(ending) + instead
                break
        word = word.removesuffix("e") if len(word) > 4 else word
    return word


@lru_cache(maxsize=1)
def _common() -> Mapping[str, float]:
    """Common terms and the share of articles that they occur in."""
    shares: dict[str, float] = {}
    for name, listed in words("common").items():
        for word in listed:
            term = _term(word)
            shares[term] = max(shares.get(term, 0.0), int(name.removeprefix("per_thousand.")) / 1000)
    return shares


def _day(article: Article) -> int | None:
    """The day of publication, else that of the dateline; None where only a month or a year is known."""
    for given in (article.published, article.dateline.date if article.dateline else None):
        if given and re.match(r"\d{4}-\d\d-\d\d", given):
            try:
                return date.fromisoformat(given[:10]).toordinal()
            except ValueError:
                continue
    return None


def _weight(count: float, seen: float, articles: float) -> float:
    return math.sqrt(count) * math.log((articles + 1) / (seen + 1))


# --- where it is kept -------------------------------------------------------------------------------------------------


class StoryStore(Index, Protocol):
    """What grouping needs to remember: an index, vectors, how many articles have a word, and which story an article is in."""

    def articles(self) -> int:
        """How many articles were kept so far."""
        ...

    def frequencies(self, keys: Sequence[int]) -> Mapping[int, int]:
        """In how many of them these words occur; words that occur in none can be left out."""
        ...

    def keep(self, item: int, vector: Vector, keys: Sequence[int]) -> None:
        """Keep an article's vector, and count one more article for each of these words."""
        ...

    def vectors(self, items: Sequence[int]) -> Mapping[int, Vector]:
        """The vectors of articles."""
        ...

    def stories(self, items: Sequence[int]) -> Mapping[int, int]:
        """The story that each article is in."""
        ...

    def members(self, story: int, *, most: int) -> Sequence[int]:
        """The articles of a story, highest number first, no more than `most`."""
        ...

    def move(self, items: Sequence[int], story: int) -> None:
        """Put articles into a story, out of the one that they were in if they were in any."""
        ...

    def merge(self, story: int, into: int) -> None:
        """Put all articles of a story into another."""
        ...


class Memory:
    """A `StoryStore` in memory."""

    def __init__(self) -> None:
        self._postings: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._counts: Counter[int] = Counter()
        self._vectors: dict[int, Vector] = {}
        self._story: dict[int, int] = {}
        self._members: defaultdict[int, set[int]] = defaultdict(set)

    def near(self, kind: str, keys: Iterable[int], *, least: int = 1, most: int = 200) -> Sequence[tuple[int, int]]:
        """See `Index`."""
        shared = Counter(chain.from_iterable(self._postings.get((kind, k), ()) for k in keys))
        return sorted(((i, n) for i, n in shared.items() if n >= least), key=lambda pair: (-pair[1], pair[0]))[:most]

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """See `Index`."""
        for k in keys:
            self._postings[kind, k].append(item)

    def articles(self) -> int:
        """See `StoryStore`."""
        return len(self._vectors)

    def frequencies(self, keys: Sequence[int]) -> Mapping[int, int]:
        """See `StoryStore`."""
        return {k: self._counts[k] for k in keys if k in self._counts}

    def keep(self, item: int, vector: Vector, keys: Sequence[int]) -> None:
        """See `StoryStore`."""
        self._vectors[item] = vector
        self._counts.update(keys)

    def vectors(self, items: Sequence[int]) -> Mapping[int, Vector]:
        """See `StoryStore`."""
        return {i: self._vectors[i] for i in items}

    def stories(self, items: Sequence[int]) -> Mapping[int, int]:
        """See `StoryStore`."""
        return {i: self._story[i] for i in items}

    def members(self, story: int, *, most: int) -> Sequence[int]:
        """See `StoryStore`."""
        return nlargest(most, self._members[story])

    def move(self, items: Sequence[int], story: int) -> None:
        """See `StoryStore`."""
        for item in items:
            if item in self._story:
                self._members[self._story[item]].discard(item)
            self._story[item] = story
            self._members[story].add(item)

    def merge(self, story: int, into: int) -> None:
        """See `StoryStore`."""
        self.move(sorted(self._members[story]), into)

    def all(self) -> list[list[int]]:
        """Every story's articles, in the order of their numbers."""
        return [sorted(self._members[story]) for story in sorted(self._members) if self._members[story]]


# --- grouping ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """Articles that stay together: one, or those of a large story (the latest of them). `story` is the number it would have alone."""

    items: list[int]
    story: int
    whole: bool = False


class StoryIndex:
    """Groups articles as they arrive. A story's number is that of its lowest article."""

    def __init__(self, store: StoryStore, *, same: float = SAME) -> None:
        self._store = store
        self._same = same

    def add(self, item: int, features: Features) -> int:
        """Put an article that the store does not have yet into its story, and give the story's number.

        Stories that it touches may be merged or divided: the store is told. Articles without a word are stories of their own.
        """
        vector = self._weigh(features)
        near = self._near(vector)
        self._store.keep(item, vector, [k for k, _, _ in features.terms])
        self._store.put(KIND, item, vector.keys[:POSTED])
        groups = [_Group([item], item), *chain.from_iterable(self._apart(story) for story in self._likest(item, near))]
        return self._together(item, groups)

    def _weigh(self, features: Features) -> Vector:
        seen = self._store.frequencies([k for k, _, _ in features.terms])
        articles = PRIOR + self._store.articles()
        weights = [(_weight(count, PRIOR * share + seen.get(k, 0), articles), k) for k, count, share in features.terms]
        best = sorted(weights, key=lambda pair: -pair[0])[:KEPT]
        length = math.sqrt(sum(w * w for w, _ in best)) or 1.0
        return Vector(features.day, tuple(k for _, k in best), tuple(round(65535 * w / length) for w, _ in best))

    def _near(self, vector: Vector) -> list[int]:
        """Articles that share words with this one. Words that very many articles have are left out: they find too much."""
        seen = self._store.frequencies(vector.keys)
        keys: list[int] = []
        read = 0
        for k in sorted(vector.keys, key=lambda k: seen.get(k, 0)):
            read += seen.get(k, 0)
            if read > READ and keys:
                break
            keys.append(k)
        return [item for item, _ in self._store.near(KIND, keys, most=NEAR)]

    def _likest(self, item: int, near: list[int]) -> list[int]:
        """The stories of the articles most like this one, `STORIES` at most: those that it could be linked to."""
        if not near:
            return []
        likeness = self._likeness([item, *near])[0, 1:]
        ranked = sorted(zip(likeness.tolist(), near, strict=True), key=lambda pair: (-pair[0], pair[1]))
        close = [other for like, other in ranked if like >= self._same / 2]
        story = self._store.stories(close)
        return list(dict.fromkeys(story[other] for other in close))[:STORIES]

    def _apart(self, story: int) -> list[_Group]:
        members = self._store.members(story, most=LARGE + 1)
        if len(members) > LARGE:
            return [_Group(list(members[:LARGE]), story, whole=True)]
        return [_Group([member], member) for member in members]

    def _likeness(self, items: Sequence[int]) -> Floats:
        """Cosines between articles, less where they lie far apart in time."""
        found = self._store.vectors(items)
        vectors = [found[i] for i in items]
        row = np.repeat(np.arange(len(vectors)), [len(vector.keys) for vector in vectors])
        _, column = np.unique(np.array([k for vector in vectors for k in vector.keys], np.uint64), return_inverse=True)
        table = np.zeros((len(vectors), int(column.max(initial=0)) + 1))
        table[row, column] = [weight / 65535 for vector in vectors for weight in vector.weights]
        days = np.array([np.nan if vector.day is None else vector.day for vector in vectors])
        apart = np.nan_to_num(np.abs(days[:, None] - days[None, :]))
        return np.asarray((table @ table.T) * (1 - FADE * (1 - np.exp(-np.maximum(apart - WEEK, 0) / MONTHS))))

    def _together(self, item: int, groups: list[_Group]) -> int:
        """Put groups together by average linkage and tell the store what changed."""
        groups.sort(key=lambda group: group.story)
        items = [i for group in groups for i in group.items]
        owner = np.repeat(np.arange(len(groups)), [len(group.items) for group in groups])
        member = (owner[None, :] == np.arange(len(groups))[:, None]).astype(float)
        sums = member @ self._likeness(items) @ member.T
        now = self._store.stories([i for i in items if i != item])
        mine = item
        for cluster in _linked(sums, member.sum(axis=1), self._same):
            story = groups[cluster[0]].story
            for number in cluster:
                group = groups[number]
                if group.whole:
                    if group.story != story:
                        self._store.merge(group.story, story)
                elif now.get(group.items[0]) != story:
                    self._store.move(group.items, story)
                if item in group.items:
                    mine = story
        return mine


def _linked(sums: Floats, sizes: Floats, same: float) -> list[list[int]]:
    """Clusters of groups by average linkage, from the sums of likenesses between their members; each cluster in ascending order."""
    clusters: list[list[int]] = [[i] for i in range(len(sizes))]
    sums, sizes = sums.copy(), sizes.copy()
    mean = np.round(sums / np.outer(sizes, sizes), 9)
    np.fill_diagonal(mean, -1.0)
    while len(clusters) > 1:
        a, b = sorted(divmod(int(mean.argmax()), len(mean)))
        if mean[a, b] < same:
            break
        clusters[a] = sorted(clusters[a] + clusters[b])
        clusters[b] = []
        sums[a] += sums[b]
        sums[:, a] += sums[:, b]
        sizes[a] += sizes[b]
        mean[a] = mean[:, a] = np.round(sums[a] / (sizes[a] * sizes), 9)
        mean[b] = mean[:, b] = -1.0
        gone = [i for i, cluster in enumerate(clusters) if not cluster]
        mean[a, [a, *gone]] = mean[[a, *gone], a] = -1.0
    return [cluster for cluster in clusters if cluster]


def stories(readings: Iterable[Reading]) -> list[list[str]]:
    """The stories of articles, as lists of article ids, without a ledger: the articles are taken by date, then by id.

    Every article is in exactly one story. Where two readings have one id, the last one counts.
    """
    given = {reading.article.id: (reading.article.published or "", features(reading)) for reading in readings}
    ids = sorted(given, key=lambda article: (given[article][0], article))
    store = Memory()
    index = StoryIndex(store)
    for number, article in enumerate(ids):
        index.add(number, given[article][1])
    return [[ids[number] for number in story] for story in store.all()]
