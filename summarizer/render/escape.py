"""Make the text of articles harmless where it is shown: in a terminal and in Markdown."""

from __future__ import annotations

import re
import unicodedata

# ECMA-48: CSI sequences, OSC/DCS/PM/APC strings with their end, any other escape sequence. The
# one-character forms (0x80-0x9f) only lose that character: old encodings have letters there.
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
)
# Letters and marks by category that show nothing: fillers, joiners, blanks.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_NOT_SHOWN = frozenset({"Cc", "Cf"})  # control; format: bidi, zero width, tags, soft hyphen
# Marks on one letter: no script needs more, and piles of them cover the lines around and stop the
# browser, whose time for them is quadratic.
_MOST_MARKS = 8
_MAY_BE_MARKS = re.compile(rf"[\u0300-\U0010ffff]{{{_MOST_MARKS + 1}}}")

# GitHub's dialect links a mail address whatever is escaped in it; only code stays as it is.
# The look-behind keeps the time linear: a run of such characters is tried once.
_MAIL = r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]*\.[A-Za-z0-9._-]*"
_MARKDOWN_ACTIVE = re.compile(
    rf"(?P<mail>{_MAIL})"
    r"|[\\`*_{}\[\]#|~$^@]"  # wherever they stand
    r"|(?<=[A-Za-z]):(?=\S)"  # http://, mailto:, javascript:, but not 10:30
    r"|(?<![A-Za-z]:)/(?=/)"  # //example.com
    r"|(?<=[wW]{3})\."  # www.example.com
    r"|(?<=\w)\.(?=[^\W\d_]{2})"  # example.com, but neither 3.5 nor U.S.
    r"|^[-+=:%]"  # list, rule, heading underline, definition
    r"|^\d{1,9}[.)](?= |$)"  # a numbered list
    r"|&(?=[#A-Za-z])|[<>]"
)
# Entities rather than backslashes: they stay text where the file is taken for HTML.
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def clean(text: str, *, limit: int | None = None) -> str:
    """Return `text` as one line of visible characters.

    Terminal escape sequences, control, bidirectional and zero-width characters go; every run
    of white space becomes one space; what is longer than `limit` characters is cut and ends
    in an ellipsis. Of a pile of marks on one letter the first eight stay.
    """
    if not text.isprintable() or not _INVISIBLE.isdisjoint(text):  # most text has nothing to lose
        text = "".join(_shown(character) for character in _ESCAPE_SEQUENCE.sub("", text))
    if _MAY_BE_MARKS.search(text):
        text = _with_few_marks(text)
    line = " ".join(text.split())
    if line and not line[0].isascii() and all(_adds_nothing(character) for character in line):
        return ""
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def _adds_nothing(character: str) -> bool:
    """Tell whether a character is seen only on another one, as marks and variation selectors."""
    return unicodedata.category(character)[0] in "MZ"


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"  # half a surrogate pair cannot be written as UTF-8
    return "" if category in _NOT_SHOWN or character in _INVISIBLE else character


def escape(text: str, *, limit: int | None = None) -> str:
    """Return `text` as Markdown that shows exactly clean(text) and nothing else.

    Holds at the start of a line as well as inside one, for CommonMark and GitHub's dialect:
    no emphasis, code, link, image, autolink, HTML, heading, list, quote or table comes of it.
    """
    return _MARKDOWN_ACTIVE.sub(_escaped, clean(text, limit=limit))


def marked(text: str, start: int, end: int, *, limit: int | None = None) -> tuple[str, str, str]:
    """Return clean(text) in three pieces: what is before, inside and after `text[start:end]`.

    The pieces joined are clean(text, limit=limit). Where nothing visible is marked, or the cut
    falls inside an escape sequence or into what is over the limit, all is in the first piece.
    """
    whole = clean(text, limit=limit)
    before, inside, after = clean(text[:start]), clean(text[start:end]), clean(text[end:])
    left = _gap(text[:start], text[start:end]) if before else ""
    right = _gap(text[start:end], text[end:]) if after else ""
    head, rest = before + left, after and right + after
    if not 0 <= start < end <= len(text) or not inside or head + inside + rest != clean(text):
        return whole, "", ""
    if whole != head + inside + rest:
        if not whole.startswith(head + inside):
            return whole, "", ""
        rest = whole[len(head + inside) :]
    return head, inside, rest


def _gap(left: str, right: str) -> str:
    """Return the space that clean() leaves between two neighbouring pieces of a text."""
    return " " if left[-1:].isspace() or right[:1].isspace() else ""


def escape_marked(text: str, start: int, end: int, *, limit: int | None = None) -> str:
    """Return what escape(text) returns, with `text[start:end]` in bold.

    To stand after a space or punctuation, and before it. What Markdown cannot set in bold, as it
    begins or ends amid letters at a punctuation mark, is widened to the next space.
    """
    before, inside, after = marked(text, start, end, limit=limit)
    if not inside:
        return escape(text, limit=limit)
    if not _turns(before[-1:], _pieced(inside)[0]):
        joined = before.rpartition(" ")[2]
        before, inside = before[: len(before) - len(joined)], joined + inside
    if not _turns(after[:1], _pieced(inside)[-1]):
        joined = after.partition(" ")[0]
        inside, after = inside + joined, after[len(joined) :]
    return f"{_pieced(before)}**{_pieced(inside)}**{_pieced(after)}"


def _turns(outside: str, inside: str) -> bool:
    """Tell whether bold can begin or end between these two characters of the Markdown.

    These are CommonMark's flanking rules. Its versions differ in whether a symbol is punctuation:
    here it never is where that would help.
    """
    if not outside or outside == " " or unicodedata.category(outside).startswith("P"):
        return True
    return unicodedata.category(inside)[0] not in "PS"


def _pieced(text: str) -> str:
    """Escape a piece of a cleaned line and keep the spaces around it."""
    body = text.strip(" ")
    if not body:
        return text
    left, right = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{left}{escape(body)}{right}"


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    if match["mail"]:
        return f"`{found}`"
    if found in _ENTITIES:
        return _ENTITIES[found]
    return f"{found[:-1]}\\{found[-1]}"


def code_span(text: str) -> str:
    """Return `text` as Markdown code: paths and checksums stay readable in the raw file."""
    line = clean(text)
    if not line or any(character in line for character in "`<{"):
        return escape(line)
    return f"`{line}`"
