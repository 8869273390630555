"""The last line of a page: the checksum of every byte before it."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_OPENING = "<!-- sha256:"
_REST = re.compile(r"([0-9a-f]{64}) -->\n")


class Seal(NamedTuple):
    """A page without its last line, and the SHA-256 stated there ("" for none) and found."""

    document: str
    stated: str
    found: str

    @property
    def holds(self) -> bool:
        """Tell whether the page is, byte for byte, what it was when it was written."""
        return self.stated == self.found


def sealed(document: str) -> str:
    """Return a page, which ends in a newline, with its last line."""
    return f"{document}{_OPENING}{_sha256(document)} -->\n"


def read_seal(page: str) -> Seal:
    """Take the last line off a page; where that is no checksum, the page is left whole."""
    document, _, end = page.rpartition(_OPENING)
    stated = _REST.fullmatch(end)
    if stated is None or not document.endswith("\n"):
        return Seal(page, "", _sha256(page))
    return Seal(document, stated[1], _sha256(document))


def _sha256(text: str) -> str:
    # A text with half a surrogate pair was no file; whatever its bytes, they are not those written.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
