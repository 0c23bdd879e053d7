"""Every notice arrives, as one message, whatever the server, the worker or the names do."""

import threading
from collections import Counter

import pytest
from sqlalchemy.orm import Session

from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.services import delivery
from directory.services.delivery import (
    CLAIM_LASTS,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Deliveries,
    wait_after,
)
from directory.services.objections import token_of
from tests.notices.conftest import BASE_URL, ENTRY, LINK_KEY, Office
from tests.notices.postbox import Postbox, part, serving

# --- refused, postponed, given up


@pytest.mark.parametrize(
    "address",
    ["desk@justice.example\r\nBcc: other@example.org", "no address", "a@b@example.org", "é@x.org"],
)
def test_what_is_no_address_is_given_up_unsent(
    office: Office, postbox: Postbox, address: str
) -> None:
    office.tell(address)
    assert office.deliver() == Deliveries(given_up=1)
    assert postbox.received == []
    assert office.row().given_up_at == office.clock()


def test_closed_account_is_not_written_to(office: Office, postbox: Postbox) -> None:
    gone, demo = office.account("gone@ro.example"), office.account("demo@ro.example")
    with office.parts.unit_of_work() as uow:
        uow.session.get_one(Account, gone).active = False
        uow.session.get_one(Account, demo).demo = True
    for account in (gone, demo):
        office.tell("", key=str(account), account_id=account)
    assert office.deliver() == Deliveries(given_up=2)
    assert {row.last_error for row in office.rows()} == {"the account is closed"}
    assert postbox.received == []


def test_notice_waits_for_its_time(office: Office, postbox: Postbox) -> None:
    later = office.clock().replace(hour=18)
    office.tell(not_before=later)
    assert office.deliver() == Deliveries()
    office.clock.moment = later
    assert office.deliver() == Deliveries(sent=1)


@pytest.mark.parametrize("where", ["answers", "recipient_answers"])
def test_refused_for_now_is_tried_again_as_the_same_message(
    office: Office, postbox: Postbox, where: str
) -> None:
    getattr(postbox, where).append("451 try again later")
    office.tell()
    assert office.deliver() == Deliveries(postponed=1)
    kept = office.row()
    assert "451" in kept.last_error
    assert office.deliver() == Deliveries(), "not before the wait is over"
    office.clock.move(minutes=1)
    assert office.deliver() == Deliveries(sent=1)
    assert postbox.ids == [kept.message_id]
    assert postbox.mails[0]["Date"].datetime == kept.created_at.replace(microsecond=0)
    assert office.row().last_error == ""


@pytest.mark.parametrize("where", ["answers", "recipient_answers"])
def test_refused_for_ever_is_given_up_at_once(office: Office, postbox: Postbox, where: str) -> None:
    getattr(postbox, where).append("550 no such mailbox")
    office.tell("gone@justice.example")
    office.tell("here@justice.example")
    assert office.deliver() == Deliveries(sent=1, given_up=1)
    assert postbox.recipients == ["here@justice.example"]


def test_dead_server_loses_nothing(office: Office) -> None:
    for number in range(3):
        office.tell(f"desk{number}@justice.example")
    assert office.deliver() == Deliveries(postponed=1), "one attempt shows that it is dead"
    office.clock.move(minutes=1)
    with serving(Postbox(office.port)) as postbox:
        assert office.deliver() == Deliveries(sent=3)
    assert sorted(postbox.recipients) == [f"desk{number}@justice.example" for number in range(3)]


def test_failing_mail_never_looks_like_a_failed_save(office: Office) -> None:
    office.tell()
    assert office.deliver() == Deliveries(postponed=1)
    row = office.row()
    assert (row.sent_at, row.given_up_at) == (None, None)


def test_given_up_after_the_last_attempt(office: Office) -> None:
    office.tell()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        done = office.deliver()
        office.clock.moment += wait_after(attempt)
    assert done == Deliveries(given_up=1)
    row = office.row()
    assert (row.attempts, row.next_attempt_at) == (MOST_ATTEMPTS, None)
    assert "refused" in row.last_error
    office.clock.move(days=365)
    assert office.deliver() == Deliveries()


def test_waits_double_up_to_the_longest() -> None:
    minutes = [wait_after(attempt).total_seconds() / 60 for attempt in range(1, MOST_ATTEMPTS)]
    assert minutes[:5] == [1, 2, 4, 8, 16]
    assert minutes[-1] == LONGEST_WAIT.total_seconds() / 60
    assert 40 * 60 < sum(minutes) < 72 * 60, "given up before a hold of 72 hours is over"


def test_notice_without_words_holds_up_no_other(office: Office, postbox: Postbox) -> None:
    office.tell("one@justice.example", kind="unheard_of")
    office.tell("two@justice.example", params={"hold_until": "tomorrow"}, kind="change_on_hold")
    office.tell("three@justice.example")
    assert office.deliver() == Deliveries(sent=1, given_up=2)
    assert postbox.recipients == ["three@justice.example"]


# --- delivered


def test_mail_says_what_it_is_and_calls_nobody(office: Office, postbox: Postbox) -> None:
    office.tell()
    assert office.deliver() == Deliveries(sent=1)
    (mail,) = postbox.mails
    assert mail["To"] == "desk@justice.example"
    assert mail["From"] == "directory@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert "<notices.example.org>" in mail["List-Id"]
    assert "Ministry" not in mail["Subject"]
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert "Ministry of Justice (RO-1)" in text
        assert f"{BASE_URL}/entries/{ENTRY}" in text
    html = part(mail, "html")
    assert not [word for word in ("<img", "src=", "<link", "<script", "url(") if word in html]
    assert html.count("http") == html.count(BASE_URL)


def test_account_is_written_to_at_its_address_now(office: Office, postbox: Postbox) -> None:
    account = office.account("focal@ro.example")
    office.tell("", account_id=account)
    with office.parts.unit_of_work() as uow:
        uow.session.get_one(Account, account).email = "moved@ro.example"
    office.deliver()
    assert postbox.recipients == ["moved@ro.example"]


def test_account_of_a_demonstration_is_written_to_in_one(office: Office, postbox: Postbox) -> None:
    account = office.account("demo@ro.example", Role.READER)
    with office.parts.unit_of_work() as uow:
        uow.session.get_one(Account, account).demo = True
    office.tell("", account_id=account)
    assert office.deliver(demo=True) == Deliveries(sent=1)


def test_body_is_not_kept_after_delivery(office: Office, postbox: Postbox) -> None:
    office.tell()
    office.deliver()
    row = office.row()
    assert (row.text, row.html, row.delivery, row.next_attempt_at) == ("", "", "smtp", None)
    assert row.sent_at == office.clock()


def test_kept_mail_opens_no_objection(office: Office, postbox: Postbox) -> None:
    postbox.answers.append("451 try again later")
    params = {"entry": ENTRY, "state": "RO", "objection_link": "link", "proposal": "P-1"}
    office.tell(kind="change_on_hold", params=params)
    office.deliver()
    token = token_of("link", LINK_KEY)
    kept = office.row()
    assert "/objections/" in kept.text
    assert token not in kept.text + kept.html
    office.clock.move(minutes=1)
    office.deliver()
    for kind in ("plain", "html"):
        assert f"{BASE_URL}/objections/{token}" in part(postbox.mails[0], kind)


def test_without_a_server_a_demonstration_keeps_its_mail(office: Office) -> None:
    office.tell()
    assert office.deliver(server=None) == Deliveries(sent=1)
    assert office.row().delivery == "local"


# --- several workers, and workers that die


def deliver_by_two(office: Office) -> None:
    workers = [threading.Thread(target=office.deliver) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()


def test_two_workers_send_nothing_twice(office: Office, postbox: Postbox) -> None:
    wanted = [f"desk{number}@justice.example" for number in range(40)]
    for address in wanted:
        office.tell(address)
    deliver_by_two(office)
    assert Counter(postbox.recipients) == Counter(wanted)


def test_planted_worker_that_claims_nothing_is_found(
    office: Office, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tell()
    monkeypatch.setattr(delivery, "CLAIM_LASTS", -CLAIM_LASTS)
    dying = FlakyMark()
    monkeypatch.setattr(delivery, "_mark_sent", dying)
    with pytest.raises(WorkerDied):
        office.deliver()
    monkeypatch.undo()
    office.deliver()
    assert len(postbox.received) == 2, "sent again before its claim could have run out"


class WorkerDied(Exception):
    """Stands for a process that is killed just now."""


class FlakyMark:
    """Dies instead of writing down that the mail was sent."""

    def __call__(self, _session: Session, *_facts: object) -> None:
        raise WorkerDied


def test_worker_that_dies_after_sending_causes_one_more_of_the_same_message(
    office: Office, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tell()
    with monkeypatch.context() as dying:
        dying.setattr(delivery, "_mark_sent", FlakyMark())
        with pytest.raises(WorkerDied):
            office.deliver()
    assert office.deliver() == Deliveries(), "the claim still holds"
    office.clock.moment += CLAIM_LASTS
    assert office.deliver() == Deliveries(sent=1)
    office.clock.moment += CLAIM_LASTS
    assert office.deliver() == Deliveries()
    assert len(postbox.ids) == 2
    assert len(set(postbox.ids)) == 1


def test_claim_that_ran_out_marks_nothing(office: Office, postbox: Postbox) -> None:
    office.tell()
    with office.parts.unit_of_work() as uow:
        slow = delivery._claim(uow.session, office.post(), office.clock())
    assert isinstance(slow, delivery.Claim)
    office.clock.moment += CLAIM_LASTS
    assert office.deliver() == Deliveries(sent=1)
    with office.parts.unit_of_work() as uow:
        delivery._mark_failed(uow.session, slow, "too slow", office.clock(), final=True)
    assert (office.row().given_up_at, office.row().last_error) == (None, "")
