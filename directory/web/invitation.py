"""The single-use link with which an invited person sets up a passkey, or chooses a password."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.utils import login_user

from directory.domain.events import Authentication
from directory.domain.providers import Provider
from directory.errors import Invalid
from directory.queries.accounts import find_to_sign_in, invited_email
from directory.services.acceptance import accept_with_passkey
from directory.services.accounts import accept_invitation, get_account
from directory.services.challenges import Asking, Purpose
from directory.services.passkeys import REFUSED, Owner, creation_options
from directory.services.secrets import hash_secret
from directory.web.access import public
from directory.web.account_store import SigningIn
from directory.web.context import now, parts, reading
from directory.web.elsewhere import offered
from directory.web.passkeys import FIELD, asking, party
from directory.web.sign_in_forms import NewPasswordForm

invitation = Blueprint("invitation", __name__)


@invitation.route("/invitation/<secret>", methods=["GET", "POST"])
@public
def accept(secret: str) -> ResponseReturnValue:
    """With a passkey one is inside at once; after a password comes the second factor."""
    email = invited_email(reading(), secret, now())
    form = NewPasswordForm()
    if request.form.get(FIELD):
        if _came_in(secret, request.form[FIELD]):
            return redirect("/", 303)
        form.form_errors.append(gettext(REFUSED))
    elif form.validate_on_submit() and _accepted(secret, form):
        return redirect(url_for("security.login"))
    page = render_template(
        "security/invitation.html",
        form=form,
        email=email,
        passkey_options=_options(secret, email),
        providers=_providers(email),
        secret=secret,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _asking(secret: str) -> Asking:
    return asking(Purpose.REGISTER, hash_secret(secret))


def _providers(email: str) -> list[Provider]:
    """The sign-in of the invited account's own State, where there is one."""
    state = get_account(reading(), email).state_code
    return [one for one in offered() if one.state == state]


def _options(secret: str, email: str) -> str:
    known = party()
    if known is None:
        return ""
    owner = Owner(get_account(reading(), email).id, email)
    return creation_options(reading(), owner, _asking(secret), known, now())


def _came_in(secret: str, given: str) -> bool:
    """Keep the passkey and sign its owner in."""
    known = party()
    if known is None:
        return False
    try:
        with parts().unit_of_work() as uow:
            account = accept_with_passkey(uow, secret, given, _asking(secret), known, now())
    except Invalid:
        return False
    facts = find_to_sign_in(reading(), now(), parts().settings.demo, account_id=account)
    if facts is None:
        return False
    g.sign_in_method = Authentication.PASSKEY
    login_user(SigningIn(facts), remember=False, authn_via=["passkey"])
    return True


def _accepted(secret: str, form: NewPasswordForm) -> bool:
    settings = parts().settings
    pepper, breached = settings.password_pepper, settings.breached_passwords_file
    try:
        with parts().unit_of_work() as uow:
            accept_invitation(uow, secret, form.password.data or "", pepper, now(), breached)
    except Invalid as error:
        form.password.errors = [gettext(one.message) % one.params for one in error.problems]
        return False
    return True
