"""Recall which articles of earlier nights may belong to the stories of tonight's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from summarizer.data import Article
from summarizer.merge.stories.leads import lead_terms
from summarizer.merge.vectors import BACKGROUND, COMMON_WEIGHT
from summarizer.text.common import COMMON_STEMS

if TYPE_CHECKING:  # of the state nothing but the record is needed
    from summarizer.digest.state.records import RememberedArticle

MOST = 60  # remembered articles that a night looks at, where it has few of its own
# Of an article: 401 bytes. With 149 no more than 0.2 % more pairs come back, of any labelled set.
MOST_KEYS = 100
BEST = 8  # remembered articles that a fresh one finds by its words
# Likeness, 0 to 1, below which nothing is found. On Multi-News 98 of 100 pairs that the merger puts
# together come back, with 2.2 articles for a fresh one; with 0.06 it were 99, with 4.6.
FLOOR = 0.1
# Of a night's articles those are found first that are likest for their fresh one: in politics
# everything is alike. On AllSides 81 of 100 pairs come through MOST; by bare likeness it were 74.
_SURROUNDINGS = 8  # likest remembered articles that make a fresh one's surroundings
_SURROUNDINGS_WEIGHT = 0.7  # with 1 the many articles of a long story stand behind chance

_VERSION = 1  # of the bytes; others are not read
_HEAD = bytes([_VERSION])
# The two lowest bits of a key tell how often the article has the stem; on Multi-News 7 of 100
# pairs are lost without. 2, 3 and 5 times begin a grade, which weighs about 1 + ln(times).
_GRADE_BITS = 2
_GRADES = (2, 3, 5)
_GRADE_WEIGHTS = np.array([1.0, 1.7, 2.25, 2.9])

_Keys = npt.NDArray[np.uint32]
_Indexes = npt.NDArray[np.intp]
_Numbers = npt.NDArray[np.float64]


class Likest(NamedTuple):
    """A remembered article that is like a fresh one; both by their index."""

    fresh: int
    remembered: int
    likeness: float  # 0 to 1
    lead: float  # likeness beyond that of the surroundings of the fresh article, as they weigh


def keys(article: Article) -> bytes:
    """Return a signature of what `article` tells: articles about one event share much of it.

    A version byte, then at most MOST_KEYS little-endian uint32, ascending: 30 bits of a hash of a
    stem, 2 bits of how often it is there. The stems are those by which the merger tells stories
    apart: of the title and the opening, names and rare words before common ones.
    """
    counts = lead_terms(article)
    weights = {
        stem: _GRADE_WEIGHTS[_grade(count)] * (COMMON_WEIGHT if stem in COMMON_STEMS else 1.0)
        for stem, count in counts.items()
    }
    heaviest = sorted(weights, key=lambda stem: (-weights[stem], stem))[:MOST_KEYS]
    grades: dict[int, int] = {}
    for stem in heaviest:
        # crc32, not hash(): the state outlives the process.
        hashed = crc32(stem.encode("utf-8", "replace")) >> _GRADE_BITS
        grades[hashed] = max(grades.get(hashed, 0), _grade(counts[stem]))
    packed = [hashed << _GRADE_BITS | grade for hashed, grade in sorted(grades.items())]
    return _HEAD + np.array(packed, dtype="<u4").tobytes()


def recall(
    fresh: Sequence[Article], remembered: Sequence[RememberedArticle], *, most: int = MOST
) -> list[str]:
    """Return the ids of at most `most` remembered articles that may be of a fresh one's story.

    First earlier versions of fresh articles (of the same source), then the likest, then the rest
    of the stories of all these, newest editions first. Neither the order of `fresh` nor that of
    `remembered` matters. Keys of another version, or damaged ones, are like nothing.
    """
    tonight = {article.id: article for article in fresh}
    by_id = {one.article_id: one for one in remembered if one.article_id not in tonight}
    others = [by_id[article_id] for article_id in sorted(by_id)]
    sources = {article.source for article in fresh}
    found = dict.fromkeys(_newest(one for one in others if one.source in sources))
    own = [keys(tonight[article_id]) for article_id in sorted(tonight)]
    for pair in likest(own, [one.keys for one in others]):
        found[others[pair.remembered].article_id] = None
    stories = {by_id[article_id].story_id for article_id in found} - {None}
    found |= dict.fromkeys(_newest(one for one in others if one.story_id in stories))
    return list(found)[: max(0, most)]


def _newest(articles: Iterable[RememberedArticle]) -> list[str]:
    """Return ids, newest editions first."""
    ordered = sorted(articles, key=lambda one: (-one.edition, one.article_id))
    return [one.article_id for one in ordered]


def likest(
    fresh: Sequence[bytes], remembered: Sequence[bytes], *, best: int = BEST, floor: float = FLOOR
) -> list[Likest]:
    """Return the `best` remembered articles for each fresh one, by their keys, greatest lead first.

    Ties keep the order given. A likeness below `floor`, or of 0, is none.
    """
    if not fresh or not remembered:
        return []
    table = _Table([_unpacked(data) for data in (*fresh, *remembered)])
    pairs = []
    for index in range(len(fresh)):
        likeness = table.likeness(index)[len(fresh) :]
        order = np.argsort(-likeness, kind="stable")
        around = float(likeness[order[:_SURROUNDINGS]].sum()) / _SURROUNDINGS
        for other in order[:best].tolist():
            if (like := float(likeness[other])) >= floor and like > 0:
                lead = round(like - _SURROUNDINGS_WEIGHT * around, 9)
                pairs.append(Likest(index, other, like, lead))
    return sorted(pairs, key=lambda pair: (-pair.lead, -pair.likeness, pair.remembered, pair.fresh))


def _grade(count: int) -> int:
    return sum(count >= least for least in _GRADES)


def _unpacked(data: bytes) -> _Keys:
    """Return the keys in `data`; none where they are damaged or of another version."""
    if data[:1] == _HEAD and len(data) % 4 == 1 and len(data) <= 1 + 4 * MOST_KEYS:
        found = np.frombuffer(data, dtype="<u4", offset=1).astype(np.uint32)
        hashes = found >> _GRADE_BITS
        if (hashes[1:] > hashes[:-1]).all():
            return found
    return np.empty(0, dtype=np.uint32)


class _Table:
    """Articles as vectors of length 1 over hashed stems: rare ones weigh more, and repeated ones.

    Everything lies in two flat orders of (article, stem): by article, and by stem.
    """

    def __init__(self, articles: Sequence[_Keys]) -> None:
        self._size = len(articles)
        sizes = [len(own) for own in articles]
        self._starts = np.cumsum([0, *sizes])
        every = np.concatenate(articles)
        hashes = every >> _GRADE_BITS
        _, stems, frequency = np.unique(hashes, return_inverse=True, return_counts=True)
        self._stems: _Indexes = stems
        rarity = np.log((self._size + BACKGROUND) / (frequency + 0.5)).clip(0)
        weights = rarity[stems] * _GRADE_WEIGHTS[every & ((1 << _GRADE_BITS) - 1)]
        owner = np.repeat(np.arange(self._size), sizes)
        length = np.sqrt(np.bincount(owner, weights * weights, minlength=self._size))
        self._weights: _Numbers = weights / np.where(length > 0, length, 1.0)[owner]
        by_stem = np.argsort(stems, kind="stable")
        self._stem_starts = np.cumsum([0, *frequency])
        self._owner_by_stem: _Indexes = owner[by_stem]
        self._weights_by_stem: _Numbers = self._weights[by_stem]

    def likeness(self, index: int) -> _Numbers:
        """Return the cosine of article `index` and every article, 0 to 1."""
        found, parts = [], []
        for place in range(self._starts[index], self._starts[index + 1]):
            stem = self._stems[place]
            having = slice(self._stem_starts[stem], self._stem_starts[stem + 1])
            found.append(self._owner_by_stem[having])
            parts.append(self._weights_by_stem[having] * self._weights[place])
        if not found:
            return np.zeros(self._size)
        sums = np.bincount(np.concatenate(found), np.concatenate(parts), minlength=self._size)
        # Rounded: likenesses that differ by the order of a sum alone are equal.
        return sums.astype(np.float64).round(9)
