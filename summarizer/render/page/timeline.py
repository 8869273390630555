"""When the articles of a brief came out: what the page draws as SVG.

Places on the time axis are percentages of the width, so that the drawing fits any screen while
dots stay round and letters their size; what stands side by side is shifted by pixels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.data import Brief, Source
from summarizer.render.days import day, short_day
from summarizer.render.phrases import sources_by_article

_MOST_LANES = 12  # stories with a line of their own; more are one row of columns
_MOST_DOTS = 60  # articles that are dots
_BINS = 48  # columns, at most
_FIRST, _LAST = 4.0, 96.0  # per cent
_NARROWEST = 260  # pixels of an axis on the narrowest phone: on wider ones all is further apart
_BESIDE = 24  # pixels between dots side by side; fingers need as much (WCAG 2.2, 2.5.8)
_MOST_BESIDE = 6
_TICKS = 5


@dataclass(frozen=True)
class Dot:
    """An article: `x` in per cent, `shift` in pixels to the right of it."""

    x: float
    shift: int
    source: Source


@dataclass(frozen=True)
class More:
    """Articles that found no room: where their number is written."""

    x: float
    shift: int
    count: int


@dataclass(frozen=True)
class Lane:
    """The articles of story `number`."""

    number: int
    dots: tuple[Dot, ...]
    more: tuple[More, ...]


@dataclass(frozen=True)
class Column:
    """Articles of some days: `x` and `width` in per cent, `share` of the highest column."""

    x: float
    width: float
    share: float
    label: str


@dataclass(frozen=True)
class Tick:
    """A date on the axis; `minor` ones are left out where there is no room."""

    x: float
    text: str
    anchor: str
    minor: bool


@dataclass(frozen=True)
class Timeline:
    """What to draw: lanes of dots, or columns; `undated` articles are on neither."""

    lanes: tuple[Lane, ...]
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    undated: int


def timeline(brief: Brief) -> Timeline | None:
    """Return when the articles came out; None where fewer than two of them have a date."""
    dated = [source for source in brief.sources if source.published]
    dates = sorted(source.published for source in dated if source.published)
    if len(dates) < 2:
        return None
    axis = _Axis(dates[0], dates[-1])
    few = len(brief.stories) <= _MOST_LANES and len(dated) <= _MOST_DOTS
    return Timeline(
        lanes=tuple(_lanes(brief, axis)) if few else (),
        columns=() if few else tuple(_columns(dates, axis)),
        ticks=tuple(axis.ticks()),
        undated=len(brief.sources) - len(dated),
    )


class _Axis:
    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first = first
        self.days = (last - first).days

    def place(self, date: dt.date) -> float:
        if not self.days:
            return _FIRST
        return round(_FIRST + (_LAST - _FIRST) * (date - self.first).days / self.days, 2)

    def ticks(self) -> list[Tick]:
        steps = sorted({round(self.days * n / (_TICKS - 1)) for n in range(_TICKS)})
        dates = [self.first + dt.timedelta(days=step) for step in steps]
        found = []
        for number, date in enumerate(dates):
            end = number in (0, len(dates) - 1)
            text = day(date) if end else short_day(date)
            anchor = "start" if number == 0 else "end" if end else "middle"
            found.append(Tick(x=self.place(date), text=text, anchor=anchor, minor=not end))
        return found


# --- dots -------------------------------------------------------------------------------------


@dataclass
class _Cluster:
    """Articles that would cover one another: side by side, from the first or up to the last."""

    members: list[tuple[float, Source]]  # place in per cent

    @property
    def slots(self) -> int:
        return min(len(self.members), _MOST_BESIDE)

    @property
    def leftwards(self) -> bool:
        return _pixels(self.members[0][0]) + self.slots * _BESIDE > _NARROWEST

    @property
    def extent(self) -> tuple[float, float]:
        """From where to where the centres of its dots reach, in pixels of the narrowest axis."""
        wide = (self.slots - 1) * _BESIDE
        if self.leftwards:
            end = _pixels(self.members[-1][0])
            return end - wide, end
        start = _pixels(self.members[0][0])
        return start, start + wide


def _pixels(place: float) -> float:
    return place * _NARROWEST / 100


def _lanes(brief: Brief, axis: _Axis) -> list[Lane]:
    sources = sources_by_article(brief)
    found = []
    for number, story in enumerate(brief.stories, start=1):
        own = [sources[i] for i in story.article_ids if i in sources]
        dated = [(source.published, source.number, source) for source in own if source.published]
        placed = [(axis.place(date), source) for date, _, source in sorted(dated, key=_by_date)]
        found.append(_lane(number, _clusters(placed)))
    return found


def _by_date(dated: tuple[dt.date, int, Source]) -> tuple[dt.date, int]:
    return dated[:2]


def _clusters(placed: Sequence[tuple[float, Source]]) -> list[_Cluster]:
    found: list[_Cluster] = []
    for one in placed:
        found.append(_Cluster([one]))
        while len(found) > 1 and found[-1].extent[0] - found[-2].extent[1] < _BESIDE:
            last = found.pop()
            found[-1].members += last.members
    return found


def _lane(number: int, clusters: Sequence[_Cluster]) -> Lane:
    dots: list[Dot] = []
    more: list[More] = []
    for cluster in clusters:
        crowded = len(cluster.members) > _MOST_BESIDE
        shown = cluster.members[: _MOST_BESIDE - 1] if crowded else cluster.members
        x = cluster.members[-1 if cluster.leftwards else 0][0]
        first = -(cluster.slots - 1) * _BESIDE if cluster.leftwards else 0
        dots += [Dot(x, first + n * _BESIDE, source) for n, (_, source) in enumerate(shown)]
        if crowded:
            rest = len(cluster.members) - len(shown)
            more.append(More(x, first + len(shown) * _BESIDE, rest))
    return Lane(number=number, dots=tuple(dots), more=tuple(more))


# --- columns ----------------------------------------------------------------------------------


def _columns(dates: Sequence[dt.date], axis: _Axis) -> list[Column]:
    bins = min(_BINS, axis.days + 1)
    counts = [0] * bins
    for date in dates:
        counts[min(bins - 1, (date - axis.first).days * bins // (axis.days + 1))] += 1
    width = (_LAST - _FIRST) / bins
    return [
        Column(
            x=round(_FIRST + number * width, 2),
            width=round(width * 0.8, 2),
            share=round(count / max(counts), 3),
            label=_bin_label(axis, number, bins, count),
        )
        for number, count in enumerate(counts)
        if count
    ]


def _bin_label(axis: _Axis, number: int, bins: int, count: int) -> str:
    first = axis.first + dt.timedelta(days=-(-number * (axis.days + 1) // bins))
    articles = "1 article" if count == 1 else f"{count:,} articles"
    return f"from {day(first)}: {articles}"
