"""benchmarks.nights_articles: invented news that is the same every time and like no other."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.nights_articles import FIRST_DAY, articles_of_night, main, story_of
from summarizer.data import Article
from summarizer.merge.stories.origins import near_copies
from summarizer.read import read_articles

NIGHTS = 16


@pytest.fixture(scope="module")
def nights() -> list[list[tuple[str, str]]]:
    return [articles_of_night(night) for night in range(NIGHTS)]


def test_a_night_is_the_same_every_time(nights):
    assert articles_of_night(5) == nights[5]
    assert articles_of_night(5, seed=1) != nights[5]


def test_a_night_has_as_many_articles_as_asked_for(nights):
    assert {len(night) for night in nights} == {20}
    for count in (1, 7, 60):
        assert len(articles_of_night(9, count)) == count
    names = [name for night in nights for name, _ in night]
    texts = {text for night in nights for _, text in night}
    assert len(set(names)) == len(texts) == len(names)


def test_every_slot_is_filled_and_every_article_is_dated(nights):
    for number, night in enumerate(nights):
        day = (FIRST_DAY + dt.timedelta(days=number)).isoformat()
        for _, text in night:
            assert not re.search(r"[{}\[\]|]", text)
            assert text.split("\n")[3] == f"Published: {day}"


def test_articles_are_read_as_they_are_meant(tmp_path, nights):
    for name, text in nights[3]:
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = [one for one in read_articles([tmp_path]) if isinstance(one, Article)]
    assert len(read) == 20
    for article in read:
        assert article.published == FIRST_DAY + dt.timedelta(days=3)
        assert 10 <= len(article.sentences) <= 20
        assert 2000 < len(article.text) < 4500
        assert article.title
    copies = {(story_of(read[i].source), story_of(read[j].source)) for i, j in near_copies(read)}
    assert len(copies) == 1 and len(set(copies.pop())) == 1  # the agency's text, in one story


def test_stories_go_on_have_several_papers_or_stand_alone(nights):
    told = Counter(story_of(name) for night in nights for name, _ in night)
    last = {story_of(name): n for n, night in enumerate(nights) for name, _ in night}
    assert sum(last[story] - story // 10_000 > 1 for story in told) > NIGHTS // 3
    assert sum(count == 1 for count in told.values()) > NIGHTS
    assert sum(count > 1 for count in told.values()) > 2 * NIGHTS


def test_a_number_of_a_storyline_grows(nights):
    later = [
        text for night in nights for _, text in night if " from " in text and "rose to" in text
    ]
    moved = [re.search(r"rose to ([\d,]+)(?: percent)? from ([\d,]+)", text) for text in later]
    values = [[int(v.replace(",", "")) for v in match.groups()] for match in moved if match]
    assert len(values) > 5
    assert all(after > before for after, before in values)


def test_a_name_of_another_file_is_refused():
    with pytest.raises(ValueError, match="not a name"):
        story_of("notes.txt")


def test_command_line_writes_the_files(tmp_path: Path, nights: list[list[tuple[str, str]]]) -> None:
    main([str(tmp_path / "made"), "--nights", "2"])
    written = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "made").iterdir()}
    assert written == dict([*nights[0], *nights[1]])
