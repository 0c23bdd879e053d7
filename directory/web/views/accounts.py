"""Accounts: the list, one account with what may be done to it, and each act on it.

A refusal shows the page again as it is now, says why beside the field, and keeps what was typed.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from directory.db.unit_of_work import UnitOfWork
from directory.domain.accounts import WITHOUT_STATE, AccountAct
from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, DomainError, Invalid, InvalidState, Problem
from directory.policy import Actor, can, may_account, may_approve, may_decline
from directory.queries.account_files import (
    AccountFile,
    get_file,
    load_file,
    read_addresses,
    read_link,
)
from directory.queries.account_lists import AccountFilters, AccountShow, list_files
from directory.schemas.fields import Count, Day, StateCode, Word, Words
from directory.schemas.questions import Question
from directory.services import account_acts, account_requests, invitations
from directory.services.accounts import Affiliation
from directory.services.acting import Act, attempt
from directory.services.invitations import account_rules
from directory.web.access import fresh, needs
from directory.web.account_labels import account_label, sign_text
from directory.web.choices import state_choices
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.formats import Choices, by_name
from directory.web.parameters import read_parameters
from directory.web.presentation import problem_text, type_name

blueprint = Blueprint("accounts", __name__)

Form = MultiDict[str, str]
Doing = Callable[[UnitOfWork, int, Form], None]
MOST_PAGES = 1000
_DAY = Day(description="A day.")
WORDS = {"account_label": account_label, "sign_text": sign_text}


class ListAsked(Question):
    """Which accounts, and which page of them."""

    show = Word(AccountShow, load_default=AccountShow.OPEN)
    state = StateCode(description="Accounts of that State only.")
    q = Words(description="Part of an address or an authority.")
    page = Count(MOST_PAGES, load_default=1, description="Which page.")
    lang = fields.String()


@dataclass(frozen=True, slots=True)
class Refused:
    """Which act was refused, why, and what had been typed."""

    act: str = ""
    status: int = 200
    reasons: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Form = field(default_factory=MultiDict)


@blueprint.get("/accounts")
@needs("accounts:read")
def list_all() -> ResponseReturnValue:
    """The accounts that the actor looks after."""
    asked = read_parameters(ListAsked)
    filters = AccountFilters(
        show=asked["show"],
        state=asked.get("state", ""),
        q=asked.get("q", ""),
        page=asked["page"],
    )
    return list_page(filters, Refused())


def list_page(filters: AccountFilters, refused: Refused) -> ResponseReturnValue:
    """The list, also after a confirmation of several was refused."""
    found = list_files(actor(), reading(), filters, now().date())
    page = render_template(
        "accounts/list.html",
        found=found,
        filters=filters,
        shows=list(AccountShow),
        states=state_choices() if actor().is_secretariat else [],
        may_confirm={
            one.id for one in found.files if may_account(actor(), AccountAct.CONFIRM, one)
        },
        may_agree=can(actor(), "accounts:approve"),
        refused=refused,
        **WORDS,
    )
    return make_response(page, refused.status)


@blueprint.post("/accounts/confirm")
@needs("accounts:change")
@fresh
def confirm_several() -> ResponseReturnValue:
    """Confirm the chosen accounts, all or none."""
    filters = AccountFilters(show=AccountShow.DUE)
    try:
        chosen = read_chosen(request.form)
        act = Act("account.confirm", "account", ",".join(map(str, chosen)))
        attempt(parts().unit_of_work, actor(), act, now(), lambda uow: _confirm_all(uow, chosen))
    except (Invalid, Denied, InvalidState) as error:
        close_reading()
        return list_page(filters, refused_by(error, "confirm", request.form))
    number = len(chosen)
    flash(ngettext("%(num)s account is confirmed.", "%(num)s accounts are confirmed.", number))
    return redirect(url_for(".list_all", show=AccountShow.DUE.value), 303)


def read_chosen(form: Form) -> list[int]:
    """Numbers of the accounts that were ticked; raises ``Invalid`` without any."""
    chosen = [int(one) for one in form.getlist("account") if re.fullmatch("[0-9]{1,9}", one)]
    if not chosen:
        raise Invalid([Problem("", N_("Choose at least one account."))])
    return chosen


def _confirm_all(uow: UnitOfWork, chosen: list[int]) -> None:
    for account_id in chosen:
        account_acts.confirm(uow, actor(), account_id, now())


@blueprint.get("/accounts/<int:account_id>")
@needs("accounts:read")
def show(account_id: int) -> ResponseReturnValue:
    """One account, and what may be done to it."""
    read_parameters()
    return account_page(account_id, Refused())


def account_page(account_id: int, refused: Refused) -> ResponseReturnValue:
    """The page of an account, also after an act was refused."""
    file = get_file(actor(), reading(), account_id, now().date())
    asked = file.request
    concerned = [asked.asked_by, asked.replaces_id, *asked.approved_by] if asked else []
    page = render_template(
        "accounts/show.html",
        file=file,
        link=read_link(reading(), account_id),
        names=read_addresses(reading(), concerned),
        may=acts_on(actor(), file),
        may_approve=asked is not None and may_approve(actor(), asked),
        may_decline=asked is not None and may_decline(actor(), asked),
        roles=roles_for(file.state),
        types=type_choices(),
        is_own=actor().account_id == account_id,
        refused=refused,
        **WORDS,
    )
    return make_response(page, refused.status)


def acts_on(who: Actor, file: AccountFile) -> frozenset[str]:
    """What the page offers; the services ask again."""
    return frozenset(act.value for act in AccountAct if may_account(who, act, file))


def roles_for(state: str) -> Choices:
    """The roles an account of that State (or of none) can have and the actor may ask for."""
    wanted = [role for role in Role if (role in WITHOUT_STATE) is (not state)]
    return [(role.value, str(account_label(role))) for role in wanted]


def type_choices() -> Choices:
    """The cooperation types by name."""
    found = ((one.value, str(type_name(one))) for one in CooperationType)
    return by_name(found)


def read_day(form: Form, name: str) -> dt.date | None:
    """The day in a field that may be empty; raises ``Invalid``."""
    if not form.get(name, "").strip():
        return None
    try:
        day: dt.date = _DAY.deserialize(form[name].strip())  # type: ignore[assignment]
    except ValidationError as error:
        said = [one for one in error.messages if isinstance(one, Problem)]
        raise Invalid([Problem(name, one.message, one.params) for one in said]) from error
    return day


def read_types(form: Form) -> frozenset[CooperationType]:
    """The cooperation types that were ticked; unknown ones are left out."""
    known = {one.value for one in CooperationType}
    return frozenset(CooperationType(one) for one in form.getlist("types") if one in known)


def read_role(form: Form) -> Role:
    """The role that was chosen; raises ``Invalid``."""
    if form.get("role", "") not in set(Role):
        raise Invalid([Problem("role", N_("Choose a role."))])
    return Role(form["role"])


def _confirm(uow: UnitOfWork, account_id: int, _form: Form) -> None:
    account_acts.confirm(uow, actor(), account_id, now())


def _renew(uow: UnitOfWork, account_id: int, _form: Form) -> None:
    rules = account_rules(parts().settings)
    invitations.renew(uow, actor(), account_id, rules, now())


def _revoke(uow: UnitOfWork, account_id: int, _form: Form) -> None:
    invitations.revoke(uow, actor(), account_id, now())


def _change(uow: UnitOfWork, account_id: int, form: Form) -> None:
    belongs = Affiliation(
        authority=form.get("authority", ""),
        types=read_types(form),
        ends_on=read_day(form, "ends_on"),
    )
    account_acts.change(uow, actor(), account_id, belongs, now())


def _end_role(uow: UnitOfWork, account_id: int, form: Form) -> None:
    rules, role, day = account_rules(parts().settings), read_role(form), read_day(form, "ends_on")
    account_acts.end_role(uow, actor(), account_id, role, day, rules, now())


def _end_sessions(uow: UnitOfWork, account_id: int, _form: Form) -> None:
    account_acts.end_sessions(uow, actor(), account_id, now())


def _ask_role(uow: UnitOfWork, account_id: int, form: Form) -> None:
    rules, role, day = account_rules(parts().settings), read_role(form), read_day(form, "ends_on")
    account_requests.ask_role(uow, actor(), account_id, role, day, rules, now())


def _hand_over(uow: UnitOfWork, account_id: int, form: Form) -> None:
    rules, leaves = account_rules(parts().settings), "leaves" in form
    email = form.get("email", "")
    account_requests.ask_hand_over(uow, actor(), account_id, email, leaves, rules, now())


def _disable(uow: UnitOfWork, account_id: int, form: Form) -> None:
    rules, stolen = account_rules(parts().settings), "stolen" in form
    reason = form.get("reason", "")
    account_acts.disable(uow, actor(), account_id, reason, rules, now(), stolen=stolen)


#: What an address says -> what is done.
DOINGS: Mapping[str, Doing] = {
    "confirm": _confirm,
    "renew": _renew,
    "revoke": _revoke,
    "change": _change,
    "end-role": _end_role,
    "end-sessions": _end_sessions,
    "ask-role": _ask_role,
    "hand-over": _hand_over,
    "disable": _disable,
}
DONE: Mapping[str, str] = {
    "confirm": N_("The account is confirmed for another year."),
    "renew": N_("A new link is on its way; earlier ones do not work any more."),
    "revoke": N_("The link does not work any more."),
    "change": N_("The change is kept."),
    "end-role": N_("The end of the role is kept."),
    "end-sessions": N_("Every browser of the account is signed out."),
    "ask-role": N_("The role is given, or waits for officers: see below."),
    "hand-over": N_("The hand-over waits for officers, and then for the successor to come in."),
    "disable": N_("The account opens nothing any more; its sessions and tokens have ended."),
    "approve": N_("Your agreement is kept."),
    "decline": N_("The request is closed."),
}
_ACTS = ", ".join(f"'{name}'" for name in DOINGS)


@blueprint.post(f"/accounts/<int:account_id>/<any({_ACTS}):act>")
@needs("accounts:change")
@fresh
def do(account_id: int, act: str) -> ResponseReturnValue:
    """One act on one account."""
    tried = Act(f"account.{act.replace('-', '_')}", "account", str(account_id))
    doing = DOINGS[act]
    return done_or_refused(account_id, act, tried, lambda uow: doing(uow, account_id, request.form))


@blueprint.post("/accounts/<int:account_id>/requests/<int:request_id>/approve")
@needs("accounts:approve")
@fresh
def approve(account_id: int, request_id: int) -> ResponseReturnValue:
    """An officer agrees to what is asked for."""
    rules = account_rules(parts().settings)
    return done_or_refused(
        account_id,
        "approve",
        Act("account.approve", "account", str(account_id)),
        lambda uow: account_requests.approve(uow, actor(), request_id, rules, now()),
    )


@blueprint.post("/accounts/<int:account_id>/requests/<int:request_id>/decline")
@needs("accounts:invite")
@fresh
def decline(account_id: int, request_id: int) -> ResponseReturnValue:
    """An officer declines, or whoever asked takes it back."""
    reason = request.form.get("reason", "")
    return done_or_refused(
        account_id,
        "decline",
        Act("account.decline", "account", str(account_id)),
        lambda uow: account_requests.decline(uow, actor(), request_id, reason, now()),
    )


def done_or_refused(
    account_id: int, act: str, tried: Act, work: Callable[[UnitOfWork], object]
) -> ResponseReturnValue:
    """Do it and show the account; a refusal is shown with what was typed."""
    try:
        attempt(parts().unit_of_work, actor(), tried, now(), work)
    except (Invalid, Denied, InvalidState) as error:
        # What others did meanwhile must show, so the page is read anew.
        close_reading()
        return account_page(account_id, refused_by(error, act, request.form))
    flash(gettext(DONE[act]))
    close_reading()
    if not may_account(actor(), AccountAct.READ, _file(account_id)):
        return redirect(url_for("home.show"), 303)
    return redirect(url_for(".show", account_id=account_id), 303)


def _file(account_id: int) -> AccountFile:
    return load_file(reading(), account_id, now().date())


STATUS: Mapping[type[DomainError], int] = {Invalid: 422, Denied: 403, InvalidState: 409}
NOT_YOURS = N_("This is not for you to do: another officer must, or the account is your own.")


def refused_by(error: DomainError, act: str, typed: Form) -> Refused:
    """The refusal with everything the page says of it."""
    status = STATUS[type(error)]
    if isinstance(error, Invalid):
        problems = {one.path: problem_text(one) for one in error.problems}
        general = tuple(text for path, text in problems.items() if not path)
        return Refused(act, status, general, problems, typed)
    reasons = getattr(error, "reasons", ())
    said = tuple(problem_text(one) for one in reasons) or (gettext(NOT_YOURS),)
    return Refused(act, status, said, {}, typed)
