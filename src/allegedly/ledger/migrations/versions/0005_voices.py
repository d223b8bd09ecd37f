"""A voice that is an entity's is kept as its place; groups are indexed by size alone; views are written shorter."""

from alembic import op

from allegedly.ledger.views import definitions

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Voices that begin like places are marked; those that are there stay in words. All views are made anew."""
    op.execute("UPDATE statements SET voice = '@' || voice WHERE substr(voice, 1, 1) = '@'")
    for table in ("stories", "matters", "identities"):
        op.drop_index(f"{table}_by_size", table)
        op.create_index(f"{table}_by_size", table, ["articles"])
    op.drop_index("matters_disputed", "matters")
    op.create_index("matters_disputed", "matters", ["disputed", "articles"])
    views = definitions(op.get_bind().dialect)
    for name in reversed(views):
        op.execute(f"DROP VIEW IF EXISTS {name}")
    for definition in views.values():
        op.execute(definition.replace(":", "\\:"))
