"""The page of the change log: who reads it, filters, differences, how far it is signed."""

import pytest
from sqlalchemy import Engine

from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.web.views import log
from tests.support.factories import publication, publish_all
from tests.support.reviewing import with_note, with_number
from tests.support.secretariat import ENTRY, FIRST, NEW, PROPOSER, Office, open_office, plain
from tests.support.trial import counted_statements

AUDITOR = "auditor@secretariat.example"
LOG_STATEMENTS = 9


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


@pytest.mark.parametrize("who", ["reader@fr.example", PROPOSER])
def test_only_those_who_read_logs_see_it(office: Office, who: str) -> None:
    office.get(who, "/log", 403)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=Romania", "state"),
        ("since=yesterday", "since"),
        ("until=2026-02-30", "until"),
        ("since=2026-02-02&until=2026-01-01", "until"),
        ("actor=nobody@nowhere.example", "actor"),
        ("subject_kind=soul", "subject_kind"),
        ("action=" + "x" * 300, "action"),
        ("before=0", "before"),
        ("before=9999999999999999999", "before"),
        ("colour=red", "colour"),
    ],
)
def test_filter_that_does_not_fit_is_named_and_kept(office: Office, query: str, field: str) -> None:
    page = office.get(AUDITOR, f"/log?{query}", 422)
    has_field = f'id="{field}"' in page
    assert (f'href="#{field}"' in page) is has_field
    assert has_field or f"<bdi>{field}</bdi>:" in page
    for name in ("actor", "since"):
        value = dict(one.split("=") for one in query.split("&")).get(name)
        assert value is None or f'value="{value}"' in page


def test_publication_shows_its_differences_with_titles(office: Office, engine: Engine) -> None:
    record = with_number(NEW)(office.desk.entry(ENTRY).record)
    publish_all(engine, publication(ENTRY, record, base=1))
    text = plain(office.get(AUDITOR, f"/log?subject={ENTRY}"))
    assert "1 difference" in text
    assert "Channel (Telephone, General): Value" in text


def test_refusals_stand_in_it(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    office.act(FIRST, proposal, "verify")
    text = plain(office.get(AUDITOR, "/log?action=proposal.verify.refused"))
    assert proposal in text
    assert "No call-back has confirmed this change yet." in text


def test_filters_narrow_it(office: Office) -> None:
    proposal = office.changed_number()
    for query, has in (
        (f"subject={proposal}", True),
        (f"actor={PROPOSER}", True),
        ("actor=a+test", False),
        ("state=RO", True),
        ("state=FR", False),
        ("action=proposal.submit", True),
        ("since=2026-11-23&until=2026-11-23", True),
        ("until=2026-11-22", False),
        ("subject_kind=campaign", False),
    ):
        page = office.get(AUDITOR, f"/log?{query}")
        assert (f'">{proposal}</bdi>' in page or f"{proposal}</bdi>" in page) is has, query


def test_pages_go_on_below_the_last_number(
    office: Office, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PAGE", 3)
    for number in range(1, 7):
        record = with_note(f"Note {number}")(office.desk.entry(ENTRY).record)
        publish_all(engine, publication(ENTRY, record, base=number))
    first = office.get(AUDITOR, f"/log?subject={ENTRY}")
    assert "Older" in first
    assert "Newest" not in first
    lowest = min(int(part.split('"')[0]) for part in first.split('<li value="')[1:])
    older = office.get(AUDITOR, f"/log?subject={ENTRY}&before={lowest}")
    assert max(int(part.split('"')[0]) for part in older.split('<li value="')[1:]) < lowest
    assert "Newest" in older


def test_last_checkpoint_is_held_against_the_log(office: Office) -> None:
    assert "no checkpoint has been signed yet" in plain(office.get(AUDITOR, "/log"))
    settings = office.place.parts.settings
    with office.place.work() as uow:
        made = make_checkpoint(uow, signer(settings), known_keys(settings), office.place.clock())
    assert made is not None
    text = plain(office.get(AUDITOR, "/log"))
    assert "Checkpoint 1 signs the first" in text
    assert "the log still holds what it signed" in text
    assert "directory log verify" in text


def test_log_asks_the_database_little(office: Office, engine: Engine) -> None:
    for number in range(1, 9):
        record = with_note(f"Note {number}")(office.desk.entry(ENTRY).record)
        publish_all(engine, publication(ENTRY, record, base=number))
    office.get(AUDITOR, "/log")
    with counted_statements(engine) as sent:
        office.get(AUDITOR, "/log")
    print(f"log: {len(sent)} statements")
    assert len(sent) <= LOG_STATEMENTS, "\n".join(sent)
