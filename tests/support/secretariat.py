"""The whole application on a small directory, with the people who bring a change through it."""

import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import Engine, insert
from werkzeug.test import TestResponse

from directory.cli.worker import deliver, make_post
from directory.composition import create_app
from directory.domain.vocabulary import ChannelKind, Role
from directory.models.account import AccountRole
from directory.services.accounts import add_account
from directory.services.passwords import hash_password
from tests.support.door import PASSWORD, PEPPER, Place, form_token, open_place, sign_in
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.reviewing import Desk, read_actor, with_note, with_number

OLD, OTHER, NEW = "+40213155280", "+40213155281", "+40213155299"
ENTRY = "RO-AAAAAA"
PROPOSER = "focal@ro.example"
COLLEAGUE = "colleague@ro.example"
FIRST, SECOND, THIRD = "a@secretariat.example", "b@secretariat.example", "c@secretariat.example"
BOTH = "both@ro.example"
PEOPLE = {
    PROPOSER: (Role.FOCAL_POINT, "RO"),
    COLLEAGUE: (Role.FOCAL_POINT, "RO"),
    BOTH: (Role.FOCAL_POINT, "RO"),
    FIRST: (Role.VERIFIER, ""),
    SECOND: (Role.VERIFIER, ""),
    THIRD: (Role.VERIFIER, ""),
    "admin@secretariat.example": (Role.ADMINISTRATOR, ""),
    "auditor@secretariat.example": (Role.AUDITOR, ""),
    "reader@fr.example": (Role.READER, "FR"),
}


class Whole(Place):
    """The whole application instead of the small one."""

    def __post_init__(self) -> None:
        self.app = create_app(self.parts.settings, self.parts)


@dataclass
class Office:
    """The application, the people, and entries of Romania with two verified telephones."""

    place: Whole
    desk: Desk
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, email: str) -> FlaskClient:
        """That person's browser, signed in."""
        if email not in self._clients:
            client = self.place.client()
            assert sign_in(client, email).status_code == 302
            self._clients[email] = client
        return self._clients[email]

    def later(self, **by: float) -> None:
        """Time passes; sessions end meanwhile, and people sign in again."""
        self.place.clock.move(**by)
        self._clients.clear()

    def deliver(self) -> None:
        """The worker sends what waits."""
        post = make_post(self.place.parts.settings)
        assert post is not None
        deliver(self.place.parts, post, self.place.clock())

    def get(self, email: str, address: str, status: int = 200) -> str:
        """The page as that person sees it."""
        answer = self.client(email).get(address)
        assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
        return answer.get_data(as_text=True)

    def post(self, email: str, address: str, /, **data: object) -> TestResponse:
        """A form of that person's, with the token of a page of ours."""
        client = self.client(email)
        token = form_token(client.get("/help"))
        return client.post(address, data={"csrf_token": token, **data})

    def act(self, email: str, proposal: str, act: str, **data: object) -> TestResponse:
        """An act on the version that stands now, unless another is given."""
        data.setdefault("version", self.desk.version(proposal))
        return self.post(email, f"/reviews/{proposal}/{act}", **data)

    def done(self, email: str, proposal: str, act: str, **data: object) -> None:
        """An act that is done."""
        answer = self.act(email, proposal, act, **data)
        assert answer.status_code == 303, plain(answer)

    def changed_number(self, email: str = PROPOSER) -> str:
        """A submitted change of the first telephone."""
        return self.desk.propose(email, ENTRY, with_number(NEW), evidence=True)

    def described(self, entry: str = ENTRY, text: str = "Closed in August.") -> str:
        """A submitted change of the note."""
        return self.desk.propose(PROPOSER, entry, with_note(text))

    def call(self, email: str, proposal: str, **data: object) -> TestResponse:
        """The record of a call-back that went well, unless told otherwise."""
        form = {
            "channel": f"telephone:{OLD}" if not data.get("note_only") else "",
            "result": "confirmed",
            "function": "duty officer",
            "question": "Which ministry is above your office?",
            "answered": "1",
            "note": "",
        }
        return self.act(email, proposal, "call-back", **{**form, **data})

    def verified(self) -> str:
        """A change of a number that the first officer called back and verified."""
        proposal = self.changed_number()
        self.done(FIRST, proposal, "take")
        assert self.call(FIRST, proposal, channel=f"telephone:{OTHER}").status_code == 303
        self.done(FIRST, proposal, "verify")
        return proposal

    def held(self) -> str:
        """A change that waits for objections."""
        proposal = self.verified()
        self.done(SECOND, proposal, "approve")
        return proposal

    def state(self, proposal: str) -> str:
        return self.desk.view(proposal, FIRST).head.state.value


def open_office(engine: Engine) -> Office:
    """The office on an empty database."""
    opened = open_place(engine, demo=True)
    place = Whole(opened.parts, opened.clock)
    numbers = (channel(number, kind=ChannelKind.TELEPHONE) for number in (OLD, OTHER))
    lines = (*numbers, channel("desk@justice.example"))
    publish_all(
        engine,
        *(
            publication(entry, authority(name, ministry="Ministry of Justice", channels=lines))
            for entry, name in ((ENTRY, "Central Authority"), ("RO-BBBBBB", "Second Authority"))
        ),
    )
    with place.work() as uow:
        for email, (role, state) in PEOPLE.items():
            made = add_account(uow, email, role, state, place.clock(), demo=True)
            made.password_hash = password_hash()
            made.accepted_at = place.clock()
    both = read_actor(place.parts, BOTH).account_id
    with place.work() as uow:
        row = {"account_id": both, "role": Role.VERIFIER}
        uow.session.execute(insert(AccountRole), [row])
    return Office(place, Desk(place.parts, FIRST))


@cache
def password_hash() -> str:
    """Of the password that everybody here has; slow to make, on purpose."""
    return hash_password(PASSWORD, PEPPER)


def plain(answer: TestResponse | str) -> str:
    """The words of a page, blanks folded."""
    page = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
