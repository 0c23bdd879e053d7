"""What a request works with: the parts, a reading session, the actor, the moment."""

import datetime as dt

from flask import current_app, g
from sqlalchemy.orm import Session

from directory.parts import Parts
from directory.policy import ANONYMOUS, Actor


def parts() -> Parts:
    """The parts of the running directory."""
    found: Parts = current_app.extensions["directory"]
    return found


def reading() -> Session:
    """The request's reading session, opened at its first use and closed with the request."""
    if "reading" not in g:
        g.reading = Session(parts().engine)
    session: Session = g.reading
    return session


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session; registered as a teardown."""
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


def actor() -> Actor:
    """Who asks; the door has put it there."""
    found: Actor = g.get("actor", ANONYMOUS)
    return found


def now() -> dt.datetime:
    """The moment of the request, the same for everything it does."""
    if "now" not in g:
        g.now = parts().clock()
    moment: dt.datetime = g.now
    return moment
