"""When a model's weights are copied into another form, and what becomes of the copy.

Marked `model` because the module imports the binding; only the last tests run llama.cpp.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ModelFileError
from tests.engines import ask, free, texts, tiny_options
from tests.tiny_gguf import write_tiny_llama

pytestmark = pytest.mark.model

WEIGHTS = b"weights" * 100
Usage = namedtuple("Usage", "total used free")
PLENTY = 10**12
Q4_0, Q4_1, Q8_0, Q5_0, Q5_1, Q4_K_M, Q6_K, F16 = 2, 3, 7, 8, 9, 15, 18, 1


class Machine:
    """What the module asks of the machine and of llama.cpp; it requantises by writing a file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.amx, self.kind, self.memory, self.disk = False, Q4_1, PLENTY, PLENTY
        self.fails: BaseException | None = None
        self.made: list[tuple[Path, Path]] = []
        self.asked_disk: list[Path] = []
        module = "summarizer.model.weights"
        monkeypatch.setattr(f"{module}.has_amx", lambda: self.amx)
        monkeypatch.setattr(f"{module}.file_type", lambda path: self.kind)
        monkeypatch.setattr(f"{module}.requantize", self._requantize)
        monkeypatch.setattr(f"{module}.psutil.virtual_memory", lambda: Usage(self.memory, 0, 0))
        monkeypatch.setattr(f"{module}.shutil.disk_usage", self._disk_usage)

    def _requantize(self, source: Path, target: Path, *, threads: int = 0) -> None:
        self.made.append((source, target))
        target.write_bytes(b"half")
        if self.fails:
            raise self.fails
        target.write_bytes(b"copy")

    def _disk_usage(self, path: Path) -> Usage:
        self.asked_disk.append(path)
        return Usage(PLENTY, 0, self.disk)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "small.gguf"
    path.write_bytes(WEIGHTS)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "fast"


@pytest.fixture
def fast() -> Callable[..., Path]:
    from summarizer.model.weights import fast_weights

    return fast_weights


@pytest.mark.parametrize(
    ("amx", "kind", "copied"),
    [
        (False, Q4_1, True),
        (False, Q5_0, True),
        (False, Q5_1, True),
        (False, Q4_0, False),  # has kernels of its own
        (False, Q4_K_M, False),
        (False, Q6_K, False),
        (True, Q4_1, True),
        (True, Q4_K_M, True),
        (True, Q6_K, True),
        (True, Q4_0, False),
        (True, Q8_0, False),  # is it already
        (True, F16, False),
        (True, -1, False),  # nobody knows
    ],
)
def test_weights_are_copied_where_this_cpu_is_slow_with_them(
    machine, fast, model, folder, amx, kind, copied
):
    machine.amx, machine.kind = amx, kind
    path = fast(model, folder)
    assert (path != model) is copied
    assert len(machine.made) == copied
    if copied:
        assert path.parent == folder
        assert path.read_bytes() == b"copy"


def test_copy_is_made_once(machine, fast, model, folder):
    first = fast(model, folder)
    machine.kind = Q4_0  # is not even looked at
    machine.disk = 0
    assert fast(model, folder) == first
    assert len(machine.made) == 1


def test_copy_of_a_file_that_has_changed_is_made_anew(machine, fast, model, folder):
    first = fast(model, folder)
    model.write_bytes(WEIGHTS + b"!")
    second = fast(model, folder)
    model.write_bytes(WEIGHTS)
    os.utime(model, (1, 1))
    assert len({first, second, fast(model, folder)}) == 3


def test_files_of_one_name_have_copies_of_their_own(machine, fast, model, folder, tmp_path):
    other = tmp_path / "other" / model.name
    other.parent.mkdir()
    shutil.copy2(model, other)
    assert fast(model, folder) != fast(other, folder)


def test_original_is_left_as_it_is(machine, fast, model, folder):
    fast(model, folder)
    assert model.read_bytes() == WEIGHTS


@pytest.mark.parametrize("lack", ["memory", "disk"])
def test_nothing_is_copied_where_memory_or_disk_is_short(machine, fast, model, folder, lack):
    setattr(machine, lack, len(WEIGHTS) * 4)
    assert fast(model, folder) == model
    assert not machine.made
    assert not folder.exists()


def test_copy_that_has_no_room_in_memory_any_more_is_not_used(machine, fast, model, folder):
    """It may have been made on this disk by a larger machine."""
    assert fast(model, folder) != model
    machine.memory = len(WEIGHTS) * 4
    assert fast(model, folder) == model


def test_disk_is_that_of_the_folder(machine, fast, model, folder, tmp_path):
    fast(model, folder)
    assert machine.asked_disk == [tmp_path]  # the nearest that is there


@pytest.mark.parametrize(
    "error", [ModelFileError("llama.cpp cannot requantise"), OSError("disk full")]
)
def test_copy_that_cannot_be_made_leaves_no_half_and_warns(
    machine, fast, model, folder, caplog, error
):
    machine.fails = error
    with caplog.at_level(logging.WARNING, "summarizer.model"):
        assert fast(model, folder) == model
    assert str(error) in caplog.text
    assert list(folder.iterdir()) == []


def test_interrupted_copy_leaves_no_half(machine, fast, model, folder):
    machine.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        fast(model, folder)
    assert list(folder.iterdir()) == []


def test_copy_is_written_beside_and_moved_when_it_is_whole(machine, fast, model, folder):
    target = fast(model, folder)
    ((source, scratch),) = machine.made
    assert (source, scratch.parent) == (model, folder)
    assert scratch != target
    assert list(folder.iterdir()) == [target]


def test_folder_that_cannot_be_written_is_no_error(machine, fast, model, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    assert fast(model, blocked) == model


# --- for real -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf")


@pytest.fixture
def opened() -> Iterator[Callable[..., Any]]:
    from summarizer.model.local import LocalModel

    made: list[Any] = []

    def make(path: Path, **changes: Any) -> Any:
        made.append(LocalModel(tiny_options(path, **changes)))
        return made[-1]

    yield make
    for model in made:
        model.close()


def test_real_copy_has_eight_bits_a_weight_and_answers(opened, tiny_path, tmp_path):
    from summarizer.model.llama import file_type, requantize

    target = tmp_path / "copy.gguf"
    requantize(tiny_path, target, threads=1)
    assert file_type(target) == Q8_0
    assert target.stat().st_size < tiny_path.stat().st_size / 2
    prompts = [free(str(n), f"text {n}") for n in range(3)]
    assert texts(opened(target), prompts).keys() == texts(opened(tiny_path), prompts).keys()


def test_engine_loads_the_copy_and_says_so(opened, tiny_path, tmp_path, monkeypatch):
    monkeypatch.setattr("summarizer.model.weights.file_type", lambda path: Q4_1)
    folder = tmp_path / "fast"
    model = opened(tiny_path, weights_dir=folder)
    (copy,) = folder.iterdir()
    assert model.engine.weights == str(copy)
    assert texts(model, [ask("a")])
    plain = opened(tiny_path, weights_dir=folder, plain=True)
    assert plain.engine.weights == str(tiny_path)
    assert opened(tiny_path).engine.weights == str(tiny_path)
