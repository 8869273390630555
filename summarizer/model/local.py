"""Open a local model in this process: for its child process, for benchmarks and for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.model.engine import Engine
from summarizer.model.interface import Answer, Judgement, OnUsage, Prompt, Question
from summarizer.model.llama import LlamaFile
from summarizer.model.protocol import EngineOptions
from summarizer.model.weights import fast_weights


def open_engine(options: EngineOptions) -> Engine:
    """Load the model that `options` name.

    Raises:
        ModelFileError: a file cannot be loaded, or the model has no chat template.
    """
    path = options.path
    if options.weights_dir is not None and not options.plain:
        path = fast_weights(path, options.weights_dir, threads=options.threads)
    llama = LlamaFile(
        path,
        threads=options.threads,
        adapt=not options.reproducible,
        lora=options.lora,
        plain=options.plain,
    )
    return Engine(
        llama,
        context_tokens=options.context_tokens,
        parallel=options.parallel,
        reproducible=options.reproducible,
    )


class LocalModel:
    """A GGUF model in this process; a crash of llama.cpp ends the process. Not thread-safe."""

    def __init__(self, options: EngineOptions) -> None:
        self.name, self.sha256, self.strategy = options.name, options.sha256, options.strategy
        self.engine = open_engine(options)
        self.context_tokens = self.engine.context_tokens
        self._judgements: dict[str, Judgement] = {}
        self._answers: list[Answer] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """Nothing: what goes wrong in this process raises."""
        return ()

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text."""
        return self.engine.count_tokens(text)

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer every prompt once, in the order in which they finish."""
        left = {prompt.id for prompt in prompts}
        try:
            for prompt in prompts:
                self.engine.add(prompt)
            while left:
                while self._answers:
                    answer = self._answers.pop(0)
                    left.discard(answer.prompt_id)
                    yield answer
                if left:
                    self._step()
                    if on_usage:
                        on_usage(self.engine.usage)
        finally:
            self.engine.drop(left)
            self._answers = [a for a in self._answers if a.prompt_id not in left]

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Judge every question once, in the order in which they finish."""
        for question in questions:
            self.engine.add(question)
        for question in questions:
            while question.id not in self._judgements:
                self._step()
            yield self._judgements.pop(question.id)

    def _step(self) -> None:
        for outcome in self.engine.step():
            if isinstance(outcome, Answer):
                self._answers.append(outcome)
            elif isinstance(outcome, Judgement):
                self._judgements[outcome.question_id] = outcome

    def close(self) -> None:
        """Free the model; it cannot be used afterwards."""
        self.engine.close()
