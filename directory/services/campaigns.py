"""Campaigns: started and closed by the secretariat; reminders are queued by the worker.

Focal points are written to at the start and once a week while entries of their State are open: one
notice for the whole State, never one an entry. After the deadline the permanent mission is written
to, a week later the secretariat's own list.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.account import Account, AccountRole
from directory.models.campaign import Campaign
from directory.models.reference import State
from directory.policy import Actor, require
from directory.queries.campaigns import StateProgress, is_focal_point, read_by_state
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.identifiers import new_campaign_id
from directory.services.notices import Notice, queue
from directory.services.scope import scope_problems
from directory.settings import Settings

RUN = "campaigns:run"
#: Between two reminders, and between two steps of the escalation.
WEEK = dt.timedelta(days=7)
LONGEST_TITLE = 160
LONGEST_TEXT = 4000
#: Longest time a campaign may be given; more is a slip of the pen.
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignForm:
    """What the secretariat asks for; empty ``states``, ``kinds`` and group are no limit."""

    title: str
    deadline: dt.date
    text: str = ""
    regional_group: str = ""
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom to write to when focal points do not answer."""

    #: State -> mailbox of its permanent mission.
    missions: Mapping[str, str] = field(default_factory=dict)
    secretariat: tuple[str, ...] = ()


def escalation(settings: Settings) -> Escalation:
    """As the settings name them."""
    pairs = (one.partition("=") for one in settings.mission_addresses)
    return Escalation({state: to for state, _, to in pairs}, settings.secretariat_list)


def start_campaign(uow: UnitOfWork, actor: Actor, form: CampaignForm, at: dt.datetime) -> str:
    """Start it, and write to every focal point asked; gives its id. Raises ``Invalid``."""
    require(actor, RUN)
    rows = uow.session.execute(select(State.code, State.regional_group)).all()
    scope = scope_problems(form.regional_group, form.states, dict(rows))
    problems = [*_problems(form, at.date()), *scope]
    if problems:
        raise Invalid(problems)
    campaign = Campaign(
        id=new_campaign_id(),
        title=form.title.strip(),
        text=form.text.strip(),
        regional_group=form.regional_group,
        states=sorted(set(form.states)),
        kinds=sorted(set(form.kinds)),
        started_at=at,
        deadline=form.deadline,
        started_by=actor.account_id,
        next_reminder_at=at,
    )
    uow.session.add(campaign)
    uow.session.flush()
    change_log.record(uow, _event(actor, "campaign.started", campaign, at))
    _remind_one(uow, campaign, at, Escalation())
    return campaign.id


def close_campaign(uow: UnitOfWork, actor: Actor, campaign_id: str, at: dt.datetime) -> None:
    """Close it: nobody is reminded any more. Raises ``NotFound``, ``InvalidState``."""
    require(actor, RUN)
    change_log.lock(uow.session)
    known = campaign_id.isprintable()
    campaign = uow.session.get(Campaign, campaign_id, with_for_update=True) if known else None
    if campaign is None:
        raise NotFound("campaign", campaign_id)
    if campaign.closed_at is not None:
        raise InvalidState(reasons=[Problem("", N_("This campaign is closed already."))])
    campaign.closed_at, campaign.closed_by = at, actor.account_id
    change_log.record(uow, _event(actor, "campaign.closed", campaign, at))


def remind(uow: UnitOfWork, at: dt.datetime, escalate: Escalation) -> int:
    """Queue the reminders that are due; gives how many campaigns were looked at.

    One statement when none is due. What was queued before is not queued again.
    """
    due = (
        select(Campaign)
        .where(Campaign.closed_at.is_(None), Campaign.next_reminder_at <= at)
        .with_for_update(skip_locked=True)
    )
    campaigns = uow.session.scalars(due).all()
    for campaign in campaigns:
        _remind_one(uow, campaign, at, escalate)
    return len(campaigns)


def _remind_one(uow: UnitOfWork, campaign: Campaign, at: dt.datetime, escalate: Escalation) -> None:
    week = (at - campaign.started_at) // WEEK
    # From the day it began, so that a late worker does not put all later reminders off.
    campaign.next_reminder_at = campaign.started_at + (week + 1) * WEEK
    waiting = [one for one in read_by_state(uow.session, campaign, at.date()) if one.progress.open]
    notices = [
        *_to_focal_points(uow, campaign, [one.state for one in waiting], week, at.date()),
        *_escalated(campaign, waiting, week, at.date(), escalate),
    ]
    queue(uow, notices, at)


def _to_focal_points(
    uow: UnitOfWork, campaign: Campaign, states: Sequence[str], week: int, today: dt.date
) -> Iterator[Notice]:
    statement = (
        select(Account.id, Account.state_code)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(is_focal_point(today), Account.state_code.in_(states))
        .order_by(Account.id)
    )
    for account_id, state in uow.session.execute(statement):
        yield Notice(
            kind="campaign",
            key=f"campaign:{campaign.id}:{week}:{account_id}",
            account_id=account_id,
            params=_params(campaign, state or ""),
        )


def _escalated(
    campaign: Campaign,
    waiting: Sequence[StateProgress],
    week: int,
    today: dt.date,
    escalate: Escalation,
) -> Iterator[Notice]:
    """After the deadline: each mission once, and from a week later on the secretariat's list."""
    if today <= campaign.deadline:
        return
    for one in waiting:
        if address := escalate.missions.get(one.state):
            key = f"campaign:{campaign.id}:mission:{one.state}"
            params = _params(campaign, one.state)
            yield Notice(kind="campaign", key=key, address=address, params=params)
    if waiting and today > campaign.deadline + WEEK:
        for address in escalate.secretariat:
            key = f"campaign:{campaign.id}:{week}:{address}"[:200]
            yield Notice(kind="campaign", key=key, address=address, params=_params(campaign))


def _params(campaign: Campaign, state: str = "") -> dict[str, str]:
    params = {
        "campaign": campaign.title,
        "deadline": campaign.deadline.isoformat(),
        "address": f"/campaigns/{campaign.id}",
    }
    return params | ({"state": state} if state else {})


def _problems(form: CampaignForm, today: dt.date) -> Iterator[Problem]:
    if not form.title.strip():
        yield Problem("title", N_("Give the campaign a title; focal points read it first."))
    if len(form.title.strip()) > LONGEST_TITLE:
        yield Problem("title", N_("At most %(most)s characters."), {"most": LONGEST_TITLE})
    if len(form.text.strip()) > LONGEST_TEXT:
        yield Problem("text", N_("At most %(most)s characters."), {"most": LONGEST_TEXT})
    if form.deadline <= today:
        yield Problem("deadline", N_("The deadline must lie after today."))
    elif form.deadline - today > LONGEST:
        yield Problem("deadline", N_("The deadline must lie within a year."))
    if set(form.kinds) - set(EntryKind):
        yield Problem("kinds", N_("Choose among the kinds of entries shown."))


def _event(actor: Actor, action: str, campaign: Campaign, at: dt.datetime) -> Event:
    facts = {
        "title": campaign.title,
        "regional_group": campaign.regional_group,
        "states": campaign.states,
        "kinds": campaign.kinds,
        "deadline": campaign.deadline.isoformat(),
    }
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="campaign",
        subject_id=campaign.id,
        after=facts if campaign.closed_at is None else {"closed": True},
    )
