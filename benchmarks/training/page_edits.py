"""Claims about passages of web pages: edits of their sentences, and sentences from elsewhere."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from summarizer.edits import EditKind, Pool, edits
from summarizer.read import article_from_text

Claims = list[tuple[str, int]]  # with a label: 1 supported

_PASSAGES = 16  # of one page, however long it is
_SENTENCES = 7  # of one passage
_PASSAGE_CHARS = (150, 350, 550, 700)  # the last is what the validator reads at most
_SENTENCE_CHARS = 500
_CONTEXT = 3  # sentences before one that its pronouns may point to
_FALSE, _TRUE = 2, 3  # edits taken of a sentence
_ALIKE = 4  # sentences from elsewhere to choose from, those that share most words
_FURNITURE = re.compile(r"[|©{}<>]|https?:")
_WORD = re.compile(r"[a-z0-9]{4,}")


def claims_of_pages(docs: Mapping[str, str], rng: random.Random) -> Iterator[tuple[str, Claims]]:
    """Give passages of the pages with claims about each; those without any are left out."""
    sentences = {key: sentences_of(doc, key) for key, doc in docs.items()}
    everyone = Pool.of([text for texts in sentences.values() for text in texts[:8]])
    for texts in sentences.values():
        own = Pool.of(texts)
        for start, end in _passages(texts, rng):
            claims = _claims(texts, start, end, (own, everyone), rng)
            if claims:
                yield " ".join(text[:_SENTENCE_CHARS] for text in texts[start:end]), claims


def sentences_of(doc: str, key: str) -> list[str]:
    """Return the sentences of a page, white space evened out."""
    article = article_from_text(doc, source=key)
    return [" ".join(article.text[s.start : s.end].split()) for s in article.sentences]


def is_prose(text: str) -> bool:
    """Return whether `text` is a whole sentence of news rather than a piece of a web page."""
    return (
        40 < len(text) < 320
        and text[0].isupper()
        and text.rstrip("\"”')")[-1] in ".!?"
        and len(text.split()) >= 6
        and not _FURNITURE.search(text)
    )


def _passages(texts: Sequence[str], rng: random.Random) -> list[tuple[int, int]]:
    """Cut a page into passages of several lengths; return some that have prose."""
    found = []
    start = 0
    while start < len(texts):
        end, size = start, 0
        wanted = rng.choice(_PASSAGE_CHARS)
        while end < len(texts) and size < wanted and end - start < _SENTENCES:
            size += len(texts[end])
            end += 1
        found.append((start, end))
        start = end
    found = [(a, b) for a, b in found if any(is_prose(text) for text in texts[a:b])]
    rng.shuffle(found)
    return found[:_PASSAGES]


def _claims(
    texts: Sequence[str], start: int, end: int, pools: tuple[Pool, Pool], rng: random.Random
) -> Claims:
    chosen = [i for i in range(start, end) if is_prose(texts[i])]
    rng.shuffle(chosen)
    claims: Claims = []
    for i in chosen[: 3 if rng.random() < 0.4 else 2]:
        claims += _edited(texts[i], texts[max(0, i - _CONTEXT) : i], pools, rng)
    if elsewhere := _from_elsewhere(texts, start, end, rng):
        claims.append((elsewhere, 0))
    return claims


def _edited(
    sentence: str, context: Sequence[str], pools: tuple[Pool, Pool], rng: random.Random
) -> Claims:
    own, everyone = pools
    pool = own if rng.random() < 0.8 else everyone
    made = edits(sentence, context=context, pool=pool, rng=rng)
    false = [edit for edit in made if not edit.supported]
    true = [edit for edit in made if edit.supported]
    rng.shuffle(false)
    rng.shuffle(true)
    if true and rng.random() < 0.5:  # reworded and false: other words alone must tell nothing
        again = edits(rng.choice(true).text, context=context, pool=own, rng=rng)
        if worse := [edit for edit in again if not edit.supported]:
            false.append(rng.choice(worse))
    true = [e for e in true if e.kind is not EditKind.VERBATIM or rng.random() < 0.5]
    return [(e.text, int(e.supported)) for e in false[:_FALSE] + true[:_TRUE]]


def _from_elsewhere(texts: Sequence[str], start: int, end: int, rng: random.Random) -> str | None:
    """Return a sentence of the page that the passage does not say, though it is about the same."""
    here = _words(" ".join(text[:_SENTENCE_CHARS] for text in texts[start:end]))
    shared = {
        text: (len(_words(text) & here), len(_words(text)))
        for i, text in enumerate(texts)
        if not start <= i < end and is_prose(text)
    }
    other = [
        text
        for i, text in enumerate(texts)
        if not start <= i < end and is_prose(text) and shared[text][0] < 0.5 * shared[text][1]
    ]
    other.sort(key=lambda text: -shared[text][0] / (shared[text][1] + 3))
    return rng.choice(other[:_ALIKE]) if other else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
