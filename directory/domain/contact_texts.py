"""Telephone numbers and addresses inside texts.

A note is descriptive: one officer looks at it, or nobody before it is shown. A number in it leads
requests as surely as a channel does ('our number has changed, call ...'), so a text that brings one
needs what a channel needs, and a text that works at once may bring none.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from directory.domain.marks import N_
from directory.errors import Problem

#: Digits of the shortest number that can be dialled from abroad.
_LEAST_DIGITS = 7
_MAILBOX = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\s@<>()\[\],;:.]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: Digits with what is written between the groups of a number.
_DIGITS = re.compile(r"\+?\(?\d(?:[\s\-.()/]{0,3}\d)+")
_DATE = r"(?:(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\s?\d\d?[-./]\s?(?:19|20)\d\d)"
_YEAR = r"(?:18|19|20)\d\d"
_HOUR = r"(?:[01]\d|2[0-4])[.:]?[0-5]\d"
#: What looks like a number and is none: dates, spans of years or of hours, 'Law 302/2004'.
_OTHERS = re.compile(
    rf"(?<!\d)(?:{_DATE}|{_YEAR}\s?[-/]\s?{_YEAR}|{_HOUR}\s?-\s?{_HOUR}|\d{{1,5}}/{_YEAR})(?!\d)"
)


def contacts_in(text: str) -> frozenset[str]:
    """The telephone numbers (their digits) and mailboxes that a text holds.

    Digits of every script count, as do those with spaces, dashes, dots and brackets between them.
    Web addresses are left alone: a link is a field of its own.
    """
    plain = _LINK.sub(" ", "".join(_plain(character) for character in text))
    mailboxes = {found.casefold() for found in _MAILBOX.findall(plain)}
    runs = _DIGITS.findall(_OTHERS.sub(" ; ", _MAILBOX.sub(" ", plain)))
    numbers = {"".join(one for one in run if one.isdigit()) for run in runs}
    return frozenset(mailboxes | {one for one in numbers if len(one) >= _LEAST_DIGITS})


def _plain(character: str) -> str:
    """The character as ASCII writes it, where it is a digit, a sign or a space of another form."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) in {"Pd", "Zs"}:
        return "-" if unicodedata.category(character) == "Pd" else " "
    return unicodedata.normalize("NFKC", character)


def brings_contacts(before: Any, after: Any) -> bool:
    """Does the new value of a field (JSON types) hold a number or mailbox the old one had not?"""
    found = _all(after)
    return bool(found) and bool(found - _all(before))


def brings_links(before: Any, after: Any) -> bool:
    """Does the new value of a field (JSON types) hold a web address the old one had not?"""
    return bool(_links(after) - _links(before))


def _links(value: Any) -> frozenset[str]:
    return frozenset(link for text in _texts(value) for link in _LINK.findall(text))


def _all(value: Any) -> frozenset[str]:
    return frozenset(contact for text in _texts(value) for contact in contacts_in(text))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def unchecked_problems(path: str, text: str) -> list[Problem]:
    """What is wrong with a text that is shown before anybody has checked it."""
    if not contacts_in(text) and not _LINK.search(text):
        return []
    message = N_(
        "This is shown before anybody has checked it, so it may hold no telephone number, e-mail "
        "or web address; propose these as channels of the entry."
    )
    return [Problem(path, message)]
