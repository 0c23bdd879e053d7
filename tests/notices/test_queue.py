"""The outbox: kept with the act, told once, never to whoever acted."""

import pytest
from sqlalchemy.exc import IntegrityError

from directory.policy import Actor
from directory.services.notices import Notice, queue
from tests.notices.conftest import Office


def notice(key: str = "one", **fields: object) -> Notice:
    given = {"kind": "published", "key": key, "address": "desk@justice.example"} | fields
    return Notice(**given)  # type: ignore[arg-type]


def test_nobody_is_told_of_their_own_act(office: Office) -> None:
    own, other = office.account("one@ro.example"), office.account("two@ro.example")
    actor = Actor(name="one@ro.example", account_id=own)
    told = [
        notice("own", account_id=own, address=""),
        notice("own mailbox", address="One@RO.example"),
        notice("other", account_id=other, address=""),
        notice("elsewhere"),
    ]
    with office.parts.unit_of_work() as uow:
        queue(uow, told, office.clock(), by=actor)
    assert [row.key for row in office.rows()] == ["other", "elsewhere"]


def test_same_thing_is_told_once(office: Office) -> None:
    office.queue(notice(params={"entry": "first"}), notice())
    office.queue(notice(params={"entry": "second"}))
    assert office.row().params == {"entry": "first"}


def test_act_that_fails_tells_nothing(office: Office) -> None:
    with pytest.raises(IntegrityError):
        office.queue(notice("before"), notice("nobody", account_id=-1))
    assert office.rows() == []


def test_nothing_to_tell_asks_the_database_nothing(office: Office) -> None:
    with office.parts.unit_of_work() as uow:
        queue(uow, [], office.clock())
        assert not uow.session.in_transaction()
