"""Coverage for programs: who names whom for what, and where the gaps are."""

from typing import Any

from flask import Response

from directory.api.known import refuse_unknown, unknown_beside
from directory.api.operations import Operations, json_response, reads
from directory.domain.coverage import Cell, Cover
from directory.domain.record import part_to_dict
from directory.queries.coverage import CoverageFilters, get_matrix
from directory.queries.reference import get_book
from directory.schemas.coverage import CoverageAnswer, CoverageAsked
from directory.web.context import actor, now, reading

operations = Operations("api_coverage", __name__, description="Coverage and gaps")


@reads(
    operations,
    "/coverage",
    permission="coverage:read",
    asks=CoverageAsked,
    codes=unknown_beside,
    answers=CoverageAnswer,
)
def show_coverage(asked: dict[str, Any]) -> Response:
    """For each State and cooperation type: is somebody named, and how sure is it?

    `not_on_record`: nobody is named, and no participation on record binds the State to an article
    on the type. That is never 'not a party'. `designated`: named, never confirmed by the State;
    `lapsed`: confirmed once, and the time of that is over. The best of a cell's entries counts, so
    `disputed` says that each of them is reported as wrong.
    """
    refuse_unknown(asked, get_book(actor(), reading()))
    found, _book = get_matrix(actor(), reading(), CoverageFilters(**asked), now().date())
    cells = found.cells
    return json_response(
        {
            "items": [cell_json(cell) for cell in cells],
            "next": None,
            "total": len(cells),
            "totals": [
                {"type": kind, "counts": {cover.value: counts[cover] for cover in Cover}}
                for kind, counts in found.totals().items()
            ],
        }
    )


def cell_json(cell: Cell) -> dict[str, Any]:
    """One cell in JSON types."""
    return {
        "state": cell.state,
        "type": cell.cooperation_type,
        "cover": cell.cover,
        "entries": cell.entries,
        "reported": cell.reported,
        "synthetic": cell.synthetic,
        "is_open_duty": cell.is_open_duty,
        "has_clock": cell.has_clock,
        "legal_bases": [part_to_dict(basis) for basis in cell.legal_bases],
    }
