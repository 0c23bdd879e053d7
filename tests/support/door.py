"""A small application behind the real door, and people and programs that knock at it."""

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from passlib.totp import TOTP
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from directory.api import problems
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Role
from directory.parts import Parts
from directory.policy import SYSTEM
from directory.services.account_acts import disable
from directory.services.accounts import add_account, get_account, set_password
from directory.services.invitations import AccountRules
from directory.services.tokens import create_token
from directory.setting_values import SECRETS
from directory.settings import Settings
from directory.web import door, errors, i18n
from directory.web.access import needs, public
from directory.web.context import actor, close_reading
from tests.support.factories import add_reference
from tests.support.null_index import NullIndex

PEPPER = "pepper-for-trials-0123456789abcdefghij"
START = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery staple"
READER = "reader@fr.example"
#: Settings of a directory that anybody may look through.
NO_QUOTAS = {
    "views_soft_hourly": 0,
    "views_hard_daily": 0,
    "state_views_soft_hourly": 0,
    "state_views_hard_daily": 0,
}
FRAME = (
    "<title>{% block title %}{% endblock %}</title>"
    "<h1>{{ actor().name }}</h1>{% block content %}{% endblock %}"
)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.moment

    def move(self, **by: float) -> None:
        """Move on by so many minutes, hours ..."""
        self.moment += dt.timedelta(**by)


def trial_settings(engine: Engine, **given: object) -> Settings:
    """Settings of a trial on that database; not a demonstration unless said."""
    values: dict[str, object] = {name: _constant_secret(name) for name in SECRETS}
    values |= {
        "database_url": engine.url.render_as_string(hide_password=False),
        "password_pepper": PEPPER,
        "secure_cookies": False,
        **NO_QUOTAS,
    }
    return Settings(**(values | given))  # type: ignore[arg-type]


def _constant_secret(name: str) -> str:
    """The same for every run, and unlike a word."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()


@dataclass
class Place:
    """The application with its parts."""

    parts: Parts
    clock: Clock
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = small_app(self.parts)

    def client(self) -> FlaskClient:
        """A browser, or a program, that knows nothing yet."""
        return self.app.test_client()

    def work(self) -> UnitOfWork:
        """A transaction that writes."""
        return self.parts.unit_of_work()

    def account(
        self, email: str = READER, role: Role = Role.READER, state: str = "FR", *, demo: bool = True
    ) -> int:
        """An account that signs in with ``PASSWORD``."""
        with self.work() as uow:
            made = add_account(uow, email, role, state, self.clock(), demo=demo)
            set_password(uow, made, PASSWORD, PEPPER, self.clock())
            return made.id

    def token(self, email: str = READER, **given: object) -> str:
        """A token of that account."""
        with self.work() as uow:
            return create_token(uow, SYSTEM, email, "trial", self.clock(), **given)  # type: ignore[arg-type]


def disable_account(uow: UnitOfWork, email: str, at: dt.datetime) -> None:
    """Close the account as the operator does."""
    account, rules = get_account(uow.session, email), AccountRules("")
    disable(uow, SYSTEM, account.id, "trial", rules, at, stolen=True)


def open_place(engine: Engine, **given: object) -> Place:
    """The small application on a database with three States and no entries."""
    clock = Clock()
    parts = Parts(
        settings=trial_settings(engine, **given), engine=engine, index=NullIndex(), clock=clock
    )
    add_reference(engine, ("FR", "RO", "JP"))
    return Place(parts, clock)


def small_app(parts: Parts) -> Flask:
    """A page, a write and an address for programs behind the door."""
    app = Flask("directory.web")
    app.extensions["directory"] = parts
    app.teardown_appcontext(close_reading)
    door.install(app)
    errors.install(app)
    i18n.install(app)
    _add_routes(app)
    app.jinja_env.globals["actor"] = actor
    templates = {"base.html": FRAME, "error.html": "{{ status }} {{ words.todo }}"}
    loader = app.jinja_loader
    assert isinstance(loader, BaseLoader)
    app.jinja_loader = ChoiceLoader([DictLoader(templates), loader])
    problems.install(app)
    return app


def _add_routes(app: Flask) -> None:
    @app.route("/", methods=["GET", "POST"])
    @needs("entries:read")
    def home() -> str:
        return f"inside: {actor().name}"

    @app.get("/api/v1/whoami")
    @needs("entries:read")
    def whoami() -> Response:
        answer = jsonify(name=actor().name, state=actor().state, roles=sorted(actor().roles))
        answer.set_etag("one")
        return answer

    @app.post("/api/v1/write")
    @needs("entries:read")
    def write() -> Response:
        return jsonify(done=True)

    @app.get("/form")
    @public
    def form() -> str:
        return f'<input name="csrf_token" value="{generate_csrf()}">'

    @app.get("/nobody-may")
    @needs("undefined:permission")
    def nobody_may() -> str:
        return "seen"

    @app.get("/undeclared")
    def undeclared() -> str:
        return "seen"

    @app.get("/open")
    @public
    def open_page() -> str:
        return "open"

    @app.get("/fails")
    @public
    def fails() -> str:
        raise RuntimeError("a fault")


_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_KEY = re.compile(r'id="second-factor-key">([^<]+)<')


def form_token(page: TestResponse) -> str:
    """The hidden token of the first form of a page."""
    found = _TOKEN.search(page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return found.group(1)


def sign_in(
    client: FlaskClient, email: str = READER, password: str = PASSWORD, address: str = "/sign-in"
) -> TestResponse:
    """Send the sign-in form as a browser does."""
    page = client.get(address)
    if page.status_code != 200:
        return page
    fields = {"email": email, "password": password, "csrf_token": form_token(page)}
    return client.post(address, data=fields)


def sign_out(client: FlaskClient) -> TestResponse:
    """Press the button that every page has."""
    return client.post("/sign-out", data={"csrf_token": form_token(client.get("/form"))})


def authenticator(key: str) -> TOTP:
    """The application on the telephone, given the key."""
    return TOTP(key=key.replace(" ", "").replace("-", ""))


def key_shown(page: TestResponse) -> str:
    """The key that the set-up page shows."""
    found = _KEY.search(page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return found.group(1)


def bearer(token: str) -> dict[str, str]:
    """The header a program sends."""
    return {"Authorization": f"Bearer {token}"}
