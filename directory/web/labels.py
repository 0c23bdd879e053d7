"""What the words of the vocabulary are called on a page."""

from enum import StrEnum

from flask_babel import LazyString

from directory.domain.answer import Relation, Translation
from directory.domain.closures import ClosureStatus
from directory.domain.coverage import Cover
from directory.domain.events import Authentication
from directory.domain.fields import FieldClass
from directory.domain.hours import ReachHint, ReachState
from directory.domain.lifecycle import (
    CallBackResult,
    ProposalKind,
    ProposalState,
    ReportKind,
)
from directory.domain.line_tests import LineMethod, LineOutcome, LineProof, LineTimes
from directory.domain.vocabulary import (
    AddressPurpose,
    Audience,
    ChannelKind,
    ChannelPurpose,
    ConfirmationMethod,
    DeclarationKind,
    DesignationRank,
    DesignationStatus,
    EntryKind,
    EntryStatus,
    Freshness,
    NameForm,
    ParticipationStatus,
    PointTask,
    Possible,
    ScopeKind,
    SourceKind,
    StateKind,
    Tlp,
)
from directory.web.catalogues import text_later

_ = text_later

#: Each vocabulary apart: members of two of them may have one value and two meanings.
LABELS: tuple[dict[StrEnum, LazyString], ...] = (
    {
        Authentication.SYSTEM: _("The directory itself"),
        Authentication.PASSWORD: _("Password alone"),
        Authentication.SECOND_FACTOR: _("Password and second factor"),
        Authentication.PASSKEY: _("Passkey"),
        Authentication.TOKEN: _("Token"),
    },
    {
        LineMethod.MAIL: _("by e-mail"),
        LineMethod.TELEPHONE: _("by telephone"),
    },
    {
        LineOutcome.ANSWERED: _("Answered"),
        LineOutcome.NO_ANSWER: _("No answer"),
        LineOutcome.BOUNCED: _("The mail came back"),
        LineOutcome.WRONG_LINE: _("Somebody else was reached"),
        LineOutcome.NO_LANGUAGE: _("No language in common"),
        LineOutcome.NOT_RUN: _("Not run"),
    },
    {
        LineProof.LINK: _("by the link"),
        LineProof.CODE: _("by the code, read out on the telephone"),
        LineProof.WORD: _("by the word of the officer who rang"),
    },
    {
        LineTimes.INSIDE: _("Within office hours of the place"),
        LineTimes.OUTSIDE: _("Outside office hours: nights, weekends, holidays"),
        LineTimes.BOTH: _("Once in each"),
    },
    {
        EntryKind.AUTHORITY: _("Authority"),
        EntryKind.CONTACT_POINT: _("24/7 contact point"),
        EntryKind.LIAISON_OFFICER: _("Liaison officer"),
        EntryKind.REQUIREMENTS: _("Requirements"),
    },
    {
        EntryStatus.PUBLISHED: _("Published"),
        EntryStatus.SUSPENDED: _("Suspended"),
        EntryStatus.RETIRED: _("Retired"),
    },
    {
        ChannelKind.TELEPHONE: _("Telephone"),
        ChannelKind.MOBILE: _("Mobile telephone"),
        ChannelKind.FAX: _("Fax"),
        ChannelKind.EMAIL: _("E-mail"),
        ChannelKind.POST: _("Post"),
        ChannelKind.WEB_FORM: _("Web form"),
        ChannelKind.SECURE_PLATFORM: _("Secure platform"),
        ChannelKind.INTERPOL: _("INTERPOL"),
        ChannelKind.DIPLOMATIC: _("Diplomatic channel"),
    },
    {
        ChannelPurpose.GENERAL: _("General"),
        ChannelPurpose.URGENT: _("Urgent"),
        ChannelPurpose.OUT_OF_HOURS: _("Out of hours"),
    },
    {
        Tlp.CLEAR: _("TLP:CLEAR"),
        Tlp.GREEN: _("TLP:GREEN"),
        Tlp.AMBER: _("TLP:AMBER"),
        Tlp.AMBER_STRICT: _("TLP:AMBER+STRICT"),
        Tlp.RED: _("TLP:RED"),
    },
    {
        NameForm.ORIGINAL: _("Original"),
        NameForm.ROMANISED: _("In Latin letters"),
        NameForm.TRANSLATION: _("Given by the State"),
        NameForm.RENDERING: _("Rendering by the source, not by the State"),
    },
    {
        AddressPurpose.POSTAL: _("Postal address"),
        AddressPurpose.VISITING: _("Visiting address"),
    },
    {
        DesignationStatus.NOTIFIED: _("Notified through the depositary"),
        DesignationStatus.COMMUNICATED: _("Communicated to the secretariat"),
        DesignationStatus.OPERATIONAL: _("Used in practice, not formally designated"),
    },
    {
        SourceKind.NOTE_VERBALE: _("Note verbale"),
        SourceKind.DEPOSITARY_NOTIFICATION: _("Depositary notification"),
        SourceKind.OFFICIAL_GAZETTE: _("Official gazette"),
        SourceKind.TREATY_COLLECTION: _("Treaty collection"),
        SourceKind.STATE_COMMUNICATION: _("Communication of the State"),
        SourceKind.SYNTHETIC: _("Invented for trials"),
    },
    {
        Freshness.CONFIRMED: _("Confirmed"),
        Freshness.DUE: _("Confirmation due"),
        Freshness.LAPSED: _("Not confirmed"),
        Freshness.DISPUTED: _("Disputed"),
    },
    {
        Cover.CONFIRMED: _("Confirmed"),
        Cover.DUE: _("Confirmation due"),
        Cover.LAPSED: _("Confirmation lapsed"),
        Cover.DESIGNATED: _("Named, never confirmed"),
        Cover.DISPUTED: _("Reported as wrong"),
        Cover.MISSING: _("Nobody on record"),
        Cover.NOT_ON_RECORD: _("No treaty on record"),
    },
    {
        ConfirmationMethod.STATE: _("by the State"),
        ConfirmationMethod.CALL_BACK: _("by call-back"),
        ConfirmationMethod.LINE_TEST: _("by line test"),
    },
    {
        Possible.YES: _("Possible"),
        Possible.NO: _("Not possible"),
        Possible.PARTLY: _("Possible to a certain extent"),
    },
    {
        ParticipationStatus.PARTY: _("Party"),
        ParticipationStatus.SIGNATORY: _("Signed only"),
        ParticipationStatus.DENOUNCED: _("Denounced"),
    },
    {
        DeclarationKind.EXTRADITION_LEGAL_BASIS: _("Legal basis for extradition"),
        DeclarationKind.EXTRADITION_LEGAL_BASIS_LIMITED: _("Limit on the legal basis"),
        DeclarationKind.EXTRADITION_OF_NATIONALS: _("Extradition of nationals"),
        DeclarationKind.LANGUAGE: _("Languages"),
        DeclarationKind.INTERPOL_CHANNEL: _("INTERPOL channel"),
        DeclarationKind.URGENT_CHANNEL: _("Urgent channel"),
        DeclarationKind.FORM_OF_REQUEST: _("Form of the request"),
        DeclarationKind.DUAL_CRIMINALITY: _("Dual criminality"),
        DeclarationKind.DISPUTE_RESERVATION: _("Reservation on disputes"),
        DeclarationKind.DISPUTE_DECLARATION: _("Declaration on disputes"),
        DeclarationKind.RESERVATION_WITHDRAWN: _("Reservation withdrawn"),
    },
    {
        PointTask.ADVICE: _("technical advice"),
        PointTask.PRESERVATION: _("preservation of data"),
        PointTask.COLLECTION: _("collection of evidence"),
        PointTask.LEGAL_INFORMATION: _("legal information"),
        PointTask.LOCATING_SUSPECTS: _("locating of suspects"),
    },
    {
        ClosureStatus.WAITING: _("Waits for an officer"),
        ClosureStatus.UNREVIEWED: _("Counts, not yet reviewed"),
        ClosureStatus.VERIFIED: _("Reviewed"),
        ClosureStatus.REFUSED: _("Refused"),
        ClosureStatus.LEAVING: _("To be taken back, waits for an officer"),
        ClosureStatus.LEFT_UNREVIEWED: _("Taken back, not yet reviewed"),
        ClosureStatus.WITHDRAWN: _("Taken back"),
    },
    {
        ReachState.OPEN: _("Open now"),
        ReachState.CLOSED: _("Closed now"),
        ReachState.ROUND_THE_CLOCK: _("Round the clock"),
        ReachState.UNKNOWN: _("No opening hours on record"),
    },
    {
        ReachHint.NONE: _("no remark"),
        ReachHint.CLOSURE: _("closed today, as the State announced"),
        ReachHint.CLOSURE_UNREVIEWED: _(
            "closed today, as the State announced, not yet reviewed by the secretariat"
        ),
        ReachHint.HOLIDAY: _("probably closed: national holiday by the calendar"),
        ReachHint.WEEKEND: _("probably closed: weekend there"),
        ReachHint.POINT: _("a 24/7 point: somebody should answer at any hour"),
    },
    {
        Relation.MINE_THERE: _("Yours, posted there"),
        Relation.MINE_COVERING: _("Yours, covering it from elsewhere"),
        Relation.THEIRS_HERE: _("Theirs, posted with you"),
        Relation.THEIRS_COVERING: _("Theirs, covering your State from elsewhere"),
        Relation.COMMON_USE: _("Of a third State, open to others"),
    },
    {
        Translation.NOT_NEEDED: _("No translation needed"),
        Translation.NEEDED: _("Translation needed"),
        Translation.UNKNOWN: _("Languages accepted: not on record"),
    },
    {
        StateKind.MEMBER: _("United Nations member State"),
        StateKind.OBSERVER: _("Observer State"),
        StateKind.OTHER_PARTY: _("Party to treaties, not a member State"),
        StateKind.REGIONAL_ORGANIZATION: _("Regional organization"),
    },
    {
        Audience.ALL_READERS: _("Every signed-in reader"),
        Audience.SAME_TYPE: _("Authorities that deal with the same kind of help"),
        Audience.OWN_STATE: _("Your State and the secretariat"),
        Audience.BREAK_GLASS: _("On a stated reason only, each look recorded"),
    },
    {
        DesignationRank.PRIMARY: _("First"),
        DesignationRank.SECONDARY: _("Second"),
    },
    {
        ScopeKind.STAGE: _("Stage of the proceedings"),
        ScopeKind.COURT: _("Court"),
        ScopeKind.ARTICLE: _("Article"),
        ScopeKind.MATTER: _("Other limit, in the State's words"),
    },
    {
        ProposalKind.CREATE: _("New entry"),
        ProposalKind.AMEND: _("Change"),
        ProposalKind.CONFIRM: _("Confirmation"),
        ProposalKind.SUSPEND: _("Suspension"),
        ProposalKind.RETIRE: _("Retirement"),
        ProposalKind.RESTORE: _("Restoration"),
    },
    {
        ProposalState.DRAFT: _("Draft"),
        ProposalState.SUBMITTED: _("Submitted"),
        ProposalState.IN_REVIEW: _("In review"),
        ProposalState.CHANGES_REQUESTED: _("Changes requested"),
        ProposalState.VERIFIED: _("Verified by one officer"),
        ProposalState.ON_HOLD: _("On hold"),
        ProposalState.FROZEN: _("Frozen by an objection"),
        ProposalState.PUBLISHED: _("Published"),
        ProposalState.WITHDRAWN: _("Withdrawn"),
        ProposalState.REJECTED: _("Rejected"),
        ProposalState.SUPERSEDED: _("Superseded"),
        ProposalState.EXPIRED: _("Expired"),
    },
    {
        ReportKind.WRONG_NUMBER: _("Wrong number"),
        ReportKind.BOUNCED: _("E-mail came back"),
        ReportKind.NO_ANSWER: _("No answer"),
        ReportKind.WRONG_DESK: _("Wrong desk"),
        ReportKind.LANGUAGE: _("No common language"),
        ReportKind.OTHER: _("Something else"),
    },
    {
        CallBackResult.CONFIRMED: _("Confirmed"),
        CallBackResult.DENIED: _("Not confirmed"),
        CallBackResult.NOT_REACHED: _("Nobody reached"),
        CallBackResult.NOTE_VERBALE: _("By diplomatic note instead"),
    },
)

#: How much depends on a change, by its class.
CLASSES: dict[FieldClass, LazyString] = {
    FieldClass.DESCRIPTIVE: _("Descriptive"),
    FieldClass.SUBSTANTIVE: _("Substantive"),
    FieldClass.ROUTING_CRITICAL: _("Routing-critical"),
}

_BY_VOCABULARY = {type(next(iter(words))): words for words in LABELS}

#: What a warning on a channel means, by its code.
CHANNEL_WARNINGS: dict[str, LazyString] = {
    "number_not_in_plan": _("Not valid in today's numbering plan; kept as printed."),
    "not_a_number": _("Not a complete number; kept as printed."),
    "address_not_valid": _("Not a complete e-mail address; kept as printed."),
}

#: Special functions that the sources name, by their code; what States write themselves is no code.
FUNCTIONS: dict[str, LazyString] = {
    "terrorism": _("terrorism matters"),
    "cross_border_observation": _("cross-border observation"),
    "criminal_records": _("criminal records"),
    "videoconference": _("hearings by video conference"),
    "civil_admin_proceedings": _("civil and administrative proceedings"),
}

WEEKDAYS: tuple[LazyString, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

REGIONAL_GROUPS: dict[str, LazyString] = {
    "African States": _("African States"),
    "Asia-Pacific States": _("Asia-Pacific States"),
    "Eastern European States": _("Eastern European States"),
    "Latin American and Caribbean States": _("Latin American and Caribbean States"),
    "Western European and other States": _("Western European and other States"),
}

#: First word of 'must designate' in the table of legal bases -> what it asks of a State.
DUTIES: dict[str, LazyString] = {
    "yes": _("obliges it to designate an authority"),
    "no": _("obliges nobody to designate an authority"),
    "inform": _("obliges it to name whom to address"),
    "by": _("names an authority by declaration"),
    "channel": _("names a channel by declaration"),
    "through": _("goes through the authority for mutual legal assistance"),
}

#: How a State consented to be bound, as lists of parties say it.
CONSENTS: dict[str, LazyString] = {
    "ratification": _("ratification"),
    "accession": _("accession"),
    "acceptance": _("acceptance"),
    "approval": _("approval"),
    "succession": _("succession"),
    "formal confirmation": _("formal confirmation"),
    "ratification/notification": _("ratification or notification"),
}

#: Time limits of the table of legal bases, by which an article wants the designation.
TIME_LIMITS: dict[str, LazyString] = {
    "any time": _("any time"),
    "at deposit": _("at deposit"),
    "at deposit of instrument of ratification or accession": _(
        "at deposit of instrument of ratification or accession"
    ),
    "at signature or deposit": _("at signature or deposit"),
    "no moment stated": _("no moment stated"),
    "one month from designation": _("one month from designation"),
    "to be checked against the text": _("to be checked against the text"),
}


def label(word: StrEnum) -> LazyString:
    """What a member of the vocabulary is called on the page."""
    return _BY_VOCABULARY[type(word)][word]


def class_label(field_class: FieldClass) -> LazyString:
    """What the class of a change is called."""
    return CLASSES[field_class]


def function_text(function: str) -> str:
    """The special function of a designation in words; what a State wrote stays as it is."""
    if function in FUNCTIONS:
        return str(FUNCTIONS[function])
    is_code = "_" in function and " " not in function
    return function.replace("_", " ") if is_code else function


def channel_warning(code: str) -> LazyString:
    """What is odd about a channel."""
    return CHANNEL_WARNINGS.get(
        code, _("Looks odd to the program that checked it. Kept as printed.")
    )
