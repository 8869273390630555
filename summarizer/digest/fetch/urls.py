"""Which URLs may be asked, and when two of them are the same page."""

from __future__ import annotations

import httpx2

from summarizer.digest.fetch.failures import FetchFailed, forbidden, shown

_MAX_CHARS = 2000  # longer ones no server has to take: RFC 9110 section 4.1 speaks of 8,000
_PORTS = {"http": 80, "https": 443}


def checked(text: str, *, base: str | None = None) -> str:
    """Return `text` as an absolute http or https URL in normal form, against `base` if relative.

    Raises:
        FetchFailed: FORBIDDEN, it is none, or it holds credentials.
    """
    if len(text) > _MAX_CHARS:
        raise forbidden(f"the address has {len(text)} characters; {_MAX_CHARS} are taken at most")
    try:
        url = httpx2.URL(text.strip())
        url = httpx2.URL(base).join(url) if base else url
        port = url.port
        host = url.raw_host.decode("ascii")
    except (httpx2.InvalidURL, ValueError) as error:  # UnicodeError is a ValueError
        raise forbidden(f"{_named(text)} is no address of a page") from error
    if url.scheme not in _PORTS:
        raise forbidden(f"{_named(text)} is no http or https address")
    if url.userinfo:
        raise forbidden(f"the address of {shown(host)} holds a user name or password")
    if not host or "%" in host or not (port is None or 0 < port < 65536):
        raise forbidden(f"{_named(text)} names no host that could be asked")
    host = host.rstrip(".").lower()  # the root's dot makes no other host
    if not host:
        raise forbidden(f"{_named(text)} names no host that could be asked")
    path = url.raw_path if url.raw_path.startswith(b"/") else b"/" + url.raw_path
    port = None if port == _PORTS[url.scheme] else port
    return str(url.copy_with(host=host, port=port, raw_path=path))


def without_credentials(text: str) -> str:
    """Return what may be a URL without a user name and password before its host."""
    scheme, mark, rest = text.partition("//")
    if not mark:
        return text
    host, slash, path = rest.partition("/")
    return scheme + mark + host.rsplit("@", 1)[-1] + slash + path


def _named(text: str) -> str:
    return shown(without_credentials(text))


def same_page(url: str) -> str:
    """Return a checked URL as it identifies a page: no fragment, no utm_ parameters."""
    url = url.split("#", 1)[0]
    page, mark, query = url.partition("?")
    kept = [part for part in query.split("&") if not part.lower().startswith("utm_")]
    return page + mark + "&".join(kept) if mark and any(kept) else page


def host_of(url: str) -> str:
    """Return the host of a checked URL, without its port: what is asked politely as one."""
    return httpx2.URL(url).raw_host.decode("ascii")


def robots_url(url: str) -> str:
    """Return where the rules for a checked URL stand: RFC 9309 section 2.3."""
    return str(httpx2.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None))


def usable(text: str, *, base: str | None = None) -> str | None:
    """Return `text` as `checked` does, or None where it may not be asked."""
    try:
        return checked(text, base=base)
    except FetchFailed:
        return None
