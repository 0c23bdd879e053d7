"""An entry that is only proposed, shown with the components readers will see it in."""

from dataclasses import dataclass

from directory.domain.document import EntryHead
from directory.domain.record import Designation, Record, SourceAct, cooperation_types
from directory.domain.validity import is_valid
from directory.domain.vocabulary import CooperationType, EntryStatus
from directory.policy import visible_to_all_readers
from directory.web.context import now
from directory.web.forms.drafting import Subject
from directory.web.presentation import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the templates of an entry are given."""

    head: EntryHead
    record: Record
    types: tuple[CooperationType, ...]
    sources: dict[str, SourceAct]
    current: list[Designation]
    ended: list[Designation]


def shown(subject: Subject, record: Record) -> Shown:
    """The record as a reader without any closer tie will see it."""
    seen = visible_to_all_readers(record)
    designations: tuple[Designation, ...] = getattr(seen, "designations", ())
    today = now().date()
    head = EntryHead(
        id=subject.entry_id,
        kind=subject.entry_kind,
        state=subject.state.code,
        status=EntryStatus.PUBLISHED,
        revision=subject.revision + 1,
        name=name_of(seen) if getattr(seen, "names", ()) else "",
        synthetic=subject.current.synthetic if subject.current else False,
        conflict=False,
        as_published="",
        changed_at=now(),
    )
    return Shown(
        head=head,
        record=seen,
        types=cooperation_types(seen),
        sources={source.key: source for source in seen.sources},
        current=[one for one in designations if is_valid(one, today)],
        ended=[one for one in designations if not is_valid(one, today)],
    )
