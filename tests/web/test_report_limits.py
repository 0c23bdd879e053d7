"""A reader who says too much at once is told so, keeps what was typed, and fills no page."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from directory.domain.lifecycle import ReportKind
from tests.support.secretariat import ENTRY, FIRST, Office, open_office, plain

READER = "reader@fr.example"
ADDRESS = f"/entries/{ENTRY}/reports"


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def test_a_line_that_is_not_there_is_refused_and_the_note_kept(office: Office) -> None:
    sent = office.post(READER, ADDRESS, kind="no_answer", channel="n<1>", note="Rang long.")
    assert sent.status_code == 422
    assert "n<1> is no line of this entry; choose one" in plain(sent)
    assert "\nRang long.</textarea>" in sent.get_data(as_text=True)


def test_beyond_the_reports_of_a_day_the_note_is_kept_and_others_go_on(office: Office) -> None:
    parts = office.place.parts
    few = replace(parts, settings=replace(parts.settings, reports_daily=1))
    office.place.app.extensions["directory"] = few
    assert office.post(READER, ADDRESS, kind="no_answer").status_code == 303
    sent = office.post(READER, ADDRESS, kind="bounced", note="Came back.")
    assert sent.status_code == 429
    assert 0 < int(sent.headers["Retry-After"]) <= 24 * 3600
    assert "as a day allows (1) wait for an answer" in plain(sent)
    assert "\nCame back.</textarea>" in sent.get_data(as_text=True)
    assert office.post(FIRST, ADDRESS, kind="bounced").status_code == 303


def test_the_page_names_some_reports_and_counts_the_rest(office: Office) -> None:
    for kind in ReportKind:
        assert office.post(READER, ADDRESS, kind=kind).status_code == 303
    page = plain(office.get(READER, f"/entries/{ENTRY}"))
    assert f"{len(ReportKind)} open reports" in page
    assert "and 1 more" in page
    assert office.post(FIRST, ADDRESS, kind="other").status_code == 303
    assert "and 2 more" in plain(office.get(READER, f"/entries/{ENTRY}"))
