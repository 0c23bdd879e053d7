"""Printed editions.

Revision ID: 0019
Revises: 0018
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


STATES = ("waiting", "setting", "binding", "made", "failed")


def upgrade() -> None:
    """Add the table of editions."""
    state = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("since", sa.Integer()),
        sa.Column("asked_by", sa.Integer()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("done", "total", "pages", "size", "log_size")
        ),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("sha256", "log_root")),
        sa.Column("contents", sa.JSON(), nullable=False, server_default="{}"),
        sa.CheckConstraint(
            "done >= 0 and total >= done", name=op.f("ck_edition_progress_within_total")
        ),
        sa.CheckConstraint(
            "state <> 'made' or sha256 <> ''", name=op.f("ck_edition_made_has_a_file")
        ),
        sa.ForeignKeyConstraint(
            ["since"], ["edition.number"], name=op.f("fk_edition_since_edition")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_edition_asked_by_account")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_edition")),
    )
    op.create_index(op.f("ix_edition_state"), "edition", ["state"])


def downgrade() -> None:
    """Take the table away; the files stay where they are."""
    op.drop_index(op.f("ix_edition_state"), "edition")
    op.drop_table("edition")
