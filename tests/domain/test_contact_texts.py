"""Which texts lead requests somewhere: numbers and mailboxes in them are found, however written."""

import pytest

from directory.domain.contact_texts import (
    brings_contacts,
    brings_links,
    contacts_in,
    unchecked_problems,
)
from directory.domain.diff import Difference
from directory.domain.fields import FieldClass

NUMBERS = [
    "Our number has changed, call +40 21 999 99 99.",
    "Call 0040219999999",
    "(021) 999-99-99",
    "tel. 021.999.99.99",
    "021/9999999 ext. 4",
    "+٤٠٢١٩٩٩٩٩٩٩",
    "＋４０ ２１ ９９９ ９９ ９９",
    "+40\u00a021\u2011999\u201399\u201399",
    "6123 4567",
    "Since 2024-05-01 call +40219999999",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert contacts_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ring twice.",
        "Law 302/2004 and Law No. 535/2004, art. 12, 13 and 14",
        "Closed from 2026-12-24 to 2027-01-02, and on 01.05.2027",
        "Open 08:30-16:30, 0900-1700 in summer; 2019-2024",
        "See https://www.justice.example/doc/123456789",
        "ISBN 92-1",
        "At most 250 000 EUR",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert contacts_in(text) == frozenset()


def test_a_mailbox_is_found() -> None:
    assert contacts_in("Write to Desk@Justice.example.") == {"desk@justice.example"}


def test_what_stood_there_before_is_nothing_new() -> None:
    assert not brings_contacts("Call +40 21 999 99 99", "Do not call +40219999999 at night")
    assert brings_contacts(None, ["Call +40219999999"])
    assert brings_contacts({"note": "x"}, {"note": "call +40219999999", "more": 3})
    assert not brings_contacts("Call +40219999999", None)


def test_a_new_web_address_is_found() -> None:
    assert brings_links([], ["https://evil.example/a"])
    assert brings_links("See www.a.example", "See www.b.example")
    assert not brings_links(["https://a.example/1"], ["https://a.example/1"])


def test_a_note_with_a_number_needs_what_a_number_needs() -> None:
    plain = Difference(field="note", after="Ring twice.")
    leading = Difference(field="note", after="Now at +40 21 999 99 99.")
    inner = Difference(
        field="designations", part="a", inner="note", before="", after="x@evil.example"
    )
    assert plain.field_class is FieldClass.DESCRIPTIVE
    assert leading.field_class is inner.field_class is FieldClass.ROUTING_CRITICAL
    assert leading.is_critical


@pytest.mark.parametrize("text", [*NUMBERS, "see https://evil.example", "WWW.evil.example"])
def test_a_text_shown_unchecked_holds_no_way_elsewhere(text: str) -> None:
    (problem,) = unchecked_problems("reason", text)
    assert problem.path == "reason"
    assert unchecked_problems("reason", "The mailbox is no longer safe.") == []
