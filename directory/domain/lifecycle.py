"""The life of a proposal, and what must happen before it is published: two tables.

A transition that is not in ``TRANSITIONS`` does not exist. ``VERIFICATION`` says, by the highest
class of the differences, who must look, whether a call-back and a notice are needed, and how long
the change is held. Rules that look at more than state and role (nobody approves what they
proposed, caller and approver differ ...) stand in ``domain.verification``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from directory.domain.fields import FieldClass
from directory.domain.vocabulary import Role


class ProposalKind(StrEnum):
    """What a proposal asks for."""

    CREATE = "create"
    AMEND = "amend"
    #: Nothing changed, still true.
    CONFIRM = "confirm"
    #: Works at once, shows the alternative.
    SUSPEND = "suspend"
    RETIRE = "retire"
    RESTORE = "restore"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    #: One officer has verified; a second one must approve.
    VERIFIED = "verified"
    #: Approved; waits for objections until the hold is over.
    ON_HOLD = "on_hold"
    #: Somebody objected during the hold; nothing moves until an officer settles it.
    FROZEN = "frozen"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    #: Another proposal on the same fields was published first.
    SUPERSEDED = "superseded"
    #: Nobody touched it for too long.
    EXPIRED = "expired"


#: States in which a proposal is still under way.
OPEN = frozenset(
    {
        ProposalState.DRAFT,
        ProposalState.SUBMITTED,
        ProposalState.IN_REVIEW,
        ProposalState.CHANGES_REQUESTED,
        ProposalState.VERIFIED,
        ProposalState.ON_HOLD,
        ProposalState.FROZEN,
    }
)
#: Submitted, and officers have not yet agreed.
UNDECIDED = frozenset({ProposalState.SUBMITTED, ProposalState.IN_REVIEW, ProposalState.VERIFIED})
#: It is an officer's turn.
OFFICERS_TURN = UNDECIDED | {ProposalState.FROZEN}
#: What waits for the secretariat, or for the end of its hold.
WAITING = OFFICERS_TURN | {ProposalState.ON_HOLD}
#: Submitted, and nobody objected.
UNDISPUTED = UNDECIDED | {ProposalState.ON_HOLD}
#: The secretariat's word was given: published, or turned down.
DECIDED = frozenset({ProposalState.PUBLISHED, ProposalState.REJECTED})


class Action(StrEnum):
    """What can be done with a proposal."""

    SAVE = "save"
    #: Add a file of evidence.
    ADD_EVIDENCE = "add_evidence"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    #: An officer takes it for review (and is its assignee).
    TAKE = "take"
    RELEASE = "release"
    COMMENT = "comment"
    CALL_BACK = "call_back"
    REQUEST_CHANGES = "request_changes"
    VERIFY = "verify"
    APPROVE = "approve"
    REJECT = "reject"
    #: One click by an old channel or another focal point during the hold.
    OBJECT = "object"
    #: An officer finds the objection unfounded: the hold begins anew.
    DISMISS_OBJECTION = "dismiss_objection"
    #: An officer has looked at what was published at once.
    ACKNOWLEDGE = "acknowledge"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    #: The word of somebody behind it does not count any more: back to the queue.
    REVIEW_ANEW = "review_anew"
    EXPIRE = "expire"


class CallBackResult(StrEnum):
    """What came of a call-back."""

    CONFIRMED = "confirmed"
    #: The person reached knows nothing of the change, or says it is wrong.
    DENIED = "denied"
    NOT_REACHED = "not_reached"
    #: Nobody could be reached; a diplomatic note through the permanent mission stands in.
    NOTE_VERBALE = "note_verbale"


class ReportKind(StrEnum):
    """What did not work."""

    WRONG_NUMBER = "wrong_number"
    BOUNCED = "bounced"
    NO_ANSWER = "no_answer"
    WRONG_DESK = "wrong_desk"
    LANGUAGE = "language"
    OTHER = "other"


class By(StrEnum):
    """Who may act: a role, the holder of an objection link, or the directory itself."""

    FOCAL_POINT = Role.FOCAL_POINT.value
    VERIFIER = Role.VERIFIER.value
    OBJECTOR = "objector"
    SYSTEM = "system"


_FOCAL, _VERIFIER = frozenset({By.FOCAL_POINT}), frozenset({By.VERIFIER})
_BOTH = _FOCAL | _VERIFIER
_SYSTEM = frozenset({By.SYSTEM})


@dataclass(frozen=True, slots=True)
class Transition:
    """An action that exists in a state: who may do it, and the state after it.

    ``to`` None leaves the state to the verification policy (``after_submit``, ``after_verify``,
    ``after_approve``).
    """

    by: frozenset[By]
    to: ProposalState | None


_S, _A = ProposalState, Action

TRANSITIONS: Mapping[tuple[ProposalState, Action], Transition] = MappingProxyType(
    {
        (_S.DRAFT, _A.SAVE): Transition(_FOCAL, _S.DRAFT),
        (_S.DRAFT, _A.ADD_EVIDENCE): Transition(_FOCAL, _S.DRAFT),
        (_S.DRAFT, _A.SUBMIT): Transition(_FOCAL, None),
        (_S.DRAFT, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.DRAFT, _A.EXPIRE): Transition(_SYSTEM, _S.EXPIRED),
        (_S.SUBMITTED, _A.TAKE): Transition(_VERIFIER, _S.IN_REVIEW),
        (_S.SUBMITTED, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.SUBMITTED, _A.COMMENT): Transition(_BOTH, _S.SUBMITTED),
        (_S.SUBMITTED, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.SUBMITTED, _A.REVIEW_ANEW): Transition(_SYSTEM, _S.SUBMITTED),
        (_S.SUBMITTED, _A.EXPIRE): Transition(_SYSTEM, _S.EXPIRED),
        (_S.IN_REVIEW, _A.TAKE): Transition(_VERIFIER, _S.IN_REVIEW),
        (_S.IN_REVIEW, _A.RELEASE): Transition(_VERIFIER, _S.SUBMITTED),
        (_S.IN_REVIEW, _A.COMMENT): Transition(_BOTH, _S.IN_REVIEW),
        # The officer adds the diplomatic note that stood in for a call.
        (_S.IN_REVIEW, _A.ADD_EVIDENCE): Transition(_VERIFIER, _S.IN_REVIEW),
        (_S.IN_REVIEW, _A.CALL_BACK): Transition(_VERIFIER, _S.IN_REVIEW),
        (_S.IN_REVIEW, _A.REQUEST_CHANGES): Transition(_VERIFIER, _S.CHANGES_REQUESTED),
        (_S.IN_REVIEW, _A.VERIFY): Transition(_VERIFIER, None),
        (_S.IN_REVIEW, _A.REJECT): Transition(_VERIFIER, _S.REJECTED),
        (_S.IN_REVIEW, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.IN_REVIEW, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.IN_REVIEW, _A.REVIEW_ANEW): Transition(_SYSTEM, _S.SUBMITTED),
        (_S.CHANGES_REQUESTED, _A.SAVE): Transition(_FOCAL, _S.CHANGES_REQUESTED),
        (_S.CHANGES_REQUESTED, _A.ADD_EVIDENCE): Transition(_FOCAL, _S.CHANGES_REQUESTED),
        (_S.CHANGES_REQUESTED, _A.SUBMIT): Transition(_FOCAL, None),
        (_S.CHANGES_REQUESTED, _A.COMMENT): Transition(_BOTH, _S.CHANGES_REQUESTED),
        (_S.CHANGES_REQUESTED, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.CHANGES_REQUESTED, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.CHANGES_REQUESTED, _A.EXPIRE): Transition(_SYSTEM, _S.EXPIRED),
        (_S.VERIFIED, _A.COMMENT): Transition(_BOTH, _S.VERIFIED),
        (_S.VERIFIED, _A.REQUEST_CHANGES): Transition(_VERIFIER, _S.CHANGES_REQUESTED),
        (_S.VERIFIED, _A.APPROVE): Transition(_VERIFIER, None),
        (_S.VERIFIED, _A.REJECT): Transition(_VERIFIER, _S.REJECTED),
        (_S.VERIFIED, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.VERIFIED, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.VERIFIED, _A.REVIEW_ANEW): Transition(_SYSTEM, _S.SUBMITTED),
        (_S.ON_HOLD, _A.COMMENT): Transition(_BOTH, _S.ON_HOLD),
        (_S.ON_HOLD, _A.OBJECT): Transition(frozenset({By.OBJECTOR, By.FOCAL_POINT}), _S.FROZEN),
        (_S.ON_HOLD, _A.PUBLISH): Transition(_SYSTEM, _S.PUBLISHED),
        (_S.ON_HOLD, _A.REJECT): Transition(_VERIFIER, _S.REJECTED),
        (_S.ON_HOLD, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.ON_HOLD, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.ON_HOLD, _A.REVIEW_ANEW): Transition(_SYSTEM, _S.SUBMITTED),
        (_S.FROZEN, _A.COMMENT): Transition(_BOTH, _S.FROZEN),
        (_S.FROZEN, _A.DISMISS_OBJECTION): Transition(_VERIFIER, _S.ON_HOLD),
        (_S.FROZEN, _A.REJECT): Transition(_VERIFIER, _S.REJECTED),
        (_S.FROZEN, _A.WITHDRAW): Transition(_FOCAL, _S.WITHDRAWN),
        (_S.FROZEN, _A.SUPERSEDE): Transition(_SYSTEM, _S.SUPERSEDED),
        (_S.FROZEN, _A.REVIEW_ANEW): Transition(_SYSTEM, _S.SUBMITTED),
        (_S.PUBLISHED, _A.ACKNOWLEDGE): Transition(_VERIFIER, _S.PUBLISHED),
    }
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a class of change needs before it is published."""

    #: Different secretariat officers who must agree.
    officers: int
    call_back: bool
    #: Notices to the old channels and to every other focal point of the State.
    notice: bool
    #: Is it held, so that any of them can object?
    hold: bool


VERIFICATION: Mapping[FieldClass, Verification] = MappingProxyType(
    {
        FieldClass.DESCRIPTIVE: Verification(1, call_back=False, notice=False, hold=False),
        FieldClass.SUBSTANTIVE: Verification(1, call_back=False, notice=False, hold=False),
        FieldClass.ROUTING_CRITICAL: Verification(2, call_back=True, notice=True, hold=True),
    }
)


#: Kinds whose needs do not follow from the fields they touch. A suspension works at once and takes
#: nobody elsewhere but to an entry that was verified before; a confirmation changes nothing.
BY_KIND: Mapping[ProposalKind, Verification] = MappingProxyType(
    {
        ProposalKind.CONFIRM: Verification(0, call_back=False, notice=False, hold=False),
        ProposalKind.SUSPEND: Verification(0, call_back=False, notice=True, hold=False),
    }
)
#: Kinds that decide where requests go, whatever fields they touch.
ALWAYS_CRITICAL = frozenset({ProposalKind.CREATE, ProposalKind.RETIRE, ProposalKind.RESTORE})
#: What a descriptive change needs where the secretariat's setting publishes it at once.
AT_ONCE = Verification(0, call_back=False, notice=False, hold=False)


def class_of(kind: ProposalKind, highest: FieldClass) -> FieldClass:
    """The class of a proposal of that kind whose differences have ``highest``."""
    return FieldClass.ROUTING_CRITICAL if kind in ALWAYS_CRITICAL else highest


def needs(
    kind: ProposalKind, field_class: FieldClass, *, descriptive_at_once: bool = False
) -> Verification:
    """What must happen before a proposal of that kind and class is published."""
    if kind in BY_KIND:
        return BY_KIND[kind]
    if descriptive_at_once and field_class is FieldClass.DESCRIPTIVE:
        return AT_ONCE
    return VERIFICATION[field_class]


def is_simple(kind: ProposalKind, field_class: FieldClass) -> bool:
    """May an officer verify it together with others, without looking at each by itself?"""
    return kind is ProposalKind.AMEND and field_class is FieldClass.DESCRIPTIVE


def transition(state: ProposalState, action: Action) -> Transition | None:
    """The transition, or None where the action does not exist in that state."""
    return TRANSITIONS.get((state, action))


def after_submit(needed: Verification) -> ProposalState:
    """The state after submission."""
    return ProposalState.SUBMITTED if needed.officers else ProposalState.PUBLISHED


def after_verify(needs: Verification) -> ProposalState:
    """The state after the first officer's yes."""
    return ProposalState.VERIFIED if needs.officers > 1 else ProposalState.PUBLISHED


def after_approve(needs: Verification) -> ProposalState:
    """The state after the last officer's yes."""
    return ProposalState.ON_HOLD if needs.hold else ProposalState.PUBLISHED
