"""What statuses, roles and requests of accounts are called on a page."""

from enum import StrEnum

from flask_babel import LazyString, gettext, lazy_gettext

from directory.domain.account_addresses import SIGNS, Sign
from directory.domain.accounts import AccountStatus, RequestKind
from directory.domain.vocabulary import Role
from directory.queries.account_lists import AccountShow

_ = lazy_gettext

ACCOUNT_LABELS: tuple[dict[StrEnum, LazyString], ...] = (
    {
        AccountStatus.PROPOSED: _("Waits for officers"),
        AccountStatus.INVITED: _("Invited"),
        AccountStatus.IN_USE: _("In use"),
        AccountStatus.DUE: _("To be confirmed"),
        AccountStatus.LAPSED: _("Stopped: not confirmed"),
        AccountStatus.ENDED: _("Ended"),
        AccountStatus.DISABLED: _("Disabled"),
    },
    {
        AccountShow.OPEN: _("Open"),
        AccountShow.DUE: _("To be confirmed"),
        AccountShow.WAITING: _("Wait for officers"),
        AccountShow.INVITED: _("Invited"),
        AccountShow.CLOSED: _("Closed"),
    },
    {
        Role.READER: _("Reader"),
        Role.FOCAL_POINT: _("Focal point"),
        Role.VERIFIER: _("Verifier"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.AUDITOR: _("Auditor"),
    },
    {
        RequestKind.NEW_ACCOUNT: _("A new account is asked for"),
        RequestKind.ROLE: _("A role is asked for"),
        RequestKind.HAND_OVER: _("A hand-over is asked for"),
    },
)
_BY_VOCABULARY = {type(next(iter(words))): words for words in ACCOUNT_LABELS}


def account_label(word: StrEnum) -> LazyString:
    """What a word about accounts is called."""
    return _BY_VOCABULARY[type(word)][word]


def sign_text(sign: Sign) -> str:
    """Why an address deserves a harder look."""
    return str(gettext(SIGNS[sign.code]) % {"text": sign.text})
