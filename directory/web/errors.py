"""Error pages: calm, and saying what to do. Nothing of the machine shows."""

import datetime as dt
from dataclasses import dataclass

import structlog
from flask import Flask, Response, make_response, render_template
from flask_babel import LazyString, lazy_gettext
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from directory.errors import (
    Denied,
    DomainError,
    Invalid,
    InvalidState,
    NotFound,
    QuotaReached,
    ReadOnly,
    StaleRevision,
    Unavailable,
)
from directory.web.context import now
from directory.web.known_codes import with_names
from directory.web.presentation import problem_lines

_ = lazy_gettext


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: what is the case, and what to do."""

    title: LazyString
    what: LazyString
    todo: LazyString


WORDS: dict[int, Words] = {
    400: Words(
        _("The request could not be read"),
        _("Your browser sent something this directory does not understand."),
        _("Go back, reload the page and try again. A form that stood open for long has expired."),
    ),
    401: Words(
        _("Please sign in"),
        _("This page is for signed-in authorities."),
        _("Sign in and open the address again."),
    ),
    403: Words(
        _("Not for this account"),
        _("Your account does not have the right that this page needs."),
        _("Ask the focal point of your State, or the secretariat, when you need it."),
    ),
    404: Words(
        _("Nothing at this address"),
        _("There is no such page or entry, or it is not shown to your account."),
        _("Check the address, or search for the State or authority."),
    ),
    405: Words(
        _("Not possible this way"),
        _("This address exists, but not for what was asked of it."),
        _("Go back and use the buttons of the page."),
    ),
    409: Words(
        _("Changed in the meantime"),
        _("Somebody changed this while you were working on it; nothing of yours was kept."),
        _("Open the page again, compare, and repeat your change if it is still needed."),
    ),
    413: Words(
        _("Too large"),
        _("What was sent is larger than this directory takes."),
        _("Send less at once."),
    ),
    422: Words(
        _("Something in the address does not fit"),
        _("The page exists, but a value in its address is not one it can use."),
        _("Mend the values named below, or start again from the form."),
    ),
    429: Words(
        _("Too many requests"),
        _("This account or network asked for much in a short time."),
        _("Wait a minute and try again. Urgent look-ups go on working for signed-in readers."),
    ),
    500: Words(
        _("Something failed here"),
        _("The fault is on this side, and it has been written to the log."),
        _("Try again in a minute. If it stays, tell the secretariat the reference below."),
    ),
    503: Words(
        _("Not available at the moment"),
        _("A part this page needs cannot be reached now."),
        _("Try again in a minute. Nothing was lost."),
    ),
}

#: Seconds after which to try again what was not available.
RETRY_AFTER = "30"

_STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Denied: 403,
    Invalid: 422,
    InvalidState: 409,
    StaleRevision: 409,
    Unavailable: 503,
    QuotaReached: 429,
    ReadOnly: 503,
}

#: Errors that say more than their status does.
_WORDS_OF: dict[type[Exception], Words] = {
    ReadOnly: Words(
        _("Reading only at the moment"),
        _("The directory can be read and searched, but nothing can be changed just now."),
        _("Nothing of yours was kept. Look up what you need, and send the change later."),
    ),
}


def install(app: Flask) -> None:
    """Answer every error with a page; the API puts its own form before these for its addresses."""
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(QuotaReached, show_quota_reached)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_unavailable)
    app.register_error_handler(InterfaceError, show_unavailable)
    app.register_error_handler(500, show_failure)


def show_domain_error(error: DomainError) -> Response:
    """The page of a refusal of the domain."""
    return error_page(_STATUS[type(error)], error)


def show_quota_reached(error: QuotaReached) -> Response:
    """429: why, what is open all the same, and when the quota begins anew."""
    page = make_response(render_template("quota_reached.html", error=error), 429)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Retry-After"] = str(seconds_until(error.again_at))
    return page


def seconds_until(moment: dt.datetime) -> int:
    """Whole seconds from now on, at least one."""
    return max(1, int((moment - now()).total_seconds()))


def show_http_error(error: HTTPException) -> Response:
    """The page of an HTTP error; redirects and ready responses pass."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    page = error_page(error.code, error)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            page.headers[name] = value
    return page


def show_unavailable(error: OperationalError | InterfaceError) -> Response:
    """The page while the database cannot be reached."""
    structlog.get_logger().error("database_unavailable", error=str(error.orig))
    return error_page(503, error)


def show_failure(error: Exception) -> Response:
    """The page of a fault of ours; Flask has logged it with its trace."""
    return error_page(500, error)


def error_page(status: int, error: Exception) -> Response:
    """A page for the status with what is known of the error, in the usual frame."""
    usual = WORDS.get(status, WORDS[400 if status < 500 else 500])
    words = _WORDS_OF.get(type(error), usual)
    problems = problem_lines(map(with_names, error.problems)) if isinstance(error, Invalid) else []
    page = make_response(
        render_template("error.html", status=status, words=words, problems=problems), status
    )
    page.headers["Cache-Control"] = "no-store"
    if status == 503:
        page.headers.setdefault("Retry-After", RETRY_AFTER)
    return page
