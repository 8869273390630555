"""Articles of bytes that came over the network, and the files that a folder has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import SkippedArticle, SkipReason
from summarizer.errors import ArticleError
from summarizer.files import write_own
from summarizer.read import Kind, article_from_bytes, find_files, read_article

BODY = (
    "The café of Wexcombe will open again next spring, the council decided on Monday. It has been "
    "closed since a lorry struck its wall in January. The work is to cost 2.4 million pounds and "
    "take four months, the town's engineer, Mara Quill, said after the meeting."
)
PAGE = f"<html><head>{{}}</head><body><p>{BODY}</p></body></html>"


@pytest.mark.parametrize(
    ("kind", "text", "suffix"),
    [("html", PAGE, "html"), ("text", BODY, "txt"), ("markdown", f"# Open\n\n{BODY}", "md")],
)
def test_bytes_become_the_article_that_a_file_of_them_is(tmp_path, kind: Kind, text, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_text(text, "utf-8")
    article = article_from_bytes(text.encode(), source=f"a.{suffix}", kind=kind)
    assert article == read_article(path)


def test_what_is_given_stands_where_the_page_says_nothing():
    given: dict[str, Any] = {
        "title": "Given",
        "publisher": "The Feed",
        "published": dt.date(2031, 5, 6),
    }
    article = article_from_bytes(PAGE.encode(), source="http://h/a", kind="html", **given)
    assert (article.title, article.publisher) == ("Given", "The Feed")
    assert article.published == dt.date(2031, 5, 6)
    head = '<title>Own title</title><meta name="date" content="2031-05-05">'
    own = article_from_bytes(PAGE.format(head).encode(), source="x", kind="html", **given)
    assert (own.title, own.published) == ("Own title", dt.date(2031, 5, 5))


@pytest.mark.parametrize(
    ("stored", "declared"),
    [("cp1252", "iso-8859-1"), ("utf-8", "iso-8859-1"), ("utf-8", "nonsense"), ("cp1252", "utf-8")],
)
def test_declared_encodings_are_believed_where_they_can_be_true(stored, declared):
    data = PAGE.encode(stored)
    article = article_from_bytes(data, source="x", kind="html", encoding=declared)
    assert "café" in article.text


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b" \n", "html", SkipReason.EMPTY),
        (b"<p>Short.</p>", "html", SkipReason.TOO_SHORT),
        (b"\x89PNG\r\n\x1a\n", "html", SkipReason.BINARY),
        (b"\x00" * 9, "text", SkipReason.BINARY),
        (b"no PDF", "pdf", SkipReason.UNREADABLE),
    ],
)
def test_bytes_that_are_no_article_say_why(data, kind: Kind, reason):
    for encoding in (None, "utf-8"):
        with pytest.raises(ArticleError) as caught:
            article_from_bytes(data, source="x", kind=kind, encoding=encoding)
        assert (caught.value.reason, caught.value.source) == (reason, "x")


@given(st.binary(max_size=300), st.sampled_from(["html", "text", "markdown", "pdf"]), st.text())
def test_odd_bytes_are_never_another_exception(data, kind: Kind, text):
    with pytest.raises(ArticleError):
        article_from_bytes(data, source="x", kind=kind, title=text, encoding=text)


def test_files_are_found_without_hidden_ones_and_our_own(tmp_path: Path):
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", "out/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY)
    write_own(tmp_path / "brief.md", BODY)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    found = list(find_files([tmp_path, tmp_path / "a.txt"], without=[tmp_path / "out"]))
    expected = [tmp_path / name for name in ("a.txt", "b.txt", "sub/c.txt")]
    assert found == [(path, tmp_path) for path in expected] + [(tmp_path / "a.txt", None)]


def test_folder_that_leads_back_to_itself_is_told(tmp_path: Path):
    (tmp_path / "loop").symlink_to(tmp_path)
    ((found, _),) = find_files([tmp_path])
    assert isinstance(found, SkippedArticle)
