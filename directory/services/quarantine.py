"""Files of evidence that nobody is given yet: let out, or kept back for good, by the worker."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import SYSTEM_DOER, Event
from directory.models.proposal import Evidence
from directory.services import change_log

#: Files looked at in one round.
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in quarantine that was not looked at to the end."""

    id: int
    content: bytes


def waiting(session: Session) -> list[Waiting]:
    """The oldest files that wait for a look."""
    chosen = (
        select(Evidence.id, Evidence.content)
        .where(Evidence.released_at.is_(None), Evidence.refused_as == "")
        .order_by(Evidence.id)
        .limit(AT_ONCE)
    )
    return [Waiting(row.id, row.content) for row in session.execute(chosen)]


def let_out(uow: UnitOfWork, file: int, at: dt.datetime) -> None:
    """Nothing is wrong with the file: whoever may read the proposal is given it."""
    _settle(uow, file, at, "evidence.released", released_at=at)


def keep_back(uow: UnitOfWork, file: int, at: dt.datetime, code: str) -> None:
    """The file is given to nobody; ``code`` says why. Its bytes stay, as they were received."""
    _settle(uow, file, at, "evidence.refused", refused_as=code)


def _settle(uow: UnitOfWork, file: int, at: dt.datetime, action: str, **values: object) -> None:
    undecided = (Evidence.id == file, Evidence.released_at.is_(None), Evidence.refused_as == "")
    found = uow.session.execute(
        update(Evidence)
        .where(*undecided)
        .values(**values)
        .returning(Evidence.proposal_id, Evidence.sha256)
    ).one_or_none()
    if found is None:
        # Another worker was quicker.
        return
    event = Event(
        at=at,
        doer=SYSTEM_DOER,
        action=action,
        subject_kind="proposal",
        subject_id=found.proposal_id,
        after={"file": found.sha256, "refused_as": values.get("refused_as", "")},
    )
    change_log.record(uow, event)
