"""How large the page of a brief is, and how fast it opens, reads, scrolls and searches.

Usage: python -m benchmarks.page [--stories N] [--facts N] [--articles N] [--runs N] [--keep FILE]
       python -m benchmarks.page BRIEF.json --folder ARTICLES
       python -m benchmarks.page PAGE.html

Without a brief one is invented: seeded, of words that are none, 200 stories of 20 facts out of
600 articles of about 3 kB each. Every figure of the browser is the median of so many fresh pages
in headless Chromium. It draws in software there, and other work on the machine slows it: a screen
with a graphics card is faster. Scrolling goes from the top for SCROLL_S seconds, a step a frame;
frames are those of the page's own thread: whether each was on the screen in time, nobody sees here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.page_made import make_brief
from summarizer.data import Article, Brief
from summarizer.read import read_articles
from summarizer.render import from_json, to_html
from tools.chromium import NoBrowser, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZE = (1280, 900)  # CSS px
SCROLL_S = 4.0
STEP = 120  # CSS px a frame: about 7,000 a second
JUMPS = 20
LONG_TASK_MS = 50

# Installed before the page's own script: what took longer than LONG_TASK_MS.
_WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
}).observe({ type: "longtask", buffered: true });
"""
_OPENED = """() => new Promise((done) => {
  const [navigation] = performance.getEntriesByType("navigation");
  const told = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (!paint) return requestAnimationFrame(told);
    done({ load: navigation.loadEventStart, paint: paint.startTime });
  };
  told();
})"""
# From the click until the frame after that in which the sentence has its place.
_READ = """(selector) => new Promise((done) => {
  const start = performance.now();
  document.querySelector(selector).click();
  const look = () => {
    const here = document.querySelector("#reader mark.here");
    if (here && here.getBoundingClientRect().height) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
# From the keystroke until a frame was drawn with what is found, were it the same as before.
_SEARCH = """(words) => new Promise((done) => {
  const field = document.getElementById("search");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  }).observe(document.getElementById("found"), { childList: true, characterData: true });
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
_SCROLL = """([seconds, step]) => new Promise((done) => {
  const times = [], root = document.scrollingElement, tasks = window.longTasks.length;
  const frame = (now) => {
    times.push(now);
    const over = root.scrollTop + innerHeight >= root.scrollHeight - 1;
    if (over || now - times[0] > seconds * 1000) {
      return setTimeout(() => done({ times, tasks: window.longTasks.length - tasks,
        top: root.scrollTop, height: root.scrollHeight }), 100);
    }
    scrollBy({ top: step, behavior: "instant" });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""

# To places all over the page: the time from each jump until the second frame after it.
_JUMP = """(jumps) => new Promise((done) => {
  const times = [], root = document.scrollingElement;
  const jump = () => {
    if (times.length === jumps) return done(times);
    const start = performance.now(), part = ((times.length + 1) * 0.618) % 1;
    scrollTo({ top: part * (root.scrollHeight - innerHeight), behavior: "instant" });
    requestAnimationFrame(() => requestAnimationFrame(() => {
      times.push(performance.now() - start);
      jump();
    }));
  };
  jump();
})"""

Figures = dict[str, float]


def measure(browser: Browser, file: Path, words: str) -> Figures:
    """Open `file` in a fresh context, do everything once, and return milliseconds and counts."""
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    context.add_init_script(_WATCH)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        opened: dict[str, float] = page.evaluate(_OPENED)
        figures = {
            "load event, ms": opened["load"],
            "first contentful paint, ms": opened["paint"],
            "long tasks while opening": page.evaluate("longTasks.length"),
        }
        return figures | _scrolled(page) | _read(page) | _searched(page, words)
    finally:
        context.close()


def _scrolled(page: Page) -> Figures:
    found: dict[str, Any] = page.evaluate(_SCROLL, [SCROLL_S, STEP])
    jumps: list[float] = page.evaluate(_JUMP, JUMPS)
    page.evaluate("scrollTo(0, 0)")
    times = found["times"]
    gaps = sorted(after - before for before, after in zip(times, times[1:], strict=False))
    if not gaps:
        return {}
    return {
        "scrolling: frames": len(gaps),
        "scrolling: median frame, ms": statistics.median(gaps),
        "scrolling: 95th percentile, ms": gaps[min(len(gaps) - 1, int(0.95 * len(gaps)))],
        "scrolling: worst frame, ms": gaps[-1],
        f"scrolling: tasks > {LONG_TASK_MS} ms": found["tasks"],
        "scrolling: share of the page": found["top"] / max(1, found["height"] - SIZE[1]),
        "jumping: median, ms": statistics.median(jumps),
        "jumping: worst, ms": max(jumps),
    }


def _read(page: Page) -> Figures:
    selector = "main .facts a.cite"
    if not page.locator(selector).count():
        return {}
    first: float = page.evaluate(_READ, selector)
    page.keyboard.press("Escape")
    page.wait_for_selector("#reader", state="hidden")
    again: float = page.evaluate(_READ, selector)
    page.keyboard.press("Escape")
    return {"first article open, ms": first, "article open again, ms": again}


def _searched(page: Page, words: str) -> Figures:
    first: float = page.evaluate(_SEARCH, words[:-1])
    second: float = page.evaluate(_SEARCH, words)
    return {"first search, ms": first, "next keystroke, ms": second}


def median_of(runs: Sequence[Figures]) -> Figures:
    """Return the median of every figure, and of what is a worst already the worst."""
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    for worst in (name for name in found if "worst" in name):
        found[worst] = max(run[worst] for run in runs)
    return found


# --- what is measured -------------------------------------------------------------------------


def written(brief: Brief, articles: Sequence[Article], file: Path) -> Figures:
    """Write the page of `brief` and return how long that took, and how large it is."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        text = to_html(brief, articles=articles)
        seconds.append(time.perf_counter() - start)
    file.write_text(text, encoding="utf-8")
    return {
        "articles": len(articles),
        "characters of articles, thousands": sum(len(a.text) for a in articles) / 1000,
        "stories": len(brief.stories),
        "facts": sum(len(story.facts) for story in brief.stories),
        "to_html, s": statistics.median(seconds),
    }


def prepared(options: argparse.Namespace, file: Path) -> tuple[Path, Figures]:
    """Return the page to open, and what is known of it."""
    given: Path | None = options.brief
    if given is None:
        brief, articles = make_brief(
            random.Random(options.seed), options.stories, options.facts, options.articles
        )
        return file, written(brief, articles, file)
    if given.suffix == ".html":
        return given.resolve(), {}
    brief = from_json(given.read_text(encoding="utf-8"))
    read = [one for one in read_articles(options.folder) if isinstance(one, Article)]
    return file, written(brief, read, file)


def table(figures: Figures) -> str:
    """Return the figures as lines of a name and a number."""
    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {value:>10,.6g}" for name, value in figures.items())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("brief", nargs="?", type=Path, help="a brief.json or a page")
    parser.add_argument("--folder", action="append", type=Path, default=[], help="of its articles")
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--facts", type=int, default=20, help="of a story")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--search", default="harbour", help="what is typed")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where to leave the page")
    parser.add_argument("--json", action="store_true", help="print a JSON record instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, known = prepared(options, (options.keep or Path(folder, "brief.html")).resolve())
        known["page, KiB"] = file.stat().st_size / 1024
        try:
            with launched() as browser:
                version = browser.version
                runs = [measure(browser, file, options.search) for _ in range(options.runs)]
        except NoBrowser as missing:
            sys.exit(str(missing))
    figures = {name: round(value, 3) for name, value in (known | median_of(runs)).items()}
    if options.json:
        day = dt.datetime.now(dt.UTC).date().isoformat()
        print(json.dumps({"date": day, "chromium": version, "figures": figures}))
        return
    print(table(figures))
    print(
        f"Medians of {options.runs} fresh pages in headless Chromium {version}, which draws in"
        f" software; {os.cpu_count()} shared cores. The worst is that of all runs."
    )


if __name__ == "__main__":
    main()
