"""Who is in a text, read whole: types by where a name stands, days, predicates, pronouns. Own sentences."""

import pytest

import allegedly


def who(text: str) -> dict[str, tuple[str, str | None]]:
    """Type and sector of every entity of a text, by its name."""
    return {entity.name: (entity.type, entity.sector) for entity in allegedly.read(text).entities}


def test_days_and_months_are_nobody() -> None:
    assert not {"Monday", "February"} & who("The army left Osk on Monday. The talks of February had failed, and Monday was late.").keys()


def test_a_name_after_in_is_a_places_wherever_it_stands() -> None:
    assert who("Tolmere laughed. Officials in Tolmere left.")["Tolmere"][0] == "place"
    assert who("Clerks found errors in Lenn's letters, and Lenn wept.").get("Lenn", ("person",))[0] == "person"
    assert who("Davor Lenn resigned. Trust in Lenn has fallen, and Lenn knows it.")["Davor Lenn"][0] == "person"


def test_a_firm_is_called_by_its_first_word_and_a_cabinet_by_a_persons() -> None:
    assert who("The Orbesco Company sent them away. Orbesco has refused to pay.").keys() >= {"Orbesco Company"}
    assert who("The Orbesco Company sent them away. Orbesco has refused to pay.").get("Orbesco") is None
    assert who("Lund resigned. The Lund administration is gone, and Lund wept.")["Lund"][0] == "person"


def test_a_front_is_not_the_body_that_its_name_speaks_of() -> None:
    assert who("The Eastern Assembly Front denied the raid.")["Eastern Assembly Front"][1] is None
    assert who("The National Assembly adopted the budget.")["National Assembly"][1] == "LEG"


@pytest.mark.parametrize(
    ("sentence", "description"),
    [
        ("Without exception the magistrates of Osk are the lapdogs of the mill.", "the lapdogs of the mill"),
        ("To the villagers the troops are thieves.", "thieves"),
    ],
)
def test_what_somebody_is_said_to_be_is_a_mention_without_the_clause(sentence: str, description: str) -> None:
    assert description in [sentence[m.start : m.end] for m in allegedly.read(sentence).mentions]


@pytest.mark.parametrize(
    ("sentence", "pronoun", "other"),
    [
        ("The front met the cabinet, which has limited its rights and isolated them.", "them", "cabinet"),
        ("The union, which isolated them, fled.", "them", "union"),
    ],
)
def test_who_acts_is_not_whom_a_pronoun_means(sentence: str, pronoun: str, other: str) -> None:
    reading = allegedly.read(sentence)
    entity = {sentence[m.start : m.end]: m.entity for m in reading.mentions}
    actor = next(e for words, e in entity.items() if words.endswith(other))
    assert entity.get(pronoun) != actor


def test_full_names_in_a_list_are_one_person_each() -> None:
    found = who("Ada Lund, Ivo Rask, Marta Velm and Tomas Ridel left the council in anger.")
    assert {name for name, (kind, _) in found.items() if kind == "person"} >= {"Ada Lund", "Ivo Rask", "Marta Velm", "Tomas Ridel"}


@pytest.mark.parametrize("name", ["Tomas Halden", "Ada Lund", "Quispe Mamani", "Siobhán O'Rourke"])
def test_a_full_name_that_the_model_leaves_out_is_one(name: str) -> None:
    assert who(f"After the fire, banker {name} promised a new roof.")[name][0] == "person"


def test_a_common_noun_is_no_part_of_a_name() -> None:
    assert "Marta Velmin" in who("Olmar and Tisk striker Marta Velmin, 31, has left the club.")
    assert "Bank of Osk" in who("The Bank of Osk and the miners left.")


@pytest.mark.parametrize("text", ["Lund left.\n\n“Every winter,” Rask said, “the debt grew.”", "Rask wrote the “the” and the “Osk” of it."])
def test_no_entity_is_a_mark_or_an_article(text: str) -> None:
    assert all(any(c.isalnum() for c in name) and name.lower() != "the" for name in who(text))
