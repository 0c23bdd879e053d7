"""Signing in with a passkey, and what every page needs that asks for one."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from directory.domain.events import Authentication
from directory.errors import Invalid
from directory.queries.accounts import find_to_sign_in
from directory.services.challenges import Asking, Purpose
from directory.services.passkeys import Party, request_options, use_passkey
from directory.web.access import public
from directory.web.account_store import SigningIn
from directory.web.context import now, parts, reading
from directory.web.presentation import problem_lines

blueprint = Blueprint("passkeys", __name__)

#: The hidden field a browser's answer travels in.
FIELD = "passkey"


def party() -> Party | None:
    """The directory as this browser reaches it; None where passkeys cannot work.

    The host is one of ``trusted_hosts``, or the door has refused. Browsers bind passkeys to names
    and not to numbers, so there are none at 'http://127.0.0.1'.
    """
    base = urlsplit(parts().settings.base_url or request.host_url)
    host = base.hostname or ""
    if _is_address(host):
        return None
    return Party(host, f"{base.scheme}://{base.netloc}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def asking(purpose: Purpose, subject: str = "") -> Asking:
    """A question to the holder of a passkey, signed with the session key."""
    return Asking(purpose, subject, parts().settings.session_key)


def sign_in_options() -> str:
    """What the sign-in page asks for a passkey with; '' where there are none."""
    known = party()
    return request_options(asking(Purpose.SIGN_IN), known, now()) if known else ""


@blueprint.post("/sign-in/passkey")
@public
def sign_in() -> ResponseReturnValue:
    """Let the owner of a passkey in: it is something they have, opened by what they know or are."""
    user = _owner(request.form.get(FIELD, ""))
    if user is None:
        return _again()
    g.sign_in_method = Authentication.PASSKEY
    login_user(user, remember=False, authn_via=["passkey"])
    return redirect(request.form.get("next") or "/", 303)


def _owner(given: str) -> SigningIn | None:
    """Whose passkey answered, when their account may come in."""
    known = party()
    if known is None:
        return None
    try:
        with parts().unit_of_work() as uow:
            found = use_passkey(uow, given, asking(Purpose.SIGN_IN), known, now())
    except Invalid as error:
        g.passkey_problems = problem_lines(error.problems)
        return None
    facts = find_to_sign_in(reading(), now(), parts().settings.demo, account_id=found.account_id)
    return SigningIn(facts) if facts else None


def _again() -> ResponseReturnValue:
    page = render_template(
        "security/passkey_refused.html",
        problems=g.get("passkey_problems", []),
        passkey_options=sign_in_options(),
        next=request.form.get("next", ""),
    )
    return make_response(page, 422)
