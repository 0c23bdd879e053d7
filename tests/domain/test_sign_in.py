"""How often one may guess, and what a password must be."""

import datetime as dt

import pytest

from directory.domain.sign_in import WINDOW, Factor, Failure, password_problems, waits_until

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
EMAIL = "prosecutor@fr.example"


def failures(
    count: int,
    factor: Factor = Factor.PASSWORD,
    *,
    account: bool = True,
    network: bool = True,
    ago: float = 1,
) -> list[Failure]:
    """So many failures, a second apart, the first so many minutes ago."""
    first = NOW - dt.timedelta(minutes=ago)
    return [
        Failure(factor, account, network, first + dt.timedelta(seconds=one)) for one in range(count)
    ]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(failures(5), id="one account, one network"),
        pytest.param(failures(60, account=False), id="many accounts from one network"),
        pytest.param(failures(100, network=False, ago=5), id="one account from many networks"),
    ],
)
def test_too_many_wrong_passwords_make_the_next_one_wait(before: list[Failure]) -> None:
    until = waits_until(Factor.PASSWORD, before, NOW)
    assert until is not None
    assert NOW < until <= NOW + WINDOW
    assert waits_until(Factor.PASSWORD, before, until) is None


def test_codes_are_limited_over_all_networks() -> None:
    before = failures(5, Factor.CODE, network=False)
    assert waits_until(Factor.CODE, before, NOW) == before[0].at + WINDOW


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([], id="none"),
        pytest.param(failures(4), id="below the limit"),
        pytest.param(failures(5, ago=16), id="long ago"),
        pytest.param(failures(5, Factor.CODE), id="wrong codes"),
        pytest.param(failures(50, network=False, ago=5), id="attacked from elsewhere"),
        pytest.param(failures(50, account=False), id="busy office"),
    ],
)
def test_a_password_may_be_tried_after(before: list[Failure]) -> None:
    assert waits_until(Factor.PASSWORD, before, NOW) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("elevenchars", "at least 12"),
        ("x1" * 101, "at most 200"),
        ("my-Prosecutor-2026", "easy to guess"),
        ("aaaabbbbaaaabbbb", "easy to guess"),
        ("CompetentAuthority1", "easy to guess"),
    ],
)
def test_a_weak_password_is_refused(password: str, says: str) -> None:
    (problem,) = password_problems(password, EMAIL)
    assert says in str(problem)


def test_several_words_make_a_password() -> None:
    assert password_problems("correct horse battery staple", EMAIL) == []
