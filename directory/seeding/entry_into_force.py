"""When a treaty enters into force for a State, by the treaty's own rule."""

import datetime as dt
import re
from dataclasses import replace

from directory.domain.reference import Instrument, Participation
from directory.domain.vocabulary import ParticipationStatus

_RULE = re.compile(r"(day|month)\+(\d+)")
#: A successor State is bound by its notification, without the waiting period of newcomers.
_SUCCESSION = "succession"


def entry_into_force(instrument: Instrument, consent: dt.date, action: str = "") -> dt.date | None:
    """The day the treaty binds a State that consented on ``consent``; None where no rule says.

    'day+30' is the thirtieth day after the deposit (UNTOC 38(2)), 'day+90' the ninetieth (1988
    Convention 29(2)), 'month+3' the first day of the month after three months have passed
    (Budapest 36(4)); a succession counts from its notification. Never before the treaty's own
    entry into force, the date of the original parties.
    """
    rule = _RULE.fullmatch(instrument.entry_into_force_rule)
    if rule is None or instrument.entry_into_force is None:
        return None
    if action == _SUCCESSION:
        return max(consent, instrument.entry_into_force)
    count = int(rule[2])
    later = consent + dt.timedelta(days=count) if rule[1] == "day" else _month(consent, count)
    return max(later, instrument.entry_into_force)


def _month(start: dt.date, months: int) -> dt.date:
    """First day of the month that follows the expiry of ``months`` months from ``start``."""
    year, month = divmod(start.year * 12 + start.month + months, 12)
    return dt.date(year, month + 1, 1)


def with_entry_into_force(participation: Participation, instrument: Instrument) -> Participation:
    """The participation with a computed date, marked as such, where the source gave none."""
    if participation.entry_into_force or participation.consent is None:
        return participation
    if participation.status is ParticipationStatus.SIGNATORY:
        return participation
    computed = entry_into_force(instrument, participation.consent, participation.action)
    if computed is None or (participation.ended and participation.ended < computed):
        return participation
    return replace(participation, entry_into_force=computed, computed=True)
