"""Line tests: who runs them, when points are asked, what answers them, what readers see."""

import datetime as dt
import html
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from directory.cli.worker import run_line_tests
from directory.domain.line_tests import LineMethod, LineOutcome, LineProof, LineResult
from directory.domain.record import Hours
from directory.domain.vocabulary import Audience, ChannelKind, ChannelPurpose
from directory.models.change_log import LogEvent
from directory.models.entry import Entry
from directory.models.line_test import LineTest, LineTestRound
from directory.models.notice import Notice
from directory.models.proposal import Report
from directory.policy import EVERY_READER
from directory.queries.line_tests import line_test_statistics
from directory.services.line_codes import code_of, token_of
from directory.services.line_tests import CALL_WITHIN, MOST_WRONG
from directory.services.publishing import set_line_test
from directory.services.workflow import workflow
from tests.support.factories import (
    channel,
    contact_point,
    publication,
    publish_all,
    something_happened,
)
from tests.support.secretariat import FIRST, PROPOSER, SECOND, Office, open_office, plain
from tests.support.trial import counted_statements

READER = "reader@fr.example"
POINT = "RO-PPPPPP"
MAILBOX = "contact24x7@cybercrime.ro.example"
NUMBER = "+40213155290"
STATEMENTS = {READER: 4, FIRST: 8}
FORM = {
    "first_day": "2026-11-24",
    "last_day": "2026-11-30",
    "times": "both",
    "methods": ["mail", "telephone"],
    "minutes": "60",
}


@pytest.fixture
def office(engine: Engine) -> Office:
    """An office that also has a 24/7 point of Romania."""
    opened = open_office(engine)
    lines = (
        channel(NUMBER, kind=ChannelKind.TELEPHONE, purpose=ChannelPurpose.URGENT),
        channel(MAILBOX),
    )
    hours = Hours(zone="Europe/Bucharest", round_the_clock=True)
    record = contact_point("Duty desk", channels=lines, hours=hours)
    publish_all(engine, publication(POINT, record))
    return opened


def started(office: Office, **given: Any) -> str:
    """A round; gives its id."""
    answer = office.post(FIRST, "/line-tests", **{**FORM, **given})
    assert answer.status_code == 303, plain(answer)
    return str(answer.location).rpartition("/")[2]


def line_tests_of(office: Office, **which: Any) -> list[LineTest]:
    with office.place.parts.reading() as session:
        found = session.scalars(select(LineTest).filter_by(**which).order_by(LineTest.due_at)).all()
        session.expunge_all()
    return list(found)


def rows(office: Office, table: Any) -> list[Any]:
    with office.place.parts.reading() as session:
        found = session.scalars(select(table)).all()
        session.expunge_all()
    return list(found)


def work(office: Office) -> dict[str, object]:
    return run_line_tests(office.place.parts, office.place.clock())


def go_to(office: Office, moment: dt.datetime) -> None:
    office.later(seconds=(moment - office.place.clock()).total_seconds())


def deliver(office: Office) -> None:
    """As if the mails had left now."""
    with office.place.work() as uow:
        for notice in uow.session.scalars(select(Notice).where(Notice.sent_at.is_(None))):
            notice.sent_at, notice.next_attempt_at = office.place.clock(), None


def asked(office: Office) -> LineTest:
    """A test whose mail has left, five minutes ago it was its moment."""
    started(office, methods=["mail"], times="outside")
    (test,) = line_tests_of(office)
    go_to(office, test.due_at)
    work(office)
    deliver(office)
    (test,) = line_tests_of(office)
    return test


def link(office: Office, test: LineTest) -> str:
    key = workflow(office.place.parts.settings).link_key
    return f"/line-tests/answer/{token_of(test.link_id, key)}"


def code(office: Office, test: LineTest) -> str:
    return code_of(test.link_id, workflow(office.place.parts.settings).link_key)


def actions(office: Office) -> list[str]:
    return [one.action for one in rows(office, LogEvent)]


# --- who may


@pytest.mark.parametrize("who", [READER, PROPOSER, "auditor@secretariat.example"])
def test_only_the_secretariat_runs_line_tests(office: Office, who: str) -> None:
    assert office.post(who, "/line-tests", **FORM).status_code == 403
    assert "Begin a round" not in office.get(who, "/line-tests")
    made = started(office)
    office.get(who, f"/line-tests/rounds/{made}", 403)
    assert office.post(who, f"/line-tests/rounds/{made}/close").status_code == 403
    office.get(who, "/line-tests/calls/1", 403)
    assert office.post(who, "/line-tests/calls/1").status_code == 403
    assert office.post(who, "/line-tests/calls/1/note").status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first_day": "2026-11-22"}, "first_day"),
        ({"first_day": "soon"}, "first_day"),
        ({"last_day": "2026-11-23"}, "last_day"),
        ({"last_day": "2027-11-23"}, "last_day"),
        ({"last_day": ""}, "last_day"),
        ({"methods": []}, "methods"),
        ({"methods": ["pigeon"]}, "methods"),
        ({"times": "never"}, "times"),
        # A weekend has no office hours.
        ({"first_day": "2026-11-28", "last_day": "2026-11-29", "times": "inside"}, "times"),
        ({"minutes": "2"}, "minutes"),
        ({"minutes": "an hour"}, "minutes"),
        ({"states": ["XX"]}, "states"),
        ({"states": ["JP"]}, "methods"),
        ({"regional_group": "Atlantis"}, "regional_group"),
        ({"states": ["RO"], "regional_group": "Atlantis"}, "states"),
    ],
)
def test_form_of_a_round_names_what_does_not_fit(
    office: Office, given: dict[str, Any], field: str
) -> None:
    answer = office.post(FIRST, "/line-tests", **{**FORM, **given})
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.get_data(as_text=True)
    assert f"<bdi>{field}</bdi>" not in answer.get_data(as_text=True)
    assert line_tests_of(office) == []


# --- the round


def test_moments_are_drawn_within_the_days_and_shown_to_nobody(office: Office) -> None:
    made = started(office)
    tests = line_tests_of(office)
    drawn = [(one.method, one.office_time) for one in tests]
    wanted = [(m, i) for m in (LineMethod.MAIL, LineMethod.TELEPHONE) for i in (False, True)]
    assert sorted(drawn) == sorted(wanted)
    for one in tests:
        assert dt.date(2026, 11, 24) <= one.due_at.date() <= dt.date(2026, 11, 30)
        assert one.due_at.isoformat() not in office.get(FIRST, f"/line-tests/rounds/{made}")
    page = plain(office.get(FIRST, f"/line-tests/rounds/{made}"))
    assert "to come; the moment is secret" in page
    assert "Tests in office hours there: 2, outside them: 2" in page
    assert "line_tests.started" in actions(office)
    assert work(office) == {}


def test_points_of_an_open_round_are_not_asked_by_a_second_one(office: Office) -> None:
    made = started(office)
    answer = office.post(SECOND, "/line-tests", **{**FORM, "methods": ["mail"]})
    assert answer.status_code == 422
    assert f"Round {made} still asks these points: {POINT}." in plain(answer)
    assert len(rows(office, LineTestRound)) == 1
    office.post(FIRST, f"/line-tests/rounds/{made}/close")
    started(office)


def test_a_test_begun_before_its_round_was_called_off_still_keeps_the_point(office: Office) -> None:
    test = asked(office)
    office.post(FIRST, f"/line-tests/rounds/{test.round_id}/close")
    today = {"first_day": office.place.clock().date().isoformat()}
    refused = office.post(FIRST, "/line-tests", **{**FORM, **today})
    assert f"Round {test.round_id} still asks" in plain(refused)
    office.later(minutes=61)
    work(office)
    today = {"first_day": office.place.clock().date().isoformat()}
    started(office, last_day="2026-12-07", **today)


def test_a_refusal_names_ten_points_at_most_and_counts_the_rest(office: Office) -> None:
    engine = office.place.parts.engine
    hours = Hours(zone="Europe/Bucharest", round_the_clock=True)
    desk = contact_point("Duty desk", channels=(channel(MAILBOX),), hours=hours)
    publish_all(engine, *(publication(f"RO-PPPP{one:02}", desk) for one in range(10)))
    made = started(office, methods=["mail"])
    answer = plain(office.post(FIRST, "/line-tests", **FORM))
    assert f"Round {made} still asks 11 of these points, among them RO-PPPP00, " in answer
    assert POINT not in answer


def test_the_answer_to_a_failed_test_speaks_of_no_report_of_the_officer(office: Office) -> None:
    asked(office)
    office.later(minutes=61)
    work(office)
    office.post(PROPOSER, "/desk/reports/1/answer", text="Our mail server was renewed.")
    told = {one.kind for one in rows(office, Notice)}
    assert "line_test_answered" in told
    assert "report_answered" not in told
    page = plain(office.get(FIRST, "/account/notices"))
    assert "The failed line test of an entry of" in page
    assert "You ran the test or began its round." in page
    assert "Your report" not in page


def test_round_that_was_called_off_asks_nobody(office: Office) -> None:
    made = started(office)
    assert office.post(FIRST, f"/line-tests/rounds/{made}/close").status_code == 303
    assert office.post(FIRST, f"/line-tests/rounds/{made}/close").status_code == 409
    go_to(office, dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    work(office)
    assert {one.outcome for one in line_tests_of(office)} == {LineOutcome.NOT_RUN}
    assert rows(office, Notice) == []
    assert "Line test:" not in office.get(READER, f"/entries/{POINT}")


def test_worker_that_was_down_does_not_ask_at_another_time(office: Office) -> None:
    started(office, methods=["mail"])
    go_to(office, dt.datetime(2026, 12, 3, tzinfo=dt.UTC))
    work(office)
    assert {one.outcome for one in line_tests_of(office)} == {LineOutcome.NOT_RUN}
    assert rows(office, Report) == []


# --- by mail


def test_mail_goes_to_the_desk_and_the_database_holds_no_code(office: Office) -> None:
    test = asked(office)
    (notice,) = rows(office, Notice)
    assert (notice.kind, notice.address) == ("line_test", MAILBOX)
    assert code(office, test) not in str(vars(notice)) + str(vars(test))
    assert token_of(test.link_id, "another key") not in link(office, test)


def test_opening_the_link_changes_nothing_and_answering_needs_a_language(office: Office) -> None:
    test = asked(office)
    stranger = office.place.client()
    assert "only a test" in stranger.get(link(office, test)).get_data(as_text=True)
    assert line_tests_of(office)[0].outcome is None
    page = stranger.get(link(office, test))
    token = page.get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]
    for language in ("", "zzz", "mul", "en\0", "Esperanto"):
        data = {"csrf_token": token, "language": language}
        refused = stranger.post(link(office, test), data=data)
        assert refused.status_code == 422
        assert 'id="language-problem"' in refused.get_data(as_text=True)
        assert html.escape(language[:9]) in refused.get_data(as_text=True)
    assert stranger.get("/line-tests/answer/x.y").status_code == 404
    office.place.clock.move(minutes=6)
    data = {"csrf_token": token, "language": "en"}
    assert stranger.post(link(office, test), data=data).status_code == 200
    assert stranger.post(link(office, test), data=data).status_code == 409
    (test,) = line_tests_of(office)
    assert (test.outcome, test.proof, test.seconds) == (LineOutcome.ANSWERED, LineProof.LINK, 360)
    office.later(days=14)
    seen = plain(office.get(READER, f"/entries/{POINT}"))
    assert "answered in 6 min, English, 14 days ago" in seen
    assert "outside office hours there" in seen
    assert "line_test.ended" in actions(office)


def test_link_of_a_test_that_has_not_begun_opens_nothing(office: Office) -> None:
    started(office, methods=["mail"], times="inside")
    (test,) = line_tests_of(office)
    assert office.place.client().get(link(office, test)).status_code == 404


def test_nobody_answering_in_time_opens_a_report(office: Office) -> None:
    test = asked(office)
    office.later(minutes=61)
    assert office.place.client().get(link(office, test)).status_code == 200
    work(office)
    (test,) = line_tests_of(office)
    assert test.outcome is LineOutcome.NO_ANSWER
    (report,) = rows(office, Report)
    assert (report.entry_id, report.kind.value, report.channel) == (POINT, "no_answer", MAILBOX)
    seen = plain(office.get(READER, f"/entries/{POINT}"))
    assert "1 open report" in seen
    assert "Line test: No answer, today" in seen
    told = {one.kind for one in rows(office, Notice)}
    assert told == {"line_test", "line_test_failed"}
    desk = plain(office.get(PROPOSER, "/desk"))
    assert "line test of the secretariat" in desk
    assert "Your answer, sent to the officer of the secretariat who ran the test" in desk


def test_same_failure_again_does_not_open_a_second_report(office: Office) -> None:
    for day in ("2026-11-24", "2026-12-02"):
        go_to(office, max(dt.datetime.fromisoformat(f"{day}T00:00Z"), office.place.clock()))
        started(office, methods=["mail"], times="outside", first_day=day, last_day=day)
        go_to(office, line_tests_of(office)[-1].due_at)
        work(office)
        deliver(office)
        office.later(minutes=61)
        work(office)
    ended = [one.outcome for one in line_tests_of(office)]
    assert ended == [LineOutcome.NO_ANSWER] * 2
    assert len(rows(office, Report)) == 1


def test_mail_that_came_back_and_mail_that_never_left_are_told_apart(office: Office) -> None:
    asked(office)
    with office.place.work() as uow:
        for notice in uow.session.scalars(select(Notice)):
            notice.sent_at, notice.given_up_at = None, office.place.clock()
    office.later(minutes=61)
    work(office)
    assert line_tests_of(office)[0].outcome is LineOutcome.BOUNCED
    assert rows(office, Report)[0].kind.value == "bounced"


def test_mail_that_never_left_says_nothing_of_the_desk(office: Office) -> None:
    started(office, methods=["mail"], times="outside")
    go_to(office, line_tests_of(office)[0].due_at)
    work(office)
    office.later(minutes=61)
    work(office)
    assert line_tests_of(office)[0].outcome is LineOutcome.NOT_RUN
    assert rows(office, Report) == []


# --- the code


def test_code_of_a_mail_is_noted_by_an_officer(office: Office) -> None:
    test = asked(office)
    address = f"/line-tests/calls/{test.id}"
    assert MAILBOX in office.get(FIRST, address)
    form = {"outcome": "answered", "language": "fr", "code": ""}
    assert office.post(FIRST, f"{address}/note", **form).status_code == 422
    form["code"] = code(office, test).replace(" ", "-")
    assert office.post(FIRST, f"{address}/note", **form).status_code == 303
    (test,) = line_tests_of(office)
    assert (test.outcome, test.proof, test.language) == (
        LineOutcome.ANSWERED,
        LineProof.CODE,
        "fr",
    )
    assert office.post(FIRST, f"{address}/note", **form).status_code == 409


def test_wrong_codes_are_counted_and_the_code_then_counts_no_more(office: Office) -> None:
    test = asked(office)
    address = f"/line-tests/calls/{test.id}/note"
    form = {"outcome": "answered", "language": "fr", "code": "0000 0000"}
    for left in range(MOST_WRONG - 1, -1, -1):
        answer = office.post(FIRST, address, **form)
        assert answer.status_code == 422
        assert f"It can be tried {left} times more." in plain(answer)
    form["code"] = code(office, test)
    answer = office.post(FIRST, address, **form)
    assert answer.status_code == 422
    assert "Too many wrong codes" in plain(answer)
    assert line_tests_of(office)[0].outcome is None
    assert actions(office).count("line_test.code_refused") == MOST_WRONG
    # The link still works.
    assert office.place.client().get(link(office, test)).status_code == 200


# --- by telephone


def rung(office: Office) -> LineTest:
    started(office, methods=["telephone"], times="outside")
    (test,) = line_tests_of(office)
    office.get(FIRST, f"/line-tests/calls/{test.id}", 404)
    go_to(office, test.due_at)
    assert NUMBER not in office.get(FIRST, f"/line-tests/calls/{test.id}")
    assert office.post(FIRST, f"/line-tests/calls/{test.id}").status_code == 303
    assert NUMBER in office.get(FIRST, f"/line-tests/calls/{test.id}")
    return test


def test_call_is_made_by_one_officer_and_the_desk_is_sent_the_code(office: Office) -> None:
    test = rung(office)
    (notice,) = rows(office, Notice)
    assert (notice.kind, notice.address) == ("line_test_call", MAILBOX)
    office.post(SECOND, f"/line-tests/calls/{test.id}")
    assert "An officer rings this desk already." in office.get(SECOND, "/line-tests")
    form = {"outcome": "answered", "language": "ro", "code": code(office, test), "seconds": "25"}
    assert office.post(FIRST, f"/line-tests/calls/{test.id}/note", **form).status_code == 303
    (test,) = line_tests_of(office)
    assert (test.seconds, test.proof) == (25, LineProof.CODE)
    assert "answered in 25 s, Romanian, today" in plain(office.get(READER, f"/entries/{POINT}"))


def test_an_answer_by_the_word_of_an_officer_alone_is_told_as_that(office: Office) -> None:
    """On the page, on the urgent page and to programs, as no proof that anybody is there."""
    test = rung(office)
    form = {"outcome": "answered", "language": "ro", "code": "", "seconds": "4"}
    assert office.post(FIRST, f"/line-tests/calls/{test.id}/note", **form).status_code == 303
    question = "requesting=FR&requested=RO&type=e_evidence"
    for page in (f"/entries/{POINT}", f"/counterpart/urgent?{question}"):
        told = plain(office.get(READER, page))
        assert "answered in 4 s, Romanian, by the word of the officer who rang, today" in told
    client = office.client(READER)
    entry = client.get(f"/api/v1/entries/{POINT}").get_json()
    answer = client.get(f"/api/v1/counterparts?{question}&urgent=true").get_json()
    assert entry["line_test"] == answer["contact_points"][0]["line_test"]
    assert entry["line_test"]["proof"] == "word"


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("no_answer", "no_answer"), ("wrong_line", "wrong_number"), ("no_language", "language")],
)
def test_call_that_failed_opens_a_report_of_its_kind(
    office: Office, outcome: str, kind: str
) -> None:
    test = rung(office)
    form = {"outcome": outcome, "language": "", "code": ""}
    assert office.post(FIRST, f"/line-tests/calls/{test.id}/note", **form).status_code == 303
    (report,) = rows(office, Report)
    assert (report.kind.value, report.channel) == (kind, NUMBER)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "not_run"}, "outcome"),
        ({"outcome": "answered", "language": ""}, "language"),
        ({"outcome": "answered", "language": "<b>"}, "language"),
        ({"outcome": "answered", "language": "en", "seconds": "9999"}, "seconds"),
        ({"outcome": "answered", "language": "en", "seconds": "-1"}, "seconds"),
    ],
)
def test_note_of_a_call_names_what_does_not_fit(
    office: Office, form: dict[str, str], field: str
) -> None:
    test = rung(office)
    answer = office.post(FIRST, f"/line-tests/calls/{test.id}/note", **form)
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.get_data(as_text=True)


def test_call_that_nobody_made_says_nothing_of_the_desk(office: Office) -> None:
    started(office, methods=["telephone"], times="outside")
    (test,) = line_tests_of(office)
    go_to(office, test.due_at + CALL_WITHIN)
    work(office)
    assert line_tests_of(office)[0].outcome is LineOutcome.NOT_RUN
    assert rows(office, Report) == []
    assert rows(office, LineTestRound)[0].closed_at is None


def test_a_line_meant_for_few_is_not_named_in_a_report(office: Office, engine: Engine) -> None:
    hidden = channel(NUMBER, Audience.OWN_STATE, ChannelKind.TELEPHONE)
    hours = Hours(zone="Europe/Bucharest", round_the_clock=True)
    record = contact_point("Duty desk", channels=(hidden,), hours=hours)
    publish_all(engine, publication(POINT, record, base=1, at=office.place.clock()))
    test = rung(office)
    form = {"outcome": "no_answer"}
    assert office.post(FIRST, f"/line-tests/calls/{test.id}/note", **form).status_code == 303
    assert rows(office, Report)[0].channel == ""
    assert NUMBER not in office.get(READER, f"/entries/{POINT}")
    assert not any(NUMBER in str(one.after) for one in rows(office, LogEvent))


# --- what readers see


def test_programs_are_told_the_latest_test(office: Office) -> None:
    result = LineResult(
        at=office.place.clock(),
        outcome=LineOutcome.ANSWERED,
        method=LineMethod.MAIL,
        seconds=90,
        language="en",
    )
    with office.place.work() as uow:
        set_line_test(uow, POINT, result)
        something_happened(uow)
    client = office.client(READER)
    entry = client.get(f"/api/v1/entries/{POINT}").get_json()
    question = "requesting=FR&requested=RO&type=e_evidence&urgent=true"
    answer = client.get(f"/api/v1/counterparts?{question}").get_json()
    (point,) = answer["contact_points"]
    assert entry["line_test"] == point["line_test"]
    assert point["line_test"]["seconds"] == 90
    assert point["languages_night"] == []
    assert answer["urgent_steps"][0]["channels"][0]["value"] == NUMBER
    assert answer["urgent_steps"][0]["part"] == "call"


def test_few_tests_are_not_told_in_figures(office: Office) -> None:
    asked(office)
    office.later(minutes=61)
    work(office)
    assert "Too few tests so far" in office.get(READER, "/line-tests")


def test_tests_that_synthetic_entries_were_made_with_are_counted_until_a_round_ran(
    office: Office,
) -> None:
    def counted() -> int:
        with office.place.parts.reading() as session:
            return line_test_statistics(EVERY_READER, session, office.place.clock()).whole.tests

    page = office.get(READER, "/line-tests")
    assert "No point has been tested yet." in page
    at = office.place.clock() - dt.timedelta(days=14)
    made_with = LineResult(at=at, outcome=LineOutcome.ANSWERED, method=LineMethod.TELEPHONE)
    with office.place.work() as uow:
        set_line_test(uow, POINT, made_with)
        something_happened(uow)
    assert counted() == 0, "a real entry is tested by rounds alone"
    with office.place.work() as uow:
        uow.session.execute(update(Entry).where(Entry.id == POINT).values(synthetic=True))
        something_happened(uow)
    assert counted() == 1
    page = plain(office.get(READER, "/line-tests"))
    assert (
        "Too few tests so far to tell figures of them; each entry shows its own. Synthetic" in page
    )
    assert "No point has been tested yet." not in page
    asked(office)
    office.later(minutes=61)
    work(office)
    assert counted() == len([one for one in rows(office, LineTest) if one.ended_at]) == 1
    office.later(days=366)
    assert counted() == 0


@pytest.mark.parametrize("who", [READER, FIRST])
def test_page_costs_few_statements(office: Office, who: str) -> None:
    started(office)
    office.get(who, "/line-tests")
    with counted_statements(office.place.parts.engine) as sent:
        office.get(who, "/line-tests")
    assert len(sent) <= STATEMENTS[who], sent
