"""The urgent answer on one screen of a telephone, kept on the device for when there is no network.

What stays where, and for how long, is told in SECURITY.md. The page is answered by the finder like
any other question; only how it looks differs.
"""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from directory.domain.answer import UrgentPart
from directory.domain.looking import Way
from directory.errors import Invalid
from directory.queries.counterparts import answer
from directory.web.access import needs, public
from directory.web.asking import note_question
from directory.web.context import actor, now, reading
from directory.web.finder_form import finder_form, read_question
from directory.web.i18n import PARAMETER
from directory.web.looking import looked_at_answer
from directory.web.parameters import UrgentAsked, has_empty, read_parameters, without_empty
from directory.web.sign_in import session_limits
from directory.web.views.counterpart import contact_names, lines_of, refused, urgent_address

blueprint = Blueprint("urgent", __name__)

#: Until when a browser may keep the page; read by ``urgent-worker.js``.
KEEP_UNTIL = "Directory-Keep-Until"
#: Liaison officers named on the page; the full answer names all.
OFFICERS = 3


@blueprint.get("/counterpart/urgent")
@needs("counterparts:ask")
def show() -> ResponseReturnValue:
    """Whom to ring now, what to send first, and what must follow; without a question, its form."""
    if has_empty():
        return redirect(f"{request.path}?{urlencode(without_empty())}")
    if not set(request.args) - {PARAMETER}:
        return render_template("urgent/ask.html", form=finder_form({}, is_for_urgent=True))
    try:
        asked = read_parameters(UrgentAsked)
        question = replace(read_question({**asked, "urgent": True}), at=now())
        found = answer(actor(), reading(), question, now().date())
    except Invalid as error:
        return refused(error, is_for_urgent=True), 422
    looked_at_answer(Way.FINDER, found)
    address = urgent_address(question)
    note_question(found, urlencode({key: one for key, one in address.items() if one}))
    page = render_template(
        "urgent/show.html",
        question=question,
        names=contact_names(found),
        lines=lines_of(found),
        officers=found.liaison_officers[:OFFICERS],
        steps={
            part: [one for one in found.urgent_steps if one.part is part] for part in UrgentPart
        },
        address=address,
    )
    response = make_response(page)
    response.headers[KEEP_UNTIL] = keep_until().isoformat()
    return response


@blueprint.get("/counterpart/urgent/kept")
@needs("counterparts:ask")
def show_kept() -> Response:
    """What this browser keeps, listed by the browser itself: the directory does not know it."""
    read_parameters()
    response = make_response(render_template("urgent/kept.html"))
    response.headers[KEEP_UNTIL] = keep_until().isoformat()
    return response


def keep_until() -> dt.datetime:
    """No copy outlives the longest session that could have asked for it."""
    return now() + session_limits(actor().roles).lasts


@blueprint.get("/counterpart/urgent-worker.js")
@public
def worker() -> Response:
    """The program that keeps the page on the device; it holds nothing of anybody.

    It stands beside the page and not among the static files, because a browser lets it look after
    addresses below its own only.
    """
    return current_app.send_static_file("urgent-worker.js")
