"""When the articles of a brief came out: what the page draws as SVG.

Places on the time axis are percentages of the width, so that the drawing fits any screen while
dots stay round and letters their size; what stands side by side is shifted by pixels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.data import Brief, Source
from summarizer.render.page.days import day, short_day
from summarizer.render.phrases import sources_by_article

_MOST_LANES = 12  # stories with a line of their own; more are one row of columns
_MOST_DOTS = 60  # articles that are dots
_BINS = 48  # columns, at most
_FIRST, _LAST = 2.0, 98.0  # per cent
_LAST_DOT = 86.0  # per cent: to the right of it is room for dots of one day
_BESIDE = 22  # pixels between the dots of one day
_MOST_BESIDE = 4
_TICKS = 5


@dataclass(frozen=True)
class Dot:
    """An article: `x` in per cent, `shift` in pixels to the right."""

    x: float
    shift: int
    source: Source


@dataclass(frozen=True)
class Lane:
    """The articles of story `number`; `more` are those that found no room, with their place."""

    number: int
    dots: tuple[Dot, ...]
    more: tuple[tuple[float, int, int], ...]  # x, shift, how many


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
    undated = len(brief.sources) - len(dated)
    if len(brief.stories) <= _MOST_LANES and len(dated) <= _MOST_DOTS:
        axis = _Axis(dates[0], dates[-1], _LAST_DOT)
        lanes = tuple(_lanes(brief, axis))
        return Timeline(lanes=lanes, columns=(), ticks=tuple(axis.ticks()), undated=undated)
    axis = _Axis(dates[0], dates[-1], _LAST)
    columns = tuple(_columns(dates, axis))
    return Timeline(lanes=(), columns=columns, ticks=tuple(axis.ticks()), undated=undated)


class _Axis:
    def __init__(self, first: dt.date, last: dt.date, end: float) -> None:
        self.first = first
        self.end = end  # per cent
        self.days = (last - first).days

    def place(self, date: dt.date) -> float:
        if not self.days:
            return _FIRST
        return round(_FIRST + (self.end - _FIRST) * (date - self.first).days / self.days, 2)

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


def _lanes(brief: Brief, axis: _Axis) -> list[Lane]:
    sources = sources_by_article(brief)
    found = []
    for number, story in enumerate(brief.stories, start=1):
        own = [sources[i] for i in story.article_ids if i in sources and sources[i].published]
        own.sort(key=lambda source: (source.published or dt.date.min, source.number))
        found.append(_lane(number, own, axis))
    return found


def _lane(number: int, own: Sequence[Source], axis: _Axis) -> Lane:
    by_place: dict[float, list[Source]] = {}
    for source in own:
        if source.published:
            by_place.setdefault(axis.place(source.published), []).append(source)
    dots, more = [], []
    for x, same in _apart(by_place).items():
        shown = same[:_MOST_BESIDE]
        dots += [Dot(x=x, shift=n * _BESIDE, source=one) for n, one in enumerate(shown)]
        if same[_MOST_BESIDE:]:
            more.append((x, _MOST_BESIDE * _BESIDE, len(same) - _MOST_BESIDE))
    return Lane(number=number, dots=tuple(dots), more=tuple(more))


def _apart(by_place: Mapping[float, list[Source]]) -> dict[float, list[Source]]:
    """Set dots that would cover one another side by side, at the place of the first."""
    found: dict[float, list[Source]] = {}
    before = None
    for x in sorted(by_place):
        # Three per cent are about 22 pixels of the width that the page has on a desk.
        if before is not None and x - before < 3 * len(found[before]):
            found[before] += by_place[x]
        else:
            found[x] = list(by_place[x])
            before = x
    return found


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
