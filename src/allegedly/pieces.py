"""Text to atoms, word pieces and windows: what the encoder sees, in training and in reading alike.

An *atom* is the smallest stretch that can be a word: a run of letters and digits, a clitic ("n't", "'s"), a number
with its separators, or a single other character. The model joins atoms into words ("U", ".", "S", "." -> "U.S.");
it never splits one, so what must be split is split here. A *piece* is a WordPiece unit of the tokenizer. A *window* is
a run of atoms that goes through the encoder at once: it is cut at the ends of paragraphs or sentences where there are
any, and carries context on both sides whose output is thrown away, but none from beyond where a text turns to something else. Nothing is
truncated: every atom is in exactly one window's core.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

WINDOW = 320
"""Pieces in a window at most, context and the two special pieces included (the encoder has positions for 512)."""
CONTEXT = 16
"""Pieces of context that a window carries on either side, at most."""

COMMON = 3000
"""Vocabulary numbers below which words are too common to tell what a text is about: numbers go by frequency."""
TELLING, READ, SHARED = 6, 40, 0.12
"""How many words that tell what it is about a paragraph has at least that can begin a new topic, how many there are before it, and the
share of its own that are among them, at most."""

KNOWN = 1 << 16
"""Forms whose pieces are remembered, about."""

CLS, SEP = 101, 102
"""Vocabulary numbers of the special pieces that begin and end a window."""
CASES = 5  # lower, Capitalised, ALL CAPS, miXed, no letters
GAPS = 6  # inside an atom, nothing before, white space, line break, blank line, start of text

Ints = npt.NDArray[np.int64]

_ATOM = re.compile(
    r"(?=[^\W\d_]{2,41}+['’]t)[^\W\d_]{1,40}?(?=n['’]t(?!\w))"  # "do" of "don't"; the first condition only saves time
    r"|n['’]t(?!\w)"
    r"|['’](?:s|re|ve|ll|d|m)(?!\w)"
    r"|\d{1,40}(?:[.,:]\d{1,40}){0,8}(?!\w)"
    r"|(?=[cgw])(?:can(?=not(?!\w))|gon(?=na(?!\w))|wan(?=na(?!\w))|got(?=ta(?!\w)))"
    r"|[^\W_]{1,40}"
    r"|\.{2,40}|-{2,40}|={2,40}|\*{2,40}|_{2,40}|!{2,40}|\?{2,40}"
    r"|\S",
    re.IGNORECASE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
QUOTES = frozenset("\"“”‘’«»„'")
_STEM, _SHORTEST = 5, 4  # letters by which words are compared, and of the shortest that are
_SENTENCE_END = re.compile(r"""[.!?…]['"”’)\]]*$""")


@dataclass(frozen=True, slots=True)
class Atoms:
    """The atoms of a text: `start` and `end` characters, the `gap` class before each, its `case` class, all of shape (atoms,)."""

    text: str
    start: Ints
    end: Ints
    gap: Ints
    case: Ints
    forms: list[str]

    def __len__(self) -> int:
        return len(self.forms)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces: `ids` (pieces,) vocabulary numbers; `first` (atoms + 1,) where each atom's pieces begin, the end last."""

    ids: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Window:
    """Atoms `[first, last)` go through the encoder; of them the output of the core `[core_first, core_last)` is kept."""

    first: int
    last: int
    core_first: int
    core_last: int


@lru_cache(maxsize=1 << 14)
def _case(form: str) -> int:
    if not any(c.isalpha() for c in form):
        return 4
    if form.islower():
        return 0
    if form.isupper():
        return 2 if len(form) > 1 else 1
    return 1 if form[0].isupper() and form[1:].islower() else 3


def _gap(between: str) -> int:
    breaks = between.count("\n")
    return 2 if breaks == 0 else 3 if breaks == 1 else 4


def atoms(text: str) -> Atoms:
    """Split a text into atoms. White space belongs to none; every other character belongs to exactly one."""
    spans = [m.span() for m in _ATOM.finditer(text)]
    start, end = np.array(spans, np.int64).reshape(-1, 2).T.copy()
    forms = [text[a:b] for a, b in spans]
    gap = np.ones(len(spans), np.int64)
    for i in (np.flatnonzero(start[1:] > end[:-1]) + 1).tolist():
        gap[i] = _gap(text[spans[i - 1][1] : spans[i][0]])
    gap[:1] = 5
    case = np.array([_case(f) for f in forms], np.int64)
    return Atoms(text, start, end, gap, case, forms)


def load_tokenizer(path: str) -> Tokenizer:
    """The WordPiece tokenizer, without its own truncation and padding."""
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def pieces(found: Atoms, tokenizer: Tokenizer, known: dict[str, list[int]] | None = None) -> Pieces:
    """Word pieces of atoms. An atom that the tokenizer drops (a control character) becomes one unknown piece.

    `known` remembers the pieces of forms from one text to the next; each form has the same ones wherever it stands.
    """
    known = {} if known is None else known
    if len(known) > KNOWN:
        known.clear()
    new = [form for form in dict.fromkeys(found.forms) if form not in known]
    if new:
        known.update((form, []) for form in new)
        encoding = tokenizer.encode([_SURROGATE.sub("\ufffd", form) for form in new], is_pretokenized=True, add_special_tokens=False)
        for word, piece in zip(np.array(encoding.word_ids, np.int64).tolist(), encoding.ids, strict=True):
            known[new[word]].append(piece)
        unknown = int(tokenizer.token_to_id("[UNK]") or 0)
        for form in new:
            known[form] = known[form] or [unknown]
    split = [known[form] for form in found.forms]
    first = np.zeros(len(split) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, split), np.int64, len(split)), out=first[1:])
    return Pieces(np.fromiter(chain.from_iterable(split), np.int64, int(first[-1])), first)


def _cut(found: Atoms, first: int, last: int) -> int:
    """Where to end a core that may hold atoms [first, last): after the last paragraph, line or sentence end in it, else at `last`."""
    floor = first + (last - first) // 3
    best, rank = last, 0
    for i in range(last, floor, -1):
        gap = found.gap[i]
        if gap == 4:
            return i
        if gap == 3 and rank < 2:
            best, rank = i, 2
        elif gap == 2 and rank < 1 and _SENTENCE_END.search(found.forms[i - 1]) and found.case[i] != 0:
            best, rank = i, 1
    return best


def topics(found: Atoms, split: Pieces) -> list[int]:
    """The atoms at which begins what stands below a text and is about something else: next to no words in common with the text before it,
    to which nothing behind it comes back. What somebody is quoted with begins nothing.

    After TextTiling (Hearst 1997, https://aclanthology.org/J97-1003), which looks for where the words of a text become others. Words are
    compared by their first letters; words that are common in any text do not count.
    """
    starts = np.flatnonzero(found.gap == 4).tolist()
    first, ids = split.first.tolist(), split.ids.tolist()
    out: list[int] = []
    text: set[str] = set()
    below: set[str] = set()
    for start, end in pairwise((0, *starts, len(found))):
        forms = found.forms[start:end]
        own = {
            form[:_STEM].lower()
            for i, form in enumerate(forms, start)
            if len(form) >= _SHORTEST and form.isalpha() and (ids[first[i]] >= COMMON or first[i + 1] - first[i] > 1)
        }
        most = SHARED * len(own)
        if len(own & text) > most:
            text |= own | below
            out, below = [], set()
            continue
        opens = len(own) >= TELLING and len(text) >= READ and len(own & below) <= most and QUOTES.isdisjoint(forms)
        out += [start] if opens else []
        if out:
            below |= own
        else:
            text |= own
    return out


def windows(found: Atoms, split: Pieces, size: int = WINDOW, context: int = CONTEXT) -> Iterator[Window]:
    """Cut atoms into windows of at most `size` pieces (two special ones included), in order; cores tile the text."""
    for start, end in pairwise((0, *topics(found, split), len(found))):
        yield from _windows(found, split.first, start, end, size, context)


def _windows(found: Atoms, first: Ints, begin: int, n: int, size: int, context: int) -> Iterator[Window]:
    """The windows of the atoms [begin, n), which have nothing to do with those around them."""
    at = begin
    while at < n:
        left = max(begin, int(np.searchsorted(first, first[at] - context, "left")))
        room = size - 2 - int(first[at] - first[left])
        if first[n] - first[at] <= room:
            yield Window(left, n, at, n)
            return
        fit = int(np.searchsorted(first, first[at] + room - context, "right")) - 1
        core = _cut(found, at, max(at + 1, fit))
        right = min(n, int(np.searchsorted(first, min(first[core] + context, first[left] + size - 2), "right")) - 1)
        yield Window(left, max(core, right), at, core)
        at = core


def empty_feed(rows: int, width: int, depth: int) -> dict[str, Ints]:
    """The encoder's inputs for `rows` windows of `width` pieces and `depth` atoms, all padding."""
    feed = {name: np.zeros((rows, width), np.int64) for name in ("ids", "case", "gap", "mask")}
    feed["first"] = np.zeros((rows, depth), np.int64)
    return feed


def fill(feed: dict[str, Ints], row: int, found: Atoms, split: Pieces, first: int, last: int) -> None:
    """Write atoms [first, last) into one row of a feed, between the special pieces."""
    low, high = int(split.first[first]), int(split.first[last])
    n = high - low
    feed["ids"][row, 0], feed["ids"][row, n + 1] = CLS, SEP
    feed["ids"][row, 1 : n + 1] = split.ids[low:high]
    feed["mask"][row, : n + 2] = 1
    begins = split.first[first:last] - low + 1
    feed["first"][row, : last - first] = begins
    feed["case"][row, 1 : n + 1] = np.repeat(found.case[first:last], np.diff(split.first[first : last + 1]))
    feed["case"][row, 0] = feed["case"][row, n + 1] = 4
    feed["gap"][row, begins] = found.gap[first:last]
    feed["gap"][row, 1] = 5
