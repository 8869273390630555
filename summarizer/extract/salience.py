"""Choose the sentences that say most of an article, without a model."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from summarizer.data import Article
from summarizer.text.dates import dates
from summarizer.text.names import names
from summarizer.text.quantities import quantities
from summarizer.text.words import content_stems

# A sentence that opens with one of these leans on the one before it.
_LEANS = re.compile(
    r"(he|she|it|they|this|these|those|that|such|his|her|its|their|but|and|so|yet|still|however|"
    r"meanwhile|also|instead|then|there|here|nevertheless|nonetheless|moreover)\b",
    re.IGNORECASE,
)
_MIN_WORDS, _MAX_WORDS = 6, 60
_NEW_NAME = 0.2
_LEANING = 0.7
_LARGE = 1000


def salient_sentences(
    article: Article, count: int, *, among: range | None = None, alone: bool = True
) -> tuple[int, ...]:
    """Return the ids of at most `count` sentences (of `among`), in the article's order.

    Score: how central its words are in the article (mean log frequency), plus its position,
    numbers, dates and names that are new; less, where it must stand `alone`, what makes it lean
    on its neighbours. A sentence that mostly repeats a chosen one is passed over.
    """
    stems, named, plain = _measured(article)
    scores = {
        i: score - (_LEANING if alone and leans(article, i) else 0.0) for i, score in plain.items()
    }
    left = [i for i in among or stems if scores[i] > 0]
    chosen: list[int] = []
    told: set[str] = set()
    while left and len(chosen) < count:
        # A name nobody has told of yet counts: what is new in a report comes once.
        best = max(left, key=lambda i: (scores[i] + _NEW_NAME * min(3, len(named[i] - told)), -i))
        left.remove(best)
        if not any(_repeats(stems[best], stems[i]) for i in chosen):
            chosen.append(best)
            told |= named[best]
    return tuple(sorted(chosen))


@lru_cache(maxsize=64)  # prompts and stand-ins ask for the same article
def _measured(
    article: Article,
) -> tuple[dict[int, list[str]], dict[int, set[str]], dict[int, float]]:
    """Return the stems, the names and the score of each sentence; not to be changed."""
    stems = {i: content_stems(article.sentence_text(i)) for i in _ids(article)}
    frequency = Counter(stem for words in stems.values() for stem in set(words))
    frequency.update(content_stems(article.title))
    named = {i: {name.text for name in names(article.sentence_text(i))} for i in stems}
    scores = {i: _score(article, i, words, frequency) for i, words in stems.items()}
    return stems, named, scores


def _ids(article: Article) -> range:
    return range(1, len(article.sentences) + 1)


def _score(article: Article, i: int, stems: list[str], frequency: Counter[str]) -> float:
    text = article.sentence_text(i)
    words = len(text.split())
    if not _MIN_WORDS <= words <= _MAX_WORDS or not stems or text.rstrip().endswith("?"):
        return 0.0
    central = sum(math.log1p(frequency[stem]) for stem in set(stems)) / len(set(stems))
    position = 0.7 / (1.0 + 0.15 * (i - 1))
    facts = 0.3 * min(2, len(quantities(text)))
    dated = 0.3 if dates(text, article.published) else 0.0
    spoken = 0.3 if text.lstrip()[:1] in "\"'“‘" else 0.0
    return 0.6 * central + position + facts + dated - spoken


def leans(article: Article, sentence_id: int) -> bool:
    """Return whether the sentence opens with a word that points to the one before it."""
    return _LEANS.match(article.sentence_text(sentence_id)) is not None


def telling_number(article: Article, sentence_id: int) -> bool:
    """Return whether the sentence has a large number or a day's date: what sources differ in."""
    text = article.sentence_text(sentence_id)
    return any(q.value >= _LARGE for q in quantities(text)) or any(
        date.day is not None and date.month is not None for date in dates(text, article.published)
    )


def _repeats(stems: list[str], chosen: list[str]) -> bool:
    ours, theirs = set(stems), set(chosen)
    return len(ours & theirs) > 0.7 * min(len(ours), len(theirs))
