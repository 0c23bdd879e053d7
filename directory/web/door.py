"""The closed door in front of every route.

Before a request: a host we answer to, who asks, what the route needs, and, when a browser asks to
change something, the token of its form: see ``stand_at_the_door``. After it: the security headers.
"""

import datetime as dt
from urllib.parse import urlencode

from flask import (
    Flask,
    Request,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from directory.errors import Denied, NotFound
from directory.settings import Settings
from directory.web import (
    elsewhere,
    looking,
    passkeys,
    recognition,
    security_headers,
    sign_in,
    sign_in_gate,
    step_up,
)
from directory.web.access import SAFE_METHODS, allow_body, check_door, refuse_change
from directory.web.context import actor, parts, this_app, this_request
from directory.web.errors import show_domain_error
from directory.web.invitation import invitation
from directory.web.recognition import is_program

#: Largest body of a request, in bytes; forms are small.
LARGEST_BODY = 1024 * 1024


def install(app: Flask) -> None:
    """Close the door; call it before the fronts that stand behind it."""
    settings: Settings = app.extensions["directory"].settings
    app.config.update(_settings(settings))
    app.before_request(stand_at_the_door)
    recognition.install(app)
    looking.install(app)
    CSRFProtect(app)
    sign_in.install(app, settings)
    elsewhere.install(app, settings)
    app.register_blueprint(invitation)
    app.register_blueprint(passkeys.blueprint)
    app.register_error_handler(Denied, show_denied)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(SecurityError, show_forged_host)
    sign_in_gate.install(app)
    security_headers.install(app, settings)
    _trust_proxies(app, settings.proxy_hops)


def _settings(settings: Settings) -> dict[str, object]:
    secure = settings.secure_cookies
    return {
        "SECRET_KEY": settings.session_key,
        "SECRET_KEY_FALLBACKS": list(settings.session_keys.others),
        # The last one signs, all of them are taken.
        "WTF_CSRF_SECRET_KEY": list(reversed(settings.session_keys.all)),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "SESSION_COOKIE_NAME": "__Host-directory" if secure else "directory_session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        # Addresses of entries travel in mails; with 'Strict' they would open as signed out.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=settings.session_hours),
        # The token is as old as the session in the cookie, and ends with it.
        "WTF_CSRF_TIME_LIMIT": None,
        # Checked by ``check_form_token``, after the door and not for programs.
        "WTF_CSRF_CHECK_DEFAULT": False,
    }


def _trust_proxies(app: Flask, hops: int) -> None:
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def stand_at_the_door() -> BaseResponse | None:
    """Before every request. One hook, because each one costs time at every request."""
    app, asked = this_app(), this_request()
    refuse_forged_host(asked)
    recognition.recognise(asked)
    looking.narrow_while_failing(asked)
    check_door(app, asked)
    refuse_unprintable_parts(asked)
    refuse_change(asked)
    allow_body(app, asked)
    check_form_token(app, asked)
    return step_up.ask(app, asked) or sign_in.keep_to_the_way_in(asked)


def refuse_unprintable_parts(asked: Request) -> None:
    """Nothing is called by control characters, and PostgreSQL cannot even be asked for it."""
    for name, part in (asked.view_args or {}).items():
        if isinstance(part, str) and not part.isprintable():
            raise NotFound("entry" if name == "entry_id" else "address", part)


def refuse_forged_host(asked: Request) -> None:
    """Answer nothing under a name that is not ours."""
    if isinstance(asked.routing_exception, SecurityError):
        raise asked.routing_exception


def check_form_token(app: Flask, asked: Request) -> None:
    """A browser that changes something shows the token of a form of ours."""
    if asked.method not in SAFE_METHODS and not is_program(asked):
        app.extensions["csrf"].protect()


def show_denied(error: Denied) -> BaseResponse:
    """Strangers are shown the way in; who is in, that this is not for them."""
    if actor().account_id is not None:
        return show_domain_error(error)
    return redirect(_way_in())


def _way_in() -> str:
    """The sign-in page, which leads back here when this can be asked for again."""
    here = request.full_path.rstrip("?")
    if request.method not in SAFE_METHODS or here == "/":
        return url_for(sign_in.SIGN_IN)
    return f"{url_for(sign_in.SIGN_IN)}?{urlencode({'next': here})}"


def show_expired_form(error: CSRFError) -> Response:
    """400: what happened to the form, and what to do."""
    page = render_template("security/form_expired.html", reason=error.description)
    return make_response(page, 400)


def show_forged_host(_error: SecurityError) -> Response:
    """400 without a page around it: no address can be made under a name that is not ours."""
    contact = parts().settings.secretariat_contact
    text = "The directory does not answer under this host name. Check the address."
    return Response(f"{text} {contact}".strip() + "\n", 400, mimetype="text/plain")
