"""Reports in numbers: who sees them, of which States, and how long an answer took."""

import pytest
from sqlalchemy import Engine

from tests.support.secretariat import (
    ENTRY,
    FIRST,
    PROPOSER,
    Office,
    open_office,
    plain,
)
from tests.support.trial import counted_statements

READER = "reader@fr.example"
#: The door's, the book and the reports.
STATEMENTS = 3


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def test_statistics_are_for_those_who_answer(office: Office) -> None:
    office.get(READER, "/reviews/reports", 403)
    office.get(READER, "/desk/reports", 403)
    office.get(PROPOSER, "/reviews/reports", 403)
    office.get("auditor@secretariat.example", "/reviews/reports", 403)


def test_where_nothing_was_reported_it_is_said(office: Office) -> None:
    assert "0 reports since" in plain(office.get(FIRST, "/reviews/reports"))


def test_reports_are_counted_with_the_time_to_an_answer(office: Office, engine: Engine) -> None:
    for kind in ("no_answer", "bounced"):
        sent = office.post(READER, f"/entries/{ENTRY}/reports", kind=kind)
        assert sent.status_code == 303
    office.later(hours=5)
    answered = office.post(PROPOSER, "/desk/reports/1/answer", text="The line works again.")
    assert answered.status_code == 303
    for who, address in (
        (FIRST, "/reviews/reports"),
        ("admin@secretariat.example", "/reviews/reports"),
        (PROPOSER, "/desk/reports"),
    ):
        text = plain(office.get(who, address))
        assert "2 reports since" in text
        assert "No answer 1 0 5 h" in text
        assert "E-mail came back 1 1 –" in text
        # Of all kinds, and of the one State.
        assert text.count("2 1 5 h") == 2
    with counted_statements(engine) as sent_statements:
        office.get(FIRST, "/reviews/reports")
    assert len(sent_statements) <= STATEMENTS, "\n".join(sent_statements)
