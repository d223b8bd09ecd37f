"""PostgreSQL's index of words has every name of an article as a word of its own: to look for a name, no positions of words are read.

SQLite's has those alone that do not stand in the words (`search.facets`): it keeps no positions, and is to stay small.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the names of current readings' entities."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_NAMES)


_NAMES = """
    UPDATE search_index SET words = words || found.names
    FROM (
        SELECT articles.chron, array_to_tsvector(array_agg(DISTINCT called.name)) AS names
        FROM articles JOIN entities ON entities.number / 16384 = articles.reading,
        LATERAL (
            SELECT left('\ue000entity\ue001' || replace(one, ' ', '\ue002'), 200)
            FROM (SELECT lower(entities.name) UNION SELECT unnest(string_to_array(entities.aliases, chr(10)))) AS each (one) WHERE one <> ''
        ) AS called (name)
        WHERE entities.aliases IS NOT NULL
        GROUP BY articles.chron
    ) AS found
    WHERE found.chron = search_index.chron"""
