"""Synthetic entries for trials: any number, all kinds and types, several scripts, no fact in them.

Every entry depends on the seed and its own number alone, so that more of them can be made later
without changing the first.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    Designation,
    Hours,
    LiaisonOfficerRecord,
    Name,
    RequirementsRecord,
)
from directory.domain.reference import LegalBasis, State
from directory.domain.vocabulary import (
    ChannelKind,
    CooperationType,
    DesignationRank,
    DesignationStatus,
    NameForm,
    PointTask,
    Possible,
)
from directory.seeding import reserved
from directory.seeding.entries import SeedEntry
from directory.seeding.identifiers import public_id
from directory.seeding.synthetic_parts import (
    CONTENTS,
    FORMATS,
    SOURCE,
    address,
    languages,
    names,
    office_channels,
    office_hours,
    officer_channels,
    out_of_hours,
    requirements_identity,
    tongue_of,
)
from directory.seeding.wordlists import BODY_OF_TYPE

_TYPES = tuple(CooperationType)
#: Days from which designations and postings begin.
_EPOCH = dt.date(2012, 1, 1)
#: Of every twenty entries: three contact points, two liaison officers, one set of requirements.
_ROUND = 20
_POINTS = (3, 9, 15)
_OFFICERS = (6, 12)
_REQUIREMENTS = (18,)


class Generator:
    """Makes synthetic entries for these States, with instruments from these legal bases."""

    def __init__(self, states: Sequence[State], bases: Sequence[LegalBasis], seed: int) -> None:
        self._states = sorted((one for one in states if one.time_zones), key=lambda one: one.code)
        self._bases: dict[CooperationType, list[LegalBasis]] = {}
        for basis in bases:
            self._bases.setdefault(basis.cooperation_type, []).append(basis)
        self._seed = seed
        self._ids: set[str] = set()

    def entries(self, count: int) -> Iterator[SeedEntry]:
        """The first ``count`` entries."""
        return (self._entry(number) for number in range(count))

    def _entry(self, number: int) -> SeedEntry:
        place, turn = number % _ROUND, number // _ROUND
        if place in _REQUIREMENTS and turn < len(self._states) * len(_TYPES):
            return self._requirements(turn)
        # The seed of a trial, not of a secret.
        chance = random.Random(f"{self._seed}:{number}")  # nosec B311
        state = chance.choice(self._states)
        kind = _TYPES[(number + turn) % len(_TYPES)]
        record: AuthorityRecord | ContactPointRecord | LiaisonOfficerRecord
        if place in _POINTS:
            record = self._contact_point(state, kind, chance)
        elif place in _OFFICERS:
            record = self._officer(state, kind, chance)
        else:
            record = self._authority(state, kind, chance)
        identifier = self._new_id(state.code, f"synthetic:{self._seed}:{number}")
        return SeedEntry(id=identifier, state=state.code, record=record, synthetic=True)

    def _new_id(self, state: str, identity: str) -> str:
        identifier = public_id(state, identity)
        while identifier in self._ids:
            identity += "+"
            identifier = public_id(state, identity)
        self._ids.add(identifier)
        return identifier

    def _authority(
        self, state: State, kind: CooperationType, chance: random.Random
    ) -> AuthorityRecord:
        tongue = tongue_of(state, chance)
        unit, body = chance.choice(tongue.units), tongue.body(BODY_OF_TYPE[kind])
        return AuthorityRecord(
            names=names(tongue, chance, unit, body, chance.choice(tongue.districts)),
            unit=unit[0],
            ministry=body[0],
            post="Duty officer",
            addresses=(address(state, chance),),
            channels=office_channels(state, kind, chance),
            hours=office_hours(state),
            languages_accepted=languages(state, chance),
            website=reserved.website(BODY_OF_TYPE[kind], state.code),
            designations=self._designations(kind, chance),
            sources=(SOURCE,),
        )

    def _contact_point(
        self, state: State, kind: CooperationType, chance: random.Random
    ) -> ContactPointRecord:
        tongue = tongue_of(state, chance)
        unit, body = chance.choice(tongue.units), tongue.body("police")
        return ContactPointRecord(
            names=names(tongue, chance, unit, body, chance.choice(tongue.districts)),
            unit=unit[0],
            network="BUDAPEST 35" if kind is CooperationType.E_EVIDENCE else "trial network",
            tasks=tuple(task for task in PointTask if chance.random() < 0.6),
            channels=(
                *office_channels(state, kind, chance),
                out_of_hours(state, chance.randrange(999)),
            ),
            hours=Hours(zone=state.time_zones[0], round_the_clock=True, as_given="24/7"),
            languages_accepted=languages(state, chance),
            languages_night=("en",),
            designations=self._designations(kind, chance),
            sources=(SOURCE,),
        )

    def _officer(
        self, state: State, kind: CooperationType, chance: random.Random
    ) -> LiaisonOfficerRecord:
        others = [one for one in chance.sample(self._states, 4) if one.code != state.code]
        host, covered = others[0], others[1 : 1 + chance.randrange(3)]
        start = _EPOCH + dt.timedelta(days=chance.randrange(5000))
        return LiaisonOfficerRecord(
            names=(
                Name(
                    text=f"Liaison officer of {state.name()} in {host.name()}",
                    form=NameForm.TRANSLATION,
                    language="en",
                ),
            ),
            agency=tongue_of(state, chance).body("police")[0],
            host_state=host.code,
            host_city=host.capital,
            covered_states=tuple(sorted(one.code for one in covered)),
            cooperation_types=tuple(dict.fromkeys((kind, CooperationType.LAW_ENFORCEMENT))),
            themes=(chance.choice(("organized crime", "drugs", "cybercrime", "terrorism")),),
            languages_spoken=languages(state, chance),
            posted_from=start,
            posted_to=start + dt.timedelta(days=365 * chance.randint(3, 20)),
            common_use=chance.random() < 0.3,
            channels=officer_channels(state.code, host.code, chance.randrange(999)),
            sources=(SOURCE,),
        )

    def _requirements(self, turn: int) -> SeedEntry:
        """One per State and type, whatever the seed."""
        state = self._states[turn % len(self._states)]
        kind = _TYPES[sum(divmod(turn, len(self._states))) % len(_TYPES)]
        identity = requirements_identity(state.code, kind)
        chance = random.Random(identity)  # nosec B311
        record = RequirementsRecord(
            cooperation_type=kind,
            possible=chance.choice(tuple(Possible)),
            alternative="The diplomatic channel may be tried.",
            languages_accepted=languages(state, chance),
            formats=FORMATS[: chance.randint(1, 2)],
            channels_accepted=(ChannelKind.EMAIL, ChannelKind.POST, ChannelKind.DIPLOMATIC),
            contents=CONTENTS[: chance.randint(3, 6)],
            dual_criminality="Required for coercive measures.",
            time_limits=f"Answer within {chance.choice((30, 60, 90))} days.",
            costs="Ordinary costs are borne by the requested State.",
            sources=(SOURCE,),
        )
        identifier = self._new_id(state.code, identity)
        return SeedEntry(id=identifier, state=state.code, record=record, synthetic=True)

    def _designations(
        self, kind: CooperationType, chance: random.Random
    ) -> tuple[Designation, ...]:
        start = _EPOCH + dt.timedelta(days=chance.randrange(5000))
        ended = start + dt.timedelta(days=chance.randint(100, 900))
        kinds = dict.fromkeys((kind, chance.choice(_TYPES)))
        return tuple(
            self._designation(one, chance, start, None if chance.random() < 0.9 else ended)
            for one in kinds
        )

    def _designation(
        self, kind: CooperationType, chance: random.Random, start: dt.date, end: dt.date | None
    ) -> Designation:
        bases = self._bases.get(kind, [])
        basis = chance.choice(bases) if bases else None
        return Designation(
            key=f"synthetic:{kind}",
            cooperation_type=kind,
            instrument=basis.instrument if basis else "",
            article=basis.article if basis else "",
            rank=chance.choice(tuple(DesignationRank)),
            valid_from=start,
            valid_to=end,
            status=DesignationStatus.COMMUNICATED,
            source=SOURCE.key,
        )
