"""Accounts: invited, given a password by their owner, disabled."""

import datetime as dt

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from directory.db.migration import differences
from directory.domain.key_ring import KeyRing
from directory.domain.vocabulary import Role
from directory.errors import Denied, Invalid, InvalidState, NotFound, Unavailable
from directory.models.account import Account
from directory.policy import SYSTEM, Actor
from directory.queries import accounts as queries
from directory.services import accounts as services
from directory.services import demo_accounts, passwords
from tests.support.accounts import invite as invited
from tests.support.door import PASSWORD, PEPPER, READER, Place, disable_account, open_place

ADMINISTRATOR = Actor("admin@secretariat.example", 1, roles=frozenset({Role.ADMINISTRATOR}))
OFFICER = "officer@secretariat.example"


@pytest.fixture
def place(engine: Engine) -> Place:
    return open_place(engine)


def invite(place: Place, email: str = OFFICER, role: Role = Role.VERIFIER, state: str = "") -> str:
    with place.work() as uow:
        return invited(uow, email, role, state, place.clock())


def accept(place: Place, secret: str, password: str = PASSWORD) -> None:
    with place.work() as uow:
        services.accept_invitation(uow, secret, password, PEPPER, place.clock())


def hash_of(place: Place, email: str) -> str:
    with place.parts.reading() as session:
        return session.scalars(select(Account.password_hash).where(Account.email == email)).one()


def test_the_models_are_the_schema(engine: Engine) -> None:
    assert differences(engine) == []


def test_only_the_operator_invites_without_officers(place: Place) -> None:
    place.account()
    with pytest.raises(Denied), place.work() as uow:
        services.prepare_invited(uow, ADMINISTRATOR, OFFICER, Role.VERIFIER, "", place.clock())
    with pytest.raises(Denied), place.parts.reading() as session:
        queries.list_accounts(ADMINISTRATOR, session)


@pytest.mark.parametrize(
    ("email", "role", "state", "path"),
    [
        ("no address", Role.VERIFIER, "", "email"),
        ("@fr.example", Role.READER, "FR", "email"),
        (READER.upper(), Role.READER, "FR", "email"),
        (OFFICER, Role.VERIFIER, "FR", "state"),
        (OFFICER, Role.READER, "", "state"),
        (OFFICER, Role.READER, "XX", "state"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    place: Place, email: str, role: Role, state: str, path: str
) -> None:
    place.account()
    with pytest.raises(Invalid) as refused, place.work() as uow:
        services.add_account(uow, email, role, state, place.clock())
    assert path in {one.path for one in refused.value.problems}


@pytest.mark.parametrize(
    "row",
    [
        {"email": "Upper@fr.example"},
        {"tf_primary_method": "authenticator"},
        {"state_code": "XX"},
    ],
)
def test_the_database_refuses_half_accounts(place: Place, row: dict[str, object]) -> None:
    whole = {
        "email": "a@fr.example",
        "fs_uniquifier": "u",
        "cooperation_types": [],
        "created_at": place.clock(),
    }
    with pytest.raises(IntegrityError), place.work() as uow:
        uow.session.execute(insert(Account), [whole | row])


def test_no_password_fits_an_account_that_was_only_invited(place: Place) -> None:
    invite(place)
    assert hash_of(place, OFFICER) == ""
    assert not passwords.fits("", "", KeyRing(PEPPER))


def test_an_invitation_is_accepted_once(place: Place) -> None:
    secret = invite(place)
    accept(place, secret)
    assert passwords.fits(PASSWORD, hash_of(place, OFFICER), KeyRing(PEPPER))
    with pytest.raises(NotFound):
        accept(place, secret, "another horse battery staple")


def test_an_invitation_ends(place: Place) -> None:
    secret = invite(place)
    place.clock.move(days=3, seconds=1)
    with pytest.raises(NotFound):
        accept(place, secret)


def test_a_weak_password_uses_no_invitation_up(place: Place) -> None:
    secret = invite(place)
    with pytest.raises(Invalid):
        accept(place, secret, "short")
    with pytest.raises(Invalid):
        accept(place, secret, "qwerty123456")
    accept(place, secret)


def test_an_account_in_use_gets_no_link_from_the_operator_alone(place: Place) -> None:
    """It would be a way around recovery, which takes two officers."""
    accept(place, invite(place))
    with pytest.raises(InvalidState, match="two officers recover it"):
        invite(place)
    assert passwords.fits(PASSWORD, hash_of(place, OFFICER), KeyRing(PEPPER))


def test_a_new_invitation_voids_earlier_links(place: Place) -> None:
    first, second = invite(place), invite(place)
    with pytest.raises(NotFound):
        accept(place, first)
    accept(place, second)


def test_a_disabled_account_is_not_invited_again(place: Place) -> None:
    secret = invite(place)
    with place.work() as uow:
        disable_account(uow, OFFICER, place.clock())
    with pytest.raises(InvalidState):
        invite(place)
    with pytest.raises(NotFound):
        accept(place, secret)


def test_disabling_an_unknown_account_says_so(place: Place) -> None:
    with pytest.raises(NotFound), place.work() as uow:
        disable_account(uow, "nobody@fr.example", place.clock())


def test_a_code_is_taken_once_and_no_earlier_one_after_it(place: Place) -> None:
    account = place.account()
    taken = []
    for step in (100, 100, 99, 101):
        with place.work() as uow:
            taken.append(services.use_code(uow, account, step))
    assert taken == [True, False, False, True]


def test_a_second_factor_is_not_replaced_by_setting_up_again(place: Place) -> None:
    account = place.account()
    for secret in ("first", "second"):
        with place.work() as uow:
            services.keep_second_factor(uow, account, "authenticator", secret)
    with place.parts.reading() as session:
        assert session.scalars(select(Account.tf_totp_secret)).one() == "first"


def test_a_pepper_is_part_of_every_password(place: Place) -> None:
    place.account()
    assert passwords.fits(PASSWORD, hash_of(place, READER), KeyRing(PEPPER))
    assert not passwords.fits(PASSWORD, hash_of(place, READER), KeyRing(PEPPER + "x"))


@pytest.mark.parametrize("typed", ["caf\u00e9 horse battery", "cafe\u0301 horse battery"])
def test_accents_fit_however_they_were_typed(typed: str) -> None:
    kept = passwords.hash_password("caf\u00e9 horse battery", PEPPER)
    assert passwords.fits(typed, kept, KeyRing(PEPPER))


@pytest.mark.parametrize("typed", ["x" * 10_000, "\x00", "\ud800", ""])
def test_hostile_passwords_just_do_not_fit(typed: str) -> None:
    assert not passwords.fits(typed, passwords.hash_password(PASSWORD, PEPPER), KeyRing(PEPPER))
    assert not passwords.fits(typed, "not a hash", KeyRing(PEPPER))


def test_a_storm_of_sign_ins_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    with passwords._TURNS, pytest.raises(Unavailable):
        passwords.hash_password(PASSWORD, PEPPER)


def test_beside_who_hashes_one_may_wait_and_all_others_are_told_to_come_back_at_once() -> None:
    with passwords._PLACES, passwords._PLACES, pytest.raises(Unavailable):
        passwords.hash_password(PASSWORD, PEPPER)


def test_hashing_inside_ones_turn_waits_for_nobody() -> None:
    with passwords.turn():
        kept = passwords.hash_password(PASSWORD, PEPPER)
    assert passwords.fits(PASSWORD, kept, KeyRing(PEPPER))


def test_demonstration_accounts_exist_only_in_a_demonstration(place: Place) -> None:
    with pytest.raises(InvalidState), place.work() as uow:
        demo_accounts.ensure_demo_accounts(uow, place.parts.settings, place.clock())


def test_demonstration_passwords_are_made_and_told_once(engine: Engine) -> None:
    place = open_place(engine, demo=True)
    told = []
    for _run in range(2):
        with place.work() as uow:
            told.append(
                demo_accounts.ensure_demo_accounts(uow, place.parts.settings, place.clock())
            )
    first, second = told
    assert sorted(first) == sorted(one.email for one in demo_accounts.DEMO_ACCOUNTS)
    assert len(set(first.values())) == len(first) == 8
    assert second == {}
    with place.parts.reading() as session:
        listed = queries.list_accounts(SYSTEM, session)
        assert not queries.has_accounts_beyond_demo(session)
    assert all(one.demo and len(one.roles) == 1 for one in listed)


def test_the_operator_sees_every_account(place: Place) -> None:
    place.account()
    invite(place)
    with place.work() as uow:
        ends = place.clock().date() + dt.timedelta(days=1)
        uow.session.execute(update(Account).values(ends_on=ends))
    with place.parts.reading() as session:
        listed = {one.email: one for one in queries.list_accounts(SYSTEM, session)}
        assert queries.has_accounts_beyond_demo(session)
    assert listed[READER].state == "FR"
    assert listed[READER].ends_on == ends
    assert listed[OFFICER].roles == (Role.VERIFIER,)
    assert not listed[OFFICER].second_factor
