"""Titles of treaties in other languages.

Revision ID: 0018
Revises: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TITLES = ("short_titles", "titles")


def upgrade() -> None:
    """Add the titles; seeding fills them."""
    for name in TITLES:
        empty = sa.Column(name, sa.JSON(), nullable=False, server_default="{}")
        op.add_column("instrument", empty)


def downgrade() -> None:
    """Take the titles away."""
    for name in TITLES:
        op.drop_column("instrument", name)
