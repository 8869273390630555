"""What keeps tests from the real engine and from the user's own files, and where shared data is.

tests/conftest.py imports these fixtures, so that every test has them.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from summarizer.model import process
from tests.verifiers import WordVerifier

_ENGINE = "summarizer.model.llama"
_UNMARKED = "the real llama.cpp engine needs @pytest.mark.model (use the fake_model fixture)"


class _EngineRefused(importlib.abc.MetaPathFinder):
    """Fail the test that imports the engine: pytest.fail is no Exception, nobody swallows it."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in (_ENGINE, "llama_cpp"):
            pytest.fail(f"import of {fullname}: {_UNMARKED}")


@pytest.fixture(autouse=True)
def no_engine_unless_marked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep unmarked tests from importing the engine, here or in a child, or from making one."""
    if request.node.get_closest_marker("model"):
        return

    def no_worker(_paths: Sequence[str]) -> list[str]:
        pytest.fail(f"ProcessModel without a command of its own: {_UNMARKED}")

    monkeypatch.setattr(process, "_worker_command", no_worker)
    for place in ("pipeline.models", "cli.check"):
        monkeypatch.setattr(f"summarizer.{place}.open_verifier", lambda **_: WordVerifier())
    monkeypatch.setattr(sys, "meta_path", [_EngineRefused(), *sys.meta_path])
    engine = sys.modules.get(_ENGINE)
    if engine is not None:

        def refuse(*_args: object, **_options: object) -> None:
            pytest.fail(f"LlamaFile(): {_UNMARKED}")

        monkeypatch.setattr(engine.LlamaFile, "__init__", refuse)


@pytest.fixture(autouse=True, scope="session")
def state_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests, and the programs they start, out of the user's own state folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return ../shared beside the checkout; its tests are marked @pytest.mark.shared."""
    shared = Path(__file__).resolve().parents[2] / "shared"
    if not (shared / "articles").is_dir():
        pytest.skip("needs ../shared beside the checkout (articles and benchmark sets)")
    return shared
