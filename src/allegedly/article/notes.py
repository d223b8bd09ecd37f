"""What a text says of itself: notes (furniture, disclaimers, bylines, ...), dateline and language. Its words are in TOML."""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from allegedly.article.facts import day_of
from allegedly.records import Dateline, Note, NoteKind, Span

SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\b[A-Z]\.)[\"'”’)\]]*(\s+)(?=[\"'“‘(\[]*[A-Z©@])")
OUTER = " \t\r\n\f\v\u00a0\u2028\u2029\"'“”‘’()[]{}<>«»*•·|▸►→–—-"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `furniture.toml`, whose head explains the fields."""

    id: str
    kind: NoteKind
    patterns: tuple[re.Pattern[str], ...]
    whole: bool
    at: str
    sentences: bool
    longest: int

    def matches(self, words: str) -> bool:
        """Whether a line or sentence, trimmed, is what this rule describes."""
        if self.whole:
            return self.patterns[0].fullmatch(words) is not None
        return all(pattern.search(words) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The whole of `furniture.toml`."""

    rules: tuple[Rule, ...]
    head: int
    tail: int
    not_authors: frozenset[str]
    not_places: frozenset[str]


def read_toml(name: str) -> dict[str, Any]:
    """A file of the package's data."""
    return tomllib.loads((files("allegedly") / "data" / name).read_text(encoding="utf-8"))


@cache
def furniture() -> Furniture:
    """The rules and lists, read once."""
    data = read_toml("en/furniture.toml")
    rules = tuple(
        Rule(
            id=row["id"],
            kind=row["kind"],
            patterns=tuple(re.compile(p, 0 if row.get("case") else re.IGNORECASE) for p in row.get("all", [row.get("pattern")])),
            whole="pattern" in row,
            at=row.get("at", ""),
            sentences=row.get("scope") == "sentence",
            longest=row.get("longest", data["longest"]),
        )
        for row in data["rule"]
    )
    return Furniture(rules, data["head"], data["tail"], frozenset(data["not_authors"]), frozenset(data["not_places"]))


def find_notes(text: str) -> tuple[Note, ...]:
    """Site furniture, disclaimers, corrections, captions and bylines: whole lines, or whole sentences of a line, that a rule knows.

    Misses what furniture has in no fixed words: teasers of other articles, captions without a credit, names on a line of their own.
    """
    known = furniture()
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\r\n]*[^\s][^\r\n]*", text)]
    notes: list[Note] = []
    for number, (start, end) in enumerate(lines):
        places = {"", "head" if number < known.head else "", "tail" if number >= len(lines) - known.tail else ""}
        start, end = trim(text, start, end)
        note = _note(text, start, end, places, sentences=False)
        if note:
            notes.append(note)
            continue
        cuts = [m.span(1) for m in SENTENCE_END.finditer(text, start, end)]
        for left, right in zip((start, *(c[1] for c in cuts)), (*(c[0] for c in cuts), end), strict=True) if cuts else ():
            note = _note(text, left, right, places, sentences=True)
            if note:
                notes.append(note)
    return tuple(notes)


def trim(text: str, start: int, end: int) -> Span:
    """The stretch without the white space around it."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _note(text: str, start: int, end: int, places: set[str], *, sentences: bool) -> Note | None:
    if end - start > 1000:
        return None
    words = text[start:end].strip(OUTER).rstrip(".:;,!…" + OUTER).replace("’", "'")
    words = words + ")" if "(" in words and ")" not in words[words.rfind("(") :] else words
    for rule in furniture().rules:
        if len(words) <= rule.longest and rule.at in places and (rule.sentences or not sentences) and rule.matches(words):
            return Note(rule.kind, start, end, rule.id)
    return None


# --- dateline ---------------------------------------------------------------------------------------------------------

_MONTH = r"(?:(?:Jan|Febr?)(?:uary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|(?:Sept?|Nov|Dec)(?:ember)?|Oct(?:ober)?)\.?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’]+(?:[ -](?:[A-ZÀ-Þ][A-ZÀ-Þ.'’]*|al|de|del|el|la)){0,2}"
_NAME = r"[A-ZÀ-Þ][\w.'’-]+(?: (?:[A-ZÀ-Þ][\w.'’-]*|al|de|del|el|la)){0,3}"
_DATE = rf"(?:,? (?P<date>\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:,? \d{{4}})?|{_WEEKDAY}))?"
_REGION = rf"(?:, (?!{_MONTH} \d|{_WEEKDAY}\b){_NAME})?"
_AGENCY = r"(?:,? ?\((?P<agency>[A-Z][^()]{1,40})\))?"
DATELINE = re.compile(
    rf"(?:(?P<place>{_CAPITALS})|(?P<name>{_NAME})){_REGION}{_DATE}{_AGENCY}(?P<mark> ?[—–]| --| ?--(?= )|:(?= )| -(?= ))[^\S\r\n]*(?=\S)"
)


def find_dateline(text: str, notes: tuple[Note, ...], published: str | None) -> tuple[Dateline | None, Span | None]:
    """The place and date at the start of a news text, "OSK, 3 May (Agency) —", and its span.

    Looks at the first three lines that are no notes. A place not in capitals needs an agency or a date beside it; capitals with a colon
    are taken for a speaker when any other line starts in the same way. A date without a year takes it from the date of publication,
    and a weekday is the last such day before it; without one neither is given. The place is kept as it is written.
    """
    skipped = {note.start for note in notes}
    lines = [m.start() for m in re.finditer(r"[^\s][^\r\n]*", text[:3000])]
    for start in [line for line in lines if line not in skipped][:3]:
        found = DATELINE.match(text, start)
        if not found:
            continue
        place = found["place"] or found["name"]
        bare = not (found["agency"] or found["date"])
        if found["name"] and (bare or found["mark"] == ":"):
            continue
        if place.rstrip(".") in furniture().not_places or len(place) < (4 if bare else 3):
            continue
        if bare and found["mark"] == ":" and _is_heading_or_speaker(text, start):
            continue
        return Dateline(place, _dateline_day(found["date"], published)), (start, found.end())
    return None, None


def _is_heading_or_speaker(text: str, start: int) -> bool:
    """Whether capitals and a colon belong to a headline (a short line) or name who speaks (other lines start in the same way)."""
    short = re.match(r"[^\r\n]{120}", text[start : start + 120]) is None
    return short or len(re.findall(r"^[A-Z][A-Z.'’ -]{2,30}:", text, re.MULTILINE)) > 1


def _dateline_day(words: str | None, published: str | None) -> str | None:
    if not words:
        return None
    last = date.fromisoformat(published[:10]) if published and len(published) >= 10 else None
    if re.fullmatch(_WEEKDAY, words):
        days = [last - timedelta(days=n) for n in range(7)] if last and last.year > 1 else []
        return next((day.isoformat() for day in days if day.strftime("%A") == words), None)
    number, month, year = (re.search(pattern, words) for pattern in (r"\d{1,2}", "[A-Z][a-z]+", r"\d{4}"))
    if not number or not month:
        return None
    if year:
        return day_of(number[0], month[0], int(year[0]))
    if not last:
        return None
    day = day_of(number[0], month[0], last.year)
    late = day is not None and (date.fromisoformat(day) - last).days > 2
    return day_of(number[0], month[0], last.year - 1) if late else day


# --- language ---------------------------------------------------------------------------------------------------------


@cache
def _languages() -> tuple[dict[str, frozenset[str]], list[dict[str, Any]]]:
    data = read_toml("languages.toml")
    return {code: frozenset(words.split()) for code, words in data["words"].items()}, list(data["scripts"].values())


def guess_language(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None for one too short or too odd to tell.

    The script decides first, then marks that tell languages of one script apart (`languages.toml`), and for Latin letters the share of
    each language's function words among the words. Close relatives (Danish and Norwegian) are often mistaken for each other.
    """
    words, scripts = _languages()
    start = text[:5000]
    letters = Counter(c for c in start.lower() if c.isalpha() or unicodedata.category(c) in ("Mc", "Mn"))
    total = sum(letters.values())
    for script in scripts:
        bounds = list(zip(script["ranges"][::2], script["ranges"][1::2], strict=True))
        count = sum(n for c, n in letters.items() if any(low <= ord(c) <= high for low, high in bounds))
        if total >= 20 and count * (4 if script["code"] == "ja" else 2) > total:
            marks = script.get("marks", {})
            return next((code for code, own in marks.items() if own and sum(letters[c] for c in own) * 200 > total), str(script["code"]))
    tokens = re.findall(r"[^\W\d_]+", start.lower())
    if len(tokens) < 12:
        return None
    count, code = min((-sum(token in own for token in tokens), code) for code, own in words.items())
    return code if -count / len(tokens) >= 0.12 else None
