"""A sealed extract in the reader's words, ready to be set on paper."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from directory.domain.answer import (
    Answer,
    ContactLine,
    InstrumentLine,
    PartyLine,
    Question,
    Requirements,
)
from directory.domain.caveats import Caveats, caveats, standing
from directory.domain.extracts import Checked, reference
from directory.domain.fields import RECORD_FIELDS
from directory.domain.freshness import freshness
from directory.domain.record import (
    Record,
    SourceAct,
    display_name,
    from_dict,
    part_to_dict,
    to_dict,
)
from directory.domain.vocabulary import ChannelPurpose, CooperationType, EntryKind, EntryStatus
from directory.services.checkpoints import signer
from directory.web import i18n
from directory.web.caveats import (
    Rows,
    caveat_rows,
    source_rows,
    source_text,
    warning_texts,
    way_text,
)
from directory.web.context import parts
from directory.web.differences import value_text
from directory.web.formats import (
    clock,
    colon,
    comma,
    day,
    listed,
    published_day,
    semicolon,
)
from directory.web.labels import channel_warning, function_text, label
from directory.web.presentation import (
    by_rule,
    instrument_title,
    isolated,
    languages_text,
    rule_text,
    say,
    several_sources,
    state_name,
    territory_name,
    type_name,
)

Plain = dict[str, Any]
_NONE: Mapping[str, SourceAct] = MappingProxyType({})
#: Told in sections of their own.
_APART = frozenset({"names", "channels", "addresses", "designations", "sources"})


def entry_sheet(extract: Plain, checked: Checked) -> Plain:
    """An extract of an entry as it stood."""
    said = extract["statement"]
    record = _record(said)
    found = _caveats(said, record)
    sections = [
        section(_("What was asked"), [*_asked(said), *_entry_rows(said)]),
        section(_("Who it was, and how it was reached"), _record_rows(record)),
    ]
    if said["competent_for"]:
        rows = [designation_row(one) for one in said["competent_for"]]
        sections.append(section(_("What it was competent for that day"), rows))
    elif said["entry"]["kind"] in {EntryKind.AUTHORITY, EntryKind.CONTACT_POINT}:
        rows = [(_("None"), _("No designation held that day."))]
        sections.append(section(_("What it was competent for that day"), rows))
    sections.append(section(_("Where it is from"), caveat_rows(found)))
    name = said["entry"]["name"] or _("Requirements")
    return _sheet(extract, checked, name, sections, list(_warnings(said, found)))


def answer_sheet(extract: Plain, checked: Checked, answer: Answer) -> Plain:
    """An extract of an answer of the finder, its reasons in the reader's language."""
    said, question = extract["statement"], answer.question
    sections = [section(_("What was asked"), [*_asked(said), *_question_rows(question)])]
    sections.append(treaties_section(answer))
    for title, lines in _parts_of(answer):
        sections += [section(_line_title(title, one), _contact_rows(one)) for one in lines]
    sections.append(_requirements_section(answer))
    if answer.gaps:
        sections.append(section(_("What is missing"), [("", say(one)) for one in answer.gaps]))
    kind = type_name(question.cooperation_type)
    name = f"{kind}: {state_name(question.requesting)} – {state_name(question.requested)}"
    return _sheet(extract, checked, name, sections, list(_answer_warnings(answer)))


def _requirements_section(answer: Answer) -> Plain:
    """What the State asked, and the treaties, want of the request."""
    title = _("What %(state)s requires", state=state_name(answer.question.requested))
    return section(title, _requirement_rows(answer.requirements))


def _requirement_rows(wanted: Requirements) -> Iterator[tuple[str, str]]:
    for line in wanted.languages:
        accepted = languages_text(line.codes) if line.codes else isolated(line.as_given)
        said = semicolon().join((accepted, say(line.reason), line.source.reference))
        yield _("Languages"), said
    if wanted.entry and wanted.record:
        yield _("Entry"), wanted.entry.candidate.id
        yield from further_rows(wanted.record, apart=_APART)
        fresh, published = wanted.entry.freshness, wanted.entry.candidate.as_published
        yield _("Freshness"), say(standing(fresh, published))
        yield from source_rows(wanted.record.sources)
    yield from ((_("Time limits"), say(one)) for one in wanted.time_limits)
    for rule, contents in by_rule(wanted.contents):
        yield rule_text(rule), "\n".join(say(one) for one in contents)


def _answer_warnings(answer: Answer) -> Iterator[str]:
    lines = (line for _title, lines in _parts_of(answer) for line in lines)
    if any(line.candidate.synthetic for line in lines):
        yield _("Some entries here are synthetic: invented for trials. Nobody answers there.")


def _line_title(title: str, line: ContactLine) -> str:
    named = f"{title}{colon()}{display_name(line.candidate.record)}"
    return f"{named} ({_('Synthetic')})" if line.candidate.synthetic else named


def treaties_section(answer: Answer) -> Plain:
    """What is in force between the two States that day, and where that was read."""
    asked = answer.question
    title = _(
        "In force between %(one)s and %(other)s",
        one=state_name(asked.requesting),
        other=state_name(asked.requested),
    )
    none = [("", _("No instrument on record that covers this is in force between the two."))]
    rows = [(instrument_title(one.code), _treaty_text(one)) for one in answer.instruments]
    others = [one.reason for one in answer.steps if one.reason.code == "other_treaties"]
    return section(title, [*(rows or none), *(("", say(one)) for one in others)])


def _treaty_text(line: InstrumentLine) -> str:
    return "\n".join(filter(None, _treaty_lines(line)))


def _treaty_lines(line: InstrumentLine) -> Iterator[str]:
    if line.articles:
        yield _("article %(articles)s", articles=listed(line.articles))
    yield _since_text(line)
    yield from (say(one) for one in line.notes)
    yield from (_party_text(one) for one in line.parties)


def _since_text(line: InstrumentLine) -> str:
    if line.in_force_since is None:
        return str(_("Binds both; since when is not on record"))
    said = str(_("In force between both since %(day)s", day=day(line.in_force_since)))
    return f"{said} ({_('computed')})" if line.computed else said


def _party_text(party: PartyLine) -> str:
    """'Romania: since 4 Dec 2002; UN Treaty Collection (copy of 3 Mar 2026)'."""
    since = _("since %(day)s", day=day(party.since)) if party.since else _("date not on record")
    computed = f" ({_('computed')})" if party.computed else ""
    source = party.source
    copy = f" ({_('copy of %(date)s', date=published_day(source.copy))})" if source.copy else ""
    whose = comma().join((state_name(party.state), instrument_title(party.instrument)))
    return f"{whose}{colon()}{since}{computed}{semicolon()}{source.reference}{copy}"


def _parts_of(answer: Answer) -> Iterator[tuple[str, Iterable[ContactLine]]]:
    yield _("Address"), answer.authorities
    yield _("24/7 contact points"), answer.contact_points
    yield _("Liaison officers"), (one.contact for one in answer.liaison_officers)
    yield _("Nearest, but not designated for this"), answer.nearest
    yield _("Suspended"), answer.suspended


def _sheet(
    extract: Plain, checked: Checked, name: str, sections: list[Plain], warnings: list[str]
) -> Plain:
    said, fingerprint = extract["statement"], checked.seal.digest.hex()
    sections = [*sections, section(_("Seal"), _seal_rows(checked, said))]
    return {
        "title": _("Sealed extract"),
        "name": name,
        "lead": _(
            "What the directory had on record as of %(day)s, for the case file.",
            day=published_day(said["as_of"]),
        ),
        "language": i18n.language(),
        "origin": checked.seal.origin,
        "fingerprint": fingerprint,
        "attached": _("The extract for programs, with its proof"),
        "footer": _("Sealed extract %(fingerprint)s", fingerprint=fingerprint[:16]),
        "address": seal_address(extract),
        "sections": sections,
        "warnings": warnings,
    }


def seal_address(extract: Plain) -> str:
    """Where anybody checks it."""
    word = reference(extract["seal"])
    base = parts().settings.base_url
    if base:
        return f"{base.rstrip('/')}{url_for('seal.show', word=word)}"
    return url_for("seal.show", word=word, _external=True)


def section(title: str, rows: Iterable[tuple[str, str]]) -> Plain:
    """Rows under a title; '' for none."""
    return {"title": title, "rows": list(rows)}


def moment(at: dt.datetime) -> str:
    """'23 Nov 2026, 14:05 UTC'."""
    return f"{day(at)}{comma()}{clock(at)} UTC"


def _asked(said: Plain) -> Rows:
    known = dt.datetime.fromisoformat(said["as_known"])
    return [
        (_("As of"), published_day(said["as_of"])),
        (_("By what was known"), moment(known)),
    ]


def _entry_rows(said: Plain) -> Iterator[tuple[str, str]]:
    entry = said["entry"]
    yield _("Entry"), f"{entry['id']} ({label(EntryKind(entry['kind']))})"
    yield _("State"), state_name(entry["state"])
    yield _("Status that day"), str(label(EntryStatus(entry["status"])))
    recorded = dt.datetime.fromisoformat(said["revisions"][0]["recorded_at"])
    yield _("Revision"), f"{said['revision']}{comma()}{moment(recorded)}"


def _question_rows(question: Question) -> Iterator[tuple[str, str]]:
    yield _("Requesting State"), state_name(question.requesting)
    yield _("Requested State"), state_name(question.requested)
    yield _("Kind of help"), type_name(question.cooperation_type)
    if question.instrument:
        yield _("Instrument"), instrument_title(question.instrument)
    if question.territory:
        yield _("Territory"), territory_name(question.territory)
    if question.urgent:
        yield _("Urgent"), _("yes")


def _record(said: Plain) -> Record:
    return from_dict(EntryKind(said["entry"]["kind"]), said["record"])


def _record_rows(record: Record) -> Iterator[tuple[str, str]]:
    yield from ((_("Name"), one.text) for one in getattr(record, "names", ()))
    yield from ways(record, several_sources(record))
    yield from further_rows(record, apart=_APART)


def further_rows(record: Record, *, apart: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The other fields of the record, without those that are told apart."""
    plain = to_dict(record)
    for name in RECORD_FIELDS:
        if name in plain and name not in apart:
            yield str(_(RECORD_FIELDS[name].title)), value_text(name, plain[name])


def ways(record: Record, sources: Mapping[str, SourceAct] = _NONE) -> Iterator[tuple[str, str]]:
    """How it was reached: a row a channel, a row an address, each with its own of ``sources``."""
    for channel in getattr(record, "channels", ()):
        kind = str(label(channel.kind))
        if channel.purpose is not ChannelPurpose.GENERAL:
            kind = f"{kind} ({label(channel.purpose)})"
        warning = f"\n{channel_warning(channel.warning)}" if channel.warning else ""
        where = _where(channel.source, sources)
        yield kind, f"{way_text(channel)} ({label(channel.tlp)}){warning}{where}"
    for address in getattr(record, "addresses", ()):
        yield str(label(address.purpose)), f"{address.text}{_where(address.source, sources)}"


def _where(key: str, sources: Mapping[str, SourceAct]) -> str:
    """A line of its own that names the source, whose address stands once with all sources; ''
    where everything has the same.
    """
    if key not in sources:
        return ""
    return f"\n{_('Source')}{colon()}{source_text(sources[key], is_linked=False)}"


def designation_row(one: Plain) -> tuple[str, str]:
    """A designation in JSON types: its kind of help, and under what and within which limits."""
    basis = instrument_title(one["instrument"]) if one.get("instrument") else ""
    if one.get("article"):
        basis = str(
            _("%(instrument)s, article %(article)s", instrument=basis, article=one["article"])
        )
    limits = [
        basis,
        territory_name(one["territory"]) if one.get("territory") else "",
        one.get("scope", {}).get("text", ""),
        function_text(one.get("function", "")),
        _period(one),
    ]
    return type_name(CooperationType(one["cooperation_type"])), semicolon().join(
        filter(None, limits)
    )


def _period(one: Plain) -> str:
    first, last = one.get("valid_from"), one.get("valid_to")
    if first and last:
        return str(_("%(first)s to %(last)s", first=published_day(first), last=published_day(last)))
    if first:
        return str(_("from %(first)s", first=published_day(first)))
    return str(_("until %(last)s", last=published_day(last))) if last else ""


def _contact_rows(line: ContactLine) -> Iterator[tuple[str, str]]:
    one = line.candidate
    how_far = standing(line.freshness, one.as_published)
    yield from ((_("Warning"), say(each)) for each in line.warnings if each != how_far)
    yield _("Entry"), comma().join((one.id, state_name(one.state)))
    yield _("Revision"), str(one.revision)
    yield _("Why"), " ".join(say(each) for each in line.reasons)
    sources = several_sources(one.record)
    for each in filter(None, (line.designation, *line.others)):
        kind, text = designation_row(part_to_dict(each))
        yield kind, f"{text}{_where(each.source, sources)}"
    yield from ways(one.record, sources)
    yield _("Freshness"), say(how_far)
    yield from source_rows(one.record.sources if sources or not line.source else (line.source,))


def _caveats(said: Plain, record: Record) -> Caveats:
    """Of the entry as it stood on the day of the extract."""
    entry, on = said["entry"], dt.date.fromisoformat(said["as_of"])
    confirmed = dt.date.fromisoformat(said["confirmed_on"]) if said["confirmed_on"] else None
    fresh = freshness(record.kind, confirmed, on)
    status = EntryStatus(entry["status"])
    return caveats(record, fresh, status=status, synthetic=entry["synthetic"])


def _warnings(said: Plain, found: Caveats) -> Iterator[str]:
    yield from warning_texts(found)
    if said["before_first_record"]:
        yield _("The day lies before the directory first recorded this entry.")
    if said["channels_withheld"]:
        yield _("Some channels are not for the account that asked, and are left out.")
    if said["erased"]:
        yield _("The personal data of this officer were erased.")


def _seal_rows(checked: Checked, said: Plain) -> Rows:
    seal, checkpoint = checked.seal, checked.checkpoint
    events = listed(one["sequence"] for one in said["revisions"])
    return [
        (_("Made for"), said["made_for"]),
        (_("Number"), said["serial"]),
        (_("Sealed"), moment(seal.at)),
        (_("Fingerprint (SHA-256)"), seal.digest.hex()),
        (_("Public key"), str(signer(parts().settings).verifier)),
        (
            _("Checkpoint"),
            _(
                "%(number)s, of %(size)s events, signed %(moment)s",
                number=checkpoint.number,
                size=checkpoint.size,
                moment=moment(checkpoint.at),
            ),
        ),
        (_("Root"), checkpoint.root.hex()),
        (_("Events in the change log"), events),
        (
            _("To check it"),
            _("Follow the code, or hold the attached extract against the public key."),
        ),
    ]
