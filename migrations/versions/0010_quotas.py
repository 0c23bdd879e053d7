"""Read audit, quotas and alerts.

Revision ID: 0010
Revises: 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WAYS = ("page", "api", "finder", "search", "export", "extract", "history", "desk", "break_glass")
PATTERNS = (
    "entries_in_order",
    "states_in_order",
    "breadth",
    "rate",
    "shared",
    "quota",
    "beyond_quota",
)


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    """A text column held to the values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "read_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account_state", sa.String(length=10), nullable=False),
        sa.Column("way", words("way", WAYS), nullable=False),
        sa.Column("program", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("beyond", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("entry_state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_view")),
    )
    op.create_index(op.f("ix_read_view_at"), "read_view", ["at"])
    op.create_index("ix_read_view_account_id_at", "read_view", ["account_id", "at"])
    op.create_index("ix_read_view_account_state_at", "read_view", ["account_state", "at"])
    op.create_index(
        "ix_read_view_entry_state_entry_id_at", "read_view", ["entry_state", "entry_id", "at"]
    )
    op.create_table(
        "read_count",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=13), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "period", name=op.f("pk_read_count")),
    )
    op.create_index(op.f("ix_read_count_period"), "read_count", ["period"])
    op.create_table(
        "read_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pattern", words("pattern", PATTERNS), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_read_alert_key")),
    )
    op.create_index(op.f("ix_read_alert_at"), "read_alert", ["at"])
    op.create_table(
        "export_made",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account_state", sa.String(length=10), nullable=False),
        sa.Column("way", words("way", WAYS), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_export_made")),
    )
    op.create_index(op.f("ix_export_made_at"), "export_made", ["at"])
    op.create_index(op.f("ix_export_made_account_id"), "export_made", ["account_id"])


def downgrade() -> None:
    for table in ("export_made", "read_alert", "read_count", "read_view"):
        op.drop_table(table)
