"""The ledger's tables, one page: `docs/ledger.md` says what each row is. Nothing here asks or changes anything.

Numbers count up and are given by the ledger (`counters`), never used twice. A statement's number is its reading's times `ROOM` plus its
place in the reading, and an entity's likewise: no index is needed from one to the other. `chron` is an article's day and its place among
that day's in one, so that "newest first" is one index. Closed vocabularies are stored as places in their lists (`Code`); the views spell
them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from allegedly.compared import Label, Stand
from allegedly.records import EntityType, Force, GenreLabel, Polarity, Sourcing, Status, WordingKind

ROOM = 1 << 14
"""Statements, or entities, of one reading that can have rows."""
ADDED = 1 << 12
"""How much of it, at its end, is for statements that people added."""
DAY = 1 << 20
"""Articles of one day that `chron` can tell apart."""
DATED = date(1000, 1, 1).toordinal() * DAY
"""Where the places in time of articles with a date begin; those before are for articles without."""

Big = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits; on SQLite the type whose primary keys are row numbers."""

ACTS = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE"),
    *("REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)


class Code(TypeDecorator[str]):
    """A word of a closed vocabulary, kept as its place there. Words may be added at the end of a vocabulary, never moved."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        """The word's place; ValueError for a word that is not in the vocabulary."""
        return None if value is None else self.words.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """The word at a place."""
        return None if value is None else self.words[value]


class Day(TypeDecorator[str]):
    """An ISO date, kept as the number of days since the last of the year 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        """The day's number; ValueError for what is no date."""
        return None if value is None else date.fromisoformat(value).toordinal()

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """The date again."""
        return None if value is None else date.fromordinal(value).isoformat()


def added_place(decision: int) -> int:
    """The place in its reading's room of a statement that a person's decision added; those of one article have different ones, but for
    decisions that are `ADDED` apart.
    """
    return ROOM - 1 - decision % ADDED


def chron(day: str | None) -> int:
    """Where the places in time of a day's articles begin, or of those without a day."""
    return max(date.fromisoformat(day).toordinal() * DAY, DATED) if day else 0


def _code(vocabulary: Any) -> Code:
    return Code(*get_args(vocabulary))


def _number() -> Column[int]:
    return Column("number", Big, primary_key=True, autoincrement=False)


metadata = MetaData()
_narrow: dict[str, Any] = {"sqlite_with_rowid": False}

counters = Table("counters", metadata, Column("name", Text, primary_key=True), Column("number", Big, nullable=False), **_narrow)

outlets = Table("outlets", metadata, _number(), Column("name", Text, nullable=False, unique=True))
outlet_keys = Table(
    "outlet_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # name, alias, domain
    Column("words", Text, nullable=False),
    Column("outlet", ForeignKey("outlets.number"), nullable=False, index=True),
    **_narrow,
)

articles = Table(
    "articles",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("outlet", ForeignKey("outlets.number")),
    Column("chron", Big, nullable=False, unique=True),
    Column("reading", Big),  # the current one: of the latest version, by the latest reader
)
Index("articles_of_reading", articles.c.reading, articles.c.chron)
Index("articles_of_outlet", articles.c.outlet, articles.c.reading)
versions = Table(
    "versions",
    metadata,
    _number(),
    Column("article", ForeignKey("articles.number"), nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("title", Text),
    Column("url", Text),
    Column("outlet_given", Text),
    Column("published", Text),
    Column("day", Text),
    Column("modified", Text),
    Column("language", Text),
    Column("translated_by", Text),
    Column("genre", _code(GenreLabel), nullable=False),
    Column("words", Integer, nullable=False),
    Column("added", Text, nullable=False),
    Column("changes", Text),
    Column("text", Text, nullable=False),
    UniqueConstraint("article", "sha256"),
)
Index("versions_by_url", versions.c.url, sqlite_where=versions.c.url.is_not(None), postgresql_where=versions.c.url.is_not(None))
Index(
    "versions_translated",
    versions.c.translated_by,
    sqlite_where=versions.c.translated_by.is_not(None),
    postgresql_where=versions.c.translated_by.is_not(None),
)
captures = Table(
    "captures",
    metadata,
    Column("version", ForeignKey("versions.number"), primary_key=True, autoincrement=False),
    Column("url", Text),
    Column("retrieved", Text),
    Column("media_type", Text),
    Column("headers", Text),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
readers = Table(
    "readers",
    metadata,
    _number(),
    Column("version", Text, nullable=False),
    Column("model_sha256", Text, nullable=False),
    Column("data_sha256", Text, nullable=False),
    Column("events_sha256", Text),
)
readings = Table(
    "readings",
    metadata,
    _number(),
    Column("version", ForeignKey("versions.number"), nullable=False),
    Column("reader", ForeignKey("readers.number"), nullable=False),
    Column("article", ForeignKey("articles.number"), nullable=False, index=True),
    Column("added", Text, nullable=False),
    Column("claims", LargeBinary),  # before the document: a row is read only as far as it is asked for
    Column("document", LargeBinary, nullable=False),
    UniqueConstraint("version", "reader"),
)
_FACTS: dict[str, tuple[Any, int, bool]] = {  # type, bits, whether it can be missing
    "title": (Boolean(), 1, False),
    "act": (Code(*ACTS), 5, True),
    "type": (Code(*ACTS), 5, True),
    "polarity": (_code(Polarity), 2, False),
    "status": (_code(Status), 4, False),
    "force": (_code(Force), 4, False),
    "sourcing": (_code(Sourcing), 3, False),
}


def facts(row: Mapping[str, Any]) -> int:
    """A statement's codes in one number, from the lowest bits on; what can be missing is 0 then, and all else one higher."""
    out, shift = 0, 0
    for name, (kind, bits, optional) in _FACTS.items():
        value = row[name]
        place = int(value) if isinstance(value, bool) else kind.process_bind_param(value, None)
        out |= (0 if place is None else place + optional) << shift
        shift += bits
    return out


def places_of(*names: str) -> int:
    """The bits of `facts` that hold these."""
    out, shift = 0, 0
    for name, (_, bits, _) in _FACTS.items():
        out |= (1 << bits) - 1 << shift if name in names else 0
        shift += bits
    return out


def of_facts(facts: int, *names: str) -> dict[str, Any]:
    """These of what `facts` holds."""
    out, shift = {}, 0
    for name, (kind, bits, optional) in _FACTS.items():
        place = (facts >> shift & (1 << bits) - 1) - optional
        if name in names:
            out[name] = bool(place) if isinstance(kind, Boolean) else None if place < 0 else kind.words[place]
        shift += bits
    return out


def _from_facts() -> Iterator[tuple[str, Any, str, bool]]:
    """Columns that are computed from `facts`: name, type, how, and whether they can be NULL."""
    shift = 0
    for name, (kind, bits, optional) in _FACTS.items():
        part = f"facts >> {shift} & {(1 << bits) - 1}"
        how = (
            f"({part}) = 1"
            if isinstance(kind, Boolean)
            else f"CAST(nullif({part}, 0) - 1 AS smallint)"
            if optional
            else f"CAST({part} AS smallint)"
        )
        yield name, kind, how, optional
        shift += bits


COMPUTED = tuple(_from_facts())
statements = Table(
    "statements",
    metadata,
    _number(),
    *(Column(name, Integer, nullable=False) for name in ("facts", "start", "sentence_start", "sentence_end")),
    *(Column(name, kind, Computed(how), nullable=optional) for name, kind, how, optional in COMPUTED),
    *(
        Column(f"{role}_{name}", Integer) for role in ("actor", "recipient", "object") for name in ("at", "length")
    ),  # from the sentence's start
    Column("parties", Text),  # who takes part: twice an entity's place in the reading, and one more for a recipient; with commas between
    Column("lemma", Text, nullable=False),
    Column("voice", Text),  # NULL is the author; "@" and an entity's place in the reading, or words, before which another "@" has one more
    Column("first_day", Text),
    Column("last_day", Text),
    Column("place", Text),
    Column("country", Text),
)
entities = Table(
    "entities",
    metadata,
    _number(),
    Column("name", Text, nullable=False),
    Column("type", _code(EntityType), nullable=False),
    Column("country", Text),
    Column("sector", Text),
    Column("aliases", Text),  # its names, folded, a line each, but for `name` where that is in no other letters; NULL where it is not named
    Column("identity", Big),
)
Index(
    "entities_of_identity",
    entities.c.identity,
    sqlite_where=entities.c.identity.is_not(None),
    postgresql_where=entities.c.identity.is_not(None),
)
statement_entities = Table(
    "statement_entities",
    MetaData(),  # a view
    Column("statement", Big),
    Column("role", Code("actor", "recipient")),
    Column("entity", Big),
)
wordings = Table(
    "wordings",
    metadata,
    Column("reading", ForeignKey("readings.number"), primary_key=True),
    Column("kind", _code(WordingKind), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    **_narrow,
)


def _group(name: str, days: Any, *more: Column[Any]) -> Table:
    """Stories, matters, identities: what is known of a group as a whole, as comparison last counted it. `days` is how dates are kept."""
    table = Table(
        name,
        metadata,
        _number(),
        Column("label", Text, nullable=False, server_default=""),
        *(Column(count, Integer, nullable=False, server_default="0") for count in ("articles", "outlets", "origins")),
        Column("earliest", days),
        Column("latest", days),
        *more,
    )
    Index(f"{name}_by_size", table.c.articles)
    return table


stories = _group("stories", Day)
story_members = Table(
    "story_members",
    metadata,
    Column("member", ForeignKey("articles.number"), primary_key=True, autoincrement=False),
    Column("story", ForeignKey("stories.number"), nullable=False, index=True),
)
matters = _group(
    "matters",
    Text,  # as published, which need not be a day
    *(Column(stand, Integer, nullable=False, server_default="0") for stand in get_args(Stand)),
    Column("disputed", Boolean, nullable=False, server_default="0"),
    Column("item", Big),
)
Index("matters_disputed", matters.c.disputed, matters.c.articles)
matter_members = Table(
    "matter_members",
    metadata,
    Column("member", Big, primary_key=True, autoincrement=False),
    Column("matter", ForeignKey("matters.number"), nullable=False, index=True),
    Column("stand", _code(Stand)),
    Column("label", _code(Label)),
    Column("score", Float),
    Column("rule", Text),
    Column("evidence", Text),
)
identities = _group(
    "identities",
    Day,
    Column("type", _code(EntityType)),
    *(Column(name, Text) for name in ("country", "sector")),
    Column("source", Code("gazetteer", "full name", "short name", "name", "user")),  # what founded it
)

copies = Table(
    "copies",
    metadata,
    _number(),
    Column("earlier", ForeignKey("articles.number"), nullable=False, index=True),
    Column("later", ForeignKey("articles.number"), nullable=False, index=True),
    *(Column(f"{which}_{end}", Integer, nullable=False) for which in ("earlier", "later") for end in ("start", "end")),
    Column("words", Integer, nullable=False),
    Column("likeness", Float, nullable=False),
    Column("dated", Boolean, nullable=False),
)
designations = Table(
    "designations",
    metadata,
    Column("identity", ForeignKey("identities.number"), primary_key=True),
    Column("article", ForeignKey("articles.number"), primary_key=True),
    Column("kind", Code("name", "description", "label"), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    **_narrow,
)
kinds_of = {
    "identity": "identities",
    "story": "articles",
    "copy": "articles",
    "passage": "articles",
    "vector": "articles",
    "original": "articles",
    "member": "statements",
    "tally": "matters",
}
"""What the items of a kind of postings or notes are numbers of; of other kinds, articles, statements or entities."""
TALLY = "tally"
"""Notes of what counting a large matter takes. They hold numbers of articles."""
kinds = Table("kinds", metadata, Column("number", SmallInteger, primary_key=True, autoincrement=False), Column("name", Text, unique=True))


def _blocks(name: str) -> Table:
    """Lists of numbers under keys (see `blocks`), many to a row; a key's first 4 bits are its kind."""
    return Table(name, metadata, Column("first", Big, primary_key=True, autoincrement=False), Column("block", LargeBinary, nullable=False))


postings, counts = _blocks("postings"), _blocks("counts")
notes = Table("notes", metadata, _number(), Column("note", LargeBinary, nullable=False))  # the number's last 4 bits are the kind
progress = Table("progress", metadata, Column("stage", Text, primary_key=True), Column("reading", Big, nullable=False), **_narrow)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    *(Column(name, Text) for name in ("etag", "last_modified", "fetched", "error")),
    **_narrow,
)
feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", ForeignKey("feeds.url"), primary_key=True),
    Column("entry", Text, primary_key=True),
    **_narrow,
)

decisions = Table(
    "decisions",
    metadata,
    _number(),
    Column("made", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),  # merge, split, reject, note
    Column("about", Text, nullable=False),  # story, matter, identity
    Column("anchors", Text, nullable=False),  # JSON: what it was about, in words that survive a re-reading
    Column("note", Text, nullable=False),
    Column("before", Text),  # JSON: the groups as they were, so that it can be withdrawn
    Column("withdraws", Big),  # the decision that this one takes back
)
reviews = Table(
    "reviews",
    metadata,
    _number(),
    *(Column(name, Text, nullable=False) for name in ("made", "by", "article", "sha256")),  # of the article its id
    Column("kind", Text, nullable=False),  # of finding: statement, attribution, entity, evaluation, wording, reason
    Column("state", Text, nullable=False),  # accepted, rejected, edited, added; unreviewed takes back what was decided before
    *(Column(name, Text, nullable=False) for name in ("anchor", "found", "said")),  # JSON: where, as the machine has it, as the person says
    Column("note", Text, nullable=False),
)
Index("reviews_of_article", reviews.c.article, reviews.c.number)
samples = Table(
    "samples",
    metadata,
    _number(),
    *(Column(name, Text, nullable=False) for name in ("made", "by", "plan", "units")),  # JSON
)
codings = Table(
    "codings",
    metadata,
    _number(),
    Column("sample", ForeignKey("samples.number"), nullable=False, index=True),
    Column("unit", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("made", "by", "answers")),  # JSON: by question
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),  # of the id, or of title and text
    Column("purged", Text, nullable=False),
    Column("reason", Text, nullable=False),
    **_narrow,
)
# The full-text index itself is made by the migrations: an FTS5 table of SQLite, or a tsvector column of PostgreSQL.
search_sums = Table(
    "search_sums",
    metadata,
    Column("article", ForeignKey("articles.number"), primary_key=True, autoincrement=False),
    Column("crc", Big, nullable=False),
)
