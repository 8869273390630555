"""A remote model at a server that fails in every way, or wants a key."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import logging
import time
from collections.abc import Iterator

import pytest

from summarizer.errors import ConfigError, ModelUnavailable
from summarizer.model.grammar import SENTENCE_END
from summarizer.model.interface import (
    FinishReason,
)
from summarizer.model.remote import (
    KEY_VARIABLE,
)
from tests.remotes import Connect, Waits, ask, connecting, one, question, stub_server
from tests.servers import (
    CutOff,
    Drip,
    Endless,
    Hang,
    Reply,
    StubServer,
    completion,
    models,
)

KEY = "sk-very-secret-7531"
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string", "maxLength": 9, "pattern": SENTENCE_END}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with stub_server() as server:
        yield server


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def connect(stub: StubServer, waits: Waits) -> Iterator[Connect]:
    with connecting(stub, waits) as make:
        yield make


# --- the key ----------------------------------------------------------------------------------


def test_the_key_of_the_environment_is_sent_and_appears_nowhere(
    stub, connect, monkeypatch, caplog, capfd
):
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    caplog.set_level(logging.DEBUG)
    # A server that repeats the key in its errors.
    stub.reply = lambda _body: Reply({"error": {"message": f"bad {KEY} for x"}}, status=400)
    model = connect()
    answer = one(model)
    assert stub.posts[0].headers["authorization"] == f"Bearer {KEY}"
    assert answer.finish is FinishReason.FAILED and "bad [key] for x" in answer.problem
    told = caplog.text + "".join(capfd.readouterr())
    assert KEY not in told + model.name + repr(vars(model)) + repr(vars(model._connection))


def test_without_a_key_nothing_is_sent_in_its_place(stub, connect):
    one(connect())
    assert "authorization" not in stub.posts[0].headers


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_the_environment_variable(stub, connect, monkeypatch, status):
    stub.pages["/v1/models"] = Reply({"error": {"message": "no"}}, status=status)
    with pytest.raises(ConfigError, match=KEY_VARIABLE):
        connect()
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    stub.pages["/v1/models"] = Reply({"error": {"message": f"no {KEY}"}}, status=status)
    with pytest.raises(ConfigError, match=f"the key in the .*{KEY_VARIABLE}") as caught:
        connect()
    assert KEY not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_a_key_refused_midway_stops_the_run(stub, connect):
    stub.reply = lambda _body: Reply(status=401)
    with pytest.raises(ConfigError, match=KEY_VARIABLE):
        list(connect().generate([ask("p"), ask("q")]))
    assert len(stub.posts) <= 2
    with pytest.raises(ConfigError, match=KEY_VARIABLE):
        list(connect().judge([question("q")]))


@pytest.mark.parametrize("key", ["a b", "a\nb", "caf\u00e9", "a\x7f"])
def test_a_key_that_no_header_can_hold_is_refused_without_repeating_it(connect, monkeypatch, key):
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(ConfigError, match=KEY_VARIABLE) as caught:
        connect()
    assert key not in f"{caught.value} {caught.value.hint}"


def test_a_key_that_goes_unencrypted_to_another_machine_is_warned_of(connect, monkeypatch, caplog):
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with pytest.raises(ModelUnavailable):
        connect("http://no-such-host.invalid:1/v1")
    assert "unencrypted" in caplog.text and KEY not in caplog.text


# --- what may pass by trying again ------------------------------------------------------------

PASSING = {
    "429": Reply({"error": {"message": "slow down"}}, status=429),
    "500": Reply("oops", status=500),
    "502": Reply("<html>bad gateway</html>", status=502),
    "503": Reply({"error": "loading"}, status=503),
    "504": Reply("", status=504),
    "cut off": CutOff(),
    "silence": Hang(),
    "drip": Drip(),
}


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING.keys())
def test_a_failure_that_passes_is_not_seen(stub, connect, waits, failure):
    stub.queue.append(failure)
    answer = one(connect())
    assert (answer.finish, answer.text, answer.problem) == (FinishReason.STOP, "ok", "")
    assert len(stub.posts) == 2
    assert len(waits.seconds) == 1


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING.keys())
def test_a_failure_that_stays_fails_the_prompt_and_no_other(stub, connect, failure):
    stub.reply = lambda body: failure if "bad" in str(body) else completion("ok")
    model = connect(patience={"attempts": 2})
    answers = {a.prompt_id: a for a in model.generate([ask("1", "bad"), ask("2"), ask("3")])}
    assert answers["1"].finish is FinishReason.FAILED
    assert "127.0.0.1" in answers["1"].problem
    assert "asked 2 times" in answers["1"].problem
    assert answers["2"].text == answers["3"].text == "ok"
    assert len(stub.posts) == 4


def test_waits_grow_and_stay_bounded(stub, connect, waits):
    stub.reply = lambda _body: Reply(status=500)
    model = connect(patience={"attempts": 8, "backoff_s": 1.0, "longest_backoff_s": 10.0})
    assert one(model).finish is FinishReason.FAILED
    assert len(stub.posts) == 8
    for waited, least in zip(waits.seconds, [1, 2, 4, 8, 10, 10, 10], strict=True):
        assert least <= waited <= least + 1.0


def test_retry_after_is_kept_to_and_capped(stub, connect, waits):
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    for value in ("7", "86400", email.utils.format_datetime(soon), "soon", "-3"):
        stub.queue.append(Reply(status=429, headers={"Retry-After": value}))
    model = connect(patience={"attempts": 6, "longest_retry_after_s": 40.0})
    assert one(model).text == "ok"
    seven, capped, date, unreadable, negative = waits.seconds
    assert 7 <= seven < 8 and 40 <= capped < 41 and 25 <= date < 31
    assert unreadable < 5 and negative < 9  # as without the header: 4 s and 8 s, and jitter


def test_the_time_for_all_attempts_is_bounded(stub, connect):
    stub.reply = lambda _body: Drip()
    model = connect(patience={"attempts": 1000, "request_s": 0.1, "total_s": 0.35})
    started = time.monotonic()
    answer = one(model)
    assert answer.finish is FinishReason.FAILED and "0.35 s" in answer.problem
    assert time.monotonic() - started < 3


def test_a_server_that_is_gone_fails_the_rest_at_once(stub, connect):
    model = connect(parallel=2, patience={"attempts": 2})
    stub.queue.append(completion("ok"))
    stub.reply = lambda _body: Reply(status=500)
    answers = list(model.generate([ask(str(i)) for i in range(50)]))
    assert len({answer.prompt_id for answer in answers}) == 50
    failed = [answer for answer in answers if answer.finish is FinishReason.FAILED]
    assert len(failed) == 49
    # Three were asked in vain, and those that ran beside the third; the order they end in is free.
    assert sum("3 prompts in a row" in answer.problem for answer in failed) >= 45
    # The good one, and two attempts each of those three and of what ran beside them.
    assert len(stub.posts) <= 1 + 2 * 5


def test_a_later_call_asks_the_server_again(stub, connect):
    model = connect(parallel=1, patience={"attempts": 1})
    stub.reply = lambda _body: Reply(status=500)
    assert {a.finish for a in model.generate([ask(str(i)) for i in range(5)])} == {
        FinishReason.FAILED
    }
    assert len(stub.posts) == 3
    stub.reply = lambda _body: completion("ok")
    assert one(model).text == "ok"


# --- what trying again does not help ----------------------------------------------------------

HOPELESS = {
    "400": (Reply({"error": {"message": "unknown field"}}, status=400), "unknown field"),
    "422": (Reply({"detail": [{"msg": "wrong"}]}, status=422), "wrong"),
    "402": (Reply({"message": "pay first"}, status=402), "pay first"),
    "501": (Reply("", status=501), "501"),
    "html": (Reply("<html></html>", headers={"Content-Type": "text/html"}), "text/html"),
    "wrong type": (Reply(b"\x00\xff", headers={"Content-Type": "image/png"}), "image/png"),
    "no choices": (Reply({"object": "chat.completion"}), "without choices"),
    "a list": (Reply([]), "JSON object"),
    "nested": (Reply("[" * 100_000), "JSON object"),
    "no text": (completion(None), "without text"),
    "endless": (Endless(), "more than 4 MB"),
    "too large": (Reply(b'{"a": "' + b"x" * 5_000_000 + b'"}'), "more than 4 MB"),
    "packed": (Reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), "packed"),
    "redirect": (
        Reply(status=307, headers={"Location": "http://elsewhere.example/v1"}),
        "elsewhere.example",
    ),
}


@pytest.mark.parametrize(("failure", "says"), HOPELESS.values(), ids=HOPELESS.keys())
def test_a_hopeless_failure_is_not_tried_again_and_fails_one_prompt(stub, connect, failure, says):
    stub.reply = lambda body: failure if "bad" in str(body) else completion("ok")
    model = connect(patience={"silence_s": 5.0, "request_s": 5.0})
    answers = {a.prompt_id: a for a in model.generate([ask("1", "bad"), ask("2")])}
    assert answers["1"].finish is FinishReason.FAILED
    assert says in answers["1"].problem
    assert answers["2"].text == "ok"
    assert len(stub.posts) == 2


def test_a_json_answer_of_another_content_type_is_taken(stub, connect):
    made = completion("fine")
    made.headers["Content-Type"] = "text/plain"
    stub.queue.append(made)
    assert one(connect()).text == "fine"


def test_a_redirect_is_never_followed(stub, connect):
    other = StubServer()
    try:
        stub.reply = lambda _body: Reply(status=308, headers={"Location": other.url})
        assert one(connect()).finish is FinishReason.FAILED
        assert other.seen == []
    finally:
        other.stop()


def test_a_servers_words_are_shown_on_one_short_line_without_escapes(stub, connect):
    words = "bad\n\x1b[31mred\x1b[0m \u202e" + "long " * 100
    stub.reply = lambda _body: Reply({"error": {"message": words}}, status=400)
    problem = one(connect()).problem
    assert problem.isprintable() and len(problem) < 300
    assert "bad [31mred" in problem


def test_a_missing_model_stops_the_run_and_lists_the_others(stub, connect):
    model = connect()
    stub.reply = lambda _body: Reply({"error": {"message": "gone"}}, status=404)
    stub.pages["/v1/models"] = models("left", "right")
    with pytest.raises(ConfigError, match="no model stub-1b") as caught:
        list(model.generate([ask("p")]))
    assert "left, right" in caught.value.hint


@pytest.mark.parametrize(
    "error",
    [
        {"type": "exceed_context_size_error", "message": "request (5000 tokens) exceeds"},
        {"message": "This model's maximum context length is 4096 tokens."},
    ],
)
def test_a_prompt_beyond_the_context_is_too_long(stub, connect, error):
    stub.reply = lambda _body: Reply({"error": error}, status=400)
    answer = one(connect(), answer_schema=SCHEMA)
    assert answer.finish is FinishReason.PROMPT_TOO_LONG
    assert len(stub.posts) == 1


def test_a_server_that_refuses_patterns_is_asked_without_them_from_then_on(stub, connect):
    def reply(body):
        refused = Reply({"error": {"message": "pattern is not supported"}}, status=400)
        return refused if "pattern" in json.dumps(body) else completion("ok")

    stub.reply = reply
    model = connect()
    assert one(model, answer_schema=SCHEMA).text == "ok"
    assert one(model, answer_schema=SCHEMA).text == "ok"
    assert len(stub.posts) == 3


@pytest.mark.parametrize(
    ("shape", "requests", "says"),
    [({"answer_schema": SCHEMA}, 2, "JSON Schema"), ({"answer_grammar": "root ::= x"}, 1, "GBNF")],
)
def test_a_server_that_refuses_the_shape_of_answers_is_told_of(
    stub, connect, shape, requests, says
):
    stub.reply = lambda _body: Reply({"error": {"message": "no such field"}}, status=400)
    answer = one(connect(), **shape)
    assert answer.finish is FinishReason.FAILED
    assert says in answer.problem and "llama-server" in answer.problem
    assert len(stub.posts) == requests
