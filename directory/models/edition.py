"""Editions of the whole directory on paper: asked for, made by the worker, kept by their hash."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain.editions import EditionState


class Edition(Base):
    """One edition in one language; the file lies in the store under ``sha256``."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("done >= 0 and total >= done", name="progress_within_total"),
        CheckConstraint("state <> 'made' or sha256 <> ''", name="made_has_a_file"),
    )

    #: 1, 2, 3 ... over all languages.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[EditionState] = mapped_column(enum_type(EditionState, "state"), index=True)
    #: The earlier edition that changes are marked against.
    since: Mapped[int | None] = mapped_column(ForeignKey("edition.number"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    #: Last sign of whoever makes it.
    told_at: Mapped[dt.datetime]
    made_at: Mapped[dt.datetime | None]
    #: Entries set, of how many.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    #: In hexadecimal; '' until it is made.
    sha256: Mapped[str] = mapped_column(String(64), default="")
    #: Size and root of the checkpoint that is printed in it; 0 and '' before the first.
    log_size: Mapped[int] = mapped_column(default=0)
    log_root: Mapped[str] = mapped_column(String(64), default="")
    #: Entry -> [State, revision], of everything in it.
    contents: Mapped[dict[str, Any]] = mapped_column(deferred=True, server_default="{}")
