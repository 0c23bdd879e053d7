"""The whole application with people who sign in with all their factors."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from flask_security.proxies import _security
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from directory.composition import create_app
from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.services.challenges import Asking, Purpose
from directory.services.passkeys import Owner, Party, creation_options, register_passkey
from tests.support.door import Place, authenticator, form_token, open_place, sign_in
from tests.support.passkeys import HOST, ORIGIN, Authenticator

PARTY = Party(HOST, ORIGIN)


class Whole(Place):
    """The whole application instead of the small one."""

    def __post_init__(self) -> None:
        self.app = create_app(self.parts.settings, self.parts)


@dataclass
class Person:
    """An account with a password and an application, and the browser it is used from."""

    place: Place
    id: int
    email: str
    key: str
    client: FlaskClient

    def code(self) -> str:
        """What the application shows now."""
        return str(authenticator(self.key).generate(self.place.clock()).token)

    def new_browser(self) -> "Person":
        """The same person at another browser."""
        return Person(self.place, self.id, self.email, self.key, self.place.client())

    def sign_in(self) -> TestResponse:
        """Password, then code; a new code is waited for."""
        self.place.clock.move(seconds=30)
        sign_in(self.client, self.email)
        return self.send("/sign-in/code", code=self.code(), form="/sign-in/code")

    def send(self, address: str, form: str = "/help", **fields: Any) -> TestResponse:
        """Send a form with the token of the page ``form``."""
        token = form_token(self.client.get(form))
        return self.client.post(address, data={"csrf_token": token, **fields}, buffered=True)


def open_whole(engine: Engine, **given: object) -> Whole:
    """The whole application on a database with three States and no entries."""
    place = open_place(engine, **given)
    return Whole(place.parts, place.clock)


def person(
    place: Place, email: str, role: Role = Role.READER, state: str = "FR", *, inside: bool = True
) -> Person:
    """Somebody with a password and an application, signed in unless ``inside`` is False."""
    account_id = place.account(email, role, state, demo=False)
    with place.app.app_context():
        factory = _security.totp_factory
        secret = factory.generate_totp_secret()
        key = factory.get_totp_pretty_key(secret)
    with place.work() as uow:
        account = uow.session.get_one(Account, account_id)
        account.tf_primary_method, account.tf_totp_secret = "authenticator", secret
        account.accepted_at = place.clock()
    made = Person(place, account_id, email, key, place.client())
    if inside:
        answer = made.sign_in()
        assert answer.status_code == 302, answer.text
    return made


def with_passkey(place: Place, account_id: int) -> Authenticator:
    """A passkey of the account, kept by a software authenticator."""
    asked = Asking(Purpose.REGISTER, "trial", place.parts.settings.session_key)
    made = Authenticator()
    with place.parts.reading() as session:
        email = session.scalars(select(Account.email).where(Account.id == account_id)).one()
        owner = Owner(account_id, email)
        answer = made.create(creation_options(session, owner, asked, PARTY, place.clock()))
    with place.work() as uow:
        register_passkey(uow, account_id, answer, "Key", asked, PARTY, place.clock())
    return made
