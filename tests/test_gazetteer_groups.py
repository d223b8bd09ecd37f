"""Dated entries: armed groups, parties and organisations, and a user's own file."""

import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from test_entities import build, entity_of, said
from test_gazetteer import SECTORS, table

from allegedly import gazetteer as module
from allegedly.errors import LexiconError
from allegedly.gazetteer import Known, fold, gazetteer
from allegedly.reading import read_article
from allegedly.reading.entities import resolve
from allegedly.records import Article

REGIONS = {"africa", "americas", "asia", "europe", "middle_east"}


def entries(kind: str) -> dict[str, list[list[str]]]:
    listed = {name: value for region in table("groups")[kind].values() for name, value in region.items()}
    return {name: value if isinstance(value[0], list) else [value] for name, value in listed.items()}


@pytest.mark.parametrize("kind", ["armed", "party"])
def test_every_region_has_entries_and_every_entry_a_source_and_dates(kind: str) -> None:
    data, countries = table("groups"), set(table("countries")["names"])
    assert set(data[kind]) == REGIONS
    assert all(len(region) >= 15 for region in data[kind].values())
    for name, phases in entries(kind).items():
        for sector, country, start, end, source, *_ in phases:
            assert sector in SECTORS, name
            assert country in countries | {""}, name
            assert re.fullmatch(r"\d{4}(-\d\d){0,2}", start), name
            assert not end or start <= end, name
            assert source in data["sources"], name
        assert all(before[3] <= after[2] for before, after in pairwise(phases)), name


def test_organisations_have_years_and_a_source() -> None:
    for name, (sector, _, start, _, source, *_) in table("organisations")["names"].items():
        assert sector in SECTORS
        assert re.fullmatch(r"\d{4}", start), name
        assert source in table("organisations")["sources"]


def bodies() -> dict[str, list[list[str]]]:
    """The phases of each body of the table: sector, country, from, to, "p" or nothing, other names."""
    text = (files("allegedly") / "data" / "gazetteer" / "bodies.tsv").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, *cells = line.split("\t")
            found.setdefault(name, []).append([*cells, *[""] * (6 - len(cells))])
    return found


def test_the_bodies_of_the_table_have_sectors_countries_and_years() -> None:
    countries = table("countries")["names"].keys()
    for name, phases in bodies().items():
        for sector, country, start, end, person, _ in phases:
            assert sector in SECTORS, name
            assert not country or country in countries, name
            assert re.fullmatch(r"\d{4}", start), name
            assert re.fullmatch(r"(\d{4})?", end), name
            assert not end or start <= end, name
            assert person in ("", "p"), name
        assert all(before[3] <= after[2] for before, after in pairwise(phases)), name


def test_every_name_of_the_table_means_one_body() -> None:
    seen: dict[str, str] = {}
    for name, phases in bodies().items():
        for spelling in {fold(x) for x in (name, *phases[0][5].split("|")) if x}:
            assert seen.setdefault(spelling, name) == name
    known = gazetteer().find("US Marines")
    assert known is not None
    assert known.sector == "MIL"


def test_what_is_over_stays_a_body_and_nothing_else() -> None:
    known = gazetteer().find("Stasi")
    assert known is not None
    told = [known.at(day) for day in ("1940", "1975-05", "2020-01-01")]
    assert [one and (one.sector, one.country) for one in told] == [None, ("SPY", "DEU"), (None, None)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Pfizer sued Gazprombank.", {"Pfizer": "MNC", "Gazprombank": "BUS"}),
        ("The Bundeswehr left, Haaretz reported.", {"Bundeswehr": "MIL", "Haaretz": "JRN"}),
        ("Wells Fargo fired General Motors.", {"Wells Fargo": "BUS", "General Motors": "MNC"}),
    ],
)
def test_bodies_that_the_model_is_not_told_have_their_sectors(text: str, kinds: dict[str, str]) -> None:
    entities = read_article(Article("a", text)).entities
    assert {e.name: e.sector for e in entities if e.type == "organization"} == kinds


def test_a_short_form_of_two_bodies_stands_for_neither() -> None:
    listed = [phases for kind in ("armed", "party") for phases in entries(kind).values()]
    listed += [[value] for value in table("organisations")["names"].values()]
    shorts = [{name for phase in phases for name in phase[5:] if name.isupper()} for phases in listed]
    twice = {name for number, names in enumerate(shorts) for name in names if any(name in other for other in shorts[number + 1 :])}
    assert twice
    assert all(gazetteer().find(name) is None for name in twice)


BODY = Known("organization", "Maravel Front", "KEN", "REB", phases=(("REB", "KEN", "1990", "2001-05"), ("PTY", "KEN", "2001-06-01", "")))


@pytest.mark.parametrize(
    ("date", "sector"),
    [("1995-03-02", "REB"), ("1990", "REB"), ("2001-05-30", "REB"), ("2001-06-01T10:00:00Z", "PTY"), ("2020", "PTY"), ("1989-12-31", None)],
)
def test_a_body_is_what_it_was_at_the_time(date: str, sector: str | None) -> None:
    known = BODY.at(date)
    assert (known.sector if known else None) == sector


def test_without_a_date_only_what_always_held_is_known() -> None:
    known = BODY.at(None)
    assert known is not None
    assert (known.sector, known.country) == (None, "KEN")


OWN = """
[armed.africa]
"Maravel Front" = ["REB", "KEN", "1990", "2001", "own", "MVF", "Front for Maravel"]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("ALLEGEDLY_GAZETTEER", str(path))
    module.gazetteer.cache_clear()
    yield path
    monkeypatch.delenv("ALLEGEDLY_GAZETTEER")
    module.gazetteer.cache_clear()


def test_a_user_s_file_adds_entries_and_is_part_of_the_hash(own: Path) -> None:
    analysis = build(said("Front", "Maravel"), names={"Maravel Front": "organization"})
    for published, sector in (("1995-01-01", "REB"), ("2010-01-01", None)):
        _, (entity,) = resolve(analysis, Article("a", analysis.text, published=published))
        assert entity.sector == sector
        assert "gazetteer:user" in entity.rule
    assert module.user_bytes() == OWN.encode()


def test_a_user_s_file_overrides_ours(own: Path) -> None:
    own.write_text('"African Union" = ["GOV", "KEN", "1990", "", "own"]', encoding="utf-8")
    module.gazetteer.cache_clear()
    known = gazetteer().find("African Union")
    assert known is not None
    assert (known.sector, known.country, known.label) == ("GOV", "KEN", "user")


@pytest.mark.parametrize("text", ['"Maravel Front" = ["REB"]', "no toml", '"Maravel Front" = [["REB", "KEN", "1990", ""]]'])
def test_a_wrong_file_says_so(own: Path, text: str) -> None:
    own.write_text(text, encoding="utf-8")
    module.gazetteer.cache_clear()
    with pytest.raises(LexiconError, match="gazetteer"):
        gazetteer()


def test_short_forms_need_their_country_in_the_text() -> None:
    alone = build(said("ANC"), names={"ANC": "organization"})
    there = build(said("ANC"), said("Africa", "South"), names={"ANC": "organization", "South Africa": "place"})
    without, found = entity_of(alone, "ANC"), entity_of(there, "ANC")
    assert without is not None
    assert found is not None
    assert (without.sector, found.sector, found.country) == (None, "PTY", "ZAF")


def test_a_common_name_needs_its_country_and_its_acronym_is_one_with_it() -> None:
    front = "National PROPN 3 compound Sing\nResistance PROPN 3 compound Sing\nFront PROPN 7 nsubj Sing\n( PUNCT 5 punct\nNRF PROPN 3 appos Sing\n) PUNCT 5 punct\nspoke VERB 0 root"
    names = {"National Resistance Front": "organization", "NRF": "organization", "Afghanistan": "place"}
    alone = build(front, said("NRF"), names=names)
    there = build(front, said("NRF"), said("Afghanistan"), names=names)
    first, second = entity_of(alone, "NRF", 1), entity_of(there, "NRF", 1)
    assert first is not None
    assert second is not None
    assert first.country is None
    assert (second.country, second.sector, second.name) == ("AFG", "REB", "National Resistance Front")
    assert (len(first.mentions), len(second.mentions)) == (3, 3)


def test_names_of_several_words_are_one() -> None:
    line = """
    Bosnia PROPN 4 nsubj Sing
    and CCONJ 3 cc
    Herzegovina PROPN 1 conj Sing
    voted=vote VERB 0 root
    . PUNCT 4 punct"""
    analysis = build(line, names={"Bosnia": "place", "Herzegovina": "place"})
    _, entities = resolve(analysis)
    assert [(e.name, e.type, e.country) for e in entities] == [("Bosnia and Herzegovina", "country", "BIH")]


def test_the_coverage_table_is_that_of_the_files() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "gazetteer.md").read_text(encoding="utf-8")
    for kind, label in (("armed", "armed groups"), ("party", "parties")):
        counts = [len(table("groups")[kind][region]) for region in sorted(REGIONS)]
        assert f"| {label} | {' | '.join(map(str, [*counts, sum(counts)]))} |" in page
    assert f"{len(table('organisations')['names'])} in all" in page
    sectors = Counter("news" if phases[0][0] == "JRN" else phases[0][0] for phases in bodies().values())
    listed = ", ".join(f"{sector} {count}" for sector, count in sectors.most_common())
    assert f"Bodies that the model is not told: {listed}; {len(bodies()):,} in all" in " ".join(page.split())


def test_names_that_begin_with_a_small_article_are_known() -> None:
    reading = read_article(Article("a", "Fighters of al-Shabaab left. Two villages were held by al-Qaida for a year."))
    known = {e.name: (e.type, e.sector) for e in reading.entities}
    assert known["al-Shabaab"] == ("organization", "REB")
    assert known["al-Qaida"] == ("organization", "IMG")
