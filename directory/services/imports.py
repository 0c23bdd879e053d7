"""Files of entries made into proposals: one for each entry that differs, all or none.

``plan_import`` looks and changes nothing; ``import_entries`` does the same and makes the proposals
it planned. An import never overwrites: what it proposes goes the way of every other proposal.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.call_backs import protection_problems
from directory.domain.channel_values import DIALLED, normalised
from directory.domain.diff import Clash, Difference, diff, highest_class, merge
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalKind, class_of
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems
from directory.domain.record import Channel, Record, RequirementsRecord, display_name
from directory.domain.record_rules import new_problems
from directory.errors import Denied, DomainError, Invalid, InvalidState, Problem, StaleRevision
from directory.exchange.sheets import Fault, FileRefused, Place, ReadEntry
from directory.policy import Actor, is_own_state, require, visible
from directory.queries.current import CurrentEntry, read_entries, read_revisions
from directory.queries.reference import read_book
from directory.services import change_log
from directory.services.proposals import LONGEST_TEXT, Draft, save_draft, submit
from directory.services.submission import FITTING
from directory.services.workflow import Workflow

PROPOSE = "proposals:propose"
#: Entries looked at by one round of statements.
AT_ONCE = 500

#: Told (done, of).
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """What one row of the file would change, as its proposal will say."""

    entry: ReadEntry
    kind: ProposalKind
    name: str
    record: Record
    base_revision: int
    differences: tuple[Difference, ...]
    #: Somebody changed other fields since the export; both changes are kept.
    merged: bool = False

    @property
    def place(self) -> Place:
        """The row in the file."""
        return self.entry.place

    @property
    def field_class(self) -> FieldClass:
        """The class that decides what must happen before publication."""
        return class_of(self.kind, highest_class(self.differences))


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import would do."""

    changes: tuple[PlannedChange, ...]
    #: Rows that say what is published already.
    unchanged: int = 0

    @property
    def digest(self) -> str:
        """The same for the same changes of the same revisions: what somebody agreed to."""
        said = [
            (
                one.entry.entry_id,
                one.base_revision,
                [(d.path, d.before, d.after) for d in one.differences],
            )
            for one in self.changes
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made; ``proposals`` in the order of the file."""

    batch: str
    proposals: tuple[str, ...]
    unchanged: int


def _untold(_done: int, _of: int) -> None:
    """Nobody wants to know."""


def plan_import(
    actor: Actor, session: Session, entries: Sequence[ReadEntry], tell: Tell = _untold
) -> ImportPlan:
    """Every difference the file would propose; changes nothing.

    Raises ``Denied``, and ``FileRefused`` naming sheet, row and column of every fault.
    """
    require(actor, PROPOSE)
    if not is_own_state(actor, actor.state):
        raise Denied(PROPOSE)
    book = read_book(session)
    faults: list[Fault] = []
    changes: list[PlannedChange] = []
    for start in range(0, len(entries), AT_ONCE):
        chunk = entries[start : start + AT_ONCE]
        published = _Published.read(session, chunk)
        for entry in chunk:
            planned = _planned(actor, entry, published, book, faults)
            changes += [planned] if planned else []
        tell(start + len(chunk), len(entries))
    if faults:
        raise FileRefused(faults)
    return ImportPlan(tuple(changes), len(entries) - len(changes))


@dataclass(frozen=True, slots=True)
class _Published:
    """The entries a part of the file names, and the older revisions it was exported from."""

    current: Mapping[str, CurrentEntry]
    older: Mapping[tuple[str, int], Record]

    @classmethod
    def read(cls, session: Session, entries: Sequence[ReadEntry]) -> "_Published":
        ids = [one.entry_id for one in entries if one.entry_id and one.entry_id.isprintable()]
        current = read_entries(session, ids) if ids else {}
        older: dict[tuple[str, int], Record] = {}
        for kind in {one.kind for one in current.values()}:
            wanted = [
                (one.entry_id, one.revision)
                for one in entries
                if (found := current.get(one.entry_id)) is not None
                and found.kind is kind
                and one.revision < found.revision
            ]
            older |= read_revisions(session, kind, wanted)
        return cls(current, older)


def _planned(
    actor: Actor,
    entry: ReadEntry,
    published: _Published,
    book: ReferenceBook,
    faults: list[Fault],
) -> PlannedChange | None:
    current = published.current.get(entry.entry_id) if entry.entry_id else None
    found = list(_head_faults(actor, entry, current))
    if found:
        faults += found
        return None
    if current is None:
        return _new(actor, entry, book, faults)
    key = (current.id, entry.revision)
    base = published.older.get(key) if entry.revision < current.revision else current.record
    if base is None:
        message = N_("There is no revision %(revision)s of this entry; export it again.")
        faults.append(_at(entry, "revision", message, {"revision": entry.revision}))
        return None
    return _change(actor, entry, current, base, book, faults)


def _head_faults(actor: Actor, entry: ReadEntry, current: CurrentEntry | None) -> Iterator[Fault]:
    if entry.state != actor.state:
        message = N_("The row is of the State %(state)s; you propose for %(own)s only.")
        yield _at(entry, "state", message, {"state": entry.state[:20], "own": actor.state})
    elif entry.entry_id and (current is None or current.state != actor.state):
        message = N_(
            "Your State has no entry %(entry)s; leave the cell empty or write new-1 for a new one."
        )
        yield _at(entry, "entry", message, {"entry": entry.entry_id[:60]})
    elif current is not None and current.kind is not entry.kind:
        message = N_("The entry %(entry)s is of the kind %(kind)s and stays that.")
        params: dict[str, object] = {"entry": current.id, "kind": current.kind.value}
        yield _at(entry, "entry", message, params)
    elif current is not None and entry.revision > current.revision:
        message = N_("There is no revision %(revision)s of this entry; export it again.")
        yield _at(entry, "revision", message, {"revision": entry.revision})


def _at(
    entry: ReadEntry, heading: str, message: str, params: dict[str, object] | None = None
) -> Fault:
    """A fault of one of the first columns of the entry's own row."""
    column = {"entry": "A", "revision": "B", "state": "C"}[heading] if entry.columns else ""
    place = Place(entry.place.sheet, entry.place.row, column)
    return Fault(place, message, params or {}, heading)


def _new(
    actor: Actor, entry: ReadEntry, book: ReferenceBook, faults: list[Fault]
) -> PlannedChange | None:
    found = list(_spoiled_numbers(entry, None))
    record = normalised(entry.record, None, actor.state)
    found += _faults_of(entry, new_problems(None, record, actor.state, book))
    if found:
        faults += found
        return None
    return PlannedChange(
        entry=entry,
        kind=ProposalKind.CREATE,
        name=display_name(record) if not isinstance(record, RequirementsRecord) else "",
        record=record,
        base_revision=0,
        differences=diff(None, record),
    )


def _change(
    actor: Actor,
    entry: ReadEntry,
    current: CurrentEntry,
    base: Record,
    book: ReferenceBook,
    faults: list[Fault],
) -> PlannedChange | None:
    given = _with_hidden(actor, current.state, base, entry.record)
    if given == base:
        return None
    found = list(_spoiled_numbers(entry, base))
    ours = normalised(given, base, current.state)
    if not diff(base, ours) and not found:
        return None
    record = ours
    if entry.revision != current.revision:
        merged = merge(base, ours, current.record)
        if merged.record is None:
            faults += [_clash_fault(entry, current, clash) for clash in merged.clashes]
            return None
        record = merged.record
    differences = diff(current.record, record)
    problems = new_problems(current.record, record, current.state, book)
    problems += protection_problems(current.record, record, differences)
    problems += _status_problems(current)
    found += _faults_of(entry, problems)
    if found:
        faults += found
        return None
    if not differences:
        return None
    return PlannedChange(
        entry=entry,
        kind=ProposalKind.AMEND,
        name=display_name(record) if not isinstance(record, RequirementsRecord) else "",
        record=record,
        base_revision=current.revision,
        differences=differences,
        merged=entry.revision != current.revision,
    )


def _status_problems(current: CurrentEntry) -> list[Problem]:
    if current.status in FITTING[ProposalKind.AMEND]:
        return []
    message = N_("The entry is %(status)s, so this cannot be done with it.")
    return [Problem("", message, {"status": current.status.value})]


def _clash_fault(entry: ReadEntry, current: CurrentEntry, clash: Clash) -> Fault:
    message = N_(
        "Somebody changed this since revision %(given)s (now %(current)s): it was %(base)s, is "
        "%(theirs)s, and the file says %(ours)s. Export the entry again."
    )
    params: dict[str, object] = {
        "given": entry.revision,
        "current": current.revision,
        "base": _told(clash.base),
        "theirs": _told(clash.theirs),
        "ours": _told(clash.ours),
    }
    return entry.fault(clash.path.partition("/")[0], message, params)


def _told(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:120] + "…"


def _faults_of(entry: ReadEntry, problems: Sequence[Problem]) -> list[Fault]:
    return [entry.fault(one.path, one.message, one.params) for one in problems]


def _spoiled_numbers(entry: ReadEntry, base: Record | None) -> Iterator[Fault]:
    """Numbers typed anew that have lost what they begin with, or most of their digits."""
    known = {one.value for one in _channels(base)}
    for position, one in enumerate(_channels(entry.record)):
        if one.kind in DIALLED and one.value not in known and one.value.strip().isdigit():
            if one.value.strip().startswith("0"):
                continue
            message = N_(
                "%(value)s begins with neither + nor 0; a spreadsheet may have taken it away. "
                "Write the number as text, with + and its country code."
            )
            yield entry.fault(f"channels.{position}.value", message, {"value": one.value})


def _channels(record: Record | None) -> tuple[Channel, ...]:
    return getattr(record, "channels", ())


def _with_hidden(actor: Actor, state: str, base: Record, given: Record) -> Record:
    """The record with the channels that the export did not show, each behind its old neighbour."""
    if isinstance(given, RequirementsRecord) or isinstance(base, RequirementsRecord):
        return given
    shown = visible(actor, state, base)
    if isinstance(shown, RequirementsRecord) or len(shown.channels) == len(base.channels):
        return given
    channels = list(given.channels)
    for position, one in enumerate(base.channels):
        if one not in shown.channels:
            channels.insert(min(position, len(channels)), one)
    return replace(given, channels=tuple(channels))


def import_entries(
    uow: UnitOfWork,
    actor: Actor,
    entries: Sequence[ReadEntry],
    at: dt.datetime,
    reason: str,
    workflow: Workflow,
    *,
    agreed: str = "",
    tell: Tell = _untold,
) -> ImportReport:
    """Make and submit a proposal for every entry that differs, in the unit's one transaction.

    ``agreed`` is the digest of the plan that somebody saw; raises ``InvalidState`` when the import
    would now do something else, ``FileRefused`` naming the row of any proposal that is refused.
    """
    if problems := required_problems("reason", reason, LONGEST_TEXT):
        raise Invalid(problems)
    plan = plan_import(actor, uow.session, entries)
    if agreed and agreed != plan.digest:
        message = N_("What is published changed since you looked; look at the differences again.")
        raise InvalidState(reasons=[Problem("", message)], overtaken=True)
    batch = f"I-{secrets.token_hex(8)}"
    made = []
    with change_log.gathered(uow):
        for number, change in enumerate(plan.changes, start=1):
            made.append(_propose(uow, actor, change, at, reason, batch, workflow))
            tell(number, len(plan.changes))
    return ImportReport(batch, tuple(made), plan.unchanged)


def _propose(
    uow: UnitOfWork,
    actor: Actor,
    change: PlannedChange,
    at: dt.datetime,
    reason: str,
    batch: str,
    workflow: Workflow,
) -> str:
    draft = Draft(
        kind=change.kind,
        record=change.record,
        reason=reason,
        entry_id=change.entry.entry_id,
        base_revision=change.base_revision,
        batch=batch,
    )
    try:
        proposal_id = save_draft(uow, actor, draft, at)
        submit(uow, actor, proposal_id, 1, at, workflow)
    except (Invalid, InvalidState, StaleRevision) as error:
        raise FileRefused(_refusals(change.entry, error)) from error
    return proposal_id


def _refusals(entry: ReadEntry, error: DomainError) -> list[Fault]:
    if isinstance(error, Invalid):
        return _faults_of(entry, error.problems)
    if isinstance(error, InvalidState):
        return _faults_of(entry, error.reasons)
    message = N_("Somebody changed the same fields in the meantime; export the entry again.")
    return [entry.fault("", message)]
