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
from itertools import count
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from allegedly.compare.index import MemoryIndex
from allegedly.compared import Index, key
from allegedly.language import words
from allegedly.records import Article

KIND = "story"
"""The kind of the postings in the index."""
SAME = 0.16
"""Mean likeness (a cosine) between the articles of two groups from which on they are one story."""
PRIOR = 500
"""Articles of general news that rarity starts from."""
TITLE, OPENING = 4.0, 2.0
"""What a word of the title, or of the opening, counts; other words count 1."""
OPENING_WORDS = 120
TERMS, KEPT, POSTED = 150, 60, 16
"""Words of an article whose rarity is counted; that make its vector; under which it is found."""
NEAR, STORIES, LARGE, LATEST = 30, 4, 20, 8
"""Articles that a new one is compared with; stories that are put together again with it; articles of a story that is taken apart, at most;
articles of a larger one that are looked at.
"""
EVERY = key(KIND, "")
"""The key that is counted once for every article."""
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


def features(article: Article) -> Features:
    """What an article is grouped by: the words of its title and of its own text (no furniture, bylines or disclaimers)."""
    counts: defaultdict[str, float] = defaultdict(float)
    for term in _terms(article.title or ""):
        counts[term] += TITLE
    for number, term in enumerate(_own_terms(article)):
        counts[term] += OPENING if number < OPENING_WORDS else 1.0
    common = _common()
    best = nlargest(TERMS, counts, key=lambda term: _weight(counts[term], PRIOR * common.get(term, 0.0), PRIOR))  # ties: as in the text
    return Features(_day(article), tuple((key(KIND, term), counts[term], common.get(term, 0.0)) for term in best))


def _own_terms(article: Article) -> Iterable[str]:
    at = 0
    for note in sorted((note for note in article.notes if note.kind in _ASIDE), key=lambda note: note.start):
        yield from _terms(article.text[at : note.start])
        at = max(at, note.end)
    yield from _terms(article.text[at:])


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

    def frequencies(self, keys: Sequence[int]) -> Mapping[int, int]:
        """How often these keys were counted; those that never were can be left out."""
        ...

    def keep(self, item: int, vector: Vector, keys: Sequence[int]) -> None:
        """Keep an article's vector, and count each of these keys once more."""
        ...

    def vectors(self, items: Sequence[int]) -> Mapping[int, Vector]:
        """The vectors of articles."""
        ...

    def stories(self, items: Sequence[int]) -> Mapping[int, int]:
        """The story that each article is in; articles in none are left out."""
        ...

    def latest(self, story: int, most: int) -> Sequence[int]:
        """So many articles of a story at most, those of the highest numbers, by number."""
        ...

    def start(self, items: Sequence[int]) -> int:
        """A new story of these articles, and its number; they leave any other."""
        ...

    def join(self, story: int, items: Sequence[int]) -> None:
        """Put articles into a story; they leave any other."""
        ...

    def merge(self, into: int, gone: int) -> None:
        """Put all articles of a story into another."""
        ...

    def drop(self, story: int) -> None:
        """Forget a story that has no articles any more."""
        ...


class Memory(MemoryIndex):
    """A `StoryStore` in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counter[int] = Counter()
        self._vectors: dict[int, Vector] = {}
        self._story: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        self._numbers = count(1)

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
        return {i: self._story[i] for i in items if i in self._story}

    def latest(self, story: int, most: int) -> Sequence[int]:
        """See `StoryStore`."""
        return sorted(self._members[story])[-most:]

    def start(self, items: Sequence[int]) -> int:
        """See `StoryStore`."""
        story = next(self._numbers)
        self._members[story] = set()
        self.join(story, items)
        return story

    def join(self, story: int, items: Sequence[int]) -> None:
        """See `StoryStore`."""
        for item in items:
            if item in self._story:
                self._members[self._story[item]].discard(item)
            self._story[item] = story
            self._members[story].add(item)

    def merge(self, into: int, gone: int) -> None:
        """See `StoryStore`."""
        self.join(into, sorted(self._members[gone]))
        self.drop(gone)

    def drop(self, story: int) -> None:
        """See `StoryStore`."""
        del self._members[story]

    def all(self) -> list[list[int]]:
        """Every story's articles by number, the story of the lowest first."""
        return sorted(sorted(members) for members in self._members.values())


# --- grouping ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Articles that stay together: one, or those of a large story (its latest; `story` is its number)."""

    items: Sequence[int]
    story: int | None = None


class StoryIndex:
    """Groups articles as they arrive."""

    def __init__(self, store: StoryStore, *, same: float = SAME) -> None:
        self._store = store
        self._same = same

    def foresee(self, articles: Iterable[Features]) -> None:
        """Asks the store at once for what adding these articles will ask of it one by one; changes no result."""
        listed = list(articles)
        self._store.frequencies([EVERY, *{k for features in listed for k, _, _ in features.terms}])
        vectors = [self._weigh(features) for features in listed]
        self._store.warm(KIND, {k for vector in vectors for k in self._telling(vector)})
        near = sorted({other for vector in vectors for other in self._near(vector)})
        self._store.vectors(near)
        self._store.stories(near)

    def add(self, item: int, features: Features) -> int:
        """Put a new article, or one with a new text, into its story, and give the story's number.

        Stories that it touches may be merged or divided: the store is told. An article without words is a story of its own.
        """
        vector = self._weigh(features)
        near = [other for other in self._near(vector) if other != item]
        self._store.keep(item, vector, [EVERY, *(k for k, _, _ in features.terms)])
        self._store.put(KIND, item, vector.keys[:POSTED])
        apart = (group for story in self._likest(item, near) for group in self._apart(story, item))
        self._settle(item, self._together([_Group([item]), *apart]))
        return self._store.stories([item])[item]

    def _weigh(self, features: Features) -> Vector:
        seen = self._store.frequencies([EVERY, *(k for k, _, _ in features.terms)])
        articles = PRIOR + seen.get(EVERY, 0)
        weights = [(_weight(count, PRIOR * share + seen.get(k, 0), articles), k) for k, count, share in features.terms]
        best = sorted(weights, key=lambda pair: -pair[0])[:KEPT]
        length = math.sqrt(sum(w * w for w, _ in best)) or 1.0
        return Vector(features.day, tuple(k for _, k in best), tuple(round(65535 * w / length) for w, _ in best))

    def _near(self, vector: Vector) -> list[int]:
        """Articles that share telling words with this one."""
        return [item for item, _ in self._store.near(KIND, self._telling(vector), most=NEAR)]

    def _telling(self, vector: Vector) -> list[int]:
        """The words to find others by. Those that very many articles have are left out: they find too much."""
        seen = self._store.frequencies(vector.keys)
        keys: list[int] = []
        read = 0
        for k in sorted(vector.keys, key=lambda k: seen.get(k, 0)):
            read += seen.get(k, 0)
            if read > READ and keys:
                break
            keys.append(k)
        return keys

    def _likest(self, item: int, near: list[int]) -> list[int]:
        """The stories of the articles most like this one, `STORIES` at most: those that it could be linked to."""
        if not near:
            return []
        found = self._store.vectors([item, *near])
        own, mine = found[item], dict(zip(found[item].keys, found[item].weights, strict=True))
        likeness = [sum(mine.get(k, 0) * w for k, w in zip(v.keys, v.weights, strict=True)) for v in map(found.__getitem__, near)]
        days = [found[other].day for other in near]
        apart = np.array([0 if day is None or own.day is None else day - own.day for day in days])
        faded = np.array(likeness) / 65535**2 * _faded(apart)
        ranked = sorted(zip(faded.tolist(), near, strict=True), key=lambda pair: (-pair[0], pair[1]))
        close = [other for like, other in ranked if like >= self._same / 2]
        story = self._store.stories(close)
        return list(dict.fromkeys(story[other] for other in close))[:STORIES]

    def _apart(self, story: int, item: int) -> list[_Group]:
        members = [member for member in self._store.latest(story, LARGE + 2) if member != item]
        return [_Group(members[-LATEST:], story)] if len(members) > LARGE else [_Group([member]) for member in members]

    def _likeness(self, items: Sequence[int]) -> Floats:
        """Cosines between articles, less where they lie far apart in time."""
        found = self._store.vectors(items)
        vectors = [found[i] for i in items]
        row = np.repeat(np.arange(len(vectors)), [len(vector.keys) for vector in vectors])
        _, column = np.unique(np.array([k for vector in vectors for k in vector.keys], np.uint64), return_inverse=True)
        table = np.zeros((len(vectors), int(column.max(initial=0)) + 1))
        table[row, column] = [weight / 65535 for vector in vectors for weight in vector.weights]
        days = np.array([np.nan if vector.day is None else vector.day for vector in vectors])
        apart = np.nan_to_num(days[:, None] - days[None, :])
        return np.asarray((table @ table.T) * _faded(apart))

    def _together(self, groups: list[_Group]) -> list[list[_Group]]:
        """Groups put together by average linkage, clusters with a large story first."""
        groups.sort(key=lambda group: group.items[0])
        owner = np.repeat(np.arange(len(groups)), [len(group.items) for group in groups])
        member = (owner[None, :] == np.arange(len(groups))[:, None]).astype(float)
        sums = member @ self._likeness([i for group in groups for i in group.items]) @ member.T
        clusters = [[groups[i] for i in cluster] for cluster in _linked(sums, member.sum(axis=1), self._same)]
        return sorted(clusters, key=lambda cluster: all(group.story is None for group in cluster))

    def _settle(self, item: int, clusters: list[list[_Group]]) -> None:
        """Tell the store what changed. A cluster keeps the number of a story that was taken apart, if no other cluster has taken it."""
        single = [group.items[0] for cluster in clusters for group in cluster if group.story is None]
        before = self._store.stories(single)
        taken: set[int] = set()
        for cluster in clusters:
            large = [group.story for group in cluster if group.story is not None]
            items = [group.items[0] for group in cluster if group.story is None]
            free = [story for story in (*large, *(before[i] for i in items if i != item)) if story not in taken]
            story = free[0] if free else self._store.start(items)
            if moved := [i for i in items if free and before.get(i) != story]:
                self._store.join(story, moved)
            for gone in large[1:]:
                self._store.merge(story, gone)
            taken.update(large, [story])
        for story in sorted(set(before.values()) - taken):
            if not self._store.latest(story, 1):
                self._store.drop(story)


def _faded(apart: npt.NDArray[Any]) -> Floats:
    """What is left of likeness between articles that lie so many days apart."""
    return np.asarray(1 - FADE * (1 - np.exp(-np.maximum(np.abs(apart) - WEEK, 0) / MONTHS)))


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


def stories(articles: Iterable[Article]) -> list[list[str]]:
    """The stories of articles, as lists of article ids, without a ledger: the articles are taken by date, then by id.

    Every article is in exactly one story. Where two articles have one id, the last one counts.
    """
    given = {article.id: (article.published or "", features(article)) for article in articles}
    ids = sorted(given, key=lambda article: (given[article][0], article))
    store = Memory()
    index = StoryIndex(store)
    for number, article in enumerate(ids):
        index.add(number, given[article][1])
    return [[ids[number] for number in story] for story in store.all()]
