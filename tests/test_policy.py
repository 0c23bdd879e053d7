"""Every access rule: refusals first, then that a check and its filter are one rule."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from itertools import product

import pytest
from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from directory.domain.answer import Question
from directory.domain.record import Channel, Record, RequirementsRecord, to_dict
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    CooperationType,
    EntryKind,
    EntryStatus,
    Role,
)
from directory.errors import Denied, NotFound
from directory.models.entry import Entry
from directory.policy import (
    ANONYMOUS,
    GRANTS,
    READ_ENTRY,
    SECRETARIAT,
    SYSTEM,
    Actor,
    EntryRule,
    audiences,
    can,
    hidden_channels,
    is_restricted,
    last_audiences,
    require,
    visible,
    visible_then,
    visible_to_all_readers,
)
from directory.queries import counterparts, entries
from directory.queries.entries import get_entry, get_entry_json
from directory.queries.entry_lists import EntryFilters, list_entries
from directory.queries.states import get_state, list_states
from directory.services import entry_rows
from tests.support import factories as make

#: Who holds what, written a second time and by hand: a change of policy.py shows here.
HOLDERS: dict[str, set[Role]] = {
    "states:read": set(Role),
    "entries:read": set(Role),
    "changes:follow": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "counterparts:ask": set(Role),
    "search:ask": set(Role),
    "account:own": set(Role),
    "reports:make": set(Role),
    "proposals:read": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "proposals:propose": {Role.FOCAL_POINT},
    "proposals:review": {Role.VERIFIER},
    "entries:confirm": {Role.FOCAL_POINT},
    "reports:answer": {Role.FOCAL_POINT, Role.VERIFIER},
    "reviews:read": {Role.VERIFIER, Role.ADMINISTRATOR},
    "campaigns:read": set(Role),
    "campaigns:run": {Role.VERIFIER, Role.ADMINISTRATOR},
    "statistics:read": {Role.VERIFIER, Role.ADMINISTRATOR, Role.FOCAL_POINT},
    "closures:announce": {Role.FOCAL_POINT},
    "closures:review": {Role.VERIFIER},
    "line_tests:read": set(Role),
    "line_tests:run": {Role.VERIFIER, Role.ADMINISTRATOR},
    "log:read": {Role.VERIFIER, Role.ADMINISTRATOR, Role.AUDITOR},
    "audit:read": {Role.FOCAL_POINT, Role.ADMINISTRATOR, Role.AUDITOR},
    "audit:alerts": {Role.ADMINISTRATOR, Role.AUDITOR},
    "glass:break": {Role.READER, Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "accounts:read": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "accounts:invite": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "accounts:change": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "accounts:approve": {Role.VERIFIER, Role.ADMINISTRATOR},
    "recovery:prove": {Role.VERIFIER, Role.ADMINISTRATOR},
    "coverage:read": set(Role),
    "coverage:work": {Role.VERIFIER, Role.ADMINISTRATOR},
    "editions:take": {Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
    "editions:make": {Role.VERIFIER, Role.ADMINISTRATOR},
    "packs:make": {Role.READER, Role.FOCAL_POINT, Role.VERIFIER, Role.ADMINISTRATOR},
}

MLA = CooperationType.MLA
ALL, SAME, OWN, GLASS = (
    Audience.ALL_READERS,
    Audience.SAME_TYPE,
    Audience.OWN_STATE,
    Audience.BREAK_GLASS,
)


# --- permissions


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", ["", "entries", "entries:write", "ENTRIES:READ", "*"])
def test_what_is_not_written_is_denied_to_every_role(role: Role, permission: str) -> None:
    assert not can(make.actor(role), permission)
    with pytest.raises(Denied) as refused:
        require(make.actor(role), permission)
    assert refused.value.permission == permission


def test_a_scope_does_not_make_a_permission() -> None:
    assert not can(make.actor(Role.ADMINISTRATOR, scopes=["entries:write"]), "entries:write")


def test_the_table_of_roles_is_complete() -> None:
    assert set(GRANTS) == set(HOLDERS)


@pytest.mark.parametrize(("permission", "role"), list(product(HOLDERS, Role)))
def test_each_role_holds_what_the_table_says(permission: str, role: Role) -> None:
    assert can(make.actor(role), permission) is (role in HOLDERS[permission])


@pytest.mark.parametrize("nobody", [ANONYMOUS, SYSTEM, make.actor(), make.actor(state="FR")])
@pytest.mark.parametrize("permission", list(GRANTS))
def test_without_a_role_nothing_is_allowed(nobody: Actor, permission: str) -> None:
    assert not can(nobody, permission)


@pytest.mark.parametrize(("held", "asked"), list(product(GRANTS, GRANTS)))
def test_a_token_does_what_its_scopes_name_and_nothing_else(held: str, asked: str) -> None:
    assert can(make.actor(*Role, scopes=[held]), asked) is (held == asked)


def test_a_token_without_scopes_does_nothing() -> None:
    assert not any(can(make.actor(*Role, scopes=[]), permission) for permission in GRANTS)


def test_a_token_never_does_more_than_its_owner() -> None:
    assert not any(can(make.actor(scopes=GRANTS), permission) for permission in GRANTS)


@pytest.mark.parametrize("role", list(Role))
def test_the_secretariat_are_verifiers_and_administrators(role: Role) -> None:
    expected = role in {Role.VERIFIER, Role.ADMINISTRATOR}
    assert make.actor(role).is_secretariat is expected
    assert (role in SECRETARIAT) is expected


# --- which entries: the check and the filter


@dataclass(frozen=True)
class Facts:
    state_code: str
    status: EntryStatus
    visible_until: dt.date | None


YESTERDAY, TOMORROW = (make.TODAY + dt.timedelta(days=days) for days in (-1, 1))
ENTRIES = {
    f"{state}-{status.value[:3]}-{number}": Facts(state, status, until)
    for state, status, (number, until) in product(
        ("FR", "RO"), EntryStatus, enumerate((None, YESTERDAY, make.TODAY, TOMORROW))
    )
}
ACTORS = [
    *(make.actor(role, state=state) for role, state in product(Role, ("", "FR", "RO", "JP"))),
    make.actor(Role.READER, Role.VERIFIER, state="JP"),
    make.actor(Role.READER, state="RO", scopes=["entries:read"]),
]
DAYS = [dt.date(2000, 1, 1), YESTERDAY, make.TODAY, TOMORROW, dt.date(2100, 1, 1)]


def allowed_by_hand(actor: Actor, entry: Facts, today: dt.date) -> bool:
    """The rule in other words than policy.py uses."""
    if actor.roles & {Role.VERIFIER, Role.ADMINISTRATOR} or actor.state == entry.state_code:
        return True
    if entry.status is EntryStatus.RETIRED:
        return False
    return not (entry.visible_until and today > entry.visible_until)


def test_each_entry_is_allowed_to_whom_the_rule_says() -> None:
    for actor, entry, today in product(ACTORS, ENTRIES.values(), DAYS):
        assert READ_ENTRY.allows(actor, entry, today) is allowed_by_hand(actor, entry, today)


def publish_entries(engine: Engine) -> None:
    make.add_reference(engine)
    make.publish_all(
        engine,
        *(
            make.publication(
                key,
                make.officer(posted_to=facts.visible_until),
                state=facts.state_code,
                status=facts.status,
            )
            for key, facts in ENTRIES.items()
        ),
    )


def test_the_filter_selects_exactly_what_the_check_allows(engine: Engine) -> None:
    publish_entries(engine)
    with Session(engine) as session:
        for actor, today in product(ACTORS, DAYS):
            selected = session.scalars(
                select(Entry.id).where(READ_ENTRY.filter(actor, today))
            ).all()
            allowed = {
                key for key, facts in ENTRIES.items() if READ_ENTRY.allows(actor, facts, today)
            }
            assert len(selected) == len(set(selected))
            assert set(selected) == allowed, (actor, today)


@pytest.mark.parametrize(
    "nobody", [ANONYMOUS, SYSTEM, make.actor(Role.VERIFIER, scopes=["states:read"])]
)
def test_who_may_not_read_entries_gets_neither_check_nor_filter(nobody: Actor) -> None:
    assert not any(READ_ENTRY.allows(nobody, facts, make.TODAY) for facts in ENTRIES.values())
    with pytest.raises(Denied):
        READ_ENTRY.filter(nobody, make.TODAY)


def test_every_reading_of_entries_shows_the_same_ones(engine: Engine) -> None:
    """A page, its JSON, a list and the counts never disagree."""
    publish_entries(engine)
    with Session(engine) as session:
        for actor in (make.reader("FR"), make.reader("JP"), make.verifier(), make.actor(*Role)):
            expected = {
                key for key, facts in ENTRIES.items() if READ_ENTRY.allows(actor, facts, make.TODAY)
            }
            listing = list_entries(actor, session, EntryFilters(), make.TODAY, limit=500)
            assert {item.id for item in listing.items} == expected
            assert listing.total == len(expected)
            assert {key for key in ENTRIES if opens(actor, session, key)} == expected
            states = list_states(actor, session, make.TODAY)
            counts = {one.state.code: one.entries for one in states}
            assert sum(counts.values()) == len(expected)
            of_states = {
                entry.id
                for code in counts
                for entry in get_state(actor, session, code, make.TODAY).entries
            }
            assert of_states == expected


def opens(actor: Actor, session: Session, entry_id: str) -> bool:
    """Does the entry open? Page and JSON must agree."""
    answers = []
    for read in (
        lambda: get_entry(actor, session, entry_id, make.TODAY),
        lambda: get_entry_json(actor, session.connection(), entry_id, make.TODAY),
    ):
        try:
            read()
            answers.append(True)
        except NotFound:
            answers.append(False)
    assert answers[0] is answers[1]
    return answers[0]


# --- which fields


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (make.reader("FR"), {ALL}),
        (make.reader("FR", types=[CooperationType.TSP]), {ALL}),
        (make.reader("FR", types=[MLA, CooperationType.TSP]), {ALL, SAME}),
        (make.reader("RO"), {ALL, SAME, OWN}),
        (make.reader("RO", types=[MLA]), {ALL, SAME, OWN}),
        (make.actor(Role.FOCAL_POINT, state="RO"), {ALL, SAME, OWN, GLASS}),
        (make.actor(Role.FOCAL_POINT, state="FR"), {ALL}),
        (make.actor(Role.AUDITOR), {ALL}),
        (make.verifier(), {ALL, SAME, OWN}),
        (make.actor(Role.ADMINISTRATOR), {ALL, SAME, OWN}),
    ],
)
def test_who_belongs_to_which_audience(who: Actor, expected: set[Audience]) -> None:
    assert audiences(who, "RO", frozenset({MLA})) == expected


def test_without_a_state_nobody_is_of_the_own_state() -> None:
    assert audiences(make.reader(""), "", frozenset({MLA})) == {ALL}


@pytest.mark.parametrize("actor", ACTORS)
def test_behind_glass_sees_nobody_but_the_focal_points_who_answer_for_it(actor: Actor) -> None:
    may = actor.state == "RO" and Role.FOCAL_POINT in actor.roles
    assert (GLASS in audiences(actor, "RO", frozenset(CooperationType))) is may


@pytest.mark.parametrize("actor", ACTORS)
def test_while_nobody_can_write_down_who_looks_only_what_all_may_see_is_left(
    actor: Actor,
) -> None:
    assert audiences(replace(actor, narrow=True), "RO", frozenset(CooperationType)) == {ALL}


def canary(audience: Audience) -> str:
    return f"canary-{audience.value}@justice.example"


CHANNELS: tuple[Channel, ...] = tuple(
    make.channel(
        canary(audience), audience, as_given=f"given {canary(audience)}", note=canary(audience)
    )
    for audience in Audience
)
RECORDS: dict[EntryKind, Record] = {
    EntryKind.AUTHORITY: make.authority(channels=CHANNELS),
    EntryKind.CONTACT_POINT: make.contact_point(
        channels=CHANNELS, designations=(make.designation(MLA),)
    ),
    EntryKind.LIAISON_OFFICER: make.officer(channels=CHANNELS, cooperation_types=(MLA,)),
    EntryKind.REQUIREMENTS: make.requirements(MLA),
}
WITH_CHANNELS = [kind for kind in EntryKind if kind is not EntryKind.REQUIREMENTS]
WHO = {
    "stranger": (make.reader("FR"), {ALL}),
    "same type": (make.reader("FR", types=[MLA]), {ALL, SAME}),
    "own state": (make.reader("RO"), {ALL, SAME, OWN}),
    "secretariat": (make.verifier(), {ALL, SAME, OWN}),
}


def canaries(text: str) -> set[Audience]:
    return {audience for audience in Audience if canary(audience) in text}


@pytest.mark.parametrize("kind", WITH_CHANNELS)
@pytest.mark.parametrize("who", list(WHO))
def test_a_record_shows_the_channels_of_the_readers_audiences(kind: EntryKind, who: str) -> None:
    actor, expected = WHO[who]
    shown = visible(actor, "RO", RECORDS[kind])
    assert canaries(json.dumps(to_dict(shown))) == expected
    assert hidden_channels(actor, "RO", RECORDS[kind]) == len(Audience) - len(expected)


@pytest.mark.parametrize("kind", WITH_CHANNELS)
def test_what_all_see_is_what_a_stranger_sees(kind: EntryKind) -> None:
    stranger = visible(make.reader("FR"), "RO", RECORDS[kind])
    assert visible_to_all_readers(RECORDS[kind]) == stranger
    assert is_restricted(RECORDS[kind])
    assert not is_restricted(stranger)


def test_a_record_without_restricted_channels_is_the_same_for_all() -> None:
    record = make.authority(channels=(make.channel(),))
    assert visible(make.reader("FR"), "RO", record) is record
    assert not is_restricted(record)


def test_requirements_are_for_all_readers() -> None:
    record = RECORDS[EntryKind.REQUIREMENTS]
    assert isinstance(record, RequirementsRecord)
    assert visible(make.reader("FR"), "RO", record) is record
    assert visible_to_all_readers(record) is record
    assert hidden_channels(make.reader("FR"), "RO", record) == 0
    assert not is_restricted(record)


# --- canaries: no reading shows a channel to whom it is not for


@pytest.fixture
def restricted(engine: Engine) -> Engine:
    make.add_reference(engine)
    make.publish_all(
        engine,
        *(make.publication(f"RO-{kind.value}"[:16], record) for kind, record in RECORDS.items()),
    )
    return engine


@pytest.mark.parametrize("who", list(WHO))
def test_no_reading_of_an_entry_leaks_a_channel(restricted: Engine, who: str) -> None:
    actor, expected = WHO[who]
    with Session(restricted) as session:
        for kind in WITH_CHANNELS:
            entry_id = f"RO-{kind.value}"[:16]
            view = get_entry(actor, session, entry_id, make.TODAY)
            body = get_entry_json(actor, session.connection(), entry_id, make.TODAY).body
            assert canaries(repr(view)) == expected
            assert canaries(body.decode()) == expected
            assert view.hidden_channels == len(Audience) - len(expected)


@pytest.mark.parametrize("who", list(WHO))
def test_no_list_shows_any_restricted_channel(restricted: Engine, who: str) -> None:
    actor, expected = WHO[who]
    with Session(restricted) as session:
        listing = list_entries(actor, session, EntryFilters(), make.TODAY)
        state = get_state(actor, session, "RO", make.TODAY)
    assert len(listing.items) == len(RECORDS)
    assert canaries(repr((listing, state))) <= expected


@pytest.mark.parametrize("who", list(WHO))
def test_the_finder_leaks_no_channel(restricted: Engine, who: str) -> None:
    actor, expected = WHO[who]
    for urgent in (False, True):
        question = Question(
            requesting="FR",
            requested="RO",
            cooperation_type=MLA,
            at=make.AT,
            urgent=urgent,
        )
        with Session(restricted) as session:
            found = counterparts.answer(actor, session, question, make.TODAY)
        assert canaries(repr(found)) == expected


def test_the_entity_tag_differs_where_the_body_does(restricted: Engine) -> None:
    """A tag learnt as one reader says nothing of what another one sees."""
    with restricted.connect() as connection:
        answers = [
            get_entry_json(actor, connection, "RO-authority", make.TODAY)[:2]
            for actor, _ in WHO.values()
        ]
    bodies, tags = zip(*answers, strict=True)
    assert len(set(bodies)) == len(set(tags)) == 3


# --- the tests above find what they look for: the same with a fault in the code


def unfiltered(_actor: Actor, _state: str, record: Record) -> Record:
    return record


@pytest.mark.parametrize("module", [entries, counterparts])
def test_a_reading_that_forgets_the_audiences_is_caught(
    restricted: Engine, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    monkeypatch.setattr(module, "visible", unfiltered)
    read = test_the_finder_leaks_no_channel
    if module is entries:
        read = test_no_reading_of_an_entry_leaks_a_channel
    with pytest.raises(AssertionError):
        read(restricted, "stranger")


def test_a_stored_document_that_shows_all_is_caught(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if publishing had not asked who may see it."""
    monkeypatch.setattr(entry_rows, "visible_to_all_readers", lambda record: record)
    monkeypatch.setattr(entry_rows, "is_restricted", lambda _record: False)
    make.add_reference(engine)
    make.publish_all(engine, make.publication("RO-1", RECORDS[EntryKind.AUTHORITY]))
    with engine.connect() as connection:
        body = get_entry_json(make.reader("FR"), connection, "RO-1", make.TODAY).body
    assert canaries(body.decode()) == set(Audience)


@pytest.mark.parametrize(
    "fault",
    [
        Entry.id.is_not(None),
        Entry.status != EntryStatus.RETIRED,
        Entry.visible_until.is_(None) | (Entry.visible_until >= make.TODAY),
        Entry.state_code == "FR",
    ],
)
def test_a_filter_that_differs_from_the_check_is_caught(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: ColumnElement[bool]
) -> None:
    faulty = EntryRule(allows=READ_ENTRY.allows, filter=lambda _actor, _today: fault)
    monkeypatch.setitem(globals(), "READ_ENTRY", faulty)
    with pytest.raises(AssertionError):
        test_the_filter_selects_exactly_what_the_check_allows(engine)


@pytest.mark.parametrize("kind", [ChannelKind.TELEPHONE, ChannelKind.FAX])
def test_a_number_closed_since_stays_closed_in_the_past_when_it_is_called_a_mobile_now(
    kind: ChannelKind,
) -> None:
    before = make.authority(channels=(make.channel("+40215550001", kind=kind),))
    closed = make.channel("+40215550001", kind=ChannelKind.MOBILE, audience=Audience.BREAK_GLASS)
    after = make.authority(channels=(closed,))
    then = visible_then(make.reader(), "RO", before, last_audiences([before, after]))
    assert then == replace(before, channels=())
