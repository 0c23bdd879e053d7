"""Days on which a State says that its offices are closed, all of them at once."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class StateClosure(Base):
    """Announced by a focal point, for every office but those that are there round the clock."""

    __tablename__ = "state_closure"
    __table_args__ = (
        CheckConstraint("last >= first", name="ends_after_it_began"),
        Index("ix_state_closure_state_code_last", "state_code", "last"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    #: Days at the place, both included.
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    #: Why, in the State's words.
    note: Mapped[str] = mapped_column(String(200), default="")
    announced_at: Mapped[dt.datetime]
    announced_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[dt.datetime | None]
