"""What a focal point has done of the first visit, by what is on record of it."""

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from directory.domain.vocabulary import EntryStatus, Role
from directory.models.account import Account, AccountRole
from directory.models.entry import Entry
from directory.models.read_audit import ReadView
from directory.models.sign_in import Passkey
from directory.policy import Actor, require


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """The steps taken: by the focal point, and (readers) by anybody of the State."""

    has_second_factor: bool
    #: Published entries of the State that this account has opened.
    looked_at: int
    has_readers: bool


def read_first_visit(actor: Actor, session: Session) -> FirstVisit:
    """What the actor has done so far, in one statement; own deeds and the own State only."""
    require(actor, "proposals:propose")
    mine = actor.account_id
    application = exists().where(Account.id == mine, Account.tf_primary_method.is_not(None))
    passkey = exists().where(Passkey.account_id == mine)
    looked_at = (
        select(func.count(ReadView.entry_id.distinct()))
        .join(Entry, Entry.id == ReadView.entry_id)
        .where(ReadView.account_id == mine, Entry.state_code == actor.state)
        .where(Entry.status == EntryStatus.PUBLISHED)
    )
    readers = exists().where(
        AccountRole.account_id == Account.id,
        AccountRole.role == Role.READER,
        Account.state_code == actor.state,
        Account.active,
        Account.id != mine,
    )
    row = session.execute(
        select(or_(application, passkey), looked_at.scalar_subquery(), readers)
    ).one()
    return FirstVisit(*row)
