"""Addresses that pages lead to: this page with other parameters, entries, what was found."""

from urllib.parse import urlencode

from flask import Request, url_for

from directory.queries.search import SearchItem
from directory.web.context import kept_here, this_request

#: Kind of a search result that is a State and no entry.
STATE_HIT = "state"
#: What Flask, too, leaves as it is in parameters.
_AS_IT_IS = "!$'()*,/:;?@"
#: Characters of a parameter that links of a page repeat.
LONGEST_KEPT = 1000


def url_with(**changes: object) -> str:
    """The address of this page with parameters changed; None takes one away, and so does ''.

    Parameters longer than any that is read are left out: each link would repeat them.
    """
    address, given = _this_page()
    kept = {**given, **changes}
    query = [(name, value) for name, value in kept.items() if value not in {None, ""}]
    return f"{address}?{urlencode(query, safe=_AS_IT_IS)}" if query else address


def _this_page() -> tuple[str, dict[str, str]]:
    """The address of this page without parameters, and those of them that its links repeat."""
    kept = kept_here()
    found: tuple[str, dict[str, str]] | None = kept.get("this_page")
    if found is None:
        found = kept["this_page"] = _page_asked(this_request())
    return found


def _page_asked(asked: Request) -> tuple[str, dict[str, str]]:
    """Where there is no such page, what leads on leads home, which knows none of its parameters."""
    if asked.endpoint is None:
        return url_for("home.show"), {}
    inside = asked.view_args or {}
    given = {
        name: text
        for name, text in asked.args.items()
        if len(text) <= LONGEST_KEPT and name not in inside
    }
    return url_for(asked.endpoint, **inside), given


def entry_url(entry_id: str) -> str:
    """The address of an entry's page."""
    return url_for("entries.show", entry_id=entry_id)


def hit_url(hit: SearchItem) -> str:
    """The address of the page a search result leads to."""
    return url_for("states.show", code=hit.id) if hit.kind == STATE_HIT else entry_url(hit.id)


def suggest_url() -> str:
    """Where the search box asks for completions."""
    return "/api/v1/suggest"
