"""What a judgement costs: python -m benchmarks.judge [--model M] [--articles N].

Asks whether each claim that the model wrote is supported, once while its article is still in the
cache, many claims in one batch, and once by itself with another article in the cache; prints
seconds a claim. While questions are answered the other articles' answers go on, so the first
figure is rather too high.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.workload import choose_articles
from summarizer.config import models_dir
from summarizer.extract.whole import whole_prompts
from summarizer.model.catalogue import resolve
from summarizer.model.interface import Answer, Prompt, Question, Segment
from summarizer.model.local import LocalModel
from summarizer.model.protocol import EngineOptions

_ASK = "\nAnswer Yes or No: does the article above support this claim?\nClaim: "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct")
    parser.add_argument("--articles", type=int, default=4)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    file = resolve(options.model)
    model = LocalModel(
        EngineOptions(
            path=file.path,
            name=file.name,
            context_tokens=file.context,
            weights_dir=models_dir() / "fast",
        )
    )
    prompts: dict[str, Prompt] = {}
    for article in choose_articles(options.articles):
        for prompt in whole_prompts(article, model, seed=0, hot=False):
            prompts[prompt.id] = prompt.model_copy(update={"hold": True})
    claims = read_tokens = 0
    cached: dict[str, float] = {}
    asked: list[Question] = []
    seconds = 0.0
    for answer in model.generate(list(prompts.values())):
        questions = questions_of(prompts[answer.prompt_id], answer)
        asked += questions
        started = time.perf_counter()
        for judgement in model.judge(questions):
            cached[judgement.question_id] = judgement.score
            read_tokens += judgement.tokens_read
        seconds += time.perf_counter() - started
        claims += len(questions)
    alone = one_by_one(model, asked)
    figures = {
        "claims": claims,
        "seconds_a_claim_cached": round(seconds / claims, 3),
        "tokens_read_a_claim_cached": round(read_tokens / claims, 1),
        "seconds_a_claim_alone": round(statistics.mean(s for _, s in alone.values()), 3),
        "largest_difference_of_scores": round(
            max(abs(cached[key] - score) for key, (score, _) in alone.items()), 3
        ),
    }
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    model.close()


def questions_of(prompt: Prompt, answer: Answer) -> list[Question]:
    """Return a question for each claim; it begins with its article's prompt."""
    try:
        claims = [claim["claim"] for claim in json.loads(answer.text)["claims"]]
    except json.JSONDecodeError:
        return []
    return [
        Question(
            id=f"{prompt.id}:{number}",
            segments=(*prompt.segments, Segment(text=_ASK, trusted=True), Segment(text=claim)),
        )
        for number, claim in enumerate(claims)
    ]


def one_by_one(model: LocalModel, questions: Sequence[Question]) -> dict[str, tuple[float, float]]:
    """Return score and seconds of some questions, each with a cache that holds another article."""
    found: dict[str, tuple[float, float]] = {}
    every = max(1, len(questions) // 8)
    # Neighbours are of one article: a stride lets each find another's in the cache.
    for question in questions[::every]:
        started = time.perf_counter()
        (judgement,) = model.judge([question])
        if judgement.tokens_read > 200:  # its article was not there
            found[question.id] = (judgement.score, time.perf_counter() - started)
    return found


if __name__ == "__main__":
    main()
