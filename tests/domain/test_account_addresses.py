"""Addresses of accounts: what is refused, and what is looked at twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from directory.domain.account_addresses import (
    SIGNS,
    address_problems,
    domain_look_alikes,
    domain_problems,
    is_inside,
    look_alikes,
    signs_of,
)

KNOWN = ["justice.gov.example", "minjust.example", "mj.example"]


@pytest.mark.parametrize(
    "email",
    [
        *("", "@", "a@", "@fr.example", "no address", "a@b", "a@fr", "a b@fr.example"),
        *("a@fr.example\n", "a@@fr.example", "a@fr..example", "a@-fr.example", "a@fr.example."),
        *("A@fr.example", "a@fr.1", "a@[127.0.0.1]", "<a@fr.example>", "x" * 250 + "@fr.example"),
        *("\u0430@fr.example", "a@\u0444r.example", "a@fr.example, b@fr.example"),
    ],
)
def test_what_is_no_plain_address_is_refused(email: str) -> None:
    assert [one.path for one in address_problems(email)] == ["email"]


@pytest.mark.parametrize("email", ["a@fr.example", "desk+24.7@mla.justice.gov.example"])
def test_a_plain_address_is_taken(email: str) -> None:
    assert not address_problems(email)


@pytest.mark.parametrize(
    "domain",
    ["", "example", "@fr.example", "fr.example/", "*.example", "FR.example", "\u0444r.example"],
)
def test_what_is_no_domain_is_refused(domain: str) -> None:
    assert domain_problems(domain)


def test_a_domain_is_taken_and_what_lies_below_is_inside() -> None:
    assert not domain_problems("justice.example")
    assert is_inside("mla.justice.example", ["justice.example"])
    assert is_inside("justice.example", ["justice.example"])
    assert not is_inside("injustice.example", ["justice.example"])
    assert not is_inside("example", ["justice.example"])
    assert not is_inside("justice.example.evil.example", ["justice.example"])


@pytest.mark.parametrize(
    ("domain", "twin"),
    [
        ("rninjust.example", "minjust.example"),
        ("mlnjust.example", "minjust.example"),
        ("minjustt.example", "minjust.example"),
        ("minjut.example", "minjust.example"),
        ("minjuzt.example", "minjust.example"),
        ("justice-gov.example", "justice.gov.example"),
        ("justice.gov-example", "justice.gov.example"),
        ("xn--mnjust-3va.example", "minjust.example"),
    ],
)
def test_a_domain_that_imitates_another_is_a_sign(domain: str, twin: str) -> None:
    assert ("like_domain", twin) in {
        (one.code, one.text) for one in domain_look_alikes(domain, KNOWN)
    }


@pytest.mark.parametrize(
    "domain",
    [
        "minjust.example",
        "mla.minjust.example",
        "interior.example",
        "mjxy.example",
        "minjuxyz.example",
    ],
)
def test_a_known_domain_and_one_of_its_own_are_no_signs(domain: str) -> None:
    assert not domain_look_alikes(domain, KNOWN)


def test_short_names_differ_by_one_letter_all_the_time() -> None:
    assert not domain_look_alikes("ab.de", ["ac.de"])


def test_an_address_that_reads_like_another_is_a_sign() -> None:
    found = look_alikes("rnila@fr.example", ["mila@fr.example", "rnila@fr.example"], [])
    assert [(one.code, one.text) for one in found] == [("like_address", "mila@fr.example")]


def test_an_address_in_the_states_domain_that_looks_like_no_other_is_plain() -> None:
    assert not signs_of("b@mj.example", ["mj.example"], ["a@mj.example"], KNOWN)


def test_outside_of_the_states_domains_or_without_any_is_a_sign() -> None:
    assert [one.code for one in signs_of("b@other.example", [], [], [])] == ["no_domains"]
    (sign,) = signs_of("b@other.example", ["mj.example", "a.example"], [], [])
    assert (sign.code, sign.text) == ("outside", "a.example, mj.example")


def test_letters_of_other_scripts_in_a_domain_are_a_sign() -> None:
    assert "other_letters" in {one.code for one in look_alikes("a@xn--e1awd7f.example", [], [])}


def test_every_sign_has_words() -> None:
    assert set(SIGNS) == {"no_domains", "outside", "other_letters", "like_address", "like_domain"}


@given(some.text(max_size=80))
def test_no_text_breaks_the_check(text: str) -> None:
    address_problems(text)
    domain_problems(text)
    domain_look_alikes(text, KNOWN)
