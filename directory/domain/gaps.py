"""Step seven of the finder: what is not known, said plainly. Never guess silently."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from directory.domain.answer import ContactLine, Facts, Question, Requirements, Translation
from directory.domain.legal_basis_notes import comes_second
from directory.domain.reasons import Reason
from directory.domain.record import AuthorityRecord
from directory.domain.reference import State
from directory.domain.treaties import Treaties
from directory.domain.vocabulary import CooperationType, EntryKind, StateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the earlier steps found."""

    question: Question
    facts: Facts
    treaties: Treaties
    authorities: tuple[ContactLine, ...]
    points: tuple[ContactLine, ...]
    suspended: tuple[ContactLine, ...]
    nearest: tuple[ContactLine, ...]
    requirements: Requirements


def gaps(found: Found) -> tuple[Reason, ...]:
    """Every gap of the answer, the gravest first."""
    return (
        *_of_states(found.facts),
        *_of_instruments(found),
        *_of_authorities(found),
        *_of_requirements(found),
    )


def _of_states(facts: Facts) -> Iterator[Reason]:
    """A regional organization has no courts and no territory of its own to ask in."""
    for state in (facts.requesting, facts.requested):
        if state.kind is StateKind.REGIONAL_ORGANIZATION:
            yield Reason("regional_organization", {"state": state.code})


def _of_instruments(found: Found) -> Iterator[Reason]:
    treaties, asked = found.treaties, found.question.instrument
    if asked and asked not in treaties.by_code:
        is_missing = any(line.asked for line in treaties.not_on_record)
        code = "asked_not_in_force" if is_missing else "asked_does_not_cover"
        yield Reason(code, {"instrument": asked, "type": found.question.cooperation_type})
    if not treaties.in_force:
        yield Reason("no_instrument", {"type": found.question.cooperation_type})
    elif all(line.usable is False for line in treaties.in_force):
        yield Reason("no_legal_basis", {"type": found.question.cooperation_type})


def _of_authorities(found: Found) -> Iterator[Reason]:
    if found.authorities:
        yield from _of_the_best(found, found.authorities[0])
    elif any(line.designation for line in found.points):
        yield Reason("point_only", {"type": found.question.cooperation_type})
    else:
        yield from _nothing(found)
    if found.question.is_pressing and not found.points:
        yield Reason(_no_point(found), {"state": found.question.requested})


def _no_point(found: Found) -> str:
    """None on record, or none that may be called now."""
    suspended = (line.candidate.kind for line in found.suspended)
    return "points_suspended" if EntryKind.CONTACT_POINT in suspended else "no_contact_point"


def _nothing(found: Found) -> Iterator[Reason]:
    """No designation: the diplomatic channel stays open."""
    question = found.question
    yield Reason(
        "no_designation",
        {"state": question.requested, "type": question.cooperation_type, "date": question.on},
    )
    if any(line.designation for line in found.suspended):
        yield Reason("only_suspended")
    if found.nearest:
        yield Reason("nearest_shown")
    yield Reason("diplomatic_channel", rule=_diplomatic_rule(found))
    yield Reason("ask_secretariat")


#: Articles that let a State have requests for legal assistance sent through diplomatic channels.
_DIPLOMATIC_CLAUSES = {
    "UNTOC": "UNTOC 18(13)",
    "UNCAC": "UNCAC 46(13)",
    "DRUGS-1988": "DRUGS-1988 7(8)",
}


def _diplomatic_rule(found: Found) -> str:
    """The article that says so of this type and binds both States; '' where none does."""
    if found.question.cooperation_type is not CooperationType.MLA:
        return ""
    rules = (rule for code, rule in _DIPLOMATIC_CLAUSES.items() if code in found.treaties.by_code)
    return next(rules, "")


def _of_the_best(found: Found, best: ContactLine) -> Iterator[Reason]:
    codes = {reason.code for reason in best.reasons}
    for code, gap in _BEST_GAPS:
        if code in codes:
            yield Reason(gap)
    if best.candidate.synthetic:
        yield Reason("only_synthetic")
    if not has_contact_details(best):
        yield Reason("no_contact_details", {"entry": best.candidate.id})
    yield from _of_what_was_asked(found)


#: When even the first authority stands under such a reason, so do all behind it.
_BEST_GAPS = (
    ("under_instrument_not_in_force", "only_other_instruments"),
    ("under_instrument_not_in_force_whole", "only_other_instruments"),
    ("function_only", "only_other_purpose"),
    ("sends_only", "only_other_purpose"),
    ("for_territory_only", "only_for_territories"),
)


def _of_what_was_asked(found: Found) -> Iterator[Reason]:
    question = found.question
    named = [line.designation for line in found.authorities if line.designation]
    if question.instrument in found.treaties.by_code and all(
        designation.instrument != question.instrument for designation in named
    ):
        yield Reason("none_under_asked", {"instrument": question.instrument})
    yield from _of_the_treaty_first(found, {one.instrument for one in named})
    if question.territory and all(
        designation.territory != question.territory for designation in named
    ):
        yield Reason("none_for_territory", {"territory": question.territory})


def _of_the_treaty_first(found: Found, under: Collection[str]) -> Iterator[Reason]:
    """A treaty of mutual legal assistance applies, and nobody is on record under it."""
    general = found.treaties.general
    is_second = any(comes_second(found.question.cooperation_type, one, general) for one in under)
    if is_second and not general & set(under):
        yield Reason("none_under_treaty_first", {"treaties": ", ".join(sorted(general))})


def has_contact_details(line: ContactLine) -> bool:
    """Does the record give an address or any channel?"""
    record = line.candidate.record
    return isinstance(record, AuthorityRecord) and bool(record.channels or record.addresses)


def _of_requirements(found: Found) -> Iterator[Reason]:
    state: State = found.facts.requested
    if found.requirements.entry is None:
        yield Reason("no_requirements", {"state": state.code})
    if found.requirements.translation is Translation.UNKNOWN:
        yield Reason("languages_unknown", {"state": state.code})
