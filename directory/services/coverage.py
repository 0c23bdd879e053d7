"""Keeping how coverage stood, once a day, so that trends can be shown."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import insert, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.coverage import KEPT_COVERS, Cell, Cover
from directory.models.coverage import CoverageDay
from directory.policy import EVERY_READER
from directory.queries.coverage import CoverageFilters, get_matrix


def keep_day(uow: UnitOfWork, at: dt.datetime) -> int:
    """Write the day's coverage of every State, unless it is written; how many States it wrote.

    Two workers at once: the primary key lets one of them win, the other tries again and finds it.
    """
    today = at.date()
    known = select(CoverageDay.day).where(CoverageDay.day == today).limit(1)
    if uow.session.scalar(known) is not None:
        return 0
    found, _book = get_matrix(EVERY_READER, uow.session, CoverageFilters(), today)
    rows = [_row(today, state, cells) for state, cells in found.rows.items()]
    if rows:
        uow.session.execute(insert(CoverageDay), rows)
    return len(rows)


def _row(day: dt.date, state: str, cells: Sequence[Cell]) -> dict[str, object]:
    counted = Counter(cell.cover for cell in cells)
    open_duties = sum(1 for cell in cells if cell.is_open_duty)
    counts = {cover.value: counted[cover] for cover in KEPT_COVERS}
    counts[Cover.LAPSED] += counted[Cover.DESIGNATED]
    return {"day": day, "state_code": state, "open_duties": open_duties, **counts}
