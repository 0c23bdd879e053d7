"""What every response tells the browser: run nothing of others, show nowhere else, keep nothing."""

from wsgiref.headers import Headers

from flask import Flask, Response, request
from whitenoise import WhiteNoise

from directory.settings import Settings
from directory.web.recognition import API_PREFIX

#: Bootstrap's style sheet and the second factor's picture hold images as data: addresses.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
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
_HSTS = "max-age=63072000"
#: Seconds a browser keeps a static file before it asks whether it changed.
STATIC_SECONDS = 3600


def security_headers(settings: Settings) -> dict[str, str]:
    """The headers of every response, errors and static files too."""
    if not settings.secure_cookies:
        return dict(_HEADERS)
    return _HEADERS | {"Strict-Transport-Security": _HSTS}


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to what the application answers and to its static files."""
    headers = security_headers(settings)

    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        return keep_nothing(response)

    def add_to_file(given: Headers, _path: str, _url: str) -> None:
        for name, value in headers.items():
            given[name] = value

    app.after_request(add)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix=app.static_url_path,
        max_age=STATIC_SECONDS,
        allow_all_origins=False,
        add_headers_function=add_to_file,
    )


def keep_nothing(response: Response) -> Response:
    """Let nothing be kept that a reader saw; only the API's tagged answers, to be asked after."""
    if request.endpoint == "static":
        return response
    is_tagged = request.path.startswith(API_PREFIX) and "ETag" in response.headers
    if "Cache-Control" not in response.headers or not is_tagged:
        response.headers["Cache-Control"] = "private, no-cache" if is_tagged else "no-store"
    return response
