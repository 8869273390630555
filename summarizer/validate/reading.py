"""What the checks need to know of a sentence, read once: words, numbers, dates, names."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from functools import cached_property, lru_cache
from itertools import takewhile

from summarizer.data import Article, RejectReason, Sentence
from summarizer.text.dates import DateMention, dates
from summarizer.text.names import Name, names
from summarizer.text.negation import Scope, scopes
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.words import Term, terms

# More than that no article has that was read; one made by hand is looked at as far.
MAX_SENTENCES = 20_000
MAX_CHARS = 2_000_000
MAX_SENTENCE_CHARS = 4_000

Finding = tuple[RejectReason, str]  # why a claim is refused, and the detail for readers


class Reading:
    """One sentence or claim; every view of it is worked out when first asked for.

    `number` is the sentence's id in its article, from 1; None for a claim or a title.
    """

    def __init__(self, text: str, published: dt.date | None, *, number: int | None = None) -> None:
        self.text = text
        self.number = number
        self._published = published

    @cached_property
    def terms(self) -> list[Term]:
        """Content words in order, under canonical stems."""
        return terms(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The canonical stems of the content words, and their own stems."""
        return frozenset(t.key for t in self.terms) | frozenset(t.stem for t in self.terms)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Numbers in order."""
        return quantities(self.text)

    @cached_property
    def dates(self) -> list[DateMention]:
        """Dates in order, resolved by the date of the article."""
        return dates(self.text, self._published)

    @cached_property
    def names(self) -> list[Name]:
        """Names in order."""
        return names(self.text)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Content words with polarity and modality."""
        return scopes(self.text)

    @cached_property
    def lower(self) -> str:
        """The text in lower case, quotes and dashes made plain."""
        plain = self.text.lower().translate(_PLAIN)
        return " ".join(plain.split())


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


def _bare(lower: str) -> str:
    return lower.strip(" .!?\"'")


def _shortened(text: str, sentence: Sentence) -> str:
    return text[sentence.start : min(sentence.end, sentence.start + MAX_SENTENCE_CHARS)]


class Index:
    """The sentences of one article, and how rare each word is among them.

    `complete` tells whether they are all looked at: not those of texts longer than any article.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        within = list(takewhile(lambda s: s.start < MAX_CHARS, article.sentences[:MAX_SENTENCES]))
        self.complete = len(within) == len(article.sentences)
        self.sentences = [
            Reading(_shortened(article.text, s), article.published, number=i)
            for i, s in enumerate(within, 1)
        ]
        self.title = Reading(article.title, article.published)
        count = len(self.sentences)
        found = Counter(key for reading in self.sentences for key in reading.keys)
        # BM25's idf, kept above 0 so that a word of every sentence still counts a little.
        self._idf = {
            key: math.log(1 + (count - n + 0.5) / (n + 0.5)) + 0.3 for key, n in found.items()
        }
        self._unseen = math.log(1 + (count + 0.5) / 0.5) + 0.3
        self.mean_length = sum(len(r.terms) for r in self.sentences) / max(count, 1)

    def weight(self, term: Term) -> float:
        """How much a word tells; one that the article lacks tells most."""
        known = [self._idf[k] for k in (term.key, term.stem) if k in self._idf]
        return min(known) if known else self._unseen

    def has(self, term: Term) -> bool:
        """Tell whether the article has the word anywhere."""
        return term.key in self._idf or term.stem in self._idf

    def verbatim(self, claim: Reading) -> int | None:
        """Return the id of the sentence that is `claim` word for word, or None."""
        return self._whole.get(_bare(claim.lower))

    @cached_property
    def _whole(self) -> dict[str, int]:
        return {_bare(reading.lower): i for i, reading in enumerate(self.sentences, 1)}

    @cached_property
    def names(self) -> list[Name]:
        """Every name of every sentence."""
        return [name for reading in self.sentences for name in reading.names]


@lru_cache(maxsize=256)
def index_of(article: Article) -> Index:
    """Return the index of `article`; claims of one article share it."""
    return Index(article)
