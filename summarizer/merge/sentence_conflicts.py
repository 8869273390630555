"""Conflicts of makers, post holders and means in the articles' own sentences.

Claims of a model cover only a part of the sentences. What is sought here needs no claim: a thing
given to two makers, a post to two people, an action done by one's own means and by another's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from summarizer.data import Article, ConflictKind
from summarizer.merge.cast import Cast, key_of
from summarizer.merge.holders import holdings, rival_holdings
from summarizer.merge.means import means, rival_means
from summarizer.merge.named import NamedSentence, read_sentences
from summarizer.merge.posts import posts, rival_posts


class Mark(NamedTuple):
    """What differs: `article.text[start:end]` of article `article`, inside sentence `sentence`."""

    article: int
    sentence: int
    start: int
    end: int


class SentenceConflict(NamedTuple):
    """Two sentences of two articles that cannot both be right, and what differs in them."""

    kind: ConflictKind
    first: Mark
    second: Mark


def sentence_conflicts(
    articles: Sequence[Article], storyline_of: Sequence[int]
) -> list[SentenceConflict]:
    """Return the conflicts between sentences of articles of one storyline, in a stable order.

    `storyline_of` labels each of `articles`; those of different labels are never compared. The
    sides of a conflict, and the conflicts, are in the order of their articles' ids. There is one
    for one thing and one pair of values.
    """
    members: dict[int, list[int]] = {}
    for index, label in enumerate(storyline_of):
        members.setdefault(label, []).append(index)
    found: list[SentenceConflict] = []
    for group in members.values():
        if len({articles[i].id for i in group}) > 1:
            group = sorted(group, key=lambda i: articles[i].id)
            sentences = [s for i in group for s in read_sentences(articles[i], i)]
            found.extend(_of_storyline(sentences))
    ordered = (_in_order(conflict, articles) for conflict in found)
    return sorted(
        set(ordered), key=lambda c: (_place(c.first, articles), _place(c.second, articles))
    )


def _place(mark: Mark, articles: Sequence[Article]) -> tuple[str, int, int]:
    return articles[mark.article].id, mark.start, mark.end


def _in_order(conflict: SentenceConflict, articles: Sequence[Article]) -> SentenceConflict:
    first, second = sorted((conflict.first, conflict.second), key=lambda m: _place(m, articles))
    return conflict._replace(first=first, second=second)


def _of_storyline(sentences: Sequence[NamedSentence]) -> Iterator[SentenceConflict]:
    cast = Cast(sentences)
    things = _grouped((h for s in sentences for h in holdings(s)), lambda h: h.thing.family)
    for family in things:
        for a, b in rival_holdings(family, cast):
            yield SentenceConflict(
                ConflictKind.NAME,
                _mark(a.sentence, a.holder.start, a.holder.end),
                _mark(b.sentence, b.holder.start, b.holder.end),
            )
    held = _grouped((p for s in sentences for p in posts(s)), lambda p: (p.post, p.body))
    for post in held:
        for c, d in rival_posts(post, cast):
            yield SentenceConflict(
                ConflictKind.NAME,
                _mark(c.sentence, c.holder.start, c.holder.end),
                _mark(d.sentence, d.holder.start, d.holder.end),
            )
    done = _grouped(
        (m for s in sentences for m in means(s)), lambda m: (key_of(m.subject), m.verb, m.thing)
    )
    for action in done:
        for own, other in rival_means(action, cast):
            yield SentenceConflict(
                ConflictKind.PLACE if own.place else ConflictKind.NAME,
                _mark(own.sentence, own.start, own.end),
                _mark(other.sentence, other.start, other.end),
            )


_T = TypeVar("_T")


def _grouped(items: Iterable[_T], key: Callable[[_T], Hashable]) -> list[list[_T]]:
    groups: dict[Hashable, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _mark(sentence: NamedSentence, start: int, end: int) -> Mark:
    return Mark(sentence.article, sentence.number, sentence.offset + start, sentence.offset + end)
