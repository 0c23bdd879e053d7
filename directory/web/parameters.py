"""Reading the parameters of an address: nothing unknown, nothing twice, every value checked."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from flask import request

from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.web.i18n import PARAMETER, languages

Word = TypeVar("Word", bound=StrEnum)

#: Longest value of a parameter, in characters; longer ones are nobody's typing.
LONGEST = 400
_YES = frozenset({"1", "true", "yes"})
_NO = frozenset({"0", "false", "no"})


class Parameters:
    """The values of the address; problems are gathered and raised together by ``refuse``."""

    def __init__(self, *allowed: str) -> None:
        self.problems: list[Problem] = []
        self._values = {
            name: value.strip()[:LONGEST] for name, value in request.args.items() if value.strip()
        }
        self._check_names((*allowed, PARAMETER))
        self.one_of(PARAMETER, languages())

    def _check_names(self, allowed: Collection[str]) -> None:
        names = ", ".join(sorted(allowed))
        for name, values in request.args.lists():
            if name not in allowed:
                message = N_("There is no such parameter. Allowed: %(allowed)s.")
                self.wrong(name[:LONGEST], message, allowed=names)
            elif len(values) > 1:
                self.wrong(name, N_("Give it once only."))
            elif len(values[0]) > LONGEST:
                self.wrong(name, N_("Too long: at most %(most)s characters."), most=LONGEST)

    def wrong(self, name: str, message: str, **params: object) -> None:
        """Note a problem with one parameter."""
        self.problems.append(Problem(name, message, params))

    def refuse(self) -> None:
        """Raise ``Invalid`` when anything was wrong."""
        if self.problems:
            raise Invalid(self.problems)

    def text(self, name: str) -> str:
        """The value, '' when not given."""
        return self._values.get(name, "")

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """The value, which must be one of a few; '' when not given."""
        value = self.text(name)
        if value and value not in allowed:
            message = N_("'%(value)s' is not known. Allowed: %(allowed)s.")
            self.wrong(name, message, value=value, allowed=", ".join(sorted(allowed)))
            return ""
        return value

    def word(self, name: str, words: type[Word]) -> Word | None:
        """A word of a vocabulary, None when not given."""
        value = self.one_of(name, [word.value for word in words])
        return words(value) if value else None

    def state(self, name: str, codes: Collection[str]) -> str:
        """The code of a State, in capitals or not; '' when not given."""
        value = self.text(name).upper()
        if value and value not in codes:
            message = N_("'%(value)s' is no State on file: choose one from the list.")
            self.wrong(name, message, value=value)
            return ""
        return value

    def flag(self, name: str) -> bool:
        """Yes or no; not given is no."""
        return self.one_of(name, _YES | _NO) in _YES

    def date(self, name: str) -> dt.date | None:
        """A day written YYYY-MM-DD, None when not given."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = dt.date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.isoformat() != value or not _EARLIEST <= found <= _LATEST:
            self.wrong(
                name,
                N_("'%(value)s' is no day: write it as 2026-01-31, from 1900 to 2200."),
                value=value,
            )
            return None
        return found

    def page(self, name: str = "page") -> int:
        """The number of a page, 1 when not given."""
        value = self.text(name) or "1"
        if not (value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= MOST_PAGES):
            message = N_("'%(value)s' is no page: a whole number from 1 to %(most)s.")
            self.wrong(name, message, value=value, most=MOST_PAGES)
            return 1
        return int(value)


_EARLIEST = dt.date(1900, 1, 1)
_LATEST = dt.date(2200, 12, 31)
MOST_PAGES = 500


def has_empty() -> bool:
    """Did a form send fields that were left empty? Then the address can be made shorter."""
    return any(not value.strip() for value in request.args.values())


def without_empty() -> dict[str, str]:
    """The parameters that say something, each once."""
    return {name: value for name, value in request.args.items() if value.strip()}
