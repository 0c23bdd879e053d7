"""A real mail server on this machine that keeps what it is given, and refuses on request."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session


@dataclass
class Postbox:
    """``received``: every mail that was taken. ``answers``: what the next ones get instead."""

    port: int
    received: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (the server looks for this name)
        self,
        _server: smtp.SMTP,
        _peer: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: smtp.SMTP, _peer: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.received.append(envelope)
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        return [read(cast("bytes", one.content)) for one in self.received]

    @property
    def recipients(self) -> list[str]:
        return [address for one in self.received for address in one.rcpt_tos]

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]


def read(content: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    return message_from_bytes(content, _class=EmailMessage, policy=SMTP)


def part(mail: EmailMessage, kind: str) -> str:
    """The text of the plain or HTML alternative."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PatientController(Controller):
    """Asks a server that speaks TLS from the first byte, as a client would, whether it is there.

    aiosmtpd asks with the server's own side of TLS, which Python refuses.
    """

    def _trigger_server(self) -> None:
        if self.ssl_context is None:
            super()._trigger_server()  # type: ignore[no-untyped-call]
            return
        client = ssl.create_default_context()
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((self.hostname, self.port), timeout=5)
        with plain, client.wrap_socket(plain) as encrypted:
            encrypted.recv(1024)


@contextmanager
def serving(postbox: Postbox, **options: Any) -> Iterator[Postbox]:
    """The server, for the length of the block; ``options`` are those of aiosmtpd's Controller."""
    controller = PatientController(postbox, hostname="127.0.0.1", port=postbox.port, **options)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()
