"""Before everything else: no more sign-ins at once than a process has threads to spare.

A storm of sign-ins queues up in front of readers even when each of them is only told to come back
by a page. So those that find no place are turned away here, below Flask, at once and without
touching the database.
"""

import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.http import parse_accept_header

from directory.domain.marks import N_
from directory.exchange.notice_rendering import spoken, translation
from directory.services.passwords import AT_ONCE, WAITING

#: The address that passwords are sent to.
SIGN_IN_PATH = "/sign-in"
#: Seconds after which to try again.
COME_BACK_AFTER = "60"
FULL = N_("Too many people are signing in at this moment. Go back and try again in a minute.")


class SignInGate:
    """``inner``, with so many places for sign-ins."""

    def __init__(self, inner: WSGIApplication, places: int) -> None:
        self.inner = inner
        self.places = threading.BoundedSemaphore(places)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked = (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
        if asked != ("POST", SIGN_IN_PATH):
            return self.inner(environ, start)
        if not self.places.acquire(blocking=False):
            return turn_away(environ, start)
        try:
            return self.inner(environ, start)
        finally:
            self.places.release()


def turn_away(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """503 in the reader's language, as plain text; nothing was read or written."""
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:200])
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Retry-After", COME_BACK_AFTER),
    ]
    start("503 Service Unavailable", headers)
    return [_words(tuple(word for word, _quality in accepted)[:5])]


@lru_cache(maxsize=256)
def _words(wanted: tuple[str, ...]) -> bytes:
    language = spoken(*(one.partition("-")[0] for one in wanted if one.isascii()))
    return (translation(language).gettext(FULL) + "\n").encode()


def install(app: Flask) -> None:
    """Stand in front of the application."""
    gate: Any = SignInGate(app.wsgi_app, AT_ONCE + WAITING)
    app.wsgi_app = gate  # type: ignore[method-assign]
