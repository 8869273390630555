"""Language models: the catalogue of models.txt, fetching, and running them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from summarizer.assets import asset
from summarizer.config import models_dir
from summarizer.errors import ConfigError, ModelFileError
from summarizer.model.catalogue import ModelFile, resolve
from summarizer.model.checksum import FetchProgress
from summarizer.model.interface import Model
from summarizer.model.remote_address import parse_remote
from summarizer.model.verifier import AdapterVerifier

__all__ = ["Model", "ModelFile", "open_model", "open_verifier", "resolve"]

VERIFIER = "support.v1"
_VERIFIER_BASE = "smollm2-135m-instruct"  # what the adapter was trained on
_VERIFIER_TOKENS = 512  # evidence, claim and the words between them
_FAST = "fast"  # folder beside the models: copies of their weights made for this CPU


def open_model(
    name: str,
    *,
    parallel: int = 0,
    lora: Path | None = None,
    reproducible: bool = False,
    progress: FetchProgress | None = None,
) -> Model | None:
    """Return the model `name`, ready to answer; None for "none".

    Args:
        name: a name of models.txt, a GGUF path, "auto", "none", or the address of a server,
            http://HOST:PORT/v1#MODEL.
        parallel: prompts under way at once; 0: by cores and memory, at a server 8.
        lora: a GGUF adapter for a local model.
        reproducible: every answer depends on its prompt alone; slower, local models only.
        progress: called while a model is fetched.

    Raises:
        ModelUnavailable: none of its sources can be reached, or it crashes while it loads.
        ModelFileError: the file is damaged, has no chat template, or llama.cpp cannot load it.
        ConfigError: there is no such model, or an option does not go with it.
    """
    if name == "none":
        return None
    address = parse_remote(name)
    if address is not None:
        if lora or reproducible:
            raise ConfigError(
                "an adapter and reproducible answers are for local models",
                hint="Start the server with the adapter, and leave both options out here.",
            )
        from summarizer.model.remote import RemoteModel  # late: the HTTP library takes a while

        return RemoteModel(address, parallel=parallel) if parallel else RemoteModel(address)
    if lora is not None and not lora.is_file():
        raise ConfigError(f"there is no adapter {lora}")
    return _open_local(
        resolve(name, progress=progress), parallel=parallel, lora=lora, reproducible=reproducible
    )


def open_verifier(*, progress: FetchProgress | None = None) -> AdapterVerifier:
    """Return the entailment model, which runs beside every other.

    Nothing is fetched or started before it is asked; then it raises what `open_model` raises.

    Args:
        progress: called while its base model is fetched.
    """

    def open_it() -> Model:
        file = resolve(_VERIFIER_BASE, progress=progress)
        try:
            adapter = asset(f"verifiers/{VERIFIER}.gguf")
        except FileNotFoundError as error:
            raise ModelFileError(str(error), hint="Install the summarizer again.") from error
        return _open_local(file, lora=adapter, context_tokens=_VERIFIER_TOKENS)

    return AdapterVerifier(open_it, name=f"{VERIFIER} on {_VERIFIER_BASE}")


def _open_local(
    file: ModelFile,
    *,
    parallel: int = 0,
    lora: Path | None = None,
    reproducible: bool = False,
    context_tokens: int = 0,
) -> Model:
    if find_spec("llama_cpp") is None:
        raise ConfigError(
            "llama-cpp-python is not installed",
            hint="Run `make setup` in the checkout, or run without a model: --model none.",
        )
    from summarizer.model.process import ProcessModel
    from summarizer.model.protocol import EngineOptions

    return ProcessModel(
        EngineOptions(
            path=file.path,
            name=file.name,
            sha256=file.sha256,
            strategy=file.strategy,
            context_tokens=context_tokens or file.context,
            parallel=parallel,
            lora=lora,
            weights_dir=models_dir() / _FAST,
            reproducible=reproducible,
        )
    )
