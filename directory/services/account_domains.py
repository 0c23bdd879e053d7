"""The e-mail domains of each State: one officer adds, another agrees, any takes out."""

import datetime as dt
from typing import Any

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.account_addresses import domain_problems, is_inside
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.errors import Denied, Invalid, InvalidState, Problem
from directory.models.account import StateDomain
from directory.models.reference import State
from directory.policy import SYSTEM, Actor, can, may_agree_domain
from directory.queries.account_domains import DomainFile, get_domain
from directory.services import change_log
from directory.services.account_requests import officers
from directory.services.acting import doer_of
from directory.services.change_log import lock
from directory.services.invitations import AccountRules
from directory.services.notices import Notice, queue


def _require_officer(actor: Actor) -> None:
    is_officer = can(actor, "accounts:approve") and actor.scopes is None
    if actor is not SYSTEM and not is_officer:
        raise Denied("accounts:approve")


def add_domain(
    uow: UnitOfWork, actor: Actor, state: str, domain: str, rules: AccountRules, at: dt.datetime
) -> None:
    """Put a domain on a State's list; it counts once another officer agrees.

    The operator's counts at once. Raises ``Denied`` and ``Invalid``.
    """
    lock(uow.session)
    _require_officer(actor)
    folded = domain.strip().lower().removeprefix("@")
    problems = _problems(uow, state, folded)
    if problems:
        raise Invalid(problems)
    row = StateDomain(domain=folded, state_code=state, added_by=actor.account_id, added_at=at)
    row.agreed_at = at if actor is SYSTEM else None
    uow.session.add(row)
    _record(uow, actor, "domain.add", folded, state, at)
    queue(
        uow, [_waits(folded, one, at) for one in officers(uow.session, rules, at.date())], at, actor
    )


def _problems(uow: UnitOfWork, state: str, domain: str) -> list[Problem]:
    problems = domain_problems(domain)
    if uow.session.get(State, state) is None:
        problems.append(Problem("state", N_("Choose a State.")))
    for row in uow.session.scalars(select(StateDomain)):
        if row.domain == domain:
            problems.append(Problem("domain", N_("The domain is on the list already.")))
        elif row.state_code != state and _overlap(row.domain, domain):
            message = N_("It overlaps with %(domain)s of another State (%(state)s).")
            found: dict[str, object] = {"domain": row.domain, "state": row.state_code}
            problems.append(Problem("domain", message, found))
    return problems


def _overlap(one: str, other: str) -> bool:
    return is_inside(one, [other]) or is_inside(other, [one])


def _waits(domain: str, officer: int, at: dt.datetime) -> Notice:
    key = f"domain_waits:{officer}:{at.isoformat()}"
    return Notice(kind="domain_waits", key=key, account_id=officer, params={"domain": domain})


def agree_domain(uow: UnitOfWork, actor: Actor, domain: str, at: dt.datetime) -> None:
    """Let a domain count that another officer added; raises ``NotFound``, ``Denied``."""
    lock(uow.session)
    found = get_domain(uow.session, domain)
    if found.is_agreed:
        raise InvalidState(reasons=[Problem("", N_("It was agreed already."))], overtaken=True)
    if actor is not SYSTEM and not may_agree_domain(actor, found):
        raise Denied("accounts:approve")
    row = uow.session.get_one(StateDomain, domain)
    row.agreed_by, row.agreed_at = actor.account_id, at
    _record(uow, actor, "domain.agree", domain, found.state, at)


def remove_domain(uow: UnitOfWork, actor: Actor, domain: str, at: dt.datetime) -> None:
    """Take a domain off its State's list; accounts that are there stay.

    One officer is enough: it only makes the next invitation stricter. Raises ``NotFound``,
    ``Denied``.
    """
    lock(uow.session)
    _require_officer(actor)
    found: DomainFile = get_domain(uow.session, domain)
    uow.session.delete(uow.session.get_one(StateDomain, domain))
    _record(uow, actor, "domain.remove", domain, found.state, at)


def _record(
    uow: UnitOfWork, actor: Actor, action: str, domain: str, state: str, at: dt.datetime
) -> None:
    after: dict[str, Any] = {"state": state}
    event = Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="domain",
        subject_id=domain,
        after=after,
    )
    change_log.record(uow, event)
