"""Recognise the address of a model server: `--model http://HOST:PORT/v1#NAME`."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field

from summarizer.data import Record
from summarizer.errors import ConfigError

KEY_VARIABLE = "SUMMARIZER_API_KEY"

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
# What people copy out of a server's documentation or a curl line.
_ENDPOINTS = re.compile(r"/(?:chat/completions|completions|models|tokenize|health)$")
_HINT = "Write it as http://HOST:PORT/v1#NAME; NAME is one of the server's models."


class RemoteAddress(Record):
    """Where a model server is, and which of its models is meant."""

    base_url: str = Field(description="with the version, without a slash at the end")
    model: str | None = Field(default=None, description="None: the only one it has")

    @property
    def place(self) -> str:
        """Return HOST:PORT, as shown to users."""
        return urlsplit(self.base_url).netloc

    @property
    def root_url(self) -> str:
        """Return the address without the version, where engines have routes of their own."""
        return self.base_url.removesuffix("/v1")

    @property
    def is_loopback(self) -> bool:
        """Return whether the server is on this machine, by its name or number alone."""
        host = urlsplit(self.base_url).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def is_encrypted(self) -> bool:
        """Return whether what is sent cannot be read on the way."""
        return self.base_url.startswith("https:")


def parse_remote(name: str) -> RemoteAddress | None:
    """Return the server that `name` is the address of; None where it is no address.

    `http://HOST:PORT` alone means `/v1`; other paths are kept.

    Raises:
        ConfigError: it is an address, but not a usable one. The message never holds a part of
            it that could be a secret.
    """
    name = name.strip()
    if not _SCHEME.match(name):
        return None
    if _UNSEEN.search(name):
        raise ConfigError("the model's address holds a space or an invisible character", hint=_HINT)
    try:
        parts = urlsplit(name)
        place = _place(parts)
    except ValueError:
        # Its message may quote a password, and would stand in a traceback.
        raise ConfigError("the model's address is not a valid URL", hint=_HINT) from None
    if "@" in parts.netloc + parts.path:  # a password may hold a slash
        raise ConfigError(
            "the model's address holds a user or a password",
            hint=f"Put the server's key into the environment variable {KEY_VARIABLE} instead: "
            "an address is written into the brief and into logs.",
        )
    if parts.query:
        raise ConfigError(f"the address of the server {place} holds a query (?...)", hint=_HINT)
    path = _ENDPOINTS.sub("", re.sub("/{2,}", "/", parts.path).rstrip("/")).rstrip("/")
    return RemoteAddress(
        base_url=f"{parts.scheme.lower()}://{place}{path or '/v1'}",
        model=unquote(parts.fragment).strip() or None,
    )


def _place(parts: SplitResult) -> str:
    """Return HOST or HOST:PORT; ValueError where there is no host or the port is no number."""
    host, port = parts.hostname, parts.port
    if not host or port == 0:
        raise ValueError("no host")
    if ":" in host:
        host = f"[{ipaddress.IPv6Address(host.partition('%')[0])}]"
    return host if port is None else f"{host}:{port}"
