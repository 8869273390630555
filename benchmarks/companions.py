"""How often an answer depends on what shares its batch: python -m benchmarks.companions.

The same articles are summarised one at a time with --reproducible's settings, and together in
several ways; an answer that differs in any character counts. Prints a line a way, and the time.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.workload import choose_articles
from summarizer.config import models_dir
from summarizer.data import Article
from summarizer.extract.guided import guided_prompts
from summarizer.extract.whole import whole_prompts
from summarizer.model.catalogue import ModelFile, resolve
from summarizer.model.interface import Prompt, Strategy
from summarizer.model.local import LocalModel
from summarizer.model.protocol import EngineOptions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    articles, file = choose_articles(options.articles), resolve(options.model)
    alone, seconds = answers(file, articles, parallel=1, reproducible=True)
    again, _ = answers(file, articles[::-1], parallel=4, reproducible=True)
    figures = {
        "prompts": len(alone),
        "alone_s": seconds,
        "reproducible_differ": differ(alone, again),
    }
    for parallel in (4, 8, 16):
        for shuffle in (False, True):
            together, seconds = answers(file, articles, parallel=parallel, shuffle=shuffle)
            name = f"parallel {parallel}{', shuffled' if shuffle else ''}"
            figures[f"{name}: differ"] = differ(alone, together)
            figures[f"{name}: s"] = seconds
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")


def answers(
    file: ModelFile,
    articles: Sequence[Article],
    *,
    parallel: int,
    reproducible: bool = False,
    shuffle: bool = False,
) -> tuple[dict[str, str], float]:
    """Return each prompt's answer, and the seconds they took."""
    model = LocalModel(
        EngineOptions(
            path=file.path,
            name=file.name,
            strategy=file.strategy,
            context_tokens=file.context,
            parallel=parallel,
            reproducible=reproducible,
            weights_dir=models_dir() / "fast",
        )
    )
    prompts: list[Prompt] = []
    for article in articles:
        if file.strategy is Strategy.WHOLE:
            prompts += whole_prompts(article, model, seed=0, hot=False)
        else:
            prompts += guided_prompts(article, seed=0, hot=False)
    if shuffle:
        random.Random(0).shuffle(prompts)
    started = time.perf_counter()
    texts = {answer.prompt_id: answer.text for answer in model.generate(prompts)}
    seconds = round(time.perf_counter() - started, 1)
    model.close()
    return texts, seconds


def differ(one: dict[str, str], other: dict[str, str]) -> int:
    """Return how many answers are not the same."""
    return sum(one[key] != other[key] for key in one)


if __name__ == "__main__":
    main()
