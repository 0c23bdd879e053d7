"""The single-use link with which an invited person chooses a password."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.errors import Invalid
from directory.queries.accounts import invited_email
from directory.services.accounts import accept_invitation
from directory.web.access import public
from directory.web.context import now, parts, reading
from directory.web.sign_in_forms import NewPasswordForm

invitation = Blueprint("invitation", __name__)


@invitation.route("/invitation/<secret>", methods=["GET", "POST"])
@public
def accept(secret: str) -> ResponseReturnValue:
    """Choose the password; then sign in with it and set up the second factor."""
    email = invited_email(reading(), secret, now())
    form = NewPasswordForm()
    if form.validate_on_submit() and _accepted(secret, form):
        return redirect(url_for("security.login"))
    page = render_template("security/invitation.html", form=form, email=email)
    return page, 422 if form.errors else 200


def _accepted(secret: str, form: NewPasswordForm) -> bool:
    pepper = parts().settings.password_pepper
    try:
        with parts().unit_of_work() as uow:
            accept_invitation(uow, secret, form.password.data or "", pepper, now())
    except Invalid as error:
        form.password.errors = [gettext(one.message) % one.params for one in error.problems]
        return False
    return True
