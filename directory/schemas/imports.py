"""What an import is asked with, and what it answers."""

from marshmallow import fields, validate

from directory.domain.lifecycle import ProposalKind
from directory.domain.vocabulary import EntryKind
from directory.schemas.entries import word
from directory.schemas.fields import YesNo
from directory.schemas.parts import Answer
from directory.schemas.questions import Question

#: Most characters of a reason.
LONGEST_REASON = 4000


class ImportAsked(Question):
    """Parameters of an import; the file is the body."""

    dry_run = YesNo(
        load_default=False, metadata={"description": "Show every difference and make nothing."}
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"description": "Why, in a sentence; stands on every proposal."},
    )


class ImportDifference(Answer):
    """One field that differs from what is published; null where nothing stands."""

    path = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ImportChange(Answer):
    """An entry of the file that differs from what is published."""

    place = fields.String(required=True, metadata={"description": "Where in the file."})
    entry = fields.String(required=True, allow_none=True)
    kind = word(ProposalKind)
    entry_kind = word(EntryKind)
    differences = fields.List(fields.Nested(ImportDifference), required=True)


class ImportAnswer(Answer):
    """What an import would do, or did: then each change has its proposal."""

    dry_run = fields.Boolean(required=True)
    batch = fields.String(required=True, allow_none=True)
    proposals = fields.List(fields.String(), required=True)
    changes = fields.List(fields.Nested(ImportChange), required=True)
    unchanged = fields.Integer(required=True, metadata={"minimum": 0})
