"""Accounts: requests that officers agree to, yearly confirmation, domains of States.

Revision ID: 0007
Revises: 0006
"""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ROLES = ("reader", "focal_point", "verifier", "administrator", "auditor")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    day = sa.Column("confirmed_on", sa.Date(), server_default="2000-01-01", nullable=False)
    op.add_column("account", day)
    op.add_column("account", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    # The first year begins with this step: an old installation would lock everybody out otherwise.
    account = sa.table("account", sa.column("confirmed_on", sa.Date()))
    op.execute(sa.update(account).values(confirmed_on=dt.datetime.now(dt.UTC).date()))
    op.execute("UPDATE account SET accepted_at = created_at WHERE password_hash <> ''")
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", _words("request_kind", "new_account", "role", "hand_over"), nullable=False
        ),
        sa.Column("role", _words("role", *ROLES), nullable=False),
        sa.Column("role_ends_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("leaves", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _words("request_outcome", "approved", "declined"), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome is null) = (decided_at is null)",
            name=op.f("ck_account_request_decided_with_an_outcome"),
        ),
        sa.CheckConstraint(
            "needed between 0 and 2", name=op.f("ck_account_request_needs_two_at_most")
        ),
        sa.CheckConstraint(
            "replaces_id <> account_id", name=op.f("ck_account_request_replaces_another")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_request_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_account_request_asked_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["account.id"], name=op.f("fk_account_request_replaces_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )
    for column in ("account_id", "asked_by", "replaces_id"):
        op.create_index(
            op.f(f"ix_account_request_{column}"), "account_request", [column], unique=False
        )
    op.create_index("ix_account_request_outcome", "account_request", ["outcome"], unique=False)
    op.create_index(
        "uq_account_request_open",
        "account_request",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "account_approval",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_approval_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["account_request.id"],
            name=op.f("fk_account_approval_request_id_account_request"),
        ),
        sa.PrimaryKeyConstraint("request_id", "account_id", name=op.f("pk_account_approval")),
    )
    op.create_table(
        "state_domain",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("agreed_by <> added_by", name=op.f("ck_state_domain_agreed_by_another")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_state_domain_added_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["account.id"], name=op.f("fk_state_domain_agreed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_state_domain_state_code_state")
        ),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_state_domain")),
    )
    op.create_index(
        op.f("ix_state_domain_state_code"), "state_domain", ["state_code"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_state_domain_state_code"), table_name="state_domain")
    op.drop_table("state_domain")
    op.drop_table("account_approval")
    op.drop_index("uq_account_request_open", table_name="account_request")
    op.drop_index("ix_account_request_outcome", table_name="account_request")
    for column in ("account_id", "asked_by", "replaces_id"):
        op.drop_index(op.f(f"ix_account_request_{column}"), table_name="account_request")
    op.drop_table("account_request")
    op.drop_column("account", "accepted_at")
    op.drop_column("account", "confirmed_on")
