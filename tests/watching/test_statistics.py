"""The directory in numbers: who sees which, what is too small to be shown, charts with tables."""

import datetime as dt
import re

import pytest
from sqlalchemy import Engine, insert

from directory.domain.asking import Outcome
from directory.domain.watching import Front
from directory.models.watching import QuestionCount
from directory.queries.statistics import last_months
from directory.web.views.statistics import TALL, columns, percent
from tests.support.secretariat import ENTRY, FIRST, PROPOSER, Office, open_office, plain
from tests.support.trial import counted_statements

READER = "reader@fr.example"
#: The door's, the book, seven of the numbers, and the line tests.
STATEMENTS = 10


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def asked(office: Office, *rows: tuple[str, str, Outcome, int]) -> None:
    """So many questions of this month."""
    month = office.place.clock().date().replace(day=1)
    with office.place.work() as uow:
        uow.session.execute(
            insert(QuestionCount),
            [
                {
                    "month": month,
                    "front": Front.FINDER,
                    "state_code": state,
                    "cooperation_type": kind,
                    "outcome": outcome,
                    "asked": count,
                }
                for state, kind, outcome, count in rows
            ],
        )


def test_numbers_are_for_the_secretariat_and_focal_points(office: Office) -> None:
    office.get(READER, "/statistics", 403)
    office.get("auditor@secretariat.example", "/statistics", 403)
    office.get(FIRST, "/statistics")
    office.get(PROPOSER, "/statistics")


def test_small_numbers_are_not_shown_nor_found_by_subtraction(office: Office) -> None:
    asked(
        office,
        ("RO", "mla", Outcome.NOTHING, 4),
        ("JP", "mla", Outcome.NOTHING, 37),
        ("FR", "mla", Outcome.NEAR, 8),
        ("FR", "mla", Outcome.FOUND, 2),
    )
    text = plain(office.get(FIRST, "/statistics"))
    assert "About 50 questions" in text
    assert "about 40 found nobody" in text
    assert "JP mla 37 37" in text
    assert "FR mla 8 not shown" in text
    assert "RO mla" not in text
    assert "1 line is too small to be shown." in text


def rows_of(page: str, chart: str) -> dict[str, str]:
    """Month -> what the table behind a chart tells of it."""
    table = page[page.index(f'id="{chart}-caption"') :].partition("</table>")[0]
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number">([^<]*)</td>', table))


def test_a_month_of_few_questions_is_no_month_without_any(office: Office) -> None:
    asked(office, ("FR", "mla", Outcome.FOUND, 9))
    assert "fewer than 10 in each of twelve months" in plain(office.get(FIRST, "/statistics"))
    asked(office, ("JP", "mla", Outcome.FOUND, 13))
    page = office.get(FIRST, "/statistics")
    told = rows_of(page, "asked")
    assert list(told.values()) == ["fewer than 10"] * 11 + ["20"]
    picture = page[page.index("<svg", page.index("asked-caption")) :].partition("</svg>")[0]
    assert picture.count("&lt;10</text>") == 11
    assert picture.count('height="0"') == 11


def test_a_short_wait_is_no_wait_of_nothing_and_no_wait_is_no_number(office: Office) -> None:
    proposal = office.described()
    office.later(minutes=20)
    for act in ("take", "verify"):
        office.done(FIRST, proposal, act)
    page = office.get(FIRST, "/statistics")
    assert list(rows_of(page, "waits").values()) == ["–"] * 11 + ["less than 1"]
    assert "1 less than 1 h less than 1 h" in plain(page)


def test_what_is_more_than_nothing_is_never_told_as_none() -> None:
    assert [percent(*one) for one in ((0, 273), (1, 273), (272, 273), (273, 273))] == [
        *("0", "<1", "99", "100")
    ]
    small, tall = columns([(dt.date(2026, 1, 1), 1), (dt.date(2026, 2, 1), 5000)], hours_of)
    assert small.height > 0
    assert tall.height == TALL


def hours_of(number: float | None) -> tuple[str, str]:
    return str(number), str(number)


def test_a_state_sees_what_is_asked_of_itself_alone(office: Office) -> None:
    asked(office, ("RO", "mla", Outcome.NOTHING, 12), ("JP", "mla", Outcome.NOTHING, 37))
    text = plain(office.get(PROPOSER, "/statistics"))
    assert "RO mla 12 12" in text
    assert "37" not in text


def test_decisions_confirmations_and_reports_are_counted(office: Office) -> None:
    proposal = office.described()
    office.later(hours=5)
    for act in ("take", "verify"):
        office.done(FIRST, proposal, act)
    sent = office.post(READER, f"/entries/{ENTRY}/reports", kind="no_answer")
    assert sent.status_code == 303
    for who in (FIRST, PROPOSER):
        page = office.get(who, "/statistics")
        text = plain(page)
        assert "1 5 h 5 h" in text
        assert "0 of 2 entries (0 %)" in text
        assert "1 report is open." in text
        # Decisions and reports have a picture with a table; of what there is none, it is said.
        assert page.count('role="img"') == page.count("<details>") == 2
        assert "Confirmations by month: none in twelve months." in text


def test_the_page_asks_the_database_little(office: Office, engine: Engine) -> None:
    office.get(FIRST, "/statistics")
    with counted_statements(engine) as sent:
        office.get(FIRST, "/statistics")
    assert len(sent) <= STATEMENTS, "\n".join(sent)


def test_months_run_over_the_turn_of_the_year() -> None:
    months = last_months(dt.date(2026, 2, 28))
    assert (months[0], months[-1]) == (dt.date(2025, 3, 1), dt.date(2026, 2, 1))
    assert len(months) == 12
