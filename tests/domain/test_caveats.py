"""Caveats: none is lost, and each says what is true of the entry."""

import datetime as dt

import pytest

from directory.domain.caveats import as_published, caveats, standing
from directory.domain.freshness import FreshnessView
from directory.domain.reasons import render
from directory.domain.vocabulary import ChannelKind, EntryStatus, Freshness, SourceKind
from tests.support import factories as make

DAY = dt.date(2026, 3, 2)
NEVER = FreshnessView(state=Freshness.LAPSED)


def test_as_published_is_the_newest_publication_and_empty_for_the_states_word() -> None:
    printed = SourceKind.TREATY_COLLECTION
    both = (make.source("a", printed, year=2009), make.source("b", printed, year=2014))
    assert as_published(make.authority(sources=both)) == "2014"
    assert as_published(make.authority(sources=(make.source("c", printed),))) == ""
    assert as_published(make.authority(sources=(make.source("n", year=2024),))) == ""


@pytest.mark.parametrize(
    ("fresh", "published", "said"),
    [
        (NEVER, "", "Not confirmed by the State."),
        (NEVER, "2010", "As published in 2010; not confirmed by the State."),
        (
            FreshnessView(state=Freshness.LAPSED, confirmed_on=DAY),
            "2010",
            "Last confirmed on 2026-03-02; the confirmation has lapsed.",
        ),
        (FreshnessView(state=Freshness.DUE, confirmed_on=DAY), "", "Confirmed on 2026-03-02."),
    ],
)
def test_who_said_last_that_it_is_true(fresh: FreshnessView, published: str, said: str) -> None:
    assert render(standing(fresh, published)) == said


@pytest.mark.parametrize(
    ("status", "code"),
    [(EntryStatus.SUSPENDED, "suspended_entry"), (EntryStatus.RETIRED, "retired_entry")],
)
def test_every_warning_stands_before_the_call(status: EntryStatus, code: str) -> None:
    lines = (
        make.channel("+40215550100", kind=ChannelKind.TELEPHONE, source="a"),
        make.channel("12 34", kind=ChannelKind.TELEPHONE, source="b", warning="not_a_number"),
    )
    record = make.authority(channels=lines, sources=(make.source("a"), make.source("b")))
    reported = FreshnessView(state=Freshness.DISPUTED, open_reports=2)
    found = caveats(record, reported, status=status, synthetic=True)
    codes = [one.code for one in found.warnings]
    assert codes == ["synthetic_entry", code, "disputed", "conflict"]
    assert (found.odd_lines, found.sources) == (lines[1:], record.sources)


def test_an_entry_in_order_has_no_warning() -> None:
    found = caveats(make.requirements(), NEVER)
    assert (found.warnings, found.odd_lines) == ((), ())
