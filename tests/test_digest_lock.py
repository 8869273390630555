"""One digest at a time: who holds the lock, who was killed holding it, what must not break it."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from summarizer.digest.clock import Clock
from summarizer.digest.lock import Holder, instance_lock, read_holder
from summarizer.errors import Busy, ConfigError

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))

# Takes the lock, says so, and holds it until its input ends; a third word is its child's doing.
HOLD = """
import os, subprocess, sys
from pathlib import Path
from summarizer.digest.lock import instance_lock
from summarizer.errors import Busy
try:
    with instance_lock(Path(sys.argv[1])) as lock:
        child = 0
        if sys.argv[2] == "exec":
            words = [sys.executable, "-c", "import sys; sys.stdin.read()"]
            child = subprocess.Popen(words, close_fds=False).pid
        elif sys.argv[2] == "fork" and not (child := os.fork()):
            sys.stdin.read()
            os._exit(0)
        print("held", child, flush=True)
        sys.stdin.read()
except Busy as busy:
    print("busy:", busy, flush=True)
    sys.stdin.read()
"""


class Standing(Clock):
    """A clock that stands at `moment`."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment

    def now(self) -> dt.datetime:
        return self.moment


def start(path: Path, child: str = "no child") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        pytest.fail("no pipe")
    return process.stdout.readline().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "digest.sqlite3.lock"


@pytest.fixture
def holder(path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start processes that hold the lock; they are gone after the test."""
    with contextlib.ExitStack() as stack:

        def hold(child: str = "no child") -> subprocess.Popen[str]:
            process = stack.enter_context(start(path, child))
            stack.callback(process.kill)
            return process

        yield hold


def info_of(path: Path) -> Path:
    return path.with_name(path.name + ".info")


# --- holding ----------------------------------------------------------------------------------


def test_holder_is_written_down_while_the_lock_is_held(path):
    with instance_lock(path, clock=Standing(NIGHT)) as lock:
        lock.name_run("20310506T000000Z-17")
        held = read_holder(info_of(path))
    assert held
    assert (held.pid, held.started, held.run) == (os.getpid(), NIGHT, "20310506T000000Z-17")
    assert not info_of(path).exists()
    assert path.exists()  # to remove it would let two waiters lock two files of one name


def test_lock_can_be_taken_again_and_again_and_is_not_stale(path):
    for _ in range(3):
        with instance_lock(path) as lock:
            assert lock.stale is None


def test_lock_is_free_after_an_exception_and_not_stale(path):
    with pytest.raises(ZeroDivisionError), instance_lock(path):
        raise ZeroDivisionError
    with instance_lock(path) as lock:
        assert lock.stale is None


def test_lock_file_is_for_its_owner_only(path):
    with instance_lock(path):
        assert path.stat().st_mode & 0o077 == 0


def test_folder_of_the_lock_is_made(tmp_path):
    with instance_lock(tmp_path / "new" / "folder" / "x.lock"):
        assert (tmp_path / "new" / "folder" / "x.lock").exists()


# --- a second digest --------------------------------------------------------------------------


def test_second_digest_is_refused_and_the_first_is_named(path):
    with instance_lock(path, clock=Standing(NIGHT)):
        later = Standing(NIGHT + dt.timedelta(minutes=40))
        with pytest.raises(Busy) as caught, instance_lock(path, clock=later):
            pytest.fail("two have the lock")
    assert f"process {os.getpid()} on " in str(caught.value)
    assert str(caught.value).endswith("since 02:00)")


def test_holder_of_another_day_is_named_with_the_day(path):
    with instance_lock(path, clock=Standing(NIGHT)):
        later = Standing(NIGHT + dt.timedelta(days=1))
        with (
            pytest.raises(Busy, match=r"since 2031-05-06 02:00\)"),
            instance_lock(path, clock=later),
        ):
            pytest.fail("two have the lock")


def test_refused_digest_leaves_the_holders_name_alone(path):
    with instance_lock(path) as lock:
        with pytest.raises(Busy), instance_lock(path):
            pytest.fail("two have the lock")
        assert read_holder(info_of(path)) == lock.holder


def test_other_process_is_named(path, holder):
    process = holder()
    assert said(process) == "held 0"
    with pytest.raises(Busy, match=f"process {process.pid} on "), instance_lock(path):
        pytest.fail("two have the lock")


def test_name_left_by_a_killed_run_is_not_taken_for_the_present_holder(path):
    """Between taking the lock and writing its name, the holder's file is that of the one before."""
    with FileLock(path):
        write_dead_holder(path)
        with pytest.raises(Busy) as caught, instance_lock(path):
            pytest.fail("two have the lock")
    assert str(caught.value) == "another digest is running"


def write_dead_holder(path: Path) -> Holder:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with instance_lock(path.with_name("other.lock")) as lock:
        dead = lock.holder.model_copy(update={"pid": process.pid})
    info_of(path).write_text(dead.model_dump_json())
    return dead


def test_exactly_one_of_racing_threads_gets_the_lock(path):
    ready, done = threading.Barrier(8), threading.Barrier(8)
    outcomes: list[str] = []

    def race() -> None:
        ready.wait()
        try:
            with instance_lock(path):
                outcomes.append("held")
                done.wait()
        except Busy:
            outcomes.append("busy")
            done.wait()

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["busy"] * 7 + ["held"]


def test_exactly_one_of_racing_processes_gets_the_lock(holder):
    racers = [holder() for _ in range(3)]
    assert sorted(said(racer).split()[0] for racer in racers) == ["busy:", "busy:", "held"]


# --- waiting ----------------------------------------------------------------------------------


def test_waiting_digest_is_told_once_for_whom_and_gets_the_lock(path, holder):
    process = holder()
    assert said(process) == "held 0"
    told: list[Holder | None] = []

    def release(who: Holder | None) -> None:
        told.append(who)
        process.stdin.close()

    with instance_lock(path, wait=True, on_wait=release, poll_s=0.01) as lock:
        assert lock.stale is None
    assert [who and who.pid for who in told] == [process.pid]


def test_nobody_is_told_of_a_wait_that_is_none(path):
    with instance_lock(path, wait=True, on_wait=lambda _: pytest.fail("there is no wait")):
        pass


def test_waiting_ends_with_busy_at_its_time(path):
    with (
        FileLock(path),
        pytest.raises(Busy),
        instance_lock(path, wait=True, timeout_s=0.05, poll_s=0.01),
    ):
        pytest.fail("two have the lock")


# --- killed -----------------------------------------------------------------------------------


def test_killed_holder_frees_the_lock_and_is_reported_as_stale(path, holder):
    process = holder()
    assert said(process) == "held 0"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with instance_lock(path) as lock:
        assert lock.stale
        assert lock.stale.pid == process.pid
        assert read_holder(info_of(path)) == lock.holder
    with instance_lock(path) as lock:
        assert lock.stale is None


@pytest.mark.parametrize("way", ["exec", "fork"])
def test_child_that_outlives_a_killed_holder_does_not_keep_the_lock(path, holder, way):
    process = holder(way)
    child = int(said(process).split()[1])
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    os.kill(child, 0)  # raises when it is gone; it waits for the end of the test's pipe
    with instance_lock(path) as lock:
        assert lock.stale
    os.kill(child, 0)


def test_fork_that_leaves_the_block_takes_nothing_from_the_holder(path):
    """multiprocessing forks, too, and an exception in the child runs the holder's `finally`."""
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from summarizer.digest.lock import instance_lock, read_holder\n"
        "path = Path(sys.argv[1])\n"
        "with instance_lock(path) as lock:\n"
        "    if not (child := os.fork()):\n"
        "        raise SystemExit(0)\n"
        "    status = os.waitpid(child, 0)[1]\n"
        "    info = Path(f'{path}.info')\n"
        "    print(status, read_holder(info) == lock.holder)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0 True\n", "")


# --- hostile files ----------------------------------------------------------------------------


def wire(**changes: object) -> str:
    whole = Holder(pid=1234, host="night", started=NIGHT).model_dump(mode="json")
    return json.dumps({**whole, **changes})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"\xff\xfe\x00",
        b"[" * 4000,
        b" " * 100_000,
        b"null",
        wire(pid=0).encode(),
        wire(pid=10**30).encode(),
        wire(pid="x").encode(),
        wire(host="a\x1b[31mb").encode(),
        wire(host="night\n0 errors").encode(),
        wire(host="h" * 300).encode(),
        wire(started="0001-01-01T00:00:00+14:00").encode(),
        wire(started="9999-12-31T23:59:59-14:00").encode(),
        wire(started="2031-05-06T02:00:00").encode(),
        wire(started=1e300).encode(),
        wire(more=1).encode(),
    ],
)
def test_damaged_info_names_nobody_and_stops_nothing(path, content):
    info_of(path).write_bytes(content)
    assert read_holder(info_of(path)) is None
    with FileLock(path):
        with pytest.raises(Busy) as caught, instance_lock(path):
            pytest.fail("two have the lock")
        assert str(caught.value) == "another digest is running"
    with instance_lock(path) as lock:
        assert lock.stale is None
        assert read_holder(info_of(path)) == lock.holder


def test_whole_info_is_read(path):
    info_of(path).write_text(wire())
    assert read_holder(info_of(path)) == Holder(pid=1234, host="night", started=NIGHT)


def make_link(info: Path) -> None:
    info.with_name("target").write_text(wire())
    info.symlink_to("target")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, make_link])
def test_info_that_is_no_file_names_nobody_and_stops_nothing(path, make):
    make(info_of(path))
    with instance_lock(path) as lock:
        assert lock.stale is None
    target = path.with_name("target")
    assert not target.exists() or target.read_text() == wire()


@pytest.mark.parametrize("there", [True, False])
def test_link_at_the_lock_is_refused_and_its_target_untouched(path, there):
    target = path.with_name("letter.txt")
    if there:
        target.write_text("Dear Ilse,")
    path.symlink_to(target)
    with pytest.raises(ConfigError, match="symbolic link") as caught, instance_lock(path):
        pytest.fail("the link was followed")
    assert "Remove the link" in caught.value.hint
    assert target.exists() is there
    assert not there or target.read_text() == "Dear Ilse,"


def test_file_at_the_lock_keeps_its_content(path):
    path.write_text("Dear Ilse,")
    with instance_lock(path):
        pass
    assert path.read_text() == "Dear Ilse,"


def test_folder_at_the_lock_is_an_error(path):
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot use the lock"), instance_lock(path):
        pytest.fail("a folder was locked")


def test_lock_in_a_place_that_is_no_folder_is_an_error(path):
    path.write_text("a file")
    with pytest.raises(ConfigError, match="cannot use the lock"), instance_lock(path / "x.lock"):
        pytest.fail("a folder was made of a file")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.EACCES, "run the digest as their owner"),
        (errno.EPERM, "run the digest as their owner"),
        (errno.EROFS, "can be written"),
        (errno.ENOSPC, "Look at"),
    ],
)
def test_lock_that_cannot_be_opened_is_an_error_with_a_hint(path, monkeypatch, code, hint):
    """Root may write anywhere, so what others are refused is acted."""
    real = os.open

    def refuse(name, flags, *rest, **named):
        if str(name) == str(path):
            raise OSError(code, os.strerror(code), str(name))
        return real(name, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ConfigError, match=os.strerror(code)) as caught, instance_lock(path):
        pytest.fail("it was locked")
    assert hint in caught.value.hint


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_file_system_without_locks_is_an_error_not_a_lock_that_stays(path, monkeypatch, code):
    def refuse(_handle: int, _flags: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(ConfigError, match=r"cannot use the lock") as caught, instance_lock(path):
        pytest.fail("it was locked")
    assert "no locks" in caught.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act two users")
def test_lock_of_another_user_is_an_error_with_a_hint():
    """The folder is everybody's, the lock file is root's, and nobody comes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        (path := Path(folder) / "x.lock").touch(mode=0o600)
        ours, theirs = os.pipe()
        if not (child := os.fork()):
            os.write(theirs, tried_as(65534, path).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(theirs)
        with os.fdopen(ours) as answer:
            assert "run the digest as their owner" in answer.read()


def tried_as(user: int, path: Path) -> str:
    os.setgid(user)
    os.setuid(user)
    try:
        with instance_lock(path):
            return "locked"
    except ConfigError as error:
        return error.hint


def test_lock_holds_where_its_info_cannot_be_written(path, monkeypatch):
    def refuse(_path: Path, _text: str) -> None:
        raise ConfigError("no space left")

    monkeypatch.setattr("summarizer.digest.lock.write_atomically", refuse)
    with instance_lock(path):
        assert not info_of(path).exists()
        with pytest.raises(Busy, match="^another digest is running$"), instance_lock(path):
            pytest.fail("two have the lock")
