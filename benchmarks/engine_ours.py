"""(c) Ours: open_model and extract_claims over all articles at once, with all that belongs to it.

Prompts, retries and the check of every answer are inside the time; support is checked after it,
for every engine alike (benchmarks/kept_claims.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psutil

from benchmarks.engine_child import Job, Outcome, Replayed, peak_rss_mib, serve
from summarizer.data import Article
from summarizer.extract import Extraction, extract_claims
from summarizer.model import Model, open_model
from summarizer.model.interface import Answer, Prompt, Segment
from summarizer.validate import check_answer


class Recorder:
    """A model that passes everything on and keeps what was asked and how much was written."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.replay: list[Replayed] = []
        self.tokens_read = self.tokens_written = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, prompts: Sequence[Prompt], **options: Any) -> Iterator[Answer]:
        asked = {prompt.id: prompt for prompt in prompts}
        for answer in self._model.generate(prompts, **options):
            prompt = asked[answer.prompt_id]
            self.replay.append(
                {
                    "segments": [(segment.text, segment.trusted) for segment in prompt.segments],
                    "tokens_written": answer.tokens_written,
                }
            )
            self.tokens_read += answer.tokens_read
            self.tokens_written += answer.tokens_written
            yield answer


# The three functions below are the only ones that know how an engine tells of itself.


def model_clock(model: Any) -> Callable[[], float | None]:
    """Return a clock of the seconds spent inside llama.cpp so far; None where nobody counts."""
    return lambda: getattr(model, "model_s", None)


def sequences_of(model: Any, asked: int | None) -> int | None:
    """Return how many sequences shared a batch at most: what the engine says, else what was asked.

    None where neither is known. No number is guessed: the limit would then be another's.
    """
    return getattr(model, "parallel", None) or asked


def weights_of(model: Any) -> str | None:
    """Return the model file that the engine loaded, where it tells: it may have made its own."""
    path = getattr(model, "weights", None)
    return None if path is None else str(path)


def run(job: Job) -> Outcome:
    began = time.perf_counter()
    articles = [Article.model_validate(one) for one in job["articles"]]
    parallel = job.get("parallel")
    model = open_model(job["model_name"], parallel=parallel or 0)
    if model is None:
        raise ValueError("ours needs a model")
    hello = Segment(text="Hello", trusted=True)
    list(model.generate([Prompt(id="hello", segments=(hello,), max_tokens=2)]))
    clock = model_clock(model)
    loaded = time.perf_counter()
    recorder = Recorder(model)
    before = clock()
    extractions: list[Extraction] = []
    batch_seconds: list[float] = []
    batch_tokens: list[list[int]] = []
    for batch in job["batches"]:
        started, tokens = time.perf_counter(), (recorder.tokens_read, recorder.tokens_written)
        chosen = [articles[i] for i in batch]
        extractions += extract_claims(chosen, recorder, check_answer=check_answer)
        batch_seconds.append(time.perf_counter() - started)
        read, written = recorder.tokens_read - tokens[0], recorder.tokens_written - tokens[1]
        batch_tokens.append([read, written])
    after = clock()
    family = [process.pid for process in psutil.Process().children(recursive=True)]
    outcome: Outcome = {
        "load_seconds": loaded - began,
        "seconds": sum(batch_seconds),
        "peak_rss_mib": peak_rss_mib([os.getpid(), *family]),
        "tokens_read": recorder.tokens_read,
        "tokens_written": recorder.tokens_written,
        "extractions": [one.model_dump(mode="json") for one in extractions],
        "batch_seconds": batch_seconds,
        "batch_tokens": batch_tokens,
        "sequences": sequences_of(model, parallel),
        "replay": recorder.replay,
    }
    if before is not None and after is not None:
        outcome["model_seconds"] = after - before
    if weights := weights_of(model):
        outcome["weights"] = weights
    model.close()
    return outcome


if __name__ == "__main__":
    serve(run)
