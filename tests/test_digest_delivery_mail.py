"""Mail to a real SMTP server: what arrives, and what is known when something goes wrong."""

from __future__ import annotations

import socket
from email.message import EmailMessage
from typing import Any

import pytest

from summarizer.data import Brief
from summarizer.digest.config import Email
from summarizer.digest.delivery import letter as letters
from summarizer.digest.delivery.letter import mailbox, message_id, write_letter
from summarizer.digest.delivery.mail import EmailChannel, _dotted
from summarizer.digest.delivery.outcome import NotDelivered, Tools, Unclear
from summarizer.digest.state import State
from summarizer.errors import ConfigError
from summarizer.render import to_letter, to_markdown
from tests.conftest import make_article, make_brief, make_fact, make_story, make_supported
from tests.deliveries import Night, make_edition
from tests.mail_server import HOST, Certificate, Mailbox, mail_server, scripted_server

# aiosmtpd warns of its own coming changes, and leaves sockets of broken connections to asyncio.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]

DIGEST = "ab" * 16
KEY = "<key@digest.example>"


@pytest.fixture
def tools(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state).tools


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate, monkeypatch):
    """Have the machine trust the certificate, as OpenSSL lets it be told to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    return certificate


def make_email(port: int = 25, **values: Any) -> Email:
    given = {
        "host": HOST,
        "port": port,
        "security": "none",
        "sender": "News digest <digest@example.org>",
        "to": ("ada@example.org", "Bo <bo@example.org>"),
        "timeout_s": 5,
    }
    return Email(**(given | values))


def send(settings: Email, tools: Tools, *, key: str = KEY, brief: Brief | None = None) -> str:
    edition = make_edition(brief=brief)
    return EmailChannel(settings, DIGEST).prepare(edition, key, tools)()


def part(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    return str(found.get_content())


# --- what arrives -----------------------------------------------------------------------------


def test_a_mail_arrives_with_text_and_html_and_its_headers(tools):
    box = Mailbox()
    with mail_server(box) as port:
        assert send(make_email(port), tools) == ""
    (letter,), (envelope,) = box.letters, box.envelopes
    edition = make_edition()
    assert envelope.mail_from == "digest@example.org"
    assert envelope.rcpt_tos == ["ada@example.org", "bo@example.org"]
    assert part(letter, "plain").replace("\r\n", "\n") == to_markdown(edition.brief)
    assert part(letter, "html").replace("\r\n", "\n") == to_letter(edition.brief)
    assert letter.get_content_type() == "multipart/alternative"
    assert {name: letter[name] for name in ("Message-ID", "Subject", "Auto-Submitted")} == {
        "Message-ID": KEY,
        "Subject": "News digest 2031-05-06",
        "Auto-Submitted": "auto-generated",
    }
    assert letter["Date"].datetime == edition.created
    assert letter["From"] == "News digest <digest@example.org>"
    assert letter["To"] == "ada@example.org, Bo <bo@example.org>"
    assert letter["List-Id"] == "<digest-abababababab.example.org>"


def test_the_subject_tells_what_it_is_asked_to(tools):
    settings = make_email(subject="{edition}: {stories} stories, {facts} facts")
    letter = write_letter(settings, make_edition(), KEY, "list.example")
    assert letter["Subject"] == "2031-05-06: 1 stories, 3 facts"


def test_the_same_edition_makes_the_same_bytes():
    once, again = (write_letter(make_email(), make_edition(), KEY, "l.x") for _ in range(2))
    assert once.as_bytes() == again.as_bytes()


def test_only_ascii_and_short_lines_go_over_the_wire(tools):
    article = make_article("Zoë said “ñandú” " + "and on " * 3000 + ".")
    brief = make_brief(make_story(make_fact(make_supported(None, article))), articles=(article,))
    box = Mailbox()
    with mail_server(box) as port:
        send(make_email(port), tools, brief=brief)
    (envelope,), (letter,) = box.envelopes, box.letters
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    assert max(len(line) for line in envelope.content.splitlines()) <= 998
    assert "Zoë said “ñandú”" in part(letter, "plain")


@pytest.mark.parametrize(
    ("data", "dotted"),
    [
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
        (b"a\r.\rb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"a\r\n..b\r\n", b"a\r\n...b\r\n"),
    ],
)
def test_no_line_of_a_message_ends_it(data, dotted):
    assert _dotted(data) == dotted


def test_a_line_with_a_dot_alone_arrives_as_it_is(tools):
    article = make_article(".\r\n.\n\n.\r\nMAIL FROM:<eve@example.org>")
    brief = make_brief(make_story(make_fact(make_supported(None, article))), articles=(article,))
    box = Mailbox()
    with mail_server(box) as port:
        send(make_email(port), tools, brief=brief)
    assert [envelope.mail_from for envelope in box.envelopes] == ["digest@example.org"]
    assert part(box.letters[0], "plain").replace("\r\n", "\n") == to_markdown(
        make_edition(brief=brief).brief
    )


def test_html_over_the_limit_is_left_out_with_a_line(monkeypatch):
    monkeypatch.setattr(letters, "MOST_HTML", 2000)
    letter = write_letter(make_email(), make_edition(), KEY, "l.x")
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().startswith("The HTML form is left out: it is larger than")


def test_text_over_the_limit_is_cut_after_a_line_and_says_so(monkeypatch):
    whole = to_markdown(make_edition().brief)
    monkeypatch.setattr(letters, "MOST_TEXT", len(whole.encode()) - 1)
    text = part(write_letter(make_email(), make_edition(), KEY, "l.x"), "plain")
    *kept, empty, told = text.splitlines()
    assert (empty, told) == ("", "The rest is left out: the text is larger than 0 MB.")
    assert kept == whole.splitlines()[: len(kept)]
    assert len(kept) >= len(whole.splitlines()) - 3


def test_text_at_the_limit_is_whole(monkeypatch):
    whole = to_markdown(make_edition().brief)
    monkeypatch.setattr(letters, "MOST_TEXT", len(whole.encode()))
    assert part(write_letter(make_email(), make_edition(), KEY, "l.x"), "plain") == whole


def test_text_of_one_endless_line_is_cut_between_two_characters(monkeypatch):
    monkeypatch.setattr(letters, "MOST_TEXT", 1001)
    monkeypatch.setattr(letters, "to_markdown", lambda _brief: "é" * 2000)
    text = part(write_letter(make_email(), make_edition(), KEY, "l.x"), "plain")
    assert text.startswith("é" * 500 + "\r\n\r\nThe rest is left out")


# --- names ------------------------------------------------------------------------------------


def test_message_id_is_stable_and_each_parts_own():
    def made(
        digest: str = DIGEST, channel: str = "email", edition: str = "a", **values: Any
    ) -> str:
        return message_id(make_email(**values), digest, channel, edition)

    others = {
        made(),
        made(digest="cd"),
        made(channel="email:bo"),
        made(edition="b"),
        made(sender="x@example.org"),
    }
    assert len(others) == 5
    assert made() == made(host="other.example", security="tls", subject="{facts}")
    assert made().startswith("<")
    assert made().endswith("@example.org>")


@pytest.mark.parametrize("sender", ["x@bücher.example", "a" * 60 + "@x.org"])
def test_every_sender_that_a_configuration_takes_has_a_message_id(sender):
    assert message_id(make_email(sender=sender), DIGEST, "email", "a").isascii()


def test_a_domain_of_other_letters_is_written_in_ascii():
    letter = write_letter(make_email(sender="x@bücher.example"), make_edition(), KEY, "l.x")
    assert letter["From"] == "x@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text", ["jörg@example.org", "", "ada", "a@b@c", "a b@example.org", "@x.y"]
)
def test_an_address_that_plain_mail_cannot_carry_is_told(text):
    with pytest.raises(NotDelivered, match="no plain mail address"):
        mailbox(text)


@pytest.mark.parametrize("key", ["<a@b>\r\nBcc: eve@example.org", "<a@b>\nX: y"])
def test_no_header_can_be_smuggled_in_by_a_key(key, tools):
    with pytest.raises(NotDelivered, match="cannot be written"):
        send(make_email(), tools, key=key)


def test_an_edition_name_cannot_smuggle_a_header():
    edition = make_edition().model_copy(update={"name": "x\r\nBcc: eve@example.org"})
    letter = write_letter(make_email(), edition, KEY, "l.x")
    assert letter["Bcc"] is None
    assert letter["Subject"] == "News digest x Bcc: eve@example.org"


# --- TLS and passwords ------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_tls(security, trusted, tools):
    box = Mailbox()
    with mail_server(box, **{security: trusted}) as port:
        send(make_email(port, security=security), tools)
    assert box.secure == [True] if security == "starttls" else box.letters


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(security, certificate, tools):
    box = Mailbox()
    with (
        mail_server(box, **{security: certificate}) as port,
        pytest.raises(NotDelivered, match="no valid certificate") as caught,
    ):
        send(make_email(port, security=security), tools)
    assert not caught.value.again
    assert caught.value.down
    assert box.attempts == 0


def test_a_server_without_starttls_gets_nothing(tools):
    box = Mailbox()
    with (
        mail_server(box) as port,
        pytest.raises(NotDelivered, match="cannot do what is configured"),
    ):
        send(make_email(port, security="starttls"), tools)
    assert box.attempts == 0


def test_the_password_is_read_and_sent(trusted, tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_PASSWORD", "right horse")
    box = Mailbox()
    settings = {"security": "starttls", "user": "ada", "password_env": "DIGEST_TEST_PASSWORD"}
    with mail_server(box, starttls=trusted, login=True) as port:
        send(make_email(port, **settings), tools)
    assert box.logins == [(b"ada", b"right horse")]
    assert len(box.letters) == 1


def test_a_wrong_password_is_told_without_it(trusted, tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_PASSWORD", "hunter2-secret")
    box = Mailbox()
    settings = {"security": "starttls", "user": "ada", "password_env": "DIGEST_TEST_PASSWORD"}
    with (
        mail_server(box, starttls=trusted, login=True) as port,
        pytest.raises(NotDelivered, match="refuses user and password: 535") as caught,
    ):
        send(make_email(port, **settings), tools)
    assert "hunter2" not in str(caught.value)
    assert caught.value.down
    assert tools.sleep.seconds == []


def test_a_server_that_repeats_the_password_does_not_get_it_told(tools, monkeypatch):
    monkeypatch.setenv("DIGEST_TEST_PASSWORD", "hunter2-secret")
    settings = {"user": "ada", "password_env": "DIGEST_TEST_PASSWORD", "attempts": 1}
    replies = (b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"535 not hunter2-secret\r\n")
    with (
        scripted_server(*replies, after=b"close") as (port, _),
        pytest.raises(NotDelivered, match="refuses user and password: 535$"),
    ):
        send(make_email(port, **settings), tools)


def test_a_missing_password_is_told_before_anything_is_sent(tools):
    settings = make_email(user="ada", password_env="DIGEST_TEST_NOT_SET")
    with pytest.raises(ConfigError, match="DIGEST_TEST_NOT_SET"):
        EmailChannel(settings, DIGEST).prepare(make_edition(), KEY, tools)


# --- what goes wrong --------------------------------------------------------------------------


def test_a_refused_recipient_is_named_and_the_others_get_it(tools):
    box = Mailbox(refused={"bo@example.org": "550 nobody here"})
    with mail_server(box) as port:
        assert send(make_email(port), tools) == "refused: bo@example.org (550 nobody here)"
    assert box.envelopes[0].rcpt_tos == ["ada@example.org"]


@pytest.mark.parametrize(("reply", "tries"), [("550 nobody", 1), ("451 later", 3)])
def test_nobody_gets_it_when_every_recipient_is_refused(reply, tries, tools):
    box = Mailbox(refused=dict.fromkeys(("ada@example.org", "bo@example.org"), reply))
    with (
        mail_server(box) as port,
        pytest.raises(NotDelivered, match="refuses every recipient"),
    ):
        send(make_email(port), tools)
    assert len(tools.sleep.seconds) == tries - 1
    assert box.attempts == 0


def test_a_message_refused_for_now_is_tried_again_and_arrives_once(tools):
    box = Mailbox(replies=("451 busy", "452 full"))
    with mail_server(box) as port:
        send(make_email(port), tools)
    assert (box.attempts, len(box.envelopes)) == (3, 1)
    assert tools.sleep.seconds == [2.0, 4.0]


def test_a_message_refused_for_good_is_not_tried_again(tools):
    box = Mailbox(replies=("554 spam\x1b[2J\u202e",))
    with (
        mail_server(box) as port,
        pytest.raises(NotDelivered, match="refuses the message: 554 spam") as caught,
    ):
        send(make_email(port), tools)
    assert box.attempts == 1
    assert not caught.value.down
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("silent", [False, True])
def test_no_answer_to_the_whole_message_is_unclear_and_not_tried_again(silent, tools):
    box = Mailbox(lost=not silent, silent=silent)
    with (
        mail_server(box) as port,
        pytest.raises(Unclear, match="had the whole message"),
    ):
        send(make_email(port, timeout_s=0.3 if silent else 5), tools)
    assert box.attempts == 1
    assert tools.sleep.seconds == []


_TO_DATA = (b"220 hi\r\n", *[b"250 fine\r\n"] * 4, b"354 go on\r\n")


@pytest.mark.parametrize(
    "answer", [b"nonsense\r\n", b"354 more?\r\n", b"250-" + b"x" * 10_000 + b"\r\n"]
)
def test_an_odd_answer_to_the_whole_message_is_unclear(answer, tools):
    with (
        scripted_server(*_TO_DATA, answer, after=b"close") as (port, got),
        pytest.raises(Unclear),
    ):
        send(make_email(port), tools)
    assert got[-1] == b".\r\n"


def test_a_connection_lost_before_the_end_of_the_message_is_tried_again(tools):
    with (
        scripted_server(*_TO_DATA[:-1], after=b"close") as (port, _),
        pytest.raises(NotDelivered, match="tried 3 times") as caught,
    ):
        send(make_email(port), tools)
    assert caught.value.again
    assert not caught.value.down


def test_a_server_that_is_not_there_is_tried_again_and_down(tools):
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotDelivered, match=r"Connection refused \(tried 3 times\)") as caught:
        send(make_email(port), tools)
    assert caught.value.down
    assert tools.sleep.seconds == [2.0, 4.0]


@pytest.mark.parametrize("after", [b"", b"220-wait\r\n", b"x"])
def test_a_greeting_that_does_not_end_is_not_waited_for(after, tools):
    with (
        scripted_server(after=after) as (port, _),
        pytest.raises(NotDelivered) as caught,
    ):
        send(make_email(port, timeout_s=0.2, attempts=1), tools)
    assert caught.value.down
