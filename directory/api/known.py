"""Codes that a question names and the reference data may not know."""

from typing import Any

from directory.domain.book import ReferenceBook
from directory.domain.marks import N_
from directory.errors import Invalid, Problem


def refuse_unknown(asked: dict[str, Any], book: ReferenceBook) -> None:
    """Raise ``Invalid`` for a State or an instrument that is not on record."""
    problems = []
    if asked.get("state", "") not in {"", *book.states}:
        message = N_("no State has the code %(code)s; /api/v1/states lists those there are")
        problems.append(Problem("state", message, {"code": asked["state"]}))
    if asked.get("instrument", "") not in {"", *book.instruments}:
        message = N_("no instrument has the code %(code)s; allowed are: %(allowed)s")
        allowed = ", ".join(sorted(book.instruments))
        problems.append(
            Problem("instrument", message, {"code": asked["instrument"], "allowed": allowed})
        )
    if problems:
        raise Invalid(problems)
