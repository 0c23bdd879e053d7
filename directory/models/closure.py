"""Days on which a State says that its offices are closed, all of them at once."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.closures import ClosureStatus


class StateClosure(Base):
    """Announced by a focal point, for every office but those that are there round the clock."""

    __tablename__ = "state_closure"
    __table_args__ = (
        CheckConstraint("last >= first", name="ends_after_it_began"),
        Index("ix_state_closure_state_code_last", "state_code", "last"),
        Index("ix_state_closure_status_last", "status", "last"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    #: Days at the place, both included.
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    #: Why, in the State's words.
    note: Mapped[str] = mapped_column(String(200), default="")
    #: A row that does not say closes nothing.
    status: Mapped[ClosureStatus] = mapped_column(
        enum_type(ClosureStatus, "status"), server_default=ClosureStatus.WAITING.value
    )
    announced_at: Mapped[dt.datetime]
    announced_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: When the State last asked for the days to be taken back, and who did.
    leaving_at: Mapped[dt.datetime | None]
    leaving_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Since when they do not count any more.
    withdrawn_at: Mapped[dt.datetime | None]
    #: The officer's last decision; none where nobody looked, as for all before there were any.
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Why it was refused; '' where it was accepted.
    decision_text: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def asked_by(self) -> int:
        """Whoever asked for what an officer looks at now."""
        return self.leaving_by or self.announced_by

    @property
    def asked_at(self) -> dt.datetime:
        """Since when an officer is awaited."""
        return self.leaving_at or self.announced_at
