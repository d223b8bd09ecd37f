"""What forms hold that decide or code something, checked as OpenAPI describes it: which fields go with which others, and what they may say.

What a form's own words show to be wrong is refused by them (422). Whether what it is about is there (404), and lets itself be decided so
(409), is for the routes.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from allegedly.inquiry import deciding, review, validation
from allegedly.records import FindingKind

Schema = dict[str, Any]
Id = Annotated[str, Field(min_length=1, max_length=2000)]
Note = Annotated[str, Field(max_length=review.LONGEST)]
Back = Annotated[str, Field(max_length=4000)]
WORDS = r"\S"


def _optional(schema: Schema) -> None:
    """A field that is not given has no default that could be sent."""
    for one in schema["properties"].values():
        if one.get("default", "") is None:
            del one["default"]


# --- findings ----------------------------------------------------------------------------------------------------------

Given = Annotated[str | SkipJsonSchema[None], Field(max_length=review.LONGEST)]
PATTERNS = {"country": "^[A-Z]{3}$", "name": WORDS}


def _said(kind: FindingKind) -> dict[str, Schema]:
    """What the fields of a kind of finding may say."""
    described: dict[str, Schema] = {}
    for field in review.fields_of(kind):
        said: Schema = {"enum": list(field.choices)} if field.choices else {}
        described[f"said_{field.name}"] = said | ({"pattern": PATTERNS[field.name]} if field.name in PATTERNS else {})
    return described


class Said(BaseModel):
    """The fields that a person gives, of a finding that they edit or add; see `inquiry.review.fields_of`."""

    said_act: Given = None
    said_polarity: Given = None
    said_status: Given = None
    said_voice: Given = None
    said_actor: Given = None
    said_recipient: Given = None
    said_object: Given = None
    said_force: Given = None
    said_kind: Given = None
    said_source: Given = None
    said_name: Given = None
    said_type: Given = None
    said_country: Given = None
    said_sector: Given = None

    def fields(self, kind: FindingKind, *, whole: bool) -> dict[str, str]:
        """Those of a kind of finding; with `whole`, what is not given is empty."""
        given = {field.name: getattr(self, f"said_{field.name}") for field in review.fields_of(kind)}
        return {name: (value or "").replace("\r\n", "\n") for name, value in given.items() if value is not None or whole}

    def check(self, kind: FindingKind) -> None:
        """ValueError for a field that says what it cannot."""
        for field in review.fields_of(kind):
            if value := getattr(self, f"said_{field.name}"):
                review.possible(field, value)


def _decided(schema: Schema) -> None:
    _optional(schema)
    edits = [{"kind": {"const": kind}, "state": {"const": "edited"}, **_said(kind)} for kind in review.KINDS]
    others: Schema = {"state": {"enum": ["accepted", "rejected", "unreviewed"]}}
    schema["oneOf"] = [{"properties": one} for one in (others, *edits)]


class Decided(Said):
    """A decision about a finding: `start` is where it stands, so that no other is meant; `whole` says that all fields are given."""

    model_config = ConfigDict(json_schema_extra=_decided)

    article: Id
    kind: FindingKind
    finding: Annotated[str, Field(min_length=1, max_length=100)]
    state: Literal["accepted", "rejected", "edited", "unreviewed"]
    start: Annotated[int | SkipJsonSchema[None], Field(ge=0, le=1 << 31)] = None
    note: Note = ""
    whole: bool = False
    back: Back = ""

    @model_validator(mode="after")
    def _edited(self) -> Self:
        if self.state == "edited":
            self.check(self.kind)
        return self


def _added(schema: Schema) -> None:
    _optional(schema)
    schema["oneOf"] = [{"properties": {"kind": {"const": kind}, **_said(kind)}} for kind in review.ADDABLE]


class Added(Said):
    """A finding that the machine did not make: its words as they stand in the article, and which of several such places (from 0)."""

    model_config = ConfigDict(json_schema_extra=_added)

    article: Id
    kind: Literal["statement", "attribution", "wording"]
    quote: Annotated[str, Field(min_length=1, max_length=review.LONGEST, pattern=WORDS)]
    nth: Annotated[int, Field(ge=0, le=10_000)] = 0
    note: Note = ""
    back: Back = ""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self.check(self.kind)
        return self


# --- groups ------------------------------------------------------------------------------------------------------------

NEEDS: Mapping[str, str] = {"merge": "others", "split": "articles", "reject": "articles", "note": "note"}
"""What a decision about a group cannot be without."""


def _grouped(schema: Schema) -> None:
    full = {"others": {"minItems": 1}, "articles": {"minItems": 1}, "note": {"pattern": WORDS}}
    schema["oneOf"] = [{"properties": {"do": {"const": do}, needed: full[needed]}, "required": [needed]} for do, needed in NEEDS.items()]


class Grouped(BaseModel):
    """A decision about a group: `others` are numbers of groups that are the same (merge), `articles` those that are not (split, reject)."""

    model_config = ConfigDict(json_schema_extra=_grouped)

    do: Literal["merge", "split", "reject", "note"]
    others: Annotated[list[Annotated[int, Field(ge=1, le=1 << 53)]], Field(max_length=100)] = []
    articles: Annotated[list[Id], Field(max_length=800)] = []
    note: Annotated[str, Field(max_length=deciding.LONGEST)] = ""

    @model_validator(mode="after")
    def _needed(self) -> Self:
        needed = NEEDS[self.do]
        given = getattr(self, needed)
        if not (given.strip() if isinstance(given, str) else given):
            words = {"others": "name two or more that are one", "articles": "choose articles", "note": "a note needs words"}
            raise ValueError(words[needed])
        return self


# --- validation --------------------------------------------------------------------------------------------------------


class Drawn(BaseModel):
    """How to draw a sample."""

    size: Annotated[int, Field(ge=1, le=validation.LARGEST)] = 200
    seed: Annotated[int, Field(ge=-(1 << 53), le=1 << 53)] = 1
    per_article: Annotated[int, Field(ge=1, le=100)] = 5


def _answered(schema: Schema) -> None:
    for question in validation.questions():
        labels: Schema = {"items": {"enum": list(question.labels)}}
        schema["properties"][question.name]["anyOf"] = [labels, {"items": {"const": validation.NONE}}]
    schema["anyOf"] = [{"properties": {question.name: {"minItems": 1}}, "required": [question.name]} for question in validation.questions()]


Labels = Annotated[list[str], Field(max_length=100)]


class Answers(BaseModel):
    """What a coder answers for a sentence: labels of each question, or "none"; nothing is no answer."""

    model_config = ConfigDict(json_schema_extra=_answered)

    unit: Annotated[int, Field(ge=1, le=1 << 31)]
    acts: Labels = []
    polarity: Labels = []
    status: Labels = []
    voice: Labels = []
    force: Labels = []
    wording: Labels = []

    @model_validator(mode="after")
    def _answers(self) -> Self:
        if not self.answers():
            raise ValueError("no question was answered")
        return self

    def answers(self) -> dict[str, str]:
        """The answers by question, in their one spelling. ValueError for what is none."""
        return validation.answered({question.name: ";".join(getattr(self, question.name)) for question in validation.questions()})
