"""Honest and hostile people doing anything at any time; what holds always is looked at by a model.

The model keeps its own book of what succeeded and judges every published revision by it. It shares
no code with the guards: it knows people, calls, times and records only.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.diff import diff
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.record import AuthorityRecord, ContactPointRecord, Record
from directory.domain.vocabulary import ChannelKind, ChannelPurpose
from directory.errors import DomainError
from directory.models.change_log import LogEvent
from directory.models.entry import Entry
from directory.models.proposal import Proposal
from directory.queries.proposals import get_proposal
from directory.services import acting, confirmations, holds, proposals, reviews
from directory.services.acting import Act
from directory.services.confirmations import ConfirmationRequest
from directory.services.proposals import Draft
from tests.workflow.place import (
    AUTHORITY,
    DAY,
    HOLD,
    LONG_AGO,
    NEW,
    OLD,
    OTHER,
    PEOPLE,
    POINT,
    SECOND,
    WORKFLOW,
    Place,
    a_call,
    person,
    telephone,
)

MINE = (AUTHORITY, OTHER, POINT)
SPOKEN = {ChannelKind.TELEPHONE, ChannelKind.MOBILE}
PROTECTING = SPOKEN | {ChannelKind.EMAIL}
NUMBERS = (OLD, SECOND, NEW, "+40213333333", "+40217654321", "+40217654322", "+40215550001")
WAITS = (dt.timedelta(hours=1), DAY, HOLD, 31 * DAY, 91 * DAY)
OPEN = {"submitted", "in_review", "changes_requested", "verified", "on_hold", "frozen"}


@dataclass
class Book:
    """What the model knows of one proposal, from the acts that succeeded."""

    proposer: str
    entry_id: str
    submitted_at: dt.datetime | None = None
    #: Caller, number, result; since the last submission.
    calls: list[tuple[str, str, CallBackResult]] = field(default_factory=list)
    verified_by: str = ""
    approved_by: str = ""
    hold_from: dt.datetime | None = None
    objected: bool = False

    def restart(self, at: dt.datetime) -> None:
        self.submitted_at, self.calls = at, []
        self.verified_by = self.approved_by = ""
        self.hold_from, self.objected = None, False


@dataclass(frozen=True)
class Past:
    """A revision as it was published."""

    at: dt.datetime
    record: Record
    by: str


def lines(record: Record) -> set[tuple[str, str]]:
    channels = getattr(record, "channels", ())
    return {(one.kind.value, one.value) for one in channels if one.kind in PROTECTING}


def spoken(record: Record) -> set[str]:
    return {one.value for one in getattr(record, "channels", ()) if one.kind in SPOKEN}


people = st.sampled_from(sorted(PEOPLE))
#: Three officers, and three who should not.
carriers = st.sampled_from(["vera", "victor", "viola", "vera", "victor", "dora", "vasile", "adam"])
focal_points = st.sampled_from(["ana", "bogdan", "dora"])


class Workflow(RuleBasedStateMachine):
    """One directory; ``make_place`` gives it fresh."""

    make_place: Callable[[], Place]

    @initialize()
    def begin(self) -> None:
        self.place = self.make_place()
        self.books: dict[str, Book] = {}
        self.events = len(self.place.actions())
        self.past = {
            entry_id: [Past(LONG_AGO, self.place.entry(entry_id).record, "")] for entry_id in MINE
        }
        self.seen = dict.fromkeys(MINE, 1)

    # --- doing

    def attempt(self, who: str, name: str, subject: str, work: Callable[..., Any]) -> Any:
        """Try it; a refusal must leave exactly one event, a success at least one."""
        act = Act(f"trial.{name}", "proposal", subject)
        before = self._log_size()
        try:
            result = acting.attempt(self.place.work, person(who), act, self.place.at, work)
        except DomainError:
            assert self._log_size() == before + 1
            return None
        assert self._log_size() > before
        return result

    def _log_size(self) -> int:
        with Session(self.place.engine) as session:
            return session.scalars(select(func.count()).select_from(LogEvent)).one()

    def on(self, who: str, name: str, proposal_id: str, *more: Any, stale: int = 0) -> Any:
        """An act of proposals, reviews or holds on a proposal, perhaps on an old version."""
        module = next(one for one in (proposals, reviews, holds) if hasattr(one, name))
        version = max(1, self.place.version(proposal_id) - stale)
        at = self.place.at
        return self.attempt(
            who,
            name,
            proposal_id,
            lambda uow: getattr(module, name)(uow, person(who), proposal_id, version, at, *more),
        )

    # --- proposing

    @rule(
        who=st.sampled_from(["ana", "bogdan", "dora", "claire", "vera"]),
        entry_id=st.sampled_from(MINE),
        change=st.sampled_from(["number", "drop", "all", "ministry", "note", "both", "nothing"]),
        number=st.sampled_from(NUMBERS),
        emergency=st.booleans(),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def propose(
        self, who: str, entry_id: str, change: str, number: str, emergency: bool, behind: int
    ) -> None:
        base = max(1, self.seen[entry_id] - behind)
        record = changed(self.past[entry_id][base - 1].record, change, number)
        draft = Draft(
            kind=ProposalKind.AMEND,
            record=record,
            reason="So it is.",
            entry_id=entry_id,
            base_revision=base,
            emergency=emergency,
        )
        self._draft(who, entry_id, draft)

    @rule(
        who=focal_points,
        entry_id=st.sampled_from(MINE),
        kind=st.sampled_from(
            [ProposalKind.SUSPEND, ProposalKind.RESTORE, ProposalKind.RETIRE, ProposalKind.CONFIRM]
        ),
        alternative=st.sampled_from(["", AUTHORITY, OTHER, "FR-AAAAAA"]),
    )
    def propose_otherwise(
        self, who: str, entry_id: str, kind: ProposalKind, alternative: str
    ) -> None:
        base = self.seen[entry_id]
        draft = Draft(
            kind=kind,
            reason="So it is.",
            entry_id=entry_id,
            base_revision=base,
            alternative_id=alternative if kind is ProposalKind.SUSPEND else "",
        )
        self._draft(who, entry_id, draft)

    def _draft(self, who: str, entry_id: str, draft: Draft) -> None:
        at = self.place.at
        made = self.attempt(
            who, "save", "", lambda uow: proposals.save_draft(uow, person(who), draft, at)
        )
        if made:
            assert PEOPLE[who][1] == "RO"
            self.books[made] = Book(proposer=who, entry_id=entry_id)
            self._submit(who, made)

    def _submit(self, who: str, proposal_id: str) -> None:
        if self.on(who, "submit", proposal_id, WORKFLOW):
            assert self.books[proposal_id].proposer == who
            self.books[proposal_id].restart(self.place.at)

    # --- deciding

    @rule(data=st.data(), steps=st.integers(2, 8))
    def carry_on(self, data: st.DataObject, steps: int) -> None:
        """Somebody's proposal is carried on, mostly by those who should."""
        found = self._open()
        if not found:
            return
        # The one made last is carried on most often, so that some come to their end.
        proposal_id, _ = data.draw(st.sampled_from([*found, found[-1], found[-1]]))
        for _ in range(steps):
            state = dict(self._open()).get(proposal_id)
            if state is None:
                return
            self._next_step(data, proposal_id, state)

    def _next_step(self, data: st.DataObject, proposal_id: str, state: str) -> None:
        who = data.draw(carriers)
        if state == "submitted":
            self.take(who, proposal_id)
        elif state == "in_review":
            self._review(data, who, proposal_id)
        elif state == "verified":
            self.approve(who, proposal_id)
        elif state == "frozen":
            self.dismiss(who, proposal_id)
        elif state == "changes_requested":
            self._submit(self.books[proposal_id].proposer, proposal_id)
        elif data.draw(st.sampled_from([False, False, True])):
            self._stop(data.draw(focal_points), "object", proposal_id)
        else:
            self.place.later(data.draw(st.sampled_from([dt.timedelta(hours=1), HOLD])))
            self.publish()

    def _review(self, data: st.DataObject, who: str, proposal_id: str) -> None:
        """The call, by whoever took it; on the number that the directory names, or any other."""
        who = self._assignee(proposal_id) or who
        if data.draw(st.sampled_from([True, True, True, False])):
            named = self._named(proposal_id) or SECOND
            number = data.draw(st.sampled_from([named, named, named, *NUMBERS[:3]]))
            self.call(who, proposal_id, number, CallBackResult.CONFIRMED)
        self.verify(who, proposal_id)

    def _named(self, proposal_id: str) -> str:
        with Session(self.place.engine) as session:
            advice = get_proposal(person("adam"), session, proposal_id, self.place.at).call_back
        return advice.chosen.value if advice and advice.chosen else ""

    def _open(self) -> list[tuple[str, str]]:
        """Open proposals in the order of their making (identifiers are random)."""
        with Session(self.place.engine) as session:
            rows = session.execute(select(Proposal.id, Proposal.state)).all()
        states = {row.id: row.state.value for row in rows}
        return [(id_, states[id_]) for id_ in self.books if states[id_] in OPEN]

    def _assignee(self, proposal_id: str) -> str:
        number = self.place.proposal(proposal_id).assignee_id
        return next((name for name, one in PEOPLE.items() if one[0] == number), "")

    @rule(
        data=st.data(),
        who=people,
        name=st.sampled_from(
            [
                "take",
                "call",
                "verify",
                "approve",
                "reject",
                "changes",
                "object",
                "dismiss",
                "withdraw",
                "submit",
                "release",
                "link",
            ]
        ),
        stale=st.sampled_from([0, 0, 1]),
    )
    def anybody_does_anything(self, data: st.DataObject, who: str, name: str, stale: int) -> None:
        if not self.books:
            return
        proposal_id = data.draw(st.sampled_from(list(self.books)))
        if name == "take":
            self.take(who, proposal_id, stale)
        elif name == "call":
            number = data.draw(st.sampled_from(NUMBERS))
            self.call(who, proposal_id, number, data.draw(st.sampled_from(CallBackResult)))
        elif name == "verify":
            self.verify(who, proposal_id, stale)
        elif name == "approve":
            self.approve(who, proposal_id, stale)
        elif name == "dismiss":
            self.dismiss(who, proposal_id)
        elif name == "submit":
            self._submit(who, proposal_id)
        else:
            self._stop(who, name, proposal_id)

    def _stop(self, who: str, name: str, proposal_id: str) -> None:
        """What can only stop or slow a change."""
        if name == "reject":
            self.on(who, "reject", proposal_id, "other", "No.")
        elif name == "changes":
            if self.on(who, "request_changes", proposal_id, "Mend it."):
                self.books[proposal_id].verified_by = ""
        elif name == "object":
            if self.on(who, "object_by_focal_point", proposal_id, "Not ours."):
                assert who != self.books[proposal_id].proposer
                self.books[proposal_id].objected = True
        elif name == "withdraw":
            self.on(who, "withdraw", proposal_id)
        elif name == "release":
            self.on(who, "release", proposal_id)

    def take(self, who: str, proposal_id: str, stale: int = 0) -> None:
        if self.on(who, "take", proposal_id, stale=stale):
            self._is_fit(who, proposal_id)
            assert not stale

    def call(self, who: str, proposal_id: str, number: str, result: CallBackResult) -> None:
        note = "Note 12/2026" if result is CallBackResult.NOTE_VERBALE else ""
        form = a_call(channel_value=number, result=result, note=note)
        before = self.place.proposal(proposal_id)
        if not self.on(who, "record_call_back", proposal_id, form):
            return
        self._is_fit(who, proposal_id)
        if result is CallBackResult.NOTE_VERBALE:
            number = ""
        else:
            self._may_be_called(number, before)
        self.books[proposal_id].calls.append((who, number, result))

    def _may_be_called(self, number: str, proposal: Proposal) -> None:
        """Of the published record of some entry of the State; old enough; not the proposer's."""
        book = self.books[proposal.id]
        proposed = {one["value"] for one in proposal.record.get("channels", ())}
        fits = []
        for entry_id, past in self.past.items():
            stands = [number in spoken(one.record) for one in past]
            if not stands[-1]:
                continue
            start = next(i for i in range(len(past)) if all(stands[i:]))
            old = past[start].at <= self.place.at - 30 * DAY
            lately = [i for i in range(1, len(past)) if past[i].at > self.place.at - 90 * DAY]
            own = any(past[i].by == book.proposer and stands[i] != stands[i - 1] for i in lately)
            kept = entry_id != proposal.entry_id or number in proposed
            fits.append(old and not own and kept)
        assert any(fits), f"{number} was called, which protects nothing"

    def verify(self, who: str, proposal_id: str, stale: int = 0) -> None:
        if self.on(who, "verify", proposal_id, stale=stale):
            self._is_fit(who, proposal_id)
            assert not stale
            self.books[proposal_id].verified_by = who
            self._look()

    def approve(self, who: str, proposal_id: str, stale: int = 0) -> None:
        if self.on(who, "approve", proposal_id, WORKFLOW, stale=stale):
            self._is_fit(who, proposal_id)
            assert not stale
            book = self.books[proposal_id]
            assert who != book.verified_by
            assert all(caller != who for caller, _, _ in book.calls)
            book.approved_by, book.hold_from = who, self.place.at

    def dismiss(self, who: str, proposal_id: str) -> None:
        if self.on(who, "dismiss_objection", proposal_id, "They were asked.", WORKFLOW):
            self._is_fit(who, proposal_id)
            book = self.books[proposal_id]
            assert who not in {book.verified_by, book.approved_by}
            assert all(caller != who for caller, _, _ in book.calls)
            book.objected, book.hold_from = False, self.place.at

    def _is_fit(self, who: str, proposal_id: str) -> None:
        _number, state, roles = PEOPLE[who]
        assert "verifier" in {role.value for role in roles}
        assert state != "RO"
        assert who != self.books[proposal_id].proposer

    # --- time

    @rule(by=st.sampled_from(WAITS))
    def wait(self, by: dt.timedelta) -> None:
        self.place.later(by)

    @rule()
    def publish(self) -> None:
        self.place.publish_due()

    @rule(who=people)
    def confirm(self, who: str) -> None:
        before = self._heads()
        at = self.place.at
        wanted = ConfirmationRequest(state="RO")
        done = self.attempt(
            who,
            "confirm",
            "RO",
            lambda uow: confirmations.confirm_entries(uow, person(who), wanted, at),
        )
        after = self._heads()
        for entry_id in MINE:
            assert after[entry_id][:2] == before[entry_id][:2], "a confirmation changes nothing"
            if not done or entry_id not in done:
                assert after[entry_id] == before[entry_id]
            else:
                assert after[entry_id][2] == at.date()
        assert not done or who in {"ana", "bogdan", "dora"}

    def _heads(self) -> dict[str, tuple[Any, ...]]:
        with Session(self.place.engine) as session:
            columns = (Entry.id, Entry.revision, Entry.changed_at, Entry.confirmed_on)
            rows = session.execute(select(*columns).where(Entry.id.in_(MINE)))
            return {row.id: tuple(row)[1:] for row in rows}

    # --- what holds always

    @invariant()
    def every_revision_is_as_it_must_be(self) -> None:
        if hasattr(self, "place"):
            self._look()

    def _look(self) -> None:
        for entry_id, head in self._heads().items():
            while self.seen[entry_id] < head[0]:
                self._judge(entry_id, self.seen[entry_id] + 1)
                self.seen[entry_id] += 1
        point = self.past[POINT][-1].record
        assert isinstance(point, ContactPointRecord)
        assert any(
            one.kind in SPOKEN and one.purpose is not ChannelPurpose.GENERAL
            for one in point.channels
        ), "a contact point without an urgent line"

    def _judge(self, entry_id: str, number: int) -> None:
        """The proposal behind a new revision, against the book."""
        with Session(self.place.engine) as session:
            wanted = select(Proposal).where(
                Proposal.entry_id == entry_id, Proposal.published_revision == number
            )
            proposal = session.scalars(wanted).one()
        book = self.books[proposal.id]
        old = self.past[entry_id][-1].record
        new = self.place.entry(entry_id).record
        self.past[entry_id].append(Past(self.place.at, new, book.proposer))
        if proposal.kind is ProposalKind.SUSPEND:
            assert new == old
            assert proposal.alternative_id != "FR-AAAAAA"
            return
        critical = proposal.kind is not ProposalKind.AMEND or any(
            one.field_class == 3 for one in diff(old, new)
        )
        assert book.submitted_at is not None
        if critical:
            self._judge_critical(proposal, book, old, new)
        elif not book.verified_by:
            # The look comes before the book when the officer's yes publishes at once.
            assert proposal.verified_by is not None

    def _judge_critical(self, proposal: Proposal, book: Book, old: Record, new: Record) -> None:
        officers_ = {book.verified_by, book.approved_by}
        assert "" not in officers_
        assert len(officers_) == 2
        assert book.proposer not in officers_
        results = {result for _, _, result in book.calls}
        assert results & {CallBackResult.CONFIRMED, CallBackResult.NOTE_VERBALE}
        assert CallBackResult.DENIED not in results
        assert book.approved_by not in {caller for caller, _, _ in book.calls}
        assert book.hold_from is not None
        assert self.place.at >= book.hold_from + HOLD
        assert not book.objected
        assert book.submitted_at is not None
        if lines(old) != lines(new):
            self._judge_channels(proposal, book)

    def _judge_channels(self, proposal: Proposal, book: Book) -> None:
        """No other critical change of the entry was published while this one was open."""
        assert book.submitted_at is not None
        for past, before in zip(
            self.past[proposal.entry_id][1:-1], self.past[proposal.entry_id], strict=False
        ):
            if past.at > book.submitted_at:
                assert lines(past.record) == lines(before.record)


def changed(record: Record, change: str, number: str) -> Record:
    """The record with some change in it."""
    assert isinstance(record, AuthorityRecord | ContactPointRecord)
    channels = record.channels
    if change in {"number", "both"} and channels:
        channels = (replace(channels[0], value=number), *channels[1:])
    if change == "drop":
        channels = channels[1:]
    if change == "all":
        channels = (telephone(number),)
    changed_record = replace(record, channels=channels)
    if change in {"ministry", "both", "all"}:
        return replace(changed_record, ministry=f"Ministry {number[-1]}")
    if change == "note":
        return replace(changed_record, note=f"Note {number[-1]}")
    return changed_record
