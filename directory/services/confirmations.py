"""'All of this is still correct': an act of its own, for one entry or a whole State."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.domain.marks import N_
from directory.domain.vocabulary import ConfirmationMethod, EntryKind, EntryStatus
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.entry import Entry
from directory.models.proposal import EntryConfirmation
from directory.policy import Actor, is_own_state, require
from directory.queries.current import CurrentEntry
from directory.queries.reference import read_book
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.entry_rows import Confirmation
from directory.services.publishing import confirm

#: Most entries in one act.
MOST = 2000
REPORTED = N_("%(entry)s was reported as wrong; answer the report first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRequest:
    """Which entries; none named is every published entry of ``state``.

    ``seen`` is the revision of each that the person looked at; an entry that is not in it is
    confirmed as it stands.
    """

    state: str
    entry_ids: tuple[str, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Confirmed:
    id: str
    kind: EntryKind
    state: str
    status: EntryStatus
    revision: int
    open_reports: int


def confirm_entries(
    uow: UnitOfWork, actor: Actor, wanted: ConfirmationRequest, at: dt.datetime
) -> tuple[str, ...]:
    """Confirm the entries as they stand; gives their ids. One transaction, few statements.

    Raises ``Denied`` for another State's entries, ``InvalidState`` for one that readers do not see
    or that is reported as wrong (answer the report first) or that has changed since the person
    looked at it, ``Invalid`` when there is none.
    """
    require(actor, "entries:confirm")
    change_log.lock(uow.session)
    if not is_own_state(actor, wanted.state):
        raise NotFound("state", wanted.state)
    found = _read(uow, wanted)
    missing = sorted(set(wanted.entry_ids) - {one.id for one in found})
    if missing:
        raise NotFound("entry", missing[0])
    if not found:
        raise Invalid([Problem("entry_ids", N_("There is no entry to confirm."))])
    _refuse_unfit(found, wanted.seen)
    _confirm(uow, found, doer_of(actor), actor.account_id, at, ())
    return tuple(one.id for one in found)


def _read(uow: UnitOfWork, wanted: ConfirmationRequest) -> list[_Confirmed]:
    statement = (
        select(
            Entry.id,
            Entry.kind,
            Entry.state_code,
            Entry.status,
            Entry.revision,
            Entry.open_reports,
        )
        .where(Entry.state_code == wanted.state)
        .order_by(Entry.id)
        .limit(MOST)
        .with_for_update()
    )
    if wanted.entry_ids:
        statement = statement.where(Entry.id.in_(wanted.entry_ids))
    else:
        # What is reported or suspended needs a look of its own.
        statement = statement.where(Entry.status == EntryStatus.PUBLISHED, Entry.open_reports == 0)
    return [_Confirmed(*row) for row in uow.session.execute(statement)]


def _refuse_unfit(found: Sequence[_Confirmed], seen: Mapping[str, int]) -> None:
    reasons = []
    for one in found:
        if one.status is not EntryStatus.PUBLISHED:
            message = N_("%(entry)s is %(status)s and cannot be confirmed.")
            reasons.append(Problem("", message, {"entry": one.id, "status": one.status.value}))
        elif one.open_reports:
            reasons.append(Problem("", REPORTED, {"entry": one.id}))
        elif seen.get(one.id, one.revision) != one.revision:
            message = N_("%(entry)s has changed since you looked at it; look at it again.")
            reasons.append(Problem("", message, {"entry": one.id}))
    if reasons:
        raise InvalidState(reasons=reasons)


def confirm_as(
    uow: UnitOfWork,
    entries: Sequence[CurrentEntry],
    doer: Doer,
    account_id: int | None,
    at: dt.datetime,
    also: Sequence[Event] = (),
) -> None:
    """The same, for a proposal of that kind; whoever calls has checked it."""
    found = [
        _Confirmed(one.id, one.kind, one.state, one.status, one.revision, 0) for one in entries
    ]
    _confirm(uow, found, doer, account_id, at, also)


def _confirm(
    uow: UnitOfWork,
    found: Sequence[_Confirmed],
    doer: Doer,
    account_id: int | None,
    at: dt.datetime,
    also: Sequence[Event],
) -> None:
    state = read_book(uow.session).states[found[0].state]
    said = Confirmation(on=at.date(), by=state.name(), how=ConfirmationMethod.STATE)
    confirm(uow, {one.id: one.kind for one in found}, said)
    rows = [
        {
            "entry_id": one.id,
            "revision": one.revision,
            "on": said.on,
            "at": at,
            "by": account_id,
            "by_name": said.by,
            "how": said.how,
        }
        for one in found
    ]
    uow.session.execute(insert(EntryConfirmation), rows)
    change_log.record_all(uow, [*also, *(_event(one, said, doer, at) for one in found)])


def _event(one: _Confirmed, said: Confirmation, doer: Doer, at: dt.datetime) -> Event:
    return Event(
        at=at,
        doer=doer,
        action="entry.confirmed",
        subject_kind="entry",
        subject_id=one.id,
        after={"revision": one.revision, "on": said.on.isoformat(), "how": said.how.value},
    )
