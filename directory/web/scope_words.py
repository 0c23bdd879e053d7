"""What a token may do, in words: the permissions that programs have a use for."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext

from directory.domain.marks import N_

#: Permission -> what it lets a program do, in the order in which they are offered.
SCOPE_TITLES: Mapping[str, str] = {
    "states:read": N_("Read States, instruments and kinds of help"),
    "entries:read": N_("Read entries and their contacts"),
    "counterparts:ask": N_("Find counterparts"),
    "search:ask": N_("Search the directory"),
    "coverage:read": N_("Read coverage"),
    "reports:make": N_("Report that something is wrong"),
    "glass:break": N_("Be shown emergency numbers, on a stated reason"),
    "entries:confirm": N_("Confirm entries of your State"),
    "proposals:read": N_("Read proposals"),
    "proposals:propose": N_("Propose changes, also from a file"),
    "changes:follow": N_("Follow every change, to keep a copy"),
    "log:read": N_("Read the change log"),
    "account:own": N_("List and end your tokens"),
}


def scope_title(scope: str) -> str:
    """A permission in words; as it stands where programs have no use for it."""
    return str(gettext(SCOPE_TITLES[scope])) if scope in SCOPE_TITLES else scope


def scope_titles(scopes: Iterable[str]) -> list[str]:
    """Several, in the order in which they are offered."""
    order = list(SCOPE_TITLES)
    known = sorted(scopes, key=lambda one: order.index(one) if one in order else len(order))
    return [scope_title(one) for one in known]
