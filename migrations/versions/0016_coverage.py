"""Coverage as it stood each day.

Revision ID: 0016
Revises: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


COUNTS = ("confirmed", "due", "disputed", "lapsed", "missing", "not_on_record", "open_duties")


def upgrade() -> None:
    op.create_table(
        "coverage_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.CheckConstraint(
            "confirmed >= 0 and due >= 0 and disputed >= 0 and lapsed >= 0"
            " and missing >= 0 and not_on_record >= 0",
            name=op.f("ck_coverage_day_counts_are_not_negative"),
        ),
        sa.CheckConstraint(
            "open_duties between 0 and missing",
            name=op.f("ck_coverage_day_open_duties_are_missing"),
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_coverage_day_state_code_state")
        ),
        sa.PrimaryKeyConstraint("day", "state_code", name=op.f("pk_coverage_day")),
    )


def downgrade() -> None:
    op.drop_table("coverage_day")
