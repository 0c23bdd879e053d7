"""Codes that a question names and the reference data may not know."""

from typing import Any

from directory.domain.book import ReferenceBook
from directory.domain.marks import N_
from directory.errors import Invalid, Problem


def refuse_unknown(asked: dict[str, Any], book: ReferenceBook) -> None:
    """Raise ``Invalid`` for a State, a region or an instrument that is not on record."""
    problems = []
    for name in ("state", "requesting"):
        if asked.get(name, "") not in {"", *book.states}:
            message = N_("no State has the code %(code)s; /api/v1/states lists those there are")
            problems.append(Problem(name, message, {"code": asked[name]}))
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
    if problems:
        raise Invalid(problems)
