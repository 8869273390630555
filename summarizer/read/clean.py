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
_MIN_RUN_ON_SPACES = 3  # shorter lines are menus and lists
_OPEN_END = re.compile(r"[\w,]$")
_PLAIN_WORD = re.compile(r"[^A-Z ]+ ")
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
    """Join the lines of a paragraph that was cut into lines.

    A line is joined with the next where a sentence plainly runs on in lower case, and, in a
    text wrapped to a fixed width, where the next line's first word would not have fitted. Lists,
    headings and one-line paragraphs stay as they are.
    """
    lines = text.split("\n")
    pairs = list(zip(lines, lines[1:], strict=False))
    width = _wrap_width(lines, pairs)
    paragraphs = [[lines[0]]]
    for before, line in pairs:
        if (width and _is_full(before, line, width)) or _runs_on(before, line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs)


def _wrap_width(lines: list[str], pairs: list[tuple[str, str]]) -> int | None:
    """Return the width that the text was wrapped to, or None where it was not."""
    width = max(map(len, lines))
    if width not in _WRAP_WIDTHS:
        return None
    full = sum(_is_full(before, line, width) for before, line in pairs)
    breaks = sum(bool(before and line) for before, line in pairs)
    return width if full >= _MIN_WRAPPED and full * 2 >= breaks else None


def _is_full(before: str, line: str, width: int) -> bool:
    """Tell whether `line` had to begin because its first word did not fit on `before`."""
    fits = len(before) + 1 + len(line.split(" ", 1)[0]) <= width
    return bool(before and line) and not fits and not line.startswith(_LIST_MARKERS)


def _runs_on(before: str, line: str) -> bool:
    """Tell whether a sentence of `before` goes on in `line`; names like iPhone begin one too."""
    return (
        before.count(" ") >= _MIN_RUN_ON_SPACES
        and _OPEN_END.search(before) is not None
        and line[:1].islower()
        and _PLAIN_WORD.match(line) is not None
        and not before.startswith(_LIST_MARKERS)
    )


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
