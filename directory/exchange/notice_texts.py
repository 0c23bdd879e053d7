"""What every kind of notice says: one table, in the language of the source.

A line is left out when something it is filled in with is not known. Subjects name no person and no
entry, because they are shown on locked screens and kept by every server on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from directory.domain.lifecycle import ReportKind
from directory.domain.marks import N_
from directory.domain.scraping import Pattern


@dataclass(frozen=True, slots=True)
class Link:
    """``text`` leads to the address of that name in ``ADDRESSES``."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """Subject, lines and links of one kind, each a template."""

    subject: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]


#: Where links lead, below the directory's address; left out when a part is not known.
ADDRESSES: Mapping[str, str] = MappingProxyType(
    {
        "objection": "/objections/%(objection)s",
        "proposal": "/proposals/%(proposal)s",
        "entry": "/entries/%(entry)s",
        "desk": "/desk",
        "closures": "/desk/closures",
        "closure_reviews": "/reviews/closures",
        "sessions": "/account/sessions",
        "ways": "/account/sign-in",
        "recoveries": "/accounts/recoveries",
        "campaign": "%(address)s",
        "watches": "/account/watches",
        "read_audit": "/read-audit/alerts",
        "line_test": "/line-tests/answer/%(line_test)s",
        "invitation": "/invitation/%(invitation)s",
        "accounts": "/accounts",
        "account": "/accounts/%(account)s",
        "domains": "/accounts/domains",
    }
)

_WHICH = N_("Entry: %(name)s (%(entry)s), %(state)s")
_PROPOSAL = N_("Proposal: %(proposal)s")
_SAID = N_("In their words: %(text)s")
_SEE_PROPOSAL = Link(N_("See the proposal"), "proposal")
_SEE_ENTRY = Link(N_("See the entry"), "entry")
_DAYS = N_("Days: %(first_day)s to %(last_day)s")
_SEE_CLOSURES = Link(N_("See your closed days"), "closures")
_TO_DESK = Link(N_("Go to your desk"), "desk")

#: What changed about the ways into an account.
WAYS_IN: Mapping[str, str] = MappingProxyType(
    {
        "passkey_added": N_("A passkey was added."),
        "calendar_renewed": N_("A new private address of your calendar was made."),
        "calendar_revoked": N_("The private address of your calendar was closed."),
        "passkey_removed": N_("A passkey was removed."),
        "password_changed": N_("The password was changed."),
        "application_set": N_("An authenticator application was set up."),
        "codes_made": N_("New recovery codes were made."),
        "code_used": N_("A recovery code was used to sign in."),
        "provider_linked": N_("The sign-in of your State was linked to the account."),
        "token_made": N_("A token for a program was made."),
    }
)
_NOT_YOU = N_("If this was not you, tell the secretariat at once: somebody acts in your name.")

TEXTS: Mapping[str, NoticeTexts] = MappingProxyType(
    {
        "new_device": NoticeTexts(
            N_("Somebody signed in with your account from a new browser"),
            (
                N_("Your account was used from a browser that was not known before."),
                N_("When: %(moment)s"),
                N_("Browser: %(browser)s"),
                N_("Network: %(network)s"),
                _NOT_YOU,
            ),
            (Link(N_("See where you are signed in"), "sessions"),),
        ),
        "recovery_opened": NoticeTexts(
            N_("Recovery of an account was opened"),
            (
                N_("An officer opened recovery %(recovery)s: its owner is said to have lost all."),
                N_("When: %(moment)s"),
                N_("It needs a second officer, who makes sure by another way."),
                N_("If it is your account and you did not ask, tell the secretariat at once."),
            ),
            (Link(N_("See recoveries"), "recoveries"),),
        ),
        "recovery_approved": NoticeTexts(
            N_("An account starts over"),
            (
                N_(
                    "A second officer agreed to recovery %(recovery)s: every way in was taken away."
                ),
                N_("When: %(moment)s"),
                N_("If it is your account and you did not ask, tell the secretariat at once."),
            ),
            (Link(N_("See recoveries"), "recoveries"),),
        ),
        "recovery_refused": NoticeTexts(
            N_("Recovery of an account was refused"),
            (
                N_("Recovery %(recovery)s was closed; the account stays as it was."),
                N_("When: %(moment)s"),
            ),
            (Link(N_("See recoveries"), "recoveries"),),
        ),
        "ways_in_changed": NoticeTexts(
            N_("How your account is signed in to has changed"),
            ("%(way)s", N_("When: %(moment)s"), _NOT_YOU),
            (Link(N_("See how you sign in"), "ways"),),
        ),
        "submitted": NoticeTexts(
            N_("A proposal of %(state)s waits for review"),
            (N_("A change was proposed and waits for the secretariat."), _WHICH, _PROPOSAL),
            (_SEE_PROPOSAL,),
        ),
        "changes_requested": NoticeTexts(
            N_("The secretariat asks for changes to a proposal"),
            (
                N_("The secretariat asks for changes before it can go on."),
                _WHICH,
                _PROPOSAL,
                _SAID,
            ),
            (_SEE_PROPOSAL,),
        ),
        "verified": NoticeTexts(
            N_("A proposal of %(state)s was verified"),
            (
                N_("An officer verified the proposal. Another officer decides on it next."),
                _WHICH,
                _PROPOSAL,
            ),
            (_SEE_PROPOSAL,),
        ),
        "change_on_hold": NoticeTexts(
            N_("A change for %(state)s takes effect soon: object if it is wrong"),
            (
                N_("How to reach this authority, or what it answers for, is about to change."),
                _WHICH,
                _PROPOSAL,
                N_("It is published on %(hold_until)s unless somebody objects."),
                N_("If you know nothing of it, or it is wrong, object: it is then not published."),
                N_("Opening the link changes nothing; you are asked to confirm on its page."),
            ),
            (Link(N_("Object to this change"), "objection"), _SEE_PROPOSAL),
        ),
        "objection_made": NoticeTexts(
            N_("Objection to a change for %(state)s"),
            (
                N_("Somebody objected. The change is not published until it has been looked at."),
                _WHICH,
                _PROPOSAL,
                _SAID,
            ),
            (_SEE_PROPOSAL,),
        ),
        "objection_dismissed": NoticeTexts(
            N_("Objection to a change for %(state)s dismissed"),
            (
                N_("The secretariat looked at the objection and dismissed it."),
                _WHICH,
                _PROPOSAL,
                _SAID,
                N_("The change is published on %(hold_until)s unless somebody objects again."),
            ),
            (Link(N_("Object to this change"), "objection"), _SEE_PROPOSAL),
        ),
        "published": NoticeTexts(
            N_("A change for %(state)s was published"),
            (N_("The change can be seen by all readers now."), _WHICH, _PROPOSAL),
            (_SEE_ENTRY,),
        ),
        "rejected": NoticeTexts(
            N_("A proposal of %(state)s was rejected"),
            (
                N_("The secretariat rejected the proposal."),
                _WHICH,
                _PROPOSAL,
                N_("Reason: %(code)s"),
                _SAID,
            ),
            (_SEE_PROPOSAL,),
        ),
        "superseded": NoticeTexts(
            N_("A proposal of %(state)s was overtaken by another"),
            (
                N_("Another change of the same parts was published first; make yours again."),
                _WHICH,
                _PROPOSAL,
            ),
            (_SEE_PROPOSAL, _SEE_ENTRY),
        ),
        "reviewed_anew": NoticeTexts(
            N_("A proposal of %(state)s is reviewed anew"),
            (
                N_(
                    "Somebody who proposed it or agreed to it does not speak for it any more, so "
                    "the review begins anew, with another call-back."
                ),
                _WHICH,
                _PROPOSAL,
                N_("Reason: %(code)s"),
            ),
            (_SEE_PROPOSAL,),
        ),
        "ended_with_account": NoticeTexts(
            N_("A proposal of %(state)s ended with an account"),
            (
                N_(
                    "An account of those who proposed or agreed to it was closed, as stolen ones "
                    "are. Whoever stands behind the change proposes it anew."
                ),
                _WHICH,
                _PROPOSAL,
            ),
            (_SEE_PROPOSAL, _SEE_ENTRY),
        ),
        "expired": NoticeTexts(
            N_("A proposal of %(state)s expired"),
            (N_("Nobody touched the proposal for too long."), _WHICH, _PROPOSAL),
            (_SEE_PROPOSAL,),
        ),
        "suspended": NoticeTexts(
            N_("An entry of %(state)s was suspended"),
            (
                N_("Readers are told not to use this entry."),
                _WHICH,
                N_("To be used instead: %(alternative)s"),
                _SAID,
            ),
            (_SEE_ENTRY,),
        ),
        "lines_reported": NoticeTexts(
            N_("A new line of %(state)s is shown before it is confirmed"),
            (
                N_("A focal point reported a new telephone number or address as an emergency."),
                _WHICH,
                _PROPOSAL,
                N_("Readers see it beside the lines on record, marked as not confirmed."),
                N_(
                    "If you know nothing of it, tell the secretariat; any focal point of the State "
                    "can withdraw it."
                ),
            ),
            (_SEE_PROPOSAL, _SEE_ENTRY),
        ),
        "report_made": NoticeTexts(
            N_("A reader reports that an entry of %(state)s did not work"),
            (
                _WHICH,
                N_("What happened: %(report_kind)s"),
                _SAID,
                N_("The report is shown on the entry until you answer it."),
            ),
            (_SEE_ENTRY, _TO_DESK),
        ),
        "line_test_failed": NoticeTexts(
            N_("A line test of an entry of %(state)s failed"),
            (
                N_("The secretariat tested whether the line can be reached."),
                _WHICH,
                N_("What happened: %(report_kind)s"),
                N_("The report is shown on the entry until you answer it."),
            ),
            (_SEE_ENTRY, _TO_DESK),
        ),
        "report_answered": NoticeTexts(
            N_("Your report on an entry of %(state)s was answered"),
            (_WHICH, _SAID),
            (_SEE_ENTRY,),
        ),
        "line_test_answered": NoticeTexts(
            N_("The failed line test of an entry of %(state)s was answered"),
            (
                N_("You ran the test or began its round."),
                _WHICH,
                N_("What happened: %(report_kind)s"),
                _SAID,
            ),
            (_SEE_ENTRY,),
        ),
        "confirmation_asked": NoticeTexts(
            N_("Are the entries of %(state)s still correct?"),
            (
                N_(
                    "Confirm what is still correct, for one entry or all at once; propose a change "
                    "to what is not."
                ),
                N_("Never confirmed by the State so far: %(unconfirmed)s."),
            ),
            (_TO_DESK,),
        ),
        "watched_changed": NoticeTexts(
            N_("Something you watch in the directory has changed"),
            (N_("Look at the entries before you rely on what you noted of them."),),
            (Link(N_("See what you watch"), "watches"),),
        ),
        "glass_opened": NoticeTexts(
            N_("Restricted numbers of %(state)s were shown"),
            (
                N_("Somebody gave a reason and was shown what an entry keeps for emergencies."),
                _WHICH,
                N_("The account is of: %(by)s"),
                N_("The reason given: %(text)s"),
                N_("They were shown for %(minutes)s minutes. The change log says to whom."),
                N_("If this should not have been, tell the secretariat at once."),
            ),
            (_SEE_ENTRY,),
        ),
        "reading_alert": NoticeTexts(
            N_("Look-ups that need a look"),
            (
                N_("Many contacts were looked up in a way that people at work do not."),
                N_("What was found: %(pattern)s"),
                N_("State of the account: %(by)s"),
                N_("The page of look-ups shows by whom, and what was looked at."),
            ),
            (Link(N_("See the look-ups"), "read_audit"),),
        ),
        "line_test": NoticeTexts(
            N_("Line test of your 24/7 desk: please answer within %(minutes)s minutes"),
            (
                N_(
                    "The directory of competent national authorities tests whether this desk can"
                    " be reached now. It is only a test; no case stands behind it."
                ),
                _WHICH,
                N_("Open the link and confirm that you are there. Opening it changes nothing."),
                N_("Or read this code out to the secretariat on the telephone: %(line_test_code)s"),
            ),
            (Link(N_("We are here"), "line_test"),),
        ),
        "line_test_call": NoticeTexts(
            N_("Line test of your 24/7 desk: the secretariat is ringing you"),
            (
                N_(
                    "An officer of the directory of competent national authorities rings this desk"
                    " now, to test its line. It is only a test; no case stands behind it."
                ),
                _WHICH,
                N_("Please read this code out to the officer: %(line_test_code)s"),
            ),
            (),
        ),
        "closure_waits": NoticeTexts(
            N_("Closed days of %(state)s wait for review"),
            (N_("The State announced closed days, or takes them back."), _DAYS),
            (Link(N_("Look at the closed days that wait"), "closure_reviews"),),
        ),
        "closure_accepted": NoticeTexts(
            N_("What %(state)s announced about closed days was accepted"),
            (N_("An officer of the secretariat accepted what you asked for."), _DAYS),
            (_SEE_CLOSURES,),
        ),
        "closure_rejected": NoticeTexts(
            N_("What %(state)s announced about closed days was refused"),
            (
                N_("An officer of the secretariat refused what you asked for."),
                _DAYS,
                _SAID,
            ),
            (_SEE_CLOSURES,),
        ),
        "campaign": NoticeTexts(
            N_("Confirm or correct your entries by %(deadline)s"),
            (
                N_("Every State is asked to look through its entries: %(campaign)s"),
                N_("Please confirm or correct them by %(deadline)s."),
            ),
            (Link(N_("Look through your entries"), "campaign"),),
        ),
        "account_invited": NoticeTexts(
            N_("You are invited to the directory of competent national authorities"),
            (
                N_("Somebody who may do so invited you to use the directory."),
                N_("The link works once, until %(ends)s. Opening it changes nothing."),
                N_("Do not pass it on: whoever uses it signs in as you."),
                N_("If you know nothing of it, do nothing, and tell the secretariat."),
            ),
            (Link(N_("Set up how you sign in"), "invitation"),),
        ),
        "account_accepted": NoticeTexts(
            N_("An account of the directory is in use now"),
            (
                N_("The invitation was used: a way to sign in was set up."),
                N_("If that was not you, or not whom you invited, tell the secretariat at once."),
            ),
            (),
        ),
        "account_waits": NoticeTexts(
            N_("A request about an account waits for officers"),
            (
                N_("Somebody asked for an account, a role or a hand-over that officers agree to."),
                N_("Check by another way than e-mail that the person is who they say."),
            ),
            (Link(N_("See the account"), "account"),),
        ),
        "account_granted": NoticeTexts(
            N_("Your account of the directory may do more, or for longer"),
            (N_("A role was given to your account. Its pages show what you may do now."),),
            (),
        ),
        "account_declined": NoticeTexts(
            N_("A request about an account was declined"),
            (N_("An officer declined what you asked for."), _SAID),
            (Link(N_("See the account"), "account"),),
        ),
        "account_closed": NoticeTexts(
            N_("An account was closed, or lost a role"),
            (
                N_("An account of a focal point or of the secretariat was closed or lost a role."),
                N_("If you know no reason for it, ask whoever did it, by telephone."),
            ),
            (Link(N_("See the account"), "account"),),
        ),
        "account_handed_over": NoticeTexts(
            N_("The role of focal point was handed over"),
            (N_("The successor has come in and acts for the State from now on."),),
            (),
        ),
        "domain_waits": NoticeTexts(
            N_("An e-mail domain waits for a second officer"),
            (N_("An officer added an e-mail domain; it counts once another one agrees."),),
            (Link(N_("See the domains"), "domains"),),
        ),
        "accounts_due": NoticeTexts(
            N_("Accounts to be confirmed or about to end"),
            (
                N_("To be confirmed, because a year is over: %(to_confirm)s."),
                N_("Roles or accounts that end soon: %(ending)s."),
                N_("What nobody confirms stops a month after the day."),
            ),
            (Link(N_("Look through the accounts"), "accounts"),),
        ),
        "own_account_due": NoticeTexts(
            N_("Your account of the directory needs to be confirmed"),
            (
                N_(
                    "Ask the focal point of your State, or the secretariat, to confirm that you "
                    "still belong here. It stops working on %(last_day)s otherwise."
                ),
            ),
            (),
        ),
        "own_account_ends": NoticeTexts(
            N_("Your account of the directory ends soon"),
            (N_("Its last day is %(last_day)s. Whoever invited you can ask for more time."),),
            (),
        ),
    }
)

REPORTS: Mapping[str, str] = MappingProxyType(
    {
        ReportKind.WRONG_NUMBER: N_("The number belongs to somebody else"),
        ReportKind.BOUNCED: N_("The message came back"),
        ReportKind.NO_ANSWER: N_("Nobody answered"),
        ReportKind.WRONG_DESK: N_("The desk reached is not competent"),
        ReportKind.LANGUAGE: N_("No language in common"),
        ReportKind.OTHER: N_("Something else"),
    }
)

PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        Pattern.ENTRIES_IN_ORDER: N_("entries one after the other in the order of identifiers"),
        Pattern.STATES_IN_ORDER: N_("States one after the other in the order of codes"),
        Pattern.BREADTH: N_("very many States in a day"),
        Pattern.RATE: N_("more in an hour than is usual"),
        Pattern.SHARED: N_("the same entries by several accounts of one State"),
        Pattern.QUOTA: N_("the look-ups of the day are used up"),
        Pattern.BEYOND_QUOTA: N_("urgent look-ups beyond the quota of the day"),
    }
)

#: Lines of the list in a digest.
DUE = N_("%(name)s (%(entry)s), %(state)s: to be confirmed by %(day)s")
ENDING = N_("%(name)s (%(entry)s), %(state)s: the posting ends on %(day)s")
OVERDUE = N_("%(name)s (%(entry)s), %(state)s: was to be confirmed by %(day)s")
CHANGED = N_("%(name)s (%(entry)s), %(state)s: %(fields)s")
ANSWERED_OTHERWISE = N_(
    "%(type)s, %(requesting)s asks %(state)s: the finder now names other authorities or treaties"
)
FAILED_TEST = N_("%(name)s (%(entry)s), %(state)s: a line test failed: %(report_kind)s")
OPEN_REPORT = N_(
    "%(name)s (%(entry)s), %(state)s: reported, and not answered so far: %(report_kind)s"
)
ANSWERED_REPORT = N_("%(name)s (%(entry)s), %(state)s: a report was answered: %(report_kind)s")
#: Lists of a digest -> the line of each, the gravest first.
EVENTS: Mapping[str, str] = MappingProxyType(
    {"failed": FAILED_TEST, "reports": OPEN_REPORT, "answered": ANSWERED_REPORT}
)
CLOSED_DAYS = N_(
    "%(state)s: offices are closed from %(first_day)s to %(last_day)s; 24/7 points are not"
)
NO_CLOSED_DAYS = N_(
    "%(state)s: offices are no longer announced as closed from %(first_day)s to %(last_day)s"
)
NEW_ENTRY = N_("new in the directory")
NEW_STATUS = N_("Status of the entry")
AND_MORE = N_("and %(number)s more")
#: A digest that speaks of several States.
SEVERAL_STATES = N_("several States")
#: Under every mail.
FOOT = N_("Sent by the directory of competent national authorities. Answers to it are not read.")
CONTACT = N_("The secretariat: %(contact)s")
LIST_NAME = "Directory of competent national authorities"
