"""What ``/account`` leads to: one line for each page of one's own. Rooms append theirs."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

_ = lazy_gettext


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """A page of one's own; shown to those who hold the permission."""

    endpoint: str
    title: LazyString
    about: LazyString
    permission: str = "account:own"


PLACES: tuple[AccountPlace, ...] = (
    AccountPlace(
        "ways.show",
        _("How you sign in"),
        _("Passkeys, authenticator application, recovery codes, password."),
    ),
    AccountPlace(
        "sessions.show",
        _("Where you are signed in"),
        _("Every browser with its last use, to be ended from here; the duty desk."),
    ),
    AccountPlace(
        "tokens.show",
        _("Tokens of your programs"),
        _("What lets a program ask in your name."),
    ),
    AccountPlace(
        "calendars.show",
        _("Calendar of what is due"),
        _("Confirmations and ends of postings, in your calendar program."),
        "entries:confirm",
    ),
    AccountPlace(
        "accounts.list_all",
        _("Accounts you look after"),
        _("Invite people, confirm once a year that they still belong here, close accounts."),
        "accounts:read",
    ),
    AccountPlace(
        "notices.show_own",
        _("Notices"),
        _("What the directory has told you, by mail and here."),
    ),
    AccountPlace(
        "watching.show_watches",
        _("What you watch"),
        _("Entries, States and questions whose changes you are told of once a day."),
    ),
    AccountPlace(
        "watching.show_searches",
        _("Saved searches and recent look-ups"),
        _("To ask again what you asked before; nobody else sees them."),
    ),
    AccountPlace(
        "statistics.show",
        _("Statistics"),
        _("What is asked and not found, time to verify, confirmations, reports."),
        "statistics:read",
    ),
    AccountPlace(
        "recoveries.show",
        _("Recovery"),
        _("Who lost every way in is made sure of anew by two officers."),
        "recovery:prove",
    ),
    AccountPlace(
        "editions.show",
        _("Editions"),
        _("The whole directory on paper, in each language."),
        "editions:take",
    ),
    AccountPlace(
        "packs.show",
        _("Duty pack"),
        _("An encrypted file for a desk that has no network at night."),
        "packs:make",
    ),
)
