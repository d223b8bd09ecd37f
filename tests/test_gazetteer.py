import re
import tomllib
from importlib.resources import files

import pytest
from conftest import seconds

from allegedly.gazetteer import fold, gazetteer, given_names, nominals
from allegedly.reading import read_article
from allegedly.records import Article

FOLDER = files("allegedly") / "data" / "gazetteer"
NAMES = ("countries", "demonyms", "capitals", "organisations", "places", "groups")
PLOVER = "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC IGO UNO EUR NGO ISM IMG MNC"
SECTORS = set(PLOVER.split())


def table(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_where_it_comes_from_and_when(name: str) -> None:
    data = table(name)
    assert data["source"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", data["date"])


def test_codes_are_those_of_the_standard() -> None:
    codes = table("countries")["names"]
    assert len(codes) == 250  # the 249 of ISO 3166-1 and one user-assigned code
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)
    for name in ("demonyms", "capitals"):
        assert set(table(name)["names"]) <= set(codes)
    assert {code for code, _ in table("capitals")["metonyms"].values()} <= set(codes)
    assert set(table("countries")["notes"]) <= set(codes)


@pytest.mark.parametrize("code", ["XKX", "TWN", "PSE", "ESH", "FLK"])
def test_disputed_listings_carry_a_note(code: str) -> None:
    known = gazetteer().find(gazetteer().countries[code])
    assert known is not None
    assert known.country == code
    assert known.note


def test_no_name_means_two_countries() -> None:
    seen: dict[str, str] = {}
    for code, spellings in table("countries")["names"].items():
        for key in {fold(s) for s in spellings}:
            assert seen.setdefault(key, code) == code, key


def test_capitals_have_plausible_coordinates() -> None:
    for _name, lat, lon, *_ in table("capitals")["names"].values():
        assert -60 <= lat <= 70
        assert -180 <= lon <= 180


def test_sectors_are_those_of_plover() -> None:
    assert {sector for sector, *_ in table("organisations")["names"].values()} <= SECTORS
    assert {sector for _, sector in table("capitals")["metonyms"].values()} <= SECTORS
    assert {role.sector for role in nominals().roles.values()} <= SECTORS | {""}
    assert set(nominals().transparent.values()) <= SECTORS | {""}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Norway", "NOR"),
        ("the United States", "USA"),
        ("The U.S.", "USA"),
        ("US", "USA"),
        ("U.K.", "GBR"),
        ("DPRK", "PRK"),
        ("Côte d’Ivoire", "CIV"),
        ("NORWAY", "NOR"),
        ("Chile's", "CHL"),
    ],
)
def test_countries_are_found_by_their_names(text: str, code: str) -> None:
    known = gazetteer().find(text)
    assert known is not None
    assert (known.kind, known.country) == ("country", code)


@pytest.mark.parametrize("text", ["us", "Us", "who", "Who", "turkey", "apple", "", "Maravel", "'s"])
def test_what_is_not_written_as_a_name_is_not_found(text: str) -> None:
    assert gazetteer().find(text) is None


@pytest.mark.parametrize(
    ("text", "code"), [("Norwegian", "NOR"), ("Norwegians", "NOR"), ("French", "FRA"), ("Swiss", "CHE"), ("US", "USA"), ("Poles", "POL")]
)
def test_nationality_words(text: str, code: str) -> None:
    assert gazetteer().demonym(text) == code


def test_seats_of_power_and_organisations() -> None:
    seat, body = gazetteer().find("the White House"), gazetteer().find("the UN")
    assert seat is not None
    assert (seat.kind, seat.country, seat.sector) == ("metonym", "USA", "GOV")
    assert body is not None
    assert (body.name, body.sector, body.country) == ("United Nations", "UNO", None)


@pytest.mark.parametrize(("text", "code"), [("Mumbai", "IND"), ("Lagos", "NGA"), ("São Paulo", "BRA"), ("Europe", None), ("N.J.", "USA")])
def test_places_that_are_no_capitals(text: str, code: str | None) -> None:
    known = gazetteer().find(text)
    assert known is not None
    assert (known.kind, known.country) == ("place", code)


def test_places_lie_in_listed_countries_and_disputed_ones_in_none() -> None:
    assert set(table("places")["names"]) <= {*table("countries")["names"], ""}
    assert all(gazetteer().find(name).country is None for name in ("Kashmir", "Crimea", "Golan Heights", "Nagorno-Karabakh"))  # type: ignore[union-attr]


def test_given_names_come_from_every_region() -> None:
    regions = given_names()
    assert len(regions) >= 10
    assert all(len(listed) >= 400 for listed in regions.values())
    listed = [fold(name) for region in regions.values() for name in set(region)]
    assert {"folake", "xiaoping", "jennifer"} <= set(listed)
    assert not set(listed) & {"paris", "monday", "hope", "will"}


def test_loading_is_quick() -> None:
    assert seconds(lambda: [table(name) for name in NAMES]) < 0.06


def test_there_are_many_role_nouns_and_none_is_listed_twice() -> None:
    data = tomllib.loads((files("allegedly") / "data" / "en" / "nominals.toml").read_text(encoding="utf-8"))
    nouns = [noun for kind in ("person", "group", "organization") for listed in data[kind].values() for noun in listed]
    assert len(nouns) == len(set(nouns)) > 300
    assert all(noun == noun.lower() for noun in nouns)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The fire began in Chicago's Velm Museum.", {"Chicago": "place", "Velm Museum": "organization"}),
        ("Soldiers entered Gaza's Nasser Hospital.", {"Gaza": "place", "Nasser Hospital": "organization"}),
        ("They signed the Tolmere Peace Agreement after the Iraq War.", {"Tolmere Peace Agreement": "other", "Iraq War": "other"}),
        ("Cyclone Velm hit the coast.", {"Cyclone Velm": "other"}),
        ("Anthony Teller of the Washington Post saw the plan.", {"Anthony Teller": "person", "Washington Post": "organization"}),
        ("They bombed the Gaza strip and the West bank.", {"Gaza strip": "place", "West bank": "place"}),
    ],
)
def test_the_words_of_a_name_tell_what_it_names(text: str, found: dict[str, str]) -> None:
    reading = read_article(Article("a", text))
    names = {text[m.start : m.end]: m.type for m in reading.mentions if m.named}
    assert {name: names.get(name) for name in found} == found
