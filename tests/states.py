"""Builders of what the digest's state holds: invented articles, stories, editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from summarizer.data import Article, Fact, StoryStatus
from summarizer.digest.state import State
from summarizer.digest.state.records import (
    Edition,
    EditionInputs,
    KnownFact,
    KnownStory,
    StoryNews,
)
from tests.conftest import make_article, make_brief, make_fact, make_supported

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TODAY = NIGHT.date()


def piece(number: int, *, source: str | None = None) -> Article:
    """Build the article with this number."""
    return make_article(
        f"The harbour of Velmora counted {number} ships on Tuesday.",
        f"Number {number} was the Ilse, said the harbour office.",
        title=f"Ships {number}",
        source=source or f"articles/{number}.txt",
    )


def add(state: State, *numbers: int, now: dt.datetime = NIGHT) -> list[Article]:
    """Add the articles with these numbers; the keys are the number."""
    articles = [piece(number) for number in numbers]
    for number, article in zip(numbers, articles, strict=True):
        state.articles.add(article, run=1, now=now, keys=str(number).encode())
    return articles


def told_fact(article: Article, id: str, *, text: str | None = None) -> Fact:
    """Build a fact that cites the first sentence of `article`."""
    return make_fact(make_supported(text, article), id=id)


def news(
    story_id: str,
    articles: Sequence[Article],
    facts: Sequence[Fact] = (),
    *,
    status: StoryStatus = StoryStatus.NEW,
    day: dt.date = TODAY,
    digests: int = 1,
    replaced: tuple[str, ...] = (),
    absorbed: tuple[str, ...] = (),
) -> StoryNews:
    """Build what an edition adds to a story; the edition's number comes when it is stored."""
    return StoryNews(
        story=KnownStory(
            id=story_id,
            headline=f"About {story_id}",
            status=status,
            first_edition=0,
            last_edition=0,
            first_told=TODAY,
            last_told=day,
            digests=digests,
        ),
        article_ids=tuple(article.id for article in articles),
        facts=tuple(
            KnownFact(story_id=story_id, edition=0, kind="new", fact=fact) for fact in facts
        ),
        replaced=replaced,
        absorbed=absorbed,
    )


def tell(
    state: State,
    *items: StoryNews,
    fresh: Sequence[Article] = (),
    quiet: Sequence[str] = (),
    channels: dict[str, str] | None = None,
    now: dt.datetime = NIGHT,
    run: int = 1,
) -> Edition:
    """Add the next edition and return it."""
    brief = make_brief()
    edition = Edition(
        number=state.editions.next_number(),
        name=state.editions.free_name(now.date()),
        run=run,
        created=now,
        inputs=EditionInputs(fresh=tuple(article.id for article in fresh)),
        brief=brief,
    )
    state.editions.add(edition, items, quiet, channels or {})
    return edition
