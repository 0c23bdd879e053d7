"""The guided first visit at a focal point's desk: what is done, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext

from directory.domain.vocabulary import EntryStatus, Freshness
from directory.queries.entry_lists import EntrySummary
from directory.queries.first_visit import FirstVisit, read_first_visit
from directory.web.context import actor, parts, reading

COOKIE = "directory_first_visit"
HIDDEN = "hidden"
#: Long enough that nobody is asked again before the account is confirmed anew.
COOKIE_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True, slots=True)
class VisitStep:
    """One step: what to do, where, and how far it is."""

    text: str
    endpoint: str
    done: bool
    progress: str = ""


def steps_to_show(entries: Sequence[EntrySummary]) -> list[VisitStep]:
    """The steps while one is left and the list is not hidden in this browser, else none."""
    if request.cookies.get(cookie_name()) == HIDDEN:
        return []
    steps = steps_of(read_first_visit(actor(), reading()), entries)
    return [] if all(step.done for step in steps) else steps


def steps_of(visit: FirstVisit, entries: Sequence[EntrySummary]) -> list[VisitStep]:
    """All steps in their order; a State without an entry has nothing to look through or confirm."""
    published = [one for one in entries if one.status is EntryStatus.PUBLISHED]
    late = sum(one.freshness.state is Freshness.LAPSED for one in published)
    return [
        VisitStep(
            gettext("Set up a second factor: a passkey or an authenticator application."),
            "ways.show",
            visit.has_second_factor,
        ),
        VisitStep(
            gettext("Look through each entry of your State."),
            "states.show",
            visit.looked_at >= len(published),
            gettext("%(seen)s of %(all)s opened", seen=visit.looked_at, all=len(published)),
        ),
        VisitStep(
            gettext("Confirm what is right, and propose a change where it is not."),
            "desk.ask_to_confirm",
            late == 0,
            gettext(
                "%(done)s of %(all)s confirmed", done=len(published) - late, all=len(published)
            ),
        ),
        VisitStep(
            gettext("Invite the readers of your State."), "accounts.list_all", visit.has_readers
        ),
    ]


def hide(response: Response) -> Response:
    """Keep in this browser that its owner does not want the list."""
    secure = parts().settings.secure_cookies
    response.set_cookie(
        cookie_name(),
        HIDDEN,
        max_age=COOKIE_SECONDS,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def cookie_name() -> str:
    """The name of the cookie; over HTTPS bound to this host alone."""
    return f"__Host-{COOKIE}" if parts().settings.secure_cookies else COOKIE
