"""Changing how one signs in: told, logged, and never down to nothing."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select

from directory.domain.sign_in import Factor
from directory.domain.vocabulary import Role
from directory.models.account import Account, LoginSession
from directory.models.change_log import LogEvent
from directory.models.notice import Notice
from directory.models.sign_in import Passkey, RecoveryCode
from directory.services.accounts import use_code
from directory.services.factors import use_recovery_code
from directory.services.sessions import begin_attempt
from tests.support.door import PASSWORD, READER, Place, authenticator, key_shown, sign_in
from tests.support.passkeys import Authenticator
from tests.support.signing_in import Person, Whole, open_whole, person, with_passkey

_OPTIONS = re.compile(r'data-passkey-options="([^"]+)"')
_CODE = re.compile(r"<code>([A-Z0-9-]{19})</code>")
WAYS = "/account/sign-in"


@pytest.fixture
def whole(engine: Engine) -> Whole:
    return open_whole(engine)


@pytest.fixture
def reader(whole: Whole) -> Person:
    return person(whole, READER)


def told(place: Place, kind: str = "ways_in_changed") -> list[str]:
    with place.parts.reading() as session:
        kinds = select(Notice.params).where(Notice.kind == kind).order_by(Notice.id)
        return [str(one.get("what", "")) for one in session.scalars(kinds)]


def logged(place: Place) -> list[str]:
    with place.parts.reading() as session:
        return list(session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)))


def add_passkey(someone: Person) -> Authenticator:
    found = _OPTIONS.search(someone.client.get(WAYS).text)
    assert found
    key = Authenticator()
    answer = key.create(html.unescape(found[1]))
    done = someone.send(f"{WAYS}/passkeys", passkey=answer, name="Telephone")
    assert done.status_code == 303, done.text
    return key


def test_a_passkey_is_added_told_and_logged(whole: Whole, reader: Person) -> None:
    add_passkey(reader)
    assert "Telephone" in reader.client.get(WAYS).text
    assert told(whole) == ["passkey_added"]
    assert "account.passkey_added" in logged(whole)


def test_a_passkey_made_for_another_session_is_not_kept(whole: Whole, reader: Person) -> None:
    other = person(whole, "other@fr.example")
    found = _OPTIONS.search(other.client.get(WAYS).text)
    assert found
    answer = Authenticator().create(html.unescape(found[1]))
    assert reader.send(f"{WAYS}/passkeys", passkey=answer).status_code == 422
    assert told(whole) == []


def test_nobody_removes_the_passkey_of_another(whole: Whole, reader: Person) -> None:
    other = person(whole, "other@fr.example", inside=False)
    with_passkey(whole, other.id)
    assert reader.send(f"{WAYS}/passkeys/1/remove").status_code == 404
    with whole.parts.reading() as session:
        assert session.scalar(select(func.count(Passkey.id))) == 1


def test_the_last_way_in_is_not_taken_away(whole: Whole, reader: Person) -> None:
    with_passkey(whole, reader.id)
    with whole.work() as uow:
        account = uow.session.get_one(Account, reader.id)
        account.password_hash = ""
    answer = reader.send(f"{WAYS}/passkeys/1/remove")
    assert answer.status_code == 409
    assert "only way in" in answer.text


def test_a_removed_passkey_opens_nothing(whole: Whole, reader: Person) -> None:
    add_passkey(reader)
    assert reader.send(f"{WAYS}/passkeys/1/remove").status_code == 303
    assert told(whole) == ["passkey_added", "passkey_removed"]
    with whole.parts.reading() as session:
        assert session.scalars(select(Passkey)).all() == []


@pytest.mark.parametrize(
    ("password", "again", "status"),
    [("short", "short", 422), ("long enough now", "another one now", 422), ("x" * 201, "", 422)],
)
def test_an_unfit_new_password_changes_nothing(
    whole: Whole, reader: Person, password: str, again: str, status: int
) -> None:
    answer = reader.send(f"{WAYS}/password", password=password, again=again)
    assert answer.status_code == status
    assert reader.client.get("/account").status_code == 200


def test_a_new_password_ends_every_session(whole: Whole, reader: Person) -> None:
    other = reader.new_browser()
    assert other.sign_in().status_code == 302
    new = "another horse battery"
    assert reader.send(f"{WAYS}/password", password=new, again=new).status_code == 303
    for browser in (reader, other):
        assert browser.client.get("/account").status_code == 302
    assert sign_in(whole.client(), READER, PASSWORD).status_code == 422
    assert sign_in(whole.client(), READER, new).status_code == 302
    assert told(whole) == ["password_changed"]


def test_who_has_only_a_passkey_sets_up_the_application_before_a_password(
    whole: Whole, reader: Person
) -> None:
    with whole.work() as uow:
        account = uow.session.get_one(Account, reader.id)
        account.tf_primary_method = account.tf_totp_secret = None
        account.password_hash = ""
    new = "another horse battery"
    assert reader.send(f"{WAYS}/password", password=new, again=new).status_code == 409


def test_a_new_application_counts_once_its_code_was_typed(whole: Whole, reader: Person) -> None:
    shown = reader.send(f"{WAYS}/application")
    key = key_shown(shown)
    assert reader.send(f"{WAYS}/application/keep", code="000000").status_code == 422
    whole.clock.move(seconds=60)
    new = str(authenticator(key).generate(whole.clock()).token)
    assert reader.send(f"{WAYS}/application/keep", code=new).status_code == 303
    assert told(whole) == ["application_set"]
    old = reader.new_browser()
    assert old.sign_in().status_code == 422
    fresh = Person(whole, reader.id, READER, key, whole.client())
    assert fresh.sign_in().status_code == 302


def test_an_application_is_not_kept_without_its_key_being_shown(reader: Person) -> None:
    assert reader.send(f"{WAYS}/application/keep", code="123456").status_code == 409


def codes_of(reader: Person) -> list[str]:
    page = reader.send(f"{WAYS}/recovery-codes")
    assert page.status_code == 200
    return _CODE.findall(page.text)


def test_recovery_codes_are_shown_once_and_kept_as_hashes(whole: Whole, reader: Person) -> None:
    codes = codes_of(reader)
    assert len(set(codes)) == 10
    with whole.parts.reading() as session:
        kept = list(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code.replace("-", "") in one for code in codes for one in kept)
    assert codes[0] not in reader.client.get(WAYS).text


def test_a_recovery_code_stands_in_for_the_application_once(whole: Whole, reader: Person) -> None:
    code = codes_of(reader)[3]
    statuses = []
    for _attempt in range(2):
        other = reader.new_browser()
        sign_in(other.client, READER)
        typed = code.lower().replace("-", " ")
        statuses.append(other.send("/sign-in/code", form="/sign-in/code", code=typed).status_code)
    assert statuses == [302, 422]
    assert "code_used" in told(whole)


def test_a_recovery_code_alone_opens_nothing(whole: Whole, reader: Person) -> None:
    code = codes_of(reader)[0]
    client = whole.client()
    sign_in(client, READER, "wrong horse battery")
    assert client.get("/sign-in/code").location == "/sign-in"
    stranger = Person(whole, 0, READER, reader.key, client)
    assert stranger.send("/sign-in/code", form="/sign-in", code=code).location == "/sign-in"


def test_new_codes_make_the_earlier_ones_void(whole: Whole, reader: Person) -> None:
    first = codes_of(reader)[0]
    codes_of(reader)
    other = reader.new_browser()
    sign_in(other.client, READER)
    assert other.send("/sign-in/code", form="/sign-in/code", code=first).status_code == 422


def at_once(work: Callable[[], object], number: int = 50) -> list[object]:
    """What that many threads that do the same at the same moment get."""
    with ThreadPoolExecutor(number) as threads:
        return [one.result() for one in [threads.submit(work) for _one in range(number)]]


def test_of_fifty_at_once_one_uses_a_code(whole: Whole, reader: Person) -> None:
    """TOB-PYPI26-2 (audit of PyPI, 2026): a check against replay that two at once could pass."""
    step = int(whole.clock().timestamp()) // 30 + 10

    def use() -> bool:
        with whole.work() as uow:
            return use_code(uow, reader.id, step)

    assert sum(map(bool, at_once(use))) == 1


def test_of_fifty_at_once_one_uses_a_recovery_code(whole: Whole, reader: Person) -> None:
    code = codes_of(reader)[0]
    peppers = whole.parts.settings.peppers

    def use() -> bool:
        with whole.work() as uow:
            return use_recovery_code(uow, reader.id, code, peppers, whole.clock())

    assert sum(map(bool, at_once(use))) == 1


def test_guesses_are_counted_in_the_database_and_survive_a_restart(whole: Whole) -> None:
    for _guess in range(5):
        with whole.work() as uow:
            begin_attempt(uow, Factor.PASSWORD, "k", "192.0.2.1", whole.clock())
    restarted = Whole(whole.parts, whole.clock)
    with restarted.work() as uow:
        assert begin_attempt(uow, Factor.PASSWORD, "k", "192.0.2.1", whole.clock()) is not None


# Sessions


def sessions_of(whole: Whole) -> list[LoginSession]:
    with whole.parts.reading() as session:
        return list(session.scalars(select(LoginSession).order_by(LoginSession.created_at)))


def test_a_session_is_ended_from_another_browser_at_once(whole: Whole, reader: Person) -> None:
    stolen = reader.new_browser()
    stolen.sign_in()
    page = reader.client.get("/account/sessions").text
    assert page.count('name="session"') == 2
    wanted = sessions_of(whole)[1].id
    assert reader.send("/account/sessions/end", session=wanted).status_code == 303
    assert stolen.client.get("/account").status_code == 302
    assert reader.client.get("/account").status_code == 200
    assert "account.sessions_ended" in logged(whole)
    page = reader.client.get("/account/sessions").text
    assert "Sessions ended" in page
    assert "by you" in page


def test_all_other_sessions_end_together(whole: Whole, reader: Person) -> None:
    others = [reader.new_browser() for _number in range(2)]
    for one in others:
        one.sign_in()
    reader.send("/account/sessions/end", session="others")
    assert [one.client.get("/account").status_code for one in others] == [302, 302]
    assert reader.client.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another(whole: Whole, reader: Person) -> None:
    other = person(whole, "other@fr.example")
    reader.send("/account/sessions/end", session=sessions_of(whole)[1].id)
    assert other.client.get("/account").status_code == 200
    assert "account.sessions_ended" not in logged(whole)


@pytest.mark.parametrize(
    ("role", "state", "idle", "lasts"),
    [(Role.READER, "FR", 60, 12), (Role.VERIFIER, "", 30, 8), (Role.AUDITOR, "", 30, 8)],
)
def test_an_officers_session_idles_and_lasts_less(
    whole: Whole, role: Role, state: str, idle: int, lasts: int
) -> None:
    someone = person(whole, "someone@fr.example", role, state)
    (row,) = sessions_of(whole)
    assert row.idle_minutes == idle
    assert (row.ends_at - row.created_at).total_seconds() == lasts * 3600
    whole.clock.move(minutes=idle - 1)
    assert someone.client.get("/account", buffered=True).status_code == 200
    whole.clock.move(minutes=idle)
    assert someone.client.get("/account").status_code == 302


def test_a_duty_desk_stays_open_for_the_night_and_only_looks_up(
    whole: Whole, reader: Person
) -> None:
    assert reader.send("/account/sessions/duty-desk").location == "/"
    assert "account.duty_desk_kept" in logged(whole)
    for _night in range(6):
        whole.clock.move(hours=23)
        assert reader.client.get("/states", buffered=True).status_code == 200
    for address in ("/account", "/account/sessions", "/account/tokens", "/account/sign-in"):
        assert reader.client.get(address).status_code == 403
    assert reader.client.post("/entries/RO-AAAAAA/reports").status_code in {400, 403}
    whole.clock.move(days=2)
    assert reader.client.get("/states").status_code == 302


def test_an_officer_keeps_no_duty_desk(whole: Whole) -> None:
    officer = person(whole, "officer@secretariat.example", Role.VERIFIER, "")
    assert officer.send("/account/sessions/duty-desk").status_code == 403


def test_a_new_browser_is_told_and_a_known_one_is_not(whole: Whole, reader: Person) -> None:
    assert len(told(whole, "new_device")) == 1
    sign_out_at(reader)
    assert reader.sign_in().status_code == 302
    assert len(told(whole, "new_device")) == 1
    reader.new_browser().sign_in()
    assert len(told(whole, "new_device")) == 2


def sign_out_at(someone: Person) -> None:
    assert someone.send("/sign-out").status_code == 302


# Tokens


def test_a_token_is_shown_once_told_and_revoked(whole: Whole, reader: Person) -> None:
    scopes = ["entries:read", "states:read"]
    made = reader.send("/account/tokens", name="sync", days="30", scopes=scopes)
    token = re.search(r'id="token-made">(nad_[^<]+)<', made.text)
    assert token
    page = reader.client.get("/account/tokens").text
    assert token[1] not in page
    assert "sync" in page
    assert "Read entries and their contacts" in page
    assert ">entries:read<" not in page
    assert told(whole) == ["token_made"]
    bearer = {"Authorization": f"Bearer {token[1]}"}
    answer = whole.client().get("/api/v1/entries", headers=bearer)
    assert answer.status_code == 200, answer.text
    assert reader.send("/account/tokens/1/revoke").status_code == 303
    assert whole.client().get("/api/v1/entries", headers=bearer).status_code == 401
    assert {"token.made", "token.revoked"} <= set(logged(whole))


def test_a_program_lists_and_ends_tokens_and_makes_none(whole: Whole, reader: Person) -> None:
    made = reader.send("/account/tokens", name="p", days="1", scopes="account:own")
    found = re.search(r'id="token-made">([^<]+)<', made.text)
    assert found
    headers, program = {"Authorization": f"Bearer {found[1]}"}, whole.client()
    listed = program.get("/api/v1/tokens", headers=headers).json
    assert [one["name"] for one in listed["items"]] == ["p"]  # type: ignore[index]
    assert found[1] not in str(listed)
    assert program.post("/api/v1/tokens", json={}, headers=headers).status_code == 405
    assert program.post("/api/v1/tokens/7/revoke", headers=headers).status_code == 404
    assert program.post("/api/v1/tokens/1/revoke", headers=headers).status_code == 200
    assert program.get("/api/v1/tokens", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"days": "0"}, {"days": "9999"}, {"days": "٣٠"}, {"scopes": "everything"}],
)
def test_a_token_that_makes_no_sense_is_refused_with_what_was_typed(
    whole: Whole, reader: Person, wrong: dict[str, str]
) -> None:
    fields = {"name": "sync", "days": "30", "scopes": "states:read"} | wrong
    answer = reader.send("/account/tokens", **fields)
    assert answer.status_code == 422
    assert told(whole) == []


def test_nobody_revokes_the_token_of_another(whole: Whole, reader: Person) -> None:
    reader.send("/account/tokens", name="sync", days="30", scopes="entries:read")
    other = person(whole, "other@fr.example")
    assert other.send("/account/tokens/1/revoke").status_code in {403, 404}
