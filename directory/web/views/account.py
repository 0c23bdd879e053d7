"""One's own account: who the directory takes you for, and the pages of one's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.policy import can
from directory.services.own_language import choose_language
from directory.web import account_places
from directory.web.access import needs
from directory.web.context import actor, now, parts
from directory.web.parameters import read_parameters

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@needs("account:own")
def show() -> str:
    """Who is signed in, and where the pages of one's own are."""
    read_parameters()
    own_places = [one for one in account_places.PLACES if can(actor(), one.permission)]
    return render_template("account/show.html", own_places=own_places)


@blueprint.post("/account/language")
@needs("account:own")
def speak() -> ResponseReturnValue:
    """Keep the language with the account: for mails, and for pages on other devices."""
    language = request.form.get("language", "")
    with parts().unit_of_work() as uow:
        choose_language(uow, actor(), language, now())
    flash(
        gettext("The language is kept with your account; mails will be written in it."), "success"
    )
    # The address lets this browser keep it too.
    return redirect(url_for(".show", lang=language), 303)
