"""Code picks the sentences, the model shortens each: for models too small to choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from summarizer.data import Article, Claim
from summarizer.extract.prompts import SHORTEN_VERSION, fill
from summarizer.extract.salience import salient_sentences
from summarizer.model.grammar import one_line
from summarizer.model.interface import Prompt
from summarizer.text.words import STOPWORDS

SENTENCES_AT_MOST = 8
_ARTICLES = {"", "a", "an", "the"}


def guided_prompts(article: Article, *, seed: int, hot: bool) -> Iterator[Prompt]:
    """Return one prompt a salient sentence; `hot`: a retry, so sample."""
    for i in salient_sentences(article, SENTENCES_AT_MOST):
        sentence = " ".join(article.sentence_text(i).split())
        longest = max(40, min(300, len(sentence)))
        yield Prompt(
            id=f"{article.id}:{i}",
            segments=fill(SHORTEN_VERSION, sentence=sentence),
            answer_grammar=one_line(15, longest),
            max_tokens=16 + longest // 3,
            temperature=0.5 if hot else 0.0,
            seed=seed,
        )


def added_words(article: Article, sentence_id: int, text: str) -> list[str]:
    """Return the words that a shortened sentence has beside those of its sentence, as it has them.

    Shortening takes words away. A small model that puts others in, or the same ones in another
    order, has told something else. Case and "a" for "the" make no difference.
    """
    theirs = [_plain(word) for word in article.sentence_text(sentence_id).split()]
    written = text.split()
    ours = [_plain(word) for word in written]
    matched: set[int] = set()
    for block in SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks():
        matched.update(range(block.b, block.b + block.size))
    added = (i for i, word in enumerate(ours) if i not in matched and word not in _ARTICLES)
    return [_bare(written[i]) for i in added]


def says_more(added: list[str]) -> bool:
    """Return whether `added` words make another statement: more than one "is", "and" or "that"."""
    return len(added) > 1 or any(_plain(word) not in STOPWORDS for word in added)


def _plain(word: str) -> str:
    return re.sub(r"\W+", "", word.lower())


def _bare(word: str) -> str:
    """Return a word without the marks around it."""
    return word.strip("".join({c for c in word if not c.isalnum()}))


def guided_claim(article: Article, sentence_id: int, text: str) -> Claim:
    """Return the claim that the model's shortened sentence is."""
    return Claim(article_id=article.id, text=" ".join(text.split()), offered=(sentence_id,))
