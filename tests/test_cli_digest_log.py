"""The digest's log: lines for people, JSON lines, and a file that may be rotated."""

from __future__ import annotations

import datetime as dt
import errno
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from summarizer.cli.digest.log import AppendedFile, Log, human_line, same_file
from summarizer.cli.progress import shown
from summarizer.digest.journal import Entry, Level
from summarizer.pipeline import Progress

RUN = "20310506T020000Z-17"
AT = dt.datetime(2031, 5, 6, 4, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


def entry(name: str = "article added", level: Level = "info", **fields: Any) -> Entry:
    return Entry(run=RUN, at=AT, level=level, name=name, fields=fields)


def screen(**options: Any) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=40, _environ={}, **options)


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False)


def text(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_json_line_has_time_in_utc_level_event_run_and_fields():
    console = pipe()
    Log(console)(entry(source="a b", n=2))
    (line,) = text(console).splitlines()
    assert list(json.loads(line).items()) == [
        ("timestamp", "2031-05-06T02:00:00+00:00"),
        ("level", "info"),
        ("event", "article added"),
        ("run", RUN),
        ("source", "a b"),
        ("n", 2),
    ]


def test_field_with_a_name_of_the_line_keeps_both():
    console = pipe()
    Log(console)(entry(event="x", run=16, level_="y", self="z"))
    line = json.loads(text(console))
    assert (line["event"], line["run"]) == ("article added", RUN)
    assert (line["event_"], line["run_"], line["self"]) == ("x", 16, "z")


def test_human_line_has_time_level_message_fields_and_run():
    line = human_line(entry(source="a b", seconds=1.2345), colors=False)
    assert re.fullmatch(
        rf"\d\d:\d\d:\d\d \[info *\] article added +source='a b' seconds=1.23 run={RUN}", line
    )


def test_terminal_gets_one_line_an_entry_however_narrow_it_is():
    console = screen()
    Log(console)(entry(source="x" * 200))
    assert text(console).count("\n") == 1
    assert "\x1b[" in text(console)


def test_no_color_is_respected(monkeypatch):
    console = screen(no_color=True)
    Log(console)(entry(source="[bold]x"))
    assert "\x1b" not in text(console)
    assert "[bold]x" in text(console)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["b", "c", "d"]),
        ({"verbose": True}, ["a", "b", "c", "d"]),
        ({"quiet": True}, ["c", "d"]),
        ({"quiet": True, "verbose": True}, ["c", "d"]),
    ],
    ids=str,
)
def test_levels_that_are_shown(options, expected):
    console = pipe()
    log = Log(console, **options)
    for name, level in (("a", "debug"), ("b", "info"), ("c", "warning"), ("d", "error")):
        log(
            Entry.model_validate({"run": RUN, "at": AT, "level": level, "name": name, "fields": {}})
        )
    assert [json.loads(line)["event"] for line in text(console).splitlines()] == expected


def test_file_has_what_a_quiet_run_does_not_show(tmp_path):
    console = pipe()
    log = Log(console, quiet=True, file=tmp_path / "new" / "digest.log")
    log(entry())
    log.close()
    assert text(console) == ""
    assert json.loads((tmp_path / "new" / "digest.log").read_text())["event"] == "article added"


def test_lines_and_bars_on_one_terminal_leave_each_other_whole():
    console = screen()
    log = Log(console)
    with shown(console, quiet=False) as on_progress:
        for number in range(3):
            on_progress(Progress(stage="read", done=number, total=3, what="x.txt"))
            log(entry(f"note {number}", source="x.txt"))
    written = _STYLES.sub("", text(console))
    for number in range(3):
        # From an erased line to its end.
        assert re.search(
            rf"\x1b\[2K\d\d:\d\d:\d\d \[info[^\x1b\n]*note {number}[^\x1b]*\n", written
        )


def test_file_that_cannot_be_written_is_told_once_and_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    console = pipe()
    log = Log(console, file=tmp_path / "file" / "digest.log")
    log(entry("a"))
    log(entry("b"))
    lines = [json.loads(line) for line in text(console).splitlines()]
    assert [line["event"] for line in lines] == ["log file not written", "a", "b"]
    assert {line["run"] for line in lines} == {RUN}


def test_standard_error_that_nobody_reads_keeps_no_line_from_the_file(tmp_path):
    class Closed(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    log = Log(Console(file=Closed(), force_terminal=False), file=tmp_path / "digest.log")
    with pytest.raises(BrokenPipeError):
        log(entry())
    assert (tmp_path / "digest.log").read_text().count("\n") == 1


def test_appended_file_goes_on_in_the_new_file_after_a_rotation(tmp_path):
    path = tmp_path / "digest.log"
    path.write_text("older\n")
    file = AppendedFile(path)
    file.write("one\n")
    path.rename(tmp_path / "digest.log.1")
    file.write("two\n")
    (tmp_path / "digest.log").rename(tmp_path / "digest.log.2")
    path.write_text("made by logrotate\n")
    file.write("three\n")
    file.close()
    found = [(tmp_path / f"digest.log{end}").read_text() for end in (".1", ".2", "")]
    assert found == ["older\none\n", "two\n", "made by logrotate\nthree\n"]


def test_log_is_made_for_the_owner_alone_and_one_that_is_there_keeps_its_mode(tmp_path):
    before = os.umask(0o022)
    (tmp_path / "there").touch()
    try:
        for name in ("new", "there"):
            file = AppendedFile(tmp_path / name)
            file.write("one\n")
            file.close()
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "there")]
    assert modes == [0o600, 0o644]


def test_two_writers_do_not_overwrite_each_other(tmp_path):
    first, second = AppendedFile(tmp_path / "log"), AppendedFile(tmp_path / "log")
    for file, line in ((first, "a\n"), (second, "b\n"), (first, "c\n")):
        file.write(line)
    first.close()
    second.close()
    assert (tmp_path / "log").read_text() == "a\nb\nc\n"


def test_line_after_one_that_broke_off_begins_anew(tmp_path, monkeypatch):
    file = AppendedFile(tmp_path / "log")
    write = os.write
    answers = iter([3, errno.ENOSPC])

    def full(handle: int, data: bytes) -> int:
        answer = next(answers)
        if answer == errno.ENOSPC:
            raise OSError(answer, "No space left on device")
        return write(handle, data[:answer])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        file.write('{"a": 1}\n')
    monkeypatch.setattr(os, "write", write)
    file.write('{"b": 2}\n')
    file.close()
    assert (tmp_path / "log").read_text() == '{"a\n{"b": 2}\n'


def test_pipe_that_nobody_reads_does_not_hold_up_the_night(tmp_path):
    os.mkfifo(tmp_path / "log")
    with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):
        AppendedFile(tmp_path / "log").write("one\n")


def test_streams_into_one_file_are_recognised(tmp_path):
    with (tmp_path / "a").open("a") as a, (tmp_path / "a").open("a") as again:
        assert same_file(a, again)
        with (tmp_path / "b").open("a") as b:
            assert not same_file(a, b)
        assert not same_file(a, io.StringIO())


def test_line_comes_once_where_standard_error_is_the_log_file(tmp_path: Path):
    path = tmp_path / "digest.log"
    with path.open("a") as stream:
        log = Log(Console(file=stream, force_terminal=False), file=path)
        log(entry())
        log.close()
    assert path.read_text().count("\n") == 1
