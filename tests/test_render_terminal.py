from __future__ import annotations

import io

import pytest
from rich.console import Console

from summarizer.data import Brief, RejectReason, SkippedArticle, SkipReason
from summarizer.render import print_summary
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief
from tests.test_render_markdown import HOSTILE, hostile_brief


def shown(brief: Brief, *, width: int = 80, terminal: bool = False) -> str:
    file = io.StringIO()
    print_summary(brief, Console(file=file, width=width, force_terminal=terminal or None))
    return file.getvalue()


def test_the_summary_shows_stories_facts_conflicts_and_what_was_rejected():
    brief, _ = make_bridge_brief()
    assert [line for line in shown(brief).splitlines() if line] == [
        "Brief 2031-05-07 06:00 UTC",
        "1 story, 3 facts, 1 conflict from 3 articles, model fake-1b",
        "1. Velmora bridge opens",
        "   3 sources, 2 origins, 2031-05-06",
        "   - The Velmora bridge opened on Tuesday. (2 sources, 1 origin)",
        "   - It cost 340 million crowns. (1 source)",
        "   - The price was 350 million crowns. (1 source, quoted)",
        "   Conflict, number: 340 million against 350 million",
        "Rejected: 1 claim: wrong number (1)",
    ]


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_line_is_wider_than_the_console_or_than_100_columns(width):
    article = make_article("A very long sentence goes on and on. " * 9)
    fact = make_fact(make_supported(None, article))
    brief = make_brief(make_story(fact, headline="long headline " * 20), articles=(article,))
    longest = max(len(line) for line in shown(brief, width=width).splitlines())
    assert longest <= min(width, 100)
    assert longest > min(width, 100) * 0.7


def test_wrapped_facts_hang_clear_of_their_bullet():
    article = make_article("Many words follow one another here. " * 5)
    fact = make_fact(make_supported(None, article))
    output = shown(make_brief(make_story(fact), articles=(article,)), width=60)
    assert "\n   - Many words" in output
    assert "\n     one another here" in output
    assert not any(line.endswith(" ") for line in output.splitlines())


def test_colour_is_for_terminals_only():
    brief, _ = make_bridge_brief()
    assert "\x1b" not in shown(brief)
    assert "\x1b[1m" in shown(brief, terminal=True)


@pytest.mark.parametrize("text", [*HOSTILE, "[bold red]x[/bold red]", "[/]", ":smile: [link=x]"])
def test_text_of_articles_steers_neither_rich_nor_the_terminal(text):
    output = shown(hostile_brief(text), width=400)
    assert "\x1b" not in output
    assert "\u202e" not in output
    if text.startswith(("[", ":")):
        assert text in output


def test_an_old_encoding_gets_question_marks_rather_than_an_exception():
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    print_summary(hostile_brief("Zürich 서울"), Console(file=file, width=80))
    file.flush()
    assert b"Z?rich ??" in raw.getvalue()


def test_long_briefs_are_cut_and_say_so():
    article = make_article(*(f"Sentence {n} is here." for n in range(1, 10)))
    facts = [make_fact(make_supported(None, article, ids=(n,)), id=f"f{n}") for n in range(1, 10)]
    stories = [make_story(*facts, id=f"s{n}", headline=f"Story {n}") for n in range(14)]
    skipped = tuple(
        SkippedArticle(source=f"{n}.txt", reason=SkipReason.TOO_SHORT, detail="") for n in range(7)
    )
    brief = make_brief(*stories, articles=(article,), skipped=skipped)
    output = shown(brief)
    assert "Sentence 3 is here." in output
    assert "Sentence 4 is here." not in output
    for text in ("and 6 more", "and 2 more stories", "Skipped: 7 files", "4.txt: too short"):
        assert text in output
    assert "5.txt" not in output


def test_reasons_are_counted_most_frequent_first():
    rejected = (make_rejected(reason=RejectReason.DATE), make_rejected(), make_rejected())
    assert "Rejected: 3 claims: wrong number (2), wrong date (1)" in shown(
        make_brief(rejected=rejected)
    )


def test_a_clean_run_says_that_nothing_was_lost():
    assert "Nothing was rejected or skipped." in shown(make_brief())


def test_changes_updates_storylines_and_what_is_gone_are_told_in_short():
    brief, _ = make_rich_brief()
    assert [line for line in shown(brief, width=100).splitlines() if line][2:] == [
        "Compared with the brief of 2031-05-06 06:00 UTC: 1 fact new, 1 changed, 1 confirmed, 1 "
        "contradicted,",
        "1 gone, 3 unchanged",
        "1. Flood spreads",
        "   2 sources, 2 origins, 2031-05-05 to 2031-05-06",
        "   - changed, 12 → 19: The Orvin had flooded 19 villages by Tuesday. (1 source)",
        "   - The Orvin flooded 12 villages on Monday. (1 source)",
        "   - confirmed: Shelters took in 300 people. (1 source)",
        "     and 2 more",
        "   Conflict, polarity: stated against denied",
        "   Update, number: was 12, later 19",
        "   Storyline: this, story 2 (2031-06-02)",
        "2. Orvin's mayor resigned over the flood.",
        "   1 source, 2031-06-02",
        "   new: (1 source)",
        "   - The dam did not hold. (1 source)",
        "   Storyline: story 1 (2031-05-05 to 2031-05-06), this",
        "Gone since 2031-05-06 06:00 UTC: 1 fact",
        "- A bridge fell.",
        "Nothing was rejected or skipped.",
    ]


def test_a_digest_opens_with_its_news_and_tells_how_each_story_stands():
    brief, _ = make_digest_brief()
    assert [line for line in shown(brief, width=100).splitlines() if line] == [
        "Digest of 2031-05-07, made 2031-05-07 06:00 UTC",
        "1 new story, 1 developing, 1 gone quiet; "
        "2 new facts, 1 changed, 1 confirmed, 1 contradicted.",
        "Warning: 1 of 2 articles was not read by the model: the deadline 06:30 came first",
        "2 stories, 6 facts, 1 conflict, 1 update "
        "from 2 new articles, 1 of earlier digests beside them,",
        "model fake-1b",
        "Beside the digests up to 2031-05-06 06:00 UTC: 7 facts told before, 1 gone",
        "1. Flood spreads",
        "   Developing since 2031-05-04, told in 3 digests, last on 2031-05-06; "
        "5 facts told before are not",
        "   repeated. 2 sources, 2 origins, 2031-05-05 to 2031-05-06",
        "   - changed, 12 → 19: The Orvin had flooded 19 villages by Tuesday. (1 source)",
        "   - told before: The Orvin flooded 12 villages on Monday. (1 source)",
        "   - confirmed: Shelters took in 300 people. (1 source)",
        "     and 2 more",
        "   Conflict, polarity: stated against denied",
        "   Update, number: was 12, later 19",
        "   Storyline: this, story 2 (2031-06-02)",
        "2. Orvin's mayor resigned over the flood.",
        "   New story. 1 source, 2031-06-02",
        "   (1 source)",
        "   - The dam did not hold. (1 source)",
        "   Storyline: story 1 (2031-05-05 to 2031-05-06), this",
        "Gone since 2031-05-06 06:00 UTC: 1 fact",
        "- A bridge fell.",
        "Gone quiet: 1 story",
        "- Velmora bridge opens, told 2031-05-01 to 2031-05-03",
        "Skipped: 2 inputs",
        "https://news.example/feed.xml: could not be fetched",
        "https://paper.example/a: may not be fetched",
    ]


def test_an_empty_digest_says_so_and_still_lists_what_is_quiet_or_failed():
    assert [line for line in shown(make_empty_digest()).splitlines() if line] == [
        "Digest of 2031-05-07, made 2031-05-07 06:00 UTC",
        "Nothing new. 1 story gone quiet.",
        "0 stories, 0 facts, 0 conflicts from 0 new articles, model fake-1b",
        "Gone quiet: 1 story",
        "- Velmora bridge opens, told 2031-05-01 to 2031-05-03",
        "Skipped: 1 input",
        "https://news.example/feed.xml: could not be fetched",
    ]


def test_of_many_quiet_stories_the_first_five_are_named():
    (quiet,) = make_empty_digest().quiet
    stories = tuple(quiet.model_copy(update={"headline": f"Story {n}"}) for n in range(7))
    output = shown(make_empty_digest().model_copy(update={"quiet": stories}))
    for text in ("Gone quiet: 7 stories", "- Story 4, told", "  and 2 more"):
        assert text in output
    assert "Story 5" not in output
