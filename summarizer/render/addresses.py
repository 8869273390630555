"""Which addresses of articles a reader may follow."""

from __future__ import annotations

from urllib.parse import urlsplit

from summarizer.render.escape import clean

_MAX_URL = 2000  # characters; what is longer is no address that anybody follows


def web_address(text: str) -> str | None:
    """Return `text` where it is an http(s) address that a reader may follow, else None.

    None for any other scheme, for addresses with credentials, and for what browsers read
    otherwise than it looks: white space, invisible characters, backslashes.
    """
    if len(text) > _MAX_URL or "\\" in text or " " in text or clean(text) != text:
        return None
    try:
        parts = urlsplit(text)
        host, credentials = parts.hostname, "@" in parts.netloc
        parts.port  # noqa: B018 - raises ValueError where it is no number
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and host and not credentials else None
