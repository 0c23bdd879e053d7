"""Signs that a proposal deserves a harder look: when each is raised, and when it is not."""

import datetime as dt

import pytest

from directory.domain.diff import diff
from directory.domain.record import EncryptionKey, Record
from directory.domain.risks import (
    RECENT,
    RISKS,
    Surroundings,
    hosts,
    hosts_of,
    is_mixed,
    risks,
    skeleton,
)
from directory.domain.vocabulary import ChannelKind
from tests.support import factories as make

KNOWN = frozenset({"justice.example"})
DAY = dt.timedelta(days=1)
OLD = make.authority(channels=(make.channel("desk@justice.example"),))


def codes(record: Record, **around: object) -> list[str]:
    """The signs at ``AT`` of a change of ``OLD`` by somebody whose changes were published."""
    given = {"known_hosts": KNOWN, "published_before": 1} | around
    found = risks(record, diff(OLD, record), Surroundings(**given), make.AT)  # type: ignore[arg-type]
    assert all(RISKS[one.code] % one.params for one in found)
    return [one.code for one in found]


def writing_to(address: str) -> Record:
    return make.authority(channels=(make.channel(address),))


# --- raised


def test_a_channel_of_another_state_is_the_gravest_sign() -> None:
    found = codes(writing_to("desk@other.example"), other_states=("JP",), published_before=0)
    assert found == ["several_states", "new_domain", "first_change"]


@pytest.mark.parametrize(
    "address",
    [
        "desk@justlce.example",  # l for i
        "desk@justice.exarnple",  # rn for m
        "desk@ju\N{CYRILLIC SMALL LETTER DZE}tice.example",
        "desk@xn--jutice-3og.example",
        "desk@xn--999999999.example",  # names nothing
    ],
)
def test_a_host_that_looks_like_a_known_one_or_hides_its_letters_is_told(address: str) -> None:
    known = KNOWN | {"justice.example".replace("example", "example")}
    assert codes(writing_to(address), known_hosts=known) == ["look_alike", "new_domain"]


def test_letters_of_two_scripts_in_one_word_are_told_anywhere_in_the_proposal() -> None:
    mixed = make.authority(
        channels=OLD.channels, unit="Un\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}t 4"
    )
    assert codes(mixed) == ["look_alike"]


def test_mixed_letters_are_told_in_a_part_that_is_added() -> None:
    added = make.channel(
        "+40215550100", kind=ChannelKind.TELEPHONE, note="De\N{CYRILLIC SMALL LETTER ES}k"
    )
    assert codes(make.authority(channels=(*OLD.channels, added))) == ["look_alike"]


def test_a_change_soon_after_a_change_is_told() -> None:
    assert codes(OLD, changed_at=make.AT - RECENT * DAY) == ["changed_recently"]


def test_the_first_change_of_a_person_is_told() -> None:
    assert codes(OLD, published_before=0) == ["first_change"]


# --- not raised


def test_a_part_that_is_removed_shows_no_letters() -> None:
    assert codes(make.authority(channels=())) == []


def test_a_change_long_ago_is_no_sign() -> None:
    assert codes(OLD, changed_at=make.AT - RECENT * DAY - dt.timedelta(seconds=1)) == []


def test_a_host_inside_a_known_domain_is_no_new_one() -> None:
    assert codes(writing_to("desk@mail.justice.example")) == []


def test_a_host_that_merely_ends_alike_is_a_new_one() -> None:
    assert codes(writing_to("desk@injustice.example")) == ["new_domain"]


# --- which hosts


def test_requirements_have_the_hosts_of_their_links() -> None:
    record = make.requirements(links=("https://forms.example/mla?x=1", "not a link"))
    assert hosts_of(record) == {"forms.example"}


def test_a_number_has_no_host_and_every_link_of_an_authority_has_one() -> None:
    record = make.authority(
        channels=(
            make.channel("+40215550100", kind=ChannelKind.TELEPHONE),
            make.channel("https://Portal.example:8443/in", kind=ChannelKind.WEB_FORM),
        ),
        website="http://www.justice.example",
        keys=(EncryptionKey(scheme="openpgp", fingerprint="AB", link="https://keys.example/a"),),
    )
    assert hosts_of(record) == {"portal.example", "www.justice.example", "keys.example"}


def test_what_has_no_dot_is_no_host() -> None:
    assert hosts(["", "localhost", "desk@intranet", "@"]) == frozenset()


# --- letters


def test_a_host_that_no_idna_reads_is_compared_as_it_is_written() -> None:
    assert skeleton("xn--999999999.example") == skeleton("XN--999999999.example")
    assert skeleton("caf\N{LATIN SMALL LETTER E WITH ACUTE}.example") == skeleton("cafe.example")


@pytest.mark.parametrize("word", ["Unit", "\N{GREEK SMALL LETTER ALPHA}", "7", ""])
def test_one_script_is_not_mixed(word: str) -> None:
    assert not is_mixed(word)
