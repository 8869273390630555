"""Documents are read by a child: the same as without one, and whatever they do to it."""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from summarizer.data import SkipReason
from summarizer.digest.fetch.feeds import Feed, read_feed
from summarizer.digest.reading import LeftForLater, Reader
from summarizer.digest.reading_messages import AskedArticle, AskedFeed, OutOfMemory, Refused
from summarizer.digest.reading_worker import answer
from summarizer.errors import ArticleError
from summarizer.read import Kind, article_from_bytes
from tests.reading_child import command

ROOT = Path(__file__).resolve().parent.parent
URL = "https://post.example/feed"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><item>
<title>Ferry &amp; bus</title><link>/a?utm_source=rss&amp;b=1#top</link>
<pubDate>Mon, 05 May 2031 10:30:00 +0200</pubDate><description>Short.</description>
</item></channel></rss>"""
SLOW_FEED = (
    f"<rss><channel><item><author>{'a' * 1_000_000}</author></item></channel></rss>".encode()
)
NO_CHILD = ["/there/is/no/such/program"]


@pytest.fixture(scope="module")
def real() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


class Scripted:
    """A reader whose child does as the document says, see reading_child."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"

    def reader(self, *options: str, limit_s: float = 20.0) -> Reader:
        return Reader(limit_s=limit_s, command=command(self.log, *options))

    def lines(self, begin: str) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if line.startswith(begin)]


@pytest.fixture
def scripted(tmp_path: Path) -> Scripted:
    return Scripted(tmp_path)


def title(reader: Reader, text: str) -> str | None:
    return reader.feed(text.encode(), url=URL).title


def refusal(reader: Reader, text: str) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        reader.article(text.encode(), source="a.html", kind="html")
    return caught.value


def is_gone(pid: int) -> bool:
    """Tell whether a process ends within ten seconds."""
    for _ in range(500):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


# --- the same as without a child --------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    sorted(path.name for path in (ROOT / "examples/articles").iterdir()),
)
def test_file_is_read_as_in_our_own_process(real, path):
    data = (ROOT / "examples/articles" / path).read_bytes()
    kinds: dict[str, Kind] = {".html": "html", ".pdf": "pdf", ".md": "markdown", ".txt": "text"}
    details: dict[str, Any] = {
        "source": f"a/{path}",
        "kind": kinds[Path(path).suffix],
        "title": "A title \ud800",
        "publisher": "Brackwater Post",
        "published": dt.date(2031, 5, 5),
        "encoding": "utf-8",
    }
    outcomes: list[object] = []
    for read in (real.article, article_from_bytes):
        try:
            outcomes.append(read(data, **details))
        except ArticleError as error:
            outcomes.append((error.source, error.reason, error.detail))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FEED, None),
        (FEED.replace("Post", "Pöst"), "latin-1"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a"}]}', None),
        ("<html>no feed</html>", None),
        ("<rss", None),
        ("", None),
    ],
)
def test_feed_is_read_as_in_our_own_process(real, text, encoding):
    data = text.encode(encoding or "utf-8")
    found = real.feed(data, url=URL, encoding=encoding)
    assert found == read_feed(data, url=URL, encoding=encoding)
    assert isinstance(found, Feed)


def test_one_child_reads_everything_and_ends_with_its_reader(scripted):
    with scripted.reader() as reader:
        assert [title(reader, word) for word in ("a", "b" * 3_000_000, "")] == [
            "a",
            "b" * 3_000_000,
            "",
        ]
        pid = reader.pid
    assert pid is not None
    assert is_gone(pid)
    assert len(scripted.lines("start")) == 1


def test_child_ends_with_a_forgotten_reader(scripted):
    reader = scripted.reader()
    title(reader, "a")
    pid = reader.pid
    assert pid is not None
    del reader
    gc.collect()
    assert is_gone(pid)


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_plain_text_needs_no_child(kind):
    text = "The ferry company of Brackwater closed its line on Monday. " * 8
    article = Reader(command=NO_CHILD).article(text.encode(), source="a", kind=kind)
    assert article.source == "a"


# --- documents that harm it -------------------------------------------------------------------


def test_document_that_takes_too_long_is_refused_and_the_next_is_read(scripted):
    with scripted.reader(limit_s=0.2) as reader:
        error = refusal(reader, "hang")
        assert (error.source, error.reason) == ("a.html", SkipReason.UNREADABLE)
        assert "more than 0.2 seconds" in error.detail
        assert reader.pid is None
        assert "more than 0.2 seconds" in reader.feed(b"hang", url=URL).note
    with scripted.reader() as reader:
        assert title(reader, "b") == "b"
    first = scripted.lines("start")[0].split()[1]
    assert is_gone(int(first))


def test_after_some_that_take_too_long_the_others_get_less_time_and_another_chance(scripted):
    with scripted.reader(limit_s=0.15) as reader:
        for _ in range(3):
            refusal(reader, "hang")
        with pytest.raises(LeftForLater, match="tried again next night"):
            reader.article(b"hang", source="a.html", kind="html")


def test_document_larger_than_a_pipe_to_a_child_that_does_not_read_ends_too():
    silent = [sys.executable, "-S", "-c", "import sys,time; sys.stdout.buffer.write(READY)"]
    ready = b'\0\0\0\x10{"kind":"ready"}'
    silent[-1] = silent[-1].replace("READY", repr(ready)) + "; sys.stdout.flush(); time.sleep(700)"
    with Reader(limit_s=0.2, command=silent) as reader:
        assert "more than 0.2 seconds" in reader.feed(b"x" * 5_000_000, url=URL).note


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("die", "SIGKILL"),
        ("exit", "exit code 7"),
        ("rubbish", "cannot be understood"),
        ("long", "too long"),
        ("twice", "more than was asked"),
        ("memory", "too much memory"),
    ],
)
def test_document_that_ends_its_reader_twice_is_refused(scripted, word, why):
    with scripted.reader() as reader:
        assert title(reader, "a") == "a"
        error = refusal(reader, word)
        assert error.reason is SkipReason.UNREADABLE
        assert error.detail.endswith("it is damaged or hostile")
        assert why in error.detail
        assert len(scripted.lines(word)) == 2
        assert len(scripted.lines("start")) == 2
        assert title(reader, "b") == "b"


def test_document_is_not_to_blame_for_a_child_that_ends_once(scripted, tmp_path):
    with scripted.reader() as reader:
        assert title(reader, f"once {tmp_path / 'mark'}") == f"once {tmp_path / 'mark'}"
        assert len(scripted.lines("start")) == 2


def test_answer_to_something_else_is_none(scripted):
    with scripted.reader() as reader:
        assert "not asked" in refusal(reader, "other").detail
        assert "not asked" in reader.feed(b"other", url=URL).note


def test_child_killed_from_outside_in_between_is_replaced(scripted):
    with scripted.reader() as reader:
        title(reader, "a")
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGKILL)
        assert is_gone(reader.pid)
        assert title(reader, "b") == "b"


@pytest.mark.parametrize("fault", [MemoryError(), ArticleError("a", SkipReason.EMPTY, "empty")])
def test_worker_tells_what_a_library_raised(monkeypatch, fault):
    def fail(*args: Any, **options: Any) -> None:
        raise fault

    monkeypatch.setattr("summarizer.digest.reading_worker.article_from_bytes", fail)
    monkeypatch.setattr("summarizer.digest.reading_worker.read_feed", fail)
    expected: OutOfMemory | Refused = OutOfMemory()
    if isinstance(fault, ArticleError):
        expected = Refused(reason=SkipReason.EMPTY, detail="empty")
    assert answer(AskedArticle(limit_s=1, source="a", document="html"), b"x") == expected
    assert answer(AskedFeed(limit_s=1, url=URL), b"x") == expected


def test_memory_that_runs_out_in_a_parser_is_told(monkeypatch):
    def fail(*args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("summarizer.read.html._trafilatura", fail)
    monkeypatch.setattr("feedparser.parse", lambda *args, **options: fail())
    asked = AskedArticle(limit_s=1, source="a", document="html")
    assert answer(asked, b"<html>a") == OutOfMemory()
    assert answer(AskedFeed(limit_s=1, url=URL), b"<rss>") == OutOfMemory()


def test_real_child_has_no_more_memory_than_it_may():
    with Reader(memory_bytes=400_000_000) as reader:
        assert len(reader.feed(FEED.encode(), url=URL).entries) == 1
        found = reader.feed(f"<rss>{'a' * 60_000_000}".encode(), url=URL)
        assert "damaged or hostile" in found.note
        assert len(reader.feed(FEED.encode(), url=URL).entries) == 1


def test_real_child_is_killed_in_the_middle_of_a_library():
    with Reader() as reader:
        reader.feed(FEED.encode(), url=URL)
        reader._limit_s = 0.2
        assert "more than 0.2 seconds" in reader.feed(SLOW_FEED, url=URL).note


# --- without a child --------------------------------------------------------------------------


def test_nothing_is_begun_when_the_time_is_over():
    now = 4.9
    reader = Reader(until=5.0, monotonic=lambda: now, command=NO_CHILD)
    assert "cannot be started" in reader.feed(b"a", url=URL).note
    now = 5.1
    assert "next night" in reader.feed(b"a", url=URL).note
    with pytest.raises(LeftForLater, match="next night"):
        reader.article(b"a", source="a.html", kind="html")


def test_reader_that_cannot_be_started_is_tried_twice(scripted):
    for reader in (scripted.reader("broken"), Reader(command=NO_CHILD)):
        for _ in range(4):
            with pytest.raises(LeftForLater, match="cannot be started"):
                reader.article(b"a", source="a.html", kind="html")
    assert len(scripted.lines("start")) == 2


# --- the real child and signals ---------------------------------------------------------------


def test_signals_for_the_night_do_not_end_the_child(real):
    real.feed(FEED.encode(), url=URL)
    pid = real.pid
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(pid, number)
    assert len(real.feed(FEED.encode(), url=URL).entries) == 1
    assert real.pid == pid


@pytest.mark.parametrize(
    "busy",
    [
        False,
        pytest.param(
            True,
            marks=pytest.mark.skipif(
                sys.platform != "linux",
                reason="only Linux tells a busy child that its parent has ended",
            ),
        ),
    ],
)
def test_child_ends_with_a_killed_parent(busy, tmp_path):
    slow = tmp_path / "slow"
    slow.write_bytes(SLOW_FEED)
    code = f"""
import sys
from summarizer.digest.reading import Reader
with Reader() as reader:
    reader.feed({FEED!r}.encode(), url="http://h/")
    print(reader.pid, flush=True)
    if {busy}:
        reader.feed(open({str(slow)!r}, "rb").read(), url="http://h/")
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        child = psutil.Process(pid)
        if busy:
            before = child.cpu_times().user
            waits = 0
            while child.cpu_times().user < before + 0.05:
                waits += 1
                assert waits < 1000, "it was not busy"
                time.sleep(0.02)
        parent.kill()
        parent.wait()
    assert is_gone(pid)
