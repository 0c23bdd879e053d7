"""What one person keeps for themselves, and questions counted without persons."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.asking import Outcome
from directory.domain.watching import Front, WatchKind


class Watch(Base):
    """Something an account wants to be told of when it changes."""

    __tablename__ = "watch"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "key"),
        CheckConstraint("key <> ''", name="watches_something"),
        Index("ix_watch_looked_at", "looked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[WatchKind] = mapped_column(enum_type(WatchKind, "kind"))
    #: An entry's identifier, a State's code, or the parameters of a question.
    key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime]
    #: What happened until then has been told, or was nothing to tell.
    looked_at: Mapped[dt.datetime]
    #: What the answer to a question named then; empty for the other kinds.
    named: Mapped[list[str]]


class SavedSearch(Base):
    """A search an account wants to ask again."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("account_id", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: The parameters as an address has them.
    query: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[dt.datetime]


class RecentLookups(Base):
    """What a person looked up lately: encrypted, one row a person, so that few are ever kept."""

    __tablename__ = "recent_lookups"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime]


class QuestionCount(Base):
    """How often something was asked in a month, and what came of it."""

    __tablename__ = "question_count"
    __table_args__ = (
        CheckConstraint("asked >= 1", name="was_asked"),
        Index("ix_question_count_state_code_month", "state_code", "month"),
    )

    #: The first day of the month.
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    front: Mapped[Front] = mapped_column(enum_type(Front, "front"), primary_key=True)
    #: The State asked about; '' where none was understood.
    state_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    #: The kind of help asked for; '' where none was understood.
    cooperation_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "outcome"), primary_key=True)
    asked: Mapped[int]
