"""The words of the directory. One thing has one name in code, tables, addresses and screens."""

from enum import StrEnum

#: The six languages of the interface and of the official names of States.
LANGUAGES: tuple[str, ...] = ("en", "fr", "es", "ar", "ru", "zh")


class EntryKind(StrEnum):
    """What an entry is."""

    #: A central or competent authority.
    AUTHORITY = "authority"
    #: A 24/7 point of contact (Budapest 35, police networks).
    CONTACT_POINT = "contact_point"
    #: An officer posted abroad (UNTOC 27(1)(d)).
    LIAISON_OFFICER = "liaison_officer"
    #: What a State requires for one cooperation type.
    REQUIREMENTS = "requirements"


class CooperationType(StrEnum):
    """The kinds of help States give one another."""

    #: Mutual legal assistance.
    MLA = "mla"
    #: Extradition.
    EXTRADITION = "extradition"
    #: Provisional arrest, urgent and before the extradition request.
    PROVISIONAL_ARREST = "provisional_arrest"
    #: Transfer of sentenced persons.
    TSP = "tsp"
    #: Transfer of criminal proceedings.
    TCP = "tcp"
    #: Confiscation and asset recovery.
    ASSET_RECOVERY = "asset_recovery"
    #: Illicit traffic of drugs by sea (1988 Convention 17).
    DRUGS_AT_SEA = "drugs_at_sea"
    #: Smuggling of migrants by sea (Migrants Protocol 8).
    MIGRANTS_AT_SEA = "migrants_at_sea"
    #: Tracing and exchange on firearms (Firearms Protocol 13).
    FIREARMS = "firearms"
    #: Protection and return of cultural property.
    CULTURAL_PROPERTY = "cultural_property"
    #: Help in developing measures to prevent crime (UNTOC 31(6)).
    PREVENTION = "prevention"
    #: Joint investigations (UNTOC 19).
    JOINT_INVESTIGATION = "joint_investigation"
    #: Police cooperation (UNTOC 27).
    LAW_ENFORCEMENT = "law_enforcement"
    #: Preservation and disclosure of electronic evidence (Budapest 29, 35).
    E_EVIDENCE = "e_evidence"
    #: Exchange between financial intelligence units (CETS 198, 46).
    FINANCIAL_INTELLIGENCE = "financial_intelligence"


class Role(StrEnum):
    """What an account may be."""

    #: Looks up.
    READER = "reader"
    #: Proposes for the own State, confirms.
    FOCAL_POINT = "focal_point"
    #: Secretariat: reviews, calls back.
    VERIFIER = "verifier"
    #: Secretariat: accounts, reference data.
    ADMINISTRATOR = "administrator"
    #: Reads logs.
    AUDITOR = "auditor"


class StateKind(StrEnum):
    """What a State is to the United Nations."""

    MEMBER = "member"
    OBSERVER = "observer"
    #: Party to treaties without being a member (Cook Islands, Niue).
    OTHER_PARTY = "other_party"
    #: Party in its own right, without a territory of its own (European Union).
    REGIONAL_ORGANIZATION = "regional_organization"


class EntryStatus(StrEnum):
    """Whether readers may rely on the entry."""

    PUBLISHED = "published"
    #: Taken out at once, its alternative shown.
    SUSPENDED = "suspended"
    #: Ended; kept for the record.
    RETIRED = "retired"


class ChannelKind(StrEnum):
    """A way to reach an authority."""

    TELEPHONE = "telephone"
    MOBILE = "mobile"
    FAX = "fax"
    EMAIL = "email"
    POST = "post"
    WEB_FORM = "web_form"
    SECURE_PLATFORM = "secure_platform"
    INTERPOL = "interpol"
    DIPLOMATIC = "diplomatic"


#: Somebody speaks there.
SPOKEN = frozenset({ChannelKind.TELEPHONE, ChannelKind.MOBILE})

#: What the ``warning`` of a channel may say: of a number outside its country's plan, ...
NUMBER_NOT_IN_PLAN = "number_not_in_plan"
#: ... of a value that no telephone can dial, ...
NOT_A_NUMBER = "not_a_number"
#: ... and of an e-mail address that is none.
ADDRESS_NOT_VALID = "address_not_valid"


class ChannelPurpose(StrEnum):
    """When a channel is meant to be used."""

    GENERAL = "general"
    URGENT = "urgent"
    OUT_OF_HOURS = "out_of_hours"


#: Purposes that make a channel an urgent one.
URGENT = frozenset({ChannelPurpose.URGENT, ChannelPurpose.OUT_OF_HOURS})


class Audience(StrEnum):
    """Who may see a field, from the widest to the narrowest."""

    #: Every signed-in reader.
    ALL_READERS = "all_readers"
    #: Authorities that deal with one of the entry's cooperation types.
    SAME_TYPE = "same_type"
    #: The State that owns the entry, and the secretariat.
    OWN_STATE = "own_state"
    #: Shown on a stated reason only, logged and told to the owner.
    BREAK_GLASS = "break_glass"


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0: how the recipient may share."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber_strict"
    RED = "red"


class NameForm(StrEnum):
    """How a name relates to the one the authority bears at home."""

    #: In the original language and script.
    ORIGINAL = "original"
    #: The original in Latin letters.
    ROMANISED = "romanised"
    #: Given by the State in another language.
    TRANSLATION = "translation"
    #: A rendering by the source, not by the State.
    RENDERING = "rendering"


class AddressPurpose(StrEnum):
    """What an address is for."""

    POSTAL = "postal"
    VISITING = "visiting"


class DesignationRank(StrEnum):
    """Which of several authorities is addressed first."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class DesignationStatus(StrEnum):
    """How the designation was made known."""

    #: Through the depositary of the instrument.
    NOTIFIED = "notified"
    #: To the secretariat.
    COMMUNICATED = "communicated"
    #: Used in practice, not designated formally.
    OPERATIONAL = "operational"


class ScopeKind(StrEnum):
    """What limits a designation to a part of the requests."""

    #: Stage of the proceedings: pre-trial, before a court, execution.
    STAGE = "stage"
    COURT = "court"
    ARTICLE = "article"
    #: The territory is a field of its own; this marks a limit the State wrote in other words.
    MATTER = "matter"


class SourceKind(StrEnum):
    """What kind of act or publication a fact comes from."""

    NOTE_VERBALE = "note_verbale"
    DEPOSITARY_NOTIFICATION = "depositary_notification"
    OFFICIAL_GAZETTE = "official_gazette"
    TREATY_COLLECTION = "treaty_collection"
    STATE_COMMUNICATION = "state_communication"
    #: Invented for trials; never a fact.
    SYNTHETIC = "synthetic"


class Freshness(StrEnum):
    """How far an entry may be trusted to be still true."""

    CONFIRMED = "confirmed"
    #: The confirmation is due.
    DUE = "due"
    #: Not confirmed in time, or never confirmed by the State.
    LAPSED = "lapsed"
    #: Reported as wrong and not yet answered.
    DISPUTED = "disputed"


class ConfirmationMethod(StrEnum):
    """How an entry was confirmed."""

    STATE = "state"
    CALL_BACK = "call_back"
    LINE_TEST = "line_test"


class Possible(StrEnum):
    """Whether a State can give a kind of help."""

    YES = "yes"
    NO = "no"
    #: To a certain extent, with the alternative given.
    PARTLY = "partly"


class ParticipationStatus(StrEnum):
    """What the record says of a State and an instrument."""

    PARTY = "party"
    SIGNATORY = "signatory"
    DENOUNCED = "denounced"


class DeclarationKind(StrEnum):
    """What a declaration is about."""

    EXTRADITION_LEGAL_BASIS = "extradition_legal_basis"
    EXTRADITION_LEGAL_BASIS_LIMITED = "extradition_legal_basis_limited"
    EXTRADITION_OF_NATIONALS = "extradition_of_nationals"
    LANGUAGE = "language"
    INTERPOL_CHANNEL = "interpol_channel"
    URGENT_CHANNEL = "urgent_channel"
    FORM_OF_REQUEST = "form_of_request"
    DUAL_CRIMINALITY = "dual_criminality"
    DISPUTE_RESERVATION = "dispute_reservation"
    DISPUTE_DECLARATION = "dispute_declaration"
    RESERVATION_WITHDRAWN = "reservation_withdrawn"


class PointTask(StrEnum):
    """What a 24/7 point may do itself (Budapest 35(1))."""

    ADVICE = "advice"
    PRESERVATION = "preservation"
    COLLECTION = "collection"
    LEGAL_INFORMATION = "legal_information"
    LOCATING_SUSPECTS = "locating_suspects"
