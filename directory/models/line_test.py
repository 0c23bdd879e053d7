"""Line tests: rounds of the secretariat, and each test of a point with how it ended."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.line_tests import LineMethod, LineOutcome, LineProof, LineTimes
from directory.domain.vocabulary import ChannelKind


class LineTestRound(Base):
    """What was asked of whom, and in which time."""

    __tablename__ = "line_test_round"
    __table_args__ = (CheckConstraint("minutes > 0", name="gives_time_to_answer"),)

    #: Public identifier, 'L-' and six letters or digits.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: The regional group asked; '' is not limited to one.
    regional_group: Mapped[str] = mapped_column(String(80), default="")
    #: Codes of the States asked; empty is not limited to some.
    states: Mapped[list[str]]
    #: Values of ``LineMethod``.
    methods: Mapped[list[str]]
    times: Mapped[LineTimes] = mapped_column(enum_type(LineTimes, "times"))
    #: The moments are drawn within these days, both included.
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    #: Minutes a point has to answer a mail.
    minutes: Mapped[int]
    started_at: Mapped[dt.datetime] = mapped_column(index=True)
    started_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: When it was called off; tests that have not begun are then not run.
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class LineTest(Base):
    """One test of one point, at a moment that the directory drew."""

    __tablename__ = "line_test"
    __table_args__ = (
        Index("ix_line_test_outcome_due_at", "outcome", "due_at"),
        Index("ix_line_test_ended_at_entry_id", "ended_at", "entry_id"),
        CheckConstraint("(outcome is null) = (ended_at is null)", name="end_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("line_test_round.id"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    method: Mapped[LineMethod] = mapped_column(enum_type(LineMethod, "method"))
    #: Was office time at the place drawn?
    office_time: Mapped[bool]
    due_at: Mapped[dt.datetime]
    #: Random. Link and code are made of it with a key that the database does not hold.
    link_id: Mapped[str] = mapped_column(String(43), unique=True)
    #: The line tried; None and '' until the test begins.
    channel_kind: Mapped[ChannelKind | None] = mapped_column(enum_type(ChannelKind, "channel_kind"))
    channel_value: Mapped[str] = mapped_column(String(320), default="")
    started_at: Mapped[dt.datetime | None]
    #: Until when an answer counts.
    ends_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[LineOutcome | None] = mapped_column(enum_type(LineOutcome, "outcome"))
    seconds: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(12), default="")
    proof: Mapped[LineProof | None] = mapped_column(enum_type(LineProof, "proof"))
    #: Codes noted that were not the one.
    wrong_codes: Mapped[int] = mapped_column(default=0)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
