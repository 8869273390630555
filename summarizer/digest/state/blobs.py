"""Large values of the state: JSON, compressed.

Each value is short, so zlib is given a dictionary of what such JSON looks like, and, where a value
quotes an article, the article's JSON too: an answer then costs little more than its own words.
"""

from __future__ import annotations

import zlib

_FORMAT = b"\x01"  # the first byte: which dictionary; a new one gets a new number
_WINDOW = 32_768  # what zlib can look back
# Frozen: what was compressed with it can only be read with it. The commonest stand last.
_LOOK = (
    '"},"versions":{"summarizer":"0.1.0","prompt":"","claims_schema":"","brief_schema":""},'
    '"run":{"created":"","seconds":{},"tokens_read":,"tokens_written":,"warnings":[]}}'
    '"conflicts":[],"updates":[],"article_ids":["","left_out":[],"origins":2,"known":0,'
    '"memory":{"id":"","status":"developing","first_told":"20","last_told":"20","digests":'
    '{"kind":"number","first":{"fact_id":"","second":{"earlier":{"later":{"value":"","mark":null'
    '"publisher":null,"author":null,"published":"20","language":"en","text":"'
    '"number":,"origin":1,"writer":"extractive"},{"article_id":"","source":"https://www.","title":"'
    '"rejected":[{"claim":{"reason":"not_entailed","detail":" is not in the evidence","nearest":'
    '"nearest":null,"score":0.0},"failure":"","tokens_read":,"tokens_written":,"dropped":0,'
    '"refines":[],"origins":1,"change":null},"change":{"kind":"changed","before":{"after":{'
    '{"id":"","text":"","claims":[{"claim":{"article_id":"","headline":"","supported":[{"claim":{'
    '"score":0.9,"checks":["schema","evidence","numbers","dates","names","negation","entailment"]},'
    '"],"refines":[],"origins":1,"change":null}'
    '"sentences":[{"start":0,"end":1},{"start":2,"end":3},{"start":1'
    '{"claim":{"article_id":"","text":"","offered":[1],"writer":"model"},"evidence":[{'
    '"article_id":"","sentence_ids":[1],"start":1,"end":2,"quote":"'
).encode()


class Unreadable(Exception):
    """A blob is damaged, or was written by a newer version."""


def pack(text: str, near: str = "") -> bytes:
    """Compress JSON; `near`, which unpack needs again, is text that it shares much with."""
    maker = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zdict=_dictionary(near))
    return _FORMAT + maker.compress(text.encode("utf-8")) + maker.flush()


def unpack(blob: bytes, near: str = "") -> str:
    """Return the JSON of a blob.

    Raises:
        Unreadable: see there.
    """
    if blob[:1] != _FORMAT:
        raise Unreadable("of an unknown format")
    reader = zlib.decompressobj(zdict=_dictionary(near))
    try:
        text = (reader.decompress(blob[1:]) + reader.flush()).decode("utf-8")
    except (zlib.error, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    if not reader.eof:
        raise Unreadable("cut short")
    return text


def _dictionary(near: str) -> bytes:
    return near.encode("utf-8")[-(_WINDOW - 512 - len(_LOOK)) :] + _LOOK
