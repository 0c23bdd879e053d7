"""What is done to accounts that exist; and what one stolen session of an officer cannot do."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from directory.domain.accounts import CONFIRM_EVERY, GRACE, AccountStatus
from directory.domain.events import Authentication
from directory.domain.sign_in import SessionLimits
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, DomainError, Invalid, InvalidState, NotFound
from directory.models.account import AccountRole
from directory.policy import SYSTEM
from directory.queries.account_domains import list_domains
from directory.queries.account_events import list_own_events
from directory.queries.accounts import find_session, find_token
from directory.services import account_acts as acts
from directory.services import account_requests as requests
from directory.services import invitations
from directory.services.account_domains import add_domain, agree_domain, remove_domain
from directory.services.accounts import Affiliation
from directory.services.secrets import hash_secret
from directory.services.sessions import Browser, open_session
from tests.support.accounts import Office, open_office

HOUR = dt.timedelta(hours=1)
LIMITS = SessionLimits(HOUR, HOUR)


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def day(office: Office, days: int) -> dt.date:
    return office.now.date() + dt.timedelta(days=days)


# --- confirmation


def test_nobody_confirms_themselves(office: Office) -> None:
    for name in ("fay", "vera", "ada"):
        with pytest.raises(Denied):
            office.do(acts.confirm, office[name], office.id(name))
    with pytest.raises(NotFound):
        office.do(acts.confirm, office["lea"], office.id("lea"))


def test_a_focal_point_confirms_a_reader_and_an_officer_a_focal_point(office: Office) -> None:
    office.place.clock.move(days=350)
    assert office.file(office.id("lea")).status is AccountStatus.DUE
    office.do(acts.confirm, office["fay"], office.id("lea"))
    assert office.file(office.id("lea")).confirmed_on == office.now.date()
    with pytest.raises(NotFound):
        office.do(acts.confirm, office["rob"], office.id("fay"))
    office.do(acts.confirm, office["vera"], office.id("fay"))
    assert office.file(office.id("fay")).status is AccountStatus.IN_USE


def test_what_lapsed_is_asked_for_again_instead_of_confirmed(office: Office) -> None:
    lea = office.id("lea")
    office.set(lea, confirmed_on=office.now.date() - CONFIRM_EVERY - GRACE - dt.timedelta(days=1))
    with pytest.raises(InvalidState):
        office.do(acts.confirm, office["fay"], lea)


# --- changes


def test_a_change_that_does_not_fit_is_named_and_one_that_fits_is_kept(office: Office) -> None:
    lea = office.id("lea")
    office.set(lea, ends_on=day(office, 10))
    for belongs, path in (
        (Affiliation(authority=" "), "authority"),
        (Affiliation(authority="Court", ends_on=day(office, 11)), "ends_on"),
        (Affiliation(authority="Court"), "ends_on"),
    ):
        with pytest.raises(Invalid) as refused:
            office.do(acts.change, office["fay"], lea, belongs)
        assert path in {one.path for one in refused.value.problems}
    types = frozenset({CooperationType.MLA})
    given = Affiliation(authority=" Court ", types=types, ends_on=day(office, 9))
    office.do(acts.change, office["fay"], lea, given)
    file = office.file(lea)
    assert (file.authority, file.types, file.ends_on) == ("Court", types, day(office, 9))


def test_a_verifier_changes_nobody_of_the_secretariat_and_a_closed_account_stays(
    office: Office,
) -> None:
    with pytest.raises(Denied):
        office.do(acts.change, office["vera"], office.id("ada"), Affiliation(authority="S"))
    office.set(office.id("lea"), active=False)
    with pytest.raises(InvalidState):
        office.do(acts.change, office["fay"], office.id("lea"), Affiliation(authority="S"))


# --- ends


def test_a_states_last_focal_point_cannot_leave(office: Office) -> None:
    fay = office.id("fay")
    for act in (
        (acts.disable, office["fay"], fay, "retiring", office.rules),
        (acts.disable, office["ada"], fay, "retiring", office.rules),
        (acts.end_role, office["fay"], fay, Role.FOCAL_POINT, None, office.rules),
        (acts.end_role, office["vera"], fay, Role.FOCAL_POINT, day(office, 9), office.rules),
    ):
        with pytest.raises(InvalidState):
            office.do(*act)


def test_a_successor_who_has_not_come_in_is_no_successor_yet(office: Office) -> None:
    account = office.ask("vera", role=Role.FOCAL_POINT)
    office.approve("ada", account)
    leave = (acts.disable, office["fay"], office.id("fay"), "retiring", office.rules)
    with pytest.raises(InvalidState):
        office.do(*leave)
    office.accept(account)
    office.do(*leave)
    assert office.file(office.id("fay")).status is AccountStatus.DISABLED
    assert {"vera", "vito", "ada"} <= office.told("account_closed")


def test_an_officer_closes_a_stolen_account_even_of_the_last_focal_point(office: Office) -> None:
    fay = office.id("fay")
    with pytest.raises(Denied):
        office.do(acts.disable, office["fay"], fay, "mine", office.rules, stolen=True)
    office.do(acts.disable, office["vera"], fay, "phished", office.rules, stolen=True)
    assert office.file(fay).status is AccountStatus.DISABLED
    with pytest.raises(InvalidState):
        office.do(acts.disable, office["vera"], fay, "again", office.rules)


def test_disabling_needs_a_reason(office: Office) -> None:
    with pytest.raises(Invalid):
        office.do(acts.disable, office["fay"], office.id("lea"), "", office.rules)


def test_a_role_ends_on_a_day_or_now(office: Office) -> None:
    office.add("vic", Role.FOCAL_POINT, "FR")
    vic = office.id("vic")
    end = (acts.end_role, office["vera"], vic, Role.FOCAL_POINT)
    with pytest.raises(Invalid):
        office.do(*end, day(office, -1), office.rules)
    office.do(*end, day(office, 9), office.rules)
    assert office.roles(vic) == {Role.FOCAL_POINT: day(office, 9)}
    with pytest.raises(Invalid):
        office.do(*end, day(office, 10), office.rules)
    office.do(*end, None, office.rules)
    assert office.file(vic).status is AccountStatus.ENDED
    with pytest.raises(Denied):
        office.do(*end, None, office.rules)
    with pytest.raises(NotFound):
        office.do(acts.end_role, office["ada"], office.id("vera"), Role.AUDITOR, None, office.rules)


# --- what was begun under another role


def _end_role(office: Office, vic: int) -> None:
    office.do(acts.end_role, office["vera"], vic, Role.FOCAL_POINT, None, office.rules)


def _give_role(office: Office, vic: int) -> None:
    office.do(requests.ask_role, office["vera"], vic, Role.READER, None, office.rules)
    if office.file(vic).request:
        office.approve("ada", vic)


def _hand_over(office: Office, vic: int) -> None:
    office.do(requests.ask_hand_over, office["vera"], vic, office["lea"].name, False, office.rules)
    office.approve("ada", office.id("lea"))


def _disable(office: Office, vic: int) -> None:
    office.do(acts.disable, office["vera"], vic, "trial", office.rules)


def _longer(office: Office, vic: int) -> None:
    office.do(
        requests.ask_role, office["vera"], vic, Role.FOCAL_POINT, day(office, 90), office.rules
    )
    office.approve("ada", vic)


@pytest.mark.parametrize("change", [_end_role, _give_role, _hand_over, _disable, _longer])
def test_no_session_and_no_token_outlives_a_change_of_roles(
    office: Office, change: Callable[[Office, int], None]
) -> None:
    office.add("vic", Role.FOCAL_POINT, "FR")
    vic, at = office.id("vic"), office.now
    token = office.place.token(office["vic"].name, scopes=["entries:read"])
    with office.place.work() as uow:
        if change is _end_role:
            uow.session.add(AccountRole(account_id=vic, role=Role.READER))
        key = hash_secret(open_session(uow, vic, at, LIMITS, Authentication.PASSKEY, Browser()))
    change(office, vic)
    # More time for the same role is no change of what one may do.
    stays = change is _longer
    with office.place.parts.engine.connect() as connection:
        assert bool(find_session(connection, key, at, False)) is stays
        assert bool(find_token(connection, token, at, False)) is stays
    assert (Role.FOCAL_POINT in office.roles(vic)) is (change in {_give_role, _longer, _disable})


def test_an_officer_signs_an_account_out_and_the_log_tells_of_it(office: Office) -> None:
    lea, at = office.id("lea"), office.now
    with office.place.work() as uow:
        for _browser in range(2):
            key = hash_secret(open_session(uow, lea, at, LIMITS, Authentication.PASSKEY, Browser()))
    for stranger in ("rob", "lea", "otto"):
        with pytest.raises(DomainError):
            office.do(acts.end_sessions, office[stranger], lea)
    with office.place.parts.engine.connect() as connection:
        assert find_session(connection, key, at, False)
    office.do(acts.end_sessions, office["vera"], lea)
    with office.place.parts.engine.connect() as connection:
        assert find_session(connection, key, at, False) is None
    with office.place.parts.reading() as session:
        (told,) = (
            one for one in list_own_events(office["lea"], session) if "sessions" in one.action
        )
    assert (told.action, told.is_own) == ("account.sessions_ended", False)


def test_two_focal_points_who_leave_at_once_do_not_both_leave(engine: Engine) -> None:
    office = open_office(engine)
    office.add("vic", Role.FOCAL_POINT, "FR")
    start = threading.Barrier(2)
    refused: list[DomainError] = []

    def leave(name: str) -> None:
        start.wait()
        try:
            office.do(acts.disable, office[name], office.id(name), "retiring", office.rules)
        except DomainError as error:
            refused.append(error)

    people = [threading.Thread(target=leave, args=(name,)) for name in ("fay", "vic")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert [type(one) for one in refused] == [InvalidState]


# --- one stolen session of an administrator


def test_it_does_not_leave_fewer_than_two_officers(office: Office) -> None:
    office.do(acts.disable, office["ada"], office.id("vito"), "x", office.rules)
    for act in (
        (acts.disable, office["ada"], office.id("vera"), "x", office.rules),
        (acts.end_role, office["ada"], office.id("vera"), Role.VERIFIER, None, office.rules),
    ):
        with pytest.raises(InvalidState):
            office.do(*act)
    with pytest.raises(InvalidState):
        office.do(acts.disable, office["ada"], office.id("vera"), "x", office.rules, stolen=True)
    assert "vera" in office.told("account_closed")


def test_once_it_is_closed_what_it_began_is_taken_back(office: Office) -> None:
    thief = office["ada"]
    asked = office.ask("ada", "thief@evil.example", Role.VERIFIER, state="")
    waiting = office.ask("fay", role=Role.FOCAL_POINT)
    office.approve("ada", waiting)
    invited = office.ask("ada", "plain@mj.fr.example")
    assert office.open_links(invited) == 1
    office.do(acts.disable, SYSTEM, thief.account_id, "stolen", office.rules)
    assert office.file(asked).status is AccountStatus.DISABLED
    assert office.open_links(invited) == 0
    request = office.file(waiting).request
    assert request is not None
    assert request.approved_by == frozenset()
    office.approve("vera", waiting)
    assert office.file(waiting).status is AccountStatus.PROPOSED


def test_it_learns_no_link(office: Office) -> None:
    account = office.ask("ada", "plain@mj.fr.example")
    secret = office.link(account)
    kept = [str(one.params) + one.text + one.subject for one in office.notices("account_invited")]
    assert secret
    assert not any(secret in text for text in kept)


def test_a_token_of_it_does_nothing(office: Office) -> None:
    program = replace(office["ada"], scopes=frozenset({"accounts:change", "accounts:read"}))
    with pytest.raises(Denied):
        office.do(acts.disable, program, office.id("lea"), "x", office.rules)
    with pytest.raises(Denied):
        office.do(add_domain, program, "FR", "evil.example", office.rules)


# --- links


def test_a_link_is_renewed_and_revoked_while_the_account_waits(office: Office) -> None:
    account = office.ask("fay")
    first = office.link(account)
    office.place.clock.move(minutes=1)
    office.do(invitations.renew, office["fay"], account, office.rules)
    assert office.link(account) != first
    assert office.open_links(account) == 1
    office.do(invitations.revoke, office["vera"], account)
    assert office.open_links(account) == 0
    with pytest.raises(NotFound):
        office.do(invitations.renew, office["rob"], account, office.rules)


def test_no_link_replaces_a_way_in_that_is_in_use(office: Office) -> None:
    """A new link for an account in use would be a way around recovery by two officers."""
    for act in (
        (invitations.renew, office["ada"], office.id("lea"), office.rules),
        (invitations.revoke, office["ada"], office.id("lea")),
    ):
        with pytest.raises(InvalidState):
            office.do(*act)


def test_a_link_made_under_an_earlier_key_is_sent_right() -> None:
    link = f"nonce.{hash_secret(invitations._secret('nonce', 'old'))}"
    assert invitations.secret_of(link, ["new", "old"]) == invitations._secret("nonce", "old")
    assert invitations.secret_of(link, ["new"]) == ""


# --- domains


@pytest.mark.parametrize(
    ("state", "domain", "path"),
    [
        ("FR", "no domain", "domain"),
        ("XX", "x.example", "state"),
        ("FR", "mj.fr.example", "domain"),
        ("RO", "mj.fr.example", "domain"),
        ("RO", "sub.mj.fr.example", "domain"),
        ("RO", "fr.example", "domain"),
    ],
)
def test_a_domain_that_does_not_fit_is_refused(
    office: Office, state: str, domain: str, path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.do(add_domain, office["ada"], state, domain, office.rules)
    assert {one.path for one in refused.value.problems} == {path}


def test_a_domain_is_for_officers_and_takes_two(office: Office) -> None:
    for name in ("fay", "lea", "otto"):
        with pytest.raises(Denied):
            office.do(add_domain, office[name], "FR", "x.example", office.rules)
        with pytest.raises(Denied):
            office.do(remove_domain, office[name], "mj.fr.example")
    office.do(add_domain, office["ada"], "FR", " @Sub.Mj.fr.example", office.rules)
    assert office.told("domain_waits") == {"vera", "vito"}
    agree = (agree_domain, office["vera"], "sub.mj.fr.example")
    with pytest.raises(Denied):
        office.do(agree_domain, office["ada"], "sub.mj.fr.example")
    office.do(*agree)
    with pytest.raises(InvalidState):
        office.do(*agree)
    office.do(remove_domain, office["ada"], "mj.fr.example")
    with office.place.parts.reading() as session:
        listed = list_domains(office["vera"], session)
    assert [(one.domain, one.is_agreed) for one in listed] == [("sub.mj.fr.example", True)]
    with pytest.raises(NotFound):
        office.do(agree_domain, office["vera"], "mj.fr.example")


def test_the_operators_domain_counts_at_once(office: Office) -> None:
    office.do(add_domain, SYSTEM, "RO", "just.ro.example", office.rules)
    office.do(add_domain, office["ada"], "JP", "moj.jp.example", office.rules)
    office.do(agree_domain, SYSTEM, "moj.jp.example")
    account = office.ask("rob", "a@just.ro.example", state="RO")
    assert office.file(account).status is AccountStatus.INVITED


def test_every_act_stands_in_the_log(office: Office) -> None:
    office.do(acts.confirm, office["fay"], office.id("lea"))
    office.do(acts.disable, office["fay"], office.id("lea"), "left", office.rules)
    assert office.actions()[-2:] == ["account.confirm", "account.disable"]
    assert office.actions()[:2] == ["domain.add", "domain.agree"]


def test_a_request_about_a_closed_account_is_closed_with_it(office: Office) -> None:
    lea = office.id("lea")
    ask = (requests.ask_role, office["vera"], lea, Role.FOCAL_POINT, None, office.rules)
    office.do(*ask)
    office.do(acts.disable, office["vera"], lea, "left", office.rules)
    assert office.file(lea).request is None
