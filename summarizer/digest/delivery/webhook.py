"""POST an edition as signed JSON (Standard Webhooks, https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import contextlib
import datetime as dt
import email.utils
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from summarizer.digest.clock import Clock
from summarizer.digest.config import Webhook
from summarizer.digest.delivery.outcome import NotDelivered, Send, Tools, Unclear, repeated, said
from summarizer.digest.state.records import Edition

_SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with
_PATIENCE = 3  # times the timeout of a step: connecting, sending and the answer, all in all


class WebhookChannel:
    """Posts an edition."""

    def __init__(self, settings: Webhook) -> None:
        self._settings = settings
        # Of the address only this is told: chat services put their token into its path.
        self._place = f"the webhook at {urlsplit(settings.url).hostname}"

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what posts the edition, and returns the status of the answer.

        It raises NotDelivered where it was refused or surely did not arrive, and Unclear where
        all of it was sent and there was no answer.

        Raises:
            NotDelivered: the secret is none.
            ConfigError: the secret cannot be had.
        """
        body = payload(edition)
        secret = self._settings.secret()
        signing = _key_of(secret) if secret else b""
        return lambda: repeated(
            lambda: self._post(body, self._headers(body, key, signing, tools.clock), tools.clock),
            attempts=self._settings.attempts,
            sleep=tools.sleep,
        )

    def _headers(self, body: bytes, key: str, signing: bytes, clock: Clock) -> dict[str, str]:
        """Return the headers of one attempt: receivers refuse a timestamp of some minutes ago."""
        stamp = str(int(clock.now().timestamp()))
        ours = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "summarizer",
            "webhook-id": key,
            "webhook-timestamp": stamp,
        }
        if signing:
            ours["webhook-signature"] = signature(key, stamp, body, signing)
        taken = {name.lower() for name in ours}
        others = {k: v for k, v in self._settings.headers.items() if k.lower() not in taken}
        return others | ours

    def _post(self, body: bytes, headers: Mapping[str, str], clock: Clock) -> str:
        watch = _Watch()
        settings = self._settings
        try:
            with (
                watch.limited(_PATIENCE * settings.timeout_s),
                httpx2.Client(
                    timeout=settings.timeout_s,
                    follow_redirects=False,  # it would hand the brief to whoever is named
                    trust_env=False,
                    verify=ssl.create_default_context(),
                ) as client,
                client.stream(
                    "POST",
                    settings.url,
                    content=body,
                    headers=headers,
                    extensions={"trace": watch.trace},
                ) as response,
            ):
                return self._judged(response, clock)
        except httpx2.TransportError as error:
            if watch.sent:
                raise Unclear(
                    f"{self._place} had the whole edition and gave no proper answer"
                ) from error
            raise self._explained(error) from error
        except (httpx2.InvalidURL, UnicodeError) as error:
            raise NotDelivered(f"{self._place} has no valid address") from error

    def _judged(self, response: httpx2.Response, clock: Clock) -> str:
        status = response.status_code
        if response.is_success:
            return str(status)
        if response.is_redirect:
            raise NotDelivered(
                f"{self._place} redirects, which is not followed ({status}): configure the address "
                "where it is now"
            )
        reason = f"{self._place} answers {status}"
        if words := _words(response):
            reason += f": {words}"
        raise NotDelivered(
            reason,
            again=status == 429 or status >= 500,
            pause_s=retry_after_s(response.headers.get("retry-after", ""), clock.now()),
        )

    def _explained(self, error: httpx2.TransportError) -> NotDelivered:
        down = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                words = said(cause.verify_message)
                return NotDelivered(f"{self._place} has no valid certificate: {words}", down=down)
            cause = cause.__cause__ or cause.__context__
        words = said(error) or type(error).__name__
        return NotDelivered(f"{self._place} could not be reached: {words}", again=True, down=down)


class _Watch:
    """Follows one request: whether all of it was sent, and that it ends in time."""

    def __init__(self) -> None:
        self.sent = False
        self._socket: socket.socket | None = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of httpcore2's trace extension."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        elif event.endswith("send_request_body.complete"):
            self.sent = True

    @contextlib.contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Cut the connection after `seconds`: a server that drips keeps every step short."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def payload(edition: Edition) -> bytes:
    """Return the JSON that is posted: type, edition, created, counts, and the whole brief."""
    brief = edition.brief
    told = {
        "type": "digest",
        "edition": edition.name,
        "created": edition.created.isoformat(),
        "counts": {
            "articles": brief.coverage.articles,
            "stories": len(brief.stories),
            "facts": sum(len(story.facts) for story in brief.stories),
            "conflicts": sum(len(story.conflicts) for story in brief.stories),
            "rejected": len(brief.rejected),
            "skipped": len(brief.skipped),
        },
        "brief": brief.model_dump(mode="json"),
    }
    # ASCII: whatever an article holds, no receiver can misread an encoding.
    return json.dumps(told, allow_nan=False, separators=(",", ":")).encode("ascii")


def signature(key: str, stamp: str, body: bytes, signing: bytes) -> str:
    """Return the header webhook-signature: "v1," and the HMAC-SHA256 of id.timestamp.body."""
    signed = b".".join((key.encode(), stamp.encode(), body))
    digest = hmac.new(signing, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def _key_of(secret: str) -> bytes:
    """Return the key of a secret: base64 after "whsec_", or the text itself."""
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        # The cause would show the secret.
        raise NotDelivered("the webhook's secret begins with whsec_ and is not base64") from None
    if not key:  # it would go out unsigned
        raise NotDelivered("the webhook's secret has nothing after whsec_")
    return key


def retry_after_s(value: str, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After asks for (RFC 9110, 10.2.3); None where unreadable."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - now).total_seconds())


def _words(response: httpx2.Response) -> str:
    """Return the beginning of what a server says of its refusal."""
    try:
        return said(next(response.iter_raw(), b""))
    except (httpx2.HTTPError, httpx2.StreamError):
        return ""
