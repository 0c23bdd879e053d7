"""A small synthetic set that gives every page something to show, the same on every machine.

24/7 points, liaison officers and requirements: kinds of which the real sources give nothing, or
nothing but a name. Functional names, reserved numbers and domains, marked as synthetic.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from directory.domain.line_tests import LineMethod, LineOutcome, LineResult
from directory.domain.record import (
    Address,
    Channel,
    ContactPointRecord,
    Designation,
    Hours,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
)
from directory.domain.reference import State
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    DesignationStatus,
    NameForm,
    PointTask,
    Possible,
    Tlp,
)
from directory.seeding import reserved
from directory.seeding.entries import SeedEntry
from directory.seeding.identifiers import public_id
from directory.seeding.synthetic_parts import (
    CONTENTS,
    FORMATS,
    SOURCE,
    officer_channels,
    out_of_hours,
    requirements_identity,
    telephone_channel,
)

_TYPES = CooperationType


@dataclass(frozen=True, slots=True)
class _Point:
    """A 24/7 point: State, name, its language, the name romanised."""

    state: str
    original: str
    language: str
    romanised: str = ""
    #: The seeded authority that the formal request goes to (Budapest 27(2)).
    formal: str = ""
    #: Seconds after which it answered its latest line test; 0 when it was never tested.
    answered: int = 0


_POINTS = (
    _Point(
        "RO",
        "Punct de contact 24/7, criminalitate informatică",
        "ro",
        formal="RO-F18V2T",
        answered=360,
    ),
    _Point("FR", "Point de contact 24/7, cybercriminalité", "fr", formal="FR-A0JTSJ", answered=95),
    _Point(
        "JP",
        "サイバー犯罪24時間窓口",
        "ja",
        "Saiba hanzai nijuyojikan madoguchi",
        answered=40,
    ),
    _Point("DE", "24/7-Kontaktstelle Cybercrime", "de", formal="DE-PC8P6J"),
    _Point("GB", "24/7 Cybercrime Contact Point", "en", formal="GB-RMSWPT", answered=150),
    _Point("US", "24/7 Cybercrime Contact Point", "en", formal="US-2M5793"),
    _Point("BR", "Ponto de contato 24/7, cibercrime", "pt", formal="BR-WD6EZT"),
    _Point("KE", "24/7 Cybercrime Contact Point", "en"),
    _Point("EG", "نقطة اتصال الجرائم", "ar", "Nuqtat ittisal al-jaraim"),
    _Point("CN", "网络犯罪24小时联络点", "zh", "Wangluo fanzui 24 xiaoshi lianluodian"),
    _Point(
        "GR",
        "Σημείο επαφής 24/7 για το ηλεκτρονικό έγκλημα",
        "el",
        "Simeio epafis 24/7",
        formal="GR-DJ2RHW",
    ),
    _Point("AU", "24/7 Cybercrime Contact Point", "en", formal="AU-6HYPHA"),
)
#: How long before the showcase is made its points were rung.
_TESTED_BEFORE = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _Officer:
    """A posting: sending State, host, further States covered, may others use the officer."""

    sending: str
    host: str
    covered: tuple[str, ...] = ()
    common_use: bool = False
    themes: tuple[str, ...] = ("organized crime",)
    ends: dt.date = dt.date(2029, 8, 31)


_OFFICERS = (
    _Officer("FR", "RO", ("MD", "BG"), common_use=True, themes=("organized crime", "migrants")),
    _Officer("RO", "FR", ("BE", "LU")),
    _Officer("JP", "FR", ("BE", "NL"), themes=("cybercrime", "drugs")),
    _Officer("FR", "JP", ("KR",), themes=("drugs",)),
    _Officer("DE", "RO", (), common_use=True, themes=("document fraud",)),
    _Officer("IT", "RO", ("MD",), themes=("trafficking in persons",)),
    _Officer("GB", "KE", ("UG", "TZ"), themes=("drugs at sea",)),
    _Officer("US", "TH", ("LA", "KH"), themes=("drugs",)),
    _Officer("BR", "PT", (), themes=("cybercrime",)),
    _Officer("ES", "MA", (), common_use=True, themes=("migrants", "terrorism")),
    # A posting that is over: kept, and hidden from readers by itself.
    _Officer("NL", "RO", (), ends=dt.date(2024, 6, 30)),
)


#: State whose contact point keeps a line for emergencies.
BEHIND_GLASS = "RO"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requirement:
    """What differs from State to State; the rest is the same in this trial set."""

    languages: tuple[str, ...]
    possible: Possible = Possible.YES
    days: int = 60
    types: tuple[CooperationType, ...] = (_TYPES.MLA, _TYPES.EXTRADITION)


_ALL_SHOWN = (_TYPES.MLA, _TYPES.EXTRADITION, _TYPES.ASSET_RECOVERY, _TYPES.E_EVIDENCE, _TYPES.TSP)

_REQUIREMENTS: dict[str, _Requirement] = {
    "FR": _Requirement(languages=("fr",), types=_ALL_SHOWN),
    "RO": _Requirement(languages=("ro", "en", "fr"), days=45, types=_ALL_SHOWN),
    "JP": _Requirement(languages=("ja", "en"), types=_ALL_SHOWN),
    "DE": _Requirement(languages=("de",)),
    "GB": _Requirement(languages=("en",)),
    "US": _Requirement(languages=("en",), days=90),
    "BR": _Requirement(languages=("pt",), possible=Possible.PARTLY),
    "KE": _Requirement(languages=("en",)),
    "EG": _Requirement(languages=("ar", "en", "fr")),
    "CN": _Requirement(languages=("zh", "en"), possible=Possible.PARTLY, days=90),
    "GR": _Requirement(languages=("el", "en")),
    "MA": _Requirement(languages=("ar", "fr")),
}


def showcase_entries(states: Mapping[str, State]) -> list[SeedEntry]:
    """The set; ``states`` gives the names, zones and capitals of the States in it."""
    return [*_points(states), *_officers(states), *_requirements()]


def showcase_line_tests(at: dt.datetime) -> dict[str, LineResult]:
    """Entry -> how it answered, as a demonstration made at ``at`` shows it."""
    return {
        public_id(point.state, _identity(point)): LineResult(
            at=at - _TESTED_BEFORE,
            outcome=LineOutcome.ANSWERED,
            method=LineMethod.TELEPHONE,
            seconds=point.answered,
            language="en",
        )
        for point in _POINTS
        if point.answered
    }


def _identity(point: _Point) -> str:
    return f"showcase:point:{point.state}"


def _entry(state: str, identity: str, record: Record) -> SeedEntry:
    return SeedEntry(id=public_id(state, identity), state=state, record=record, synthetic=True)


def _points(states: Mapping[str, State]) -> Iterator[SeedEntry]:
    for number, point in enumerate(_POINTS):
        record = _point(point, states[point.state], number)
        yield _entry(point.state, _identity(point), record)


def _point(point: _Point, state: State, number: int) -> ContactPointRecord:
    return ContactPointRecord(
        names=tuple(_point_names(point)),
        unit="Duty desk",
        post="Duty officer",
        network="BUDAPEST 35",
        tasks=(PointTask.ADVICE, PointTask.PRESERVATION, PointTask.LEGAL_INFORMATION),
        addresses=(
            Address(
                text=f"1 Example Street, {state.capital}", city=state.capital, source=SOURCE.key
            ),
        ),
        channels=_escalation(state, number),
        hours=Hours(zone=state.time_zones[0], round_the_clock=True, as_given="24/7"),
        languages_accepted=(point.language, "en") if point.language != "en" else ("en",),
        languages_night=("en",),
        formal_authority=point.formal,
        website=reserved.website("cybercrime", state.code),
        designations=(
            Designation(
                key="showcase:e_evidence",
                cooperation_type=CooperationType.E_EVIDENCE,
                instrument="BUDAPEST",
                article="35",
                valid_from=dt.date(2020, 1, 1),
                status=DesignationStatus.OPERATIONAL,
                source=SOURCE.key,
            ),
        ),
        sources=(SOURCE,),
        note="Synthetic, for trials: do not use.",
    )


def _point_names(point: _Point) -> Iterator[Name]:
    yield Name(text=point.original, form=NameForm.ORIGINAL, language=point.language)
    if point.romanised:
        romanised = f"{point.language}-Latn"
        yield Name(text=point.romanised, form=NameForm.ROMANISED, language=romanised)
    if point.language != "en":
        english = "24/7 Cybercrime Contact Point"
        yield Name(text=english, form=NameForm.TRANSLATION, language="en")


def _escalation(state: State, number: int) -> tuple[Channel, ...]:
    """Desk first, then the duty telephone at night, then a mailbox, then INTERPOL."""
    return (
        telephone_channel(state.code, 10 + number),
        out_of_hours(state, 10 + number),
        Channel(
            kind=ChannelKind.EMAIL,
            value=reserved.email("contact24x7", "cybercrime", state.code),
            purpose=ChannelPurpose.URGENT,
            source=SOURCE.key,
        ),
        Channel(
            kind=ChannelKind.INTERPOL,
            value="INTERPOL",
            purpose=ChannelPurpose.URGENT,
            source=SOURCE.key,
        ),
        *(_behind_glass(number) if state.code == BEHIND_GLASS else ()),
    )


def _behind_glass(number: int) -> tuple[Channel, ...]:
    """The private number of the head of the desk, shown on a stated reason only."""
    return (
        Channel(
            kind=ChannelKind.MOBILE,
            value=reserved.mobile(60 + number),
            purpose=ChannelPurpose.URGENT,
            audience=Audience.BREAK_GLASS,
            tlp=Tlp.RED,
            note=reserved.NOTE,
            source=SOURCE.key,
        ),
    )


def _officers(states: Mapping[str, State]) -> Iterator[SeedEntry]:
    for number, officer in enumerate(_OFFICERS):
        record = _officer(officer, states[officer.sending], states[officer.host], number)
        identity = f"showcase:officer:{officer.sending}:{officer.host}"
        yield _entry(officer.sending, identity, record)


def _officer(officer: _Officer, sending: State, host: State, number: int) -> LiaisonOfficerRecord:
    return LiaisonOfficerRecord(
        names=(
            Name(
                text=f"Liaison officer, Embassy of {sending.name()} in {host.capital}",
                form=NameForm.TRANSLATION,
                language="en",
            ),
        ),
        agency="International police cooperation directorate",
        host_state=officer.host,
        host_city=host.capital,
        covered_states=officer.covered,
        cooperation_types=(
            CooperationType.LAW_ENFORCEMENT,
            CooperationType.JOINT_INVESTIGATION,
            CooperationType.MLA,
        ),
        themes=officer.themes,
        languages_spoken=tuple(dict.fromkeys((*sending.languages[:1], *host.languages[:1], "en"))),
        posted_from=dt.date(2022, 9, 1),
        posted_to=officer.ends,
        common_use=officer.common_use,
        channels=officer_channels(officer.sending, officer.host, 100 + number),
        sources=(SOURCE,),
        note="Synthetic, for trials: do not use.",
    )


def _requirements() -> Iterator[SeedEntry]:
    for state, requirement in _REQUIREMENTS.items():
        for kind in requirement.types:
            record = _requirement(state, requirement, kind)
            yield _entry(state, requirements_identity(state, kind), record)


def _requirement(
    state: str, requirement: _Requirement, kind: CooperationType
) -> RequirementsRecord:
    partly = requirement.possible is Possible.PARTLY
    return RequirementsRecord(
        cooperation_type=kind,
        possible=requirement.possible,
        alternative="Police-to-police exchange of information." if partly else "",
        languages_accepted=requirement.languages,
        formats=FORMATS,
        channels_accepted=(
            ChannelKind.EMAIL,
            ChannelKind.POST,
            ChannelKind.INTERPOL,
            ChannelKind.DIPLOMATIC,
        ),
        contents=CONTENTS,
        legal_requirements="The request names the offence, its penalty and the time limits.",
        dual_criminality="Required for searches, seizures and other coercive measures.",
        limits_on_use="Only for the proceedings named in the request, unless consent is given.",
        urgent_procedure="By telephone or INTERPOL first; in writing within 48 hours.",
        time_limits=f"An answer within {requirement.days} days; sooner when the request says why.",
        costs="Ordinary costs are borne by the requested State (UNTOC 18(28)).",
        links=(f"{reserved.website('justice', state)}guide",),
        sources=(SOURCE,),
        note="Synthetic, for trials: do not rely on it.",
    )
