"""Copies: passages that otherwise different articles share, such as wire copy and press releases.

Articles that may share one are found by fingerprints: three content words in a row, hashed, of which two in five are kept, by their
hashes alone (U. Manber, "Finding similar files in a large file system", USENIX 1994), so that two articles keep the same of what they
share, whatever stands around it. Common words are left out of them, so that an edit of a small word breaks none. Each pair that has
two close together is then aligned word by word: runs of three equal words or more, chained where they lie close together in both
articles, in whatever order (a sentence may have moved), and trimmed to where they are dense.

A direct quotation is its speaker's: words in quotation marks do not count as a passage's own, so that two articles that quote the
same speech share no copy, while a passage that holds a quotation beside enough words of its own does. Site furniture, bylines and
notes are left out.

What this does not do: it does not see a passage told again in other words, nor one of fewer than `LEAST` equal words, nor one that
is nearly all quotation. Who copied whom, or both a third, nobody can tell from two texts: `Copy` says which was dated earlier here.
"""

import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, Protocol

import numpy as np

from allegedly.compare.index import MemoryIndex
from allegedly.compared import Copy, Index, key
from allegedly.language import words
from allegedly.records import Reading, Span, Spans

KIND = "passage"
"""The kind of the postings in the index."""
GRAM = 3
"""Content words in a fingerprint."""
KEPT, OF = 2, 5
"""Fingerprints that are kept, of so many."""
FINGERPRINTS = 400
"""Of an article, at most (a longer one keeps the least): about 110 for 600 words."""
NEAR, FOLLOWED = 6, 3
"""Articles that a new one is aligned with, at most; articles that a fingerprint is followed to."""
APART = 16
"""Content words from one fingerprint to another that both articles have, at most, for the two to be aligned: a passage of `LEAST` words
has some 16.
"""
RUN, GAP = 3, 20
"""Equal words in a run, at least; words between two runs of one passage, at most."""
REPEATS = 8
"""Places in an article that the same three words are looked at in."""
PENALTY = 0.5
"""What a word between two runs takes from the passage's score, where an equal word gives 1."""
LEAST, OWN = 35, 15
"""Words of a passage that are in such runs, at least; those among them that are outside quotations."""
DENSITY = 0.55
"""Share of a passage's words that are in such runs, at least."""
REMEMBERED = 256
"""Articles whose words are kept at hand."""
_STOP_SHARE = 120
_BITS = 21
"""Of a word's number in a run of three."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(
    r"“[^“”\n]{20,2000}(?:”|(?=\n\s*“))"  # a speech of several paragraphs is closed in the last
    r"|(?:(?<=[\s(\[—–-])|^)\"(?=\w)[^\"\n]{20,2000}(?:\"(?!\w)|(?=\n\s*\"))"
    r"|(?:(?<=[\s(\[—–-])|^)['‘](?=\w)(?:[^'‘’\n]|(?<=\w)['’](?=\w)){20,2000}(?<=[.,?!…])['’](?!\w)",  # single marks end after a stop
    re.MULTILINE,
)
_ASIDE = frozenset({"furniture", "disclaimer", "byline", "correction"})


# --- an article as copying sees it ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Original:
    """An article's text and when it was published; `aside` are the notes in it, `quoted` the direct quotations, in ascending order."""

    text: str
    published: str | None
    aside: Spans
    quoted: Spans


def original(reading: Reading) -> Original:
    """What of a reading copies are looked for in. Quotations are the contents of direct attributions and what stands in quotation marks."""
    article = reading.article
    aside = _merged((note.start, note.end) for note in article.notes if note.kind in _ASIDE)
    quoted = [span for a in reading.attributions if a.kind == "direct" and a.within == "text" and a.source for span in a.content]
    quoted += [match.span() for match in _QUOTED.finditer(article.text)]
    return Original(article.text, article.published, aside, _merged(quoted))


def _merged(spans: Iterable[Span]) -> Spans:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


class _Words:
    """An article's words, without its notes: normalised, where each stands, whether it is quoted, and where each run of three begins.

    `numbers` are those of the words of all articles that are aligned with one another; new words get new ones.
    """

    def __init__(self, source: Original, numbers: dict[str, int]) -> None:
        self._source, self._numbers = source, numbers
        edges = [0, *(edge for span in source.aside for edge in span), len(source.text)]
        self._own = list(zip(edges[::2], edges[1::2], strict=True))
        found = [word for start, end in self._own for word in _WORD.findall(source.text, start, end)]
        self.forms = "\n".join(found).casefold().replace("’", "'").split("\n") if found else []

    @cached_property
    def spans(self) -> Spans:
        """Where the words stand in the text."""
        return tuple([m.span() for start, end in self._own for m in _WORD.finditer(self._source.text, start, end)])

    @cached_property
    def quoted(self) -> list[bool]:
        """Of each word whether it is quoted."""
        edges = [edge for span in self._source.quoted for edge in span]
        within: list[bool] = (np.searchsorted(edges, [start for start, _ in self.spans], side="right") % 2 == 1).tolist()
        return within

    @cached_property
    def runs(self) -> Mapping[int, list[int]]:
        """Where every `RUN` words in a row begin."""
        runs: defaultdict[int, list[int]] = defaultdict(list)
        for number, run in enumerate(self.grams):
            runs[run].append(number)
        return runs

    @cached_property
    def grams(self) -> list[int]:
        """Every `RUN` words in a row, by their numbers."""
        known = self._numbers
        rest = np.array([known.setdefault(form, len(known)) for form in self.forms], np.int64)
        grams = rest
        for _ in range(RUN - 1):
            grams, rest = grams[:-1] << _BITS, rest[1:]
            grams = grams | rest
        listed: list[int] = grams.tolist()
        return listed

    @cached_property
    def fingerprints(self) -> list[int]:
        """Every `GRAM` content words in a row, hashed."""
        content = [form for form in self.forms if form not in _stop_words()]
        return [key(KIND, *gram) for gram in zip(*(content[i:] for i in range(GRAM)), strict=False)]


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    shares = words("common").items()
    return frozenset(word for name, listed in shares if int(name.removeprefix("per_thousand.")) >= _STOP_SHARE for word in listed)


def _sampled(prints: Iterable[int]) -> list[int]:
    """The fingerprints that an article is found and looked up by, once each; of a long article, the least of these."""
    return sorted({one for one in prints if one % OF < KEPT})[:FINGERPRINTS]


def _chosen(prints: Sequence[int], lists: Mapping[int, Iterable[int]], item: int) -> list[int]:
    """The other articles that a new one is aligned with, by what articles have each of its fingerprints, which are in their order.

    Those that share most come first; a fingerprint that led to `FOLLOWED` of them leads to no more, so that many prints of one text do not
    stand before what is shared with others, and common phrases cost little.
    """
    shared: defaultdict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(prints):
        for other in lists.get(one, ()):
            shared[other].append(place)
    followed, chosen = Counter[int](), list[int]()
    for other, places in sorted(shared.items(), key=lambda s: (-len(s[1]), s[0])):
        if len(places) < 2 or len(chosen) == NEAR:
            break
        if other == item:
            continue
        left = [place for place in places if followed[prints[place]] < FOLLOWED]
        if any(after - place <= APART and prints[place] != prints[after] for place, after in pairwise(left)):
            chosen.append(other)
            followed.update({prints[place] for place in places})
    return chosen


# --- where it is kept -------------------------------------------------------------------------------------------------


class CopyStore(Index, Protocol):
    """What finding copies needs to remember: an index, and the articles."""

    def originals(self, items: Sequence[int]) -> Mapping[int, Original]:
        """Articles, as `original` made them."""
        ...


class Memory(MemoryIndex):
    """A `CopyStore` in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._originals: dict[int, Original] = {}

    def keep(self, item: int, source: Original) -> None:
        """Remember an article."""
        self._originals[item] = source

    def originals(self, items: Sequence[int]) -> Mapping[int, Original]:
        """See `CopyStore`."""
        return {item: self._originals[item] for item in items}


# --- finding ----------------------------------------------------------------------------------------------------------


class CopyFinder:
    """Finds what each new article shares with those before it."""

    def __init__(self, store: CopyStore) -> None:
        self._store = store
        self._remembered: OrderedDict[int, tuple[Original, _Words]] = OrderedDict()
        self._ready: dict[int, _Words] = {}
        self._numbers: dict[str, int] = {}

    def foresee(self, articles: Mapping[int, Original]) -> None:
        """Asks the store at once for what adding these articles will ask of it one by one; changes no result."""
        for item, source in articles.items():
            self._ready[item] = _Words(source, self._numbers)
        self._store.warm(KIND, {k for words in self._ready.values() for k in _sampled(words.fingerprints)})

    def add(self, item: int, source: Original) -> list[Copy]:
        """The passages that an article shares with articles added before, by their numbers and then by where they stand in this one.

        The article's fingerprints go into the index; the store is to have the article itself by the time the next one is added.
        """
        mine = self._ready.pop(item, None) or _Words(source, self._numbers)
        own = _sampled(mine.fingerprints)
        near = sorted(_chosen(mine.fingerprints, self._store.lists(KIND, own), item))
        copies: list[Copy] = []
        for other, (there, theirs) in zip(near, self._words(near), strict=True):
            found = (_copy(item, source, mine, other, there, theirs, chain) for chain in _passages(mine, theirs))
            copies += (copy for copy in found if copy is not None)
        self._store.put(KIND, item, own)
        self._remember(item, source, mine)
        return copies

    def _words(self, items: Sequence[int]) -> list[tuple[Original, _Words]]:
        missing = [item for item in items if item not in self._remembered]
        fetched = {item: (found, _Words(found, self._numbers)) for item, found in self._store.originals(missing).items()} if missing else {}
        known = [fetched[item] if item in fetched else self._remembered[item] for item in items]
        for item, (found, split) in zip(items, known, strict=True):
            self._remember(item, found, split)
        return known

    def _remember(self, item: int, source: Original, found: _Words) -> None:
        self._remembered[item] = (source, found)
        self._remembered.move_to_end(item)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


class _Run(NamedTuple):
    """Equal words: `length` of them from word `a` of the new article and word `b` of the other on."""

    a: int
    b: int
    length: int


_SIDES: Mapping[str, tuple[Callable[[_Run], int], Callable[[_Run], tuple[int, ...]]]] = {
    "a": (itemgetter(0), itemgetter(0, 1, 2)),
    "b": (itemgetter(1), itemgetter(1, 0, 2)),
}
"""Where a run begins in the new article and in the other, and the order of runs there."""


def _can_share(mine: _Words, common: Set[int]) -> bool:
    """Whether the words that two articles have in common lie as close together in the new one as a passage's: most pairs end here."""
    starts = np.array([at for gram in common for at in mine.runs[gram]], np.int64)
    equal = np.zeros(len(mine.forms), np.bool_)
    for further in range(RUN):
        equal[starts + further] = True
    places = np.flatnonzero(equal)
    spare = DENSITY * places - np.arange(len(places))  # from one place to another it grows where fewer words are equal than a passage's
    least = np.maximum.accumulate(spare)[: 1 - LEAST]
    return bool((spare[LEAST - 1 :] - (1 - DENSITY) <= least).any())


def _passages(mine: _Words, theirs: _Words) -> list[list[_Run]]:
    """Chains of runs that lie close together in both articles, each trimmed to where they are dense, in the order of the new article."""
    common = mine.runs.keys() & set(theirs.grams)
    if not _can_share(mine, common):
        return []
    chains = [_runs(mine, theirs, common)]
    for side in ("a", "b", "a", "b"):
        chains = [part for chain in chains for part in _parts(chain, side) if sum(run.length for run in part) >= LEAST]
    return [chain for part in chains if (chain := _dense(_dense(part, "b"), "a"))]


def _runs(mine: _Words, theirs: _Words, common: Set[int]) -> list[_Run]:
    """The longest runs of `RUN` equal words or more, by where they begin in the new article."""
    there: dict[int, list[int]] = {}
    for b, gram in enumerate(theirs.grams):
        if gram in common:
            there.setdefault(gram, []).append(b)
    begun: dict[int, list[int]] = {}  # by diagonal: the last run's beginning and length
    runs: list[_Run] = []
    for a, run in sorted((a, gram) for gram in common for a in mine.runs[gram]):
        for b in there[run][:REPEATS]:
            last = begun.get(b - a)
            if last is not None and last[0] + last[1] - RUN + 1 == a:
                last[1] += 1
            else:
                if last is not None:
                    runs.append(_Run(last[0], last[0] + b - a, last[1]))
                begun[b - a] = [a, RUN]
    runs += (_Run(a, a + diagonal, length) for diagonal, (a, length) in begun.items())
    return sorted(runs)


def _parts(runs: Iterable[_Run], side: str) -> Iterable[list[_Run]]:
    """Runs in the order of one article, parted where more than `GAP` words lie between them there."""
    begins, order = _SIDES[side]
    part: list[_Run] = []
    reached = 0
    for run in sorted(runs, key=order):
        at = begins(run)
        if part and at - reached > GAP:
            yield part
            part = []
        reached = max(reached, at + run.length) if part else at + run.length
        part.append(run)
    if part:
        yield part


def _dense(runs: Iterable[_Run], side: str) -> list[_Run]:
    """The stretch of runs with the best score in one article: equal words, less `PENALTY` for each word between them."""
    begins, order = _SIDES[side]
    ordered = sorted(runs, key=order)
    best, best_score, first, score, reached = (0, 0), 0.0, 0, 0.0, 0
    for number, run in enumerate(ordered):
        at = begins(run)
        score -= PENALTY * max(at - reached, 0)
        if score <= 0:
            first, score, reached = number, 0.0, at
        score += max(at + run.length - max(reached, at), 0)
        reached = max(reached, at + run.length)
        if score > best_score:
            best, best_score = (first, number + 1), score
    return ordered[best[0] : best[1]]


def _copy(item: int, source: Original, mine: _Words, other: int, there: Original, theirs: _Words, chain: list[_Run]) -> Copy | None:
    """A passage as a record; None where too few words are equal, too few of these are its own, or too many between them differ."""
    equal = {i: i + run.b - run.a for run in chain for i in range(run.a, run.a + run.length)}
    over = set(equal.values())
    first, last, first_there, last_there = min(equal), max(equal) + 1, min(over), max(over) + 1
    longer = max(last - first, last_there - first_there)
    own = sum(not (mine.quoted[i] or theirs.quoted[j]) for i, j in equal.items())
    if len(over) < LEAST or own < OWN or len(over) < DENSITY * longer:
        return None
    rest = Counter(mine.forms[i] for i in range(first, last) if i not in equal)
    rest &= Counter(theirs.forms[i] for i in range(first_there, last_there) if i not in over)
    shared = min(len(over) + rest.total(), longer)
    here = (item, source.published, (mine.spans[first][0], mine.spans[last - 1][1]))
    elsewhere = (other, there.published, (theirs.spans[first_there][0], theirs.spans[last_there - 1][1]))
    dated = _is_earlier(here[1], elsewhere[1]), _is_earlier(elsewhere[1], here[1])
    earlier, later = (here, elsewhere) if dated[0] or (not dated[1] and item < other) else (elsewhere, here)
    return Copy(earlier[0], later[0], earlier[2], later[2], shared, round(shared / longer, 4), any(dated))


def _is_earlier(one: str | None, other: str | None) -> bool:
    """Whether a date lies before another, as far as both are known: a month does not lie before one of its days."""
    if not one or not other:
        return False
    moments = _moment(one), _moment(other)
    if moments[0] is not None and moments[1] is not None:
        return moments[0] < moments[1]
    known = min(len(one), len(other), 10)
    return one[:known] < other[:known]


def _moment(given: str) -> datetime | None:
    """A date with a time of day and an offset from UTC; None for any other."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# --- what copies mean for counts --------------------------------------------------------------------------------------


def origins(articles: Iterable[int], copies: Iterable[Copy], *, at: Mapping[int, Span] | None = None) -> dict[int, int]:
    """For each article the lowest number among those that it shares passages with, over any number of steps: its group of one origin.

    Ten copies of one text are one origin: count the different values. `at` gives, for articles, the characters that are asked about (a
    statement's sentence, say): then only passages that reach into these characters, in both articles, tie articles together.
    """
    return tied(articles, ties_at(copies, at))


def ties_at(copies: Iterable[Copy], at: Mapping[int, Span] | None) -> list[tuple[int, int]]:
    """The pairs of articles that share passages which reach into these characters of both; of all where nothing is given."""
    ties = []
    for copy in copies:
        ends = ((copy.earlier, copy.earlier_span), (copy.later, copy.later_span))
        if at is None or all(article in at and _touch(span, at[article]) for article, span in ends):
            ties.append((copy.earlier, copy.later))
    return ties


def tied(articles: Iterable[int], ties: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each article the lowest number among those that it is tied to, over any number of steps through these articles."""
    group = {article: article for article in articles}

    def root(article: int) -> int:
        while group[article] != article:
            group[article] = group[group[article]]
            article = group[article]
        return article

    for pair in ties:
        if all(article in group for article in pair):
            low, high = sorted(map(root, pair))
            group[high] = low
    return {article: root(article) for article in group}


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
