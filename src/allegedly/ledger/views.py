"""The questions that are asked most, as views with readable names: for Datasette, for any SQL tool, and for the ledger's own listings.

Every row about a statement has its voice, polarity and status. Words are cut from the article's text as the view is read.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    Select,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from allegedly.ledger import tables as t

QUAD = {
    1: ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    2: ("COOPERATE", "AID", "RETREAT"),
    3: ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    4: ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
"""PLOVER's quadrants: verbal and material cooperation, verbal and material conflict."""


def spelled(column: Column[Any]) -> ColumnElement[Any]:
    """A code's word."""
    assert isinstance(column.type, t.Code)  # noqa: S101
    plain: ColumnElement[int] = literal_column(f"{column.table.name}.{column.name}")
    return case({place: literal(word) for place, word in enumerate(column.type.words)}, value=plain)


def _quad() -> ColumnElement[Any]:
    plain: ColumnElement[int] = literal_column("statements.type")
    places = {quad: ", ".join(str(t.ACTS.index(act)) for act in acts) for quad, acts in QUAD.items()}
    return case(*((plain.in_([literal_column(places[quad])]), literal(quad)) for quad in QUAD))


_S, _A, _R, _V, _O = t.statements.c, t.articles.c, t.readings.c, t.versions.c, t.outlets.c
_whole = case((_S.title, _V.title), else_=_V.text)


def _cut(start: ColumnElement[Any], length: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(_whole, start + literal_column("1"), length)


class _Found(FunctionElement[bool]):
    """How rows are found, in each database's own way."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: compared with true, SQLite would look at every row."""
        return self


class in_room(_Found):  # noqa: N801 - spelled as SQL's own functions
    """A number is of the room that begins with another: how SQLite finds rows, which PostgreSQL finds by an index of their readings."""

    inherit_cache = True


class of_reading(_Found):  # noqa: N801 - spelled as SQL's own functions
    """A statement or entity, by its number, is of a reading."""

    inherit_cache = True


@compiles(in_room, "sqlite")
def _in_room(element: in_room, compiler: SQLCompiler, **options: Any) -> str:
    number, first = (compiler.process(one, **options) for one in element.clauses)
    return f"{number} BETWEEN {first} AND {first} + {t.ROOM - 1}"


@compiles(in_room, "postgresql")
def _anywhere(element: in_room, compiler: SQLCompiler, **options: Any) -> str:
    return "true"


@compiles(of_reading, "sqlite")
def _in_reading(element: of_reading, compiler: SQLCompiler, **options: Any) -> str:
    number, reading = (compiler.process(one, **options) for one in element.clauses)
    return f"{number} BETWEEN {reading} * {t.ROOM} AND {reading} * {t.ROOM} + {t.ROOM - 1}"


@compiles(of_reading, "postgresql")
def _its_reading(element: of_reading, compiler: SQLCompiler, **options: Any) -> str:
    number, reading = (compiler.process(one, **options) for one in element.clauses)
    return f"({number} / {t.ROOM}) = {reading}"


class holds(_Found):  # noqa: N801 - spelled as SQL's own functions
    """Words have other words somewhere in them."""

    inherit_cache = True


@compiles(holds, "sqlite")
def _instr(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({', '.join(compiler.process(one, **options) for one in element.clauses)}) > 0"


@compiles(holds, "postgresql")
def _strpos(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({', '.join(compiler.process(one, **options) for one in element.clauses)}) > 0"


def within(number: Column[Any]) -> ColumnElement[bool]:
    """A statement or entity is of the reading."""
    room: ColumnElement[int] = literal_column(str(t.ROOM))
    name = f"{number.table.name}.{number.name}"
    return in_room(number, _R.number * room) & (_R.number == literal_column(f"{name} / {t.ROOM}", Integer))


def as_parties(entity: ColumnElement[int]) -> Any:
    """A subquery of entities, by their numbers: `reading`, and the words for the two roles in which they take part (see `takes_part`)."""
    room = literal_column(str(t.ROOM), Integer)  # of a type, or "//" would not be told to be a whole number's
    twice = entity % room * literal_column("2", Integer)
    words = [cast(twice + role, Text).label(name) for role, name in enumerate(("actor", "recipient"))]
    once = select((entity // room).label("reading"), *words).suffix_with("LIMIT -1 OFFSET 0", dialect="sqlite")  # not once a statement
    return once.suffix_with("OFFSET 0", dialect="postgresql").subquery("parties")


def takes_part(party: Any) -> ColumnElement[bool]:
    """One of `as_parties` takes part in a statement of its reading (see `statements.parties`)."""
    comma = literal_column("','", Text)
    whole = comma.concat(_S.parties).concat(comma)
    roles = (party.c.actor, party.c.recipient)
    return or_(*(holds(_S.parties, one) & holds(whole, comma.concat(one).concat(comma)) for one in roles))  # the first is sooner told


def sentence() -> ColumnElement[Any]:
    """The sentence that a statement stands in."""
    return _cut(_S.sentence_start, _S.sentence_end - _S.sentence_start)


def spoken() -> ColumnElement[Any]:
    """Whose words a statement is (see `statements.voice`); None for the author."""
    speakers, whose = t.entities.alias("speakers"), literal_column("statements.voice", Text)
    place: ColumnElement[int] = literal_column(f"statements.number / {t.ROOM} * {t.ROOM} + CAST(substr(statements.voice, 2) AS INTEGER)")
    named = select(speakers.c.name).where(speakers.c.number == place).scalar_subquery()
    second, rest = (func.substr(whose, *(literal_column(one) for one in at)) for at in (("1", "2"), ("2",)))
    marked = func.substr(whose, literal_column("1"), literal_column("1")) == literal("@")
    return case((second == literal("@@"), rest), (marked, named), else_=whose)


READ = (
    t.articles.join(t.readings, _R.number == _A.reading)
    .join(t.versions, _V.number == _R.version)
    .join(t.outlets, _O.number == _A.outlet, isouter=True)
)
"""Articles with their current reading and its version."""
OUTSIDE = (
    *(_V[name] for name in ("text", "title", "url", "outlet_given")),
    *(t.readers.c[name].label(f"reader_{name}") for name in ("version", "model_sha256", "data_sha256", "events_sha256")),
)
"""What of a reading stands outside its document."""
DOCUMENTS = select(t.readings.c.document, *OUTSIDE).select_from(
    t.readings.join(t.versions, _V.number == _R.version).join(t.readers, t.readers.c.number == _R.reader)
)
"""Readings' documents (the first column) and what stands outside."""
SAID = READ.join(t.statements, within(_S.number))
"""The same with their statements."""

ARTICLE = (
    _A.number.label("article"),
    _A.id.label("id"),
    _V.title.label("title"),
    _O.name.label("outlet"),
    _V.published.label("published"),
)
STATEMENT = (
    _S.number.label("statement"),
    sentence().label("sentence"),
    _S.lemma.label("lemma"),
    spelled(_S.act).label("act"),
    spelled(_S.type).label("type"),
    _quad().label("quad"),
    _cut(_S.sentence_start + _S.actor_at, _S.actor_length).label("actors"),
    _cut(_S.sentence_start + _S.recipient_at, _S.recipient_length).label("recipients"),
    _cut(_S.sentence_start + _S.object_at, _S.object_length).label("object"),
    spelled(_S.polarity).label("polarity"),
    spelled(_S.status).label("status"),
    func.coalesce(spoken(), literal("author")).label("voice"),
    spelled(_S.force).label("force"),
    spelled(_S.sourcing).label("sourcing"),
    _S.first_day.label("first_day"),
    _S.last_day.label("last_day"),
    _S.place.label("place"),
)


def statements_made() -> Select[Any]:
    """Every statement of the current readings."""
    return select(*ARTICLE, *STATEMENT).select_from(SAID)


def articles_read() -> Select[Any]:
    """Every article in its current version."""
    every = t.versions.alias("every")
    count = select(func.count()).select_from(every).where(every.c.article == _A.number).scalar_subquery()
    more = (_V.url.label("url"), _V.language.label("language"), spelled(_V.genre).label("genre"), _V.words.label("words"))
    return select(*ARTICLE, *more, _V.translated_by.label("translated_by"), _V.added.label("added"), count.label("versions")).select_from(
        READ
    )


_MADE = table("statements_made", *(column(one.name) for one in (*ARTICLE, *STATEMENT)))
"""The view, to which others add columns."""


def who_did_what() -> Select[Any]:
    """Every entity that takes part in a statement, with its role there; quick for an `identity`, and for an `entity`."""
    parties, entities = t.statement_entities, t.entities
    first = literal_column(f"entities.number / {t.ROOM} * {t.ROOM}", Integer)
    same: ColumnElement[bool] = literal_column(f"statements_made.statement / {t.ROOM} = entities.number / {t.ROOM}")
    its = (entities.c.number == parties.c.entity) & in_room(parties.c.statement, first) & same
    more = (entities.c.name.label("name"), spelled(entities.c.type).label("name_type"), spelled(parties.c.role).label("role"))
    which = (entities.c.number.label("entity"), entities.c.identity.label("identity"))
    joined = _MADE.join(parties, parties.c.statement == _MADE.c.statement).join(entities, its)
    return select(*more, *which, *_MADE.c).select_from(joined)


def matters_compared() -> Select[Any]:
    """Every matter: how many articles and outlets, and what they do with its proposition."""
    columns = [column for column in t.matters.c if column.name != "number"]
    return select(t.matters.c.number.label("matter"), *columns)


def matter_statements() -> Select[Any]:
    """Every statement of every matter, with what its article does with the proposition and the rule that says so."""
    members = t.matter_members
    joined = _MADE.join(members, members.c.member == _MADE.c.statement).join(t.matters, t.matters.c.number == members.c.matter)
    more = (t.matters.c.number.label("matter"), t.matters.c.label.label("label"), spelled(members.c.stand).label("stand"))
    return select(*more, members.c.rule.label("rule"), members.c.score.label("score"), *_MADE.c).select_from(joined)


def story_articles() -> Select[Any]:
    """Every article of every story."""
    joined = READ.join(t.story_members, t.story_members.c.member == _A.number).join(
        t.stories, t.stories.c.number == t.story_members.c.story
    )
    return select(t.stories.c.number.label("story"), t.stories.c.label.label("label"), *ARTICLE).select_from(joined)


def copied_passages() -> Select[Any]:
    """Every passage that two articles share, the one of the earlier date before the other where dates tell (`dated`)."""
    sides: list[Any] = []
    source: Any = t.copies
    for side in ("earlier", "later"):
        a, r, v, o = (table.alias(f"{side}_{table.name}") for table in (t.articles, t.readings, t.versions, t.outlets))
        source = source.join(a, a.c.number == t.copies.c[side]).join(r, r.c.number == a.c.reading).join(v, v.c.number == r.c.version)
        source = source.join(o, o.c.number == a.c.outlet, isouter=True)
        sides += [a.c.id.label(f"{side}_id"), o.c.name.label(f"{side}_outlet"), v.c.published.label(f"{side}_published")]
        start, end = t.copies.c[f"{side}_start"], t.copies.c[f"{side}_end"]
        sides.append(func.substr(v.c.text, start + literal_column("1"), end - start).label(f"{side}_passage"))
    shared = (t.copies.c.words.label("words"), t.copies.c.likeness.label("likeness"), t.copies.c.dated.label("dated"))
    return select(t.copies.c.number.label("copy"), *shared, *sides).select_from(source)


def names_by_outlet() -> Select[Any]:
    """What each outlet calls whom, how often, and in how many articles."""
    d = t.designations
    joined = d.join(t.identities, t.identities.c.number == d.c.identity).join(t.articles, _A.number == d.c.article)
    joined = joined.join(t.outlets, _O.number == _A.outlet, isouter=True)
    keys = (t.identities.c.number.label("identity"), t.identities.c.label.label("name"), _O.name.label("outlet"))
    form = (d.c.form.label("form"), spelled(d.c.kind).label("kind"))
    counts = (func.sum(d.c.count).label("times"), func.count().label("articles"))
    return select(*keys, *form, *counts).select_from(joined).group_by(*keys, *form)


def wording_by_outlet() -> Select[Any]:
    """Charged and evasive words by outlet, of whom they are said, how often, and in how many articles; without machine translations."""
    w = t.wordings
    own = or_(_V.translated_by.is_(None), _V.translated_by != literal("machine"))
    joined = READ.join(w, w.c.reading == _A.reading)
    keys = (_O.name.label("outlet"), spelled(w.c.kind).label("kind"), w.c.form.label("form"), w.c.target.label("target"))
    counts = (func.sum(w.c.count).label("times"), func.count().label("articles"))
    return select(*keys, *counts).select_from(joined).where(own).group_by(*keys)


def edited_articles() -> Select[Any]:
    """Every version of an article after the one that came before, with the places that changed: [start, end) there, [start, end) here."""
    added = (_V.number.label("version"), _V.added.label("added"), cast(_V.changes, Text).label("changes"), _V.title.label("title"))
    joined = t.versions.join(t.articles, _A.number == _V.article)
    return select(_A.number.label("article"), _A.id.label("id"), *added).select_from(joined).where(_V.changes.is_not(None))


VIEWS = (
    *(articles_read, statements_made, who_did_what, matters_compared, matter_statements, story_articles),
    *(copied_passages, names_by_outlet, wording_by_outlet, edited_articles),
)


_PARTIES = """
CREATE VIEW statement_entities AS
SELECT statements.number AS statement, one.value & 1 AS role, statements.number / {room} * {room} + (one.value >> 1) AS entity
FROM statements, {parties}"""
_LISTED = {
    "sqlite": "json_each('[' || parties || ']') AS one",
    "postgresql": "unnest(CAST(string_to_array(parties, ',') AS integer[])) AS one (value)",
}
"""An entity's part in a statement; unlike the other views it is a table for Python, too (`tables.statement_entities`)."""


def definitions(dialect: Dialect) -> dict[str, str]:
    """A view's name and its CREATE VIEW, those that others look at before these."""
    return {"statement_entities": _PARTIES.format(room=t.ROOM, parties=_LISTED[dialect.name])} | {
        view.__name__: f"CREATE VIEW {view.__name__} AS {view().compile(dialect=dialect, compile_kwargs={'literal_binds': True})}"
        for view in VIEWS
    }
