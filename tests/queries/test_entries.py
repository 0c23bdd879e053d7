"""Reading entries: one page, its JSON, and lists that miss nothing and repeat nothing."""

import datetime as dt
import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.domain.freshness import DEFAULT_CYCLES, NOTICE_DAYS, freshness
from directory.domain.record import to_dict
from directory.domain.vocabulary import (
    Audience,
    ConfirmationMethod,
    CooperationType,
    EntryKind,
    EntryStatus,
    Freshness,
    Role,
)
from directory.errors import Denied, Invalid, NotFound
from directory.models.entry import Entry
from directory.policy import ANONYMOUS, Actor
from directory.queries.entries import EntryView, get_entry, get_entry_json
from directory.queries.entry_lists import (
    MOST,
    EntryFilters,
    EntrySummary,
    Listing,
    entries_of_state,
    is_fresh,
    list_entries,
    make_cursor,
    read_cursor,
)
from directory.queries.moments import read_moment
from tests.support import factories as make

READER = make.reader()
DAY = dt.timedelta(days=1)


def page(engine: Engine, entry_id: str, actor: Actor = READER) -> EntryView:
    with Session(engine) as session:
        return get_entry(actor, session, entry_id, make.TODAY)


def as_json(engine: Engine, entry_id: str, actor: Actor = READER) -> tuple[str, str]:
    with engine.connect() as connection:
        found = get_entry_json(actor, connection, entry_id, make.TODAY)
        return found.body.decode(), found.tag


def listed(
    engine: Engine, filters: EntryFilters | None = None, limit: int = 50, cursor: str = ""
) -> Listing:
    with Session(engine) as session:
        return list_entries(
            READER, session, filters or EntryFilters(), make.TODAY, limit=limit, cursor=cursor
        )


def ids(listing: Listing) -> list[str]:
    return [item.id for item in listing.items]


# --- refused


READINGS: list[Callable[[Actor, Session], object]] = [
    lambda actor, session: get_entry(actor, session, "RO-1", make.TODAY),
    lambda actor, session: get_entry_json(actor, session.connection(), "RO-1", make.TODAY),
    lambda actor, session: list_entries(actor, session, EntryFilters(), make.TODAY),
    lambda actor, session: entries_of_state(actor, session, "RO", make.TODAY),
]


@pytest.mark.parametrize("read", READINGS)
@pytest.mark.parametrize(
    "actor", [ANONYMOUS, make.actor(), make.actor(Role.VERIFIER, scopes=["states:read"])]
)
def test_who_may_not_read_entries_is_denied_and_not_told_whether_there_is_one(
    engine: Engine, actor: Actor, read: Callable[[Actor, Session], object]
) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    with Session(engine) as session, pytest.raises(Denied):
        read(actor, session)


@pytest.mark.parametrize("read", [page, as_json])
@pytest.mark.parametrize(
    "entry_id", ["RO-2", "", "ro-1", "RO-1\0", "\0", "\ud800", "RO-1' OR 1=1", "R" * 100_000, "%"]
)
def test_what_is_not_there_is_not_found(
    engine: Engine, read: Callable[[Engine, str], object], entry_id: str
) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    with pytest.raises(NotFound):
        read(engine, entry_id)


@pytest.mark.parametrize("read", [page, as_json])
def test_what_may_not_be_seen_is_not_found(engine: Engine, read: Callable[..., object]) -> None:
    make.publish_all(engine, make.publication("RO-1", status=EntryStatus.RETIRED))
    with pytest.raises(NotFound):
        read(engine, "RO-1")
    read(engine, "RO-1", actor=make.reader("RO"))


# --- one entry


def test_a_page_has_what_was_published(engine: Engine) -> None:
    record = make.authority(channels=(make.channel(), make.channel("x", Audience.OWN_STATE)))
    make.publish_all(
        engine, make.publication("RO-1", record, confirmation=make.confirmed(), synthetic=True)
    )
    view = page(engine, "RO-1")
    assert (view.head.id, view.head.revision, view.head.kind) == ("RO-1", 1, EntryKind.AUTHORITY)
    assert view.head.synthetic
    assert view.head.changed_at == make.AT
    assert view.hidden_channels == 1
    assert page(engine, "RO-1", make.reader("RO")).record == record
    assert view.freshness.state is Freshness.CONFIRMED
    assert (view.confirmed_by, view.confirmed_how) == (
        "Ministry of Justice",
        ConfirmationMethod.STATE,
    )
    assert view.state.code == "RO"
    assert view.visible_until is None


def test_a_page_shows_the_current_revision(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", make.authority("Old")))
    make.publish_all(engine, make.publication("RO-1", make.authority("New"), base=1))
    view = page(engine, "RO-1")
    assert (view.head.name, view.head.revision) == ("New", 2)
    assert view.record == make.authority("New")


def test_a_page_costs_two_statements(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    page(engine, "RO-1")
    with make.statement_counter(engine) as statements:
        page(engine, "RO-1")
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("audience", "first", "again"), [(Audience.ALL_READERS, 1, 0), (Audience.SAME_TYPE, 2, 1)]
)
def test_json_costs_a_statement_and_none_while_nothing_happens_and_all_see_alike(
    engine: Engine, audience: Audience, first: int, again: int
) -> None:
    record = make.authority(channels=(make.channel("x", audience),))
    make.publish_all(engine, make.publication("RO-1", record))
    with engine.connect() as connection:
        at = read_moment(connection)
        for count in (first, again):
            with make.statement_counter(engine) as statements:
                get_entry_json(READER, connection, "RO-1", make.TODAY, at)
            assert len(statements) == count


def test_nobody_is_given_the_text_of_an_entry_that_is_not_theirs_to_read(engine: Engine) -> None:
    ended = make.officer(posted_to=make.TODAY)
    make.publish_all(engine, make.publication("RO-1", ended))
    as_json(engine, "RO-1")
    with engine.connect() as connection, pytest.raises(NotFound):
        get_entry_json(READER, connection, "RO-1", make.TODAY + 400 * DAY)
    with engine.connect() as connection, pytest.raises(Denied):
        get_entry_json(ANONYMOUS, connection, "RO-1", make.TODAY)


@pytest.mark.parametrize("kind", list(EntryKind))
@pytest.mark.parametrize("who", [READER, make.reader("RO")])
def test_json_says_what_the_page_says(engine: Engine, kind: EntryKind, who: Actor) -> None:
    make.publish_all(
        engine, make.publication("RO-1", make.record_of(kind), confirmation=make.confirmed())
    )
    view = page(engine, "RO-1", who)
    body = json.loads(as_json(engine, "RO-1", who)[0])
    assert body["record"] == to_dict(view.record)
    assert body["freshness"] == {
        "state": view.freshness.state.value,
        "confirmed_on": "2026-03-02",
        "due_on": view.freshness.due_on.isoformat() if view.freshness.due_on else None,
        "open_reports": 0,
    }
    assert (body["id"], body["kind"], body["state"]) == ("RO-1", kind.value, "RO")


def test_json_of_a_restricted_entry_has_the_form_of_any_other(engine: Engine) -> None:
    record = make.authority(channels=(make.channel(),))
    hidden = make.authority(channels=(make.channel(), make.channel("x", Audience.OWN_STATE)))
    make.publish_all(engine, make.publication("RO-1", record), make.publication("RO-2", hidden))
    plain, restricted = (json.loads(as_json(engine, key)[0]) for key in ("RO-1", "RO-2"))
    assert list(plain) == list(restricted)
    assert plain["record"] == restricted["record"]


def test_an_unconfirmed_entry_is_lapsed_in_json_too(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    assert json.loads(as_json(engine, "RO-1")[0])["freshness"] == {
        "state": "lapsed",
        "confirmed_on": None,
        "due_on": None,
        "open_reports": 0,
    }


def test_the_tag_stays_while_nothing_changes_and_changes_with_revision_and_day(
    engine: Engine,
) -> None:
    make.publish_all(engine, make.publication("RO-1", confirmation=make.confirmed()))
    first = as_json(engine, "RO-1")[1]
    assert as_json(engine, "RO-1")[1] == first
    with engine.connect() as connection:
        due = get_entry_json(READER, connection, "RO-1", make.TODAY + 360 * DAY).tag
    make.publish_all(engine, make.publication("RO-1", make.authority("New"), base=1))
    assert len({first, due, as_json(engine, "RO-1")[1]}) == 3


# --- lists: each exactly once


def walk(engine: Engine, limit: int, between: Callable[[int], None]) -> Iterator[EntrySummary]:
    cursor, number = "", 0
    while True:
        listing = listed(engine, limit=limit, cursor=cursor)
        assert len(listing.items) <= limit
        yield from listing.items
        if listing.next is None:
            return
        cursor, number = listing.next, number + 1
        between(number)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20, 21, 500])
def test_pages_hold_each_entry_exactly_once(engine: Engine, limit: int) -> None:
    known = [f"RO-{number:02}" for number in range(20)]
    make.publish_all(engine, *(make.publication(key) for key in known))
    assert [one.id for one in walk(engine, limit, lambda _: None)] == known


def test_entries_added_or_ended_between_two_pages_neither_repeat_nor_hide_another(
    engine: Engine,
) -> None:
    known = [f"RO-{number:02}" for number in range(0, 40, 2)]
    make.publish_all(engine, *(make.publication(key) for key in known))
    ended = ["RO-06", "RO-30"]

    def disturb(number: int) -> None:
        """Before and behind the cursor, each time."""
        make.publish_all(
            engine, make.publication(f"RO-0{number}X"), make.publication(f"RO-3{number}X")
        )
        if number <= len(ended):
            retired = make.publication(ended[number - 1], base=1, status=EntryStatus.RETIRED)
            make.publish_all(engine, retired)

    seen = [one.id for one in walk(engine, 5, disturb)]
    assert len(seen) == len(set(seen))
    assert set(known) - set(ended) <= set(seen)


@pytest.mark.parametrize(("limit", "count"), [(-5, 1), (0, 1), (10**9, 3)])
def test_a_page_is_never_empty_nor_endless(engine: Engine, limit: int, count: int) -> None:
    make.publish_all(engine, *(make.publication(f"RO-{number}") for number in range(3)))
    assert len(listed(engine, limit=limit).items) == count
    assert MOST == 500


def test_a_list_costs_three_statements_however_long(engine: Engine) -> None:
    make.publish_all(engine, *(make.publication(f"RO-{number:03}") for number in range(120)))
    with make.statement_counter(engine) as statements:
        listing = listed(engine, limit=100)
    assert len(statements) == 3
    assert (len(listing.items), listing.total) == (100, 120)


def test_an_empty_list_is_an_answer(engine: Engine) -> None:
    assert listed(engine) == Listing(items=(), next=None, total=0)


@pytest.mark.parametrize(
    "cursor",
    ["!", "é", "\0", "AA", "YQ==YQ==", "____", "a", "\ud800", "-" * 100_000, "gICA", "Cg"],
)
def test_what_is_no_cursor_is_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        listed(engine, cursor=cursor)
    (problem,) = refused.value.problems
    assert problem.path == "cursor"
    assert "'next'" in problem.message


@given(st.text(min_size=1, max_size=60))
def test_a_text_is_a_cursor_or_is_refused(cursor: str) -> None:
    try:
        entry_id = read_cursor(cursor)
    except Invalid:
        return
    assert entry_id.isascii()
    assert entry_id.isprintable()


@given(st.from_regex(r"[A-Z]{2}-[0-9A-Z]{1,12}", fullmatch=True))
def test_a_cursor_is_read_as_it_was_made(entry_id: str) -> None:
    assert read_cursor(make_cursor(entry_id)) == entry_id


# --- lists: narrowed


@pytest.fixture
def mixed(engine: Engine) -> Engine:
    both = (CooperationType.MLA, CooperationType.EXTRADITION)
    make.publish_all(
        engine,
        make.publication("FR-1", make.authority(types=both), state="FR"),
        make.publication("RO-1", make.authority(types=both), confirmation=make.confirmed()),
        make.publication(
            "RO-2",
            make.authority(designations=(make.designation(CooperationType.TSP, instrument=""),)),
            at=make.AT + DAY,
        ),
        make.publication("RO-3", make.contact_point()),
        make.publication("RO-4", make.officer()),
        make.publication("RO-5", make.requirements()),
    )
    return engine


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["FR-1", "RO-1", "RO-2", "RO-3", "RO-4", "RO-5"]),
        ({"state": "FR"}, ["FR-1"]),
        ({"state": "JP"}, []),
        ({"type": CooperationType.MLA}, ["FR-1", "RO-1", "RO-5"]),
        ({"type": CooperationType.LAW_ENFORCEMENT}, ["RO-4"]),
        ({"kind": EntryKind.CONTACT_POINT}, ["RO-3"]),
        ({"instrument": "UNTOC"}, ["FR-1", "RO-1", "RO-3"]),
        ({"instrument": "UNTOC", "type": CooperationType.TSP}, []),
        ({"instrument": "NONE"}, []),
        ({"freshness": Freshness.CONFIRMED}, ["RO-1"]),
        ({"freshness": Freshness.DUE}, []),
        ({"freshness": Freshness.DISPUTED}, []),
        ({"freshness": Freshness.LAPSED, "state": "RO"}, ["RO-2", "RO-3", "RO-4", "RO-5"]),
        ({"updated_since": make.AT + DAY}, ["RO-2"]),
        ({"updated_since": make.AT + 2 * DAY}, []),
        ({"state": "RO", "type": CooperationType.MLA, "kind": EntryKind.AUTHORITY}, ["RO-1"]),
        ({"state": "R\0"}, []),
        ({"instrument": "\ud800"}, []),
        ({"state": "' OR 1=1 --"}, []),
        ({"ids": ()}, []),
        ({"ids": ("RO-1", "FR-1", "XX-9")}, ["FR-1", "RO-1"]),
        ({"ids": ("RO-1", "FR-1"), "state": "RO"}, ["RO-1"]),
    ],
)
def test_a_list_is_narrowed_by_each_filter(
    mixed: Engine, filters: dict[str, object], expected: list[str]
) -> None:
    listing = listed(mixed, EntryFilters(**filters))  # type: ignore[arg-type]
    assert ids(listing) == expected
    assert listing.total == len(expected)


def test_a_type_and_an_instrument_are_asked_of_one_designation(engine: Engine) -> None:
    record = make.authority(
        designations=(
            make.designation(CooperationType.MLA, instrument=""),
            make.designation(CooperationType.EXTRADITION),
        )
    )
    make.publish_all(engine, make.publication("RO-1", record))
    assert ids(listed(engine, EntryFilters(type=CooperationType.MLA, instrument="UNTOC"))) == []


def test_a_line_says_what_the_entry_is(mixed: Engine) -> None:
    (line,) = listed(mixed, EntryFilters(state="RO", type=CooperationType.EXTRADITION)).items
    assert line.types == (CooperationType.MLA, CooperationType.EXTRADITION)
    assert (line.name, line.kind, line.state) == ("Ministry of Justice", EntryKind.AUTHORITY, "RO")
    assert line.freshness.state is Freshness.CONFIRMED


def test_entries_of_a_state_stand_by_kind_and_name(mixed: Engine) -> None:
    with Session(mixed) as session:
        found = entries_of_state(READER, session, "RO", make.TODAY)
    assert {one.id for one in found} == {"RO-1", "RO-2", "RO-3", "RO-4", "RO-5"}
    assert [one.kind for one in found] == sorted(one.kind for one in found)


# --- the freshness of lists and the freshness of pages are one rule


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_filtering_by_freshness_selects_what_the_rule_says(
    fresh_entries: dict[str, tuple[EntryKind, dt.date | None]], engine: Engine, data: st.DataObject
) -> None:
    """On any day, and above all on the days on which something changes."""
    kind, confirmed_on = data.draw(st.sampled_from(list(fresh_entries.values())))
    cycle = DEFAULT_CYCLES[kind]
    edge = data.draw(st.sampled_from([0, cycle - NOTICE_DAYS, cycle]))
    today = (confirmed_on or make.TODAY) + (edge + data.draw(st.integers(-2, 2))) * DAY
    selected: set[str] = set()
    with Session(engine) as session:
        for state in Freshness:
            found = set(session.scalars(select(Entry.id).where(is_fresh(state, today))))
            assert found == {
                key
                for key, (one, on) in fresh_entries.items()
                if freshness(one, on, today).state is state
            }
            assert not selected & found
            selected |= found
    assert selected == set(fresh_entries)


@pytest.fixture
def fresh_entries(engine: Engine) -> dict[str, tuple[EntryKind, dt.date | None]]:
    """Entries of each kind, confirmed never or on one of some days."""
    days = [None, *(dt.date(2025, 1, 1) + number * 17 * DAY for number in range(12))]
    entries = {
        f"RO-{kind.value[:6]}-{number}": (kind, day)
        for kind in EntryKind
        for number, day in enumerate(days)
    }
    make.publish_all(
        engine,
        *(
            make.publication(
                key, make.record_of(kind), confirmation=make.confirmed(day) if day else None
            )
            for key, (kind, day) in entries.items()
        ),
    )
    return entries
