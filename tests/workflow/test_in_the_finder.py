"""The finder tells of each contact what the entry's own page tells of it."""

from typing import Any

from sqlalchemy.orm import Session

from directory.domain.answer import Candidate, Question
from directory.domain.lifecycle import ProposalKind
from directory.domain.vocabulary import CooperationType
from directory.models.reference import Territory
from directory.queries import records
from directory.queries.counterparts import answer
from directory.queries.reference import read_book
from tests.support import factories as make
from tests.workflow.place import (
    AUTHORITY,
    DAY,
    HOLD,
    NEW,
    OLD,
    OTHER,
    Place,
    an_authority,
    person,
    with_new_number,
    with_note,
)


def found(place: Place, entry_id: str = AUTHORITY) -> tuple[Candidate, int]:
    """The candidate in the answer, and how many statements the answer cost."""
    asked: dict[str, Any] = {"requesting": "FR", "requested": "RO", "at": place.at}
    question = Question(cooperation_type=CooperationType.MLA, **asked)
    with Session(place.engine) as session:
        # Records read before are kept.
        answer(person("rita"), session, question, place.at.date())
        with make.statement_counter(place.engine) as sent:
            given = answer(person("rita"), session, question, place.at.date())
    lines = (*given.authorities, *given.suspended)
    return next(one.candidate for one in lines if one.candidate.id == entry_id), len(sent)


def test_a_quiet_answer_costs_nothing_more(place: Place) -> None:
    candidate, statements = found(place)
    assert (candidate.recent_changes, candidate.reported_channels) == ((), ())
    assert statements == 2


def test_a_number_that_changed_is_told_for_sixty_days_and_no_longer(place: Place) -> None:
    place.held(with_new_number(an_authority()))
    place.later(HOLD)
    place.publish_due()
    candidate, statements = found(place)
    (change,) = candidate.recent_changes
    assert change.on == place.at.date()
    assert [(one.before, one.after) for one in change.differences] == [(OLD, NEW)]
    assert statements == 3
    place.later(60 * DAY)
    assert found(place)[0].recent_changes
    place.later(DAY)
    candidate, statements = found(place)
    assert candidate.recent_changes == ()
    assert statements == 2


def test_a_change_that_decides_nothing_is_not_told(place: Place) -> None:
    proposal_id = place.submitted(with_note())
    place.act("take", "vera", proposal_id)
    place.act("verify", "vera", proposal_id)
    assert found(place)[0].recent_changes == ()


def test_a_reported_channel_stands_beside_the_old(place: Place) -> None:
    place.submitted(with_new_number(an_authority()), emergency=True)
    candidate, statements = found(place)
    assert [one.channel.value for one in candidate.reported_channels] == [NEW]
    assert NEW not in [one.value for one in candidate.record.channels]  # type: ignore[union-attr]
    assert statements == 3


def test_the_dearest_answer_costs_seven_statements(place: Place) -> None:
    """Urgent, for a territory, nobody for the type, news of an entry, and nothing read before."""
    place.held(with_new_number(an_authority()))
    place.later(HOLD)
    place.publish_due()
    place.submitted(with_new_number(an_authority(), new="+40215550199"), emergency=True)
    territory = {"key": "RO-B", "state_code": "RO", "name": "B", "aliases": []}
    make.add_rows(place.engine, Territory, territory)
    question = Question(
        requesting="FR",
        requested="RO",
        cooperation_type=CooperationType.EXTRADITION,
        at=place.at,
        urgent=True,
        territory="RO-B",
    )
    with Session(place.engine) as session:
        read_book(session)
        records._kept.clear()
        with make.statement_counter(place.engine) as sent:
            given = answer(person("rita"), session, question, place.at.date())
    told = next(one.candidate for one in given.nearest if one.candidate.id == AUTHORITY)
    assert told.recent_changes
    assert told.reported_channels
    assert given.contact_points
    assert not given.authorities
    # The stamp of the reference book, heads and records twice, what changed, what is reported.
    assert len(sent) == 7, sent


def test_what_is_suspended_names_the_alternative(place: Place) -> None:
    place.submitted(None, kind=ProposalKind.SUSPEND, alternative_id=OTHER)
    assert found(place)[0].alternative_id == OTHER
