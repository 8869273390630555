"""Webhooks to a real HTTP server: the signature, and what is known when something goes wrong."""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
from typing import Any

import pytest

from summarizer.data import Brief
from summarizer.digest.config import Webhook
from summarizer.digest.delivery.outcome import NotDelivered, Tools, Unclear
from summarizer.digest.delivery.webhook import (
    WebhookChannel,
    payload,
    retry_after_s,
    signature,
)
from summarizer.digest.state import State
from summarizer.errors import ConfigError
from tests.deliveries import NIGHT, Night, make_edition
from tests.hook_server import HOST, Answer, hook_server
from tests.mail_server import Certificate
from tests.test_render_markdown import hostile_brief

KEY = "msg_0123"
RAW = b"a key of some length"
SECRET = "whsec_" + base64.b64encode(RAW).decode()


@pytest.fixture
def tools(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state).tools


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_SECRET", SECRET)


def send(url: str, tools: Tools, **values: Any) -> str:
    given = {"url": url, "secret_env": "DIGEST_TEST_SECRET", "timeout_s": 5}
    channel = WebhookChannel(Webhook(**(given | values)))
    return channel.prepare(make_edition(), KEY, tools)()


# --- what arrives -----------------------------------------------------------------------------


def test_an_edition_arrives_signed(tools):
    with hook_server() as hooks:
        assert send(hooks.url, tools) == "200"
    (post,) = hooks.posts
    assert post.signed_with(RAW)
    assert not post.signed_with(b"another key")
    assert post.headers["content-type"] == "application/json"
    assert post.headers["webhook-id"] == KEY
    assert post.headers["webhook-timestamp"] == str(int(NIGHT.timestamp()))
    told, edition = post.told, make_edition()
    assert (told["type"], told["edition"], told["created"]) == (
        *("digest", "2031-05-06", "2031-05-06T02:00:00+00:00"),
    )
    assert told["counts"] == {
        "articles": 3,
        "stories": 1,
        "facts": 3,
        "conflicts": 1,
        "rejected": 1,
        "skipped": 0,
    }
    assert Brief.model_validate(told["brief"], strict=False) == edition.brief


def test_a_signature_is_the_one_of_the_standard():
    # The example of the specification's libraries (standard-webhooks, "symmetric").
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', key)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_without_the_prefix_is_the_key_itself(tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_SECRET", "raw secret")
    with hook_server() as hooks:
        send(hooks.url, tools)
    assert hooks.posts[0].signed_with(b"raw secret")


def test_without_a_secret_nothing_is_signed(tools):
    with hook_server() as hooks:
        send(hooks.url, tools, secret_env=None)
    assert "webhook-signature" not in hooks.posts[0].headers


@pytest.mark.parametrize("secret", ["whsec_***", "whsec_YWJj\u00e9"])
def test_a_secret_that_is_no_base64_is_told_without_it(secret, tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_SECRET", secret)
    with hook_server() as hooks, pytest.raises(NotDelivered, match="not base64") as caught:
        send(hooks.url, tools)
    assert secret[6:] not in str(caught.value)
    assert not hooks.posts


def test_a_secret_of_a_prefix_alone_is_refused_and_nothing_goes_out_unsigned(tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_SECRET", "whsec_")
    with hook_server() as hooks, pytest.raises(NotDelivered, match="nothing after whsec_"):
        send(hooks.url, tools)
    assert not hooks.posts


def test_a_missing_secret_is_told_before_anything_is_sent(tools, monkeypatch):
    monkeypatch.delenv("DIGEST_TEST_SECRET")
    with hook_server() as hooks, pytest.raises(ConfigError, match="DIGEST_TEST_SECRET"):
        send(hooks.url, tools)
    assert not hooks.posts


def test_configured_headers_are_sent_and_do_not_replace_ours(tools):
    with hook_server() as hooks:
        send(hooks.url, tools, headers={"Authorization": "Bearer x", "User-agent": "other"})
    assert hooks.posts[0].headers["authorization"] == "Bearer x"
    assert hooks.posts[0].headers["user-agent"] == "summarizer"


@pytest.mark.parametrize("text", ["\ud800 half", "\x00\x1b[2J\u202e", "</script>", "é\u2028"])
def test_any_text_makes_plain_ascii_json(text):
    edition = make_edition(brief=hostile_brief("x"))
    story = edition.brief.stories[0].model_copy(update={"headline": text})
    brief = edition.brief.model_copy(update={"stories": (story,)})
    body = payload(edition.model_copy(update={"brief": brief}))
    assert body.isascii()
    assert json.loads(body)["brief"]["stories"][0]["headline"] == text


def test_tls_is_checked(tools, tmp_path, monkeypatch):
    certificate = Certificate(tmp_path)
    with hook_server(tls=certificate.context()) as hooks:
        with pytest.raises(NotDelivered, match="no valid certificate") as caught:
            send(hooks.url, tools)
        assert not caught.value.again
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert send(hooks.url, tools) == "200"
    assert len(hooks.posts) == 1


# --- what goes wrong --------------------------------------------------------------------------


def test_errors_of_the_server_are_tried_again_with_the_same_id(tools):
    with hook_server(Answer(500), Answer(503)) as hooks:
        assert send(hooks.url, tools) == "200"
    assert [post.headers["webhook-id"] for post in hooks.posts] == [KEY] * 3
    assert tools.sleep.seconds == [2.0, 4.0]


def test_every_attempt_is_signed_with_its_own_time(tools):
    tools.clock.time = NIGHT

    def sleep(seconds: float) -> None:
        tools.clock.time += dt.timedelta(seconds=600)

    with hook_server(Answer(500)) as hooks:
        send(hooks.url, tools._replace(sleep=sleep))
    stamps = [int(post.headers["webhook-timestamp"]) for post in hooks.posts]
    assert stamps[1] - stamps[0] == 600
    assert all(post.signed_with(RAW) for post in hooks.posts)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("0", 0.0)])
def test_the_pause_a_server_asks_for_is_kept_up_to_a_minute(asked, waited, tools):
    with hook_server(Answer(429, {"Retry-After": asked})) as hooks:
        send(hooks.url, tools)
    assert tools.sleep.seconds == [waited]
    assert len(hooks.posts) == 2


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *[("12", 12.0), ("", None), ("soon", None), ("-3", None), ("9" * 400, 999_999_999.0)],
        ("Tue, 06 May 2031 02:00:30 GMT", 30.0),
        ("Tue, 06 May 2031 01:00:00 GMT", 0.0),
        ("Tue, 99 May 2031 01:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value, seconds):
    assert retry_after_s(value, NIGHT) == seconds


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_a_refusal_is_not_tried_again(status, tools):
    body = b"bad \x1b[2J\xff edition"
    with (
        hook_server(Answer(status, body=body)) as hooks,
        pytest.raises(NotDelivered, match=f"answers {status}: bad") as caught,
    ):
        send(hooks.url, tools)
    assert len(hooks.posts) == 1
    assert not caught.value.down
    assert "\x1b" not in str(caught.value)


def test_a_redirect_is_not_followed(tools):
    with hook_server() as target:
        there = {"Location": target.url + "?token=hidden"}
        with (
            hook_server(Answer(307, there)) as hooks,
            pytest.raises(NotDelivered, match="redirects, which is not followed") as caught,
        ):
            send(hooks.url, tools)
    assert "hidden" not in str(caught.value)
    assert (len(hooks.posts), len(target.posts)) == (1, 0)


DROPS = Answer(drops=True)


@pytest.mark.parametrize("fault", [DROPS, Answer(hangs=True), Answer(drips=True)])
def test_no_answer_after_all_was_sent_is_unclear_and_not_tried_again(fault, tools):
    slow = 0.1 if fault is not DROPS else 5
    with (
        hook_server(fault) as hooks,
        pytest.raises(Unclear, match="had the whole edition"),
    ):
        send(hooks.url, tools, timeout_s=slow)
    assert len(hooks.posts) == 1
    assert tools.sleep.seconds == []


def test_a_server_that_gives_up_is_told_with_the_number_of_tries(tools):
    with (
        hook_server(*[Answer(500)] * 4) as hooks,
        pytest.raises(NotDelivered, match=r"answers 500 \(tried 4 times\)") as caught,
    ):
        send(hooks.url, tools)
    assert len(hooks.posts) == 4
    assert not caught.value.down


def test_a_server_that_is_not_there_is_tried_again_and_down(tools):
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotDelivered, match=r"could not be reached: .* \(tried 4 times\)") as caught:
        send(f"http://{HOST}:{port}/token-in-path", tools)
    assert caught.value.down
    assert "token" not in str(caught.value)
    assert tools.sleep.seconds == [2.0, 4.0, 8.0]
