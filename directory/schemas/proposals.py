"""Bodies of what programs send to change something, and the form of a proposal."""

from typing import Any

from marshmallow import RAISE, Schema, fields

from directory.domain.lifecycle import (
    Action,
    CallBackResult,
    ProposalKind,
    ProposalState,
    ReportKind,
)
from directory.domain.marks import N_
from directory.domain.vocabulary import ChannelKind, EntryKind
from directory.errors import Problem
from directory.schemas.entries import word
from directory.schemas.fields import StateCode, Word
from directory.schemas.parts import Answer
from directory.schemas.questions import Question


class ProposalsAsked(Question):
    """What a list of proposals is narrowed to."""

    state = StateCode(description="Code of the proposing State.", load_default="")
    status = Word(ProposalState, load_default=None, description="Where the proposals stand.")


class Body(Schema):
    """A JSON object: no field but its own."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        allowed = ", ".join(self.fields) or "-"
        message = N_("unknown field; allowed are: %(allowed)s")
        self.error_messages["unknown"] = Problem("", message, {"allowed": allowed})  # type: ignore[assignment]


class ProposalBody(Body):
    """A proposal as its State writes it."""

    kind = Word(ProposalKind, required=True)
    entry_id = fields.String(load_default="")
    entry_kind = Word(EntryKind, load_default=None, description="Needed with a record.")
    base_revision = fields.Integer(load_default=0, strict=True)
    record = fields.Dict(load_default=None, allow_none=True)
    reason = fields.String(load_default="")
    emergency = fields.Boolean(load_default=False)
    alternative_id = fields.String(load_default="")


class TextBody(Body):
    """What is said with an act."""

    text = fields.String(load_default="")


class RejectionBody(TextBody):
    """Why a proposal is refused for good."""

    code = fields.String(required=True)


class CallBackBody(Body):
    """What an officer writes down of a call."""

    result = Word(CallBackResult, required=True)
    channel_kind = Word(ChannelKind, load_default=None)
    channel_value = fields.String(load_default="")
    function = fields.String(load_default="")
    question = fields.String(load_default="")
    answered = fields.Boolean(load_default=False)
    note = fields.String(load_default="")


class ReportBody(Body):
    """What did not work."""

    kind = Word(ReportKind, required=True)
    channel = fields.String(load_default="")
    note = fields.String(load_default="")


class ConfirmationBody(Body):
    """All of this is still correct: these entries, or all of the own State."""

    entry_ids = fields.List(fields.String(), load_default=list)
    state = fields.String(load_default="")
    #: Entry -> the revision that was looked at; one that has changed since is refused.
    seen = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), load_default=dict)


class ProposalForm(Answer):
    """A proposal as a line of a list."""

    id = fields.String(required=True)
    entry = fields.String(required=True)
    entry_kind = word(EntryKind)
    state = fields.String(required=True)
    kind = word(ProposalKind)
    status = word(ProposalState)
    version = fields.Integer(required=True)
    base_revision = fields.Integer(required=True)
    field_class = fields.String(required=True)
    emergency = fields.Boolean(required=True)
    reason = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    hold_until = fields.DateTime(required=True, allow_none=True)
    decision_code = fields.String(required=True)
    decision_text = fields.String(required=True)
    published_revision = fields.Integer(required=True, allow_none=True)


class DifferenceForm(Answer):
    """One field that differs; null where nothing stands."""

    path = fields.String(required=True)
    field_class = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ActionForm(Answer):
    """Something that can be done with a proposal, and why you may not."""

    action = word(Action)
    allowed = fields.Boolean(required=True)
    reasons = fields.List(fields.String(), required=True)


class ProposalInFull(ProposalForm):
    """A proposal with what it changes and what can be done with it."""

    record = fields.Dict(required=True)
    differences = fields.List(fields.Nested(DifferenceForm), required=True)
    actions = fields.List(fields.Nested(ActionForm), required=True)


class ProposalList(Answer):
    """Proposals, the oldest first; there is one page."""

    items = fields.List(fields.Nested(ProposalForm), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)


class Made(Answer):
    """What an act made or moved."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)


class Confirmed(Answer):
    """The entries that were confirmed."""

    entry_ids = fields.List(fields.String(), required=True)


#: Act in the address -> the form of its body.
ACT_BODIES: dict[str, type[Body]] = {
    "submit": Body,
    "withdraw": TextBody,
    "comment": TextBody,
    "take": Body,
    "release": Body,
    "acknowledge": Body,
    "call-back": CallBackBody,
    "request-changes": TextBody,
    "verify": Body,
    "approve": Body,
    "reject": RejectionBody,
    "object": TextBody,
    "dismiss-objection": TextBody,
}

#: Every body, for the description.
BODIES: tuple[type[Body], ...] = (
    *dict.fromkeys(ACT_BODIES.values()),
    ProposalBody,
    ReportBody,
    ConfirmationBody,
)
