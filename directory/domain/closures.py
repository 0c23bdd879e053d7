"""The life of closed days that a State announces: a table, and who may decide.

They are descriptive, so one officer of the secretariat looks at them before they count; or they
count at once where the secretariat's setting for descriptive changes says so, marked as not yet
reviewed. Taking days back follows the same rule once an officer has vouched for them; what nobody
has vouched for is taken back at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from directory.domain.record import Closure
from directory.domain.verification import Person, Refusal, not_own_of, not_same_state_of


class ClosureStatus(StrEnum):
    """Where announced days stand."""

    #: Announced; nothing is closed before an officer has looked.
    WAITING = "waiting"
    #: Counts already, marked as not yet reviewed.
    UNREVIEWED = "unreviewed"
    VERIFIED = "verified"
    REFUSED = "refused"
    #: The State wants verified days back; they count until an officer has looked.
    LEAVING = "leaving"
    #: Verified days the State took back at once; an officer has not looked yet.
    LEFT_UNREVIEWED = "left_unreviewed"
    WITHDRAWN = "withdrawn"


class ClosureAct(StrEnum):
    """What can be done with announced days."""

    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    REFUSE = "refuse"


_S, _A = ClosureStatus, ClosureAct

#: The days that close offices.
IN_EFFECT = frozenset({_S.UNREVIEWED, _S.VERIFIED, _S.LEAVING})
#: What waits for an officer.
AWAITING = frozenset({_S.WAITING, _S.UNREVIEWED, _S.LEAVING, _S.LEFT_UNREVIEWED})
#: Where the State asks for its days to be taken back, and no longer for the days.
TAKING_BACK = frozenset({_S.LEAVING, _S.LEFT_UNREVIEWED})
#: Nothing more comes of these.
ENDED = frozenset({_S.REFUSED, _S.WITHDRAWN})

#: Status and act -> the status after it, where an officer must look first. What is not here does
#: not exist.
TRANSITIONS: Mapping[tuple[ClosureStatus, ClosureAct], ClosureStatus] = MappingProxyType(
    {
        (_S.WAITING, _A.ACCEPT): _S.VERIFIED,
        (_S.WAITING, _A.REFUSE): _S.REFUSED,
        (_S.WAITING, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.UNREVIEWED, _A.ACCEPT): _S.VERIFIED,
        (_S.UNREVIEWED, _A.REFUSE): _S.REFUSED,
        (_S.UNREVIEWED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.VERIFIED, _A.WITHDRAW): _S.LEAVING,
        (_S.LEAVING, _A.ACCEPT): _S.WITHDRAWN,
        (_S.LEAVING, _A.REFUSE): _S.VERIFIED,
        (_S.LEFT_UNREVIEWED, _A.ACCEPT): _S.WITHDRAWN,
        (_S.LEFT_UNREVIEWED, _A.REFUSE): _S.VERIFIED,
    }
)
#: The status instead, where the setting shows descriptive changes at once.
_AT_ONCE = {_S.WAITING: _S.UNREVIEWED, _S.LEAVING: _S.LEFT_UNREVIEWED}


def announced(*, at_once: bool) -> ClosureStatus:
    """The status of days that a State has just announced."""
    return _S.UNREVIEWED if at_once else _S.WAITING


def status_after(
    status: ClosureStatus, act: ClosureAct, *, at_once: bool = False
) -> ClosureStatus | None:
    """The status after the act; None where the act does not exist there."""
    after = TRANSITIONS.get((status, act))
    return _AT_ONCE.get(after, after) if at_once and after else after


def decision_refusals(state_code: str, asked_by: int | None, officer: Person) -> list[Refusal]:
    """What stands against this officer's deciding; the same rules as for a proposal."""
    found = (not_own_of(asked_by, officer), not_same_state_of(state_code, officer))
    return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedClosure(Closure):
    """Days that count for every office of a State; has an officer looked at them?"""

    unreviewed: bool = False
