import datetime as dt
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import SkipReason
from summarizer.errors import ArticleError
from summarizer.read.decode import binary_kind, decode
from summarizer.read.html import read_html
from summarizer.read.markdown import read_markdown
from summarizer.read.pdf import read_pdf
from summarizer.render import to_html, to_letter
from tests.conftest import make_brief

PARAGRAPHS = (
    "The council of Wexcombe decided on Monday that the old bridge over the river Arle will be "
    "repaired next spring. It has been closed since a lorry struck its railing in January.",
    "The work is to cost 2.4 million pounds and take four months, the town's engineer, Mara Quill, "
    "said after the meeting. Until then buses go the long way round by the mill.",
    "Shopkeepers in the lower town had asked for a temporary crossing. The council turned this "
    "down by nine votes to six, because it would have cost a third of the repair.",
)
PRICE = "Le café coûte 3 € – « trop cher », dit-elle. " * 5


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("café “x”".encode(), "café “x”"),
        ("café “x”".encode("utf-8-sig"), "café “x”"),
        ("café “x”".encode("utf-16"), "café “x”"),
        ("café".encode("utf-32"), "café"),
        (("A plain sentence of words. " * 9 + "The café’s “naïve” idea.").encode("cp1252"),
         "A plain sentence of words. " * 9 + "The café’s “naïve” idea."),
        (PRICE.encode("cp1252"), PRICE),
        (("Город решил отремонтировать мост через реку весной. " * 5).encode("cp1251"),
         "Город решил отремонтировать мост через реку весной. " * 5),
        (("市議会は春に橋を修理することを決めた。" * 8).encode("shift_jis"),
         "市議会は春に橋を修理することを決めた。" * 8),
        (b"", ""),
    ],
)  # fmt: skip
def test_decode_finds_the_encoding(data, text):
    assert decode(data) == text


def test_decode_believes_a_declaration_only_where_utf8_fails():
    assert decode("Ünï".encode("iso8859_2", "replace"), declared="iso-8859-2").startswith("Ü")
    assert decode("日本".encode(), declared="shift_jis") == "日本"
    assert decode(b"caf\xe9", declared="punycode") == "café"


@given(st.binary(max_size=300))
def test_decode_never_fails(data):
    assert isinstance(decode(data), str)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"text\x00text", "NUL"),
        (b"\x01\x02\x03" * 50, "control characters"),
    ],
)
def test_binary_kind_says_what_it_is(data, kind):
    assert kind in (binary_kind(data) or "")


@pytest.mark.parametrize(
    "data", [b"words\n", "wörds".encode("utf-16"), "wörds".encode("cp1252"), b""]
)
def test_binary_kind_is_none_for_text(data):
    assert binary_kind(data) is None


def test_read_markdown_takes_front_matter_and_drops_markup():
    page = read_markdown(
        '---\ntitle: "Bridge: *open* again"\ndate: 2024-01-19T08:00:00Z\nauthors: [Mara Quill]\n'
        "publisher: The Arle Post\nlang: en-GB\n---\n\n# Bridge open\n\n"
        "The **old** bridge,\nbuilt in _1880_, is [open](https://x.example/a_(b)) again.[^1]\n\n"
        "The cost\n--------\n\n> It was `2.4` million \\*pounds\\*.\n\n"
        "- one ![image](x.png) item\n- snake_case stays\n\n| a | b |\n|---|---|\n\n"
        "```\ncode = 1\n```\n\n<b>Bold</b> &amp; 5 * 3 * 2 <!-- hidden\ncomment -->end.\n\n"
        "[^1]: A note.\n[ref]: https://x.example\n"
    )
    assert page.title == "Bridge: *open* again"
    assert page.published == dt.date(2024, 1, 19)
    assert (page.author, page.publisher, page.language) == ("Mara Quill", "The Arle Post", "en-GB")
    assert page.headings == ("Bridge open", "The cost")
    assert [line for line in page.text.split("\n") if line] == [
        "Bridge open",
        "The old bridge, built in 1880, is open again.",
        "The cost",
        "It was 2.4 million *pounds*.",
        "- one  item",
        "- snake_case stays",
        "Bold & 5 * 3 * 2 end.",
    ]


def test_read_markdown_reads_toml_front_matter_and_a_first_heading_as_title():
    page = read_markdown('+++\ndate = 2024-01-19\nauthor = "Mara Quill"\n+++\n# The title\n\nText.')
    assert (page.title, page.published, page.author) == (
        "The title",
        dt.date(2024, 1, 19),
        "Mara Quill",
    )


def test_read_markdown_keeps_a_text_between_rules():
    assert "Only text" in read_markdown("---\nOnly text here\n---\nmore").text


@given(st.text(st.sampled_from("[]()!*_`#>-<&|~\\ \nab:"), max_size=200))
def test_read_markdown_takes_any_markup(source):
    assert read_markdown(source).text is not None


@pytest.mark.parametrize(
    "piece", ["[a](", "![", "*a ", "_a", "`", "<a ", "<!--", "> ", "\\", "---\n"]
)
def test_read_markdown_stays_linear(piece):
    read_markdown(piece * (200_000 // len(piece)))  # the suite's time-out ends quadratic work


PAGE = """<!DOCTYPE html><html lang="de-AT"><head><meta charset="{charset}">
<title>Bridge to open – again | The Arle Post</title>
<meta property="og:site_name" content="The Arle Post">
<meta property="og:title" content="Bridge to open – again | The Arle Post">
<meta name="author" content="Mara Quill">
<meta property="article:published_time" content="2024-01-19T08:00:00+00:00">
</head><body><nav><a href="/">Home</a><a href="/w">Weather forecast for the week</a></nav>
<article><h1>Bridge to open – again</h1><p>{0}</p>
<figure><img src="b.jpg"><figcaption>The bridge on Sunday, seen from the mill.</figcaption></figure>
<h2>It costs more.</h2><p>{1}</p><p>{2}</p></article>
<script>var hidden = "never read";</script>
<footer><p>© 2024 The Arle Post</p></footer></body></html>"""


def page_bytes(charset: str = "utf-8") -> bytes:
    return PAGE.format(*PARAGRAPHS, charset=charset).encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_read_html_takes_the_article_and_what_the_page_says_of_it(charset):
    page = read_html(page_bytes(charset), "a.html")
    assert (page.title, page.publisher) == ("Bridge to open – again", "The Arle Post")
    assert (page.author, page.published) == ("Mara Quill", dt.date(2024, 1, 19))
    assert page.language == "de-AT"
    assert all(paragraph in page.text for paragraph in PARAGRAPHS)
    assert "never read" not in page.text
    assert "Weather forecast" not in page.text
    assert "It costs more." in page.headings
    assert "The bridge on Sunday, seen from the mill." in page.asides


@pytest.mark.parametrize(
    "markup",
    [
        to_html(make_brief()),
        to_letter(make_brief()),
        page_bytes()
        .decode()
        .replace("<title>", '<META name="generator" content="summarizer 9.1 page 00"/><title>'),
    ],
    ids=["page", "letter", "any page with our mark"],
)
def test_read_html_takes_a_brief_of_ours_for_no_article(markup):
    with pytest.raises(ArticleError) as refused:
        read_html(markup.encode(), "brief.html")
    assert refused.value.reason is SkipReason.UNSUPPORTED_TYPE
    assert refused.value.detail == "a brief that summarizer wrote"


@pytest.mark.parametrize(
    "said",
    [
        '<meta name="generator" content="WordPress 6.1">',
        '<meta name="generator" content="summarizers.example">',
        '<meta name="description" content="summarizer 0.1.0">',
        "&lt;meta name=&quot;generator&quot; content=&quot;summarizer 0.1.0&quot;&gt;",
    ],
)
def test_read_html_takes_an_article_that_is_only_like_a_brief_of_ours(said):
    page = page_bytes().decode().replace("<title>", f"{said}<title>")
    assert PARAGRAPHS[0] in read_html(page.encode(), "a.html").text


def test_read_html_falls_back_to_all_text_where_there_is_no_article():
    page = read_html(b"<p>Only a few words here, and no article at all.</p>", "a.html")
    assert "Only a few words here" in page.text


def test_read_html_takes_no_date_from_the_visible_text():
    markup = page_bytes().decode().replace("2024-01-19T08:00:00+00:00", "")
    markup = markup.replace("<h1>", "<p>Comment of 3 March 2019</p><h1>")
    assert read_html(markup.encode(), "a.html").published is None


@pytest.mark.parametrize("data", [b"<", b"<html></html>", b"<!-- -->", b"\xff\xfe<\x00"])
def test_read_html_of_an_empty_page_has_no_text(data):
    try:
        assert not any(map(str.isalnum, read_html(data, "a.html").text))
    except ArticleError as error:
        assert error.reason is SkipReason.EMPTY


def test_read_html_survives_deep_nesting():
    deep = b"<div>" * 20_000 + PARAGRAPHS[0].encode() + b"</div>" * 20_000
    try:
        read_html(b"<html><body>" + deep, "a.html")
    except (ArticleError, RecursionError):
        pass  # either is caught by read_article


def make_pdf(
    paragraphs=PARAGRAPHS, *, password: str = "", pages: int = 1, title: str = ""
) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fpdf2's own
        from fpdf import FPDF

        class Paper(FPDF):
            def footer(self):
                self.set_y(-15)
                self.cell(0, 10, f"The Arle Post - page {self.page_no()}")

        pdf = Paper()
        if title:
            pdf.set_title(title)
        if password:
            pdf.set_encryption(owner_password="owner", user_password=password)
        pdf.set_font("Helvetica", size=12)
        for _ in range(pages):
            pdf.add_page()
            for paragraph in paragraphs:
                pdf.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT", align="L")
                pdf.ln(4)
        return bytes(pdf.output())


def test_read_pdf_joins_lines_to_paragraphs_and_drops_the_footer():
    many = [f"Part {number}. {one}" for number in range(8) for one in PARAGRAPHS]
    page = read_pdf(make_pdf(many, title="Bridge to open"), "a.pdf")
    assert page.title == "Bridge to open"
    assert " ".join(page.text.split()) == " ".join(many)
    assert page.text.count("\n") < 2 * len(many)


def test_read_pdf_mends_words_hyphenated_at_the_end_of_a_line():
    text = "The town council decided that the bridge be re-\npaired in spring, and all agreed."
    assert "be repaired in spring" in read_pdf(make_pdf([text]), "a.pdf").text


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        (make_pdf(password="secret"), SkipReason.UNREADABLE, "encrypted"),
        (make_pdf([]).replace(b"Arle Post - page", b""), SkipReason.EMPTY, "no text"),
        (b"not a PDF at all", SkipReason.UNREADABLE, "not a PDF"),
        (make_pdf(["x"], pages=301), SkipReason.TOO_LARGE, "301 pages"),
    ],
)
def test_read_pdf_names_why_it_cannot_be_read(data, reason, detail):
    with pytest.raises(ArticleError, match=detail) as caught:
        read_pdf(data, "a.pdf")
    assert caught.value.reason is reason


def test_read_pdf_reads_no_page_after_too_much_text(monkeypatch):
    from pypdf import PageObject

    read = []

    def extract(page):
        read.append(page)
        return "x" * 900_000

    monkeypatch.setattr(PageObject, "extract_text", extract)
    with pytest.raises(ArticleError, match="2 million") as caught:
        read_pdf(make_pdf(["x"], pages=9), "a.pdf")
    assert (caught.value.reason, len(read)) == (SkipReason.TOO_LARGE, 3)


def test_read_pdf_stays_linear_in_the_lines_of_a_paragraph(monkeypatch):
    from pypdf import PageObject

    lines = "\n".join(["Hello world"] * 6000)
    monkeypatch.setattr("summarizer.read.pdf._MAX_CHARS", 20_000_000)
    monkeypatch.setattr(PageObject, "extract_text", lambda page: lines)
    page = read_pdf(make_pdf(["x"], pages=160), "a.pdf")  # the suite's time-out ends quadratic work
    assert page.text.count("Hello") == 960_000 - 2 * 159 - 1
