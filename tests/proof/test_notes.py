"""A note is opened only when a known key signed exactly this text."""

import base64
import datetime as dt

import pytest

from directory.domain.notes import Checkpoint, NoteRefused, Signer, VerifierKey, open_note

#: The example of the format's first implementation (golang.org/x/mod/sumdb/note).
REFERENCE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
REFERENCE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
REFERENCE_NOTE = (
    REFERENCE_TEXT + "\n\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SEED = base64.b64encode(bytes(range(32))).decode()
SIGNER = Signer.from_seed("directory.example/log", SEED)
OTHER = Signer.from_seed("directory.example/log", base64.b64encode(bytes(32)).decode())
HEAD = Checkpoint(
    origin="directory.example/log",
    number=3,
    size=7,
    root=bytes(32),
    at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
)


def refused(note: str, *keys: VerifierKey) -> None:
    with pytest.raises(NoteRefused):
        open_note(note, keys or (SIGNER.verifier,))


def test_a_note_without_a_known_signature_is_refused() -> None:
    refused(SIGNER.sign("text\n"), OTHER.verifier)


def test_a_changed_text_is_refused() -> None:
    refused(SIGNER.sign("text\n").replace("text", "test"))


def test_a_false_signature_beside_a_true_one_is_refused() -> None:
    note, other = SIGNER.sign("text\n"), OTHER.sign("test\n").splitlines()[-1]
    refused(f"{note}{other}\n", SIGNER.verifier, OTHER.verifier)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "\n\n\N{EM DASH} name AAAAAAA=\n",
        SIGNER.sign("text\n").rstrip("\n"),
        SIGNER.sign("text\n").replace("\N{EM DASH}", "-"),
        SIGNER.sign("text\n").replace(" directory", "  directory"),
        "text\n\n" + "name AAAAAAA=\n",
        "text\n\n" + "\N{EM DASH} name AAAA\n",
        "te\x00xt\n\n" + SIGNER.sign("text\n").splitlines()[-1] + "\n",
        "te\ud800xt\n\n" + SIGNER.sign("text\n").splitlines()[-1] + "\n",
        SIGNER.sign("text\n") + 100 * (SIGNER.sign("text\n").splitlines()[-1] + "\n"),
        "x" * 1_000_001 + "\n\n" + SIGNER.sign("text\n").splitlines()[-1] + "\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    refused(note)


@pytest.mark.parametrize("text", ["", "\n", "no end", "tab\t\n", "surrogate \ud800\n"])
def test_what_cannot_be_a_notes_text_is_not_signed(text: str) -> None:
    with pytest.raises(NoteRefused):
        SIGNER.sign(text)


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "line\nbreak"])
def test_a_name_that_would_break_the_format_is_refused(name: str) -> None:
    with pytest.raises(NoteRefused):
        Signer.from_seed(name, SEED)


@pytest.mark.parametrize("seed", ["", "AAAA", SEED[:-4], "!" * 44, SEED + "AAAA", SEED[:-2] + "9="])
def test_a_seed_of_another_length_is_refused(seed: str) -> None:
    with pytest.raises(NoteRefused):
        Signer.from_seed("name", seed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+" + REFERENCE_KEY.rsplit("+", 1)[1],
        REFERENCE_KEY.replace("Peter", "Paul"),
        REFERENCE_KEY.replace("+AR", "+BR"),
        "name+00000000+AQ==",
    ],
)
def test_a_public_key_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "text\n",
        HEAD.text.replace("\n7\n", "\n07\n"),
        HEAD.text.replace("\n7\n", "\n-7\n"),
        HEAD.text.replace("\n7\n", "\n٧\n"),
        HEAD.text.replace("AAAA", "", 1),
        HEAD.text.replace("A=", "B="),
        HEAD.text.replace("time ", "time yesterday "),
        HEAD.text.replace("time ", "hour "),
        HEAD.text.replace("number 3", "number 03"),
        "\n" + HEAD.text.split("\n", 1)[1],
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.parse(text)


def test_the_reference_note_opens() -> None:
    key = VerifierKey.parse(REFERENCE_KEY)
    assert str(key) == REFERENCE_KEY
    assert open_note(REFERENCE_NOTE, [key]) == REFERENCE_TEXT


def test_a_signed_checkpoint_opens_to_what_was_signed() -> None:
    text = open_note(SIGNER.sign(HEAD.text), [OTHER.verifier, SIGNER.verifier])
    assert Checkpoint.parse(text) == HEAD
    assert text.splitlines()[1] == "7"


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    note, other = SIGNER.sign("text\n"), OTHER.sign("text\n").splitlines()[-1]
    assert open_note(f"{note}{other}\n", [SIGNER.verifier]) == "text\n"


def test_a_seed_may_be_written_in_either_alphabet() -> None:
    seed = base64.b64encode(b"\xfb\xff" * 16).decode()
    plain = seed.rstrip("=").replace("+", "-").replace("/", "_")
    assert Signer.from_seed("name", plain).verifier == Signer.from_seed("name", seed).verifier
