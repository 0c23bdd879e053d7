"""Write synthetic entries into a directory that holds the reference data."""

import datetime as dt
from collections.abc import Callable
from itertools import islice

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.events import Doer, Event
from directory.domain.line_tests import result_to_dict
from directory.errors import InvalidState
from directory.models.entry import Entry
from directory.queries.reference import read_book
from directory.seeding.showcase import showcase_entries, showcase_line_tests
from directory.seeding.synthetic import Generator
from directory.services import change_log
from directory.services.publishing import set_line_test
from directory.services.seed import TableReport, publish_seed_entries

#: Recorded as the author of generated entries, and of those that `make run` shows.
DEMO = "synthetic data"
SHOWCASE = "showcase data"
REASON = "synthetic, for trials"
#: Entries made and written at a time.
_PORTION = 5000

#: Told how many entries of how many are written.
Progress = Callable[[int, int], None]


def add_synthetic(
    uow: UnitOfWork, count: int, seed: int, at: dt.datetime, progress: Progress | None = None
) -> TableReport:
    """The first ``count`` entries of that seed; those that exist already are left alone.

    Raises ``InvalidState`` when the reference data are not loaded.
    """
    book = _book(uow)
    generator = Generator(tuple(book.states.values()), book.legal_bases, seed)
    made = generator.entries(count)
    total = TableReport("entry", 0, 0, 0)
    for start in range(0, count, _PORTION):
        portion = list(islice(made, _PORTION))
        total = _sum(total, publish_seed_entries(uow, portion, DEMO, REASON, at))
        if progress:
            progress(start + len(portion), count)
    return total


def add_showcase(uow: UnitOfWork, at: dt.datetime) -> TableReport:
    """The small set that gives every page something to show; raises ``InvalidState`` as above."""
    entries = showcase_entries(_book(uow).states)
    report = publish_seed_entries(uow, entries, SHOWCASE, REASON, at)
    _note_line_tests(uow, at)
    return report


def _note_line_tests(uow: UnitOfWork, at: dt.datetime) -> None:
    """What the points answered when they were rung; a test made since then stays."""
    results = showcase_line_tests(at)
    untested = select(Entry.id).where(Entry.id.in_(results), Entry.line_test.is_(None))
    for entry_id in uow.session.scalars(untested).all():
        set_line_test(uow, entry_id, results[entry_id])
        event = Event(
            at=at,
            doer=Doer(name=SHOWCASE),
            action="line_test.made_up",
            subject_kind="entry",
            subject_id=entry_id,
            after=result_to_dict(results[entry_id]),
            reason=REASON,
        )
        change_log.record(uow, event)


def _book(uow: UnitOfWork) -> ReferenceBook:
    book = read_book(uow.session)
    if not book.states or not book.instruments:
        raise InvalidState("the reference data are missing; run 'directory seed' first")
    return book


def _sum(one: TableReport, other: TableReport) -> TableReport:
    return TableReport(
        one.name,
        one.added + other.added,
        one.changed + other.changed,
        one.unchanged + other.unchanged,
        one.left_alone + other.left_alone,
    )
