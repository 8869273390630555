"""summarizer.verify.page: a page proves itself, and whatever was changed in it is told."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.data import Article
from summarizer.errors import BriefError
from summarizer.render import to_html, to_letter
from summarizer.render.page import data as page_data_module
from summarizer.render.page import document, made_by
from summarizer.render.page.data import read_page
from summarizer.render.page.seal import sealed as with_seal
from summarizer.verify import quotes
from summarizer.verify.page import PageReport, looks_like_page, verify_page
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_fact,
    make_story,
    make_supported,
)
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief

PAGES = {"rich": make_rich_brief(), "digest": make_digest_brief()}
BRIEF, ARTICLES = PAGES["rich"]
PAGE = to_html(BRIEF, articles=ARTICLES.values())
_, BLOCKS = read_page(PAGE)
FLOOD = "The Orvin had flooded 19 villages by Tuesday."


def sealed(page: str) -> str:
    """Give a page the checksum it ought to have, as a forger would."""
    document = page.rpartition("<!-- sha256:")[0]
    digest = hashlib.sha256(document.encode(errors="surrogatepass")).hexdigest()
    return f"{document}<!-- sha256:{digest} -->\n"


def told(report: PageReport) -> str:
    return "\n".join(f"{one.where}: {one.message}" for one in report.problems)


def found(page: bytes | str) -> bool:
    """Tell whether a page is refused, or something in it does not hold."""
    try:
        text = page if isinstance(page, str) else page.decode()
        return bool(verify_page(text).problems)
    except (BriefError, UnicodeDecodeError):
        return True


def test_a_test_that_seals_a_page_seals_it_as_it_was():
    assert sealed(PAGE) == PAGE


# --- pages that hold --------------------------------------------------------------------------


@pytest.mark.parametrize("large", [0, 10**9], ids=["gzip", "plain"])
@pytest.mark.parametrize("make", [make_bridge_brief, make_rich_brief, make_digest_brief])
def test_an_untouched_page_holds(monkeypatch, make, large):
    monkeypatch.setattr(page_data_module, "LARGE", large)
    brief, articles = make()
    report = verify_page(to_html(brief, articles=articles.values(), home="index.html"))
    assert report == PageReport(brief, [], frozenset(articles), compared=True, written_by=made_by())


def test_a_page_with_nothing_to_tell_holds():
    report = verify_page(to_html(make_empty_digest()))
    assert (report.problems, len(report.embedded), report.compared) == ([], 0, True)


def test_an_article_full_of_tags_and_invisible_signs_holds():
    hostile = make_article(
        "</script><script>alert(1)</script> said the mayor of Velmora.",
        "<!-- <script> &lt;b&gt; \u202e \u200b \u2028 \x00 --> was the answer.",
        title="<img src=x onerror=alert(1)> & more",
    )
    facts = [make_fact(make_supported(None, hostile, ids=(n,)), id=f"fact-{n}") for n in (1, 2)]
    story = make_story(*facts, headline=hostile.title)
    page = to_html(make_brief(story, articles=(hostile,)), articles=(hostile,))
    report = verify_page(page)
    assert (report.problems, len(report.embedded), report.compared) == ([], 1, True)


def test_articles_that_are_not_embedded_are_asked_for():
    first, *others = ARTICLES.values()
    page = to_html(BRIEF, articles=(first,))
    asked: list[str] = []

    def at_hand(missing: Iterable[str]) -> dict[str, Article]:
        asked.extend(missing)
        return ARTICLES

    report = verify_page(page, others=at_hand)
    assert asked == [one.id for one in others]
    assert (report.problems, len(report.embedded), report.compared) == ([], 1, True)


def test_nobody_is_asked_for_articles_where_all_are_embedded():
    def nobody(missing: Iterable[str]) -> dict[str, Article]:
        pytest.fail(f"asked for {missing}")

    assert verify_page(PAGE, others=nobody).problems == []


def test_an_embedded_article_counts_before_one_that_is_given():
    wrong = make_article("Another text.")
    page = to_html(BRIEF, articles=list(ARTICLES.values())[:1])
    first = BRIEF.sources[0].article_id
    assert verify_page(page, others=lambda _: {**ARTICLES, first: wrong}).problems == []


def test_a_quote_whose_article_is_nowhere_is_a_problem():
    report = verify_page(to_html(BRIEF))
    assert "source 1: no article has the SHA-256" in told(report)
    assert (len(report.embedded), report.compared) == (0, False)


# --- one byte ---------------------------------------------------------------------------------


def guarded(name: str) -> tuple[bytes, list[int]]:
    """Return a page, and the places of every quote and article text, in its data and shown."""
    brief, articles = PAGES[name]
    data = to_html(brief, articles=articles.values()).encode()
    data_at = data.index(b'<script type="application/json"')
    quoted = {one.quote for _, one in quotes(brief)}
    places: set[int] = set()
    for text in quoted:
        places.update(all_places(data[:data_at], text, text))
    # In the data a claim may be in the words of its quote: no article can show that it was.
    for text, key in (
        *((q, "quote") for q in quoted),
        *((a.text, "text") for a in articles.values()),
    ):
        places.update(place for place in all_places(data, f'"{key}":"{text}"', text))
    return data, sorted(places)


def all_places(data: bytes, whole: str, part: str) -> Iterator[int]:
    """Yield the places of every byte of `part` wherever `whole` stands, which holds it."""
    begin = whole.index(part)
    for at in re.finditer(re.escape(whole.encode()), data):
        yield from range(at.start() + begin, at.start() + begin + len(part))


def tampered(data: bytes, place: int, byte: int) -> bytes:
    return data[:place] + bytes([byte]) + data[place + 1 :]


@pytest.mark.parametrize("name", PAGES)
def test_the_guarded_places_are_those_of_data_and_of_what_is_shown(name):
    data, places = guarded(name)
    first, last = data.index(b'"brief-data"'), data.index(b'"article-data"')
    shown = sum(place < first for place in places)
    told_in_brief = sum(first < place < last for place in places)
    brief, articles = PAGES[name]
    assert shown >= sum(len(one.quote) for one in {e for _, e in quotes(brief)}) / 2
    assert told_in_brief >= sum(len(one.quote) for _, one in quotes(brief))
    assert sum(last < place for place in places) == sum(len(a.text) for a in articles.values())


@pytest.mark.parametrize("name", PAGES)
def test_a_byte_changed_in_any_quote_or_article_is_found_even_with_a_new_checksum(name):
    data, places = guarded(name)
    assert not found(sealed(data.decode()))
    missed = [
        place
        for place in places
        if not found(sealed(tampered(data, place, data[place] ^ 1).decode()))
    ]
    assert missed == []


@pytest.mark.parametrize("large", [0, 10**9], ids=["gzip", "plain"])
@pytest.mark.parametrize("name", PAGES)
def test_any_byte_changed_anywhere_is_found(monkeypatch, name, large):
    monkeypatch.setattr(page_data_module, "LARGE", large)
    brief, articles = PAGES[name]
    data = to_html(brief, articles=articles.values()).encode()
    assert not found(data)
    chance = random.Random(7)
    places = chance.sample(range(len(data)), 150)
    if not large:
        _, blocks = read_page(data.decode())
        for block in (blocks.brief, blocks.articles):
            start = data.index(block.encode())
            places += chance.sample(range(start, start + len(block)), 100)
    for place in places:
        byte = chance.choice([one for one in range(256) if one != data[place]])
        assert found(tampered(data, place, byte)), (place, byte)


def test_a_page_cut_off_anywhere_is_found():
    for length in range(0, len(PAGE), 499):
        assert found(PAGE[:length]), length
    assert found(PAGE[:-1])


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE + "\n", "page: its last line is not its checksum"),
        (PAGE + PAGE[-80:], "page: its last line is not its checksum"),
        (PAGE.rpartition("<!-- sha256:")[0], "page: its last line is not its checksum"),
        (PAGE.replace("\n", "\r\n"), "page: its last line is not its checksum"),
        (PAGE.replace("\n", "\r\n")[:-2] + "\n", "its line ends are not those"),
        ("\ufeff" + PAGE, "page: its checksum is"),
        (PAGE.replace("<title>", "<title>\ud800"), "page: its checksum is"),
        (PAGE.replace("\n<!-- sha256", "<!-- sha256"), "page: its last line is not its checksum"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_told_so(page, said):
    assert said in told(verify_page(page))


# --- a forger who makes the checksum anew -----------------------------------------------------

Change = Callable[[Any], object]


def fact(brief: Any, number: int = 0) -> Any:
    return brief["stories"][0]["facts"][number]


def evidence(brief: Any) -> Any:
    return fact(brief)["claims"][0]["evidence"][0]


def forged(in_brief: Change | None = None, in_articles: Change | None = None) -> str:
    """Return the page with its data changed in place, and sealed."""
    brief, articles = json.loads(BLOCKS.brief), json.loads(BLOCKS.articles)
    if in_brief:
        in_brief(brief["brief"])
    if in_articles:
        in_articles(articles["articles"])
    page = PAGE.replace(BLOCKS.brief, json.dumps(brief))
    return sealed(page.replace(BLOCKS.articles, json.dumps(articles)))


def lengthen(brief: Any) -> None:
    evidence(brief)["end"] += 1


DATA_CHANGES: dict[str, tuple[Change | None, Change | None, str]] = {
    "a quote": (
        lambda b: evidence(b).update(quote=FLOOD.replace("19", "90")),
        None,
        "90 villages by Tuesday.” is not",
    ),
    "an offset": (lambda b: evidence(b).update(start=1), None, "story 1, fact 1: "),
    "an end": (lengthen, None, "story 1, fact 1: "),
    "the sentences": (lambda b: evidence(b).update(sentence_ids=[2]), None, "of sentences 1, not"),
    "another article": (
        lambda b: evidence(b).update(article_id=BRIEF.sources[0].article_id),
        None,
        "by a quote of another",
    ),
    "a wording": (
        lambda b: fact(b).update(text="The Orvin is safe."),
        None,
        "its wording is that of none of its claims",
    ),
    "a headline": (lambda b: b["stories"][0].update(headline="Safe"), None, "its headline is"),
    "a title": (lambda b: b["sources"][0].update(title="Safe"), None, "source 1: its title is"),
    "a count": (lambda b: b["coverage"].update(rejected=4), None, "coverage: rejected is 4"),
    "a text": (
        None,
        lambda a: a[1].update(text=a[1]["text"].replace("19", "90")),
        "is not the text its id stands for",
    ),
    "a text elsewhere": (
        None,
        lambda a: a[0].update(text=a[0]["text"] + " More."),
        "is not the text its id stands for",
    ),
    "a span": (None, lambda a: a[1]["sentences"].pop(0), "are of sentences none, not 1"),
    "a span at its side": (
        None,
        lambda a: a[1]["sentences"][1].update(start=20),
        "source 2: sentence 2 of its article is not between its neighbours",
    ),
    "a span beyond the end": (
        None,
        lambda a: a[1]["sentences"][-1].update(end=9999),
        "is not between its neighbours",
    ),
    "a place": (
        None,
        lambda a: a[0].update(source="https://trusted.example/"),
        "source 1: its article is of “https://trusted.example/”",
    ),
}


@pytest.mark.parametrize("anew", [False, True], ids=["shown as before", "shown anew"])
@pytest.mark.parametrize("what", DATA_CHANGES)
def test_data_changed_by_a_forger_is_found(what, anew):
    in_brief, in_articles, said = DATA_CHANGES[what]
    page = forged(in_brief, in_articles)
    if anew:
        page = with_seal(document(*read_page(page)))
    report = verify_page(page)
    assert said in told(report)
    assert "checksum" not in told(report)


def test_a_hash_changed_by_a_forger_is_refused():
    with pytest.raises(BriefError, match="article 1 is 'ffffffffffff'"):
        verify_page(forged(None, lambda a: a[0].update(id="ff" * 32)))
    everywhere = BRIEF.sources[0].article_id
    page = sealed(PAGE.replace(everywhere, "ff" * 32))
    assert "is not the text its id stands for" in told(verify_page(page))


def test_a_link_back_that_leads_elsewhere_is_found():
    for home in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil",
        "a\tb",
    ):
        assert "page, its link back: “" in told(verify_page(to_html(make_brief(), home=home))), home
    for home in ("", "index.html", "../index.html#top", "2031/brief.html?x=1"):
        assert "link back" not in told(verify_page(to_html(make_brief(), home=home))), home


def in_body(old: str, new: str) -> str:
    """Return the page with `old` changed in what it shows, once, and sealed."""
    shown, data = PAGE.split('<script type="application/json"', 1)
    head, body = shown.split("<body", 1)
    assert old in body, old
    body = body.replace(old, new, 1)
    return sealed(f'{head}<body{body}<script type="application/json"{data}')


def anywhere(old: str, new: str) -> str:
    """Return the page with `old` changed in the whole file, once, and sealed."""
    assert old in PAGE, old
    return sealed(PAGE.replace(old, new, 1))


SHOWN_CHANGES = {
    "a fact": (in_body, "Shelters took in 300", "Shelters took in 30", "300 people"),
    "a quote": (in_body, ">The dam held.<", ">The dam fell.<", "fell"),
    "a citation": (in_body, 'href="#source-2-s1"', 'href="#source-2-s2"', "source-2-s2"),
    "an offset of a citation": (in_body, 'data-start="0"', 'data-start="1"', 'data-start="1"'),
    "a link": (in_body, "<h1", '<a href="https://evil.example">More</a><h1', "evil.example"),
    "an attribute": (in_body, "<main", "<main onclick=alert(1)", "<main onclick"),
    "a script": (in_body, "<h1", "<script>alert(1)</script><h1", "alert(1)"),
    "our script": (anywhere, '<script type="module">', '<script type="module">1;', "1;"),
    "a style": (anywhere, "<style>", "<style>.conflict{display:none}", ".conflict{display"),
    "the policy": (anywhere, "default-src ", "default-src * ", "default-src * "),
    "an invisible sign": (in_body, "dam held.", "dam \u200bheld.", "\\u200b"),
    "white space": (in_body, "dam held.", "dam\u00a0held.", "\\xa0"),
    "a line more": (anywhere, "</html>\n", "</html>\n<p>More</p>\n", "“<p>More</p>” stands"),
    "a line less": (anywhere, "</body>\n", "", "0 lines stand there, and its data makes 1"),
    "a comment": (anywhere, "</head>", "<!-- sha256:--></head>", "<!-- sha256:--></head>"),
    "data before the data": (
        anywhere,
        "<body",
        '<script id="brief-data" type="application/json">{}</script>\n<body',
        "<script id=",
    ),
}


@pytest.mark.parametrize("what", SHOWN_CHANGES)
def test_a_page_that_shows_something_else_than_its_data_is_found(what):
    place, old, new, said = SHOWN_CHANGES[what]
    report = verify_page(place(old, new))
    assert report.compared
    assert said in told(report)
    assert {one.where.split(" ")[0] for one in report.problems} == {"page,"}
    assert "checksum" not in told(report)


def test_the_line_that_differs_is_named_with_what_should_stand_there():
    page = in_body("Trains were stopped.", "Trains were late.")
    line = page[: page.index("Trains were late.")].count("\n") + 1
    (problem,) = verify_page(page).problems
    assert problem.where == f"page, line {line}"
    assert problem.message.count("Trains were") == 2
    assert "stopped" in problem.message.partition("and its data makes")[2]


def test_many_lines_that_differ_are_counted():
    report = verify_page(sealed(re.sub("\n(?=<(?!script|!--))", "\n<i></i>", PAGE)))
    assert len(report.problems) == 21
    assert re.fullmatch(r"\d+ more lines are not what its data makes", report.problems[-1].message)


# --- other writers, other files ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("<bdi>The Orvin had flooded 19 ", "<bdi>The Orvin had flooded 90 "), "has none such"),
        (('wording">Shelters', 'wording">Tents'), "has none such"),
        (('wording">Shelters', 'else">Shelters'), "is not shown"),
        (("<q><bdi>Trains", "<q ><bdi>Trains"), "is not shown"),
    ],
)
def test_quotes_and_facts_that_another_version_shows_are_those_of_its_data(change, said):
    old, new = change
    assert old in PAGE
    other = PAGE.replace(made_by(), "summarizer 9.1.0 page 0123456789abcdef")
    report = verify_page(sealed(other.replace(old, new)))
    assert said in told(report)
    assert not report.compared


def test_the_rest_of_what_another_version_shows_is_not_compared():
    other = sealed(PAGE.replace(made_by(), "summarizer 9.1.0 page 0123456789abcdef"))
    report = verify_page(other)
    assert (report.problems, report.compared) == ([], False)
    assert report.written_by == "summarizer 9.1.0 page 0123456789abcdef"
    assert "its checksum is" in told(verify_page(other.replace("<h1", "<h1 hidden", 1)))
    forged_quote = sealed(other.replace("19 villages", "90 villages"))
    assert "is not the text its id stands for" in told(verify_page(forged_quote))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((made_by(), "Word 97"), "“Word 97” is no program that writes such pages"),
        ((made_by(), ""), "“” is no program that writes such pages"),
        (('<meta name="generator"', '<meta name="author"'), "is named 0 times"),
        (("<title>", f'<meta name="generator" content="{made_by()}"><title>'), "2 times"),
    ],
)
def test_a_page_that_no_program_of_ours_says_it_wrote_is_a_problem(change, said):
    report = verify_page(anywhere(*change))
    assert said in told(report)
    assert not report.compared


@pytest.mark.parametrize("text", ["", "{}", "\0\x01", "<html></html>", to_letter(BRIEF)])
def test_what_is_no_page_is_refused_with_a_hint(text):
    with pytest.raises(BriefError) as caught:
        verify_page(text)
    assert caught.value.hint


@pytest.mark.parametrize("text", [PAGE, "\ufeff" + PAGE, "\n \n<html>", "<!-- ours -->", PAGE[:20]])
def test_html_is_known_by_how_it_begins(text):
    assert looks_like_page(text)


@pytest.mark.parametrize("text", ["", "{}", ' {"a": "<html>"}', "\0<html>", "words", " " * 5000])
def test_what_does_not_begin_like_html_is_taken_for_a_brief(text):
    assert not looks_like_page(text)


# --- large and hostile ------------------------------------------------------------------------


def test_a_page_with_very_many_lines_more_than_it_ought_to_have_is_found():
    article = make_article(*(f"Line {n} of the list was read." for n in range(3000)))
    page = to_html(make_brief(articles=(article,)), articles=(article,))
    assert found(sealed(page.replace("</p>", "</p>\n" * 3000)))


@pytest.mark.shared
def test_a_page_of_the_shared_articles_holds_and_none_of_their_spans_overlap(shared_dir: Path):
    from summarizer.read import read_articles

    read = [one for one in read_articles([shared_dir / "articles"]) if isinstance(one, Article)]
    claims = [make_supported(None, one) for one in read]
    facts = [make_fact(claim, id=f"fact-{n}") for n, claim in enumerate(claims)]
    brief = make_brief(make_story(*facts, headline=read[0].title), articles=read)
    report = verify_page(to_html(brief, articles=read))
    assert (report.problems, len(report.embedded), report.compared) == ([], len(read), True)
