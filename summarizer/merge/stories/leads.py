"""Read from an article what tells its story: the words it opens with, the weekdays it names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from summarizer.data import Article
from summarizer.merge.vectors import COMMON_WEIGHT, inverse_frequencies
from summarizer.text.common import COMMON_STEMS
from summarizer.text.dates import WEEKDAYS
from summarizer.text.words import content_stems

# Words of the text that count. On Multi-News the background tells articles on one event from
# articles on one person better than 250 words do.
TEXT_WORDS = 800
LEAD_WORDS = 250  # the event stands in the beginning: its words count twice
_LONGEST_WORD = 12  # characters a word, on average, beyond which a text is none
TITLE_WEIGHT = 3  # times a title word counts
# Articles that a folder is imagined to hold besides its own. With 5 the words of the one event of
# a folder of forty articles weighed next to nothing, and what they did not share split them.
_BACKGROUND = 50
_DAYS_NAMED = 2  # weekdays: the event's is among the first that are named, the next are others
_WEEKDAY = re.compile(r"\b(?:" + "|".join(day.title() for day in WEEKDAYS) + r")\b")
_DAY_NUMBER = {day.title(): number for number, day in enumerate(WEEKDAYS)}
# Pairs of articles that are alike and name no day in common are seldom one story: 16 of 1,612 on
# AllSides, against 71 of 621 that name one. Likeness is multiplied by:
_SAME_DAY, _NEXT_DAY, _OTHER_DAY = 1.1, 0.75, 0.6


def opening(article: Article, words: int = TEXT_WORDS) -> str:
    """Return the first `words` words of the sentences of `article`; giant words are cut."""
    found: list[str] = []
    for sentence in article.sentences:
        found += article.text[sentence.start : sentence.end].split()
        if len(found) >= words:
            break
    return " ".join(found[:words])[: words * _LONGEST_WORD]


def lead_terms(article: Article) -> Counter[str]:
    """Count the stems of the title and the first TEXT_WORDS words, the first of them twice."""
    whole, lead = opening(article), opening(article, LEAD_WORDS)
    if not whole.startswith(lead):  # a giant word was cut in one of them
        lead = ""
    return Counter(_terms(lead, whole[len(lead) :], article.title))


@lru_cache(maxsize=1024)  # a digest asks for them four times
def _terms(lead: str, rest: str, title: str) -> Counter[str]:
    counts = Counter({stem: 2 * count for stem, count in Counter(content_stems(lead)).items()})
    counts.update(content_stems(rest))
    for stem in content_stems(title):
        counts[stem] += TITLE_WEIGHT
    return counts


def lead_vectors(articles: Sequence[Article]) -> list[dict[str, float]]:
    """Return the tf-idf vectors, of length 1, of what the articles open with.

    Terms of one article alone count in its length, but are left out: they match nothing.
    """
    counts = [lead_terms(article) for article in articles]
    frequency = Counter(term for each in counts for term in each)
    idf = inverse_frequencies(counts, background=_BACKGROUND)
    vectors = []
    for each in counts:
        weights = {
            term: (1 + math.log(n)) * idf[term] * (COMMON_WEIGHT if term in COMMON_STEMS else 1.0)
            for term, n in sorted(each.items())
        }
        length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
        vectors.append(
            {t: w / length for t, w in weights.items() if frequency[t] > 1} if length else {}
        )
    return vectors


def weekdays(article: Article) -> frozenset[int]:
    """Return the first weekdays that `article` names, two at most; Monday is 0."""
    named: dict[int, None] = {}
    for match in _WEEKDAY.finditer(opening(article)):
        named[_DAY_NUMBER[match.group()]] = None
        if len(named) == _DAYS_NAMED:
            break
    return frozenset(named)


def day_agreement(a: frozenset[int], b: frozenset[int]) -> float:
    """Return what the weekdays of two articles leave of their likeness; 1 where one names none."""
    if not a or not b:
        return 1.0
    apart = min(min((x - y) % 7, (y - x) % 7) for x in a for y in b)
    return (_SAME_DAY, _NEXT_DAY, _OTHER_DAY)[min(apart, 2)]
