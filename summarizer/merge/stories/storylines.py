"""Find the stories that are one development over weeks or months, and put them in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from summarizer.data import Article
from summarizer.merge.stories.grouping import (
    SURROUNDINGS_WEIGHT,
    Likeness,
    mean_vector,
    surroundings,
)
from summarizer.merge.stories.leads import opening
from summarizer.merge.stories.linkage import average_linkage
from summarizer.merge.stories.neighbours import likely_pairs
from summarizer.merge.stories.versions import Version, earlier, main_versions
from summarizer.merge.stories.written import Written, joint
from summarizer.merge.vectors import cosine
from summarizer.text.names import names

# Mean likeness of words, over the surroundings, of two groups of stories in one storyline. Looked
# at on AllSides: from here up pairs of stories were steps of one affair, below also neighbours.
SAME_LINE = 0.1
LEAST_NAMES = 2  # that two stories must share: one prominent person is in many affairs
_MAIN_NAME = 0.5  # share of the articles of a story that must name what is one of its main names
# A name of more stories tells no storyline: that keeps a president's affairs apart.
_MOST_STORIES = 8
_MOST_SHARE = 0.05  # … or of this share of the stories, whichever is more
_MANY_STORIES = 500
_FARTHEST_DAYS = 270  # between the ends of two stories that follow one another
_NAMED_WITHIN = 120  # words; with 250 the storylines of AllSides are the same
_NEIGHBOURS = 20  # likest stories that are looked at


def storylines(
    articles: Sequence[Article], likeness: Likeness, labels: Sequence[int]
) -> list[list[int]]:
    """Return groups, of two at least, of the story labels that follow one another, oldest first.

    `labels` gives the story of each article. The storylines are in the order of their first story.
    """
    stories = _Stories(articles, likeness, labels)
    scores = _alike(stories)
    around = surroundings(len(stories.labels), scores, imagined=0.0)
    costs = [SURROUNDINGS_WEIGHT * each for each in around]
    read = _worth_reading(len(stories.labels), scores)
    common = stories.common_names(read)
    followed = {
        pair: score
        for pair, score in scores.items()
        if read.issuperset(pair) and stories.follow(*pair, common)
    }
    lines = average_linkage(len(stories.labels), followed, threshold=SAME_LINE, costs=costs)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for story, line in enumerate(lines):
        groups[line].append(story)
    ordered = [_in_order(group, stories) for group in groups.values() if len(group) > 1]
    ordered.sort(key=lambda group: stories.rank(group[0]))
    return [[stories.labels[story] for story in group] for group in ordered]


def _worth_reading(size: int, scores: Mapping[tuple[int, int], float]) -> set[int]:
    """Return the stories whose names are read: all, or in a large run those that could be joined.

    The mean of a group is no more than the likest of its pairs, so the others join nothing. But
    their names tell which names are everywhere, and a few hundred stories need all of them.
    """
    if size <= _MANY_STORIES:
        return set(range(size))
    return {story for pair, score in scores.items() if score >= SAME_LINE for story in pair}


def _alike(stories: _Stories) -> dict[tuple[int, int], float]:
    """Return the mean likeness of words of the stories that could be alike."""
    pairs = likely_pairs(stories.vectors, stories.ids, most=_NEIGHBOURS)
    return {(a, b): cosine(stories.vectors[a], stories.vectors[b]) for a, b in pairs}


class _Stories:
    """The stories of a run by number: their articles, vectors, names, times and versions."""

    def __init__(
        self, articles: Sequence[Article], likeness: Likeness, labels: Sequence[int]
    ) -> None:
        members: defaultdict[int, list[int]] = defaultdict(list)
        for index, label in enumerate(labels):
            members[label].append(index)
        self.labels = sorted(members)
        self._articles = [[articles[i] for i in members[label]] for label in self.labels]
        self.ids = [min(article.id for article in own) for own in self._articles]
        self.vectors = [
            mean_vector([likeness.vectors[i] for i in members[label]]) for label in self.labels
        ]
        self.times = [joint(likeness.written[i] for i in members[label]) for label in self.labels]
        self._names: dict[int, frozenset[str]] = {}
        self._versions: dict[int, dict[str, Version]] = {}

    def names_of(self, story: int) -> frozenset[str]:
        """Return the names in the openings of most articles of `story`."""
        if story not in self._names:
            own = self._articles[story]
            counts = Counter(name for article in own for name in _names(article))
            self._names[story] = frozenset(
                n for n, c in counts.items() if c >= _MAIN_NAME * len(own)
            )
        return self._names[story]

    def versions_of(self, story: int) -> Mapping[str, Version]:
        """Return the main version of every product that `story` names."""
        if story not in self._versions:
            self._versions[story] = main_versions(self._articles[story])
        return self._versions[story]

    def common_names(self, read: Collection[int]) -> frozenset[str]:
        """Return the names that so many of the stories `read` have that they tell no storyline."""
        counts = Counter(name for story in read for name in self.names_of(story))
        most = max(_MOST_STORIES, _MOST_SHARE * len(read))
        return frozenset(name for name, count in counts.items() if count > most)

    def follow(self, a: int, b: int, common: Collection[str]) -> bool:
        """Tell whether the stories share names that are not `common`, months apart at most."""
        one, two = self.times[a], self.times[b]
        for first, second in ((one, two), (two, one)):
            if first.latest and second.earliest and _days(first, second) > _FARTHEST_DAYS:
                return False
        shared = (self.names_of(a) & self.names_of(b)).difference(common)
        return len(_distinct(shared)) >= LEAST_NAMES

    def rank(self, story: int) -> tuple[bool, str, str]:
        """Return what orders stories where nothing else does: their time, then their content."""
        time = self.times[story]
        day = time.earliest or time.latest
        return (day is None, day.isoformat() if day else "", self.ids[story])


def _days(first: Written, second: Written) -> int:
    if first.latest is None or second.earliest is None:
        return 0
    return (second.earliest - first.latest).days


def _names(article: Article) -> set[str]:
    """Return the names in the title and opening, versions cut off."""
    text = f"{article.title}\n{opening(article, _NAMED_WITHIN)}"
    found = set()
    for name in names(text):
        words = list(name.words)
        while words and not any(c.isalpha() for c in words[-1]):
            words.pop()
        if words:
            found.add(" ".join(words))
    return found


def _distinct(found: Iterable[str]) -> list[str]:
    """Return the names that are no part of another: "Orla Brandt" and "Brandt" are one."""
    own = sorted(found, key=lambda name: (-len(name), name))
    kept: list[str] = []
    for name in own:
        if not any(f" {name} " in f" {other} " for other in kept):
            kept.append(name)
    return kept


def _in_order(group: Sequence[int], stories: _Stories) -> list[int]:
    """Return the stories oldest first: by dates where they tell, else by versions, else by rank.

    Each place goes to the first by rank of the stories that none left must precede. Dates make no
    circle; a version that contradicts them is not asked.
    """
    left = sorted(group, key=stories.rank)
    ordered: list[int] = []
    while left:
        free = [s for s in left if not any(_dated_before(o, s, stories) for o in left)] or left
        first = [s for s in free if not any(_versioned_before(o, s, stories) for o in free)] or free
        ordered.append(first[0])
        left.remove(first[0])
    return ordered


def _dated_before(a: int, b: int, stories: _Stories) -> bool:
    return stories.times[a].before(stories.times[b])


def _versioned_before(a: int, b: int, stories: _Stories) -> bool:
    if a == b or _dated_before(b, a, stories):
        return False
    return earlier(stories.versions_of(a), stories.versions_of(b))
