"""The guided first visit: the records tick its steps off, and its owner can hide it."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from directory.domain.vocabulary import Role
from directory.errors import Denied
from directory.models.account import Account
from directory.queries.first_visit import FirstVisit, read_first_visit
from directory.web.first_visit import COOKIE, steps_of
from tests.audit.conftest import AUTHORITY, FOCAL_FR, FOCAL_RO, FRENCH, POINT, READER, House
from tests.support.door import form_token
from tests.support.factories import actor, reader
from tests.web.test_pages import words

TITLE = "Your first visit"


def desk(house: House, email: str = FOCAL_RO) -> str:
    return words(house.person(email).get("/desk").get_data(as_text=True))


def visit(house: House, state: str = "RO", email: str = FOCAL_RO) -> FirstVisit:
    house.audit.flush()
    who = replace(actor(Role.FOCAL_POINT, state=state), account_id=house.ids[email])
    with house.parts.reading() as session:
        return read_first_visit(who, session)


def test_reader_has_no_first_visit(house: House) -> None:
    with house.parts.reading() as session, pytest.raises(Denied):
        read_first_visit(reader(), session)


def test_nothing_is_done_at_first(house: House) -> None:
    assert visit(house) == FirstVisit(has_second_factor=False, looked_at=0, has_readers=False)
    shown = desk(house)
    assert TITLE in shown
    assert "0 of 34 opened" in shown
    assert "0 of 34 confirmed" in shown


def test_entries_of_others_and_looks_of_others_do_not_count(house: House) -> None:
    house.person(FOCAL_RO).get(f"/entries/{FRENCH}")
    house.person(FOCAL_FR).get(f"/entries/{AUTHORITY}")
    assert visit(house).looked_at == 0


def test_each_entry_that_was_opened_counts_once(house: House) -> None:
    for entry in (AUTHORITY, AUTHORITY, POINT):
        house.person(FOCAL_RO).get(f"/entries/{entry}")
    assert visit(house).looked_at == 2
    assert "2 of 34 opened" in desk(house)


def test_readers_of_the_own_state_alone_count(house: House) -> None:
    assert visit(house, "FR", FOCAL_FR).has_readers
    with house.work() as uow:
        gone = update(Account).where(Account.state_code == "FR", Account.email != FOCAL_FR)
        uow.session.execute(gone.values(active=False))
    assert not visit(house, "FR", FOCAL_FR).has_readers


def test_steps_vanish_when_all_is_done(house: House) -> None:
    done = FirstVisit(has_second_factor=True, looked_at=0, has_readers=True)
    with house.app.test_request_context("/desk"):
        assert [step.done for step in steps_of(done, [])] == [True, True, True, True]
        missing = [step.done for step in steps_of(replace(done, has_readers=False), [])]
    assert missing == [True, True, True, False]


def test_a_second_factor_of_either_kind_counts(house: House) -> None:
    with house.work() as uow:
        uow.session.execute(
            update(Account)
            .where(Account.email == FOCAL_RO)
            .values(tf_primary_method="authenticator", tf_totp_secret="sealed")
        )
    assert visit(house).has_second_factor
    assert not visit(house, "FR", FOCAL_FR).has_second_factor


def test_steps_can_be_hidden_by_their_owner_in_one_browser(house: House) -> None:
    client = house.person(FOCAL_RO)
    token = form_token(client.get("/desk"))
    answer = client.post("/desk/first-visit/hide", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get_cookie(COOKIE) is not None
    assert TITLE not in desk(house)
    assert TITLE in desk(house, FOCAL_FR)


def test_reader_hides_nothing(house: House) -> None:
    client = house.person(READER)
    token = form_token(client.get("/help"))
    assert client.post("/desk/first-visit/hide", data={"csrf_token": token}).status_code == 403
