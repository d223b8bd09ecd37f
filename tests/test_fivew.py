from typing import Any

import pytest

from benchmarks import fivew


def statement(predicate: tuple[int, int], **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"actor": [], "recipient": [], "object": [], "time": None, "place": None, "event": None}
    told = {"in": "text", "status": "actual", "voice": "author", "polarity": "affirmed"}
    return {**empty, **told, "predicate": [list(predicate)], **more}


def reading(statements: list[dict[str, Any]], *, dateline: str | None = None) -> dict[str, Any]:
    text = "Miners blocked the bridge in Osk on Friday. Police wept."
    place = {"place": dateline, "date": None} if dateline else None
    article = {"id": "a", "published": "2024-05-11", "title": "Osk miners block bridge", "text": text, "dateline": place}
    return {"article": article, "statements": statements, "sentences": [[0, 43], [44, 56]], "attributions": []}


BLOCKED = statement(
    (7, 14),
    actor=[[0, 6]],
    recipient=[[15, 25]],
    place={"span": [29, 32]},
    time={"span": [36, 42], "start": "2024-05-10", "precision": "day"},
)
WEPT = statement((51, 55), actor=[[44, 50]], event={"type": "PROTEST"})
TITLE = statement((11, 16), actor=[[0, 10]], recipient=[[17, 23]], **{"in": "title"})


@pytest.mark.parametrize(
    ("phrase", "gold", "fit"),
    [
        ("the bridge in Osk", "bridge in Osk", True),
        ("Osk", "bridge in Osk", False),
        ("bridge, OSK", "bridge in Osk", True),
        ("the old bridge over the river in Osk", "Osk", False),
        ("", "Osk", False),
        ("Osk Osk Osk", "Osk bridge river valley", False),
    ],
)
def test_half_of_the_words_and_no_more_than_twice_as_many(phrase: str, gold: str, fit: bool) -> None:
    assert fivew.fits(phrase, gold) is fit


def test_the_title_answers_first_and_others_fill_in() -> None:
    found = fivew.answers(reading([BLOCKED, WEPT, TITLE]))
    assert found == {"who": "Osk miners", "what": "block bridge", "when": "Friday", "where": "Osk"}


def test_without_a_title_an_event_comes_first_and_what_did_not_happen_last() -> None:
    assert fivew.answers(reading([BLOCKED, WEPT]))["who"] == "Police"
    planned = {**WEPT, "status": "planned"}
    assert fivew.answers(reading([planned, BLOCKED]))["who"] == "Miners"


def test_what_is_acted_on_counts_where_no_actor_is_named() -> None:
    passive = statement((7, 14), recipient=[[0, 6]])
    assert fivew.answers(reading([passive])) == {"who": "Miners", "what": "Miners blocked"}


def test_the_dateline_is_the_last_resort() -> None:
    assert fivew.answers(reading([WEPT], dateline="VELM"))["where"] == "VELM"
    assert "where" not in fivew.answers(reading([WEPT]))
    assert fivew.answers(reading([BLOCKED], dateline="VELM"))["where"] == "Osk"


def test_a_fresh_day_is_when() -> None:
    old = {**WEPT, "time": {"span": [0, 6], "start": "2021-01-01", "precision": "year"}}
    assert fivew.answers(reading([TITLE, old, BLOCKED]))["when"] == "Friday"
    assert fivew.answers(reading([TITLE, old]))["when"] == "Miners"
    assert fivew.answers(reading([old, WEPT]))["when"] == "Miners"
    assert not fivew.fresh({"precision": "day", "start": "2024-05-12"}, "2024-05-11")


def test_questions_without_a_phrase_are_not_asked() -> None:
    nothing: dict[str, Any] = {"annotated": [{"coderPhraseCount": 3}]}
    gold = [{"id": "a", "who": {"annotated": [{"text": "miners"}]}, "what": nothing, "when": nothing, "where": nothing}]
    assert fivew.measure(gold, {"a": reading([BLOCKED])})["who"] == 1
    assert fivew.measure(gold, {})["who"] == 0


def test_articles_are_lead_and_body() -> None:
    row = {"dId": "a", "title": "t", "text": "Body.", "description": " Lead. ", "date_publish": "2024-05-01 10:00:00", "fiveWoneH": {}}
    assert fivew.articles([row]) == [{"id": "a", "title": "t", "text": "Lead.\n\nBody.", "published": "2024-05-01T10:00:00"}]
    assert fivew.articles([{**row, "text": "Lead. Body."}])[0]["text"] == "Lead. Body."
