"""A key is replaced in steps, and at none of them does a process meet what it cannot open."""

import itertools
import json
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.domain.key_ring import KeyRing, key_name
from directory.domain.notes import open_note
from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.parts import Parts
from directory.services import change_log, passwords
from directory.services.accounts import add_account, keep_second_factor, set_password
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.services.keys import KEYS
from directory.services.objections import link_of, token_of
from directory.services.packs import pack_signer
from directory.services.second_factors import make_totp, secrets_by_tag
from directory.services.workflow import workflow
from directory.setting_values import SECRETS
from tests.security.operator import Operator
from tests.support.door import PASSWORD, START, Place, form_token, open_place, sign_in

READER, SECOND = "reader@fr.example", "second@fr.example"


@dataclass
class Process:
    """A serving process with the settings of the moment it was started."""

    place: Place

    def client(self, like: FlaskClient | None = None) -> FlaskClient:
        """A browser; with the cookies of ``like``, which another process gave out."""
        client = self.place.client()
        cookie = like.get_cookie("directory_session") if like else None
        if cookie is not None:
            client.set_cookie("directory_session", cookie.value)
        return client


def started(operator: Operator) -> Process:
    settings = operator.settings()
    parts = Parts(settings=settings, engine=operator.engine, index=operator.parts().index)
    return Process(Place(parts, lambda: START))  # type: ignore[arg-type]


@pytest.fixture
def people(operator: Operator) -> Operator:
    operator.file.write_text(
        operator.file.read_text("utf-8") + "demo = true\nsecure_cookies = false\n"
    )
    open_place(operator.engine, demo=True)
    pepper = operator.settings().password_pepper
    with UnitOfWork(operator.engine) as uow:
        for email in (READER, SECOND):
            made = add_account(uow, email, Role.READER, "FR", START, demo=True)
            set_password(uow, made, PASSWORD, pepper, START)
    return operator


def generations(operator: Operator, name: str) -> list[Process]:
    """Processes started before and after each step."""
    made = [started(operator)]
    for step in ("new", "use"):
        operator.done("keys", step, name)
        made.append(started(operator))
    return made


def neighbours(processes: Sequence[Process]) -> list[tuple[Process, Process]]:
    """Which run side by side while processes are started anew, both ways."""
    pairs = itertools.pairwise(processes)
    return [both for one, other in pairs for both in ((one, other), (other, one))]


# --- refused


@pytest.mark.parametrize("name", sorted(KEYS))
def test_no_key_is_used_that_other_processes_do_not_know_yet(operator: Operator, name: str) -> None:
    assert "keys new" in operator.refused("keys", "use", name)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_second_next_key_is_refused(operator: Operator, name: str) -> None:
    operator.done("keys", "new", name)
    before = operator.file.read_bytes()
    assert "keys use" in operator.refused("keys", "new", name)
    assert operator.file.read_bytes() == before


def test_a_key_in_the_environment_is_not_replaced_in_the_file(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIRECTORY_SESSION_KEY_NEXT", "")
    assert "set it in the file instead" in operator.refused("keys", "new", "session")


def test_public_keys_of_old_checkpoints_are_never_dropped(operator: Operator) -> None:
    assert "stay" in operator.refused("keys", "drop", "checkpoint")


def test_a_file_that_is_not_one_setting_a_line_is_left_alone(operator: Operator) -> None:
    more = 'session_key_next = """\n' + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6" + '"""\n'
    operator.file.write_text(operator.file.read_text("utf-8") + more)
    before = operator.file.read_bytes()
    operator.refused("keys", "use", "session")
    assert operator.file.read_bytes() == before


def test_an_earlier_pepper_is_kept_while_a_password_needs_it(people: Operator) -> None:
    generations(people, "pepper")
    assert "2 passwords" in people.refused("keys", "drop", "pepper")
    with started(people).place.work() as uow:
        uow.session.query(Account).filter(Account.email == SECOND).update({"active": False})
    assert sign_in(started(people).client(), READER).status_code == 302
    people.done("keys", "drop", "pepper")
    assert sign_in(started(people).client(), READER).status_code == 302


def test_an_earlier_field_key_is_kept_while_a_second_factor_needs_it(people: Operator) -> None:
    secret = with_second_factor(people)
    generations(people, "field")
    assert "keys renew" in people.refused("keys", "drop", "field")
    assert people.done("keys", "renew") == "1 second factors were encrypted anew\n"
    assert people.done("keys", "renew") == "0 second factors were encrypted anew\n"
    people.done("keys", "drop", "field")
    assert opened(people, kept_second_factor(people)) == secret


# --- nothing is lost


def test_a_session_is_known_to_processes_of_both_keys(people: Operator) -> None:
    processes = generations(people, "session")
    for one, other in neighbours(processes):
        client = one.client()
        assert sign_in(client, READER).status_code == 302
        assert other.client(like=client).get("/").status_code == 200


def test_a_form_is_taken_by_processes_of_both_keys(people: Operator) -> None:
    processes = generations(people, "session")
    for one, other in neighbours(processes):
        client = one.client()
        sign_in(client, READER)
        token = form_token(client.get("/form"))
        answer = other.client(like=client).post("/", data={"csrf_token": token})
        assert answer.status_code == 200


def test_an_objection_link_is_taken_by_processes_of_both_keys(operator: Operator) -> None:
    processes = generations(operator, "session")
    for one, other in neighbours(processes):
        token = token_of("link", workflow(one.place.parts.settings).link_key)
        assert link_of(token, workflow(other.place.parts.settings).link_keys) == "link"


def test_after_the_earlier_key_is_dropped_its_sessions_are_over(people: Operator) -> None:
    processes = generations(people, "session")
    client = processes[0].client()
    sign_in(client, READER)
    people.done("keys", "drop", "session")
    assert started(people).client(like=client).get("/").status_code == 302


def test_a_password_fits_under_both_peppers_and_is_hashed_anew_when_used(people: Operator) -> None:
    for process in generations(people, "pepper"):
        assert sign_in(process.client(), READER).status_code == 302
    with people.parts().reading() as session:
        hashes = {one.email: one.password_hash for one in session.scalars(select(Account)).all()}
    current = key_name(people.settings().password_pepper)
    assert passwords.pepper_name(hashes[READER]) == current
    assert passwords.pepper_name(hashes[SECOND]) != current
    assert sign_in(started(people).client(), SECOND).status_code == 302


def test_a_password_from_before_peppers_had_names_still_fits() -> None:
    old, new = "o" * 40, "n" * 40
    kept = passwords.hash_password(PASSWORD, old).removeprefix(key_name(old))
    assert kept.startswith("$argon2id$")
    assert passwords.fits(PASSWORD, kept, KeyRing(old))
    assert passwords.fits(PASSWORD, kept, KeyRing(new, earlier=(old,)))
    assert not passwords.fits(PASSWORD, kept, KeyRing(new))
    assert passwords.is_outdated(kept, KeyRing(new, earlier=(old,)))


def test_a_hash_under_a_pepper_that_was_dropped_fits_nothing() -> None:
    kept = passwords.hash_password(PASSWORD, "o" * 40)
    assert not passwords.fits(PASSWORD, kept, KeyRing("n" * 40))


def with_second_factor(operator: Operator) -> str:
    totp = make_totp(secrets_by_tag(operator.settings().field_keys), "trial")
    made = totp.new()
    with UnitOfWork(operator.engine) as uow:
        account = uow.session.scalars(select(Account.id).where(Account.email == READER)).one()
        keep_second_factor(uow, account, "authenticator", made.to_json(encrypt=True))
    return str(made.base32_key)


def kept_second_factor(operator: Operator) -> str:
    with operator.parts().reading() as session:
        kept = session.scalars(select(Account.tf_totp_secret).where(Account.email == READER)).one()
    assert kept
    return kept


def opened(operator: Operator, kept: str) -> str:
    totp = make_totp(secrets_by_tag(operator.settings().field_keys), "trial")
    return str(totp.from_source(kept).base32_key)


def test_a_second_factor_is_opened_by_processes_of_both_keys(people: Operator) -> None:
    secret = with_second_factor(people)
    for step in ("new", "use"):
        people.done("keys", step, "field")
        assert opened(people, kept_second_factor(people)) == secret


def test_a_second_factor_from_before_keys_had_names_is_opened(people: Operator) -> None:
    totp = make_totp({"1": people.settings().field_key}, "trial")
    made = totp.new()
    with UnitOfWork(people.engine) as uow:
        account = uow.session.scalars(select(Account.id).where(Account.email == READER)).one()
        keep_second_factor(uow, account, "authenticator", made.to_json(encrypt=True))
    generations(people, "field")
    assert opened(people, kept_second_factor(people)) == made.base32_key


def append(operator: Operator) -> None:
    event = Event(
        at=START, doer=Doer(name="trial"), action="trial", subject_kind="t", subject_id="1"
    )
    with UnitOfWork(operator.engine) as uow:
        change_log.record(uow, event)


def test_checkpoints_of_every_key_verify_and_follow_one_another(operator: Operator) -> None:
    notes = []
    settings = [operator.settings()]
    for step in ("new", "use"):
        operator.done("keys", step, "checkpoint")
        settings.append(operator.settings())
    # The processes sign in turn, as they do while they are started anew one by one.
    for signing in (settings[0], settings[1], settings[2], settings[1], settings[2]):
        append(operator)
        with UnitOfWork(operator.engine) as uow:
            made = make_checkpoint(uow, signer(signing), known_keys(signing), START)
        assert made
        notes.append(made.note)
    for note in notes:
        assert open_note(note, known_keys(settings[1]))
        assert open_note(note, known_keys(settings[2]))
    assert "faults" not in operator.done("log", "verify")


def test_readers_notice_nothing_of_a_rotation_under_load(people: Operator) -> None:
    """Readers go on all the time while one process after the other is started with new keys."""
    serving = [started(people), started(people)]
    client = serving[0].client()
    sign_in(client, READER)
    answers: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            answers.extend(one.client(like=client).get("/").status_code for one in list(serving))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for name, step in itertools.product(sorted(KEYS), ("new", "use")):
            people.done("keys", step, name)
            for place in range(len(serving)):
                serving[place] = started(people)
        people.done("keys", "renew")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert len(answers) > 50
    assert set(answers) == {200}


# --- what is told and left


def test_the_inventory_names_every_key_and_shows_none(operator: Operator) -> None:
    for name in sorted(KEYS):
        operator.done("keys", "new", name)
    told = operator.done("keys", "list")
    facts = json.loads(operator.done("keys", "list", "--json"))
    assert set(facts["keys"]) == set(KEYS)
    assert {one["setting"] for one in facts["keys"].values()} == SECRETS | {"pack_key"}
    for name, value in operator.written().items():
        if "key" in name or "pepper" in name:
            assert str(value) not in told
    for name in KEYS:
        assert facts["keys"][name]["current"] in told
        assert facts["keys"][name]["next"] in told


def test_the_key_of_packs_is_made_replaced_and_its_public_half_kept_until_dropped(
    operator: Operator,
) -> None:
    assert pack_signer(operator.settings()) is None
    for step in ("new", "use"):
        operator.done("keys", step, "pack")
    first = pack_signer(operator.settings())
    assert first is not None
    assert operator.settings().pack_public_keys == ()
    for step in ("new", "use"):
        operator.done("keys", step, "pack")
    second = pack_signer(operator.settings())
    assert second is not None
    assert second.verifier != first.verifier
    assert operator.settings().pack_public_keys == (str(first.verifier),)
    operator.done("keys", "drop", "pack")
    assert operator.settings().pack_public_keys == ()


def test_each_step_leaves_a_trace_in_the_change_log(operator: Operator) -> None:
    operator.done("keys", "new", "session")
    operator.done("keys", "use", "session")
    operator.done("keys", "drop", "session")
    with operator.parts().reading() as session:
        actions = session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)).all()
    assert list(actions) == ["key.new", "key.use", "key.drop"]


def test_the_settings_file_stays_its_owners_and_keeps_what_else_stands_in_it(
    operator: Operator,
) -> None:
    before = operator.written()
    operator.done("keys", "new", "session")
    operator.done("keys", "use", "session")
    after = operator.written()
    assert stat.S_IMODE(operator.file.stat().st_mode) == 0o600
    assert operator.file.read_text("utf-8").startswith("# Of a trial.")
    assert after["session_keys_earlier"] == [before["session_key"]]
    assert {k: v for k, v in after.items() if not k.startswith("session_key")} == {
        k: v for k, v in before.items() if not k.startswith("session_key")
    }
    assert not list(operator.file.parent.glob(".settings*"))
