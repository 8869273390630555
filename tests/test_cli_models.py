from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from summarizer import assets, config
from summarizer.cli.models import command
from summarizer.errors import ConfigError
from summarizer.model import catalogue
from tests.test_model_catalogue import LARGE, SMALL, block


@pytest.fixture(autouse=True)
def _catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "models.txt"
    path.write_text(block("large", LARGE, context="8192", strategy="whole") + block("small"))
    (tmp_path / "small.original").write_bytes(SMALL)
    monkeypatch.setattr(assets, "asset", lambda _name: path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def rows(result: Result) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()[1:]}


def test_list_shows_what_is_on_disk_and_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "memory_available", lambda: 10**9)
    assert run("pull", "small").exit_code == 0
    result = run("list")
    assert result.exit_code == 0
    assert rows(result)["large"][:4] == ["no", "0.00", "Apache-2.0", "whole"]
    assert rows(result)["large"][4:] == ["no,", "needs", "1.1", "GB"]
    assert rows(result)["small"] == ["verified", "0.00", "Apache-2.0", "guided", "yes"]


def test_pull_prints_only_the_path_to_stdout() -> None:
    result = run("pull", "small")
    assert result.stdout == f"{config.models_dir() / 'small.gguf'}\n"
    assert "small: copying" in result.stderr


def test_pull_of_an_unknown_model_is_a_configuration_error() -> None:
    assert isinstance(run("pull", "smal").exception, ConfigError)


def test_verify_reads_the_file_again_and_says_ok() -> None:
    run("pull", "small")
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "small: ok\n")


@pytest.mark.parametrize("content", [SMALL[:-1], SMALL[:-1] + b"?"], ids=["short", "altered"])
def test_verify_fails_when_a_file_differs_even_if_its_times_do_not(content: bytes) -> None:
    import os

    run("pull", "small")
    path = config.models_dir() / "small.gguf"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(content)
    os.utime(path, ns=times)
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout.startswith("small: damaged")
    assert "models pull" in result.stderr


def test_verify_without_models_is_no_failure() -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no model" in result.stderr
