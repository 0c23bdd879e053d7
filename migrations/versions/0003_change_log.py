"""The change log, its tree and checkpoints, which only grow; the keys of persons.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

#: Tables that refuse update, delete and truncate.
GROWING = ("change_log", "log_node", "checkpoint")

#: Runs before a row of change_log is inserted: it must follow the last one.
SQLITE_FOLLOWS = """
CREATE TRIGGER change_log_follows BEFORE INSERT ON change_log
WHEN NEW.sequence <> 1 + coalesce((SELECT max(sequence) FROM change_log), 0)
  OR NEW.previous_hash <> coalesce(
       (SELECT hash FROM change_log ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
  OR EXISTS (SELECT 1 FROM change_log WHERE hash = NEW.hash)
BEGIN
  SELECT raise(ABORT, 'an event must follow the last one of change_log');
END
"""

# INSERT OR REPLACE takes the old row away without a DELETE trigger, so inserts are looked at too.
SQLITE_NO_REPLACE = {
    "log_node": "level = NEW.level AND position = NEW.position",
    "checkpoint": "number = NEW.number OR size = NEW.size",
}

POSTGRES_FOLLOWS = """
CREATE FUNCTION change_log_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_sequence integer := 0;
  last_hash text := repeat('0', 64);
BEGIN
  SELECT sequence, hash INTO last_sequence, last_hash
    FROM change_log ORDER BY sequence DESC LIMIT 1;
  IF NOT FOUND THEN
    last_sequence := 0;
    last_hash := repeat('0', 64);
  END IF;
  IF NEW.sequence <> last_sequence + 1 OR NEW.previous_hash <> last_hash THEN
    RAISE EXCEPTION 'an event must follow the last one of change_log';
  END IF;
  RETURN NEW;
END
$$
"""

POSTGRES_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "change_log",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=160), nullable=False),
        sa.Column("actor_account", sa.Integer(), nullable=True),
        sa.Column("actor_state", sa.String(length=10), nullable=False),
        sa.Column(
            "authentication",
            sa.Enum(
                "system",
                "password",
                "second_factor",
                "passkey",
                "token",
                name="authentication",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False),
        sa.Column("ciphertexts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_change_log_sequence_is_positive")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_change_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_change_log_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_change_log_previous_hash")),
    )
    op.create_index(op.f("ix_change_log_action"), "change_log", ["action"])
    op.create_index(op.f("ix_change_log_at"), "change_log", ["at"])
    op.create_index(
        "ix_change_log_subject_kind_subject_id",
        "change_log",
        ["subject_kind", "subject_id", "sequence"],
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_log_node_level_is_above_leaves")),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_node")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_checkpoint_number_is_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("size", name=op.f("uq_checkpoint_size")),
    )
    op.create_table(
        "person_key",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(key is null) = (destroyed_at is not null)",
            name=op.f("ck_person_key_destroyed_or_there"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_key")),
    )
    op.create_index(
        "uq_person_key_person",
        "person_key",
        ["person"],
        unique=True,
        sqlite_where=sa.text("key is not null"),
        postgresql_where=sa.text("key is not null"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _guard_sqlite() -> None:
    for table in GROWING:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN "
                f"SELECT raise(ABORT, '{table} only grows: {verb} is refused'); END"
            )
    for table, same in SQLITE_NO_REPLACE.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN "
            f"SELECT raise(ABORT, '{table} only grows: REPLACE is refused'); END"
        )
    op.execute(SQLITE_FOLLOWS)


def _guard_postgres() -> None:
    op.execute(POSTGRES_REFUSE)
    for table in GROWING:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(POSTGRES_FOLLOWS)
    op.execute(
        "CREATE TRIGGER change_log_follows BEFORE INSERT ON change_log "
        "FOR EACH ROW EXECUTE FUNCTION change_log_follows()"
    )


def downgrade() -> None:
    # SQLite drops the triggers of a table with it; PostgreSQL keeps the functions they call.
    op.drop_table("person_key")
    op.drop_table("checkpoint")
    op.drop_table("log_node")
    op.drop_table("change_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION change_log_follows()")
        op.execute("DROP FUNCTION refuse_change()")
