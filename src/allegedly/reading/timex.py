"""Time expressions in the words of a sentence: nothing here looks at a tree, and what they come to is worked out in `dates`.

An expression is found by the patterns of `when.toml` and resolved later, when it is known from which day and in which direction to
count. The kinds of expressions follow TimeML's TIMEX3 (Pustejovsky et al. 2003).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from allegedly.errors import LexiconError
from allegedly.language import words
from allegedly.reading.dates import FINENESS, FRAMES, RULES, UNITS, UNKNOWN, Frame, Interval, between, unit_of
from allegedly.records import TimePrecision, Token

REACH = 90  # characters that one expression can be long
NEAR = 8  # tokens from the beginning of an expression to the word that shows it to be one

Resolve = Callable[[Frame], Interval]


@dataclass(frozen=True, slots=True)
class Expression:
    """Characters [start, end) that name a time. `dated`: holds its year; `anchored`: counts from another expression; `frame`: what kind of
    preposition opens or closes it, and `core` the expression without that.
    """

    start: int
    end: int
    rule: str
    precision: TimePrecision
    resolve: Resolve
    dated: bool = False
    anchored: bool = False
    frame: str = ""
    core: "Expression | None" = None


# --- patterns ----------------------------------------------------------------------------------------------------

_FIGURES = {
    "day": r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)",
    "suffixed_day": r"(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)",
    "year": r"[12]\d{3}(?!\d)",
    "short_year": r"(?:[12]\d{3}|\d\d)(?!\d)",
    "short_decade": "[1-9]0",
    "decade_figure": r"[12]\d\d0",
    "century_figure": r"\d{1,2}",
    "quarter_figure": "[1-4]",
}
KEYS = frozenset({"month", "weekday", "season", "unit", "period", "plurals", "tens", "relative_day", "fixed"})
_FIGURES["last_day"] = _FIGURES["day"]
_FIGURES |= dict.fromkeys(("month_figure", "day_figure", "first_figure", "second_figure"), r"\d{1,2}")
_BLANK = r"(?:[ \t\r\n\xa0\u2009\u202f]{1,3})"


class _Pattern:
    """A way to write one kind of expression, in small letters; compiled when first needed.

    `needs` are the kinds of words that it cannot do without.
    """

    def __init__(self, rule: str, source: str, vocabularies: Mapping[str, str]) -> None:
        self.rule = rule
        self.source = source
        self.vocabularies = vocabularies
        core = source
        while (shorter := re.sub(r"\(\?[:=!][^()]*\)\??", "", core)) != core:
            core = shorter
        self.needs = frozenset(re.findall(r"\{([a-z_]+)\}", core)) & KEYS

    @cached_property
    def regex(self) -> re.Pattern[str]:
        filled = re.sub(r"\{([a-z_]+)\}", lambda m: f"(?P<{m[1]}>{self.vocabularies[m[1]]})", self.source.replace(" ", _BLANK))
        return re.compile(rf"(?:{filled})(?!\w|%|[.,:]?\d)")


class _Lexicon:
    """The patterns of a language with their rules, and the words that tell where it is worth to try them."""

    def __init__(self) -> None:
        lists = words("when")
        self.capitalised = frozenset(lists["capitalised"])
        self.values = _vocabularies(lists)
        self.kinds: dict[str, set[str]] = {w: set() for w in lists["triggers"]}
        for name in KEYS:
            for phrase in self.values[name]:
                self.kinds.setdefault(_word(phrase, -1), set()).add(name)
        self.openers = {_word(w, 0) for vocabulary in self.values.values() for w in vocabulary} | {*lists["openers"]}
        self.openers |= {_word(w, 0) for w in lists["edges"]}
        self.edge = re.compile(f"(?:{_alternatives(lists['edges'])})(?:{_BLANK}|-)")
        sources = {name: _alternatives(vocabulary) for name, vocabulary in self.values.items()}
        sources["month"] = rf"{_alternatives(e.split()[0] for e in lists['months'])}|(?:{sources['month']})\.?"
        sources["short_weekday"] = rf"(?:{sources['short_weekday']})\.?"
        sources["number"] = rf"\d{{1,3}}|{sources['number']}"
        sources |= _FIGURES
        self.patterns = [_Pattern(rule, source, sources) for rule in _rule_names(lists) for source in lists[f"patterns.{rule}"]]
        self.joints = {key[7:]: frozenset(lists[key]) for key in lists if key.startswith("joints.")}
        self.frames = {w: key[7:] for key in lists if key.startswith("frames.") for w in lists[key]}

    @lru_cache(maxsize=1 << 10)  # noqa: B019 -- there is one lexicon
    def patterns_with(self, kinds: frozenset[str]) -> list[_Pattern]:
        """The patterns that words of these kinds are enough for."""
        return [pattern for pattern in self.patterns if pattern.needs <= kinds]

    def read(self, found: re.Match[str], text: str) -> dict[str, int] | None:
        """The numbers that a pattern's words and figures stand for; None where one of them is no name in `text`, for want of a capital."""
        values = {}
        for name, said in found.groupdict().items():
            if said is None or name == "mark":
                continue
            form = re.sub(_BLANK, " ", said).rstrip(".")
            if form in self.capitalised and not text[found.start(name)].isupper():
                return None
            figure = re.match(r"\d+", form)
            values[name] = int(figure[0]) if figure else self.values[name].get(form, 0)
        if "mark" in found.groupdict():
            values["dotted"] = int(found["mark"] == ".")
        return values


def _vocabularies(lists: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, int]]:
    """For each placeholder its words, and the number that each stands for."""

    def numbered(name: str) -> dict[str, int]:
        return {form: n for n, entry in enumerate(lists[name], 1) for form in entry.split()}

    def keyed(table: str) -> dict[str, int]:
        signs = {"before": -1, "now": 0, "same": 0, "after": 1}
        tables = {key.partition(".")[2]: lists[key] for key in lists if key.startswith(f"{table}.")}
        return {w: signs[key] if key in signs else int(key.replace("/", "")) for key, forms in tables.items() for w in forms}

    numbers = numbered("numbers")
    for tens, name in enumerate(lists["round_numbers"], 1):
        numbers |= {name: tens * 10} | {
            f"{name}-{form}": tens * 10 + n for form, n in numbered("numbers").items() if n < 10 <= tens * 10 - 10
        }
    ordinals = {w: n for n, w in enumerate(lists["ordinals"], 1)}
    units = numbered("units")
    return {
        "month": numbered("months"),
        "weekday": numbered("weekdays"),
        "short_weekday": numbered("short_weekdays"),
        "season": numbered("seasons"),
        "number": numbers,
        "ordinal": ordinals,
        "ordinal_day": ordinals,
        "tens": numbered("tens"),
        "unit": units,
        "period": {entry.split()[0]: n for n, entry in enumerate(lists["units"], 1) if n > 2},
        "plurals": numbered("plurals"),
        "part": numbered("part"),
        "which": keyed("which"),
        "direction": keyed("direction"),
        "relative_day": keyed("day"),
        "fixed": keyed("fixed"),
    }


def _word(phrase: str, place: int) -> str:
    return re.split("[ '’]", phrase)[place]


def _alternatives(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form).replace(r"\ ", _BLANK) for form in sorted(forms, key=lambda f: (-len(f), f)))


def _rule_names(lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    names = [key[9:] for key in lists if key.startswith("patterns.")]
    if set(names) != RULES.keys():
        odd = sorted(set(names) ^ RULES.keys())[0]
        raise LexiconError(f"when.toml: patterns: {odd!r} is not both a pattern and a rule of reading/dates.py. Rules: {', '.join(RULES)}.")
    return names


@lru_cache(maxsize=1)
def lexicon() -> _Lexicon:
    """The language's patterns and words."""
    return _Lexicon()


# --- finding -----------------------------------------------------------------------------------------------------

_DATE_LIKE = re.compile(r"['’]?\d.*(?:\d\d|s|am|pm|st|nd|rd|th)$|q[1-4]$|year[’'-]")
_IN_WORD = re.compile(r"[\w$€£¥#]$|\w[-.,/–]$")
_JOINT = re.compile("[-'’]")


def expressions(text: str, tokens: Sequence[Token]) -> list[Expression]:
    """The time expressions among the words of a sentence, in text order, without overlap: the longest from each beginning.

    Neighbours that make one expression together are put together, and a preposition that opens or closes an interval belongs to it.
    """
    return [_framed(e, text, tokens[0].start) for e in _joined(_simple(text, tokens), text)]


def _simple(text: str, tokens: Sequence[Token]) -> Iterator[Expression]:
    known = lexicon()
    forms = [t.form.lower().rstrip(".") for t in tokens]
    near: dict[int, set[str]] = {}  # for words with a date not far behind, the kinds of words that are there
    for i, form in enumerate(forms):
        kinds = known.kinds.get(form)
        if kinds is not None or _DATE_LIKE.match(form):
            for j in range(max(i - NEAR, 0), i + 1):
                near.setdefault(j, set()).update(kinds or ())
    at = -1
    for i in sorted(near):
        start = tokens[i].start
        opens = forms[i][:1] in "'’0123456789q" or _JOINT.split(forms[i], maxsplit=1)[0] in known.openers
        if start < at or not opens or not _is_free(text, start):
            continue
        found = _longest(text, start, min(tokens[-1].end, start + REACH), near[i])
        if found:
            at = found.end
            yield found


def _is_free(text: str, start: int) -> bool:
    """Whether a word begins at `start`: no sum of money and not the rest of a longer word or figure."""
    return not _IN_WORD.search(text[max(start - 2, 0) : start])


def _longest(text: str, start: int, end: int, kinds: set[str]) -> Expression | None:
    """The longest expression that begins at `start`, with what narrows it ("early", "the end of")."""
    known, best = lexicon(), (0, "", dict[str, int]())
    stretch = text[start:end]
    small = "".join(c if len(c) == 1 else " " for c in map(str.lower, stretch)) if len(stretch.lower()) != len(stretch) else stretch.lower()
    edge = known.edge.match(small)
    for pattern in known.patterns_with(frozenset(kinds)):
        for at in (edge.end(), 0) if edge else (0,):
            found = pattern.regex.match(small, at)
            if found and found.end() > best[0] and (values := known.read(found, stretch)) is not None:
                best = found.end(), pattern.rule, values
    length, rule, values = best
    if not length:
        return None
    kind, unit = RULES[rule], unit_of(values)
    precision = (
        next((u for u in UNITS if u == unit), kind.precision) if rule in ("relative-unit", "ago", "later", "hence") else kind.precision
    )
    dated = any(name in values for name in ("year", "decade_figure", "century_figure"))
    return Expression(start, start + length, rule, precision, partial(kind.resolve, values), dated, kind.anchored)


# --- several together --------------------------------------------------------------------------------------------


def _joined(found: Iterable[Expression], text: str) -> list[Expression]:
    """Neighbours made one where they are: a period and what lies in it, or the two ends of a stretch."""
    out: list[Expression] = []
    for expression in found:
        both = _together(out[-1], expression, text) if out else None
        if both:
            out[-1] = both
        else:
            out.append(expression)
    return out


def _together(a: Expression, b: Expression, text: str) -> Expression | None:
    if b.start - a.end > 16:
        return None
    hours = [e for e in (a, b) if e.rule == "clock"]
    if len(hours) == 1 and not a.rule.endswith("-hour") and "day" in (a.precision, b.precision):
        gap = " ".join(text[a.end : b.start].lower().split())
        day = a if hours == [b] else b
        return replace(day, start=a.start, end=b.end, rule=f"{day.rule}-hour") if not gap or gap in lexicon().joints["hour"] else None
    if "unknown" in (a.precision, b.precision) or a.frame or a.anchored or b.anchored:
        return None
    gap = " ".join(text[a.end : b.start].lower().split())
    joints = lexicon().joints
    opened, opener = next(iter(reversed(_words_before(text, a.start))), (a.start, ""))
    same = a.rule == b.rule and a.rule in ("weekday", "month-day", "month", "season", "year", "decade")
    pair = gap in joints["pair"] and (same or opener in joints["between"])
    if gap in joints["range"] or pair:
        start = opened if opener in joints["from"] or opener in joints["between"] else a.start
        return Expression(start, b.end, "range", "range", partial(_stretch, a, b), a.dated or b.dated, frame="range")
    if (not gap or gap in joints["within"]) and _lies_in(a, b):
        return replace(a, end=b.end, resolve=partial(_inside, a, b), dated=b.dated)
    if gap in joints["holding"] and _lies_in(b, a):
        return replace(b, start=a.start, resolve=partial(_inside, b, a), dated=a.dated)
    return None


def _words_before(text: str, end: int, low: int = 0) -> list[tuple[int, str]]:
    """The last words before a place, small, each with where it begins; at most three."""
    low = max(low, end - 30)
    return [(low + m.start(), m[0].lower()) for m in re.finditer(r"\S+", text[low:end])][-3:]


def _lies_in(small: Expression, large: Expression) -> bool:
    """Whether one names a part of the other: a day of the week of a week, a day or month of a year."""
    if small.dated or FINENESS.index(small.precision) >= FINENESS.index(large.precision):
        return False
    if small.rule == "weekday":
        return large.precision == "week"
    return small.rule in ("month-day", "day-number", "days-of-month", "month", "season", "quarter", "fixed-day") and large.rule in (
        "year",
        "relative-unit",
    )


def _inside(small: Expression, large: Expression, frame: Frame) -> Interval:
    """The small one within the large one: "May of last year"."""
    whole = large.resolve(frame)
    if whole.start is None or whole.end is None:
        return UNKNOWN
    part = small.resolve(Frame(whole.end, -1))
    return part if part.start and part.start >= whole.start else UNKNOWN


def _stretch(a: Expression, b: Expression, frame: Frame) -> Interval:
    """From one to the other: the one that holds its year, or the one nearer to the day of writing, decides for the other."""
    if a.dated or (frame.direction > 0 and not b.dated):
        first = a.resolve(frame)
        last = b.resolve(frame if b.dated or first.end is None else Frame(first.end, 1))
    else:
        last = b.resolve(frame)
        first = a.resolve(frame if last.start is None else Frame(last.start, -1))
    return between(first.start, last.end, "range")


def _framed(expression: Expression, text: str, low: int) -> Expression:
    """With the preposition before it that opens or closes the interval: "since 2021", "until Thursday"."""
    if expression.frame or expression.rule in ("past-span", "coming-span", "clock", "vague", "around-event"):
        return expression
    before = _words_before(text, expression.start, low)
    for i, (start, _) in enumerate(before):
        frame = lexicon().frames.get(" ".join(word for _, word in before[i:]))
        if frame and not (frame in ("before", "after") and expression.rule.endswith("-hour")):
            if frame == "from" and expression.precision == "range":
                return replace(expression, start=start)
            return replace(expression, start=start, frame=frame, resolve=partial(_opened, expression, frame), core=expression)
    return expression


def _opened(expression: Expression, frame: str, counted: Frame) -> Interval:
    """What an expression comes to behind its preposition; what has been so "since" then lies in the past."""
    return FRAMES[frame](expression.resolve(replace(counted, direction=-1) if frame == "since" else counted), counted)
