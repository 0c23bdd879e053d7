"""Questions about the past, and what is answered: revisions, checkpoints, proofs."""

from typing import Any

from marshmallow import ValidationError, fields, post_load

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.marks import N_
from directory.domain.vocabulary import ChannelKind, EntryStatus
from directory.errors import Problem
from directory.schemas.entries import word
from directory.schemas.fields import Count, Day, Known
from directory.schemas.parts import Answer, listing
from directory.schemas.questions import AS_KNOWN, Question

#: Above every sequence number and revision.
MOST = 999_999_999


class EntryAsked(Question):
    """An entry, now or as it stood."""

    as_of = Day(description="The entry as it stood on this day; today by default.")
    as_known = Known(description=AS_KNOWN)


class HistoryAsked(Question):
    """A page of an entry's revisions."""

    before = Count(MOST, description="Go on below this revision: `next` of the page before.")
    limit = Count(200, load_default=50, description="Most revisions on one page.")


class ProofAsked(Question):
    """That an event stands in the log, or that the log only grew."""

    sequence = Count(MOST, description="Number of an event.")
    size = Count(MOST, description="Prove it under the checkpoint of this size.")
    locals()["from"] = Count(MOST, description="Size of an older checkpoint.")
    to = Count(MOST, description="Size of a newer checkpoint.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Something must be asked, though nothing by itself is required.
        self.asks_nothing = False

    @post_load
    def refuse_halves(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        if set(data) not in ({"sequence"}, {"sequence", "size"}, {"from", "to"}):
            problem = Problem("", N_("give sequence, perhaps with size, or from and to"))
            raise ValidationError({"sequence": [problem]})
        return data


class ChangeForm(Answer):
    """One field that a revision changed; null where it was added or taken away."""

    path = fields.String(required=True)
    field_class = fields.Enum(FieldClass, required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class CallBackForm(Answer):
    """A call to confirm a change, or the diplomatic note that stood in for it."""

    at = fields.DateTime(required=True)
    channel_kind = word(ChannelKind, allow_none=True)
    result = word(CallBackResult)


class VerificationForm(Answer):
    """How a change was verified."""

    proposal_kind = word(ProposalKind)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    officers = fields.Integer(required=True)
    call_backs = fields.List(fields.Nested(CallBackForm), required=True)
    emergency = fields.Boolean(required=True)


class EventForm(Answer):
    """Where a revision stands in the change log; ``signed`` once a checkpoint covers it."""

    sequence = fields.Integer(required=True)
    hash = fields.String(required=True)
    signed = fields.Boolean(required=True)


class RevisionForm(Answer):
    """One revision of an entry."""

    revision = fields.Integer(required=True)
    recorded_at = fields.DateTime(required=True)
    status = word(EntryStatus)
    reason = fields.String(required=True)
    recorded_by = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangeForm), required=True, allow_none=True)
    changes_withheld = fields.Boolean(required=True)
    verification = fields.Nested(VerificationForm, required=True, allow_none=True)
    evidence = fields.Integer(required=True)
    event = fields.Nested(EventForm, required=True, allow_none=True)
    erased = fields.Boolean(required=True)


RevisionList = listing(RevisionForm)


class CheckpointForm(Answer):
    """The newest signed checkpoint, and the public keys that count."""

    number = fields.Integer(required=True)
    size = fields.Integer(required=True)
    root = fields.String(required=True)
    at = fields.DateTime(required=True)
    note = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)


class ProofForm(Answer):
    """A proof in the form that tools/verify_log.py checks."""

    format = fields.String(required=True)
    kind = fields.String(required=True)
    path = fields.List(fields.String(), required=True)
    event = fields.Raw()
    checkpoint = fields.String()
    old = fields.String()
    new = fields.String()


class ExtractForm(Answer):
    """A sealed extract: check it offline with tools/verify_log.py, or at /seal."""

    format = fields.String(required=True)
    statement = fields.Dict(required=True)
    seal = fields.String(required=True)
