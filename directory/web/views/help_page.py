"""How to read an entry."""

from flask import Blueprint, render_template

from directory.domain.freshness import DEFAULT_CYCLES
from directory.domain.vocabulary import Freshness
from directory.web.access import needs
from directory.web.authorization import ROLE_NAMES, SUBJECTS, read_table
from directory.web.context import parts
from directory.web.parameters import read_parameters

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
@needs("entries:read")
def show() -> str:
    """Freshness, sources, channels and warnings, explained."""
    read_parameters()
    return render_template(
        "help.html",
        cycles=DEFAULT_CYCLES,
        freshness=Freshness,
        secretariat=parts().settings.secretariat_contact,
    )


@blueprint.get("/help/access")
@needs("entries:read")
def access() -> str:
    """Who may ask what: the table that the tests hold every route against."""
    read_parameters()
    return render_template(
        "help_access.html", lines=read_table(), subjects=SUBJECTS, roles=ROLE_NAMES
    )
