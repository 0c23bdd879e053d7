"""Coverage as it stood at the end of each day, for trends."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class CoverageDay(Base):
    """How many cooperation types of one State stood where on one day."""

    __tablename__ = "coverage_day"
    __table_args__ = (
        CheckConstraint(
            "confirmed >= 0 and due >= 0 and disputed >= 0 and lapsed >= 0"
            " and missing >= 0 and not_on_record >= 0",
            name="counts_are_not_negative",
        ),
        CheckConstraint("open_duties between 0 and missing", name="open_duties_are_missing"),
    )

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), primary_key=True)
    confirmed: Mapped[int]
    due: Mapped[int]
    disputed: Mapped[int]
    #: Named but not confirmed: never, or once and over its time.
    lapsed: Mapped[int]
    missing: Mapped[int]
    not_on_record: Mapped[int]
    #: Those missing that a treaty in force for the State obliges it to name.
    open_duties: Mapped[int]
