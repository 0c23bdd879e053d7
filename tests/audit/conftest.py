"""A directory with lines for each audience, and people of every role who can ask for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory.composition import create_app
from directory.domain.vocabulary import Audience, ChannelKind, CooperationType, Role
from directory.models.account import Account
from directory.models.read_audit import ReadView
from directory.services.looking import ReadAudit
from directory.web import looking
from tests.support import factories as make
from tests.support.door import Place, bearer, open_place, sign_in

READER, COLLEAGUE, THIRD = "reader@fr.example", "second@fr.example", "third@fr.example"
SAME_TYPE = "mla@jp.example"
FOCAL_RO, FOCAL_FR = "focal@ro.example", "focal@fr.example"
OFFICER_A, OFFICER_B = "a@secretariat.example", "b@secretariat.example"
ADMIN, AUDITOR = "admin@secretariat.example", "auditor@secretariat.example"
PEOPLE = {
    READER: (Role.READER, "FR"),
    COLLEAGUE: (Role.READER, "FR"),
    THIRD: (Role.READER, "FR"),
    SAME_TYPE: (Role.READER, "JP"),
    FOCAL_RO: (Role.FOCAL_POINT, "RO"),
    FOCAL_FR: (Role.FOCAL_POINT, "FR"),
    OFFICER_A: (Role.VERIFIER, ""),
    OFFICER_B: (Role.VERIFIER, ""),
    ADMIN: (Role.ADMINISTRATOR, ""),
    AUDITOR: (Role.AUDITOR, ""),
}
AUTHORITY, POINT, OFFICER, REQUIREMENTS = "RO-AUTH00", "RO-POINT0", "RO-LIAI00", "RO-REQU00"
FRENCH = "FR-AUTH00"
#: Plain entries, in the order of their identifiers.
MANY = tuple(f"RO-M{number:05}" for number in range(30))
#: Audience -> the one number for it; searched for in everything that leaves the directory.
CANARIES = {
    Audience.ALL_READERS: "+40211110001",
    Audience.SAME_TYPE: "+40211110002",
    Audience.OWN_STATE: "+40211110003",
    Audience.BREAK_GLASS: "+40211110004",
}


@dataclass
class House(Place):
    """The whole application, with sessions kept so that nobody signs in twice."""

    clients: dict[str, FlaskClient] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = create_app(self.parts.settings, self.parts)

    def another(self) -> "House":
        """A second serving process on the same database."""
        return House(self.parts, self.clock, ids=self.ids, tokens=self.tokens)

    def person(self, email: str) -> FlaskClient:
        """A browser of that person, signed in."""
        if email not in self.clients:
            self.clients[email] = self.client()
            assert sign_in(self.clients[email], email).status_code == 302
        return self.clients[email]

    def program(self, email: str, *scopes: str) -> dict[str, str]:
        """The headers of a program of that person; the usual scopes unless others are given."""
        key = " ".join((email, *scopes))
        if key not in self.tokens:
            self.tokens[key] = self.token(email, **({"scopes": scopes} if scopes else {}))
        return bearer(self.tokens[key])

    def get(self, email: str, path: str) -> tuple[int, str]:
        """Status and body of what a program of that person is answered."""
        answer = self.client().get(path, headers=self.program(email))
        return answer.status_code, answer.get_data(as_text=True)

    @property
    def audit(self) -> ReadAudit:
        with self.app.app_context():
            return looking.read_audit()

    @property
    def last_view(self) -> int:
        """Number of the newest row of the read audit, after everything that waits is written."""
        self.audit.flush()
        with Session(self.parts.engine) as session:
            return session.scalar(select(func.max(ReadView.id))) or 0

    def views(self) -> Sequence[ReadView]:
        """What the read audit holds, after everything that waits is written."""
        self.audit.flush()
        with Session(self.parts.engine) as session:
            return session.scalars(select(ReadView).order_by(ReadView.id)).all()


def fill(place: Place) -> None:
    """People and entries."""
    for email, (role, state) in PEOPLE.items():
        place.account(email, role, state)
    with place.work() as uow:
        same = uow.session.scalars(select(Account).where(Account.email == SAME_TYPE)).one()
        same.cooperation_types = [CooperationType.MLA.value, CooperationType.E_EVIDENCE.value]
    lines = tuple(
        make.channel(number, audience, ChannelKind.TELEPHONE)
        for audience, number in CANARIES.items()
    )
    make.publish_all(
        place.parts.engine,
        make.publication(AUTHORITY, make.authority("Central authority", channels=lines)),
        make.publication(POINT, make.contact_point("Duty desk", channels=lines)),
        make.publication(OFFICER, make.officer("Liaison officer", channels=lines)),
        make.publication(REQUIREMENTS, make.requirements()),
        make.publication(FRENCH, make.authority("Ministère", channels=lines[:1]), state="FR"),
        *(make.publication(one, make.authority(f"Court {one}")) for one in MANY),
    )


Open = Callable[..., House]


@pytest.fixture
def open_house(engine: Engine) -> Open:
    """Opens the one directory of a test, with settings."""

    def opened(**settings: object) -> House:
        place = open_place(engine, demo=True, **settings)
        house = House(place.parts, place.clock)
        fill(house)
        with Session(engine) as session:
            house.ids = {one.email: one.id for one in session.scalars(select(Account))}
        return house

    return opened


@pytest.fixture
def house(open_house: Open) -> House:
    return open_house()
