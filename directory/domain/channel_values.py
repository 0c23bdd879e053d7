"""What people type as a number or an address, made into the value that is stored.

Telephones become E.164, e-mails get an ASCII domain. A number that today's numbering plan does not
know is kept and marked: one official number in six is such a number.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from directory.domain.call_backs import Key, key_of, record_channels
from directory.domain.record import Channel, Record, RequirementsRecord
from directory.domain.vocabulary import (
    ADDRESS_NOT_VALID,
    NOT_A_NUMBER,
    NUMBER_NOT_IN_PLAN,
    SPOKEN,
    ChannelKind,
)

DIALLED = SPOKEN | {ChannelKind.FAX}


def normalised(record: Record, before: Record | None, region: str) -> Record:
    """The record with every channel that was typed anew in its stored form.

    ``region`` is the State's code, whose plan numbers without a country code belong to. Channels
    whose value stands in ``before`` keep what is stored there, so that nothing but a new value can
    change how a number is printed. A new value loses what belonged to the former one: how it was
    printed, its warning, and the source that gave it, unless the proposal names another source.
    """
    if isinstance(record, RequirementsRecord):
        return record
    known = {key_of(one): one for one in record_channels(before)}
    stored = [_stored(one, known, region) for one in record.channels]
    standing = {key_of(one) for one in stored}
    former = {one.source for key, one in known.items() if key not in standing}
    channels = tuple(
        replace(one, source="") if key_of(one) not in known and one.source in former else one
        for one in stored
    )
    return replace(record, channels=channels)


def _stored(channel: Channel, known: Mapping[Key, Channel], region: str) -> Channel:
    value, warning = stored_value(channel.kind, channel.value, region)
    extension = channel.extension or _extension(channel, region)
    for candidate in (channel.value, value):
        same = known.get((channel.kind.value, candidate))
        if same is not None:
            return replace(channel, value=same.value, as_given=same.as_given, warning=same.warning)
    as_given = channel.value if channel.value != value else ""
    return replace(channel, value=value, as_given=as_given, warning=warning, extension=extension)


def _extension(channel: Channel, region: str) -> str:
    """The extension that was typed behind the number."""
    if channel.kind not in DIALLED:
        return ""
    try:
        return phonenumbers.parse(channel.value, region).extension or ""
    except phonenumbers.NumberParseException:
        return ""


@lru_cache(maxsize=10_000)
def stored_value(kind: ChannelKind, typed: str, region: str) -> tuple[str, str]:
    """The value to store for what was typed, and a warning or ''."""
    text = typed.strip()
    if kind in DIALLED:
        return _number(text, region)
    if kind is ChannelKind.EMAIL:
        return _address(text)
    return text, ""


def _number(text: str, region: str) -> tuple[str, str]:
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text, NOT_A_NUMBER
    if phonenumbers.is_valid_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), ""
    if text.startswith(("+", "00", "(+")):
        value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        return value, NUMBER_NOT_IN_PLAN
    # A guessed country code would make a wrong number dialable.
    return text, NUMBER_NOT_IN_PLAN


def _address(text: str) -> tuple[str, str]:
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return text, ADDRESS_NOT_VALID
    return checked.ascii_email or f"{checked.local_part}@{checked.ascii_domain}", ""
