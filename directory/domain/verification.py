"""The guards of a proposal's life: what, beside state and role, must be so before an act.

Pure functions over facts. Each guard gives a refusal or nothing; an act is allowed when the table
of transitions has it for the person and no guard refuses. Pages show the same refusals beside the
buttons that services raise.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from directory.domain.lifecycle import (
    OPEN,
    Action,
    By,
    CallBackResult,
    ProposalState,
    Verification,
    transition,
)
from directory.domain.marks import N_
from directory.errors import Problem

_A, _S = Action, ProposalState

#: Reason codes of a rejection, with their texts.
REJECTION_CODES: Mapping[str, str] = MappingProxyType(
    {
        "not_confirmed": N_("The authority did not confirm the change"),
        "not_authorised": N_("Whoever proposed it was not authorised to"),
        "wrong_data": N_("What was proposed is not correct"),
        "no_evidence": N_("The evidence does not support the change"),
        "duplicate": N_("The same change was proposed already"),
        "objection": N_("An objection was found to be right"),
        "suspicious": N_("The proposal may be an attempt to divert requests"),
        "other": N_("Another reason, given in the text"),
    }
)


class Anew(StrEnum):
    """Why a proposal is reviewed anew."""

    PROPOSER_LEFT = "proposer_left"
    PROPOSER_RECOVERED = "proposer_recovered"
    OFFICER_GONE = "officer_gone"


ANEW_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        Anew.PROPOSER_LEFT.value: N_(
            "Whoever proposed this is no focal point any more; it is reviewed anew."
        ),
        Anew.PROPOSER_RECOVERED.value: N_(
            "The account that proposed this was recovered, as after a theft; it is reviewed anew."
        ),
        Anew.OFFICER_GONE.value: N_(
            "An officer who called back, verified or approved lost the role or the account; it is "
            "reviewed anew."
        ),
    }
)
#: What a proposal's ``decision_code`` says.
DECISION_TEXTS: Mapping[str, str] = MappingProxyType({**REJECTION_CODES, **ANEW_TEXTS})
#: Results with which a change may go on.
POSITIVE = frozenset({CallBackResult.CONFIRMED, CallBackResult.NOTE_VERBALE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts: the account, its State ('' for the secretariat) and as what it may act."""

    account_id: int | None = None
    state: str = ""
    by: frozenset[By] = frozenset()


#: The directory itself.
THE_SYSTEM = Person(by=frozenset({By.SYSTEM}))
#: Whoever holds an objection link.
AN_OBJECTOR = Person(by=frozenset({By.OBJECTOR}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call-back as far as guards look at it."""

    at: dt.datetime
    by: int
    result: CallBackResult
    #: Kind and value of the channel used; empty for a diplomatic note.
    channel: tuple[str, str] = ("", "")
    #: A denial of something that is still proposed.
    binds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A proposal as far as guards look at it."""

    state: ProposalState
    state_code: str
    needed: Verification
    proposer_id: int
    assignee_id: int | None = None
    verified_by: int | None = None
    approved_by: int | None = None
    submitted_at: dt.datetime | None = None
    hold_until: dt.datetime | None = None
    calls: tuple[Call, ...] = ()

    @property
    def counting_calls(self) -> tuple[Call, ...]:
        """The calls made since the proposal was last submitted; earlier ones were for another.

        A denial counts as long as what was denied is proposed, whoever hands it in again.
        """
        since = self.submitted_at
        return tuple(
            call for call in self.calls if call.binds or (since is not None and call.at >= since)
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act is refused; ``denied`` where it is for who the person is, not for what is so."""

    problem: Problem
    denied: bool = False


Guard = Callable[[Case, Person, dt.datetime], Refusal | None]


def _refuse(message: str, **params: object) -> Refusal:
    return Refusal(Problem("", message, params))


def _deny(message: str) -> Refusal:
    return Refusal(Problem("", message), denied=True)


def not_own(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """Nobody decides on what they proposed, whatever roles they hold."""
    return not_own_of(case.proposer_id, person)


def not_own_of(proposer_id: int | None, person: Person) -> Refusal | None:
    """The same, for whatever that account asked for."""
    if person.account_id != proposer_id:
        return None
    return _deny(N_("You proposed this yourself; somebody else must decide on it."))


def only_own(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """What is proposed in somebody's name is written by that person alone."""
    if person.account_id == case.proposer_id:
        return None
    return _deny(N_("Only the person who proposed this can change or submit it."))


def not_same_state(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """Nobody from the proposing State verifies."""
    return not_same_state_of(case.state_code, person)


def not_same_state_of(state_code: str, person: Person) -> Refusal | None:
    """The same, for whatever that State asked for."""
    if person.state != state_code:
        return None
    return _deny(N_("You belong to the State that proposed this; nobody of that State verifies."))


def assigned(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """Under review only the officer who took the proposal acts on it."""
    if case.state is not _S.IN_REVIEW or case.assignee_id == person.account_id:
        return None
    return _refuse(N_("Another officer has taken this proposal; take it first."))


def called_back(case: Case, _person: Person, _at: dt.datetime) -> Refusal | None:
    """A routing-critical change was confirmed by a call, or a diplomatic note, and not denied."""
    if not case.needed.call_back:
        return None
    results = {call.result for call in case.counting_calls}
    if CallBackResult.DENIED in results:
        return _refuse(N_("The person called back did not confirm this; reject it or ask again."))
    if not results & POSITIVE:
        return _refuse(N_("No call-back has confirmed this change yet."))
    return None


def not_the_verifier(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """Two different officers agree."""
    if person.account_id != case.verified_by:
        return None
    return _deny(N_("You verified this proposal; a second officer must approve it."))


def not_the_caller(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """Caller and final approver differ."""
    if all(call.by != person.account_id for call in case.counting_calls):
        return None
    return _deny(N_("You made the call-back; another officer must approve the change."))


def none_of_its_officers(case: Case, person: Person, _at: dt.datetime) -> Refusal | None:
    """An objection is judged by somebody else than the officers it is against.

    A call that was made up is what an objection most often uncovers, so the caller counts as well.
    """
    callers = {call.by for call in case.counting_calls}
    if person.account_id not in {case.verified_by, case.approved_by, *callers}:
        return None
    return _deny(
        N_(
            "You called back, verified or approved this change; another officer must judge the "
            "objection."
        )
    )


def hold_over(case: Case, _person: Person, at: dt.datetime) -> Refusal | None:
    """The time for objections has passed."""
    if not case.needed.hold or (case.hold_until is not None and at >= case.hold_until):
        return None
    return _refuse(N_("The hold lasts until %(until)s."), until=case.hold_until)


def agreed(case: Case, _person: Person, _at: dt.datetime) -> Refusal | None:
    """What the officers' yes must have been like, looked at once more before publication."""
    if case.needed.officers < 2:
        return None
    officers = {case.verified_by, case.approved_by}
    callers = {call.by for call in case.counting_calls}
    if None in officers or len(officers) < 2 or case.proposer_id in officers | callers:
        return _refuse(N_("Two different officers have not agreed to this change."))
    if case.approved_by in callers:
        return _refuse(N_("The officer who called back also approved this change."))
    return None


_OFFICER: tuple[Guard, ...] = (not_own, not_same_state)

#: What must be so before each act, beside state and role.
GUARDS: Mapping[Action, tuple[Guard, ...]] = MappingProxyType(
    {
        _A.SAVE: (only_own,),
        _A.SUBMIT: (only_own,),
        _A.TAKE: _OFFICER,
        _A.RELEASE: (assigned,),
        _A.CALL_BACK: (*_OFFICER, assigned),
        _A.REQUEST_CHANGES: (*_OFFICER, assigned),
        _A.VERIFY: (*_OFFICER, assigned, called_back),
        _A.APPROVE: (*_OFFICER, not_the_verifier, not_the_caller, called_back),
        _A.REJECT: (*_OFFICER, assigned),
        _A.OBJECT: (not_own,),
        _A.DISMISS_OBJECTION: (*_OFFICER, none_of_its_officers),
        _A.PUBLISH: (hold_over, called_back, agreed),
        _A.ACKNOWLEDGE: _OFFICER,
    }
)
#: Acts that differ by who does them: a file from the State, or from the officer who reviews.
_EVIDENCE_GUARDS: Mapping[By, tuple[Guard, ...]] = MappingProxyType(
    {By.FOCAL_POINT: (only_own,), By.VERIFIER: (*_OFFICER, assigned)}
)


def refusals(action: Action, case: Case, person: Person, at: dt.datetime) -> tuple[Refusal, ...]:
    """Everything that stands against the act; empty when it is allowed."""
    found = transition(case.state, action)
    if found is None:
        return (_out_of_place(action, case.state),)
    as_whom = found.by & person.by
    if not as_whom:
        return (_deny(N_("Your role does not do this.")),)
    guards = GUARDS.get(action, ())
    if action is _A.ADD_EVIDENCE:
        guards = tuple(guard for by in sorted(as_whom) for guard in _EVIDENCE_GUARDS[by])
    given = (guard(case, person, at) for guard in guards)
    return tuple(refusal for refusal in given if refusal is not None)


def _out_of_place(action: Action, state: ProposalState) -> Refusal:
    message = (
        N_("This cannot be done while the proposal is %(state)s.")
        if state in OPEN
        else N_("The proposal is %(state)s; nothing more can be done with it.")
    )
    return _refuse(message, action=action.value, state=state.value)
