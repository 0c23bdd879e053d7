"""What is to be minded of an entry before one relies on it: the same on pages, paper and in files.

Made from the record as its reader may see it, so that a caveat tells nothing of what is withheld.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from directory.domain.conflicts import conflicts
from directory.domain.freshness import FreshnessView
from directory.domain.reasons import Reason
from directory.domain.record import Channel, Record, SourceAct
from directory.domain.vocabulary import EntryStatus, Freshness, SourceKind

#: What others printed; anything else is a State's own word.
_PUBLISHED = frozenset({SourceKind.OFFICIAL_GAZETTE, SourceKind.TREATY_COLLECTION})
_STATUSES = {
    EntryStatus.SUSPENDED: Reason("suspended_entry"),
    EntryStatus.RETIRED: Reason("retired_entry"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveats:
    """What must not be lost where an entry is taken to another place."""

    #: What to know before one calls: synthetic, suspended, disputed, contradictory.
    warnings: tuple[Reason, ...]
    #: Who said last that it is true, and when.
    standing: Reason
    sources: tuple[SourceAct, ...]
    #: Lines that do not look like a number or mailbox of today.
    odd_lines: tuple[Channel, ...]


def caveats(
    record: Record,
    fresh: FreshnessView,
    *,
    status: EntryStatus = EntryStatus.PUBLISHED,
    synthetic: bool = False,
) -> Caveats:
    """The caveats of an entry with that record."""
    return Caveats(
        warnings=tuple(_warnings(record, fresh, status, synthetic)),
        standing=standing(fresh, as_published(record)),
        sources=record.sources,
        odd_lines=tuple(one for one in getattr(record, "channels", ()) if one.warning),
    )


def _warnings(
    record: Record, fresh: FreshnessView, status: EntryStatus, synthetic: bool
) -> Iterator[Reason]:
    if synthetic:
        yield Reason("synthetic_entry")
    if status in _STATUSES:
        yield _STATUSES[status]
    if fresh.open_reports:
        yield Reason("disputed", {"reports": fresh.open_reports})
    if conflicts(record):
        yield Reason("conflict")


def standing(fresh: FreshnessView, published: str) -> Reason:
    """Who said last that the entry is true; ``published`` is the year or day of its source."""
    if fresh.confirmed_on:
        if fresh.state is Freshness.LAPSED:
            return Reason("lapsed_since", {"date": fresh.confirmed_on})
        return Reason("confirmed_on", {"date": fresh.confirmed_on})
    return Reason("as_published", {"published": published}) if published else _NEVER


_NEVER = Reason("never_confirmed")


def as_published(record: Record) -> str:
    """Year of the newest publication the record rests on; '' for a State's own word."""
    acts = [act for act in record.sources if act.kind in _PUBLISHED]
    return max((str(act.year) if act.year else "" for act in acts), default="")
