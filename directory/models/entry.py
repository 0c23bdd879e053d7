"""Entries, their revisions, and the rows projected from the current revision for finding them.

A revision keeps the whole record for ever. Designations, channels, hours and source acts of the
*current* revision stand in tables of their own, so that questions can be asked of them; they are
written by ``services.publishing`` alone and can be made again from the revisions.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain import vocabulary as words


class Entry(Base):
    """One publishable unit: a stable identifier, a kind, a State, and its current revision."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision_is_positive"),
        Index("ix_entry_state_code_kind_status", "state_code", "kind", "status"),
        Index("ix_entry_changed_at_id", "changed_at", "id"),
    )

    #: Public identifier, e.g. 'RO-3F7K2Q'; never reused.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[words.EntryKind] = mapped_column(enum_type(words.EntryKind, "kind"))
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    status: Mapped[words.EntryStatus] = mapped_column(enum_type(words.EntryStatus, "status"))
    #: Number of the current revision.
    revision: Mapped[int]
    #: Name to list it by (empty for requirements, which are named by their type).
    name: Mapped[str] = mapped_column(Text, default="")
    #: Invented for trials; marked so on every page.
    synthetic: Mapped[bool] = mapped_column(default=False)
    #: Sources contradict one another on an address or a number.
    conflict: Mapped[bool] = mapped_column(default=False)
    #: Some channel is not for all readers, so ``document`` does not suit everybody.
    restricted: Mapped[bool] = mapped_column(default=False)
    #: Newest publication the record rests on ('2014' or '2014-05-01'); '' when the State gave it.
    as_published: Mapped[str] = mapped_column(String(10), default="")
    changed_at: Mapped[dt.datetime]
    confirmed_on: Mapped[dt.date | None]
    confirmed_by: Mapped[str] = mapped_column(String(160), default="")
    confirmed_how: Mapped[words.ConfirmationMethod | None] = mapped_column(
        enum_type(words.ConfirmationMethod, "confirmed_how")
    )
    #: Day until which the confirmation counts; None when it was never confirmed.
    due_on: Mapped[dt.date | None] = mapped_column(index=True)
    #: Last day on which readers see it (end of an officer's posting).
    visible_until: Mapped[dt.date | None]
    #: The entry as all readers see it, in JSON, without what depends on the day of reading.
    document: Mapped[str] = mapped_column(Text)
    #: Reports ('It did not work') that nobody has answered yet.
    open_reports: Mapped[int] = mapped_column(default=0, server_default="0")
    #: While suspended: the entry to use instead; '' when there is none.
    alternative_id: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: Published at once by the secretariat's setting; no officer has looked at it yet.
    unreviewed: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The latest line test (``domain.line_tests.result_to_dict``); None when it was never tested.
    line_test: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EntryRevision(Base):
    """The complete record as it stood from one moment on."""

    __tablename__ = "entry_revision"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("number >= 1", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]
    status: Mapped[words.EntryStatus] = mapped_column(enum_type(words.EntryStatus, "status"))
    #: ``domain.record.to_dict`` of the record.
    record: Mapped[dict[str, Any]]
    recorded_at: Mapped[dt.datetime]
    #: Who recorded it, copied as text ('seed data', an account's address).
    recorded_by: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(Text, default="")


class EntrySource(Base):
    """An act or publication the current revision rests on."""

    __tablename__ = "entry_source"
    __table_args__ = (UniqueConstraint("entry_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[words.SourceKind] = mapped_column(enum_type(words.SourceKind, "kind"))
    reference: Mapped[str] = mapped_column(Text)
    date: Mapped[dt.date | None]
    year: Mapped[int | None]
    link: Mapped[str] = mapped_column(Text, default="")


class Designation(Base):
    """A cooperation type the entry answers for, under which instrument, where and how long.

    Liaison officers and requirements get one bare row per type, so that one index finds all kinds.
    """

    __tablename__ = "designation"
    __table_args__ = (
        UniqueConstraint("entry_id", "key"),
        CheckConstraint(
            "valid_to is null or valid_from is null or valid_to >= valid_from",
            name="ends_after_it_began",
        ),
        Index("ix_designation_state_code_cooperation_type", "state_code", "cooperation_type"),
        Index("ix_designation_cooperation_type_entry_id", "cooperation_type", "entry_id"),
        Index("ix_designation_instrument_code_entry_id", "instrument_code", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    key: Mapped[str] = mapped_column(String(80))
    cooperation_type: Mapped[words.CooperationType] = mapped_column(
        enum_type(words.CooperationType, "cooperation_type"), ForeignKey("cooperation_type.code")
    )
    instrument_code: Mapped[str | None] = mapped_column(ForeignKey("instrument.code"))
    article: Mapped[str] = mapped_column(String(40), default="")
    territory_key: Mapped[str | None] = mapped_column(ForeignKey("territory.key"))
    scope_kind: Mapped[words.ScopeKind | None] = mapped_column(
        enum_type(words.ScopeKind, "scope_kind")
    )
    scope: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[words.DesignationRank] = mapped_column(enum_type(words.DesignationRank, "rank"))
    function: Mapped[str] = mapped_column(String(60), default="")
    #: ``domain.validity.days_of``.
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    status: Mapped[words.DesignationStatus] = mapped_column(
        enum_type(words.DesignationStatus, "status")
    )
    source_key: Mapped[str] = mapped_column(String(60), default="")


class Channel(Base):
    """A way to reach the entry, in the order in which it should be tried."""

    __tablename__ = "channel"
    __table_args__ = (
        UniqueConstraint("entry_id", "position"),
        Index("ix_channel_value", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    position: Mapped[int]
    kind: Mapped[words.ChannelKind] = mapped_column(enum_type(words.ChannelKind, "kind"))
    value: Mapped[str] = mapped_column(String(320))
    purpose: Mapped[words.ChannelPurpose] = mapped_column(
        enum_type(words.ChannelPurpose, "purpose")
    )
    audience: Mapped[words.Audience] = mapped_column(enum_type(words.Audience, "audience"))
    tlp: Mapped[words.Tlp] = mapped_column(enum_type(words.Tlp, "tlp"))
    languages: Mapped[list[str]]
    warning: Mapped[str] = mapped_column(String(40), default="")
    source_key: Mapped[str] = mapped_column(String(60), default="")


class Hours(Base):
    """The zone of an entry's opening hours; the intervals stand in ``opening_interval``."""

    __tablename__ = "hours"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(60))
    round_the_clock: Mapped[bool]


class OpeningInterval(Base):
    """Open from ``opens`` to ``closes`` (HH:MM, local) on an ISO weekday."""

    __tablename__ = "opening_interval"
    __table_args__ = (
        UniqueConstraint("entry_id", "weekday", "opens"),
        CheckConstraint("weekday between 1 and 7", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("hours.entry_id"))
    weekday: Mapped[int]
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))


class LiaisonState(Base):
    """A State an officer is posted in (host) or covers from there."""

    __tablename__ = "liaison_state"
    __table_args__ = (
        CheckConstraint("relation in ('host', 'covered')", name="relation"),
        Index("ix_liaison_state_state_code_relation", "state_code", "relation"),
    )

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), primary_key=True)
    relation: Mapped[str] = mapped_column(String(10), primary_key=True)
    common_use: Mapped[bool] = mapped_column(default=False)


class IndexWork(Base):
    """What the search index has still to learn; written with the change, read by the index.

    ``entry_id`` None asks for a rebuild from the tables (after bulk loading).
    """

    __tablename__ = "index_work"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"))
    at: Mapped[dt.datetime]
