"""The directory in numbers, as charts with their tables."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from babel.dates import format_skeleton
from flask import Blueprint, render_template

from directory.domain.asking import LEAST_SHOWN, ROUNDED_TO
from directory.domain.vocabulary import CooperationType
from directory.policy import can
from directory.queries.line_tests import line_test_statistics
from directory.queries.statistics import Rate, Wait, get_statistics
from directory.web import i18n
from directory.web.access import needs
from directory.web.context import actor, now, reading
from directory.web.parameters import read_parameters
from directory.web.presentation import type_name

blueprint = Blueprint("statistics", __name__)

#: Height of a chart's tallest column, and the distance from one column to the next, in its units.
TALL = 100
STEP = 30
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: its name, its number, and where it stands in the picture."""

    name: str
    number: float
    x: int
    height: int

    @property
    def y(self) -> int:
        return TALL - self.height


@blueprint.get("/statistics")
@needs("statistics:read")
def show() -> str:
    """Questions, time to decisions, confirmations, reports: of all States, or of the own one."""
    read_parameters()
    found = get_statistics(actor(), reading(), now().date())
    may_see = can(actor(), "line_tests:read")
    line_tests = line_test_statistics(actor(), reading(), now()) if may_see else None
    return render_template(
        "statistics/show.html",
        found=found,
        asked=columns(found.questions.by_month.items()),
        waits=columns(medians(found.months, found.waits_by_month)),
        confirmations=columns(found.confirmations.items()),
        reports=columns(found.reports.items()),
        rates=ordered(found.rates),
        line_tests=line_tests.whole if line_tests and not found.own else None,
        type_words=type_words,
        least=LEAST_SHOWN,
        rounded_to=ROUNDED_TO,
    )


def columns(numbers: Iterable[tuple[dt.date, float]]) -> list[Column]:
    """The months as columns, measured by the tallest."""
    counted = list(numbers)
    tallest = max((number for _, number in counted), default=0) or 1
    return [
        Column(month_name(month), number, at * STEP, round(number * TALL / tallest))
        for at, (month, number) in enumerate(counted)
    ]


def medians(
    months: Iterable[dt.date], waits: Mapping[dt.date, Wait]
) -> list[tuple[dt.date, float]]:
    """Month -> the median wait in hours, 0 where nothing was decided."""
    return [(month, (waits[month].median or 0.0) if month in waits else 0.0) for month in months]


def ordered(rates: Mapping[str, Rate]) -> list[tuple[str, Rate]]:
    """Regional groups by name, what stands in none last."""
    return sorted(rates.items(), key=lambda item: (not item[0], item[0]))


def month_name(month: dt.date) -> str:
    """'Nov 2026'."""
    return str(format_skeleton("yMMM", month, locale=i18n.locale()))


def type_words(code: str) -> str:
    """A cooperation type in the language of the page; '' where none was understood."""
    return type_name(CooperationType(code)) if code in set(CooperationType) else ""
