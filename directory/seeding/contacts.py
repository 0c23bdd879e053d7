"""Telephones and e-mails as sources print them, made into channels.

Nothing is thrown away: a number today's numbering plan does not know, or a cell that is no number
at all, stays as given and carries a warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from directory.domain.record import Channel
from directory.domain.vocabulary import (
    ADDRESS_NOT_VALID,
    NOT_A_NUMBER,
    NUMBER_NOT_IN_PLAN,
    ChannelKind,
    ChannelPurpose,
)

_SEPARATOR = re.compile(r";(?![^(]*\))")
_NOTE = re.compile(r"\(([^()]*[A-Za-z][^()]*)\)|\((\d+/\d+)\)")
_EXTENSION = re.compile(r"\s*\b(?:ext\.?|local)\s*(\d+)", re.IGNORECASE)
#: '9545444/5/6' and '4819 7000 / 7385': further last digits of one line.
_TAILS = re.compile(r"([^/]*\d)((?:\s*/\s*\d+)+)")
#: '186101-4': a range of lines, which no single number stands for.
_RANGE = re.compile(r"\d-\d$")
_OUT_OF_HOURS = re.compile(r"outside|out of hours|other hours|24/7", re.IGNORECASE)
_URGENT = re.compile(r"(?<!non-)\burgent|emergency|hotline", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Printed:
    """One number or address of a cell, without its note in brackets."""

    text: str
    note: str
    as_given: str


def telephones(cell: str, region: str, source: str, *, fax: bool = False) -> Iterator[Channel]:
    """The channels of a cell; ``region`` is the plan of numbers without a country code."""
    for printed in _pieces(cell):
        extension = _EXTENSION.search(printed.text)
        number = _EXTENSION.sub("", printed.text).strip()
        for one in _with_tails(number):
            yield _telephone(one, printed, extension[1] if extension else "", region, source, fax)


def _pieces(cell: str) -> Iterator[_Printed]:
    for piece in _SEPARATOR.split(cell):
        as_given = piece.strip()
        if as_given:
            notes = "; ".join(first or second for first, second in _NOTE.findall(as_given))
            yield _Printed(_NOTE.sub("", as_given).strip(), notes, as_given)


def _with_tails(number: str) -> tuple[str, ...]:
    match = _TAILS.fullmatch(number)
    if match is None:
        return (number,)
    tails = [tail.strip() for tail in match[2].split("/") if tail.strip()]
    return (match[1], *(match[1][: -len(tail)] + tail for tail in tails))


def _telephone(
    number: str, printed: _Printed, extension: str, region: str, source: str, fax: bool
) -> Channel:
    value, warning, mobile = normal_number(number, region)
    spoken = ChannelKind.MOBILE if mobile else ChannelKind.TELEPHONE
    return Channel(
        kind=ChannelKind.FAX if fax else spoken,
        value=value,
        as_given=printed.as_given,
        extension=extension,
        purpose=_purpose(printed.note),
        note=printed.note,
        warning=warning,
        source=source,
    )


def normal_number(number: str, region: str) -> tuple[str, str, bool]:
    """The number in E.164, a warning or '', and whether it is a mobile.

    A number the plan does not know is put into E.164 only where its country code was printed: a
    guessed code would make a wrong number dialable.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number, NOT_A_NUMBER, False
    valid = phonenumbers.is_valid_number(parsed)
    international = number.startswith(("+", "00", "(+")) and not _RANGE.search(number)
    if not valid and not international:
        return number, NUMBER_NOT_IN_PLAN, False
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return value, "" if valid else NUMBER_NOT_IN_PLAN, mobile


def _purpose(note: str) -> ChannelPurpose:
    if _URGENT.search(note):
        return ChannelPurpose.URGENT
    if _OUT_OF_HOURS.search(note):
        return ChannelPurpose.OUT_OF_HOURS
    return ChannelPurpose.GENERAL


def emails(cell: str, source: str) -> Iterator[Channel]:
    """The e-mail channels of a cell, checked by syntax only."""
    for printed in _pieces(cell):
        value, warning = _normal_address(printed.text)
        yield Channel(
            kind=ChannelKind.EMAIL,
            value=value,
            as_given=printed.as_given,
            purpose=_purpose(printed.note),
            note=printed.note,
            warning=warning,
            source=source,
        )


def _normal_address(address: str) -> tuple[str, str]:
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return address, ADDRESS_NOT_VALID
    return checked.normalized, ""


def special_channels(cell: str, source: str) -> Iterator[Channel]:
    """INTERPOL and the diplomatic channel, where the State names them for urgent requests."""
    named = {ChannelKind.INTERPOL: "INTERPOL", ChannelKind.DIPLOMATIC: "diplomatic channel"}
    for kind, words in named.items():
        if words.lower() in cell.lower():
            yield Channel(
                kind=kind,
                value=words,
                as_given=cell,
                purpose=ChannelPurpose.URGENT,
                note="" if cell == words else cell,
                source=source,
            )
