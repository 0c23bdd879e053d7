"""Step three of the finder: what to do when it cannot wait, and what must follow in writing."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from directory.domain.answer import (
    Candidate,
    ContactLine,
    InstrumentLine,
    Question,
    Source,
    UrgentPart,
    UrgentStep,
)
from directory.domain.contacts import Desk
from directory.domain.escalation import (
    Contacts,
    escalation,
    interpol_steps,
    silent_contacts,
    suspended_points,
)
from directory.domain.ranking import Ranking, is_open, territory_reasons
from directory.domain.reasons import Reason
from directory.domain.record import ContactPointRecord, Designation, Record
from directory.domain.reference import Declaration
from directory.domain.vocabulary import CooperationType, DeclarationKind

_MLA, _EVIDENCE, _ARREST = (
    CooperationType.MLA,
    CooperationType.E_EVIDENCE,
    CooperationType.PROVISIONAL_ARREST,
)
#: Types whose requests travel by the articles on mutual legal assistance.
_LIKE_MLA = frozenset({_MLA, CooperationType.ASSET_RECOVERY})

_FIRST, _CHANNEL, _FOLLOW = UrgentPart.FIRST, UrgentPart.CHANNEL, UrgentPart.FOLLOW

#: What a treaty itself says of urgency: (instrument, type) -> what it is, its reason and rule.
_TREATY_STEPS: dict[tuple[str, CooperationType], tuple[tuple[UrgentPart, Reason], ...]] = {
    ("UNTOC", _MLA): (
        (_CHANNEL, Reason("interpol_if_agreed", rule="UNTOC 18(13)")),
        (_FIRST, Reason("oral_if_agreed", rule="UNTOC 18(14)")),
        (_FOLLOW, Reason("writing_after_oral", rule="UNTOC 18(14)")),
    ),
    ("UNCAC", _MLA): (
        (_CHANNEL, Reason("interpol_if_agreed", rule="UNCAC 46(13)")),
        (_FIRST, Reason("oral_if_agreed", rule="UNCAC 46(14)")),
        (_FOLLOW, Reason("writing_after_oral", rule="UNCAC 46(14)")),
    ),
    ("DRUGS-1988", _MLA): (
        (_CHANNEL, Reason("interpol_if_agreed", rule="DRUGS-1988 7(8)")),
        (_FIRST, Reason("oral_if_agreed", rule="DRUGS-1988 7(9)")),
        (_FOLLOW, Reason("writing_after_oral", rule="DRUGS-1988 7(9)")),
    ),
    ("BUDAPEST", _MLA): (
        (_FIRST, Reason("expedited_means", rule="BUDAPEST 25(3)")),
        (_FOLLOW, Reason("formal_confirmation", rule="BUDAPEST 25(3)")),
        (_CHANNEL, Reason("direct_with_copy", rule="BUDAPEST 27(9)(a)")),
        (_CHANNEL, Reason("interpol_by_treaty", rule="BUDAPEST 27(9)(b)")),
    ),
    ("BUDAPEST", _EVIDENCE): (
        (_FIRST, Reason("preserve_first", rule="BUDAPEST 29(1)")),
        (_FOLLOW, Reason("preserved_until", rule="BUDAPEST 29(7)")),
        (_FOLLOW, Reason("formal_request_follows", rule="BUDAPEST 35(2)")),
    ),
    ("ETS-030", _MLA): (
        (_CHANNEL, Reason("direct_between_courts", rule="ETS-030 15(2)")),
        (_CHANNEL, Reason("interpol_by_treaty", rule="ETS-030 15(5)")),
    ),
    ("ETS-024", _ARREST): (
        (_CHANNEL, Reason("arrest_interpol", rule="ETS-024 16(3)")),
        (_FOLLOW, Reason("arrest_request_follows", rule="ETS-024 16(4)")),
    ),
    ("UNTOC", _ARREST): ((_FIRST, Reason("arrest_on_request", rule="UNTOC 16(9)")),),
    ("UNCAC", _ARREST): ((_FIRST, Reason("arrest_on_request", rule="UNCAC 44(10)")),),
}

#: What Budapest 27(9) says holds only where no other treaty applies, or the States agree (27(1)).
_WHERE_AGREED = {
    "direct_with_copy": "direct_with_copy_if_agreed",
    "interpol_by_treaty": "interpol_where_applied",
}
_STEPS_BACK = frozenset({"treaty_first", "treaty_first_or_better"})
_INTERPOL_BY_TREATY = frozenset({"interpol_by_treaty", "arrest_interpol"})
#: Preserved data are kept for at least so long (Budapest 29(7)).
PRESERVED = dt.timedelta(days=60)
_PARTS = tuple(UrgentPart)


def point_lines(
    question: Question, ranking: Ranking, candidates: list[Candidate], desk: Desk
) -> tuple[ContactLine, ...]:
    """The 24/7 points: those designated for the type and, when it presses, the State's others."""
    lines = desk.lines(ranking, candidates)
    if not question.is_pressing:
        return lines
    named = {line.candidate.id for line in lines}
    others = sorted(candidates, key=lambda one: (one.synthetic, one.id))
    return lines + tuple(
        desk.line(candidate, reasons)
        for candidate in others
        if candidate.id not in named and (reasons := _other_point(question, candidate.record))
    )


def _other_point(question: Question, record: Record) -> tuple[Reason, ...]:
    """A point for other types may still help when it presses; ended, it says nothing."""
    named = record.designations if isinstance(record, ContactPointRecord) else ()
    if isinstance(record, ContactPointRecord) and not named:
        return (Reason("point_of_network", {"network": record.network}),)
    found = [one for one in named if is_open(question, one)]
    found.sort(key=lambda one: one.territory != question.territory)
    return tuple(reason for one in found[:1] for reason in _for_other_type(question, one))


def _for_other_type(question: Question, designation: Designation) -> tuple[Reason, ...]:
    params = {"type": designation.cooperation_type, "wanted": question.cooperation_type}
    return Reason("point_of_other_type", params), *territory_reasons(question, designation)


def urgent_steps(
    question: Question,
    instruments: Iterable[InstrumentLine],
    contacts: Contacts,
) -> tuple[UrgentStep, ...]:
    """In the order in which to try them, by part; empty when the question does not press."""
    if not question.is_pressing:
        return ()
    instruments = tuple(instruments)
    declared = tuple(_declared(instruments))
    refusing = {
        step.reason.params["instrument"]
        for step in declared
        if step.reason.code == "interpol_refused"
    }
    steps = (
        *escalation(contacts),
        *suspended_points(contacts),
        *silent_contacts(contacts),
        *interpol_steps(contacts),
        *declared,
        *_by_treaty(question, instruments, refusing, contacts),
        *_without_treaty(question, instruments, contacts),
    )
    return tuple(sorted(steps, key=lambda step: _PARTS.index(step.part)))


def _declared(instruments: Iterable[InstrumentLine]) -> Iterator[UrgentStep]:
    for line in instruments:
        for declaration in line.declarations:
            code = _declared_code(declaration)
            if code:
                params = {"instrument": line.code, "value": declaration.value}
                rule = f"{line.code} {declaration.article}"
                yield UrgentStep(
                    part=_CHANNEL,
                    reason=Reason(code, params, rule=rule),
                    source=Source(reference=declaration.source),
                )


def _declared_code(declaration: Declaration) -> str:
    """The seed data name the part of the State that a declaration is for in brackets at its end."""
    if declaration.kind is DeclarationKind.URGENT_CHANNEL:
        return "urgent_channel_declared"
    if declaration.kind is not DeclarationKind.INTERPOL_CHANNEL:
        return ""
    if "not admitted" in declaration.value:
        return "interpol_refused"
    is_for_part = declaration.value.endswith("]")
    return "interpol_accepted_in_part" if is_for_part else "interpol_accepted"


def _by_treaty(
    question: Question,
    instruments: Iterable[InstrumentLine],
    refusing: set[object],
    contacts: Contacts,
) -> Iterator[UrgentStep]:
    kind = question.cooperation_type
    wanted = _MLA if kind in _LIKE_MLA else kind
    for line in instruments:
        source = Source(reference=line.instrument.title, link=line.instrument.text_url)
        for part, reason in _TREATY_STEPS.get((line.code, wanted), ()):
            if reason.code in _INTERPOL_BY_TREATY and line.code in refusing:
                continue
            entry = ""
            if reason.code == "formal_request_follows":
                entry = _formal_request(contacts)
            told = _dated(_conditional(reason, line), question)
            yield UrgentStep(part=part, reason=told, source=source, entry=entry)


def _conditional(reason: Reason, line: InstrumentLine) -> Reason:
    """With its condition, where another treaty between the two States comes first."""
    steps_back = any(note.code in _STEPS_BACK for note in line.notes)
    if line.code != "BUDAPEST" or not steps_back:
        return reason
    return replace(reason, code=_WHERE_AGREED.get(reason.code, reason.code))


def _dated(reason: Reason, question: Question) -> Reason:
    """With the day until which data preserved today are kept."""
    if reason.code != "preserved_until":
        return reason
    return replace(reason, params={"date": question.on + PRESERVED})


def _without_treaty(
    question: Question,
    instruments: Iterable[InstrumentLine],
    contacts: Contacts,
) -> Iterator[UrgentStep]:
    """Data are lost while treaties are looked up: preservation comes first all the same."""
    is_bound = any(line.code == "BUDAPEST" for line in instruments)
    if is_bound or question.cooperation_type is not _EVIDENCE:
        return
    yield UrgentStep(part=_FIRST, reason=Reason("preserve_without_treaty"))
    entry = _formal_request(contacts)
    if entry:
        yield UrgentStep(part=_FOLLOW, reason=Reason("formal_request_to"), entry=entry)


def _formal_request(contacts: Contacts) -> str:
    """The entry to which the request for the evidence itself goes (Budapest 35(2)(b)), or ''.

    The one that a point names, else the first authority of the answer.
    """
    named = (
        line.candidate.record.formal_authority
        for line in contacts.points
        if isinstance(line.candidate.record, ContactPointRecord)
    )
    found = (line.candidate.id for line in (*contacts.authorities, *contacts.nearest))
    return next((one for one in (*named, *found) if one), "")
