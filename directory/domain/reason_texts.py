"""The words for each code of a reason, in English, marked for translation."""

from collections.abc import Mapping
from types import MappingProxyType

from directory.domain.marks import N_

_TREATIES = {
    "asked": N_("%(state)s asks %(other)s about %(type)s, as of %(date)s."),
    "in_force_since": N_("%(instrument)s is in force between the two States since %(date)s."),
    "in_force_computed": N_(
        "%(instrument)s is in force between the two States since %(date)s; the date is computed by"
        " the treaty's rule from the day of deposit."
    ),
    "in_force_date_unknown": N_("%(instrument)s binds both States; since when is not on record."),
    "covers_type": N_("%(instrument)s covers %(type)s in article %(articles)s."),
    "date_unknown": N_(
        "%(state)s is bound by %(instrument)s; the date of its entry into force is not on record."
    ),
    "no_record": N_(
        "No participation of %(state)s in %(instrument)s is on record; check with the depositary."
    ),
    "no_record_as_of": N_(
        "No participation of %(state)s in %(instrument)s on record as of %(copy)s;"
        " check with the depositary."
    ),
    "no_record_single_finds": N_(
        "No participation of %(state)s in %(instrument)s is on record; the record holds single"
        " finds only, not a list of its parties. Check with the depositary."
    ),
    "signed_only": N_(
        "%(state)s has signed %(instrument)s; no consent to be bound is on record as of %(copy)s."
    ),
    "ended": N_("%(state)s has denounced %(instrument)s; the last day is not on record."),
    "ended_on": N_("%(state)s is no longer bound by %(instrument)s as of %(date)s."),
    "bound_from": N_("%(instrument)s enters into force for %(state)s on %(date)s only."),
    "bound_later": N_(
        "%(state)s had not consented to %(instrument)s by the day asked for;"
        " the date of entry into force is not on record."
    ),
    "bound_undated": N_(
        "The copy of %(copy)s has %(state)s bound by %(instrument)s; since when is not on record."
    ),
    "treaty_not_in_force": N_("By what is on record %(instrument)s is not in force."),
    "treaty_not_in_force_as_of": N_("%(instrument)s was not in force as of %(copy)s."),
    "treaty_in_force_from": N_("%(instrument)s enters into force on %(date)s only."),
    "articles_of_parent": N_("%(instrument)s supplements %(parent)s, whose articles apply to it."),
    "legal_basis_taken": N_("%(state)s takes %(instrument)s as the legal basis for extradition."),
    "legal_basis_not_taken": N_(
        "%(state)s does not take %(instrument)s as the legal basis for extradition:"
        " it is not a legal basis by itself."
    ),
    "legal_basis_unknown": N_(
        "Whether %(state)s takes %(instrument)s as the legal basis for extradition"
        " is not on record."
    ),
    "legal_basis_limited": N_("%(state)s limits it as a legal basis: %(value)s."),
    "treaty_first": N_(
        "A treaty of mutual legal assistance is in force between the two States (%(treaties)s):"
        " it applies, and what %(instrument)s says of requests only where the States agree."
    ),
    "treaty_first_or_better": N_(
        "A treaty of mutual legal assistance is in force between the two States (%(treaties)s):"
        " it applies, and %(instrument)s where it is more favourable."
    ),
    "ministry_to_ministry": N_(
        "Requests go from Ministry of Justice to Ministry of Justice, unless the States declared"
        " or agreed otherwise."
    ),
    "other_treaties": N_(
        "Bilateral treaties, the law of regional organizations and national law are not held"
        " here; they may apply first."
    ),
}

_RANKING = {
    "designated_under": N_("Designated for %(type)s under article %(article)s of %(instrument)s."),
    "named_under": N_("Named for %(type)s under article %(article)s of %(instrument)s."),
    "declared_under": N_(
        "Named for %(type)s by declaration under article %(article)s of %(instrument)s."
    ),
    "named_without_duty": N_(
        "Named by the State for %(type)s under %(instrument)s;"
        " article %(basis)s obliges nobody to designate an authority."
    ),
    "named_without_article": N_(
        "Named by the State for %(type)s under %(instrument)s; no article obliges it to."
    ),
    "through_mla": N_(
        "Designated under article %(article)s of %(instrument)s, through which such requests go."
    ),
    "under_other_article": N_(
        "Named for %(type)s under article %(article)s of %(instrument)s,"
        " not the article on this type."
    ),
    "for_type_as_such": N_("Named for %(type)s as such, under no instrument."),
    "under_other_instrument": N_(
        "Named for %(type)s under article %(article)s of %(instrument)s,"
        " which is in force between the two States."
    ),
    "under_instrument_not_in_force": N_(
        "Named for %(type)s under article %(article)s of %(instrument)s, which by the record is"
        " not in force between the two States: ask whether it serves this request."
    ),
    "under_other_instrument_whole": N_(
        "Named for %(type)s under %(instrument)s, which is in force between the two States."
    ),
    "under_instrument_not_in_force_whole": N_(
        "Named for %(type)s under %(instrument)s, which by the record is not in force between the"
        " two States: ask whether it serves this request."
    ),
    "nearest_type": N_(
        "Not designated for %(wanted)s: the authority for %(type)s is the nearest on record."
    ),
    "function_only": N_("For a specific function only: %(function)s."),
    "sends_only": N_("For requests that the State sends itself, not for those it receives."),
    "scope_limited": N_("Limited by the State to: %(scope)s."),
    "second_rank": N_("Second in rank by the State's own designation."),
    "status_notified": N_("Notified through the depositary."),
    "status_communicated": N_("Communicated to the secretariat."),
    "status_operational": N_("Used in practice; not formally designated."),
    "whole_state": N_("For the whole State, not for %(territory)s in particular."),
    "for_territory_asked": N_("For %(territory)s, the territory asked for."),
    "for_territory_only": N_("For %(territory)s only."),
    "behind_synthetic": N_("Behind the one above: it is synthetic, not a fact."),
    "behind_other_purpose": N_("Behind the one above: it serves another purpose."),
    "behind_part_of_state": N_("Behind the one above: it is for a part of the State only."),
    "behind_tier": N_("Behind the one above: its instrument is less near to the question."),
    "behind_not_territory": N_("Behind the one above: it is not for the territory asked for."),
    "behind_secondary": N_("Behind the one above: it is second in rank."),
    "behind_limited": N_("Behind the one above: its scope is limited."),
    "behind_status": N_("Behind the one above: it was made known less formally."),
    "behind_age": N_("Behind the one above: its source is older."),
    "level": N_("Level with the one above: nothing on record puts either first."),
}

_CONTACTS = {
    "suspended": N_("Suspended: do not use it; take another on this page."),
    "suspended_entry": N_("Suspended: do not use it now."),
    "retired_entry": N_("Retired: kept for the record only."),
    "synthetic": N_("Synthetic: invented for trials, not a fact."),
    "synthetic_entry": N_("Synthetic entry: invented for trials. Nobody answers there."),
    "disputed": N_("Reported as not working and not yet answered (%(reports)s reports)."),
    "confirmed_on": N_("Confirmed on %(date)s."),
    "lapsed_since": N_("Last confirmed on %(date)s; the confirmation has lapsed."),
    "as_published": N_("As published in %(published)s; not confirmed by the State."),
    "never_confirmed": N_("Not confirmed by the State."),
    "conflict": N_("Sources contradict one another on how to reach it; the newest stands first."),
    "changed_recently": N_("Changed on %(date)s."),
    "same_office_as_point": N_("The 24/7 point of contact of this answer is the same office."),
    "point_of_network": N_("Point of contact of the State (%(network)s)."),
    "point_of_other_type": N_(
        "Point of contact of the State for %(type)s, not for %(wanted)s; it may help."
    ),
    "liaison_mine_there": N_("Liaison officer of %(state)s posted in %(other)s."),
    "liaison_mine_covering": N_(
        "Liaison officer of %(state)s posted in %(other)s who covers the State asked."
    ),
    "liaison_theirs_here": N_("Liaison officer of %(state)s posted in %(other)s."),
    "liaison_theirs_covering": N_(
        "Liaison officer of %(state)s posted in %(other)s who covers the State that asks."
    ),
    "liaison_common_use": N_(
        "Liaison officer of %(state)s posted in %(other)s, whom other States may use."
    ),
    "liaison_other_types": N_("The officer does not list %(type)s."),
}

_URGENCY = {
    "call_point": N_("Call the point of contact; try its lines in the order given."),
    "open_now": N_("Somebody is there now."),
    "open_on_holiday": N_("Within its hours, but probably closed: a national holiday there."),
    "urgent_channel": N_("Closed now: use the line it gives for urgent cases or the night."),
    "urgent_hours_unknown": N_(
        "Whether somebody is there is not known: try first the line it gives for urgent cases or"
        " the night."
    ),
    "point_suspended": N_("Suspended 24/7 point: do not use it, nor a number of it that you kept:"),
    "point_silent": N_("Notified 24/7 point, no number on record:"),
    "authority_silent": N_("Designated authority, no number on record:"),
    "hours_unknown": N_("When it is open is not on record; try its lines."),
    "closed_now": N_("Closed now, and no line for urgent cases is on record."),
    "interpol_channel": N_("The authority can be reached through INTERPOL."),
    "interpol_accepted": N_("The State accepts INTERPOL as a channel (%(value)s)."),
    "interpol_accepted_in_part": N_(
        "INTERPOL is accepted as a channel for a part of the State only (%(value)s)."
    ),
    "interpol_refused": N_("The State does not accept INTERPOL as a channel (%(value)s)."),
    "urgent_channel_declared": N_("The State declared for urgent cases: %(value)s."),
    "interpol_if_agreed": N_(
        "In urgent circumstances, where the two States agree, through INTERPOL if possible."
    ),
    "interpol_by_treaty": N_("The request may be sent through INTERPOL."),
    "interpol_where_applied": N_(
        "The request may be sent through INTERPOL where article 27 applies: another treaty between"
        " the two States comes first, unless they agree otherwise (27(1))."
    ),
    "oral_if_agreed": N_("Where the two States agree, ask orally."),
    "writing_after_oral": N_("A request made orally is confirmed in writing forthwith."),
    "expedited_means": N_("Send by expedited means (fax, e-mail) with appropriate security."),
    "formal_confirmation": N_("Formal confirmation follows where the State requires it."),
    "direct_with_copy": N_(
        "Judicial authorities may send directly to one another; a copy goes at the same time to"
        " the central authority of the requested State through that of the requesting State."
    ),
    "direct_with_copy_if_agreed": N_(
        "Where the two States agree to apply it, judicial authorities may send directly to one"
        " another; a copy goes at the same time to the central authority of the requested State"
        " through that of the requesting State."
    ),
    "direct_between_courts": N_(
        "Judicial authorities may send letters rogatory directly to one another in urgent cases."
    ),
    "preserve_first": N_("First ask to preserve the data; the request to disclose follows."),
    "preserve_without_treaty": N_(
        "First ask to preserve the data, and say under which law: no treaty on record between the"
        " two States obliges it."
    ),
    "preserved_until": N_(
        "Preserved today, the data are kept until %(date)s at least; the request for them must"
        " arrive by then."
    ),
    "formal_request_to": N_("The formal request for the evidence goes to:"),
    "preserved_sixty_days": N_(
        "Preserved data are kept for at least sixty days, for the formal request to arrive."
    ),
    "formal_request_follows": N_(
        "Where the point cannot act itself, it works with the authority for mutual legal"
        " assistance or extradition: the formal request goes there."
    ),
    "arrest_interpol": N_(
        "Send by the diplomatic channel, directly by post or telegraph, through INTERPOL, or by"
        " any other means that leaves written evidence or that the State accepts."
    ),
    "arrest_request_follows": N_(
        "Provisional arrest may end when the extradition request has not arrived within"
        " 18 days, and ends after 40."
    ),
    "arrest_on_request": N_(
        "Custody on request where circumstances so warrant and are urgent, subject to the"
        " State's law and its extradition treaties."
    ),
}

_REQUIREMENTS = {
    "requirements_of": N_("What %(state)s itself says it requires."),
    "languages_of_requirements": N_("Accepted languages by the requirements of %(state)s."),
    "languages_of_authority": N_("Accepted languages by the entry of the authority."),
    "languages_declared": N_("Accepted languages declared by %(state)s under %(instrument)s."),
    "translation_not_needed": N_("No translation needed: a language in common is accepted."),
    "translation_needed": N_("Translation needed: no language in common is accepted."),
    "translation_unknown": N_("Whether a translation is needed cannot be told from the record."),
    "content_authority": N_("The identity of the authority making the request."),
    "content_subject": N_(
        "The subject matter and nature of the investigation, prosecution or judicial proceeding,"
        " and the name and functions of the authority conducting it."
    ),
    "content_facts": N_(
        "A summary of the relevant facts, except for the service of judicial documents."
    ),
    "content_assistance": N_("The assistance sought, and any particular procedure to be followed."),
    "content_person": N_(
        "Where possible, the identity, location and nationality of any person concerned."
    ),
    "content_purpose": N_("The purpose for which the evidence, information or action is sought."),
    "content_property": N_(
        "For a domestic order: a description of the property to be confiscated and the facts"
        " relied upon, sufficient for the State to seek the order under its law."
    ),
    "content_order": N_(
        "To enforce an order: a legally admissible copy of it, the facts, and how far it is to"
        " be executed."
    ),
    "content_confiscation_facts": N_(
        "To trace, freeze or seize: the facts relied upon and the actions requested."
    ),
    "content_object": N_("The object of and the reason for the request."),
    "content_identity": N_("Where possible, the identity and nationality of the person concerned."),
    "content_served": N_(
        "Where necessary, the name and address of the person to be served; in letters rogatory,"
        " the offence and a summary of the facts."
    ),
    "content_warrant": N_(
        "The original or an authenticated copy of the conviction and sentence or detention"
        " order, or of the warrant of arrest."
    ),
    "content_offences": N_(
        "The offences, the time and place of their commission, their legal descriptions and"
        " the provisions."
    ),
    "content_law_and_person": N_(
        "A copy of the enactments, or a statement of the law, and as accurate a description as"
        " possible of the person claimed."
    ),
    "content_arrest_document": N_(
        "That a conviction, detention order or warrant exists and that an extradition request"
        " will be sent."
    ),
    "content_arrest_offence": N_(
        "The offence, when and where it was committed and, as far as possible, a description of"
        " the person sought."
    ),
    "content_preserving_authority": N_("The authority seeking the preservation."),
    "content_offence_and_facts": N_(
        "The offence under investigation or proceedings, and a brief summary of the facts."
    ),
    "content_data": N_("The stored computer data to be preserved and their link to the offence."),
    "content_custodian": N_(
        "Any information that identifies the custodian of the data or the location of the"
        " computer system."
    ),
    "content_necessity": N_("The necessity of the preservation."),
    "content_intention": N_(
        "That a request to search, seize, secure or disclose the data is intended to follow."
    ),
}

_GAPS = {
    "regional_organization": N_(
        "%(state)s is a regional organization: it is a party to treaties in its own right, but"
        " requests are executed by the authorities of its member States."
    ),
    "asked_not_in_force": N_(
        "%(instrument)s, the instrument asked for, is not in force between the two States by the"
        " record."
    ),
    "asked_does_not_cover": N_(
        "%(instrument)s, the instrument asked for, has no article on %(type)s on record."
    ),
    "no_instrument": N_(
        "No instrument on record that covers %(type)s is in force between the two States."
    ),
    "no_legal_basis": N_(
        "None of the instruments in force is taken as a legal basis for %(type)s by both States."
    ),
    "no_designation": N_(
        "No authority of %(state)s is on record as designated for %(type)s on %(date)s."
    ),
    "only_suspended": N_("The only entries designated for it are suspended; do not use them."),
    "nearest_shown": N_("The authority for the nearest type is shown, marked as such."),
    "diplomatic_channel": N_("The diplomatic channel remains open."),
    "ask_secretariat": N_("Ask the secretariat; it will ask the State's focal point."),
    "point_only": N_(
        "Only a point of contact is designated for %(type)s; the formal request goes to the"
        " authority that it names."
    ),
    "only_other_instruments": N_(
        "All authorities shown are designated under instruments that by the record are not in"
        " force between the two States."
    ),
    "only_other_purpose": N_(
        "All authorities shown serve a specific function or the State's own requests only."
    ),
    "only_for_territories": N_("All authorities shown are for a part of the State only."),
    "only_synthetic": N_("All authorities shown are synthetic; nothing real is on record."),
    "no_contact_details": N_("The record of the first authority gives no address and no channel."),
    "none_under_asked": N_("No authority is designated under %(instrument)s itself."),
    "none_under_treaty_first": N_(
        "Of the treaties held here the first to apply between the two States is %(treaties)s; no"
        " authority is on record under it, and those shown are named under other treaties."
    ),
    "none_for_territory": N_("No authority is designated for %(territory)s itself."),
    "no_contact_point": N_("No point of contact of %(state)s is on record."),
    "points_suspended": N_("Every point of contact of %(state)s is suspended."),
    "no_requirements": N_("%(state)s has told the directory nothing of what it requires."),
    "languages_unknown": N_("The languages that %(state)s accepts are not on record."),
}

#: Code of a reason -> its English template.
REASON_TEXTS: Mapping[str, str] = MappingProxyType(
    _TREATIES | _RANKING | _CONTACTS | _URGENCY | _REQUIREMENTS | _GAPS
)
