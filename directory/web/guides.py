"""Short guides in the product, one for each way of working: what to do, in the order it is done."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

_ = lazy_gettext


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence or two of what to do; ``endpoint`` is the page where it is done."""

    text: LazyString
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Steps that belong together."""

    title: LazyString
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide of one screen or two; ``key`` is its place under ``/help``."""

    key: str
    title: LazyString
    about: LazyString
    sections: tuple[Section, ...]


_REPORT = Step(
    _(
        "Something did not work? Open 'It did not work?' on the entry and tap what happened. The "
        "State and the secretariat are told, and the report stays on the entry until the State "
        "answers."
    )
)
_FACTOR = Step(
    _("What matters asks for your factor once more when you last showed it over five minutes ago.")
)

READER = Guide(
    "reader",
    _("For readers"),
    _("You look up whom to address in another State. You change nothing."),
    (
        Section(
            _("Find whom to address"),
            (
                Step(
                    _("Choose the State you ask and the kind of help, and press Find."), "home.show"
                ),
                Step(
                    _(
                        "Read the answer from the top: whom to address, how to reach them, why "
                        "they stand there and where that was read."
                    )
                ),
                Step(
                    _(
                        "Look at the mark beside each contact. The question mark beside it says "
                        "what it means and what to do."
                    ),
                    "help.show_marks",
                ),
                Step(
                    _(
                        "Before you write, read what that State requires: languages, form, "
                        "channels, time limits."
                    )
                ),
                Step(
                    _(
                        "When nobody is on record, the answer says so and shows what is known. It "
                        "guesses nothing."
                    )
                ),
            ),
        ),
        Section(
            _("When it cannot wait"),
            (
                Step(
                    _(
                        "Tick 'Urgent' in the finder: one screen shows whom to reach now, what to "
                        "send first and what must follow in writing."
                    )
                ),
                Step(
                    _(
                        "Some lines are kept for emergencies. You see them when you give a reason. "
                        "Each look is recorded, and the State that owns the line is told."
                    )
                ),
            ),
        ),
        Section(
            _("Tell, keep and share"),
            (
                _REPORT,
                Step(_("Write nothing of a case and no names of persons into a note.")),
                Step(
                    _(
                        "Watch an entry, a State or a question to the finder: you are told of "
                        "changes once a day."
                    ),
                    "watching.show_watches",
                ),
                Step(
                    _(
                        "A sealed extract (PDF) shows a court what stood here on a day. Anybody "
                        "can check that it was not altered."
                    )
                ),
                Step(_("Share a line only as its TLP label allows; the label stands beside it.")),
                Step(
                    _(
                        "Look-ups are counted and recorded. You are told before the limit of the "
                        "day; 24/7 points and urgent questions stay open beyond it."
                    )
                ),
            ),
        ),
    ),
)

DUTY_DESK = Guide(
    "duty-desk",
    _("For duty desks"),
    _("You are on duty and must reach somebody in another State at once."),
    (
        Section(
            _("Before the night"),
            (
                Step(
                    _(
                        "Make this browser a duty desk. It stays signed in and only looks up, so "
                        "nobody can change anything from it."
                    ),
                    "sessions.show",
                ),
                Step(
                    _(
                        "Ask once, as urgent, for the States you need most. The page is kept on "
                        "this device until you sign out, for when there is no network; it says how "
                        "old it is."
                    ),
                    "home.show",
                ),
            ),
        ),
        Section(
            _("When the call comes"),
            (
                Step(_("Choose the State and the kind of help and tick 'Urgent'."), "home.show"),
                Step(
                    _(
                        "Call from the top. First comes who is there at this hour; the time there "
                        "stands beside it."
                    )
                ),
                Step(
                    _(
                        "Nobody answers? Go on in the order shown, then to the other ways: liaison "
                        "officers, INTERPOL where the State accepts it, the diplomatic channel."
                    )
                ),
                Step(
                    _(
                        "Send first what 'Ask or send first' names, so that data or a person is "
                        "not lost while the papers follow."
                    )
                ),
                Step(
                    _(
                        "Do in time what 'What must follow in writing' names, to the authority "
                        "named there."
                    )
                ),
                Step(
                    _(
                        "A line kept for emergencies opens when you state a reason. It closes "
                        "again by itself."
                    )
                ),
            ),
        ),
        Section(
            _("Afterwards"),
            (
                _REPORT,
                Step(
                    _(
                        "Your own line may be tested, at night too. Open the link in the mail, or "
                        "read out the code you were sent; it is a test and no case."
                    ),
                    "line_tests.show",
                ),
            ),
        ),
    ),
)

FOCAL_POINT = Guide(
    "focal-point",
    _("For focal points"),
    _(
        "You keep true what others read about your State. Officers of the secretariat check what "
        "decides where requests go."
    ),
    (
        Section(
            _("Your first visit"),
            (
                Step(
                    _("Set up a second factor: a passkey or an authenticator application."),
                    "ways.show",
                ),
                Step(_("Look through each entry of your State."), "desk.show"),
                Step(
                    _("Confirm what is right, and propose a change where it is not."),
                    "desk.ask_to_confirm",
                ),
                Step(_("Invite the readers of your State."), "accounts.list_all"),
            ),
        ),
        Section(
            _("From then on"),
            (
                Step(_("Open the desk: what is due, reported and under way."), "desk.show"),
                Step(
                    _(
                        "Answer what readers reported. Your answer is shown to who reported it, "
                        "and takes the report from the entry."
                    )
                ),
                Step(_("Announce closed days, so that nobody waits for you."), "closures.show"),
                Step(_("See how often others looked up your State."), "read_audit.of_own_entries"),
            ),
        ),
        Section(
            _("Change something"),
            (
                Step(
                    _(
                        "Press 'Propose a change' on the entry, correct the fields, say why, and "
                        "add the letter or note it rests on."
                    )
                ),
                Step(
                    _(
                        "A new number, mailbox, name or designation takes a call-back on a line "
                        "that stood here before, two officers, and a hold in which you and your "
                        "colleagues can object with one click."
                    )
                ),
                Step(
                    _(
                        "A line fails tonight? Tick 'Emergency': the new one is shown at once "
                        "beside the old one, marked as not confirmed."
                    )
                ),
                Step(_("An entry that must not be used any more can be suspended at once.")),
                Step(
                    _(
                        "Many changes: take the spreadsheet, change it and hand it in. What is "
                        "wrong is named by sheet, row and column, and nothing is half done."
                    ),
                    "imports.show",
                ),
            ),
        ),
        Section(
            _("People"),
            (
                Step(
                    _(
                        "Confirm once a year that each reader still belongs here, and close the "
                        "accounts of those who left."
                    ),
                    "accounts.list_all",
                ),
                Step(
                    _(
                        "Before you leave, hand over to a successor. A State is never left without "
                        "a focal point."
                    )
                ),
            ),
        ),
    ),
)

VERIFIER = Guide(
    "verifier",
    _("For verifiers"),
    _(
        "You make sure that a change comes from the State before anybody relies on it: never "
        "alone, and never by what the change itself brings."
    ),
    (
        Section(
            _("Review a proposal"),
            (
                Step(
                    _("Take one from the queue. Emergencies and what is overdue come first."),
                    "reviews.queue",
                ),
                Step(_("Read what would change, the signs of risk, and the evidence.")),
                Step(
                    _(
                        "Call back on the number the page offers: one that stood here before. "
                        "Never ring a number from the proposal or from the mail that asked for it."
                    )
                ),
                Step(
                    _(
                        "Ask the control question, and note whom you reached by function and what "
                        "was said."
                    )
                ),
                Step(
                    _(
                        "Nobody can be reached? Use the diplomatic note through the permanent "
                        "mission, and record it as such."
                    )
                ),
                Step(
                    _(
                        "Verify, ask for changes, or refuse with a reason. Another officer "
                        "approves; who called back does not."
                    )
                ),
                Step(
                    _(
                        "Then the hold runs. An objection freezes the change until an officer "
                        "settles it who has not approved it."
                    )
                ),
                Step(
                    _(
                        "Closed days that a State announces need one officer: accept, or say "
                        "why not."
                    ),
                    "closure_reviews.show",
                ),
            ),
        ),
        Section(
            _("Besides"),
            (
                Step(_("See which reports of readers wait too long."), "reports.of_all"),
                Step(_("Draw a round of line tests, and ring what is due."), "line_tests.show"),
                Step(
                    _("Ask States to confirm by a day, and follow who did."), "campaigns.list_all"
                ),
                Step(_("Two officers make sure anew of who lost every way in."), "recoveries.show"),
                _FACTOR,
            ),
        ),
    ),
)

ADMINISTRATOR = Guide(
    "administrator",
    _("For administrators"),
    _("You let people in and see to it that nothing is missing. You review no change of an entry."),
    (
        Section(
            _("People"),
            (
                Step(
                    _("Invite focal points and officers; other officers must agree."),
                    "accounts.list_all",
                ),
                Step(
                    _("Keep the domains of each State, by which an odd address is noticed."),
                    "inviting.domains",
                ),
                Step(_("Close an account on the day its owner leaves.")),
                Step(_("Two officers make sure anew of who lost every way in."), "recoveries.show"),
                _FACTOR,
            ),
        ),
        Section(
            _("The whole"),
            (
                Step(
                    _("See which States lack an authority, and work on the gaps."),
                    "coverage.show_gaps",
                ),
                Step(
                    _("Ask States to confirm by a day, and follow who did."), "campaigns.list_all"
                ),
                Step(_("See what is asked, and what found nobody."), "statistics.show"),
                Step(
                    _("Look at alerts of copying: who looked up far too much."), "read_audit.alerts"
                ),
                Step(_("Read in the change log who did what."), "log.show"),
                Step(
                    _(
                        "Settings, keys, backups and read-only mode are the operator's, at the "
                        "command line; no page changes them."
                    )
                ),
            ),
        ),
    ),
)

AUDITOR = Guide(
    "auditor",
    _("For auditors"),
    _(
        "You check that the directory does what it says. You read and change nothing; lines kept "
        "for emergencies stay closed to you."
    ),
    (
        Section(
            _("What to look at"),
            (
                Step(
                    _("The change log: every act and every refusal, with who, when and why."),
                    "log.show",
                ),
                Step(_("The read audit: who looked at whose contacts."), "read_audit.show"),
                Step(_("Alerts of copying."), "read_audit.alerts"),
                Step(
                    _(
                        "Files that left the directory; the serial number printed in one leads "
                        "here."
                    ),
                    "read_audit.exports",
                ),
                Step(
                    _("The table of who may ask what; tests ask every address as everybody."),
                    "help.access",
                ),
                Step(
                    _(
                        "The history of any entry, and what was known on any day: on the entry, "
                        "press 'History'."
                    )
                ),
            ),
        ),
        Section(
            _("How to check it yourself"),
            (
                Step(
                    _(
                        "Each event carries the hash of the one before, and signed notes stand "
                        "over them all. Ask the operator for an export of the log and check it on "
                        "another machine with the tool that comes with the directory; it shares no "
                        "code with it."
                    )
                ),
                Step(
                    _(
                        "Compare the newest signed note with a copy that somebody else holds. Two "
                        "that do not fit together prove that history was changed."
                    )
                ),
            ),
        ),
    ),
)

GUIDES: dict[str, Guide] = {
    one.key: one for one in (READER, DUTY_DESK, FOCAL_POINT, VERIFIER, ADMINISTRATOR, AUDITOR)
}

#: The pages that steps lead to, as they are called there.
PLACES: dict[str, LazyString] = {
    "accounts.list_all": _("Accounts"),
    "campaigns.list_all": _("Campaigns"),
    "closures.show": _("Closed days"),
    "closure_reviews.show": _("Closed days that wait"),
    "coverage.show_gaps": _("Work list of gaps"),
    "desk.ask_to_confirm": _("Confirm the whole State"),
    "desk.show": _("Desk"),
    "help.access": _("Who may ask what"),
    "help.show_marks": _("Why am I seeing this?"),
    "home.show": _("Find"),
    "imports.show": _("Import and export"),
    "inviting.domains": _("E-mail domains of States"),
    "line_tests.show": _("Line tests"),
    "log.show": _("Change log"),
    "read_audit.alerts": _("Alerts"),
    "read_audit.exports": _("Files taken away"),
    "read_audit.of_own_entries": _("Who looks you up"),
    "read_audit.show": _("Look-ups"),
    "recoveries.show": _("Recovery"),
    "reports.of_all": _("Reports in numbers"),
    "reviews.queue": _("Reviews"),
    "sessions.show": _("Where you are signed in"),
    "statistics.show": _("Statistics"),
    "watching.show_watches": _("What you watch"),
    "ways.show": _("How you sign in"),
}
