"""Handing mails to a mail server, and what its answers mean."""

import smtplib
import ssl
from dataclasses import dataclass, field

#: Seconds to wait for each answer of the server.
ANSWER_SECONDS = 30
#: Answers from here on are final (RFC 5321 4.2.1).
FINAL = 500


class SendFailed(Exception):
    """The mail was not taken; another time it may be."""


class SendRefused(SendFailed):
    """The server will never take this mail."""


class ServerUnreachable(SendFailed):
    """It is the server, or the way to it: no other mail would fare better now."""


@dataclass(kw_only=True)
class SmtpServer:
    """A mail server, with one connection kept open from mail to mail."""

    host: str
    port: int
    #: 'starttls', 'tls' or 'none'.
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    #: Whom to trust; None is the machine's own authorities.
    context: ssl.SSLContext | None = field(default=None, repr=False)
    _open: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, sender: str, to: str, content: bytes) -> None:
        """Hand one mail over; raises ``SendFailed``. The server has it when this returns."""
        try:
            connection = self._open or self._connect()
            connection.sendmail(sender, [to], content)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*error.recipients[to]) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerUnreachable(_said(error)) from error

    def close(self) -> None:
        """Say goodbye, if there is still somebody to hear it."""
        connection, self._open = self._open, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.tls == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=ANSWER_SECONDS, context=context
            )
        else:
            made = smtplib.SMTP(self.host, self.port, timeout=ANSWER_SECONDS)
        # Kept from the start, so that a failed greeting closes it too.
        self._open = made
        if self.tls == "starttls":
            made.starttls(context=context)
        if self.user:
            made.login(self.user, self.password)
        return made


def _judged(code: int, words: bytes | str) -> SendFailed:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = f"{code} {text}"
    return SendRefused(said) if code >= FINAL else SendFailed(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
