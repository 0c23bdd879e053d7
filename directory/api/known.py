"""Codes that a question names and the reference data may not know."""

from collections.abc import Mapping
from typing import Any

from directory.domain.book import ReferenceBook, UnknownState
from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.web.presentation import book as book_of_request


def refuse_unknown(asked: Mapping[str, Any], book: ReferenceBook) -> None:
    """Raise ``Invalid`` for a State, a region or an instrument that is not on record."""
    problems = _unknown(asked, book)
    if problems:
        raise Invalid(problems)


def unknown_beside(asked: Mapping[str, Any]) -> list[Problem]:
    """The same, to be told beside what else is wrong with a question."""
    return _unknown(asked, book_of_request())


def _unknown(asked: Mapping[str, Any], book: ReferenceBook) -> list[Problem]:
    problems: list[Problem] = [
        UnknownState(name, params={"code": asked[name]})
        for name in ("state", "requesting")
        if asked.get(name, "") not in {"", *book.states}
    ]
    regions = sorted({state.regional_group for state in book.states.values()} - {""})
    if asked.get("region", "") not in {"", *regions}:
        message = N_("no regional group has this name; allowed are: %(allowed)s")
        problems.append(Problem("region", message, {"allowed": ", ".join(regions)}))
    if asked.get("instrument", "") not in {"", *book.instruments}:
        message = N_("no instrument has the code %(code)s; allowed are: %(allowed)s")
        allowed = ", ".join(sorted(book.instruments))
        problems.append(
            Problem("instrument", message, {"code": asked["instrument"], "allowed": allowed})
        )
    return problems
