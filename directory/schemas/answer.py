"""The counterpart finder's answer as it is told to programs."""

from marshmallow import fields

from directory.domain.answer import Relation, Translation, UrgentPart
from directory.domain.hours import ReachHint, ReachState
from directory.domain.record import (
    Address,
    Channel,
    Designation,
    Hours,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.reference import LegalBasis
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus, PointTask
from directory.schemas.entries import FreshnessForm, LineTestForm, word
from directory.schemas.parts import Answer, extended, nested
from directory.schemas.proposals import DifferenceForm
from directory.schemas.reference import DeclarationForm


class ReasonForm(Answer):
    """Why: a stable code, the sentence in the reader's language, and the rule it rests on."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    rule = fields.String(required=True, allow_none=True)


class SourceForm(Answer):
    """Where a fact was read; ``copy`` is the date of the copy as recorded."""

    reference = fields.String(required=True)
    copy = fields.String(required=True)
    link = fields.String(
        required=True,
        metadata={"description": "The first of `links`; empty where the record names no page."},
    )
    links = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Every page that the record names, in its order."},
    )


SourceActForm = extended(
    SourceAct,
    "SourceActWithLinks",
    links=fields.List(
        fields.String(),
        required=True,
        metadata={"description": "`link`, or every page that the words of `reference` name."},
    ),
)


class QuestionForm(Answer):
    """The question as it was understood."""

    requesting = fields.String(required=True)
    requested = fields.String(required=True)
    type = word(CooperationType)
    urgent = fields.Boolean(required=True)
    instrument = fields.String(required=True, allow_none=True)
    territory = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True)


class Party(Answer):
    """One State's part in an instrument; ``since`` null is 'date unknown'."""

    state = fields.String(required=True)
    instrument = fields.String(
        required=True,
        metadata={
            "description": "Of which instrument the date and source are: the one it stands under,"
            " or the convention that this one supplements."
        },
    )
    since = fields.Date(required=True, allow_none=True)
    computed = fields.Boolean(required=True)
    source = fields.Nested(SourceForm, required=True)


class InstrumentInForce(Answer):
    """An instrument in force between the two States that covers the type."""

    code = fields.String(required=True)
    short_title = fields.String(required=True)
    articles = fields.List(fields.String(), required=True)
    in_force_since = fields.Date(required=True, allow_none=True)
    computed = fields.Boolean(required=True)
    asked = fields.Boolean(required=True)
    usable = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Is it a legal basis by itself? null: not known."},
    )
    notes = fields.List(fields.Nested(ReasonForm), required=True)
    legal_bases = fields.List(nested(LegalBasis), required=True)
    declarations = fields.List(fields.Nested(DeclarationForm), required=True)
    parties = fields.List(fields.Nested(Party), required=True)
    source = fields.List(fields.Nested(SourceForm), required=True)


class InstrumentMissing(Answer):
    """An instrument that covers the type and, by the record, does not bind both that day."""

    code = fields.String(required=True)
    short_title = fields.String(required=True)
    articles = fields.List(fields.String(), required=True)
    asked = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonForm), required=True)
    parties = fields.List(fields.Nested(Party), required=True)
    status_url = fields.String(required=True)


class Reachable(Answer):
    """Whether somebody is expected to answer; the ``viewer_`` times are on the reader's clock."""

    state = word(ReachState)
    local_time = fields.DateTime(required=True, allow_none=True)
    closes_at = fields.DateTime(required=True, allow_none=True)
    opens_at = fields.DateTime(required=True, allow_none=True)
    viewer_time = fields.DateTime(required=True, allow_none=True)
    viewer_closes_at = fields.DateTime(required=True, allow_none=True)
    viewer_opens_at = fields.DateTime(required=True, allow_none=True)
    changes_in_minutes = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Until it closes or opens; null: unknown or never."},
    )
    hint = word(ReachHint)
    opens_hint = word(ReachHint)
    zone_assumed = fields.Boolean(required=True)


class RecentChangeForm(Answer):
    """What one revision changed of what decides where requests go."""

    on = fields.Date(required=True)
    differences = fields.List(fields.Nested(DifferenceForm), required=True)


class ReportedChannelForm(Answer):
    """Reported by the State and not confirmed: beside the channels on record, never instead."""

    since = fields.DateTime(required=True)
    channel = nested(Channel, required=True)


class Contact(Answer):
    """An entry of the answer, with why it stands there and whether it can be relied on now."""

    id = fields.String(required=True)
    kind = word(EntryKind)
    state = fields.String(required=True)
    name = fields.String(required=True)
    status = word(EntryStatus)
    reason = fields.String(required=True)
    reasons = fields.List(fields.Nested(ReasonForm), required=True)
    warnings = fields.List(fields.Nested(ReasonForm), required=True)
    designation = nested(Designation, required=True, allow_none=True)
    other_designations = fields.List(nested(Designation), required=True)
    addresses = fields.List(nested(Address), required=True)
    channels = fields.List(nested(Channel), required=True)
    hours = nested(Hours, required=True, allow_none=True)
    freshness = fields.Nested(FreshnessForm, required=True)
    reachable = fields.Nested(Reachable, required=True)
    source = fields.Nested(SourceActForm, required=True, allow_none=True)
    as_published = fields.String(required=True, allow_none=True)
    synthetic = fields.Boolean(required=True)
    conflict = fields.Boolean(required=True)
    line_test = fields.Nested(LineTestForm, required=True, allow_none=True)
    unreviewed = fields.Boolean(
        required=True, metadata={"description": "No officer has looked at the latest change yet."}
    )
    alternative = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of a suspended entry: the one to use instead."},
    )
    recent_changes = fields.List(
        fields.Nested(RecentChangeForm),
        required=True,
        metadata={"description": "Of what decides where requests go, for 60 days, newest first."},
    )
    reported_channels = fields.List(fields.Nested(ReportedChannelForm), required=True)


class ContactPoint(Contact):
    """A 24/7 point; its channels are the escalation list, primary first."""

    network = fields.String(required=True)
    tasks = fields.List(word(PointTask), required=True)
    languages_night = fields.List(fields.String(), required=True)
    formal_authority = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The entry that handles the formal request afterwards."},
    )


class LiaisonOfficer(Contact):
    """A liaison officer in post that day."""

    relation = word(Relation)
    for_type = fields.Boolean(required=True)
    host_state = fields.String(required=True)
    host_city = fields.String(required=True)


class UrgentStepForm(Answer):
    """One thing to do when it cannot wait; in the order in which to try them."""

    part = word(UrgentPart)
    reason = fields.Nested(ReasonForm, required=True)
    entry = fields.String(required=True, allow_none=True)
    channels = fields.List(nested(Channel), required=True)
    source = fields.Nested(SourceForm, required=True, allow_none=True)
    also = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Further entries of the same office, with the same lines; "
            "their hours and reasons stand with each contact."
        },
    )


class Language(Answer):
    """Languages accepted, and who said so."""

    codes = fields.List(fields.String(), required=True)
    as_given = fields.String(required=True)
    reason = fields.Nested(ReasonForm, required=True)
    source = fields.Nested(SourceForm, required=True)


class RequirementsForm(Answer):
    """What the requested State, and the treaties, require of the request."""

    translation = word(Translation)
    languages = fields.List(fields.Nested(Language), required=True)
    contents = fields.List(fields.Nested(ReasonForm), required=True)
    time_limits = fields.List(fields.Nested(ReasonForm), required=True)
    entry = fields.String(required=True, allow_none=True)
    record = nested(RequirementsRecord, required=True, allow_none=True)


class StepForm(Answer):
    """One step of the finding: the part of the answer it made and, for a contact, its entry."""

    part = fields.String(required=True)
    reason = fields.Nested(ReasonForm, required=True)
    sources = fields.List(fields.Nested(SourceForm), required=True)
    entry = fields.String(required=True, allow_none=True)


class CounterpartAnswer(Answer):
    """Whom to address, with the reason and the source of each line."""

    question = fields.Nested(QuestionForm, required=True)
    instruments = fields.List(fields.Nested(InstrumentInForce), required=True)
    not_on_record = fields.List(fields.Nested(InstrumentMissing), required=True)
    authorities = fields.List(fields.Nested(Contact), required=True)
    suspended = fields.List(fields.Nested(Contact), required=True)
    nearest = fields.List(fields.Nested(Contact), required=True)
    contact_points = fields.List(fields.Nested(ContactPoint), required=True)
    urgent_steps = fields.List(fields.Nested(UrgentStepForm), required=True)
    liaison_officers = fields.List(fields.Nested(LiaisonOfficer), required=True)
    requirements = fields.Nested(RequirementsForm, required=True)
    gaps = fields.List(fields.Nested(ReasonForm), required=True)
    steps = fields.List(fields.Nested(StepForm), required=True)
