"""Grave acts: a factor shown within five minutes, or nothing happens and nothing is lost."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import Engine, select

from directory.domain.vocabulary import Role
from directory.models.account import ApiToken
from directory.web.access import needs_fresh
from tests.support.door import PASSWORD, bearer, form_token, sign_in
from tests.support.signing_in import Person, Whole, open_whole, person, with_passkey

OFFICER = "officer@secretariat.example"
#: What needs a fresh factor, written a second time and by hand.
FRESH = {
    "accounts.approve",
    "accounts.confirm_several",
    "accounts.decline",
    "accounts.do",
    "inviting.add_domain",
    "inviting.agree_domain",
    "inviting.invite",
    "inviting.remove_domain",
    "editions.take",
    "packs.make",
    "recoveries.approve",
    "recoveries.begin",
    "review_acts.verify_several",
    "sessions.keep_duty_desk",
    "step_up.confirmed",
    "tokens.create",
    "ways.add_passkey",
    "ways.begin_application",
    "ways.change_password",
    "ways.keep_application",
    "ways.make_codes",
    "ways.remove_passkey",
}
WITH_ACTS = {
    "review_acts.do": {"verify", "approve", "dismiss-objection"},
    "api_proposals.act_on_proposal": {"verify", "approve", "dismiss-objection"},
    "standing.propose": {"suspend"},
}
NEW_TOKEN: dict[str, Any] = {
    "name": "my program",
    "days": "30",
    "scopes": ["states:read", "entries:read"],
}
_OPTIONS = re.compile(r'data-passkey-options="([^"]+)"')


@pytest.fixture
def whole(engine: Engine) -> Whole:
    return open_whole(engine)


@pytest.fixture
def officer(whole: Whole) -> Person:
    return person(whole, OFFICER, Role.VERIFIER, "")


def tokens(whole: Whole) -> list[ApiToken]:
    with whole.parts.reading() as session:
        return list(session.scalars(select(ApiToken)))


def old(whole: Whole) -> None:
    """The factor shown at sign-in is too old now."""
    whole.clock.move(minutes=5)


def test_all_that_is_grave_and_of_this_room_needs_a_fresh_factor(whole: Whole) -> None:
    marked = {one.endpoint for one in whole.app.url_map.iter_rules()}
    found = {one for one in marked if needs_fresh(whole.app, one)}
    assert found >= FRESH
    for endpoint, acts in WITH_ACTS.items():
        assert all(needs_fresh(whole.app, endpoint, act) for act in acts)
        assert not needs_fresh(whole.app, endpoint, "comment")


def test_an_old_factor_asks_again_and_changes_nothing(whole: Whole, officer: Person) -> None:
    old(whole)
    answer = officer.send("/account/tokens", **NEW_TOKEN)
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text
    assert tokens(whole) == []


def test_a_factor_of_four_minutes_ago_is_fresh(whole: Whole, officer: Person) -> None:
    whole.clock.move(minutes=4, seconds=59)
    assert officer.send("/account/tokens", **NEW_TOKEN).status_code == 200


def test_nothing_typed_is_lost_when_the_factor_is_shown(whole: Whole, officer: Person) -> None:
    old(whole)
    page = officer.send("/account/tokens", **NEW_TOKEN)
    kept = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    fields: dict[str, list[str]] = {}
    for name, value in kept:
        fields.setdefault(name, []).append(html.unescape(value))
    assert 'action="/account/tokens"' in page.text
    done = officer.client.post("/account/tokens", data={**fields, "fresh_code": officer.code()})
    assert done.status_code == 200
    (made,) = tokens(whole)
    assert made.name == "my program"
    assert made.scopes == ["entries:read", "states:read"]


def test_a_shown_factor_counts_for_five_minutes_more(whole: Whole, officer: Person) -> None:
    old(whole)
    officer.send("/account/tokens", fresh_code=officer.code(), **NEW_TOKEN)
    whole.clock.move(minutes=4)
    assert officer.send("/account/tokens", **NEW_TOKEN).status_code == 200
    assert len(tokens(whole)) == 2


@pytest.mark.parametrize("code", ["", "000000", "abc", "\u0661", "1" * 50])
def test_a_wrong_code_does_nothing(whole: Whole, officer: Person, code: str) -> None:
    old(whole)
    assert officer.send("/account/tokens", fresh_code=code, **NEW_TOKEN).status_code == 422
    assert tokens(whole) == []


def test_a_code_used_at_the_door_is_not_taken_again(whole: Whole, officer: Person) -> None:
    old(whole)
    code = officer.code()
    assert officer.send("/account/tokens", fresh_code=code, **NEW_TOKEN).status_code == 200
    other = officer.new_browser()
    sign_in(other.client, OFFICER)
    assert other.send("/sign-in/code", code=code, form="/sign-in/code").status_code == 422


def test_a_password_is_no_second_factor(whole: Whole, officer: Person) -> None:
    old(whole)
    answer = officer.send("/account/tokens", fresh_password=PASSWORD, **NEW_TOKEN)
    assert answer.status_code == 422
    assert tokens(whole) == []


def test_guesses_are_counted_as_at_the_door(whole: Whole, officer: Person) -> None:
    old(whole)
    for _guess in range(5):
        officer.send("/account/tokens", fresh_code="000000", **NEW_TOKEN)
    refused = officer.send("/account/tokens", fresh_code=officer.code(), **NEW_TOKEN)
    assert "Too many attempts" in refused.text
    assert tokens(whole) == []


def options_for(officer: Person) -> str:
    page = officer.send("/account/tokens", **NEW_TOKEN).text
    found = _OPTIONS.search(page)
    assert found
    return html.unescape(found[1])


def test_a_passkey_is_a_fresh_factor_once(whole: Whole, officer: Person) -> None:
    key = with_passkey(whole, officer.id)
    old(whole)
    answer = key.get(options_for(officer))
    assert officer.send("/account/tokens", fresh_passkey=answer, **NEW_TOKEN).status_code == 200
    old(whole)
    assert officer.send("/account/tokens", fresh_passkey=answer, **NEW_TOKEN).status_code == 422


def test_a_passkey_of_somebody_else_is_no_factor(whole: Whole, officer: Person) -> None:
    """As Flask-Security before 5.9: any registered key made any session fresh."""
    with_passkey(whole, officer.id)
    thief = person(whole, "thief@fr.example", inside=False)
    key = with_passkey(whole, thief.id)
    old(whole)
    answer = key.get(options_for(officer))
    assert officer.send("/account/tokens", fresh_passkey=answer, **NEW_TOKEN).status_code == 422
    assert tokens(whole) == []


def test_an_answer_meant_for_another_session_is_no_factor(whole: Whole, officer: Person) -> None:
    key, other = with_passkey(whole, officer.id), officer.new_browser()
    assert other.sign_in().status_code == 302
    old(whole)
    answer = key.get(options_for(other))
    assert officer.send("/account/tokens", fresh_passkey=answer, **NEW_TOKEN).status_code == 422


def test_a_token_never_counts_as_a_fresh_person(whole: Whole, officer: Person) -> None:
    made = officer.send(
        "/account/tokens", name="p", days="1", scopes=["proposals:read", "proposals:review"]
    )
    found = re.search(r'id="token-made">([^<]+)<', made.text)
    assert found
    headers = bearer(found[1]) | {"If-Match": '"1"'}
    answer = whole.client().post("/api/v1/proposals/P-00000000/approve", json={}, headers=headers)
    assert answer.status_code == 403
    assert "a token cannot do it" in answer.json["detail"]  # type: ignore[index]


def test_in_a_demonstration_the_password_is_asked_for(engine: Engine) -> None:
    whole = open_whole(engine, demo=True)
    whole.account(OFFICER, Role.VERIFIER, "")
    client = whole.client()
    sign_in(client, OFFICER)
    whole.clock.move(minutes=6)

    def send(password: str) -> int:
        token = form_token(client.get("/account/tokens"))
        fields = {"csrf_token": token, "fresh_password": password, **NEW_TOKEN}
        return client.post("/account/tokens", data=fields).status_code

    assert send("wrong horse battery") == 422
    assert send(PASSWORD) == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_confirming_leads_nowhere_else(whole: Whole, officer: Person, target: str) -> None:
    shown = officer.client.get("/account/confirm", query_string={"next": target})
    # The switch of languages keeps the address asked for, which is judged again there.
    links = re.findall(r'(?:href|action|value)="([^"]*)"', shown.text)
    assert [one for one in links if "evil" in one and "/account/confirm?" not in one] == []
    assert officer.send("/account/confirm", next=target).location == "/account"
