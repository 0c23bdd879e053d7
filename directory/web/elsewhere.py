"""Signing in by the provider of one's State (OpenID Connect); an optional extra.

Authlib does the protocol: code flow with PKCE, state and nonce, keys of the issuer. What comes back
is only who somebody is there; it opens the account bound to that identity, and the directory
asks for its own second factor unless the provider says in agreed words that one was shown.
"""

import importlib
import tomllib
from pathlib import Path
from typing import Any

import structlog
from flask import (
    Blueprint,
    Flask,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_security.proxies import _security
from flask_security.utils import login_user

from directory.domain.events import Authentication
from directory.domain.marks import N_
from directory.domain.providers import Provider, read_providers
from directory.errors import InvalidState, NotFound, Problem
from directory.queries.accounts import find_to_sign_in
from directory.services.providers import (
    NOT_BOUND,
    accept_with_provider,
    bind_own,
    has_passkey,
    recognise_identity,
)
from directory.settings import Settings, SettingsError
from directory.web.access import fresh, needs, public
from directory.web.account_store import SigningIn
from directory.web.addresses import is_local
from directory.web.context import actor, now, parts, reading
from directory.web.presentation import problem_lines
from directory.web.sign_in_forms import PASSWORD_AT

blueprint = Blueprint("elsewhere", __name__)
log = structlog.get_logger()

EXTENSION = "directory_providers"
#: Where the cookie keeps what the way to the provider was for.
ERRAND = "provider_errand"
#: Seconds a provider may take to answer.
PATIENCE = 5
LONGEST_SUBJECT = 255
REFUSED = N_("The provider did not vouch for you. Try again, or sign in another way.")
USE_PASSKEY = N_("The provider did not say that a second factor was shown; use your passkey.")


def install(app: Flask, settings: Settings) -> None:
    """Offer the providers of the file; raises ``SettingsError``."""
    if settings.oidc_file is None:
        return
    found = providers_of(settings.oidc_file)
    try:
        library = importlib.import_module("authlib.integrations.flask_client")
    except ImportError as error:
        extra = "pip install 'competent-authorities-directory[oidc]'"
        raise SettingsError([f"oidc_file: needs an extra; {extra}"]) from error
    clients = library.OAuth(app)
    for state, one in found.items():
        clients.register(
            state,
            client_id=one.client_id,
            client_secret=one.client_secret,
            server_metadata_url=f"{one.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )
    app.extensions[EXTENSION] = (found, clients)
    app.register_blueprint(blueprint)


def providers_of(path: Path) -> dict[str, Provider]:
    """The providers that the file names; raises ``SettingsError``."""
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError([f"oidc_file {path} is readable by others: chmod 600 {path}"])
        return read_providers(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise SettingsError([f"oidc_file {path}: {error}"]) from error


def offered() -> list[Provider]:
    """The providers, for the pages of the way in."""
    found, _clients = current_app.extensions.get(EXTENSION, ({}, None))
    return [found[state] for state in sorted(found)]


def _provider(state: str) -> tuple[Provider, Any]:
    found, clients = current_app.extensions[EXTENSION]
    if state not in found:
        raise NotFound("provider", state)
    return found[state], clients.create_client(state)


def _go(state: str, **errand: str) -> ResponseReturnValue:
    """Off to the provider, which leads back to ``come_back``."""
    _one, client = _provider(state)
    cookie[ERRAND] = errand
    back = url_for("elsewhere.come_back", state=state, _external=True)
    try:
        answer: ResponseReturnValue = client.authorize_redirect(back)
    except Exception as error:
        # An unreachable provider shows in many ways; the reader is told one, the operator which.
        return _refused(InvalidState(reasons=[Problem("", REFUSED)]), error)
    return answer


@blueprint.get("/sign-in/with/<state>")
@public
def sign_in(state: str) -> ResponseReturnValue:
    """To the provider, to sign in; with ``invitation``, to accept that."""
    target = request.args.get("next", "")
    secret = request.args.get("invitation", "")
    return _go(state, purpose="accept" if secret else "sign_in", secret=secret, next=target)


@blueprint.get("/account/sign-in/with/<state>")
@needs("account:own")
@fresh
def bind(state: str) -> ResponseReturnValue:
    """To the provider, to bind one's own account to the identity there."""
    return _go(state, purpose="bind")


@blueprint.get("/sign-in/back/<state>")
@public
def come_back(state: str) -> ResponseReturnValue:
    """From the provider: judge what it says, and do what the way was for."""
    one, client = _provider(state)
    errand: dict[str, str] = cookie.pop(ERRAND, {})
    try:
        claims = client.authorize_access_token().get("userinfo") or {}
    except Exception as error:
        # Whatever is wrong with an answer, of which there are many kinds, lets nobody in.
        return _refused(InvalidState(reasons=[Problem("", REFUSED)]), error)
    subject = claims.get("sub")
    is_other = not one.is_issuer_of(claims)
    if is_other or not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT:
        return _refused(InvalidState(reasons=[Problem("", REFUSED)]), None)
    try:
        return _done(one, errand, subject, claims)
    except InvalidState as error:
        return _refused(error, None)


def _done(
    one: Provider, errand: dict[str, str], subject: str, claims: dict[str, Any]
) -> ResponseReturnValue:
    if errand.get("purpose") == "bind" and actor().account_id is not None:
        with parts().unit_of_work() as uow:
            bind_own(uow, actor(), one, subject, now())
        return redirect(url_for("ways.show"), 303)
    with parts().unit_of_work() as uow:
        if errand.get("purpose") == "accept":
            accept_with_provider(uow, errand.get("secret", ""), one, subject, now())
        account = recognise_identity(uow, one, subject, now())
        keeps_passkey = has_passkey(uow, account)
    facts = find_to_sign_in(reading(), now(), parts().settings.demo, account_id=account)
    if facts is None:
        raise InvalidState(reasons=[Problem("", NOT_BOUND)])
    target = errand.get("next", "")
    local = target if target and is_local(target) else "/"
    return _come_in(one, SigningIn(facts), claims, local, keeps_passkey=keeps_passkey)


def _come_in(
    one: Provider, user: SigningIn, claims: dict[str, Any], target: str, *, keeps_passkey: bool
) -> ResponseReturnValue:
    """In at once when a second factor was shown there, else to the directory's own."""
    if one.vouches_for_second_factor(claims):
        g.sign_in_method = Authentication.SECOND_FACTOR
        login_user(user, remember=False, authn_via=["provider"])
        return redirect(target, 303)
    if keeps_passkey and user.tf_totp_secret is None:
        # Setting up an application here would let the provider alone stand in for the passkey.
        raise InvalidState(reasons=[Problem("", USE_PASSKEY)])
    cookie[PASSWORD_AT] = now().timestamp()
    asked: ResponseReturnValue | None = _security.two_factor_plugins.tf_enter(
        user, False, "provider", next_loc=target
    )
    if asked is None:
        raise InvalidState(reasons=[Problem("", REFUSED)])
    return asked


def _refused(error: InvalidState, cause: Exception | None) -> ResponseReturnValue:
    log.warning("provider_refused", reason=repr(cause or error)[:300])
    page = render_template("security/provider_refused.html", problems=problem_lines(error.reasons))
    return make_response(page, 422)
