"""Announced closed days wait for an officer.

Days announced before were shown at once by the rule of that time: they count as verified, without
an officer's name, so that no office opens by an upgrade. On the way back, days that do not count
are given the moment of their withdrawal, because the older software shows all others.

Revision ID: 0021
Revises: 0020
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATUS = sa.Enum(
    "waiting",
    "unreviewed",
    "verified",
    "refused",
    "leaving",
    "left_unreviewed",
    "withdrawn",
    name="status",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    with op.batch_alter_table("state_closure") as batch:
        batch.add_column(sa.Column("status", STATUS, nullable=False, server_default="waiting"))
        batch.add_column(sa.Column("decision_text", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("leaving_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("leaving_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        for name in ("leaving_by", "decided_by"):
            key = op.f(f"fk_state_closure_{name}_account")
            batch.create_foreign_key(key, "account", [name], ["id"])
    op.execute("update state_closure set status = 'verified' where withdrawn_at is null")
    op.execute("update state_closure set status = 'withdrawn' where withdrawn_at is not null")
    op.create_index("ix_state_closure_status_last", "state_closure", ["status", "last"])


def downgrade() -> None:
    op.execute(
        "update state_closure set withdrawn_at = coalesce(decided_at, announced_at)"
        " where withdrawn_at is null and status in ('waiting', 'refused')"
    )
    op.drop_index("ix_state_closure_status_last", table_name="state_closure")
    with op.batch_alter_table("state_closure") as batch:
        for name in ("leaving_by", "decided_by"):
            key = op.f(f"fk_state_closure_{name}_account")
            batch.drop_constraint(key, type_="foreignkey")
        batch.drop_constraint(op.f("ck_state_closure_status"), type_="check")
        for name in (
            "status",
            "decision_text",
            "leaving_at",
            "leaving_by",
            "decided_at",
            "decided_by",
        ):
            batch.drop_column(name)
