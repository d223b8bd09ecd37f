"""Alembic's entry: runs the migrations over the ledger's own connection, within its transaction."""

from alembic import context

from allegedly.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
