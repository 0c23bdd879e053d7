"""The first page: the counterpart finder and the search box."""

from flask import Blueprint, render_template

from directory.web.access import needs
from directory.web.finder_form import finder_form
from directory.web.parameters import read_parameters

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@needs("counterparts:ask")
def show() -> str:
    """The finder, empty but for the reader's own State."""
    read_parameters()
    return render_template("home.html", form=finder_form({}))
