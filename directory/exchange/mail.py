"""Mail as it goes over the wire: headers that nobody can add to, plain and HTML, S/MIME."""

import datetime as dt
import hashlib
import unicodedata
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7
from email_validator import EmailNotValidError, validate_email

#: Lines end as mail wants them, and nothing is longer or wider than any server takes, so that what
#: was signed arrives as it was signed.
WIRE = SMTP.clone(cte_type="7bit")
SigningKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey


class MailRefused(Exception):
    """This mail can never be sent; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail. ``at`` and ``message_id`` stay what they were at every attempt."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    at: dt.datetime
    message_id: str
    #: Name and id of the kind of mail, for filters of those who receive it.
    list_name: str


@dataclass(frozen=True, slots=True)
class MailSigner:
    """Signs mails as the holder of the certificate; further certificates of its file go along."""

    key: SigningKey = field(repr=False)
    certificates: tuple[x509.Certificate, ...]

    def sign(self, content: bytes) -> bytes:
        """A detached CMS signature of the content, in DER."""
        own, *others = self.certificates
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(own, self.key, SHA256())
        for other in others:
            builder = builder.add_certificate(other)
        detached = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        return builder.sign(Encoding.DER, detached)


def load_signer(key: Path, certificate: Path) -> MailSigner:
    """The signer of two PEM files; raises ``OSError`` or ``ValueError``."""
    loaded = load_pem_private_key(key.read_bytes(), password=None)
    if not isinstance(loaded, SigningKey):
        # What the file holds, not a mistake of the caller.
        raise ValueError(f"{key} holds neither an RSA nor an elliptic-curve key")  # noqa: TRY004
    certificates = tuple(x509.load_pem_x509_certificates(certificate.read_bytes()))
    if certificates[0].public_key() != loaded.public_key():
        raise ValueError(f"{certificate} does not begin with the certificate of {key}")
    return MailSigner(loaded, certificates)


def message_id(key: str, created_at: dt.datetime, sender: str) -> str:
    """The same for the same notice; says nothing of whom or what it is about."""
    digest = hashlib.sha256(f"{key}\n{created_at.isoformat()}".encode()).hexdigest()[:32]
    return f"<{digest}@{host_of(sender)}>"


def host_of(sender: str) -> str:
    """What stands behind the @; 'localhost' where no address is set."""
    return sender.rpartition("@")[2] or "localhost"


def one_line(text: str) -> str:
    """The text without anything that could end a header: no control characters, single spaces."""
    kept = "".join(" " if unicodedata.category(letter) in _BREAKS else letter for letter in text)
    return " ".join(kept.split())


#: Control characters, line and paragraph separators.
_BREAKS = frozenset({"Cc", "Zl", "Zp"})


def wire(mail: Mail, signer: MailSigner | None = None) -> bytes:
    """The whole mail; raises ``MailRefused`` for an address that cannot be one."""
    head = _head(mail)
    body = _alternatives(mail)
    if signer is None:
        return _joined(head, body.as_bytes(policy=WIRE))
    return _joined(head, _signed(body.as_bytes(policy=WIRE), signer))


def _joined(head: EmailMessage, body: bytes) -> bytes:
    # The body begins with its own Content-Type; the head ends with the blank line before a body.
    return head.as_bytes(policy=WIRE).removesuffix(b"\r\n") + body


def _head(mail: Mail) -> EmailMessage:
    head = EmailMessage(policy=WIRE)
    head["From"] = Address("", addr_spec=checked_address(mail.sender))
    head["To"] = Address("", addr_spec=checked_address(mail.to))
    head["Subject"] = one_line(mail.subject)
    head["Date"] = mail.at
    head["Message-ID"] = mail.message_id
    head["List-Id"] = f"{one_line(mail.list_name)} <notices.{host_of(mail.sender)}>"
    head["Auto-Submitted"] = "auto-generated"
    head["Content-Language"] = mail.language
    head["MIME-Version"] = "1.0"
    return head


def checked_address(address: str) -> str:
    """The address when it is one, its host in ASCII; raises ``MailRefused``."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise MailRefused("the address is none that mail can be sent to") from error
    if found.ascii_email is None:
        raise MailRefused("the address has letters that mail servers do not take")
    return found.ascii_email


def _alternatives(mail: Mail) -> MIMEPart:
    body = MIMEPart(policy=WIRE)
    body.set_content(mail.text, cte="quoted-printable")
    body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return body


def _signed(content: bytes, signer: MailSigner) -> bytes:
    """RFC 8551 3.5.3: the content exactly as it was signed, then the signature."""
    boundary = b"signed-" + hashlib.sha256(content).hexdigest()[:40].encode()
    signature = MIMEPart(policy=WIRE)
    signature.set_content(
        signer.sign(content),
        maintype="application",
        subtype="pkcs7-signature",
        disposition="attachment",
        filename="smime.p7s",
    )
    kind = b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n'
    lines = (
        kind + b' micalg=sha-256; boundary="' + boundary + b'"\r\n',
        b"--" + boundary,
        content,
        b"--" + boundary,
        signature.as_bytes(policy=WIRE).rstrip(b"\r\n"),
        b"--" + boundary + b"--\r\n",
    )
    return b"\r\n".join(lines)
