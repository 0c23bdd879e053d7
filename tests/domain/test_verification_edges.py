"""What is looked at once more before publication."""

import datetime as dt

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import VERIFICATION, By, ProposalState
from directory.domain.verification import Case, Person, agreed

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
OFFICER = Person(account_id=2, by=frozenset({By.VERIFIER}))


def case(field_class: FieldClass, verified_by: int | None, approved_by: int | None) -> Case:
    return Case(
        state=ProposalState.ON_HOLD,
        state_code="RO",
        needed=VERIFICATION[field_class],
        proposer_id=1,
        verified_by=verified_by,
        approved_by=approved_by,
    )


def test_one_officer_twice_has_not_agreed() -> None:
    assert agreed(case(FieldClass.ROUTING_CRITICAL, 2, 2), OFFICER, NOW) is not None


def test_what_one_officer_may_publish_needs_no_second_one() -> None:
    assert agreed(case(FieldClass.DESCRIPTIVE, 2, None), OFFICER, NOW) is None
