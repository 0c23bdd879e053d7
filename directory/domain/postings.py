"""Liaison officers seen from one State: mine abroad, those posted here, those I may use elsewhere.

Sources: UNTOC 27(1)(d); use by other States as EU Decision 2003/170/JHA lets it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from directory.domain.answer import Relation
from directory.domain.freshness import FreshnessView
from directory.domain.record import LiaisonOfficerRecord
from directory.domain.vocabulary import CooperationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """An officer as one actor may see the entry; ``sender`` is the State that sent the officer."""

    id: str
    sender: str
    record: LiaisonOfficerRecord
    freshness: FreshnessView
    synthetic: bool = False


def is_in_post(record: LiaisonOfficerRecord, on: dt.date) -> bool:
    """Posted on that day? An open end goes on."""
    has_begun = record.posted_from is None or record.posted_from <= on
    return has_begun and (record.posted_to is None or on <= record.posted_to)


def is_for(record: LiaisonOfficerRecord, kind: CooperationType | None) -> bool:
    """Does the officer deal with the type? Who lists none deals with all."""
    return kind is None or not record.cooperation_types or kind in record.cooperation_types


def relations(mine: str, posting: Posting) -> Iterator[tuple[str, Relation]]:
    """(other State, how the officer stands between it and mine), each other State once."""
    record = posting.record
    covered = [state for state in record.covered_states if state != record.host_state]
    if posting.sender == mine:
        yield record.host_state, Relation.MINE_THERE
        yield from ((state, Relation.MINE_COVERING) for state in covered)
        return
    if record.host_state == mine:
        yield posting.sender, Relation.THEIRS_HERE
    elif mine in covered:
        yield posting.sender, Relation.THEIRS_COVERING
    if record.common_use:
        others = (record.host_state, *covered)
        yield from (
            (state, Relation.COMMON_USE) for state in others if state not in {mine, posting.sender}
        )


def towards(mine: str, other: str, posting: Posting) -> Relation | None:
    """How the officer stands between the two States; None where not at all."""
    return dict(relations(mine, posting)).get(other)


def by_state(mine: str, postings: Iterable[Posting]) -> Mapping[str, Mapping[Relation, int]]:
    """Other State -> how many officers stand how towards it: the matrix."""
    counted: dict[str, Counter[Relation]] = {}
    for posting in postings:
        for other, relation in relations(mine, posting):
            counted.setdefault(other, Counter())[relation] += 1
    return counted
