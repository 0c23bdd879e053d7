"""The outbox: what must be told to whom, written with the act and sent after it."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class Notice(Base):
    """One notice to one recipient; rendered and sent by the worker."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("account_id is not null or address <> ''", name="has_a_recipient"),
        Index("ix_notice_sent_at_next_attempt_at", "sent_at", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What it says, e.g. 'change_on_hold'; its template bears the same name.
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: A mailbox without an account (an old channel of an entry); '' otherwise.
    address: Mapped[str] = mapped_column(String(320), default="")
    #: '' is the account's own.
    language: Mapped[str] = mapped_column(String(12), default="")
    #: What the template fills in; JSON types.
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The same thing is told to one recipient once.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    #: Rendered when it is first sent.
    subject: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    given_up_at: Mapped[dt.datetime | None]
    message_id: Mapped[str] = mapped_column(String(200), default="")
