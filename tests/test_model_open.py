"""Which model a name stands for, and which options go with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ConfigError
from summarizer.model import ModelFile, open_model
from summarizer.model.interface import Strategy
from summarizer.model.protocol import EngineOptions

FILE = ModelFile(
    path=Path("x.gguf"), name="x", sha256="ab" * 32, strategy=Strategy.GUIDED, context=1234
)


class Recorder:
    """Stands in for a class: keeps what it was called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __call__(self, *args: Any, **options: Any) -> Recorder:
        self.calls.append((args, options))
        return self


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr("summarizer.model.remote.RemoteModel", recorder)
    return recorder


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr("summarizer.model.process.ProcessModel", recorder)
    monkeypatch.setattr("summarizer.model.find_spec", lambda name: name)
    monkeypatch.setattr("summarizer.model.resolve", lambda name, progress: FILE)
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    return recorder


def options_of(recorder: Recorder) -> EngineOptions:
    (((options,), _),) = recorder.calls
    assert isinstance(options, EngineOptions)
    return options


@pytest.mark.parametrize("options", [{}, {"parallel": 4}, {"reproducible": True}])
def test_none_is_no_model(options, remote, local):
    assert open_model("none", **options) is None
    assert not remote.calls
    assert not local.calls


@pytest.mark.parametrize(
    ("name", "base", "model"),
    [
        ("http://127.0.0.1:8080/v1#small", "http://127.0.0.1:8080/v1", "small"),
        ("http://server:8080", "http://server:8080/v1", None),
        ("HTTPS://server/v1", "https://server/v1", None),
    ],
)
def test_address_is_a_remote_model(name, base, model, remote, local):
    assert open_model(name) == remote
    (((address,), options),) = remote.calls
    assert (address.base_url, address.model, options) == (base, model, {})
    assert not local.calls


def test_parallel_is_passed_on_to_a_server(remote):
    open_model("http://server/v1", parallel=3)
    assert remote.calls[0][1] == {"parallel": 3}


@pytest.mark.parametrize(
    "options",
    [
        {"lora": Path("adapter.gguf")},
        {"reproducible": True},
        {"lora": Path("adapter.gguf"), "reproducible": True, "parallel": 2},
    ],
)
def test_server_takes_neither_an_adapter_nor_reproducible(options, remote):
    with pytest.raises(ConfigError, match="local models") as caught:
        open_model("http://server/v1", **options)
    assert caught.value.hint
    assert not remote.calls


def test_address_that_is_none_is_an_error(remote, local):
    with pytest.raises(ConfigError):
        open_model("http://#small")
    assert not remote.calls
    assert not local.calls


def test_local_model_is_opened_as_the_catalogue_and_the_options_say(local, tmp_path):
    lora = tmp_path / "adapter.gguf"
    lora.touch()
    assert open_model("x", parallel=5, lora=lora, reproducible=True) == local
    assert options_of(local) == EngineOptions(
        path=FILE.path,
        name="x",
        sha256=FILE.sha256,
        strategy=Strategy.GUIDED,
        context_tokens=1234,
        parallel=5,
        lora=lora,
        weights_dir=options_of(local).weights_dir,
        reproducible=True,
    )


def test_copies_of_weights_lie_in_the_cache(local, tmp_path):
    open_model("x")
    folder = options_of(local).weights_dir
    assert folder is not None
    assert tmp_path in folder.parents


def test_missing_adapter_is_an_error_before_anything_is_fetched(local, monkeypatch, tmp_path):
    monkeypatch.setattr("summarizer.model.resolve", lambda *_, **__: pytest.fail("fetched"))
    with pytest.raises(ConfigError, match="no adapter"):
        open_model("x", lora=tmp_path / "nowhere.gguf")


def test_missing_library_is_an_error_with_what_to_do(local, monkeypatch):
    monkeypatch.setattr("summarizer.model.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        open_model("x")
    assert "make setup" in caught.value.hint
    assert not local.calls


def test_model_that_nobody_knows_is_an_error():
    with pytest.raises(ConfigError):
        open_model("nobody-knows-this-model")


def test_library_is_looked_for_without_loading_it(local, monkeypatch):
    looked_for = Recorder()
    monkeypatch.setattr("summarizer.model.find_spec", looked_for)
    open_model("x")
    assert looked_for.calls == [(("llama_cpp",), {})]
