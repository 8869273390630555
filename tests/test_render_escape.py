from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.render.escape import clean, code_span, escape, escape_marked, marked

# What GitHub's dialect makes a link of without being asked, as its renderer finds it in the source
# outside code. (Measured once against cmark-gfm and markdown-it with linkify; see decisions.md.)
AUTOLINK = re.compile(
    r"(?i)(?:https?|ftp|mailto|xmpp|javascript):(?=\S)|www\.|(?<![:\\])//|[a-z0-9._+-]@[a-z0-9_-]*\.[a-z]"
)
CODE = re.compile(r"`[^`]+`")

# Pieces that mean something to a Markdown reader, a browser or a terminal.
PIECES = st.sampled_from(
    [
        *"\\`*_{}[]()#+-.!|<>~&:$^=@\"'%/ \n\t\r",
        *("![", "](", "<b>", "</a>", "&lt;", "&#60;", "http://a.bc", "www.a.bc", "x@y.zz"),
        *(
            "1.",
            "1)",
            "12345678901.",
            "- ",
            "# ",
            "> ",
            "```",
            "~~~",
            "---",
            "===",
            "* * *",
            "    ",
        ),
        *("[a]: b", "[^1]", "[ ]", "| a |", "|-|", "<!--", "-->", "<?", "]]>", "\\\n", "  \n"),
        *("\x1b[31m", "\x1b]0;t\x07", "\x07", "\x00", "\u202e", "\u200b", "\ufeff", "\u2028"),
        *("a", "B", "7", "é", "한", "“", "…", "👍", "\U000e0041"),
    ]
)
HOSTILE = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


def parse(markdown: str) -> list[Token]:
    """Parse with every rule of markdown-it on, and the extensions of GitHub that it has."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def plain(tokens: list[Token]) -> str:
    """Return the text of inline tokens."""
    return "".join(
        child.content for token in tokens for child in (token.children or []) if token.children
    )


def kinds(tokens: list[Token]) -> set[str]:
    """Return the types of tokens and of their children."""
    return {t.type for token in tokens for t in (token, *(token.children or []))}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\r\n\tand  spaces ", "two lines and spaces"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1bcreset \x1b(0", "reset"),
        ("\x9b31mC1", "31mC1"),
        ("be\x07ll and nul\x00", "bell and nul"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("ze\u200bro\u200d wid\ufeffth\u2060", "zero width"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("line\u2028separator", "line separator"),
        ("no\xa0break", "no break"),
        ("half \ud83d", "half \ufffd"),
        ("Zürich, 서울, 👍🏽", "Zürich, 서울, 👍🏽"),
        ("", ""),
    ],
)
def test_clean_leaves_one_line_of_visible_characters(text, shown):
    assert clean(text) == shown


def test_clean_cuts_what_is_longer_than_its_limit():
    assert clean("a" * 10, limit=10) == "a" * 10
    assert clean("a" * 11, limit=10) == "a" * 9 + "…"


@pytest.mark.parametrize("size", [10_000, 100_000])
@pytest.mark.parametrize(
    "piece", ["\x1b]", "\x1b[", "\x1b[1;", "\u202e", "[", "1.", "a", "a@", "-"]
)
@pytest.mark.timeout(20)
def test_escape_takes_linear_time_on_repeated_pieces(piece, size):
    escape(piece * (size // len(piece)))


@pytest.mark.parametrize(
    "text",
    [
        "It cost $3.5 billion (up 4%), at 10:30 a.m. in the U.S.; “fine”, she said - twice.",
        "AT&T and R & D: 2024-07-23, 50/50, C+ = ok; what's new?",
    ],
)
def test_escape_leaves_plain_news_readable(text):
    assert len(escape(text)) - len(text) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "[click](http://evil.example)",
        "![img](http://evil.example/x.png)",
        "[click]: http://evil.example 'title'",
        "<http://evil.example>",
        "http://evil.example and www.evil.example or joe@evil.example",
        "<script>alert(1)</script>",
        "<!-- comment -->",
        "&lt;b&gt; &#60; &amp; &copy;",
        "# heading",
        "setext\n===",
        "---",
        "***",
        "- item",
        "+ item",
        "1. item",
        "1) item",
        "> quote",
        "```code```",
        "~~~",
        "    indented",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "*em* _em_ **strong** `code` ~~gone~~",
        "snake_case_name and 2*3*4",
        "ends with a backslash \\",
        "C# #",
        "trailing spaces  \nnext",
        "[1:s1] and [^1]",
        "{{ liquid }} {% raw %} {: .class}",
        "$\\href{javascript:alert(1)}{x}$",
    ],
)
@pytest.mark.parametrize("before", ["", "- ", "## 1. ", "> - “", "  - number: "])
def test_hostile_text_is_shown_as_it_is_and_makes_no_markup(text, before):
    tokens = parse(before + escape(text) + "\n\n[1:s1]: #source-1\n")
    expected = parse(before + "x\n")
    mail = {"code_inline"} if "@evil" in text else set()
    assert kinds(tokens) <= kinds(expected) | {"text"} | mail
    prefix = plain(expected).removesuffix("x")
    assert plain(tokens) == (prefix + clean(text)).strip()


@given(HOSTILE, st.sampled_from(["", "- ", "# ", "> ", "“", "**"]))
@example("1.", "")
@example("-", "- ")
@example("#", "# ")
@example("\\", "**")
def test_any_text_is_shown_as_it_is(text, before):
    after = "**" if before == "**" else ""
    if not clean(text):
        return
    tokens = parse(f"{before}{escape(text)}{after}")
    allowed = kinds(parse(f"{before}x{after}")) | {"text", "code_inline"}
    assert kinds(tokens) <= allowed
    prefix = "“" if before == "“" else ""
    assert plain(tokens) == prefix + clean(text)


@given(HOSTILE)
@example("http://a.b, www.a.b, WWW.a.b")
@example("//a.b")
@example("xmpp:a@b.c mailto:é.a@b.c")
@example("/`/")
def test_escaped_text_holds_nothing_that_links_itself(text):
    source = escape(text)
    # An escaped backslash is no escape, an escaped backtick opens no code.
    bare = source.replace("\\\\", "´").replace("\\`", "´")
    assert not AUTOLINK.search(CODE.sub(" ", bare))
    assert "<" not in source
    assert "\n" not in source


@given(HOSTILE)
@example("a`b")
@example(" `` ")
@example("C:\\x_y*z.txt")
def test_code_span_shows_any_path_as_it_is(text):
    if not clean(text):
        return
    tokens = parse("- at " + code_span(text) + " end")
    assert kinds(tokens) <= kinds(parse("- at `x` end"))
    assert plain(tokens) == f"at {clean(text)} end"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Write to joe.b@paper.example now", "Write to `joe.b@paper.example` now"),
        ("@velmora said", "\\@velmora said"),
        ("five @ six", "five \\@ six"),
    ],
)
def test_a_mail_address_is_shown_as_code_and_links_nowhere(text, source):
    assert escape(text) == source


def test_code_span_keeps_a_plain_path_readable():
    assert code_span("articles/a_b*c.txt") == "`articles/a_b*c.txt`"


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, int, int]:
    """Draw a text and the two ends of a mark in it."""
    pieces = [draw(HOSTILE) for _ in range(3)]
    start = len(pieces[0])
    return "".join(pieces), start, start + len(pieces[1])


@given(marked_texts(), st.sampled_from([None, 3, 12]))
@example(("cost€340m, he said", 4, 9), None)
@example(("x(5)y", 1, 4), None)
@example(("xjoe@a.bc", 1, 9), None)
@example(("www.evil.example", 3, 8), None)
@example(("http://evil.example", 4, 19), None)
@example(("a*b*c", 1, 4), None)
@example(("back\\slash", 3, 5), None)
def test_a_marked_text_is_shown_as_it_is_with_one_run_of_bold(case, limit):
    text, start, end = case
    pieces = marked(text, start, end, limit=limit)
    assert "".join(pieces) == clean(text, limit=limit)
    if not clean(text):
        return
    source = f"- “{escape_marked(text, start, end, limit=limit)}” end"
    tokens = parse(source)
    assert plain(tokens) == f"“{clean(text, limit=limit)}” end"
    bold = {"strong_open", "strong_close"} if pieces[1] else set()
    assert kinds(tokens) <= kinds(parse("- “x” end")) | {"text", "code_inline"} | bold
    assert source.count("**") >= len(bold)
    opened = [c for t in tokens for c in (t.children or []) if c.type == "strong_open"]
    assert len(opened) == bool(pieces[1])


@given(marked_texts())
@example(("http://evil.example", 4, 19))
@example(("joe@evil.example", 4, 16))
def test_a_marked_text_links_nowhere(case):
    source = escape_marked(*case)
    bare = source.replace("\\\\", "´").replace("\\`", "´")
    assert not AUTOLINK.search(CODE.sub(" ", bare))
    assert "<" not in source
    assert "\n" not in source


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("It cost 340 million.", 8, 19, "It cost **340 million**."),
        ("It cost 340 million.", 7, 20, "It cost **340 million.**"),
        ("cost€(340)m", 4, 10, "**cost€(340)m**"),
        ("a [b](c) d", 2, 5, "a **\\[b\\]**(c) d"),
        ("plain", 0, 0, "plain"),
        ("plain", 3, 1, "plain"),
        ("plain", 3, 9, "plain"),
        ("plain", -3, 2, "plain"),
        ("a \u200b b", 2, 3, "a b"),
    ],
)
def test_what_is_marked_is_bold(text, start, end, shown):
    assert escape_marked(text, start, end) == shown


def test_a_mark_over_the_limit_is_no_mark():
    assert escape_marked("one two three four", 8, 13, limit=10) == "one two t…"
    assert escape_marked("one two three four", 4, 7, limit=10) == "one **two** t…"
