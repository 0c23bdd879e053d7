"""Before a grave act: its doer shows a factor again (``@fresh`` of ``web/access.py``).

The page that asks carries the whole form that was sent, so that nothing typed is lost: it goes to
the same address again, with the factor beside it, and the act is then done at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext

from directory.domain.sign_in import Factor
from directory.errors import Denied, Invalid, Problem
from directory.policy import NEEDS_A_PERSON
from directory.queries.accounts import SignedIn, SignInFacts, find_to_sign_in
from directory.queries.sign_in import WaysIn, read_ways_in
from directory.services.challenges import Purpose
from directory.services.passkeys import request_options, use_passkey
from directory.services.passwords import fits
from directory.services.sessions import note_factor
from directory.web.access import SAFE_METHODS, fresh, needs, needs_fresh
from directory.web.account_store import SigningIn
from directory.web.addresses import is_local
from directory.web.context import actor, close_reading, kept_here, now, parts, reading
from directory.web.passkeys import asking, party
from directory.web.recognition import API_PREFIX, signed_in
from directory.web.sign_in_forms import (
    WRONG_CODE,
    count_guess,
    fits_application,
    forget_guesses,
)

_ = lazy_gettext

blueprint = Blueprint("step_up", __name__)

#: Fields of the factor beside those of the form it stands before.
CODE_FIELD, PASSWORD_FIELD, PASSKEY_FIELD = "fresh_code", "fresh_password", "fresh_passkey"
FIELDS = frozenset({CODE_FIELD, PASSWORD_FIELD, PASSKEY_FIELD, "csrf_token"})
WRONG_PASSWORD = _("The password is not right.")
PASSKEY_REFUSED = _("The passkey was not accepted. Try again.")


def ask(app: Flask, asked: Request) -> Response | None:
    """Before a request: None where it may go on, else the page that asks for a factor."""
    act = str((asked.view_args or {}).get("act", ""))
    if asked.endpoint is None or not needs_fresh(app, asked.endpoint, act):
        return None
    session = signed_in()
    if actor().is_fresh:
        return None
    if session is None or asked.path.startswith(API_PREFIX):
        raise Denied("fresh", [Problem("", NEEDS_A_PERSON)])
    if asked.method in SAFE_METHODS:
        here = urlencode({"next": asked.full_path.rstrip("?")})
        return make_response(redirect(f"{url_for('step_up.confirm')}?{here}"))
    refused: LazyString | str = ""
    if FIELDS & set(asked.form) - {"csrf_token"}:
        refused = shown(session)
        if not refused:
            return None
    return make_response(page(refused), 422 if refused else 403)


@blueprint.get("/account/confirm")
@needs("account:own")
def confirm() -> ResponseReturnValue:
    """Ask for a factor before a page is opened that needs one."""
    target = request.args.get("next", "")
    return page("", next_address=target if is_local(target) else "")


@blueprint.post("/account/confirm")
@needs("account:own")
@fresh
def confirmed() -> ResponseReturnValue:
    """The factor was shown: on to the page."""
    target = request.form.get("next", "")
    return redirect(target if target and is_local(target) else url_for("account.show"), 303)


def page(refused: LazyString | str, *, next_address: str = "") -> str:
    """The page that asks, with everything that was sent."""
    close_reading()
    known = party()
    ways = read_ways_in(actor(), reading())
    options = (
        request_options(asking(Purpose.CONFIRM, session_id()), known, now())
        if known and ways.passkeys
        else ""
    )
    return render_template(
        "account/confirm.html",
        ways=ways,
        refused=refused,
        passkey_options=options,
        kept=list(_kept(next_address)),
        files=sorted({name for name, one in request.files.items() if one.filename}),
        target=request.full_path.rstrip("?") if request.method == "POST" else "",
    )


def _kept(next_address: str) -> Iterator[tuple[str, str]]:
    """Every field that was sent but those of the factor itself."""
    if next_address:
        yield "next", next_address
    for name, values in request.form.lists():
        if name not in FIELDS:
            yield from ((name, value) for value in values)


def session_id() -> str:
    """What a challenge is bound to, so that another session's answer is none."""
    found = signed_in()
    return found.session_id if found else ""


def shown(session: SignedIn) -> LazyString | str:
    """Judge the factor that was sent; '' when it is right, and then the session is fresh."""
    facts = find_to_sign_in(
        reading(), now(), parts().settings.demo, account_id=session.actor.account_id
    )
    if facts is None:
        raise Denied("fresh")
    ways = read_ways_in(session.actor, reading())
    close_reading()
    refused = _judge(facts, ways)
    if not refused:
        with parts().unit_of_work() as uow:
            note_factor(uow, session.session_id, now())
        kept_here()["actor"] = replace(actor(), is_fresh=True)
    return refused


def _judge(facts: SignInFacts, ways: WaysIn) -> LazyString | str:
    if request.form.get(PASSKEY_FIELD):
        return _judge_passkey(facts)
    if ways.has_application:
        return _guessed(Factor.CODE, facts)
    # Only a demonstration's accounts have a password alone; theirs is all that can be asked for.
    return _guessed(Factor.PASSWORD, facts) if facts.demo else gettext("Use your passkey.")


def _judge_passkey(facts: SignInFacts) -> LazyString | str:
    known = party()
    if known is None:
        return PASSKEY_REFUSED
    given, asked = request.form[PASSKEY_FIELD], asking(Purpose.CONFIRM, session_id())
    try:
        with parts().unit_of_work() as uow:
            use_passkey(uow, given, asked, known, now(), owner=facts.id)
    except Invalid:
        return PASSKEY_REFUSED
    return ""


def _guessed(factor: Factor, facts: SignInFacts) -> LazyString | str:
    """Judge a code or password as at the door: counted first, then compared."""
    until = count_guess(factor, facts.email)
    if until is not None:
        g.sign_in_wait = max(1, round((until - now()).total_seconds()))
        return gettext(
            "Too many attempts. Wait %(minutes)s minutes, then try again.",
            minutes=-(-g.sign_in_wait // 60),
        )
    if not _fits(factor, facts):
        return WRONG_CODE if factor is Factor.CODE else WRONG_PASSWORD
    forget_guesses(factor, facts.email)
    return ""


def _fits(factor: Factor, facts: SignInFacts) -> bool:
    if factor is Factor.CODE:
        typed = request.form.get(CODE_FIELD, "")
        return fits_application(SigningIn(facts), facts.totp_secret or "", typed)
    peppers = parts().settings.peppers
    return fits(request.form.get(PASSWORD_FIELD, ""), facts.password_hash, peppers)
