"""The whole way of a change, and what it costs."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory.domain.lifecycle import ProposalState
from directory.models.entry import Entry
from directory.queries.reference import read_book
from directory.services import holds
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from tests.support import factories as make
from tests.workflow.place import (
    HOLD,
    MAILBOX,
    NEW,
    SECOND,
    WORKFLOW,
    Place,
    an_authority,
    person,
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


def remember(engine: Engine) -> None:
    """A running directory has the reference data in memory."""
    with engine.connect() as connection:
        read_book(connection)


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

    remember(engine)
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


def test_a_whole_state_of_300_entries_is_confirmed_in_one_transaction(
    engine: Engine, place: Place
) -> None:
    others = (make.publication(f"RO-{number:06}") for number in range(300))
    make.publish_all(engine, *others)
    remember(engine)
    request = ConfirmationRequest(state="RO")
    with make.statement_counter(engine) as statements:
        confirmed = place.do(confirm_entries, person("ana"), request, place.at)
    assert len(confirmed) == 300 + 3
    assert len(statements) <= MOST_STATEMENTS, statements
    with Session(engine) as session:
        told = select(func.count()).where(Entry.confirmed_on == place.at.date())
        assert session.scalar(told) == len(confirmed)
