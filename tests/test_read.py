import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import Article, SkippedArticle, SkipReason
from summarizer.errors import ArticleError, ConfigError
from summarizer.read import article_from_text, content, files, read_article, read_articles
from summarizer.read.clean import clean_text, text_id

BODY = (
    "The council of Wexcombe decided on Monday that the old bridge over the river Arle will be "
    "repaired next spring. It has been closed since a lorry struck its railing in January.\n\n"
    "The work is to cost 2.4 million pounds and take four months, the town's engineer, Mara Quill, "
    "said after the meeting. Until then buses go the long way round by the mill."
)
SENTENCES = [
    "The council of Wexcombe decided on Monday that the old bridge over the river Arle will be "
    "repaired next spring.",
    "It has been closed since a lorry struck its railing in January.",
    "The work is to cost 2.4 million pounds and take four months, the town's engineer, Mara Quill, "
    "said after the meeting.",
    "Until then buses go the long way round by the mill.",
]
EXAMPLES = Path(__file__).parents[1] / "examples" / "articles"
SHARED = Path(__file__).parents[2] / "shared" / "articles"


def sentence_texts(article: Article) -> list[str]:
    return [article.sentence_text(number + 1) for number in range(len(article.sentences))]


def skipped(results) -> dict[str, SkipReason]:
    return {one.source: one.reason for one in results if isinstance(one, SkippedArticle)}


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("Bridge to open again", "title", "Bridge to open again"),
        (" date 2024-01-19 Bridge to open again", "title", "Bridge to open again"),
        (" date 2024-01-19 Bridge to open again", "published", dt.date(2024, 1, 19)),
        ("Title: Bridge to open again\nDate: January 19, 2024", "published", dt.date(2024, 1, 19)),
        ("Bridge to open\nPublished: 2024-01-19", "published", dt.date(2024, 1, 19)),
        ("Bridge to open\nPublished on 19 Jan. 2024", "published", dt.date(2024, 1, 19)),
        ("Bridge to open\nPublished: 02/03/2024", "published", None),  # two readings
        ("Bridge to open\nThe Arle Post, January 19, 2024", "published", dt.date(2024, 1, 19)),
        ("Bridge to open\nThe Arle Post, January 19, 2024", "publisher", "The Arle Post"),
        ("Bridge to open\nSource: Arle Wire", "publisher", "Arle Wire"),
        ("Bridge to open\nBy Jo Harrow | Wexcombe", "author", "Jo Harrow"),
        ("Bridge to open\n", "publisher", None),
        ("Is the bridge to open again?", "title", "Is the bridge to open again?"),
        ("Image created by AI", "title", "The council of Wexcombe decided on Monday that the old "
         "bridge over the river Arle will be repaired…"),
    ],
)  # fmt: skip
def test_article_from_text_reads_the_lines_before_the_first_paragraph(head, field, value):
    article = article_from_text(f"{head}\n\n{BODY}", source="a.txt")
    assert getattr(article, field) == value
    assert sentence_texts(article) == SENTENCES
    assert article.text == clean_text(f"{head}\n\n{BODY}")


def test_article_from_text_believes_its_arguments_before_the_text():
    article = article_from_text(
        f"The Arle Post, 1 May 2020\n\n{BODY}\n\n© 2020 The Wrong Paper. All rights reserved.",
        source="a.txt",
        title="Bridge",
        publisher="The Right Paper",
        author="Jo Harrow",
        published=dt.date(2024, 1, 19),
        language="de-AT",
    )
    assert (article.title, article.publisher, article.author) == (
        "Bridge",
        "The Right Paper",
        "Jo Harrow",
    )
    assert (article.published, article.language) == (dt.date(2024, 1, 19), "de")
    assert sentence_texts(article) == SENTENCES


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("© The Arle Daily(www.arle.example). All rights reserved.", "The Arle Daily"),
        ("Copyright © 2017-2019 by Arle Media Inc. - All rights reserved.", "Arle Media Inc"),
        ("(c) 2020 Arle Wire", "Arle Wire"),
        ("All rights reserved.", None),
    ],
)
def test_publisher_comes_from_the_copyright_line(line, publisher):
    article = article_from_text(f"{BODY}\n{line}", source="a.txt")
    assert article.publisher == publisher
    assert sentence_texts(article) == SENTENCES


def test_a_dateline_gives_agency_and_date_and_is_not_part_of_the_sentence():
    article = article_from_text(f"WEXCOMBE, Jan. 19, 2024 (AP) - {BODY}", source="a.txt")
    assert (article.publisher, article.published) == ("Associated Press", dt.date(2024, 1, 19))
    assert sentence_texts(article) == SENTENCES


@pytest.mark.parametrize(
    ("name", "date"),
    [("x-2024-01-19.txt", dt.date(2024, 1, 19)), ("20240119_a.txt", dt.date(2024, 1, 19)),
     ("000_9c20240119af.txt", None), ("2024-13-45.txt", None)],
)  # fmt: skip
def test_the_file_name_may_hold_the_date_as_a_last_resort(name, date):
    assert article_from_text(BODY, source=f"folder/{name}").published == date


@pytest.mark.parametrize(
    ("text", "language"),
    [(BODY, "en"), ("Der Rat der Stadt hat am Montag beschlossen, die Brücke im Frühjahr zu "
      "reparieren. Sie ist seit Januar gesperrt, weil ein Lastwagen sie beschädigt hat.", None)],
)  # fmt: skip
def test_language_is_english_or_unknown_where_nothing_names_it(text, language):
    assert article_from_text(text, source="a.txt").language == language


def test_a_text_that_is_all_headings_has_sentences_still():
    assert sentence_texts(article_from_text("Bridge to Open", source="a.txt")) == ["Bridge to Open"]


@pytest.mark.parametrize("text", ["", " \n\u200b\x00", "--- *** ..."])
def test_article_from_text_refuses_a_text_without_words(text):
    with pytest.raises(ArticleError) as caught:
        article_from_text(text, source="a.txt")
    assert caught.value.reason is SkipReason.EMPTY


@pytest.mark.parametrize("text", ["word " * 500_000, "a\n" * 30_000, "Yes. " * 30_000])
def test_article_from_text_refuses_what_is_too_long_for_any_article(text):
    with pytest.raises(ArticleError) as caught:
        article_from_text(text, source="a.txt")
    assert caught.value.reason is SkipReason.TOO_LARGE


@given(st.text(st.characters()), st.none() | st.text(st.characters()))
def test_article_from_text_makes_an_article_of_any_words(text, title):
    try:
        article = article_from_text(text, source="a.txt", title=title)
    except ArticleError as error:
        assert error.reason is SkipReason.EMPTY
        return
    assert article.id == text_id(article.text)
    assert article.title
    assert article.sentences
    last = 0
    for sentence in article.sentences:
        piece = article.text[sentence.start : sentence.end]
        assert last <= sentence.start
        assert piece == piece.strip() != ""
        last = sentence.end
    assert article == article_from_text(text, source="a.txt", title=title)
    assert Article.model_validate_json(article.model_dump_json()) == article


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", SkipReason.EMPTY),
        ("a.txt", b" \n\n ", SkipReason.EMPTY),
        ("a.txt", b"A headline", SkipReason.TOO_SHORT),
        ("a.txt", b"word " * 60, SkipReason.TOO_SHORT),  # one sentence
        ("a.md", b"---\ntitle: x\n---\n", SkipReason.EMPTY),
        ("a.txt", b"%PDF-1.4", SkipReason.BINARY),
        ("a.md", b"ab\x00cd", SkipReason.BINARY),
        ("a.html", b"\x89PNG\r\n\x1a\n", SkipReason.BINARY),
        ("a.pdf", b"%PDF-1.4 broken", SkipReason.UNREADABLE),
        ("a.pdf", b"words", SkipReason.UNREADABLE),
        ("a.docx", b"words", SkipReason.UNSUPPORTED_TYPE),
        ("README", b"words", SkipReason.UNSUPPORTED_TYPE),
    ],
)
def test_a_file_that_is_no_article_is_skipped_with_its_reason(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    assert skipped(read_articles([tmp_path])) == {name: reason}
    with pytest.raises(ArticleError) as caught:
        read_article(tmp_path / name)
    assert caught.value.reason is reason
    assert str(tmp_path) not in str(caught.value)


def test_a_file_over_the_limit_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10_000)
    (tmp_path / "a.txt").write_text("The council met. " * 1000)
    assert skipped(read_articles([tmp_path])) == {"a.txt": SkipReason.TOO_LARGE}


def test_an_exception_of_a_parser_costs_one_file_only(tmp_path, monkeypatch):
    def fail(data, source):
        raise RecursionError("deep")

    monkeypatch.setitem(content.READERS, ".html", fail)
    (tmp_path / "a.html").write_text("<p>x")
    (tmp_path / "b.txt").write_text(BODY)
    results = list(read_articles([tmp_path]))
    assert skipped(results) == {"a.html": SkipReason.UNREADABLE}
    assert [one.source for one in results] == ["a.html", "b.txt"]


def test_folders_are_read_recursively_sorted_and_without_hidden_files(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/y.txt", ".hidden.txt", ".git/x.txt", "c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{BODY} {path.stem * 2} is named.")
    assert [one.source for one in read_articles([tmp_path])] == [
        "a/y.txt",
        "a/z.txt",
        "b.txt",
        "c.txt",
    ]
    assert [one.source for one in read_articles([tmp_path / "c.txt", tmp_path / "a"])] == [
        "c.txt",
        "y.txt",
        "z.txt",
    ]


def test_the_same_text_twice_is_one_article(tmp_path):
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf" + BODY.replace("\n", "\r\n").encode())
    article, other = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert isinstance(other, SkippedArticle)
    assert (other.source, other.reason) == ("b.txt", SkipReason.DUPLICATE)
    assert "a.txt" in other.detail


def test_a_path_that_does_not_exist_is_an_error_before_anything_is_read(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        read_articles([tmp_path, tmp_path / "nowhere"])


def test_links_pipes_and_devices_do_not_stop_the_run(tmp_path):
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.txt")
    results = list(read_articles([tmp_path]))
    assert skipped(results) == dict.fromkeys(
        ("broken.txt", "device.txt", "loop", "pipe.txt", "self.txt"), SkipReason.UNREADABLE
    )
    assert len(results) == 6
    assert str(tmp_path) not in str(results)


def test_a_file_or_folder_that_may_not_be_read_is_skipped(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked.txt").write_text(BODY)
    listed, opened, is_dir = Path.iterdir, Path.open, Path.is_dir

    def refuse(original):  # the tests may run as root, whom no permission stops
        def method(self, *arguments):
            if self.name == "locked.txt" or (self.name == "locked" and original is not is_dir):
                raise PermissionError(13, "Permission denied", str(self))
            return original(self, *arguments)

        return method

    monkeypatch.setattr(Path, "iterdir", refuse(listed))
    monkeypatch.setattr(Path, "open", refuse(opened))
    monkeypatch.setattr(Path, "is_dir", refuse(is_dir))
    results = list(read_articles([tmp_path]))
    assert skipped(results) == dict.fromkeys(("locked", "locked.txt"), SkipReason.UNREADABLE)
    assert str(tmp_path) not in str(results)


def test_folders_nested_very_deep_do_not_stop_the_run(tmp_path):
    (tmp_path / "z.txt").write_text(BODY)
    tmp_path.joinpath(*["d"] * 120).mkdir(parents=True)
    deep, article = read_articles([tmp_path])
    assert isinstance(deep, SkippedArticle)
    assert (deep.reason, article.source) == (SkipReason.UNREADABLE, "z.txt")


def test_file_names_are_made_safe_to_show(tmp_path):
    path = os.fsencode(tmp_path) + b"/a\xff\n\x1b.txt"
    with open(path, "w") as file:  # noqa: PTH123 - pathlib takes no bytes
        file.write(BODY)
    (article,) = read_articles([tmp_path])
    assert article.source == "a\ufffd\ufffd\ufffd.txt"
    article.model_dump_json()


def test_the_examples_are_read_as_meant():
    results = list(read_articles([EXAMPLES]))
    articles = [one for one in results if isinstance(one, Article)]
    assert set(skipped(results).values()) == {SkipReason.EMPTY}
    assert {Path(one.source).suffix for one in articles} == {".txt", ".md", ".html", ".pdf"}
    for article in articles:
        assert article.language == "en", article.source
        assert article.published, article.source
        assert article.title[0].isupper(), article.source
        assert all(len(text) > 3 for text in sentence_texts(article))


# The first words of sentences that must be there, and of lines that must not.
SHARED_LINES = {
    "000": (13, "The Asia Business Daily", None, ["Hot Picks", '"Stocks', "- ", "©", "Busy"]),
    "001": (13, None, None, ["Share This", "Leave a", "Meta vs"]),
    "002": (14, None, None, ["See Also", "Read Also", "•", "Nvidia’s Potential"]),
    "003": (23, None, None, ["Image created"]),
    "004": (16, None, dt.date(2024, 1, 19), ["date", "Meta’s March", "Mark Zuckerberg Aligns"]),
}  # fmt: skip


@pytest.mark.shared
def test_the_shared_articles_have_the_sentences_that_a_reader_counts():
    if not SHARED.exists():
        pytest.skip("../shared/articles is not beside the checkout")
    articles = {one.source[:3]: one for one in read_articles([SHARED]) if isinstance(one, Article)}
    assert articles.keys() == SHARED_LINES.keys()
    for name, (count, publisher, published, absent) in SHARED_LINES.items():
        article = articles[name]
        texts = sentence_texts(article)
        assert (len(texts), article.publisher, article.published) == (count, publisher, published)
        assert all(text[-1] in '."' for text in texts)
        assert not [text for text in texts if text.startswith(tuple(absent))]
    assert articles["004"].title.startswith("Mark Zuckerberg Aligns")
    assert articles["000"].title.startswith('"Chasing OpenAI"... Meta')
