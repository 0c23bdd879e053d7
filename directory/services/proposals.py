"""What a State's focal points do: write a proposal down, support it, submit it, take it back."""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.channel_values import normalised
from directory.domain.lifecycle import Action, ProposalKind, ProposalState
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems, text_problems
from directory.domain.record import Record, to_dict
from directory.domain.vocabulary import EntryKind
from directory.errors import Denied, Invalid, NotFound, Problem
from directory.models.proposal import Evidence, Proposal, ProposalComment
from directory.policy import Actor, is_own_state, require
from directory.queries.current import CurrentEntry, read_entry, read_revisions
from directory.queries.proposal_facts import UNCHANGED
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.cases import PROPOSE, check, finish, load, refuse
from directory.services.events import proposal_event
from directory.services.identifiers import new_entry_id, new_proposal_id
from directory.services.submission import submit_loaded
from directory.services.workflow import Workflow

#: Most characters of a reason, a comment or an answer.
LONGEST_TEXT = 4000
#: Most bytes of a record in JSON.
LARGEST_RECORD = 200_000
#: Most bytes of a file, and files with one proposal.
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 10
#: A PDF's first and last marks; what follows the last is at most a line or two.
PDF, PDF_END = b"%PDF-", b"%%EOF"
PDF_TAIL = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants to see published.

    ``record`` may be None where the kind leaves the record as it is (suspend, retire, restore,
    confirm). ``entry_id`` is '' and ``base_revision`` 0 for a new entry.
    """

    kind: ProposalKind
    record: Record | None = None
    reason: str = ""
    entry_id: str = ""
    base_revision: int = 0
    #: Show new channels at once, as reported and not confirmed.
    emergency: bool = False
    #: For a suspension: the entry to use instead.
    alternative_id: str = ""
    #: The import it comes with.
    batch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A file as it was given."""

    file_name: str
    content: bytes
    #: Was it found fit to be given out? Else it is kept in quarantine.
    released: bool = False


def save_draft(uow: UnitOfWork, actor: Actor, draft: Draft, at: dt.datetime) -> str:
    """Keep a new draft of the actor's State; gives its id. Rules of the record wait for submission.

    Raises ``Denied``, ``NotFound``, and ``Invalid`` for what cannot be kept at all.
    """
    require(actor, PROPOSE)
    change_log.lock(uow.session)
    if not is_own_state(actor, actor.state):
        raise Denied(PROPOSE)
    current = _entry_of(uow, actor, draft)
    proposal = Proposal(
        id=new_proposal_id(),
        entry_id=current.id if current else new_entry_id(actor.state),
        state_code=actor.state,
        entry_kind=_kind_of(draft, current),
        kind=draft.kind,
        state=ProposalState.DRAFT,
        version=1,
        proposer_id=actor.account_id,
        proposer_name=actor.name,
        reported_channels=[],
        field_class=1,
        batch=draft.batch,
        created_at=at,
        updated_at=at,
    )
    _fill(uow, proposal, draft, current)
    uow.session.add(proposal)
    uow.session.flush()
    change_log.record(uow, proposal_event("proposal.save", proposal, doer_of(actor), at))
    return proposal.id


def _entry_of(uow: UnitOfWork, actor: Actor, draft: Draft) -> CurrentEntry | None:
    if draft.kind is ProposalKind.CREATE:
        if draft.entry_id or draft.base_revision:
            raise Invalid([Problem("entry_id", N_("A new entry has no identifier yet."))])
        return None
    current = read_entry(uow.session, draft.entry_id) if draft.entry_id.isprintable() else None
    if current is None:
        raise NotFound("entry", draft.entry_id)
    if current.state != actor.state:
        message = N_("Only the State an entry belongs to proposes changes of it.")
        raise Denied(PROPOSE, [Problem("entry_id", message)])
    return current


def _kind_of(draft: Draft, current: CurrentEntry | None) -> EntryKind:
    if current is not None:
        if draft.record is not None and draft.record.kind is not current.kind:
            raise Invalid([Problem("record", N_("An entry keeps its kind."))])
        return current.kind
    if draft.record is None:
        raise Invalid([Problem("record", N_("Say what is to be published."))])
    return draft.record.kind


def _fill(uow: UnitOfWork, proposal: Proposal, draft: Draft, current: CurrentEntry | None) -> None:
    """Put what was typed into the proposal; raises ``Invalid``."""
    refuse(list(text_problems("reason", draft.reason, LONGEST_TEXT, lines=True)))
    if draft.kind is not proposal.kind:
        raise Invalid([Problem("kind", N_("A proposal keeps its kind."))])
    record, base = _record_and_base(uow, draft, current)
    plain = to_dict(normalised(record, base, proposal.state_code))
    if len(json.dumps(plain)) > LARGEST_RECORD:
        raise Invalid([Problem("record", N_("This is more than an entry can hold."))])
    proposal.record = plain
    proposal.base_revision = draft.base_revision
    proposal.reason = draft.reason.strip()
    proposal.emergency = draft.emergency
    proposal.alternative_id = draft.alternative_id


def _record_and_base(
    uow: UnitOfWork, draft: Draft, current: CurrentEntry | None
) -> tuple[Record, Record | None]:
    if current is None:
        if draft.record is None:
            raise Invalid([Problem("record", N_("Say what is to be published."))])
        return draft.record, None
    if not 1 <= draft.base_revision <= current.revision:
        message = N_("There is no such revision; open the entry again.")
        raise Invalid([Problem("base_revision", message)])
    if draft.kind in UNCHANGED:
        return current.record, current.record
    if draft.record is None:
        raise Invalid([Problem("record", N_("Say what is to be published."))])
    if draft.base_revision == current.revision:
        return draft.record, current.record
    key = (current.id, draft.base_revision)
    return draft.record, read_revisions(uow.session, current.kind, [key]).get(key)


def revise_draft(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime, draft: Draft
) -> int:
    """Replace what a draft says (also one that changes were requested of); gives its version."""
    proposal = load(uow, actor, PROPOSE, proposal_id)
    check(uow, actor, Action.SAVE, proposal, version, at)
    current = None
    if proposal.kind is not ProposalKind.CREATE:
        current = read_entry(uow.session, proposal.entry_id)
    elif draft.record is not None and draft.record.kind is not proposal.entry_kind:
        raise Invalid([Problem("record", N_("An entry keeps its kind."))])
    _fill(uow, proposal, draft, current)
    return finish(uow, actor, proposal, Action.SAVE, proposal.state, at)


def submit(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    workflow: Workflow,
) -> int:
    """Hand the proposal to the secretariat, or have it work at once where its kind does.

    Raises ``Invalid`` for broken rules or when nothing changes, ``StaleRevision`` with the clashes,
    ``InvalidState`` while another open proposal relies on what this one changes.
    """
    proposal = load(uow, actor, PROPOSE, proposal_id)
    check(uow, actor, Action.SUBMIT, proposal, version, at)
    return submit_loaded(uow, actor, proposal, at, workflow)


def withdraw(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime, text: str = ""
) -> int:
    """Take an open proposal back; any focal point of its State may."""
    proposal = load(uow, actor, PROPOSE, proposal_id)
    check(uow, actor, Action.WITHDRAW, proposal, version, at)
    refuse(list(text_problems("text", text, LONGEST_TEXT, lines=True)))
    proposal.decision_code, proposal.decision_text = "withdrawn", text.strip()
    to = ProposalState.WITHDRAWN
    return finish(uow, actor, proposal, Action.WITHDRAW, to, at, text.strip())


def comment(uow: UnitOfWork, actor: Actor, proposal_id: str, at: dt.datetime, text: str) -> None:
    """Say something on an open proposal; read by its State and the secretariat."""
    proposal = load(uow, actor, "proposals:read", proposal_id)
    check(uow, actor, Action.COMMENT, proposal, None, at)
    refuse(required_problems("text", text, LONGEST_TEXT))
    row = ProposalComment(
        proposal_id=proposal.id,
        at=at,
        by=actor.account_id,
        by_name=actor.name,
        text=text.strip(),
    )
    uow.session.add(row)
    uow.session.flush()
    change_log.record(uow, proposal_event("proposal.comment", proposal, doer_of(actor), at))


def add_evidence(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    file: EvidenceFile,
) -> int:
    """Keep a PDF with the proposal; gives the proposal's new version."""
    proposal = load(uow, actor, "proposals:read", proposal_id)
    check(uow, actor, Action.ADD_EVIDENCE, proposal, version, at)
    refuse(file_problems(file))
    counting = select(func.count(Evidence.id)).where(Evidence.proposal_id == proposal.id)
    if uow.session.scalars(counting).one() >= MOST_FILES:
        message = N_("A proposal takes at most %(most)s files.")
        raise Invalid([Problem("file", message, {"most": MOST_FILES})])
    digest = hashlib.sha256(file.content).hexdigest()
    row = Evidence(
        proposal_id=proposal.id,
        name=secrets.token_urlsafe(32),
        file_name=file.file_name,
        media_type="application/pdf",
        size=len(file.content),
        sha256=digest,
        content=file.content,
        uploaded_at=at,
        uploaded_by=actor.account_id,
        released_at=at if file.released else None,
    )
    uow.session.add(row)
    to = proposal.state
    return finish(uow, actor, proposal, Action.ADD_EVIDENCE, to, at, file=digest)


def file_problems(file: EvidenceFile) -> list[Problem]:
    """What is wrong with a file of evidence."""
    problems = list(text_problems("file", file.file_name, 200))
    if not file.file_name.strip() or "/" in file.file_name or "\\" in file.file_name:
        problems.append(Problem("file", N_("The file needs a plain name.")))
    if len(file.content) > LARGEST_FILE:
        message = N_("The file is larger than %(most)s MB.")
        problems.append(Problem("file", message, {"most": LARGEST_FILE // 2**20}))
    is_pdf = file.content.startswith(PDF) and PDF_END in file.content[-PDF_TAIL:]
    if not is_pdf:
        problems.append(Problem("file", N_("Only whole PDF files are taken as evidence.")))
    return problems
