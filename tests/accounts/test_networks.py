"""What stands for the place a guess comes from."""

import pytest

from directory.services.sessions import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (None, ""),
        ("not an address", ""),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
    ],
)
def test_addresses_that_one_guesser_commands_are_one_network(
    address: str | None, network: str
) -> None:
    assert network_of(address) == network
