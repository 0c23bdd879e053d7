"""Light or dark: what the device prefers, until the reader chooses for this browser.

The choice is a link of the footer; it is kept in a cookie and leads back to the same page. The
server then names the style sheet of the dark colours with the fitting ``media``, so that no script
runs and nothing flashes.
"""

from collections.abc import Callable
from enum import StrEnum

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from directory.domain.marks import N_
from directory.web.context import parts, this_request
from directory.web.links import url_with

#: Chooses for this page and the ones after it; no page ever sees it.
PARAMETER = "appearance"
_CHOICE = PARAMETER.encode()
COOKIE = "directory_appearance"
COOKIE_SECONDS = 365 * 24 * 3600


class Appearance(StrEnum):
    """Which colours a page has."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


_WORDS = {
    Appearance.DEVICE: N_("As the device"),
    Appearance.LIGHT: N_("Light"),
    Appearance.DARK: N_("Dark"),
}
#: When the dark colours hold; a printed page never has them.
_MEDIA = {
    Appearance.DEVICE: "screen and (prefers-color-scheme: dark)",
    Appearance.LIGHT: "",
    Appearance.DARK: "screen",
}
#: What the browser paints before the first style sheet is there, and its own fields.
_SCHEMES = {
    Appearance.DEVICE: "light dark",
    Appearance.LIGHT: "light",
    Appearance.DARK: "dark",
}


def install(app: Flask) -> None:
    """Keep what readers choose, and tell templates."""
    app.before_request(remember)
    app.jinja_env.globals.update(TEMPLATE_FUNCTIONS)


def chosen() -> Appearance:
    """What was chosen before, else what the device prefers."""
    kept = request.cookies.get(cookie_name())
    return Appearance(kept) if kept in set(Appearance) else Appearance.DEVICE


def dark_media() -> str:
    """The ``media`` of the dark style sheet; '' leaves it out."""
    return _MEDIA[chosen()]


def colour_scheme() -> str:
    """The value of the page's 'color-scheme'."""
    return _SCHEMES[chosen()]


def appearances() -> tuple[tuple[str, str, bool], ...]:
    """Value, words to translate, and whether it is chosen, of each choice."""
    now = chosen()
    return tuple((one.value, text, one is now) for one, text in _WORDS.items())


def cookie_name() -> str:
    """The name of the cookie; over HTTPS bound to this host alone."""
    return f"__Host-{COOKIE}" if parts().settings.secure_cookies else COOKIE


def remember() -> ResponseReturnValue | None:
    """Keep the choice made in the address, and show the page that was asked for without it."""
    asked = this_request()
    # Before every request, most of which choose nothing: the parameters are not even read.
    if _CHOICE not in asked.query_string or asked.method != "GET":
        return None
    wanted = asked.args.get(PARAMETER)
    if wanted not in set(Appearance):
        return None
    response = redirect(url_with(**{PARAMETER: None}))
    response.set_cookie(
        cookie_name(),
        str(wanted),
        max_age=COOKIE_SECONDS,
        secure=parts().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


#: Shown to templates under these names.
TEMPLATE_FUNCTIONS: dict[str, Callable[..., object]] = {
    "colour_scheme": colour_scheme,
    "dark_media": dark_media,
}
