"""What the encoder reads in place of names: it is told that somebody is named, and never who.

Names of persons, bodies and places, of states and their people, and words for the sexes, faiths, camps, fighters and powers are replaced,
atom by atom, in the order in which they first appear in a text, before it goes through the encoder. So a text in which two names, two
states, or men and women change places is the same text to it, and what it finds cannot depend on whom it is about. Rules read the words
that are there. Texts are read so in training, too, names of several atoms as one (`Blinding.joined`). The
literature calls this delexicalisation, or entity masking (Hermann et al. 2015, "Teaching Machines to Read and Comprehend").

A name is a word with a capital that is no English word (`data/en/plain.tsv`), or that is one but stands after a given name or a title, or
alone amid a sentence where it is a common surname ("asked Stone about it"). Not replaced are names that are words of their own ("Ministry
of Defence"), abbreviations, states of several words, and parties.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import numpy as np

from allegedly.gazetteer import gazetteer
from allegedly.language import parsed
from allegedly.pieces import QUOTES, Atoms
from allegedly.records import Analysis, Token

Kind = Literal["name", "place", "state", "people", "peoples", ""]
_CAPITAL, _CAPITALS, _MIXED = 1, 2, 3  # cases of atoms
_SHORTEST = 4  # letters of a word in capitals that can be a name, where it is no abbreviation
_LONGEST = 8  # atoms of one name
_FEWEST, _MOSTLY = 3, 0.8  # words with capitals that are no names, and their share of all, in a line where capitals tell nothing
_NOTHING, _LINE = 1, 2  # gaps: nothing between two atoms, white space of one line
_PLAIN: tuple[Kind, str] = ("", "")
ENDS = frozenset((".", "?", "!", "—", "-", "…", ")", "]", "”", '"'))
_PARTS = re.compile(r"\s|-")
_PART = re.compile(r"-|[^\s-]+")
_FORMS: dict[str, int] = {"state": 0, "people": 1, "peoples": 2}


@dataclass(frozen=True)
class Sides:
    """Rows of words that stand for one side each, alike from row to row. Where there are words `only_before`, they do so before one of
    these alone, with or without a hyphen between; never before one of `unless_before` with a noun phrase behind it. `read_as` are words of
    one side that the other has one word for.
    """

    rows: tuple[tuple[str, ...], ...]
    only_before: frozenset[str] = frozenset()
    unless_before: frozenset[str] = frozenset()
    read_as: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Of each word its row and its place in it, the first of several."""
        out: dict[str, tuple[int, int]] = {}
        for row, words in enumerate(self.rows):
            for column, word in enumerate(words):
                out.setdefault(word, (row, column))
        return out


@dataclass(frozen=True, slots=True)
class Blinding:
    """The stand-ins, and which words are replaced. Callable: atoms to atoms, as many and in the same places, with other forms."""

    names: tuple[str, ...]
    places: tuple[str, ...]
    states: tuple[tuple[str, str, str], ...]
    sides: tuple[Sides, ...]
    after_her: frozenset[str]
    titles: frozenset[str]
    plain: frozenset[str]
    known: dict[str, tuple[Kind, str]]
    given: frozenset[str]
    several: Mapping[str, tuple[tuple[str, ...], ...]]
    particles: frozenset[str]
    bound: frozenset[str]
    linking: frozenset[str]
    surnames: frozenset[str]
    determiners: frozenset[str]
    openers: frozenset[str]
    between: frozenset[str]
    ordinary: frozenset[str]

    def joined(self, found: Atoms) -> Atoms:
        """The text with every name of several atoms made one: "O'Brien", "al-Rashidi", "van der Meulen"; `parted` undoes it.

        The encoder cannot tell then how many words a name has. Names of more words otherwise ("Petra Halvik") stay as many.
        """
        ends: dict[int, int] = {}
        at = 0
        while at < len(found):
            end = self._end(found, at)
            if end > at + 1:
                ends[at] = end
            at = end
        if not ends:
            return found
        kept = np.ones(len(found), bool)
        last = np.arange(len(found))
        case = found.case.copy()
        forms = list(found.forms)
        for start, end in ends.items():
            kept[start + 1 : end] = False
            last[start] = end - 1
            case[start] = _CAPITAL
            forms[start] = found.text[int(found.start[start]) : int(found.end[end - 1])]
        places = np.flatnonzero(kept)
        return Atoms(found.text, found.start[places], found.end[last[places]], found.gap[places], case[places], [forms[i] for i in places])

    def _end(self, found: Atoms, at: int) -> int:
        """Where the name of several atoms ends that begins at an atom; else the next atom."""
        forms, gaps = found.forms, found.gap
        low, i = forms[at].lower(), at + 1
        if i >= len(found) or not low.isalpha():
            return i
        whole = self._state(found, at) or self._initial(found, at)
        if whole:
            return whole
        if len(low) == 1:
            apostrophe = forms[at].isupper() and i + 1 < len(found) and forms[i] in ("'", "’") and gaps[i] == gaps[i + 1] == _NOTHING
            return i + 2 if apostrophe and self._capital(found, i + 1) else i
        if gaps[i] == _NOTHING:
            some = low in self.bound or self._double(found, at)
            named = self._capital(found, at) and self._kind(low)[0] in ("name", "place")
            while i + 1 < min(len(found), at + _LONGEST) and forms[i] == "-" and gaps[i] == gaps[i + 1] == _NOTHING:
                bound = forms[i + 1].lower() in self.bound or (named and forms[i + 1] in self.linking)
                if not (some or bound) or not (bound or (self._capital(found, i + 1) and forms[i + 1].isalpha())):
                    break
                some, i = True, i + 2
            name = found.text[int(found.start[at]) : int(found.end[i - 1])].lower()
            return i if i > at + 1 and self._capital(found, i - 1) and name not in self.known else at + 1
        if self._unknown(found, at) and self._middle(found, at):
            while i < min(len(found), at + _LONGEST) and gaps[i] == _LINE and self._unknown(found, i):
                i += 1
            return i
        while low in self.particles and i < min(len(found), at + _LONGEST) and gaps[i] == _LINE:
            low = forms[i].lower()
            if low not in self.particles:
                return i + 1 if self._capital(found, i) and low.isalpha() and self._kind(low)[0] == "name" else at + 1
            i += 1
        return at + 1

    def _state(self, found: Atoms, at: int) -> int:
        """Where a state's name of several words ends that begins at an atom, or 0: "South Korea", not "South Koreans"."""
        for rest in self.several.get(found.forms[at].lower(), ()):
            end = at + 1 + len(rest)
            there = [form.lower() for form in found.forms[at + 1 : end]] == list(rest)
            if there and all(self._capital(found, i) and (i == at or found.gap[i] == _LINE) for i in range(at, end)):
                return end
        return 0

    def _initial(self, found: Atoms, at: int) -> int:
        """Where the surname behind an initial ends that stands between two names, or 0: "Ada [D. Halvik]"."""
        if not at or len(found.forms[at]) > 1 or not found.forms[at].isupper():
            return 0
        dotted = at + 1 < len(found) and found.forms[at + 1] == "." and found.gap[at + 1] == _NOTHING
        surname = at + 1 + dotted
        if surname >= len(found) or not found.gap[at] == found.gap[surname] == _LINE:
            return 0
        before = self._unknown(found, at - 1) or (self._capital(found, at - 1) and found.forms[at - 1].lower() in self.given)
        return surname + 1 if before and self._unknown(found, surname) else 0

    def _double(self, found: Atoms, at: int) -> bool:
        """Whether two names with a hyphen between them are one: "Ada Halvik-Renn said", not "the Halvik-Renn talks"."""
        forms = found.forms
        if at + 2 >= len(forms) or forms[at + 1] != "-" or not all(self._unknown(found, i) for i in (at, at + 2)):
            return False
        before, after = forms[at - 1].lower() if at else "", forms[at + 3].lower() if at + 3 < len(forms) else ""
        return before not in self.determiners and after not in self.between

    def _middle(self, found: Atoms, at: int) -> bool:
        """Whether a name is the second of three or more: "Ada [Dessal] Halvik"."""
        around = (at - 1, at + 1)
        return all(0 <= i < len(found) and self._unknown(found, i) and found.gap[max(i, at)] == _LINE for i in around) and not (
            at > 1 and found.gap[at - 1] == _LINE and self._unknown(found, at - 2)
        )

    def _unknown(self, found: Atoms, at: int) -> bool:
        """Whether a word is a name that no list has."""
        return self._capital(found, at) and found.forms[at].isalpha() and self._kind(found.forms[at].lower())[0] == "name"

    @staticmethod
    def _capital(found: Atoms, at: int) -> bool:
        return found.case[at] in (_CAPITAL, _MIXED) and len(found.forms[at]) > 1

    def __call__(self, found: Atoms, *, first: int = 0) -> Atoms:
        """The text as the encoder reads it; `first` is the place of the first stand-in among those of its kind."""
        found = replace(found, case=self._as_in_a_text(found))
        forms, case = list(found.forms), found.case.copy()
        self._rename(found, forms, case, first)
        self._turn(found, forms)
        return replace(found, forms=forms, case=case)

    def _as_in_a_text(self, found: Atoms) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The cases of atoms with words in small letters that have capitals as all words of their line do, as in a Headline Like This."""
        cases, forms = found.case.tolist(), found.forms
        told = [len(form) >= _SHORTEST and form.isalpha() for form in forms]
        for start, end in pairwise((0, *np.flatnonzero(found.gap[1:] > _LINE) + 1, len(found))):
            long = [i for i in range(start + 1, end) if told[i]]
            if sum(cases[i] == _CAPITAL for i in long) < max(_FEWEST, _MOSTLY * len(long)):
                continue
            plain = {i for i in range(start + 1, end) if forms[i].isalpha() and self._ordinary(forms[i].lower())}
            long = [i for i in long if i in plain]
            capitals = [i for i in plain if cases[i] == _CAPITAL]
            if len(set(capitals) & set(long)) >= max(_FEWEST, _MOSTLY * len(long)):
                for i in capitals:
                    cases[i] = 0
        return np.array(cases, np.int64)

    def _ordinary(self, low: str) -> bool:
        """Whether a word, in small letters, is nobody's name."""
        return self._kind(low) == _PLAIN and low not in self.surnames and low not in self.given

    def _rename(self, found: Atoms, forms: list[str], case: "np.ndarray[tuple[int], np.dtype[np.int64]]", first: int) -> None:
        seen: dict[tuple[str, str], int] = {}
        counts = {"name": first, "place": first, "state": first}
        for at, kind, who in self._named(found):
            group = "state" if kind in _FORMS else kind
            number = seen.get((group, who))
            if number is None:
                number = seen[group, who] = counts[group]
                counts[group] += 1
            if group == "state":
                forms[at] = self.states[number % len(self.states)][_FORMS[kind]]
            else:
                standing = self.names if kind == "name" else self.places
                forms[at] = standing[number % len(standing)]
            if case[at] == _MIXED or (case[at] == _CAPITALS and not self._among_capitals(found, at)):
                case[at] = _CAPITAL
            if at and forms[at - 1].lower() in ("a", "an"):
                forms[at - 1] = "an" if forms[at][0] in "AEIO" else "a"

    def _named(self, found: Atoms) -> Iterator[tuple[int, Kind, str]]:
        """The atoms that are replaced, with what they are and whose they are."""
        forms, cases, gaps = found.forms, found.case.tolist(), found.gap.tolist()
        lower = [form.lower() for form in forms]
        kinds = [
            self._kind(low) if case in (_CAPITAL, _MIXED) and low[0].isalpha() else None for low, case in zip(lower, cases, strict=True)
        ]
        met = {low for low, kind in zip(lower, kinds, strict=True) if kind and kind[0] == "name"}
        met |= {low for i, low in enumerate(lower) if cases[i] == _CAPITALS and len(low) >= _SHORTEST and self._shouted(found, i)}
        for i, kind in enumerate(kinds):
            if kind is None or kind[0] == "name" or cases[i] != _CAPITAL or len(lower[i]) < 2:
                continue
            before = self._before(lower, gaps, i)
            alone = lower[i] in self.surnames and before not in self.determiners and (before.isalpha() or self._amid(found, i))
            if (
                before in self.titles
                or (before in self.given and kinds[i - 1] is not None)
                or (alone and not self._beside(kinds, gaps, i, opened=before in self.openers))
            ):
                met.add(lower[i])
            elif lower[i] in self.given and i + 1 < len(forms) and gaps[i + 1] == _LINE and (kinds[i + 1] or ("",))[0] == "name":
                kinds[i] = "name", lower[i]
        for i, kind in enumerate(kinds):
            named = kind is not None or (cases[i] == _CAPITALS and len(lower[i]) >= _SHORTEST)
            if lower[i] in met and named:
                yield i, "name", lower[i] if self.opens(lower[i].split()[0]) else lower[i].rsplit(" ", 1)[-1]
            elif kind is not None and kind[0]:
                yield i, kind[0], kind[1]

    @staticmethod
    def _among_capitals(found: Atoms, at: int) -> bool:
        """Whether a word in capitals stands beside another of its line, as in a headline."""
        beside = ((at - 1, at), (at + 1, at + 1))
        return any(0 <= i < len(found) and found.case[i] == _CAPITALS and found.gap[gap] == _LINE for i, gap in beside)

    def _shouted(self, found: Atoms, i: int) -> bool:
        """Whether a word in capitals is somebody's name: a given one, or who speaks in a transcript ("HALVIK: We do.")."""
        low, end, begin = found.forms[i].lower(), i, i
        while end + 1 < min(len(found), i + _LONGEST) and found.case[end + 1] == _CAPITALS and found.gap[end + 1] <= _LINE:
            end += 1
        while begin and found.case[begin - 1] == _CAPITALS and found.gap[begin] <= _LINE:
            begin -= 1
        speaks = end + 1 < len(found) and found.forms[end + 1] == ":" and (found.gap[begin] > _LINE or found.forms[begin - 1] in ENDS)
        return low in self.given or (speaks and low.isalpha() and self._kind(low)[0] == "name")

    @staticmethod
    def _amid(found: Atoms, i: int) -> bool:
        """Whether a word stands after a comma and before a word in small letters: ", Hill said"."""
        after = i + 1 < len(found) and found.gap[i + 1] == _LINE and found.case[i + 1] == 0 and found.forms[i + 1].isalpha()
        return i > 0 and found.forms[i - 1] == "," and found.gap[i] == _LINE and bool(after)

    @staticmethod
    def _beside(kinds: list[tuple[Kind, str] | None], gaps: list[int], i: int, *, opened: bool) -> bool:
        """Whether a word with a capital stands behind ("Hill Street"), or one that is no name before ("Capitol Hill", not "But Hill")."""
        behind = i + 1 < len(kinds) and gaps[i + 1] == _LINE and kinds[i + 1] is not None
        return behind or (not opened and (kinds[i - 1] or ("name",))[0] != "name")

    @staticmethod
    def _before(lower: list[str], gaps: list[int], i: int) -> str:
        """The word before, of the same line; the full stop of a short one ("Sen. Brown") is passed over."""
        if i == 0 or gaps[i] != _LINE:
            return ""
        if lower[i - 1] == "." and i > 1 and gaps[i - 1] == 1 and len(lower[i - 2]) < _SHORTEST:
            return lower[i - 2]
        return lower[i - 1]

    def _kind(self, low: str) -> tuple[Kind, str]:
        if low in self.known:
            return self.known[low]
        plain = len(low) < 2 or low in self.plain or any(base in self.plain for base in bases(low))
        return _PLAIN if plain else ("name", low)

    def stranger(self, word: str) -> bool:
        """Whether a word, in small letters, is no word and no name that a list has: somebody's name, or part of it."""
        return self._kind(word)[0] == "name" or self.opens(word)

    def refers(self, word: str) -> bool:
        """Whether a word, in small letters, is a name, or a state's or its people's: "halvik", "french", not "fatal"."""
        return bool(self._kind(word)[0])

    def opens(self, word: str) -> bool:
        """Whether a word in small letters can be the first part of a name: "van", "al"."""
        return word in self.particles or word in self.bound

    def common(self, word: str) -> bool:
        """Whether a word with a capital tells what somebody is and not who: "Democrat", "Experts"."""
        low = word.lower()
        plural = low.endswith("s") and any(base in self.plain for base in bases(low)) and self._kind(low) == _PLAIN
        return low in self.ordinary or (plural and low not in self.surnames)

    def _turn(self, found: Atoms, forms: list[str]) -> None:
        """Words of sides: those of the side that a text names first become those of the first row, and so on."""
        lower = [form.lower() for form in found.forms]
        for side in self.sides:
            order: dict[int, int] = {}
            for i, word in enumerate(lower):
                low = side.read_as.get(word, word)
                place = side.places.get(low)
                if place is None or not self._sided(found, lower, i, side):
                    continue
                row, column = place
                number = order.setdefault(row, len(order))
                if number != row or low != word:
                    column = side.places["his"][1] if low == "her" and self._owned(found, lower, i + 1) else column
                    forms[i] = side.rows[number][column]

    def _sided(self, found: Atoms, lower: list[str], i: int, side: Sides) -> bool:
        """Whether the word at a place stands for its side where it stands."""
        after = lower[i + 1 : i + 4]
        if side.only_before:
            return bool(side.only_before & set(after[1:2] if after[:1] == ["-"] else after[:1]))
        if after[:1] and after[0] in side.unless_before and len(after) > 1:
            behind = after[1] in self.determiners or found.case[i + 2] != 0
            return not behind and after[1].isalpha()
        return True

    def _owned(self, found: Atoms, lower: list[str], i: int) -> bool:
        """Whether the word at a place can be what "her" owns: "her letters", "her “secret” letters", not "saw her there"."""
        if i < len(lower) and lower[i] in QUOTES and found.gap[i] == _LINE:
            end = next((j for j in range(i + 1, min(i + _LONGEST, len(lower))) if lower[j] in QUOTES and found.gap[j] == _NOTHING), i)
            return end > i + 1 and end + 1 < len(lower) and lower[end + 1][0].isalnum()
        if i >= len(lower) or found.gap[i] != _LINE or not lower[i][0].isalnum() or lower[i] in self.after_her:
            return False
        return not lower[i].endswith("ly") or (i + 1 < len(lower) and lower[i + 1][0].isalnum())  # "saw her plainly."


def bases(word: str) -> Iterator[str]:
    """What a word in small letters may be a regular form of, or a form of such a form: "marched", "bombings", "reportedly"."""
    for base in _bases(word):
        yield base
        yield from _bases(base)


def _bases(word: str) -> Iterator[str]:
    for ending, bare in (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield stem + bare
            if not bare and ending in ("ed", "ing") and stem[-1] == stem[-2]:
                yield stem[:-1]


@cache
def blinding(code: str = "en") -> Blinding:
    """The language's stand-ins (`data/<code>/blinding.toml`), its words (`plain.tsv`), and the gazetteer's names of one word."""
    table = parsed("blinding", code)
    lines = (files("allegedly") / "data" / code / "plain.tsv").read_text("utf8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    known: dict[str, tuple[Kind, str]] = {}
    parts: set[str] = set()
    gaz = gazetteer()
    for key, entry in gaz.names.items():
        if not entry.told:
            continue
        if not key.isalpha():
            parts.update((key, *key.replace("-", " ").split()))
        elif entry.kind == "country" and key not in gaz.capitals_only:
            known[key] = "state", entry.country or key
        else:
            known[key] = ("place", key) if entry.kind in ("place", "capital") else ("", "")
    for key, country in gaz.demonyms.items():
        if key.isalpha() and key not in gaz.capitals_only:
            plural = key.endswith("s") and (key[:-1] in gaz.demonyms or not key.endswith(("ss", "us", "is")))
            known[key] = ("peoples" if plural else "people"), country
    several: dict[str, tuple[tuple[str, ...], ...]] = {}
    described = frozenset(table["described"])
    for key, entry in gaz.names.items():
        first, *rest = key.split()
        if entry.kind == "country" and rest and all(map(str.isalpha, key.split())) and described.isdisjoint((first, *rest)):
            known[key] = "state", entry.country or key
            several[first] = tuple(sorted((*several.get(first, ()), tuple(rest)), key=len, reverse=True))
    sided = (word for one in table["sides"] for row in one["rows"] for word in row)
    known = dict.fromkeys(parts, _PLAIN) | known | dict.fromkeys((*table["ordinary"], *sided), _PLAIN)
    known |= {word: ("name", word) for word in (*table["persons"], *(word.lower() for word in words if word[0].isupper()))}
    return Blinding(
        names=tuple(table["names"]),
        places=tuple(table["places"]),
        states=tuple((name, people, peoples) for name, people, peoples in table["states"]),
        sides=tuple(
            Sides(
                rows=tuple(map(tuple, one["rows"])),
                only_before=frozenset(one.get("only_before", ())),
                unless_before=frozenset(one.get("unless_before", ())),
                read_as=one.get("read_as", {}),
            )
            for one in table["sides"]
        ),
        after_her=frozenset(table["after_her"]),
        titles=frozenset(table["titles"]),
        plain=frozenset(words),
        known=known,
        given=frozenset(table["given"]),
        several=several,
        particles=frozenset(table["particles"]),
        bound=frozenset(table["bound"]),
        linking=frozenset(table["linking"]),
        surnames=frozenset(table["surnames"]),
        determiners=frozenset(table["determiners"]),
        openers=frozenset(table["openers"]),
        between=frozenset(table["between"]),
        ordinary=frozenset(table["ordinary"]),
    )


def parted(found: Analysis, joined: Atoms) -> Analysis:
    """The analysis with the words of joined names apart again: the parts of a name hang on its first, or on what that hung on flatly;
    those of a state's on its last.
    """
    made = {int(start) for start, form in zip(joined.start, joined.forms, strict=True) if form[0].isalpha() and _PARTS.search(form)}
    if not made:
        return found
    several = blinding().several
    tokens: list[Token] = []
    first: list[int] = []  # of each word, and of the end, the place of its first part
    main: list[int] = []  # and of the one that has its relations: the last of a state's, else the first
    for token in found.tokens:
        first.append(len(tokens))
        parts = _PART.findall(token.form) if token.start in made and _PARTS.search(token.form) else [token.form]
        state = len(parts) > 1 and tuple(map(str.lower, parts[1:])) in several.get(parts[0].lower(), ())
        main.append(first[-1] + (len(parts) - 1 if state else 0))
        at = token.start
        for number, part in enumerate(parts):
            at = found.text.index(part, at)
            whole = first[-1] + number == main[-1]
            head = token.head if whole or token.relation == "flat" else -2 - main[-1]  # which is not counted anew
            relation = token.relation if whole else "compound" if state else "flat"
            own = replace(token, start=at, end=at + len(part), form=part, lemma=part, head=head, relation=relation)
            own = replace(own, upos="PUNCT", features="", relation="punct") if part == "-" else own
            tokens.append(own if len(parts) > 1 else token)
            at += len(part)
    first.append(len(tokens))
    heads = [token.head if token.head == -1 else main[token.head] if token.head >= 0 else -2 - token.head for token in tokens]
    return replace(
        found,
        tokens=tuple(t if t.head == head else replace(t, head=head) for t, head in zip(tokens, heads, strict=True)),
        sentences=tuple((first[a], first[b]) for a, b in found.sentences),
        mentions=tuple(replace(m, first=first[m.first], last=first[m.last], head=main[m.head]) for m in found.mentions),
        acts=tuple(replace(a, token=main[a.token]) for a in found.acts),
        stances=tuple(replace(s, token=main[s.token]) for s in found.stances),
        links=tuple(replace(k, token=main[k.token], antecedent=main[k.antecedent]) for k in found.links),
        wording=tuple(replace(w, first=first[w.first], last=first[w.last]) for w in found.wording),
    )
