"""The counterpart finder's answer in JSON types, its reasons in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from directory.api.sources import act_form, row_form, source_form
from directory.api.wording import Wording
from directory.domain.answer import (
    Answer,
    ContactLine,
    InstrumentLine,
    LanguageLine,
    LiaisonLine,
    MissingLine,
    PartyLine,
    Question,
    Requirements,
    Source,
    Step,
    UrgentStep,
)
from directory.domain.freshness import freshness_json
from directory.domain.hours import Reachability
from directory.domain.lately import RecentChange, ReportedChannel
from directory.domain.line_tests import result_to_dict
from directory.domain.record import (
    ContactPointRecord,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    display_name,
    part_to_dict,
)

Plain = dict[str, Any]


def answer_form(answer: Answer) -> Plain:
    """The whole answer."""
    words = Wording()
    return {
        "question": _question(answer.question),
        "instruments": [_instrument(one, words) for one in answer.instruments],
        "not_on_record": [_missing(one, words) for one in answer.not_on_record],
        "authorities": [_contact(one, words) for one in answer.authorities],
        "suspended": [_contact(one, words) for one in answer.suspended],
        "nearest": [_contact(one, words) for one in answer.nearest],
        "contact_points": [_contact_point(one, words) for one in answer.contact_points],
        "urgent_steps": [_urgent_step(one, words) for one in answer.urgent_steps],
        "liaison_officers": [_liaison_officer(one, words) for one in answer.liaison_officers],
        "requirements": _requirements(answer.requirements, words),
        "gaps": words.reasons(answer.gaps),
        "steps": list(_steps(answer.steps, words)),
    }


def _question(one: Question) -> Plain:
    return {
        "requesting": one.requesting,
        "requested": one.requested,
        "type": one.cooperation_type,
        "urgent": one.urgent,
        "instrument": one.instrument or None,
        "territory": one.territory or None,
        "at": one.at.isoformat(),
    }


def _iso(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _clock(value: dt.datetime | None) -> str | None:
    """A moment in RFC 3339, which knows no seconds in offsets: those before zones are rounded."""
    if value is None:
        return None
    minutes = round((value.utcoffset() or dt.timedelta()).total_seconds() / 60)
    return value.astimezone(dt.timezone(dt.timedelta(minutes=minutes))).isoformat()


def _part(value: object) -> Plain | None:
    return part_to_dict(value) if value is not None else None


def _party(one: PartyLine) -> Plain:
    return {
        "state": one.state,
        "instrument": one.instrument,
        "since": _iso(one.since),
        "computed": one.computed,
        "source": source_form(one.source),
    }


def _instrument(one: InstrumentLine, words: Wording) -> Plain:
    return {
        "code": one.code,
        "short_title": one.instrument.short_title,
        "articles": one.articles,
        "in_force_since": _iso(one.in_force_since),
        "computed": one.computed,
        "asked": one.asked,
        "usable": one.usable,
        "notes": words.reasons(one.notes),
        "legal_bases": [part_to_dict(basis) for basis in one.legal_bases],
        "declarations": [row_form(declaration) for declaration in one.declarations],
        "parties": [_party(party) for party in one.parties],
        "source": [source_form(party.source) for party in one.parties],
    }


def _missing(one: MissingLine, words: Wording) -> Plain:
    return {
        "code": one.code,
        "short_title": one.instrument.short_title,
        "articles": one.articles,
        "asked": one.asked,
        "reasons": words.reasons(one.reasons),
        "parties": [_party(party) for party in one.parties],
        "status_url": one.instrument.status_url,
    }


def _reachable(one: Reachability) -> Plain:
    return {
        "state": one.state,
        **clocks(one),
        "closes_at": _clock(one.closes_at),
        "opens_at": _clock(one.opens_at),
        "viewer_closes_at": _clock(one.viewer_closes_at),
        "viewer_opens_at": _clock(one.viewer_opens_at),
        "hint": one.hint,
        "opens_hint": one.opens_hint,
        "zone_assumed": one.zone_assumed,
    }


def clocks(one: Reachability) -> Plain:
    """What of it goes on at every moment, while nothing opens or closes."""
    change = one.changes_in
    return {
        "local_time": _clock(one.local_time),
        "viewer_time": _clock(one.viewer_time),
        "changes_in_minutes": int(change.total_seconds()) // 60 if change else None,
    }


def _contact(line: ContactLine, words: Wording) -> Plain:
    one, reasons = line.candidate, words.reasons(line.reasons)
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "name": display_name(one.record, words.language),
        "status": one.status,
        "reason": " ".join(reason["text"] for reason in reasons),
        "reasons": reasons,
        "warnings": words.reasons(line.warnings),
        "designation": _part(line.designation),
        "other_designations": [part_to_dict(other) for other in line.others],
        **_ways(one.record),
        "freshness": freshness_json(line.freshness),
        "reachable": _reachable(line.reachability),
        "source": act_form(line.source) if line.source else None,
        "as_published": one.as_published or None,
        "synthetic": one.synthetic,
        "conflict": one.conflict,
        "line_test": result_to_dict(one.line_test) if one.line_test else None,
        "unreviewed": one.unreviewed,
        "alternative": one.alternative_id or None,
        "recent_changes": [_recent(change) for change in one.recent_changes],
        "reported_channels": [_reported(reported) for reported in one.reported_channels],
    }


def _recent(one: RecentChange) -> Plain:
    differences = [
        {
            "path": found.path,
            "field_class": found.field_class.name.lower(),
            "before": found.before,
            "after": found.after,
        }
        for found in one.differences
    ]
    return {"on": one.on.isoformat(), "differences": differences}


def _reported(one: ReportedChannel) -> Plain:
    return {"since": one.since.isoformat(), "channel": part_to_dict(one.channel)}


def _ways(record: Record) -> Plain:
    """How and when it can be reached."""
    channels = () if isinstance(record, RequirementsRecord) else record.channels
    addresses = getattr(record, "addresses", ())
    return {
        "addresses": [part_to_dict(address) for address in addresses],
        "channels": [part_to_dict(channel) for channel in channels],
        "hours": _part(getattr(record, "hours", None)),
    }


def _liaison_officer(line: LiaisonLine, words: Wording) -> Plain:
    record = line.contact.candidate.record
    posted = record if isinstance(record, LiaisonOfficerRecord) else None
    return {
        **_contact(line.contact, words),
        "relation": line.relation,
        "for_type": line.for_type,
        "host_state": posted.host_state if posted else "",
        "host_city": posted.host_city if posted else "",
    }


def _contact_point(line: ContactLine, words: Wording) -> Plain:
    record = line.candidate.record
    point = record if isinstance(record, ContactPointRecord) else None
    return {
        **_contact(line, words),
        "network": point.network if point else "",
        "tasks": point.tasks if point else (),
        "languages_night": point.languages_night if point else (),
        "formal_authority": (point.formal_authority or None) if point else None,
    }


def _urgent_step(one: UrgentStep, words: Wording) -> Plain:
    return {
        "part": one.part,
        "reason": words.reason(one.reason),
        "entry": one.entry or None,
        "channels": [part_to_dict(channel) for channel in one.channels],
        "source": source_form(one.source) if one.source else None,
        "also": one.also,
    }


def _language(one: LanguageLine, words: Wording) -> Plain:
    return {
        "codes": one.codes,
        "as_given": one.as_given,
        "reason": words.reason(one.reason),
        "source": source_form(one.source),
    }


def _requirements(one: Requirements, words: Wording) -> Plain:
    return {
        "translation": one.translation,
        "languages": [_language(line, words) for line in one.languages],
        "contents": words.reasons(one.contents),
        "time_limits": words.reasons(one.time_limits),
        "entry": one.entry.candidate.id if one.entry else None,
        "record": _part(one.record),
    }


def _steps(steps: Iterable[Step], words: Wording) -> Iterator[Plain]:
    """The steps of one line follow one another and have the same sources."""
    latest: tuple[Source, ...] = ()
    sources: list[Plain] = []
    for one in steps:
        if one.sources is not latest:
            latest, sources = one.sources, [source_form(source) for source in one.sources]
        yield {
            "part": one.part,
            "reason": words.reason(one.reason),
            "sources": sources,
            "entry": one.entry or None,
        }
