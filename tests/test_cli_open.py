"""`summarizer open`: which page, and what is said where no browser can be started."""

from __future__ import annotations

import shutil
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner, Result

from summarizer.cli import group, main
from summarizer.cli.open import command
from summarizer.last_page import remember_page

Opener = Callable[[str], bool]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on Linux, over ssh."""
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a browser that takes everything, and the URLs that it was given."""
    urls: list[str] = []

    def take(url: str) -> bool:
        urls.append(url)
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", take)
    return urls


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "out" / "brief.html"
    page.parent.mkdir()
    page.write_text("<!DOCTYPE html>")
    return page


def run(*words: object) -> Result:
    """Run the command; its exit code is what the function returns."""
    return CliRunner().invoke(command, [*map(str, words)], standalone_mode=False)


def test_without_a_path_the_last_brief_is_shown(page: Path, opened: list[str]) -> None:
    remember_page(page)
    result = run()
    assert (result.return_value, result.stdout) == (0, f"{page}\n")
    assert opened == [page.as_uri()]


@pytest.mark.parametrize("named", ["out/brief.html", "out"])
def test_a_page_or_its_folder_may_be_named(
    named: str, page: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(page.parents[1])
    remember_page(Path("elsewhere.html"))
    assert run(named).return_value == 0
    assert opened == [page.as_uri()]


def test_any_name_of_a_folder_becomes_a_url_that_leads_to_it(page: Path, opened: list[str]) -> None:
    folder = page.parent.rename(page.parents[1] / "ü #1?%41 <b>")
    assert run(folder).return_value == 0
    parts = urlsplit(opened[0])
    assert (parts.scheme, parts.query, parts.fragment) == ("file", "", "")
    assert unquote(parts.path) == str(folder / "brief.html")


def refuse(_url: str) -> bool:
    return False


def fail(_url: str) -> bool:
    raise webbrowser.Error("could not locate runnable browser")


@pytest.mark.parametrize("opener", [refuse, fail])
def test_without_a_browser_it_says_where_the_page_is_and_how_to_see_it(
    opener: Opener, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", opener)
    result = run(page)
    assert (result.return_value, result.stdout) == (1, f"{page}\n")
    assert "Copy the page" in result.stderr
    assert f"--directory {page.parent}`" in result.stderr
    assert "http://127.0.0.1:8000/brief.html" in result.stderr


def test_over_ssh_no_browser_is_started_in_the_terminal(
    page: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    assert run(page).return_value == 1
    assert opened == []


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"])
def test_a_screen_or_a_browser_chosen_is_enough(
    name: str, page: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv(name, "something")
    assert run(page).return_value == 0
    assert opened == [page.as_uri()]


def test_elsewhere_than_on_linux_no_variable_is_needed(
    page: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setattr("sys.platform", "darwin")
    assert run(page).return_value == 0


def _remembered_and_gone(page: Path) -> None:
    remember_page(page)
    shutil.rmtree(page.parent)


@pytest.mark.parametrize(
    ("before", "words", "why"),
    [
        (lambda page: None, (), "no brief has been made yet"),
        (_remembered_and_gone, (), "is gone"),
        (lambda page: page.unlink(), ("out",), "there is no brief.html in out"),
    ],
    ids=["nothing remembered", "gone", "folder without a page"],
)
def test_no_page_is_an_error_with_a_hint(
    before: Callable[[Path], None],
    words: tuple[str, ...],
    why: str,
    page: Path,
    opened: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before(page)
    monkeypatch.chdir(page.parents[1])
    monkeypatch.setattr("sys.argv", ["summarizer", "open", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert why in said
    assert "summarizer brief" in said
    assert opened == []


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(group, ["open", str(tmp_path / "nowhere")])
    assert result.exit_code == 2


def test_a_name_cannot_steer_the_terminal(page: Path) -> None:
    folder = page.parent.rename(page.parents[1] / "a\x1b[2Jb\u202ec")
    result = run(folder)
    assert "\x1b" not in result.output and "\u202e" not in result.output
    assert "a\ufffd[2Jb\ufffdc" in result.stdout
