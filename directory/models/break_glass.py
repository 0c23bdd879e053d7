"""Who opened, for a stated reason and a short time, what an entry keeps behind glass."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class GlassOpening(Base):
    """One opening: the lines are shown to that account until it ends."""

    __tablename__ = "glass_opening"
    __table_args__ = (
        CheckConstraint("ends_at > at", name="ends_after_it_began"),
        Index("ix_glass_opening_account_id_entry_id_ends_at", "account_id", "entry_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(16), ForeignKey("entry.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(Text)
