"""The change log, the tree over it, its signed checkpoints, and the keys of persons.

The first three only ever grow: triggers on both databases refuse every other change (migration
0003). A key can be destroyed, and is then gone.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.events import Authentication

_PLAIN = JSON(none_as_null=True)


class LogEvent(Base):
    """One event. All columns but ``ciphertexts``, ``hash`` and ``leaf`` make up its hashed body."""

    __tablename__ = "change_log"
    __table_args__ = (
        UniqueConstraint("previous_hash"),
        UniqueConstraint("hash"),
        CheckConstraint("sequence >= 1", name="sequence_is_positive"),
        Index("ix_change_log_subject_kind_subject_id", "subject_kind", "subject_id", "sequence"),
    )

    #: 1, 2, 3 ... without a gap.
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    #: Name as text; '' for a person's, which is sealed.
    actor: Mapped[str] = mapped_column(String(160))
    #: The account's number; no foreign key, since the log outlives accounts.
    actor_account: Mapped[int | None]
    actor_state: Mapped[str] = mapped_column(String(10))
    authentication: Mapped[Authentication] = mapped_column(
        enum_type(Authentication, "authentication")
    )
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(_PLAIN)
    after: Mapped[dict[str, Any] | None] = mapped_column(_PLAIN)
    reason: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the evidence files, in hexadecimal.
    evidence: Mapped[list[str]]
    #: ``domain.sealing.Sealed.seal`` of each person concerned.
    sealed: Mapped[list[Any]] = mapped_column(JSON)
    #: The ciphertexts of ``sealed``, in its order, in base64.
    ciphertexts: Mapped[list[str]]
    #: Hash of the event before this one.
    previous_hash: Mapped[str] = mapped_column(String(64))
    #: SHA-256 of the canonical body, in hexadecimal.
    hash: Mapped[str] = mapped_column(String(64))
    #: Hash of the event as a leaf of the tree, in hexadecimal.
    leaf: Mapped[str] = mapped_column(String(64))


class LogNode(Base):
    """A complete subtree of the Merkle tree; leaves stand in ``change_log.leaf``."""

    __tablename__ = "log_node"
    __table_args__ = (CheckConstraint("level >= 1", name="level_is_above_leaves"),)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: In hexadecimal.
    hash: Mapped[str] = mapped_column(String(64))


class LogCheckpoint(Base):
    """A signed statement of the log's size and root."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        UniqueConstraint("size"),
        CheckConstraint("number >= 1", name="number_is_positive"),
    )

    #: 1, 2, 3 ... without a gap; stands in the note too.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    #: In hexadecimal.
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    #: The C2SP signed note.
    note: Mapped[str] = mapped_column(Text)


class PersonKey(Base):
    """The key that one person's data are sealed with; the row stays when the key is destroyed."""

    __tablename__ = "person_key"
    __table_args__ = (
        CheckConstraint("(key is null) = (destroyed_at is not null)", name="destroyed_or_there"),
        # At most one key of a person is in use.
        Index(
            "uq_person_key_person",
            "person",
            unique=True,
            sqlite_where=text("key is not null"),
            postgresql_where=text("key is not null"),
        ),
    )

    #: Random; named in seals, says nothing of the person.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: 'account:12', 'officer:RO-3F7K2Q'.
    person: Mapped[str] = mapped_column(String(80))
    key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[dt.datetime]
    destroyed_at: Mapped[dt.datetime | None]
