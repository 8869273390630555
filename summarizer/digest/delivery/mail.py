"""Hand a mail to a server by SMTP, and know which of sent, not sent and unclear it was."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from summarizer.digest.config import Email
from summarizer.digest.delivery.letter import mailbox, write_letter
from summarizer.digest.delivery.outcome import NotDelivered, Send, Tools, Unclear, repeated, said
from summarizer.digest.state.records import Edition

_LINE_END = re.compile(rb"\r\n|\r|\n")


class EmailChannel:
    """Mails an edition."""

    def __init__(self, settings: Email, digest: str) -> None:
        self._settings = settings
        self._digest = digest

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what sends the mail, and returns who refused it, "" for nobody.

        It raises NotDelivered where surely nobody got it, and Unclear where the connection was
        lost while the server had all of it and had not answered.

        Raises:
            NotDelivered: the mail cannot be written.
            ConfigError: the password cannot be had.
        """
        settings = self._settings
        sender = mailbox(settings.sender)
        list_id = f"digest-{self._digest[:12]}.{sender.domain}"
        letter = write_letter(settings, edition, key, list_id)
        envelope = _Envelope(
            sender.addr_spec,
            tuple(dict.fromkeys(mailbox(one).addr_spec for one in settings.to)),
            _dotted(letter.as_bytes()),
        )
        password = settings.password() if settings.user else ""
        return lambda: repeated(
            lambda: _hand_over(settings, password, envelope),
            attempts=settings.attempts,
            sleep=tools.sleep,
        )


class _Envelope(NamedTuple):
    sender: str
    recipients: tuple[str, ...]
    data: bytes  # as DATA takes it, but for the final dot


def _dotted(data: bytes) -> bytes:
    """Return a message as SMTP carries it: CRLF, a dot more where a line begins with one.

    A bare CR or LF would let a server see the end of the message where there is none.
    """
    lines = _LINE_END.sub(b"\r\n", data).replace(b"\r\n.", b"\r\n..")
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


# --- connections ------------------------------------------------------------------------------


class _Plain(smtplib.SMTP):
    """An SMTP connection on which no reply takes longer than the timeout, all in all.

    The timeout of a socket begins anew with every byte.
    """

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's reply; cut the connection if it is not complete in time."""
        with _cut_after(self.timeout, lambda: self.sock):
            return super().getreply()


class _Tls(_Plain, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


@contextlib.contextmanager
def _cut_after(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    def cut() -> None:
        if (current := connection()) is not None:
            with contextlib.suppress(OSError):
                current.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connect(settings: Email) -> smtplib.SMTP:
    """Return a connection that has said EHLO, over TLS where that is configured."""
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "timeout": settings.timeout_s,
        # What smtplib would look up in the DNS, and tell of this machine, is nobody's business.
        "local_hostname": mailbox(settings.sender).domain,
    }
    if settings.security == "tls":
        dialog: smtplib.SMTP = _Tls(context=ssl.create_default_context(), **options)
    else:
        dialog = _Plain(**options)
    try:
        if settings.security == "starttls":
            dialog.starttls(context=ssl.create_default_context())
        dialog.ehlo_or_helo_if_needed()
    except BaseException:
        dialog.close()
        raise
    return dialog


# --- the dialog -------------------------------------------------------------------------------


def _hand_over(settings: Email, password: str, envelope: _Envelope) -> str:
    """Make one attempt; return who was refused."""
    place = f"the mail server {settings.host}:{settings.port}"
    try:
        dialog = _connect(settings)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise _explained(error, place, down=True) from error
    try:
        if settings.user:
            _log_in(dialog, settings.user, password, place)
        refused = _address(dialog, envelope, place)
        _expect(dialog.docmd("DATA"), (354,), f"{place} does not take the message")
        dialog.send(envelope.data)
        _finish(dialog, place)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            dialog.quit()  # it is sent, whatever comes now
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise _explained(error, place) from error
    finally:
        dialog.close()
    return f"refused: {'; '.join(refused)}" if refused else ""


def _log_in(dialog: smtplib.SMTP, user: str, password: str, place: str) -> None:
    try:
        dialog.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        code = error.smtp_code
        raise NotDelivered(
            f"{place} refuses user and password: {code}{_told(error, user, password)}",
            again=400 <= code < 500,
            down=True,  # and the more often it is tried, the sooner the account is locked
        ) from None
    except UnicodeError:  # it holds the password, so it is not passed on
        raise NotDelivered(f"{place}: user or password is not plain ASCII", down=True) from None


def _told(error: smtplib.SMTPAuthenticationError, user: str, password: str) -> str:
    """Return what the server says; "" where it repeats a secret, as it was or in base64."""
    words = error.smtp_error
    told = words if isinstance(words, bytes) else words.encode("utf-8", "replace")
    plain, both = password.encode(), f"\0{user}\0{password}".encode()
    secrets = (plain, base64.b64encode(plain), base64.b64encode(both))
    return "" if any(secret in told for secret in secrets) else f" {said(told)}"


def _address(dialog: smtplib.SMTP, envelope: _Envelope, place: str) -> list[str]:
    """Name sender and recipients; return who was refused and why.

    Raises:
        NotDelivered: the sender or all recipients are refused.
    """
    _expect(dialog.mail(envelope.sender), (250,), f"{place} refuses the sender")
    codes, refused = [], []
    for recipient in envelope.recipients:
        code, words = dialog.rcpt(recipient)
        if code not in (250, 251, 252):
            codes.append(code)
            refused.append(f"{recipient} ({code} {said(words)})")
    if len(refused) == len(envelope.recipients):
        again = any(400 <= code < 500 for code in codes)
        raise NotDelivered(f"{place} refuses every recipient: {'; '.join(refused)}", again=again)
    return refused


def _expect(reply: tuple[int, bytes], good: Sequence[int], what: str) -> None:
    code, words = reply
    if code not in good:
        raise NotDelivered(f"{what}: {code} {said(words)}", again=400 <= code < 500)


def _finish(dialog: smtplib.SMTP, place: str) -> None:
    """Send the final dot and await the answer: from here on the server may have the mail."""
    try:
        dialog.send(b".\r\n")
        code, words = dialog.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Unclear(
            f"{place} had the whole message and the connection was lost before its answer"
        ) from error
    if 400 <= code < 600:
        _expect((code, words), (), f"{place} refuses the message")
    if not 200 <= code < 300:
        raise Unclear(f"{place} had the whole message and answered “{code} {said(words)}”")


def _explained(error: Exception, place: str, *, down: bool = False) -> NotDelivered:
    """Say in words what ended a dialog before the server had the message."""
    match error:
        case smtplib.SMTPNotSupportedError():
            return NotDelivered(f"{place} cannot do what is configured: {said(error)}", down=down)
        case smtplib.SMTPResponseException():
            reply = f"{error.smtp_code} {said(error.smtp_error)}"
            again = 400 <= error.smtp_code < 500
            return NotDelivered(f"{place} answers {reply}", again=again, down=down)
        case ssl.SSLCertVerificationError():
            words = said(error.verify_message)
            return NotDelivered(f"{place} has no valid certificate: {words}", down=down)
        case ssl.SSLError():
            words = said(error.reason or error)
            return NotDelivered(f"no TLS with {place}: {words}", again=True, down=down)
        case smtplib.SMTPException() | OSError():
            words = said(getattr(error, "strerror", None) or error) or type(error).__name__
            return NotDelivered(f"no mail could be sent to {place}: {words}", again=True, down=down)
    return NotDelivered(f"{place}: {type(error).__name__}", down=down)
