"""What a wrong digest.toml is told: every fault, with the way out, and never a secret."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.digest_configs import FOLDERS, HOOK, HUNTER, MAIL, email, refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sources]\nfeds = []", "unknown key sources.feds, did you mean feeds?"),
        (FOLDERS + 'widnow = "7d"', "unknown key widnow, did you mean window?"),
        (FOLDERS + "max-facts = 3", "unknown key max-facts, did you mean max_facts?"),
        ('folders = ["x"]', "unknown key folders, did you mean folders in the table sources?"),
        ('[sources]\nmodel = "none"', "sources.model: model belongs above the first [table]"),
        (MAIL + "hots = 1", "unknown key email.hots, did you mean host?"),
        ("[log]\nzzz = 1", "unknown key log.zzz; known here: file, metrics"),
        ('sources = ["in"]', '[sources] and below it folders = ["in"]'),
        (FOLDERS + 'output = "briefs"', '[output] and below it folder = "briefs"'),
        (FOLDERS + 'at = "05:07"', '[schedule] and below it at = "05:07"'),
        (FOLDERS + "window_days = 2", 'write window = "2d"'),
        ("", "sources is missing: write [sources]"),
        ("[sources]", 'nothing to read; give folders, feeds, pages or lists, as ["inbox"]'),
        ("[site]\n" + FOLDERS, 'site.folder is missing; for example folder = "site"'),
        ("email = 3\n" + FOLDERS, "email should be a table: write [[email]]"),
    ],
)
def test_wrong_key_is_told_with_the_right_one(tmp_path, text, message):
    assert message in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("window = 7", 'window: a bare number has no unit; write it as "45m"'),
        ('window = "7 days"', 'window: "7 days" is no duration; write it as "45m"'),
        ('window = "0s"', "window: a duration must be longer than nothing"),
        ('deadline = "25:00"', 'deadline: "25:00" is no time of day; write it as "06:30"'),
        ("deadline = 45", 'or as the time of day "06:30"'),
        ('deadline = "25h"', "deadline: a night has no more than 24h"),
        ('deadline = "02:00"', "schedule.at"),
        ("deadline = 2031-05-06T06:30:00Z", "deadline"),
        ('schedule.at = "2 o\'clock"', 'schedule.at: "2 o\'clock" is no time of day'),
        ('max_facts = "x"', "for example max_facts = 12"),
        ("max_facts = 0", "max_facts: should be greater than or equal to 1; for example"),
        ("strictness = 1.5", "strictness: should be less than or equal to 1"),
        ("strictness = nan", "strictness: should be"),
        ("fetch.delay_s = nan", "fetch.delay_s: should be"),
        ("fetch.timeout_s = inf", "fetch.timeout_s: should be"),
        ('model = ""', 'model: should not be empty; for example model = "auto"'),
        ('state = "mysql://x"', 'state: a state is a file, "digest.sqlite3", or "postgresql://'),
        ('lora = "~nobody-here/x"', "lora: there is no home folder for ~nobody-here"),
        ('output.folder = "a\\u0000b"', "output.folder: line breaks"),
        ("output.formats = []", "output.formats: should have at least one entry"),
        ('output.formats = ["pdf"]', "output.formats, the 1st: should be 'md', 'html' or 'json'"),
        ('site.folder = "./briefs"', "site.folder is output.folder"),
        ('site = { folder = "s", url = "example.org" }', "site.url"),
        ('fetch.allow = ["10.0.0.0/33"]', "fetch.allow, the 1st: no network or host name"),
        ('fetch.user_agent = "a\\nb"', "fetch.user_agent: line breaks"),
        ('fetch.contact = "ü"', "fetch.contact: plain ASCII"),
        ('fetch.robots = "perhaps"', "for example robots = true"),
        ('retention.runs = "1y"', 'retention.runs: "1y" is no duration'),
    ],
)
def test_wrong_value_is_told_with_an_example(tmp_path, text, message):
    assert message in refused(tmp_path, f"{text}\n{FOLDERS}")


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ('folders = "inbox"', 'folders: should be a list in brackets; for example folders = ["in'),
        ('folders = [" "]', "folders, the 1st: an empty text is no path"),
        ('folders = ["https://example.org/"]', "an address is no path"),
        ('feeds = ["https://a.example/", "example.org/f"]', "feeds, the 2nd: no web address"),
        ('feeds = ["file:///etc/passwd"]', "no web address"),
        ('feeds = ["ftp://example.org/f"]', "no web address"),
        ('feeds = ["https://"]', "no web address"),
        ('feeds = ["https://[::1"]', "no web address"),
        ('feeds = ["https://example.org:99999/"]', "no web address"),
        ('feeds = ["https://example.org/\\r\\nX: y"]', "no web address"),
        ('feeds = ["https://example.org/a b"]', "no web address"),
        ('pages = ["https://example.org\\\\@evil.example/"]', "no web address"),
        (f'pages = ["https://ada:{HUNTER}@example.org/"]', "user and password do not belong"),
    ],
)
def test_wrong_source_is_refused(tmp_path, sources, message):
    told = refused(tmp_path, f"[sources]\n{sources}")
    assert message in told
    assert HUNTER not in told


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('security = "none"', "localhost only"),
        ('security = "ssl"', "should be 'tls', 'starttls' or 'none'"),
        ('name = "a\\r\\nBcc: b@example.org"', "email.name: a name has up to 40 letters"),
        ('name = "../etc"', "email.name"),
        ('subject = "News\\r\\nBcc: b@example.org"', "email.subject: line breaks"),
        ('subject = "News \\u202e"', "email.subject: line breaks, control and invisible"),
        ('subject = "{edition.__class__}"', "email.subject: it may have {edition} {stories}"),
        ('subject = "{edition!r}"', "email.subject: it may have"),
        ('subject = "{edition:>9}"', "email.subject: it may have"),
        ('subject = "{}"', "email.subject: it may have"),
        ('subject = "{edition"', "email.subject: a brace is not closed"),
        ('user = "ada"', 'password_env = "DIGEST_MAIL_PASSWORD"'),
        ("port = 0", "email.port: should be greater"),
        (f'password = "{HUNTER}"', "secrets do not belong in the file"),
        (f'password_env = "{HUNTER}!"', "give the NAME of an environment variable"),
        ("timeout_s = 0", "email.timeout_s"),
    ],
)
def test_wrong_email_is_refused_and_the_secret_not_told(tmp_path, line, message):
    told = refused(tmp_path, f"{FOLDERS}{MAIL}{line}")
    assert message in told
    assert HUNTER not in told
    assert "\n" not in told  # one fault, not its followers


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("host", "smtp://mail.example.org"),
        ("host", "mail.example.org\r\n"),
        ("host", "a..b"),
        ("sender", "nobody"),
        ("sender", "a@b, c@d"),
        ("to", ("Lovelace, Ada <a@example.org>",)),
        ("sender", "Ada\r\nBcc: x <a@example.org>"),
        ("to", ()),
        ("to", ("a@example.org\n",)),
        ("to", ("@example.org",)),
        ("to", ("a@",)),
    ],
)
def test_wrong_address_of_an_email_is_refused(key, value):
    with pytest.raises(ValidationError, match=key):
        email(**{key: value})


@pytest.mark.parametrize("key", ["host", "sender", "to"])
def test_email_needs_host_sender_and_receiver(tmp_path, key):
    lines = [line for line in MAIL.splitlines() if not line.startswith(key)]
    told = refused(tmp_path, FOLDERS + "\n".join(lines))
    assert f"email.{key} is missing; for example {key} = " in told


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('headers = { "A" = "b\\r\\nC: d" }', "webhook.headers: line breaks"),
        ('headers = { "A\\nB" = "c" }', "webhook.headers: no header"),
        ('headers = { "Host" = "x" }', "webhook.headers: the header Host"),
        ('headers = { "Webhook-Id" = "x" }', "webhook.headers: the header Webhook-Id"),
        (f'secret = "{HUNTER}"', 'secret_env = "DIGEST_HOOK_SECRET"'),
        (f'secret_env = "{HUNTER}"', "give the NAME"),
    ],
)
def test_wrong_webhook_is_refused_and_the_secret_not_told(tmp_path, line, message):
    told = refused(tmp_path, f"{FOLDERS}{HOOK}{line}")
    assert message in told
    assert HUNTER not in told


@pytest.mark.parametrize("text", [MAIL + MAIL, HOOK + HOOK, MAIL + HOOK + 'name = "email"'])
def test_two_channels_of_one_name_are_refused(tmp_path, text):
    assert "give each a name of its own" in refused(tmp_path, FOLDERS + text)


def test_second_email_with_a_fault_is_told_as_the_second(tmp_path):
    told = refused(tmp_path, FOLDERS + MAIL + MAIL.replace("mail.ex", "mail ex"))
    assert "email.host of the 2nd [[email]]: no host name" in told


def test_all_faults_are_told_at_once(tmp_path):
    told = refused(tmp_path, 'max_facts = 0\nwidnow = 1\n[fetch]\nrobots = "x"\n[sources]\n')
    assert "4 things are wrong" in told
    for key in ("max_facts", "widnow", "fetch.robots", "sources"):
        assert f"\n- {key}" in told or f"unknown key {key}" in told
