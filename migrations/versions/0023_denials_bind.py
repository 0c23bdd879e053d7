"""A denied call-back knows what was denied.

Denials of before count for the submission they were made for, as by the rule of that time.

Revision ID: 0023
Revises: 0022
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add what was denied; nothing is known of earlier calls."""
    nothing = sa.Column("denied", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("call_back", nothing)


def downgrade() -> None:
    """Take it away."""
    op.drop_column("call_back", "denied")
