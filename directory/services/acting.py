"""One way to do an act: in one transaction, and with a trace of it when it is refused.

A refusal rolls the act back; what is left of it is one event of the change log, written in a
transaction of its own.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.errors import Denied, DomainError, Invalid, InvalidState, StaleRevision
from directory.policy import Actor
from directory.services import change_log

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Act:
    """What is tried, as the log calls it: 'proposal.approve' on the 'proposal' 'P-4M7Q2Z9K'."""

    action: str
    subject_kind: str
    subject_id: str


def attempt(
    open_uow: Callable[[], UnitOfWork],
    actor: Actor,
    act: Act,
    at: dt.datetime,
    work: Callable[[UnitOfWork], Result],
) -> Result:
    """Do the work in a transaction; on a refusal record it, and raise it again."""
    try:
        with open_uow() as uow:
            return work(uow)
    except DomainError as error:
        with open_uow() as uow:
            record_refusal(uow, actor, act, error, at)
        raise


def record_refusal(
    uow: UnitOfWork, actor: Actor, act: Act, error: DomainError, at: dt.datetime
) -> None:
    """Append that the act was refused, and why."""
    event = Event(
        at=at,
        doer=doer_of(actor),
        action=f"{act.action}.refused",
        subject_kind=act.subject_kind,
        subject_id=act.subject_id[:80],
        after=refusal_facts(error),
    )
    change_log.record(uow, event)


def refusal_facts(error: DomainError) -> dict[str, Any]:
    """The kind of refusal and its reasons; without what was typed, which may be personal."""
    facts: dict[str, Any] = {"refusal": type(error).__name__}
    if isinstance(error, Denied):
        facts["permission"] = error.permission
    if isinstance(error, StaleRevision):
        facts |= {"given": error.given, "current": error.current}
    if isinstance(error, Invalid):
        facts["problems"] = [[one.path, one.message] for one in error.problems]
    elif isinstance(error, Denied | InvalidState):
        facts["reasons"] = [reason.message for reason in error.reasons]
    return facts


def doer_of(actor: Actor) -> Doer:
    """The actor as the log keeps them."""
    return change_log.doer(actor, actor.authentication)
