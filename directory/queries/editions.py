"""Editions: those there are, and the entries that go into the next one."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, undefer

from directory.domain.caveats import Caveats, caveats
from directory.domain.document import EntryHead
from directory.domain.freshness import FreshnessView, freshness
from directory.domain.record import Record, from_dict
from directory.domain.vocabulary import EntryStatus
from directory.models.edition import Edition
from directory.models.entry import Entry, EntryRevision
from directory.policy import EVERY_READER, READ_ENTRY, SYSTEM, Actor, require, visible
from directory.queries.entries import CURRENT, HEAD, head_of

#: Entries fetched at once.
AT_ONCE = 200
#: Editions on the page.
MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEntry:
    """An entry as every reader may see it."""

    head: EntryHead
    record: Record
    freshness: FreshnessView

    @property
    def caveats(self) -> Caveats:
        """What is to be minded of it."""
        head = self.head
        return caveats(self.record, self.freshness, status=head.status, synthetic=head.synthetic)


def list_editions(actor: Actor, session: Session) -> Sequence[Edition]:
    """The editions, the newest first; the operator's command sees them too."""
    if actor is not SYSTEM:
        require(actor, "editions:take")
    newest = select(Edition).order_by(Edition.number.desc()).limit(MOST)
    return session.scalars(newest).all()


def find_edition(session: Session, number: int) -> Edition | None:
    """The edition with its contents."""
    wanted = select(Edition).where(Edition.number == number).options(undefer(Edition.contents))
    return session.scalars(wanted).one_or_none()


def count_printed(session: Session, today: dt.date) -> int:
    """How many entries an edition holds on that day."""
    statement = select(func.count()).select_from(Entry).where(*_printed(today))
    return session.execute(statement).scalar_one()


def _printed(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    return (READ_ENTRY.filter(EVERY_READER, today), Entry.status != EntryStatus.RETIRED)


def printed_entries(
    session: Session, ranks: Mapping[str, int], today: dt.date
) -> Iterator[PrintedEntry]:
    """Every entry that all readers may see: by rank of its State, by kind and name; one statement.

    ``ranks`` is the place of each State's code in the order of the edition's language.
    """
    statement = (
        select(*HEAD, EntryRevision.record)
        .join(EntryRevision, CURRENT)
        .where(*_printed(today))
        .order_by(case(dict(ranks), value=Entry.state_code), Entry.kind, Entry.name, Entry.id)
    )
    for row in session.execute(statement, execution_options={"yield_per": AT_ONCE}):
        yield PrintedEntry(
            head=head_of(row),
            record=visible(EVERY_READER, row.state_code, from_dict(row.kind, row.record)),
            freshness=freshness(row.kind, row.confirmed_on, today, row.open_reports),
        )
