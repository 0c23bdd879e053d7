"""Step four of the finder: liaison officers in post that day (UNTOC 27(1)(d))."""

from collections.abc import Iterable

from directory.domain.answer import (
    Candidate,
    LiaisonLine,
    Question,
    Relation,
)
from directory.domain.contacts import Desk
from directory.domain.postings import is_in_post
from directory.domain.reasons import Reason
from directory.domain.record import LiaisonOfficerRecord
from directory.domain.vocabulary import EntryStatus

_RELATIONS = tuple(Relation)


def liaison_lines(
    question: Question, candidates: Iterable[Candidate], desk: Desk
) -> tuple[LiaisonLine, ...]:
    """Mine posted there or covering it, theirs posted here, and those any State may use."""
    found = []
    for candidate in candidates:
        record = candidate.record
        if isinstance(record, LiaisonOfficerRecord) and _serves(candidate, record, question):
            relation = _relation(question, candidate.state, record)
            if relation:
                found.append(_line(question, candidate, record, relation, desk))
    return tuple(sorted(found, key=_order))


def _serves(candidate: Candidate, record: LiaisonOfficerRecord, question: Question) -> bool:
    """Published, and posted on the day asked."""
    return candidate.status is EntryStatus.PUBLISHED and is_in_post(record, question.on)


def _relation(question: Question, sender: str, record: LiaisonOfficerRecord) -> Relation | None:
    if sender == question.requesting:
        return _towards(question.requested, record, Relation.MINE_THERE, Relation.MINE_COVERING)
    if sender == question.requested:
        return _towards(question.requesting, record, Relation.THEIRS_HERE, Relation.THEIRS_COVERING)
    if record.common_use:
        return _towards(question.requested, record, Relation.COMMON_USE, Relation.COMMON_USE)
    return None


def _towards(
    state: str, record: LiaisonOfficerRecord, posted: Relation, covering: Relation
) -> Relation | None:
    if record.host_state == state:
        return posted
    return covering if state in record.covered_states else None


def _line(
    question: Question,
    candidate: Candidate,
    record: LiaisonOfficerRecord,
    relation: Relation,
    desk: Desk,
) -> LiaisonLine:
    for_type = not record.cooperation_types or (
        question.cooperation_type in record.cooperation_types
    )
    params = {"state": candidate.state, "other": record.host_state}
    reasons = [Reason(f"liaison_{relation}", params, rule=_rule(relation))]
    if not for_type:
        reasons.append(Reason("liaison_other_types", {"type": question.cooperation_type}))
    return LiaisonLine(contact=desk.line(candidate, reasons), relation=relation, for_type=for_type)


def _rule(relation: Relation) -> str:
    # Decision 2003/170/JHA, article 8, lets members share officers posted in third States only, so
    # that it is no rule for each officer who is shared.
    return "" if relation is Relation.COMMON_USE else "UNTOC 27(1)(d)"


def _order(line: LiaisonLine) -> tuple[bool, bool, int, str]:
    candidate = line.contact.candidate
    place = _RELATIONS.index(line.relation)
    return candidate.synthetic, not line.for_type, place, candidate.id
