"""Campaigns: every focal point in a scope is asked to confirm or correct by a date."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class Campaign(Base):
    """What is asked, of whom, and until when. Progress is counted from the entries themselves."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_a_title"),
        Index("ix_campaign_closed_at_next_reminder_at", "closed_at", "next_reminder_at"),
    )

    #: Public identifier, 'C-' and six letters or digits.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    #: What focal points should look at, in the secretariat's words.
    text: Mapped[str] = mapped_column(Text, default="")
    #: The regional group asked; '' is not limited to one.
    regional_group: Mapped[str] = mapped_column(String(80), default="")
    #: Codes of the States asked; empty is not limited to some.
    states: Mapped[list[str]]
    #: Values of the kinds of entries asked about; empty is all kinds.
    kinds: Mapped[list[str]]
    #: What was confirmed from this day on counts.
    started_at: Mapped[dt.datetime]
    #: Last day on which an answer is in time.
    deadline: Mapped[dt.date]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: When focal points who have not answered are written to again.
    next_reminder_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
