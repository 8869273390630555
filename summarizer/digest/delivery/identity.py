"""Names that stay the same: of a digest, and of the delivery of an edition over a channel."""

from __future__ import annotations

import hashlib
import uuid
from urllib.parse import urlsplit

from summarizer.digest.config import DigestConfig

_LENGTH = 32  # hexadecimal digits: 128 bits


def digest_identity(config: DigestConfig) -> str:
    """Return what tells this digest from others: a hash of where its state is.

    The user and password of a database are no part of it: they change, and must not be guessed
    from what is sent out.
    """
    path = config.state_path
    if path is not None:
        return _hash("digest", str(path.absolute()))
    parts = urlsplit(config.state)
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return _hash("digest", place)


def stable_id(*parts: str) -> str:
    """Return the hash that names a delivery, 32 hexadecimal digits; other parts, another name."""
    return _hash("delivery", *parts)


def stable_urn(*parts: str) -> str:
    """Return a URN of a UUID (RFC 9562, version 5) made of `parts`."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, "summarizer:" + "\0".join(parts))
    return f"urn:uuid:{name}"


def _hash(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(data).hexdigest()[:_LENGTH]
