"""Telephone numbers and addresses inside texts.

A note is descriptive: one officer looks at it, or nobody before it is shown. A number in it leads
requests as surely as a channel does ('our number has changed, call ...'), so a text that brings one
needs what a channel needs, and a text that works at once may bring none.

Whatever could be dialled counts: digits of every form with anything but words between them. What
only looks like a number (a date, hours, the number of a law) passes where it stands alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from directory.domain.marks import N_
from directory.domain.plain_digits import fold
from directory.errors import Problem

#: Digits of the shortest number that can be dialled from abroad.
_LEAST_DIGITS = 7
#: A text that nobody checks holds no longer row of digits, whatever it looks like.
_DIGITS_OF_A_DATE = 8

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: A link with the name of a host; its digits are no number, save behind a '+' or for a messenger.
_WEB_ADDRESS = re.compile(
    r"(?:https?://|www\.)(?:[\w-]{1,63}\.){1,8}(?<!wa\.)(?<!whatsapp\.)"
    r"[a-z]{2,}(?![\w.])(?:[/?#:][^\s+]*)?",
    re.IGNORECASE,
)

_HOST = r"[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,6}\.[a-z]{2,}\b"
#: '@' and '.' as they are written for people alone: 'desk (at) mail [dot] example', 'desk at mail'.
_WRITTEN_OUT = tuple(
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (r" ?[(\[{<] ?(?:dot|point|punto|точка) ?[)\]}>] ?", "."),
        (r"(?<=[\w-]) dot (?=[a-z])", "."),
        (r" ?[(\[{<] ?(?:at|arobase|arroba|собака) ?[)\]}>] ?", "@"),
        (rf"(?<=[\w.+-]) (?:at|arobase|arroba) (?={_HOST})", "@"),
        (r" ?@ ?", "@"),
    )
)
_MAILBOX = re.compile(r"[^\s@<>()\[\],;:\"]{0,64}@[^\s@<>()\[\],;:\"]+")

#: Digits with what is between them: no letters, or a single one inside of a word ('33x142').
_RUN = re.compile(r"\d(?:(?:[\W_]*|[^\W\d_](?=\d))\d)*")
_PLUS = re.compile(r"\+[\W_]*\Z")

_YEAR = r"(?:18|19|20)\d\d"
_DAY, _MONTH = r"(?:[12]\d|3[01]|0?[1-9])", r"(?:1[0-2]|0?[1-9])"
_DATE = (
    rf"(?:(?:{_YEAR}[-./]{_MONTH}[-./]{_DAY}|{_DAY}(?:[-/]|\. ?){_MONTH}(?:[-/]|\. ?){_YEAR}"
    rf"|{_MONTH}/{_DAY}/{_YEAR})(?:[ T]\d\d:\d\d(?: ?- ?\d\d:\d\d)?)?)"
)
#: Round minutes, save behind a colon, which numbers have not: '0722-1219' are no hours.
_HOUR = r"(?:[01]?\d|2[0-4])(?:[:h][0-5]\d|\.?(?:[0-5][05]|59))"
#: 'Law 302/2004', 'Lei 13.445/2017', 'Regulation 2018/1805'.
_LAW = rf"(?:[1-9]\d{{0,3}}/{_YEAR}|[1-9]\d?\.\d{{3}}/{_YEAR}|{_YEAR}/[1-9]\d{{0,3}})"
#: The longer before the shorter, and no second try: '2010' is a year and an hour, and a row of them
#: would be tried in every way that there is.
_OTHER = (
    rf"(?>(?:{_DATE}|{_YEAR} ?[-/] ?{_YEAR}|{_LAW}|{_HOUR} ?- ?{_HOUR}|{_YEAR}|{_HOUR}|24/7)"
    r"(?!\d))"
)
#: What looks like a number and is none: one of them, or several that a sign of a sentence parts.
_OTHERS = re.compile(rf"{_OTHER}(?:(?:[,;:.)]+ \(?| \(| - ){_OTHER})*+")
#: What a word before it says to be something else.
_NAMED = re.compile(
    # Numbers of journals and notifications: 'BOE-A-2017-8752', 'C.N.794.2017'.
    rf"(?:[A-Z]-(?:{_YEAR}-[1-9]\d{{0,4}}|[1-9]\d{{0,3}}-{_YEAR})|\bC\.N\.[1-9]\d{{0,3}}\.{_YEAR}"
    # Postal codes with a dash: 'CEP 70064-900', 'DC 20530-0001', '〒100-8977'.
    r"|(?:\b[A-Z]{2} |\bCEP:? |\bZIP:? |〒 ?)(?:\d{5}-\d{3,4}|\d{3}-\d{4}|\d{4}-\d{3})"
    # Articles in a list: 'art. 12, 13, 14'.
    r"|(?:\b(?:[Aa]rt(?:s|icles?|[íi]culos?)?|[Ss]ec(?:s|tions?)?|[Pp]ara(?:s|graphs?)?)\b|§)"
    r"\.? ?[1-9]\d{0,2}(?:, [1-9]\d{0,2})+)(?!\d)"
)


def contacts_in(text: str) -> frozenset[str]:
    """The telephone numbers (their digits) and mailboxes that a text holds, however written.

    Web addresses are left alone: a link is a field of its own.
    """
    plain = _read(text)
    mailboxes = {found.casefold().rstrip(".") for found in _MAILBOX.findall(plain)}
    return frozenset(mailboxes.union(_numbers(_MAILBOX.sub(" mailbox ", plain))))


def _read(text: str) -> str:
    plain = _WEB_ADDRESS.sub(" link ", fold(text))
    for written, sign in _WRITTEN_OUT:
        plain = written.sub(sign, plain)
    return plain


def _numbers(plain: str) -> Iterator[str]:
    """The digits of each row of them that could be dialled."""
    named = {found.end() for found in _NAMED.finditer(plain)}
    for run in _RUN.finditer(plain):
        digits = _digits(run[0])
        if len(digits) >= _LEAST_DIGITS and not (run.end() in named or _passes(plain, run)):
            yield digits


def _passes(plain: str, run: re.Match[str]) -> bool:
    """Is it only dates, hours, years or laws, with no '+' before it?"""
    is_dialled = _PLUS.search(plain, max(0, run.start() - 4), run.start())
    return not is_dialled and _OTHERS.fullmatch(run[0]) is not None


def _digits(run: str) -> str:
    return "".join(one for one in run if one.isdigit())


def brings_contacts(before: Any, after: Any) -> bool:
    """Does the new value of a field (JSON types) hold a number or mailbox the old one had not?"""
    found = _all(after)
    return bool(found) and bool(found - _all(before))


def brings_links(before: Any, after: Any) -> bool:
    """Does the new value of a field (JSON types) hold a web address the old one had not?"""
    return bool(_links(after) - _links(before))


def _links(value: Any) -> frozenset[str]:
    return frozenset(link for text in _texts(value) for link in _LINK.findall(fold(text)))


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
    """What is wrong with a text that is shown before anybody has checked it.

    Here dates and hours are held to a date's length, too: nobody looks whether they are some.
    """
    if contacts_in(text) or _LINK.search(fold(text)):
        message = N_(
            "This is shown before anybody has checked it, so it may hold no telephone number, "
            "e-mail or web address; propose these as channels of the entry."
        )
        return [Problem(path, message)]
    longest = max((len(_digits(run)) for run in _RUN.findall(_read(text))), default=0)
    if longest > _DIGITS_OF_A_DATE:
        message = N_(
            "This is shown before anybody has checked it, so it may hold no more than %(most)s "
            "digits in a row; put words between dates, hours and other numbers."
        )
        return [Problem(path, message, {"most": _DIGITS_OF_A_DATE})]
    return []
