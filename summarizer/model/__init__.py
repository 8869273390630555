"""Language models: the catalogue of models.txt, fetching, and running them in this process."""

from __future__ import annotations

from summarizer.errors import ConfigError
from summarizer.model.catalogue import ModelFile, resolve
from summarizer.model.checksum import FetchProgress
from summarizer.model.interface import Model

__all__ = ["Model", "ModelFile", "open_model", "resolve"]


def open_model(
    name: str, *, parallel: int | None = None, progress: FetchProgress | None = None
) -> Model | None:
    """Return the model `name`, loaded: a name of models.txt, a GGUF path, "auto" or "none" (None).

    Raises:
        ModelUnavailable: none of its sources can be reached.
        ModelFileError: the file is damaged, has no chat template, or llama.cpp cannot load it.
        ConfigError: there is no such model.
    """
    if name == "none":
        return None
    file = resolve(name, progress=progress)
    try:
        from summarizer.model.llama import LlamaModel  # late: the library takes a while to load
    except ImportError as error:
        raise ConfigError(
            f"llama-cpp-python cannot be loaded: {error}",
            hint="Run `make setup` in the checkout, or run without a model: --model none.",
        ) from error
    return LlamaModel(
        file.path,
        name=file.name,
        sha256=file.sha256,
        strategy=file.strategy,
        context_tokens=file.context,
        **({} if parallel is None else {"parallel": parallel}),
    )
