"""Train a LoRA adapter that tells support: python -m benchmarks.training.lora PAIRS BASE.gguf OUT.

Runs in an environment of its own (requirements.txt in this folder), on the CPU. OUT is a NumPy
archive for export.py, or for --start of another training. Every 25 steps a checkpoint is written
beside it (OUT.checkpoint); started again with the same arguments, training goes on from there.
--steps N stops after N further steps, at the rate that those have in the whole pass.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from benchmarks.training.packs import HELD, TRAIN, Pack, fill, lay_out, read_packs, visible
from benchmarks.training.torch_llama import Llama, load, new_adapter

RANK, ALPHA = 16, 32
_LAST_RATE = 0.02  # of the highest
_BETAS, _DECAY, _MAX_NORM = (0.9, 0.98), 0.01, 1.0
_SMOOTH = 0.96  # labels become 0.98 and 0.02
_PAIRS = 50  # a step's loss is the sum over its pairs divided by this, its usual number
_EVERY = 25  # steps between checkpoints
_SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pairs", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="an adapter to go on with; without: a new one")
    parser.add_argument("--rate", type=float, default=6e-4, help="the highest learning rate")
    parser.add_argument("--warm-up", type=int, default=60, help="steps until it is reached")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, help="of this run; without: to the end")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    file = read_packs(options.pairs)
    llama = load(options.base, torch.bfloat16)
    torch.manual_seed(_SEED)
    llama.adapter, llama.scale = new_adapter(llama.shape, llama.weights, RANK), ALPHA / RANK
    if options.start:
        take(llama, options.start)
    batches = batches_of(file.of(TRAIN))
    print(
        f"{len(batches)} steps, {sum(p.numel() for p in parameters(llama))} parameters", flush=True
    )
    pace = Pace(options.rate, options.warm_up, len(batches))
    trainer = Trainer(llama, direction(llama, file.answers), options.out, pace)
    trainer.run(batches, options.steps)
    save(options.out, llama)
    print("held out:", trainer.held(file.of(HELD)), flush=True)


class Pace(NamedTuple):
    """The learning rate: up in a line, then down along half a cosine."""

    highest: float
    warm_up: int
    steps: int

    def at(self, step: int) -> float:
        """Return the rate of a step, counted from 0."""
        warm = min(1.0, (step + 1) / self.warm_up)
        falling = 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.highest * warm * (falling + _LAST_RATE)


def batches_of(packs: list[Pack]) -> list[list[list[Pack]]]:
    """Return the batches of one pass, the same for the same packs."""
    rng = random.Random(_SEED)
    shuffled = list(packs)
    rng.shuffle(shuffled)
    return fill(shuffled, rng)


def direction(llama: Llama, answers: tuple[int, int]) -> Any:
    """Return what a hidden state is multiplied with to give the log-odds of the first answer."""
    yes, no = answers
    return llama.output[yes] - llama.output[no]


def parameters(llama: Llama) -> list[Any]:
    """Return what is trained."""
    return list(itertools.chain.from_iterable(llama.adapter.values()))


class Trainer:
    """The state of training, which checkpoints keep."""

    def __init__(self, llama: Llama, direction: Any, out: Path, pace: Pace) -> None:
        self.llama = llama
        self._direction = direction
        self._pace = pace
        self._checkpoint = out.with_name(out.name + ".checkpoint")
        self._parameters = parameters(llama)
        self._optimizer = torch.optim.AdamW(
            self._parameters, lr=pace.highest, weight_decay=_DECAY, betas=_BETAS
        )
        self.step = 0
        if self._checkpoint.exists():
            self._resume()

    def run(self, batches: Sequence[Sequence[Sequence[Pack]]], most: int | None) -> None:
        """Train on what is left of the batches, at most so many."""
        started, first = time.monotonic(), self.step
        end = len(batches) if most is None else min(len(batches), first + most)
        losses, right, pairs = 0.0, 0, 0
        while self.step < end:
            scores, labels = self.scores(batches[self.step])
            self._learn(scores, labels, self._pace.at(self.step))
            losses += float(self._loss(scores.detach(), labels)) * len(labels)
            right += int(((scores > 0) == (labels > 0)).sum())
            pairs += len(labels)
            self.step += 1
            if self.step % _EVERY == 0 or self.step == end:
                self._save()
                seconds = (time.monotonic() - started) / (self.step - first)
                print(
                    f"step {self.step} of {len(batches)}: loss {losses / pairs:.3f}, "
                    f"right {right / pairs:.3f}, {seconds:.2f} s a step",
                    flush=True,
                )
                losses, right, pairs = 0.0, 0, 0

    def scores(self, batch: Sequence[Sequence[Pack]]) -> tuple[Any, Any]:
        """Return log-odds and labels of all pairs of a batch."""
        layouts = [lay_out(packs) for packs in batch]
        tokens = torch.tensor([layout.tokens for layout in layouts])
        positions = torch.tensor([layout.positions for layout in layouts])
        seen = torch.from_numpy(np.stack([visible(layout) for layout in layouts]))
        at = [(row, i) for row, layout in enumerate(layouts) for i in layout.answers_at]
        labels = [label for layout in layouts for label in layout.labels]
        hidden = self.llama.hidden(tokens, positions, self.llama.mask(seen))
        rows, places = zip(*at, strict=True)
        states = hidden[list(rows), list(places)].float()
        return states @ self._direction, torch.tensor(labels, dtype=torch.float32)

    def held(self, packs: Sequence[Pack]) -> str:
        """Return the figures of packs that were not trained on."""
        if not packs:
            return "nothing"
        with torch.no_grad():
            found = [self.scores(batch) for batch in fill(packs, random.Random(_SEED))]
        scores = torch.cat([s for s, _ in found])
        labels = torch.cat([y for _, y in found])
        right = float(((scores > 0) == (labels > 0)).float().mean())
        loss = float(F.binary_cross_entropy_with_logits(scores, labels))
        return f"{len(labels)} pairs, loss {loss:.3f}, right {right:.3f}"

    def _loss(self, scores: Any, labels: Any) -> Any:
        smooth = labels * _SMOOTH + (1 - _SMOOTH) / 2
        return F.binary_cross_entropy_with_logits(scores, smooth)

    def _learn(self, scores: Any, labels: Any, rate: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        (self._loss(scores, labels) * len(labels) / _PAIRS).backward()
        torch.nn.utils.clip_grad_norm_(self._parameters, _MAX_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad()

    def _save(self) -> None:
        state = {
            "step": self.step,
            "adapter": [p.detach() for p in self._parameters],
            "optimizer": self._optimizer.state_dict(),
        }
        part = self._checkpoint.with_name(self._checkpoint.name + ".part")
        torch.save(state, part)
        part.replace(self._checkpoint)

    def _resume(self) -> None:
        state = torch.load(self._checkpoint, weights_only=True)
        self.step = state["step"]
        for parameter, value in zip(self._parameters, state["adapter"], strict=True):
            parameter.data = value
        self._optimizer.load_state_dict(state["optimizer"])
        print(f"going on after step {self.step}", flush=True)


def take(llama: Llama, path: Path) -> None:
    """Put an adapter that `save` wrote in place of the model's."""
    with np.load(path, allow_pickle=False) as arrays:
        for name, halves in llama.adapter.items():
            for half, parameter in zip("ab", halves, strict=True):
                parameter.data = torch.from_numpy(arrays[f"{name}.{half}"])


def save(path: Path, llama: Llama) -> None:
    """Write the adapter as export.py reads it."""
    with path.open("wb") as file:
        np.savez(file, alpha=np.float32(llama.scale * RANK), **dict(_arrays(llama.adapter)))


def _arrays(adapter: Mapping[str, tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for name, (a, b) in adapter.items():
        yield f"{name}.a", a.detach().numpy()
        yield f"{name}.b", b.detach().numpy()


if __name__ == "__main__":
    main()
