"""Sealed extracts under a true signature: a seal of another form, a revision outside the log."""

import base64
import json
import secrets
from typing import Any

import pytest

from directory.domain import merkle
from directory.domain.events import canonical
from directory.domain.extracts import (
    ExtractRefused,
    Seal,
    check_extract,
    open_seal,
    read_extract,
    seal,
)
from directory.domain.notes import Checkpoint, NoteRefused, Signer
from tests.support import factories as make

SIGNING = Signer.from_seed("directory.example/log", secrets.token_urlsafe(32))
KEYS = (SIGNING.verifier,)
SUBJECT = "entry RO-3F7K2Q 1 2026-03-02"
#: The log holds one event more than the one extracts rest on here.
EVENT = {"sequence": 1}
LEAVES = [merkle.leaf_hash(canonical(EVENT)), merkle.leaf_hash(b"another")]
TEXT = Seal(SIGNING.name, bytes(32), make.AT, 1, SUBJECT).text


def extract(**revision: Any) -> Any:
    """An extract that rests on the event, whose record is withheld, as told otherwise."""
    head = Checkpoint(SIGNING.name, 1, 2, merkle.parent_hash(*LEAVES), make.AT)
    path = [base64.b64encode(LEAVES[1]).decode()]
    one = {"sequence": 1, "event": EVENT, "path": path, "complete": False} | revision
    statement = {"checkpoint": SIGNING.sign(head.text), "revisions": [one]}
    return seal(statement, SIGNING, make.AT, head.number, SUBJECT)


# --- refused


@pytest.mark.parametrize(
    "text",
    [
        "A shopping list\n",
        TEXT.replace("2026-03-02T", "2026-02-30T"),
        TEXT.replace("Z\n", "\n"),
        TEXT.replace("checkpoint 1", "checkpoint 0"),
    ],
)
def test_a_signed_text_that_is_no_seal_opens_nothing(text: str) -> None:
    """The same key signs checkpoints: none may pass for an extract."""
    assert text != TEXT
    with pytest.raises(NoteRefused):
        open_seal(SIGNING.sign(text), KEYS)


@pytest.mark.parametrize(
    "revision",
    [
        {"sequence": 2},
        {"path": []},
        {"event": {"sequence": 1, "by": "another"}},
        {"event": None, "leaf": LEAVES[1].hex()},
    ],
)
def test_a_revision_outside_the_log_is_refused_under_a_true_seal(revision: Any) -> None:
    with pytest.raises(ExtractRefused, match="does not stand in the change log"):
        check_extract(extract(**revision), KEYS)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1, "a": 2}', "1.5", "NaN", "[" * 100_000])
def test_json_that_two_readers_read_differently_is_no_extract(text: str) -> None:
    with pytest.raises(ExtractRefused):
        read_extract(text)


# --- held


@pytest.mark.parametrize("revision", [{}, {"event": None, "leaf": LEAVES[0].hex()}])
def test_a_revision_in_the_log_holds_whether_its_event_is_given_or_withheld(revision: Any) -> None:
    checked = check_extract(extract(**revision), KEYS)
    assert (checked.checkpoint.size, checked.seal.subject) == (2, SUBJECT)


def test_an_extract_is_read_as_it_was_written() -> None:
    written = extract()
    assert read_extract(json.dumps(written)) == written


def test_a_seal_says_what_was_sealed() -> None:
    assert open_seal(SIGNING.sign(TEXT), KEYS).text == TEXT
