"""Passwords that others have used: the shipped list and the operator's, searched where they lie."""

import hashlib
from pathlib import Path

import pytest

from directory.domain.sign_in import SHORTEST_PASSWORD
from directory.errors import Invalid, Unavailable
from directory.services.listed_passwords import COMMON, require_good
from tools.common_passwords import hashes_of

EMAIL = "lea@fr.example"


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


def is_refused(password: str, breached: Path | None = None) -> bool:
    try:
        require_good(password, EMAIL, breached)
    except Invalid as error:
        (problem,) = error.problems
        assert problem.path == "password"
        assert "guessers try it first" in problem.message
        return True
    return False


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As Have I Been Pwned gives it out: 'HASH:COUNT', in the order of the hashes, CR LF."""
    lines = sorted(f"{sha1(f'known phrase {number}')}:{number + 1}" for number in range(3000))
    path = tmp_path_factory.mktemp("known") / "pwned.txt"
    path.write_bytes("\r\n".join(lines).encode())
    return path


@pytest.mark.parametrize("password", ["qwerty123456", "QWERTY123456", "1qaz2wsx3edc"])
def test_what_most_people_choose_is_refused(password: str) -> None:
    assert is_refused(password)


def test_the_shipped_list_has_more_than_three_thousand_that_are_long_enough_and_none_in_clear() -> (
    None
):
    head, *lines = COMMON.read_text("ascii").splitlines()
    assert head.startswith("#")
    assert len(set(lines)) == 5000
    assert lines == sorted(lines)
    assert {len(one) for one in lines} == {16}


def test_the_list_is_made_of_the_first_that_are_long_enough() -> None:
    ranked = ["short", "Long enough one", "long enough one", "another long one"]
    made = hashes_of(ranked)
    assert made == sorted(sha1(one)[:16] for one in ("long enough one", "another long one"))
    assert all(len(one) >= SHORTEST_PASSWORD for one in ranked[1:])


def test_every_password_of_the_operators_list_is_refused_and_no_other(collection: Path) -> None:
    for number in range(3000):
        assert is_refused(f"known phrase {number}", collection)
        assert not is_refused(f"unheard phrase {number}", collection)
    assert is_refused("KNOWN phrase 7", collection)
    assert not is_refused("known phrase 7")


def test_an_empty_list_refuses_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert not is_refused("known phrase 7", empty)


def test_without_the_operators_list_no_password_is_taken_unchecked(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        require_good("known phrase 7", EMAIL, tmp_path / "missing")
