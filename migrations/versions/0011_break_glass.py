"""Break-glass.

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "glass_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_at > at", name=op.f("ck_glass_opening_ends_after_it_began")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_glass_opening_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_glass_opening_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_opening")),
    )
    op.create_index(
        "ix_glass_opening_account_id_entry_id_ends_at",
        "glass_opening",
        ["account_id", "entry_id", "ends_at"],
    )


def downgrade() -> None:
    op.drop_table("glass_opening")
