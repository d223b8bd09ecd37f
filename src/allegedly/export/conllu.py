"""A reading's words as CoNLL-U (https://universaldependencies.org/format.html).

Surface words are cut from the text itself, so that their characters, in order, are the text without its white
space. `MISC` keeps the offsets of each surface word (`TokenRange=start:end`). What no word of the model covers
is written as a word of its own, tagged X and marked `Unread=Yes`, rather than left out.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from allegedly.export.options import Options
from allegedly.records import Reading, Token

_SPACE = re.compile(r"\s+")
_STRETCH = re.compile(r"\S+")


def write_conllu(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """Article by article, written and flushed as they come."""
    for reading in readings:
        out.write(conllu(reading))
        out.flush()


def conllu(reading: Reading) -> str:
    """All sentences of the article, each closed by an empty line; only the head line where it has no words.

    The title is not part of it. Enhanced dependencies and language-specific tags are not given.
    """
    name = _field(reading.article.id)
    out = [f"# newdoc id = {name}"]
    at = 0
    for number, words in enumerate(_sentences(reading), 1):
        if number > 1 and re.search(r"\n\s*\n", reading.article.text[at : words[0][0].start]):
            out.append("# newpar")
        at = words[-1][-1].end
        out += _sentence(reading.article.text, words, f"{name}-{number}")
    return "\n".join(out) + "\n" + ("" if len(out) > 1 else "\n")


def _field(value: str) -> str:
    """A column or comment value: white space becomes one space, and nothing is empty."""
    return _SPACE.sub(" ", value).strip() or "_"


def _sentences(reading: Reading) -> Iterator[list[list[Token]]]:
    """Sentences as lists of surface words, each a list of the words that share it. Heads count from 1, 0 is the root."""
    tokens = reading.tokens
    first, covered = 0, 0
    text = reading.article.text
    while first < len(tokens):
        last = first
        while last < len(tokens) and tokens[last].sentence == tokens[first].sentence:
            last += 1
        end = tokens[last].start if last < len(tokens) else len(text)
        words = list(_surface(tokens[first:last]))
        yield _numbered(list(_with_gaps(text, words, covered, end)), tokens, first)
        first, covered = last, end


def _surface(tokens: tuple[Token, ...]) -> Iterator[list[Token]]:
    word: list[Token] = []
    for token in tokens:
        if word and not token.joined:
            yield word
            word = []
        word.append(token)
    if word:
        yield word


def _with_gaps(text: str, words: list[list[Token]], start: int, end: int) -> Iterator[list[Token]]:
    """The words, and between them whatever characters of text[start:end] they leave out."""
    at = start
    for word in [*words, []]:
        upto = word[0].start if word else end
        for gap in _STRETCH.finditer(text, at, max(at, upto)):
            yield [Token(gap.start(), gap.end(), gap[0], gap[0], "X", "", _GAP, "dep", -1)]
        if word:
            yield word
            at = max(at, *(token.end for token in word))


_GAP = -2  # the head of a word that the model did not read: it hangs on the sentence's root


def _numbered(words: list[list[Token]], tokens: tuple[Token, ...], first: int) -> list[list[Token]]:
    """The same words with heads as CoNLL-U counts them: 1 for the sentence's first word, 0 for no head."""
    flat = [token for word in words for token in word]
    given = [number for number, token in enumerate(flat, 1) if token.head != _GAP]
    number_of = {first + order: number for order, number in enumerate(given)}
    root = next((number_of[first + order] for order, number in enumerate(given) if flat[number - 1].head < 0), 0)

    def moved(token: Token) -> Token:
        head = root if token.head == _GAP else number_of.get(token.head, 0)
        return Token(token.start, token.end, token.form, token.lemma, token.upos, token.features, head, token.relation, token.sentence)

    return [[moved(token) for token in word] for word in words]


def _sentence(text: str, words: list[list[Token]], name: str) -> list[str]:
    forms, rows, number = [], [], 1
    for order, word in enumerate(words):
        start, end = word[0].start, max(token.end for token in word)
        form = _field(text[start:end])
        following = words[order + 1][0].start if order + 1 < len(words) else None
        glued = (following is not None and following <= end) or (following is None and end < len(text) and not text[end].isspace())
        forms += [form, "" if glued else " "]
        misc = "|".join(
            (["SpaceAfter=No"] if glued else []) + [f"TokenRange={start}:{end}"] + (["Unread=Yes"] if word[0].sentence < 0 else [])
        )
        if len(word) > 1:
            rows.append(f"{number}-{number + len(word) - 1}\t{form}" + "\t_" * 7 + f"\t{misc}")
        for token in word:
            own = form if len(word) == 1 else _field(token.form)
            rows.append("\t".join((str(number), own, *_columns(token), misc if len(word) == 1 else "_")))
            number += 1
    return [f"# sent_id = {name}", f"# text = {''.join(forms).strip()}", *rows, ""]


def _columns(t: Token) -> tuple[str, ...]:
    """LEMMA to DEPS."""
    return (_field(t.lemma), _field(t.upos), "_", _field(t.features), str(t.head), _field(t.relation), "_")
