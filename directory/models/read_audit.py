"""The read audit: who looked at whose contact, apart from the change log.

Rows have no foreign keys: they outlive accounts and entries, are written in bulk beside everything
else, and are taken away by age alone (``read_audit_days``).
"""

import datetime as dt
from typing import Any

from sqlalchemy import Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.looking import Way
from directory.domain.scraping import Pattern


class ReadView(Base):
    """One entry that somebody looked at; a finder's answer makes one for each entry it shows."""

    __tablename__ = "read_view"
    __table_args__ = (
        Index("ix_read_view_account_id_at", "account_id", "at"),
        Index("ix_read_view_account_state_at", "account_state", "at"),
        Index("ix_read_view_entry_state_entry_id_at", "entry_state", "entry_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    #: None for the directory's own commands.
    account_id: Mapped[int | None]
    account_state: Mapped[str] = mapped_column(String(10))
    way: Mapped[Way] = mapped_column(enum_type(Way, "way"))
    #: A program looked, with a token.
    program: Mapped[bool] = mapped_column(server_default=false())
    #: Beyond the day's quota, open because it was urgent.
    beyond: Mapped[bool] = mapped_column(server_default=false())
    #: '' for a search, which shows no contact.
    entry_id: Mapped[str] = mapped_column(String(16))
    entry_state: Mapped[str] = mapped_column(String(10))


class ReadCount(Base):
    """Look-ups of an account or a State in one hour or day, of all serving processes."""

    __tablename__ = "read_count"

    #: 'account:12', 'state:FR'.
    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: '2026-11-24T05' or '2026-11-24', in UTC; sorts by time.
    period: Mapped[str] = mapped_column(String(13), primary_key=True, index=True)
    views: Mapped[int]


class ReadAlert(Base):
    """A pattern of copying that was found, told to administrators and auditors."""

    __tablename__ = "read_alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    pattern: Mapped[Pattern] = mapped_column(enum_type(Pattern, "pattern"))
    account_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    facts: Mapped[dict[str, Any]]
    #: The same pattern of the same account or State is told once a day.
    key: Mapped[str] = mapped_column(String(120), unique=True)


class ExportMade(Base):
    """A file that left the directory, under the serial number printed in it."""

    __tablename__ = "export_made"

    #: E.g. 'X-7QK2M9Z3F1'.
    serial: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    account_state: Mapped[str] = mapped_column(String(10))
    way: Mapped[Way] = mapped_column(enum_type(Way, "way"))
    #: 'xlsx', 'csv', 'json', 'pdf' ...
    form: Mapped[str] = mapped_column(String(10))
    #: What was in it, in codes: 'entries of RO', 'entry RO-3F7K2Q'.
    subject: Mapped[str] = mapped_column(String(200))
    entries: Mapped[int]
