"""Rounds of line tests of contact points.

Revision ID: 0015
Revises: 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CHANNELS = (
    "telephone",
    "mobile",
    "fax",
    "email",
    "post",
    "web_form",
    "secure_platform",
    "interpol",
    "diplomatic",
)
_OUTCOMES = ("answered", "no_answer", "bounced", "wrong_line", "no_language", "not_run")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("entry", sa.Column("line_test", sa.JSON(), nullable=True))
    _create_rounds()
    _create_tests()


def _create_rounds() -> None:
    op.create_table(
        "line_test_round",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("regional_group", sa.String(length=80), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("times", _words("times", "inside", "outside", "both"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_line_test_round_gives_time_to_answer")),
        sa.ForeignKeyConstraint(
            ["started_by"], ["account.id"], name=op.f("fk_line_test_round_started_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_line_test_round_closed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_test_round")),
    )
    op.create_index("ix_line_test_round_started_at", "line_test_round", ["started_at"])


def _create_tests() -> None:
    op.create_table(
        "line_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("method", _words("method", "mail", "telephone"), nullable=False),
        sa.Column("office_time", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_id", sa.String(length=43), nullable=False),
        sa.Column("channel_kind", _words("channel_kind", *_CHANNELS), nullable=True),
        sa.Column("channel_value", sa.String(length=320), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _words("outcome", *_OUTCOMES), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("proof", _words("proof", "link", "code", "word"), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome is null) = (ended_at is null)", name=op.f("ck_line_test_end_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["line_test_round.id"], name=op.f("fk_line_test_round_id_line_test_round")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_line_test_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["account.id"], name=op.f("fk_line_test_noted_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_test")),
        sa.UniqueConstraint("link_id", name=op.f("uq_line_test_link_id")),
    )
    op.create_index("ix_line_test_round_id", "line_test", ["round_id"])
    op.create_index("ix_line_test_outcome_due_at", "line_test", ["outcome", "due_at"])
    op.create_index("ix_line_test_ended_at_entry_id", "line_test", ["ended_at", "entry_id"])


def downgrade() -> None:
    op.drop_table("line_test")
    op.drop_table("line_test_round")
    op.drop_column("entry", "line_test")
