"""The child's side, spoken to by its own protocol; the engine in it does as it is told."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.data import Record
from summarizer.model.child import Child, ChildEnded
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    ListRules,
    Prompt,
    Question,
    Segment,
    Strategy,
    Usage,
)
from summarizer.model.protocol import (
    LINE_LIMIT,
    Answered,
    Ask,
    Beat,
    Count,
    Counted,
    Drop,
    EngineOptions,
    Failed,
    FromChild,
    Go,
    Judge,
    Judged,
    Open,
    ProtocolError,
    Ready,
    Refused,
    Started,
    encode,
    read_from_child,
    read_to_child,
)
from tests.scripted_child import command

NASTY = "\x00 a\nb\r\u2028 lone \ud800 \U0001f6a2 \\u0041 \x1b[0m"
OPTIONS = EngineOptions(path=Path("x.gguf"), name="x")
PROMPT = Prompt(
    id="1",
    segments=(Segment(text=NASTY, trusted=True), Segment(text="")),
    answer_schema={"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"]},
    rules=ListRules(array="claims", distinct=("a", "b"), text=NASTY, openings=("It",)),
    max_tokens=9,
    temperature=0.7,
    seed=3,
)
QUESTION = Question(id="2", segments=(Segment(text=NASTY),), answers=("Ja", "Nein"))

# --- the protocol -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        Open(options=EngineOptions(path=Path("/a/b c.gguf"), name=NASTY, lora=Path("l"))),
        Open(options=OPTIONS.model_copy(update={"strategy": Strategy.GUIDED, "sha256": "0"})),
        Ask(prompt=PROMPT),
        Judge(question=QUESTION),
        Go(),
        Drop(ids=("1", "2")),
        Count(id="3", text=NASTY),
    ],
    ids=lambda message: message.kind,
)
def test_message_to_the_child_arrives_as_it_was_sent(message):
    line = encode(message)
    assert line.count(b"\n") == 1
    assert read_to_child(io.BytesIO(line)) == message


ANSWER = Answer(
    prompt_id="1", text=NASTY, finish=FinishReason.FAILED, tokens_read=1, tokens_written=2
)


@pytest.mark.parametrize(
    "message",
    [
        Ready(context_tokens=512),
        Started(id="1"),
        Beat(usage=Usage(tokens_read=1, tokens_written=2, done_share=0.5)),
        Answered(answer=ANSWER),
        Judged(judgement=Judgement(question_id="1", score=-0.25, tokens_read=3)),
        Judged(judgement=Judgement(question_id="1", score=math.inf, tokens_read=3)),
        Refused(id="1", problem=NASTY),
        Counted(id="1", tokens=4),
        Failed(error="ValueError", message=NASTY, hint="x"),
    ],
    ids=lambda message: message.kind,
)
def test_message_from_the_child_arrives_as_it_was_sent(message):
    assert read_from_child(io.BytesIO(encode(message))) == message


def test_end_of_the_pipe_is_none_even_in_the_middle_of_a_line():
    assert read_from_child(io.BytesIO(b"")) is None
    assert read_from_child(io.BytesIO(encode(Ready(context_tokens=1))[:-1])) is None


@pytest.mark.parametrize(
    "line",
    [
        b"llama_model_load: hello\n",
        b"\n",
        b"[]\n",
        b"\xff\xfe\n",
        b'{"kind":"nothing"}\n',
        b'{"kind":"ready"}\n',
        b'{"kind":"ready","context_tokens":1,"more":2}\n',
        b'{"kind":"open","options":{}}\n',
    ],
)
def test_line_that_is_no_message_is_an_error(line):
    with pytest.raises(ProtocolError, match="no message"):
        read_from_child(io.BytesIO(line))


def test_line_over_the_limit_is_neither_written_nor_read():
    with pytest.raises(ProtocolError, match="limit"):
        encode(Count(id="1", text="x" * LINE_LIMIT))
    with pytest.raises(ProtocolError, match="more than"):
        read_from_child(io.BytesIO(b'"' + b"x" * LINE_LIMIT + b'"\n'))


# --- the worker ---------------------------------------------------------------------------------


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child(command(tmp_path / "log"), os.environ)
    yield child
    child.kill()


def ask(serial: str, text: str) -> Ask:
    return Ask(prompt=Prompt(id=serial, segments=(Segment(text=text),), max_tokens=9))


def hear(child: Child, kind: type[Record], *, within_s: float = 5.0) -> FromChild:
    """Return the next message of `kind`, passing over others."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        message = child.receive(0.1)
        if isinstance(message, kind):
            return message
    raise AssertionError(f"no {kind.__name__} within {within_s} s")


def opened(child: Child) -> Child:
    child.send(Open(options=OPTIONS))
    hear(child, Ready)
    return child


def test_nothing_is_begun_before_go(child):
    opened(child)
    child.send(ask("1", "a"))
    child.send(Count(id="2", text="abc"))
    assert child.receive(2.0) == Counted(id="2", tokens=3)
    assert child.receive(0.2) is None
    child.send(Go())
    assert hear(child, Started) == Started(id="1")
    assert isinstance(hear(child, Answered), Answered)


def test_signs_of_life_come_now_and_then_while_busy_and_not_while_idle(child):
    opened(child)
    child.send(ask("1", "slow 150"))
    child.send(Go())
    begun, beats = time.monotonic(), 0
    while not isinstance(message := child.receive(2.0), Answered):
        assert message is not None
        beats += isinstance(message, Beat)
    assert 2 <= beats <= 2 + (time.monotonic() - begun) / 0.25
    assert child.receive(0.4) is None


def test_beat_with_the_tokens_of_an_answer_comes_before_it(child):
    opened(child)
    child.send(ask("1", "slow 3"))
    child.send(Go())
    beat = hear(child, Beat)
    while not isinstance(message := child.receive(2.0), Answered):
        beat = message if isinstance(message, Beat) else beat
    assert beat == Beat(usage=Usage(tokens_read=1, tokens_written=4, done_share=1.0))


def test_child_ends_with_its_input_even_while_it_hangs(child):
    opened(child)
    child.send(ask("1", "hang"))
    child.send(Go())
    hear(child, Started)
    child._outbox.put(None)  # its writer stops
    child._threads[2].join()
    assert child._process.stdin is not None
    child._process.stdin.close()
    assert child._process.wait(timeout=2) == 0


@pytest.mark.parametrize("message", [Go(), ask("1", "a"), Drop(ids=())])
def test_first_message_must_open(child, message):
    child.send(message)
    with pytest.raises(ChildEnded, match="ProtocolError"):
        hear(child, Ready)


def test_rubbish_to_the_child_ends_it(child):
    opened(child)
    child._outbox.put(b"rubbish\n")
    with pytest.raises(ChildEnded, match="no message"):
        hear(child, Ready)


def test_exception_that_ends_the_child_leaves_its_traceback(child):
    opened(child)
    child.send(ask("1", "raise"))
    child.send(Go())
    with pytest.raises(ChildEnded, match="RuntimeError: something unforeseen") as caught:
        hear(child, Answered)
    assert caught.value.failed is not None
    child.end()
    assert "Traceback" in child.last_words()


def test_last_words_are_bounded(child):
    opened(child)
    child.send(ask("1", "noise"))
    child.send(Go())
    hear(child, Answered)
    assert len(child.last_words()) <= 4096


def test_library_that_reads_the_input_gets_nothing(tmp_path):
    code = command(tmp_path / "log")[2].replace("main()", "")
    code += (
        "import os, summarizer.model.worker as w; source, sink = w._take_pipes(); "
        "sink.write(repr((os.read(0, 9), source.readline())).encode()); os.write(1, b'stray')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"line\n", capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"(b'', b'line\\n')", b"stray")


def test_module_can_be_run_by_itself():
    child = Child([sys.executable, "-m", "summarizer.model.worker"], os.environ)
    child.send(Go())
    with pytest.raises(ChildEnded, match="ProtocolError"):
        hear(child, Ready)
    child.kill()
