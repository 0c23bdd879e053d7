"""Campaigns: asked by the secretariat, followed by everybody, closed by the secretariat."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, InvalidState, Problem
from directory.policy import can
from directory.queries.campaigns import CampaignView, get_campaign, list_campaigns
from directory.services.acting import Act, attempt
from directory.services.campaigns import CampaignForm, close_campaign, start_campaign
from directory.web.access import needs
from directory.web.choices import group_choices, kind_choices, state_choices
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.formats import alphabetical
from directory.web.parameters import read_day, read_parameters
from directory.web.presentation import problem_lines, problem_text, state_name

blueprint = Blueprint("campaigns", __name__)

RUN = "campaigns:run"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form of a new campaign, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@blueprint.get("/campaigns")
@needs("campaigns:read")
def list_all() -> ResponseReturnValue:
    """All campaigns with their progress; for the secretariat, the form of a new one."""
    read_parameters()
    return list_page(Typed(), 200)


def list_page(typed: Typed, status: int) -> ResponseReturnValue:
    """The list, also after a new campaign was refused."""
    page = render_template(
        "campaigns/list.html",
        campaigns=list_campaigns(actor(), reading(), now().date()),
        may_run=can(actor(), RUN),
        typed=typed,
        problems={one.path: problem_text(one) for one in typed.problems},
        lines=problem_lines(typed.problems),
        groups=group_choices(),
        kinds=kind_choices(),
        states=state_choices(),
        today=now().date(),
    )
    return make_response(page, status)


@blueprint.post("/campaigns")
@needs(RUN)
def start() -> ResponseReturnValue:
    """Start a campaign; what does not fit is named beside its field."""
    form = request.form
    states, kinds = form.getlist("states"), form.getlist("kinds")
    try:
        wanted = read_form(form, states, kinds)
        campaign_id = attempt(
            parts().unit_of_work,
            actor(),
            Act("campaign.start", "campaign", "new"),
            now(),
            lambda uow: start_campaign(uow, actor(), wanted, now()),
        )
    except Invalid as error:
        close_reading()
        typed = Typed(form, frozenset(states), frozenset(kinds), error.problems)
        return list_page(typed, 422)
    flash(gettext("The campaign has begun; the focal points are being written to."))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


def read_form(form: Mapping[str, str], states: list[str], kinds: list[str]) -> CampaignForm:
    """The form of a new campaign; raises ``Invalid`` for a deadline that is no day."""
    problems: list[Problem] = []
    deadline = read_day(form, "deadline", problems)
    if deadline is None:
        raise Invalid(problems)
    return CampaignForm(
        title=form.get("title", ""),
        text=form.get("text", ""),
        deadline=deadline,
        regional_group=form.get("regional_group", ""),
        states=tuple(states),
        kinds=tuple(kinds),
    )


@blueprint.get("/campaigns/<campaign_id>")
@needs("campaigns:read")
def show(campaign_id: str) -> ResponseReturnValue:
    """How far each State has answered."""
    read_parameters()
    return campaign_page(campaign_id, (), 200)


def campaign_page(
    campaign_id: str, problems: tuple[Problem, ...], status: int
) -> ResponseReturnValue:
    """The page of a campaign, also after closing it was refused."""
    view = get_campaign(actor(), reading(), campaign_id, now().date())
    page = render_template(
        "campaigns/show.html",
        view=view,
        rows=sorted(view.by_state, key=lambda row: alphabetical(state_name(row.state))),
        may_run=can(actor(), RUN),
        is_asked=is_asked(view),
        kinds=view.kinds or tuple(EntryKind),
        lines=problem_lines(problems),
        today=now().date(),
    )
    return make_response(page, status)


def is_asked(view: CampaignView) -> bool:
    """Does the campaign ask the State whose focal point looks at it?"""
    codes = {row.state for row in view.by_state if row.progress.total}
    return view.is_open and actor().state in codes and can(actor(), "entries:confirm")


@blueprint.post("/campaigns/<campaign_id>/close")
@needs(RUN)
def close(campaign_id: str) -> ResponseReturnValue:
    """Close a campaign: nobody is reminded any more."""
    try:
        _close(campaign_id)
    except InvalidState as error:
        close_reading()
        return campaign_page(campaign_id, error.reasons, 409)
    flash(gettext("The campaign is closed; nobody is reminded any more."))
    return redirect(url_for(".show", campaign_id=campaign_id), 303)


def _close(campaign_id: str) -> None:
    act = Act("campaign.close", "campaign", campaign_id)
    attempt(
        parts().unit_of_work,
        actor(),
        act,
        now(),
        lambda uow: close_campaign(uow, actor(), campaign_id, now()),
    )
