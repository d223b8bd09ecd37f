"""Indexes that tell an article's place in time by its reading, and how many articles of each outlet were read; views that use indexes."""

from alembic import op

from allegedly.ledger.views import definitions

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One index takes the place of another, one is new, and all views are made anew."""
    op.drop_index("ix_articles_reading", "articles")
    op.create_index("articles_of_reading", "articles", ["reading", "chron"])
    op.create_index("articles_of_outlet", "articles", ["outlet", "reading"])
    views = definitions(op.get_bind().dialect)
    for name in reversed(views):
        op.execute(f"DROP VIEW {name}")
    for definition in views.values():
        op.execute(definition.replace(":", "\\:"))
