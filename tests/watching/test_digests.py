"""Digests of what is watched: who is told of what, and of what never."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from directory.cli.worker import tell_watchers
from directory.domain.record import AuthorityRecord
from directory.domain.vocabulary import Audience, ChannelKind, CooperationType, EntryStatus, Role
from directory.domain.watching import MOST_WATCHES, WatchKind
from directory.errors import InvalidState, NotFound
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.models.notice import Notice
from directory.models.watching import Watch
from directory.policy import Actor
from directory.services.accounts import add_account
from directory.services.watching import watch
from tests.support.factories import authority, channel, officer, publication, publish_all
from tests.support.reviewing import read_actor
from tests.support.secretariat import ENTRY, FIRST, PROPOSER, SECOND, Office, open_office

READER = "reader@fr.example"
QUESTION = "requesting=FR&requested=RO&type=mla"


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def person(office: Office, email: str = READER) -> Actor:
    return read_actor(office.place.parts, email)


def begin(office: Office, kind: WatchKind, key: str, email: str = READER) -> None:
    with office.place.work() as uow:
        watch(uow, person(office, email), kind, key, office.place.clock())


def tell(office: Office) -> None:
    tell_watchers(office.place.parts, office.place.clock())


def told(office: Office, email: str = READER) -> list[dict[str, object]]:
    """What the digests of that person hold, in their order."""
    mine = Notice.account_id == person(office, email).account_id
    with office.place.parts.reading() as session:
        rows = session.scalars(
            select(Notice).where(mine, Notice.kind == "watched_changed").order_by(Notice.id)
        )
        return [row.params for row in rows]


def change(office: Office, entry: str = ENTRY, **fields: object) -> None:
    """A change that somebody else brought about."""
    current = office.desk.entry(entry)
    assert isinstance(current.record, AuthorityRecord)
    record = replace(current.record, **fields)  # type: ignore[arg-type]
    office.place.clock.move(minutes=1)
    engine = office.place.parts.engine
    new = publication(entry, record, at=office.place.clock(), base=current.revision)
    publish_all(engine, new)


def next_day(office: Office) -> None:
    office.later(days=1)


# --- who is refused


def test_what_the_reader_may_not_see_cannot_be_watched(office: Office) -> None:
    engine = office.place.parts.engine
    ended = office.place.clock().date() - dt.timedelta(days=1)
    publish_all(engine, publication("RO-OFFICE", officer(posted_to=ended)))
    for kind, key in (
        (WatchKind.ENTRY, "RO-OFFICE"),
        (WatchKind.ENTRY, "XX-000000"),
        (WatchKind.ENTRY, "\x00"),
        (WatchKind.STATE, "XX"),
    ):
        with pytest.raises(NotFound):
            begin(office, kind, key)


def test_nobody_watches_more_than_can_be_told(office: Office) -> None:
    actor = person(office)
    at = office.place.clock()
    with office.place.work() as uow:
        uow.session.add_all(
            Watch(
                account_id=actor.account_id,
                kind=WatchKind.ENTRY,
                key=f"RO-{number}",
                created_at=at,
                looked_at=at,
                named=[],
            )
            for number in range(MOST_WATCHES)
        )
    with pytest.raises(InvalidState):
        begin(office, WatchKind.STATE, "RO")


def test_watching_twice_is_watching_once(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    begin(office, WatchKind.STATE, "RO")
    with office.place.parts.reading() as session:
        assert len(session.scalars(select(Watch)).all()) == 1


def test_the_change_log_does_not_say_what_is_watched(office: Office) -> None:
    begin(office, WatchKind.ENTRY, ENTRY)
    with office.place.parts.reading() as session:
        event = session.scalars(select(LogEvent).where(LogEvent.action == "watch.begun")).one()
    assert ENTRY not in str([event.before, event.after, event.subject_id, event.reason])


# --- what is told


@pytest.mark.parametrize(
    ("kind", "key"),
    [(WatchKind.ENTRY, ENTRY), (WatchKind.STATE, "RO"), (WatchKind.QUESTION, QUESTION)],
)
def test_a_change_by_another_is_told_once(office: Office, kind: WatchKind, key: str) -> None:
    begin(office, kind, key)
    change(office, note="Moved to the second floor.")
    next_day(office)
    tell(office)
    tell(office)
    assert told(office) == [{"changed": [[ENTRY, "RO", ["note"]]], "questions": []}]
    next_day(office)
    tell(office)
    assert len(told(office)) == 1


def test_nothing_is_told_before_anything_changed(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    next_day(office)
    tell(office)
    assert told(office) == []


def test_many_changes_are_one_digest_a_day(office: Office) -> None:
    for kind, key in ((WatchKind.STATE, "RO"), (WatchKind.ENTRY, ENTRY)):
        begin(office, kind, key)
    change(office, note="One.")
    change(office, website="https://justice.example")
    change(office, "RO-BBBBBB", note="Two.")
    next_day(office)
    tell(office)
    change(office, note="Later that day.")
    tell(office)
    (digest,) = told(office)
    assert sorted(digest["changed"]) == [  # type: ignore[call-overload]
        [ENTRY, "RO", ["note", "website"]],
        ["RO-BBBBBB", "RO", ["note"]],
    ]
    next_day(office)
    tell(office)
    assert [len(one["changed"]) for one in told(office)] == [2, 1]  # type: ignore[arg-type]


def test_a_new_entry_of_a_watched_state_is_told(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    office.place.clock.move(minutes=1)
    new = publication("RO-NEW000", authority("New Office"), at=office.place.clock())
    publish_all(office.place.parts.engine, new)
    next_day(office)
    tell(office)
    assert told(office) == [{"changed": [["RO-NEW000", "RO", ["+"]]], "questions": []}]


def test_a_suspension_is_told_and_an_unwatched_state_is_not(office: Office) -> None:
    begin(office, WatchKind.ENTRY, ENTRY)
    begin(office, WatchKind.STATE, "JP")
    office.place.clock.move(minutes=1)
    record = office.desk.entry(ENTRY).record
    suspended = publication(
        ENTRY, record, status=EntryStatus.SUSPENDED, at=office.place.clock(), base=1
    )
    publish_all(office.place.parts.engine, suspended)
    next_day(office)
    tell(office)
    assert told(office) == [{"changed": [[ENTRY, "RO", ["status"]]], "questions": []}]


def test_another_answer_of_the_finder_is_told(office: Office) -> None:
    begin(office, WatchKind.QUESTION, QUESTION)
    office.place.clock.move(minutes=1)
    new = publication("RO-NEW000", authority("New Office"), at=office.place.clock())
    publish_all(office.place.parts.engine, new)
    next_day(office)
    tell(office)
    assert told(office) == [{"changed": [], "questions": [[QUESTION, "RO", "FR", "mla"]]}]


# --- what is never told


def test_nobody_is_told_of_their_own_act(office: Office) -> None:
    for email in (PROPOSER, FIRST, SECOND, READER):
        begin(office, WatchKind.STATE, "RO", email)
    office.place.clock.move(minutes=1)
    proposal = office.described()
    for act in ("take", "verify"):
        office.done(FIRST, proposal, act)
    next_day(office)
    tell(office)
    assert [told(office, email) for email in (PROPOSER, FIRST)] == [[], []]
    for other in (SECOND, READER):
        assert told(office, other) == [{"changed": [[ENTRY, "RO", ["note"]]], "questions": []}]


def test_a_change_that_is_not_for_the_reader_is_not_told(office: Office) -> None:
    for email in (READER, PROPOSER):
        begin(office, WatchKind.ENTRY, ENTRY, email)
    current = office.desk.entry(ENTRY).record
    assert isinstance(current, AuthorityRecord)
    secret = channel("night@justice.example", Audience.OWN_STATE)
    change(office, channels=(*current.channels, secret))
    next_day(office)
    tell(office)
    assert told(office) == []
    assert told(office, PROPOSER) == [{"changed": [[ENTRY, "RO", ["channels"]]], "questions": []}]


def test_an_entry_that_is_no_longer_for_the_reader_is_not_told(office: Office) -> None:
    begin(office, WatchKind.ENTRY, ENTRY)
    office.place.clock.move(minutes=1)
    record = office.desk.entry(ENTRY).record
    retired = publication(
        ENTRY, record, status=EntryStatus.RETIRED, at=office.place.clock(), base=1
    )
    publish_all(office.place.parts.engine, retired)
    next_day(office)
    tell(office)
    assert told(office) == []


def test_a_closed_account_is_told_nothing_and_holds_up_nobody(
    office: Office, engine: Engine
) -> None:
    with office.place.work() as uow:
        add_account(uow, "gone@fr.example", Role.READER, "FR", office.place.clock(), demo=True)
    for email in ("gone@fr.example", READER):
        begin(office, WatchKind.STATE, "RO", email)
    with office.place.work() as uow:
        closed = update(Account).where(Account.email == "gone@fr.example")
        uow.session.execute(closed.values(active=False))
    change(office, note="Moved.")
    next_day(office)
    tell(office)
    assert len(told(office)) == 1
    with office.place.parts.reading() as session:
        addresses = select(Account.email).join(Notice, Notice.account_id == Account.id)
        assert "gone@fr.example" not in session.scalars(addresses).all()


def test_restricted_lines_of_ones_own_type_are_told(office: Office, engine: Engine) -> None:
    """A reader whose authority deals with the type sees the line, and is told of it."""
    with office.place.work() as uow:
        account = uow.session.scalars(select(Account).where(Account.email == READER)).one()
        account.cooperation_types = [CooperationType.MLA.value]
    begin(office, WatchKind.ENTRY, ENTRY)
    current = office.desk.entry(ENTRY).record
    assert isinstance(current, AuthorityRecord)
    line = channel("+40213155277", Audience.SAME_TYPE, ChannelKind.TELEPHONE)
    change(office, channels=(*current.channels, line))
    next_day(office)
    tell(office)
    assert told(office) == [{"changed": [[ENTRY, "RO", ["channels"]]], "questions": []}]


def test_the_digest_has_words_in_the_mail_and_on_the_page(office: Office) -> None:
    begin(office, WatchKind.QUESTION, QUESTION)
    begin(office, WatchKind.STATE, "RO")
    office.place.clock.move(minutes=1)
    new = publication("RO-NEW000", authority("New Office"), at=office.place.clock())
    publish_all(office.place.parts.engine, new)
    change(office, note="Moved.")
    next_day(office)
    tell(office)
    page = office.get(READER, "/account/notices")
    assert "Something you watch in the directory has changed" in page
    assert "New Office (RO-NEW000), RO: new in the directory" in page
    assert f"Central Authority ({ENTRY}), RO: Note" in page
    assert "mla, FR asks RO: the finder now names other authorities or treaties" in page
