"""PostgreSQL's index of words has a word for every name of an article, and one for every kind of statement (`fulltext.indexed`).

So it is found by the index alone which articles have a name, without the places of words, and which have one statement of which several
things hold. SQLite's index has no places of words, and is to stay small.
"""

from alembic import op

from allegedly.ledger import tables as t
from allegedly.ledger.views import spelled

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the words to those of current readings."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        words = {
            name: str(spelled(t.statements.c[name]).compile(dialect=bind.dialect, compile_kwargs={"literal_binds": True}))
            for name in ("act", "status", "polarity")
        }
        op.execute(_WORDS.format(**words).replace(":", "\\:"))


_WORDS = """
    UPDATE search_index SET words = search_index.words || found.words
    FROM (
        SELECT chron, array_to_tsvector(array_agg(DISTINCT left(word, 200))) AS words
        FROM (
            SELECT articles.chron, '\ue000entity\ue001' || replace(called.name, ' ', '\ue002') AS word
            FROM articles JOIN entities ON entities.number / 16384 = articles.reading,
            LATERAL (SELECT lower(entities.name) UNION SELECT unnest(string_to_array(entities.aliases, chr(10)))) AS called (name)
            WHERE entities.aliases IS NOT NULL AND called.name <> ''
            UNION
            SELECT articles.chron, '\ue000said\ue001' || concat_ws(
                '\ue002', kinds.act, {status}, {polarity}, CASE WHEN statements.voice IS NULL THEN 'author' ELSE 'source' END
            )
            FROM articles JOIN statements ON statements.number / 16384 = articles.reading,
            LATERAL (SELECT '' UNION SELECT coalesce({act}, '')) AS kinds (act)
            UNION
            SELECT articles.chron, '\ue000' || kinds.kind || '\ue001' || replace(called.name, ' ', '\ue002')
            FROM articles JOIN statements ON statements.number / 16384 = articles.reading
            JOIN statement_entities ON statement_entities.statement = statements.number
            JOIN entities ON entities.number = statement_entities.entity,
            LATERAL (SELECT lower(entities.name) UNION SELECT unnest(string_to_array(entities.aliases, chr(10)))) AS called (name),
            LATERAL (SELECT 'part' UNION SELECT 'without' WHERE ({polarity}) = 'negated') AS kinds (kind)
            WHERE entities.aliases IS NOT NULL AND called.name <> ''
        ) AS each
        GROUP BY chron
    ) AS found
    WHERE found.chron = search_index.chron"""
