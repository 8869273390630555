"""Which network addresses may be asked: those of the public Internet, and what the config allows.

A feed or a redirect can name any host, and any host can have any address. Without this check
a hostile one could have the digest read the router's pages, or a cloud's secrets at
169.254.169.254, and print them into the brief.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: ends in an IPv4 address
# What `is_global` of some Python 3.11 still calls global: registers of IANA, and old forms.
_NEVER = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "::/96",  # IPv4-compatible, RFC 4291 section 2.5.5.1
        "64:ff9b:1::/48",  # NAT64 for local use, RFC 8215
        "100::/64",
        "2001::/23",  # Teredo and other protocols
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fec0::/10",  # site-local, once
    )
) + (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
)


class AddressRules:
    """What may be connected to; `allow` holds networks, addresses and host names beside.

    A name allows whatever address it has, a network whatever host has an address in it.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._networks: list[_Network] = []
        self._names: set[str] = set()
        for one in allow:
            try:
                self._networks.append(ipaddress.ip_network(one.strip("[]"), strict=False))
            except ValueError:
                self._names.add(one.rstrip(".").lower())

    def permits(self, host: str, address: Address) -> bool:
        """Tell whether `host` may be asked at `address`, one of those that its name has."""
        if host.rstrip(".").lower() in self._names:
            return True
        return all(_is_public(form) or self._allows(form) for form in _forms(address))

    def _allows(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self._networks
        )


def _forms(address: Address) -> Iterator[Address]:
    """Yield the address that is meant, and those it leads on to."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
            return
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            return
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo
    yield address


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        return False
    return not any(address.version == one.version and address in one for one in _NEVER)
