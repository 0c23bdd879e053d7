"""Campaigns as they are read: what is asked, and how far each State has answered.

Progress is counted from the entries: one is answered when it was confirmed since the campaign
began, and under correction while a change of it that was proposed since then is under way.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from directory.domain.lifecycle import OPEN, ProposalKind, ProposalState
from directory.domain.vocabulary import EntryKind, EntryStatus, Role
from directory.errors import NotFound
from directory.models.account import Account, AccountRole
from directory.models.campaign import Campaign
from directory.models.entry import Entry
from directory.models.proposal import Proposal
from directory.models.reference import State
from directory.policy import Actor, require

#: Campaigns on the list; older closed ones are reached by their address.
MOST = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries are asked about, confirmed, and under correction."""

    total: int = 0
    confirmed: int = 0
    corrected: int = 0

    @property
    def open(self) -> int:
        """Entries nobody has answered for."""
        return self.total - self.confirmed - self.corrected

    @property
    def percent(self) -> int:
        """Whole percent of the entries that are confirmed, rounded down; 100 when none is asked."""
        return 100 * self.confirmed // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class StateProgress:
    """The progress of one State, and how many focal points it has."""

    state: str
    progress: Progress
    focal_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """A campaign; ``states`` and ``kinds`` are empty where it is not limited."""

    id: str
    title: str
    text: str
    regional_group: str
    states: tuple[str, ...]
    kinds: tuple[EntryKind, ...]
    started_at: dt.datetime
    deadline: dt.date
    next_reminder_at: dt.datetime
    closed_at: dt.datetime | None
    progress: Progress
    by_state: tuple[StateProgress, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def list_campaigns(actor: Actor, session: Session, today: dt.date) -> tuple[CampaignView, ...]:
    """Open campaigns, then closed ones, the newest first; two statements."""
    require(actor, "campaigns:read")
    order = (Campaign.closed_at.is_not(None), Campaign.started_at.desc())
    rows = session.scalars(select(Campaign).order_by(*order).limit(MOST)).all()
    progress = _totals(session, rows, today)
    return tuple(view_of(row, progress.get(row.id, Progress())) for row in rows)


def _totals(session: Session, rows: Sequence[Campaign], today: dt.date) -> dict[str, Progress]:
    if not rows:
        return {}
    parts = [
        select(literal(row.id).label("id"), *_counts(row)).where(_asked_about(row, today))
        for row in rows
    ]
    statement = union_all(*parts) if len(parts) > 1 else parts[0]
    return {row.id: _progress(row) for row in session.execute(statement)}


def get_campaign(actor: Actor, session: Session, campaign_id: str, today: dt.date) -> CampaignView:
    """One campaign with the progress of each State; three statements. Raises ``NotFound``."""
    require(actor, "campaigns:read")
    row = session.get(Campaign, campaign_id) if campaign_id.isprintable() else None
    if row is None:
        raise NotFound("campaign", campaign_id)
    by_state = read_by_state(session, row, today)
    return view_of(row, _sum(one.progress for one in by_state), by_state)


def read_by_state(session: Session, row: Campaign, today: dt.date) -> tuple[StateProgress, ...]:
    """The progress of every State asked, by its code; two statements."""
    statement = (
        select(Entry.state_code, *_counts(row))
        .where(_asked_about(row, today))
        .group_by(Entry.state_code)
    )
    found = {one.state_code: _progress(one) for one in session.execute(statement)}
    # A State that was named and has no entry yet is part of the answer too.
    codes = sorted({*found, *row.states})
    points = count_focal_points(session, codes, today)
    return tuple(
        StateProgress(code, found.get(code, Progress()), points.get(code, 0)) for code in codes
    )


def count_focal_points(session: Session, codes: Iterable[str], today: dt.date) -> dict[str, int]:
    """State -> its focal points who can be written to; one statement."""
    statement = (
        select(Account.state_code, func.count(Account.id.distinct()))
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(is_focal_point(today), Account.state_code.in_(sorted(codes)))
        .group_by(Account.state_code)
    )
    return {code: number for code, number in session.execute(statement) if code}


def is_focal_point(today: dt.date) -> ColumnElement[bool]:
    """Accounts joined with their roles: those of focal points that count on that day."""
    return and_(
        AccountRole.role == Role.FOCAL_POINT,
        Account.active,
        or_(Account.ends_on.is_(None), Account.ends_on >= today),
        or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today),
    )


def _asked_about(row: Campaign, today: dt.date) -> ColumnElement[bool]:
    """The entries in a campaign's scope: what readers can see, and nothing that has ended."""
    shown = or_(Entry.visible_until.is_(None), Entry.visible_until >= today)
    wanted = [Entry.status != EntryStatus.RETIRED, shown]
    if row.states:
        wanted.append(Entry.state_code.in_(row.states))
    if row.regional_group:
        group = select(State.code).where(State.regional_group == row.regional_group)
        wanted.append(Entry.state_code.in_(group))
    if row.kinds:
        wanted.append(Entry.kind.in_(row.kinds))
    return and_(*wanted)


def _counts(row: Campaign) -> tuple[ColumnElement[int], ...]:
    confirmed = and_(Entry.confirmed_on.is_not(None), Entry.confirmed_on >= row.started_at.date())
    proposed = exists().where(
        Proposal.entry_id == Entry.id,
        Proposal.state.in_(sorted(OPEN - {ProposalState.DRAFT})),
        Proposal.kind != ProposalKind.CONFIRM,
        Proposal.submitted_at >= row.started_at,
    )
    answered = case((confirmed, 1), else_=0)
    corrected = case((and_(not_(confirmed), proposed), 1), else_=0)
    return (
        func.count().label("total"),
        func.coalesce(func.sum(answered), 0).label("confirmed"),
        func.coalesce(func.sum(corrected), 0).label("corrected"),
    )


def _progress(row: Any) -> Progress:
    return Progress(int(row.total), int(row.confirmed), int(row.corrected))


def _sum(parts: Iterable[Progress]) -> Progress:
    every = list(parts)
    return Progress(
        sum(one.total for one in every),
        sum(one.confirmed for one in every),
        sum(one.corrected for one in every),
    )


def view_of(
    row: Campaign, progress: Progress, by_state: tuple[StateProgress, ...] = ()
) -> CampaignView:
    """The row as it is shown."""
    return CampaignView(
        id=row.id,
        title=row.title,
        text=row.text,
        regional_group=row.regional_group,
        states=tuple(row.states),
        kinds=tuple(EntryKind(kind) for kind in row.kinds),
        started_at=row.started_at,
        deadline=row.deadline,
        next_reminder_at=row.next_reminder_at,
        closed_at=row.closed_at,
        progress=progress,
        by_state=by_state,
    )
