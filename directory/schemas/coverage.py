"""What may be asked of coverage, and how it is answered."""

from marshmallow import fields

from directory.domain.coverage import Cover
from directory.domain.reference import LegalBasis
from directory.domain.vocabulary import CooperationType
from directory.schemas.entries import word
from directory.schemas.fields import StateCode, Word, Words, YesNo
from directory.schemas.parts import Answer, nested
from directory.schemas.questions import Question


class CoverageAsked(Question):
    """What the matrix is narrowed to."""

    region = Words(description="Only States of this regional group, by its name.")
    state = StateCode(description="Only this State.")
    type = Word(CooperationType, description="Only this cooperation type.")
    cover = Word(Cover, description="Only States with such a cell.")
    open_duty = YesNo(
        metadata={"description": "Only States that name nobody where a treaty obliges them to."}
    )


class CoverageCell(Answer):
    """One State and one cooperation type."""

    state = fields.String(required=True)
    type = word(CooperationType)
    cover = word(Cover)
    entries = fields.Integer(required=True, metadata={"minimum": 0})
    reported = fields.Integer(
        required=True,
        metadata={"minimum": 0, "description": "Entries that a reader reported as wrong."},
    )
    synthetic = fields.Boolean(required=True)
    is_open_duty = fields.Boolean(
        required=True, metadata={"description": "A treaty obliges to designate; nobody is named."}
    )
    has_clock = fields.Boolean(
        required=True, metadata={"description": "A duty must be met within one month."}
    )
    legal_bases = fields.List(nested(LegalBasis), required=True)


class CoverageTotals(Answer):
    """How many States stand where for one cooperation type."""

    type = word(CooperationType)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class CoverageAnswer(Answer):
    """The cells, State by State, and their totals."""

    items = fields.List(fields.Nested(CoverageCell), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True, metadata={"minimum": 0})
    totals = fields.List(fields.Nested(CoverageTotals), required=True)
