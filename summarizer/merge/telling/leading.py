"""What stands at the top of a story: the title of an article, and the fact that leads."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from summarizer.data import Article, ArticleSummary, Fact
from summarizer.merge.stories.grouping import Likeness, mean_vector
from summarizer.merge.stories.leads import opening
from summarizer.merge.telling.dangling import all_quoted, leans, points_back
from summarizer.merge.vectors import COMMON_WEIGHT, cosine
from summarizer.text.common import COMMON_STEMS
from summarizer.text.names import names
from summarizer.text.words import content_stems

_LONGEST_HEADLINE = 160  # characters; a longer title is a paragraph that was taken for one
SHORTEST_LEAD, LONGEST_LEAD = 8, 45  # words: enough to say who did what, and one breath
_BEST = 8  # facts by merit, of which the lead is chosen
_OPENING_WORDS = 60  # of an article: about its first two sentences
_TITLE, _OPENING = 1.0, 0.25  # weight of a stem: a title is the news, an opening may be background

# Of the choice of the lead. 0.1 of likeness outweighs half a doubling of the origins; on the
# shared and the example articles the likeness of the best facts is 0.1 to 0.5.
ABOUT = 10.0
DANGLING = 3.0  # "… to reach that region" leads where hardly anything else tells of the story
NAMELESS = 2.0  # "The lander stands 600 kilometres from the pole itself": whose, and which?
NOVEL_LEAD = 1.0  # what is new may lead, but not what says nothing of the story

# The end of a sentence inside a text. A short capitalised word before the stop is an abbreviation
# ("Sen. Brask"), and so is a single letter.
_END_INSIDE = re.compile(r"(?P<word>\b[^\W_]{2,20}|[%)”\"’])[.!?][”\"’)]?\s+[“\"‘(]?[A-Z]")
_LONGEST_ABBREVIATION = 4
_NO_END = ("?", "...", "…")  # a question, and what an excerpt breaks off
_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2}")

_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2}")


def headline(
    members: Sequence[int], summaries: Sequence[ArticleSummary], likeness: Likeness
) -> tuple[str, str | None]:
    """Return the title of the article nearest the centre of the story, and the article's id.

    `members` are the places of the story's articles in `summaries`. Titles are the publishers'
    words; what a model wrote for a headline was checked by nobody and is never shown. ("", None)
    where no article has a title that could be one: then the lead's wording stands in.
    """
    centre = mean_vector([likeness.vectors[i] for i in members])

    def centrality(i: int) -> float:
        # The likeness to the mean of all is the mean likeness to each, itself included.
        own = cosine(likeness.vectors[i], likeness.vectors[i])
        return round(cosine(likeness.vectors[i], centre) * len(members) - own, 9)

    titled = [i for i in members if _is_title(summaries[i].article.title)]
    if not titled:
        return "", None
    article = summaries[min(titled, key=lambda i: (-centrality(i), i))].article
    return article.title.strip(), article.id


def _is_title(title: str) -> bool:
    shown = title.strip()
    return len(shown) <= _LONGEST_HEADLINE and any(c.isalnum() for c in shown)


def choose_lead(
    facts: Sequence[Fact],
    articles: Sequence[Article],
    *,
    merit: Callable[[Fact], float],
    novel: Callable[[Fact], bool],
) -> Fact:
    """Return the fact that best says what the story of `articles` is about.

    `facts` (one at least) come best first. Of the first _BEST that can lead, the one counts
    whose merit and likeness to titles and openings are highest; the first where none can.
    """
    if len(facts) == 1:
        return facts[0]
    stated = _stated(articles)
    length = _length(stated)
    candidates = list(islice((fact for fact in facts if can_lead(fact.text)), _BEST))

    def rank(fact: Fact) -> tuple[float, str]:
        fit = ABOUT * _likeness(stated, length, fact.text) + merit(fact) + NOVEL_LEAD * novel(fact)
        cost = DANGLING * points_back(fact.text) + NAMELESS * _nameless(fact.text)
        return -round(fit - cost, 9), fact.id

    return min(candidates, key=rank) if candidates else facts[0]


def _nameless(text: str) -> bool:
    # A capital inside is hardly ever anything else; names() takes its time.
    return _INNER_CAPITAL.search(text, 1) is None and not names(text)


def can_lead(text: str) -> bool:
    """Tell whether `text` is one whole sentence of fair length that can be read by itself."""
    if not any(c.isalnum() for c in text) or leans(text) or all_quoted(text):
        return False
    length = len(text.split())
    if not SHORTEST_LEAD <= length <= LONGEST_LEAD or text.rstrip("”\"’') ").endswith(_NO_END):
        return False
    return not any(_ends_sentence(match["word"]) for match in _END_INSIDE.finditer(text))


def _ends_sentence(word: str) -> bool:
    return not (word[0].isupper() and len(word) <= _LONGEST_ABBREVIATION)


def _stated(articles: Sequence[Article]) -> dict[str, float]:
    """Return how much each stem stands for the story: in how many titles and openings it is."""
    titles: Counter[str] = Counter()
    openings: Counter[str] = Counter()
    for article in articles:
        titles.update(set(content_stems(article.title[: 2 * _LONGEST_HEADLINE])))
        openings.update(set(content_stems(opening(article, _OPENING_WORDS))))
    return {
        stem: (_TITLE * titles[stem] + _OPENING * openings[stem]) * _rarity(stem)
        for stem in sorted({*titles, *openings})
    }


def _likeness(stated: Mapping[str, float], length: float, text: str) -> float:
    """Return the cosine of what is stated, of this length, and the stems of `text`, 0 to 1."""
    stems = {stem: _rarity(stem) for stem in content_stems(text)}
    lengths = length * _length(stems)
    shared = math.fsum(weight * stated[stem] for stem, weight in stems.items() if stem in stated)
    return shared / lengths if lengths else 0.0


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in vector.values()))


def _rarity(stem: str) -> float:
    return COMMON_WEIGHT if stem in COMMON_STEMS else 1.0
