"""Names of territories in other languages.

Revision ID: 0022
Revises: 0021
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the names; seeding fills them."""
    empty = sa.Column("names", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("territory", empty)


def downgrade() -> None:
    """Take the names away."""
    op.drop_column("territory", "names")
