"""The benchmark of the page: the invented brief holds, and figures are taken together rightly."""

from __future__ import annotations

import random

import pytest

from benchmarks.page import median_of, table
from benchmarks.page_made import make_brief
from summarizer.render import to_html
from summarizer.verify import verify_brief


def made(seed: int = 1):
    return make_brief(random.Random(seed), stories=4, facts=6, articles=12)


def test_invented_brief_says_what_its_articles_say():
    brief, articles = made()
    assert verify_brief(brief, {article.id: article for article in articles}) == []


def test_invented_brief_has_the_size_asked_for():
    brief, articles = made()
    assert len(brief.stories) == 4
    assert {len(story.facts) for story in brief.stories} == {6}
    assert len(articles) == len(brief.sources) == 12
    assert all(2_000 < len(article.text) < 4_500 for article in articles)
    assert all(story.conflicts for story in brief.stories)
    assert brief.rejected


def test_same_seed_makes_the_same_page():
    pages = [to_html(brief, articles=articles) for brief, articles in (made(), made())]
    assert pages[0] == pages[1]
    other, articles = made(2)
    assert to_html(other, articles=articles) != pages[0]


def test_figures_are_medians_but_for_the_worst():
    runs = [
        {"load event, ms": load, "scrolling: worst frame, ms": worst}
        for load, worst in ((10.0, 1.0), (90.0, 7.0), (20.0, 3.0))
    ]
    assert median_of(runs) == {"load event, ms": 20.0, "scrolling: worst frame, ms": 7.0}


@pytest.mark.parametrize(("value", "shown"), [(5725.93, "5,725.93"), (200, "200"), (0.5, "0.5")])
def test_table_has_a_line_for_each_figure(value, shown):
    lines = table({"page, KiB": value, "long": 1}).splitlines()
    assert lines[0].split() == ["page,", "KiB", shown]
    assert len({len(line) for line in lines}) == 1
