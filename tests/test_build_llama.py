"""The key under which a built llama-cpp-python is cached."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "build_llama.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_llama", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_key_is_the_same_for_the_same_build(tool):
    assert tool.wheel_key("a==1", ("-DX",), "avx2") == tool.wheel_key("a==1", ("-DX",), "avx2")


@pytest.mark.parametrize(
    ("pin", "flags", "features"),
    [("a==2", ("-DX",), "avx2"), ("a==1", ("-DY",), "avx2"), ("a==1", ("-DX",), "avx2 amx_int8")],
    ids=["version", "flags", "cpu"],
)
def test_key_changes_with_version_flags_and_cpu(tool, pin, flags, features):
    assert tool.wheel_key(pin, flags, features) != tool.wheel_key("a==1", ("-DX",), "avx2")


def test_build_leaves_amx_out(tool):
    (cxx,) = [arg for arg in tool.CMAKE_ARGS if arg.startswith("-DCMAKE_CXX_FLAGS=")]
    assert {"-fno-tree-dse", "-fno-dse"} <= set(cxx.split("=", 1)[1].split())


def test_cpu_features_are_known_on_this_machine(tool):
    assert len(tool.cpu_features()) > 3


def test_pin_has_a_hash(tool):
    assert "--hash=sha256:" in tool.PIN.read_text()


def test_failed_build_leaves_no_wheel_behind(tool, tmp_path, monkeypatch):
    def fail(*_args: object) -> None:
        raise SystemExit("no compiler")

    monkeypatch.setattr(tool, "run_with_progress", fail)
    with pytest.raises(SystemExit):
        tool.build(tmp_path / "wheels" / "key")
    assert list((tmp_path / "wheels").iterdir()) == []
