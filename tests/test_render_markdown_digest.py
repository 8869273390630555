"""How a digest reads: its title, its news, how stories stand, what is quiet, what was not read."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.data import (
    Brief,
    Change,
    ChangeKind,
    Fact,
    QuietStory,
    SkippedArticle,
    SkipReason,
    Story,
    StoryMemory,
    StoryStatus,
    UnreadArticle,
)
from summarizer.render import to_markdown
from summarizer.render.phrases import (
    articles_read,
    mark_in,
    memory_line,
    news_line,
    quiet_line,
    skip_reason,
    title_of,
    unread_reason,
    unread_warning,
)
from tests.conftest import make_article, make_bridge_brief, make_brief, make_fact, make_story
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief

DIGEST = make_digest_brief()[0]
MARKDOWN = to_markdown(DIGEST)
EMPTY = to_markdown(make_empty_digest())
DAY, NEXT = dt.date(2031, 5, 4), dt.date(2031, 5, 5)
NEW, DEVELOPING = StoryStatus.NEW, StoryStatus.DEVELOPING


def remembered(
    status: StoryStatus = DEVELOPING, *, last: dt.date | None = None, digests: int = 0
) -> StoryMemory:
    return StoryMemory(id="s", status=status, first_told=DAY, last_told=last, digests=digests)


def told(
    memory: StoryMemory | None, *kinds: ChangeKind | None, known: int = 0, left: int = 0
) -> Story:
    """Build a story with a fact of each kind; the last `left` of them are left out."""
    facts = tuple(
        make_fact(id=f"f{n}").model_copy(update={"change": Change(kind=kind) if kind else None})
        for n, kind in enumerate(kinds)
    )
    cut = len(facts) - left
    update = {"facts": facts[:cut], "left_out": facts[cut:], "memory": memory, "known": known}
    return make_story().model_copy(update=update)


def digest(*stories: Story, **update: object) -> Brief:
    brief = make_brief(*stories) if stories else make_empty_digest()
    defaults = {"edition": "2031-05-06", "since": DIGEST.since, "quiet": ()}
    return brief.model_copy(update=defaults | update)


def quiet(number: int = 1) -> tuple[QuietStory, ...]:
    story = QuietStory(id="q", headline="Bridge opens", first_told=DAY, last_told=NEXT)
    return tuple(story.model_copy(update={"id": f"q{n}"}) for n in range(number))


def unread(*reasons: str) -> tuple[UnreadArticle, ...]:
    return tuple(UnreadArticle(article_id="a", source="a.txt", reason=one) for one in reasons)


def read(brief: Brief, articles: int, remembered: int) -> Brief:
    figures = {"articles": articles, "remembered": remembered}
    return brief.model_copy(update={"coverage": brief.coverage.model_copy(update=figures)})


# --- phrases ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "title"),
    [
        ("", "Brief"),
        ("2031-05-06", "Digest of 2031-05-06"),
        ("2031-05-06.2", "Digest of 2031-05-06, second of the day"),
        ("2031-05-06.6", "Digest of 2031-05-06, sixth of the day"),
        ("2031-05-06.17", "Digest of 2031-05-06, number 17 of the day"),
        ("\x1b[2Jx.y\u202e", "Digest of x.y"),
    ],
)
def test_a_digest_has_its_day_for_a_title(edition: str, title: str) -> None:
    assert title_of(make_brief().model_copy(update={"edition": edition})) == title


@pytest.mark.parametrize(
    ("story", "line"),
    [
        (told(None), ""),
        (told(None, known=2), "2 facts told before are not repeated"),
        (told(remembered(NEW)), "new story"),
        (told(remembered(NEW), known=1), "new story; 1 fact told before is not repeated"),
        (
            told(remembered(last=NEXT, digests=3), known=5),
            "developing since 2031-05-04, told in 3 digests, last on 2031-05-05; "
            "5 facts told before are not repeated",
        ),
        (
            told(remembered(last=DAY, digests=1)),
            "developing since 2031-05-04, told in 1 digest",
        ),
        (
            told(remembered(StoryStatus.QUIET, last=NEXT, digests=2)),
            "quiet, first told on 2031-05-04, told in 2 digests, last on 2031-05-05",
        ),
    ],
)
def test_the_memory_line_says_how_a_story_stands(story: Story, line: str) -> None:
    assert memory_line(story) == line


@pytest.mark.parametrize(
    ("brief", "line"),
    [
        (make_rich_brief()[0], ""),
        (digest(), "Nothing new"),
        (digest(quiet=quiet(2)), "Nothing new. 2 stories gone quiet"),
        (
            digest(
                told(remembered(NEW), ChangeKind.NEW, ChangeKind.NEW, left=1),
                told(remembered(NEW), ChangeKind.NEW),
                told(remembered(digests=1), None, ChangeKind.CHANGED),
                quiet=quiet(),
            ),
            "2 new stories, 1 developing, 1 gone quiet; 3 new facts, 1 changed",
        ),
        (
            digest(told(remembered(digests=1), ChangeKind.CONFIRMED, ChangeKind.CONTRADICTED)),
            "1 developing story; 1 confirmed fact, 1 contradicted",
        ),
        (digest(told(remembered(NEW), None, None), since=None), "1 new story; 2 new facts"),
        (digest(told(None, ChangeKind.NEW)), "1 story; 1 new fact"),
    ],
)
def test_the_news_line_counts_what_a_digest_tells(brief: Brief, line: str) -> None:
    assert news_line(brief) == line


@pytest.mark.parametrize(
    ("story", "marks"),
    [
        (told(None, None, ChangeKind.NEW), ["", "new"]),
        (told(remembered(NEW), None, None), ["", ""]),  # nothing was compared: all is new
        (told(remembered(NEW), ChangeKind.NEW, ChangeKind.CONFIRMED), ["", "confirmed"]),
        (told(remembered(NEW), None, ChangeKind.NEW, left=1), ["told before"]),
        (told(remembered(), None, ChangeKind.NEW), ["told before", "new"]),
    ],
)
def test_in_a_digest_told_facts_are_marked_and_those_of_a_new_story_are_new(
    story: Story, marks: list[str]
) -> None:
    assert [mark_in(story, fact) for fact in story.facts] == marks


@pytest.mark.parametrize(
    ("one", "line"),
    [
        ({}, "Bridge opens, told 2031-05-04 to 2031-05-05"),
        ({"last_told": DAY}, "Bridge opens, told 2031-05-04"),
        ({"first_told": NEXT, "last_told": DAY}, "Bridge opens, told 2031-05-04 to 2031-05-05"),
        ({"headline": "\u200b"}, "Untitled, told 2031-05-04 to 2031-05-05"),
    ],
)
def test_a_quiet_story_has_the_days_on_which_it_was_told(one: dict[str, object], line: str) -> None:
    assert quiet_line(quiet()[0].model_copy(update=one)) == line


def test_a_long_headline_and_a_long_reason_are_cut() -> None:
    assert len(quiet_line(quiet()[0].model_copy(update={"headline": "x" * 9000}))) < 400
    assert len(unread_reason(unread("x" * 9000)[0])) < 300


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("the deadline 06:30 came first", "the deadline 06:30 came first"),
        ("\x1b[2J\n", "no reason is known"),
    ],
)
def test_an_unread_article_has_its_reason(reason: str, line: str) -> None:
    assert unread_reason(unread(reason)[0]) == line


@pytest.mark.parametrize(
    ("reasons", "articles", "warning"),
    [
        ((), (9, 2), ""),
        (("late",), (9, 2), "1 of 7 articles was not read by the model: late"),
        (("late",) * 3, (9, 2), "3 of 7 articles were not read by the model: late"),
        (("late",) * 3, (4, 2), "3 of 4 articles were not read by the model: late"),
        (
            ("b", "late", "a", "late"),
            (9, 0),
            "4 of 9 articles were not read by the model: late (2); a (1); b (1)",
        ),
        (
            ("e", "d", "c", "b", "a"),
            (9, 0),
            "5 of 9 articles were not read by the model: a (1); b (1); c (1), and 2 more reasons",
        ),
    ],
)
def test_one_line_warns_of_all_articles_that_were_not_read(
    reasons: tuple[str, ...], articles: tuple[int, int], warning: str
) -> None:
    brief = read(make_brief().model_copy(update={"unread": unread(*reasons)}), *articles)
    assert unread_warning(brief) == warning


@pytest.mark.parametrize(
    ("brief", "articles", "line"),
    [
        (make_brief(), (1, 0), "1 article"),
        (digest(), (20, 0), "20 new articles"),
        (digest(), (32, 12), "20 new articles, 12 of earlier digests beside them"),
        (digest(), (13, 12), "1 new article, 12 of earlier digests beside them"),
    ],
)
def test_new_articles_are_counted_apart_from_remembered_ones(
    brief: Brief, articles: tuple[int, int], line: str
) -> None:
    assert articles_read(read(brief, *articles)) == line


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_reason_for_skipping_is_said_in_words(reason: SkipReason) -> None:
    line = skip_reason(SkippedArticle(source="a", reason=reason, detail=""))
    assert line and "_" not in line
    assert line not in ("unreachable", "forbidden", "old")


# --- Markdown ---------------------------------------------------------------------------------


def test_a_digest_opens_with_what_is_new() -> None:
    assert MARKDOWN.startswith(
        "# Digest of 2031-05-07\n\n"
        "**1 new story, 1 developing, 1 gone quiet; "
        "2 new facts, 1 changed, 1 confirmed, 1 contradicted.**\n\n"
        "**Warning:** 1 of 2 articles was not read by the model: the deadline 06:30 came first.\n\n"
        "2031-05-07 06:00 UTC: 2 stories, 6 facts, 1 conflict, 1 update from 2 new articles, "
        "1 of earlier digests beside them; 0 claims rejected, 2 inputs skipped.\n\n"
        "Beside the digests up to 2031-05-06 06:00 UTC: 7 facts told before, 1 gone.\n\n"
    )


@pytest.mark.parametrize(
    "shown",
    [
        "## 1. Flood spreads\n\n"
        "Developing since 2031-05-04, told in 3 digests, last on 2031-05-06; "
        "5 facts told before are not repeated. "
        "2 sources, 2 origins, 2031-05-05 to 2031-05-06; headline of [source 2].\n",
        "- **told before:** The Orvin flooded 12 villages on Monday. (1 source) [1:s1]",
        "New story. 1 source, 2031-06-02.\n\nThe headline is the first fact (1 source) [3:s1]\n\n"
        "- The dam did not hold. (1 source) [3:s2]\n",
        "## Gone quiet\n\nNothing more was heard of these stories.\n\n"
        "- Velmora bridge opens, told 2031-05-01 to 2031-05-03\n",
        "## Not read by the model\n\nThese articles are told in their own sentences.\n\n"
        "- Source 3, `articles/mayor.txt`: the deadline 06:30 came first\n",
        "- `https://news.example/feed.xml`: could not be fetched "
        "(it answered 503; it is asked again the next night)\n"
        "- `https://paper.example/a`: may not be fetched (robots\\.txt)\n",
        "- Read: 2 new articles, 1 of earlier digests beside them, 2 skipped\n"
        "- Not read by the model: 1 article\n",
        "- Facts: 6 shown, 1 left out, 5 told before and not repeated\n",
    ],
)
def test_what_a_digest_adds_is_shown(shown: str) -> None:
    assert shown in MARKDOWN


def test_the_sections_of_a_digest_have_their_order() -> None:
    headings = [line for line in MARKDOWN.splitlines() if line.startswith("## ")]
    assert headings == [
        *("## 1. Flood spreads", "## 2. Orvin's mayor resigned over the flood."),
        *("## Gone since 2031-05-06 06:00 UTC", "## Gone quiet", "## Not read by the model"),
        *("## Sources", "## Rejected", "## Skipped", "## How it was made"),
    ]


def test_the_stories_of_a_digest_stay_in_their_order() -> None:
    markdown = to_markdown(DIGEST.model_copy(update={"stories": DIGEST.stories[::-1]}))
    assert markdown.index("## 1. Orvin's mayor") < markdown.index("## 2. Flood spreads")


def test_an_empty_digest_says_plainly_that_there_is_nothing_new() -> None:
    assert EMPTY.startswith(
        "# Digest of 2031-05-07\n\n**Nothing new. 1 story gone quiet.**\n\n"
        "2031-05-07 06:00 UTC: 0 stories, 0 facts, 0 conflicts from 0 new articles; "
        "0 claims rejected, 1 input skipped.\n"
    )
    assert "\n- Velmora bridge opens, told" in EMPTY
    assert "\n- `https://news.example/feed.xml`: could not be fetched (it answered 503;" in EMPTY


def test_a_digest_without_anything_to_add_has_no_empty_section() -> None:
    bare = to_markdown(digest(skipped=(), since=None))
    for heading in ("## Gone", "## Not read"):
        assert heading not in bare
    assert "## Skipped\n\nNothing was skipped.\n" in bare


@pytest.mark.parametrize(("count", "more"), [(30, False), (31, True)])
def test_articles_that_were_not_read_are_capped_at_thirty(count: int, more: bool) -> None:
    markdown = to_markdown(digest(unread=unread(*("late",) * count)))
    assert markdown.count("- `a.txt`: late") == 30
    assert ("And 1 more in the JSON." in markdown) is more


def test_a_brief_that_is_no_digest_says_nothing_of_digests() -> None:
    for brief in (make_bridge_brief()[0], make_rich_brief()[0], make_brief()):
        markdown = to_markdown(brief)
        assert markdown.startswith("# Brief\n\n2031-05-07 06:00 UTC: ")
        assert "igest" not in markdown
        assert " new article" not in markdown


def test_builders_make_facts_of_the_kinds_asked_for() -> None:
    facts: tuple[Fact, ...] = told(None, ChangeKind.NEW, None, left=1).facts
    assert [fact.change and fact.change.kind for fact in facts] == [ChangeKind.NEW]
    assert make_article().id == facts[0].citations[0].article_id
