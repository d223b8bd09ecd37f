"""Whom pronouns stand for."""

import pytest
from test_entities import ACTS, GENDER, PRONOUN, build, entity_of, said

from allegedly.reading.entities import resolve
from allegedly.records import Entity


def test_pronouns_follow_gender_and_salience() -> None:
    analysis = build(GENDER.format("Lund", "Wren"), PRONOUN.format("She"), PRONOUN.format("He"), names={"Lund": "person", "Wren": "person"})
    she, he = entity_of(analysis, "She"), entity_of(analysis, "He")
    assert she is not None
    assert he is not None
    assert (she.name, he.name) == ("Wren", "Lund")


def test_the_subject_outweighs_the_object_but_not_a_fellow_argument() -> None:
    analysis = build(ACTS.format("Lund", "Wren"), PRONOUN.format("He"), names={"Lund": "person", "Wren": "person"})
    entity = entity_of(analysis, "He")
    assert entity is not None
    assert entity.name == "Lund"
    together = build(
        ACTS.format("Wren", "Osk"), ACTS.format("Osk", "him").replace("him PROPN", "him PRON"), names={"Wren": "person", "Osk": "person"}
    )
    entity = entity_of(together, "him")
    assert entity is not None
    assert entity.name == "Wren"


def test_it_and_they() -> None:
    analysis = build(
        ACTS.format("Workers", "Lund"), PRONOUN.format("They"), PRONOUN.format("It"), names={"Lund": "person"}, nouns={"Workers": "group"}
    )
    assert (entity_of(analysis, "They") or Entity("", "", "other", None, None, (), (), "")).name == "Workers"


@pytest.mark.parametrize("relation", ["expl", "nsubj"])
def test_it_that_stands_for_nothing_is_no_mention(relation: str) -> None:
    analysis = build(ACTS.format("Norway", "Chile"), f"It PRON 2 {relation}\nrained=rain VERB 0 root", names={"Norway": "country"})
    assert "It" not in {analysis.text[m.start : m.end] for m in resolve(analysis)[0]}


def test_pronouns_do_not_look_further_than_three_sentences() -> None:
    gap = ["Rain NOUN 2 nsubj Sing\nfell=fall VERB 0 root\n. PUNCT 2 punct"] * 3
    analysis = build(said("Lund"), *gap, PRONOUN.format("He"), names={"Lund": "person"})
    assert entity_of(analysis, "He") is None


def test_it_before_an_adjective_and_far_away_stays_open() -> None:
    gap = "Rain NOUN 2 nsubj Sing\nfell=fall VERB 0 root"
    hard = "It PRON 3 nsubj\nis=be AUX 3 cop\nhard ADJ 0 root"
    for later, found in ([PRONOUN.format("It")], True), ([gap, PRONOUN.format("It")], False), ([hard], False):
        analysis = build(*[ACTS.format("League", "Lund")] * 2, *later, names={"League": "organization", "Lund": "person"})
        assert (entity_of(analysis, "It") is not None) is found
