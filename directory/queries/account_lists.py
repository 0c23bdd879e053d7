"""Lists of accounts: who may come in, what waits, what is over."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from directory.domain.accounts import CONFIRM_EVERY, DUE_BEFORE, AccountAct
from directory.models.account import Account, AccountRequest
from directory.policy import Actor, accounts_for
from directory.queries.account_files import AccountFile, is_over, read_files

ON_A_PAGE = 50


class AccountShow(StrEnum):
    """Which accounts a list shows."""

    OPEN = "open"
    DUE = "due"
    #: Something is asked for that officers have not decided.
    WAITING = "waiting"
    INVITED = "invited"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilters:
    """What of the accounts is wanted; ``q`` is part of an address or an authority."""

    show: AccountShow = AccountShow.OPEN
    state: str = ""
    q: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of a list, and how many accounts there are in all."""

    files: tuple[AccountFile, ...]
    total: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // ON_A_PAGE))


def list_files(
    actor: Actor, session: Session, filters: AccountFilters, today: dt.date
) -> AccountPage:
    """The accounts that the actor may see, by State and address; five statements."""
    which = and_(accounts_for(actor, AccountAct.READ), *_conditions(filters, today))
    total = session.scalar(select(func.count()).select_from(Account).where(which)) or 0
    query = (
        select(Account)
        .where(which)
        .order_by(Account.state_code, Account.email)
        .limit(ON_A_PAGE)
        .offset((filters.page - 1) * ON_A_PAGE)
    )
    return AccountPage(read_files(session, query, today), total)


def _conditions(filters: AccountFilters, today: dt.date) -> list[ColumnElement[bool]]:
    found = [_shown(filters.show, today)]
    if filters.state:
        found.append(Account.state_code == filters.state)
    if filters.q:
        found.append(
            or_(
                Account.email.contains(filters.q.lower(), autoescape=True),
                Account.authority.icontains(filters.q, autoescape=True),
            )
        )
    return found


def _shown(show: AccountShow, today: dt.date) -> ColumnElement[bool]:
    over = is_over(today)
    waits = exists().where(
        AccountRequest.account_id == Account.id, AccountRequest.outcome.is_(None)
    )
    due = Account.confirmed_on <= today + DUE_BEFORE - CONFIRM_EVERY
    conditions = {
        AccountShow.OPEN: not_(over),
        AccountShow.DUE: and_(not_(over), Account.accepted_at.is_not(None), due),
        AccountShow.WAITING: waits,
        AccountShow.INVITED: and_(not_(over), Account.accepted_at.is_(None)),
        AccountShow.CLOSED: and_(over, not_(waits)),
    }
    return conditions[show]
