"""The menu marks the place that each page belongs to, whoever answers the page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.domain.vocabulary import Role
from directory.policy import Actor
from directory.web.context import kept_here
from directory.web.places import menu_help, menu_line, menu_office, menu_own, place_here
from tests.support.trial import OFFICER, Trial

ACTORS = {
    "reader": Actor("r", state="FR", roles=frozenset({Role.READER})),
    "focal": Actor("f", state="FR", roles=frozenset({Role.FOCAL_POINT})),
    "verifier": Actor("v", roles=frozenset({Role.VERIFIER})),
    "administrator": Actor("a", roles=frozenset({Role.ADMINISTRATOR})),
    "auditor": Actor("o", roles=frozenset({Role.AUDITOR})),
}
#: Page by its rule -> the place it belongs to, for everybody or by role; '' for none.
BELONGS: dict[str, str | dict[str, str]] = {
    "/": "home.show",
    "/counterpart": "home.show",
    "/counterpart/urgent": "home.show",
    "/counterpart/urgent/kept": "home.show",
    "/search": "home.show",
    "/states": "states.list_all",
    "/states/<code>": "states.list_all",
    "/entries/<entry_id>": "states.list_all",
    "/entries/<entry_id>/as-of/<date>": "states.list_all",
    "/entries/<entry_id>/break-glass": "states.list_all",
    "/entries/<entry_id>/history": "states.list_all",
    "/coverage": "coverage.show",
    "/coverage/<code>/<kind>": "coverage.show",
    "/coverage/gaps": "coverage.show",
    "/coverage/scores": "coverage.show",
    "/coverage/tiles": "coverage.show",
    "/coverage/trends": "coverage.show",
    "/liaison": "liaison.show",
    "/desk": {"focal": "desk.show"},
    "/desk/closures": {"focal": "desk.show"},
    "/desk/confirm": {"focal": "desk.show"},
    "/desk/entries/<entry_id>/<act>": {"focal": "desk.show"},
    "/desk/entries/<entry_id>/propose": {"focal": "desk.show"},
    "/desk/import": {"focal": "desk.show"},
    "/desk/look-ups": {"focal": "desk.show"},
    "/desk/propose/<kind>": {"focal": "desk.show"},
    "/desk/reports": {"focal": "desk.show"},
    "/proposals/<proposal_id>": {"focal": "desk.show", "verifier": "reviews.queue"},
    "/proposals/<proposal_id>/edit": {"focal": "desk.show"},
    "/statistics": {"focal": "desk.show", "verifier": "reviews.queue"},
    "/reviews": {"verifier": "reviews.queue", "administrator": "reviews.queue"},
    "/reviews/<proposal_id>": {"verifier": "reviews.queue"},
    "/reviews/closures": {"verifier": "reviews.queue"},
    "/reviews/reports": {"verifier": "reviews.queue"},
    "/campaigns": "campaigns.list_all",
    "/campaigns/<campaign_id>": "campaigns.list_all",
    "/line-tests": "line_tests.show",
    "/line-tests/calls/<number>": {"verifier": "line_tests.show"},
    "/line-tests/rounds/<round_id>": {"verifier": "line_tests.show"},
    "/log": {"verifier": "log.show", "administrator": "log.show", "auditor": "log.show"},
    "/read-audit": {
        "focal": "desk.show",
        "administrator": "log.show",
        "auditor": "read_audit.show",
    },
    "/read-audit/alerts": {"administrator": "log.show", "auditor": "read_audit.show"},
    "/read-audit/exports": {"administrator": "log.show", "auditor": "read_audit.show"},
    "/help": "help.show",
    "/help/<guide>": "help.show",
    "/help/access": "help.show",
    "/help/glossary": "help.show",
    "/help/marks": "help.show",
    "/account": "account.show",
    "/account/calendar": {"focal": "account.show"},
    "/account/confirm": "account.show",
    "/account/notices": "notices.show_own",
    "/account/searches": "account.show",
    "/account/sessions": "account.show",
    "/account/sign-in": "account.show",
    "/account/tokens": "account.show",
    "/account/watches": "account.show",
    "/duty-pack": "account.show",
    "/editions": {"focal": "account.show", "verifier": "account.show"},
    "/accounts": {"focal": "accounts.list_all", "administrator": "accounts.list_all"},
    "/accounts/<account_id>": {"focal": "accounts.list_all"},
    "/accounts/domains": {"verifier": "accounts.list_all"},
    "/accounts/invite": {"focal": "accounts.list_all"},
    "/accounts/recoveries": {"verifier": "accounts.list_all"},
    "/mailbox": "notices.show_mailbox",
    # Outside the menu: who is asked here need not have signed in.
    "/invitation/<secret>": "",
    "/line-tests/answer/<token>": "line_tests.show",
    "/objections/<token>": "",
    "/seal": "",
    "/seal/<word>": "",
}
#: What is answered there is no page with a menu.
NO_PAGES = re.compile(
    r"/api/|/static/|/sign-in|/healthz|/readyz|.*\.(csv|js|ics|xlsx|<form>|<any\(.*)$"
    r"|.*/(card|code|extract|sheet|evidence/<name>)$"
)


@pytest.mark.parametrize("role", ACTORS)
def test_each_page_belongs_to_its_place(pages: Flask, role: str) -> None:
    wrong = {}
    for rule, places in BELONGS.items():
        wanted = places if isinstance(places, str) else places.get(role)
        path = re.sub(r"<\w+>", "x", rule)
        with pages.test_request_context(path):
            kept_here()["actor"] = ACTORS[role]
            found = place_here()
            marked = {
                one.endpoint
                for one in (*menu_line(), *menu_office(), *menu_help(), *menu_own())
                if one.mark
            }
            if wanted is not None and (found != wanted or marked != {wanted} - {""}):
                wrong[rule] = (found, marked)
    assert wrong == {}


def test_no_page_is_forgotten(pages: Flask) -> None:
    rules = {
        re.sub(r"<\w+(\(.*\))?:(\w+)>", r"<\2>", rule.rule)
        for rule in pages.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    assert {rule for rule in rules if not NO_PAGES.match(rule)} - BELONGS.keys() == set()
    assert BELONGS.keys() - rules == set()


@pytest.fixture(scope="module")
def officer(trial: Trial, pages: Flask) -> FlaskClient:
    return trial.client(pages, OFFICER)


def marks(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """Mark and text of what is marked in the menu."""
    page = client.get(address).get_data(as_text=True)
    menu = page[page.index('<nav class="places"') : page.index("</header>")]
    return re.findall(r'<(?:a|summary)[^>]* aria-current="(\w+)">([^<]+)<', menu)


def test_the_menu_says_so(officer: FlaskClient, reader: FlaskClient) -> None:
    assert marks(officer, "/reviews/closures") == [("true", "Office"), ("true", "Reviews")]
    assert marks(officer, "/reviews") == [("true", "Office"), ("page", "Reviews")]
    assert marks(reader, "/states/RO") == [("true", "States")]
    assert marks(reader, "/liaison") == [("page", "Liaison")]
    assert marks(reader, "/account") == []
