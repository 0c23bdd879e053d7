"""The whole way of a change, and what it costs."""

from sqlalchemy import Engine

from directory.domain.lifecycle import ProposalState
from directory.queries.reference import read_book
from directory.services import holds
from tests.support import factories as make
from tests.workflow.place import (
    HOLD,
    MAILBOX,
    NEW,
    SECOND,
    WORKFLOW,
    Place,
    an_authority,
    with_new_number,
)

#: Statements that one act may take.
MOST_STATEMENTS = 19


def test_a_renumbered_telephone_goes_all_the_way(place: Place) -> None:
    proposal_id = place.held(with_new_number(an_authority()))
    assert place.state(proposal_id) is ProposalState.ON_HOLD
    assert place.publish_due() == []
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    entry = place.entry()
    assert entry.revision == 2
    assert [one.value for one in entry.record.channels] == [NEW, SECOND, MAILBOX]  # type: ignore[union-attr]
    assert place.state(proposal_id) is ProposalState.PUBLISHED
    assert place.actions()[-8:] == [
        "proposal.save",
        "proposal.submit",
        "proposal.take",
        "proposal.call_back",
        "proposal.verify",
        "proposal.approve",
        "proposal.publish",
        "entry.published",
    ]


def test_each_act_takes_few_statements_and_one_transaction(engine: Engine, place: Place) -> None:
    counts: dict[str, int] = {}
    proposal_id = place.draft(with_new_number(an_authority()))

    def measure(name: str, *given: object) -> None:
        with make.statement_counter(engine) as statements:
            if name == "submit":
                place.submit(proposal_id)
            elif name == "publish":
                place.do(holds.publish_due, place.at)
            elif name == "call":
                place.call("vera", proposal_id)
            else:
                place.act(name, *given)  # type: ignore[arg-type]
        # Our own look at the version is not part of the act.
        counts[name] = len(statements) - (name != "publish")

    with engine.connect() as connection:
        # A running directory has the reference data in memory.
        read_book(connection)
    measure("submit")
    measure("take", "vera", proposal_id)
    measure("call")
    measure("verify", "vera", proposal_id)
    measure("approve", "victor", proposal_id, WORKFLOW)
    place.later(HOLD)
    place.deliver()
    measure("publish")
    assert place.entry().revision == 2
    assert {name: count for name, count in counts.items() if count > MOST_STATEMENTS} == {}
