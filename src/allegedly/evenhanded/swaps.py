"""Swaps: which words of an article change places, and the article in which they have.

A swap replaces words throughout a text and keeps the account of where, so that every place of the one text has its place in the other.
What the swaps are stands in `data/<code>/swaps.toml`, or in a user's file of the same form.
"""

import re
import tomllib
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from allegedly.blinding import blinding
from allegedly.errors import LexiconError
from allegedly.gazetteer import Gazetteer, gazetteer, nominals
from allegedly.records import Article, Entity, EntityType, Reading, Span, Token

RIVALS = get_args(EntityType)
KEYS = frozenset({"kind", "pairs", "pronouns", "rivals", "with_article", "names", "apart"})
APART = frozenset({"type", "country", "sector"})
_CLEAN = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*")
_ARTICLE = re.compile(r"(?<!\w)an?\s$", re.IGNORECASE)
_VOWEL = re.compile(r"(?!eu|uni|uk|us[^a-z]|ut|one)[aeiou]", re.IGNORECASE)
_PRONOUNS = {"he": "she", "she": "he", "himself": "herself", "herself": "himself", "him": "her", "hers": "his"}


@dataclass(frozen=True, slots=True)
class Swap:
    """One kind of swap. It has one of three forms.

    `pairs`: these words change places wherever they stand, with `pronouns` also those of men and women. `rivals`: the two entities of
    this type that the article names most often exchange names (states with their nationality words; `with_article` lists the names
    that stand with "the"). `names`: every person gets a name of this list, given name and surname.
    `apart`: fields of entities and their mentions that rightly follow the words and are not compared.
    """

    kind: str
    pairs: tuple[tuple[str, str], ...] = ()
    pronouns: bool = False
    rivals: str = ""
    with_article: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SwapTable:
    """The kinds of swaps, and texts to try them on where a user has none at hand."""

    swaps: tuple[Swap, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


class Edited:
    """A text with edits made, and where every span of the one stands in the other.

    A span that begins or ends within replaced words is drawn out to all of them, on both sides: names of one and of three words
    can only be compared whole. `replaced` holds where the edits stand in the new text.
    """

    def __init__(self, text: str, edits: Sequence[Edit]) -> None:
        parts, at, made = [], 0, 0
        self._old: list[Span] = []
        self._new: list[Span] = []
        for edit in edits:
            parts += [text[at : edit.start], edit.new]
            made += edit.start - at
            self._old.append((edit.start, edit.end))
            self._new.append((made, made + len(edit.new)))
            made, at = made + len(edit.new), edit.end
        self.text = "".join([*parts, text[at:]])
        self.replaced = frozenset(self._new)

    def there(self, span: Span) -> Span:
        """Where a span of the old text stands in the new one."""
        return _moved(span, self._old, self._new)

    def here(self, span: Span) -> Span:
        """A span of the new text, drawn out as `there` does it."""
        return _moved(span, self._new, self._new)


def _moved(span: Span, old: Sequence[Span], new: Sequence[Span]) -> Span:
    start, end = span
    first = bisect_right(old, (start, len(old) and old[-1][1] + 1)) - 1  # the last region that begins at or before the start
    if first >= 0:
        start = new[first][0] if start < old[first][1] else start + new[first][1] - old[first][1]
    last = bisect_left(old, (end, 0)) - 1  # the last region that begins before the end
    if last >= 0:
        end = new[last][1] if end <= old[last][1] else end + new[last][1] - old[last][1]
    return start, end


@dataclass(frozen=True, slots=True)
class Swapped:
    """An article with a swap made, and the edits of its text and title."""

    article: Article
    text: Edited
    title: Edited


# --- the table ---------------------------------------------------------------------------------------------------------


def swap_table(path: Path | None = None, code: str = "en") -> SwapTable:
    """The package's swaps, or those of a user's file, checked. Raises LexiconError with the file and the entry."""
    source = path or files("allegedly") / "data" / code / "swaps.toml"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(f"{source}: cannot be read ({error.strerror}). Check the path and its permissions.") from error
    except (ValueError, RecursionError) as error:
        raise LexiconError(f"{source}: is not valid TOML ({error}). Correct it there.") from error
    entries, texts = data.get("swap", []), data.get("texts", [])
    if not entries or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LexiconError(f"{source}: holds no swaps. Write at least one, each under [[swap]].")
    if unknown := sorted(set(data) - {"swap", "texts"}):
        raise LexiconError(f"{source}: unknown key {unknown[0]!r}. Known keys: swap, texts.")
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise LexiconError(f"{source}: texts: must be a list of strings with something in them.")
    swaps = tuple(_swap(f"{source}: swap {number}", entry) for number, entry in enumerate(entries, 1))
    return SwapTable(swaps, tuple(texts))


def _swap(where: str, entry: Mapping[str, Any]) -> Swap:
    kind = entry.get("kind")
    if not isinstance(kind, str) or not kind.strip():
        raise LexiconError(f'{where}: needs a name, as in kind = "religions".')
    where = f"{where} ({kind})"
    if unknown := sorted(set(entry) - KEYS):
        raise LexiconError(f"{where}: unknown key {unknown[0]!r}. Known keys: {', '.join(sorted(KEYS))}.")
    rivals, pronouns = entry.get("rivals", ""), entry.get("pronouns", False)
    if sum(bool(entry.get(form)) for form in ("pairs", "rivals", "names")) != 1:
        raise LexiconError(f"{where}: needs exactly one of pairs, rivals and names.")
    if rivals and rivals not in RIVALS:
        raise LexiconError(f"{where}: rivals: {rivals!r} is no type of entity. Types: {', '.join(RIVALS)}.")
    if not isinstance(pronouns, bool):
        raise LexiconError(f"{where}: pronouns: must be true or false.")
    apart = frozenset(_strings(f"{where}: apart", entry.get("apart", [])))
    if apart - APART:
        raise LexiconError(f"{where}: apart: {min(apart - APART)!r} is none of {', '.join(sorted(APART))}.")
    return Swap(
        kind,
        _pairs(f"{where}: pairs", entry.get("pairs", []), distinct=True),
        pronouns,
        rivals,
        frozenset(_strings(f"{where}: with_article", entry.get("with_article", []))),
        _pairs(f"{where}: names", entry.get("names", []), distinct=False),
        apart,
    )


def _strings(where: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise LexiconError(f"{where}: must be a list of strings with something in them.")
    return value


def _pairs(where: str, value: object, *, distinct: bool) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise LexiconError(f'{where}: must be a list of pairs, as in [["north", "south"]].')
    pairs = []
    for item in value:
        both = _strings(where, item)
        if len(both) != 2:
            raise LexiconError(f"{where}: {both!r} is no pair.")
        pairs.append((both[0], both[1]))
    words = [word.lower() for pair in pairs for word in pair]
    if distinct and len(set(words)) < len(words):
        twice = next(word for word, count in Counter(words).items() if count > 1)
        raise LexiconError(f"{where}: {twice!r} is in it twice, so that it is not clear what it changes places with.")
    return tuple(pairs)


# --- making a swap --------------------------------------------------------------------------------------------------------


def swapped(swap: Swap, reading: Reading) -> Swapped | str | None:
    """The article of a reading (made with its tokens) with the swap made; None where it has nothing to swap.

    A string where it could not be decided what goes in the place of a word: then it says why, and nothing is swapped.
    """
    if swap.rivals:
        words = _rivals(swap, reading)
    elif swap.names:
        words = _renamed(swap, reading)
    else:
        words = dict(_both_ways(swap.pairs))
    if not isinstance(words, dict):
        return words
    article = reading.article
    if not swap.pronouns:
        fixed: list[Edit] | str = []
    elif article.title and _pronoun_in(article.title):
        return "the title has pronouns, whose cases are known for the text only"
    else:
        fixed = _pronouns(reading.tokens)
    if isinstance(fixed, str):
        return fixed
    text = Edited(article.text, _edits(article.text, words, fixed))
    title = Edited(article.title or "", _edits(article.title or "", words, []))
    if not (text.replaced or title.replaced):
        return None
    notes = tuple(replace(n, start=text.there((n.start, n.end))[0], end=text.there((n.start, n.end))[1]) for n in article.notes)
    genre = replace(article.genre, evidence=tuple(map(text.there, article.genre.evidence)))
    other = replace(article, text=text.text, title=title.text if article.title else article.title, notes=notes, genre=genre)
    return Swapped(other, text, title)


def _both_ways(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        yield one, other
        yield other, one


def _edits(text: str, words: Mapping[str, str], fixed: Sequence[Edit]) -> list[Edit]:
    """Where words stand, as they are written, with a capital or all in capitals; an "a" before them becomes "an" where it has to."""
    forms: dict[str, str] = {}
    for change in (lambda w: w, lambda w: w[:1].upper() + w[1:], str.upper):
        for old, new in words.items():
            forms.setdefault(change(old), change(new))
    edits = list(fixed)
    if forms:
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")(?!\w)")
        taken = {edit.start for edit in fixed}
        edits += [Edit(m.start(), m.end(), forms[m[0]]) for m in pattern.finditer(text) if m.start() not in taken]
    edits.sort(key=lambda edit: edit.start)
    return [_with_article(text, edit) for edit in edits if text[edit.start : edit.end] != edit.new]


def _with_article(text: str, edit: Edit) -> Edit:
    before = _ARTICLE.search(text, max(edit.start - 4, 0), edit.start)
    vowel = bool(_VOWEL.match(edit.new))
    if before is None or vowel == bool(_VOWEL.match(text[edit.start : edit.end])):
        return edit
    article = before[0][0] + ("n" if vowel else "") + before[0][-1]
    return Edit(before.start(), edit.end, article + edit.new)


# --- persons and bodies --------------------------------------------------------------------------------------------------


def _named(reading: Reading, kind: str) -> list[tuple[Entity, tuple[str, ...]]]:
    """Entities of a type that have a plain name, with its words: the most often named first, then by their first mention.

    Names in which a word of the text in small letters stands too ("Will", "Brown") are left out: it could be meant there. So are
    persons whose names tell something else ("Congress", "Liberian", "Experts"): the reader may have taken for a person what is none.
    """
    gaz, nouns, blind = gazetteer(), nominals(), blinding()

    def other(word: str) -> bool:
        known, bare = gaz.find(word), word.lower().rstrip(".")
        told = bare in nouns.roles or bare in nouns.titles or bool(gaz.demonym(word)) or blind.common(bare)
        return told or (known is not None and not known.person)

    count = Counter(m.entity for m in reading.mentions if m.named)
    small = set(re.findall(r"\b[^\W\d_A-Z]+\b", reading.article.text))
    found = []
    for entity in reading.entities:
        words = tuple(entity.name.split())
        plain = all(_CLEAN.fullmatch(w) and w[:1].isupper() and w.lower() not in small for w in words)
        plain = plain and (kind != "person" or not any(map(other, words)))
        if entity.type == kind and count[entity.id] and words and plain:
            found.append((entity, words))
    return sorted(found, key=lambda one: -count[one[0].id])


def _rivals(swap: Swap, reading: Reading) -> dict[str, str] | str | None:
    """What each word of the two most named becomes. Two fit one another whose names are built alike and share no word with other names."""
    listed = _named(reading, swap.rivals)
    others = [(e.id, {word for name in (e.name, *e.aliases) for word in name.split() if word[:1].isupper()}) for e in reading.entities]
    gaz = gazetteer()

    def fits(one: tuple[Entity, tuple[str, ...]], two: tuple[Entity, tuple[str, ...]]) -> bool:
        (a, words), (b, more) = one, two
        if swap.rivals == "person":
            alike = (len(words) > 1) == (len(more) > 1)
        elif swap.rivals == "country":
            alike = (a.name in swap.with_article) == (b.name in swap.with_article) and a.country != b.country
        else:
            alike = len(words) == len(more) and not any("gazetteer:" in e.rule or "name:" in e.rule for e in (a, b))
        used = {*words, *more}
        shared = set(words) & set(more) or any(used & names for other, names in others if other not in (a.id, b.id))
        return alike and (swap.rivals == "country" or not shared)

    for i, one in enumerate(listed[:8]):
        for two in listed[i + 1 : 8]:
            if not fits(one, two):
                continue
            if swap.rivals == "country":
                return _states(one[0], two[0], reading.tokens, gaz)
            words = dict(_both_ways([(" ".join(one[1]), " ".join(two[1]))]))
            if swap.rivals == "person":
                words |= dict(_both_ways([(one[1][-1], two[1][-1]), (one[1][0], two[1][0])]))
            return words
    return None


def _states(one: Entity, two: Entity, tokens: Sequence[Token], gaz: Gazetteer) -> dict[str, str] | str | None:
    """Names and nationality words of two states. Undecided where such a word is a noun and those of one state do not show their number
    ("the Chinese").
    """
    forms = {e.country: [form.title() for form, code in gaz.demonyms.items() if code == e.country] for e in (one, two)}
    if not forms[one.country] or not forms[two.country]:
        return None
    words = dict(_both_ways([(one.name, two.name)]))
    plurals = {form + "s" for listed in forms.values() for form in listed} & {form for listed in forms.values() for form in listed}
    for state, other in ((one, two), (two, one)):
        words |= {alias: other.name for alias in state.aliases if gaz.find(alias) is not None and len(alias) > 1}
        base = forms[other.country][0]
        words |= {form: base + ("s" if form in plurals else "") for form in forms[state.country]}
    countable = all(plurals & set(listed) for listed in forms.values())
    national = {form for listed in forms.values() for form in listed}
    nouns = (t for t in tokens if t.form in national and t.upos != "ADJ" and t.relation not in ("amod", "compound"))
    return words if countable or not any(nouns) else "a nationality word is a noun, and its number does not show"


def _renamed(swap: Swap, reading: Reading) -> dict[str, str] | None:
    """New names for all persons, one after another from a place in the list that the text decides."""
    words: dict[str, str] = {}
    offset = zlib.crc32(reading.article.text.encode("utf-8", "replace"))
    for number, (_, name) in enumerate(_named(reading, "person")):
        given, family = swap.names[(offset + number) % len(swap.names)]
        new = words.setdefault(name[-1], family)
        if len(name) > 1:
            words[" ".join(name)] = f"{words.setdefault(name[0], given)} {new}"
    return words or None


# --- men and women -------------------------------------------------------------------------------------------------------------


def _pronoun_in(text: str) -> bool:
    return re.search(r"\b(?:he|she|his|hers?|him|himself|herself)\b", text, re.IGNORECASE) is not None


def _pronouns(tokens: Sequence[Token]) -> list[Edit] | str:
    """He for she and the reverse. "Her" is "his" or "him" by tree and tags, undecided where they differ; "his" is "her" or "hers"."""
    edits = []
    for token in tokens:
        form = token.form.lower()
        new = _PRONOUNS.get(form)
        if form in ("her", "his"):
            owner, owned = token.relation == "nmod:poss", "Poss=Yes" in token.features
            if form == "her":
                if owner != owned:
                    return 'it is not clear whether "her" is "his" or "him"'
                new = "his" if owner else "him"
            else:
                new = "her" if owner else "hers"
        if new is not None:
            new = new.upper() if token.form.isupper() else new.capitalize() if token.form[:1].isupper() else new
            edits.append(Edit(token.start, token.end, new))
    return edits
