"""Asking for every GET route of the URL map as every kind of person, and what is found in it.

A canary is a word that stands in one field of one audience and nowhere else. A new route is walked
without being named here; where its address has a part that is not known, the walk fails.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import MetaData, select
from werkzeug.routing import AnyConverter, Rule

from directory.domain.lifecycle import ProposalKind, ReportKind
from directory.domain.record import Channel, Record
from directory.domain.vocabulary import Audience, ChannelKind, ChannelPurpose, CooperationType, Role
from directory.models.account import Account
from directory.policy import Actor
from directory.services.proposals import Draft, save_draft, submit
from directory.services.reports import ReportForm, report
from directory.services.workflow import workflow
from tests.audit.conftest import (
    ADMIN,
    AUDITOR,
    AUTHORITY,
    FOCAL_FR,
    FOCAL_RO,
    OFFICER,
    OFFICER_A,
    POINT,
    READER,
    SAME_TYPE,
    House,
)
from tests.support import factories as make
from tests.support.codes import read_drawn, text_of

ALL, SAME, OWN, GLASS = Audience
READER_RO = "reader@ro.example"
STRANGER = ""
#: Who belongs to which audience of the Romanian entries, written by hand.
ALLOWED: Mapping[str, frozenset[Audience]] = {
    STRANGER: frozenset(),
    READER: frozenset({ALL}),
    SAME_TYPE: frozenset({ALL, SAME}),
    READER_RO: frozenset({ALL, SAME, OWN}),
    FOCAL_RO: frozenset({ALL, SAME, OWN, GLASS}),
    FOCAL_FR: frozenset({ALL}),
    OFFICER_A: frozenset({ALL, SAME, OWN}),
    ADMIN: frozenset({ALL, SAME, OWN}),
    AUDITOR: frozenset({ALL}),
}
#: What a proposal of Romania changes is for who proposes and who reviews.
WORKING = frozenset({FOCAL_RO, OFFICER_A, ADMIN})
TYPES = (CooperationType.MLA, CooperationType.E_EVIDENCE, CooperationType.LAW_ENFORCEMENT)
#: Kept by the read audit itself.
AUDIT_TABLES = frozenset({"read_view", "read_count", "export_made"})


def canary(place: str, audience: Audience) -> str:
    """A word that no language has, and the index could find."""
    return f"kanari{place}{audience.name.lower().replace('_', '')}"


PLACES = ("authority", "point", "officer", "holder", "narrowed", "gone")
#: Canary -> the audience it is for.
CANARIES = {canary(place, audience): audience for place in PLACES for audience in Audience}
PROPOSED = "kanariproposedownstate"
_WORD = re.compile("kanari[a-z]+")


def line(place: str, audience: Audience, meant: Audience | None = None) -> Channel:
    """A line whose value, printed form and note all hold the canary."""
    word = canary(place, audience)
    return make.channel(
        f"{word}@justice.example",
        meant or audience,
        as_given=f"as printed {word}",
        note=f"ask for {word}",
    )


def lines(place: str) -> tuple[Channel, ...]:
    """One for each audience."""
    return tuple(line(place, audience) for audience in Audience)


def furnish(house: House) -> dict[str, str]:
    """Entries with canaries now and in their past, a proposal, a report; gives parts of addresses.

    ``narrowed`` were for all readers in the first revision and are not in the second; ``gone`` were
    taken away since.
    """
    house.account(READER_RO, Role.READER, "RO")
    with house.work() as uow:
        same = uow.session.scalars(select(Account).where(Account.email == SAME_TYPE)).one()
        same.cooperation_types = [kind.value for kind in TYPES]
        house.ids |= {one.email: one.id for one in uow.session.scalars(select(Account))}
    # Short enough ago for the pages to tell of what changed.
    lately = house.clock() - dt.timedelta(days=10)
    first = tuple(line("narrowed", audience, Audience.ALL_READERS) for audience in Audience)
    records: dict[str, Record] = {
        AUTHORITY: make.authority("Central authority", channels=(*lines("gone"), *first)),
        POINT: make.contact_point("Duty desk", channels=lines("gone")),
    }
    make.publish_all(
        house.parts.engine,
        *(make.publication(key, record, base=1, at=lately) for key, record in records.items()),
    )
    urgent = make.channel("+40212222222", kind=ChannelKind.TELEPHONE, purpose=ChannelPurpose.URGENT)
    now = (*lines("authority"), *(line("narrowed", audience) for audience in Audience))
    make.publish_all(
        house.parts.engine,
        make.publication(
            AUTHORITY,
            make.authority("Central authority", channels=now),
            base=2,
            at=lately + dt.timedelta(days=1),
        ),
        make.publication(
            POINT,
            make.contact_point("Duty desk", channels=(urgent, *lines("point"))),
            base=2,
            at=lately + dt.timedelta(days=1),
        ),
        make.publication(OFFICER, _officer(Audience.SAME_TYPE), base=1),
        *(
            make.publication(f"RO-HOLD{number}0", _officer(audience))
            for number, audience in enumerate(Audience)
        ),
    )
    return {"proposal_id": _propose(house), "entry_id": AUTHORITY}


def _officer(audience: Audience) -> Record:
    return make.officer(
        "Liaison officer",
        holder=canary("holder", audience),
        holder_audience=audience,
        channels=lines("officer"),
    )


def actor_of(house: House, email: str, role: Role, state: str) -> Actor:
    """A person as the services know them."""
    types = frozenset(TYPES) if email == SAME_TYPE else frozenset[CooperationType]()
    return Actor(
        name=email,
        account_id=house.ids[email],
        state=state,
        roles=frozenset({role}),
        cooperation_types=types,
        is_fresh=True,
    )


def _propose(house: House) -> str:
    """A submitted proposal with a new line, and a report of a line for the same type."""
    focal = actor_of(house, FOCAL_RO, Role.FOCAL_POINT, "RO")
    wanted = make.authority(
        "Central authority",
        channels=(
            *lines("authority"),
            *(line("narrowed", audience) for audience in Audience),
            make.channel(f"{PROPOSED}@justice.example", Audience.OWN_STATE),
        ),
        sources=(make.source(),),
    )
    draft = Draft(
        kind=ProposalKind.AMEND,
        record=wanted,
        reason="A new line",
        entry_id=AUTHORITY,
        base_revision=3,
    )
    with house.work() as uow:
        made = save_draft(uow, focal, draft, house.clock())
    with house.work() as uow:
        submit(uow, focal, made, 1, house.clock(), workflow(house.parts.settings))
    who = actor_of(house, SAME_TYPE, Role.READER, "JP")
    met = f"{canary('authority', Audience.SAME_TYPE)}@justice.example"
    with house.work() as uow:
        report(
            uow,
            who,
            AUTHORITY,
            ReportForm(kind=ReportKind.BOUNCED, channel=met, note=met),
            house.clock(),
            20,
        )
    return made


# --- the walk

#: Parts of addresses, beside those that ``furnish`` gives.
VALUES = {
    "filename": "app.css",
    "code": "RO",
    "token": "x",
    "secret": "x",
    "name": "x",
    "kind": "authority",
    "act": "withdraw",
    "number": "1",
    "campaign_id": "1",
    "date": "2026-11-23",
    "form": "json",
    "word": "x",
}
ENTRIES = (AUTHORITY, POINT, OFFICER, "RO-HOLD00", "RO-HOLD10", "RO-HOLD20", "RO-HOLD30")
_QUESTION = "requesting=FR&requested=RO&type="
#: Questions without which an address says little; '' is asked of every other one.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "counterpart.show": tuple(
        f"{_QUESTION}{kind}{more}"
        for kind in TYPES
        for more in ("", "&urgent=1", "&as_of=2026-03-05")
    ),
    "history.extract_answer": (f"{_QUESTION}mla&format=json",),
    "history.extract": ("format=json",),
    "taking.file": ("state=RO",),
    "taking.card": ("", "version=3.0"),
    "history.show": ("", "from=1&to=2", "from=2&to=3"),
    "api_counterparts.find_counterparts": tuple(
        f"{_QUESTION}{kind}{more}" for kind in TYPES for more in ("", "&urgent=true")
    ),
    "api_history.extract_answer": (f"{_QUESTION}mla",),
    "api_entries.show_entry": ("", "as_of=2026-03-05", "as_of=2026-11-23"),
    "search.show": ("q=central", "q=liaison"),
    "api_search.search_all": ("q=central", "q=liaison"),
    "api_search.suggest_some": ("q=cen",),
}
_FORMS = ("csv", "xlsx", "json")


@dataclass
class Answered:
    """What one person was answered at one address."""

    email: str
    endpoint: str
    url: str
    status: int
    text: str
    found: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.found = frozenset(_WORD.findall(self.text))


def walk(
    house: House, parts: Mapping[str, str], endpoints: frozenset[str] = frozenset()
) -> Iterator[Answered]:
    """Every GET route (or only those endpoints), as every person."""
    for email in ALLOWED:
        client = house.person(email) if email else house.client()
        for endpoint, url in addresses(house, parts):
            if endpoints and endpoint not in endpoints:
                continue
            answer = client.get(url, buffered=True)
            said = f"{answer.headers}\n{unpacked(answer.get_data())}"
            yield Answered(email, endpoint, url, answer.status_code, said)


def addresses(house: House, parts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Endpoint and address of every GET route, for each entry and each question."""
    adapter = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for values in _values(rule, {**VALUES, **parts}):
            url = adapter.build(rule.endpoint, values, method="GET")
            for asked in QUESTIONS.get(rule.endpoint, ("",)):
                yield rule.endpoint, f"{url}?{asked}" if asked else url
    # Setting a page takes long; what is on it comes from the same statement as the JSON.
    yield "history.extract", f"/entries/{AUTHORITY}/extract?format=pdf"


def _values(rule: Rule, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    given = {name: _value(rule, name, known) for name in rule.arguments}
    if "entry_id" in given:
        yield from ({**given, "entry_id": entry} for entry in ENTRIES)
    elif rule.endpoint == "taking.file":
        yield from ({**given, "form": form} for form in (*_FORMS, "vcf"))
    elif rule.endpoint == "imports.export":
        yield from ({**given, "form": form} for form in _FORMS)
    else:
        yield given


def _value(rule: Rule, name: str, known: Mapping[str, str]) -> str:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return known.get(name, "1" if "int" in type(converter).__name__.lower() else "x")


def unpacked(content: bytes) -> str:
    """What a file says: workbooks unzipped, the pages and attachments of a PDF, a drawn code."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if content.startswith(b"%PDF"):
        return "\n".join((text_of(content), *_streams(content)))
    if b'class="qrline"' in content:
        return read_drawn(content.decode())
    if content.startswith(b"BEGIN:VCARD"):
        # Folded lines would hide what is looked for.
        return content.decode().replace("\r\n ", "")
    return content.decode("utf-8", "replace")


def _streams(content: bytes) -> Iterator[str]:
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1]).decode("utf-8", "replace")
        except zlib.error:
            yield found[1].decode("utf-8", "replace")


# --- what is looked at afterwards


def leaks(answers: Iterator[Answered]) -> list[str]:
    """Canaries in answers to people whom they are not for."""
    return [
        f"{one.email or 'a stranger'} {one.url}: {word}"
        for one in answers
        for word in sorted(one.found)
        if not _is_for(word, one.email)
    ]


def _is_for(word: str, email: str) -> bool:
    if word == PROPOSED:
        return email in WORKING
    return CANARIES[word] in ALLOWED[email]


def rows(house: House) -> dict[str, list[str]]:
    """Every row of every table but those of the read audit, as text."""
    known = MetaData()
    known.reflect(house.parts.engine)
    with house.parts.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in known.sorted_tables
            if table.name not in AUDIT_TABLES
        }
