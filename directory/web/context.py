"""What a request works with: the parts, a reading session, the actor, the moment.

Flask's ``request`` and ``g`` find out at each look whose turn it is, which costs five calls; what
runs at every request takes the things themselves.
"""

import datetime as dt
from typing import Any

from flask import Flask, Request, current_app, g, request
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from directory.db.reader import LateConnection
from directory.parts import Parts
from directory.policy import ANONYMOUS, Actor
from directory.queries.moments import Moment, read_moment


def this_app() -> Flask:
    """The application itself."""
    found: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def this_request() -> Request:
    """The request itself."""
    found: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def kept_here() -> dict[str, Any]:
    """What is kept for the length of the request, by name: the inside of ``g``."""
    found: dict[str, Any] = vars(g._get_current_object())  # noqa: SLF001
    return found


def parts() -> Parts:
    """The parts of the running directory."""
    found: Parts = current_app.extensions["directory"]
    return found


def reader() -> LateConnection:
    """By what the request reads: its one connection, for whom it may never be needed."""
    kept = kept_here()
    found: LateConnection | None = kept.get("reader")
    if found is None:
        found = kept["reader"] = LateConnection(parts().engine)
    return found


def connection() -> Connection:
    """The request's one reading connection, opened at its first use, closed with the request."""
    return reader().connection()


def reading() -> Session:
    """The request's reading session, on the request's connection."""
    if "reading" not in g:
        g.reading = Session(connection())
    session: Session = g.reading
    return session


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session and connection; registered as a teardown."""
    kept = kept_here()
    session: Session | None = kept.pop("reading", None)
    if session is not None:
        session.close()
    late: LateConnection | None = kept.get("reader")
    if late is not None:
        late.close()


def actor() -> Actor:
    """Who asks; the door has put it there."""
    found: Actor = kept_here().get("actor", ANONYMOUS)
    return found


def now() -> dt.datetime:
    """The moment of the request, the same for everything it does."""
    kept = kept_here()
    moment: dt.datetime | None = kept.get("now")
    if moment is None:
        moment = kept["now"] = parts().clock()
    return moment


def moment() -> Moment:
    """How the directory stands: as the door has read it along, else as it is now (``now`` is the
    time of day; this is what tells whether anything happened).
    """
    known: Moment | None = kept_here().get("moment")
    return known if known is not None else read_moment(reader())
