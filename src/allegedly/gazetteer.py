"""Countries, nationality words, capitals, places and well-known organisations: what names mean before any article is read.

Also the nouns for people and bodies of a language (`data/<code>/nominals.toml`).

Facts only, from `data/gazetteer/`, each file with its source and date. Organisations, parties and armed groups have years too: what an
entry says holds from one to the other, and a text of another time is not read by it. A file of the user's own, named by the environment
variable ALLEGEDLY_GAZETTEER, adds entries and overrides ours (docs/gazetteer.md).
"""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from allegedly.errors import LexiconError
from allegedly.records import EntityType

Gender = Literal["masculine", "feminine", ""]
Kind = Literal["country", "capital", "metonym", "organization", "place"]

_ARTICLE = re.compile(r"[a-z]{1,3}(?:-|'|’)?[A-ZÀ-Þ]")  # "al-Qaida", "eBay"
_LEADING = re.compile(r"^[/–—]*(?:[Tt]he\s+)?")


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the gazetteer. `person`: the name is also a person's. `actor`: the name can stand for the government.

    `phases` are (sector, country, from, to), "" for an open end; `label` is what its rule is called. `told`: the model reads the name.
    """

    kind: Kind
    name: str
    country: str | None = None
    sector: str | None = None
    lat: float | None = None
    lon: float | None = None
    person: bool = False
    actor: bool = False
    note: str | None = None
    phases: tuple[tuple[str, str, str, str], ...] = ()
    label: str = "organisation"
    told: bool = True

    def at(self, date: str | None) -> "Known | None":
        """The entry as it was on a date (ISO, as precise as known); None before it was. Without a date, only what always held. What is
        over stays a body, of which nothing else holds.
        """
        if not self.phases:
            return self
        held = [phase for phase in self.phases if date is None or _within(date, phase[2], phase[3])]
        if not held:
            over = date is not None and all(end and end < date[: len(end)] for _, _, _, end in self.phases)
            return replace(self, sector=None, country=None) if over else None
        sectors, countries = {phase[0] for phase in held}, {phase[1] for phase in held}
        sector, country = held[-1][:2] if date is not None else (next(iter(x)) if len(x) == 1 else "" for x in (sectors, countries))
        return replace(self, sector=sector or None, country=country or None)


def _within(date: str, start: str, end: str) -> bool:
    """Whether a date lies between two others, each as precise as it is known."""
    return start[: len(date)] <= date[: len(start)] and (not end or date[: len(end)] <= end)


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
    beginnings: frozenset[str]

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
        bare = _LEADING.sub("", text)
        return bare.isupper() if key in self.capitals_only else not bare[:1].islower() or bool(_ARTICLE.match(bare))


@lru_cache(maxsize=1 << 14)
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
    listed = [*_bodies(bodies, "organisation"), *_bodies(_load("groups"), ""), *_tabled()]
    taken = Counter(key for _, spellings in listed for key in {fold(s) for s in spellings})
    for entry, spellings in listed:  # another name of two bodies stands for neither
        add([s for s in spellings if taken[fold(s)] == 1 or s == entry.name], entry, names)
    for entry, spellings in _bodies(_user_table(), "user"):
        for spelling in spellings:
            names.pop(fold(spelling), None)
        add(spellings, entry, names)
    places = _load("places")
    for code, spellings in places["names"].items():
        for name in spellings:
            add([name], Known("place", name, code or None, person=name in places["also_person"]), cities)
    people = {fold(form): code for code, forms in demonyms["names"].items() for form in _with_plurals(forms)}
    short.update(fold(form) for forms in demonyms["names"].values() for form in forms if form.replace(".", "").isupper())
    shown = {code: spellings[0] for code, spellings in countries["names"].items()}
    doubles = {fold(name): Known("place", name, code) for name, code in places["doubles"].items()}
    given = frozenset(fold(name) for listed in given_names().values() for name in listed)
    every = {**cities, **names}
    beginnings = frozenset(re.split(r"[ '-]", key)[0] for key in every if not key.isalnum())
    return Gazetteer(every, cities, people, frozenset(short - long), shown, given, doubles, beginnings)


def _bodies(table: dict[str, Any], label: str) -> Iterator[tuple[Known, list[str]]]:
    """The dated entries of a table and of those in it, with all their names. `label` "" takes that of the outermost table."""
    labels = {"armed": "armed group", "party": "party"}
    persons = frozenset(table.get("also_person", ()))
    for name, value in table.items():
        if isinstance(value, dict) and name != "sources":
            for entry, spellings in _bodies(value, label or labels.get(name, "organisation")):
                yield replace(entry, person=bool(persons & set(spellings))), spellings
        elif isinstance(value, list) and value and name != "also_person":
            phases = value if isinstance(value[0], list) else [value]
            if not all(len(phase) >= 5 and all(isinstance(x, str) for x in phase) for phase in phases):
                raise LexiconError(f'gazetteer: "{name}" is not [sector, country, from, to, source, other names ...] nor a list of such')
            dated = tuple((phase[0], phase[1], phase[2], phase[3]) for phase in phases)
            country = phases[0][1] or None
            entry = Known("organization", name, country, phases[0][0] or None, phases=dated, label=label)
            yield entry, [name, *(other for phase in phases for other in phase[5:])]


def given_names() -> dict[str, list[str]]:
    """Given names by region of the world."""
    lines = (files("allegedly") / "data" / "gazetteer" / "given_names.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {region: names.split(" ") for region, names in rows}


def _tabled() -> Iterator[tuple[Known, list[str]]]:
    """The entries of the table of bodies, with all their names."""
    rows: dict[str, list[list[str]]] = {}
    for line in (files("allegedly") / "data" / "gazetteer" / "bodies.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, *cells = line.split("\t")
            rows.setdefault(name, []).append([*cells, *[""] * (6 - len(cells))])
    for name, phases in rows.items():
        sector, country, _, _, person, others = phases[0]
        dated = tuple((one[0], one[1], one[2], one[3]) for one in phases)
        entry = Known("organization", name, country or None, sector, person=bool(person), phases=dated, told=False)
        yield entry, [name, *(others.split("|") if others else ())]


def user_bytes() -> bytes:
    """What the user's own gazetteer file holds, nothing where there is none: part of what decides a reading."""
    path = os.environ.get("ALLEGEDLY_GAZETTEER")
    if not path:
        return b""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise LexiconError(f"gazetteer: {path} cannot be read ({error.strerror}); correct ALLEGEDLY_GAZETTEER or unset it") from error


def _user_table() -> dict[str, Any]:
    try:
        return tomllib.loads(user_bytes().decode("utf-8"))
    except ValueError as error:
        raise LexiconError(f"gazetteer: the file of ALLEGEDLY_GAZETTEER is not TOML: {error}") from error


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
    first: dict[str, EntityType]

    def named_by(self, words: list[str]) -> EntityType | None:
        """What a name's own words tell of it: its head ("Osk Workers Union", "Bank of Osk"), or how it begins ("Mount Osk", "Cyclone Osk").

        The head is the last word or the one before "of" or "for". Missed: names without such a word, names of two heads.
        """
        if len(words) < 2:
            return None
        at = next((i for i, word in enumerate(words) if word in ("of", "for") and i > 0), len(words))
        kind = self.name_heads.get(words[at - 1])
        return kind or self.first.get(words[0])

    def role(self, before: list[str], head: str, after: list[str]) -> Role | None:
        """The role of a head noun given the words before it, the nearest last, and the nouns of its "of" or "for" phrase.

        Two words are tried before one ("foreign ministry"). A transparent noun ("leader", "spokesman") takes the sector of
        the nearest word that has one. A rank is of the police where the police are named ("police sergeant"); an armed group or a movement
        is international where it is called so. Missed: roles told by a verb ("those who rebelled").
        """
        role = self._role(before, head, after)
        if role is None or not role.sector:
            return role
        if role.sector == "MIL" and role.type == "person" and any(self._sector(word) == "COP" for word in before):
            return replace(role, sector="COP")
        if role.type in ("group", "organization") and self.words["worldwide"] & set(before):
            return replace(
                role, sector={"UAF": "IMG", "REB": "IMG", "SOC": "ISM", "BUS": "MNC", "NGO": "NGO"}.get(role.sector, role.sector)
            )
        return role

    def _sector(self, word: str) -> str:
        role = self.roles.get(word)
        return role.sector if role is not None else ""

    def _role(self, before: list[str], head: str, after: list[str]) -> Role | None:
        for joined in ([f"{before[-1]} {head}"] if before else []) + [f"{head} of {word}" for word in after[:1]]:
            if joined in self.roles:
                return self.roles[joined]
        own = self.roles.get(head)
        if head in self.transparent:
            kind: EntityType = own.type if own is not None else "other"
            for word in [*reversed(before), *after]:
                body = head in self.words["leagues"] and self._sector(word) and self.roles[word].type == "organization"
                if self._sector(word) and word not in self.transparent and not body:  # an "assembly front" is no assembly
                    return Role(f"{word} {head}", kind, self._sector(word))
            return Role(head, kind, self.transparent[head])
        return own


def nominals(code: str = "en") -> Nominals:
    """The nouns, titles and function words of `data/<code>/nominals.toml`."""
    return _nominals(code)


@lru_cache(maxsize=2)
def _nominals(code: str) -> Nominals:
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
    heads |= {word: kind for kind in ("organization", "place", "other") for word in listed[kind]}
    first: dict[str, EntityType] = {word: kind for kind in ("place", "other") for word in listed[f"{kind}_first"]}
    return Nominals(roles, data["transparent"], hypernyms, masculine | feminine, data["titles"], pronouns, words, heads, first)


def head_nouns(words: tuple[str, ...]) -> tuple[str, ...]:
    """The nouns by which a body can be called: the last word and, before "of" or "for", the word there ("Bank of Osk": the bank)."""
    at = next((i for i, word in enumerate(words) if word in ("of", "for") and i > 0), None)
    return (words[-1],) if at is None else (words[-1], words[at - 1])
