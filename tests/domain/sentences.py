"""The sentences of ``counterpart_cases.toml``: a question, facts given, and what is expected.

States whose code begins with X are hand-made; any other pair is read from the seed data.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from directory.domain.answer import Answer, Candidate, ContactLine, Facts, Question
from directory.domain.book import ReferenceBook
from directory.domain.record import (
    AuthorityRecord,
    Channel,
    ContactPointRecord,
    Designation,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
    Scope,
    SourceAct,
    display_name,
)
from directory.domain.reference import (
    Declaration,
    Participation,
    State,
    Territory,
)
from directory.domain.vocabulary import (
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    DeclarationKind,
    DesignationRank,
    DesignationStatus,
    EntryStatus,
    ParticipationStatus,
    SourceKind,
    StateKind,
)
from directory.seeding.entries import SeedEntry, build_entries
from directory.seeding.folder import Seed, read_seed

SEED_FOLDER = Path(__file__).parents[2] / "seed_data"

_ASKS = re.compile(
    r"(?P<requesting>\w\w) asks (?P<requested>\w\w) about (?P<type>\w+) on (?P<on>[\d-]+)"
    r"(?P<urgent>, urgent)?(?:, under (?P<instrument>[\w-]+))?(?:, for (?P<territory>[\w-]+))?"
)


@cache
def seed() -> Seed:
    return read_seed(SEED_FOLDER)


@cache
def seed_entries() -> tuple[SeedEntry, ...]:
    return tuple(build_entries(seed()))


def read_question(sentence: str) -> Question:
    match = _ASKS.fullmatch(sentence)
    assert match, f"not a question: {sentence}"
    noon = dt.datetime.combine(dt.date.fromisoformat(match["on"]), dt.time(12), tzinfo=dt.UTC)
    return Question(
        requesting=match["requesting"],
        requested=match["requested"],
        cooperation_type=CooperationType(match["type"]),
        at=noon,
        urgent=bool(match["urgent"]),
        instrument=match["instrument"] or "",
        territory=match["territory"] or "",
    )


@cache
def _states() -> dict[str, State]:
    return {one.state.code: one.state for one in seed().states}


@cache
def seed_book() -> ReferenceBook:
    """What the book tells of the seed data's participations."""
    return ReferenceBook(states={}, instruments={}, types={}, participations=seed().participations)


def real_facts(question: Question) -> Facts:
    """The seed data of a real pair."""
    both = {question.requesting, question.requested}
    return Facts(
        requesting=_states()[question.requesting],
        requested=_states()[question.requested],
        instruments={one.code: one for one in seed().instruments},
        participations=[one for one in seed().participations if one.state in both],
        declarations=[one for one in seed().declarations if one.state in both],
        legal_bases=seed().legal_bases,
        copies=seed_book().copies,
        single_finds=seed_book().single_finds,
        candidates=[
            Candidate(
                id=one.id,
                state=one.state,
                record=one.record,
                synthetic=one.synthetic,
                as_published=str(one.published_year or ""),
            )
            for one in seed_entries()
            if one.state == question.requested
        ],
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class World:
    """Hand-made States over the real treaties, built sentence by sentence."""

    states: dict[str, State] = field(default_factory=dict)
    participations: list[Participation] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    candidates: dict[str, Candidate] = field(default_factory=dict)

    def state(self, code: str) -> State:
        return self.states.setdefault(code, State(code=code, kind=StateKind.MEMBER))

    def change_state(self, code: str, **changes: Any) -> None:
        self.states[code] = replace(self.state(code), **changes)

    def facts(self, question: Question) -> Facts:
        return Facts(
            requesting=self.state(question.requesting),
            requested=self.state(question.requested),
            instruments={one.code: one for one in seed().instruments},
            participations=self.participations,
            declarations=self.declarations,
            legal_bases=seed().legal_bases,
            candidates=tuple(self.candidates.values()),
            copies={"UNTOC": "2014-01-27", "UN-CYBERCRIME": "late 2025"},
        )

    def bind(self, match: re.Match[str]) -> None:
        for state in match["states"].split(" and "):
            since = _day(match["since"]) if match["since"] else None
            self._participation(state, match["code"], entry_into_force=since)

    def sign(self, match: re.Match[str]) -> None:
        self._participation(match["state"], match["code"], status=ParticipationStatus.SIGNATORY)

    def consent(self, match: re.Match[str]) -> None:
        self._participation(match["state"], match["code"], consent=_day(match["on"]))

    def denounce(self, match: re.Match[str]) -> None:
        self._participation(
            match["state"],
            match["code"],
            status=ParticipationStatus.DENOUNCED,
            entry_into_force=_day(match["since"]),
            ended=_day(match["ended"]) if match["ended"] else None,
        )

    def _participation(self, state: str, code: str, **given: Any) -> None:
        given.setdefault("status", ParticipationStatus.PARTY)
        self.participations.append(
            Participation(
                state=state, instrument=code, source="list", source_copy="2014-01-27", **given
            )
        )

    def declare(self, match: re.Match[str]) -> None:
        self.declarations.append(
            Declaration(
                state=match["state"],
                instrument=match["code"],
                article=match["article"],
                kind=DeclarationKind(match["kind"]),
                value=match["value"],
                date=_day(match["on"]) if match["on"] else None,
                source="declaration",
            )
        )

    def office(self, match: re.Match[str]) -> None:
        """An authority or a 24/7 point; the same name again adds a designation."""
        notes = _notes(match["notes"])
        source = SourceAct(
            key=f"s{len(self.candidates)}-{match['type']}-{match['code']}-{match['article']}",
            kind=SourceKind.DEPOSITARY_NOTIFICATION,
            reference="notification",
            year=int(notes.get("source", "0")) or None,
            date=_day(notes["dated"]) if "dated" in notes else None,
        )
        known = self.candidates.get(match["name"])
        record_class = ContactPointRecord if match["point"] else AuthorityRecord
        record = known.record if known else record_class(names=(Name(text=match["name"]),))
        assert isinstance(record, AuthorityRecord | ContactPointRecord)
        record = replace(
            record,
            designations=(*record.designations, _designation(match, notes, source.key)),
            sources=(*record.sources, source),
            channels=(*record.channels, *_channels(notes)),
            languages_accepted=tuple(notes.get("languages", "").split()),
            languages_accepted_as_given=notes.get("printed languages", ""),
        )
        self._candidate(match["name"], match["state"], record, notes)

    def network_point(self, match: re.Match[str]) -> None:
        record = ContactPointRecord(names=(Name(text=match["name"]),), network=match["network"])
        self._candidate(match["name"], match["state"], record, {})

    def officer(self, match: re.Match[str]) -> None:
        notes = _notes(match["notes"])
        first, _, last = notes.get("posted", "").partition(" to ")
        record = LiaisonOfficerRecord(
            names=(Name(text=match["name"]),),
            host_state=match["host"],
            covered_states=tuple(notes.get("covers", "").split()),
            cooperation_types=tuple(map(CooperationType, notes.get("types", "").split())),
            common_use="common use" in notes,
            posted_from=_day(first) if first else None,
            posted_to=_day(last) if last else None,
        )
        self._candidate(match["name"], match["state"], record, notes)

    def require(self, match: re.Match[str]) -> None:
        notes = _notes(match["notes"])
        record = RequirementsRecord(
            cooperation_type=CooperationType(match["type"]),
            languages_accepted=tuple(match["languages"].split()),
            sources=(SourceAct(key="law", kind=SourceKind.STATE_COMMUNICATION, reference="guide"),),
        )
        name = f"requirements {match['state']} {match['type']} {match['notes']}"
        self._candidate(name, match["state"], record, notes)

    def _candidate(self, name: str, state: str, record: Record, notes: dict[str, str]) -> None:
        status = EntryStatus.PUBLISHED
        for one in (EntryStatus.SUSPENDED, EntryStatus.RETIRED):
            status = one if one in notes else status
        self.candidates[name] = Candidate(
            id=name,
            state=state,
            record=record,
            status=status,
            synthetic="synthetic" in notes,
            conflict="conflict" in notes,
            open_reports=int(notes.get("reports", "0")),
            confirmed_on=_day(notes["confirmed"]) if "confirmed" in notes else None,
            changed_on=_day(notes["changed"]) if "changed" in notes else None,
            revision=int(notes.get("revision", "1")),
            as_published=notes.get("published", ""),
        )

    def speak(self, match: re.Match[str]) -> None:
        self.change_state(match["state"], languages=tuple(match["languages"].split()))

    def regional(self, match: re.Match[str]) -> None:
        self.change_state(match["state"], kind=StateKind.REGIONAL_ORGANIZATION)

    def territory(self, match: re.Match[str]) -> None:
        code = match["state"]
        one = Territory(key=match["key"], state=code, name=match["key"])
        self.change_state(code, territories=(*self.state(code).territories, one))


def _notes(text: str | None) -> dict[str, str]:
    """'scope: pre-trial; secondary' as a table."""
    parts = (part.partition(":") for part in (text or "").split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


def _designation(match: re.Match[str], notes: dict[str, str], source: str) -> Designation:
    first, _, last = notes.get("valid", "").partition(" to ")
    return Designation(
        key=source,
        cooperation_type=CooperationType(match["type"]),
        instrument=match["code"] or "",
        article=match["article"] or "",
        territory=notes.get("territory", ""),
        scope=Scope(text=notes["scope"]) if "scope" in notes else None,
        rank=DesignationRank.SECONDARY if "secondary" in notes else DesignationRank.PRIMARY,
        function=notes.get("function", ""),
        valid_from=_day(first) if first else None,
        valid_to=_day(last) if last else None,
        status=DesignationStatus(notes.get("status", "notified")),
        source="" if "no source" in notes else source,
        superseded_by=("next",) if "superseded" in notes else (),
    )


def _channels(notes: dict[str, str]) -> tuple[Channel, ...]:
    found = []
    if "telephone" in notes:
        found.append(Channel(kind=ChannelKind.TELEPHONE, value=notes["telephone"]))
    if "night telephone" in notes:
        number, purpose = notes["night telephone"], ChannelPurpose.OUT_OF_HOURS
        found.append(Channel(kind=ChannelKind.TELEPHONE, value=number, purpose=purpose))
    if "interpol" in notes:
        found.append(Channel(kind=ChannelKind.INTERPOL, value="NCB"))
    return tuple(found)


_STATE = r"(?P<state>X\w)"
_CODE = r"(?P<code>[\w-]+)"
_SPAN = r"bound since (?P<since>[\d-]+)(?: until (?P<ended>[\d-]+))?"
_SAID = r"(?P<kind>\w+) = (?P<value>.+)"
_BASIS = rf"(?:under {_CODE}(?: (?P<article>[^\[]*[^\[ ]))?|as such)"
_NOTES = r"(?: \[(?P<notes>[^\]]*)\])?"

_GIVEN: tuple[tuple[str, Callable[[World, re.Match[str]], None]], ...] = (
    (
        rf"{_CODE} binds (?P<states>X\w(?: and X\w)?)(?: since (?P<since>[\d-]+)|, date unknown)",
        World.bind,
    ),
    (rf"{_STATE} has signed {_CODE} only", World.sign),
    (rf"{_STATE} has consented to {_CODE} on (?P<on>[\d-]+), in force unknown", World.consent),
    (
        rf"{_STATE} has denounced {_CODE}, {_SPAN}",
        World.denounce,
    ),
    (
        rf"{_STATE} declares under {_CODE} (?P<article>\S+)(?: on (?P<on>[\d-]+))?: {_SAID}",
        World.declare,
    ),
    (
        rf"(?P<point>24/7 point )?(?P<name>.+) of {_STATE}: (?P<type>\w+) {_BASIS}{_NOTES}",
        World.office,
    ),
    (rf"24/7 point (?P<name>.+) of {_STATE} in the network (?P<network>.+)", World.network_point),
    (rf"officer (?P<name>.+) of {_STATE} in (?P<host>X\w){_NOTES}", World.officer),
    (
        rf"{_STATE} requires for (?P<type>\w+): languages(?P<languages>[a-z ]*){_NOTES}",
        World.require,
    ),
    (rf"{_STATE} speaks (?P<languages>[\w -]+)", World.speak),
    (rf"{_STATE} is a regional organization", World.regional),
    (rf"{_STATE} has the territory (?P<key>[\w-]+)", World.territory),
)


def given_facts(sentences: list[str], question: Question) -> Facts:
    """The facts that the sentences give, or those of the seed data for a real pair."""
    if not question.requesting.startswith("X"):
        assert not sentences, "a real pair takes its facts from the seed data"
        return real_facts(question)
    world = World()
    for sentence in sentences:
        for pattern, build in _GIVEN:
            match = re.fullmatch(pattern, sentence)
            if match:
                build(world, match)
                break
        else:
            raise AssertionError(f"not understood: {sentence}")
    return world.facts(question)


def name_of(line: ContactLine) -> str:
    return display_name(line.candidate.record)


def names_of(lines: tuple[ContactLine, ...]) -> str:
    return " | ".join(name_of(line) for line in lines)


def said_of(answer: Answer, name: str) -> ContactLine:
    """The first line that bears the name, wherever it stands in the answer."""
    officers = tuple(line.contact for line in answer.liaison_officers)
    lines = (
        *answer.authorities,
        *answer.suspended,
        *answer.nearest,
        *answer.contact_points,
        *officers,
    )
    return next(line for line in lines if name_of(line) == name)
