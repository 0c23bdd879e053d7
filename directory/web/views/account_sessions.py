"""Where one is signed in: every browser with its last use, to be ended from afar."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.sign_in import SessionLimits, may_keep_a_duty_desk
from directory.queries.account_events import list_own_events
from directory.queries.sign_in import list_sessions
from directory.services import own_sessions
from directory.web.access import fresh, needs
from directory.web.context import actor, now, parts, reading
from directory.web.log_words import action_choice
from directory.web.parameters import read_parameters
from directory.web.step_up import session_id

blueprint = Blueprint("sessions", __name__)

OWN = "account:own"


@blueprint.get("/account/sessions")
@needs(OWN)
def show() -> str:
    """The browsers this account is signed in with."""
    read_parameters()
    settings = parts().settings
    return render_template(
        "account/sessions.html",
        sessions=list_sessions(actor(), reading(), now()),
        events=list_own_events(actor(), reading()),
        action_text=action_choice,
        here=session_id(),
        may_keep_a_duty_desk=may_keep_a_duty_desk(actor().roles),
        desk_hours=settings.duty_desk_idle_hours,
        desk_days=settings.duty_desk_days,
    )


@blueprint.post("/account/sessions/end")
@needs(OWN)
def end() -> ResponseReturnValue:
    """End one session, or all but this one. Needs no factor: it only closes."""
    wanted = request.form.get("session", "")
    with parts().unit_of_work() as uow:
        if wanted == "others":
            own_sessions.end_all_but(uow, actor(), session_id(), now())
        else:
            own_sessions.end_session(uow, actor(), wanted.replace("\0", ""), now())
    flash(gettext("Ended. Whoever used it must sign in again."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/account/sessions/duty-desk")
@needs(OWN)
@fresh
def keep_duty_desk() -> ResponseReturnValue:
    """Let this session stay open for the night; it only looks up from now on."""
    settings = parts().settings
    limits = SessionLimits(
        dt.timedelta(hours=settings.duty_desk_idle_hours),
        dt.timedelta(days=settings.duty_desk_days),
    )
    with parts().unit_of_work() as uow:
        own_sessions.keep_duty_desk(uow, actor(), session_id(), limits, now())
    flash(gettext("This browser stays open as a duty desk. It only looks up; sign out to end it."))
    return redirect("/", 303)
