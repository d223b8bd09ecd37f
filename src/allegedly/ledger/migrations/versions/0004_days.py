"""Days of stories and identities are kept as numbers."""

from alembic import op

from allegedly.ledger.views import definitions

revision = "0004"
down_revision = "0003"

DAYS = {"sqlite": "CAST(julianday(was) - 1721424.5 AS INTEGER)", "postgresql": "CAST(was AS date) - DATE '0001-01-01' + 1"}


def upgrade() -> None:
    """Two columns of two tables; all views go."""
    dialect = op.get_bind().dialect
    for name in reversed(definitions(dialect)):
        op.execute(f"DROP VIEW IF EXISTS {name}")
    for table in ("stories", "identities"):
        for column in ("earliest", "latest"):
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO was")
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER")
            op.execute(f"UPDATE {table} SET {column} = {DAYS[dialect.name]} WHERE was IS NOT NULL")  # noqa: S608
            op.execute(f"ALTER TABLE {table} DROP COLUMN was")
