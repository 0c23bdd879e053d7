"""Signing in and out: Flask-Security's way in, sessions of our own.

A password with a second factor is Flask-Security's way in, a passkey ours (``web/passkeys.py``);
both end in Flask-Login's sign-in. What else Flask-Security can do is not switched on; the addresses
it registers all the same are declared as open to nobody.
"""

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import Any, cast

import structlog
from flask import (
    Flask,
    Request,
    Response,
    abort,
    after_this_request,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask_login import UserMixin, user_logged_in, user_logged_out
from flask_security import Security
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from directory.domain.sign_in import SessionLimits, limits_for
from directory.domain.vocabulary import Role
from directory.queries.accounts import language_of, roles_of
from directory.services.devices import tell_of_new_device
from directory.services.second_factors import secrets_by_tag
from directory.services.sessions import Browser, open_session, revoke_session
from directory.settings import Settings
from directory.web import devices
from directory.web.access import PUBLIC, declare_endpoint
from directory.web.account_store import AccountStore, SigningIn
from directory.web.addresses import is_local
from directory.web.context import actor, now, parts
from directory.web.elsewhere import offered
from directory.web.i18n import speak
from directory.web.passkeys import sign_in_options
from directory.web.recognition import SESSION_ID, signed_in
from directory.web.sign_in_forms import CodeForm, Codes, PasswordForm, SetUpForm, network

log = structlog.get_logger()

SIGN_IN = "security.login"
SIGN_OUT = "security.logout"
SET_UP = "security.two_factor_setup"
CODE = "security.two_factor_token_validation"
PASSKEY = "passkeys.sign_in"
#: Blueprints of the way in.
WAYS_IN = frozenset({"security", "passkeys", "elsewhere"})
#: Libraries whose hooks are taken away.
UNUSED_HOOKS = frozenset({"flask_login.login_manager", "flask_principal", "flask_wtf.csrf"})
#: A permission that no role holds.
NOBODY = "nobody"
#: Registered by Flask-Security, not offered here.
CLOSED = (
    "security.two_factor_setup_validate",
    "security.two_factor_rescue",
    "security.tf_select",
)


class BrowserUser(UserMixin):  # type: ignore[misc]
    """Flask-Login's user: a browser that is signed in. Rights are the actor's."""

    def get_id(self) -> str:
        """The actor's name."""
        return actor().name


def security_settings(settings: Settings) -> dict[str, Any]:
    """What Flask-Security is told."""
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/sign-in/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",  # nosec B105 - an address
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in/select",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": secrets_by_tag(settings.field_keys),
        "SECURITY_TOTP_ISSUER": "Competent authorities",
        "SECURITY_PASSWORD_SALT": settings.password_pepper,
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_FRESHNESS": dt.timedelta(minutes=-1),
        "SECURITY_CACHE_CONTROL": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        # The session's row decides, not a fingerprint of the browser.
        "SESSION_PROTECTION": None,
    }


def install(app: Flask, settings: Settings) -> None:
    """Register the addresses of signing in and out."""
    app.config.update(security_settings(settings))
    security = Security(
        app,
        AccountStore(),
        login_form=cast("Any", PasswordForm),
        two_factor_setup_form=cast("Any", SetUpForm),
        two_factor_verify_code_form=cast("Any", CodeForm),
        # The view fills it in, our page does not show it: there is no other way in.
        two_factor_rescue_form=cast("Any", FlaskForm),
        render_template=cast("Any", render),
        totp_cls=Codes,
    )
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(lambda _id: BrowserUser() if signed_in() else None)
    # Flask-Security's own tokens are never given out and open nothing.
    security.login_manager.request_loader(None)
    drop_hooks(app)
    user_logged_in.connect(begin_session, app)
    user_logged_out.connect(end_session, app)
    for endpoint in (SIGN_IN, SIGN_OUT, SET_UP, CODE):
        declare_endpoint(endpoint, PUBLIC)
    for endpoint in CLOSED:
        declare_endpoint(endpoint, NOBODY)


def drop_hooks(app: Flask) -> None:
    """Take away what the libraries do at every request, and nothing here uses.

    Flask-Principal would load a user, Flask-Login look for a remember-me cookie; rights are the
    policy's, and nobody is remembered.
    """
    app.before_request_funcs[None] = _used(app.before_request_funcs[None])
    app.after_request_funcs[None] = _used(app.after_request_funcs[None])


def _used(hooks: list[Any]) -> list[Any]:
    return [one for one in hooks if one.__module__ not in UNUSED_HOOKS]


def render(template: str, **context: Any) -> Response:
    """One of Flask-Security's pages, with the status that the form decided on."""
    if template.endswith("login_user.html"):
        context["passkey_options"] = sign_in_options()
        context["providers"] = offered()
    response = make_response(render_template(template, **context), g.get("sign_in_status", 200))
    wait = g.get("sign_in_wait")
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def keep_to_the_way_in(asked: Request) -> BaseResponse | None:
    """The way in takes forms only, leads to our own pages only, and whoever is in stays in."""
    if asked.blueprint not in WAYS_IN:
        return None
    if asked.is_json:
        abort(415)
    if not all(is_local(one) for one in (asked.args.get("next"), asked.form.get("next"))):
        return redirect(url_for(SIGN_IN))
    if asked.endpoint in {SET_UP, CODE, PASSKEY} and actor().account_id is not None:
        return redirect("/")
    return None


def begin_session(_app: Flask, user: SigningIn, **_more: Any) -> None:
    """Signed in: a new session under a new id, nothing kept of what the browser had before."""
    method = g.pop("sign_in_method", None) or user.method
    with parts().unit_of_work() as uow:
        device, is_known = devices.recognise(uow, user.id)
        browser = Browser(user_agent=request.user_agent.string, network=network(), device_id=device)
        limits = session_limits(roles_of(uow.session, user.id, now().date()))
        language = language_of(uow.session, user.id)
        secret = open_session(uow, user.id, now(), limits, method, browser)
        if not (is_known or user.demo):
            # The accounts of a demonstration are everybody's: a new browser says nothing there.
            tell_of_new_device(uow, user.id, browser, now())
    login = cookie["_user_id"]
    cookie.clear()
    g.pop("csrf_token", None)
    cookie.update({"_user_id": login, SESSION_ID: secret})
    log.info("signed_in", account=user.id, method=method.value, new_device=not is_known)
    after_this_request(partial(speak, language))
    after_this_request(forget_on_device)


def session_limits(roles: Collection[Role]) -> SessionLimits:
    """How long a new session of somebody with these roles may lie unused and last."""
    settings = parts().settings
    return limits_for(
        roles,
        SessionLimits(
            dt.timedelta(minutes=settings.session_idle_minutes),
            dt.timedelta(hours=settings.session_hours),
        ),
        SessionLimits(
            dt.timedelta(minutes=settings.officer_idle_minutes),
            dt.timedelta(hours=settings.officer_session_hours),
        ),
    )


def end_session(_app: Flask, **_more: Any) -> None:
    """Signed out: the session is over wherever its cookie may have been copied to."""
    found = signed_in()
    if found is not None:
        with parts().unit_of_work() as uow:
            revoke_session(uow, found.session_id, now())
        log.info("signed_out", account=found.actor.account_id)
    cookie.clear()
    after_this_request(forget_on_device)


def forget_on_device(response: Response) -> Response:
    """Have the browser drop what it kept for whoever was signed in: the urgent pages."""
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
