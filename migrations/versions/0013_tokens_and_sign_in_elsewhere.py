"""Sign-in by a provider of the State.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_identity_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
    )
    op.create_index(
        op.f("ix_provider_identity_account_id"), "provider_identity", ["account_id"], unique=False
    )
    op.create_index(
        "uq_provider_identity_issuer_subject",
        "provider_identity",
        ["issuer", "subject"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_provider_identity_issuer_subject", table_name="provider_identity")
    op.drop_index(op.f("ix_provider_identity_account_id"), table_name="provider_identity")
    op.drop_table("provider_identity")
