"""Checkpoints are signed only over a log that grew; proofs from them hold for every size."""

import dataclasses
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain import merkle
from directory.domain.notes import Checkpoint, Signer, VerifierKey, open_note
from directory.errors import InvalidState, NotFound
from directory.exchange.log_export import consistency_json, inclusion_json
from directory.queries.change_log import (
    get_checkpoint,
    get_consistency,
    get_inclusion,
    newest_checkpoint,
    read_root,
    read_size,
)
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.setting_values import SECRETS
from directory.settings import Settings, SettingsError
from tests.proof.conftest import Log
from tests.proof.events import AT, ORIGIN
from tests.proof.unguarded import unguard
from tests.support.factories import statement_counter


@contextmanager
def by_hand(engine: Engine) -> Iterator[Connection]:
    """As somebody who owns the database: the triggers are gone."""
    with engine.begin() as connection:
        unguard(connection)
        yield connection


# --- refusals


def test_an_empty_log_is_not_signed(log: Log) -> None:
    assert log.checkpoint() is None


def test_nothing_new_is_not_signed_again(log: Log) -> None:
    log.append(3)
    assert log.checkpoint()
    assert log.checkpoint() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE change_log SET leaf = hash WHERE sequence = 5",
        "UPDATE log_node SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE level = 2",
        "UPDATE checkpoint SET root = (SELECT hash FROM change_log WHERE sequence = 1)",
        "UPDATE checkpoint SET note = 'no note'",
    ],
)
def test_a_log_that_was_rewritten_is_not_signed(log: Log, change: str) -> None:
    log.append(5)
    assert log.checkpoint()
    log.append(3, first=6)
    with by_hand(log.engine) as connection:
        connection.execute(text(change))
    with pytest.raises(InvalidState):
        log.checkpoint()


def test_a_log_that_was_cut_is_not_signed(log: Log) -> None:
    log.append(5)
    assert log.checkpoint()
    with by_hand(log.engine) as connection:
        connection.execute(text("DELETE FROM change_log WHERE sequence > 3"))
    with pytest.raises(InvalidState):
        log.checkpoint()


def test_a_log_signed_by_an_unknown_key_is_not_continued(log: Log) -> None:
    log.append(5)
    assert log.checkpoint()
    log.append(1, first=6)
    other = dataclasses.replace(log, signing=Signer.from_seed(ORIGIN, secrets.token_urlsafe(32)))
    with pytest.raises(InvalidState):
        other.checkpoint()


def test_a_proof_of_what_is_not_there_is_not_made(log: Log) -> None:
    log.append(5)
    with Session(log.engine) as session, pytest.raises(NotFound):
        get_inclusion(session, 3)
    log.checkpoint()
    log.append(1, first=6)
    with Session(log.engine) as session:
        for refused in (6, 7, 0):
            with pytest.raises(NotFound):
                get_inclusion(session, refused)
        with pytest.raises(NotFound):
            get_inclusion(session, 6, size=5)
        with pytest.raises(NotFound):
            get_checkpoint(session, 4)
        with pytest.raises(NotFound):
            get_consistency(session, 5, 6)


def test_a_proof_never_leads_backwards(log: Log) -> None:
    log.append(5)
    log.checkpoint()
    log.append(1, first=6)
    log.checkpoint()
    with Session(log.engine) as session, pytest.raises(NotFound):
        get_consistency(session, 6, 5)


# --- what is signed


def test_a_checkpoint_signs_size_root_time_and_number(log: Log) -> None:
    for number, size in enumerate((3, 4, 10), start=1):
        with Session(log.engine) as session:
            log.append(size - read_size(session), first=1)
        made = log.checkpoint()
        assert made
        signed = Checkpoint.parse(open_note(made.note, [log.signing.verifier]))
        assert (signed.origin, signed.number, signed.size) == (ORIGIN, number, size)
        assert signed.at == made.at == AT.replace(microsecond=0)
        with Session(log.engine) as session:
            assert signed.root == made.root == read_root(session, size)
            assert newest_checkpoint(session) == get_checkpoint(session, size) == made


def test_after_a_change_of_keys_old_checkpoints_still_count(log: Log) -> None:
    log.append(5)
    assert log.checkpoint()
    log.append(5, first=6)
    fresh = Signer.from_seed(ORIGIN, secrets.token_urlsafe(32))
    with UnitOfWork(log.engine) as uow:
        made = make_checkpoint(uow, fresh, (fresh.verifier, log.signing.verifier), AT)
    assert made
    assert open_note(made.note, [fresh.verifier])


def test_a_checkpoint_takes_the_same_few_statements_at_any_size(log: Log) -> None:
    counts = []
    for size in (9, 3000):
        log.append(size)
        with statement_counter(log.engine) as statements:
            assert log.checkpoint()
        counts.append(len(statements))
    assert max(counts) <= 7


def test_every_proof_holds_between_all_checkpoints(
    log: Log, tool: ModuleType, tmp_path: Path
) -> None:
    sizes = [1, 2, 3, 7, 8, 20, 33]
    for before, size in zip([0, *sizes], sizes, strict=False):
        log.append(size - before, before + 1)
        assert log.checkpoint()
    path, keys = tmp_path / "proof.json", [tool.read_key(str(log.signing.verifier))]
    with Session(log.engine) as session:
        for new in sizes:
            for sequence in range(1, new + 1):
                inclusion = get_inclusion(session, sequence, new)
                leaf, root = bytes.fromhex(inclusion.event.leaf), inclusion.checkpoint.root
                assert merkle.includes(leaf, sequence - 1, new, inclusion.path, root)
                path.write_text(json.dumps(inclusion_json(inclusion)), "utf-8")
                assert tool.check_proof(path, keys, [])[1] == []
            for old in (one for one in sizes if one <= new):
                step = get_consistency(session, old, new)
                assert merkle.extends(old, new, step.old.root, step.new.root, step.path)
                path.write_text(json.dumps(consistency_json(step)), "utf-8")
                assert tool.check_proof(path, keys, [])[1] == []
        assert get_inclusion(session, 9).checkpoint.size == 20


# --- settings


def settings(**given: object) -> Settings:
    drawn = {name: secrets.token_urlsafe(32) for name in SECRETS}
    return Settings.from_values({"database_url": "sqlite:///x.db", **drawn, **given})


@pytest.mark.parametrize(
    "given",
    [
        {"checkpoint_key": secrets.token_urlsafe(33)},
        {"checkpoint_key": secrets.token_urlsafe(31)},
        {"checkpoint_key": "!" + secrets.token_urlsafe(32)[1:]},
        {"log_name": "two words"},
        {"log_name": "a+b"},
        {"checkpoint_public_keys": "name+00000000+AAAA"},
    ],
)
def test_a_start_without_a_usable_key_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(**given)
    assert next(iter(given)) in str(refused.value)


def test_the_settings_give_the_signing_key_and_the_earlier_ones() -> None:
    earlier = Signer.from_seed("directory.example/old", secrets.token_urlsafe(32)).verifier
    given = settings(checkpoint_public_keys=str(earlier), log_name=ORIGIN)
    assert signer(given).name == ORIGIN
    assert known_keys(given) == (signer(given).verifier, earlier)
    assert given.checkpoint_key not in repr(given)


def test_a_key_in_text_form_names_itself() -> None:
    key = Signer.from_seed(ORIGIN, secrets.token_urlsafe(32)).verifier
    assert VerifierKey.parse(str(key)) == key
