"""What cron is given to run, in an environment that has nothing, and what the user is told."""

from __future__ import annotations

import datetime as dt
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.schedule import cautions, cron_line
from summarizer.errors import ConfigError

TODAY = dt.date(2031, 1, 1)
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
BOSTON = "EST5EDT,M3.2.0,M11.1.0"
PIER = """Pier repaired

Published: 2031-05-06

The harbour of Velmora repaired its old pier on Monday, two weeks after a storm had broken it.
The work cost 12,000 crowns and was paid for by the town, the harbour master said.
Fishing boats can land there again from Wednesday, and the ferry will follow in June.
"""

# Stands in for Python: writes its folder, its arguments and its environment, NULs between.
STUB = """#!/bin/sh
printf '%s\\0' "$(pwd)" "$@" --- > "${0%/*}/seen"
env -0 >> "${0%/*}/seen"
echo out; echo error >&2; exit 3
"""

ODD_NAMES = [
    "plain",
    "two words",
    "100%",
    'it\'s "odd"',
    "$HOME `id` $(id) & ; | > < * ? [a] {b} ~ ! #",
    "zürich ελ 夜",
    "-n",
    " lead and trail ",
]


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache 5%"))


def configure(folder: Path, more: str = "") -> tuple[DigestConfig, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "digest.toml"
    tables = '[sources]\nfolders = ["inbox"]\n[schedule]\nat = "05:07"\n'
    path.write_text(more + tables, "utf-8")
    return load_config(path), path


def as_cron_reads(line: str, *, unescapes_backslash: bool) -> tuple[list[str], str]:
    """Return the time's fields and the command as Vixie's cron hands it to the shell.

    Debian's leaves a double backslash, FreeBSD's and macOS's make one of it.
    """
    *fields, command = line.split(" ", 5)
    read, chars = "", iter(command.encode()[:999].decode())
    for char in chars:
        if char == "%":
            break
        if char == "\\":
            following = next(chars)
            known = following == "%" or (following == "\\" and unescapes_backslash)
            read += following if known else char + following
        else:
            read += char
    return fields, read


def run_bare(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["env", "-i", "/bin/sh", "-c", command], cwd="/", capture_output=True, text=True
    )


def stub_python(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stub = folder / "python"
    stub.write_text(STUB)
    stub.chmod(0o755)
    return stub


# --- the line ---------------------------------------------------------------------------------


@pytest.mark.parametrize("unescapes_backslash", [True, False])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_line_runs_the_digest_whatever_the_names(tmp_path, monkeypatch, name, unescapes_backslash):
    stub = stub_python(tmp_path / name / "bin")
    monkeypatch.setattr(sys, "executable", str(stub))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / name / "cache"))
    config, path = configure(tmp_path / name, 'state = "new/state.sqlite3"\n')
    line = cron_line(config, path)
    fields, command = as_cron_reads(line, unescapes_backslash=unescapes_backslash)
    assert fields == ["7", "5", "*", "*", "*"]
    for _ in range(2):
        done = run_bare(command)
        assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    log = tmp_path / name / "new" / "state.log"
    assert log.read_text() == "out\nerror\n" * 2  # appended
    seen = stub.with_name("seen").read_text().split("\0")
    folder, *arguments = seen[: seen.index("---")]
    assert folder == "/"
    assert arguments == ["-P", "-m", "summarizer", "digest", "run", str(path)]
    variables = set(seen[seen.index("---") + 1 :])
    assert {"PYTHONUTF8=1", f"SUMMARIZER_CACHE={tmp_path / name / 'cache'}"} <= variables
    assert not any(variable.startswith(("HOME=", "LANG=")) for variable in variables)


def test_line_runs_the_real_digest_in_an_empty_environment(tmp_path):
    """In another folder, with a module there that must not be taken for the library's."""
    config, path = configure(tmp_path / "100% odd 'name'", 'model = "none"\nverifier = false\n')
    (path.parent / "inbox").mkdir()
    (path.parent / "inbox" / "pier.txt").write_text(PIER)
    (tmp_path / "pydantic.py").write_text("raise SystemExit('the wrong module')")
    _, command = as_cron_reads(cron_line(config, path), unescapes_backslash=False)
    command = f"cd {shlex.quote(str(tmp_path))} && {command}"
    log = path.with_suffix(".log")
    done = run_bare(command)
    assert done.returncode == 0, log.read_text() if log.exists() else done
    assert (done.stdout, done.stderr) == ("", "")
    made = [file.suffix for file in (path.parent / "briefs").glob("[!.]*")]
    assert sorted(made) == [".html", ".json", ".md"]
    assert '"new_articles": 1' in log.read_text("utf-8")


def test_log_of_the_configuration_gets_the_output(tmp_path):
    config, path = configure(tmp_path)
    log = config.log.model_copy(update={"file": tmp_path / "logs" / "night.jsonl"})
    line = cron_line(config.model_copy(update={"log": log}), path)
    assert f"mkdir -p {tmp_path}/logs && " in line
    assert line.endswith(f" >> {tmp_path}/logs/night.jsonl 2>&1")


@pytest.mark.parametrize(
    ("state", "log"),
    [
        ("digest.sqlite3", "digest.log"),
        ("state/night", "state/night.log"),
        ("odd.log", "odd.log.log"),  # the state must not become its own log
        ("postgresql://ada@db.example.org/news", "digest.log"),
    ],
)
def test_log_is_beside_the_state_else_beside_the_configuration(tmp_path, state, log):
    config, path = configure(tmp_path, f'state = "{state}"\n')
    assert cron_line(config, path).endswith(f" >> {tmp_path / log} 2>&1")


def test_line_never_holds_the_password_of_the_state(tmp_path):
    config, path = configure(tmp_path, 'state = "postgresql://ada:secret@db.example.org/news"\n')
    assert "secret" not in cron_line(config, path)


def test_link_to_a_configuration_runs_the_configuration(tmp_path):
    config, path = configure(tmp_path / "real")
    (tmp_path / "link.toml").symlink_to(path)
    assert cron_line(config, tmp_path / "link.toml") == cron_line(config, path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("line\nbreak", "line break"),
        ("car\rriage", "control character"),
        ("esc\x1b[31m", "control character"),
        ("half\udcff", "not UTF-8"),
        ("back\\slash", "backslash"),
    ],
)
def test_name_that_a_crontab_cannot_hold_is_an_error(tmp_path, name, message):
    config, _ = configure(tmp_path)
    with pytest.raises(ConfigError, match=message) as caught:
        cron_line(config, tmp_path / name / "digest.toml")
    assert caught.value.hint


def test_line_that_cron_would_cut_off_is_an_error(tmp_path):
    config, _ = configure(tmp_path)

    def command(length: int) -> bytes:
        line = cron_line(config, tmp_path / ("ü" * 20 + "d" * length))
        return line.split(" ", 5)[5].encode()

    longest = 999 - len(command(0))
    assert len(command(longest)) == 999
    with pytest.raises(ConfigError, match="1000 bytes"):
        command(longest + 1)


def test_interpreter_that_is_not_known_is_an_error(tmp_path, monkeypatch):
    config, path = configure(tmp_path)
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(ConfigError, match="interpreter"):
        cron_line(config, path)


# --- cautions ---------------------------------------------------------------------------------


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the machine's time zone for a test."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "at", "days"),
    [
        (BERLIN, "01:59", ""),
        (BERLIN, "02:00", "2031-03-30 and 2031-10-26"),
        (BERLIN, "02:59", "2031-03-30 and 2031-10-26"),
        (BERLIN, "03:00", ""),
        (BOSTON, "01:00", "2031-11-02"),
        (BOSTON, "02:00", "2031-03-09"),
        ("UTC0", "02:00", ""),
    ],
)
def test_times_that_come_twice_or_never_are_told(tmp_path, zone, name, at, days):
    zone(name)
    config, _ = configure(tmp_path)
    schedule = config.schedule.model_copy(update={"at": dt.time.fromisoformat(at)})
    told = cautions(config.model_copy(update={"schedule": schedule}), today=TODAY)
    assert [caution.split(" the clocks")[0] for caution in told] == ([f"On {days}"] if days else [])


def test_systemd_has_no_trouble_with_summer_time_but_with_a_user_who_is_away(tmp_path, zone):
    zone(BERLIN)
    config, _ = configure(tmp_path)
    schedule = config.schedule.model_copy(update={"at": dt.time(2, 0)})
    (told,) = cautions(config.model_copy(update={"schedule": schedule}), today=TODAY, systemd=True)
    assert "enable-linger" in told


CHANNELS = """
[[email]]
host = "mail.example.org"
user = "ada"
password_env = "DIGEST_MAIL"
sender = "digest@example.org"
to = ["ada@example.org"]
[[webhook]]
url = "https://hooks.example.org/digest"
secret_env = "DIGEST_HOOK"
"""


def configure_channels(folder: Path, channels: str) -> DigestConfig:
    _, path = configure(folder)
    path.write_text(path.read_text() + channels)
    return load_config(path)


def test_variables_that_are_not_handed_on_are_named(tmp_path, zone, monkeypatch):
    zone("UTC0")
    monkeypatch.setenv("SUMMARIZER_DIGEST__MAX_FACTS", "7")
    config = configure_channels(tmp_path, CHANNELS)
    (told,) = cautions(config, today=TODAY)
    assert "DIGEST_HOOK, DIGEST_MAIL, SUMMARIZER_DIGEST__MAX_FACTS" in told
    assert "above the entry" in told
    assert "environment.d" in cautions(config, today=TODAY, systemd=True)[0]


@pytest.mark.parametrize("beside_variable", [False, True])
def test_secrets_in_files_need_no_caution(tmp_path, zone, beside_variable):
    zone("UTC0")
    channels = CHANNELS.replace("_env = ", "_file = ")
    if beside_variable:  # the file is asked where the variable is not set
        channels = channels.replace("password_file", 'password_env = "DIGEST_MAIL"\npassword_file')
        channels = channels.replace("secret_file", 'secret_env = "DIGEST_HOOK"\nsecret_file')
    assert cautions(configure_channels(tmp_path, channels), today=TODAY) == ()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("postgresql://ada@db.example.org/news", 1),
        ("postgresql://ada:secret@db.example.org/news", 0),
        ("digest.sqlite3", 0),
    ],
)
def test_server_without_a_password_is_told(tmp_path, zone, state, told):
    zone("UTC0")
    config, _ = configure(tmp_path, f'state = "{state}"\n')
    found = cautions(config, today=TODAY)
    assert len(found) == told
    assert all(".pgpass" in caution for caution in found)
