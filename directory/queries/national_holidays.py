"""National holidays by the library's calendars, a hint only.

The calendars of two hundred States are code of some ten megabytes, and what is wanted of them are
a few thousand days. A process that ends reads them (``known_around``), and those that serve are
given the days (``know``); they load the calendars themselves only for another year.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from directory.later import Later

if TYPE_CHECKING:
    import holidays
else:
    holidays = Later("holidays")

#: Year -> State -> its national holidays; a State that is not there has none on record.
Days = Mapping[int, Mapping[str, frozenset[dt.date]]]

_DAY = dt.timedelta(days=1)
_known: dict[int, Mapping[str, frozenset[dt.date]]] = {}


def holidays_around(code: str, at: dt.datetime) -> frozenset[dt.date]:
    """National holidays of each year that it is somewhere in the world at that moment.

    In UTC it may be the old year while the office has the holiday of the new one.
    """
    return frozenset().union(*(national_holidays(code, year) for year in _years(at)))


def national_holidays(code: str, year: int) -> frozenset[dt.date]:
    """Those of one year; empty where the library knows none."""
    known = _known.get(year)
    return _calendar(code, year) if known is None else known.get(code, frozenset())


def known_around(at: dt.datetime) -> Days:
    """All that the library knows of the years around that moment and of the one to come."""
    states = holidays.list_supported_countries(include_aliases=False)
    years = sorted({*_years(at), at.year + 1})
    return {year: {code: _calendar(code, year) for code in states} for year in years}


def know(days: Days) -> None:
    """Take these as read."""
    _known.update(days)


def _years(at: dt.datetime) -> set[int]:
    return {(at.astimezone(dt.UTC) + off).year for off in (-_DAY, _DAY)}


@lru_cache(maxsize=512)
def _calendar(code: str, year: int) -> frozenset[dt.date]:
    try:
        return frozenset(holidays.country_holidays(code, years=year))
    except NotImplementedError:
        return frozenset()
