"""Names behind the office of their bearer."""

import pytest
from conftest import seconds

from allegedly.reading import read_article
from allegedly.reading.offices import names_behind_offices
from allegedly.records import Analysis, Article, Reading, Token


def read(text: str) -> Reading:
    return read_article(Article("a", text))


def names(reading: Reading) -> list[str]:
    text = reading.article.text
    return [text[m.start : m.end] for m in reading.mentions if m.named and m.type == "person"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Secretary of State Anna Teller met Minister of Foreign Affairs Ivo Brandl on Monday.", ["Anna Teller", "Ivo Brandl"]),
        ("The raid killed Minister of Interior Karim Dovani and Director of Intelligence Pavel Rask.", ["Karim Dovani", "Pavel Rask"]),
        ("Chief of Staff Mara Quint said the Secretary of Defense Lloyd Harrow had left.", ["Mara Quint", "Lloyd Harrow"]),
        ("The Minister of Health Oba Tunde resigned.", ["Oba Tunde"]),
        ("Governor of Kandahar Asad Noori accused the rebels.", ["Asad Noori"]),
        ("They met Minister of Finance and Planning Odo Reyes.", ["Odo Reyes"]),
        ("Former Deputy Secretary of State Mira B. Quill, who left in May, denied the charge.", ["Mira B. Quill"]),
        ("Secretary of State Quill's plan failed.", ["Quill"]),
    ],
)
def test_the_name_stands_apart_from_the_office(text: str, found: list[str]) -> None:
    assert names(read(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "The Minister of Education accused the unions.",
        "The Secretary of State of Norland resigned.",
        "The Governor of New Tolmere spoke.",
        "The Ministers of Foreign Affairs met.",
    ],
)
def test_an_office_alone_names_nobody(text: str) -> None:
    assert names(read(text)) == []


def test_the_office_says_who_its_bearer_is() -> None:
    reading = read("The president dismissed Minister of Health Oba Tunde. Tunde protested.")
    bearer = next(e for e in reading.entities if e.name == "Oba Tunde")
    assert (bearer.type, bearer.sector, len(bearer.mentions)) == ("person", "GOV", 2)
    dismissed = reading.statements[0]
    assert bearer.id in dismissed.recipient_entities


def test_the_country_of_an_office_is_its_bearers() -> None:
    reading = read("They met the President of the United States Anna Teller.")
    assert next(e.country for e in reading.entities if e.name == "Anna Teller") == "USA"


def test_an_office_for_something_is_apart_from_its_bearer_too() -> None:
    assert names(read("The Minister for Defence Ivo Rask spoke on Monday.")) == ["Ivo Rask"]
    assert names(read("Vice-President Ivo Rask has declined to resign.")) == ["Ivo Rask"]


def test_many_titles_take_time_in_proportion() -> None:
    def took(count: int) -> float:
        tokens = [Token(6 * i, 6 * i + 5, "Capt." if i % 2 == 0 else "Velms", "x", "PROPN", "", -1, "root", i // 40) for i in range(count)]
        return seconds(lambda: names_behind_offices(Analysis("Capt. Velms " * (count // 2), tuple(tokens), (), (), ())))

    assert took(16_000) < 24 * max(took(2_000), 0.005)
