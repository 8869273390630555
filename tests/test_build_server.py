"""How llama-server is found, keyed and built: everything but the compiler."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "build_server.py"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location("build_server", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def archive_of(folder: Path, *names: str) -> Path:
    path = folder / "source.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 2
            tar.addfile(entry, io.BytesIO(b"ok"))
    return path


def test_nothing_is_found_before_it_is_built(tool):
    assert tool.server_path() is None


def test_built_binary_is_found(tool):
    path = tool.server_folder() / tool.NAME
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert tool.server_path() == path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no execute permission")
def test_file_that_cannot_be_run_is_not_taken_for_a_server(tool):
    path = tool.server_folder() / tool.NAME
    path.parent.mkdir(parents=True)
    path.write_text("half a binary")
    path.chmod(0o644)
    assert tool.server_path() is None


def test_server_lies_beside_the_wheels_not_among_them(tool):
    assert tool.server_folder().parent == tool.cache_dir().parent / "servers"


def test_flags_are_those_of_the_python_package_and_leave_out_what_is_not_needed(tool):
    flags = tool.cmake_args()
    assert "-DGGML_OPENMP=OFF" in flags
    assert {"-DLLAMA_BUILD_UI=OFF", "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF"} <= set(flags)
    assert "-DBUILD_SHARED_LIBS=OFF" in flags


def test_flag_with_a_space_stays_one_flag(tool, monkeypatch):
    flags = ("-DCMAKE_CXX_FLAGS=-fno-a -fno-b", "-DX=1")
    monkeypatch.setattr(tool, "CMAKE_ARGS", flags)
    assert tuple(tool.cmake_args()[:2]) == flags


def test_every_flag_of_the_python_package_reaches_cmake(tool):
    assert tuple(tool.cmake_args()[: len(tool.CMAKE_ARGS)]) == tool.CMAKE_ARGS


def test_key_changes_with_the_flags_of_the_python_package(tool, monkeypatch):
    before = tool.server_key()
    assert tool.server_key() == before
    monkeypatch.setattr(tool, "CMAKE_ARGS", ("-DOTHER=1",))
    assert tool.server_key() != before


def test_only_llama_cpp_is_unpacked(tool, tmp_path):
    archive = archive_of(tmp_path, "p-1/vendor/llama.cpp/tools/a.cpp", "p-1/llama_cpp/llama.py")
    tool.unpack(archive, tmp_path / "out")
    assert [p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.*")] == [
        Path("tools/a.cpp")
    ]


def test_archive_that_climbs_out_of_its_folder_is_refused(tool, tmp_path):
    archive = archive_of(tmp_path, "p-1/vendor/llama.cpp/../../../../evil.txt")
    with pytest.raises(tarfile.FilterError):
        tool.unpack(archive, tmp_path / "deep" / "out")
    assert not (tmp_path / "evil.txt").exists()


def test_archive_without_llama_cpp_is_refused_with_a_reason(tool, tmp_path):
    with pytest.raises(SystemExit, match="has no vendor/llama.cpp"):
        tool.unpack(archive_of(tmp_path, "p-1/README.md"), tmp_path / "out")


def test_failed_build_leaves_nothing_behind(tool, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise SystemExit("no compiler")

    monkeypatch.setattr(tool, "download", lambda folder: folder / "x.tar.gz")
    monkeypatch.setattr(tool, "unpack", lambda archive, folder: folder.mkdir())
    monkeypatch.setattr(tool, "compile_server", fail)
    with pytest.raises(SystemExit):
        tool.build(tool.server_folder())
    assert list(tool.server_folder().parent.iterdir()) == []


def test_main_builds_once_and_then_prints_the_cached_path(tool, monkeypatch, capsys):
    built = []

    def build(folder: Path) -> Path:
        built.append(folder)
        folder.mkdir(parents=True)
        path = folder / str(tool.NAME)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return path

    monkeypatch.setattr(tool, "build", build)
    monkeypatch.setattr(sys, "argv", ["build_server.py"])
    tool.main()
    tool.main()
    assert len(built) == 1
    assert capsys.readouterr().out.splitlines() == [str(tool.server_path())] * 2


def test_tool_runs_as_a_script_from_anywhere(tmp_path):
    done = subprocess.run(
        [sys.executable, str(TOOL), "--print-key"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip()) == 16
