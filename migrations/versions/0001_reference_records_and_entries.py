"""reference records and entries

Revision ID: 0001
Revises:
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "cooperation_type",
        sa.Column(
            "code",
            sa.Enum(
                "mla",
                "extradition",
                "provisional_arrest",
                "tsp",
                "tcp",
                "asset_recovery",
                "drugs_at_sea",
                "migrants_at_sea",
                "firearms",
                "cultural_property",
                "prevention",
                "joint_investigation",
                "law_enforcement",
                "e_evidence",
                "financial_intelligence",
                name="code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cooperation_type")),
        sa.UniqueConstraint("position", name=op.f("uq_cooperation_type_position")),
    )
    op.create_table(
        "instrument",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("short_title", sa.String(length=160), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("adopted", sa.Date(), nullable=True),
        sa.Column("entry_into_force", sa.Date(), nullable=True),
        sa.Column("depositary", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("text_url", sa.Text(), nullable=False),
        sa.Column("status_url", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.String(length=40), nullable=True),
        sa.Column("entry_into_force_rule", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["instrument.code"], name=op.f("fk_instrument_parent_code_instrument")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_instrument")),
    )
    op.create_table(
        "reference_edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reference_edition_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_edition")),
    )
    op.create_table(
        "state",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "observer",
                "other_party",
                "regional_organization",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("regional_group", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("time_zones", sa.JSON(), nullable=False),
        sa.Column("weekend", sa.JSON(), nullable=False),
        sa.Column("calling_code", sa.String(length=12), nullable=False),
        sa.Column("capital", sa.String(length=80), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("length(code) = 2", name=op.f("ck_state_code_has_two_letters")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_state")),
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("instrument_code", sa.String(length=40), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "extradition_legal_basis",
                "extradition_legal_basis_limited",
                "extradition_of_nationals",
                "language",
                "interpol_channel",
                "urgent_channel",
                "form_of_request",
                "dual_criminality",
                "dispute_reservation",
                "dispute_declaration",
                "reservation_withdrawn",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_declaration_instrument_code_instrument"),
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_declaration_state_code_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_declaration_state_code_instrument_code",
            ["state_code", "instrument_code"],
            unique=False,
        )

    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "authority",
                "contact_point",
                "liaison_officer",
                "requirements",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "published",
                "suspended",
                "retired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("as_published", sa.String(length=10), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=160), nullable=False),
        sa.Column(
            "confirmed_how",
            sa.Enum(
                "state",
                "call_back",
                "line_test",
                name="confirmed_how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("visible_until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_entry_revision_is_positive")),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_entry_state_code_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_changed_at_id", ["changed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_due_on"), ["due_on"], unique=False)
        batch_op.create_index(
            "ix_entry_state_code_kind_status", ["state_code", "kind", "status"], unique=False
        )

    op.create_table(
        "legal_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "cooperation_type",
            sa.Enum(
                "mla",
                "extradition",
                "provisional_arrest",
                "tsp",
                "tcp",
                "asset_recovery",
                "drugs_at_sea",
                "migrants_at_sea",
                "firearms",
                "cultural_property",
                "prevention",
                "joint_investigation",
                "law_enforcement",
                "e_evidence",
                "financial_intelligence",
                name="cooperation_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("instrument_code", sa.String(length=40), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("must_designate", sa.String(length=40), nullable=False),
        sa.Column("notify", sa.String(length=120), nullable=False),
        sa.Column("time_limit", sa.String(length=120), nullable=False),
        sa.Column("keep_current", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperation_type"],
            ["cooperation_type.code"],
            name=op.f("fk_legal_basis_cooperation_type_cooperation_type"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_legal_basis_instrument_code_instrument"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_basis")),
        sa.UniqueConstraint(
            "cooperation_type",
            "instrument_code",
            "article",
            name=op.f("uq_legal_basis_cooperation_type_instrument_code_article"),
        ),
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("instrument_code", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "party",
                "signatory",
                "denounced",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signature", sa.Date(), nullable=True),
        sa.Column("consent", sa.Date(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("entry_into_force", sa.Date(), nullable=True),
        sa.Column("computed", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_copy", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ended is null or entry_into_force is null or ended >= entry_into_force",
            name=op.f("ck_participation_ends_after_it_began"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_participation_instrument_code_instrument"),
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_participation_state_code_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "state_code",
            "instrument_code",
            name=op.f("uq_participation_state_code_instrument_code"),
        ),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participation_instrument_code"), ["instrument_code"], unique=False
        )

    op.create_table(
        "state_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=160), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("form in ('official', 'alias')", name=op.f("ck_state_name_form")),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_state_name_state_code_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_name")),
        sa.UniqueConstraint(
            "state_code",
            "language",
            "form",
            "text",
            name=op.f("uq_state_name_state_code_language_form_text"),
        ),
    )
    op.create_table(
        "territory",
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_territory_state_code_state")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_territory")),
    )
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_territory_state_code"), ["state_code"], unique=False)

    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
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
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "general",
                "urgent",
                "out_of_hours",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "all_readers",
                "same_type",
                "own_state",
                "break_glass",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "tlp",
            sa.Enum(
                "clear",
                "green",
                "amber",
                "amber_strict",
                "red",
                name="tlp",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("warning", sa.String(length=40), nullable=False),
        sa.Column("source_key", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_channel_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("entry_id", "position", name=op.f("uq_channel_entry_id_position")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index("ix_channel_value", ["value"], unique=False)

    op.create_table(
        "designation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "cooperation_type",
            sa.Enum(
                "mla",
                "extradition",
                "provisional_arrest",
                "tsp",
                "tcp",
                "asset_recovery",
                "drugs_at_sea",
                "migrants_at_sea",
                "firearms",
                "cultural_property",
                "prevention",
                "joint_investigation",
                "law_enforcement",
                "e_evidence",
                "financial_intelligence",
                name="cooperation_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("instrument_code", sa.String(length=40), nullable=True),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("territory_key", sa.String(length=12), nullable=True),
        sa.Column(
            "scope_kind",
            sa.Enum(
                "stage",
                "court",
                "article",
                "matter",
                name="scope_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column(
            "rank",
            sa.Enum(
                "primary",
                "secondary",
                name="rank",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("function", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "notified",
                "communicated",
                "operational",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_key", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_to >= valid_from",
            name=op.f("ck_designation_ends_after_it_began"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperation_type"],
            ["cooperation_type.code"],
            name=op.f("fk_designation_cooperation_type_cooperation_type"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_designation_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_designation_instrument_code_instrument"),
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_designation_state_code_state")
        ),
        sa.ForeignKeyConstraint(
            ["territory_key"],
            ["territory.key"],
            name=op.f("fk_designation_territory_key_territory"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
        sa.UniqueConstraint("entry_id", "key", name=op.f("uq_designation_entry_id_key")),
    )
    with op.batch_alter_table("designation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_designation_cooperation_type_entry_id",
            ["cooperation_type", "entry_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_designation_instrument_code_entry_id", ["instrument_code", "entry_id"], unique=False
        )
        batch_op.create_index(
            "ix_designation_state_code_cooperation_type",
            ["state_code", "cooperation_type"],
            unique=False,
        )

    op.create_table(
        "entry_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "published",
                "suspended",
                "retired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_entry_revision_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_revision_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_revision")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_entry_revision_entry_id_number")),
    )
    op.create_table(
        "entry_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note_verbale",
                "depositary_notification",
                "official_gazette",
                "treaty_collection",
                "state_communication",
                "synthetic",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_source_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_source")),
        sa.UniqueConstraint("entry_id", "key", name=op.f("uq_entry_source_entry_id_key")),
    )
    op.create_table(
        "hours",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_hours_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_hours")),
    )
    op.create_table(
        "index_work",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_index_work_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_work")),
    )
    op.create_table(
        "liaison_state",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("state_code", sa.String(length=2), nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("common_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "relation in ('host', 'covered')", name=op.f("ck_liaison_state_relation")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_liaison_state_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["state.code"], name=op.f("fk_liaison_state_state_code_state")
        ),
        sa.PrimaryKeyConstraint(
            "entry_id", "state_code", "relation", name=op.f("pk_liaison_state")
        ),
    )
    with op.batch_alter_table("liaison_state", schema=None) as batch_op:
        batch_op.create_index(
            "ix_liaison_state_state_code_relation", ["state_code", "relation"], unique=False
        )

    op.create_table(
        "opening_interval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_opening_interval_weekday")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["hours.entry_id"], name=op.f("fk_opening_interval_entry_id_hours")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_interval")),
        sa.UniqueConstraint(
            "entry_id", "weekday", "opens", name=op.f("uq_opening_interval_entry_id_weekday_opens")
        ),
    )


def downgrade() -> None:
    op.drop_table("opening_interval")
    with op.batch_alter_table("liaison_state", schema=None) as batch_op:
        batch_op.drop_index("ix_liaison_state_state_code_relation")

    op.drop_table("liaison_state")
    op.drop_table("index_work")
    op.drop_table("hours")
    op.drop_table("entry_source")
    op.drop_table("entry_revision")
    with op.batch_alter_table("designation", schema=None) as batch_op:
        batch_op.drop_index("ix_designation_state_code_cooperation_type")
        batch_op.drop_index("ix_designation_instrument_code_entry_id")
        batch_op.drop_index("ix_designation_cooperation_type_entry_id")

    op.drop_table("designation")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_value")

    op.drop_table("channel")
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_territory_state_code"))

    op.drop_table("territory")
    op.drop_table("state_name")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_instrument_code"))

    op.drop_table("participation")
    op.drop_table("legal_basis")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_state_code_kind_status")
        batch_op.drop_index(batch_op.f("ix_entry_due_on"))
        batch_op.drop_index("ix_entry_changed_at_id")

    op.drop_table("entry")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index("ix_declaration_state_code_instrument_code")

    op.drop_table("declaration")
    op.drop_table("reference_edition")
    op.drop_table("state")
    op.drop_table("instrument")
    op.drop_table("cooperation_type")
