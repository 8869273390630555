"""Sentences of articles with their words and names, cut once for every rule that reads them."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from summarizer.data import Article
from summarizer.text.names import Name, names
from summarizer.text.words import Token, tokens

MAX_CHARS = 1000  # longer ones are no prose: tables, data, an attack
_QUOTES = "\"'“”‘’"
_PLAIN_GAP = frozenset(f" -–{_QUOTES}")


class NamedSentence(NamedTuple):
    """A sentence, its words and names; their offsets count from `offset` in the article.

    `number` is the sentence id (from 1), `name_of[i]` the index of the name that word `i`
    belongs to, or -1; `lows` are the words in lower case, with plain apostrophes; `published` is
    the day of the article.
    """

    article: int
    number: int
    offset: int
    text: str
    words: tuple[Token, ...]
    names: tuple[Name, ...]
    name_of: tuple[int, ...]
    lows: tuple[str, ...]
    published: dt.date | None = None

    def low(self, i: int) -> str:
        """Return word `i` in lower case with a plain apostrophe; "" beyond either end."""
        return self.lows[i] if 0 <= i < len(self.lows) else ""

    def gap(self, i: int) -> str:
        """Return the characters from the word before to word `i`; past the last word, the rest."""
        if not 0 <= i <= len(self.words):
            return ""
        end = self.words[i].start if i < len(self.words) else len(self.text)
        return self.text[self.words[i - 1].end if i else 0 : end]

    def is_lower(self, i: int) -> bool:
        """Tell whether word `i` is there, begins with a small letter and is in no name."""
        return 0 <= i < len(self.words) and self.words[i].text[0].islower() and self.name_of[i] < 0

    def name_at(self, i: int) -> Name | None:
        """Return the name that word `i` belongs to."""
        if not 0 <= i < len(self.words) or self.name_of[i] < 0:
            return None
        return self.names[self.name_of[i]]

    def after(self, name: Name) -> int:
        """Return the index of the first word after `name`."""
        return bisect_left(self.words, name.end, key=lambda word: word.start)

    def first(self, name: Name) -> int:
        """Return the index of the first word of `name`."""
        return bisect_right(self.words, name.start, key=lambda word: word.end)

    def possessive(self, name: Name) -> bool:
        """Tell whether the name is followed by 's, or by an apostrophe after its own s."""
        tail = self.text[name.end : name.end + 3].replace("’", "'")
        return tail[:3] == "'s " or (tail[:2] == "' " and name.text.endswith("s"))


_WORD = re.compile(r"[^\W\d_]+")


def words_in(text: str) -> set[str]:
    """Return the words of `text` in lower case, cut at every other character: cheap."""
    return set(_WORD.findall(text.lower()))


def read_sentences(
    article: Article, index: int, wanted: Callable[[str], object] = bool
) -> Iterator[NamedSentence]:
    """Read the sentences of `article`, number `index`, that have a name and are no data.

    `wanted` tells by the text alone which are worth reading.
    """
    for number, span in enumerate(article.sentences, start=1):
        text = article.text[span.start : span.end]
        if len(text) <= MAX_CHARS and wanted(text):
            sentence = read_sentence(text, article=index, number=number, offset=span.start)
            if sentence.names:
                yield sentence._replace(published=article.published)


def read_sentence(
    text: str, *, article: int = 0, number: int = 1, offset: int = 0
) -> NamedSentence:
    """Read one sentence; `offset` is where it begins in its article."""
    # A slip of many newsrooms, and spaces that do not break: the length stays.
    text = text.replace("‘s ", "’s ").replace("\u00a0", " ")
    words = tokens(text)
    found = tuple(names(text))
    name_of = [-1] * len(words)
    n = 0
    for i, word in enumerate(words):
        while n < len(found) and found[n].end <= word.start:
            n += 1
        if n < len(found) and found[n].start < word.end:
            name_of[i] = n
    lows = tuple(word.text.lower().replace("’", "'") for word in words)
    return NamedSentence(article, number, offset, text, tuple(words), found, tuple(name_of), lows)


def is_plain_gap(gap: str) -> bool:
    """Tell whether nothing but spaces, hyphens and quotation marks stands between two words."""
    return all(c in _PLAIN_GAP for c in gap)


def is_quoted(sentence: NamedSentence, name: Name) -> bool:
    """Tell whether the name alone stands between quotation marks: “Llama”, 'Llama 2,'."""
    text = sentence.text
    before = text[name.start - 1 : name.start]
    after = text[name.end : name.end + 2].lstrip(",.")
    return before != "" and before in _QUOTES and after[:1] != "" and after[0] in _QUOTES
