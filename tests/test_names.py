"""Types and extents of names that the model gets wrong, corrected by their own words and by the gazetteer."""

import re
from dataclasses import replace

import pytest
from test_entities import build, entity_of, said

from allegedly.reading import read_article
from allegedly.reading.entities import resolve
from allegedly.reading.names import acronyms, spellings
from allegedly.records import Article, RawMention, Token


@pytest.mark.parametrize("kind", ["other", "person", "place"])
def test_the_head_of_a_name_tells_its_type(kind: str) -> None:
    analysis = build(said("Front", "National", "Renewal"), names={"National Renewal Front": kind})
    entity = entity_of(analysis, "National Renewal Front")
    assert entity is not None
    assert entity.type == "organization"


@pytest.mark.parametrize("kind", ["other", "place"])
def test_a_given_name_tells_a_person(kind: str) -> None:
    for first in ("Amina", "Carlos", "Hiroshi", "Kwame", "Olga", "Sarah", "Sanjay"):
        entity = entity_of(build(said("Wren", first), names={f"{first} Wren": kind}), f"{first} Wren")
        assert entity is not None
        assert entity.type == "person", first


VOICE = """
    Voice PROPN 4 nsubj Sing
    of ADP 3 case
    Maravel PROPN 1 nmod Sing
    said=say VERB 0 root
    so ADV 4 advmod
    . PUNCT 4 punct"""


def test_a_name_that_the_model_cuts_at_of_is_joined() -> None:
    entity = entity_of(build(VOICE, names={"Voice": "organization", "Maravel": "person"}), "Voice of Maravel")
    assert entity is not None
    assert (entity.name, entity.type) == ("Voice of Maravel", "organization")


def test_a_country_before_a_name_is_no_part_of_it() -> None:
    line = """
    Norway PROPN 4 nmod:poss Sing
    's PART 1 case
    Osk PROPN 4 compound Sing
    Gazette PROPN 5 nsubj Sing
    said=say VERB 0 root
    . PUNCT 5 punct"""
    _, entities = resolve(build(line, names={"Norway 's Osk Gazette": "organization"}))
    assert [(e.name, e.type) for e in entities] == [("Norway", "country"), ("Osk Gazette", "organization")]


def test_what_something_is_called_is_no_entity_of_its_own() -> None:
    line = """
    They PRON 2 nsubj Plur
    know VERB 0 root
    him PRON 2 obj
    as ADP 6 case
    the DET 6 det
    heir NOUN 2 obl Sing
    . PUNCT 2 punct"""
    assert entity_of(build(line, nouns={"the heir": "person"}), "the heir") is None


def test_a_region_that_shares_a_country_s_name() -> None:
    us = build(said("Ohio"), said("Texas"), said("Georgia"), names=dict.fromkeys(("Ohio", "Texas", "Georgia"), "place"))
    other = build(said("Georgia"), names={"Georgia": "place"})
    assert [e.country for e in resolve(us)[1]] == ["USA"] * 3
    assert [e.country for e in resolve(other)[1]] == ["GEO"]


def test_a_body_of_one_country_is_not_lent_to_another() -> None:
    entity = entity_of(build(said("Navy", "US"), names={"US Navy": "organization"}), "US Navy")
    assert entity is not None
    assert (entity.country, entity.sector) == ("USA", "MIL")


def test_a_title_that_heads_the_phrase_is_no_part_of_the_name() -> None:
    line = """
    Mr. PROPN 3 nsubj Sing
    Wren PROPN 1 flat Sing
    spoke VERB 0 root
    . PUNCT 3 punct"""
    _, entities = resolve(build(said("Wren", "Hala"), line, names={"Hala Wren": "person", "Mr. Wren": "person"}))
    assert [e.name for e in entities] == ["Hala Wren"]


def test_a_name_ends_before_the_country_it_lies_in() -> None:
    line = """
    Osk PROPN 2 compound Sing
    Institute PROPN 5 nsubj Sing
    in ADP 4 case
    Norway PROPN 2 nmod Sing
    said=say VERB 0 root
    so ADV 5 advmod
    . PUNCT 5 punct"""
    _, entities = resolve(build(line, names={"Osk Institute in Norway": "organization"}))
    assert [(e.name, e.type) for e in entities] == [("Osk Institute", "organization"), ("Norway", "country")]


def test_his_front_is_the_front_he_was_named_with() -> None:
    first = """
    Farid PROPN 3 nsubj Sing
    Maro PROPN 1 flat Sing
    leads=lead VERB 0 root
    the DET 6 det
    Renewal PROPN 6 compound Sing
    Front PROPN 3 obj Sing
    . PUNCT 3 punct"""
    second = """
    His PRON 2 nmod:poss
    front NOUN 3 nsubj Sing
    lost=lose VERB 0 root
    . PUNCT 3 punct"""
    names = {"Farid Maro": "person", "Renewal Front": "other"}
    entity = entity_of(build(first, second, names=names), "His front")
    assert entity is not None
    assert entity.name == "Renewal Front"


SAME = (
    "Nassoud Nasoud Nasood|Mohamad Muhammad Mohammed|Hossein Hussain Husayn|Qadirov Kadirov Qadiroff|Zorenskiy Zorensky Zorenskyy|"
    "Yarovych Yarovich|Orhanoğlu Orhanoglu|Halimeh Halima Halimah|Vasković Vaskovic Vaskovich|Möller Moeller|Talexei Taleksey|"
    "Dawoodi Daoudi|Tariqi Tarighi Tarigi|Khalimov Kalimov|Nawazi Navazi|Shamseddin Shamsaddin|Burhanuddin Borhanoddin"
)
APART = (
    "Karim Karam|Salimi Salami|Lund Lind|Maroh Miroh|Norlander Nordlander|Oldan Veldan|Hassani Husseini|Petrov Petrova|Halvik Halvin|Li Lee"
)


@pytest.mark.parametrize("names", SAME.split("|"))
def test_romanisations_of_one_name_share_a_key(names: str) -> None:
    first, *others = names.split()
    assert all(spellings(first) & spellings(other) for other in others)
    second = others[0]
    analysis = build(
        said(first, "Farid"), said(second, "Farid"), said(second), names={f"Farid {first}": "person", f"Farid {second}": "person"}
    )
    last = RawMention(8, 9, 8, "person", True, 0.9)
    _, entities = resolve(replace(analysis, mentions=(*analysis.mentions, last)))
    assert [len(e.mentions) for e in entities] == [3]


@pytest.mark.parametrize("names", APART.split("|"))
def test_other_names_stay_apart(names: str) -> None:
    first, *others = names.split()
    assert not spellings(first) & spellings(others[-1])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chick-fil-O sued Osk-Mart on Monday.", ["Osk-Mart"]),
        ("The army flew the F-16 over the ridge.", ["F-16"]),
        ("The NSA's director told reporters that Ada Lund had left.", ["NSA", "Ada Lund"]),
        ("Deputies leaving Thursday's session said nothing.", []),
        ("Post Fact Checker Ada Lund writes that they left.", ["Ada Lund"]),
        ("We read of Lund's Norway policies.", ["Lund", "Norway"]),
    ],
)
def test_where_names_begin_and_end(text: str, names: list[str]) -> None:
    reading = read_article(Article("a", text))
    found = [text[m.start : m.end] for m in reading.mentions if m.named]
    assert [name for name in names if name not in found] == []
    assert not {"Osk", "F", "The", "Thursday", "Checker", "Lund's Norway"} & set(found)


def test_a_mrs_and_a_ms_of_one_sentence_are_two() -> None:
    text = "Ms. Lund met Mrs. Lund in the port."
    reading = read_article(Article("a", text))
    assert len({m.entity for m in reading.mentions if text[m.start : m.end] == "Lund"}) == 2


def test_an_acronym_of_another_language_behind_a_body() -> None:
    line = "Tolmere Workers Union ( SPT ) said"
    names = {2: (0, 3)}
    found = acronyms(analysed(line), line, names, frozenset({2}))
    assert found == {"spt": "tolmere workers union"}
    assert acronyms(analysed(line), line, names) == {}
    assert acronyms(analysed("Tolmere Workers Union ( USA ) said"), "Tolmere Workers Union ( USA ) said", names, frozenset({2})) == {}


def analysed(line: str) -> tuple[Token, ...]:
    starts = [m.start() for m in re.finditer(r"\S+", line)]
    return tuple(Token(s, s + len(w), w, w, "PROPN", "", -1, "root", 0) for s, w in zip(starts, line.split(), strict=True))
