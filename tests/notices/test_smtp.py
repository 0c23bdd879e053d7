"""Mail servers that want a key or a password, and those that are not who they say."""

import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from directory.exchange.smtp import ServerUnreachable, SmtpServer
from tests.notices.certificates import write_pair
from tests.notices.postbox import Postbox, free_port, serving

CONTENT = b"Subject: x\r\n\r\nx\r\n"
USER, PASSWORD = "directory", "correct horse"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pair(tmp_path_factory.mktemp("smtp"))


@pytest.fixture
def box() -> Postbox:
    return Postbox(free_port())


def own_context(pair: tuple[Path, Path]) -> ssl.SSLContext:
    """Of the server that has the key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair[1], pair[0])
    return context


def trusting(pair: tuple[Path, Path]) -> ssl.SSLContext:
    """Of a client that knows the server's certificate."""
    return ssl.create_default_context(cafile=str(pair[1]))


def send(server: SmtpServer) -> None:
    try:
        server.send("directory@example.org", "desk@justice.example", CONTENT)
    finally:
        server.close()


def knows(_server: object, _session: object, _envelope: object, _kind: str, data: object) -> object:
    assert isinstance(data, LoginPassword)
    fits = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


def test_server_that_offers_no_encryption_gets_no_mail(box: Postbox) -> None:
    with serving(box), pytest.raises(ServerUnreachable, match="STARTTLS"):
        send(SmtpServer(host="127.0.0.1", port=box.port, tls="starttls"))
    assert box.received == []


def encrypted(pair: tuple[Path, Path], tls: str) -> dict[str, object]:
    """Options of a server that encrypts in that way."""
    return {"ssl_context" if tls == "tls" else "tls_context": own_context(pair)}


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_server_with_an_unknown_certificate_gets_no_mail(
    box: Postbox, pair: tuple[Path, Path], tls: str
) -> None:
    server = SmtpServer(host="127.0.0.1", port=box.port, tls=tls)
    with (
        serving(box, **encrypted(pair, tls)),
        pytest.raises(ServerUnreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send(server)
    assert box.received == []


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_server_with_a_known_certificate_gets_the_mail(
    box: Postbox, pair: tuple[Path, Path], tls: str
) -> None:
    known = trusting(pair)
    with serving(box, **encrypted(pair, tls)):
        send(SmtpServer(host="127.0.0.1", port=box.port, tls=tls, context=known))
    assert box.recipients == ["desk@justice.example"]


@pytest.mark.parametrize(("password", "taken"), [("wrong horse", 0), (PASSWORD, 1)])
def test_password_is_asked_for_and_not_shown(
    box: Postbox, pair: tuple[Path, Path], password: str, taken: int
) -> None:
    server = SmtpServer(
        host="127.0.0.1",
        port=box.port,
        tls="starttls",
        user=USER,
        password=password,
        context=trusting(pair),
    )
    assert password not in repr(server)
    guarded = encrypted(pair, "starttls") | {"authenticator": knows, "auth_required": True}
    with serving(box, **guarded):
        if taken:
            send(server)
        else:
            with pytest.raises(ServerUnreachable, match="535"):
                send(server)
    assert len(box.received) == taken


def test_connection_serves_several_mails(box: Postbox) -> None:
    server = SmtpServer(host="127.0.0.1", port=box.port, tls="none")
    with serving(box):
        for _ in range(3):
            server.send("directory@example.org", "desk@justice.example", CONTENT)
        server.close()
    assert len(box.received) == 3
