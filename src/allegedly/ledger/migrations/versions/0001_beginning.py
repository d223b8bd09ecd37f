"""The tables as they began, and the full-text index."""

import sqlalchemy as sa
from alembic import op

from allegedly.ledger.tables import COMPUTED, ROOM

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make everything."""
    for make in (_tables_1, _tables_2, _tables_3, _tables_4, _tables_5, _tables_6):
        make()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5 (words, content='', tokenize='ascii', detail='none')")
    else:
        op.execute("CREATE TABLE search_index (chron bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX search_index_words ON search_index USING gin (words)")
        for table in ("statements", "entities"):  # of which the planner needs statistics
            op.execute(f"CREATE INDEX {table}_of_reading ON {table} ((number / {ROOM}))")


def _tables_1() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counts",
        sa.Column("first", BIG, autoincrement=False, nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first"),
    )
    op.create_table(
        "decisions",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("anchors", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "entities",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=True),
        sa.Column("identity", BIG, nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(
        "entities_of_identity",
        "entities",
        ["identity"],
        unique=False,
        sqlite_where=sa.text("identity IS NOT NULL"),
        postgresql_where=sa.text("identity IS NOT NULL"),
    )
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fetched", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identities",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outlets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("origins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("earliest", sa.Text(), nullable=True),
        sa.Column("latest", sa.Text(), nullable=True),
        sa.Column("type", sa.SmallInteger(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("source", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("identities_by_size", "identities", ["articles", "number"], unique=False)


def _tables_2() -> None:
    op.create_table(
        "kinds",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "matters",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outlets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("origins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("earliest", sa.Text(), nullable=True),
        sa.Column("latest", sa.Text(), nullable=True),
        sa.Column("asserts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("denies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reports", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reports_denial", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disputed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("item", BIG, nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("matters_by_size", "matters", ["articles", "number"], unique=False)
    op.create_index("matters_disputed", "matters", ["disputed", "articles", "number"], unique=False)
    op.create_table(
        "notes",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "outlets",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "postings",
        sa.Column("first", BIG, autoincrement=False, nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first"),
    )
    op.create_table(
        "progress",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reading", BIG, nullable=False),
        sa.PrimaryKeyConstraint("stage"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "readers",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("model_sha256", sa.Text(), nullable=False),
        sa.Column("data_sha256", sa.Text(), nullable=False),
        sa.Column("events_sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )


def _tables_3() -> None:
    stored = op.get_bind().dialect.name != "sqlite"  # PostgreSQL computes a column when a row is written, SQLite when it is read
    op.create_table(
        "statements",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, sa.Computed(how, persisted=stored), nullable=optional) for name, kind, how, optional in COMPUTED),
        sa.Column("actor_at", sa.Integer(), nullable=True),
        sa.Column("actor_length", sa.Integer(), nullable=True),
        sa.Column("recipient_at", sa.Integer(), nullable=True),
        sa.Column("recipient_length", sa.Integer(), nullable=True),
        sa.Column("object_at", sa.Integer(), nullable=True),
        sa.Column("object_length", sa.Integer(), nullable=True),
        sa.Column("parties", sa.Text(), nullable=True),
        sa.Column("lemma", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "stories",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outlets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("origins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("earliest", sa.Text(), nullable=True),
        sa.Column("latest", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("stories_by_size", "stories", ["articles", "number"], unique=False)
    op.create_table(
        "tombstones",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("purged", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "articles",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("outlet", BIG, nullable=True),
        sa.Column("chron", BIG, nullable=False),
        sa.Column("reading", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["outlets.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("chron"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_articles_reading"), "articles", ["reading"], unique=False)


def _tables_4() -> None:
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed"],
            ["feeds.url"],
        ),
        sa.PrimaryKeyConstraint("feed", "entry"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "matter_members",
        sa.Column("member", BIG, autoincrement=False, nullable=False),
        sa.Column("matter", BIG, nullable=False),
        sa.Column("stand", sa.SmallInteger(), nullable=True),
        sa.Column("label", sa.SmallInteger(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["matter"],
            ["matters.number"],
        ),
        sa.PrimaryKeyConstraint("member"),
    )
    op.create_index(op.f("ix_matter_members_matter"), "matter_members", ["matter"], unique=False)
    op.create_table(
        "outlet_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("outlet", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet"],
            ["outlets.number"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outlet_keys_outlet"), "outlet_keys", ["outlet"], unique=False)
    op.create_table(
        "copies",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("earlier", BIG, nullable=False),
        sa.Column("later", BIG, nullable=False),
        sa.Column("earlier_start", sa.Integer(), nullable=False),
        sa.Column("earlier_end", sa.Integer(), nullable=False),
        sa.Column("later_start", sa.Integer(), nullable=False),
        sa.Column("later_end", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earlier"],
            ["articles.number"],
        ),
        sa.ForeignKeyConstraint(
            ["later"],
            ["articles.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_copies_earlier"), "copies", ["earlier"], unique=False)
    op.create_index(op.f("ix_copies_later"), "copies", ["later"], unique=False)


def _tables_5() -> None:
    op.create_table(
        "designations",
        sa.Column("identity", BIG, nullable=False),
        sa.Column("article", BIG, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
        ),
        sa.ForeignKeyConstraint(
            ["identity"],
            ["identities.number"],
        ),
        sa.PrimaryKeyConstraint("identity", "article", "kind", "form"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_sums",
        sa.Column("article", BIG, autoincrement=False, nullable=False),
        sa.Column("crc", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
        ),
        sa.PrimaryKeyConstraint("article"),
    )
    op.create_table(
        "story_members",
        sa.Column("member", BIG, autoincrement=False, nullable=False),
        sa.Column("story", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member"],
            ["articles.number"],
        ),
        sa.ForeignKeyConstraint(
            ["story"],
            ["stories.number"],
        ),
        sa.PrimaryKeyConstraint("member"),
    )
    op.create_index(op.f("ix_story_members_story"), "story_members", ["story"], unique=False)
    op.create_table(
        "versions",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("article", BIG, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("outlet_given", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("translated_by", sa.Text(), nullable=True),
        sa.Column("genre", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("added", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("article", "sha256"),
    )


def _tables_6() -> None:
    op.create_index(
        "versions_by_url",
        "versions",
        ["url"],
        unique=False,
        sqlite_where=sa.text("url IS NOT NULL"),
        postgresql_where=sa.text("url IS NOT NULL"),
    )
    op.create_index(
        "versions_translated",
        "versions",
        ["translated_by"],
        unique=False,
        sqlite_where=sa.text("translated_by IS NOT NULL"),
        postgresql_where=sa.text("translated_by IS NOT NULL"),
    )
    op.create_table(
        "captures",
        sa.Column("version", BIG, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("retrieved", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["versions.number"],
        ),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "readings",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("reader", BIG, nullable=False),
        sa.Column("article", BIG, nullable=False),
        sa.Column("added", sa.Text(), nullable=False),
        sa.Column("claims", sa.LargeBinary(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.number"],
        ),
        sa.ForeignKeyConstraint(
            ["reader"],
            ["readers.number"],
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["versions.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("version", "reader"),
    )
    op.create_index(op.f("ix_readings_article"), "readings", ["article"], unique=False)
    op.create_table(
        "wordings",
        sa.Column("reading", BIG, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading"],
            ["readings.number"],
        ),
        sa.PrimaryKeyConstraint("reading", "kind", "form", "target"),
        sqlite_with_rowid=False,
    )
