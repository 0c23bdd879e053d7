"""Step three of the finder: what to do when it cannot wait, and what must follow in writing."""

from collections.abc import Iterable, Iterator

from directory.domain.answer import (
    Candidate,
    ContactLine,
    InstrumentLine,
    Question,
    Source,
    UrgentStep,
)
from directory.domain.contacts import Desk
from directory.domain.ranking import Ranking
from directory.domain.reasons import Reason
from directory.domain.record import Channel, ContactPointRecord, Record, RequirementsRecord
from directory.domain.reference import Declaration
from directory.domain.validity import is_valid
from directory.domain.vocabulary import (
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    DeclarationKind,
)

_MLA, _EVIDENCE, _ARREST = (
    CooperationType.MLA,
    CooperationType.E_EVIDENCE,
    CooperationType.PROVISIONAL_ARREST,
)
#: Types whose requests travel by the articles on mutual legal assistance.
_LIKE_MLA = frozenset({_MLA, CooperationType.ASSET_RECOVERY})

#: What a treaty itself says of urgency: (instrument, type) -> reasons with their rules, in order.
_TREATY_STEPS: dict[tuple[str, CooperationType], tuple[Reason, ...]] = {
    ("UNTOC", _MLA): (
        Reason("interpol_if_agreed", rule="UNTOC 18(13)"),
        Reason("oral_then_writing", rule="UNTOC 18(14)"),
    ),
    ("UNCAC", _MLA): (
        Reason("interpol_if_agreed", rule="UNCAC 46(13)"),
        Reason("oral_then_writing", rule="UNCAC 46(14)"),
    ),
    ("DRUGS-1988", _MLA): (
        Reason("interpol_if_agreed", rule="DRUGS-1988 7(8)"),
        Reason("oral_then_writing", rule="DRUGS-1988 7(9)"),
    ),
    ("BUDAPEST", _MLA): (
        Reason("expedited_means", rule="BUDAPEST 25(3)"),
        Reason("direct_with_copy", rule="BUDAPEST 27(9)(a)"),
        Reason("interpol_by_treaty", rule="BUDAPEST 27(9)(b)"),
    ),
    ("BUDAPEST", _EVIDENCE): (
        Reason("preserve_first", rule="BUDAPEST 29(1)"),
        Reason("preserved_sixty_days", rule="BUDAPEST 29(7)"),
        Reason("formal_request_follows", rule="BUDAPEST 35(2)"),
    ),
    ("ETS-030", _MLA): (
        Reason("direct_between_courts", rule="ETS-030 15(2)"),
        Reason("interpol_by_treaty", rule="ETS-030 15(5)"),
    ),
    ("ETS-024", _ARREST): (
        Reason("arrest_interpol", rule="ETS-024 16(3)"),
        Reason("arrest_request_follows", rule="ETS-024 16(4)"),
    ),
    ("UNTOC", _ARREST): (Reason("arrest_on_request", rule="UNTOC 16(9)"),),
    ("UNCAC", _ARREST): (Reason("arrest_on_request", rule="UNCAC 44(10)"),),
}

_INTERPOL_BY_TREATY = frozenset({"interpol_by_treaty", "arrest_interpol"})
_URGENT_PURPOSES = frozenset({ChannelPurpose.URGENT, ChannelPurpose.OUT_OF_HOURS})


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
    types = [one.cooperation_type for one in named if is_valid(one, question.on)]
    wanted = question.cooperation_type
    return tuple(
        Reason("point_of_other_type", {"type": kind, "wanted": wanted}) for kind in types[:1]
    )


def urgent_steps(
    question: Question,
    instruments: Iterable[InstrumentLine],
    points: Iterable[ContactLine],
    authorities: Iterable[ContactLine],
) -> tuple[UrgentStep, ...]:
    """In the order in which to try them; empty when the question does not press."""
    if not question.is_pressing:
        return ()
    instruments = tuple(instruments)
    contacts = (*points, *authorities)
    refused = [step for step in _declared(instruments) if step.reason.code == "interpol_refused"]
    refusing = {step.reason.params["instrument"] for step in refused}
    return (
        *(_call(line) for line in contacts if line.candidate.record.kind == "contact_point"),
        *(step for line in contacts for step in _channels(line)),
        *_declared(instruments),
        *_by_treaty(question, instruments, refusing),
    )


def _call(line: ContactLine) -> UrgentStep:
    rule = "BUDAPEST 35(1)" if _is_budapest_point(line) else ""
    return UrgentStep(
        reason=Reason("call_point", rule=rule),
        entry=line.candidate.id,
        source=Source(reference=line.source.reference) if line.source else None,
    )


def _is_budapest_point(line: ContactLine) -> bool:
    return bool(line.designation and line.designation.instrument == "BUDAPEST")


def _channels(line: ContactLine) -> Iterator[UrgentStep]:
    record = line.candidate.record
    channels = () if isinstance(record, RequirementsRecord) else record.channels
    for channel in channels:
        code = _channel_code(channel)
        if code:
            yield UrgentStep(reason=Reason(code), entry=line.candidate.id, channel=channel)


def _channel_code(channel: Channel) -> str:
    if channel.kind is ChannelKind.INTERPOL:
        return "interpol_channel"
    return "urgent_channel" if channel.purpose in _URGENT_PURPOSES else ""


def _declared(instruments: Iterable[InstrumentLine]) -> Iterator[UrgentStep]:
    for line in instruments:
        for declaration in line.declarations:
            code = _declared_code(declaration)
            if code:
                params = {"instrument": line.code, "value": declaration.value}
                rule = f"{line.code} {declaration.article}"
                yield UrgentStep(
                    reason=Reason(code, params, rule=rule),
                    source=Source(reference=declaration.source),
                )


def _declared_code(declaration: Declaration) -> str:
    if declaration.kind is DeclarationKind.URGENT_CHANNEL:
        return "urgent_channel_declared"
    if declaration.kind is not DeclarationKind.INTERPOL_CHANNEL:
        return ""
    is_refusal = "not admitted" in declaration.value
    return "interpol_refused" if is_refusal else "interpol_accepted"


def _by_treaty(
    question: Question, instruments: Iterable[InstrumentLine], refusing: set[object]
) -> Iterator[UrgentStep]:
    kind = question.cooperation_type
    wanted = _MLA if kind in _LIKE_MLA else kind
    for line in instruments:
        for reason in _TREATY_STEPS.get((line.code, wanted), ()):
            if reason.code in _INTERPOL_BY_TREATY and line.code in refusing:
                continue
            source = Source(reference=line.instrument.title, link=line.instrument.text_url)
            yield UrgentStep(reason=reason, source=source)
