"""How a notice was delivered, and what kept it from being delivered.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "notice", sa.Column("delivery", sa.String(length=10), server_default="", nullable=False)
    )
    op.add_column("notice", sa.Column("last_error", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_notice_sent_at_next_attempt_at", table_name="notice")
    op.create_index("ix_notice_next_attempt_at", "notice", ["next_attempt_at"], unique=False)
    op.create_index(
        "ix_notice_address_created_at", "notice", ["address", "created_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_notice_address_created_at", table_name="notice")
    op.drop_index("ix_notice_next_attempt_at", table_name="notice")
    op.create_index(
        "ix_notice_sent_at_next_attempt_at", "notice", ["sent_at", "next_attempt_at"], unique=False
    )
    op.drop_column("notice", "last_error")
    op.drop_column("notice", "delivery")
