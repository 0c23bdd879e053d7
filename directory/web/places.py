"""The places of the menu, and which of them a page belongs to.

A page belongs to the place whose address it lies below, the nearest one: ``/reviews/closures`` to
the reviews, whoever answers it. What lies below none of them is told in ``_ELSEWHERE``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import g, request, url_for

from directory.domain.marks import N_
from directory.policy import can
from directory.web.context import actor
from directory.web.presentation import can_propose, demo, looks_after_accounts


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the menu: where it leads, what it says, and whether the page belongs to it."""

    endpoint: str
    #: As it is written here; whoever shows it translates it.
    text: str
    #: 'page' for the page itself, 'true' for one that belongs to it, else ''.
    mark: str = ""


#: Endpoint, what a link to it says, and who has it.
_Row = tuple[str, str, Callable[[], bool]]


def _everybody() -> bool:
    return True


def _holds(permission: str) -> Callable[[], bool]:
    """Those who run the directory, or look over it, and may do this."""
    return lambda: can(actor(), "log:read") and can(actor(), permission)


def _looks_over() -> bool:
    """An auditor's own work; administrators, whose line is full, find it in the change log."""
    return can(actor(), "log:read") and not actor().is_secretariat


LINE: tuple[_Row, ...] = (
    ("home.show", N_("Find"), _everybody),
    ("states.list_all", N_("States"), _everybody),
    ("coverage.show", N_("Coverage"), _everybody),
    ("liaison.show", N_("Liaison"), _everybody),
    ("desk.show", N_("Desk"), can_propose),
)
OFFICE: tuple[_Row, ...] = (
    ("reviews.queue", N_("Reviews"), _holds("reviews:read")),
    ("campaigns.list_all", N_("Campaigns"), _holds("campaigns:read")),
    ("line_tests.show", N_("Line tests"), _holds("line_tests:run")),
    ("log.show", N_("Change log"), _holds("log:read")),
    ("read_audit.show", N_("Look-ups"), _looks_over),
)
HELP: tuple[_Row, ...] = (("help.show", N_("Help"), _everybody),)
OWN: tuple[_Row, ...] = (
    ("account.show", N_("Your account"), _everybody),
    ("notices.show_own", N_("Notices"), _everybody),
    ("campaigns.list_all", N_("Campaigns"), _everybody),
    ("line_tests.show", N_("Line tests"), _everybody),
    ("accounts.list_all", N_("Accounts"), looks_after_accounts),
    ("notices.show_mailbox", N_("Mailbox of the demonstration"), demo),
)
#: Begin of an address -> the places it may belong to; the first of those that the reader has.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "/counterpart": ("home.show",),
        "/search": ("home.show",),
        "/entries": ("states.list_all",),
        "/proposals": ("desk.show", "reviews.queue"),
        "/statistics": ("desk.show", "reviews.queue"),
        "/read-audit": ("read_audit.show", "log.show", "desk.show"),
        "/editions": ("account.show",),
        "/duty-pack": ("account.show",),
    }
)


def menu_line() -> tuple[Place, ...]:
    """What everybody, or a focal point, has in the line."""
    return _shown(LINE)


def menu_office() -> tuple[Place, ...]:
    """What the secretariat and auditors have behind one word; empty for others."""
    return _shown(OFFICE)


def menu_help() -> tuple[Place, ...]:
    """The end of the line."""
    return _shown(HELP)


def menu_own() -> tuple[Place, ...]:
    """What stands behind the reader's name."""
    return _shown(OWN)


def _shown(rows: tuple[_Row, ...]) -> tuple[Place, ...]:
    return tuple(Place(endpoint, text, _mark(endpoint)) for endpoint, text, has in rows if has())


def _mark(endpoint: str) -> str:
    if endpoint != place_here():
        return ""
    return "page" if request.endpoint == endpoint else "true"


def place_here() -> str:
    """Endpoint of the place that the page belongs to, '' for none."""
    if "place_here" not in g:
        g.place_here = _found_here()
    found: str = g.place_here
    return found


def _found_here() -> str:
    has = [endpoint for endpoint, _, may in (*LINE, *OFFICE, *HELP, *OWN) if may()]
    for start, places in _ELSEWHERE.items():
        if _is_below(request.path, start):
            return next((one for one in places if one in has), "")
    root = len(request.script_root)
    addresses = {url_for(endpoint)[root:]: endpoint for endpoint in has}
    above = [address for address in addresses if _is_below(request.path, address)]
    return addresses[max(above, key=len)] if above else ""


def _is_below(path: str, address: str) -> bool:
    return path == address or path.startswith(f"{address}/")
