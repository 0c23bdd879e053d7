"""Every kind has words in every language spoken, and none lets a stranger write markup."""

import string
from pathlib import Path

import pytest

from directory.domain.lifecycle import ReportKind
from directory.domain.reference import State
from directory.domain.verification import REJECTION_CODES
from directory.domain.vocabulary import StateKind
from directory.exchange import notice_rendering
from directory.exchange.notice_rendering import (
    MOST_ENTRIES,
    Facts,
    as_html,
    as_text,
    compose,
    spoken,
)
from directory.exchange.notice_texts import ADDRESSES, REPORTS, TEXTS
from tests.support.catalogue import write_pseudo_translation

BASE = "https://directory.example.org"
FACTS = Facts(
    base_url=BASE,
    names={"RO-1": "Ministerul Justiției", "RO-2": "Parchetul"},
    states={"RO": State(code="RO", kind=StateKind.MEMBER, names={"en": "Romania"})},
    contact="secretariat@example.org",
)
ALL = {
    "proposal": "P-00000000",
    "entry": "RO-1",
    "state": "RO",
    "hold_until": "2026-03-05T09:30:00+00:00",
    "text": "said so",
    "code": "wrong_data",
    "alternative": "RO-2",
    "report": 7,
    "report_kind": "no_answer",
    "objection_link": "link",
    "campaign": "Spring",
    "deadline": "2026-04-01",
    "address": "/campaigns/1",
    "due": [["RO-1", "RO", "2026-03-01", True], ["RO-2", "RO", "2026-03-09", False]],
    "unconfirmed": 4,
    "by": "FR",
    "minutes": 15,
    "pattern": "breadth",
    "moment": "2026-03-05T09:30:00+00:00",
    "browser": "Firefox, Windows",
    "network": "192.0.2.1",
    "what": "passkey_added",
    "recovery": 3,
    "account": 12,
    "invitation_link": "link",
    "line_test_link": "link",
    "ends": "2026-03-05T09:30:00+00:00",
    "first_day": "2026-03-31",
    "last_day": "2026-04-01",
    "to_confirm": 3,
    "ending": 2,
    "domain": "mj.fr.example",
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("params", [ALL, {}], ids=["full", "bare"])
def test_every_kind_is_filled_in(kind: str, params: dict[str, object]) -> None:
    message = compose(kind, params, FACTS, "en")
    for text in (message.subject, as_text(message), as_html(message)):
        assert "%(" not in text
        assert "None" not in text
    assert message.subject
    assert "Justiției" not in message.subject
    assert all(address.startswith(f"{BASE}/") for _, address in message.links)
    assert as_text(message).isascii() or "Justiției" in as_text(message)


@pytest.mark.parametrize("kind", TEXTS)
def test_what_is_known_is_said_and_can_be_followed(kind: str) -> None:
    message = compose(kind, ALL, FACTS, "en")
    texts = TEXTS[kind]
    assert len(message.lines) == len(texts.lines)
    assert len(message.links) == len(texts.links)
    assert {link.address for link in texts.links} <= ADDRESSES.keys()


def test_moments_say_their_zone() -> None:
    lines = compose("change_on_hold", ALL, FACTS, "en").lines
    assert any("5 March 2026, 09:30 UTC" in line for line in lines)


def test_strangers_write_no_markup() -> None:
    hostile = '<script>alert(1)</script><a href="https://evil.example">'
    facts = Facts(base_url=BASE, names={"RO-1": hostile})
    html = as_html(compose("rejected", ALL | {"text": hostile}, facts, "en"))
    assert "<script" not in html
    assert 'href="https://evil' not in html
    assert "&lt;script&gt;" in html


def test_strangers_fill_in_nothing_more() -> None:
    text = as_text(compose("rejected", ALL | {"text": "%(proposal)s %s %(x)d"}, FACTS, "en"))
    assert "In their words: %(proposal)s %s %(x)d" in text


def test_long_digest_says_how_many_more_there_are() -> None:
    due = [[f"RO-{number}", "RO", "2026-03-01", True] for number in range(MOST_ENTRIES + 7)]
    message = compose("confirmation_asked", {"due": due, "state": "RO"}, FACTS, "en")
    assert len(message.items) == MOST_ENTRIES + 1
    assert message.items[-1] == "and 7 more"


def test_every_reason_has_words() -> None:
    assert REPORTS.keys() == set(ReportKind)
    for code, text in REJECTION_CODES.items():
        assert f"Reason: {text}" in compose("rejected", ALL | {"code": code}, FACTS, "en").lines


def test_language_without_catalogue_is_not_spoken() -> None:
    assert spoken("xx", "") == "en"


def test_recipient_is_written_to_in_their_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pseudo_translation(tmp_path / "web" / "translations")
    monkeypatch.setattr(notice_rendering, "PACKAGE", folder.parents[1])
    notice_rendering.translation.cache_clear()
    assert spoken("ar", "en") == "ar"
    message = compose("published", ALL, FACTS, "ar")
    assert message.direction == "rtl"
    assert not set(message.subject.replace("Romania", "")) & set(string.ascii_letters)
    assert '<html lang="ar" dir="rtl">' in as_html(message)
    monkeypatch.undo()
    notice_rendering.translation.cache_clear()
