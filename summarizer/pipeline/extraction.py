"""Ask the model about each article, and tell how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress

from summarizer.data import Article
from summarizer.extract import Extraction, ExtractOptions, extract_claims
from summarizer.model import Model
from summarizer.model.interface import Usage
from summarizer.pipeline.options import BriefOptions
from summarizer.pipeline.run import Progress, Run
from summarizer.validate import check_answer

IN_MODEL = "extract: in the model"  # the part of that stage spent inside llama.cpp


class _TimeIsUp(Exception):
    """Nobody waits any longer for what the model is writing."""


def extract_articles(
    articles: Sequence[Article],
    model: Model,
    options: BriefOptions,
    run: Run,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Extraction]:
    """Yield what the model says of each article, as they finish.

    The model begins them in the order given. `stop` is asked after each article and, while the
    caller waits for one, now and then; what is under way when it says yes is given up.
    """
    sources = {article.id: article.source for article in articles}
    run.progress("extract", 0, len(articles))
    clock = _Clock(len(articles), run, stop)
    extracting = extract_claims(
        articles,
        model,
        check_answer=check_answer,
        options=ExtractOptions(seed=options.seed),
        on_usage=clock.tick,
    )
    # closing: a generator that is left midway would else tell the model so only when collected.
    with run.stage("extract"), suppress(_TimeIsUp), closing(extracting):
        for extraction in extracting:
            run.tokens_read += extraction.tokens_read
            run.tokens_written += extraction.tokens_written
            source = sources[extraction.article_id]
            if extraction.failure:
                run.warnings.append(f"{source}: {extraction.failure}; filled by quotations")
            clock.finish(source)
            yield extraction
            if stop():
                break
    run.add_seconds(IN_MODEL, clock.usage.model_s)
    run.warnings += model.problems


class _Clock:
    """Tells how far the extraction is, from the articles done and the model's own count."""

    def __init__(self, total: int, run: Run, stop: Callable[[], bool]) -> None:
        self._total, self._run, self._stop = total, run, stop
        self._done = 0
        self._started = time.monotonic()
        self.usage = Usage()

    def tick(self, usage: Usage) -> None:
        """Take the model's word for how far it is.

        Raises:
            _TimeIsUp: nobody waits any longer.
        """
        self.usage = usage
        self._tell("")
        if self._stop():
            raise _TimeIsUp

    def finish(self, source: str) -> None:
        """Count one article as done."""
        self._done += 1
        self._tell(source)

    def _tell(self, source: str) -> None:
        elapsed = time.monotonic() - self._started
        share = max(self.usage.done_share, self._done / self._total)
        tokens = self.usage.tokens_read + self.usage.tokens_written
        self._run.report(
            Progress(
                stage="extract",
                done=self._done,
                total=self._total,
                what=source,
                share=share,
                tokens_per_s=tokens / elapsed if elapsed > 0 else None,
                left_s=elapsed * (1 - share) / share if share > 0 else None,
            )
        )
