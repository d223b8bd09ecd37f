"""Entities that have names: countries, persons, bodies and places, found again by their names.

Indexes of what was met so far, each bounded, so that a name costs the same wherever it stands. Only positions
and types decide, never which name it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from allegedly.gazetteer import Gender, fold, head_nouns
from allegedly.reading.coreference import Profile
from allegedly.reading.described import Draft
from allegedly.reading.mentions import Gathered, Title
from allegedly.reading.names import WINDOW, spellings
from allegedly.records import Analysis, EntityType

SHORTLIST = 8  # candidates kept under one key


@dataclass(slots=True)
class Entry:
    """An entity under work. `words` are those of its name or, for a description, its modifiers."""

    type: EntityType
    rules: list[str]
    named: bool = field(kw_only=True)
    words: tuple[str, ...] = ()
    country: str | None = None
    sector: str | None = None
    gender: Gender = ""
    plural: bool = False
    definite: bool = True
    foreign: bool = False
    titles: set[str] = field(default_factory=set)
    addressed: tuple[int, str] = (-1, "")  # the last "Mrs", "Ms" or the like, with its sentence
    drafts: list[int] = field(default_factory=list)
    byline: str = ""
    heads: dict[str, Profile] = field(default_factory=dict)  # by noun the last description with it
    met: dict[str, frozenset[str]] = field(default_factory=dict)  # by noun all modifiers it came with


def _keys(name: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What the spellings of a name have in common; several for a name with letters that stand for several sounds."""
    return sorted(product(*(spellings(word) for word in name))) if len(name) <= 4 else []


class Naming:
    """The entities under work and the indexes that names are looked up in."""

    def __init__(self, analysis: Analysis, date: str | None = None) -> None:
        found = Gathered(analysis)
        self.date = date
        self.found, self.drafts, self.acronyms = found, found.drafts, found.acronyms
        self.text, self.tokens, self.gaz, self.nouns = analysis.text, analysis.tokens, found.gaz, found.nouns
        self.entries: list[Entry] = []
        self.lists: dict[tuple[str, ...], list[int]] = {}  # shortlists, the most recent last
        self.exact: dict[tuple[object, ...], int] = {}
        self.joined: dict[int, int] = {}  # entities that were found to be others

    def _relation(self, i: int) -> str:
        token = self.tokens[i]
        if token.relation == "conj" and 0 <= token.head < len(self.tokens):
            return self.tokens[token.head].relation
        return token.relation

    def _governor(self, i: int) -> int:
        token = self.tokens[i]
        if token.relation == "conj" and 0 <= token.head < len(self.tokens):
            return self.tokens[token.head].head
        return token.head

    def _new(self, entry: Entry) -> int:
        self.entries.append(entry)
        return len(self.entries) - 1

    def _list(self, *key: str) -> list[int]:
        listed = self.lists.get(key, [])
        return listed if not self.joined else list(dict.fromkeys(self.joined.get(e, e) for e in listed))

    def _remember(self, entity: int, *key: str) -> None:
        """Puts an entity last, the most recent, in the shortlist under a key."""
        listed = self.lists.setdefault(key, [])
        if entity in listed:
            listed.remove(entity)
        listed.append(entity)
        del listed[:-SHORTLIST]

    # --- names ---------------------------------------------------------------------------------------------

    def _name(self, draft: Draft) -> int:
        first, last = draft.core
        surface = self.text[self.tokens[first].start : self.tokens[last - 1].end]
        words = self.found.words(draft)
        if " ".join(words) in self.acronyms:
            return self._body(draft, words, "organization")
        kind = self.found.voted(draft, words)
        entity = self._from_gazetteer(draft, surface, words, kind)
        if entity is not None:
            return entity
        if kind == "person":
            return self._person(draft, words)
        return self._body(draft, words, kind)

    def _from_gazetteer(self, draft: Draft, surface: str, words: list[str], kind: EntityType) -> int | None:
        """A country, capital, seat of power, nationality or organisation that the gazetteer knows, with the type it has there.

        A person keeps a name that others bear too ("Jordan"), and so does whoever shares the surname of a person in the text.
        A capital that acts (an active subject) is its government. Missed: namesakes ("Georgia" in the United States).
        """
        known = self.found.meant(surface)
        known = known.at(self.date) if known is not None else None
        bearer = kind == "person" and (len(words) > 1 or (known is not None and known.person) or bool(self._list("surname", words[-1])))
        if known is None:
            return None if bearer else self._people(draft, surface)
        borne = kind in ("person", "place") and (known.person or bool(self._list("surname", words[-1])) or self._titled(draft))
        if (bearer and not (known.kind == "country" and len(words) > 1)) or (known.kind == "organization" and borne):
            return None
        if known.kind == "country":
            return self._keyed(("country", known.country), Entry("country", ["gazetteer:country"], named=True, country=known.country))
        if known.kind == "place":
            return self._keyed(("place", known.name), Entry("place", ["gazetteer:place"], named=True, country=known.country))
        if known.kind == "capital":
            acts = known.actor and self._relation(draft.head) == "nsubj" and self._verbal(self._governor(draft.head))
            if not acts:
                entry = Entry("place", ["gazetteer:capital"], named=True, country=known.country)
                return self._keyed(("capital", known.name), entry)
            entry = Entry("organization", ["gazetteer:capital as government"], named=True, country=known.country, sector="GOV")
            return self._keyed(("seat", known.country), entry)
        rule = "gazetteer:seat" if known.kind == "metonym" else f"gazetteer:{known.label}"
        name = fold(known.name)
        entry = Entry("organization", [rule], named=True, words=tuple(name.split()), country=known.country, sector=known.sector)
        entity = self._keyed((known.kind, known.name), entry)
        for key in (name, " ".join(words)):  # so that its acronym and shorter forms find it
            self.exact.setdefault(("body", key), entity)
        self._called(entity)
        return entity

    def _called(self, entity: int) -> None:
        """Puts a body where shorter forms of its name look: under its head nouns, its first word, its initials."""
        words = self.entries[entity].words
        for noun in head_nouns(words):
            self._remember(entity, "head", noun)
        self._remember(entity, "first", words[0])
        initials = self._initials(words)
        if len(initials) > 2:
            self.exact.setdefault(("initials", initials), entity)

    def _titled(self, draft: Draft) -> bool:
        title = self.found.title(draft)
        return bool(title.nouns or title.gender)

    def _verbal(self, i: int) -> bool:
        return 0 <= i < len(self.tokens) and self.tokens[i].upos == "VERB"

    def _people(self, draft: Draft, surface: str) -> int | None:
        """A nationality: its people as a group, the country where it only modifies ("Chilean miners"), one person in the singular."""
        code = self.gaz.demonym(surface)
        if code is None:
            return None
        token = self.tokens[draft.head]
        if token.relation in ("amod", "compound", "nmod:desc"):
            return self._keyed(("country", code), Entry("country", ["gazetteer:demonym"], named=True, country=code))
        if "Number=Sing" in token.features and token.upos in ("NOUN", "PROPN") and not fold(surface).endswith(("ese", "ish", "ch")):
            return self._new(Entry("person", ["gazetteer:demonym"], named=False, country=code))
        return self._keyed(("people", code), Entry("group", ["gazetteer:demonym"], named=True, country=code, plural=True))

    def _keyed(self, key: tuple[object, ...], entry: Entry) -> int:
        if key not in self.exact:
            self.exact[key] = self._new(entry)
        return self.exact[key]

    def _person(self, draft: Draft, words: list[str]) -> int:
        """A person by full name, or by a surname, a particle and surname, or a first name that only one person bears.

        People of one surname stay apart by their first names; the surname alone then means the one with the same title, or
        else the most recent. A full name takes over an entity known so far by surname only. What differs only in how it is
        romanised is one name ("Masoud", "Massoud"), where the same spelling is nowhere before. Missed: nicknames, maiden names.
        """
        title = self.found.title(draft)
        full = tuple(w for w in (x.strip("-'\"“”") for x in words) if len(w) > 1 and w not in self.nouns.words["suffixes"]) or tuple(words)
        entity = self._same_person(full)
        if entity is None or not self._meant(entity, title):
            entity = self._surname(full, title)
        if entity is None:
            entity = self._new(Entry("person", ["name"], named=True))
        self._describe_person(entity, full, title)
        return entity

    def _surname(self, full: tuple[str, ...], title: Title) -> int | None:
        """Who is meant by a surname or a first name alone, or was meant by the surname of this full name."""
        same = [e for e in self._list("surname", " ".join(full)) if self._meant(e, title)]
        same = same or [e for e in self._spelt(full) if self._meant(e, title)]
        if not same and len(full) > 1:
            last = self._list("surname", full[-1]) or self._spelt(full[-1:])
            same = [e for e in last if len(self.entries[e].words) == 1 and self._meant(e, title)]
        titled = [e for e in same if self.entries[e].titles & set(title.nouns)]
        given = self._list("given", full[0]) if len(full) == 1 and not same else []
        choice = titled[-1:] or same[-1:] or (given if len(given) == 1 else [])
        return choice[0] if choice else None

    def _spelt(self, name: tuple[str, ...]) -> list[int]:
        """Entities whose name is written like this one but for its romanisation."""
        return [e for key in _keys(name) for e in self._list("spelt", *key)] if len(name) <= 4 else []

    def _same_person(self, full: tuple[str, ...]) -> int | None:
        """Who bears this full name, or one that it ends in or has words between ("Ada Lund" of "Senator-elect Ada Lund", "Ada M. Lund")."""
        if len(full) < 2:
            return None
        for start in range(len(full) - 1):
            if ("person", full[start:]) in self.exact:
                return self.exact["person", full[start:]]
        for entity in reversed(self._list("surname", full[-1])):
            known = self.entries[entity].words
            one_in_other = set(known) <= set(full) or set(full) <= set(known)
            if len(known) > 1 and (known[0], known[-1]) == (full[0], full[-1]) and one_in_other:
                return entity
        return None

    def _meant(self, entity: int, title: Title) -> bool:
        """Whether a title fits: "Mr Lund" and "Mrs Lund" are two, and so are "Ms Lund" and "Mrs Lund" of one sentence."""
        sentence, honorific = self.entries[entity].addressed
        two = sentence == title.sentence and {title.honorific, honorific} == {"mrs", "ms"}
        return not two and self._agrees(entity, title.gender)

    def _agrees(self, entity: int, gender: Gender) -> bool:
        return not gender or self.entries[entity].gender in ("", gender)

    def _describe_person(self, entity: int, full: tuple[str, ...], title: Title) -> None:
        entry = self.entries[entity]
        if len(full) > len(entry.words):
            entry.words = full
        if len(full) > 1:
            self.exact.setdefault(("person", full), entity)
            for spelt in _keys(full):
                self._remember(entity, "spelt", *spelt)
            for word in full[:-1][:4]:
                self._remember(entity, "given", word)
        bare = full[-1].removeprefix("al-").removeprefix("el-")
        for key in {" ".join(entry.words[i:]) for i in range(max(len(entry.words) - 4, 0), len(entry.words))} | {full[-1], bare}:
            self._remember(entity, "surname", key)
        for spelt in _keys(full[-1:]):
            self._remember(entity, "spelt", *spelt)
        entry.gender = entry.gender or title.gender
        entry.addressed = (title.sentence, title.honorific) if title.honorific else entry.addressed
        for noun in title.nouns:
            entry.titles.add(noun)
            self._remember(entity, "title", noun.split()[-1])
            role = self.nouns.roles.get(noun)
            if role is not None and role.sector and entry.sector is None:
                entry.sector = "ELI" if title.former else role.sector
                entry.rules.append(f"title:{noun}")
        entry.country = entry.country or title.country

    def _body(self, draft: Draft, words: list[str], kind: EntityType) -> int:
        """An organisation, place or thing by name, acronym or a shorter name that ends alike ("the Workers Union").

        A company is also known by the words that it begins with. Missed: translated names; two bodies, one named by the last
        words of the other, where the shorter name comes second.
        """
        key = " ".join(words)
        long = self.acronyms.get(key, key)
        acronym = long != key
        entity = self.exact.get(("body", long))
        if entity is None and kind != "place" and len(words) == 1:
            entity = self.exact.get(("initials", words[0]))
        if entity is None and kind in ("organization", "group", "other") and not acronym:
            near = [e for e in self._list("head", words[-1]) if set(words) < set(self.entries[e].words)]
            near = near if len(words) > 1 or len(near) == 1 else []
            starts = [e for e in self._list("first", words[0]) if self.entries[e].words[: len(words)] == tuple(words)]
            entity = next(iter(near[-1:] or (starts[-1:] if kind == "organization" else [])), None)
        if entity is None and not acronym:
            entity = next((e for e in reversed(self._spelt(tuple(words))) if self.entries[e].type != "person"), None)
        if entity is None and kind in ("organization", "group", "other") and len(words) > 2:
            entity = self.exact.get(("capitals", self._initials(words)))
        if entity is None:
            entity = self._new(Entry(kind, ["acronym" if acronym else "name"], named=True, words=tuple(long.split())))
            self._describe_body(entity)
            if len(words) == 1 and len(key) > 2 and self.tokens[draft.head].form.isupper():
                self.exact.setdefault(("capitals", key), entity)
        self.exact.setdefault(("body", long), entity)
        for spelt in _keys(tuple(words)):
            self._remember(entity, "spelt", *spelt)
        entry = self.entries[entity]
        if acronym and "acronym" not in entry.rules:
            entry.rules.insert(1, "acronym")
        if entry.type in ("organization", "group"):
            entry.country = entry.country or self._country_before(draft)
            self._called(entity)
        return entity

    def _country_before(self, draft: Draft) -> str | None:
        """The country named right before a body of state or party: "Kestria's Supreme Court", "the Kestrian Workers Party"."""
        at = draft.core[0] - 1
        if at > 0 and self.tokens[at].form in ("'s", "’s"):
            at -= 1
        near = at >= 0 and self.tokens[at].sentence == self.tokens[draft.head].sentence
        return self.found.country_ending(at) if near else None

    def _initials(self, words: Iterable[str]) -> str:
        return "".join(word[0] for word in words if word not in self.nouns.words["connectors"])

    def _describe_body(self, entity: int) -> None:
        entry = self.entries[entity]
        if entry.type not in ("organization", "group"):
            return
        heads = head_nouns(entry.words)
        at = entry.words.index(heads[-1])
        role = self.nouns.role(list(entry.words[:at]), heads[-1], list(entry.words[at + 2 :]))
        if role is not None and role.sector and role.type != "person":
            entry.sector = role.sector
            entry.rules.append(f"name:{role.noun}")
        short = [entry.words[0].upper()] if len(entry.words) > 1 else []  # "US Navy"
        parts = [*short, *(" ".join(entry.words[i : i + size]).title() for size in (2, 1) for i in range(len(entry.words[:WINDOW])))]
        codes = (self.gaz.country(part) for part in parts if part.lower() != entry.words[-1] or len(entry.words) == 1)
        entry.country = next((code for code in codes if code), None)
