"""Read the body of an answer, and never more of it than allowed, packed or unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import httpx2

from summarizer.digest.fetch.failures import FetchFailed

ENCODINGS = "gzip, deflate"  # what is asked for
_GZIP = zlib.MAX_WBITS | 16
_ZLIB_METHOD = 8  # the low half of a zlib stream's first byte: RFC 1950 section 2.2


def read_body(answer: httpx2.Response, *, most: int, prefix: bool = False) -> bytes:
    """Return the unpacked body of a streamed answer.

    Args:
        answer: nothing of its body is read yet.
        most: bytes, of what comes over the network and of what it unpacks to.
        prefix: return the first `most` bytes of a longer body, where it is a failure else.

    Raises:
        FetchFailed: it is too large, packed in another way, or damaged.
    """
    length = answer.headers.get("content-length", "")
    if not prefix and length.isascii() and length.isdigit() and len(length.lstrip("0")) < 20:
        if int(length) > most:
            raise _too_large(most)
    elif not prefix and length:
        raise FetchFailed("the server does not speak proper HTTP")
    chunks = _limited(answer.iter_raw(), most, prefix=prefix)
    match answer.headers.get("content-encoding", "").strip().lower():
        case "" | "identity":
            return b"".join(chunks)
        case "gzip" | "x-gzip":
            return _unpacked(chunks, "gzip", most, prefix=prefix)
        case "deflate":
            return _unpacked(chunks, "deflate", most, prefix=prefix)
    raise FetchFailed("the server packed it in a way that it was not asked for")


def _too_large(most: int) -> FetchFailed:
    size = f"{most / 1_000_000:g} MB" if most >= 100_000 else f"{most} bytes"
    return FetchFailed(f"it is larger than {size}")


def _limited(chunks: Iterable[bytes], most: int, *, prefix: bool) -> Iterator[bytes]:
    """Yield `chunks`, `most` bytes at most."""
    left = most
    for chunk in chunks:
        if len(chunk) > left:
            if not prefix:
                raise _too_large(most)
            yield chunk[:left]
            return
        left -= len(chunk)
        yield chunk


def _unpacked(chunks: Iterable[bytes], encoding: str, most: int, *, prefix: bool) -> bytes:
    """Unpack `chunks`; a bomb is never larger in memory than `most`."""
    out = bytearray()
    unpacker = None
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker is None or unpacker.eof:  # gzip may be several files in a row
                    unpacker = zlib.decompressobj(_window_bits(encoding, rest))
                out += unpacker.decompress(rest, most + 1 - len(out))
                if len(out) > most:
                    if not prefix:
                        raise _too_large(most)
                    return bytes(out[:most])
                rest = unpacker.unused_data if encoding == "gzip" else b""
    except zlib.error as error:
        raise FetchFailed("it is packed, and damaged") from error
    if unpacker is not None and not unpacker.eof and not prefix:
        raise FetchFailed("the server broke off in the middle of it")
    return bytes(out)


def _window_bits(encoding: str, start: bytes) -> int:
    """Return what zlib needs to know; "deflate" is sent with zlib's header, and without."""
    if encoding == "gzip":
        return _GZIP
    return zlib.MAX_WBITS if start[0] & 0x0F == _ZLIB_METHOD else -zlib.MAX_WBITS
