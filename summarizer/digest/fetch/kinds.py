"""Which kind of content a server has sent: what it says, corrected by what it looks like."""

from __future__ import annotations

from summarizer.read import Kind

_SNIFFED = 1024  # bytes
_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
}
_VAGUE = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "text/plain", "application/xml"}
) | {"text/xml", "application/unknown", "unknown/unknown"}


def kind_of(media_type: str, data: bytes, url: str) -> Kind | None:
    """Return how to read `data`; None for what is no article: pictures, programs, feeds."""
    start = data[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return "pdf"
    said = _TYPES.get(media_type)
    if media_type in _VAGUE:
        if b"<html" in start or start.startswith(b"<!doctype html"):
            return "html"
        if url.split("?", 1)[0].lower().endswith((".md", ".markdown")):
            return "markdown"
        if not media_type and not start.startswith(b"<"):
            return "text"
    return said
