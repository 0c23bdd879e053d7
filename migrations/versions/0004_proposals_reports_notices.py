"""Proposals and what gathers around them; reports, confirmations, and the outbox of notices.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=160), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "state",
                "call_back",
                "line_test",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_confirmation_by_account")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_confirmation_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index("ix_confirmation_entry_id_on", "confirmation", ["entry_id", "on"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "account_id is not null or address <> ''", name=op.f("ck_notice_has_a_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_account_id"), "notice", ["account_id"], unique=False)
    op.create_index(
        "ix_notice_sent_at_next_attempt_at", "notice", ["sent_at", "next_attempt_at"], unique=False
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column(
            "entry_kind",
            sa.Enum(
                "authority",
                "contact_point",
                "liaison_officer",
                "requirements",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "create",
                "amend",
                "confirm",
                "suspend",
                "retire",
                "restore",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "in_review",
                "changes_requested",
                "verified",
                "on_hold",
                "frozen",
                "published",
                "withdrawn",
                "rejected",
                "superseded",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("field_class", sa.Integer(), nullable=False),
        sa.Column("changes_channels", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("reported_channels", sa.JSON(), nullable=False),
        sa.Column("alternative_id", sa.String(length=16), nullable=False),
        sa.Column("call_back_entry_id", sa.String(length=16), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposer_name", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_code", sa.String(length=40), nullable=False),
        sa.Column("decision_text", sa.Text(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.CheckConstraint("base_revision >= 0", name=op.f("ck_proposal_base_is_a_revision")),
        sa.CheckConstraint("field_class between 1 and 3", name=op.f("ck_proposal_field_class")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_proposal_version_is_positive")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_proposal_approved_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["account.id"], name=op.f("fk_proposal_assignee_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["account.id"], name=op.f("fk_proposal_proposer_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_proposal_state_code_state")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["account.id"], name=op.f("fk_proposal_verified_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_batch"), "proposal", ["batch"], unique=False)
    op.create_index(
        op.f("ix_proposal_call_back_entry_id"), "proposal", ["call_back_entry_id"], unique=False
    )
    op.create_index("ix_proposal_entry_id_state", "proposal", ["entry_id", "state"], unique=False)
    op.create_index(op.f("ix_proposal_proposer_id"), "proposal", ["proposer_id"], unique=False)
    op.create_index(
        "ix_proposal_state_code_state", "proposal", ["state_code", "state"], unique=False
    )
    op.create_index(
        "ix_proposal_state_hold_until", "proposal", ["state", "hold_until"], unique=False
    )
    op.create_index(op.f("ix_proposal_updated_at"), "proposal", ["updated_at"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wrong_number",
                "bounced",
                "no_answer",
                "wrong_desk",
                "language",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=320), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("by_state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at is null) = (answer = '')", name=op.f("ck_report_answer_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_report_answered_by_account")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_report_by_account")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_report_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_at"), "report", ["at"], unique=False)
    op.create_index(
        "ix_report_entry_id_answered_at", "report", ["entry_id", "answered_at"], unique=False
    )
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=160), nullable=False),
        sa.Column(
            "channel_kind",
            sa.Enum(
                "telephone",
                "mobile",
                "fax",
                "email",
                "post",
                "web_form",
                "secure_platform",
                "interpol",
                "diplomatic",
                name="channel_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("channel_value", sa.String(length=320), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "confirmed",
                "denied",
                "not_reached",
                "note_verbale",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_call_back_by_account")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_call_back_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    op.create_index(op.f("ix_call_back_proposal_id"), "call_back", ["proposal_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size_is_positive")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_evidence_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_evidence_uploaded_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("name", name=op.f("uq_evidence_name")),
    )
    op.create_index(op.f("ix_evidence_proposal_id"), "evidence", ["proposal_id"], unique=False)
    op.create_table(
        "objection_link",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("proposal_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_objection_link_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_objection_link_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_link")),
    )
    op.create_index(
        op.f("ix_objection_link_proposal_id"), "objection_link", ["proposal_id"], unique=False
    )
    op.create_table(
        "proposal_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by"], ["account.id"], name=op.f("fk_proposal_comment_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_comment_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_comment")),
    )
    op.create_index(
        op.f("ix_proposal_comment_proposal_id"), "proposal_comment", ["proposal_id"], unique=False
    )
    op.add_column(
        "entry", sa.Column("open_reports", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "entry",
        sa.Column("alternative_id", sa.String(length=16), server_default="", nullable=False),
    )
    op.add_column(
        "entry", sa.Column("unreviewed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("entry", "unreviewed")
    op.drop_column("entry", "alternative_id")
    op.drop_column("entry", "open_reports")
    op.drop_index(op.f("ix_proposal_comment_proposal_id"), table_name="proposal_comment")
    op.drop_table("proposal_comment")
    op.drop_index(op.f("ix_objection_link_proposal_id"), table_name="objection_link")
    op.drop_table("objection_link")
    op.drop_index(op.f("ix_evidence_proposal_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_call_back_proposal_id"), table_name="call_back")
    op.drop_table("call_back")
    op.drop_index("ix_report_entry_id_answered_at", table_name="report")
    op.drop_index(op.f("ix_report_at"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_proposal_updated_at"), table_name="proposal")
    op.drop_index("ix_proposal_state_hold_until", table_name="proposal")
    op.drop_index("ix_proposal_state_code_state", table_name="proposal")
    op.drop_index(op.f("ix_proposal_proposer_id"), table_name="proposal")
    op.drop_index("ix_proposal_entry_id_state", table_name="proposal")
    op.drop_index(op.f("ix_proposal_call_back_entry_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_batch"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index("ix_notice_sent_at_next_attempt_at", table_name="notice")
    op.drop_index(op.f("ix_notice_account_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_confirmation_entry_id_on", table_name="confirmation")
    op.drop_table("confirmation")
