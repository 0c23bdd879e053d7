"""Words for what happened, and cursors that are read back exactly or not at all."""

import datetime as dt
from typing import Any

import pytest

from directory.domain.feed import Place, What, read_place, view_mark, what_happened, write_place

DAY = dt.date(2026, 3, 2)
PLACE = Place(sequence=12, begun=3, day=DAY, view="0123456789ab")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "12",
        "12.3.2026-03-02",
        "12.3.2026-02-30.0123456789ab",
        "-1.3.2026-03-02.0123456789ab",
        "12.3.2026-03-02.0123456789AB",
        "١٢.3.2026-03-02.0123456789ab",
        "12.3.2026-03-02.0123456789ab\n",
        f"{'9' * 16}.3.2026-03-02.0123456789ab",
    ],
)
def test_what_is_no_cursor_is_no_place(cursor: str) -> None:
    assert read_place(cursor) is None


def test_a_cursor_is_read_back() -> None:
    assert read_place(write_place(PLACE)) == PLACE


def facts(status: str) -> dict[str, Any]:
    return {"status": status}


@pytest.mark.parametrize(
    ("action", "before", "after", "what"),
    [
        ("entry.published", None, facts("published"), What.PUBLISHED),
        ("entry.published", facts("published"), None, What.PUBLISHED),
        ("entry.published", facts("published"), facts("published"), What.CHANGED),
        ("entry.published", facts("published"), facts("suspended"), What.SUSPENDED),
        ("entry.published", facts("suspended"), facts("published"), What.RESTORED),
        ("entry.published", facts("suspended"), facts("retired"), What.RETIRED),
        ("entry.confirmed", None, facts("x"), What.CONFIRMED),
        ("report.made", None, None, What.REPORTED),
        ("report.answered", None, None, What.REPORTED),
        ("person.erased", None, None, What.ERASED),
    ],
)
def test_what_happened(action: str, before: Any, after: Any, what: What) -> None:
    assert what_happened(action, before, after) is what


def test_whoever_sees_otherwise_has_another_mark() -> None:
    mark = view_mark("FR", ["reader", "focal_point"], ["mla"])
    assert mark == view_mark("FR", ["focal_point", "reader"], ["mla"])
    others = [
        view_mark("RO", ["reader", "focal_point"], ["mla"]),
        view_mark("FR", ["reader"], ["mla"]),
        view_mark("FR", ["reader", "focal_point"], []),
    ]
    assert mark not in others
