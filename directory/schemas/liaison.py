"""What may be asked about liaison officers, and how it is answered."""

from marshmallow import fields

from directory.domain.answer import Relation
from directory.domain.vocabulary import CooperationType
from directory.schemas.entries import word
from directory.schemas.fields import StateCode, Word
from directory.schemas.parts import Answer
from directory.schemas.questions import Question


class LiaisonAsked(Question):
    """From where one looks, and where one wants to go."""

    requesting = StateCode(
        description="The State that looks; your own by default, and without one the list is empty."
    )
    state = StateCode(description="Only officers that stand between it and this State.")
    type = Word(CooperationType, description="Only officers who deal with this cooperation type.")


class Standing(Answer):
    """How an officer stands between the State that looks and another."""

    state = fields.String(required=True)
    relation = word(Relation)


class LiaisonItem(Answer):
    """One officer in post; the entry has the channels."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "The sending State."})
    agency = fields.String(required=True)
    host_state = fields.String(required=True)
    host_city = fields.String(required=True)
    covered_states = fields.List(fields.String(), required=True)
    cooperation_types = fields.List(word(CooperationType), required=True)
    themes = fields.List(fields.String(), required=True)
    common_use = fields.Boolean(required=True)
    posted_from = fields.Date(required=True, allow_none=True)
    posted_to = fields.Date(required=True, allow_none=True)
    freshness = fields.String(required=True)
    synthetic = fields.Boolean(required=True)
    relations = fields.List(fields.Nested(Standing), required=True)


class LiaisonAnswer(Answer):
    """The officers."""

    items = fields.List(fields.Nested(LiaisonItem), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True, metadata={"minimum": 0})
