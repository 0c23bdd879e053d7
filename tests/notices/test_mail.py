"""Mail over the wire: nobody adds a header, and a signature holds for what was signed."""

import datetime as dt
import shutil
import subprocess
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange.mail import (
    Mail,
    MailRefused,
    checked_address,
    load_signer,
    message_id,
    one_line,
    wire,
)
from tests.notices.certificates import write_pair
from tests.notices.conftest import SENDER, Office
from tests.notices.postbox import Postbox, part, read

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
MAIL = Mail(
    sender=SENDER,
    to="desk@justice.example",
    subject="A change for România",
    text="Ministerul Justiției\nللوزارة\n.\nFrom here on\n" + "long " * 300,
    html="<p>Ministerul Justiției</p>",
    language="ro",
    at=AT,
    message_id=message_id("key", AT, SENDER),
    list_name="Directory",
)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}


def headers_of(content: bytes) -> list[str]:
    return message_from_bytes(content, policy=SMTP).keys()


@given(st.text(max_size=200))
def test_no_subject_adds_a_header(subject: str) -> None:
    content = wire(replace(MAIL, subject=subject))
    assert sorted(headers_of(content)) == sorted(HEADERS)
    assert content.isascii()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_line_ends_in_names_become_spaces(end: str) -> None:
    hostile = f"Ministry{end}Bcc: victim@example.org{end}{end}<h1>"
    assert one_line(hostile) == "Ministry Bcc: victim@example.org <h1>"
    content = wire(replace(MAIL, subject=hostile))
    assert set(headers_of(content)) == HEADERS
    assert read(content)["Subject"] == one_line(hostile)


@pytest.mark.parametrize(
    "address",
    ["", "desk", "a@b\r\nBcc: c@d.org", "a@b.org, c@d.org", "<a@b.org>", "a b@c.org", "à@b.org"],
)
def test_only_one_address_is_an_address(address: str) -> None:
    with pytest.raises(MailRefused):
        checked_address(address)


def test_host_in_other_letters_is_written_in_ascii() -> None:
    assert checked_address("desk@münchen.example") == "desk@xn--mnchen-3ya.example"


def test_lines_are_no_longer_than_servers_take() -> None:
    assert max(len(line) for line in wire(MAIL).split(b"\r\n")) <= 998
    assert b"\n" not in wire(MAIL).replace(b"\r\n", b"")


def test_text_arrives_as_written() -> None:
    mail = read(wire(MAIL))
    assert part(mail, "plain").replace("\r\n", "\n").rstrip("\n") == MAIL.text.rstrip("\n")
    assert part(mail, "html").strip() == MAIL.html


def test_message_id_is_of_the_notice_and_tells_nothing() -> None:
    made = message_id("suspended:RO-1:desk@justice.example", AT, SENDER)
    assert made == message_id("suspended:RO-1:desk@justice.example", AT, SENDER)
    assert made != message_id("suspended:RO-2:desk@justice.example", AT, SENDER)
    assert "RO-1" not in made
    assert made.endswith("@example.org>")


# --- S/MIME


def openssl(content: bytes, certificate: Path) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("openssl")
    assert program, "openssl was not found: install it (Debian: apt-get install openssl)"
    trusted = ["-CAfile", str(certificate), "-purpose", "smimesign"]
    return subprocess.run(
        [program, "cms", "-verify", *trusted], input=content, capture_output=True, check=False
    )


def test_signature_verifies_with_another_program(tmp_path: Path) -> None:
    key, certificate = write_pair(tmp_path)
    content = wire(MAIL, load_signer(key, certificate))
    assert set(headers_of(content)) == HEADERS
    checked = openssl(content, certificate)
    assert checked.returncode == 0, checked.stderr
    assert b"Ministerul Justi" in checked.stdout


@pytest.mark.parametrize("old", [b"Ministerul", b"From here on"])
def test_changed_mail_does_not_verify(tmp_path: Path, old: bytes) -> None:
    key, certificate = write_pair(tmp_path)
    content = wire(MAIL, load_signer(key, certificate))
    assert openssl(content.replace(old, old.swapcase()), certificate).returncode != 0


def test_signature_survives_the_way_through_a_server(
    office: Office, postbox: Postbox, tmp_path: Path
) -> None:
    key, certificate = write_pair(tmp_path)
    office.tell(params={"entry": "RO-1", "state": "RO", "text": "Größe\n.\n..\nFrom"})
    office.deliver(signer=load_signer(key, certificate))
    (envelope,) = postbox.received
    assert isinstance(envelope.content, bytes)
    assert openssl(envelope.content, certificate).returncode == 0


def test_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    key, _ = write_pair(tmp_path / "a")
    _, certificate = write_pair(tmp_path / "b")
    with pytest.raises(ValueError, match="does not begin with the certificate"):
        load_signer(key, certificate)
