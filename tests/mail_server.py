"""Mail servers on loopback that take, refuse, drop and dawdle, and a certificate for TLS."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


class Certificate:
    """A self-made certificate of 127.0.0.1 and its key."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("openssl")
        if program is None:
            pytest.skip("needs the openssl command to make a certificate")
        self.file, self.key = folder / "cert.pem", folder / "key.pem"
        made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        made += ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
        made += ["-addext", f"subjectAltName=IP:{HOST},DNS:localhost"]
        made += ["-keyout", str(self.key), "-out", str(self.file)]
        subprocess.run([program, *made], check=True, capture_output=True)

    def context(self) -> ssl.SSLContext:
        """Return what a server with this certificate needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


class Mailbox:
    """An aiosmtpd handler that keeps what it gets, or answers as it is told to.

    Args:
        refused: by recipient, the reply to RCPT.
        replies: to the end of DATA, one a message; then messages are taken.
        lost: takes the message, and cuts the connection instead of answering.
        silent: takes the message, and never answers.
    """

    def __init__(
        self,
        *,
        refused: Mapping[str, str] | None = None,
        replies: tuple[str, ...] = (),
        lost: bool = False,
        silent: bool = False,
    ) -> None:
        self.refused = dict(refused or {})
        self.replies = list(replies)
        self.lost, self.silent = lost, silent
        self.envelopes: list[Envelope] = []
        self.attempts = 0  # messages that came as far as the end of DATA
        self.logins: list[tuple[bytes, bytes]] = []
        self.secure: list[bool] = []  # by message, whether it came over TLS

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if reply := self.refused.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.attempts += 1
        if self.replies:
            return self.replies.pop(0)
        self.envelopes.append(envelope)
        self.secure.append(session.ssl is not None)
        if self.lost and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        if self.silent:
            await asyncio.sleep(60)
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right horse", handled=False)

    @property
    def letters(self) -> list[EmailMessage]:
        """The messages, parsed."""
        contents = [envelope.content for envelope in self.envelopes]
        parsed = [message_from_bytes(c, policy=policy.default) for c in contents if c is not None]  # type: ignore[arg-type]
        return [letter for letter in parsed if isinstance(letter, EmailMessage)]


class _Controller(Controller):
    """Listens on any free port, and says on which."""

    def _trigger_server(self) -> None:
        if self.server is None:
            raise RuntimeError("the server did not start")
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()


@contextlib.contextmanager
def mail_server(
    mailbox: Mailbox,
    *,
    tls: Certificate | None = None,
    starttls: Certificate | None = None,
    login: bool = False,
) -> Iterator[int]:
    """Run a mail server that hands messages to `mailbox`; gives its port."""
    controller = _Controller(
        mailbox,
        hostname=HOST,
        port=0,
        server_hostname="mail.test",
        ssl_context=tls.context() if tls else None,
        tls_context=starttls.context() if starttls else None,
        require_starttls=starttls is not None,
        auth_required=login,
        auth_require_tls=tls is None,
        authenticator=mailbox.authenticate if login else None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.contextmanager
def scripted_server(*replies: bytes, after: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """Run a server that answers each command of one connection with the next of `replies`.

    The first is its greeting. When they are used up it writes `after` once and is silent, or
    closes the connection where `after` is b"close". Gives its port and the lines it got.
    """
    listener = socket.create_server((HOST, 0))
    got: list[bytes] = []
    stopping = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while not stopping.is_set():
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as lines:
                    _play(connection, lines, replies, after, got, stopping)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _play(
    connection: socket.socket,
    lines: Any,
    replies: tuple[bytes, ...],
    after: bytes,
    got: list[bytes],
    stopping: threading.Event,
) -> None:
    in_data = False
    for number, reply in enumerate(replies):
        while number:
            line = lines.readline()
            if not line:
                return
            got.append(line)
            if not in_data or line == b".\r\n":
                break
        in_data = reply.startswith(b"354")
        connection.sendall(reply)
    if after == b"close":
        return
    while after and not stopping.wait(0.02):  # drips
        connection.sendall(after)
    stopping.wait(5)
