"""What place a name means, given the names beside it and the article's others.

Namesakes are told apart by how many people live there, by the places that stand beside a name and by those that the article names
elsewhere (Leidner 2007, https://era.ed.ac.uk/handle/1842/1849; Amitay et al. 2004, https://doi.org/10.1145/1008992.1009040). What places
there are says `atlas`. A place that is not in it, and one of several namesakes between which nothing decides, stay unknown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log10
from typing import Literal

from allegedly.gazetteer import Known, gazetteer
from allegedly.language import word_sets
from allegedly.reading.atlas import Spot, atlas, key
from allegedly.records import Entity, PlacePrecision, Token

FAMOUS = 100  # thousands of people from which a place is meant though nothing else in the article points to it
ALONE = 30  # thousands of people from which a place without a namesake is
CLEAR = 0.48  # by how much the likeliest namesake must lead: three times the people, or as much context
WELL_KNOWN, CAPITAL, STATE = 0.7, 1.2, 1.2
NAMED_COUNTRY, ONLY_COUNTRY, NAMED_REGION = 1.5, 1.0, 1.0
OTHER_SPELLING, REGION, SMALL = -0.8, -0.5, -0.5
"""What counts beside people, all in powers of ten: that the gazetteer's own lists have the place, that it is a capital or a whole
country; that the article names its country elsewhere, and no other, or its region; that the name is not its main one; that a region counts
the people of many places; that hardly anybody has heard of it.
"""

Hint = Literal["city", "region", ""]
Pointers = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a name resolves to. `spot` gives its coordinates: those of the place itself or, less exactly, of what it lies in.

    `precision` is what the coordinates are exact to, "area" for a part of the world larger than that, "unknown" where there are none.
    """

    country: str | None = None
    spot: Spot | None = None
    precision: PlacePrecision = "unknown"


def _at(spot: Spot) -> Found:
    return Found(spot.country, spot, spot.kind)


class Toponyms:
    """The place names of one text. `lent` are those of a text that this one is the title of: its names count too."""

    def __init__(
        self, entities: Iterable[Entity], tokens: Sequence[Token], dateline: str | None, *, lent: "Toponyms | None" = None
    ) -> None:
        self.entities = tuple(entities)
        self.tokens = tokens
        self.dateline = dateline
        self.lent = lent
        self.first_level = word_sets("where")["first_level"]
        self.known: dict[tuple[tuple[str, ...], Hint, str | None], Found] = {}

    def find(self, names: tuple[str, ...], hint: Hint = "", country: str | None = None) -> Found:
        """The first name's place; the others are what it lies in, nearest first.

        `hint` is the kind of place that the words beside it speak of, `country` the code of a nation that they mention.
        """
        asked = (names, hint, country)
        if asked not in self.known:
            self.known[asked] = self._find(*asked)
        return self.known[asked]

    def capital(self, country: str | None) -> Found:
        """The seat of a country's government."""
        name = next((k.name for k in gazetteer().capitals.values() if k.kind == "capital" and k.country == country), "")
        spot = next((s for s in atlas().find(name) if s.country == country and s.kind == "city"), None)
        return _at(spot) if spot else Found(country)

    def _find(self, names: tuple[str, ...], hint: Hint, country: str | None) -> Found:
        """A place inside what is named with it. Where the atlas has none there, that gives the country and less exact coordinates."""
        name, *outer = names
        spots = self._candidates(name, hint)
        if not spots and not outer and (parts := _parted(name)):
            return self.find(parts, hint, country)
        around = [s for text in outer for s in self._candidates(text, "region")]
        lists = (gazetteer().find(text) for text in outer)
        for code in (country, *(known.country for known in lists if known and known.kind == "place")):
            around += [s] if code and (s := atlas().country(code)) else []
        if hint == "city" and not spots and not around:
            return Found()
        if not around or (not hint and any(s.kind == "country" for s in spots)):
            return self._choose(name, spots)
        inside = [s for s in spots if any(_lies_in(s, holder) for holder in around)]
        if inside:
            return self._choose(name, inside, trusted=True)
        return self.find((outer[0],), "", country) if outer else Found(country, around[0], "country")

    def _candidates(self, name: str, hint: Hint) -> list[Spot]:
        """Places of that name and kind. A name that a city and its region share means the city, unless the words speak of the region."""
        stem, _, last = name.rpartition(" ")
        if stem and last.lower() in self.first_level and atlas().find(stem):  # "Osk province"
            name, hint = stem, "region"
        spots = [s for s in atlas().find(name) if s.main or len(name) > 2 or name.isupper()]  # "OR", but not "or"
        known = gazetteer().find(name)
        if known and known.country and known.kind == "country" and not any(s.kind == "country" for s in spots):
            spots += [s] if (s := atlas().country(known.country)) else []
        cities = [s for s in spots if s.kind == "city"]
        if hint == "city":
            return cities
        if hint == "region":
            larger = [s for s in spots if s.kind != "city"]
            return larger or [s for code in dict.fromkeys(c.region for c in cities) if (s := atlas().region(code))]
        return [s for s in spots if s.kind != "region" or not any(_stands_for(c, s) for c in cities)]

    def _choose(self, name: str, spots: list[Spot], *, trusted: bool = False) -> Found:
        """The likeliest of namesakes; only the country where they share it and none leads; else unknown.

        A small place is meant only if it has no namesake or something points to it: words beside it (`trusted`), its country elsewhere.
        """
        known, own = gazetteer().find(name), key(name)
        if not spots:
            return _listed(known)
        scored = sorted(((self._likelihood(s, known, own), s) for s in spots), key=lambda x: (-x[0], x[1].region))
        score, best = scored[0]
        alone = known is None and len(spots) == 1 and best.main and best.people >= ALONE
        if not (trusted or alone or _obvious(best, known) or self._named(best, own)):
            return _listed(known)
        rivals = [s for x, s in scored[1:] if score - x < CLEAR and s.region != best.region]
        if not rivals:
            return _at(best)
        return Found(best.country if all(s.country == best.country for s in rivals) else None)

    def _likelihood(self, spot: Spot, known: Known | None, own: str) -> float:
        score = log10(spot.people) + (0.0 if spot.main else OTHER_SPELLING) + (REGION if spot.kind == "region" else 0.0)
        score += SMALL if spot.people < FAMOUS else 0.0
        if known and known.country and known.country == spot.country:
            of_kind = {"capital": CAPITAL if spot.kind == "city" else 0.0, "country": STATE if spot.kind == "country" else 0.0}
            score += of_kind.get(known.kind, WELL_KNOWN)
        if self._named(spot, own):
            score += NAMED_COUNTRY + ONLY_COUNTRY * self._share(spot, own)
        if spot.kind != "country" and self.context[1].get(spot.region, frozenset()) - {own}:
            score += NAMED_REGION
        return score

    # --- the article's other places ------------------------------------------------------------------------------

    @cached_property
    def context(self) -> tuple[Pointers, Pointers]:
        """Countries and first-level regions that the article speaks of, each with the folded names that point to it."""
        countries: dict[str, set[str]] = {}
        regions: dict[str, set[str]] = {}
        for name, country in self._evidence():
            if country:
                countries.setdefault(country, set()).add(key(name))
                continue
            spots = sorted((s for s in self._candidates(name, "") if s.people >= FAMOUS and s.main), key=lambda s: -s.people)
            if spots and all(s.region == spots[0].region or log10(spots[0].people / s.people) >= CLEAR for s in spots[1:]):
                countries.setdefault(spots[0].country or "", set()).add(key(name))
                regions.setdefault(spots[0].region, set()).add(key(name))
        lent = self.lent.context if self.lent else ({}, {})
        return _together(countries, lent[0]), _together(regions, lent[1])

    def _evidence(self) -> Iterator[tuple[str, str | None]]:
        """Names that point to a country, with its code where the gazetteer's own lists give it: of places, peoples and the dateline."""
        for e in self.entities:
            body = e.rule.startswith(("gazetteer:organisation", "gazetteer:seat"))
            code = e.country if e.rule.startswith("gazetteer:") and not body else None
            if code or e.type in ("place", "country"):
                yield from ((form, code) for form in (e.name, *e.aliases))
        demonym = gazetteer().demonym
        for before, token in zip((None, *self.tokens), self.tokens, strict=False):
            if token.form[:1].isupper() and token.upos in ("ADJ", "PROPN", "NOUN"):
                for form in (token.form, f"{before.form} {token.form}" if before else ""):
                    if code := demonym(form):
                        yield form, code
        for part in (self.dateline or "").split(","):
            known = gazetteer().find(part.strip().title())
            yield part, known.country if known else None

    def _named(self, spot: Spot, own: str) -> bool:
        """Whether another name of the article points to the country of a place."""
        return bool(self.context[0].get(spot.country or "", frozenset()) - {own})

    def _share(self, spot: Spot, own: str) -> float:
        """Which part of the names that point to a country point to that of a place."""
        counts = {code: len(names - {own}) for code, names in self.context[0].items()}
        return counts.get(spot.country or "", 0) / max(sum(counts.values()), 1)


def _together(own: dict[str, set[str]], lent: Pointers) -> Pointers:
    return {code: frozenset(own.get(code, ())) | lent.get(code, frozenset()) for code in sorted({*own, *lent})}


def _lies_in(spot: Spot, holder: Spot) -> bool:
    if holder.kind == "region":
        return spot.region == holder.region
    return spot.kind != "country" and spot.country == holder.country


def _parted(name: str) -> tuple[str, str] | None:
    """A town and its region or country in one name, without a comma: "Springfield Ohio"."""
    parts = name.split()
    for cut in (1, 2):
        town, holder = " ".join(parts[:-cut]), " ".join(parts[-cut:])
        if town and any(_lies_in(t, h) for h in atlas().find(holder) if h.kind != "city" for t in atlas().find(town)):
            return town, holder
    return None


def _stands_for(city: Spot, region: Spot) -> bool:
    """Whether a name that both have means the city: unless it is only another spelling of a town in a much larger region."""
    return city.region == region.region and (city.main or 20 * city.people > region.people)


def _obvious(spot: Spot, known: Known | None) -> bool:
    """Whether a place is meant without anything else that points to it: it is large, or the gazetteer's own lists have it there.

    A name that they list for a part of the world ("the Sahel") means a region so called only in its context.
    """
    large = spot.people >= FAMOUS and (spot.kind == "city" or spot.main)
    if known is None or known.kind != "place":
        return large or (known is not None and known.country is not None and known.country == spot.country)
    if known.country is None:
        return large and (spot.kind == "city" or spot.country is None)
    return large or known.country == spot.country


def _listed(known: Known | None) -> Found:
    """What the gazetteer's own lists say of a name: a part of the world, or a seat of power in some country; no coordinates."""
    if known is None or known.kind == "organization":
        return Found()
    return Found(known.country, None, "area" if known.kind == "place" else "country" if known.kind == "country" else "unknown")
