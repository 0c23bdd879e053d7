"""The whole seed folder, read strictly: everything fits together, or nothing is used."""

from dataclasses import dataclass
from pathlib import Path

from directory.domain.reference import Declaration, Instrument, LegalBasis, Participation
from directory.seeding.entry_into_force import with_entry_into_force
from directory.seeding.problems import Problems
from directory.seeding.rows import DesignationRow, read_designations, read_same_authority
from directory.seeding.states import (
    SeedState,
    SeedTerritory,
    StateName,
    TypeNames,
    read_states,
    read_territories,
    read_types,
    with_names,
    with_territories,
)
from directory.seeding.treaties import (
    Known,
    read_declarations,
    read_instruments,
    read_legal_bases,
    read_participations,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """All records of the seed folder; keys in one part exist in the others."""

    states: tuple[SeedState, ...]
    state_names: tuple[StateName, ...]
    territories: tuple[SeedTerritory, ...]
    types: tuple[TypeNames, ...]
    instruments: tuple[Instrument, ...]
    participations: tuple[Participation, ...]
    declarations: tuple[Declaration, ...]
    legal_bases: tuple[LegalBasis, ...]
    designations: tuple[DesignationRow, ...]
    #: Pairs of row ids that name one authority in different words.
    same_authority: tuple[tuple[str, str], ...]


def read_seed(folder: Path) -> Seed:
    """Read every file; raises ``SeedRefused`` with all problems found."""
    problems = Problems()
    territories = read_territories(folder, problems)
    states, names = read_states(folder, territories, problems)
    types = read_types(folder, problems)
    instruments = read_instruments(folder, problems)
    # References are checked only when the files they point to are sound: each row of theirs would
    # be one more problem, and the one that matters lost among them.
    problems.refuse_if_any()
    known = Known(
        frozenset(one.state.code for one in states), frozenset(one.code for one in instruments)
    )
    territories = with_names(territories, folder, problems)
    states = [with_territories(one, territories) for one in states]
    participations = read_participations(folder, known, problems)
    declarations = read_declarations(folder, known, problems)
    bases = read_legal_bases(folder, known, problems)
    rows = read_designations(folder, known, problems)
    problems.refuse_if_any()
    same = read_same_authority(folder, {row.id for row in rows}, problems)
    problems.refuse_if_any()
    by_code = {instrument.code: instrument for instrument in instruments}
    return Seed(
        states=tuple(states),
        state_names=tuple(names),
        territories=tuple(territories),
        types=tuple(types),
        instruments=tuple(instruments),
        participations=tuple(
            with_entry_into_force(one, by_code[one.instrument]) for one in participations
        ),
        declarations=tuple(declarations),
        legal_bases=tuple(bases),
        designations=tuple(rows),
        same_authority=tuple(same),
    )
