"""What people decide of single findings, samples for validation and how they were coded; decisions can be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add three tables and two columns."""
    op.add_column("decisions", sa.Column("before", sa.Text(), nullable=True))
    op.add_column("decisions", sa.Column("withdraws", BIG, nullable=True))
    op.create_table("reviews", *_texts("made", "by", "article", "sha256", "kind", "state", "anchor", "found", "said", "note"))
    op.create_index("reviews_of_article", "reviews", ["article", "number"])
    op.create_table("samples", *_texts("made", "by", "plan", "units"))
    op.create_table(
        "codings",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("sample", BIG, nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("made", "by", "answers")),
        sa.ForeignKeyConstraint(["sample"], ["samples.number"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_codings_sample"), "codings", ["sample"], unique=False)


def _texts(*names: str) -> list[sa.schema.SchemaItem]:
    number = sa.Column("number", BIG, autoincrement=False, nullable=False)
    return [number, *(sa.Column(name, sa.Text(), nullable=False) for name in names), sa.PrimaryKeyConstraint("number")]
