from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.data import (
    Article,
    Brief,
    Change,
    ChangeKind,
    Conflict,
    ConflictKind,
    GoneFact,
    ModelInfo,
    QuietStory,
    ReferenceCoverage,
    RunInfo,
    Side,
    Since,
    SkippedArticle,
    SkipReason,
    Span,
    Storyline,
    StoryMemory,
    StoryStatus,
    UnreadArticle,
    Update,
    Writer,
)
from summarizer.render import clean, to_markdown
from summarizer.render.phrases import counted, sentence_label
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_evidence,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)
from tests.rich_brief import CREATED, make_rich_brief

HOSTILE = [
    "[click](http://evil.example)",
    "![x](http://evil.example/x.png) <img src=x onerror=alert(1)>",
    "# heading\n## Sources\n- item",
    "</li></ul><script>alert(1)</script>",
    "http://evil.example www.evil.example joe@evil.example",
    "| a | b |\n|---|---|",
    "[1:s1]: http://evil.example",
    "```\ncode\n```",
    "\x1b[2J\x1b]0;title\x07 \u202etxt.exe\u202c",
    "*bold* _em_ `code` ~~gone~~ &lt;b&gt; \\",
    "Source 1",
]


def parse(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in (token.children or [])]


def lines(tokens: list[Token]) -> list[str]:
    """Return the plain text of every inline block."""
    return [
        "".join(child.content for child in (token.children or []))
        for token in tokens
        if token.type == "inline"
    ]


def hrefs(tokens: list[Token]) -> set[object]:
    return {t.attrs["href"] for t in inline(tokens) if t.type == "link_open"}


def without_places(line: str) -> str:
    """Leave out offsets, which depend on the length of the text."""
    return re.sub(r"characters \d+ to \d+", "characters", line)


def bold_runs(children: list[Token]) -> list[list[Token]]:
    """Return the tokens inside each bold run."""
    runs: list[list[Token]] = []
    inside = False
    for child in children:
        if child.type == "strong_open":
            runs.append([])
        elif inside and child.type != "strong_close":
            runs[-1].append(child)
        inside = child.type == "strong_open" or (inside and child.type != "strong_close")
    return runs


def github_anchor(heading: str) -> str:
    """Return the anchor of a heading without odd characters, as GitHub documents it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(tokens: list[Token]) -> list[str]:
    return [
        following.content
        for token, following in zip(tokens, tokens[1:], strict=False)
        if token.type == "heading_open"
    ]


def hostile_brief(text: str) -> Brief:
    """Put `text` wherever a text of an article, a path or a model can stand."""
    article = make_article(text, f"It says {text}", title=text, source=text, publisher=text)
    other = make_article(f"Not {text}", f"{text} less", title=text, source=text)
    sides = (_side(article, text), _side(other, text))
    first = make_fact(make_supported(text, article), id="a")
    second = make_fact(make_supported(text, other), id="b").model_copy(
        update={
            "refines": (make_supported(text, other, ids=(2,)),),
            "change": Change(kind=ChangeKind.CHANGED, before=sides[0], after=sides[1]),
        }
    )
    lead = second.model_copy(update={"id": "c"})
    conflict = Conflict(kind=ConflictKind.NAME, first=sides[0], second=sides[1])
    moved = Update(kind=ConflictKind.NUMBER, earlier=sides[0], later=sides[1])
    one = make_story(lead, first, second, headline=text, conflicts=(conflict,), id="one")
    two = make_story(first, headline=text, id="two")
    gone = GoneFact(fact_id="d", text=text, evidence=sides[0].evidence, source=text)
    missing = ReferenceCoverage(facts=2, covered=0.5, words=9, missing=(text,))
    day = dt.date(2031, 5, 5)
    memory = StoryMemory(id=text, status=StoryStatus.DEVELOPING, first_told=day, digests=1)
    return make_brief(
        one.model_copy(
            update={
                "headline_article_id": article.id,
                "updates": (moved,),
                "left_out": (first,),
                "memory": memory,
                "known": 2,
                "earlier": (text,),
            }
        ),
        two,
        articles=(article, other),
        rejected=(make_rejected(text, article, detail=text),),
        skipped=(SkippedArticle(source=text, reason=SkipReason.EMPTY, detail=text),),
        run=RunInfo(created=dt.datetime(2031, 5, 7, tzinfo=dt.UTC), warnings=(text,)),
    ).model_copy(
        update={
            "model": ModelInfo(name=text, sha256=text, strategy=text),
            "storylines": (Storyline(id="line", story_ids=("two", "one")),),
            "since": Since(created=CREATED, known=2, gone=(gone,)),
            "reference": missing,
            "edition": text,
            "quiet": (QuietStory(id=text, headline=text, first_told=day, last_told=day),),
            "unread": (UnreadArticle(article_id=article.id, source=text, reason=text),),
        }
    )


def _side(article: Article, text: str) -> Side:
    """Mark the whole of `text` in the first sentence of `article`."""
    end = article.sentences[0].end
    mark = Span(start=end - len(text), end=end)
    evidence = make_evidence(article)
    return Side(fact_id="a", evidence=evidence, value=text, mark=mark)


def sources_linked(tokens: list[Token]) -> set[object]:
    """Return where links lead, but for the headings of stories, which hold words of headlines."""
    return {href for href in hrefs(tokens) if not re.match(r"#\d+-?", str(href))}


def test_a_brief_reads_as_its_editor_expects():
    brief, _ = make_bridge_brief()
    facts, _, rest = to_markdown(brief).partition("## Sources")
    assert facts == (
        "# Brief\n\n"
        "2031-05-07 06:00 UTC: 1 story, 3 facts, 1 conflict from 3 articles; "
        "1 claim rejected, 0 files skipped.\n\n"
        "Model: `fake-1b`, strategy whole.\n\n"
        "## 1. Velmora bridge opens\n\n"
        "3 sources, 2 origins, 2031-05-06.\n\n"
        "**The Velmora bridge opened on Tuesday.** (2 sources, 1 origin) [1:s1] [2:s1]\n\n"
        "- It cost 340 million crowns. (1 source) [1:s2]\n"
        "- The price was 350 million crowns. (1 source, quoted) [3:s2]\n\n"
        "> **Conflict, number: 340 million against 350 million**\n>\n"
        "> - “It cost 340 million crowns, the harbour office said.” [1:s2], characters 49 to 101\n"
        "> - “The price was 350 million crowns.” [3:s2], characters 27 to 60\n\n"
    )
    assert "### Source 3\n\n**Opening day**, no date, origin 2, `articles/opening.pdf`" in rest
    assert headings(parse("## Sources" + rest)) == [
        *("Sources", "Source 1", "Source 2", "Source 3"),
        *("Rejected", "Skipped", "How it was made"),
    ]


def test_every_citation_links_to_its_source_and_its_sentence_stands_there():
    brief, _ = make_bridge_brief()
    markdown = to_markdown(brief)
    tokens = parse(markdown)
    anchors = {f"#{heading.lower().replace(' ', '-')}" for heading in headings(tokens)}
    assert hrefs(tokens) == {"#source-1", "#source-2", "#source-3"}
    assert hrefs(tokens) <= anchors
    sections = re.split(r"^### Source (\d+)$", markdown, flags=re.MULTILINE)
    by_number = dict(zip(sections[1::2], sections[2::2], strict=True))
    numbers = {source.article_id: str(source.number) for source in brief.sources}
    for fact in brief.stories[0].facts:
        for citation in fact.citations:
            section = by_number[numbers[citation.article_id]]
            assert f"- {sentence_label(citation.sentence_ids)}: “{citation.quote}”" in section


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_articles_never_becomes_markup(text):
    harmless = parse(to_markdown(hostile_brief("plain words")))
    tokens = parse(to_markdown(hostile_brief(text)))
    kinds = {t.type for t in (*tokens, *inline(tokens))}
    assert kinds <= {t.type for t in (*harmless, *inline(harmless))}
    assert sources_linked(tokens) == {"#source-1", "#source-2"}
    assert [t.type for t in tokens] == [t.type for t in harmless]
    shown = clean(text)
    assert [without_places(line) for line in lines(tokens)] == [
        without_places(line.replace("plain words", shown)) for line in lines(harmless)
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_mark_is_bold_and_nothing_but_it(text):
    bold = [
        "".join(child.content for child in run)
        for token in parse(to_markdown(hostile_brief(text)))
        for run in bold_runs(token.children or [])
    ]
    assert bold.count(clean(text)) == 1 + 4 + 2 + 2 + 2  # lead, changes, conflict, update, titles


def test_the_link_to_a_story_leads_to_its_heading():
    brief, _ = make_rich_brief()
    tokens = parse(to_markdown(brief))
    anchors = {github_anchor(heading) for heading in headings(tokens)}
    links = {str(href)[1:] for href in hrefs(tokens)}
    assert links <= anchors
    assert {"1-flood-spreads", "2-orvins-mayor-resigned-over-the-flood"} <= links


@given(st.text(min_size=1, max_size=30))
def test_any_text_leaves_the_outline_as_it_is(text):
    if not clean(text):
        return
    harmless = parse(to_markdown(hostile_brief("plain words")))
    tokens = parse(to_markdown(hostile_brief(text)))
    assert [t.type for t in tokens] == [t.type for t in harmless]
    assert sources_linked(tokens) == sources_linked(harmless)


def test_nothing_that_steers_a_terminal_is_written():
    markdown = to_markdown(hostile_brief("\x1b[31mred\x9b1m \u202e\u200b\x07"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", markdown)


@pytest.mark.parametrize("empty", ["", " \n", "\u200b"])
def test_empty_titles_and_paths_break_nothing(empty):
    markdown = to_markdown(hostile_brief("x").model_copy(deep=True))
    assert headings(parse(markdown))
    article = make_article("One.", title=empty, source=empty, publisher=None)
    fact = make_fact(make_supported(None, article))
    tokens = parse(to_markdown(make_brief(make_story(fact, headline=empty), articles=(article,))))
    assert "Untitled" in "".join(lines(tokens))
    assert hrefs(tokens) == {"#source-1"}


def test_a_headline_cannot_take_the_anchor_of_a_source():
    brief = make_brief()
    story = brief.stories[0].model_copy(update={"headline": "Source 1"})
    markdown = to_markdown(brief.model_copy(update={"stories": (story,)}))
    assert headings(parse(markdown)).count("Source 1") == 1


def test_a_citation_of_an_article_that_is_no_source_links_nowhere():
    brief = make_brief().model_copy(update={"sources": ()})
    markdown = to_markdown(brief)
    assert "\\[?:s1\\]" in markdown
    assert hrefs(parse(markdown)) == set()


def test_quoted_marks_facts_in_an_articles_own_words_only():
    article = make_article()
    model, sentence = (
        make_supported("The bridge is open.", article),
        make_supported(None, article, writer=Writer.EXTRACTIVE),
    )
    for fact, quoted in (
        (make_fact(sentence), True),
        (make_fact(model), False),
        (make_fact(model, sentence), False),
        (make_fact(sentence, model), True),
    ):
        markdown = to_markdown(make_brief(make_story(fact), articles=(article,)))
        assert ("(1 source, quoted)" in markdown) is quoted


def test_a_source_without_a_usable_model_claim_is_marked_extractive():
    brief = make_brief()
    source = brief.sources[0].model_copy(update={"writer": Writer.EXTRACTIVE})
    markdown = to_markdown(brief.model_copy(update={"sources": (source,)}))
    assert "origin 1, extractive, `articles/velmora-bridge.txt`" in markdown


def test_rejected_claims_show_reason_detail_and_nearest_sentence():
    article = make_article()
    brief = make_brief(articles=(article,), rejected=(make_rejected(article=article),))
    assert (
        "1 claim: wrong number (1).\n\n"
        "- The bridge cost 900 million crowns.\n"
        "  - wrong number: 900 is not in the evidence\n"
        "  - nearest sentence [1:s2]: “It cost 340 million crowns, the harbour office said.”\n"
    ) in to_markdown(brief)


@pytest.mark.parametrize(("count", "more"), [(30, ""), (31, "And 1 more in the JSON.")])
def test_rejected_claims_are_capped_at_thirty(count, more):
    rejected = tuple(make_rejected(f"Claim {n} is wrong.", nearest=None) for n in range(count))
    markdown = to_markdown(make_brief(rejected=rejected))
    assert markdown.count(" is wrong.") == 30
    assert ("more in the JSON" in markdown) is bool(more)
    assert more in markdown


def test_skipped_files_warnings_model_and_versions_are_told():
    run = RunInfo(
        created=dt.datetime(2031, 5, 7, 6, 0, tzinfo=dt.UTC),
        seconds={"read": 0.12, "extract": 3.0},
        tokens_read=1200,
        tokens_written=34,
        warnings=("the model crashed once",),
    )
    skipped = (SkippedArticle(source="a.bin", reason=SkipReason.BINARY, detail="zero bytes"),)
    markdown = to_markdown(make_brief(skipped=skipped, run=run))
    for text in (
        "**Warning:** the model crashed once",
        "- `a.bin`: binary (zero bytes)",
        "Model SHA-256: `" + "ab" * 32 + "`",
        "summarizer 0.1.0, prompt extract\\_claims.v1, schemas article\\_claims.v1 and brief.v1",
        "Tokens: 1,200 read, 34 written",
        "Seconds: read 0.1, extract 3.0",
        "Claims: 2 made, 2 supported, 0 rejected",
    ):
        assert text in markdown


def test_a_brief_without_a_model_says_so():
    brief = make_brief().model_copy(update={"model": ModelInfo(name="none")})
    assert "Model: none. Every line is a sentence of an article." in to_markdown(brief)


def test_an_empty_brief_is_still_a_brief():
    brief = make_brief().model_copy(update={"stories": (), "sources": ()})
    assert headings(parse(to_markdown(brief))) == [
        *("Brief", "Sources", "Rejected", "Skipped", "How it was made")
    ]


def test_a_quote_of_enormous_length_is_cut_in_markdown():
    article = make_article("word " * 5000 + "end.")
    fact = make_fact(make_supported("Words.", article))
    markdown = to_markdown(make_brief(make_story(fact), articles=(article,)))
    assert "…”" in markdown
    assert len(markdown) < 5000


@pytest.mark.parametrize(
    ("ids", "label"),
    [((4,), "s4"), ((4, 5), "s4-5"), ((4, 5, 6, 9), "s4-6,9"), ((1, 3), "s1,3")],
)
def test_sentence_label_names_runs_of_sentences(ids, label):
    assert sentence_label(ids) == label


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(0, "file", "0 files"), (1, "story", "1 story"), (2000, "story", "2,000 stories")],
)
def test_counted_knows_one_from_many(number, noun, text):
    assert counted(number, noun) == text
