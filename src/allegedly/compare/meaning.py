"""How words stand to one another: the same, opposite, or more or less akin.

Two sources, in this order: the senses of `data/en/meanings.toml`, written for political news, and WordNet's synonyms, antonyms and
hypernyms (`data/en/wordnet.tsv`; Fellbaum 1998, "WordNet: An Electronic Lexical Database"). Senses follow the lexical relations that make
natural logic work (MacCartney & Manning 2009): equivalence, negation (`opposite`) and alternation (`contrary`), and converses.
Not done: telling a word's meanings apart by context; a word stands for its few most frequent ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from allegedly.errors import LexiconError
from allegedly.language import parsed

KEYS = ("same", "opposite", "converse", "contrary")
MARKS = {"same": "", "opposite": "-", "converse": "~"}
NEAR = 0.55
"""The least kinship at which two words are taken to be about one thing."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A predicate of one or more words: the words besides the first, and the sense with its mark."""

    rest: tuple[str, ...]
    sense: str


@dataclass(frozen=True, slots=True)
class Meanings:
    """`meanings.toml`, turned round: predicates by their first word, nouns and places by word, grammar as sets of words."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    contraries: frozenset[tuple[str, str]]
    converses: frozenset[str]
    """Senses that are told by words with who gives and who gets in one another's place, too."""
    nouns: Mapping[str, frozenset[str]]
    kinds: Mapping[str, frozenset[str]]
    places: Mapping[tuple[str, ...], str]
    grammar: Mapping[str, frozenset[str]]
    shares: Mapping[str, tuple[float, float]]
    fractions: Mapping[str, float]


def _lists(name: str, table: Mapping[str, Any]) -> None:
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise LexiconError(f"meanings.toml: {name}: {key}: must be a list of words.")


@lru_cache(maxsize=1)
def meanings() -> Meanings:
    """The table, checked. Raises LexiconError where an entry is not what it should be."""
    raw = parsed("meanings")
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    contraries: set[tuple[str, str]] = set()
    for name, entry in raw["senses"].items():
        _lists(f"senses.{name}", entry)
        unknown = [key for key in entry if key not in KEYS] + [s for s in entry.get("contrary", ()) if s not in raw["senses"]]
        if unknown:
            raise LexiconError(
                f"meanings.toml: senses.{name}: {unknown[0]!r} is not known. Keys: {', '.join(KEYS)}; contraries are senses."
            )
        contraries.update(pair for other in entry.get("contrary", ()) for pair in ((name, other), (other, name)))
        for key, mark in MARKS.items():
            for words in entry.get(key, ()):
                first, *rest = words.split()
                phrases[first].append(Phrase(tuple(rest), mark + name))
    nouns: dict[str, set[str]] = defaultdict(set)
    _lists("nouns", raw["nouns"])
    for name, entries in raw["nouns"].items():
        for word in entries:
            nouns[word].add(name)
    _lists("kinds", raw["kinds"])
    places: dict[tuple[str, ...], str] = {}
    for name, entry in raw["places"].items():
        _lists(f"places.{name}", entry)
        places.update({tuple(words.split()): mark + name for key, mark in MARKS.items() for words in entry.get(key, ())})
    _lists("grammar", raw["grammar"])
    return Meanings(
        phrases={word: tuple(sorted(found, key=lambda p: -len(p.rest))) for word, found in phrases.items()},
        contraries=frozenset(contraries),
        converses=frozenset(p.sense.lstrip("-~") for found in phrases.values() for p in found if "~" in p.sense),
        nouns={word: frozenset(names) for word, names in nouns.items()},
        kinds={word: frozenset(entries) for word, entries in raw["kinds"].items()},
        places=places,
        grammar={key: frozenset(value) for key, value in raw["grammar"].items()},
        shares={word: (float(low), float(high)) for word, (low, high) in ((w, v.split()) for w, v in raw["shares"].items())},
        fractions={word: float(value) for word, value in raw["fractions"].items()},
    )


# --- WordNet ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordNet:
    """Senses, antonyms and source verbs by "v:word", and the sense above a sense."""

    senses: Mapping[str, tuple[str, ...]]
    antonyms: Mapping[str, frozenset[str]]
    verbs: Mapping[str, tuple[str, ...]]
    above: Mapping[str, str]


@lru_cache(maxsize=1)
def wordnet() -> WordNet:
    """The table `wordnet.tsv`, opened the first time it is needed."""
    senses: dict[str, tuple[str, ...]] = {}
    antonyms: dict[str, frozenset[str]] = {}
    verbs: dict[str, tuple[str, ...]] = {}
    above: dict[str, str] = {}
    for line in (files("allegedly") / "data" / "en" / "wordnet.tsv").read_text("utf8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("^"):
            sense, higher = line[1:].split("\t")
            above[sense] = higher
            continue
        word, pos, listed, opposite, derived = (line + "\t\t\t").split("\t")[:5]
        at = f"{pos}:{word}"
        senses[at] = tuple(listed.split())
        if opposite:
            antonyms[at] = frozenset(opposite.split(","))
        if derived:
            verbs[at] = tuple(derived.split(","))
    return WordNet(senses, antonyms, verbs, above)


POS = ("v", "n", "a", "r")


def known(word: str, pos: str = "") -> bool:
    """Whether WordNet's table or the table of meanings has a word (as a part of speech: "v", "n", "a", "r")."""
    return any(f"{p}:{word}" in wordnet().senses for p in (pos or POS)) or word in meanings().phrases or word in meanings().nouns


@lru_cache(maxsize=65536)
def base(lemma: str, form: str, pos: str) -> str:
    """A lemma that the tables know: the one given, or else one that a regular inflection of `form` comes from; else the one given."""
    lemma, form = lemma.lower(), form.lower()
    if pos == "n" and lemma.endswith("s") and lemma not in meanings().nouns and lemma[:-1] in meanings().nouns:
        return lemma[:-1]
    if known(lemma, pos) or not lemma.isalpha():
        return lemma
    for ending, put in (("ies", "y"), ("ied", "y"), ("ing", "e"), ("ing", ""), ("ed", "e"), ("ed", ""), ("es", ""), ("s", "")):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            stem = form[: -len(ending)]
            for made in (stem + put, stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem):
                if known(made, pos):
                    return made
    return lemma


@lru_cache(maxsize=65536)
def source_verbs(noun: str) -> tuple[str, ...]:
    """The verbs that a noun or adjective comes from: "recognition" from "recognize"."""
    return wordnet().verbs.get(f"n:{noun}", ()) or wordnet().verbs.get(f"a:{noun}", ())


def senses_of(first: str, beside: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """What a predicate can mean, given the words that stand by it, the longest phrase first; and the words that the phrase takes up."""
    around = frozenset(beside)
    found: list[str] = []
    taken: frozenset[str] = frozenset()
    longest = 0
    for phrase in meanings().phrases.get(first, ()):
        if len(phrase.rest) >= longest and around.issuperset(phrase.rest):
            longest = max(longest, len(phrase.rest))
            found.append(phrase.sense)
            taken |= frozenset(phrase.rest)
    return tuple(dict.fromkeys(found)), taken


@lru_cache(maxsize=1)
def _synsets() -> Mapping[str, frozenset[str]]:
    """The table's one-word predicates by the WordNet senses that are their most frequent ones."""
    out: dict[str, set[str]] = defaultdict(set)
    for word, found in meanings().phrases.items():
        if any(not phrase.rest for phrase in found):
            for pos in ("v", "a"):
                for sense in wordnet().senses.get(f"{pos}:{word}", ())[:2]:
                    out[sense].add(word)
    return {sense: frozenset(words) for sense, words in out.items()}


@lru_cache(maxsize=65536)
def borrowed(word: str) -> tuple[str, ...]:
    """Senses for a predicate that the table does not have, from one that it has and WordNet calls its synonym or antonym."""
    net, table = wordnet(), meanings().phrases
    found: list[str] = []
    for pos in ("v", "a"):
        for sense in net.senses.get(f"{pos}:{word}", ())[:2]:
            for other in sorted(_synsets().get(sense, ())):
                found += [p.sense for p in table[other] if not p.rest]
        if not found:
            for other in sorted(net.antonyms.get(f"{pos}:{word}", ())):
                found += [_turned(p.sense) for p in table.get(other, ()) if not p.rest and not p.sense.startswith("~")]
    return tuple(dict.fromkeys(found))[:4]


def _turned(sense: str) -> str:
    return sense[1:] if sense.startswith("-") else f"-{sense}"


def _prefixed(a: str, b: str) -> bool:
    """Whether the one adjective is the other with a negative prefix ("unpaid")."""
    long, short = (a, b) if len(a) > len(b) else (b, a)
    adjectives = wordnet().senses
    return long.endswith(short) and long.removesuffix(short) in meanings().grammar["negating_prefixes"] and f"a:{short}" in adjectives


@lru_cache(maxsize=1 << 18)
def kinship(a: str, b: str) -> float:
    """How near two words are, from -1 (opposite) over 0 (nothing known) to 1 (the same): their best over parts of speech."""
    if a == b:
        return 1.0
    table, net = meanings(), wordnet()
    if table.nouns.get(a, frozenset()) & table.nouns.get(b, frozenset()):
        return 0.95
    if _prefixed(a, b):
        return -1.0
    best = 0.65 if b in table.kinds.get(a, ()) or a in table.kinds.get(b, ()) else 0.0
    for pos in POS:
        x, y = f"{pos}:{a}", f"{pos}:{b}"
        if b in net.antonyms.get(x, ()) or a in net.antonyms.get(y, ()):
            return -1.0
        best = max(best, _near(net, net.senses.get(x, ()), net.senses.get(y, ())))
    if best < 0.8 and (_derived(net, a, b) or _derived(net, b, a)):
        return 0.8
    return best


def _near(net: WordNet, a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Synonyms 0.9, less for rarer senses; one above the other 0.6; sisters 0.3."""
    best = 0.0
    over = [net.above.get(s) for s in b]
    for i, sense in enumerate(a):
        if sense in b:
            best = max(best, 0.92 - 0.04 * (i + b.index(sense)))
        higher = net.above.get(sense)
        if sense in over or (higher is not None and higher in b):
            best = max(best, 0.6)
        elif higher is not None and higher in over:
            best = max(best, 0.3)
    return best


def _derived(net: WordNet, a: str, b: str) -> bool:
    """Whether `a` is a noun or adjective from the verb `b`, or from a verb that `b` comes from too."""
    verbs = source_verbs(a)
    return bool(verbs) and (
        b in verbs or any(f"v:{b}" in net.senses and v[:4] == b[:4] for v in verbs) or bool({*verbs} & {*source_verbs(b)})
    )


@lru_cache(maxsize=1 << 18)
def relation(a: tuple[str, ...], b: tuple[str, ...], lemma_a: str, lemma_b: str) -> tuple[float, bool, bool]:
    """How two predicates stand: kinship in [0, 1], whether the one is the other's opposite, whether actors change places.

    `a` and `b` are senses with their marks, the lemmas what WordNet is asked for where no sense is shared.
    """
    if lemma_a == lemma_b and (a == b or not a or not b):
        return 1.0, False, False
    shared = [(x, y) for x in a for y in b if x.lstrip("-~") == y.lstrip("-~")]
    if shared:
        x, y = min(shared, key=lambda pair: (pair[0] != pair[1], a.index(pair[0]) + b.index(pair[1])))
        return 0.95, ("-" in x[:1]) != ("-" in y[:1]), ("~" in x[:1]) != ("~" in y[:1])
    contraries = meanings().contraries
    for x in a:
        for y in b:
            if (x, y) in contraries:
                return 0.9, True, False
    near = kinship(lemma_a, lemma_b)
    if near < 0 and lemma_a in meanings().grammar["sequences"]:  # what begins may end
        return 0.0, False, False
    if lemma_a.split(" ")[0] == lemma_b.split(" ")[0]:  # one word with and without what changes its meaning
        near = 0.5 if lemma_a == lemma_b else min(near, 0.45)
    return abs(near), near < 0, False


def contrary(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two predicates exclude one another and may both be false ("rise", "fall")."""
    return any((x, y) in meanings().contraries for x in a for y in b)


def contraries_of(sense: str) -> tuple[str, ...]:
    """The senses that exclude this one and may be false together with it."""
    return tuple(sorted(other for one, other in meanings().contraries if one == sense))


def place_of(words: tuple[str, ...]) -> str:
    """The place or manner that words name, with its mark ("in other country" is "abroad"); empty where the table has none."""
    return meanings().places.get(words, "")
