"""Where a proposal stands and what happens next, in words."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString, gettext, lazy_gettext

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalKind, ProposalState, Verification
from directory.domain.verification import DECISION_TEXTS
from directory.queries.proposal_lists import ProposalHead
from directory.queries.proposals import ProposalView
from directory.web.formats import clock, comma, day

_ = lazy_gettext
_S = ProposalState

#: State -> what happens next, and at whose hands.
NEXT: dict[ProposalState, LazyString] = {
    _S.DRAFT: _("Only your State sees it. Submit it when it is complete."),
    _S.SUBMITTED: _("An officer of the secretariat takes it up."),
    _S.IN_REVIEW: _("An officer of the secretariat is looking at it."),
    _S.CHANGES_REQUESTED: _("The secretariat asks the State to change it and submit it again."),
    _S.VERIFIED: _("One officer has verified it; a second one must approve it."),
    _S.ON_HOLD: _("It is approved and waits, so that the State can object."),
    _S.FROZEN: _("Somebody objected. An officer who did not approve it judges the objection."),
    _S.PUBLISHED: _("Readers see it."),
    _S.WITHDRAWN: _("The State took it back."),
    _S.REJECTED: _("The secretariat did not accept it."),
    _S.SUPERSEDED: _("Another change of the same fields was published first."),
    _S.EXPIRED: _("Nobody worked on it for too long."),
}
_CALL_BACK = _("The officer calls a number on record that this proposal does not change.")


def next_step(head: ProposalHead) -> str:
    """What happens next with a proposal, in a sentence or two."""
    if head.state is _S.ON_HOLD and head.hold_until:
        return str(
            gettext(
                "Published after %(until)s unless somebody of the State objects.",
                until=moment(head.hold_until),
            )
        )
    text = str(NEXT[head.state])
    waits_for_call = head.state in {_S.SUBMITTED, _S.IN_REVIEW}
    if waits_for_call and head.field_class is FieldClass.ROUTING_CRITICAL:
        return f"{text} {_CALL_BACK}" if head.kind is not ProposalKind.SUSPEND else text
    return text


def moment(value: dt.datetime) -> str:
    """'23 Nov 2026, 14:05 UTC'."""
    in_utc = value.astimezone(dt.UTC)
    return f"{day(in_utc)}{comma()}{clock(in_utc)} UTC"


def needs_lines(needed: Verification, hold: dt.timedelta) -> Iterator[str]:
    """What must happen before publication, a line each."""
    if not needed.officers:
        yield gettext("It works at once.")
    elif needed.officers == 1:
        yield gettext("One officer of the secretariat looks at it; then it is published.")
    else:
        yield gettext("Two officers of the secretariat must agree, one after the other.")
    if needed.call_back:
        yield gettext(
            "One of them calls back a number that is on record already, not one that is proposed."
        )
    if needed.notice:
        yield gettext("The channels on record and the other focal points of the State are told.")
        if not needed.officers:
            yield gettext("Every officer of the secretariat is told, too.")
    if needed.hold:
        hours = int(hold.total_seconds() // 3600)
        yield gettext(
            "Then it waits %(hours)s hours, in which any of them can stop it with one click.",
            hours=hours,
        )


class Mark(StrEnum):
    """Where a step of the way stands."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to_come"
    #: The way ended here without publication.
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step of a proposal's way; ``at`` where the moment is known."""

    title: str
    mark: Mark
    at: dt.datetime | None = None


#: State -> how many steps of the whole way lie behind it.
_BEHIND: dict[ProposalState, int] = {
    _S.DRAFT: 0,
    _S.CHANGES_REQUESTED: 0,
    _S.SUBMITTED: 1,
    _S.IN_REVIEW: 1,
    _S.VERIFIED: 2,
    _S.ON_HOLD: 3,
    _S.FROZEN: 3,
    _S.PUBLISHED: 5,
}


def way(view: ProposalView) -> list[WayStep]:
    """The steps of the proposal, those behind it and those to come."""
    head = view.head
    behind = _BEHIND.get(head.state)
    steps = [
        (number, title, at)
        for number, (title, at, is_needed) in enumerate(_steps(view))
        if is_needed or head.state not in _BEHIND
    ]
    if behind is None:
        known = [WayStep(title, Mark.DONE, at) for _number, title, at in steps if at]
        return [*known, WayStep(str(_state_title(head)), Mark.ENDED, head.decided_at)]
    return [WayStep(title, _mark(number, behind), at) for number, title, at in steps]


def _steps(view: ProposalView) -> Iterator[tuple[str, dt.datetime | None, bool]]:
    head, needed = view.head, view.needed
    calls = [one.at for one in view.call_backs if one.counts]
    yield gettext("Written down"), head.created_at, True
    verified = gettext("Called back and verified by an officer")
    plain = gettext("Verified by an officer")
    yield gettext("Submitted"), head.submitted_at, True
    yield verified if needed.call_back else plain, calls[-1] if calls else None, needed.officers > 0
    yield gettext("Approved by a second officer"), None, needed.officers > 1
    yield gettext("Hold for objections until"), head.hold_until, needed.hold
    yield gettext("Published"), head.decided_at, True


def _mark(number: int, behind: int) -> Mark:
    if number <= behind:
        return Mark.DONE
    return Mark.NOW if number == behind + 1 else Mark.TO_COME


def _state_title(head: ProposalHead) -> LazyString:
    return NEXT[head.state]


def rejection(code: str) -> str:
    """The reason code of a rejection, or of a review begun anew, in words."""
    return str(gettext(DECISION_TEXTS[code])) if code in DECISION_TEXTS else ""


FILTERS: dict[str, Callable[..., object]] = {
    "next_step": next_step,
    "needs_lines": needs_lines,
    "moment": moment,
    "rejection": rejection,
}
