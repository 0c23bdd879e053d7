"""Private addresses of calendars."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class CalendarLink(Base):
    """The secret in the address of an account's calendar; a calendar program knows no other way."""

    __tablename__ = "calendar_link"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    #: SHA-256 of 256 random bits, in hexadecimal.
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
