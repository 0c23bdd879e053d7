"""Reference records as they are answered: States, instruments, cooperation types."""

from typing import Any

from marshmallow import fields

from directory.domain.reference import Declaration, Instrument, LegalBasis, Participation, State
from directory.domain.vocabulary import CooperationType
from directory.schemas.entries import EntryLine, word
from directory.schemas.parts import Answer, extended, listing, nested, schema_of


def _source_links() -> fields.List[Any]:
    described = "Every page that the words of `source` name, in their order."
    return fields.List(fields.String(), required=True, metadata={"description": described})


DeclarationForm = extended(Declaration, "Declaration", source_links=_source_links())
ParticipationForm = extended(Participation, "Participation", source_links=_source_links())

StateLine = extended(
    State,
    "StateLine",
    entry_count=fields.Integer(required=True, metadata={"minimum": 0}),
)
StateLineList = listing(StateLine)
InstrumentList = listing(schema_of(Instrument))


class Missing(Answer):
    """A cooperation type without an entry, and the articles in force for the State."""

    type = word(CooperationType)
    is_duty = fields.Boolean(required=True)
    legal_bases = fields.List(nested(LegalBasis), required=True)


StateDocument = extended(
    State,
    "StateDocument",
    participations=fields.List(fields.Nested(ParticipationForm), required=True),
    declarations=fields.List(fields.Nested(DeclarationForm), required=True),
    entries=fields.List(fields.Nested(EntryLine), required=True),
    missing=fields.List(fields.Nested(Missing), required=True),
)


class CooperationTypeForm(Answer):
    """A kind of help: its names by language, and what else people call it."""

    code = word(CooperationType)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    synonyms = fields.List(fields.String(), required=True)


CooperationTypeList = listing(CooperationTypeForm)
