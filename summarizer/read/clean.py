"""Bring text into the one form that offsets and hashes refer to."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Longer runs of marks on one letter are noise ("zalgo"), and normalising them takes quadratic
# time. 30 is the Stream-Safe Text Format's limit: unicode.org/reports/tr15 section 13.
_MAX_MARKS = 30

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")
_WRAP_WIDTHS = range(40, 121)  # characters; prose is wrapped by hand or mail at 60 to 100
_MIN_WRAPPED = 3  # full lines; fewer may be long headlines under one another
_LIST_MARKERS = ("- ", "* ", "• ")


def clean_text(text: str) -> str:
    r"""Return `text` in normal form: NFC, `\n` line ends, single spaces, nothing invisible.

    Lines lose the white space around them, paragraphs are parted by one empty line. Control
    characters, lone surrogates and format characters (zero-width, text direction, tags) go:
    they can hide words from a reader that a program sees. Cleaning twice changes nothing.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = text.translate(_replacements(text))
    text = unicodedata.normalize("NFC", _cap_marks(text))
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def text_id(text: str) -> str:
    """Return the article id of cleaned `text`: its SHA-256 as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def unwrap(text: str) -> str:
    """Join the lines of a paragraph where `text` was wrapped to a fixed width.

    A line is joined with the next where the next one's first word would not have fitted, which
    is how wrapping works; lists, headings and one-line paragraphs stay as they are.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if width not in _WRAP_WIDTHS:
        return text
    pairs = list(zip(lines, lines[1:], strict=False))
    full = [len(first) + 1 + len(second.split(" ", 1)[0]) > width for first, second in pairs]
    breaks = [bool(first and second) for first, second in pairs]
    wrapped = sum(map(all, zip(full, breaks, strict=True)))
    if wrapped < _MIN_WRAPPED or wrapped * 2 < sum(breaks):
        return text
    paragraphs = [[lines[0]]]
    for line, is_full, is_break in zip(lines[1:], full, breaks, strict=True):
        if is_full and is_break and not line.startswith(_LIST_MARKERS):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs)


def without_surrogates(text: str) -> str:
    """Return `text` without lone surrogates, which no record and no file can hold."""
    return text.encode("utf-8", errors="ignore").decode("utf-8")


def one_line(text: str) -> str:
    """Return `text` cleaned and on one line, as titles and names have to be."""
    return " ".join(clean_text(text).split())


def same_words(text: str) -> str:
    """Return the letters and digits of `text`, case folded: equal for lines that look alike."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _replacements(text: str) -> dict[int, str | None]:
    """Return what `str.translate` needs for the characters that occur in `text`."""
    table: dict[int, str | None] = {}
    for char in set(text):
        category = unicodedata.category(char)
        if category == "Zs" or char == "\t":
            table[ord(char)] = " "
        elif category in {"Cc", "Cf", "Cs"} and char != "\n":
            table[ord(char)] = None
    return table


def _cap_marks(text: str) -> str:
    """Cut runs of combining marks to `_MAX_MARKS`."""
    marks = "".join(sorted(char for char in set(text) if unicodedata.combining(char)))
    if not marks:
        return text
    found = re.escape(marks)
    return re.sub(f"([{found}]{{{_MAX_MARKS}}})[{found}]+", r"\1", text)
