"""Pages of hostile articles in a browser: nothing of them runs, leaves, hides or moves anything."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from summarizer.data import Article, Brief
from summarizer.render import clean, to_html
from tests.browser import (  # noqa: F401 - fixtures
    PHONE,
    WAIT_MS,
    Error,
    Opened,
    open_page,
    opened_pages,
    running_browser,
)
from tests.conftest import (
    make_article,
    make_brief,
    make_conflict,
    make_fact,
    make_story,
    make_supported,
)
from tests.html_page import HOSTILE
from tests.page_briefs import make_sentences
from tests.test_render_markdown import hostile_brief

pytestmark = pytest.mark.browser

RUNS = "window.pwned=1"
SCRIPTS = [
    f"<script>{RUNS}</script>",
    f"</script><script>{RUNS}</script>",
    f"</script ><script\n>{RUNS}</script>",
    f"<!--<script>{RUNS}</script>",
    f"--><script>{RUNS}</script><!--",
    f"--!><script>{RUNS}</script>",
    f"<![CDATA[<script>{RUNS}</script>]]>",
    f"</title></style></textarea></template></svg><script>{RUNS}</script>",
    f"<img src=x onerror={RUNS}>",
    f"<svg onload={RUNS}><animate onbegin={RUNS} attributeName=x dur=1s>",
    f'" autofocus tabindex=1 onfocus="{RUNS}" x="',
    f"' autofocus tabindex=1 onfocus='{RUNS}' x='",
    f"` onmouseover={RUNS} `",
    f"<details open ontoggle={RUNS}>",
    f"<body onload={RUNS}><input onfocus={RUNS} autofocus>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data='data:text/html,<script>parent.pwned=1</script>'></object>",
    f"javascript:{RUNS}//https://news.example/",
    f"<a href=javascript:{RUNS}>click</a>",
    f"<form action=javascript:{RUNS}><button>send</button></form>",
    f"${{{RUNS}}} `${{{RUNS}}}` {{{{constructor.constructor('{RUNS}')()}}}}",
    f"\u2028{RUNS}\u2029{RUNS}//",
    f"\\u003cscript\\u003e{RUNS}\\u003c/script\\u003e &lt;script&gt;{RUNS}&lt;/script&gt;",
    f"</math><mtext><mglyph><style><img src=x onerror={RUNS}></style></mglyph></mtext>",
]
ESCAPES = [
    "<base href=http://evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<img src=http://evil.example/x.png><video poster=http://evil.example/p>",
    "url(http://evil.example/x) @import 'http://evil.example/x.css';",
    "https://evil.example/?a=<b>&c=\"d\"'e'",
]
HIDERS = [
    "<style>*{display:none!important}</style>",
    "</style><style>main{visibility:hidden}</style>",
    "<!-- a comment that never ends",
    "<plaintext><textarea><title><noscript><template>",
    "</bdi></p></li></ul></section></main></body></html>",
    "<div style='position:fixed;inset:0;background:red;z-index:99999'>over all</div>",
    "<dialog open id=help><form method=dialog></dialog>",
    "\u202e\u2066\u2067\u200b\u200d\ufeff\u00ad\U000e0041 turned round \u202d\u061c",
    "شارع النصر 12 متر",
    "\x00 \x07 \x1b[8m hidden \x1b[0m \x9b8m \x7f \ufffe \U0010ffff",
]
LIKENESSES = [
    '<script type="application/json" id="brief-data">{"gzip":"AAAA"}</script>',
    '<script type="application/json" id="article-data">{"articles":[null]}</script>',
    f"</html>\n<!-- sha256:{'0' * 64} -->\n",
    '{"format":"summarizer.page.v1","gzip":"AAAA"}',
    "<aside id=reader><mark class=here>not me</mark></aside><a id=search name=search>",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "source-1-s1",
    "fact-1-1",
]
SECTIONS = ("#story-1", "#story-2", "#sources", "#rejected", "#skipped", "#making", "#gone")
# Elements of which a page has so many, whatever its articles say.
COUNTED = "script style link meta base iframe object embed img video form input button dialog aside"


def embedded(text: str) -> tuple[Article, Article]:
    """Return the articles of hostile_brief(text)."""
    return (
        make_article(text, f"It says {text}", title=text, source=text, publisher=text),
        make_article(f"Not {text}", f"{text} less", title=text, source=text),
    )


def page_of(text: str) -> str:
    """Write the page of a hostile brief, with an ordinary story at its end."""
    brief, ordinary = hostile_brief(text), make_article()
    facts = [make_fact(make_supported(None, ordinary, ids=(n,)), id=f"o{n}") for n in (1, 2)]
    story = make_story(*facts, id="ordinary")
    articles = (*embedded(text), ordinary)
    sources = make_brief(story, articles=articles).sources
    return to_html(
        brief.model_copy(update={"stories": (*brief.stories, story), "sources": sources}),
        articles=articles,
    )


def counts(shown: Opened) -> dict[str, int]:
    found: dict[str, int] = shown.value(
        "names => Object.fromEntries(names.map(n => [n, document.querySelectorAll(n).length]))",
        COUNTED.split(),
    )
    return found


def invisible(text: str) -> set[str]:
    """Return the characters of `text` that turn or hide others, or show nothing."""
    return {
        f"U+{ord(character):04X}"
        for character in text
        if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\n\t"
    }


def assert_uncovered(shown: Opened, selector: str, text: str) -> None:
    """Demand that the words of an element are in view, and that nothing lies over them."""
    place = shown.page.locator(selector)
    place.scroll_into_view_if_needed()
    assert place.inner_text().strip() == text
    box = shown.box(selector)
    assert box["w"] > 50
    assert box["h"] > 10
    on_top = shown.value(
        """s => { const e = document.querySelector(s), r = e.getClientRects()[0];
        return [0.1, 0.5, 0.9].map(part => {
          const found = document.elementFromPoint(r.left + r.width * part, r.top + r.height / 2);
          return found !== null && (e.contains(found) || found.contains(e)) }) }""",
        selector,
    )
    assert on_top == [True, True, True]
    style = shown.value(
        "s => (c => [c.opacity, c.visibility, c.direction])"
        "(getComputedStyle(document.querySelector(s)))",
        selector,
    )
    assert style == ["1", "visible", "ltr"]


def assert_harmless(shown: Opened, usual: dict[str, int], ordinary: str = "#fact-3-2") -> None:
    """Demand that nothing ran, that the page is whole, and that what follows is to be seen."""
    assert shown.value("[typeof window.pwned, typeof Object.prototype.pwned]") == ["undefined"] * 2
    assert shown.page.locator("html.js").count() == 1
    for selector in SECTIONS:
        assert shown.page.locator(selector).is_visible(), selector
    assert counts(shown) == usual
    assert invisible(shown.page.locator("body").inner_text()) == set()
    assert_uncovered(
        shown, f"{ordinary} .wording", "It cost 340 million crowns, the harbour office said."
    )


@pytest.fixture(scope="module")
def usual(browser, tmp_path_factory) -> dict[str, int]:
    """Count the elements of a page whose articles hold plain words."""
    file = tmp_path_factory.mktemp("usual") / "brief.html"
    file.write_text(page_of("plain words"), "utf-8")
    shown = open_page(browser, file)
    found = counts(shown)
    shown.page.context.close()
    return found


# --- the watch itself -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>console.warn('a')</script>", "console: warning: a"),
        ("<script>console.error('b')</script>", "console: error: b"),
        ("<script>throw new Error('c')</script>", "error: "),
        ("<script>alert('d')</script>", "dialog: alert: d"),
        ("<img src=http://news.example/e.png>", "request: http://news.example/e.png"),
        ("<iframe src=about:blank></iframe><script>open('about:blank')</script>", "window: "),
        ("<meta http-equiv=refresh content='0;url=about:blank'>", "left for about:blank"),
        ("<button onclick='1'>", "console: error: "),
    ],
)
def test_watch_sees_what_a_page_does(browser, tmp_path: Path, body, fault):
    policy = "default-src * data:; script-src 'unsafe-inline'"
    if "onclick" in body:
        policy = "default-src 'none'"
    file = tmp_path / "bad.html"
    file.write_text(
        f'<!doctype html><meta http-equiv=Content-Security-Policy content="{policy}"><title>x'
        f"</title>{body}",
        "utf-8",
    )
    shown = open_page(browser, file)
    try:
        assert heard(shown, fault), shown.faults()
    finally:
        shown.page.context.close()


def heard(shown: Opened, fault: str) -> bool:
    """Wait until the watch has heard a fault that begins so, and say whether it ever has."""
    for _ in range(WAIT_MS // 50):
        with contextlib.suppress(Error):  # a page cannot be asked at the moment it leaves
            if any(found.startswith(fault) for found in shown.faults()):
                return True
        shown.page.wait_for_timeout(50)
    return False


def test_watch_finds_nothing_in_a_quiet_page(browser, tmp_path: Path):
    file = tmp_path / "good.html"
    file.write_text("<!doctype html><title>x</title><link rel=icon href=data:,><p>Words", "utf-8")
    shown = open_page(browser, file)
    assert shown.faults() == []
    shown.page.context.close()


# --- text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*SCRIPTS, *ESCAPES, *HIDERS, *LIKENESSES, *HOSTILE])
def test_text_of_articles_does_nothing(opened, usual, text):
    shown = opened(page_of(text))
    assert_harmless(shown, usual)
    shown.page.locator("#story-1 .facts a.cite").first.click()
    shown.page.wait_for_selector("#reader mark.here")
    here = "".join(shown.page.locator("#reader mark.here").all_text_contents())
    assert visible_words(here) == visible_words(f"Not {text}")
    buttons = {"button": counts(shown)["button"]}  # of the reader
    assert counts(shown) == usual | buttons
    assert invisible(shown.page.locator("body").inner_text()) == set()
    shown.page.locator("#fact-3-2 a.cite").click()
    expected = "It cost 340 million crowns, the harbour office said."
    assert "".join(shown.page.locator("#reader mark.here").all_text_contents()) == expected
    assert shown.value("typeof window.pwned") == "undefined"


def visible_words(text: str) -> str:
    """Return what shows of a text, without white space and the rests of terminal sequences."""
    return "".join(clean(text.replace("\x1b", "")).split())


@pytest.mark.parametrize("text", [SCRIPTS[1], HIDERS[0], LIKENESSES[0], LIKENESSES[5]])
def test_search_for_hostile_text_finds_it_and_does_nothing(opened, usual, text):
    shown = opened(page_of(text))
    shown.search(text)
    assert shown.page.locator("#fact-1-2").is_visible()
    assert shown.page.locator("#fact-3-2").is_hidden()
    shown.search("")
    shown.page.wait_for_selector("#fact-3-2", state="visible")
    assert_harmless(shown, usual)


@pytest.mark.parametrize("text", [HIDERS[0], HIDERS[5], SCRIPTS[1], LIKENESSES[4]])
def test_without_javascript_hostile_text_hides_nothing(opened, text):
    shown = opened(page_of(text), javascript=False)
    for selector in SECTIONS:
        assert shown.page.locator(selector).is_visible(), selector
    wording = shown.page.locator("#fact-3-1 .wording")
    assert wording.inner_text() == "The Velmora bridge opened to traffic on Tuesday."
    assert wording.is_visible()


def test_half_a_surrogate_pair_is_shown_as_a_replacement(opened):
    article = make_article(title="\udfff half")
    fact = make_fact(make_supported("Half \ud83d a pair.", article))
    story = make_story(fact, headline="\ud800 half")
    shown = opened(to_html(make_brief(story, articles=(article,)), articles=(article,)))
    assert shown.page.locator("#story-1 h2").inner_text() == "\ufffd half"
    shown.page.locator("#fact-1-1 a.cite").click()
    here = shown.page.locator("#reader mark.here").text_content()
    assert here == "The Velmora bridge opened to traffic on Tuesday."


# --- amounts ----------------------------------------------------------------------------------


def brief_of(article: Article, *ids: int) -> tuple[Brief, Sequence[Article]]:
    """Cite sentences of a monstrous article, then an ordinary one, and set both in a conflict."""
    ordinary = make_article()
    odd = [make_fact(make_supported(None, article, ids=(n,)), id=f"odd-{n}") for n in ids]
    plain = make_fact(make_supported(None, ordinary, ids=(2,)), id="plain")
    conflict = make_conflict(odd[0], plain, values=(odd[0].text, "340 million"))
    story = make_story(*odd, plain, headline=article.title, conflicts=(conflict,))
    return make_brief(story, articles=(article, ordinary)), (article, ordinary)


MONSTERS = {
    "a line of a megabyte": ("words and <b> " * 75_000 + "end.", 1),
    "a word of a megabyte": ("x" * 1_000_000 + " end.", 1),
    "a million newlines": ("Before." + "\n" * 1_000_000 + "after.", 1),
    "a hundred thousand marks on a letter": ("Z" + "\u0301" * 100_000 + " end.", 1),
    "a hundred thousand turns": ("\u202e\u2066turn " * 50_000 + "end.", 1),
    "a hundred thousand tags": ("<i><b><div>" * 33_000 + " end.", 1),
}


@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", MONSTERS)
def test_monstrous_sentence_leaves_room_for_others(opened, name, size):
    text, sentence = MONSTERS[name]
    article = make_article(text, "It ended.", title=text[:100_000])
    brief, articles = brief_of(article, sentence, 2)
    shown = opened(to_html(brief, articles=articles), size=size)
    assert_uncovered(
        shown, "#fact-1-3 .wording", "It cost 340 million crowns, the harbour office said."
    )
    shown.page.locator("#fact-1-2 a.cite").first.click()
    shown.page.wait_for_selector("#reader mark.here")
    assert shown.page.locator("#reader mark.here").text_content() == "It ended."
    box, size_now = shown.box("#reader mark.here"), shown.page.viewport_size
    assert size_now
    assert 0 <= box["y"] < size_now["height"]
    assert shown.page.locator("#reader button.close").is_visible()
    shown.page.keyboard.press("Escape")
    shown.page.locator("#fact-1-1 a.cite").first.click()
    assert shown.value("document.querySelector('#reader mark.here').textContent.length > 5")
    width, window = shown.value(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    assert width <= window


def test_article_of_twenty_thousand_sentences_opens_at_its_last(opened):
    article = make_article(*make_sentences(20_000, seed=5))
    brief, articles = brief_of(article, 20_000, 10_000)
    shown = opened(to_html(brief, articles=articles))
    shown.page.locator("#fact-1-1 a.cite").first.click()
    shown.page.wait_for_selector("#reader mark.here")
    here = shown.page.locator("#reader mark.here")
    assert here.text_content() == article.sentence_text(20_000)
    assert 0 <= shown.box("#reader mark.here")["y"] < 900


def test_marks_on_a_letter_do_not_paint_over_other_facts(opened):
    """Fonts stack marks on one another: sixty of a kind reach over the lines above and below."""
    plain = make_fact(make_supported("Item two is an ordinary fact of this brief."), id="plain")
    pictures = []
    for count in (0, 60):
        letters = ["Z" + mark * count for mark in ("\u0323", "\u0301")]
        odd = make_article(*(f"Item {letter * 3} is odd." for letter in letters), title="Odd")
        below, above = (make_fact(make_supported(None, odd, ids=(n,)), id=f"o{n}") for n in (1, 2))
        brief = make_brief(make_story(below, plain, above), articles=(odd, make_article()))
        shown = opened(to_html(brief, articles=(odd,)))
        pictures.append(shown.page.locator("#fact-1-2 .wording").screenshot())
    assert pictures[0] == pictures[1]
