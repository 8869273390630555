"""Passwords and signing secrets: read when asked, told to nobody."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from summarizer.digest.config import DigestConfig, Email, Sources, Webhook
from summarizer.errors import ConfigError
from tests.digest_configs import HUNTER, email, webhook


@pytest.mark.parametrize(
    ("channel", "read"),
    [
        (lambda **v: email(**{f"password_{k}": p for k, p in v.items()}), Email.password),
        (lambda **v: webhook(**{f"secret_{k}": p for k, p in v.items()}), Webhook.secret),
    ],
    ids=["email", "webhook"],
)
class TestSecret:
    def test_is_empty_where_none_is_configured(self, channel, read):
        assert read(channel()) == ""

    def test_is_read_from_the_variable_when_asked(self, channel, read, monkeypatch):
        made = channel(env="THE_SECRET")
        monkeypatch.setenv("THE_SECRET", HUNTER)
        assert read(made) == HUNTER
        assert HUNTER not in repr(made)

    def test_is_read_from_the_file_without_its_line_end(self, channel, read, tmp_path):
        (tmp_path / "s").write_text(f" {HUNTER} \r\n")
        assert read(channel(file=tmp_path / "s")) == f" {HUNTER} "

    def test_of_the_variable_comes_before_the_file(self, channel, read, tmp_path, monkeypatch):
        (tmp_path / "s").write_text("from the file\n")
        made = channel(env="THE_SECRET", file=tmp_path / "s")
        assert read(made) == "from the file"
        monkeypatch.setenv("THE_SECRET", HUNTER)
        assert read(made) == HUNTER

    @pytest.mark.parametrize("value", [None, ""])
    def test_missing_variable_is_named(self, channel, read, monkeypatch, value):
        if value is not None:
            monkeypatch.setenv("THE_SECRET", value)
        with pytest.raises(ConfigError, match="the variable THE_SECRET is not set") as caught:
            read(channel(env="THE_SECRET"))
        assert "cron" in caught.value.hint

    @pytest.mark.parametrize(
        ("data", "message"), [(None, "cannot be read"), (b"\n", "is empty"), (b"\xff", "UTF-8")]
    )
    def test_unusable_file_is_named(self, channel, read, tmp_path, data, message):
        path = tmp_path / "the-file"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(ConfigError, match=f"the-file.*{message}"):
            read(channel(file=path))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "HTTP://hooks.example/x",
        "http://192.0.2.7/",
        "http://localhost.x/",
    ],
)
def test_webhook_in_the_clear_to_another_machine_is_refused(url):
    with pytest.raises(ValidationError, match="in the clear.*write https://") as caught:
        webhook(url=f"{url}?{HUNTER}")
    assert HUNTER not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://hooks.example/x", "http://127.0.0.1:9/", "http://[::1]/", "http://localhost/"]
)
def test_webhook_to_this_machine_or_encrypted_is_taken(url):
    assert webhook(url=url).url == url


def test_nothing_secret_is_in_repr_or_in_a_refusal():
    state = f"postgresql://ada:{HUNTER}@db.example.org/news"
    hook = webhook(
        url=f"https://example.org/{HUNTER}", headers={"Authorization": f"Bearer {HUNTER}"}
    )
    config = DigestConfig(sources=Sources(folders=("/x",)), state=state, webhook=(hook,))
    assert HUNTER not in repr(config)
    assert HUNTER not in str(config)
    with pytest.raises(ValidationError) as caught:
        DigestConfig(sources={"folders": [HUNTER], "password": HUNTER}, state=f"x://{HUNTER}")
    assert HUNTER not in str(caught.value)
    with pytest.raises(ValidationError) as caught:
        email(password=HUNTER)
    assert HUNTER not in str(caught.value)
