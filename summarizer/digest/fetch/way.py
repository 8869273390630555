"""The way to hosts that fetch.allow opens: free to what is the user's own, closed to all else.

Who opens the machine with the photographs to read its feed does not mean that any feed of the
Internet may name its pages, and have them printed into the brief.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import httpcore2

from summarizer.digest.fetch.addresses import Address, AddressRules
from summarizer.digest.fetch.failures import FetchFailed, forbidden
from summarizer.digest.fetch.network import GuardedBackend, Monotonic, Resolve

_PUBLIC = AddressRules()


class _Errand(threading.local):
    """What this thread is about: `own` as in client.Errand; `inside`, where it was led last."""

    own = False
    inside = False


class _Rules(AddressRules):
    def __init__(self, allow: Iterable[str], errand: _Errand) -> None:
        super().__init__(allow)
        self._errand = errand

    def permits(self, host: str, address: Address) -> bool:
        if self._errand.own:
            return super().permits(host, address)
        return _PUBLIC.permits(host, address)


class Way(GuardedBackend):
    """Opens connections, to what is not public only within for_errand(own=True).

    Args:
        allow: fetch.allow.
        resolve: looks names up.
        monotonic: a stop-watch for deadlines.
    """

    def __init__(self, allow: Sequence[str], *, resolve: Resolve, monotonic: Monotonic) -> None:
        self._errand = _Errand()
        super().__init__(_Rules(allow, self._errand), resolve=resolve, monotonic=monotonic)

    @contextmanager
    def for_errand(self, *, own: bool) -> Iterator[None]:
        """Say whether fetch.allow holds for what this thread does in the block."""
        before = self._errand.own
        self._errand.own = own
        try:
            yield
        finally:
            self._errand.own = before

    @property
    def led_inside(self) -> bool:
        """Whether this thread's last connection went to what only fetch.allow opens."""
        return self._errand.inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect as GuardedBackend does.

        Raises:
            FetchFailed: FORBIDDEN, the host has no address that may be asked.
            httpcore2.ConnectError, httpcore2.ConnectTimeout: it cannot be connected to.
        """
        self._errand.inside = False
        try:
            stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        except FetchFailed:
            if self._errand.own:
                raise
            raise forbidden(
                "its host has no address of the public Internet; fetch.allow opens such a host to "
                "what digest.toml itself names, not to what the Internet leads to"
            ) from None
        self._errand.inside = not _is_public(stream)
        return stream


def _is_public(stream: httpcore2.NetworkStream) -> bool:
    """Tell whether the other end has a public address, whatever its name stands for by now."""
    try:
        address = ipaddress.ip_address(stream.get_extra_info("server_addr")[0])
    except (OSError, TypeError, ValueError):  # it has gone already
        return True
    return _PUBLIC.permits("", address)
