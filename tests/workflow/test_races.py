"""Two edits of one field and two officers at the same moment: one wins, the other is told.

``WORKFLOW_RACES`` sets how often each race is run on each database (1,000 unless told).
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from directory.domain.lifecycle import ProposalState
from directory.errors import DomainError, InvalidState
from directory.services import proposals, reviews
from tests.workflow.place import WORKFLOW, Place, person, with_ministry, with_note

RACES = int(os.environ.get("WORKFLOW_RACES", "1000"))
#: The races are run in parts, so that several processes can share them.
PARTS = 4
IN_PART = max(1, RACES // PARTS)
part = pytest.mark.parametrize("part", range(PARTS))


def race(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Both at once; gives what each returned, or the refusal it met."""
    start = Barrier(2)

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


@part
def test_of_two_officers_at_once_one_wins(place: Place, part: int) -> None:
    for _ in range(IN_PART):
        proposal_id = place.submitted(with_note(f"Note {_}."))
        version = place.version(proposal_id)

        def take(who: str, id_: str = proposal_id, seen: int = version) -> Callable[[], object]:
            return lambda: place.do(reviews.take, person(who), id_, seen, place.at)

        outcome = race(take("vera"), take("victor"))
        refused = [one for one in outcome if isinstance(one, InvalidState)]
        assert len(refused) == 1
        assert refused[0].overtaken
        assert place.version(proposal_id) == version + 1
        place.do(proposals.withdraw, person("ana"), proposal_id, version + 1, place.at)


@part
def test_approval_and_withdrawal_at_once_are_one_of_them(place: Place, part: int) -> None:
    for _ in range(max(1, IN_PART // 5)):
        proposal_id = place.verified(with_ministry(f"Ministry {_}"))
        version = place.version(proposal_id)

        def approve(id_: str = proposal_id, seen: int = version) -> object:
            return place.do(reviews.approve, person("victor"), id_, seen, place.at, WORKFLOW)

        def withdraw(id_: str = proposal_id, seen: int = version) -> object:
            return place.do(proposals.withdraw, person("ana"), id_, seen, place.at)

        outcome = race(approve, withdraw)
        assert sum(isinstance(one, InvalidState) for one in outcome) == 1
        if place.state(proposal_id) is ProposalState.ON_HOLD:
            current = place.version(proposal_id)
            place.do(proposals.withdraw, person("ana"), proposal_id, current, place.at)


@part
def test_of_two_edits_of_one_field_one_is_published(place: Place, part: int) -> None:
    """Each takes the other's way at the same moment; the loser is superseded, nothing is mixed."""
    for number in range(IN_PART):
        revision = place.entry().revision
        ids = [place.submitted(with_note(f"{who} {number}"), who=who) for who in ("ana", "bogdan")]
        for officer, id_ in zip(("vera", "victor"), ids, strict=True):
            place.act("take", officer, id_)
        versions = [place.version(id_) for id_ in ids]

        def verify(
            at: int, ids: list[str] = ids, versions: list[int] = versions
        ) -> Callable[[], object]:
            who = ("vera", "victor")[at]
            return lambda: place.do(reviews.verify, person(who), ids[at], versions[at], place.at)

        outcome = race(verify(0), verify(1))
        assert sum(isinstance(one, DomainError) for one in outcome) == 1
        assert place.entry().revision == revision + 1
        states = sorted(place.state(id_).value for id_ in ids)
        assert states == ["published", "superseded"]
