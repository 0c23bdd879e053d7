"""The concrete parts a running directory is made of, handed to the fronts as one object."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.unit_of_work import Hook, UnitOfWork
from directory.search.index import SearchIndex
from directory.services.asked import AskedBook
from directory.settings import Settings

#: Gives the present moment, aware and in UTC.
Clock = Callable[[], dt.datetime]


def system_clock() -> dt.datetime:
    """The machine's clock."""
    return dt.datetime.now(dt.UTC)


def read_only_reason(settings: Settings) -> str | None:
    """What the switch says; a switch that cannot be read counts as one that is set."""
    try:
        return settings.read_only_file.read_text("utf-8").strip()
    except FileNotFoundError:
        return "" if settings.read_only else None
    except (OSError, UnicodeDecodeError):
        return ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Settings, database, search index and clock of one running directory."""

    settings: Settings
    engine: Engine
    index: SearchIndex
    clock: Clock = system_clock
    #: Told after each commit.
    hooks: tuple[Hook, ...] = field(default=())
    #: Where questions are noted; None where nobody asks any (commands).
    asked: AskedBook | None = None

    def today(self) -> dt.date:
        """The day in UTC."""
        return self.clock().date()

    def unit_of_work(self) -> UnitOfWork:
        """A transaction that writes."""
        return UnitOfWork(self.engine, self.hooks)

    def read_only(self) -> str | None:
        """Why nothing may be changed at present ('' without a reason); None when it may."""
        return read_only_reason(self.settings)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; what is changed in it is never kept."""
        with Session(self.engine) as session:
            yield session
