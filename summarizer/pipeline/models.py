"""The models of a run: opened when needed, freed afterwards, named in the brief."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.data import ModelInfo
from summarizer.errors import ModelUnavailable
from summarizer.model import Model, open_model, open_verifier
from summarizer.pipeline.options import BriefOptions
from summarizer.pipeline.run import Run
from summarizer.validate import Validator


@contextmanager
def opened(model: str | Model, run: Run, options: BriefOptions) -> Iterator[Model | None]:
    """Load what is named and free it afterwards; leave a Model that was given open."""
    if not isinstance(model, str):
        yield model
        return
    loaded = None
    try:
        with run.stage("load model"):
            loaded = open_model(
                model,
                parallel=options.parallel,
                lora=options.lora,
                reproducible=options.reproducible,
                progress=lambda what, done, total: run.progress("fetch", done, total, what),
            )
    except ModelUnavailable as error:
        if model != "auto":
            raise
        run.warnings.append(f"No model could be had, so every line is a quotation. {error}")
    try:
        yield loaded
    finally:
        if loaded:
            loaded.close()


@contextmanager
def checking(options: BriefOptions, run: Run) -> Iterator[Validator]:
    """Give a validator, whose model starts when a claim asks for it, and free that afterwards."""
    verifier = None
    if options.verifier:
        verifier = open_verifier(
            progress=lambda what, done, total: run.progress("fetch", done, total, what)
        )
    validator = Validator(verifier, strictness=options.strictness)
    try:
        yield validator
    finally:
        run.warnings += validator.problems
        if verifier:
            verifier.close()


def model_info(model: Model | None, options: BriefOptions) -> ModelInfo:
    """Return what a brief says of the model that wrote it."""
    if model is None:
        return ModelInfo(name="none")
    return ModelInfo(
        name=model.name,
        sha256=model.sha256,
        strategy=model.strategy.value,
        adapter=options.lora.name if options.lora else "",
        reproducible=options.reproducible,
    )
