"""Asking every route as everybody, about things of the own and of another State in every state."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, insert, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from directory.domain.lifecycle import ProposalState
from directory.domain.vocabulary import Audience, ChannelKind, EntryStatus, Role
from directory.models.entry import Entry
from directory.models.proposal import Evidence, Proposal
from directory.services.accounts import add_account
from directory.web.authorization import (
    ACCOUNT_STATES,
    ENTRY_STATES,
    PROPOSAL_STATES,
    Line,
    Outcome,
    Tie,
)
from tests.support.door import PASSWORD, open_place, sign_in
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.reviewing import Desk, with_note, with_number
from tests.support.secretariat import NEW, OLD, OTHER, Whole, password_hash
from tests.web.test_door_routes import routes

#: Who asks: name -> role (None: a stranger), State, tie to things of Romania.
ASKING: dict[str, tuple[Role | None, str, Tie]] = {
    "stranger": (None, "", Tie.OTHER),
    "reader of the State": (Role.READER, "RO", Tie.OWN),
    "reader of another State": (Role.READER, "FR", Tie.OTHER),
    "focal point of the State": (Role.FOCAL_POINT, "RO", Tie.DESK),
    "focal point of another State": (Role.FOCAL_POINT, "FR", Tie.OTHER),
    "verifier": (Role.VERIFIER, "", Tie.SECRETARIAT),
    "administrator": (Role.ADMINISTRATOR, "", Tie.SECRETARIAT),
    "auditor": (Role.AUDITOR, "", Tie.AUDITOR),
}
ENTRIES = {"published": "RO-AAAAAA", "suspended": "RO-SSSSSS", "retired": "RO-RRRRRR"}
#: Somebody who only prepares; the one who asks is another focal point of the same State.
PREPARES, FIRST, SECOND = "prepares@ro.example", "first@s.example", "second@s.example"
PLENTY = 1_000_000
HOLD = dt.timedelta(hours=72)


def email_of(name: str) -> str:
    return name.replace(" ", ".") + "@matrix.example"


@dataclass
class Matrix:
    """The application with things in every state, put back after each answer that changes it."""

    place: Whole
    file: Path
    proposals: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    _kept: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))

    def keep(self) -> None:
        """Remember the database as it is now."""
        with sqlite3.connect(self.file) as now:
            now.backup(self._kept)

    def put_back(self) -> None:
        """Make the database what it was."""
        with sqlite3.connect(self.file) as now:
            self._kept.backup(now)

    def routes(self) -> Iterator[tuple[Rule, str, str]]:
        """Each rule with an address and each of its methods."""
        yield from routes(self.place.app)

    def url(self, name: str, line: Line, state: str, plain: str) -> str:
        """The address about the thing in that state, with an act that is for who asks."""
        if line.address.endswith("/<act>") and ASKING[name][0] is Role.VERIFIER:
            plain = plain.replace("/withdraw", "/take")
        if line.subject.states == ACCOUNT_STATES:
            # Of what an officer may do to another one, both kinds of officers may confirm.
            act = "/confirm" if line.address.endswith("/<act>") else ""
            return f"/accounts/{self.accounts[state]}{act}"
        if line.subject.states == ENTRY_STATES:
            return plain.replace(VALUE["entry_id"], ENTRIES[state])
        if line.subject.states == PROPOSAL_STATES:
            url = plain.replace(VALUE["proposal_id"], self.proposals[state])
            return url.replace("/evidence/x", f"/evidence/{self.evidence.get(state, 'x')}")
        return plain

    def ask(self, name: str, method: str, url: str) -> TestResponse:
        """What that person is answered; nothing of it stays."""
        client = self.place.client()
        if name in self.cookies:
            client.set_cookie("directory_session", self.cookies[name])
        given: dict[str, object] = {}
        if method != "GET" and url.startswith("/api/"):
            given = {"json": body_of(url), "headers": {"If-Match": '"1"'}}
        elif method != "GET":
            given = {"data": {"version": "1"}}
        answer = client.open(url, method=method, buffered=True, **given)  # type: ignore[arg-type]
        if method != "GET":
            self.put_back()
        return answer


VALUE = {"entry_id": "FR-AAAAAA", "proposal_id": "P-00000000"}


def body_of(url: str) -> dict[str, object]:
    """What is right in form, where a mistake in form would be told before who may ask."""
    if url.endswith("/break-glass"):
        return {"reason": "A child is missing and the desk does not answer."}
    if url.endswith("/reports"):
        return {"kind": "no_answer"}
    if url.startswith("/api/v1/proposals/") and not url.endswith(("/withdraw", "/take")):
        return {"kind": "retire", "reason": "One."}
    return {}


def outcome_of(answer: TestResponse) -> Outcome | None:
    """What was met; None for what nobody should ever meet."""
    status = answer.status_code
    location = answer.headers.get("Location", "")
    if status == 401 or (status in {302, 303} and location.startswith("/sign-in")):
        return Outcome.SIGN_IN
    if status == 403:
        return Outcome.REFUSED
    if status == 404:
        return Outcome.HIDDEN
    return Outcome.OPEN if status < 500 or status == 503 else None


def open_matrix(engine: Engine, change: Callable[[Flask], None] = lambda _: None) -> Matrix:
    """On an SQLite database: only there can a copy be put back in a millisecond."""
    quotas = (
        "views_soft_hourly",
        "views_hard_daily",
        "state_views_soft_hourly",
        "state_views_hard_daily",
    )
    opened = open_place(engine, demo=True, **dict.fromkeys(quotas, PLENTY))
    place = Whole(opened.parts, opened.clock)
    # The tokens of forms are tested elsewhere; here they would hide what comes after them.
    place.app.config["WTF_CSRF_METHODS"] = set()
    change(place.app)
    file = engine.url.database
    assert file
    matrix = Matrix(place, Path(file))
    ids = _add_people(place)
    whose = (email_of("reader of the State"), PREPARES, FIRST)
    matrix.accounts = {
        state: ids[email] for state, email in zip(ACCOUNT_STATES, whose, strict=True)
    }
    _add_things(engine, matrix)
    for name, (role, _state, _tie) in ASKING.items():
        if role is not None:
            client = place.client()
            assert sign_in(client, email_of(name), PASSWORD).status_code == 302
            cookie = client.get_cookie("directory_session")
            assert cookie
            matrix.cookies[name] = cookie.value
    matrix.keep()
    return matrix


def _add_people(place: Whole) -> dict[str, int]:
    """Number of each account, by its address."""
    people = {email_of(name): (role, state) for name, (role, state, _) in ASKING.items() if role}
    people |= {
        PREPARES: (Role.FOCAL_POINT, "RO"),
        FIRST: (Role.VERIFIER, ""),
        SECOND: (Role.VERIFIER, ""),
    }
    ids = {}
    with place.work() as uow:
        for email, (role, state) in people.items():
            made = add_account(uow, email, role, state, place.clock(), demo=True)
            made.password_hash = password_hash()
            ids[email] = made.id
    return ids


def _add_things(engine: Engine, matrix: Matrix) -> None:
    lines = tuple(channel(number, kind=ChannelKind.TELEPHONE) for number in (OLD, OTHER))
    more = {f"RO-{letter * 6}": f"Office {letter}" for letter in "BCDE"}
    for entry in (*ENTRIES.values(), *more):
        glass = channel("+40213155290", Audience.BREAK_GLASS, ChannelKind.TELEPHONE)
        mailbox = channel("desk@justice.example")
        record = authority(f"Office {entry}", channels=(*lines, mailbox, glass))
        publish_all(engine, publication(entry, record))
    with matrix.place.work() as uow:
        for status, entry in ENTRIES.items():
            uow.session.execute(
                update(Entry).where(Entry.id == entry).values(status=EntryStatus(status))
            )
    desk = Desk(matrix.place.parts, FIRST)
    made = matrix.proposals
    made["draft"] = desk.propose(PREPARES, "RO-BBBBBB", with_note("One."), submit=False)
    made["submitted"] = desk.propose(PREPARES, "RO-CCCCCC", with_note("Two."))
    made["on hold"] = desk.propose(PREPARES, "RO-DDDDDD", with_number(NEW), evidence=True)
    made["published"] = desk.propose(PREPARES, "RO-EEEEEE", with_note("Four."))
    _move(matrix, made)


def _move(matrix: Matrix, made: dict[str, str]) -> None:
    """Put two of them on in their life without the people it takes: only who may ask is tried."""
    with matrix.place.work() as uow:
        for state, proposal in made.items():
            at = matrix.place.clock()
            row = {
                "proposal_id": proposal,
                "name": f"file-{proposal}",
                "file_name": "note.pdf",
                "media_type": "application/pdf",
                "size": 4,
                "sha256": "5" * 64,
                "content": b"%PDF",
                "uploaded_at": at,
                "uploaded_by": 1,
                "released_at": at,
            }
            uow.session.execute(insert(Evidence), [row])
            matrix.evidence[state] = f"file-{proposal}"
        for state, wanted in (
            ("on hold", ProposalState.ON_HOLD),
            ("published", ProposalState.PUBLISHED),
        ):
            uow.session.execute(
                update(Proposal)
                .where(Proposal.id == made[state])
                .values(state=wanted, hold_until=matrix.place.clock() + HOLD)
            )
