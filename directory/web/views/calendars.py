"""One's private calendar address, and the calendar behind it."""

from collections.abc import Iterator

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.looking import NOBODY, Way
from directory.errors import NotFound
from directory.exchange.calendar import MEDIA_TYPE, DayEvent, write_calendar
from directory.queries.calendar import Due, actor_of_link, due_at_state, link_made_at
from directory.services.acting import Act, attempt
from directory.services.calendar_links import renew_link, revoke_link
from directory.web.access import fresh, needs, public
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.looking import looked
from directory.web.parameters import read_parameters
from directory.web.presentation import state_name, type_name
from directory.web.sheet import page_address

blueprint = Blueprint("calendars", __name__)
OWN = "entries:confirm"


@blueprint.get("/account/calendar")
@needs(OWN)
def show() -> str:
    """Whether there is an address, and what to do with it."""
    read_parameters()
    return _page()


def _page(made: str = "") -> str:
    close_reading()
    address = ""
    if made:
        base = parts().settings.base_url
        path = url_for(".calendar", secret=made)
        address = (
            f"{base.rstrip('/')}{path}"
            if base
            else url_for(".calendar", secret=made, _external=True)
        )
    return render_template(
        "account/calendar.html", made_at=link_made_at(actor(), reading()), address=address
    )


@blueprint.post("/account/calendar/renew")
@needs(OWN)
@fresh
def renew() -> str:
    """A new address, shown this once; the one before is closed."""
    secret = attempt(
        parts().unit_of_work,
        actor(),
        Act("calendar.renew", "account", str(actor().account_id)),
        now(),
        lambda uow: renew_link(uow, actor(), now()),
    )
    return _page(secret)


@blueprint.post("/account/calendar/revoke")
@needs(OWN)
def revoke() -> ResponseReturnValue:
    """Close the address. Needs no factor: it only closes."""
    attempt(
        parts().unit_of_work,
        actor(),
        Act("calendar.revoke", "account", str(actor().account_id)),
        now(),
        lambda uow: revoke_link(uow, actor(), now()),
    )
    flash(gettext("The address opens nothing any more."))
    return redirect(url_for(".show"), 303)


@blueprint.get("/calendar/<secret>.ics")
@public
def calendar(secret: str) -> Response:
    """What is due at the State of whose address it is; names, and nobody's contact."""
    read_parameters()
    found = actor_of_link(reading(), secret, now(), parts().settings.demo)
    if found is None:
        raise NotFound("calendar", "")
    g.actor = found
    looked(Way.SEARCH, [NOBODY], counts=False)
    events = [
        event for one in due_at_state(found, reading(), now().date()) for event in _events(one)
    ]
    text = write_calendar(
        gettext("Directory: %(state)s", state=state_name(found.state)), events, now()
    )
    response = Response(text, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _events(one: Due) -> Iterator[DayEvent]:
    name = type_name(one.type) if one.type else one.name
    address = page_address(one.id)
    if one.due_on:
        yield DayEvent(
            uid=f"{one.id}-due@directory",
            day=one.due_on,
            summary=gettext("Confirm by today: %(name)s", name=name),
            description=gettext(
                "%(entry)s counts as confirmed until this day. Say that all of it is still correct,"
                " or propose a change.",
                entry=one.id,
            ),
            address=address,
            changed_at=one.changed_at,
        )
    if one.posted_to:
        yield DayEvent(
            uid=f"{one.id}-posting@directory",
            day=one.posted_to,
            summary=gettext("Last day of the posting: %(name)s", name=name),
            description=gettext(
                "%(entry)s is hidden after this day, unless the posting is made longer.",
                entry=one.id,
            ),
            address=address,
            changed_at=one.changed_at,
        )
