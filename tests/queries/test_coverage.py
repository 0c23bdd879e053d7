"""Coverage from the tables: who counts as named, what filters leave, what it costs."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.coverage import Cell, Cover
from directory.domain.vocabulary import Audience, ChannelKind, CooperationType, EntryStatus, Role
from directory.errors import Denied, NotFound
from directory.models import reference as tables
from directory.models.coverage import CoverageDay
from directory.models.entry import Entry
from directory.policy import ANONYMOUS, Actor
from directory.queries.coverage import (
    CoverageFilters,
    get_cell,
    get_matrix,
    list_days,
    list_facts,
    list_gaps,
)
from directory.services.coverage import keep_day
from tests.support import factories as make

MLA, EXTRADITION = CooperationType.MLA, CooperationType.EXTRADITION
DAY = dt.timedelta(days=1)
READER = make.reader()


@pytest.fixture
def book(engine: Engine) -> Engine:
    basis = {
        "cooperation_type": MLA,
        "instrument_code": "UNTOC",
        "article": "18(13)",
        "must_designate": "yes",
    }
    make.add_rows(engine, tables.LegalBasis, basis)
    return engine


def cell(engine: Engine, state: str = "RO", today: dt.date = make.TODAY) -> Cell:
    filters = CoverageFilters(state=state, type=MLA)
    with Session(engine) as session:
        found, _book = get_matrix(READER, session, filters, today)
    return found.rows[state][0]


def set_entry(engine: Engine, entry_id: str, **values: Any) -> None:
    """What other acts write into the head of an entry."""
    with UnitOfWork(engine) as uow:
        entry = uow.session.get_one(Entry, entry_id)
        for name, value in values.items():
            setattr(entry, name, value)


# --- refused


@pytest.mark.parametrize("who", [ANONYMOUS, make.actor(), make.actor(Role.READER, scopes=[])])
def test_coverage_is_for_those_who_may_read_it(book: Engine, who: Actor) -> None:
    with Session(book) as session:
        for ask in (
            lambda: get_matrix(who, session, CoverageFilters(), make.TODAY),
            lambda: list_facts(who, session, make.TODAY),
            lambda: list_days(who, session),
        ):
            with pytest.raises(Denied):
                ask()


def test_a_cell_of_an_unknown_state_is_not_found(book: Engine) -> None:
    with Session(book) as session, pytest.raises(NotFound):
        get_cell(READER, session, "XX", MLA, make.TODAY)


# --- who counts as named


def test_nobody_named_is_missing_where_the_treaty_binds(book: Engine) -> None:
    one = cell(book)
    assert (one.cover, one.is_open_duty, one.entries) == (Cover.MISSING, True, 0)


def test_an_entry_nobody_confirmed_is_named_but_has_not_lapsed(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1"))
    assert (cell(book).cover, cell(book).entries) == (Cover.DESIGNATED, 1)


def test_a_confirmed_entry_becomes_due_and_lapses(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1", confirmation=make.confirmed()))
    found = [cell(book, today=make.TODAY + days * DAY).cover for days in (0, 334, 335, 365, 366)]
    assert found == [Cover.CONFIRMED, Cover.CONFIRMED, Cover.DUE, Cover.DUE, Cover.LAPSED]


def test_an_open_report_disputes_a_confirmed_entry(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1", confirmation=make.confirmed()))
    set_entry(book, "RO-1", open_reports=1)
    assert (cell(book).cover, cell(book).reported) == (Cover.DISPUTED, 1)
    make.publish_all(book, make.publication("RO-2"))
    assert (cell(book).cover, cell(book).reported) == (Cover.DESIGNATED, 1)


@pytest.mark.parametrize("status", [EntryStatus.SUSPENDED, EntryStatus.RETIRED])
def test_an_entry_out_of_use_names_nobody(book: Engine, status: EntryStatus) -> None:
    make.publish_all(book, make.publication("RO-1"))
    set_entry(book, "RO-1", status=status)
    assert cell(book).cover is Cover.MISSING


def test_a_designation_counts_on_its_days_only(book: Engine) -> None:
    named = make.designation(valid_from=make.TODAY, valid_to=make.TODAY + DAY)
    make.publish_all(book, make.publication("RO-1", make.authority(designations=(named,))))
    found = [cell(book, today=make.TODAY + days * DAY).cover for days in (-1, 0, 1, 2)]
    assert found == [Cover.MISSING, Cover.DESIGNATED, Cover.DESIGNATED, Cover.MISSING]


def test_a_superseded_designation_without_an_end_counts_no_more(book: Engine) -> None:
    named = make.designation(valid_from=make.TODAY, superseded_by=("next",))
    make.publish_all(book, make.publication("RO-1", make.authority(designations=(named,))))
    found = [cell(book, today=make.TODAY + days * DAY).cover for days in (-1, 0, 1)]
    assert found == [Cover.MISSING] * 3
    with Session(book) as session:
        assert get_cell(READER, session, "RO", MLA, make.TODAY).entries == ()


def test_an_officer_abroad_or_requirements_name_nobody(book: Engine) -> None:
    make.publish_all(
        book,
        make.publication("RO-1", make.officer(cooperation_types=(MLA,), host_state="FR")),
        make.publication("RO-2", make.requirements(MLA)),
    )
    assert cell(book).cover is Cover.MISSING


def test_a_point_of_contact_names_somebody_and_the_best_entry_decides(book: Engine) -> None:
    desk = make.contact_point(
        channels=(make.channel("+40215550100", kind=ChannelKind.TELEPHONE),),
        designations=(make.designation(),),
    )
    make.publish_all(
        book,
        make.publication("RO-1", desk, confirmation=make.confirmed()),
        make.publication("RO-2"),
        make.publication("RO-3", synthetic=True),
    )
    one = cell(book)
    assert (one.cover, one.entries, one.synthetic) == (Cover.CONFIRMED, 3, False)


def test_synthetic_entries_alone_are_marked(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1", synthetic=True))
    assert cell(book).synthetic


# --- filters, cells, gaps


def rows(engine: Engine, **filters: Any) -> set[str]:
    with Session(engine) as session:
        found, _book = get_matrix(READER, session, CoverageFilters(**filters), make.TODAY)
    return set(found.rows)


def test_filters_leave_the_states_that_fit(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1"))
    assert rows(book) == {"FR", "JP", "RO"}
    assert rows(book, cover=Cover.DESIGNATED) == {"RO"}
    assert rows(book, cover=Cover.LAPSED) == set()
    assert rows(book, open_duty=True) == {"FR", "JP"}
    assert rows(book, type=EXTRADITION, cover=Cover.NOT_ON_RECORD) == {"FR", "JP", "RO"}
    assert rows(book, region="Nowhere") == set()


def test_a_cell_names_the_entries_behind_it(book: Engine) -> None:
    make.publish_all(
        book,
        make.publication("RO-1"),
        make.publication("RO-2", make.authority(types=(EXTRADITION,))),
    )
    with Session(book) as session:
        view = get_cell(READER, session, "ro", MLA, make.TODAY)
    assert view.cell.state == "RO"
    assert [one.id for one in view.entries] == ["RO-1"]
    assert [basis.article for basis in view.cell.duties] == ["18(13)"]


def test_the_work_list_of_a_state_begins_with_its_unmet_duties(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1", make.authority(types=(EXTRADITION,))))
    with Session(book) as session:
        found = list_gaps(READER, session, CoverageFilters(state="RO"), make.TODAY)
    assert [(one.cooperation_type, one.cover) for one in found] == [
        (MLA, Cover.MISSING),
        (EXTRADITION, Cover.DESIGNATED),
    ]


def test_a_matrix_costs_two_statements_however_many_entries(book: Engine) -> None:
    make.publish_all(book, *(make.publication(f"RO-{number}") for number in range(40)))
    with make.statement_counter(book) as statements, Session(book) as session:
        get_matrix(READER, session, CoverageFilters(), make.TODAY)
    # The stamp of the reference book, which may have been read anew, and the counts.
    assert len([one for one in statements if "designation" in one]) == 1
    with make.statement_counter(book) as statements, Session(book) as session:
        get_matrix(READER, session, CoverageFilters(), make.TODAY)
    assert len(statements) == 2


# --- scores


def test_scores_count_channels_that_every_reader_may_see(book: Engine) -> None:
    phone = make.channel("+40215550100", kind=ChannelKind.TELEPHONE)
    hidden = make.channel("desk@justice.example", audience=Audience.OWN_STATE)
    odd = make.channel("5550100", kind=ChannelKind.TELEPHONE, warning="number_not_in_plan")
    make.publish_all(
        book,
        make.publication(
            "RO-1",
            make.authority(channels=(phone, hidden), hours=make.office_hours()),
            confirmation=make.confirmed(),
        ),
        make.publication("RO-2", make.authority(channels=(odd,))),
        make.publication("RO-3", make.requirements(MLA)),
    )
    with make.statement_counter(book) as statements, Session(book) as session:
        (facts,) = list_facts(READER, session, make.TODAY)
    assert len(statements) == 1
    assert (facts.entries, facts.current, facts.offices) == (3, 1, 2)
    assert (facts.with_telephone, facts.with_mail, facts.with_hours) == (1, 0, 1)
    assert facts.without_conflict == 2


# --- days


def keep(engine: Engine, at: dt.datetime = make.AT) -> int:
    with UnitOfWork(engine) as uow:
        return keep_day(uow, at)


def test_a_day_is_kept_once(book: Engine) -> None:
    make.publish_all(book, make.publication("RO-1"))
    assert [keep(book), keep(book)] == [3, 0]
    with Session(book) as session:
        kept = session.scalars(select(CoverageDay).order_by(CoverageDay.state_code)).all()
    assert [(one.state_code, one.lapsed, one.missing, one.open_duties) for one in kept] == [
        ("FR", 0, 1, 1),
        ("JP", 0, 1, 1),
        ("RO", 1, 0, 0),
    ]


def test_days_are_summed_over_states_or_told_of_one(book: Engine) -> None:
    keep(book)
    make.publish_all(book, make.publication("RO-1"))
    keep(book, make.AT + DAY)
    with Session(book) as session:
        everywhere = list_days(READER, session)
        romania = list_days(READER, session, "RO")
    assert [(day.counts[Cover.LAPSED], day.open_duties) for day in everywhere] == [(0, 3), (1, 2)]
    assert [(day.counts[Cover.LAPSED], day.open_duties) for day in romania] == [(0, 1), (1, 0)]
    assert everywhere[0].day < everywhere[1].day
