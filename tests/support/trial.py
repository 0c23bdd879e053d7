"""The directory as `make run` prepares it: real seed data, showcase, demo accounts, index."""

import datetime as dt
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from directory.cli.local import prepare
from directory.composition import build_parts, create_app
from directory.parts import Parts
from directory.setting_values import SECRETS
from directory.settings import Settings
from directory.web import i18n
from tests.support.door import NO_QUOTAS, sign_in

#: A Tuesday at noon.
MOMENT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
READER = "reader.fr@demo.example"
OFFICER = "verifier.a@demo.example"


@dataclass(frozen=True)
class Trial:
    """A prepared directory, only read from, and the passwords of its demo accounts."""

    parts: Parts
    passwords: dict[str, str] = field(repr=False)

    def app(self, translations: Path | None = None) -> Flask:
        """An application on it, which may speak the languages of another folder."""
        app = create_app(self.parts.settings, self.parts)
        if translations:
            i18n.install(app, translations)
        return app

    def client(self, app: Flask, email: str = READER) -> FlaskClient:
        """A browser of somebody who has signed in."""
        client = app.test_client()
        answer = sign_in(client, email, self.passwords[email])
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client


def prepare_trial(database_url: str, folder: Path, moment: dt.datetime = MOMENT) -> Trial:
    """Seed the database and keep everything else in the folder; it is that moment for ever."""
    drawn = {name: secrets.token_urlsafe(32) for name in SECRETS}
    settings = Settings.from_values(
        {
            "database_url": database_url,
            "index_dir": folder / "index",
            "demo": True,
            "secure_cookies": False,
            # Everything is asked for by one account and in one moment.
            **NO_QUOTAS,
            **drawn,
        }
    )
    parts = build_parts(settings, clock=lambda: moment)
    accounts = folder / "accounts.txt"
    prepare(parts, accounts)
    lines = accounts.read_text("utf-8").splitlines()
    return Trial(parts, dict(line.split("\t") for line in lines))


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """The statements this thread sends meanwhile, without the beginning of transactions.

    The index looks after itself in a thread of its own, which may wake at any moment.
    """
    sent: list[str] = []
    here = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.get_ident() == here and not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
