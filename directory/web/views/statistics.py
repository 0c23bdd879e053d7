"""The directory in numbers, as charts with their tables."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from babel.dates import format_skeleton
from flask import Blueprint, render_template
from flask_babel import format_decimal, gettext

from directory.domain.asking import LEAST_SHOWN, ROUNDED_TO, share
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
#: Height of the column of the smallest number.
LOWEST = 2
#: What is said where there is no number.
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: its name, its number in few words and in full, and where it stands in
    the picture. ``height`` is 0 where there is nothing to be drawn.
    """

    name: str
    short: str
    told: str
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
        asked=columns(found.questions.by_month.items(), tens),
        waits=columns(medians(found.months, found.waits_by_month), hours),
        confirmations=columns(found.confirmations.items(), counted),
        reports=columns(found.reports.items(), counted),
        percent=percent,
        rates=ordered(found.rates),
        line_tests=line_tests.whole if line_tests and not found.own else None,
        type_words=type_words,
        least=LEAST_SHOWN,
        rounded_to=ROUNDED_TO,
    )


#: A number of a month, None for none -> it in few words, beside its column, and in full.
Say = Callable[[float | None], tuple[str, str]]


def columns(numbers: Iterable[tuple[dt.date, float | None]], say: Say) -> list[Column]:
    """The months as columns, measured by the tallest; what is more than nothing can be seen."""
    given = list(numbers)
    tallest = max((number or 0 for _, number in given), default=0) or 1
    return [
        Column(month_name(month), *say(number), at * STEP, _height(number or 0, tallest))
        for at, (month, number) in enumerate(given)
    ]


def _height(number: float, tallest: float) -> int:
    return max(round(number * TALL / tallest), LOWEST) if number else 0


def counted(number: float | None) -> tuple[str, str]:
    """A count; a column of nothing needs no number beside it."""
    told = str(format_decimal(int(number or 0)))
    return (told if number else ""), told


def tens(number: float | None) -> tuple[str, str]:
    """A count that is rounded down to tens, or too small to be told."""
    if number is None:
        return f"<{ROUNDED_TO}", gettext("fewer than %(tens)s", tens=ROUNDED_TO)
    return counted(number)


def hours(number: float | None) -> tuple[str, str]:
    """Hours; '–' where nothing was decided."""
    if number is None:
        return "", NOTHING
    if number < 1:
        return "<1", gettext("less than 1")
    return counted(round(number))


def percent(part: int, whole: int) -> str:
    """The share as it is told: what is more than nothing is never 0."""
    found = share(part, whole)
    return "<1" if part and not found else str(found)


def medians(
    months: Iterable[dt.date], waits: Mapping[dt.date, Wait]
) -> list[tuple[dt.date, float | None]]:
    """Month -> the median wait in hours, None where nothing was decided."""
    return [(month, waits[month].median if month in waits else None) for month in months]


def ordered(rates: Mapping[str, Rate]) -> list[tuple[str, Rate]]:
    """Regional groups by name, what stands in none last."""
    return sorted(rates.items(), key=lambda item: (not item[0], item[0]))


def month_name(month: dt.date) -> str:
    """'Nov 2026'."""
    return str(format_skeleton("yMMM", month, locale=i18n.locale()))


def type_words(code: str) -> str:
    """A cooperation type in the language of the page; '' where none was understood."""
    return type_name(CooperationType(code)) if code in set(CooperationType) else ""
