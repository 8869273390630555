"""`summarizer open`: which page, and what is said where no browser can be started."""

from __future__ import annotations

import os
import shutil
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner, Result

from summarizer.cli import group, main
from summarizer.cli.open import command
from summarizer.errors import BriefError
from summarizer.files import write_own
from summarizer.last_page import remember_page
from summarizer.render import to_html
from tests.conftest import make_brief

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


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["2031-05-06.html", "index.html", "brief.html"], "brief.html"),
        (["2031-05-06.html", "index.html"], "index.html"),
        (["2031-05-06.html", "2031-05-07.html", "2030-12-31.html"], "2031-05-07.html"),
        (["2031-05-06.html", "2031-05-06.2.html"], "2031-05-06.2.html"),
        ([f"2031-05-06{n}.html" for n in ("", ".2", ".9", ".10")], "2031-05-06.10.html"),
        (["2031-05-06.10.html", "2031-05-07.html"], "2031-05-07.html"),
        (["2031-05-06.html", "zebra.html", "9999-99.html"], "2031-05-06.html"),
        (["2031-05-06.html", "2031-05-07.md", "2031-05-07.json"], "2031-05-06.html"),
        (["other.html", "brief.md", "brief.json"], "other.html"),
    ],
)
def test_in_a_folder_the_brief_the_index_or_the_newest_page_of_ours_is_meant(
    names: list[str], first: str, tmp_path: Path, opened: list[str]
) -> None:
    for name in names:
        write_own(tmp_path / name, "x")
    assert run(tmp_path).return_value == 0
    assert opened == [(tmp_path / first).as_uri()]


def test_pages_that_are_gone_or_not_ours_are_not_the_newest(
    tmp_path: Path, opened: list[str]
) -> None:
    for name in ("2031-05-06.html", "2031-05-07.html"):
        write_own(tmp_path / name, "x")
    (tmp_path / "2031-05-07.html").unlink()
    (tmp_path / "2031-05-08.html").write_text("x")
    assert run(tmp_path).return_value == 0
    assert opened == [(tmp_path / "2031-05-06.html").as_uri()]


@pytest.mark.parametrize("name", ["page", "page.txt", "page.HTM", "page.xyz.html"])
def test_a_page_of_ours_is_opened_whatever_its_name(
    name: str, tmp_path: Path, opened: list[str]
) -> None:
    page = tmp_path / name
    page.write_text(to_html(make_brief()))
    assert run(page).return_value == 0
    assert opened == [page.as_uri()]


@pytest.mark.parametrize(
    ("name", "beside", "hint"),
    [
        ("README.md", "", "Make one with `summarizer brief FOLDER`"),
        ("brief.md", "other.html", "Make one with"),
        ("brief.json", "brief.html", "Its page is beside it: `summarizer open out/brief.html`."),
        ("brief.md", "brief.html", "`summarizer open out/brief.html`."),
        ("2031-05-06.2.md", "2031-05-06.2.html", "`summarizer open out/2031-05-06.2.html`."),
        ("my brief.md", "my brief.html", "`summarizer open 'out/my brief.html'`."),
    ],
)
def test_what_is_no_page_is_not_opened_and_the_page_beside_it_named(
    name: str,
    beside: str,
    hint: str,
    tmp_path: Path,
    opened: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for one in filter(None, (name, beside)):
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / one).write_text("# Brief\n")
    result = run(f"out/{name}")
    assert isinstance(result.exception, BriefError)
    assert str(result.exception) == f"out/{name} is no page"
    assert hint in result.exception.hint
    assert opened == []


def test_a_pipe_is_no_page(tmp_path: Path, opened: list[str]) -> None:
    os.mkfifo(tmp_path / "brief.html")
    assert isinstance(run(tmp_path / "brief.html").exception, BriefError)
    assert isinstance(run(tmp_path).exception, BriefError)
    assert opened == []


def test_among_pages_without_a_date_none_is_chosen(tmp_path: Path, opened: list[str]) -> None:
    for name in ("one.html", "other.html"):
        write_own(tmp_path / name, "x")
    assert isinstance(run(tmp_path).exception, BriefError)
    assert opened == []


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
