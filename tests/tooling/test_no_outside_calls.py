"""While tests run, no socket reaches beyond this machine."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1"])
def test_a_call_to_another_machine_is_refused(address: str) -> None:
    with socket.socket() as caller, pytest.raises(SocketConnectBlockedError):
        caller.connect((address, 443))


def test_a_call_to_this_machine_is_let_through() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as caller:
        caller.connect(server.getsockname())
        answered, _ = server.accept()
        answered.close()
