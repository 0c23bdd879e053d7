"""Recovery: two officers, each on their own; nobody else, and nobody twice."""

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError

from directory.domain.vocabulary import Role
from directory.errors import Denied, DomainError, Invalid, InvalidState, NotFound
from directory.models.account import Account, LoginSession
from directory.models.notice import Notice
from directory.models.sign_in import Passkey, Recovery, RecoveryOutcome
from directory.policy import Actor
from directory.queries.recovery import list_recoveries
from directory.services.recovery import approve_recovery, open_recovery, refuse_recovery
from tests.support.accounts import invite
from tests.support.door import READER, Place, sign_in
from tests.support.signing_in import Person, Whole, open_whole, person, with_passkey

PROOF = "Called the desk on the number of March and asked for their colleague."


@pytest.fixture
def whole(engine: Engine) -> Whole:
    return open_whole(engine)


@pytest.fixture
def lost(whole: Whole) -> Person:
    """Who lost everything."""
    return person(whole, READER)


def officer(whole: Whole, name: str, role: Role = Role.VERIFIER) -> Actor:
    email = f"{name}@secretariat.example"
    made = whole.account(email, role, "", demo=False)
    return Actor(email, made, roles=frozenset({role}))


@pytest.fixture
def first(whole: Whole) -> Actor:
    return officer(whole, "first")


@pytest.fixture
def second(whole: Whole) -> Actor:
    return officer(whole, "second", Role.ADMINISTRATOR)


def opened(place: Place, actor: Actor, email: str = READER, proof: str = PROOF) -> int:
    with place.work() as uow:
        return open_recovery(uow, actor, email, proof, place.clock())


def approved(place: Place, actor: Actor, number: int, proof: str = PROOF) -> str:
    with place.work() as uow:
        return approve_recovery(uow, actor, number, proof, place.clock())


def refused(place: Place, actor: Actor, number: int) -> None:
    with place.work() as uow:
        refuse_recovery(uow, actor, number, PROOF, place.clock())


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUDITOR])
def test_only_officers_prove(whole: Whole, lost: Person, first: Actor, role: Role) -> None:
    stranger = Actor("x@fr.example", 99, "FR", roles=frozenset({role}))
    number = opened(whole, first)
    for attempt in (
        lambda: opened(whole, stranger),
        lambda: approved(whole, stranger, number),
        lambda: refused(whole, stranger, number),
    ):
        with pytest.raises(Denied):
            attempt()


def test_one_officer_does_not_recover_alone(whole: Whole, lost: Person, first: Actor) -> None:
    number = opened(whole, first)
    with pytest.raises(InvalidState, match="another officer"):
        approved(whole, first, number)
    assert lost.client.get("/account").status_code == 200


def test_the_database_refuses_one_officer_too(whole: Whole, lost: Person, first: Actor) -> None:
    number = opened(whole, first)
    given = {
        "outcome": RecoveryOutcome.APPROVED,
        "closed_at": whole.clock(),
        "closed_by": first.account_id,
    }
    mine = update(Recovery).where(Recovery.id == number).values(**given)
    with pytest.raises(IntegrityError), whole.work() as uow:
        uow.session.execute(mine)


def test_nobody_proves_themselves(whole: Whole, first: Actor, second: Actor) -> None:
    with whole.work() as uow:
        for account in uow.session.scalars(select(Account)):
            account.accepted_at = whole.clock()
    with pytest.raises(InvalidState, match="your own"):
        opened(whole, first, first.name)
    number = opened(whole, second, first.name)
    with pytest.raises(InvalidState, match="your own"):
        approved(whole, first, number)


@pytest.mark.parametrize(
    ("email", "proof", "error"),
    [
        ("nobody@fr.example", PROOF, Invalid),
        ("nul\0@fr.example", PROOF, Invalid),
        (READER, "it is them", Invalid),
        (READER, "x" * 2001, Invalid),
        ("invited@fr.example", PROOF, InvalidState),
    ],
)
def test_what_makes_no_sense_is_refused(
    whole: Whole, lost: Person, first: Actor, email: str, proof: str, error: type[DomainError]
) -> None:
    with whole.work() as uow:
        invite(uow, "invited@fr.example", Role.READER, "FR", whole.clock())
    with pytest.raises(error):
        opened(whole, first, email, proof)


def test_there_is_one_open_recovery_of_an_account(
    whole: Whole, lost: Person, first: Actor, second: Actor
) -> None:
    opened(whole, first)
    with pytest.raises(InvalidState, match="open already"):
        opened(whole, second)
    whole.clock.move(days=7)
    assert opened(whole, second) == 2


def test_a_recovery_ends(whole: Whole, lost: Person, first: Actor, second: Actor) -> None:
    number = opened(whole, first)
    whole.clock.move(days=7)
    with pytest.raises(InvalidState, match="over"):
        approved(whole, second, number)
    with pytest.raises(NotFound):
        approved(whole, second, 99)


def test_after_two_officers_every_way_in_is_gone_but_the_new_link(
    whole: Whole, lost: Person, first: Actor, second: Actor
) -> None:
    with_passkey(whole, lost.id)
    secret = approved(whole, second, opened(whole, first))
    assert lost.client.get("/account").status_code == 302
    assert sign_in(whole.client(), READER).status_code == 422
    with whole.parts.reading() as session:
        account = session.get_one(Account, lost.id)
        assert (account.password_hash, account.tf_totp_secret) == ("", None)
        assert session.scalars(select(Passkey)).all() == []
        assert all(one.revoked_at for one in session.scalars(select(LoginSession)))
    assert whole.client().get(f"/invitation/{secret}").status_code == 200


def test_a_decided_recovery_is_not_decided_again(
    whole: Whole, lost: Person, first: Actor, second: Actor
) -> None:
    number = opened(whole, first)
    refused(whole, first, number)
    with pytest.raises(InvalidState):
        approved(whole, second, number)
    assert lost.client.get("/account").status_code == 200


def test_the_owner_and_the_other_officers_are_told_of_each_step(
    whole: Whole, lost: Person, first: Actor, second: Actor
) -> None:
    approved(whole, second, opened(whole, first))
    with whole.parts.reading() as session:
        rows = session.execute(select(Notice.kind, Notice.account_id).order_by(Notice.id)).all()
    told = {(kind, account) for kind, account in rows if kind.startswith("recovery")}
    assert told == {
        ("recovery_opened", lost.id),
        ("recovery_opened", second.account_id),
        ("recovery_approved", lost.id),
        ("recovery_approved", first.account_id),
    }


def test_the_pages_of_recovery_from_opening_to_the_link(whole: Whole, lost: Person) -> None:
    one = person(whole, "one@secretariat.example", Role.VERIFIER, "")
    other = person(whole, "other@secretariat.example", Role.ADMINISTRATOR, "")
    address = "/accounts/recoveries"
    assert one.send(address, email="nobody@fr.example", proof=PROOF).status_code == 422
    assert one.send(address, email=READER, proof=PROOF).status_code == 303
    assert one.send(f"{address}/1/approve", proof=PROOF).status_code == 409
    page = other.send(f"{address}/1/approve", proof=PROOF)
    assert page.status_code == 200
    assert "/invitation/" in page.text
    assert "/invitation/" not in other.client.get(address).text
    assert lost.client.get("/account").status_code == 302


def test_officers_see_recoveries_and_others_do_not(
    whole: Whole, lost: Person, first: Actor, second: Actor
) -> None:
    opened(whole, first)
    with whole.parts.reading() as session:
        assert [one.may_approve for one in list_recoveries(first, session)] == [False]
        assert [one.may_approve for one in list_recoveries(second, session)] == [True]
        with pytest.raises(Denied):
            list_recoveries(Actor("r", 9, "FR", roles=frozenset({Role.READER})), session)
    assert lost.client.get("/accounts/recoveries").status_code == 403
