"""Hostile text, and a reader of pages that keeps what is in them."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.test_render_markdown import HOSTILE as HOSTILE_MARKDOWN

_VOID = frozenset({"meta", "link", "input"})

HOSTILE = [
    *HOSTILE_MARKDOWN,
    "<script>alert(1)</script>",
    "</title></style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "<!-- --><svg/onload=alert(1)>",
    "&lt;script&gt;&#60;b&#62;&amp;",
    "{{ 7 * 7 }}{% for x in y %}{# #}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u202egnp.exe\u202c\u2066x\u2069\u200b\ufeff",
    "\x00\x08\x1b]8;;http://evil.example\x07link",
]


class Page(HTMLParser):
    """Reads a page and keeps its outline, its links and its text; refuses what does not close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.outline: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outline.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.text.append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [str(value) for t, name, value in self.attributes if (t, name) == (tag, attribute)]

    @property
    def shown(self) -> str:
        return " ".join("".join(self.text).split())
