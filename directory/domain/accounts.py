"""Who may do what to whose account, how many officers it takes, and how long one works.

One table, ``MAY``, says it all: an act, the kind of the account it is done to, the hands that may
do it. Nobody acts on their own account unless the table names the owner.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from directory.domain.marks import N_
from directory.domain.vocabulary import Role
from directory.errors import Problem

#: An account is confirmed again once a year; it stops working when that is so long overdue.
CONFIRM_EVERY = dt.timedelta(days=365)
GRACE = dt.timedelta(days=30)
#: So long before the day, the confirmation is spoken of as due.
DUE_BEFORE = dt.timedelta(days=30)
#: Officers that there must be, because what matters takes two.
FEWEST_OFFICERS = 2

#: Roles of the secretariat and its auditor belong to no State; the others must belong to one.
WITHOUT_STATE = frozenset({Role.VERIFIER, Role.ADMINISTRATOR, Role.AUDITOR})


class AccountKind(StrEnum):
    """What an account is to those who look after it: the gravest of its roles."""

    READER = "reader"
    FOCAL_POINT = "focal_point"
    #: Verifiers, administrators and auditors.
    SECRETARIAT = "secretariat"


class AccountStatus(StrEnum):
    """Whether an account opens the door, and what is missing where it does not."""

    #: Waits for the officers who must agree.
    PROPOSED = "proposed"
    #: Its owner has not chosen a way to sign in yet.
    INVITED = "invited"
    IN_USE = "in_use"
    #: To be confirmed within a month, or overdue for less.
    DUE = "due"
    #: Stopped: not confirmed in time.
    LAPSED = "lapsed"
    #: The last day of the account, or of its last role, is over.
    ENDED = "ended"
    DISABLED = "disabled"


#: Where somebody can come in, or has a link to.
OPEN = frozenset({AccountStatus.INVITED, AccountStatus.IN_USE, AccountStatus.DUE})


class RequestKind(StrEnum):
    """What is asked for, and agreed to by officers where that is needed."""

    NEW_ACCOUNT = "new_account"
    #: A role for an account that exists; also what prolongs a role, or opens a closed account.
    ROLE = "role"
    #: The focal point's role passes from one account to another.
    HAND_OVER = "hand_over"


class RequestOutcome(StrEnum):
    """How a request ended."""

    APPROVED = "approved"
    #: By an officer, or taken back by who asked.
    DECLINED = "declined"


class AccountAct(StrEnum):
    """What can be done to an account."""

    READ = "read"
    #: Ask for a new account, or for a role of one that exists.
    INVITE = "invite"
    #: A new link in place of one that was not used, or none any more.
    RENEW = "renew"
    CONFIRM = "confirm"
    #: Authority, cooperation types, an earlier last day.
    CHANGE = "change"
    END_ROLE = "end_role"
    #: End every session of the account; its owner signs in again.
    END_SESSIONS = "end_sessions"
    DISABLE = "disable"
    HAND_OVER = "hand_over"


class Hand(StrEnum):
    """By what right somebody acts on an account."""

    #: It is their own.
    OWNER = "owner"
    #: A focal point of the account's State.
    FOCAL_POINT = "focal_point"
    VERIFIER = "verifier"
    ADMINISTRATOR = "administrator"


Hands = frozenset[Hand]
_OFFICERS: Hands = frozenset({Hand.VERIFIER, Hand.ADMINISTRATOR})
_OWNER: Hands = frozenset({Hand.OWNER})
_ADMINISTRATOR: Hands = frozenset({Hand.ADMINISTRATOR})
_ALL: Hands = _OFFICERS | {Hand.FOCAL_POINT}
_NOBODY: Hands = frozenset()


def _for(reader: Hands, focal_point: Hands, secretariat: Hands) -> Mapping[AccountKind, Hands]:
    return MappingProxyType(
        {
            AccountKind.READER: reader,
            AccountKind.FOCAL_POINT: focal_point,
            AccountKind.SECRETARIAT: secretariat,
        }
    )


#: Act -> kind of the account -> who may. What is not written here is denied.
MAY: Mapping[AccountAct, Mapping[AccountKind, Hands]] = MappingProxyType(
    {
        AccountAct.READ: _for(_ALL | _OWNER, _ALL | _OWNER, _OFFICERS | _OWNER),
        AccountAct.INVITE: _for(_ALL, _ALL, _OFFICERS),
        AccountAct.RENEW: _for(_ALL, _OFFICERS, _OFFICERS),
        AccountAct.CONFIRM: _for(_ALL, _OFFICERS, _OFFICERS),
        AccountAct.CHANGE: _for(_ALL, _OFFICERS, _ADMINISTRATOR),
        AccountAct.END_ROLE: _for(_NOBODY, _OFFICERS | _OWNER, _ADMINISTRATOR),
        AccountAct.END_SESSIONS: _for(_ALL, _OFFICERS, _ADMINISTRATOR),
        AccountAct.DISABLE: _for(_ALL, _OFFICERS | _OWNER, _ADMINISTRATOR),
        AccountAct.HAND_OVER: _for(_NOBODY, _OFFICERS | _OWNER, _NOBODY),
    }
)


def kind_of(roles: Collection[Role]) -> AccountKind:
    """The kind of an account with these roles, held or asked for."""
    if WITHOUT_STATE & set(roles):
        return AccountKind.SECRETARIAT
    return AccountKind.FOCAL_POINT if Role.FOCAL_POINT in roles else AccountKind.READER


def may(act: AccountAct, kind: AccountKind, hands: Hands) -> bool:
    """May somebody with these hands do it? One's own account is out of reach unless named."""
    allowed = MAY[act][kind]
    if Hand.OWNER in hands and Hand.OWNER not in allowed:
        return False
    return bool(allowed & hands)


def approvals_needed(kind: AccountKind, asker_is_officer: bool, is_plain: bool) -> int:
    """How many officers must agree beside the one who asks.

    ``is_plain``: the address lies in a domain of the State and looks like no other. A focal point
    and whoever belongs to the secretariat always needs two officers; one may be the one who asks.
    """
    if kind is AccountKind.READER:
        return 0 if is_plain else 1
    return 1 if asker_is_officer else 2


def due_on(confirmed_on: dt.date) -> dt.date:
    """The day by which the account is to be confirmed again."""
    return confirmed_on + CONFIRM_EVERY


def confirmed_since(today: dt.date) -> dt.date:
    """An account confirmed before this day does not work on ``today``."""
    return today - CONFIRM_EVERY - GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the status of an account rests on; ``role_ends`` are the last days of its roles."""

    active: bool
    accepted: bool
    #: Officers were asked and have not decided.
    waits: bool
    confirmed_on: dt.date
    ends_on: dt.date | None
    role_ends: tuple[dt.date | None, ...]


def status_of(life: Life, today: dt.date) -> AccountStatus:
    """Whether the account opens the door on that day, and why not."""
    if not life.active:
        return AccountStatus.DISABLED
    if life.waits and not life.role_ends:
        return AccountStatus.PROPOSED
    if _is_over(life, today):
        return AccountStatus.ENDED
    if life.confirmed_on < confirmed_since(today):
        return AccountStatus.LAPSED
    if not life.accepted:
        return AccountStatus.INVITED
    is_due = due_on(life.confirmed_on) - DUE_BEFORE <= today
    return AccountStatus.DUE if is_due else AccountStatus.IN_USE


def _is_over(life: Life, today: dt.date) -> bool:
    over = life.ends_on is not None and life.ends_on < today
    return over or all(day is not None and day < today for day in life.role_ends)


def end_problems(
    path: str, wanted: dt.date | None, until: dt.date | None, today: dt.date
) -> list[Problem]:
    """What speaks against ``wanted`` as the last day of what lasts ``until`` (None: for good).

    A last day is only brought forward: what lasts longer than was agreed is agreed to again.
    """
    if wanted is not None and wanted < today:
        return [Problem(path, N_("Give today or a later day."))]
    if until is not None and (wanted is None or wanted > until):
        message = N_("It can only end earlier. To let it last longer, ask for the role again.")
        return [Problem(path, message)]
    return []


LAST_FOCAL_POINT = N_("The State would be left without a focal point: hand over first.")
TOO_FEW_OFFICERS = N_("At least two officers must remain, because what matters takes two.")


def leaving_problems(focal_points_left: int) -> list[Problem]:
    """A State's last focal point does not leave without a successor."""
    return [] if focal_points_left else [Problem("", LAST_FOCAL_POINT)]


def officers_problems(officers_left: int) -> list[Problem]:
    """Nobody, not even with one stolen session, makes the secretariat unable to act."""
    return [] if officers_left >= FEWEST_OFFICERS else [Problem("", TOO_FEW_OFFICERS)]
