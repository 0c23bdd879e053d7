"""The outbox: what must be told to whom, written with the act and sent after it."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class Notice(Base):
    """One notice to one recipient; rendered and sent by the worker.

    It waits while ``next_attempt_at`` is set; then it was delivered or given up.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("account_id is not null or address <> ''", name="has_a_recipient"),
        Index("ix_notice_next_attempt_at", "next_attempt_at"),
        Index("ix_notice_address_created_at", "address", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What it says, e.g. 'change_on_hold'; its texts bear the same name.
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: A mailbox without an account (an old channel of an entry); '' otherwise.
    address: Mapped[str] = mapped_column(String(320), default="")
    #: '' is the account's own.
    language: Mapped[str] = mapped_column(String(12), default="")
    #: What the texts are filled in with; JSON types, never the name of a person.
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The same thing is told to one recipient once.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    #: Rendered at the first attempt, so that a later one sends the same; the body is emptied when
    #: it is delivered, because it names what may be erased one day.
    subject: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    #: While it is being sent: when another worker may take it for abandoned.
    next_attempt_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    given_up_at: Mapped[dt.datetime | None]
    #: The same at every attempt.
    message_id: Mapped[str] = mapped_column(String(200), default="")
    #: 'smtp', or 'local' when it was only put into the mailbox of a demonstration; '' until then.
    delivery: Mapped[str] = mapped_column(String(10), default="", server_default="")
    #: Why the last attempt failed, as the other side said it.
    last_error: Mapped[str] = mapped_column(Text, default="", server_default="")
