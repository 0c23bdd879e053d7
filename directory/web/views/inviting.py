"""Inviting somebody, and the e-mail domains of the States."""

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Role
from directory.errors import Denied, Invalid, InvalidState
from directory.policy import may_agree_domain
from directory.queries.account_domains import list_domains
from directory.services import account_domains, account_requests
from directory.services.account_requests import Wanted
from directory.services.acting import Act, attempt
from directory.services.invitations import account_rules
from directory.web.access import fresh, needs
from directory.web.account_labels import account_label
from directory.web.choices import state_choices
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.formats import Choices
from directory.web.parameters import read_parameters
from directory.web.views.accounts import (
    WORDS,
    Form,
    Refused,
    read_day,
    read_role,
    read_types,
    refused_by,
    type_choices,
)

blueprint = Blueprint("inviting", __name__)


@blueprint.get("/accounts/invite")
@needs("accounts:invite")
def form() -> ResponseReturnValue:
    """The form of an invitation."""
    read_parameters()
    return invite_page(Refused(typed=MultiDict({"state": actor().state})))


def invite_page(refused: Refused) -> ResponseReturnValue:
    """The form, also after it was refused."""
    page = render_template(
        "accounts/invite.html",
        roles=roles_to_ask(),
        states=state_choices() if actor().is_secretariat else [],
        types=type_choices(),
        refused=refused,
        **WORDS,
    )
    return make_response(page, refused.status)


def roles_to_ask() -> Choices:
    """A focal point asks for people of the own State, an officer for everybody."""
    asked = list(Role) if actor().is_secretariat else [Role.READER, Role.FOCAL_POINT]
    return [(role.value, str(account_label(role))) for role in asked]


@blueprint.post("/accounts/invite")
@needs("accounts:invite")
@fresh
def invite() -> ResponseReturnValue:
    """Ask for the account; it is invited at once where no officer must agree."""
    act = Act("account.ask", "account", "new")
    try:
        made, waits = attempt(
            parts().unit_of_work, actor(), act, now(), lambda uow: _ask(uow, request.form)
        )
    except (Invalid, Denied, InvalidState) as error:
        close_reading()
        return invite_page(refused_by(error, "invite", request.form))
    if waits:
        flash(gettext("The request waits for officers. The invitation is sent when they agree."))
    else:
        flash(gettext("The invitation is on its way to the address you gave, and to nobody else."))
    return redirect(url_for("accounts.show", account_id=made), 303)


def _ask(uow: UnitOfWork, typed: Form) -> tuple[int, bool]:
    """Number of the new account, and whether officers must agree first."""
    state = typed.get("state", "") if actor().is_secretariat else actor().state
    wanted = Wanted(
        email=typed.get("email", ""),
        role=read_role(typed),
        state=state,
        authority=typed.get("authority", ""),
        types=read_types(typed),
        ends_on=read_day(typed, "ends_on"),
    )
    rules = account_rules(parts().settings)
    made = account_requests.ask_account(uow, actor(), wanted, rules, now())
    return made.account_id, made.outcome is None


@blueprint.get("/accounts/domains")
@needs("accounts:approve")
def domains() -> ResponseReturnValue:
    """The e-mail domains of all States."""
    read_parameters()
    return domains_page(Refused())


def domains_page(refused: Refused) -> ResponseReturnValue:
    """The list, also after a domain was refused."""
    found = list_domains(actor(), reading())
    page = render_template(
        "accounts/domains.html",
        domains=found,
        may_agree={one.domain for one in found if may_agree_domain(actor(), one)},
        states=state_choices(),
        refused=refused,
        **WORDS,
    )
    return make_response(page, refused.status)


@blueprint.post("/accounts/domains")
@needs("accounts:approve")
@fresh
def add_domain() -> ResponseReturnValue:
    """Add a domain; it counts once another officer agrees."""
    state, domain = request.form.get("state", ""), request.form.get("domain", "")
    rules = account_rules(parts().settings)
    return _domain_act(
        "add",
        domain,
        lambda uow: account_domains.add_domain(uow, actor(), state, domain, rules, now()),
        gettext("The domain counts once another officer agrees."),
    )


@blueprint.post("/accounts/domains/agree")
@needs("accounts:approve")
@fresh
def agree_domain() -> ResponseReturnValue:
    """Agree to a domain that another officer added."""
    domain = request.form.get("domain", "")
    return _domain_act(
        "agree",
        domain,
        lambda uow: account_domains.agree_domain(uow, actor(), domain, now()),
        gettext("The domain counts from now on."),
    )


@blueprint.post("/accounts/domains/remove")
@needs("accounts:approve")
@fresh
def remove_domain() -> ResponseReturnValue:
    """Take a domain off the list."""
    domain = request.form.get("domain", "")
    return _domain_act(
        "remove",
        domain,
        lambda uow: account_domains.remove_domain(uow, actor(), domain, now()),
        gettext("The domain is off the list; the accounts that are there stay."),
    )


def _domain_act(
    act: str, domain: str, work: Callable[[UnitOfWork], object], said: str
) -> ResponseReturnValue:
    try:
        attempt(parts().unit_of_work, actor(), Act(f"domain.{act}", "domain", domain), now(), work)
    except (Invalid, Denied, InvalidState) as error:
        close_reading()
        return domains_page(refused_by(error, act, request.form))
    flash(said)
    return redirect(url_for(".domains"), 303)
