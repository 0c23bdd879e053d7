"""Erasing officers whose posting ended long ago: what is no longer needed of a person goes."""

import datetime as dt

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import OFFICER, SYSTEM_DOER
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.models.change_log import PersonKey
from directory.models.entry import Entry
from directory.services.erasure import erase_officer

#: Officers erased in one transaction.
AT_ONCE = 20
REASON = N_("The posting ended and the time for which it is kept is over.")


def erase_after_posting(uow: UnitOfWork, at: dt.datetime, kept_for: dt.timedelta) -> list[str]:
    """Erase the next officers whose posting ended more than ``kept_for`` ago; their entries.

    Empty when none is left. Call ``erasure.scrub`` after the commit.
    """
    found = _left_long_ago(uow.session, at.date() - kept_for)
    for entry_id in found:
        erase_officer(uow, SYSTEM_DOER, entry_id, at, REASON)
    return found


def _left_long_ago(session: Session, before: dt.date) -> list[str]:
    """Entries of officers who left before the day and whose key is not destroyed yet."""
    person = literal(OFFICER) + Entry.id
    statement = (
        select(Entry.id)
        .where(
            Entry.kind == EntryKind.LIAISON_OFFICER,
            Entry.visible_until < before,
            exists().where(PersonKey.person == person, PersonKey.key.is_not(None)),
        )
        .order_by(Entry.id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(statement))
