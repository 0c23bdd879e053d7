"""Sealed extracts: right ones hold, offline too; an alteration anywhere is refused."""

import copy
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from directory.domain.extracts import (
    ExtractRefused,
    check_extract,
    open_reference,
    open_seal,
    reference,
    seal,
)
from directory.domain.notes import Checkpoint, NoteRefused, Signer
from directory.domain.vocabulary import Audience, ChannelKind, Role
from directory.errors import NotFound, Unavailable
from tests.history.conftest import (
    LONG_AGO,
    NEW,
    OLD,
    TODAY,
    YESTERDAY,
    Past,
    Plain,
    Verify,
    with_number,
)
from tests.support import factories as make


def numbers(extract: Plain) -> list[str]:
    return [one["value"] for one in extract["statement"]["record"]["channels"]]


# --- refused


def test_what_is_not_under_a_checkpoint_is_not_sealed(past: Past) -> None:
    past.publish("RO-CCCCCC", make.authority("New"))
    with pytest.raises(Unavailable):
        past.extract(TODAY, entry_id="RO-CCCCCC")


def test_what_the_reader_may_not_see_is_not_extracted(past: Past) -> None:
    with pytest.raises(NotFound):
        past.extract(TODAY, entry_id="RO-NOTHERE")


def altered(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return ("B" if value[:1] == "A" else "A") + value[1:]
    return "x" if value is None else None


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that stands in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))


def with_change(extract: Plain, path: tuple[Any, ...], change: str) -> Plain:
    changed = copy.deepcopy(extract)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    if change == "alter":
        holder[path[-1]] = altered(holder[path[-1]])
    else:
        del holder[path[-1]]
    return changed


@pytest.mark.parametrize("change", ["alter", "remove"])
def test_an_extract_altered_anywhere_is_refused(
    past: Past, verify: Verify, signing: Signer, change: str
) -> None:
    extract = past.extract(YESTERDAY)
    tried = list(places(extract))
    assert len(tried) > 60
    for path in tried:
        changed = with_change(extract, path, change)
        assert verify(changed), path
        with pytest.raises(ExtractRefused):
            check_extract(changed, (signing.verifier,))


def test_a_record_that_is_not_the_one_in_the_log_is_found_under_a_true_seal(
    past: Past, verify: Verify, signing: Signer
) -> None:
    """The holder of the signing key cannot seal another number either."""
    extract = past.extract(YESTERDAY)
    statement = extract["statement"]
    statement["revisions"][0]["record"]["channels"][0]["value"] = "+40215550666"
    sealed = open_seal(extract["seal"], [signing.verifier])
    forged = seal(statement, signing, sealed.at, sealed.checkpoint, sealed.subject)
    assert verify(forged) == ["event 2: the record of the extract is another"]
    with pytest.raises(ExtractRefused):
        check_extract(forged, (signing.verifier,))


def test_an_extract_of_another_directory_is_refused(past: Past, verify: Verify) -> None:
    other = Signer.from_seed("directory.example/log", secrets.token_urlsafe(32))
    stranger = Past(past.engine, other)
    extract = past.extract(TODAY)
    extract["seal"] = _resealed(extract, stranger.signing)
    assert verify(extract) == ["extract: no known key signed it"]


def _resealed(extract: Plain, signing: Signer) -> str:
    return signing.sign(extract["seal"].rpartition("\n\n")[0] + "\n")


@pytest.mark.parametrize("text", [None, [], "x", 1, {}, {"format": "x"}, {"format": 1, "a": []}])
def test_what_is_no_extract_is_refused(text: Any, signing: Signer, verify: Verify) -> None:
    with pytest.raises(ExtractRefused):
        check_extract(text, (signing.verifier,))
    assert verify(text)


@pytest.mark.parametrize("word", ["", "A", "A" * 200, "é", "=" * 9, "AA" * 4000, "\x00"])
def test_what_is_no_reference_is_refused(word: str, signing: Signer) -> None:
    with pytest.raises(NoteRefused):
        open_reference(word, [signing.verifier])


def test_a_reference_altered_anywhere_is_refused(past: Past, signing: Signer) -> None:
    word = reference(past.extract(TODAY)["seal"])
    # The last letter holds spare bits, which base64 ignores.
    for place in range(len(word) - 1):
        changed = word[:place] + altered(word[place:])
        with pytest.raises(NoteRefused):
            open_reference(changed, [signing.verifier])


# --- allowed


def test_an_extract_as_of_yesterday_shows_the_old_number_and_checks(
    past: Past, verify: Verify, signing: Signer
) -> None:
    extract = past.extract(YESTERDAY)
    assert numbers(extract) == [OLD]
    assert extract["statement"]["revision"] == 1
    assert verify(extract) == []
    assert check_extract(extract, (signing.verifier,)).checkpoint.size == 4


def test_an_extract_as_of_today_shows_the_new_number(past: Past, verify: Verify) -> None:
    extract = past.extract(TODAY)
    assert numbers(extract) == [NEW]
    assert verify(extract) == []


def test_an_extract_as_known_earlier_knows_nothing_of_the_change(past: Past) -> None:
    assert numbers(past.extract(TODAY, known=LONG_AGO)) == [OLD]


def test_the_tool_refuses_an_extract_that_a_kept_checkpoint_contradicts(
    past: Past, verify: Verify, signing: Signer
) -> None:
    other = Checkpoint(signing.name, 1, 4, b"\x01" * 32, LONG_AGO)
    kept = signing.sign(other.text)
    assert verify(past.extract(TODAY), kept)


def test_a_reference_stands_for_its_seal(past: Past, signing: Signer) -> None:
    note = past.extract(YESTERDAY)["seal"]
    word = reference(note)
    assert open_reference(word, [signing.verifier]) == open_seal(note, [signing.verifier])
    assert len(word) < 220
    assert "+40" not in open_seal(note, [signing.verifier]).text


def test_what_is_withheld_is_nowhere_in_the_extract_not_even_by_its_hash(
    past: Past, verify: Verify
) -> None:
    canary = "+40215550777"
    lines = (
        make.channel(OLD, kind=ChannelKind.TELEPHONE),
        make.channel(canary, Audience.OWN_STATE, ChannelKind.TELEPHONE),
    )
    past.publish("RO-DDDDDD", make.authority(channels=lines))
    past.sign()
    extract = past.extract(TODAY, entry_id="RO-DDDDDD")
    own = past.extract(TODAY, make.actor(Role.READER, state="RO"), "RO-DDDDDD")
    assert canary not in str(extract)
    assert extract["statement"]["revisions"][0]["event"] is None
    assert extract["statement"]["channels_withheld"] == 1
    assert canary in str(own)
    assert verify(extract) == verify(own) == []


def test_a_number_closed_since_is_closed_in_the_past_too(past: Past) -> None:
    closed = make.channel(OLD, Audience.OWN_STATE, ChannelKind.TELEPHONE)
    past.publish("RO-EEEEEE", with_number(OLD), make.authority(channels=(closed,)))
    past.sign()
    extract = past.extract(YESTERDAY, entry_id="RO-EEEEEE")
    assert OLD not in str(extract)
