"""A sealed extract in the reader's words, ready to be set on paper."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from directory.domain.answer import Answer, ContactLine, Question
from directory.domain.extracts import Checked, reference
from directory.domain.fields import RECORD_FIELDS
from directory.domain.record import Record, display_name, from_dict, part_to_dict, to_dict
from directory.domain.vocabulary import ChannelPurpose, CooperationType, EntryKind, EntryStatus
from directory.services.checkpoints import signer
from directory.web import i18n
from directory.web.context import parts
from directory.web.differences import value_text
from directory.web.formats import channel_text, clock, comma, day, listed, published_day, semicolon
from directory.web.labels import function_text, label
from directory.web.presentation import (
    instrument_title,
    isolated,
    say,
    state_name,
    territory_name,
    type_name,
)

Plain = dict[str, Any]
Rows = list[tuple[str, str]]
#: Told in sections of their own.
_APART = frozenset({"names", "channels", "addresses", "designations", "sources"})


def entry_sheet(extract: Plain, checked: Checked) -> Plain:
    """An extract of an entry as it stood."""
    said = extract["statement"]
    sections = [
        section(_("What was asked"), [*_asked(said), *_entry_rows(said)]),
        section(_("Who it was, and how it was reached"), _record_rows(_record(said))),
    ]
    if said["competent_for"]:
        rows = [designation_row(one) for one in said["competent_for"]]
        sections.append(section(_("What it was competent for that day"), rows))
    elif said["entry"]["kind"] in {EntryKind.AUTHORITY, EntryKind.CONTACT_POINT}:
        rows = [(_("None"), _("No designation held that day."))]
        sections.append(section(_("What it was competent for that day"), rows))
    if acts := said["record"].get("sources"):
        sections.append(section(_("Sources"), [_source_row(one) for one in acts]))
    name = said["entry"]["name"] or _("Requirements")
    return _sheet(extract, checked, name, sections, list(_warnings(said)))


def answer_sheet(extract: Plain, checked: Checked, answer: Answer) -> Plain:
    """An extract of an answer of the finder, its reasons in the reader's language."""
    said, question = extract["statement"], answer.question
    sections = [section(_("What was asked"), [*_asked(said), *_question_rows(question)])]
    for title, lines in _parts_of(answer):
        sections += [
            section(f"{title}: {display_name(one.candidate.record)}", _contact_rows(one))
            for one in lines
        ]
    if answer.gaps:
        sections.append(section(_("What is missing"), [("", say(one)) for one in answer.gaps]))
    kind = type_name(question.cooperation_type)
    name = f"{kind}: {state_name(question.requesting)} – {state_name(question.requested)}"
    return _sheet(extract, checked, name, sections, [])


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
    if said["confirmed_on"]:
        yield _("Confirmed on"), published_day(said["confirmed_on"])


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
    yield from ways(record)
    yield from further_rows(record, apart=_APART)


def further_rows(record: Record, *, apart: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The other fields of the record, without those that are told apart."""
    plain = to_dict(record)
    for name in RECORD_FIELDS:
        if name in plain and name not in apart:
            yield str(_(RECORD_FIELDS[name].title)), value_text(name, plain[name])


def ways(record: Record) -> Iterator[tuple[str, str]]:
    """How it was reached: a row a channel, a row an address."""
    for channel in getattr(record, "channels", ()):
        kind = str(label(channel.kind))
        if channel.purpose is not ChannelPurpose.GENERAL:
            kind = f"{kind} ({label(channel.purpose)})"
        text = " ".join(filter(None, (channel_text(channel), channel.extension)))
        yield kind, f"{isolated(text)} ({label(channel.tlp)})"
    for address in getattr(record, "addresses", ()):
        yield str(label(address.purpose)), address.text


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
    yield _("Entry"), comma().join((one.id, state_name(one.state)))
    yield _("Revision"), str(one.revision)
    yield _("Why"), " ".join(say(each) for each in line.reasons)
    if line.designation:
        yield designation_row(part_to_dict(line.designation))
    yield from ways(one.record)


def _source_row(one: Plain) -> tuple[str, str]:
    when = published_day(one["date"]) if one.get("date") else str(one.get("year") or "")
    return one["reference"], comma().join(filter(None, (when, one.get("link", ""))))


def _warnings(said: Plain) -> Iterator[str]:
    if said["entry"]["synthetic"]:
        yield _("Synthetic entry: invented for trials. Nobody answers there.")
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
