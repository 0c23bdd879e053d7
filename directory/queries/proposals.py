"""Reading proposals: one in full with what may be done with it, the queue, one's own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from directory.domain.call_backs import Line, Standing, line_of, standing_of, untried
from directory.domain.diff import Clash, Difference
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    OPEN,
    UNDECIDED,
    Action,
    CallBackResult,
    ProposalKind,
    Verification,
    needs,
)
from directory.domain.marks import N_
from directory.domain.record import Channel, Record
from directory.domain.risks import Risk, risks
from directory.domain.verification import Case, Person, refusals
from directory.domain.vocabulary import ChannelKind
from directory.errors import DomainError, InvalidState, NotFound, Problem, StaleRevision
from directory.models.notice import Notice
from directory.models.proposal import CallBack, Evidence, ObjectionLink, Proposal, ProposalComment
from directory.policy import READ_PROPOSAL, Actor
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposal_facts import (
    case_facts,
    differences_of,
    lines_for,
    merged_record,
    person_on,
    proposed_of,
    told_by_link,
)
from directory.queries.proposal_lists import ProposalHead, head_of
from directory.queries.proposal_risks import Subject, surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """A file of evidence; ``name`` is what its address holds. ``size`` in bytes."""

    name: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: dt.datetime
    #: Was it found fit to be given out?
    released: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceContent:
    """The file itself."""

    view: EvidenceView
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """A remark."""

    at: dt.datetime
    by_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackView:
    """A call as it was written down; ``counts`` is False for one before the last submission."""

    at: dt.datetime
    by_name: str
    channel_kind: ChannelKind | None
    channel_value: str
    function: str
    question: str
    answered: bool
    result: CallBackResult
    note: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """Whether this actor may do something now, and why not."""

    action: Action
    allowed: bool
    reasons: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackAdvice:
    """Whom to call: the number chosen by the system, those left, and the entry they belong to.

    ``note_verbale`` is True when none is left, so that a diplomatic note may stand in.
    """

    chosen: Channel | None
    candidates: tuple[Channel, ...]
    entry_id: str
    note_verbale: bool
    #: Each candidate's line -> how the directory knows it.
    standings: Mapping[Line, Standing]

    def standing(self, channel: Channel) -> Standing:
        """How the directory knows one of the candidates."""
        return self.standings[line_of(channel)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal in full, as one actor may see it."""

    head: ProposalHead
    needed: Verification
    #: The entry as it is published; None for a new one.
    current: CurrentEntry | None
    #: As it was proposed, and merged with what was published meanwhile (None where they clash).
    record: Record
    merged: Record | None
    differences: tuple[Difference, ...]
    clashes: tuple[Clash, ...]
    #: Why it cannot be published as things are, beside clashes.
    obstacles: tuple[Problem, ...]
    evidence: tuple[EvidenceView, ...]
    comments: tuple[CommentView, ...]
    call_backs: tuple[CallBackView, ...]
    #: How many recipients got a link with which they can object.
    links: int
    #: How many of these links have reached somebody.
    links_delivered: int
    actions: tuple[ActionView, ...]
    call_back: CallBackAdvice | None
    risks: tuple[Risk, ...]

    def may(self, action: Action) -> bool:
        """Is the action allowed to this actor now?"""
        return any(one.action is action and one.allowed for one in self.actions)

    def reasons(self, action: Action) -> tuple[Problem, ...]:
        """Why the action is not allowed."""
        return next((one.reasons for one in self.actions if one.action is action), ())


def find_proposal(actor: Actor, session: Session, proposal_id: str) -> Proposal:
    """The row, if the actor may read it; raises ``NotFound``."""
    wanted = [READ_PROPOSAL.filter(actor), Proposal.id == proposal_id]
    found = None
    if proposal_id.isprintable():
        found = session.scalars(select(Proposal).where(*wanted)).one_or_none()
    if found is None:
        raise NotFound("proposal", proposal_id)
    return found


def get_proposal(actor: Actor, session: Session, proposal_id: str, at: dt.datetime) -> ProposalView:
    """The proposal with all that stands around it; raises ``NotFound``, ``Denied``."""
    proposal = find_proposal(actor, session, proposal_id)
    current = None
    if proposal.kind is not ProposalKind.CREATE or proposal.published_revision:
        current = read_entry(session, proposal.entry_id)
    merged, clashes, obstacles = _merge(session, proposal, current)
    differences = differences_of(proposal, current, merged or proposed_of(proposal))
    case = case_facts(session, proposal)
    person = person_on(actor, proposal)
    since = proposal.submitted_at
    links, delivered = _links(session, proposal)
    return ProposalView(
        head=head_of(proposal),
        needed=needs(proposal.kind, FieldClass(proposal.field_class)),
        current=current,
        record=proposed_of(proposal),
        merged=merged,
        differences=differences,
        clashes=clashes,
        obstacles=obstacles,
        evidence=_evidence(session, proposal),
        comments=_comments(session, proposal),
        call_backs=_call_backs(session, proposal, since),
        links=links,
        links_delivered=delivered,
        actions=tuple(_action(action, case, person, at) for action in Action),
        call_back=_advice(actor, session, proposal, current, at),
        risks=_risks(actor, session, proposal, differences, at),
    )


def _merge(
    session: Session, proposal: Proposal, current: CurrentEntry | None
) -> tuple[Record | None, tuple[Clash, ...], tuple[Problem, ...]]:
    if proposal.state not in OPEN:
        return proposed_of(proposal), (), ()
    try:
        return merged_record(session, proposal, current), (), ()
    except StaleRevision as error:
        clashes = tuple(one for one in error.clashes if isinstance(one, Clash))
        return None, clashes, ()
    except DomainError as error:
        return None, (), (Problem("", str(error)),)


def _action(action: Action, case: Case, person: Person, at: dt.datetime) -> ActionView:
    found = refusals(action, case, person, at)
    reasons = tuple(one.problem for one in found)
    return ActionView(action=action, allowed=not found, reasons=reasons)


def _advice(
    actor: Actor,
    session: Session,
    proposal: Proposal,
    current: CurrentEntry | None,
    at: dt.datetime,
) -> CallBackAdvice | None:
    """For officers, while a call-back may still be needed."""
    needed = needs(proposal.kind, FieldClass(proposal.field_class))
    if not (actor.is_secretariat and needed.call_back and proposal.state in UNDECIDED):
        return None
    lines = lines_for(session, proposal, current, proposed_of(proposal), at)
    left = untried(lines.channels, case_facts(session, proposal).counting_calls)
    return CallBackAdvice(
        chosen=left[0] if left else None,
        candidates=left,
        entry_id=proposal.call_back_entry_id,
        note_verbale=not left,
        standings={line: standing_of(line, lines.history) for line in map(line_of, left)},
    )


def _risks(
    actor: Actor,
    session: Session,
    proposal: Proposal,
    differences: Sequence[Difference],
    at: dt.datetime,
) -> tuple[Risk, ...]:
    """For officers; a proposer need not learn what looks odd."""
    if not actor.is_secretariat or proposal.state not in OPEN:
        return ()
    record = proposed_of(proposal)
    around = surroundings(session, [Subject(proposal, record)], at)
    return risks(record, differences, around[proposal.id], at)


def _evidence(session: Session, proposal: Proposal) -> tuple[EvidenceView, ...]:
    statement = select(Evidence).where(Evidence.proposal_id == proposal.id).order_by(Evidence.id)
    return tuple(_evidence_view(one) for one in session.scalars(statement))


def _evidence_view(one: Evidence) -> EvidenceView:
    return EvidenceView(
        name=one.name,
        file_name=one.file_name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        uploaded_at=one.uploaded_at,
        released=one.released_at is not None,
    )


def get_evidence(actor: Actor, session: Session, name: str) -> EvidenceContent:
    """A file, for those who may read its proposal; raises ``NotFound``.

    Raises ``InvalidState`` while it is in quarantine.
    """
    allowed = READ_PROPOSAL.filter(actor)
    found = None
    if name.isprintable():
        statement = select(Evidence).join(Proposal, Proposal.id == Evidence.proposal_id)
        found = session.scalars(statement.where(allowed, Evidence.name == name)).one_or_none()
    if found is None:
        raise NotFound("evidence", name)
    if found.released_at is None:
        message = N_("The file is in quarantine until it has been checked; try again later.")
        raise InvalidState(reasons=[Problem("", message)])
    return EvidenceContent(view=_evidence_view(found), content=found.content)


def _comments(session: Session, proposal: Proposal) -> tuple[CommentView, ...]:
    table = ProposalComment
    statement = select(table).where(table.proposal_id == proposal.id).order_by(table.id)
    return tuple(
        CommentView(at=one.at, by_name=one.by_name, text=one.text)
        for one in session.scalars(statement)
    )


def _links(session: Session, proposal: Proposal) -> tuple[int, int]:
    """How many objection links were given for the hold, and how many were delivered."""
    if proposal.hold_until is None:
        return 0, 0
    delivered = and_(told_by_link(), Notice.sent_at.is_not(None))
    statement = (
        select(func.count(ObjectionLink.id), func.count(Notice.id))
        .outerjoin(Notice, delivered)
        .where(ObjectionLink.proposal_id == proposal.id)
    )
    links, heard = session.execute(statement).one()
    return links, heard


def _call_backs(
    session: Session, proposal: Proposal, since: dt.datetime | None
) -> tuple[CallBackView, ...]:
    statement = select(CallBack).where(CallBack.proposal_id == proposal.id).order_by(CallBack.id)
    return tuple(
        CallBackView(
            at=one.at,
            by_name=one.by_name,
            channel_kind=one.channel_kind,
            channel_value=one.channel_value,
            function=one.function,
            question=one.question,
            answered=one.answered,
            result=one.result,
            note=one.note,
            counts=bool(one.denied) or (since is not None and one.at >= since),
        )
        for one in session.scalars(statement)
    )
