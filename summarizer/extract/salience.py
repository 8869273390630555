"""Choose the sentences that say most of an article, without a model."""

from __future__ import annotations

import math
import re
from collections import Counter

from summarizer.data import Article
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


def salient_sentences(article: Article, count: int) -> tuple[int, ...]:
    """Return the ids of at most `count` sentences, in the article's order.

    Score: how central its words are in the article (mean log frequency), plus its position,
    names and numbers, less what makes it lean on its neighbours; a sentence that mostly
    repeats a chosen one is passed over.
    """
    stems = {i: content_stems(article.sentence_text(i)) for i in _ids(article)}
    frequency = Counter(stem for words in stems.values() for stem in set(words))
    frequency.update(content_stems(article.title))
    scores = {i: _score(article, i, words, frequency) for i, words in stems.items()}
    chosen: list[int] = []
    for i in sorted(scores, key=lambda i: (-scores[i], i)):
        if len(chosen) == count:
            break
        if scores[i] > 0 and not any(_repeats(stems[i], stems[j]) for j in chosen):
            chosen.append(i)
    return tuple(sorted(chosen))


def _ids(article: Article) -> range:
    return range(1, len(article.sentences) + 1)


def _score(article: Article, i: int, stems: list[str], frequency: Counter[str]) -> float:
    text = article.sentence_text(i)
    words = len(text.split())
    if not _MIN_WORDS <= words <= _MAX_WORDS or not stems or text.rstrip().endswith("?"):
        return 0.0
    central = sum(math.log1p(frequency[stem]) for stem in set(stems)) / len(set(stems))
    position = 1.0 / (1.0 + 0.15 * (i - 1))
    facts = min(3, len(names(text))) * 0.15 + min(2, len(quantities(text))) * 0.25
    leaning = 0.7 if _LEANS.match(text) else 0.0
    spoken = 0.3 if text.lstrip()[:1] in "\"'“‘" else 0.0
    return max(0.0, central + position + facts - leaning - spoken)


def _repeats(stems: list[str], chosen: list[str]) -> bool:
    ours, theirs = set(stems), set(chosen)
    return len(ours & theirs) > 0.7 * min(len(ours), len(theirs))
