"""Conflicts of makers, post holders and means in the articles' own sentences.

Claims of a model cover only a part of the sentences. What is sought here needs no claim: a thing
given to two makers, a post to two people, an action done by one's own means and by another's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from summarizer.data import Article, ConflictKind
from summarizer.merge.sentences import holders
from summarizer.merge.sentences import posts as post_holders
from summarizer.merge.sentences.cast import Cast, key_of
from summarizer.merge.sentences.holders import holdings, rival_holdings
from summarizer.merge.sentences.means import means, rival_means, tells_own
from summarizer.merge.sentences.named import NamedSentence, read_sentences, words_in
from summarizer.merge.sentences.posts import posts, rival_posts


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
            line = _Line(articles, sorted(group, key=lambda i: articles[i].id))
            found.extend(_of_storyline(line))
    ordered = (_in_order(conflict, articles) for conflict in found)
    return sorted(
        set(ordered), key=lambda c: (_place(c.first, articles), _place(c.second, articles))
    )


class _Line:
    """The articles of one storyline; sentences are read when something asks for them."""

    def __init__(self, articles: Sequence[Article], members: Sequence[int]) -> None:
        self._articles = [(i, articles[i]) for i in members]

    def sentences(self, wanted: Callable[[str], object] = bool) -> list[NamedSentence]:
        """Return the sentences whose text is `wanted`."""
        return [s for i, a in self._articles for s in read_sentences(a, i, wanted)]

    def tells(self, wanted: Callable[[str], object]) -> bool:
        """Tell whether the text of some sentence is `wanted`."""
        return any(wanted(article.text) for _, article in self._articles)

    @cached_property
    def cast(self) -> Cast:
        """What all its sentences tell of the names in them."""
        return Cast(self.sentences())


def _place(mark: Mark, articles: Sequence[Article]) -> tuple[str, int, int]:
    return articles[mark.article].id, mark.start, mark.end


def _in_order(conflict: SentenceConflict, articles: Sequence[Article]) -> SentenceConflict:
    first, second = sorted((conflict.first, conflict.second), key=lambda m: _place(m, articles))
    return conflict._replace(first=first, second=second)


def _may_tell(text: str) -> bool:
    words = words_in(text)
    return holders.may_tell(text, words) or post_holders.may_tell(words)


def _of_storyline(line: _Line) -> Iterator[SentenceConflict]:
    telling = line.sentences(_may_tell)
    of_things = (h for s in telling for h in holdings(s))
    for family in _disputed(of_things, lambda h: h.thing.family, lambda h: key_of(h.holder)):
        for a, b in rival_holdings(family, line.cast):
            yield SentenceConflict(
                ConflictKind.NAME,
                _mark(a.sentence, a.holder.start, a.holder.end),
                _mark(b.sentence, b.holder.start, b.holder.end),
            )
    of_posts = (p for s in telling for p in posts(s))
    for post in _disputed(of_posts, lambda p: (p.post, p.body), lambda p: key_of(p.holder)):
        for c, d in rival_posts(post, line.cast):
            yield SentenceConflict(
                ConflictKind.NAME,
                _mark(c.sentence, c.holder.start, c.holder.end),
                _mark(d.sentence, d.holder.start, d.holder.end),
            )
    if not line.tells(tells_own):
        return
    found = (m for s in line.sentences() for m in means(s))
    for action in _disputed(
        found, lambda m: (key_of(m.subject), m.verb, m.thing), lambda m: m.other is None
    ):
        for own, other in rival_means(action, line.cast):
            yield SentenceConflict(
                ConflictKind.PLACE if own.place else ConflictKind.NAME,
                _mark(own.sentence, own.start, own.end),
                _mark(other.sentence, other.start, other.end),
            )


class _Told(Protocol):
    """What a sentence tells."""

    @property
    def sentence(self) -> NamedSentence: ...


_T = TypeVar("_T", bound=_Told)


def _disputed(
    items: Iterable[_T], thing: Callable[[_T], Hashable], value: Callable[[_T], Hashable]
) -> list[list[_T]]:
    """Return what is told of each thing that two articles, and two values, are told of."""
    groups: dict[Hashable, list[_T]] = {}
    for item in items:
        groups.setdefault(thing(item), []).append(item)
    return [
        own
        for own in groups.values()
        if len({one.sentence.article for one in own}) > 1 and len({value(one) for one in own}) > 1
    ]


def _mark(sentence: NamedSentence, start: int, end: int) -> Mark:
    return Mark(sentence.article, sentence.number, sentence.offset + start, sentence.offset + end)
