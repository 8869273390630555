"""The entry in the user's crontab: put in, found, replaced, taken out, and nothing else touched."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digest.schedule import cron_install, cron_installed, cron_remove
from summarizer.errors import ConfigError

CONFIG = Path("/srv/news/digest.toml")
OTHER = Path("/srv/news/digest.toml.weekly")
LINE = "0 2 * * * A=b python -P -m summarizer digest run /srv/news/digest.toml >> /srv/log 2>&1"
LATER = LINE.replace("0 2 ", "30 3 ")
MARKER = f"# summarizer digest {CONFIG}"
MINE = """\
# m h  dom mon dow   command
MAILTO=ada@example.org
0 5 * * 1\ttar -zcf /var/backups/home.tgz /home/   # weekly

@reboot  echo 50\\% > "$HOME/x"
"""

FAKE = """#!/bin/sh
case "$1" in
-l) [ -f "$TAB" ] || { echo "no crontab for ada" >&2; exit 1; }; cat "$TAB" ;;
-) echo >> "$TAB.writes"; cat > "$TAB" ;;
*) exit 64 ;;
esac
"""


class Crontab:
    """A user's crontab behind a program of that name."""

    def __init__(self, folder: Path) -> None:
        self.program = folder / "bin" / "crontab"
        self.file = folder / "tab"
        self.program.parent.mkdir()
        self.program_is(FAKE)

    def program_is(self, script: str) -> None:
        self.program.write_text(script)
        self.program.chmod(0o755)

    @property
    def writes(self) -> int:
        log = self.file.with_name("tab.writes")
        return len(log.read_text()) if log.exists() else 0


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    crontab = Crontab(tmp_path)
    monkeypatch.setenv("PATH", f"{crontab.program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("TAB", str(crontab.file))
    return crontab


# --- through the program ----------------------------------------------------------------------


def test_first_entry_of_a_user_without_a_crontab(crontab):
    assert cron_installed(CONFIG) is None
    assert cron_install(LINE, CONFIG)
    assert crontab.file.read_text() == f"{MARKER}\n{LINE}\n"
    assert cron_installed(CONFIG) == LINE


def test_entry_comes_after_the_users_own_and_goes_again(crontab):
    crontab.file.write_text(MINE)
    cron_install(LINE, CONFIG)
    assert crontab.file.read_text() == f"{MINE}{MARKER}\n{LINE}\n"
    assert cron_remove(CONFIG)
    assert crontab.file.read_text() == MINE
    assert cron_installed(CONFIG) is None


def test_installing_twice_changes_and_writes_nothing(crontab):
    assert cron_install(LINE, CONFIG)
    assert not cron_install(LINE, CONFIG)
    assert crontab.writes == 1


def test_removing_what_is_not_there_writes_nothing(crontab):
    assert not cron_remove(CONFIG)
    crontab.file.write_text(MINE.rstrip("\n"))
    assert not cron_remove(CONFIG)
    assert crontab.writes == 0


def test_changed_entry_replaces_the_old_one_in_its_place(crontab):
    """A setting holds for the lines below it, so the place matters."""
    cron_install(LINE, CONFIG)
    with crontab.file.open("a") as file:
        file.write(MINE)
    assert cron_install(LATER, CONFIG)
    assert crontab.file.read_text() == f"{MARKER}\n{LATER}\n{MINE}"
    assert cron_installed(CONFIG) == LATER


def test_two_digests_live_side_by_side(crontab):
    other = LINE.replace("digest.toml", OTHER.name)
    cron_install(LINE, CONFIG)
    cron_install(other, OTHER)
    cron_install(LATER, CONFIG)
    assert (cron_installed(CONFIG), cron_installed(OTHER)) == (LATER, other)
    cron_remove(CONFIG)
    assert (cron_installed(CONFIG), cron_installed(OTHER)) == (None, other)


def test_relative_path_and_link_name_the_same_entry(crontab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("real.toml").touch()
    Path("link.toml").symlink_to("real.toml")
    cron_install(LINE, tmp_path / "real.toml")
    assert cron_installed(Path("real.toml")) == cron_installed(Path("link.toml")) == LINE


def test_names_of_any_letters_are_found_again(crontab):
    path = Path("/srv/zürich ελ 夜/100% 'odd' \"name\" $x.toml")
    cron_install(f"{LINE} # {path}", path)
    assert cron_installed(path) == f"{LINE} # {path}"
    assert not cron_install(f"{LINE} # {path}", path)
    assert cron_remove(path)


@pytest.mark.parametrize("path", ["/srv/a\n* * * * * rm x/digest.toml", "/srv/half\udcff.toml"])
def test_path_that_would_be_another_line_is_refused(crontab, path):
    with pytest.raises(ConfigError):
        cron_install(LINE, Path(path))
    with pytest.raises(ConfigError):
        cron_install(f"{LINE} {path}", CONFIG)
    assert crontab.writes == 0


# --- a program that fails ---------------------------------------------------------------------


def test_missing_program_is_an_error_with_a_hint(crontab, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for call in (cron_installed, cron_remove, lambda path: cron_install(LINE, path)):
        with pytest.raises(ConfigError, match="cannot run crontab") as caught:
            call(CONFIG)
        assert "--systemd" in caught.value.hint


@pytest.mark.parametrize(
    "script",
    [
        "echo 'ada is not allowed to use this program (crontab)' >&2; exit 1",
        "echo 'crontab: line 2: /usr/lib/x: No such file or directory' >&2; exit 127",
        "echo '5 5 * * * half of it'; echo 'no crontab for ada' >&2; exit 1",
        "exit 1",
        "kill -9 $$",
    ],
)
def test_crontab_that_cannot_be_read_is_never_written_over(crontab, script):
    crontab.program_is(f'#!/bin/sh\n[ "$1" = - ] && {{ cat > "$TAB"; exit 0; }}\n{script}\n')
    with pytest.raises(ConfigError, match="crontab -l failed"):
        cron_install(LINE, CONFIG)
    with pytest.raises(ConfigError, match="crontab -l failed"):
        cron_remove(CONFIG)
    assert not crontab.file.exists()


@pytest.mark.parametrize(
    "complaint",
    [
        "no crontab for ada",
        "crontab: no crontab for ada",
        "crontab: can't open 'ada': No such file or directory",
    ],
)
def test_every_way_to_say_that_there_is_none_is_understood(crontab, complaint):
    crontab.program_is(FAKE.replace("no crontab for ada", complaint))
    assert cron_install(LINE, CONFIG)
    assert cron_installed(CONFIG) == LINE


def test_refusal_to_write_is_told_in_the_programs_words(crontab):
    crontab.program_is(
        '#!/bin/sh\n[ "$1" = -l ] && exit 0\necho "bad minute; errors in crontab file" >&2; exit 1'
    )
    with pytest.raises(ConfigError, match="crontab - failed: bad minute"):
        cron_install(LINE, CONFIG)


def test_program_that_hangs_is_an_error(crontab, monkeypatch):
    monkeypatch.setattr("summarizer.digest.schedule.command._TIMEOUT_S", 0.05)
    crontab.program_is("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(ConfigError, match="crontab did not end"):
        cron_installed(CONFIG)


# --- any crontab ------------------------------------------------------------------------------

_PIECES = [
    MARKER.encode(),
    LINE.encode(),
    b"#" + LINE.encode(),
    f"# summarizer digest {OTHER}".encode(),
    LINE.replace("digest.toml", OTHER.name).encode(),
    MINE.encode(),
    b"# summarizer digest",
    b"\xff\xfe not UTF-8",
    b"carriage\r",
    b"",
]
CRONTABS = st.lists(st.sampled_from(_PIECES) | st.binary(max_size=9), max_size=9).map(b"\n".join)


class MemoryCrontab:
    """Stands in for the program, without a process: `content` is None where there is no crontab."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    def __call__(
        self, words: Sequence[str], _hint: str, text: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        if words == ["crontab", "-"]:
            self.content = text
        elif self.content is None:
            return subprocess.CompletedProcess(words, 1, b"", b"no crontab for ada\n")
        return subprocess.CompletedProcess(words, 0, self.content, b"")


def lines_of(content: bytes) -> list[bytes]:
    return content.removesuffix(b"\n").split(b"\n") if content else []


@given(CRONTABS)
def test_any_crontab_survives_installing_and_removing(content):
    with pytest.MonkeyPatch.context() as patch:
        crontab = MemoryCrontab(content)
        patch.setattr("summarizer.digest.schedule.cron.run_program", crontab)
        cron_remove(CONFIG)
        without = crontab.content or b""
        assert MARKER.encode() not in lines_of(without)
        assert cron_install(LINE, CONFIG)
        installed = crontab.content or b""
        assert cron_installed(CONFIG) == LINE
        assert not cron_install(LINE, CONFIG)
        assert crontab.content == installed
        assert cron_remove(CONFIG)
        assert lines_of(crontab.content or b"") == lines_of(without)


@given(CRONTABS, CRONTABS)
def test_lines_of_others_are_kept_in_their_order_around_the_entry(before, after):
    entry = f"{MARKER}\n{LINE}\n".encode()
    before, after = (text.replace(MARKER.encode(), b"# another") for text in (before, after))
    before = before + b"\n" if before else b""
    with pytest.MonkeyPatch.context() as patch:
        crontab = MemoryCrontab(before + entry + after + b"\n")
        patch.setattr("summarizer.digest.schedule.cron.run_program", crontab)
        cron_install(LATER, CONFIG)
        assert crontab.content == before + f"{MARKER}\n{LATER}\n".encode() + after + b"\n"
        cron_remove(CONFIG)
        assert crontab.content == before + after + b"\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{MARKER}\n#{LINE}\n", f"{MARKER}\n{LATER}\n"),  # switched off by the user
        (f"{MARKER}\n5 5 * * * tar x\n", f"{MARKER}\n{LATER}\n5 5 * * * tar x\n"),
        (f"{MARKER}\n", f"{MARKER}\n{LATER}\n"),
        (f"{MARKER}", f"{MARKER}\n{LATER}\n"),
        (f"{MARKER}\n{MARKER}\n{LINE}\n", f"{MARKER}\n{LATER}\n"),
        (f"{MARKER}\n{LINE}\n\n{MARKER}\n{LINE}\n", f"{MARKER}\n{LATER}\n\n"),
        (f"{LINE}\n", f"{LINE}\n{MARKER}\n{LATER}\n"),  # not marked, so the user's own
        ("5 5 * * * tar x", f"5 5 * * * tar x\n{MARKER}\n{LATER}\n"),
    ],
)
def test_entry_that_was_edited_is_put_right_and_nothing_else(monkeypatch, before, after):
    crontab = MemoryCrontab(before.encode())
    monkeypatch.setattr("summarizer.digest.schedule.cron.run_program", crontab)
    assert cron_install(LATER, CONFIG)
    assert (crontab.content or b"").decode() == after


@pytest.mark.parametrize(
    "content", [f"{MARKER}\n#{LINE}\n", f"{MARKER}\n5 5 * * * tar x\n", f"{MARKER}\n", f"{LINE}\n"]
)
def test_entry_that_cron_does_not_run_is_not_installed(monkeypatch, content):
    crontab = MemoryCrontab(content.encode())
    monkeypatch.setattr("summarizer.digest.schedule.cron.run_program", crontab)
    assert cron_installed(CONFIG) is None
