"""Who speaks by layout alone: turns of a transcript or interview ("VARGA: We will not go.") and quotations signed below or beside
with a name ("“We stayed.” — Ilse Varga").

Turns are told by what is around them: lines that begin with a label, one after the other, by two speakers or more of whom one speaks again.
A signed quotation fills its line, or the one before.

Missed: a single turn without others, labels without a colon, a last turn's further paragraphs, signed quotations of several paragraphs.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from allegedly.records import Analysis, RawAttribution, Span

TURNS = 3
"""Lines with a speaker's label, in a row, that make a conversation."""
BETWEEN = 2
"""Lines without one that may stand between two of them."""
MOSTLY = 2 / 3
"""Share of lines with a label in a row from which on those without one are what the speaker goes on to say, unless they are in brackets;
with fewer they are the author's.
"""
SPOKEN = 5
"""Words that a turn has on average, at least: less is a table."""
_OPEN, _CLOSE = "“”\"«‘'", "”\"»’'"
_LINE = re.compile(r"\S[^\n]*")
_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w.’'-]*|d[aeiu]|de[nrl]|du|la|le|v[ao]n|bin|al-\w+|\([^()\n]{1,20}\))"
_LABELLED = re.compile(rf"[{_OPEN}]?(?P<who>{_WORD}(?:[ \xa0]{_WORD}){{0,5}})(?P<colon>:)[ \xa0]+(?P<said>\S.*)")
_NAME = rf"(?P<name>{_WORD}(?:[ \xa0]{_WORD}){{0,5}}?)\.?(?:(?:,|[ \xa0]\()[^\n“”\"]{{0,80}})?"
_SIGNED = re.compile(
    rf"(?m)^[ \xa0]*(?P<said>[{_OPEN}][^\n]{{10,4000}}?[{_CLOSE}])\s{{0,3}}(?P<dash>[―—–]|--?)[ \xa0]{{0,2}}{_NAME}[ \xa0]*$"
)
_ASIDE = "([*"
SCORE = 0.95


def turns_told(analysis: Analysis) -> Analysis:
    """The analysis with an attribution for every turn and every signed quotation; what the model made of the same words gives way, but for
    what it found within one.
    """
    told = sorted([*_signed(analysis.text), *_conversation(analysis.text)], key=_begins)
    if not told:
        return analysis
    begins = [_begins(a) for a in told]
    near = ((a, told[max(bisect_right(begins, _begins(a)) - 1, 0) : bisect_left(begins, _ends(a))]) for a in analysis.attributions)
    rest = (left for a, beside in near if (left := _without(a, beside)))
    return replace(analysis, attributions=tuple(sorted([*rest, *told], key=_begins)))


def is_turn(text: str, a: RawAttribution) -> bool:
    """Whether what is said follows a speaker's label: it is quoted, whatever its marks."""
    label = bool(a.source and a.cue and a.content) and text[slice(*a.cue[0])] == ":" and a.source[0][1] == a.cue[0][0]
    return label and text.rfind("\n", 0, a.source[0][0]) >= a.source[0][0] - 2


def _begins(a: RawAttribution) -> int:
    return min(start for start, _ in (*a.source, *a.cue, *a.content))


def _ends(a: RawAttribution) -> int:
    return max(end for _, end in (*a.source, *a.cue, *a.content))


def _without(a: RawAttribution, told: list[RawAttribution]) -> RawAttribution | None:
    """What of an attribution lies outside those that layout tells, or all of it inside the words of one; None if nothing is left."""
    for one in told:
        (start, end), said = (_begins(one), _ends(one)), one.content[0]
        spans = (*a.source, *a.cue, *a.content)
        if all(e <= start or end <= s for s, e in spans) or all(said[0] <= s and e <= said[1] and (s, e) != said for s, e in spans):
            continue
        if any(start <= s < end for s, _ in (*a.source, *a.cue)):
            return None
        a = replace(a, content=tuple(piece for span in a.content for piece in _cut(span, (start, end))))
        if not a.content:
            return None
    return a


def _cut(span: Span, out: Span) -> Iterator[Span]:
    """A span without its part in another one; the leftovers that have a word's length."""
    for start, end in ((span[0], min(span[1], out[0])), (max(span[0], out[1]), span[1])):
        if end - start > 2:
            yield start, end


def _signed(text: str) -> Iterator[RawAttribution]:
    for match in _SIGNED.finditer(text):
        yield RawAttribution((match.span("name"),), (match.span("dash"),), (match.span("said"),), SCORE)


def _conversation(text: str) -> Iterator[RawAttribution]:
    lines = [(match, _LABELLED.match(match[0].rstrip())) for match in _LINE.finditer(text)]
    capitals = Counter(label["who"].isupper() for _, label in lines if label)
    usual = capitals[True] > capitals[False]  # "Varga: We Stay" over a transcript of "VARGA: ..." is a headline
    lines = [(match, label if label and label["who"].isupper() == usual else None) for match, label in lines]
    labelled = [n for n, (_, label) in enumerate(lines) if label]
    row: list[int] = []
    for n in (*labelled, len(lines) + BETWEEN + 2):
        if row and n - row[-1] > BETWEEN + 1:
            yield from _turns(lines[row[0] : row[-1] + 1])
            row = []
        row.append(n)


def _turns(lines: list[tuple[re.Match[str], re.Match[str] | None]]) -> Iterator[RawAttribution]:
    labels = [label for _, label in lines if label]
    speakers = Counter(label["who"] for label in labels)
    spoken = sum(len(label["said"].split()) for label in labels)
    if len(labels) < TURNS or len(speakers) < 2 or speakers.most_common(1)[0][1] < 2 or spoken < SPOKEN * len(labels):
        return
    goes_on = len(labels) >= MOSTLY * len(lines)
    now: RawAttribution | None = None
    for line, label in lines:
        at = line.start()
        if label:
            if now:
                yield now
            said = at + label.start("said"), at + label.end("said")
            who, colon = ((at + label.start(part), at + label.end(part)) for part in ("who", "colon"))
            now = RawAttribution((who,), (colon,), (said,), SCORE)
        elif now and goes_on and line[0].lstrip(_OPEN)[:1] not in _ASIDE:
            now = replace(now, content=((now.content[0][0], at + len(line[0].rstrip())),))
    if now:
        yield now
