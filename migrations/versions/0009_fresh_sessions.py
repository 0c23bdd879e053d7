"""What a session knows of its factors and device.

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


METHODS = ("system", "password", "second_factor", "passkey", "token")


def upgrade() -> None:
    method = sa.Enum(*METHODS, name="method", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("method", method, server_default="second_factor", nullable=False)
        )
        batch_op.add_column(sa.Column("factor_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("idle_minutes", sa.Integer(), server_default="60", nullable=False)
        )
        batch_op.add_column(
            sa.Column("duty_desk", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("device_id", sa.String(length=64), server_default="", nullable=False)
        )
    op.create_table(
        "known_device",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_known_device_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_known_device")),
    )
    op.create_index(
        op.f("ix_known_device_last_seen_at"), "known_device", ["last_seen_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_known_device_last_seen_at"), table_name="known_device")
    op.drop_table("known_device")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_constraint("method", type_="check")
        for column in ("device_id", "duty_desk", "idle_minutes", "factor_at", "method"):
            batch_op.drop_column(column)
