"""Watches, saved searches, recent look-ups, statistics of questions; the index in PostgreSQL.

Revision ID: 0017
Revises: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    _create_watch()
    _create_saved_search()
    _create_recent_lookups()
    _create_question_count()
    _create_search_edition()
    _create_search_entry()


def _words(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _create_watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("kind", ["entry", "state", "question"]), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f("ck_watch_watches_something")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_watch_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("account_id", "kind", "key", name=op.f("uq_watch_account_id_kind_key")),
    )
    op.create_index("ix_watch_looked_at", "watch", ["looked_at"], unique=False)


def _create_saved_search() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_search_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("account_id", "query", name=op.f("uq_saved_search_account_id_query")),
    )


def _create_recent_lookups() -> None:
    op.create_table(
        "recent_lookups",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recent_lookups_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_recent_lookups")),
    )


def _create_question_count() -> None:
    op.create_table(
        "question_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("front", _words("front", ["finder", "search"]), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("cooperation_type", sa.String(length=40), nullable=False),
        sa.Column("outcome", _words("outcome", ["found", "near", "nothing"]), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.CheckConstraint("asked >= 1", name=op.f("ck_question_count_was_asked")),
        sa.PrimaryKeyConstraint(
            "month",
            "front",
            "state_code",
            "cooperation_type",
            "outcome",
            name=op.f("pk_question_count"),
        ),
    )
    op.create_index(
        "ix_question_count_state_code_month",
        "question_count",
        ["state_code", "month"],
        unique=False,
    )


def _create_search_edition() -> None:
    op.create_table(
        "search_edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_edition_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_edition")),
    )


def _create_search_entry() -> None:
    op.create_table(
        "search_entry",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("first_edition", sa.Integer(), nullable=False),
        sa.Column("last_edition", sa.Integer(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("terms", TSVECTOR().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("generation", "number", name=op.f("pk_search_entry")),
    )
    op.create_index(
        "ix_search_entry_terms", "search_entry", ["terms"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_search_entry_key", "search_entry", ["key"], unique=False)


def downgrade() -> None:
    for table in (
        "search_entry",
        "search_edition",
        "question_count",
        "recent_lookups",
        "saved_search",
        "watch",
    ):
        op.drop_table(table)
