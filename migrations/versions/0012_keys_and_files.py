"""Keys and files.

Revision ID: 0012
Revises: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # What was taken before is in quarantine until the worker has looked at it.
    released = sa.Column("released_at", sa.DateTime(timezone=True), nullable=True)
    refused = sa.Column("refused_as", sa.String(length=20), server_default="", nullable=False)
    op.add_column("evidence", released)
    op.add_column("evidence", refused)


def downgrade() -> None:
    op.drop_column("evidence", "refused_as")
    op.drop_column("evidence", "released_at")
