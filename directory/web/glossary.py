"""What the words of the directory mean, in a sentence each. Articles come from the reference data.

No definition repeats the text of a treaty; the link to the text does.
"""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from directory.domain.vocabulary import CooperationType

_ = lazy_gettext

#: What one State asks of another, by the kind of help.
TYPES: dict[CooperationType, LazyString] = {
    CooperationType.MLA: _(
        "Asking another State to take evidence, hear witnesses, search, seize or serve documents "
        "for criminal proceedings."
    ),
    CooperationType.EXTRADITION: _(
        "Handing a person over to stand trial or to serve a sentence in the State that asks."
    ),
    CooperationType.PROVISIONAL_ARREST: _(
        "Arresting a person who is sought, in urgent cases, before the request for extradition "
        "arrives."
    ),
    CooperationType.TSP: _(
        "Letting a sentenced person serve the rest of the sentence in another State, mostly the "
        "own one."
    ),
    CooperationType.TCP: _("Leaving the prosecution of an offence to another State."),
    CooperationType.ASSET_RECOVERY: _(
        "Tracing, freezing, confiscating and giving back what comes from an offence."
    ),
    CooperationType.DRUGS_AT_SEA: _(
        "Asking the State whose flag a vessel flies to confirm it and to allow measures against "
        "illicit traffic in drugs."
    ),
    CooperationType.MIGRANTS_AT_SEA: _(
        "The same for a vessel that is suspected of smuggling migrants."
    ),
    CooperationType.FIREARMS: _("Tracing firearms and exchanging what is known about them."),
    CooperationType.CULTURAL_PROPERTY: _(
        "Protecting, tracing and giving back cultural property that was taken or traded illicitly."
    ),
    CooperationType.PREVENTION: _("Help in developing measures against crime."),
    CooperationType.JOINT_INVESTIGATION: _(
        "Investigating together, by a joint body or case by case."
    ),
    CooperationType.LAW_ENFORCEMENT: _(
        "Police and customs helping each other with information, officers and inquiries, outside "
        "formal requests."
    ),
    CooperationType.E_EVIDENCE: _(
        "Having stored data preserved before they vanish, and disclosed; mostly through points "
        "that answer round the clock."
    ),
    CooperationType.FINANCIAL_INTELLIGENCE: _(
        "Units that receive reports of suspicious transactions exchanging what they know."
    ),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the directory and what it means here."""

    key: str
    title: LazyString
    means: LazyString


WORDS: tuple[Word, ...] = (
    Word(
        "central-authority",
        _("Central authority"),
        _("The office that a State named to send and receive requests under a treaty."),
    ),
    Word(
        "competent-authority",
        _("Competent authority"),
        _("Any office that may act on a kind of help, named under a treaty or not."),
    ),
    Word(
        "designation",
        _("Designation"),
        _(
            "That an authority is competent: for which kind of help, under which treaty and "
            "article, within which limits, since when, and by which act it was made known."
        ),
    ),
    Word(
        "channel",
        _("Channel"),
        _("A way to reach an office: telephone, e-mail, post, platform, INTERPOL, diplomatic."),
    ),
    Word(
        "contact-point",
        _("24/7 contact point"),
        _("A desk that answers at any hour, for what cannot wait."),
    ),
    Word(
        "liaison-officer",
        _("Liaison officer"),
        _("An officer posted abroad who helps requests on their way; does not decide on them."),
    ),
    Word(
        "requirements",
        _("Requirements"),
        _("What a State asks for in a request: languages, form, contents, time limits."),
    ),
    Word(
        "declaration",
        _("Declaration"),
        _(
            "What a State told the depositary about a treaty, for instance its languages or "
            "whether the treaty is a basis for extradition."
        ),
    ),
    Word(
        "legal-basis",
        _("Legal basis"),
        _("The treaty and article that a request rests on."),
    ),
    Word(
        "dual-criminality",
        _("Dual criminality"),
        _("That the act is an offence in both States."),
    ),
    Word(
        "depositary",
        _("Depositary"),
        _("Who keeps a treaty and records which States are bound by it and since when."),
    ),
    Word(
        "note-verbale",
        _("Note verbale"),
        _("A formal diplomatic note, by which States make designations known."),
    ),
    Word(
        "call-back",
        _("Call-back"),
        _("Ringing a State on a number that stood here before, to ask if a change is its own."),
    ),
    Word(
        "hold",
        _("Hold"),
        _("The time between approval and publication in which a change can be objected to."),
    ),
    Word(
        "line-test",
        _("Line test"),
        _("Asking a 24/7 point to answer, announced to nobody, and noting how fast it did."),
    ),
    Word(
        "sealed-extract",
        _("Sealed extract"),
        _("A document that proves what stood in the directory on a day."),
    ),
)
