"""Measure which articles of a story the digest recalls from earlier nights, on labelled stories.

Usage: python -m benchmarks.recall [--stories FILE…] [--folders DIR…] [--choose] [--json OUT]

The articles of a file are dealt out to nights of NIGHT, those of one story to different nights.
Each night in turn is tonight, and all others are remembered. Files have the shape of
../shared/bench/README.md (merge/). The articles of all folders together have no labels: their
stories are those of the merger, and each article has a night to itself. --choose looks for the
best constants on all --stories files but one, and measures them on that one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from benchmarks.merge_stories import grouped, read_stories
from summarizer.data import Article
from summarizer.digest.recall import BEST, FLOOR, MOST, Likest, keys, likest, recall
from summarizer.digest.state.records import RememberedArticle
from summarizer.read import read_articles

NIGHT = 20  # articles
_BESTS = (3, 4, 6, 8, 12)
_FLOORS = (0.0, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15)
_AS_GOOD = 0.005  # share of the pairs recalled that settings may differ by and be equally good


class Collection(NamedTuple):
    """Labelled articles, dealt out to nights; everything by index."""

    articles: list[Article]
    gold: list[Any]
    stories: list[int]  # as the merger finds them among all articles
    keys: list[bytes]
    nights: list[list[int]]

    def others(self, night: Sequence[int]) -> list[int]:
        """Return what is remembered on `night`."""
        tonight = set(night)
        return [i for i in range(len(self.articles)) if i not in tonight]

    def true_pairs(self, night: Sequence[int]) -> set[tuple[int, int]]:
        """Return the pairs of an article of `night` and a remembered one of its story."""
        others = self.others(night)
        return {(i, j) for i in night for j in others if self.gold[i] == self.gold[j]}

    def joined(self, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Return those of `pairs` that the merger puts together, when it has both."""
        return {(i, j) for i, j in pairs if self.stories[i] == self.stories[j]}


def collection(articles: Sequence[Article], gold: Sequence[Any], *, night: int) -> Collection:
    """Deal `articles` out to nights of `night`: first the first article of every story."""
    nth: Counter[Any] = Counter()
    places = []
    for index, (article, story) in enumerate(zip(articles, gold, strict=True)):
        places.append((nth[story], crc32(article.id.encode()), index))
        nth[story] += 1
    order = [index for *_, index in sorted(places)]
    return Collection(
        list(articles),
        list(gold),
        grouped(articles),
        [keys(article) for article in articles],
        [order[n : n + night] for n in range(0, len(order), night)],
    )


def measure_recall(found: Collection) -> dict[str, Any]:
    """Return what is recalled of `found`, night by night; shares are of all true pairs.

    `recalled` is without a limit, `within_most` with that of MOST articles a night, `of_joined`
    the share of the true pairs that the merger puts together; `with_stories` when the remembered
    articles are known to be of the merger's stories. `fresh_with_any` is the share of the fresh
    articles with a true pair that have one recalled.
    """
    counts: Counter[str] = Counter()
    for night in found.nights:
        wanted = found.true_pairs(night)
        joined = found.joined(wanted)
        every = set(_recalled(found, night, len(found.articles)))
        within = set(_recalled(found, night, MOST))
        with_stories = set(_recalled(found, night, MOST, known=True))
        counts["pairs"] += len(wanted)
        counts["joined"] += len(joined)
        counts["fresh"] += len({i for i, _ in wanted})
        counts["candidates"] += len(every)
        counts["recalled"] += sum(j in every for _, j in wanted)
        counts["within_most"] += sum(j in within for _, j in wanted)
        counts["of_joined"] += sum(j in within for _, j in joined)
        counts["with_stories"] += sum(j in with_stories for _, j in wanted)
        counts["fresh_with_any"] += len({i for i, j in wanted if j in within})
    of = {"of_joined": "joined", "fresh_with_any": "fresh"}
    shares = ("recalled", "within_most", "with_stories", "of_joined", "fresh_with_any")
    return {
        "articles": len(found.articles),
        "nights": len(found.nights),
        "pairs": counts["pairs"],
        **{name: round(counts[name] / max(counts[of.get(name, "pairs")], 1), 4) for name in shares},
        "candidates_a_fresh_article": round(counts["candidates"] / len(found.articles), 2),
        **_milliseconds(found),
    }


def _recalled(
    found: Collection, night: Sequence[int], most: int, *, known: bool = False
) -> list[int]:
    by_id = {article.id: index for index, article in enumerate(found.articles)}
    remembered = _remembered(found, found.others(night), known=known)
    fresh = [found.articles[i] for i in night]
    return [by_id[one] for one in recall(fresh, remembered, most=most)]


def _remembered(
    found: Collection, others: Iterable[int], *, known: bool = False
) -> list[RememberedArticle]:
    return [
        RememberedArticle(
            article_id=found.articles[i].id,
            source=found.articles[i].source,
            edition=1,
            keys=found.keys[i],
            story_id=str(found.stories[i]) if known else None,
        )
        for i in others
    ]


def _milliseconds(found: Collection) -> dict[str, float]:
    """Time the keys of all articles, and the recall of the first night."""
    start = time.perf_counter()
    for article in found.articles:
        keys(article)
    keyed = time.perf_counter()
    night = found.nights[0]
    remembered = _remembered(found, found.others(night))
    fresh = [found.articles[i] for i in night]
    begin = time.perf_counter()
    recall(fresh, remembered)
    return {
        "ms_keys_an_article": round(1000 * (keyed - start) / len(found.articles), 2),
        "ms_recall_a_night": round(1000 * (time.perf_counter() - begin), 1),
    }


class Setting(NamedTuple):
    """The two constants of recall that are chosen by data."""

    best: int
    floor: float


def choose(collections: dict[str, Collection]) -> dict[str, Any]:
    """Return for each file the setting that is best on the others, and what it gives on this one.

    Best is the greatest mean share recalled within MOST, of the pairs that the merger puts
    together; of settings as good, that with the fewest candidates.
    """
    grid = [Setting(best, floor) for best in _BESTS for floor in _FLOORS]
    scores = {name: _scores(found, grid) for name, found in collections.items()}
    result: dict[str, Any] = {}
    for name in [*collections, "all"]:
        used = [scores[other] for other in collections if other != name]
        if not used:
            continue
        mean = [sum(one[n][0] for one in used) / len(used) for n in range(len(grid))]
        cost = [sum(one[n][1] for one in used) for n in range(len(grid))]
        good = [n for n in range(len(grid)) if mean[n] >= max(mean) - _AS_GOOD]
        chosen = min(good, key=lambda n: (cost[n], n))
        result[name] = grid[chosen]._asdict() | {"mean_of_others": round(mean[chosen], 4)}
        if name in scores:
            within, candidates = scores[name][chosen]
            result[name] |= {"of_joined": within, "candidates_a_fresh_article": candidates}
    return result


def _scores(found: Collection, grid: Sequence[Setting]) -> list[tuple[float, float]]:
    """Return for each setting the share of joined pairs within MOST, candidates an article."""
    hits, pairs = [0] * len(grid), 0
    candidates = [0] * len(grid)
    for night in found.nights:
        others = found.others(night)
        wanted = found.joined(found.true_pairs(night))
        pairs += len(wanted)
        every = likest(
            [found.keys[i] for i in night],
            [found.keys[i] for i in others],
            best=max(_BESTS),
            floor=0.0,
        )
        for n, setting in enumerate(grid):
            kept = list(dict.fromkeys(others[one.remembered] for one in _kept(every, setting)))
            candidates[n] += len(kept)
            within = set(kept[:MOST])
            hits[n] += sum(j in within for _, j in wanted)
    return [
        (round(hit / max(pairs, 1), 4), round(count / len(found.articles), 2))
        for hit, count in zip(hits, candidates, strict=True)
    ]


def _kept(every: Sequence[Likest], setting: Setting) -> list[Likest]:
    """Return what likest() would have returned with `setting`: it sorts by the lead anyway."""
    nth: Counter[int] = Counter()
    kept = []
    for one in every:  # of one fresh article, the greater lead is the greater likeness
        nth[one.fresh] += 1
        if nth[one.fresh] <= setting.best and one.likeness >= setting.floor:
            kept.append(one)
    return kept


def read_folders(folders: Sequence[Path]) -> tuple[list[Article], list[int]]:
    """Return the articles of all folders, and the story of each as the merger sees it."""
    articles = [one for one in read_articles(folders) if isinstance(one, Article)]
    return articles, grouped(articles)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of every option that was given."""
    result: dict[str, Any] = {"best": BEST, "floor": FLOOR, "most": MOST}
    collections: dict[str, Collection] = {}
    for path in options.stories:
        articles, gold = read_stories(path)
        collections[path.stem] = found = collection(articles, gold, night=NIGHT)
        result[path.stem] = measure_recall(found)
    if options.folders:
        articles, labels = read_folders(options.folders)
        result["folders"] = measure_recall(collection(articles, labels, night=1))
    if options.choose:
        result["choose"] = choose(collections)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--folders", nargs="+", type=Path, default=[], metavar="DIR")
    parser.add_argument("--choose", action="store_true", help="choose the constants again")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there, too")
    options = parser.parse_args(arguments)
    if not options.stories and not options.folders:
        parser.error("nothing to measure")
    if missing := [str(p) for p in (*options.stories, *options.folders) if not p.exists()]:
        parser.error(f"there is no {', '.join(missing)}")
    if len({path.stem for path in options.stories}) < len(options.stories):
        parser.error("two files of one name; the figures are given by name")
    text = json.dumps(measure(options), indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
