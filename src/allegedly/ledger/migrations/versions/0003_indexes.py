"""Indexes that tell an article's place in time by its reading, and how many articles of each outlet were read."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One index takes the place of another, and one is new."""
    op.drop_index("ix_articles_reading", "articles")
    op.create_index("articles_of_reading", "articles", ["reading", "chron"])
    op.create_index("articles_of_outlet", "articles", ["outlet", "reading"])
