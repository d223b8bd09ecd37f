"""The genre of an article, with the words that show it: what it says of itself first (rules), else how it is written (signs).

The signs are those that genre studies of news name: who speaks in the first person, who is quoted and how often, what is called for, how
the text is laid out (Biber & Conrad, Register, Genre, and Style, 2009; Krüger et al. 2017 on news and opinion). All are in `genre.toml`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import median

from allegedly.article.facts import Facts, url_path
from allegedly.article.notes import read_toml, trim
from allegedly.records import Genre, GenreLabel, Note, Span, Spans

LONGEST = 6_000  # characters that are looked at: a genre shows at once
FEWEST_WORDS = 40  # below this, how a text is written tells nothing
ENOUGH = 1.0
UNMARKED = 0.5  # the score of prose that no sign speaks for
SHOWN = 5  # spans of evidence

_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*(?=\s|$)")
_QUOTED = re.compile(
    r"“[^”\n]*(?:”|$)|\"[^\"\n]*(?:\"|$)|«[^»\n]*»|(?<!\w)‘(?:[^’\n]|’(?=\w)){2,600}’(?!\w)|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){2,600}'(?!\w)",
    re.MULTILINE,
)
_TURN = re.compile(r"(?:[A-Z][\w.’'-]{0,20}(?: [A-Z][\w.’'-]{0,20}){0,3}\s?:|[QA]\.)(?=\s)")
_STAMP = re.compile(
    r"\[?(?P<hour>[012]?\d)(?:[:.h](?P<minute>[0-5]\d)| ?(?=[ap]\.?m\b)) ?(?P<half>[ap]\.?m\b\.?)?(?:\]| ?(?:GMT|UTC|BST|ET|CET)\b)?",
    re.IGNORECASE,
)
_AGE = re.compile(r"^(?:posted |updated )?(?:\d{1,2}|an?|one) ?(?:min(?:ute)?s?|hours?|hrs?|h|m) ago\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sign:
    """One `[[sign]]` of `genre.toml`, whose head explains the fields."""

    label: GenreLabel
    weight: float
    pattern: re.Pattern[str] | None
    words: tuple[str, ...]
    notes: tuple[str, ...]
    shape: str
    where: str
    enough: float
    rate: float


@cache
def _rules() -> tuple[tuple[Genre, str, re.Pattern[str]], ...]:
    rows = sorted(read_toml("en/genre.toml")["rule"], key=lambda row: -row["score"])
    return tuple((Genre(row["label"], row["score"]), row["where"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)


@cache
def _signs() -> tuple[Sign, ...]:
    return tuple(
        Sign(
            label=row["label"],
            weight=row["weight"],
            pattern=re.compile(row["pattern"], re.MULTILINE if row.get("case") else re.MULTILINE | re.IGNORECASE)
            if "pattern" in row
            else None,
            words=tuple(row.get("words", ())),
            notes=tuple(row.get("note", ())),
            shape=row.get("shape", ""),
            where=row.get("in", "own"),
            enough=row.get("enough", 1),
            rate=row.get("rate", 0.0),
        )
        for row in read_toml("en/genre.toml")["sign"]
    )


def find_genre(text: str, facts: Facts, notes: tuple[Note, ...], dateline: Span | None) -> Genre:
    """The genre that the article itself names, else the one that its writing shows, with the words that say so; "other", 0, without any.

    Misses genres outside of the six (reviews, speeches, analysis pass for opinion or report), and reports in the style of comment.
    """
    lines = [trim(text, *m.span()) for m in _LINE.finditer(text[:3000])][:3]
    spots: dict[str, list[tuple[str, Span | None]]] = {
        "title": [(facts.title or "", None)],
        "section": [(section.strip(), None) for section in facts.sections],
        "url": [(url_path(facts.url)[:500], None)],
        "type": [(kind, None) for kind in facts.kind.split()],
        "line": [(text[start : min(end, start + 300)], (start, end)) for start, end in lines],
        "note": [(note.rule, (note.start, note.end)) for note in notes],
        "dateline": [(text[slice(*dateline)], dateline)] if dateline else [],
    }
    for genre, where, pattern in _rules():
        for words, span in spots[where]:
            if words and (pattern.fullmatch(words) if where == "note" else pattern.search(words)):
                return replace(genre, evidence=(span,) if span else ())
    return _by_signs(_Written(text, facts.title or "", notes, dateline))


class _Written:
    """A text as the signs look at it: its lines that are no notes, and its own words, with quoted ones and speakers' turns blanked out."""

    def __init__(self, text: str, title: str, notes: tuple[Note, ...], dateline: Span | None) -> None:
        furniture = [(n.start, n.end) for n in notes if n.kind == "furniture"]
        blanked = text[:LONGEST]
        for start, end in furniture:
            blanked = blanked[:start] + " " * (min(end, len(blanked)) - start) + blanked[end:] if start < len(blanked) else blanked
        self.given, self.text, self.title = text[:LONGEST], blanked, title
        self.own = _QUOTED.sub(lambda m: " " * len(m[0]), blanked)
        self.lines = [trim(blanked, *m.span()) for m in _LINE.finditer(blanked)]
        if turns := _turns(self):  # from there on the words are the speakers'
            self.own = self.own[: turns[0][0]] + " " * (len(self.own) - turns[0][0])
        self.sentences = max(1, len(_SENTENCE.findall(blanked)))
        self.notes, self.dateline = notes, dateline
        self.count = len(re.findall(r"\w+", blanked))
        self.words: dict[str, list[Span]] = {}
        for m in re.finditer(r"\w+(?:['’-]\w+)*", self.own):
            self.words.setdefault(m[0].lower().replace("’", "'"), []).append(m.span())

    def found(self, sign: Sign) -> list[Span | None]:
        """Where a sign shows; what shows in the title has no span."""
        if sign.words:
            return [span for word in sign.words for span in self.words.get(word, ())]
        if sign.notes:
            return [(n.start, n.end) for n in self.notes if n.rule in sign.notes]
        if sign.pattern is None:
            return list(SHAPES[sign.shape](self))
        if sign.where == "title":
            return [None] if self.title and sign.pattern.search(self.title[:300]) else []
        if sign.where == "line":
            return [line for line in self.lines if line[1] - line[0] <= 200 and sign.pattern.search(self.text[slice(*line)])]
        return [m.span() for m in sign.pattern.finditer(self.text if sign.where == "text" else self.own)]


def _by_signs(written: _Written) -> Genre:
    """The label whose signs weigh most, its score by how far it is ahead of the next one."""
    if written.count < FEWEST_WORDS:
        return Genre("other", 0.0)
    total: dict[GenreLabel, float] = {"other": 0.0}
    seen: dict[GenreLabel, list[tuple[float, Span]]] = {}
    for sign in _signs():
        found = written.found(sign)
        share = min(1.0, len(found) / (sign.rate * written.sentences if sign.rate else sign.enough))
        total[sign.label] = total.get(sign.label, 0.0) + sign.weight * share
        if sign.weight > 0:
            seen.setdefault(sign.label, []).extend((-sign.weight * share, span) for span in found[:3] if span)
    (second, _), (best, label) = sorted((weight, label) for label, weight in total.items())[-2:]
    if best < ENOUGH:  # most of what news sites publish is reports
        return Genre("report", UNMARKED) if _is_prose(written) else Genre("other", 0.0)
    evidence: list[Span] = []
    for _, span in sorted(seen.get(label, ())):
        if len(evidence) < SHOWN and not any(s < span[1] and span[0] < e for s, e in evidence):
            evidence.append(span)
    return Genre(label, round(min(0.9, 0.5 + 0.2 * (best - max(second, 0.0))), 4), tuple(sorted(evidence)))


# --- the layout: one shape each -------------------------------------------------------------------------------------------


def _turns(written: _Written) -> Spans:
    """Lines that begin with who speaks, "Q:" or "Courier:", where at least two speakers take turns and something is asked."""
    found = [(line, m) for line in written.lines if (m := _TURN.match(written.text, *line))]
    speakers = Counter(m[0].rstrip(":. ") for _, m in found)
    often = {who for who, count in speakers.items() if count >= 2 or len(found) >= 4}
    turns = [m.span() for _, m in found if m[0].rstrip(":. ") in often]
    asked = any(written.text[end - 1] == "?" for (_, end), _ in found)
    return tuple(turns) if len(speakers) >= 2 and asked else ()


def _questions(written: _Written) -> Spans:
    """Whole lines that ask, each followed by one that answers, three or more of them."""
    found = tuple(
        (start, end)
        for (start, end), (following, last) in pairwise(written.lines)
        if written.text[end - 1] == "?" and written.text[last - 1] != "?" and end - start <= 250 and last - following > 3
    )
    return found if len(found) >= 3 else ()


def _stamps(written: _Written) -> Spans:
    """Entries headed by a time of day, newest first, or in any order where the words after them are sentences and not a programme."""
    found = [(line, m) for line in written.lines if (m := _STAMP.match(written.text, line[0], line[1]))]
    if len(found) < 3:
        return ()
    minutes = [_minutes(m) for _, m in found]
    falling = sum(a > b for a, b in pairwise(minutes))
    entries = [
        written.text[m.end() : nxt[0]]
        for (_, m), nxt in zip(found, [line for line, _ in found[1:]] + [(len(written.text), 0)], strict=True)
    ]
    told = median(len(entry.split()) for entry in entries)
    if falling * 2 >= len(found) - 1 or told >= 12:
        return tuple(m.span() for _, m in found)
    return ()


def _ages(written: _Written) -> Spans:
    """Lines that only say how long ago an entry was written: "20 minutes ago". They are furniture, and so no longer in the text."""
    return tuple(m.span() for m in _AGE.finditer(written.given))


def _is_prose(written: _Written) -> bool:
    """Whether a text's lines are mostly sentences, with a stop at their ends."""
    told = [line for line in written.lines if line[1] - line[0] >= 75 and written.text[line[1] - 1] in ".?!”\"’'"]
    return len(told) * 2 >= len(written.lines) > 0


def _minutes(m: re.Match[str]) -> int:
    hour = int(m["hour"]) % 12 + 12 * (m["half"][0] in "pP") if m["half"] else int(m["hour"])
    return hour * 60 + int(m["minute"] or 0)


def _numbered(written: _Written) -> Spans:
    """Paragraphs with numbers, as communiqués have."""
    return tuple((s, s + 2) for s, e in written.lines if re.match(r"\(?\d{1,2}[.)]\s", written.text[s:e]) and e - s > 60)


def _short_lines(written: _Written) -> Spans:
    """A text that is a list: most lines are short and end without a stop, and nobody takes turns."""
    if len(written.lines) < 6 or _turns(written) or _questions(written) or _stamps(written):
        return ()
    short = [line for line in written.lines if line[1] - line[0] < 75]
    return (written.lines[0],) if len(short) * 4 >= len(written.lines) * 3 else ()


def _dateline(written: _Written) -> Spans:
    """The place and date that a news text opens with."""
    return (written.dateline,) if written.dateline else ()


SHAPES: Mapping[str, Callable[[_Written], Spans]] = {
    "turns": _turns,
    "questions": _questions,
    "stamps": _stamps,
    "ages": _ages,
    "numbered": _numbered,
    "short_lines": _short_lines,
    "dateline": _dateline,
}
