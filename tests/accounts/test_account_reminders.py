"""Digests of accounts that are to be confirmed or end; what is over loses every way in."""

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from directory.domain.events import Authentication
from directory.domain.sign_in import SessionLimits
from directory.domain.vocabulary import Role
from directory.exchange.notice_rendering import Facts, compose
from directory.models.account import AccountRole, ApiToken, LoginSession
from directory.services.account_acts import confirm
from directory.services.account_reminders import close_what_is_over, queue_account_reminders
from directory.services.sessions import Browser, open_session
from tests.support.accounts import Office, open_office

HOUR = dt.timedelta(hours=1)
LIMITS = SessionLimits(HOUR, HOUR)


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def remind(office: Office) -> int:
    with office.place.work() as uow:
        return queue_account_reminders(uow, office.rules, office.now)


def test_nothing_is_told_before_the_time(office: Office) -> None:
    office.place.clock.move(days=300)
    assert remind(office) == 0
    assert not office.notices("own_account_due")


def test_focal_points_are_told_of_readers_and_officers_of_the_rest(office: Office) -> None:
    office.place.clock.move(days=340)
    assert remind(office) == 4
    assert office.told("accounts_due") == {"fay", "vera", "vito", "ada"}
    (of_fay,) = office.notices("accounts_due", office.id("fay"))
    assert of_fay.params == {"to_confirm": 1, "ending": 0}
    (of_ada,) = office.notices("accounts_due", office.id("ada"))
    # Everybody of the secretariat but herself, and both focal points.
    assert of_ada.params["to_confirm"] == 5
    assert office.told("own_account_due") == set(office.people)


def test_a_digest_is_told_once_and_again_at_the_next_stage(office: Office) -> None:
    office.place.clock.move(days=340)
    assert [remind(office), remind(office)] == [4, 0]
    office.place.clock.move(days=1)
    assert remind(office) == 0
    office.place.clock.move(days=20)
    assert remind(office) == 4
    assert len(office.notices("own_account_due", office.id("lea"))) == 2


def test_a_reader_without_a_focal_point_is_told_of_to_the_officers(office: Office) -> None:
    office.place.clock.move(days=340)
    for name in ("fay", "rob", "otto", "ada", "vito"):
        office.do(confirm, office["vera"], office.id(name))
    office.set(office.id("fay"), active=False)
    remind(office)
    assert "ada" in office.told("accounts_due")


def test_who_was_confirmed_is_not_told_of(office: Office) -> None:
    office.place.clock.move(days=340)
    office.do(confirm, office["fay"], office.id("lea"))
    remind(office)
    assert "fay" not in office.told("accounts_due")
    assert "lea" not in office.told("own_account_due")


def test_a_role_that_ends_is_told_of_before_its_last_day(office: Office) -> None:
    with office.place.work() as uow:
        row = uow.session.get_one(AccountRole, (office.id("fay"), Role.FOCAL_POINT))
        row.ends_on = office.now.date() + dt.timedelta(days=20)
    assert remind(office) == 3
    (told,) = office.notices("own_account_ends")
    assert told.account_id == office.id("fay")
    (digest,) = office.notices("accounts_due", office.id("vera"))
    assert digest.params == {"to_confirm": 0, "ending": 1}


def test_a_digest_leaves_out_the_line_that_counts_nothing() -> None:
    said = compose(
        "accounts_due", {"to_confirm": 2, "ending": 0}, Facts(base_url="https://d"), "en"
    )
    text = " ".join(said.lines)
    assert "is over: 2." in text
    assert "end soon" not in text
    assert said.links == (("Look through the accounts", "https://d/accounts"),)


def test_what_lapsed_is_revoked_for_good(office: Office) -> None:
    lea = office.id("lea")
    office.place.token(office["lea"].name)
    invited = office.ask("fay")
    with office.place.work() as uow:
        open_session(uow, lea, office.now, LIMITS, Authentication.PASSKEY, Browser())
    assert close(office) == 0
    office.set(lea, confirmed_on=dt.date(2020, 1, 1))
    office.set(invited, ends_on=dt.date(2020, 1, 1))
    assert close(office) == 2
    with office.place.parts.reading() as session:
        assert session.scalars(select(LoginSession.revoked_at)).all() == [office.now]
        assert session.scalars(select(ApiToken.revoked_at)).all() == [office.now]
    assert office.open_links(invited) == 0
    assert office.actions()[-2:] == ["account.over", "account.over"]
    assert close(office) == 0


def close(office: Office) -> int:
    with office.place.work() as uow:
        return close_what_is_over(uow, office.now)
