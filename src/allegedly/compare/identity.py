"""Who is who across articles: the entities of one reading after the other are given the numbers of identities.

An identity is founded on what a name says of itself: an entry of the gazetteer, a country's code, a person's first name and surname, a
body's full name. Names that say less (a surname, an acronym, "Ministry of Defence") need support: the same country, or others whom both are
met with. Spellings of one transliterated name are one (`reading.names.spellings`). What is met again under the same name but clashes
(person and body, two countries, two first names, two middle names) stays apart, and so does whatever is in doubt: apart can be
merged, merged is hard to see.

The work per article depends on the article: candidates come from an `Index` by keys that hold the name, and the support is keys too.

What an article calls somebody ("the rebel commander") is kept in `Identity.described` and never becomes the identity's sector or
country: only the gazetteer and a user's `Decision` give those. A decision wins over every rule.

Missed: nicknames and changed names, a person known only by the first name, full middle names that one article has and another has not
(they tell father and son apart), bodies whose names are translated, people and places of one name in one country who are met with the
same others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Literal, Protocol

from allegedly.compared import Index, gathered, key
from allegedly.gazetteer import fold, gazetteer, nominals
from allegedly.reading.names import is_short, spellings
from allegedly.records import Entity, EntityType, Reading

KIND = "identity"
"""What identities are called in an `Index`."""
COMPANY, POSTED = 12, 3  # others of an article that can support a name; those of them that it is found with later
FORMS = 24  # names of an identity that are kept
DESCRIBED = 8  # descriptions of an identity that are kept
TELLING = 4  # letters of an acronym that hardly two bodies share
CANDIDATES = 40  # identities that are looked at for one name
SUPPORTED = 8  # of those that a short name can mean: with most support
BODIES = tuple(f"gazetteer:{label}" for label in ("organisation", "armed group", "party", "user"))
SEATS = ("gazetteer:seat", "gazetteer:capital as government")
_STATE = frozenset({"COP", "GOV", "JUD", "LEG", "MIL", "SPY"})
_CLASSES = {"person": "person", "place": "place", "country": "place"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody or something that articles name. `sector` (PLOVER) and `country` (ISO alpha-3) are the gazetteer's or a user's, else None.

    `name` is the fullest name met, `forms` are all (folded, the oldest first), `described` the countries and sectors that articles gave
    in their own words ("country:NOR", "sector:REB") with the number of articles, `rule` what founded it, `articles` how many name it.
    """

    number: int
    name: str
    type: EntityType
    country: str | None = None
    sector: str | None = None
    forms: tuple[str, ...] = ()
    described: tuple[tuple[str, int], ...] = ()
    rule: str = "name"
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """An article's entity and the identity that it was found to be, with the rule that decided and a score in [0, 1]."""

    entity: str
    identity: int
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What a user decided; the later of two that contradict each other holds.

    merge: `other` is `identity`. split: `form` (in `article`, or anywhere) is not `identity`; with `other`, the two are not one.
    sector, country: `value` is the identity's ("" for none).
    """

    kind: Literal["merge", "split", "sector", "country"]
    identity: int
    other: int | None = None
    form: str | None = None
    article: str | None = None
    value: str | None = None


class IdentityStore(Protocol):
    """Where identities are kept: the ledger, or memory."""

    def new_identity(self) -> int:
        """A number that no identity has yet, larger than all before it."""
        ...

    def identities(self, numbers: Iterable[int]) -> Mapping[int, Identity]:
        """Those with these numbers, as far as they are there."""
        ...

    def save_identity(self, identity: Identity) -> None:
        """Adds an identity, or puts it in the place of the one with its number."""
        ...


class MemoryIdentities:
    """An `IdentityStore` in memory."""

    def __init__(self) -> None:
        self.by_number: dict[int, Identity] = {}

    def new_identity(self) -> int:
        """One more than the last."""
        return len(self.by_number) + 1

    def identities(self, numbers: Iterable[int]) -> Mapping[int, Identity]:
        """Those that are there."""
        return {n: self.by_number[n] for n in numbers if n in self.by_number}

    def save_identity(self, identity: Identity) -> None:
        """Keeps it under its number."""
        self.by_number[identity.number] = identity


# --- names ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Named:
    """An entity of the article at hand, with what its names say. `id` is its entry in a list of the world's names, else empty."""

    entity: Entity
    forms: tuple[str, ...]  # folded, the fullest first
    id: tuple[str, ...] = ()
    name: str = ""
    country: str | None = None  # the gazetteer's
    sector: str | None = None
    described: tuple[str, ...] = ()
    founding: tuple[int, ...] = ()  # keys that name it in full
    hints: tuple[tuple[str, str], ...] = ()  # of names that need support
    supporting: tuple[int, ...] = ()  # keys of a name together with whom it is met with and where it is from
    among: tuple[int, ...] = ()  # keys of a single word together with whom it is met with

    @property
    def kind(self) -> str:
        return _CLASSES.get(self.entity.type, "body")


def _spelt(words: Sequence[str]) -> list[tuple[str, ...]]:
    """What the spellings of a name have in common, several where letters stand for several sounds; long names as they are."""
    return sorted(islice(product(*(sorted(spellings(word)) for word in words)), 8)) if len(words) <= 4 else [tuple(words)]


def person_words(form: str) -> tuple[str, ...]:
    """The words of a person's name without marks of generation ("Jr")."""
    words = tuple(w for w in (x.strip("-'\"“”") for x in form.split()) if w)
    return tuple(w for w in words if w not in nominals().words["suffixes"]) or words


def _middle_clash(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what stands between first name and surname tells two people apart: other words, or a whole word that one has alone."""
    a, b = one[1:-1], other[1:-1]
    if not a or not b:
        return any(len(word) > 1 for word in (*a, *b))
    return len(a) != len(b) or any(not _same_word(x, y) for x, y in zip(a, b, strict=True))


def _same_word(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one) or bool(spellings(one) & spellings(other))


def _named(reading: Reading) -> list[_Named]:
    """The article's people, bodies and places that have names, those that are mentioned most first."""
    text, surfaces = reading.article.text, dict[str, list[str]]()
    for mention in reading.mentions:
        if mention.named and mention.entity is not None:
            surfaces.setdefault(mention.entity, []).append(fold(text[mention.start : mention.end]))
    found: list[_Named] = []
    for entity in sorted(reading.entities, key=lambda e: (-len(e.mentions), len(e.id), e.id)):
        listed = entity.rule.startswith("gazetteer:") and entity.type != "person"
        if entity.type == "other" or (entity.id not in surfaces and not listed):
            continue
        whole = f" {' | '.join(surfaces.get(entity.id, ()))} "
        forms = dict.fromkeys(f for f in map(fold, (entity.name, *entity.aliases)) if f and f" {f} " in whole)
        one = _Named(entity, tuple(forms) or (fold(entity.name),), name=entity.name.removesuffix("’s").removesuffix("'s"))
        one.described = tuple(f"{k}:{v}" for k, v in (("country", entity.country), ("sector", entity.sector)) if v)
        _say(one, reading.article.published)
        found.append(one)
    return found


def _say(one: _Named, date: str | None) -> None:
    """Fills in what the names of an entity say: its entry in the gazetteer, or the keys of its full names and of its short ones."""
    entity, rule = one.entity, one.entity.rule.split("+")[0]
    if rule.startswith("gazetteer:") and entity.type != "person":
        _listed(one, rule, date)
    if one.id:
        one.founding = (_key(one.id[-1], "listed", *one.id),)
    elif one.kind == "person":
        _person(one)
    else:
        _body(one)


def _listed(one: _Named, rule: str, date: str | None) -> None:
    entity, gaz = one.entity, gazetteer()
    if entity.type == "country" and entity.country:
        one.id, one.name, one.country = ("country", entity.country), gaz.countries.get(entity.country, entity.name), entity.country
    elif rule in SEATS and entity.country:
        one.id, one.country, one.sector = ("government", entity.country), entity.country, "GOV"
        one.name = f"Government of {gaz.countries.get(entity.country, entity.country)}"
    elif rule == "gazetteer:demonym" and entity.country:
        one.id, one.country = ("people", entity.country), entity.country
    elif entity.type == "place":
        one.id, one.country = ("place", one.forms[0], entity.country or ""), entity.country
    elif rule in BODIES:
        known = next((k for form in (entity.name, *entity.aliases) if (k := gaz.find(form)) is not None and k.phases), None)
        if known is not None:
            held = known.at(date)
            one.id, one.name = ("body", known.name), known.name
            one.country, one.sector = (held.country, held.sector) if held is not None else (None, None)
    if one.id:
        one.described = ()


def _person(one: _Named) -> None:
    full = [words for words in map(person_words, one.forms) if len(words) > 1]
    one.founding = tuple(_key(last, "person", first, last) for words in full for first, last in _spelt((words[0], words[-1])))
    lasts = {words[-1] for words in full} or set(person_words(one.forms[0])[-1:])
    one.hints = tuple(("surname", last) for word in sorted(lasts) for (last,) in _spelt((word,)))


def _body(one: _Named) -> None:
    shorts = [form for form in one.forms if " " not in form and len(form) <= 10 and _acronym(one.entity, form)]
    full = [form.split() for form in one.forms if form not in shorts]
    one.founding = tuple(_key(" ".join(spelt), one.kind, *spelt) for words in full for spelt in _spelt(words))
    initials = ["".join(word[0] for word in words if word not in ("of", "for", "and", "the")) for words in full if len(words) > 2]
    one.hints = tuple(("acronym", short) for short in dict.fromkeys((*shorts, *initials)))


def keys_of(type: EntityType, forms: Sequence[str]) -> list[int]:
    """The keys (of kind `KIND`) under which an identity with these folded names is found, but for what the gazetteer lists it under."""
    if not forms:
        return []
    one = _Named(Entity("", forms[0], type, None, None, tuple(forms[1:]), (), ""), tuple(forms))
    (_person if one.kind == "person" else _body)(one)
    return sorted({*one.founding, *map(_hinted, one.hints), *map(_called, forms)})


def _key(name: str, *parts: str) -> int:
    """A key that is kept near all others of a name."""
    return gathered(key("name", name), key(*parts))


def _hinted(hint: tuple[str, str]) -> int:
    """The key of a name that needs support: of what kind it is, and the word."""
    return _key(hint[1], "hint", *hint)


def _called(form: str) -> int:
    return _key(form, "form", form)


def _supporting(one: _Named, company: Sequence[tuple[int, EntityType]], most: int = COMPANY) -> tuple[int, ...]:
    """Keys of a name together with where it is from and whom it is met with: for a person not the countries, which support too many."""
    others = [f"#{number}" for number, kind in company if not (kind == "country" and one.kind == "person")][:most]
    return _with(one, (*others, *one.described))


def _with(one: _Named, others: Iterable[str]) -> tuple[int, ...]:
    """Keys of a name together with each of these."""
    names = [word for _, word in one.hints] or [one.forms[0]]
    return () if one.id else tuple(_key(name, "with", name, other) for name in names for other in others)


def _among(one: _Named, company: Sequence[tuple[int, EntityType]], most: int = COMPANY) -> tuple[int, ...]:
    """Keys of a single word together with whom it is met with, whatever it is the name of."""
    if one.id or " " in one.forms[0]:
        return ()
    return tuple(_key(one.forms[0], "among", one.forms[0], str(number)) for number, _ in company[:most])


def _acronym(entity: Entity, form: str) -> bool:
    return any(fold(surface) == form and is_short(surface) for surface in (entity.name, *entity.aliases))


def _needed(one: _Named) -> int:
    """How much support a short name needs: a full name joins what was known by a short one only with more."""
    return 2 if one.founding else 1


def _telling(one: _Named) -> bool:
    """Whether a name is an acronym that hardly two bodies share."""
    return one.kind == "body" and not one.founding and len(one.forms[0]) >= TELLING


def _vague(one: _Named) -> bool:
    """Whether a name is of a body that every state has ("Ministry of Defence", "the Assembly"): it takes support to be the same."""
    words = one.forms[0].split() or [""]
    at = next((i for i, word in enumerate(words) if word in ("of", "for") and i > 0), len(words))
    role = nominals().roles.get(words[at - 1])
    return one.kind == "body" and role is not None and role.sector in _STATE


# --- identities ----------------------------------------------------------------------------------------------------------


class Identities:
    """Gives entities their identities, article by article, in the order in which articles come."""

    def __init__(self, index: Index, store: IdentityStore, *, decisions: Iterable[Decision] = ()) -> None:
        self.index, self.store = index, store
        self.merged: dict[int, int] = {}
        self.split: set[tuple[int, str, str | None]] = set()
        self.given: dict[int, dict[str, str | None]] = {}
        self._ready: dict[str, list[_Named]] = {}
        self._here: set[int] = set()  # who was met in the article at hand
        self._supported: dict[tuple[int, ...], dict[int, int]] = {}  # whom keys support, as long as the index stays as it is
        for decision in decisions:
            self.decide(decision)

    def decide(self, decision: Decision) -> None:
        """Takes a user's decision into account from here on; what was resolved before is resolved again by `resolve`."""
        number = decision.identity
        if decision.kind == "merge" and decision.other is not None:
            if self.number(decision.other) != self.number(number):
                self.merged[self.number(decision.other)] = number
        elif decision.kind == "split" and decision.other is not None:
            for one, other in ((number, decision.other), (decision.other, number)):
                if self.merged.get(one) == other:
                    del self.merged[one]
        elif decision.kind == "split" and decision.form is not None:
            self.split.add((number, fold(decision.form), decision.article))
        elif decision.kind in ("sector", "country"):
            self.given.setdefault(number, {})[decision.kind] = decision.value or None

    def number(self, number: int) -> int:
        """The identity that stands for this one after a user's merges."""
        while number in self.merged:
            number = self.merged[number]
        return number

    def foresee(self, readings: Iterable[Reading]) -> None:
        """Asks index and store at once for whom these articles' names can mean; changes no result."""
        self._ready = {reading.article.id: _named(reading) for reading in readings}
        every = [one for named in self._ready.values() for one in named]
        self.index.warm(KIND, {k for one in every for k in self._keys(one)})
        asked = [(*one.founding, *(map(_hinted, one.hints) if _telling(one) else ())) for one in every]
        self.store.identities({n for keys in asked for n, _ in self.index.near(KIND, keys, most=CANDIDATES)})

    def resolve(self, reading: Reading) -> tuple[Match, ...]:
        """The identities of an article's named entities, found or new, in the order of `reading.entities`.

        Descriptions without a name have none. Resolving an article again gives the same identities where nothing was decided in between.
        """
        named = self._ready.pop(reading.article.id, None) or _named(reading)
        self._here.clear()
        matches: dict[str, Match] = {}
        company: list[tuple[int, EntityType]] = []
        first = {one.entity.id: self._by_full_name(one, reading.article.id) for one in named if one.founding and not _vague(one)}
        sure = [one for one in named if one.id or first.get(one.entity.id)]
        ordered = sorted(named, key=lambda one: (one not in sure, not one.founding))  # whoever is known supports the others
        likely = [(found[0].number, one.entity.type) for one in ordered if (found := first.get(one.entity.id))]
        self.index.warm(KIND, {k for one in named for k in (*_supporting(one, likely), *_among(one, likely))})
        self._foresee_short([one for one in ordered if one not in sure and one.hints], likely)
        founded: list[tuple[int, EntityType]] = []
        for place, one in enumerate(ordered, 1):
            one.supporting, one.among = _supporting(one, company), _among(one, company)
            self.index.blank(KIND, (*_with(one, (f"#{number}" for number, _ in founded)), *_among(one, founded)))
            match = self._match(one, reading.article.id)
            matches[one.entity.id] = replace(match, identity=self.number(match.identity))
            company.append((match.identity, one.entity.type))
            if match.rule == "new":
                founded += company[-1:]
            elif company[-1] not in likely:
                self.index.warm(KIND, {k for two in ordered[place:] for k in (*_supporting(two, company[-1:]), *_among(two, company[-1:]))})
        posted: dict[int, set[int]] = {}
        for one, (number, _) in zip(ordered, company, strict=True):
            others = [c for c in company if c[0] != number]
            posted.setdefault(number, set()).update(_supporting(one, others, POSTED), _among(one, others, POSTED))
        for number, keys in posted.items():
            self.index.put(KIND, number, keys)
        return tuple(matches[e.id] for e in reading.entities if e.id in matches)

    def _foresee_short(self, named: Sequence[_Named], company: Sequence[tuple[int, EntityType]]) -> None:
        """Asks the store at once for whom names that are not known in full can mean, as this company supports them; changes no result."""
        self._supported.clear()
        for one in named:
            one.supporting = _supporting(one, company)
        self.store.identities({number for one in named for number in self._most_supported(one)})

    def look(self, reading: Reading) -> dict[str, int]:
        """The identities of those entities that are known, by entity; nothing is kept. A short name that only one has needs no support."""
        found: dict[str, int] = {}
        company: list[tuple[int, EntityType]] = []
        self._supported.clear()
        for one in _named(reading):
            one.supporting, one.among = _supporting(one, company), _among(one, company)
            match = self._known(one, reading.article.id) or self._only(one, reading.article.id)
            if match is not None:
                found[one.entity.id] = self.number(match[0].number)
                company.append((match[0].number, one.entity.type))
        return found

    def identity(self, number: int) -> Identity | None:
        """An identity as it stands, a user's sector and country included."""
        number = self.number(number)
        found = self.store.identities((number,)).get(number)
        return self._as_decided(found) if found is not None else None

    def find(self, name: str) -> tuple[Identity, ...]:
        """Everybody and everything that a name can mean, those whose full name it is first, then by how many articles name them."""
        form = fold(name)
        words = person_words(form)
        if not words:
            return ()
        keys = {_hinted(("surname", last)) for (last,) in _spelt(words[-1:])} | {_hinted(("acronym", form)), _called(form)}
        keys |= {_key(" ".join(spelt), kind, *spelt) for kind in ("body", "place") for spelt in _spelt(form.split())}
        keys |= {_key(last, "person", first, last) for first, last in _spelt((words[0], words[-1]))}
        numbers = dict.fromkeys(self.number(n) for n, _ in self.index.near(KIND, sorted(keys), most=CANDIDATES))
        found = [self._as_decided(i) for i in self.store.identities(numbers).values()]
        return tuple(sorted(found, key=lambda i: (form not in i.forms and form != fold(i.name), -i.articles, i.number)))

    def _as_decided(self, identity: Identity) -> Identity:
        given = self.given.get(identity.number, {})
        return replace(identity, sector=given.get("sector", identity.sector), country=given.get("country", identity.country))

    # --- one entity ------------------------------------------------------------------------------------------------

    def _match(self, one: _Named, article: str) -> Match:
        found = self._known(one, article)
        rule, score = (found[1], found[2]) if found is not None else ("new", 1.0)
        identity = (
            found[0] if found is not None else Identity(self.store.new_identity(), one.name, one.entity.type, rule=self._founded(one))
        )
        self.store.save_identity(self._grown(identity, one))
        self.index.put(KIND, identity.number, self._keys(one))
        return Match(one.entity.id, identity.number, rule, score)

    def _known(self, one: _Named, article: str) -> tuple[Identity, str, float] | None:
        found = self._by_full_name(one, article) if one.founding else None
        return found or (None if one.id else self._by_support(one, article) or self._across_types(one, article))

    def _only(self, one: _Named, article: str) -> tuple[Identity, str, float] | None:
        """The only one that a short name can mean."""
        listed = [] if one.founding else self._candidates(one, map(_hinted, one.hints), article)
        return (listed[0], "only one", 0.5) if len(listed) == 1 else None

    def _founded(self, one: _Named) -> str:
        return "gazetteer" if one.id else "full name" if one.founding else "short name"

    def _candidates(self, one: _Named, keys: Iterable[int], article: str) -> list[Identity]:
        """Identities under some of these keys that a name can mean, those under most before the others."""
        return self._likely([n for n, _ in self.index.near(KIND, sorted(set(keys)), most=CANDIDATES)], one, article)

    def _likely(self, numbers: Sequence[int], one: _Named, article: str) -> list[Identity]:
        """Of identities those of a name's class that no user told apart from it."""
        known = self.store.identities(numbers)
        listed = [known[n] for n in dict.fromkeys(numbers) if n in known]
        return [i for i in listed if not self._kept_apart(i, one, article) and _CLASSES.get(i.type, "body") == one.kind]

    def _kept_apart(self, identity: Identity, one: _Named, article: str) -> bool:
        return any((identity.number, form, where) in self.split for form in one.forms for where in (None, article))

    def _by_full_name(self, one: _Named, article: str) -> tuple[Identity, str, float] | None:
        """Whoever has this full name and does not clash; of several whoever has most support."""
        candidates = self._candidates(one, one.founding, article)
        if one.id or not candidates:
            return (candidates[0], "gazetteer", 1.0) if candidates else None
        best: tuple[Identity, str, float] | None = None
        supported, most = self._support(one), -1
        for identity in candidates:
            if identity.rule == "gazetteer" or (one.kind == "person" and self._other_person(identity, one)):
                continue
            support = supported.get(identity.number, 0)
            if (self._clashes(identity, one) or _vague(one)) and not support:
                continue
            if support > most:
                best, most = (identity, "full name", 0.9 if support else 0.8), support
        return best

    def _by_support(self, one: _Named, article: str) -> tuple[Identity, str, float] | None:
        """Whoever a short name most probably means: the one with most support. A longer acronym that only one body has needs none."""
        if not one.hints:
            return None
        supported = self._most_supported(one)
        near = dict(self.index.near(KIND, map(_hinted, one.hints), most=CANDIDATES)) if _telling(one) else {}
        listed = [i for i in self._likely((*supported, *near), one, article) if self._can_be(i, one)]
        ranked = sorted(((supported.get(i.number, 0), i) for i in listed), key=lambda s: (-s[0], s[1].number))
        if not ranked:
            return None
        support, identity = ranked[0]
        rivals = [s for s, i in ranked[1:] if s == support or support < _needed(one)]
        return None if rivals else (identity, "short name", 0.6 + min(support, 3) / 10)

    def _across_types(self, one: _Named, article: str) -> tuple[Identity, str, float] | None:
        """Whatever a single word named as something else, where at least two others are met with both: its type is not sure then."""
        supported = dict(self.index.near(KIND, one.among, least=2, most=CANDIDATES)) if one.among else {}
        known = self.store.identities(sorted(supported))
        fitting = [
            i for i in known.values() if i.rule != "gazetteer" and one.forms[0] in i.forms and not any(" " in form for form in i.forms)
        ]
        fitting = [i for i in fitting if not self._kept_apart(i, one, article) and not self._clashes(i, one)]
        best = max(fitting, key=lambda i: (supported[i.number], -i.number), default=None)
        return (best, "same word", 0.6) if best is not None else None

    def _can_be(self, identity: Identity, one: _Named) -> bool:
        """Whether a short name can be short for an identity's, or the other way round."""
        if identity.rule == "gazetteer" or self._clashes(identity, one):
            return False
        if one.kind != "person":
            return bool(set(_hints_of(identity)) & set(one.hints)) and (not one.founding or identity.rule == "short name")
        if not set(_hints_of(identity)) & set(one.hints):
            return False
        return identity.rule == "short name" or not one.founding

    def _other_person(self, identity: Identity, one: _Named) -> bool:
        """Whether no full name of an identity goes with one of this person's."""
        mine = [w for w in map(person_words, one.forms) if len(w) > 1]
        theirs = [w for w in map(person_words, identity.forms) if len(w) > 1]
        return all(_middle_clash(a, b) for a in mine for b in theirs)

    def _clashes(self, identity: Identity, one: _Named) -> bool:
        theirs = {d for d, _ in identity.described if d.startswith("country:")} | (
            {f"country:{identity.country}"} if identity.country else set()
        )
        mine = {d for d in one.described if d.startswith("country:")}
        return bool(theirs and mine and not theirs & mine)

    # --- support ---------------------------------------------------------------------------------------------------

    def _support(self, one: _Named) -> dict[int, int]:
        """By identity, how many others, and what country, it and this entity have in common: most before the others."""
        if one.supporting not in self._supported:
            found = self.index.near(KIND, one.supporting, most=CANDIDATES) if one.supporting else ()
            self._supported[one.supporting] = dict(found)
        return self._supported[one.supporting]

    def _most_supported(self, one: _Named) -> dict[int, int]:
        """The few with most support, and enough."""
        first = islice(self._support(one).items(), SUPPORTED)
        return {number: support for number, support in first if support >= _needed(one)}

    def _keys(self, one: _Named) -> list[int]:
        forms = one.forms if one.id else ()  # others are found by their words
        return sorted({*one.founding, *map(_hinted, one.hints), *map(_called, forms)})

    def _grown(self, identity: Identity, one: _Named) -> Identity:
        """An identity with what one more article says of it."""
        forms = tuple(dict.fromkeys((*identity.forms, *one.forms)))[:FORMS]
        described = Counter(dict(identity.described))
        described.update(one.described)
        kept = tuple(sorted(described.items(), key=lambda d: (-d[1], d[0]))[:DESCRIBED])
        filled = identity.rule == "short name" and bool(one.founding)
        founded, name = ("full name", one.name) if filled else (identity.rule, identity.name)
        country, sector = one.country or identity.country, one.sector or identity.sector
        articles = identity.articles + (identity.number not in self._here)
        self._here.add(identity.number)
        return Identity(identity.number, name, identity.type, country, sector, forms, kept, founded, articles)


def _hints_of(identity: Identity) -> list[tuple[str, str]]:
    if identity.type == "person":
        return [("surname", last) for form in identity.forms for (last,) in _spelt(person_words(form)[-1:])]
    longs = [form.split() for form in identity.forms if " " in form]
    initials = ["".join(word[0] for word in words if word not in ("of", "for", "and", "the")) for words in longs]
    return [("acronym", form) for form in (*identity.forms, *initials) if " " not in form]
