"""How large the digest's state grows, and how fast it opens then.

Usage: python -m benchmarks.state [--nights N] [--articles N] [--keep FILE] [--json]

Fills a new state through its public interface: each night so many invented articles of about
3,500 characters with 9 claims each, in stories of three; extractions, verdicts, facts, one brief,
two deliveries and the log of the run. Words are drawn by Zipf's law, which compresses worse than
prose does. Every other story goes on for three nights, and a third of its facts is replaced.
Then fresh processes open it, each for one query; importing Python's modules is not counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Claim,
    Coverage,
    Evidence,
    Fact,
    ModelInfo,
    RejectedClaim,
    RejectReason,
    RunInfo,
    Sentence,
    Source,
    Story,
    StoryStatus,
    SupportedClaim,
    ValidatorInfo,
    Versions,
    Writer,
)
from summarizer.digest.recall import keys
from summarizer.digest.state import State
from summarizer.digest.state.records import (
    DeliveryState,
    Edition,
    EditionInputs,
    FetchRecord,
    KnownFact,
    KnownStory,
    Outcome,
    SeenInput,
    StoryNews,
)
from summarizer.extract import Extraction

SEED = 20_310_506
START = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
_CHARS, _CLAIMS, _REJECTED = 3_500, 9, 2
_WORDS = 12_000  # of the vocabulary
_PROCESSES = 20  # fresh ones, of which the median counts
_STORY = 3  # articles
_GOES_ON = 3  # nights of a story that goes on
_CHECKS = ("schema", "evidence", "numbers", "dates", "names", "negation", "entailment")
_RECIPE = hashlib.sha256(b"recipe").hexdigest()
_QUERIES = {
    "last edition": "state.editions.last()",
    "articles to recall": "state.articles.remembered(14)",
    "stories that live": "state.memory.live(0)",
}
_CHILD = """
import sys, time
from pathlib import Path
from summarizer.digest.state import State
start = time.perf_counter()
with State(Path(sys.argv[1])) as state:
    {query}
    print((time.perf_counter() - start) * 1000)
"""


class Press:
    """Writes articles and claims, always the same ones."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)
        self._words = [self._word() for _ in range(_WORDS)]
        self._weights = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))

    def _word(self) -> str:
        parts = ("ba", "ce", "di", "fo", "gul", "han", "il", "jor", "ke", "lam", "mer", "no", "ost")
        return "".join(self._random.choices(parts, k=self._random.choice((1, 2, 2, 3, 3, 4))))

    def sentence(self, words: int) -> str:
        """Write a sentence with a number."""
        drawn = self._random.choices(self._words, cum_weights=self._weights, k=words)
        drawn[self._random.randrange(words)] = str(self._random.randrange(2, 9_000))
        return " ".join(drawn).capitalize() + "."

    def article(self, number: int, day: dt.date) -> Article:
        """Write an article."""
        text, spans = "", []
        while len(text) < _CHARS:
            sentence = self.sentence(self._random.randrange(12, 32))
            start = len(text) + 1 if text else 0
            spans.append(Sentence(start=start, end=start + len(sentence)))
            text += (" " if text else "") + sentence
        return Article(
            id=hashlib.sha256(text.encode()).hexdigest(),
            source=f"https://news-{number % 7}.example/{day}/{number}-{self._words[number % 999]}",
            title=self.sentence(9)[:-1],
            publisher=f"News {number % 7}",
            published=day,
            language="en",
            text=text,
            sentences=tuple(spans),
        )

    def summary(self, article: Article) -> ArticleSummary:
        """Summarise an article: each claim says most of a sentence, in part with other words."""
        ids = sorted(self._random.sample(range(1, len(article.sentences) + 1), _CLAIMS))
        supported = tuple(
            SupportedClaim(
                claim=self._claim(article, one),
                evidence=(_evidence(article, one),),
                score=round(self._random.random(), 4),
                checks=_CHECKS,
            )
            for one in ids
        )
        rejected = tuple(
            RejectedClaim(
                claim=self._claim(article, one),
                reason=RejectReason.NOT_ENTAILED,
                detail="the evidence does not say so",
                nearest=_evidence(article, one),
                score=0.1,
            )
            for one in ids[:_REJECTED]
        )
        return ArticleSummary(
            article=article,
            headline=article.title,
            supported=supported,
            rejected=rejected,
            writer=Writer.MODEL,
        )

    def _claim(self, article: Article, sentence_id: int) -> Claim:
        words = article.sentence_text(sentence_id).split()[:18]
        for _ in range(4):
            words[self._random.randrange(len(words))] = self._random.choice(self._words)
        return Claim(article_id=article.id, text=" ".join(words), offered=(sentence_id,))


def _evidence(article: Article, sentence_id: int) -> Evidence:
    span = article.sentences[sentence_id - 1]
    return Evidence(
        article_id=article.id,
        sentence_ids=(sentence_id,),
        start=span.start,
        end=span.end,
        quote=article.text[span.start : span.end],
    )


def _facts(summaries: Sequence[ArticleSummary]) -> tuple[Fact, ...]:
    """Merge claims: a third of each later article's joins those of the first."""
    groups: list[list[SupportedClaim]] = [[claim] for claim in summaries[0].supported]
    for summary in summaries[1:]:
        for place, claim in enumerate(summary.supported):
            if place < _CLAIMS // 3:
                groups[place].append(claim)
            else:
                groups.append([claim])
    return tuple(
        Fact(
            id=hashlib.sha256(claims[0].claim.text.encode()).hexdigest()[:12],
            text=claims[0].claim.text,
            claims=tuple(claims),
            origins=len(claims),
        )
        for claims in groups
    )


def _brief(
    summaries: Sequence[ArticleSummary], stories: Sequence[Story], now: dt.datetime
) -> Brief:
    sources = tuple(
        Source(
            article_id=one.article.id,
            number=number,
            source=one.article.source,
            title=one.article.title,
            publisher=one.article.publisher,
            published=one.article.published,
            origin=number,
            writer=Writer.MODEL,
        )
        for number, one in enumerate(summaries, start=1)
    )
    supported = sum(len(one.supported) for one in summaries)
    rejected = tuple(claim for one in summaries for claim in one.rejected)
    return Brief(
        stories=tuple(stories),
        sources=sources,
        rejected=rejected,
        skipped=(),
        coverage=Coverage(
            articles=len(summaries),
            skipped=0,
            claims=supported + len(rejected),
            supported=supported,
            rejected=len(rejected),
            facts=sum(len(story.facts) for story in stories),
            facts_left_out=0,
        ),
        model=ModelInfo(name="invented-1b", sha256="ab" * 32, strategy="whole"),
        validator=ValidatorInfo(
            verifier="invented", strictness=0.5, threshold=0.5, false_pass=0.02, false_strip=0.04
        ),
        versions=Versions(
            summarizer="0.1.0", prompt="p.v1", claims_schema="c.v1", brief_schema="b.v1"
        ),
        run=RunInfo(created=now, seconds={"read": 1.5, "extract": 300.25, "validate": 20.125}),
    )


# --- a night ----------------------------------------------------------------------------------


class Nights:
    """Makes one edition after the other in a state."""

    def __init__(self, state: State, articles: int) -> None:
        self._state, self._articles = state, articles
        self._press = Press()
        self._number = 0
        self._going: list[tuple[int, KnownStory, list[str], list[Fact]]] = []  # nights left first

    def make(self, night: int) -> None:
        """Make the edition of a night."""
        now = START + dt.timedelta(days=night)
        run = self._state.runs.start(now)
        summaries = [self._read(run.number, now) for _ in range(self._articles)]
        groups = [summaries[i : i + _STORY] for i in range(0, len(summaries), _STORY)]
        stories, news = [], []
        going, self._going = self._going, []
        for place, group in enumerate(groups):
            before = going.pop() if going else None
            story, item = self._tell(night, place, group, before, now.date())
            stories.append(story)
            news.append(item)
        edition = Edition(
            number=self._state.editions.next_number(),
            name=self._state.editions.free_name(now.date()),
            run=run.number,
            created=now,
            inputs=EditionInputs(
                fresh=tuple(one.article.id for one in summaries),
                extractions={one.article.id: _RECIPE for one in summaries},
                verdicts={one.article.id: _key(one) for one in summaries},
            ),
            brief=_brief(summaries, stories, now),
        )
        self._state.editions.add(edition, news, (), {"files": "f", "email": f"<{night}@x.example>"})
        for channel in ("files", "email"):
            self._state.deliveries.begin(edition.number, channel, now)
            self._state.deliveries.end(edition.number, channel, DeliveryState.SENT, now)
        counts = {f"count_{place}": place * 1.5 for place in range(15)}
        self._state.runs.end(run.number, Outcome.DONE, now, edition=edition.number, counts=counts)

    def _read(self, run: int, now: dt.datetime) -> ArticleSummary:
        """Let an article arrive and be answered, with what the journal says of it."""
        state = self._state
        self._number += 1
        article = self._press.article(self._number, now.date())
        summary = self._press.summary(article)
        claims = tuple(one.claim for one in summary.supported)
        extraction = Extraction(
            article_id=article.id, headline=article.title, claims=claims, tokens_read=1_100
        )
        content = hashlib.sha256(article.source.encode()).hexdigest()
        with state.transaction():
            state.articles.add(article, run=run, now=now, keys=keys(article))
            state.inputs.note(content, SeenInput(article_id=article.id), now)
            record = FetchRecord(
                url=article.source, etag=f'"{content[:16]}"', status=200, fetched=now,
                input_hash=content,
            )  # fmt: skip
            state.fetches.note(record)
            state.runs.note(run, "info", "article added", {"source": article.source}, now)
        with state.transaction():
            state.answers.keep_extraction(extraction, _RECIPE, run=run, now=now)
            fields = {"article": article.id[:12], "claims": len(claims), "failure": ""}
            state.runs.note(run, "info", "model answered", fields, now)
        with state.transaction():
            state.answers.keep_summary(summary, _key(summary), recipe=_RECIPE, run=run, now=now)
            fields = {"article": article.id[:12], "supported": len(claims), "rejected": _REJECTED}
            state.runs.note(run, "info", "claims checked", fields, now)
        return summary

    def _tell(
        self,
        night: int,
        place: int,
        group: Sequence[ArticleSummary],
        before: tuple[int, KnownStory, list[str], list[Fact]] | None,
        today: dt.date,
    ) -> tuple[Story, StoryNews]:
        facts = _facts(group)
        ids = [one.article.id for one in group]
        left, known, old_ids, old_facts = before or (_GOES_ON, None, [], [])
        record = KnownStory(
            id=known.id if known else hashlib.sha256(f"{night} {place}".encode()).hexdigest()[:16],
            headline=group[0].headline,
            status=StoryStatus.DEVELOPING if known else StoryStatus.NEW,
            first_edition=0,
            last_edition=0,
            first_told=known.first_told if known else today,
            last_told=today,
            digests=known.digests + 1 if known else 1,
        )
        item = StoryNews(
            story=record,
            article_ids=tuple(old_ids + ids),
            facts=tuple(
                KnownFact(story_id=record.id, edition=0, kind="new", fact=fact) for fact in facts
            ),
            replaced=tuple(fact.id for fact in old_facts[::3]),
        )
        if left > 1 and (known or place % 2):
            self._going.append((left - 1, record, old_ids + ids, list(facts)))
        story = Story(
            id=record.id, headline=record.headline, facts=facts, article_ids=tuple(ids), origins=1
        )
        return story, item


def _key(summary: ArticleSummary) -> str:
    return hashlib.sha256(summary.article.id.encode()).hexdigest()


# --- figures ----------------------------------------------------------------------------------


def measure(path: Path, nights: int, articles: int) -> dict[str, Any]:
    """Fill a new state at `path`; return bytes an article, by table too, and milliseconds."""
    start = time.perf_counter()
    with State(path) as state:
        pages = Nights(state, articles)
        for night in range(nights):
            pages.make(night)
        seconds = time.perf_counter() - start
        problems = state.check()
    total = nights * articles
    return {
        "nights": nights,
        "articles": total,
        "fill_seconds": round(seconds, 1),
        "bytes": path.stat().st_size,
        "bytes_an_article": round(path.stat().st_size / total),
        "bytes_an_article_by_table": {
            name: round(size / total, 1) for name, size in _by_table(path).items()
        },
        "open_and_query_ms": {name: _opening(path, query) for name, query in _QUERIES.items()},
        "problems": problems,
    }


def _by_table(path: Path) -> dict[str, int]:
    """Return the bytes of each table and index, largest first; none where SQLite cannot tell."""
    with closing(sqlite3.connect(path)) as db:
        try:
            query = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
            return dict(db.execute(query).fetchall())
        except sqlite3.OperationalError:
            return {}


def _opening(path: Path, query: str) -> dict[str, float]:
    """Return milliseconds of opening and one query, each time in a fresh process."""
    command = [sys.executable, "-c", _CHILD.format(query=query), str(path)]
    root = Path(__file__).resolve().parents[1]
    times = []
    for _ in range(_PROCESSES):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        times.append(float(done.stdout))
    return {"median": round(statistics.median(times), 1), "worst": round(max(times), 1)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--articles", type=int, default=20, help="a night")
    parser.add_argument("--keep", type=Path, help="keep the state in this new file")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "state.sqlite3"
        if path.exists():
            parser.error(f"{path} is there already")
        found = measure(path, options.nights, options.articles)
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for key, one in value.items():
                print(f"  {key}: {one}")
        else:
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
