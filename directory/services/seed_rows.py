"""The reference records of the seed data as rows of the tables."""

from collections.abc import Iterable
from typing import Any

from directory.db.base import Base
from directory.models import reference as tables
from directory.seeding.folder import Seed
from directory.seeding.states import StateName

Row = dict[str, Any]

#: What makes an official name of a State itself: a corrected one replaces the old.
_OFFICIAL_NAME = ("state_code", "language", "form")
_ALIAS = ("state_code", "language", "form", "text")


def reference_rows(data: Seed) -> Iterable[tuple[type[Base], tuple[str, ...], list[Row]]]:
    """Table, natural key and rows, parents first."""
    by_state = ("state_code", "instrument_code")
    yield tables.State, ("code",), _states(data)
    yield tables.StateName, _OFFICIAL_NAME, _official_names(data)
    yield tables.StateName, _ALIAS, _aliases(data)
    yield tables.Territory, ("key",), _territories(data)
    yield tables.Instrument, ("code",), _instruments(data)
    yield tables.CooperationType, ("code",), _types(data)
    yield tables.LegalBasis, ("cooperation_type", "instrument_code", "article"), _bases(data)
    yield tables.Participation, by_state, _participations(data)
    yield tables.Declaration, (*by_state, "article", "kind", "value"), _declarations(data)


def _states(data: Seed) -> list[Row]:
    return [
        {
            "code": one.state.code,
            "iso3": one.iso3,
            "kind": one.state.kind,
            "regional_group": one.state.regional_group,
            "languages": list(one.state.languages),
            "time_zones": list(one.state.time_zones),
            "weekend": list(one.state.weekend),
            "calling_code": one.state.calling_code,
            "capital": one.state.capital,
            "source": one.source,
        }
        for one in data.states
    ]


def _official_names(data: Seed) -> list[Row]:
    return [_name(name) for name in data.state_names if name.official]


def _aliases(data: Seed) -> list[Row]:
    """The other names, each once, without those that repeat an official one."""
    official = {(name.state, name.text) for name in data.state_names if name.official}
    found = {
        (name.state, name.language, name.text): _name(name)
        for name in data.state_names
        if not name.official and (name.state, name.text) not in official
    }
    return list(found.values())


def _name(name: StateName) -> Row:
    return {
        "state_code": name.state,
        "language": name.language,
        "form": "official" if name.official else "alias",
        "text": name.text,
        "source": f"{name.source} ({name.kind})" if name.kind else name.source,
    }


def _territories(data: Seed) -> list[Row]:
    return [
        {
            "key": one.territory.key,
            "state_code": one.territory.state,
            "name": one.territory.name,
            "names": one.territory.names,
            "aliases": list(one.aliases),
        }
        for one in data.territories
    ]


def _instruments(data: Seed) -> list[Row]:
    conventions_first = sorted(data.instruments, key=lambda one: bool(one.parent))
    return [
        {
            "code": one.code,
            "short_title": one.short_title,
            "title": one.title,
            "place": one.place,
            "adopted": one.adopted,
            "entry_into_force": one.entry_into_force,
            "depositary": one.depositary,
            "number": one.number,
            "text_url": one.text_url,
            "status_url": one.status_url,
            "parent_code": one.parent or None,
            "entry_into_force_rule": one.entry_into_force_rule,
            "short_titles": one.short_titles,
            "titles": one.titles,
        }
        for one in conventions_first
    ]


def _types(data: Seed) -> list[Row]:
    return [
        {
            "code": one.code,
            "position": position,
            "names": one.names,
            "synonyms": list(dict.fromkeys(term for _language, term in one.terms)),
        }
        for position, one in enumerate(data.types, start=1)
    ]


def _bases(data: Seed) -> list[Row]:
    return [
        {
            "cooperation_type": one.cooperation_type,
            "instrument_code": one.instrument,
            "article": one.article,
            "must_designate": one.must_designate,
            "notify": one.notify,
            "time_limit": one.time_limit,
            "keep_current": one.keep_current,
            "note": one.note,
        }
        for one in data.legal_bases
    ]


def _participations(data: Seed) -> list[Row]:
    return [
        {
            "state_code": one.state,
            "instrument_code": one.instrument,
            "status": one.status,
            "signature": one.signature,
            "consent": one.consent,
            "action": one.action,
            "entry_into_force": one.entry_into_force,
            "computed": one.computed,
            "ended": one.ended,
            "source": one.source,
            "source_copy": one.source_copy,
            "note": one.note,
        }
        for one in data.participations
    ]


def _declarations(data: Seed) -> list[Row]:
    return [
        {
            "state_code": one.state,
            "instrument_code": one.instrument,
            "article": one.article,
            "kind": one.kind,
            "value": one.value,
            "date": one.date,
            "source": one.source,
        }
        for one in data.declarations
    ]
