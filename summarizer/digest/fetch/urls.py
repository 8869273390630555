"""Which URLs may be asked, and when two of them are the same page."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import httpx2

from summarizer.digest.fetch.failures import FetchFailed, forbidden, shown

_MAX_CHARS = 2000  # longer ones no server has to take: RFC 9110 section 4.1 speaks of 8,000
_PORTS = {"http": 80, "https": 443}
_SEPARATOR = re.compile("([&;])")
_SECRET = ("token", "secret", "passw", "passphrase", "signature", "apikey", "credential")
_SECRET_END = ("key", "sig", "auth", "pass", "pwd")  # "author" and "keyword" are none


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


def named(text: str) -> str:
    """Return how people are told of what may be a URL: without anything that may be a secret.

    That is a user name and password, the fragment, and of the query all but that there is one.
    """
    page, mark, _ = without_credentials(text).split("#", 1)[0].partition("?")
    return f"{page}?…" if mark else page


def without_secrets(url: str) -> str:
    """Return a URL with "hidden" for the values of parameters that are named like secrets."""
    page, mark, query = url.partition("?")
    return page + mark + "".join(map(_without_secret, _SEPARATOR.split(query)))


def _without_secret(parameter: str) -> str:
    name, mark, value = parameter.partition("=")
    words = re.split("[^a-z0-9]+", unquote_plus(name).lower())
    secret = any(word.endswith(_SECRET_END) for word in words)
    secret = secret or any(part in "".join(words) for part in _SECRET)
    return f"{name}=hidden" if secret and value else parameter


def one_outlet(host: str, other: str) -> bool:
    """Tell whether one host is the other or stands below it, as news.h.example below h.example.

    A leading "www." counts for nothing. What has no dot, a country's domain for instance, and
    an address in figures have nothing below them.
    """
    if host == other:
        return True
    short, long = sorted((host.removeprefix("www."), other.removeprefix("www.")), key=len)
    if "." not in short or short.rsplit(".", 1)[-1][:1].isdigit():
        return False
    return short == long or long.endswith(f".{short}")


def _named(text: str) -> str:
    return shown(named(text))


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
