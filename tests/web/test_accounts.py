"""The pages of accounts: who sees whom, what is offered, what a refusal says, what it costs."""

import re

import pytest
from sqlalchemy import Engine, select

from directory.domain.vocabulary import Role
from directory.models.account import Account, AccountRequest
from directory.services.accounts import add_account
from tests.support.secretariat import COLLEAGUE, FIRST, PROPOSER, SECOND, Office, open_office
from tests.support.trial import counted_statements

ADMIN, AUDITOR, READER = (
    "admin@secretariat.example",
    "auditor@secretariat.example",
    "reader@fr.example",
)
NEW = "new@just.ro.example"
FORM = {"email": NEW, "role": "reader", "state": "RO", "authority": "Ministry of Justice"}


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def account_id(office: Office, email: str) -> int:
    with office.place.parts.reading() as session:
        return session.scalars(select(Account.id).where(Account.email == email)).one()


def page_of(office: Office, email: str) -> str:
    return f"/accounts/{account_id(office, email)}"


def request_id(office: Office, email: str) -> int:
    with office.place.parts.reading() as session:
        about = AccountRequest.account_id == account_id(office, email)
        return session.scalars(select(AccountRequest.id).where(about)).one()


def list_domain(office: Office, domain: str = "just.ro.example") -> None:
    """The domain is agreed on by two officers."""
    added = office.post(FIRST, "/accounts/domains", state="RO", domain=domain)
    assert added.status_code == 303
    assert office.post(SECOND, "/accounts/domains/agree", domain=domain).status_code == 303


# --- refusals


@pytest.mark.parametrize("email", [READER, AUDITOR])
@pytest.mark.parametrize(
    "address", ["/accounts", "/accounts/1", "/accounts/invite", "/accounts/domains"]
)
def test_readers_and_auditors_see_no_account(office: Office, email: str, address: str) -> None:
    office.get(email, address, 403)


def test_a_focal_point_sees_the_own_state_only(office: Office) -> None:
    page = office.get(PROPOSER, "/accounts")
    assert COLLEAGUE in page
    assert READER not in page
    office.get(PROPOSER, page_of(office, READER), 404)
    office.get(PROPOSER, page_of(office, FIRST), 404)
    office.get(PROPOSER, "/accounts/domains", 403)
    answer = office.post(PROPOSER, f"{page_of(office, READER)}/disable", reason="x")
    assert answer.status_code == 404


def test_what_does_not_fit_stands_beside_its_field_and_nothing_typed_is_lost(
    office: Office,
) -> None:
    answer = office.post(FIRST, "/accounts/invite", **{**FORM, "email": "new@", "ends_on": "soon"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="soon"' in text
    assert 'value="new@"' in text
    assert "give a day as YYYY-MM-DD" in text
    answer = office.post(FIRST, "/accounts/invite", **{**FORM, "email": "new@", "authority": ""})
    text = answer.get_data(as_text=True)
    assert "Give an e-mail address." in text
    assert "Name the authority" in text
    assert office.post(FIRST, "/accounts/invite", **{**FORM, "role": "king"}).status_code == 422


def test_a_focal_point_invites_to_the_own_state_whatever_the_form_says(office: Office) -> None:
    office.post(PROPOSER, "/accounts/invite", **{**FORM, "state": "FR"})
    with office.place.parts.reading() as session:
        found = session.scalars(select(Account.state_code).where(Account.email == NEW)).one()
    assert found == "RO"


def test_an_officer_is_told_why_the_own_account_is_out_of_reach(office: Office) -> None:
    mine = page_of(office, ADMIN)
    page = office.get(ADMIN, mine)
    assert "This is your own account." in page
    assert "What you may do" not in page
    answer = office.post(ADMIN, f"{mine}/ask-role", role="verifier")
    assert answer.status_code == 403
    assert "the account is your own" in answer.get_data(as_text=True)


def test_a_last_focal_point_is_told_to_hand_over_first(office: Office) -> None:
    for officer, email in ((FIRST, COLLEAGUE), (ADMIN, "both@ro.example")):
        answer = office.post(officer, f"{page_of(office, email)}/disable", reason="left")
        assert answer.status_code == 303
    answer = office.post(PROPOSER, f"{page_of(office, PROPOSER)}/disable", reason="retiring")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "hand over first" in text
    assert 'value="retiring"' in text


def test_confirming_nothing_says_what_to_do(office: Office) -> None:
    answer = office.post(FIRST, "/accounts/confirm")
    assert answer.status_code == 422
    assert "Choose at least one account." in answer.get_data(as_text=True)
    answer = office.post(FIRST, "/accounts/confirm", account=str(account_id(office, FIRST)))
    assert answer.status_code == 403


def test_a_domain_that_does_not_fit_is_named(office: Office) -> None:
    answer = office.post(FIRST, "/accounts/domains", state="RO", domain="no domain")
    assert answer.status_code == 422
    assert "Give a domain such as" in answer.get_data(as_text=True)


@pytest.mark.parametrize("asked", ["show=never", "page=0", "state=Romania", "x=1"])
def test_an_address_that_makes_no_sense_is_refused(office: Office, asked: str) -> None:
    assert office.client(FIRST).get(f"/accounts?{asked}").status_code == 422


# --- the ways


def test_two_officers_let_a_focal_point_in_who_gets_the_only_link(office: Office) -> None:
    made = office.post(FIRST, "/accounts/invite", **{**FORM, "role": "focal_point"})
    assert made.status_code == 303
    page = page_of(office, NEW)
    approve = f"{page}/requests/{request_id(office, NEW)}/approve"
    text = office.get(FIRST, page)
    assert "1 officer must still agree." in text
    assert "No e-mail domains are agreed on" in text
    assert approve not in text
    assert office.post(FIRST, approve).status_code == 403
    assert office.post(PROPOSER, approve).status_code == 403
    assert approve in office.get(SECOND, page)
    assert office.post(SECOND, approve).status_code == 303
    office.deliver()
    for email in (FIRST, SECOND, ADMIN, PROPOSER):
        text = office.get(email, page)
        assert "The link was sent on" in text
        assert "/invitation/" not in text
    (link,) = set(re.findall(r"/invitation/[\w-]+", office.get(FIRST, "/mailbox")))
    stranger = office.place.client()
    assert stranger.get(link).status_code == 200
    assert stranger.get(link).status_code == 200, "opening it changes nothing"


def test_a_reader_with_a_plain_address_is_invited_at_once(office: Office) -> None:
    list_domain(office)
    answer = office.post(PROPOSER, "/accounts/invite", **FORM)
    assert answer.status_code == 303
    text = office.get(PROPOSER, page_of(office, NEW))
    assert "The link waits to be sent." in text
    assert "Send a new link" in text
    for act in ("renew", "revoke"):
        assert office.post(PROPOSER, f"{page_of(office, NEW)}/{act}").status_code == 303
    assert "No link works at the moment." in office.get(PROPOSER, page_of(office, NEW))


def test_who_asked_takes_it_back(office: Office) -> None:
    office.post(PROPOSER, "/accounts/invite", **FORM)
    decline = f"{page_of(office, NEW)}/requests/{request_id(office, NEW)}/decline"
    assert office.post(PROPOSER, decline).status_code == 422
    assert office.post(PROPOSER, decline, reason="a mistake").status_code == 303
    assert NEW in office.get(PROPOSER, "/accounts?show=closed")


def test_an_account_is_confirmed_changed_and_its_role_ended(office: Office) -> None:
    page = page_of(office, COLLEAGUE)
    assert office.post(FIRST, f"{page}/confirm").status_code == 303
    changed = office.post(FIRST, f"{page}/change", authority="Court", types=["mla"])
    assert changed.status_code == 303
    text = office.get(PROPOSER, page)
    assert "Court" in text
    ended = office.post(FIRST, f"{page}/end-role", role="focal_point", ends_on="2026-12-31")
    assert ended.status_code == 303
    assert "until" in office.get(FIRST, page)
    assert "Sign it out everywhere" in office.get(FIRST, page)
    assert office.post(PROPOSER, f"{page}/end-sessions").status_code == 403
    assert office.post(FIRST, f"{page}/end-sessions").status_code == 303
    asked = office.post(FIRST, f"{page}/ask-role", role="focal_point", ends_on="2027-06-30")
    assert asked.status_code == 303
    assert COLLEAGUE in office.get(SECOND, "/accounts?show=waiting")


def test_a_focal_point_hands_over_and_leaves(office: Office) -> None:
    page = page_of(office, PROPOSER)
    assert office.post(PROPOSER, f"{page}/hand-over", email="", leaves="1").status_code == 422
    assert office.post(PROPOSER, f"{page}/hand-over", email=NEW, leaves="1").status_code == 303
    for officer in (FIRST, SECOND):
        approve = f"{page_of(office, NEW)}/requests/{request_id(office, NEW)}/approve"
        assert office.post(officer, approve).status_code == 303
    with office.place.work() as uow:
        account = uow.session.get_one(Account, account_id(office, NEW))
        assert account.password_hash == ""
    left = office.post(PROPOSER, f"{page}/disable", reason="leaving")
    assert left.status_code == 303


def test_several_are_confirmed_at_once(office: Office) -> None:
    office.later(days=350)
    for email in (PROPOSER, COLLEAGUE):
        assert email in office.get(FIRST, "/accounts?show=due&state=RO")
    chosen = [str(account_id(office, one)) for one in (PROPOSER, COLLEAGUE)]
    answer = office.post(FIRST, "/accounts/confirm", account=chosen)
    assert answer.status_code == 303
    text = office.get(FIRST, "/accounts?show=due&state=RO")
    assert "2 accounts are confirmed." in text
    assert f">{PROPOSER}<" not in text


def test_a_list_is_narrowed(office: Office) -> None:
    assert READER in office.get(FIRST, "/accounts?q=reader@")
    assert "No account here." in office.get(FIRST, "/accounts?q=nobody%25")
    list_domain(office)
    assert (
        office.post(FIRST, "/accounts/domains/remove", domain="just.ro.example").status_code == 303
    )
    assert "No domain yet" in office.get(FIRST, "/accounts/domains")


@pytest.mark.parametrize(("address", "most"), [("/accounts", 9), ("/accounts/{}", 11)])
def test_a_page_costs_the_same_however_many_accounts_there_are(
    office: Office, engine: Engine, address: str, most: int
) -> None:
    address = address.format(account_id(office, COLLEAGUE))
    office.get(FIRST, address)
    with office.place.work() as uow:
        for number in range(40):
            made = add_account(
                uow, f"r{number}@ro.example", Role.READER, "RO", office.place.clock()
            )
            made.password_hash = "x"
    with counted_statements(engine) as sent:
        office.get(FIRST, address)
    assert len(sent) <= most, sent
