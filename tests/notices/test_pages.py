"""The page of one's own notices, and the mailbox that only a demonstration has."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.cli.worker import chores
from directory.models.account import Account
from directory.services.notices import Notice, queue
from directory.services.objections import token_of
from tests.conftest import BACKENDS
from tests.support.postgres import postgres_url
from tests.support.trial import Trial, prepare_trial

FOCAL = "focal.fr@demo.example"
OTHER = "focal.ro@demo.example"


@pytest.fixture(scope="module", params=BACKENDS)
def trial(
    request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """A directory of a demonstration, with a notice of a held change to one of its people."""
    folder = tmp_path_factory.mktemp("notices")
    is_postgres = request.param == "postgresql"
    url = postgres_url(f"{worker}_notices") if is_postgres else f"sqlite:///{folder / 'd.db'}"
    made = prepare_trial(url, folder)
    tell(made)
    yield made
    made.parts.engine.dispose()


def tell(trial: Trial) -> None:
    params = {"state": "FR", "proposal": "P-ABCDEFGH", "objection_link": "link"}
    with trial.parts.unit_of_work() as uow:
        account = uow.session.scalars(select(Account.id).where(Account.email == FOCAL)).one()
        notice = Notice(kind="change_on_hold", key="one", account_id=account, params=params)
        queue(uow, [notice], trial.parts.clock())
    deliver_locally(trial)


def deliver_locally(trial: Trial) -> None:
    (delivering,) = [one for one in chores(trial.parts) if one.name == "deliver"]
    assert delivering.do(trial.parts.clock()) == {"sent": 1, "postponed": 0, "given_up": 0}


def page(trial: Trial, address: str, email: str) -> str:
    answer = trial.client(trial.app(), email).get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_strangers_see_neither(trial: Trial) -> None:
    stranger: FlaskClient = trial.app().test_client()
    for address in ("/account/notices", "/mailbox"):
        assert "/sign-in" in stranger.get(address).headers["Location"]


def test_nobody_sees_the_notices_of_others(trial: Trial) -> None:
    text = page(trial, "/account/notices", OTHER)
    assert "P-ABCDEFGH" not in text
    assert "Nothing yet" in text


def test_there_is_no_mailbox_outside_a_demonstration(trial: Trial) -> None:
    app = trial.app()
    client = trial.client(app, FOCAL)
    parts = trial.parts
    app.extensions["directory"] = replace(parts, settings=replace(parts.settings, demo=False))
    with parts.unit_of_work() as uow:
        uow.session.scalars(select(Account).where(Account.email == FOCAL)).one().demo = False
    answer = client.get("/mailbox")
    with parts.unit_of_work() as uow:
        uow.session.scalars(select(Account).where(Account.email == FOCAL)).one().demo = True
    assert answer.status_code == 404


def test_own_notices_are_shown_without_the_objection_link(trial: Trial) -> None:
    text = page(trial, "/account/notices", FOCAL)
    assert "A change for France takes effect soon" in text
    assert 'href="/proposals/P-ABCDEFGH"' in text
    assert "/objections/" not in text


def test_mailbox_of_a_demonstration_shows_links_that_can_be_followed(trial: Trial) -> None:
    text = page(trial, "/mailbox", OTHER)
    assert f'href="/objections/{token_of("link", trial.parts.settings.session_key)}"' in text
    assert "shown to everybody" in text
    assert FOCAL in text


def test_every_page_leads_to_the_notices(trial: Trial) -> None:
    text = page(trial, "/help", OTHER)
    assert 'href="/account/notices"' in text
    assert 'href="/mailbox"' in text
