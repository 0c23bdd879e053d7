"""Who asks: a browser by the session in its cookie, or a program by its bearer token.

Either costs one statement; a program that is known costs none while nobody commits. A program's
request never touches cookies, so it needs no form token; a browser's request never carries a bearer
token.
"""

import datetime as dt
import logging
from collections.abc import Callable, Hashable

from flask import Flask, Request, Response, after_this_request, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from directory.db.unit_of_work import UnitOfWork
from directory.policy import ANONYMOUS
from directory.queries.accounts import SignedIn, find_session, find_token
from directory.queries.moments import Moment
from directory.services.secrets import hash_secret
from directory.services.sessions import SEEN_EVERY, touch_session
from directory.services.tokens import USED_EVERY, touch_token
from directory.web.access import SAFE_METHODS
from directory.web.context import close_reading, connection, kept_here, now, parts, reader

logger = logging.getLogger(__name__)

#: Writes the use of a session or token down.
Note = Callable[[UnitOfWork, dt.datetime], None]
API_PREFIX = "/api/"
_SCHEME = "bearer "
#: Where the cookie keeps the session's id.
SESSION_ID = "sid"


def is_program(asked: Request) -> bool:
    """Does a program ask, with a bearer token?"""
    header = asked.environ.get("HTTP_AUTHORIZATION", "")
    return asked.path.startswith(API_PREFIX) and header[: len(_SCHEME)].lower() == _SCHEME


class _NoCookie(SecureCookieSession):
    """The session of a request without cookies; what is put in is gone with the request."""


class BrowserSessions(SecureCookieSessionInterface):
    """Signed cookies for browsers, nothing for programs."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie; an empty one for programs."""
        return _NoCookie() if is_program(request) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, when it changed."""
        if not isinstance(session, _NoCookie):
            super().save_session(app, session, response)


def recognise(asked: Request) -> None:
    """Before every request: put the actor where ``context.actor`` finds it."""
    kept_here()["actor"] = ANONYMOUS
    if is_program(asked):
        _recognise_program(asked)
        return
    session_id = session.get(SESSION_ID)
    if session_id:
        _recognise_browser(asked, session_id)
    if asked.method not in SAFE_METHODS:
        # What is written in this request must be seen by what reads after it.
        close_reading()


def _recognise_program(asked: Request) -> None:
    token, at = asked.environ["HTTP_AUTHORIZATION"][len(_SCHEME) :].strip(), now()
    found = find_token(reader(), token, at, parts().settings.demo)
    if found is None:
        return
    kept_here()["actor"] = found.actor
    _keep_moment(asked, found.moment)
    if _uses().is_due(("token", found.token_id), found.last_used_at, at, USED_EVERY):
        token_id = found.token_id
        _note(lambda uow, at: touch_token(uow, token_id, at))


def _recognise_browser(asked: Request, session_id: str) -> None:
    at = now()
    found = find_session(connection(), hash_secret(session_id), at, parts().settings.demo)
    if found is None:
        return
    kept_here().update(actor=found.actor, signed_in=found)
    _keep_moment(asked, found.moment)
    if _uses().is_due(("session", found.session_id), found.last_seen_at, at, SEEN_EVERY):
        key = found.session_id
        _note(lambda uow, at: touch_session(uow, key, at))


def _keep_moment(asked: Request, moment: Moment) -> None:
    # What is written in this request must be seen by what reads after it.
    if asked.method in SAFE_METHODS:
        kept_here()["moment"] = moment


def signed_in() -> SignedIn | None:
    """The session of the browser that asks; None for programs and strangers."""
    found: SignedIn | None = g.get("signed_in")
    return found


class Uses:
    """When this process last tried to write down a use, so that a failure is not tried again at
    every request."""

    def __init__(self) -> None:
        self._tried: dict[Hashable, dt.datetime] = {}

    def is_due(
        self, key: Hashable, known: dt.datetime | None, at: dt.datetime, every: dt.timedelta
    ) -> bool:
        """Is it time to write the use of ``key`` down? Then it is taken as tried."""
        latest = max((one for one in (known, self._tried.get(key)) if one), default=None)
        if latest is not None and at - latest < every:
            return False
        self._forget_before(at - every)
        self._tried[key] = at
        return True

    def _forget_before(self, moment: dt.datetime) -> None:
        for key, tried in list(self._tried.items()):
            if tried < moment:
                self._tried.pop(key, None)


_USES = "directory_uses"


def _uses() -> Uses:
    found: Uses = current_app.extensions[_USES]
    return found


def _note(write_down: Note) -> None:
    """Have a use written down once the answer has left."""

    def attach(response: Response) -> Response:
        response.call_on_close(_writer(write_down))
        return response

    after_this_request(attach)


def _writer(note: Note) -> Callable[[], None]:
    unit_of_work, at = parts().unit_of_work, now()

    def write() -> None:
        # The answer has been given: a busy or read-only database must not turn it into a failure.
        try:
            with unit_of_work() as uow:
                note(uow, at)
        except SQLAlchemyError:
            logger.warning("the use of a session or token was not written down", exc_info=True)

    return write


def install(app: Flask) -> None:
    """Prepare for ``recognise``, which the door calls at every request."""
    app.extensions[_USES] = Uses()
    app.session_interface = BrowserSessions()
