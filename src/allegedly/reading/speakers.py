"""Whose "I" it is: first and second persons, by who speaks where they stand.

In a quotation "I" is the source that the attribution names, "we" its side (or the source itself where that is a body), "you" whom the
cue's verb addresses ("told reporters"). Outside quotations "I" is the author and "you" the reader. Where paragraphs ask and answer by
turns, whoever is asked as "you" answers as "I". Missed: who the answering person is; turns of a
conversation that are neither questions nor labelled (`turns`); quotations within quotations that have no attribution of their own.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from allegedly.reading.turns import is_turn
from allegedly.records import Analysis, RawAttribution, Span

Person = Literal["I", "we", "you"]
OPENING = frozenset('"“„«‘')
QUESTIONS = 3  # paragraphs that ask, before a text counts as questions and answers
_PERSONS: dict[str, Person] = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "I"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours", "yourself", "yourselves"), "you"),
}
AUTHOR, ASKING, ANSWERING = -1, -2, -3  # voices that are no attribution's


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the tokens that head a quotation's source and whom it addresses (-1: none); `id` tells voices apart."""

    id: int
    source: int = -1
    addressee: int = -1


def person_of(form: str) -> Person | None:
    """The person of a first- or second-person pronoun."""
    return _PERSONS.get(form.lower())


class Speakers:
    """The voices of a text, by place. `heads` are the tokens that head a mention."""

    def __init__(self, analysis: Analysis, children: list[list[int]], heads: frozenset[int]) -> None:
        self.tokens, self.children, self.heads = analysis.tokens, children, heads
        self.starts = [token.start for token in analysis.tokens]
        quoted: list[tuple[Span, Voice]] = []
        for number, raw in enumerate(analysis.attributions):
            spans = [s for s in raw.content if is_turn(analysis.text, raw) or _in_quotes(analysis.text, s)]
            if spans:
                source = next((h for span in raw.source if (h := self._head(span)) >= 0), -1)
                quoted += [(span, Voice(number, source, self._addressee(raw))) for span in spans]
        self.quoted = sorted(quoted, key=lambda q: (q[0][0], -q[0][1]))
        self.begins = [span[0] for span, _ in self.quoted]
        self.turns = _turns(analysis.text)

    def at(self, position: int) -> Voice:
        """The voice at a character: that of the innermost quotation, or else the author's or whoever's turn it is."""
        at = bisect_right(self.begins, position)
        for span, voice in reversed(self.quoted[max(at - 4, 0) : at]):
            if position < span[1]:
                return voice
        turn = bisect_right(self.turns, (position, 0)) - 1
        return Voice(self.turns[turn][1] if turn >= 0 else AUTHOR)

    def _head(self, span: Span) -> int:
        """The mention in a span that the others hang on: the first whose own head lies outside."""
        first, last = bisect_right(self.starts, span[0] - 1), bisect_right(self.starts, span[1] - 1)
        found = [i for i in range(first, last) if i in self.heads]
        return next((i for i in found if not first <= self.tokens[i].head < last), found[0] if found else -1)

    def _addressee(self, raw: RawAttribution) -> int:
        for start, end in raw.cue:
            for i in range(bisect_right(self.starts, start - 1), bisect_right(self.starts, end - 1)):
                if self.tokens[i].upos == "VERB":
                    objects = (c for c in self.children[i] if self.tokens[c].relation in ("iobj", "obj") and c in self.heads)
                    return next((c for c in objects if not _within(self.tokens[c].start, raw)), -1)
        return -1


def _within(position: int, raw: RawAttribution) -> bool:
    return any(start <= position < end for start, end in raw.content)


def _in_quotes(text: str, span: Span) -> bool:
    return text[span[0] : span[0] + 1] in OPENING or text[max(span[0] - 1, 0) : span[0]] in OPENING


def _turns(text: str) -> list[tuple[int, int]]:
    """Where turns begin and whose they are, in a text of questions and answers; the author's before the first question."""
    paragraphs = [(m.start(), m[0].rstrip().endswith("?")) for m in re.finditer(r"\S[^\n]*", text)]
    if sum(asks for _, asks in paragraphs) < QUESTIONS:
        return []
    first = next(n for n, (_, asks) in enumerate(paragraphs) if asks)
    return [(start, ASKING if asks else ANSWERING) for start, asks in paragraphs[first:]]
