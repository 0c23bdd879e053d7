"""What every response tells the browser: run nothing of others, show nowhere else, keep nothing."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from whitenoise import WhiteNoise

from directory.settings import Settings
from directory.web.packing import packing
from directory.web.recognition import API_PREFIX

#: Bootstrap's style sheet and the second factor's picture hold images as data: addresses.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The form tokens of HTTPS pages are checked together with the referring address.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Two years, for the host and whatever stands below it (ASVS 3.4.1).
_HSTS = "max-age=63072000; includeSubDomains"
#: May be kept by the reader's own program, which asks each time whether it changed.
REVALIDATE = "private, no-cache"
Header = tuple[str, str]
#: Seconds a browser keeps a static file before it asks whether it changed.
STATIC_SECONDS = 3600


def security_headers(settings: Settings) -> list[tuple[str, str]]:
    """The headers of every response, errors and static files too."""
    headers = _HEADERS | ({"Strict-Transport-Security": _HSTS} if settings.secure_cookies else {})
    return list(headers.items())


def install(app: Flask, settings: Settings) -> None:
    """Serve the static files, and add the headers to them and to all other answers."""
    files = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix=app.static_url_path,
        max_age=STATIC_SECONDS,
        allow_all_origins=False,
    )
    headers = security_headers(settings)
    prefix = f"{app.static_url_path}/"
    covered: Any = with_headers(packing(files, prefix), headers, prefix)
    app.wsgi_app = covered  # type: ignore[method-assign]


def with_headers(inner: WSGIApplication, extra: list[Header], files: str) -> WSGIApplication:
    """``inner`` with the headers on whatever it answers; below Flask, where nothing escapes."""

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")

        def start_with_headers(status: str, given: list[Header], *error: Any) -> Any:
            # What is no file there is answered by a page, which is kept no more than any other.
            is_file = path.startswith(files) and _says_how_long(given)
            kept = given if is_file else keep_nothing(given, path)
            return start(status, kept + extra, *error)

        return inner(environ, start_with_headers)

    return application


def _says_how_long(given: list[Header]) -> bool:
    return any(name.lower() == "cache-control" for name, _value in given)


def keep_nothing(given: list[Header], path: str) -> list[Header]:
    """Let nothing be kept that a reader saw; only the API's tagged answers, to be asked after."""
    names = {name.lower() for name, _value in given}
    if path.startswith(API_PREFIX) and "etag" in names:
        return given if "cache-control" in names else [*given, ("Cache-Control", REVALIDATE)]
    others = [one for one in given if one[0].lower() != "cache-control"]
    return [*others, ("Cache-Control", "no-store")]
