"""Asking for accounts, roles and hand-overs: who may, how many must agree, what then happens."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from directory.domain.accounts import AccountStatus
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, Invalid, InvalidState, NotFound
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.policy import SYSTEM
from directory.queries.accounts import invited_email
from directory.services import account_requests as requests
from directory.services.account_acts import disable
from directory.services.account_domains import add_domain
from tests.support.accounts import NEW, Office, open_office


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def day(office: Office, days: int) -> dt.date:
    return office.now.date() + dt.timedelta(days=days)


# --- refusals


@pytest.mark.parametrize(
    ("asker", "role", "state"),
    [
        ("lea", Role.READER, "FR"),
        ("otto", Role.READER, "FR"),
        ("rob", Role.READER, "FR"),
        ("rob", Role.FOCAL_POINT, "FR"),
        ("fay", Role.VERIFIER, ""),
        ("fay", Role.ADMINISTRATOR, "FR"),
    ],
)
def test_who_may_not_invite_is_refused_and_nothing_is_kept(
    office: Office, asker: str, role: Role, state: str
) -> None:
    with pytest.raises(Denied):
        office.ask(asker, role=role, state=state)
    with office.place.parts.reading() as session:
        assert session.scalar(select(Account.id).where(Account.email == NEW)) is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "Lea@fr.example "}, "email"),
        ({"email": "n\u0435w@mj.fr.example"}, "email"),
        ({"state": "XX"}, "state"),
        ({"authority": "  "}, "authority"),
        ({"authority": "x" * 201}, "authority"),
        ({"ends_on": dt.date(2026, 11, 22)}, "ends_on"),
        ({"role": Role.VERIFIER}, "state"),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(
    office: Office, given: dict[str, object], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.ask("ada", **given)  # type: ignore[arg-type]
    assert [one.path for one in refused.value.problems] == [path]


def test_everything_that_does_not_fit_is_named_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.ask("ada", "", authority="", state="XX", ends_on=dt.date(2020, 1, 1))
    assert {one.path for one in refused.value.problems} == {
        "email",
        "authority",
        "state",
        "ends_on",
    }


def test_one_officer_alone_makes_no_focal_point_and_no_officer(office: Office) -> None:
    for email, role, state in (
        ("a@mj.fr.example", Role.FOCAL_POINT, "FR"),
        (NEW, Role.VERIFIER, ""),
    ):
        account = office.ask("ada", email, role, state=state)
        assert office.file(account).status is AccountStatus.PROPOSED
        with pytest.raises(Denied):
            office.approve("ada", account)
        assert not office.roles(account)
        assert not office.open_links(account)


def test_one_officers_word_counts_once(office: Office) -> None:
    account = office.ask("fay", role=Role.FOCAL_POINT)
    office.approve("vera", account)
    with pytest.raises(Denied):
        office.approve("vera", account)
    assert office.file(account).status is AccountStatus.PROPOSED


def test_no_officer_raises_the_own_account(office: Office) -> None:
    with pytest.raises(Denied):
        office.do(
            requests.ask_role, office["ada"], office.id("ada"), Role.VERIFIER, None, office.rules
        )


def test_an_officer_does_not_agree_to_a_role_of_their_own(office: Office) -> None:
    office.do(
        requests.ask_role, office["ada"], office.id("vera"), Role.ADMINISTRATOR, None, office.rules
    )
    with pytest.raises(Denied):
        office.approve("vera", office.id("vera"))
    office.approve("vito", office.id("vera"))
    assert set(office.roles(office.id("vera"))) == {Role.VERIFIER, Role.ADMINISTRATOR}


def test_a_second_request_for_an_account_waits_for_the_first(office: Office) -> None:
    ask = (
        requests.ask_role,
        office["vera"],
        office.id("lea"),
        Role.FOCAL_POINT,
        None,
        office.rules,
    )
    office.do(*ask)
    with pytest.raises(InvalidState):
        office.do(*ask)


def test_what_was_decided_is_not_decided_again(office: Office) -> None:
    account = office.ask("ada", role=Role.FOCAL_POINT)
    office.approve("vera", account)
    with pytest.raises(InvalidState) as refused:
        office.approve("vito", account)
    assert refused.value.overtaken
    with pytest.raises(Denied):
        office.do(requests.decline, office["vito"], office.request_of(account), "no")
    with pytest.raises(NotFound):
        office.do(requests.approve, office["vito"], 999, office.rules)


def test_accounts_of_other_states_are_not_known_to_a_focal_point(office: Office) -> None:
    with pytest.raises(NotFound):
        office.do(
            requests.ask_role, office["rob"], office.id("lea"), Role.FOCAL_POINT, None, office.rules
        )


def test_a_role_of_another_kind_does_not_fit_the_account(office: Office) -> None:
    with pytest.raises(Invalid):
        office.do(
            requests.ask_role, office["ada"], office.id("lea"), Role.VERIFIER, None, office.rules
        )


def test_declining_needs_a_reason_and_somebody_who_may(office: Office) -> None:
    account = office.ask("fay", role=Role.FOCAL_POINT)
    asked = office.request_of(account)
    with pytest.raises(Invalid):
        office.do(requests.decline, office["vera"], asked, "  ")
    with pytest.raises(Denied):
        office.do(requests.decline, office["rob"], asked, "no")


# --- what is granted


def test_a_focal_point_invites_a_reader_whose_address_is_plain(office: Office) -> None:
    account = office.ask("fay", types=frozenset({CooperationType.MLA}))
    assert office.file(account).status is AccountStatus.INVITED
    (mail,) = office.notices("account_invited")
    assert mail.account_id == account
    assert office.told("account_waits") == set()
    office.accept(account)
    assert office.file(account).status is AccountStatus.IN_USE
    assert "fay" in office.told("account_accepted")


@pytest.mark.parametrize(
    ("email", "sign"),
    [
        ("new@elsewhere.example", "outside"),
        ("lea@mj-fr.example", "like_domain"),
        ("iea@fr.example", "like_address"),
    ],
)
def test_an_address_that_is_not_plain_takes_an_officer(
    office: Office, email: str, sign: str
) -> None:
    account = office.ask("fay", email)
    request = office.file(account).request
    assert request is not None
    assert sign in {one.code for one in request.signs}
    assert office.told("account_waits") == {"vera", "vito", "ada"}
    office.approve("vito", account)
    assert office.file(account).status is AccountStatus.INVITED


def test_a_domain_that_one_officer_added_makes_no_address_plain(office: Office) -> None:
    """One stolen session of an officer lets no reader in by a domain of the thief's."""
    office.do(add_domain, office["ada"], "FR", "evil.example", office.rules)
    account = office.ask("ada", "thief@evil.example")
    assert office.file(account).status is AccountStatus.PROPOSED


def test_two_officers_make_a_focal_point(office: Office) -> None:
    account = office.ask("fay", role=Role.FOCAL_POINT, ends_on=day(office, 90))
    office.approve("vera", account)
    assert office.file(account).status is AccountStatus.PROPOSED
    office.approve("ada", account)
    assert office.roles(account) == {Role.FOCAL_POINT: day(office, 90)}
    assert office.open_links(account) == 1


def test_the_officer_who_asks_is_one_of_the_two(office: Office) -> None:
    account = office.ask("vera", role=Role.FOCAL_POINT)
    assert "vera" not in office.told("account_waits")
    office.approve("ada", account)
    assert office.file(account).status is AccountStatus.INVITED


def test_a_declined_account_is_closed_and_who_asked_is_told(office: Office) -> None:
    account = office.ask("fay", role=Role.FOCAL_POINT)
    office.do(requests.decline, office["vera"], office.request_of(account), "not on our list")
    assert office.file(account).status is AccountStatus.DISABLED
    (told,) = office.notices("account_declined")
    assert (told.account_id, told.params["text"]) == (office.id("fay"), "not on our list")


def test_who_asked_takes_it_back(office: Office) -> None:
    account = office.ask("fay", role=Role.FOCAL_POINT)
    office.do(requests.decline, office["fay"], office.request_of(account), "a mistake")
    assert not office.notices("account_declined")


def test_a_role_lasts_longer_only_as_two_officers_agree(office: Office) -> None:
    fay = office.id("fay")
    office.do(
        requests.ask_role, office["vera"], fay, Role.FOCAL_POINT, day(office, 300), office.rules
    )
    assert office.roles(fay) == {Role.FOCAL_POINT: None}
    office.set(fay, ends_on=day(office, 10))
    office.approve("ada", fay)
    assert office.roles(fay) == {Role.FOCAL_POINT: day(office, 300)}
    assert office.file(fay).ends_on == day(office, 300)
    assert office.told("account_granted") == {"fay"}


def test_who_comes_back_begins_anew_without_old_roles_and_passwords(office: Office) -> None:
    rob = office.id("rob")
    office.do(disable, office["ada"], rob, "left", office.rules, stolen=True)
    office.do(requests.ask_role, office["vera"], rob, Role.READER, None, office.rules)
    assert office.file(rob).status is AccountStatus.DISABLED
    office.approve("ada", rob)
    assert set(office.roles(rob)) == {Role.READER}
    assert office.file(rob).status is AccountStatus.INVITED
    with office.place.parts.reading() as session:
        assert session.get_one(Account, rob).password_hash == ""


def test_the_operator_needs_nobody(office: Office) -> None:
    wanted = requests.Wanted(
        email="first@secretariat.example", role=Role.ADMINISTRATOR, authority="S"
    )
    made = office.do(_ask_for_operator, wanted, office)
    assert office.file(made).status is AccountStatus.INVITED
    waiting = office.ask("fay", role=Role.FOCAL_POINT)
    office.do(requests.approve, SYSTEM, office.request_of(waiting), office.rules)
    assert office.file(waiting).status is AccountStatus.INVITED
    other = office.ask("fay", "other@mj.fr.example", role=Role.FOCAL_POINT)
    office.do(requests.decline, SYSTEM, office.request_of(other), "no")
    assert office.file(other).status is AccountStatus.DISABLED


def _ask_for_operator(uow: object, wanted: requests.Wanted, office: Office, at: dt.datetime) -> int:
    return requests.ask_account(uow, SYSTEM, wanted, office.rules, at).account_id  # type: ignore[arg-type]


def test_the_log_names_nobody_in_clear(office: Office) -> None:
    office.ask("fay", "new@elsewhere.example")
    with office.place.parts.reading() as session:
        rows = session.scalars(select(LogEvent).where(LogEvent.subject_kind == "account")).all()
    texts = [str((row.before, row.after, row.reason, row.subject_id, row.actor)) for row in rows]
    assert rows
    assert not any("example" in text for text in texts)


# --- hand-over


def hand_over(office: Office, asker: str, email: str = NEW, leaves: bool = False) -> int:
    office.do(requests.ask_hand_over, office[asker], office.id("fay"), email, leaves, office.rules)
    with office.place.parts.reading() as session:
        return session.scalars(select(Account.id).where(Account.email == email)).one()


def test_only_a_focal_point_hands_over_and_to_somebody_who_fits(office: Office) -> None:
    with pytest.raises(Invalid):
        hand_over(office, "fay", office["fay"].name)
    with pytest.raises(Invalid):
        hand_over(office, "fay", office["rob"].name)
    with pytest.raises(Invalid):
        hand_over(office, "fay", "no address")
    with pytest.raises(NotFound):
        hand_over(office, "rob")
    with pytest.raises(NotFound):
        hand_over(office, "lea")
    with pytest.raises(Denied):
        office.do(requests.ask_hand_over, office["fay"], office.id("lea"), NEW, False, office.rules)
    office.set(office.id("fay"), ends_on=day(office, -1))
    with pytest.raises(InvalidState):
        hand_over(office, "ada")


def test_nobody_steps_down_before_the_successor_has_come_in(office: Office) -> None:
    successor = hand_over(office, "fay", leaves=True)
    assert office.file(successor).authority == office.file(office.id("fay")).authority
    for officer in ("vera", "ada"):
        assert Role.FOCAL_POINT in office.roles(office.id("fay"))
        office.approve(officer, successor)
    assert Role.FOCAL_POINT in office.roles(office.id("fay"))
    office.accept(successor)
    assert office.file(office.id("fay")).status is AccountStatus.DISABLED
    assert set(office.roles(successor)) == {Role.FOCAL_POINT}


def test_a_successor_who_is_in_already_takes_over_with_the_last_word(office: Office) -> None:
    successor = hand_over(office, "vera", office["lea"].name)
    office.approve("ada", successor)
    assert set(office.roles(office.id("fay"))) == {Role.READER}
    assert set(office.roles(successor)) == {Role.READER, Role.FOCAL_POINT}
    assert {"fay", "vera"} <= office.told("account_handed_over")


def test_the_predecessor_does_not_agree_to_the_own_hand_over(office: Office) -> None:
    office.people["fay"] = replace(
        office["fay"], roles=frozenset({Role.FOCAL_POINT, Role.VERIFIER})
    )
    successor = hand_over(office, "ada")
    with pytest.raises(Denied):
        office.approve("fay", successor)


def test_an_invitation_opens_no_account_that_was_closed_meanwhile(office: Office) -> None:
    account = office.ask("fay")
    secret = office.link(account)
    office.do(disable, office["fay"], account, "left", office.rules)
    with office.place.parts.reading() as session, pytest.raises(NotFound):
        invited_email(session, secret, office.now)
