"""Numbers in a text, from its characters alone: "1,200", "two dozen", "tens of thousands", "between 20 and 30", "2.5 billion".

Misses Roman numerals, ordinals, sums and numbers that lines break apart.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from allegedly.language import words

LEXEME = re.compile(
    r"[^\W\d_]+(?:\.[^\W\d_]\.?)*(?:['’][^\W\d_]+)?"  # words
    r"|\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d,.]*\d)|\d+(?:\.\d+)?"  # 1,200 or 60 000 or 2.3
    r"|\S"  # signs
)
LONGEST_HEDGE = 4
GLUE = frozenset({"", " ", "\u00a0", "-", "\u2011"})
"""What may stand between the words of one number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the lexemes [first, last) say, hedges included: exactly `value`, or from `low` to `high`.

    `core` is where it begins after its hedge; `share` is true for a part of a whole, in hundredths.
    """

    first: int
    last: int
    core: int
    value: float | None
    low: float | None = None
    high: float | None = None
    share: bool = False


@lru_cache(maxsize=1)
def lookup() -> Mapping[str, Mapping[str, str]]:
    """The tables of quantities.toml turned round: from a word to its value, unit or kind, the first that has it."""
    out: dict[str, dict[str, str]] = {}
    for key, entries in words("quantities").items():
        table, _, name = key.partition(".")
        for entry in entries:
            out.setdefault(table, {}).setdefault(entry, name)
    return out


@lru_cache(maxsize=1)
def nobody() -> tuple[frozenset[str], Mapping[int, frozenset[str]]]:
    """The phrases that say that there is none, by their number of lexemes; before these, the words with which they begin."""
    phrases: dict[int, set[str]] = {}
    for phrase in words("quantities")["none.words"]:
        phrases.setdefault(len(LEXEME.findall(phrase)), set()).add(phrase)
    first = frozenset(phrase.split()[0].partition("-")[0] for some in phrases.values() for phrase in some)
    return first, {size: frozenset(some) for size, some in phrases.items()}


@lru_cache(maxsize=1)
def openings() -> frozenset[str]:
    """Words with which a number in words, or a range, can begin."""
    tables = lookup()
    others = ("a", "an", "half", "several", "many", "between", "from")
    return frozenset((*tables["ones"], *tables["indefinite"], *nobody()[0], *words("quantities")["none.determiner"], *others))


class Numbers:
    """The numbers of one text. Time and memory are linear in its length.

    `forms` are its lexemes (words, numbers and signs), lower-cased; each is the characters from one of `starts` to one of `ends`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        spans = [m.span() for m in LEXEME.finditer(text)]
        self.forms = [text[start:end].lower() for start, end in spans]
        self.starts, self.ends = [start for start, _ in spans], [end for _, end in spans]
        self.tables = lookup()
        self.number: Callable[[int], Number | None] = cache(self._number)

    def find(self) -> list[Number]:
        """Every number of the text, with its hedge, in text order."""
        out, last, opening = list[Number](), 0, openings()
        for i in [i for i, form in enumerate(self.forms) if form in opening or form[0].isdecimal()]:
            number = (self._none(i) or self._range(i) or self.number(i)) if i >= last else None
            if number is not None:
                out.append(self._hedged(number))
                last = max(i + 1, number.last)
        return out

    def form(self, i: int) -> str:
        """The lower-cased lexeme; empty beyond the text."""
        return self.forms[i] if 0 <= i < len(self.forms) else ""

    def gap(self, i: int) -> str:
        """What stands between a lexeme and the next."""
        if not 0 <= i < len(self.forms) - 1:
            return "\n"
        return self.text[self.ends[i] : self.starts[i + 1]]

    def phrase(self, first: int, last: int) -> str:
        """The lexemes [first, last) as they stand, lower-cased, white space made one space; empty beyond the text."""
        if first < 0 or last > len(self.forms) or first >= last:
            return ""
        start, end = self.starts[first], self.ends[last - 1]
        return " ".join(self.text[start : min(end, start + 200)].lower().split())

    # --- one number ----------------------------------------------------------------------------------------------

    def _none(self, i: int) -> Number | None:
        """Nobody: "no one", "none of the troops", "not a single soldier", "no soldier"."""
        first, listed = nobody()
        for size, phrases in listed.items() if self.form(i) in first else ():
            if self.phrase(i, i + size) in phrases:
                return Number(i, i + size, i, 0.0)
        if self.form(i) not in words("quantities")["none.determiner"]:
            return None
        hedge = any(self.phrase(i, i + size) in self.tables["hedge"] for size in range(2, LONGEST_HEDGE + 1))  # "no fewer than"
        return None if hedge else Number(i, i + 1, i, 0.0)

    def _range(self, i: int) -> Number | None:
        """Two numbers that bound a third: "between 20 and 30", "20 to 30", "20-30", "two or three"."""
        opened = self.form(i) in ("between", "from")
        first = self.number(i + opened)
        if first is None or first.value is None or first.share:
            return None
        joint = self.form(first.last)
        if joint not in (("and",) if self.form(i) == "between" else ("to", "or", "-", "–", "—")) or (joint == "or" and first.value > 20):
            return None
        second = self.number(first.last + 1)
        if second is None or second.value is None or second.share:
            return None
        low, scale = first.value, self._scale(second)
        if scale > 1 and self._scale(first) == 1 and low < second.value / scale:  # "2 to 3 million"
            low *= scale
        return Number(i, second.last, i, None, low, second.value) if second.value > low else None

    def _scale(self, number: Number) -> float:
        return float(self.tables["scale"].get(self.form(number.last - 1), 1))

    def _number(self, i: int) -> Number | None:
        """One number at a lexeme, in digits or words."""
        if self.form(i)[:1].isdecimal():
            return self._digits(i)
        return self._part(i) or self._indefinite(i) or self._worded(i)

    def _digits(self, i: int) -> Number | None:
        digits = re.sub(r"[^\d.]", "", self.form(i))
        if len(digits) > 30:
            return None
        value, last, after = float(digits), i + 1, self.form(i + 1)
        if self.gap(i) == "" and after in self.tables["suffix"]:
            value, last = value * float(self.tables["suffix"][after]), last + 1
        elif self.gap(i) in GLUE and float(self.tables["scale"].get(after, 0)) >= 12:
            value, last = value * float(self.tables["scale"][after]), last + 1
        elif self.gap(i) == "" and after[:1].isalpha():  # "4th", "3D"
            return None
        return Number(i, last, i, round(value, 6))

    def _worded(self, i: int) -> Number | None:
        """A number in words: "eleven", "two hundred and fifty", "a dozen", "half a million"."""
        ones, scales = self.tables["ones"], self.tables["scale"]
        total, current, at, seen = 0.0, 0.0, i, False
        if self.form(i) in ("a", "an") and self.form(i + 1) in scales:
            current, at = 1.0, i + 1
        elif self.form(i) == "half" and self.form(i + 1) in ("a", "an") and self.form(i + 2) in scales:
            current, at = 0.5, i + 2
        while not seen or self.gap(at - 1) in GLUE:
            form = self.form(at)
            if form in ones:
                current, seen = current + float(ones[form]), True
            elif form in scales and current:
                scale, seen = float(scales[form]), True
                total, current = (total + current * scale, 0.0) if scale >= 1000 else (total, current * scale)
            elif not (seen and self._joins(at, current + total) and self.form(at + 1) in ones):
                break
            at += 1
        return Number(i, at, i, total + current) if seen else None

    def _joins(self, at: int, so_far: float) -> bool:
        """Whether a lexeme joins two parts of a number: "twenty-one", "two hundred and fifty"."""
        return self.form(at) in ("-", "‑") or (self.form(at) == "and" and so_far >= 100)

    def _indefinite(self, i: int) -> Number | None:
        """Numbers that only say how many at least: "dozens", "tens of thousands", "several hundred"."""
        least, scales = self.tables["indefinite"], self.tables["scale"]
        if self.form(i) in ("several", "many") and float(scales.get(self.form(i + 1), 0)) >= 12:
            return Number(i, i + 2, i, None, 2 * float(scales[self.form(i + 1)]))
        if self.form(i) not in least:
            return None
        low, last = float(least[self.form(i)]), i + 1
        while self.form(last) == "of" and self.form(last + 1) in least and last < i + 6:
            low, last = low * float(least[self.form(last + 1)]) / 2, last + 2
        return Number(i, last, i, None, low)

    def _part(self, i: int) -> Number | None:
        """A part of a whole: "three quarters of", "a third of", "half of", "nine out of ten"."""
        ones, parts = self.tables["ones"], self.tables["part"]
        count, at = float(ones.get(self.form(i), 1)), i
        if self.form(i) in ones:
            between = 1 if self.form(i + 1) == "in" else 2 if self.phrase(i + 1, i + 3) == "out of" else 0
            whole = float(ones.get(self.form(i + 1 + between), 0)) if between else 0.0
            if whole > count > 0:
                return Number(i, i + 2 + between, i, round(100 * count / whole, 2), share=True)
        if self.form(i) == "a" or self.form(i) in ones:
            at = i + 1 + (self.form(i + 1) in ("-", "‑"))
        if self.form(at) not in parts or (at == i and self.form(i) != "half") or self.form(at + 1) not in ("of", "the"):
            return None
        return Number(i, at + 1, i, round(count * float(parts[self.form(at)]), 2), share=True)

    # --- hedges -----------------------------------------------------------------------------------------------------

    def _hedged(self, number: Number) -> Number:
        """The number with what bounds it before ("at least", "up to") and after it ("or more")."""
        hedges, currencies = self.tables["hedge"], self.tables["currency"]
        signed = self.form(number.first - 1) in currencies and self.gap(number.first - 1) in GLUE  # "more than $2 million"
        first = number.first - signed
        for size in range(LONGEST_HEDGE, 0, -1):
            bound = hedges.get(self.phrase(first - size, first), "")
            if bound and not bound.startswith("after"):
                number = replace(self._bound(number, bound), first=first - size)
                break
        for size in (2, 1):
            bound = hedges.get(self.phrase(number.last, number.last + size), "")
            if bound.startswith("after"):
                return replace(self._bound(number, bound.removeprefix("after_")), last=number.last + size)
        return number

    @staticmethod
    def _bound(number: Number, bound: str) -> Number:
        if bound == "about" or number.value is None:
            return number
        low, high = (number.value, None) if bound == "low" else (None, number.value)
        return replace(number, value=None, low=low, high=high)
