import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.gazetteer import gazetteer
from allegedly.reading import read_article
from allegedly.reading.atlas import KINDS, Spot, atlas, key
from allegedly.reading.toponyms import Found, Toponyms
from allegedly.records import Article, Dateline, Entity, PlacePrecision, Reading, Statement, Where
from training import gazetteer as builder

FOLDER = files("allegedly") / "data" / "gazetteer"


# --- the atlas -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    text = (FOLDER / "atlas.tsv").read_text(encoding="utf8")
    return [line.split("\t") for line in text.partition("\n\n")[2].splitlines()]


def test_the_file_says_where_it_comes_from_and_is_small() -> None:
    data = (FOLDER / "atlas.tsv").read_bytes()
    assert b"GeoNames" in data[:800]
    assert b"CC BY 4.0" in data[:800]
    assert len(data) < 1_500_000


def test_every_line_is_a_place_or_leads_to_one(rows: list[list[str]]) -> None:
    codes = set(gazetteer().countries)
    places = {(name, code, kind) for name, code, kind, *_ in rows if kind in KINDS}
    for name, code, kind, *rest in rows:
        assert re.fullmatch(r"(?:[A-Z]{3}|-)(?:\.[A-Z0-9]+)?", code), name
        assert code[0] == "-" or code[:3] in codes or kind == "c", (name, code)
        if kind in KINDS:
            lat, lon, people = rest
            assert -90 <= float(lat) <= 90
            assert -180 <= float(lon) <= 180
            assert int(people) >= 1
        else:
            assert (rest[0], code, kind.removeprefix("=")) in places, name


def test_lines_stand_in_the_order_of_their_keys(rows: list[list[str]]) -> None:
    keys = [key(name) for name, *_ in rows]
    assert keys == sorted(keys)
    assert all(keys)


def test_every_name_is_found(rows: list[list[str]]) -> None:
    for name, code, kind, *_ in (*rows[:3], *rows[::97], *rows[-3:]):
        assert any((s.region, s.kind) == (code, KINDS[kind[-1]]) for s in atlas().find(name)), name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mazār-e Sharīf", "mazar e sharif"),
        ("St. Louis", "Saint Louis"),
        ("The Hague", "hague"),
        ("Łódź", "Lodz"),
        ("Osk's", "Osk"),
        ("N.Y.", "NY"),
        ("Ma'rib", "Marib"),
    ],
)
def test_spellings_with_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_what_is_not_there_is_not_found() -> None:
    for name in ("", " ", "Osk", "Kestria", "Tolmere", "a" * 5000, "\t", "\n", "🙂"):
        assert atlas().find(name) == ()
    assert atlas().region("XXX.1") is None
    assert atlas().country("XXX") is None


def test_other_spellings_lead_to_the_place() -> None:
    for name, main, code in (
        ("Raqqa", "Ar Raqqah", "SYR"),
        ("al-Raqqa", "Ar Raqqah", "SYR"),
        ("Cologne", "Köln", "DEU"),
        ("Kiev", "Kyiv", "UKR"),
    ):
        found = atlas().find(name)[0]
        assert (found.name, found.country, found.kind, found.main) == (main, code, "city", False)


def test_disputed_regions_have_no_country() -> None:
    for name in ("Crimea", "Sevastopol", "Srinagar", "Abkhazia"):
        assert any(s.country is None for s in atlas().find(name)), name


def test_coordinates_are_where_the_capitals_are() -> None:
    capitals = tomllib.loads((FOLDER / "capitals.toml").read_text(encoding="utf8"))["names"]
    missing = []
    for code, (name, lat, lon, *_) in capitals.items():
        near = [s for s in atlas().find(name) if s.country == code and abs(s.lat - lat) < 0.5 and abs(s.lon - lon) < 0.5]
        if not near:
            missing.append(name)
    assert len(missing) < 25, missing  # seats of small territories mostly


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_looked_up(text: str) -> None:
    for spot in atlas().find(text):
        assert isinstance(spot, Spot)
    assert key(key(text)) == key(key(key(text)))


# --- how the atlas is made ----------------------------------------------------------------------------------------------------


def town(
    name: str, people: int, *spellings: str, country: str = "SYR", region: str = "SY.11", lat: float = 0, lon: float = 0
) -> builder.Town:
    return builder.Town(name, country, region, lat, lon, people, spellings)


def test_spellings_are_those_that_english_could_write() -> None:
    listed = ("Oskar Razzaq", "Velmah", "Velma", "Welmo", "VLM", "Вельма", "Veljma", "Velmahas")
    assert set(builder.spellings(town("Al Velmah", 200_000, *listed))) == {"Velma", "Velmah"}


def test_centres_are_of_people_and_go_round_the_globe() -> None:
    lat, lon, people = builder.centre([town("Osk", 300, lon=179), town("Velm", 100, lon=-179)])
    assert (round(lat, 1), people) == (0.0, 400)
    assert 179 < lon < 180


def test_disputed_codes_leave_the_country_open() -> None:
    assert builder.code_of(town("Osk", 1, country="UKR", region="UA.11")) == "-.UA11"
    assert builder.code_of(town("Osk", 1, country="UKR", region="UA.05")) == "UKR.05"
    assert builder.code_of(town("Osk", 1, country="SGP", region="SG.")) == "SGP"


# --- which place a name means ---------------------------------------------------------------------------------------------------


def named(*names: tuple[str, str | None], dateline: str | None = None) -> Toponyms:
    """The toponyms of an article that names these places, each with the country that the gazetteer's lists give."""
    rule = "gazetteer:place"
    entities = [Entity(f"e{n}", name, "place", code, None, (), (), rule if code else "name") for n, (name, code) in enumerate(names)]
    return Toponyms(entities, (), dateline)


@pytest.mark.parametrize(
    ("names", "country", "precision"),
    [
        (("Homs",), "SYR", "city"),
        (("Paris",), "FRA", "city"),
        (("Paris", "Texas"), "USA", "city"),
        (("Paris", "Tex."), "USA", "city"),
        (("Paris", "Ontario"), "CAN", "region"),
        (("Charlottesville Va.",), "USA", "city"),
        (("Osk Va.",), None, "unknown"),
        (("Tripoli",), "LBY", "city"),
        (("Tripoli", "Lebanon"), "LBN", "city"),
        (("Georgia",), "GEO", "country"),
        (("Tbilisi", "Georgia"), "GEO", "city"),
        (("Atlanta", "Georgia"), "USA", "city"),
        (("Cambridge", "Massachusetts"), "USA", "city"),
        (("Cambridge",), None, "unknown"),
        (("Hyderabad",), "IND", "city"),
        (("Hyderabad", "Sindh"), "PAK", "city"),
        (("Washington",), "USA", "city"),
        (("Washington state",), "USA", "region"),
        (("New York",), "USA", "city"),
        (("Osk", "Lebanon"), "LBN", "country"),
        (("Osk", "Kestria"), None, "unknown"),
        (("Osk",), None, "unknown"),
        (("Norland",), None, "unknown"),
        (("Sahel",), None, "area"),
        (("Darfur",), "SDN", "area"),
        (("White House",), "USA", "unknown"),
        (("Crimea",), None, "region"),
        (("UK",), "GBR", "country"),
        (("in",), None, "unknown"),
    ],
)
def test_a_name_alone_or_with_what_it_lies_in(names: tuple[str, ...], country: str | None, precision: str) -> None:
    found = named().find(names)
    assert (found.country, found.precision) == (country, precision)
    assert (found.spot is None) == (precision in ("area", "unknown"))


@pytest.mark.parametrize(
    ("others", "name", "country"),
    [
        ([("Beirut", "LBN")], "Tripoli", "LBN"),
        ([("Benghazi", "LBY")], "Tripoli", "LBY"),
        ([("Texas", "USA"), ("Atlanta", "USA")], "Georgia", "USA"),
        ([("Yerevan", "ARM")], "Georgia", "GEO"),
        ([("Islamabad", "PAK")], "Hyderabad", "PAK"),
        ([("Ontario", None)], "Cambridge", "CAN"),
        ([("Massachusetts", None), ("Boston", "USA")], "Cambridge", "USA"),
        ([("Florida", None)], "Norland", "USA"),
        ([("Kestria", None), ("Velm", None)], "Norland", None),
    ],
)
def test_the_articles_other_places_decide(others: Sequence[tuple[str, str | None]], name: str, country: str | None) -> None:
    assert named(*others).find((name,)).country == country


def test_the_dateline_counts_as_context() -> None:
    assert named(dateline="BEIRUT, Lebanon").find(("Tripoli",)).country == "LBN"


def test_a_titles_names_are_read_in_the_light_of_the_text() -> None:
    assert Toponyms((), (), None, lent=named(("Beirut", "LBN"))).find(("Tripoli",)).country == "LBN"


def test_namesakes_in_one_country_leave_the_country() -> None:
    assert named(("Illinois", None), ("Missouri", None), ("Ohio", None)).find(("Springfield", "United States")) == Found("USA")


def test_words_beside_a_name_say_its_kind() -> None:
    assert named().find(("Kharkiv",), "region").precision == "region"
    assert named().find(("Kharkiv",), "city").precision == "city"
    assert named().find(("Herat",), "city", "AFG").country == "AFG"
    assert named().find(("Georgia",), "city").country != "GEO"


# --- which words tell the place -----------------------------------------------------------------------------------------------

PLACED = [
    # the predicate's own phrases
    ("Militias clashed in the town of Osk in Homs province on Monday.", "clashed", "Osk", "SYR", "region"),
    ("Two policemen were shot dead about 30 km north of Kandahar.", "shot", "Kandahar", "AFG", "near"),
    ("Protesters gathered outside the parliament in Tbilisi, Georgia.", "gathered", "Tbilisi", "GEO", "city"),
    ("Miners marched through the capital of Kenya.", "marched", "Nairobi", "KEN", "city"),
    ("A shell was found under a bridge in the Syrian capital.", "found", "Damascus", "SYR", "city"),
    ("Soldiers arrested a smuggler on the island of Lampedusa.", "arrested", "Lampedusa", "ITA", "area"),
    ("The navy shot down a drone over the Black Sea.", "shot", "Black Sea", None, "area"),
    ("Gunmen opened fire on the outskirts of Mosul.", "opened", "Mosul", "IRQ", "near"),
    # what is acted on
    ("Rebels captured the northern city of Raqqa.", "captured", "Raqqa", "SYR", "city"),
    ("The attack on Homs killed twelve farmers.", "killed", "Homs", "SYR", "city"),
    ("The Kharkiv region came under fire overnight.", "came", "Kharkiv", "UKR", "region"),
    # motion
    ("The envoy flew to Tehran from Doha.", "flew", "Tehran", "IRN", "city"),
    ("The brigade withdrew from Tigray.", "withdrew", "Tigray", "ETH", "region"),
    # arguments, courses and scenes
    ("Miners clashed with guards at a dam near Cochabamba.", "clashed", "Cochabamba", "BOL", "near"),
    ("Three bakers were hurt during a protest in Lyon.", "hurt", "Lyon", "FRA", "city"),
    ("Two sailors died when a ferry sank in Mombasa.", "died", "Mombasa", "KEN", "city"),
    ("A lorry overturned in Nantes, injuring six cyclists.", "injuring", "Nantes", "FRA", "city"),
    ("The minister, speaking in Vienna, accused a rival of fraud.", "accused", "Vienna", "AUT", "city"),
    ("Floods killed nine herders in Kano and destroyed a bridge.", "destroyed", "Kano", "NGA", "city"),
    ("He was driven to Quito, where police questioned him.", "questioned", "Quito", "ECU", "city"),
    ("In Basra, police said that they had arrested four men.", "arrested", "Basra", "IRQ", "city"),
    ("Teachers, who had assembled in Tahrir Square in Cairo, were dispersed.", "dispersed", "Tahrir Square", "EGY", "city"),
    ("Both bakers were shot as they left a mosque in Peshawar.", "shot", "Peshawar", "PAK", "city"),
    ("Guards stopped a lorry carrying rifles near Sfax.", "stopped", "Sfax", "TUN", "near"),
    ("Miners marched on Mexico City.", "marched", "Mexico City", "MEX", "city"),
    ("Herders burned a barn in the mills of Coimbatore, Tamil Nadu.", "burned", "Coimbatore", "IND", "city"),
    ("The fever has killed eight people in Port-au-Prince, the Haitian capital.", "killed", "Port-au-Prince", "HTI", "city"),
    ("The mayor named the victims of the Croydon tram crash.", "named", "Croydon", "GBR", "city"),
    # invented places stay unknown
    ("Norland's army shelled the town of Velm near the border with Kestria.", "shelled", "Velm", None, "unknown"),
    ("Strikers blocked a bridge in Tolmere.", "blocked", "Tolmere", None, "unknown"),
    ("A bomber drove a lorry into a wall around the German consulate in the Afghan city of Herat.", "drove", "Herat", "AFG", "city"),
]

UNPLACED = [
    ("Moscow accused Kyiv of lying.", "accused"),
    ("Officials in Tehran rejected the demand.", "rejected"),
    ("Lima lifted its ban on apples.", "lifted"),
    ("The council imposed sanctions on Iran.", "imposed"),
    ("Voters have lost faith in Brussels.", "lost"),
    ("TRIPOLI, Libya - Militias clashed on Tuesday.", "clashed"),
    ("The ambassador sent a letter to Paris.", "sent"),
    ("In Geneva, the envoys agreed that troops would withdraw.", "withdraw"),
    ("The committee met in March.", "met"),
    ("The United States and Norway signed the treaty.", "signed"),
    ("The seat is in the hands of Norway.", "is"),
    ("A dispute over Cyprus delayed the vote.", "delayed"),
]


ALL = "\n\n".join(text for text, *_ in (*PLACED, *UNPLACED))


@pytest.fixture(scope="module")
def read() -> Reading:
    return read_article(Article("a", ALL))


def statement_at(reading: Reading, text: str, predicate: str) -> Statement:
    at = reading.article.text.index(text) + text.index(predicate)
    return next(s for s in reading.statements if s.within == "text" and any(start <= at < end for start, end in s.predicate))


@pytest.mark.parametrize(("text", "predicate", "name", "country", "precision"), PLACED)
def test_where_it_happens(read: Reading, text: str, predicate: str, name: str, country: str | None, precision: str) -> None:
    place = statement_at(read, text, predicate).place
    assert place is not None
    assert (place.name, place.country, place.precision) == (name, country, precision)
    assert (place.lat is None) == (place.lon is None) == (precision in ("area", "unknown"))
    start, end = place.span
    assert name in ALL[start:end] or "capital" in ALL[start:end]


@pytest.mark.parametrize(("text", "predicate"), UNPLACED)
def test_where_no_words_say_it(read: Reading, text: str, predicate: str) -> None:
    assert statement_at(read, text, predicate).place is None


def test_a_dateline_is_context_and_no_place() -> None:
    text = "Militias clashed on Tuesday. Shells fell in Tripoli."
    reading = read_article(Article("a", text, dateline=Dateline("BEIRUT, Lebanon", None)))
    assert statement_at(reading, text, "clashed").place is None
    found = statement_at(reading, text, "fell").place
    assert found is not None
    assert found.country == "LBN"


def test_a_title_has_the_context_of_its_text() -> None:
    text = "Lebanese troops clashed with smugglers on Monday. The road to Beirut was closed."
    reading = read_article(Article("a", text, title="Troops clash with smugglers in Tripoli"))
    title = [s.place for s in reading.statements if s.within == "title"]
    assert [p.country for p in title if p] == ["LBN"]


def test_precisions_are_those_of_the_schema() -> None:
    page = (files("allegedly") / ".." / ".." / "docs" / "schema.md").read_text(encoding="utf8")  # type: ignore[attr-defined]
    assert " ".join(f"`{value}`" for value in get_args(PlacePrecision)) in page


@pytest.mark.parametrize(
    "text", ["", "Osk", "in", "In in in , , near near of of the", "of Paris, Texas, of", "where there " * 20, "in Homs and " * 40]
)
def test_no_text_is_too_odd(text: str) -> None:
    for statement in read_article(Article("a", text)).statements:
        place: Where | None = statement.place
        assert place is None or text[slice(*place.span)].strip()
