"""summarizer.render.markdown_story: what a story shows beyond plain facts."""

from __future__ import annotations

import pytest

from summarizer.data import Span, Story, Storyline
from summarizer.render import to_markdown
from tests.conftest import make_article, make_brief, make_fact, make_story, make_supported
from tests.rich_brief import make_rich_brief, make_side

MARKDOWN = to_markdown(make_rich_brief()[0])
STORIES = MARKDOWN[: MARKDOWN.index("## Gone")]


@pytest.mark.parametrize(
    "shown",
    [
        "; headline of [source 2].\n",
        "**changed, 12 → 19:** **The Orvin had flooded 19 villages by Tuesday.** (1 source) [2:s1]",
        "> - before: “The Orvin flooded **12** villages on Monday.”\n"
        "> - now: “The Orvin had flooded **19** villages by Tuesday.” [2:s1]",
        "- **confirmed:** Shelters took in 300 people. (1 source) [1:s2]; less specific: [2:s2]",
        "- **contradicted:** The dam held. (1 source) [1:s3]\n"
        "  - before: “The dam **held**.”\n"
        "  - now: “The dam did **not** hold.” [3:s2]",
        "And 1 more fact in the JSON.",
        "> - “The dam did not hold.” [3:s2], characters 39 to 60",
        "> **Update, number: was 12, later 19**\n>\n"
        "> - was “The Orvin flooded **12** villages on Monday.” [1:s1], characters 0 to 40\n"
        "> - later “The Orvin had flooded **19** villages by Tuesday.” [2:s1], characters 0 to 45",
        "Storyline: **this story** (2031-05-05 to 2031-05-06); "
        "[story 2] “Orvin's mayor resigned over the flood.” (2031-06-02).",
        "Storyline: [story 1] “Flood spreads” (2031-05-05 to 2031-05-06); "
        "**this story** (2031-06-02).",
        "## 2. Orvin's mayor resigned over the flood.\n\n1 source, 2031-06-02.\n\n"
        "**new:** The headline is the first fact (1 source) [3:s1]",
    ],
)
def test_the_records_of_a_story_are_shown(shown: str) -> None:
    assert shown in STORIES


@pytest.mark.parametrize(
    "shown",
    [
        "Compared with the brief of 2031-05-06 06:00 UTC: "
        "1 fact new, 1 changed, 1 confirmed, 1 contradicted, 1 gone, 3 unchanged.",
        "Covers 2.5 of 4 reference facts (62 %) in 34 words.",
        "## Gone since 2031-05-06 06:00 UTC\n",
        "- A bridge fell.\n  - `articles/flood.txt` said: “A bridge fell on Sunday.”",
        "- Reference facts that are missing:\n  - A school was closed.",
    ],
)
def test_what_the_brief_is_compared_with_is_shown(shown: str) -> None:
    assert shown in MARKDOWN


def test_the_lead_is_no_bullet_and_a_headline_is_not_said_again() -> None:
    assert "- **changed" not in MARKDOWN
    assert STORIES.count("mayor resigned") == 2  # its heading, and the storyline of the other


def test_a_quote_that_is_cited_for_less_stands_among_the_sources() -> None:
    assert "- s2: “Shelters were opened.”" in MARKDOWN


def test_of_a_story_whose_lead_was_left_out_the_headline_is_still_cited() -> None:
    article = make_article(title="")
    fact = make_fact(make_supported(None, article))
    story = make_story(fact, headline=fact.text)
    left = story.model_copy(update={"facts": (), "left_out": (fact,)})
    markdown = to_markdown(make_brief(left, articles=(article,)))
    assert "The headline is the first fact (1 source) [1:s1]\n\n1 fact in the JSON." in markdown
    assert f"- s1: “{fact.text}”" in markdown


def test_a_headline_too_long_to_be_shown_is_told_whole_as_the_lead() -> None:
    article = make_article("The bridge " + "over the river " * 30 + "is open.", title="")
    fact = make_fact(make_supported(None, article))
    markdown = to_markdown(make_brief(make_story(fact, headline=fact.text), articles=(article,)))
    assert f"**{fact.text}** (1 source) [1:s1]" in markdown


def test_a_long_storyline_names_the_nearest_stories_and_counts_the_rest() -> None:
    article = make_article()
    stories = [
        make_story(make_fact(make_supported(None, article), id=f"f{n}"), id=f"s{n}")
        for n in range(1, 11)
    ]
    brief = make_brief(*stories, articles=(article,)).model_copy(
        update={"storylines": (Storyline(id="l", story_ids=tuple(s.id for s in stories)),)}
    )
    line = storyline_under(to_markdown(brief), 5)
    assert line.startswith("Storyline: 1 earlier; [story 2] “")
    assert line.endswith("; 2 later.")
    assert line.count("[story ") == 6


def storyline_under(markdown: str, number: int) -> str:
    _, _, rest = markdown.partition(f"## {number}. ")
    return next(line for line in rest.splitlines() if line.startswith("Storyline"))


def test_a_storyline_of_stories_that_the_brief_does_not_hold_is_not_shown() -> None:
    brief = make_brief()
    lines = (Storyline(id="l", story_ids=("story-1", "elsewhere")),)
    assert "Storyline" not in to_markdown(brief.model_copy(update={"storylines": lines}))


@pytest.mark.parametrize("mark", [Span(start=0, end=9999), Span(start=9000, end=9001)])
def test_a_mark_outside_its_quote_marks_nothing(mark: Span) -> None:
    brief, _ = make_rich_brief()
    story: Story = brief.stories[0]
    (update,) = story.updates
    later = update.later.model_copy(update={"mark": mark})
    changed = story.model_copy(update={"updates": (update.model_copy(update={"later": later}),)})
    markdown = to_markdown(brief.model_copy(update={"stories": (changed, *brief.stories[1:])}))
    assert "> - later “The Orvin had flooded 19 villages by Tuesday.” [2:s1]" in markdown


def test_make_side_marks_where_the_value_stands() -> None:
    fact = make_fact()
    side = make_side(fact, "bridge")
    assert side.mark is not None
    assert make_article().text[side.mark.start : side.mark.end] == "bridge"
