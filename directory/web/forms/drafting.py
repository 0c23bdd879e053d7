"""From what was typed to a draft."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from directory.domain.lifecycle import ProposalKind
from directory.domain.record import Channel, Record, RequirementsRecord
from directory.domain.reference import State
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem
from directory.policy import Actor, visible
from directory.queries.current import CurrentEntry
from directory.schemas.record_forms import read_record
from directory.services.proposals import Draft
from directory.web.forms.aside import Aside
from directory.web.forms.typed import Typed, plain_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is proposed on: an entry as it stands, or a new one of a kind (``current`` None)."""

    kind: ProposalKind
    entry_kind: EntryKind
    state: State
    current: CurrentEntry | None = None
    #: The proposal that is written anew; '' for a new one.
    proposal_id: str = ""

    @property
    def entry_id(self) -> str:
        return self.current.id if self.current else ""

    @property
    def revision(self) -> int:
        return self.current.revision if self.current else 0


def record_of(subject: Subject, typed: Typed, actor: Actor) -> Record:
    """The record that was typed, with the channels the actor does not see.

    Raises ``Invalid``; the paths of its problems are those of the form.
    """
    plain = plain_of(typed)
    found = list(typed.problems)
    try:
        record = read_record(subject.entry_kind, plain.plain)
    except Invalid as error:
        raise Invalid([*found, *in_form(typed, error.problems)]) from error
    if found:
        raise Invalid(found)
    before = subject.current.record if subject.current else None
    return with_unseen(before, record, actor, subject.state.code)


def with_unseen(before: Record | None, record: Record, actor: Actor, state: str) -> Record:
    """The record with the channels of ``before`` that nobody showed the actor, in their places."""
    if before is None or isinstance(before, RequirementsRecord):
        return record
    if isinstance(record, RequirementsRecord):
        return record
    seen: tuple[Channel, ...] = getattr(visible(actor, state, before), "channels", ())
    channels = list(record.channels)
    for place, channel in enumerate(before.channels):
        if channel not in seen:
            channels.insert(place, channel)
    return replace(record, channels=tuple(channels))


def draft_of(subject: Subject, record: Record | None, aside: Aside) -> Draft:
    """The draft to keep."""
    return Draft(
        kind=subject.kind,
        record=record,
        reason=aside.reason,
        entry_id=subject.entry_id,
        base_revision=aside.base_revision,
        emergency=aside.emergency,
        alternative_id=aside.alternative_id,
    )


def in_form(typed: Typed, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a record with the paths of the form it was typed into."""
    plain = plain_of(typed)
    return [Problem(plain.typed_path(one.path), one.message, one.params) for one in problems]
