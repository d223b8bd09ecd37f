"""The JSON Schema, its documentation and the records say the same."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from allegedly import records
from allegedly.export.options import withheld
from allegedly.export.record import jsonl, record
from allegedly.records import Reading, Review
from tests.conftest import build_reading

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "docs" / "reading.schema.json").read_text("utf8"))
PAGE = (ROOT / "docs" / "schema.md").read_text("utf8")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
RENAMED = {"within": "in", "origin": "from", "goal": "to", "source_language": "from"}


@pytest.fixture
def reading() -> Reading:
    """The reading of the other tests, with what somebody decided of it in a ledger."""
    edited = Review(
        "w1", "wording", "edited", "Ann", "2026-05-11T08:00:00Z", "a label", was=(("kind", "loaded"),), now=(("kind", "label"),)
    )
    return dataclasses.replace(build_reading(), reviews=(edited,))


def objects(schema: Any, at: str = "") -> Any:
    """All object schemas, with the path to each."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield at, schema
        for key, value in schema.items():
            yield from objects(value, f"{at}/{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value, at)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"]["const"] == records.SCHEMA


@pytest.mark.parametrize(("at", "schema"), list(objects(SCHEMA)))
def test_objects_are_closed_and_complete(at: str, schema: dict[str, Any]) -> None:
    assert schema["additionalProperties"] is False, at
    assert set(schema["properties"]) - set(schema["required"]) <= {"tokens", "withheld"}, at


def test_the_fixture_has_every_record(reading: Reading) -> None:
    """So that what the tests below check is everything."""
    for field in dataclasses.fields(reading):
        assert getattr(reading, field.name), field.name
    assert any(s.event for s in reading.statements)
    assert any(s.time for s in reading.statements)
    assert any(s.place for s in reading.statements)
    assert any(s.quantities for s in reading.statements)


@pytest.mark.parametrize("tokens", [False, True])
def test_a_reading_fits_the_schema(reading: Reading, tokens: bool) -> None:
    found = json.loads(jsonl(reading, tokens=tokens))
    VALIDATOR.validate(found)
    assert ("tokens" in found) == tokens
    VALIDATOR.validate(record(withheld(reading), tokens=tokens))


def test_keys_come_in_the_order_of_the_schema(reading: Reading) -> None:
    found = record(reading, tokens=True)
    assert list(found) == [key for key in SCHEMA["properties"] if key != "withheld"]
    assert list(record(withheld(reading), tokens=True)) == list(SCHEMA["properties"])
    definitions = SCHEMA["$defs"]
    assert list(found["article"]) == list(definitions["article"]["properties"])
    lists = {"mentions": "mention", "entities": "entity", "attributions": "attribution", "statements": "statement", "tokens": "token"}
    lists |= {"evaluations": "evaluation", "wording": "wording", "reasons": "reason", "unread": "unread", "reviews": "review"}
    for key, name in lists.items():
        assert list(found[key][0]) == list(definitions[name]["properties"]), key


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (records.Mention, "mention"),
        (records.Entity, "entity"),
        (records.Attribution, "attribution"),
        (records.Statement, "statement"),
        (records.Event, "event"),
        (records.Evaluation, "evaluation"),
        (records.Wording, "wording"),
        (records.Reason, "reason"),
        (records.Unread, "unread"),
        (records.Review, "review"),
        (records.Reader, "reader"),
        (records.Token, "token"),
        (records.Article, "article"),
    ],
)
def test_fields_are_those_of_the_records(kind: type, name: str) -> None:
    fields = {RENAMED.get(field.name, field.name) for field in dataclasses.fields(kind)}
    assert set(SCHEMA["$defs"][name]["properties"]) == fields


@pytest.mark.parametrize(
    ("values", "where"),
    [
        (records.EntityType, "entity_type"),
        (records.NoteKind, "article/notes/items/kind"),
        (records.GenreLabel, "article/genre/label"),
        (records.AttributionKind, "attribution/kind"),
        (records.Force, "attribution/force"),
        (records.Polarity, "statement/polarity"),
        (records.Status, "statement/status"),
        (records.Sourcing, "statement/sourcing"),
        (records.TimePrecision, "statement/time/anyOf/0/precision"),
        (records.WordingKind, "wording/kind"),
        (records.ReasonKind, "reason/kind"),
        (records.FindingKind, "review/kind"),
        (records.ReviewState, "review/state"),
    ],
)
def test_closed_lists_are_those_of_the_records_and_the_page(values: Any, where: str) -> None:
    schema = SCHEMA["$defs"]
    for step in where.split("/"):
        schema = schema["properties"][step] if "properties" in schema else schema[int(step) if isinstance(schema, list) else step]
    assert schema["enum"] == list(get_args(values))
    assert " ".join(f"`{value}`" for value in get_args(values)) in PAGE


def test_the_page_names_every_key() -> None:
    named = set(re.findall(r"`([a-z_0-9]+)`", PAGE))
    for at, schema in objects(SCHEMA):
        assert set(schema["properties"]) <= named, at


@pytest.mark.parametrize(
    ("key", "value"),
    [("schema", "allegedly.reading/2"), ("thesis", 3), ("extra", 1), ("sentences", [[0]]), ("statements", [{}]), ("unread", None)],
)
def test_what_is_wrong_is_refused(reading: Reading, key: str, value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(record(reading) | {key: value})


def test_every_span_lies_in_the_text(reading: Reading) -> None:
    found = record(reading)
    size = len(found["article"]["text"])
    for mention in found["mentions"]:
        assert 0 <= mention["start"] < mention["end"] <= size
    for statement in found["statements"]:
        source = found["article"]["title" if statement["in"] == "title" else "text"]
        assert all(source[start:end].strip() for start, end in statement["predicate"])


def test_spans_of_attributions_and_statements_lie_in_what_they_index(reading: Reading) -> None:
    found = record(reading)
    assert {a["in"] for a in found["attributions"]} == {"text", "title"}
    for kind, keys in (("attributions", ("source", "cue", "content")), ("statements", ("predicate", "actor", "recipient", "object"))):
        for row in found[kind]:
            length = len(found["article"][row["in"]])
            assert all(0 <= start < end <= length for key in keys for start, end in row[key]), row["id"]
