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
    b'"},"versions":{"summarizer":"0.1.0","prompt":"","claims_schema":"","brief_schema":""},'
    b'"run":{"created":"","seconds":{},"tokens_read":,"tokens_written":,"warnings":[]}}'
    b'"conflicts":[],"updates":[],"article_ids":["","left_out":[],"origins":2,"known":0,'
    b'"memory":{"id":"","status":"developing","first_told":"20","last_told":"20","digests":'
    b'{"kind":"number","first":{"fact_id":"","second":{"earlier":{"later":{"value":"","mark":null'
    b'"publisher":null,"author":null,"published":"20","language":"en","text":"'
    b'"number":,"origin":1,"writer":"extractive"},{"article_id":"","source":"https://www.","title":"'
    b'"rejected":[{"claim":{"reason":"not_entailed","detail":" is not in the evidence","nearest":'
    b'"nearest":null,"score":0.0},"failure":"","tokens_read":,"tokens_written":,"dropped":0,'
    b'"refines":[],"origins":1,"change":null},"change":{"kind":"changed","before":{"after":{'
    b'{"id":"","text":"","claims":[{"claim":{"article_id":"","headline":"","supported":[{"claim":{'
    b'"score":0.9,"checks":["schema","evidence","numbers","dates","names","negation","entailment"]},'
    b'"],"refines":[],"origins":1,"change":null}'
    b'"sentences":[{"start":0,"end":1},{"start":2,"end":3},{"start":1'
    b'{"claim":{"article_id":"","text":"","offered":[1],"writer":"model"},"evidence":[{'
    b'"article_id":"","sentence_ids":[1],"start":1,"end":2,"quote":"'
)


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
