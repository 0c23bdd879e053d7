"""What the actions of the change log are called, and what they were done to."""

from collections.abc import Mapping

from flask_babel import gettext

from directory.domain.marks import N_
from directory.web.review_texts import act_text

_REFUSED = ".refused"
_PROPOSAL = "proposal."
#: Actions of the log in words; those on a proposal are named as on its own page.
ACTION_TITLES: Mapping[str, str] = {
    "entry.published": N_("Entry published"),
    "entry.confirmed": N_("Entry confirmed"),
    "entry.confirm": N_("Confirm an entry"),
    "entries.confirm": N_("Confirm entries"),
    "report.made": N_("Report made"),
    "report.make": N_("Report that something is wrong"),
    "report.answered": N_("Report answered"),
    "report.answer": N_("Answer a report"),
    "campaign.started": N_("Campaign started"),
    "campaign.start": N_("Start a campaign"),
    "campaign.closed": N_("Campaign closed"),
    "campaign.close": N_("Close a campaign"),
    "glass.opened": N_("Shown behind glass, on a stated reason"),
    "glass.open": N_("Be shown what is behind glass"),
    "closure.announced": N_("Closing day announced"),
    "closure.announce": N_("Announce a closing day"),
    "closure.withdrawn": N_("Closing day withdrawn"),
    "closure.withdraw": N_("Withdraw a closing day"),
    "closure.withdrawal_asked": N_("Withdrawal of a closing day asked for"),
    "closure.accepted": N_("Closing day, or its withdrawal, accepted"),
    "closure.accept": N_("Accept a closing day, or its withdrawal"),
    "closure.rejected": N_("Closing day, or its withdrawal, rejected"),
    "closure.reject": N_("Reject a closing day, or its withdrawal"),
    "line_tests.started": N_("Round of line tests started"),
    "line_tests.start": N_("Start a round of line tests"),
    "line_tests.closed": N_("Round of line tests closed"),
    "line_tests.close": N_("Close a round of line tests"),
    "line_test.begun": N_("Line test begun"),
    "line_test.begin": N_("Begin a line test"),
    "line_test.ended": N_("Line test ended"),
    "line_test.made_up": N_("Line test made up for a synthetic entry"),
    "line_test.answer": N_("Answer a line test"),
    "line_test.note": N_("Note a line test"),
    "line_test.code_refused": N_("Wrong code of a line test"),
    "evidence.released": N_("Evidence released from quarantine"),
    "evidence.refused": N_("Evidence held back by the scanner"),
    "import.make": N_("Import a file of proposals"),
    "watch.begun": N_("Watch begun"),
    "watch.ended": N_("Watch ended"),
    "search.saved": N_("Search saved"),
    "search.removed": N_("Saved search removed"),
    "person.erased": N_("Personal data erased"),
    "token.made": N_("Token made"),
    "token.revoked": N_("Token ended"),
    "token.create": N_("Make a token"),
    "token.revoke": N_("End a token"),
    "domain.add": N_("Mail domain added"),
    "domain.agree": N_("Mail domain agreed to"),
    "domain.remove": N_("Mail domain removed"),
    "account.ask": N_("Account asked for"),
    "account.change": N_("Account changed"),
    "account.confirm": N_("Account confirmed"),
    "account.approve": N_("Account approved"),
    "account.decline": N_("Account declined"),
    "account.grant": N_("Account granted"),
    "account.invite": N_("Account invited"),
    "account.accept": N_("Invitation accepted"),
    "account.renew_link": N_("Invitation renewed"),
    "account.revoke_link": N_("Invitation withdrawn"),
    "account.hand_over": N_("Office handed over"),
    "account.end_role": N_("Role ended"),
    "account.sessions_ended": N_("Sessions ended"),
    "account.end_sessions": N_("End the sessions of an account"),
    "account.duty_desk_kept": N_("Browser made a duty desk"),
    "account.disable": N_("Account closed"),
    "account.over": N_("Account ended with its term"),
    "account.passkey_added": N_("Passkey added"),
    "account.add_passkey": N_("Add a passkey"),
    "account.passkey_removed": N_("Passkey removed"),
    "account.remove_passkey": N_("Remove a passkey"),
    "account.password_changed": N_("Password changed"),
    "account.change_password": N_("Change the password"),
    "account.calendar_renewed": N_("Calendar address renewed"),
    "account.calendar_revoked": N_("Calendar address revoked"),
    "calendar.renew": N_("Renew the calendar address"),
    "calendar.revoke": N_("Revoke the calendar address"),
    "edition.ask": N_("Ask for an edition"),
    "edition.take": N_("Take a copy of an edition"),
    "pack.make": N_("Make a duty pack"),
    "pack.made": N_("Duty pack made"),
    "account.language_chosen": N_("Language chosen"),
    "account.application_set": N_("Code application set up"),
    "account.set_application": N_("Set up a code application"),
    "account.codes_made": N_("Recovery codes made"),
    "account.make_codes": N_("Make recovery codes"),
    "account.code_used": N_("Recovery code used"),
    "account.provider_linked": N_("Sign-in of a government linked"),
    "account.recovery_opened": N_("Recovery opened"),
    "account.recovery_open": N_("Open a recovery"),
    "account.recovery_approved": N_("Recovery approved"),
    "account.recovery_approve": N_("Approve a recovery"),
    "account.recovery_refused": N_("Recovery refused"),
    "account.recovery_refuse": N_("Refuse a recovery"),
    "account.recovered": N_("Account recovered"),
}


def action_title(action: str) -> str:
    """An action in words, without whether it was refused; as it stands where it has none."""
    done = action if action in ACTION_TITLES else action.removesuffix(_REFUSED)
    if done.startswith(_PROPOSAL):
        return str(gettext("Proposal: %(act)s", act=act_text(done)))
    return str(gettext(ACTION_TITLES[done])) if done in ACTION_TITLES else done


def action_choices(offered: tuple[str, ...], typed: str) -> list[tuple[str, str]]:
    """What the filter offers: the common actions in words, and the one asked for."""
    known = [(action, action_choice(action)) for action in offered]
    return [*known, (typed, action_choice(typed))] if typed and typed not in offered else known


def action_choice(action: str) -> str:
    """An action in words, with whether it was refused."""
    text = action_title(action)
    refused = action.endswith(_REFUSED) and action not in ACTION_TITLES
    return str(gettext("%(act)s: refused", act=text)) if refused else text
