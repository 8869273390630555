"""How a browser is found and installed, without an apt-get that does anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import install_browser
from tools.install_browser import VARIABLE, find_browser, main


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let PATH be one empty folder, and us be root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def put(folder: Path, name: str, script: str = "") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def put_apt(folder: Path, script: str) -> None:
    """Put an apt-get there that notes what it is asked for, then runs `script`."""
    put(folder, "apt-get", f'echo "$DEBIAN_FRONTEND $@" >> "{folder}/asked"\n{script}')


def test_nothing_is_found_where_there_is_nothing(programs):
    assert find_browser() is None


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_browser_on_the_path_is_found(programs, name):
    there = put(programs, name)
    assert find_browser() == there


def test_named_browser_comes_before_any_other(programs, monkeypatch):
    put(programs, "chromium")
    mine = put(programs, "mine")
    monkeypatch.setenv(VARIABLE, str(mine))
    assert find_browser() == mine


def test_named_browser_that_is_missing_is_not_replaced(programs, monkeypatch):
    put(programs, "chromium")
    monkeypatch.setenv(VARIABLE, str(programs / "gone"))
    assert find_browser() is None


def test_nothing_is_said_or_done_where_there_is_one(programs, capsys):
    put(programs, "chromium")
    put_apt(programs, "exit 1")
    main()
    assert capsys.readouterr() == ("", "")
    assert not (programs / "asked").exists()


def test_missing_browser_is_installed_and_that_is_said(programs, capsys):
    put_apt(
        programs,
        f'case "$*" in *install*) : > "{programs}/chromium";'
        f' /bin/chmod +x "{programs}/chromium";; esac',
    )
    main()
    assert find_browser()
    assert (
        capsys.readouterr().out
        == "installing chromium and fonts-liberation for the tests of the page\n"
    )
    update, install = (programs / "asked").read_text("utf-8").splitlines()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update -qq")
    assert install.endswith(" --no-install-recommends chromium fonts-liberation")


@pytest.mark.parametrize("failing", ["update", "install"])
def test_failure_is_told_and_is_none_of_make_test(programs, capsys, failing):
    put_apt(programs, f'case "$*" in *{failing}*) echo "no archive" >&2; exit 100;; esac')
    main()
    told = capsys.readouterr()
    assert "apt-get could not install it" in told.out
    assert "Tests that open a page are skipped." in told.out
    assert "no archive" in told.err


def test_without_apt_get_it_is_said_what_to_do(programs, capsys):
    main()
    assert "there is no apt-get" in capsys.readouterr().out


def test_without_the_rights_nothing_is_tried(programs, monkeypatch, capsys):
    put_apt(programs, "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    main()
    assert "only root may install packages" in capsys.readouterr().out
    assert not (programs / "asked").exists()


def test_message_names_the_package_and_the_variable():
    assert "chromium" in install_browser.MISSING
    assert VARIABLE in install_browser.MISSING
