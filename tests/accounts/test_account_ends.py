"""An account that was disabled, ended or not confirmed opens nothing from that moment on."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.accounts import CONFIRM_EVERY, GRACE
from directory.domain.events import Authentication
from directory.domain.sign_in import SessionLimits
from directory.domain.vocabulary import Role
from directory.errors import NotFound
from directory.models.account import Account, AccountRole, ApiToken
from directory.queries.accounts import find_session, find_to_sign_in, find_token, invited_email
from directory.services.secrets import hash_secret
from directory.services.sessions import Browser, open_session
from tests.support.accounts import invite
from tests.support.door import READER, Place, disable_account, open_place

HOUR = dt.timedelta(hours=1)
Ending = Callable[[UnitOfWork, dt.datetime], None]


@pytest.fixture
def place(engine: Engine) -> Place:
    return open_place(engine)


def disable(uow: UnitOfWork, at: dt.datetime) -> None:
    disable_account(uow, READER, at)


def end_account(uow: UnitOfWork, at: dt.datetime) -> None:
    uow.session.execute(update(Account).values(ends_on=at.date() - dt.timedelta(days=1)))


def end_roles(uow: UnitOfWork, at: dt.datetime) -> None:
    uow.session.execute(update(AccountRole).values(ends_on=at.date() - dt.timedelta(days=1)))


def let_lapse(uow: UnitOfWork, at: dt.datetime) -> None:
    oldest = at.date() - CONFIRM_EVERY - GRACE
    uow.session.execute(update(Account).values(confirmed_on=oldest - dt.timedelta(days=1)))


def keep(_uow: UnitOfWork, _at: dt.datetime) -> None:
    """The control: nothing ends."""


LIMITS = SessionLimits(HOUR, HOUR)
ENDINGS = (disable, end_account, end_roles, let_lapse, keep)


@pytest.mark.parametrize("ending", ENDINGS)
def test_session_token_and_password_open_nothing_once_it_is_over(
    place: Place, ending: Ending
) -> None:
    account, token = place.account(demo=False), place.token()
    at = place.clock()
    with place.work() as uow:
        session_id = hash_secret(
            open_session(uow, account, at, LIMITS, Authentication.PASSKEY, Browser())
        )
    with place.work() as uow:
        ending(uow, at)
    opens = ending is keep
    with place.parts.engine.connect() as connection:
        assert bool(find_session(connection, session_id, at, False)) is opens
        assert bool(find_token(connection, token, at, False)) is opens
    with place.parts.reading() as session:
        assert bool(find_to_sign_in(session, at, False, email=READER)) is opens


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_link_opens_nothing_that_is_closed(place: Place, ending: Ending) -> None:
    at = place.clock()
    with place.work() as uow:
        secret = invite(uow, READER, Role.READER, "FR", at)
    with place.work() as uow:
        ending(uow, at)
    with place.parts.reading() as session:
        if ending is keep:
            assert invited_email(session, secret, at) == READER
            return
        with pytest.raises(NotFound):
            invited_email(session, secret, at)


def test_disabling_revokes_the_tokens_for_good(place: Place) -> None:
    place.account()
    place.token()
    with place.work() as uow:
        disable(uow, place.clock())
    with place.parts.reading() as session:
        assert session.scalars(select(ApiToken.revoked_at)).one() == place.clock()
