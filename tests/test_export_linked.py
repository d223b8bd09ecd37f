"""Annotations and claims: the shapes that the standards ask for, the exact words, and whose they are."""

import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from allegedly.export import EXPORTS, Options
from allegedly.records import Reading


def text_of(name: str, *readings: Reading, **options: Any) -> str:
    out = io.StringIO(newline="")
    EXPORTS[name].write(iter(readings), out, Options(**options))
    return out.getvalue()


SELECTOR = {
    "oneOf": [
        {
            "properties": {
                "type": {"const": "TextQuoteSelector"},
                "exact": {"type": "string", "minLength": 1},
                "prefix": {"type": "string"},
                "suffix": {"type": "string"},
            },
            "required": ["type", "exact", "prefix", "suffix"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "TextPositionSelector"},
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 0},
            },
            "required": ["type", "start", "end"],
            "additionalProperties": False,
        },
    ]
}
ANNOTATION = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^urn:uuid:"},
        "type": {"const": "Annotation"},
        "motivation": {"const": "describing"},
        "generator": {"type": "object", "required": ["id", "type", "name"]},
        "body": {
            "properties": {
                "type": {"const": "TextualBody"},
                "value": {"type": "string", "minLength": 1},
                "polarity": {"enum": ["affirmed", "negated"]},
                "status": {"enum": ["actual", "planned", "demanded", "possible", "conditional", "question"]},
                "voice": {"type": "string", "minLength": 1},
            },
            "required": ["type", "format", "language", "value", "voice", "polarity", "status"],
        },
        "target": {
            "properties": {"source": {"type": "string"}, "selector": {"type": "array", "items": SELECTOR, "minItems": 1}},
            "required": ["source", "selector"],
        },
    },
    "required": ["id", "type", "motivation", "body", "target"],
    "additionalProperties": False,
}
PAGE = {
    "properties": {
        "@context": {"type": "array", "prefixItems": [{"const": "http://www.w3.org/ns/anno.jsonld"}]},
        "type": {"const": "AnnotationPage"},
        "id": {"type": "string"},
        "items": {"type": "array", "items": ANNOTATION},
    },
    "required": ["@context", "id", "type", "items"],
    "additionalProperties": False,
}
CLAIM = {
    "type": "object",
    "properties": {
        "@type": {"const": "Claim"},
        "@id": {"type": "string", "pattern": "^urn:uuid:"},
        "text": {"type": "string", "minLength": 1},
        "author": True,
        "creativeWorkStatus": {"type": "string"},
        "keywords": {"type": "array", "items": {"properties": {"@type": {"const": "DefinedTerm"}}, "required": ["@type", "name"]}},
        "about": {"type": "array"},
        "spatialCoverage": {"type": "object"},
        "temporalCoverage": {"type": "string"},
        "appearance": {"properties": {"@type": {"enum": ["NewsArticle", "OpinionNewsArticle"]}}, "required": ["@type", "@id"]},
    },
    "required": ["@type", "@id", "creativeWorkStatus", "keywords", "appearance"],
    "additionalProperties": False,
}
GRAPH = {
    "properties": {"@context": {"const": "https://schema.org"}, "@graph": {"type": "array", "items": CLAIM}},
    "required": ["@context", "@graph"],
    "additionalProperties": False,
}


def test_annotations_select_the_exact_words(reading: Reading) -> None:
    page = json.loads(text_of("annotations", reading, reading))
    jsonschema.Draft202012Validator(PAGE).validate(page)
    assert len(page["items"]) == 2 * len(reading.statements)
    for item in page["items"]:
        quote, position = item["target"]["selector"]
        source = reading.article.title if item["target"]["in"] == "title" else reading.article.text
        assert source is not None
        assert source[position["start"] : position["end"]] == quote["exact"]
        assert source[: position["start"]].endswith(quote["prefix"])
        assert source[position["end"] :].startswith(quote["suffix"])
    assert page["items"][1]["body"]["value"] == "Maren Halvik (denies): NOT, ASSAULT heavy-weapons"
    assert [s["type"] for s in json.loads(text_of("annotations", reading, no_text=True))["items"][0]["target"]["selector"]] == [
        "TextPositionSelector"
    ]


def test_every_term_of_ours_is_defined_in_the_context(reading: Reading) -> None:
    page = json.loads(text_of("annotations", reading))
    standard = {"id", "type", "format", "language", "value", "source", "selector"}
    used = {key for item in page["items"] for part in ("body", "target") for key in item[part]} - standard
    assert used <= set(page["@context"][1])


def test_claims_say_who_claims_what_and_are_never_rated(reading: Reading) -> None:
    written = text_of("claims", reading)
    graph = json.loads(written)
    jsonschema.Draft202012Validator(GRAPH).validate(graph)
    assert "ating" not in written.replace("creating", "")
    assert "eview" not in written
    denied = graph["@graph"][1]
    assert denied["author"]["name"] == "Maren Halvik"
    assert denied["text"].startswith("NOT: “")
    assert denied["creativeWorkStatus"] == "negated, actual"
    own = graph["@graph"][5]
    assert own["text"].startswith("if: “")
    assert [a["name"] for a in own["author"]] == ["Ada Quill", "Bo Reeve"]
    assert "text" not in json.loads(text_of("claims", reading, no_text=True))["@graph"][1]


@pytest.mark.parametrize("name", ["annotations", "claims"])
def test_linked_data_can_stand_in_a_page(name: str, reading: Reading) -> None:
    hostile = replace(reading, article=replace(reading.article, title="</script><script>", outlet="<!--\u2028", id="\ud800"))
    written = text_of(name, hostile)
    assert "<" not in written
    assert written.isascii()
    json.loads(written)
