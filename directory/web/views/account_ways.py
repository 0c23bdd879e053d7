"""How one signs in: passkeys, password, authenticator application, recovery codes."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.proxies import _security

from directory.domain.marks import N_
from directory.errors import Denied, DomainError, Invalid, InvalidState, Problem
from directory.queries.accounts import find_to_sign_in
from directory.queries.sign_in import list_passkeys, read_ways_in
from directory.services import factors
from directory.services.acting import Act, attempt
from directory.services.challenges import Purpose
from directory.services.passkeys import Owner, creation_options
from directory.web.access import fresh, needs
from directory.web.account_store import SigningIn
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.elsewhere import offered
from directory.web.parameters import read_parameters
from directory.web.passkeys import FIELD, asking, party
from directory.web.presentation import problem_lines
from directory.web.sign_in_forms import step_of
from directory.web.step_up import session_id

blueprint = Blueprint("ways", __name__)

OWN = "account:own"
#: Where the cookie keeps the (encrypted) secret of an application that is being set up.
PENDING = "application_secret"
NOT_PENDING = N_("Begin again: the key that was shown is not known any more.")
WRONG_CODE = N_("This code is not right. Scan the picture again, then type what is shown now.")


@blueprint.get("/account/sign-in")
@needs(OWN)
def show() -> str:
    """What one can sign in with, and how to change it."""
    read_parameters()
    return page()


def page(problems: tuple[Problem, ...] = ()) -> str:
    """The page, also after something was refused."""
    close_reading()
    ways, known = read_ways_in(actor(), reading()), party()
    owner = Owner(ways.account_id, ways.email)
    asked = asking(Purpose.REGISTER, session_id())
    return render_template(
        "account/ways.html",
        ways=ways,
        passkeys=list_passkeys(actor(), reading()),
        passkey_options=(creation_options(reading(), owner, asked, known, now()) if known else ""),
        providers=[one for one in offered() if one.state == actor().state],
        problems=problem_lines(problems),
    )


def refused(error: DomainError) -> ResponseReturnValue:
    """The page with what was wrong."""
    if isinstance(error, Invalid):
        return make_response(page(error.problems), 422)
    reasons = error.reasons if isinstance(error, InvalidState) else ()
    return make_response(page(reasons), 409)


@blueprint.post("/account/sign-in/passkeys")
@needs(OWN)
@fresh
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey."""
    known, form = party(), request.form
    if known is None:
        return refused(Invalid([Problem("passkey", N_("Passkeys do not work at this address."))]))
    asked = asking(Purpose.REGISTER, session_id())
    given, name = form.get(FIELD, ""), form.get("name", "")
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("account.add_passkey", "account", str(actor().account_id)),
            now(),
            lambda uow: factors.add_passkey(uow, actor(), given, name, asked, known, now()),
        )
    except Invalid as error:
        return refused(error)
    flash(gettext("The passkey is kept; you can sign in with it."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/account/sign-in/passkeys/<int:number>/remove")
@needs(OWN)
@fresh
def remove_passkey(number: int) -> ResponseReturnValue:
    """Take a passkey away; not the last way in."""
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("account.remove_passkey", "account", str(actor().account_id)),
            now(),
            lambda uow: factors.remove_passkey(uow, actor(), number, now()),
        )
    except InvalidState as error:
        return refused(error)
    flash(gettext("The passkey opens nothing any more."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/account/sign-in/password")
@needs(OWN)
@fresh
def change_password() -> ResponseReturnValue:
    """A new password; all sessions end, this one too."""
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return refused(Invalid([Problem("again", N_("The two passwords differ."))]))
    settings = parts().settings
    pepper, breached = settings.password_pepper, settings.breached_passwords_file
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("account.change_password", "account", str(actor().account_id)),
            now(),
            lambda uow: factors.change_password(uow, actor(), password, pepper, now(), breached),
        )
    except (Invalid, InvalidState) as error:
        return refused(error)
    flash(gettext("The password is changed and every session has ended. Sign in again."))
    return redirect(url_for("security.login"), 303)


@blueprint.post("/account/sign-in/application")
@needs(OWN)
@fresh
def begin_application() -> ResponseReturnValue:
    """Show the key of a new application; it counts once its first code was typed."""
    cookie[PENDING] = _security.totp_factory.generate_totp_secret()
    return application_page()


def application_page(problems: tuple[Problem, ...] = ()) -> ResponseReturnValue:
    """The key as picture and letters, and the field for the first code."""
    close_reading()
    facts = find_to_sign_in(reading(), now(), parts().settings.demo, account_id=actor().account_id)
    if facts is None:
        raise Denied(OWN)
    shown = _security.totp_factory.fetch_setup_values(cookie[PENDING], SigningIn(facts))
    page = render_template(
        "account/application.html",
        picture=shown["image"],
        key=shown["key"],
        problems=problem_lines(problems),
    )
    return make_response(page, 422 if problems else 200)


@blueprint.post("/account/sign-in/application/keep")
@needs(OWN)
@fresh
def keep_application() -> ResponseReturnValue:
    """The first code was typed: the application counts from now on."""
    secret = cookie.get(PENDING)
    if not secret:
        return refused(InvalidState(reasons=[Problem("", NOT_PENDING)]))
    step = step_of(secret, request.form.get("code", ""))
    if step is None:
        return application_page((Problem("code", WRONG_CODE),))
    attempt(
        parts().unit_of_work,
        actor(),
        Act("account.set_application", "account", str(actor().account_id)),
        now(),
        lambda uow: factors.set_application(uow, actor(), secret, step, now()),
    )
    cookie.pop(PENDING)
    flash(gettext("The application is set up; its codes are asked for from now on."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/account/sign-in/recovery-codes")
@needs(OWN)
@fresh
def make_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once."""
    pepper = parts().settings.password_pepper
    try:
        codes = attempt(
            parts().unit_of_work,
            actor(),
            Act("account.make_codes", "account", str(actor().account_id)),
            now(),
            lambda uow: factors.make_recovery_codes(uow, actor(), pepper, now()),
        )
    except InvalidState as error:
        return refused(error)
    close_reading()
    return render_template("account/codes.html", codes=codes)
