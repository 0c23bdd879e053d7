"""The forms of the door. Every guess is counted before it is judged, and answered alike."""

import datetime as dt
import unicodedata
from typing import Any, cast

from flask import g, request, session
from flask_babel import LazyString, lazy_gettext
from flask_security import UserMixin
from flask_security.proxies import _security
from flask_security.totp import Totp
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from directory.domain.sign_in import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Factor,
    is_recovery_code,
)
from directory.policy import Actor
from directory.queries.accounts import find_to_sign_in
from directory.services.accounts import renew_hash, use_code
from directory.services.factors import note_change, use_recovery_code
from directory.services.passwords import fits, hash_password, is_outdated, turn
from directory.services.second_factors import make_totp
from directory.services.sessions import (
    account_key,
    begin_attempt,
    fold_email,
    forget_attempts,
    network_of,
)
from directory.web.account_store import SigningIn
from directory.web.context import now, parts, reading

_ = lazy_gettext

#: Time from the right password to the right code.
SECOND_STEP_WITHIN = dt.timedelta(minutes=10)
#: When the password was right, in the cookie; seconds since 1970.
PASSWORD_AT = "password_at"  # nosec B105 - a name
#: Seconds a telephone's clock may be off, either way: one time step (RFC 6238 5.2).
CLOCK_TOLERANCE = 30
LONGEST_EMAIL = 254

REFUSED = _("The address or the password is not right, or the account is not open.")
WRONG_CODE = _("This code is not right, or it was used before. Wait for the next one.")
TOO_LATE = _("Too much time has passed since the password. Please sign in again.")


def network() -> str:
    """The network the request comes from."""
    return network_of(request.remote_addr)


def _answer(form: FlaskForm, text: LazyString | str, status: int) -> bool:
    """Refuse the form with a text; ``sign_in.render`` sends the status."""
    g.sign_in_status = status
    form.form_errors.append(text)
    return False


def _wait(form: FlaskForm, until: dt.datetime) -> bool:
    g.sign_in_wait = max(1, round((until - now()).total_seconds()))
    minutes = -(-g.sign_in_wait // 60)
    text = _("Too many attempts. Wait %(minutes)s minutes, then try again.", minutes=minutes)
    return _answer(form, text, 429)


def count_guess(factor: Factor, email: str) -> dt.datetime | None:
    key = account_key(email, parts().settings.password_pepper)
    with parts().unit_of_work() as uow:
        return begin_attempt(uow, factor, key, network(), now())


def forget_guesses(factor: Factor, email: str) -> None:
    key = account_key(email, parts().settings.password_pepper)
    with parts().unit_of_work() as uow:
        forget_attempts(uow, factor, key, network())


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = EmailField(
        _("E-mail address"),
        validators=[
            DataRequired(message=_("Give your e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_("This is too long for an e-mail address.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _("Password"),
        validators=[DataRequired(message=_("Give your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    #: For the view: who may come in.
    user: SigningIn | None = None
    #: For the view: addresses are not confirmed by mail here.
    requires_confirmation = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.next.data:
            self.next.data = request.args.get("next", "")

    def validate(self, **kwargs: Any) -> bool:
        """Is this an account that may come in, and its password? ``user`` is set then."""
        if not super().validate(**kwargs):
            g.sign_in_status = 422
            return False
        email, password = self.email.data or "", self.password.data or ""
        with turn():
            until = count_guess(Factor.PASSWORD, email)
            if until is None:
                self.user = _with_password(email, password)
        if until is not None:
            return _wait(self, until)
        if self.user is None:
            return _answer(self, REFUSED, 422)
        forget_guesses(Factor.PASSWORD, self.user.email)
        session[PASSWORD_AT] = now().timestamp()
        return True


def _with_password(email: str, password: str) -> SigningIn | None:
    """The account, when the password fits. Hashes once, whether or not there is such an account."""
    settings = parts().settings
    # No address holds a NUL, and PostgreSQL takes none.
    folded = fold_email(email).replace("\0", " ")
    facts = find_to_sign_in(reading(), now(), settings.demo, email=folded)
    right = fits(password, facts.password_hash if facts else "", settings.peppers)
    if facts is None or not right:
        return None
    if is_outdated(facts.password_hash, settings.peppers):
        renewed = hash_password(password, settings.password_pepper)
        with parts().unit_of_work() as uow:
            renew_hash(uow, facts.id, facts.password_hash, renewed)
    return SigningIn(facts)


def password_is_recent() -> bool:
    """Was the password given a short while ago, in this browser?"""
    at = session.get(PASSWORD_AT, 0.0)
    return bool(now().timestamp() - at < SECOND_STEP_WITHIN.total_seconds())


class SetUpForm(FlaskForm):  # type: ignore[misc]
    """The second factor there is: an authenticator application."""

    setup = HiddenField(default="authenticator")
    #: Set by the view: whose password was right.
    user: SigningIn

    def validate(self, **kwargs: Any) -> bool:
        """May this account set up its second factor now?"""
        if not super().validate(**kwargs) or self.setup.data != "authenticator":
            g.sign_in_status = 422
            return False
        if not password_is_recent() or self.user.tf_totp_secret:
            return _answer(self, TOO_LATE, 422)
        return True


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits of the authenticator application."""

    code = StringField(
        _("Code"),
        validators=[
            DataRequired(message=_("Give the six digits.")),
            Length(max=40, message=_("A code has six digits.")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    #: Set by the view: whose password was right, and the (encrypted) secret to compare with.
    user: SigningIn
    tf_totp_secret: str
    primary_method: str

    def validate(self, **kwargs: Any) -> bool:
        """Is the code the account's, at this moment, for the first time?"""
        if not super().validate(**kwargs):
            g.sign_in_status = 422
            return False
        if not password_is_recent() or self._replaces_a_factor():
            return _answer(self, TOO_LATE, 422)
        until = count_guess(Factor.CODE, self.user.email)
        if until is not None:
            return _wait(self, until)
        if not self._fits(self.code.data or ""):
            return _answer(self, WRONG_CODE, 422)
        forget_guesses(Factor.CODE, self.user.email)
        return True

    def _fits(self, typed: str) -> bool:
        """Is it the application's code, or one of the recovery codes that stand in for it?"""
        if self.user.tf_totp_secret and is_recovery_code(typed):
            return _took_recovery_code(self.user, typed)
        return fits_application(self.user, self.tf_totp_secret, typed)

    def _replaces_a_factor(self) -> bool:
        # A cookie kept from an earlier set-up must not put its secret in place of the account's.
        return self.user.tf_totp_secret not in {None, self.tf_totp_secret}


def fits_application(user: UserMixin, totp_secret: str, typed: str) -> bool:
    """Is that the code of the application with this (encrypted) secret? It is then used up."""
    factory = _security.totp_factory
    return bool(factory.verify_totp(typed, totp_secret, user, CLOCK_TOLERANCE))


def _took_recovery_code(user: SigningIn, typed: str) -> bool:
    with parts().unit_of_work() as uow:
        taken = use_recovery_code(uow, user.id, typed, parts().settings.peppers, now())
        if taken:
            owner = Actor(name=user.email, account_id=user.id)
            note_change(uow, owner, user.id, "code_used", now())
    return taken


class Codes(Totp):
    """Time-based codes by the directory's clock, each taken once."""

    def __init__(self, secrets: dict[Any, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp = make_totp(secrets, issuer)

    def verify_totp(
        self, token: str, totp_secret: str, user: UserMixin, window: int = CLOCK_TOLERANCE
    ) -> bool:
        """Does the code fit now, and was neither it nor a later one taken before?"""
        step = self.step(token, totp_secret, window)
        if step is None:
            return False
        with parts().unit_of_work() as uow:
            return use_code(uow, user.id, step)

    def step(self, token: str, totp_secret: str, window: int = CLOCK_TOLERANCE) -> int | None:
        """The time step that the code belongs to; None when it does not fit now."""
        try:
            match = self._totp.verify(_digits(token), totp_secret, time=now(), window=window)
        except ValueError:  # every refusal of the library is one
            return None
        return int(match.counter)


def step_of(totp_secret: str, typed: str) -> int | None:
    """The time step of the code of an application being set up; None when it does not fit."""
    codes = cast("Codes", _security.totp_factory)
    return codes.step(typed, totp_secret)


def _digits(code: str) -> str:
    """The digits of any script as 0 to 9, without spaces and signs between them."""
    return "".join(str(unicodedata.decimal(one)) for one in code if one.isdecimal())


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password chosen by its owner."""

    password = PasswordField(
        _("New password"),
        validators=[
            DataRequired(message=_("Choose a password.")),
            Length(
                SHORTEST_PASSWORD,
                LONGEST_PASSWORD,
                message=_("Use %(min)d to %(max)d characters."),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("The same password again"),
        validators=[EqualTo("password", message=_("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
