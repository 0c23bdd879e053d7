"""What one does to one's own sessions, each with a trace of it in the change log."""

import datetime as dt

from directory.db.unit_of_work import UnitOfWork
from directory.domain.sign_in import SessionLimits, may_keep_a_duty_desk
from directory.errors import Denied
from directory.policy import Actor, require
from directory.services.accounts import record_act
from directory.services.factors import own_account
from directory.services.sessions import end_one_session, end_other_sessions, make_duty_desk

OWN = "account:own"


def end_session(uow: UnitOfWork, actor: Actor, session_id: str, at: dt.datetime) -> None:
    """End one of the actor's sessions; one of somebody else's is left alone."""
    require(actor, OWN)
    account = own_account(uow, actor)
    _note(uow, actor, end_one_session(uow, account.id, session_id, at), at)


def end_all_but(uow: UnitOfWork, actor: Actor, session_id: str, at: dt.datetime) -> None:
    """End every session of the actor's but the one they act from."""
    require(actor, OWN)
    account = own_account(uow, actor)
    _note(uow, actor, end_other_sessions(uow, account.id, session_id, at), at)


def _note(uow: UnitOfWork, actor: Actor, ended: int, at: dt.datetime) -> None:
    if ended:
        account, after = own_account(uow, actor), {"sessions": ended}
        record_act(uow, actor, "account.sessions_ended", account, at, after=after)


def keep_duty_desk(
    uow: UnitOfWork, actor: Actor, session_id: str, limits: SessionLimits, at: dt.datetime
) -> None:
    """Let the actor's session stay open for the night; raises ``Denied`` for officers."""
    require(actor, OWN)
    if not may_keep_a_duty_desk(actor.roles):
        raise Denied(OWN)
    make_duty_desk(uow, session_id, limits, at)
    record_act(uow, actor, "account.duty_desk_kept", own_account(uow, actor), at)
