"""Who speaks by layout alone: turns of a transcript or interview ("VARGA: We will not go.") and quotations signed below or beside
with a name ("“We stayed.” — Ilse Varga").

Turns are told by what is around them: lines that begin with a label, one after the other, by two speakers or more of whom one speaks again.
A signed quotation ends like a sentence and fills its line, or the one before; a name has two words at least.

Missed: a single turn without others, labels without a colon, a last turn's further paragraphs, signed quotations of several paragraphs.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from allegedly.language import word_sets
from allegedly.records import Analysis, RawAttribution, Span

TURNS = 3
"""Lines with a speaker's label, in a row, that make a conversation."""
BETWEEN = 2
"""Lines without one that may stand between two of them."""
MOSTLY = 3 / 4
"""Share of lines with a label in a row from which on those without one are what the speaker goes on to say, unless they are in brackets;
with fewer they are the author's.
"""
SPOKEN = 5
"""Words that a turn has on average, at least: less is a table."""
LONGEST = 4000
"""Characters of a signed quotation, at most."""
TAIL = 160
"""Characters from a signature's dash to the end of its line, at most."""
_OPEN, _CLOSE = "“”\"«‘'", "”\"»’'"
_LINE = re.compile(r"\S[^\n]*")
_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w.’'-]{0,30}|d[aeiu]|de[nrl]|du|la|le|v[ao]n|bin|al-\w{1,30}|\([^()\n]{1,20}\))"
_LABELLED = re.compile(rf"[{_OPEN}]?(?P<who>{_WORD}(?:[ \xa0]{_WORD}){{0,5}})(?P<colon>:)[ \xa0]+(?P<said>\S.*)")
_SIGNATURE = re.compile(
    rf"[ \xa0]{{0,3}}(?P<dash>[―—–]|--?)[ \xa0]{{0,2}}(?P<name>{_WORD}(?:[ \xa0]{_WORD}){{1,5}}?)\.?"
    r"(?:(?:,|[ \xa0]\()[^\n“”\"]{0,80})?[ \xa0]{0,3}"
)
_ENDED = re.compile(rf"[.!?…,][{_CLOSE}]$")  # a title is not
_BROKEN = re.compile(r"[.!?…,][”»\"](?=[ \xa0][^\W_])")  # "“We will go,” Varga said. “They attacked us.”" is told
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
    """Whether what is said is a turn, told by its speaker's label: it is quoted, whatever its marks."""
    return bool(a.cue) and a.cue[0] in _colons(text)


@lru_cache(maxsize=4)
def _colons(text: str) -> frozenset[Span]:
    return frozenset(a.cue[0] for a in _conversation(text))


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
    """Quotations that fill a line, with a name after a dash at its end or in the next line."""
    lines = list(_LINE.finditer(text))
    for n, line in enumerate(lines):
        words = line[0].rstrip()
        if words[0] not in _OPEN or len(words) > LONGEST + TAIL:
            continue
        for at in (match.end() for match in re.finditer(rf"[{_CLOSE}]", words[-TAIL:])):
            end = max(len(words) - TAIL, 0) + at
            if (signature := _SIGNATURE.fullmatch(words, end)) and _quoted(words[:end]):
                yield _signature(line.start(), signature, (line.start(), line.start() + end))
                break
        else:
            below = lines[n + 1] if n + 1 < len(lines) else None
            if below and _quoted(words) and len(below[0]) <= TAIL and not _listed(lines[n + 1 : n + 3]):
                signature = _SIGNATURE.fullmatch(below[0].rstrip())
                if signature and (signature["dash"] in "―—" or "\n\n" not in text[line.start() + len(words) : below.start()]):
                    yield _signature(below.start(), signature, (line.start(), line.start() + len(words)))


def _listed(lines: list[re.Match[str]]) -> bool:
    """Whether a line with a dash before it is one of a list: the next one has it, too."""
    return len(lines) > 1 and lines[1][0][0] == lines[0][0][0]


def _quoted(words: str) -> bool:
    """Whether words are one quotation that ends like a sentence: no title, and nothing that is told between two quotations."""
    return len(words) > 12 and bool(_ENDED.search(words)) and not _BROKEN.search(words, 1)


def _signature(at: int, match: re.Match[str], said: Span) -> RawAttribution:
    name, dash = ((at + match.start(part), at + match.end(part)) for part in ("name", "dash"))
    return RawAttribution((name,), (dash,), (said,), SCORE)


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
    if any(label["who"].casefold() in word_sets("cues")["source.label"] for label in labels):
        return
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
