"""One's own account: who the directory takes you for, and the pages of one's own."""

from flask import Blueprint, render_template

from directory.policy import can
from directory.web import account_places
from directory.web.access import needs
from directory.web.context import actor
from directory.web.parameters import read_parameters

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@needs("account:own")
def show() -> str:
    """Who is signed in, and where the pages of one's own are."""
    read_parameters()
    own_places = [one for one in account_places.PLACES if can(actor(), one.permission)]
    return render_template("account/show.html", own_places=own_places)
