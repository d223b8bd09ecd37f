"""Forms of one name: acronyms introduced in brackets, and spellings of a transliterated name."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from allegedly.blinding import blinding
from allegedly.gazetteer import fold, gazetteer
from allegedly.records import Token

WINDOW = 12  # words of a phrase that are looked at on either side of its head

BRACKETS = {"(": ")", "[": "]"}


def acronyms(
    tokens: tuple[Token, ...], text: str, names: dict[int, tuple[int, int]], bodies: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Short forms introduced in brackets, folded, with their folded long forms: "Tolmere Workers Union (TWU)" and the reverse.

    `names` gives, by its last token, the first and last token of a name; `bodies` are the last tokens of names of organizations.
    Letters are matched from the right, the first at the start of a word (Schwartz & Hearst 2003,
    https://doi.org/10.1142/9789812776303_0042); just before the bracket a name also counts when its initials hold the letters in
    another order, and a body's whatever they are, where the acronym means nothing else (acronyms from other languages). The first
    introduction stands.
    Missed: acronyms introduced without brackets.
    """
    found: dict[str, str] = {}
    for i, token in enumerate(tokens):
        if token.form not in BRACKETS or i == 0:
            continue
        close = next((j for j in range(i + 1, min(i + 2 + WINDOW, len(tokens))) if tokens[j].form == BRACKETS[token.form]), None)
        if close is None or close == i + 1:
            continue
        inner = i + 2 if tokens[i + 1].form.lower() == "the" else i + 1
        pair = _long_form(tokens, text, names, i, inner, close) or _of_body(tokens, text, names, bodies, i, inner, close)
        if pair is not None:
            found.setdefault(*pair)
    return found


def _long_form(
    tokens: tuple[Token, ...], text: str, names: dict[int, tuple[int, int]], opening: int, inner: int, close: int
) -> tuple[str, str] | None:
    if close - inner == 1 and is_short(tokens[inner].form):
        short = tokens[inner].form
        first, last = names.get(opening - 1, (opening, opening))
        words = _split(text[tokens[first].start : tokens[last - 1].end]) if last > first else []
        if len(words) > 1 and (_spells(short, words) == 0 or _same_initials(short, words)):
            return fold(short), fold(" ".join(words))
        first = max(opening - min(2 * len(short), len(short) + 5), 0)
        words = [t.form for t in tokens[first:opening] if t.sentence == tokens[opening].sentence]
        start = _spells(short, words)
        return None if start is None or len(words) - start < 2 else (fold(short), fold(" ".join(words[start:])))
    if is_short(tokens[opening - 1].form):
        words = _split(text[tokens[inner].start : tokens[close - 1].end])
        short, name = tokens[opening - 1].form, names.get(close - 1) == (inner, close)
        if len(words) > 1 and (_spells(short, words) == 0 or (name and _same_initials(short, words))):
            return fold(short), fold(" ".join(words))
    return None


def _of_body(
    tokens: tuple[Token, ...],
    text: str,
    names: dict[int, tuple[int, int]],
    bodies: frozenset[int],
    opening: int,
    inner: int,
    close: int,
) -> tuple[str, str] | None:
    """The acronym right behind a body's name in another language's letters: "Tolmere Workers Union (SPT)", not "(USA)"."""
    short = tokens[inner].form
    if opening - 1 not in bodies or close - inner != 1 or not re.fullmatch("[A-Z]{3,6}", short):
        return None
    if gazetteer().find(short) is not None or blinding().common(short.lower()):  # "(USA)", "(LEFT)"
        return None
    first, last = names[opening - 1]
    words = _split(text[tokens[first].start : tokens[last - 1].end])
    return (fold(short), fold(" ".join(words))) if len(words) > 1 else None


def is_short(form: str) -> bool:
    """True of what looks like an acronym: up to ten characters, two of them capitals."""
    return 2 <= len(form) <= 10 and form[0].isalnum() and sum(c.isupper() for c in form) >= 2 and not form.isdigit()


def _spells(short: str, words: list[str]) -> int | None:
    """The word at which the letters of `short`, matched backwards, begin; it must begin with the first letter, as a capital."""
    letters = [c for c in short.casefold() if c.isalnum()]
    at = len(letters) - 1
    for w in range(len(words) - 1, -1, -1):
        word = words[w].casefold()
        for position in range(len(word) - 1, -1, -1):
            if at >= 0 and word[position] == letters[at] and (at > 0 or position == 0):
                at -= 1
        if at < 0:
            return w if words[w][0].isupper() else None
    return None


def _same_initials(short: str, words: list[str]) -> bool:
    initials = Counter(word[0].casefold() for word in words if word)
    return len(short) >= 3 and not Counter(c for c in short.casefold() if c.isalnum()) - initials


def _split(text: str) -> list[str]:
    return [word for word in _BLANKS.split(text.replace("’", "'").removesuffix("'s")) if word]


# --- spellings -------------------------------------------------------------------------------------------------

_BLANKS = re.compile(r"[\s,]+")
_ALWAYS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "ß": "ss", "đ": "d", "æ": "ae"})
_LETTERS = str.maketrans({"č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ž": "zh"})
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"t?sch|tch|ch|(?<=i)c$", "C"),
        (r"sh", "S"),
        (r"zh|dzh|dj", "j"),
        (r"kh|ck|c(?![eiy])|gh(?=$)", "k"),
        (r"([gtd])h", r"\1"),
        (r"ph", "f"),
        (r"off$", "ov"),
        (r"x", "ks"),
        (r"c", "s"),
        (r"ou|oo|ue|oe|o", "u"),
        (r"(?<=[aeiu])w(?=u)", ""),
        (r"w", "v"),
        (r"(?<!^)y", "i"),
        (r"ij?i+|ee+|ij$", "i"),
        (r"(?<=[aeiu])h$", ""),
        (r"[ae]+i|ej$", "E"),
        (r"[ae]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def spellings(word: str) -> frozenset[str]:
    """Keys that two spellings of one transliterated name share: "Masoud", "Massoud", "Masood"; "Zorenskiy", "Zorensky".

    What romanisations differ in is levelled: doubled letters, marks, o and u, a and e, y and i, kh and k, dh and d, w and v, a silent h
    at the end; a "q" stands for k and for g. What tells names apart stays: the consonants and the classes of vowels ("Karim", "Karam").
    A word of fewer than five letters keeps its spelling. The same for every name, wherever it comes from. Missed: vowels that one spelling
    leaves out, e for i, letters for which languages have other sounds (j and y).
    """
    written = word.casefold().translate(_ALWAYS)
    plain, told = _bare(written), _bare(written.translate(_LETTERS))
    if sum(c.isalpha() for c in plain) < 5 or not plain.isascii():
        return frozenset((written,))
    return frozenset(_sounds(form.replace("q", sound)) for form in {plain, told} for sound in (("k", "g") if "q" in form else ("",)))


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _sounds(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
