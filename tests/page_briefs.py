"""Briefs to look at in a browser: articles long enough to scroll in, and many stories."""

from __future__ import annotations

import random

from summarizer.data import Article, Brief, Fact, SkippedArticle, SkipReason, Update
from summarizer.data import ConflictKind as Kind
from tests.conftest import (
    make_article,
    make_brief,
    make_conflict,
    make_evidence,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)
from tests.rich_brief import make_side

# Each is one character of Python and two of JavaScript, or more than one of either.
ASTRAL = "😀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 𒀀𒁀 𐌰𐌱 𝒳 e\u0301 é"
_WORDS = (
    "harbour council ferry bridge tower market river valley orchard lantern signal garden "
    "winter station museum north copper quiet second early narrow open wooden distant"
).split()


def make_sentences(count: int, *, seed: int, mark: str = "") -> list[str]:
    """Invent sentences, all different; each begins with its number and `mark`."""
    chance = random.Random(seed)
    return [
        f"Item {number} {mark}of the {' '.join(chance.choices(_WORDS, k=14))}."
        for number in range(1, count + 1)
    ]


def make_reading_articles() -> tuple[Article, Article, Article]:
    """Return a long article, one with astral characters everywhere, and a short one."""
    long = make_sentences(150, seed=1)
    long[89] = "The tower of Orvin is 95 metres high."
    odd = make_sentences(80, seed=2, mark=f"{ASTRAL} ")
    odd[59] = f"The tower {ASTRAL} of Orvin is 98 metres high."
    return (
        make_article(*long, title="A tower over Orvin", source="https://news.example/tower"),
        make_article(
            *odd, title="Signs 😀 of the tower", source="articles/signs.txt", between="\n"
        ),
        make_article(title="Velmora bridge opens"),
    )


def make_reading_brief() -> tuple[Brief, tuple[Article, ...]]:
    """Build a brief of two stories whose citations lie deep in long articles.

    Story 1: a fact of two articles, a fact of each, a conflict of these (95 against 98), an
    update. Story 2: the bridge. One claim was refused, one file skipped.
    """
    long, odd, bridge = articles = make_reading_articles()
    both = make_fact(
        make_supported("A tower stands over Orvin.", long, ids=(12,)),
        make_supported("Over Orvin there is a tower.", odd, ids=(40,)),
        id="both",
    )
    low = make_fact(make_supported(None, long, ids=(90,)), id="low")
    high = make_fact(make_supported(None, odd, ids=(60,)), id="high")
    last = make_fact(make_supported("Item 150 is told last.", long, ids=(150,)), id="last")
    moved = Update(
        kind=Kind.NUMBER,
        earlier=make_side(low, "95"),
        later=make_side(high, "98", make_evidence(odd, 60)),
    )
    tower = make_story(
        *(both, low, high, last),
        headline="A tower over Orvin",
        conflicts=(make_conflict(low, high, values=("95 metres", "98 metres")),),
    ).model_copy(update={"updates": (moved,), "left_out": (_first_of(long),)})
    opened = make_story(
        make_fact(make_supported("The bridge opened on Tuesday.", bridge), id="opened"),
        make_fact(make_supported("It cost 340 million crowns.", bridge, ids=(2,)), id="cost"),
        id="story-2",
    )
    brief = make_brief(
        *(tower, opened),
        articles=articles,
        rejected=(make_rejected(article=bridge),),
        skipped=(SkippedArticle(source="in/empty.txt", reason=SkipReason.EMPTY, detail="0 bytes"),),
    )
    return brief, articles


def _first_of(article: Article) -> Fact:
    return make_fact(make_supported("Item 1 was left out.", article), id="left")


def make_wide_brief() -> tuple[Brief, tuple[Article, ...]]:
    """Build a brief whose words, addresses and paths are wider than any phone."""
    word = "Donaudampfschifffahrtsgesellschaft" * 8
    url = "https://news.example/" + "a-very-long-path-without-a-space" * 12
    first = make_article(f"{word} opened.", f"It cost 3{'0' * 200} crowns.", title=word, source=url)
    second = make_article(f"{word} closed.", title=url, source=f"in/{word}.txt", publisher=word)
    facts = [
        make_fact(make_supported(None, article), id=f"fact-{number}")
        for number, article in enumerate((first, second))
    ]
    story = make_story(
        *facts, headline=word, conflicts=(make_conflict(*facts, values=(word, url)),)
    )
    brief = make_brief(
        story,
        articles=(first, second),
        rejected=(make_rejected(word * 2, first, detail=url),),
        skipped=(SkippedArticle(source=url, reason=SkipReason.EMPTY, detail=word),),
    )
    return brief, (first, second)
