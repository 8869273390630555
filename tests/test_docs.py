"""The documents say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import summarizer
from summarizer.cli import _COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", _COMMANDS)
def test_readme_names_every_command(name):
    assert f"`summarizer {name}" in README


def test_readme_imports_only_what_is_public():
    for names in re.findall(r"from summarizer import (.+)", README):
        assert set(names.split(", ")) <= set(summarizer.__all__)


def test_readme_files_exist():
    block = README.split("## Where things are")[1].split("\n\n")[1]
    for line in block.splitlines():
        for name in re.findall(r"[\w./]+(?:/|\.py|\.txt)(?=\s|$)", line.split("  ")[2]):
            assert (ROOT / name).exists(), name


@pytest.mark.parametrize("target", ["brief", "test", "check"])
def test_make_targets_that_are_named_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_no_tracked_file_names_a_package_index_or_a_machine_path():
    bad = re.compile("py" + r"pi\.org|python" + r"hosted|/ro" + "ot/|/wo" + "rk/")
    folders = ("summarizer", "tests", "tools", "benchmarks", "docs", "requirements", "examples")
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".md", ".txt", ".in", ".toml"}:
                assert not bad.search(path.read_text("utf-8", "replace")), path
