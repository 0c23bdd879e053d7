"""What a request works with: the parts, a reading session, the actor, the moment."""

import datetime as dt

from flask import current_app, g
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from directory.parts import Parts
from directory.policy import ANONYMOUS, Actor


def parts() -> Parts:
    """The parts of the running directory."""
    found: Parts = current_app.extensions["directory"]
    return found


def connection() -> Connection:
    """The request's one reading connection, opened at its first use, closed with the request."""
    opened: Connection | None = g.get("connection")
    if opened is None:
        opened = g.connection = parts().engine.connect()
    return opened


def reading() -> Session:
    """The request's reading session, on the request's connection."""
    if "reading" not in g:
        g.reading = Session(connection())
    session: Session = g.reading
    return session


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session and connection; registered as a teardown."""
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()
    opened: Connection | None = g.pop("connection", None)
    if opened is not None:
        opened.close()


def actor() -> Actor:
    """Who asks; the door has put it there."""
    found: Actor = g.get("actor", ANONYMOUS)
    return found


def now() -> dt.datetime:
    """The moment of the request, the same for everything it does."""
    moment: dt.datetime | None = g.get("now")
    if moment is None:
        moment = g.now = parts().clock()
    return moment
