"""What the merger makes of articles that come night by night holds when it is verified."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from pathlib import Path

import pytest

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    ModelInfo,
    Story,
    StoryMemory,
    StoryStatus,
)
from summarizer.pipeline import BriefOptions, Run, assemble, read_inputs, validated
from summarizer.render import from_json, to_json, to_markdown
from summarizer.render.phrases import news_line
from summarizer.validate.validator import Validator
from summarizer.verify import verify_brief

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "articles"


@cache
def examples() -> dict[str, Article]:
    """Return the example articles by id."""
    articles, _ = read_inputs([EXAMPLES], Run(None))
    return {article.id: article for article in articles}


@cache
def summary(article_id: str) -> ArticleSummary:
    return validated(examples()[article_id], None, Validator(None), Run(None))


def digest(
    fresh: list[str], told: list[str], since: Brief | None, *, day: dt.date, max_facts: int | None
) -> Brief:
    """Make the digest of the `fresh` articles beside those `told`, with a memory of each story."""
    brief = assemble(
        [summary(key) for key in (*told, *fresh)],
        (),
        ModelInfo(name="none"),
        BriefOptions(since=since, max_facts=max_facts),
        Run(None),
        now=dt.datetime(day.year, day.month, day.day, 2, tzinfo=dt.UTC),
        fresh=set(fresh),
    )
    stories = tuple(
        story.model_copy(update={"memory": _memory(story, told, day)}) for story in brief.stories
    )
    return brief.model_copy(update={"stories": stories, "edition": f"{day}"})


def _memory(story: Story, told: list[str], day: dt.date) -> StoryMemory:
    if set(told).isdisjoint((*story.article_ids, *story.earlier)):
        return StoryMemory(id=story.id, status=StoryStatus.NEW, first_told=day)
    before = day - dt.timedelta(days=1)
    return StoryMemory(
        id=story.id,
        status=StoryStatus.DEVELOPING,
        first_told=before,
        last_told=before,
        digests=1,
    )


@pytest.mark.parametrize(("seed", "max_facts"), [(0, None), (1, 12), (2, 3), (3, 1)])
def test_the_digests_of_two_nights_hold(seed: int, max_facts: int | None) -> None:
    ids = sorted(examples())
    random.Random(seed).shuffle(ids)
    first, second = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    monday = digest(first, [], None, day=dt.date(2031, 5, 5), max_facts=max_facts)
    tuesday = digest(second, first, monday, day=dt.date(2031, 5, 6), max_facts=max_facts)
    assert tuesday.coverage.remembered > 0
    assert sum(story.known for story in tuesday.stories) > 0
    for brief in (monday, tuesday):
        assert verify_brief(brief, examples()) == []
        assert from_json(to_json(brief)) == brief
        assert f"**{news_line(brief)}.**" in to_markdown(brief)


def test_a_night_that_repeats_what_was_told_has_nothing_new() -> None:
    monday = digest(sorted(examples()), [], None, day=dt.date(2031, 5, 5), max_facts=None)
    tuesday = digest([], sorted(examples()), monday, day=dt.date(2031, 5, 6), max_facts=None)
    assert news_line(tuesday) == "Nothing new"
    assert verify_brief(tuesday, examples()) == []
