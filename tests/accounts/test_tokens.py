"""Tokens of programs: whose, for what, until when."""

import datetime as dt
from contextlib import closing

import pytest
from sqlalchemy import Engine, select, update

from directory.db.commits import last_commit
from directory.db.reader import LateConnection
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Role
from directory.errors import Denied, Invalid, InvalidState, NotFound
from directory.models.account import Account, AccountRole, ApiToken
from directory.policy import GRANTS, SYSTEM, Actor, can
from directory.queries.accounts import TokenInUse, find_token, list_tokens
from directory.services.tokens import LASTS_AT_MOST, READING, create_token, revoke_token
from tests.support import factories as make
from tests.support.door import READER, Place, disable_account, open_place


@pytest.fixture
def place(engine: Engine) -> Place:
    return open_place(engine, demo=True)


def find(place: Place, token: str, *, demo: bool = True) -> TokenInUse | None:
    with closing(LateConnection(place.parts.engine)) as reader:
        return find_token(reader, token, place.clock(), demo)


def test_a_token_of_another_account_cannot_be_made_or_revoked(place: Place) -> None:
    place.account()
    stranger = Actor("x@jp.example", 999, roles=frozenset({Role.ADMINISTRATOR}))
    token = place.token()
    with pytest.raises(Denied), place.work() as uow:
        create_token(uow, stranger, READER, "mine", place.clock())
    found = find(place, token)
    assert found is not None
    with pytest.raises(Denied), place.work() as uow:
        revoke_token(uow, stranger, found.token_id, place.clock())


def test_a_token_makes_no_tokens(place: Place) -> None:
    place.account()
    found = find(place, place.token())
    assert found is not None
    with pytest.raises(Denied), place.work() as uow:
        create_token(uow, found.actor, READER, "heir", place.clock())


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"days": 0}, "expires"),
        ({"days": LASTS_AT_MOST.days + 1}, "expires"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": []}, "scopes"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    place: Place, given: dict[str, object], path: str
) -> None:
    place.account()
    wanted = {"name": "trial", "days": 1, "scopes": READING} | given
    expires = place.clock() + dt.timedelta(days=wanted["days"])  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused, place.work() as uow:
        create_token(
            uow,
            SYSTEM,
            READER,
            wanted["name"],  # type: ignore[arg-type]
            place.clock(),
            expires_at=expires,
            scopes=wanted["scopes"],  # type: ignore[arg-type]
        )
    assert [one.path for one in refused.value.problems] == [path]


def test_nobody_and_the_disabled_get_no_token(place: Place) -> None:
    with pytest.raises(NotFound):
        place.token("nobody@fr.example")
    place.account()
    with place.work() as uow:
        disable_account(uow, READER, place.clock())
    with pytest.raises(InvalidState):
        place.token()


def test_the_database_does_not_hold_the_token(place: Place) -> None:
    place.account()
    token = place.token()
    with place.parts.reading() as session:
        row = session.scalars(select(ApiToken)).one()
    assert token.startswith("nad_")
    assert token.startswith(row.prefix)
    assert token[len(row.prefix) :] not in repr(vars(row))


@pytest.mark.parametrize(
    "what", ["wrong", "expired", "revoked", "disabled", "ended account", "no demonstration"]
)
def test_a_token_that_does_not_count_opens_nothing(place: Place, what: str) -> None:
    place.account()
    token = place.token()
    found = find(place, token)
    assert found is not None
    with place.work() as uow:
        if what == "revoked":
            revoke_token(uow, SYSTEM, found.token_id, place.clock())
        elif what == "disabled":
            disable_account(uow, READER, place.clock())
        elif what == "ended account":
            yesterday = place.clock().date() - dt.timedelta(days=1)
            uow.session.execute(update(Account).values(ends_on=yesterday))
    if what == "expired":
        place.clock.move(days=365)
    shown = token[:-1] + "_" if what == "wrong" else token
    assert find(place, shown, demo=what != "no demonstration") is None


def test_a_role_that_ended_gives_no_right(place: Place) -> None:
    account = place.account()
    token = place.token()
    with place.work() as uow:
        today = place.clock().date()
        uow.session.add(AccountRole(account_id=account, role=Role.AUDITOR, ends_on=today))
    found = find(place, token)
    assert found is not None
    assert found.actor.roles == {Role.READER, Role.AUDITOR}
    place.clock.move(days=1)
    later = find(place, token)
    assert later is not None
    assert later.actor.roles == {Role.READER}


def test_what_a_token_shown_before_means_follows_its_account(place: Place) -> None:
    account = place.account()
    token = place.token()
    assert find(place, token) == find(place, token)
    with place.work() as uow:
        uow.session.add(AccountRole(account_id=account, role=Role.AUDITOR))
        uow.session.execute(update(Account).values(state_code="RO"))
    found = find(place, token)
    assert found is not None
    assert (found.actor.state, found.actor.roles) == ("RO", frozenset({Role.READER, Role.AUDITOR}))


def test_a_token_carries_its_owners_rights_narrowed_to_its_scopes(place: Place) -> None:
    place.account()
    found = find(place, place.token(scopes=["states:read"]))
    assert found is not None
    assert found.actor.state == "FR"
    assert can(found.actor, "states:read")
    assert not can(found.actor, "entries:read")


def test_who_shows_a_token_is_found_in_one_statement(place: Place) -> None:
    account = place.account()
    with place.work() as uow:
        uow.session.add(AccountRole(account_id=account, role=Role.FOCAL_POINT))
    token = place.token()
    with make.statement_counter(place.parts.engine) as sent:
        assert find(place, token) is not None
    assert len(sent) == 1


def test_who_shows_a_token_again_is_not_looked_up_while_nobody_commits(place: Place) -> None:
    place.account()
    token = place.token()
    first = find(place, token)
    assert first is not None
    counted = last_commit(place.parts.engine) is not None
    assert counted is (place.parts.engine.dialect.name == "sqlite")
    with make.statement_counter(place.parts.engine) as sent:
        assert find(place, token) == first
        uow = place.work()
        revoke_token(uow, SYSTEM, first.token_id, place.clock())
        assert find(place, token) == first
        uow.__exit__(ZeroDivisionError, None, None)
        assert find(place, token) == first
    assert len([one for one in sent if "AS token_id" in one]) == (0 if counted else 3)


def test_a_token_revoked_by_another_process_opens_nothing_from_then_on(place: Place) -> None:
    place.account()
    token = place.token()
    found = find(place, token)
    assert found is not None
    elsewhere = make_engine(place.parts.engine.url)
    with UnitOfWork(elsewhere) as uow:
        revoke_token(uow, SYSTEM, found.token_id, place.clock())
    elsewhere.dispose()
    assert find(place, token) is None


def test_a_known_token_ends_at_its_minute(place: Place) -> None:
    place.account()
    with place.work() as uow:
        ends = place.clock() + dt.timedelta(hours=2)
        token = create_token(uow, SYSTEM, READER, "short", place.clock(), expires_at=ends)
    assert find(place, token) is not None
    place.clock.move(hours=2)
    assert find(place, token) is None


def test_tokens_are_listed_for_their_owner_only(place: Place) -> None:
    owner = place.account()
    place.account("other@jp.example", state="JP")
    place.token()
    place.token("other@jp.example")
    with place.parts.reading() as session:
        mine = list_tokens(Actor(READER, owner), session)
        everybodys = list_tokens(SYSTEM, session)
    assert [one.email for one in mine] == [READER]
    assert [one.email for one in everybodys] == ["other@jp.example", READER]


def test_revoking_an_unknown_token_says_so(place: Place) -> None:
    with pytest.raises(NotFound), place.work() as uow:
        revoke_token(uow, SYSTEM, 7, place.clock())


def test_a_token_as_it_is_made_reads_everything_the_contract_lets_readers_read() -> None:
    reading = {"counterparts:ask", "coverage:read", "entries:read", "search:ask", "states:read"}
    assert set(READING) == reading <= set(GRANTS)
