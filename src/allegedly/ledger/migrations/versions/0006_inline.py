"""PostgreSQL keeps an article's words in the row itself: so its planner knows what it takes to look at them, and asks their index."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Another place for one column; rows that are there are written again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_index ALTER COLUMN words SET STORAGE MAIN")
        op.execute("UPDATE search_index SET words = words || CAST('' AS tsvector)")
