"""Countries, nationality words, capitals, places and well-known organisations: what names mean before any article is read.

Also the nouns for people and bodies of a language (`data/<code>/nominals.toml`).

Facts only, from `data/gazetteer/`, each file with its source and date. No party, movement or armed group is in it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from allegedly.records import EntityType

Gender = Literal["masculine", "feminine", ""]
Kind = Literal["country", "capital", "metonym", "organization", "place"]


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the gazetteer. `person`: the name is also a person's. `actor`: the name can stand for the government."""

    kind: Kind
    name: str
    country: str | None = None
    sector: str | None = None
    lat: float | None = None
    lon: float | None = None
    person: bool = False
    actor: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by their folded form. Where a name is both a country's and a city's, the country is found; capitals go first."""

    names: dict[str, Known]
    capitals: dict[str, Known]
    demonyms: dict[str, str]
    capitals_only: frozenset[str]
    countries: dict[str, str]
    given: frozenset[str]
    doubles: dict[str, Known]

    def find(self, text: str) -> Known | None:
        """The entry with this name; None where a short form lacks its capitals ("us") or nothing is known."""
        key = fold(text)
        known = self.names.get(key)
        return known if known is not None and self._written(text, key) else None

    def demonym(self, text: str) -> str | None:
        """The country of a nationality word ("Norwegian", "Norwegians"), as its code."""
        key = fold(text)
        code = self.demonyms.get(key)
        return code if code is not None and self._written(text, key) else None

    def country(self, text: str) -> str | None:
        """The code behind a country's name or a nationality word."""
        known = self.find(text)
        return known.country if known is not None and known.kind == "country" else self.demonym(text)

    def _written(self, text: str, key: str) -> bool:
        bare = re.sub(r"^[/–—]*(?:[Tt]he\s+)?", "", text)
        return bare.isupper() if key in self.capitals_only else not bare[:1].islower()


def fold(text: str) -> str:
    """The form under which names are compared: no case, full stops, commas, leading article or possessive."""
    text = " ".join(text.replace("’", "'").replace(".", "").replace(",", " ").casefold().split())
    return text.lstrip("/–—").removeprefix("the ").removesuffix("'s").removesuffix("'")


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Countries, demonyms, capitals, places, given names and organisations from `data/gazetteer/`."""
    countries, demonyms, capitals, bodies = (_load(name) for name in ("countries", "demonyms", "capitals", "organisations"))
    names: dict[str, Known] = {}
    cities: dict[str, Known] = {}
    short: set[str] = set()
    long: set[str] = set()

    def add(spellings: Iterable[str], entry: Known, table: dict[str, Known]) -> None:
        for spelling in spellings:
            bare = spelling.replace(".", "")
            (short if bare.isupper() and len(bare) <= 6 else long).add(fold(spelling))
            table.setdefault(fold(spelling), entry)

    for code, spellings in countries["names"].items():
        person = spellings[0] in countries["also_person"]
        add(spellings, Known("country", spellings[0], code, person=person, note=countries["notes"].get(code)), names)
    for code, (name, lat, lon, *others) in capitals["names"].items():
        actor = name not in capitals["not_government"]
        entry = Known("capital", name, code, lat=lat, lon=lon, person=name in capitals["also_person"], actor=actor)
        add([name, *others], entry, cities)
    for name, (code, sector) in capitals["metonyms"].items():
        add([name], Known("metonym", name, code, sector), names)
    for name, (sector, code, *others) in bodies["names"].items():
        add([name, *others], Known("organization", name, code or None, sector), names)
    places = _load("places")
    for code, spellings in places["names"].items():
        for name in spellings:
            add([name], Known("place", name, code or None, person=name in places["also_person"]), cities)
    people = {fold(form): code for code, forms in demonyms["names"].items() for form in _with_plurals(forms)}
    short.update(fold(form) for forms in demonyms["names"].values() for form in forms if form.replace(".", "").isupper())
    shown = {code: spellings[0] for code, spellings in countries["names"].items()}
    doubles = {fold(name): Known("place", name, code) for name, code in places["doubles"].items()}
    given = frozenset(fold(name) for listed in _load("given_names")["names"].values() for name in listed)
    return Gazetteer({**cities, **names}, cities, people, frozenset(short - long), shown, given, doubles)


def _with_plurals(forms: Iterable[str]) -> Iterator[str]:
    for form in forms:
        yield form
        if not form.endswith(("s", "sh", "ch", "ese", "man", "men", ".")) and not form.isupper():
            yield form + "s"


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files("allegedly") / "data" / "gazetteer" / f"{name}.toml").read_text(encoding="utf-8"))


# --- nouns for people and bodies -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Role:
    """What a noun says of whoever it describes. `sector` is empty when it says none."""

    noun: str
    type: EntityType
    sector: str


@dataclass(frozen=True, slots=True)
class Nominals:
    """The nouns, titles and function words of a language that these rules use."""

    roles: dict[str, Role]
    transparent: dict[str, str]
    hypernyms: dict[str, EntityType]
    gender: dict[str, Gender]
    titles: dict[str, str]
    pronouns: dict[str, str]
    words: dict[str, frozenset[str]]
    name_heads: dict[str, EntityType]
    place_first: frozenset[str]

    def named_by(self, words: list[str]) -> EntityType | None:
        """What a name's own words tell of it: its head ("Osk Workers Union", "Bank of Osk"), or how a place's name begins ("Mount Osk").

        The head is the last word or the one before "of" or "for". Missed: names without such a word, names of two heads.
        """
        if len(words) < 2:
            return None
        at = next((i for i, word in enumerate(words) if word in ("of", "for") and i > 0), len(words))
        kind = self.name_heads.get(words[at - 1])
        if kind is None and words[0] in self.place_first:
            return "place"
        return kind

    def role(self, before: list[str], head: str, after: list[str]) -> Role | None:
        """The role of a head noun given the words before it, the nearest last, and the nouns of its "of" or "for" phrase.

        Two words are tried before one ("foreign ministry"). A transparent noun ("leader", "spokesman") takes the sector of
        the nearest word that has one. Missed: roles told by a verb ("those who rebelled").
        """
        for joined in ([f"{before[-1]} {head}"] if before else []) + [f"{head} of {word}" for word in after[:1]]:
            if joined in self.roles:
                return self.roles[joined]
        own = self.roles.get(head)
        if head in self.transparent:
            kind: EntityType = own.type if own is not None else "other"
            for word in [*reversed(before), *after]:
                other = self.roles.get(word)
                if other is not None and other.sector and word not in self.transparent:
                    return Role(f"{word} {head}", kind, other.sector)
            return Role(head, kind, self.transparent[head])
        return own


@lru_cache(maxsize=2)
def nominals(code: str = "en") -> Nominals:
    """The nouns, titles and function words of `data/<code>/nominals.toml`."""
    data = tomllib.loads((files("allegedly") / "data" / code / "nominals.toml").read_text(encoding="utf-8"))
    roles: dict[str, Role] = {}
    kinds: tuple[EntityType, ...] = ("organization", "group", "person", "place", "country")
    for kind in kinds:
        for sector, listed in data.get(kind, {}).items():
            for noun in listed:
                roles.setdefault(noun, Role(noun, kind, sector))
    for kind in kinds:
        for noun in data["plain"].get(kind, []):
            roles.setdefault(noun, Role(noun, kind, ""))
    hypernyms: dict[str, EntityType] = {noun: kind for kind in kinds for noun in data["hypernyms"].get(kind, [])}
    masculine: dict[str, Gender] = dict.fromkeys(data["gender"]["masculine"], "masculine")
    feminine: dict[str, Gender] = dict.fromkeys(data["gender"]["feminine"], "feminine")
    pronouns = {form: person for person, forms in data["pronouns"].items() for form in forms}
    words = {name: frozenset(listed) for name, listed in data["words"].items()}
    heads: dict[str, EntityType] = {
        noun: "organization" for noun, role in roles.items() if role.type in ("organization", "group") and noun not in words["not_in_names"]
    }
    listed = data["name_heads"]
    heads |= dict.fromkeys(listed["organization"], "organization") | dict.fromkeys(listed["place"], "place")
    first = frozenset(listed["place_first"])
    return Nominals(roles, data["transparent"], hypernyms, masculine | feminine, data["titles"], pronouns, words, heads, first)


def head_nouns(words: tuple[str, ...]) -> tuple[str, ...]:
    """The nouns by which a body can be called: the last word and, before "of" or "for", the word there ("Bank of Osk": the bank)."""
    at = next((i for i, word in enumerate(words) if word in ("of", "for") and i > 0), None)
    return (words[-1],) if at is None else (words[-1], words[at - 1])
