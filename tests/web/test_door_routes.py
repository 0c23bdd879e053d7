"""Every route of the whole application, for strangers, for every role, and for programs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import AnyConverter, Rule

from directory.composition import create_app
from directory.domain.vocabulary import Role
from directory.policy import GRANTS
from directory.web.access import PUBLIC, need_of
from directory.web.authorization import address_of, read_table
from directory.web.sign_in import CLOSED, NOBODY
from tests.support.door import Place, bearer, open_place, sign_in

VALUES = {
    "filename": "vendor/bootstrap/bootstrap.min.css",
    "code": "FR",
    "entry_id": "FR-AAAAAA",
    "token": "x",
    "secret": "x",
    "proposal_id": "P-00000000",
    "name": "x",
    "kind": "authority",
    "act": "withdraw",
    "number": "1",
    "campaign_id": "1",
    "round_id": "L-000000",
    "date": "2026-01-31",
    "form": "pdf",
    "word": "x",
    "account_id": "1",
    "request_id": "1",
}
#: What an open route may answer; a page may want parameters, or know nothing yet.
ANSWERED = frozenset({200, 302, 400, 404, 409, 415, 422, 428, 503})


class Whole(Place):
    """The whole application instead of the small one."""

    def __post_init__(self) -> None:
        self.app = create_app(self.parts.settings, self.parts)


@pytest.fixture
def whole(engine: Engine) -> Whole:
    place = open_place(engine, demo=True)
    return Whole(place.parts, place.clock)


def routes(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule, with an address made from it and each method."""
    with app.test_request_context():
        urls = app.create_url_adapter(None)
    adapter = app.url_map.bind("localhost") if urls is None else urls
    for rule in app.url_map.iter_rules():
        values = {name: value_for(rule, name) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, adapter.build(rule.endpoint, values, method=method), method


def value_for(rule: Rule, name: str) -> str:
    """A value for a part of an address: one of the words it takes, or what stands above."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else VALUES[name]


def test_every_route_declares_what_it_needs(whole: Whole) -> None:
    undeclared = [
        rule.rule
        for rule, _url, _method in routes(whole.app)
        if not need_of(whole.app, rule.endpoint)
    ]
    assert undeclared == []


def test_every_route_has_a_line_in_the_table_of_who_may_ask_what(whole: Whole) -> None:
    known = {(one.method, one.address): one.roles for one in read_table()}
    found = {
        (method, address_of(rule.rule)): need_of(whole.app, rule.endpoint) or ""
        for rule, _url, method in routes(whole.app)
    }
    added = [suggested_line(*route, need) for route, need in found.items() if route not in known]
    gone = [" ".join(route) for route in known if route not in found]
    assert added == [], (
        "put these lines into directory/web/authorization.txt, once you have read them"
    )
    assert gone == [], "take these lines out of directory/web/authorization.txt"


def suggested_line(method: str, address: str, need: str) -> str:
    """What would be written by hand for a route that is new; a suggestion, to be read twice."""
    roles = GRANTS.get(need, frozenset())
    who = ",".join(role.value for role in Role if role in roles) or "nobody"
    who = "everybody" if need == PUBLIC else "inside" if roles == frozenset(Role) else who
    return f"{method:<7}{address}  {who}  -"


def test_every_need_is_a_permission_that_exists(whole: Whole) -> None:
    needs = {need_of(whole.app, rule.endpoint) for rule in whole.app.url_map.iter_rules()}
    assert needs <= {*GRANTS, PUBLIC, NOBODY}
    assert NOBODY not in GRANTS


def test_only_the_way_in_and_static_files_are_public(whole: Whole) -> None:
    public = {
        rule.endpoint
        for rule in whole.app.url_map.iter_rules()
        if need_of(whole.app, rule.endpoint) == PUBLIC
    }
    assert public == {
        "health.alive",
        "health.ready",
        "invitation.accept",
        "line_tests.answer",
        "line_tests.ask",
        "objections.ask",
        "objections.object_to",
        "passkeys.sign_in",
        # By the secret in its address.
        "calendars.calendar",
        "seal.ask",
        "seal.check",
        "seal.show",
        "security.login",
        "security.logout",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
        "static",
        "urgent.worker",
    }


#: Pages about the API.
READ_IN_A_BROWSER = {"/api/v1/docs", "/api/v1/problems"}


def test_a_stranger_is_let_into_nothing_but_what_is_public(whole: Whole) -> None:
    for rule, url, method in routes(whole.app):
        answer = whole.client().open(url, method=method, buffered=True)
        if need_of(whole.app, rule.endpoint) == PUBLIC:
            assert answer.status_code in ANSWERED, (method, url)
        elif url.startswith("/api/") and url not in READ_IN_A_BROWSER:
            assert answer.status_code == 401, (method, url)
        else:
            assert answer.status_code == 302, (method, url)
            assert answer.location.startswith("/sign-in"), (method, url)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_let_in_and_refused_as_declared(whole: Whole, role: Role) -> None:
    state = "FR" if role in {Role.READER, Role.FOCAL_POINT} else ""
    whole.account("role@trial.example", role, state)
    client = whole.client()
    assert sign_in(client, "role@trial.example").status_code == 302
    for rule, url, method in routes(whole.app):
        need = need_of(whole.app, rule.endpoint) or ""
        answer = client.open(url, method=method, buffered=True)
        if need == PUBLIC or role in GRANTS.get(need, frozenset()):
            assert answer.status_code in ANSWERED, (method, url)
            assert not answer.headers.get("Location", "/").startswith("/sign-in"), (method, url)
        else:
            assert answer.status_code == 403, (method, url)


def test_a_token_without_any_fitting_scope_is_refused_everywhere(whole: Whole) -> None:
    whole.account()
    headers = bearer(whole.token(scopes=["account:own"]))
    for rule, url, method in routes(whole.app):
        if url.startswith("/api/") and need_of(whole.app, rule.endpoint) != "account:own":
            answer = whole.client().open(url, method=method, headers=headers, buffered=True)
            assert answer.status_code == 403, (method, url)


def test_what_a_library_registered_and_nobody_uses_is_closed(whole: Whole) -> None:
    assert {need_of(whole.app, endpoint) for endpoint in CLOSED} == {NOBODY}
