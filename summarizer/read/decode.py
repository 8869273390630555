"""Turn the bytes of a text file into text, or say that they are no text."""

from __future__ import annotations

import codecs
import re

# Longer marks first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "gzip data",
    b"\x7fELF": "a program",
    b"GGUF": "a model file",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old office document",
}
_SNIFFED = 8192  # bytes looked at for signs of binary data
_MAX_CONTROL_SHARE = 0.02  # of the sniffed bytes; text has next to none
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# charset-normalizer takes French in cp1252 for Hungarian in cp1250: a text with these characters
# only, and few of them, is Western. Central European
# languages have more accented letters, and some that are none of these.
_WESTERN = frozenset(
    "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝŸ"
    "“”„‘’‚«»‹›–—…•·¿¡€£¥¢§°©®™½¼¾×±²ªº\u00a0\u00ad"
)
_MAX_ACCENTED_SHARE = 0.1
_DETECTED = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_15",
    "iso8859_2", "iso8859_5", "iso8859_7", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5",
    "euc_kr",
)  # fmt: skip
# A page may declare any of Python's codecs; some ("punycode") take quadratic time.
_KNOWN = frozenset({*_DETECTED, "utf_8", "utf_16", "utf_16_le", "utf_16_be", "cp949", "gbk"})


def binary_kind(data: bytes) -> str | None:
    """Say what kind of binary file `data` is, or None where it looks like text."""
    if any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return None
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    sample = data[:_SNIFFED]
    if b"\0" in sample:
        return "binary data (it has NUL bytes)"
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL_SHARE * len(sample):
        return "binary data (it is full of control characters)"
    return None


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Return `data` as text: by its byte order mark, as UTF-8, as declared, else as detected.

    UTF-8 comes before the declaration because saved pages are often stored anew and keep the
    old one. Never fails: at worst characters that no encoding explains become U+FFFD.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    for name in ("utf-8", declared):
        text = _strictly(data, name)
        if text is not None:
            return text
    return _detect(data)


def _strictly(data: bytes, encoding: str | None) -> str | None:
    """Return `data` decoded without any error, or None."""
    try:
        name = codecs.lookup(encoding or "").name.replace("-", "_")
    except (LookupError, ValueError):
        return None
    if name in {"iso8859_1", "ascii"}:
        name = "cp1252"  # as HTML's standard has it: browsers never meant the real Latin-1
    if name not in _KNOWN:
        return None
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import; most files are UTF-8

    western = _strictly(data, "cp1252")
    if western is not None and _reads_as_western(western):
        return western
    best = from_bytes(data, cp_isolation=list(_DETECTED)).best()
    if best is not None:
        return str(best)
    if western is not None:
        return western
    return data.decode("utf-8", errors="replace")


def _reads_as_western(text: str) -> bool:
    """Tell whether `text`, read as cp1252, has the characters of Western languages, and few."""
    letters = sum(map(str.isalpha, text))
    beyond = [char for char in text if char > "\x7f"]
    accented = sum(map(str.isalpha, beyond))
    return _WESTERN.issuperset(beyond) and accented <= _MAX_ACCENTED_SHARE * letters
