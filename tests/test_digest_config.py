"""digest.toml and the environment become settings: values, paths, secrets."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from summarizer.digest.config import (
    DigestConfig,
    Fetch,
    Output,
    Retention,
    Schedule,
    Site,
    Sources,
    find_config,
    load_config,
)
from summarizer.errors import ConfigError
from tests.digest_configs import FOLDERS, HOOK, HUNTER, MAIL, email, load, refused


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """No variable or folder of the machine reaches a test; the folder is `tmp_path`."""
    for name in list(os.environ):
        if name.upper().startswith("SUMMARIZER_DIGEST"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.chdir(tmp_path)


def test_short_file_has_defaults_for_the_rest(tmp_path):
    config = load(tmp_path, FOLDERS)
    assert config == DigestConfig(sources=Sources(folders=("inbox",))).beside(tmp_path.resolve())
    assert (config.model, config.deadline, config.window) == ("auto", None, dt.timedelta(days=7))
    assert config.schedule.at == dt.time(2, 0)
    assert (config.site, config.email, config.webhook) == (None, (), ())


def test_every_table_is_read(tmp_path):
    text = """
    window = "36h"
    deadline = "06:30"
    [sources]
    feeds = ["https://example.org/feed.xml"]
    [output]
    formats = ["html"]
    [site]
    folder = "site"
    [fetch]
    delay_s = 0
    allow = ["10.0.0.0/8", "nas.local", "fe80::1"]
    [retention]
    articles = "4w"
    [schedule]
    at = 03:15:00
    [log]
    file = "digest.log"
    """
    config = load(tmp_path, f"{text}\n{MAIL}\n{HOOK}")
    assert config.window == dt.timedelta(hours=36)
    assert config.deadline == dt.time(6, 30)
    assert config.output == Output(folder=tmp_path.resolve() / "briefs", formats=("html",))
    assert config.site == Site(folder=tmp_path.resolve() / "site")
    assert config.fetch == Fetch(delay_s=0, allow=("10.0.0.0/8", "nas.local", "fe80::1"))
    assert config.retention == Retention(articles=dt.timedelta(weeks=4))
    assert config.schedule == Schedule(at=dt.time(3, 15))
    assert [one.host for one in config.email] == ["mail.example.org"]
    assert [one.url for one in config.webhook] == ["https://example.org/hook"]


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ('"45m"', dt.timedelta(minutes=45)),
        ('"1h30m"', dt.timedelta(hours=1.5)),
        ('"24h"', dt.timedelta(hours=24)),
        ('"06:30"', dt.time(6, 30)),
        ("06:30:00", dt.time(6, 30)),
        ("06:30:00.25", dt.time(6, 30)),
    ],
)
def test_deadline_is_a_duration_or_a_time_of_day(tmp_path, text, deadline):
    assert load(tmp_path, f"deadline = {text}\n{FOLDERS}").deadline == deadline


@pytest.mark.parametrize(
    ("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25), (None, 465)]
)
def test_port_follows_the_security_unless_given(security, port):
    values = {"security": security} if security else {}
    assert email(host="localhost", **values).port == port
    assert email(host="localhost", port=2525, **values).port == 2525


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_mail_in_the_clear_is_for_this_machine(host):
    assert email(host=host, security="none").security == "none"


def test_identity_tells_name_version_and_contact():
    assert re.fullmatch(r"summarizer/\d[\w.+]*", Fetch().identity)
    agent = Fetch(user_agent="reader", contact="ada@example.org")
    assert agent.identity == "reader (+ada@example.org)"


def test_config_is_frozen():
    config = DigestConfig(sources=Sources(folders=("/x",)))
    with pytest.raises(ValidationError, match="frozen"):
        config.model = "none"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        config.fetch.delay_s = 0  # type: ignore[misc]


def test_relative_paths_are_relative_to_the_file(tmp_path):
    folder = tmp_path / "conf"
    folder.mkdir()
    text = f"""
    state = "s.db"
    lora = "a.gguf"
    model = "m.gguf"
    sources.folders = ["in", "in/*.html", "/abs"]
    sources.lists = ["pages.txt"]
    output.folder = "out"
    site.folder = "web"
    log = {{ file = "l.log", metrics = "m.prom" }}
    {MAIL}
    password_file = "pw"
    {HOOK}
    secret_file = "../hook"
    """
    (folder / "digest.toml").write_text(text)
    config = load_config(Path("conf") / "digest.toml")
    base = folder.resolve()
    assert config.sources.folders == (str(base / "in"), str(base / "in/*.html"), "/abs")
    assert config.sources.lists == (str(base / "pages.txt"),)
    assert (config.state, config.state_path) == (str(base / "s.db"), base / "s.db")
    assert (config.model, config.lora) == (str(base / "m.gguf"), base / "a.gguf")
    assert config.output.folder == base / "out"
    assert config.site and config.site.folder == base / "web"
    assert (config.log.file, config.log.metrics) == (base / "l.log", base / "m.prom")
    assert config.email[0].password_file == base / "pw"
    assert config.webhook[0].secret_file == base / "../hook"


def test_home_is_expanded(tmp_path):
    text = """
    state = "~/s.db"
    model = "~/m.gguf"
    sources.folders = ["~/in"]
    output.folder = "~/out"
    """
    config, home = load(tmp_path, text), tmp_path / "home"
    assert config.state == str(home / "s.db")
    assert config.model == str(home / "m.gguf")
    assert config.sources.folders == (str(home / "in"),)
    assert config.output.folder == home / "out"


@pytest.mark.parametrize("model", ["auto", "none", "some-model", "http://127.0.0.1:1/v1#m.gguf"])
def test_model_that_is_no_file_is_left_alone(tmp_path, model):
    assert load(tmp_path, f'model = "{model}"\n{FOLDERS}').model == model


def test_glob_beside_a_folder_with_odd_name_matches_only_there(tmp_path):
    odd, other = tmp_path / "a[b]", tmp_path / "ab"
    for folder in (odd, other):
        (folder / "inbox").mkdir(parents=True)
        (folder / "inbox" / "x.html").touch()
    pattern = load(odd, 'sources.folders = ["inbox/*.html"]').sources.folders[0]
    found = list(Path("/").glob(str(Path(pattern).relative_to("/"))))
    assert found == [odd.resolve() / "inbox" / "x.html"]


def test_lock_is_beside_the_state(tmp_path):
    config = load(tmp_path, f'state = "deep/s.db"\n{FOLDERS}')
    assert config.lock_path == tmp_path.resolve() / "deep" / "s.db.lock"


def test_two_names_of_one_state_share_the_lock(tmp_path):
    (tmp_path / "real.db").touch()
    (tmp_path / "link.db").symlink_to("real.db")
    real, link = (load(tmp_path, f'state = "{name}.db"\n{FOLDERS}') for name in ("real", "link"))
    assert real.state != link.state
    assert real.lock_path == link.lock_path


def test_postgresql_url_is_kept_and_has_no_path(tmp_path):
    url = f"postgresql://ada:{HUNTER}@db.example.org/news"
    config = load(tmp_path, f'state = "{url}"\noutput.folder = "out"\n{FOLDERS}')
    assert (config.state, config.state_path) == (url, None)
    assert config.lock_path == tmp_path.resolve() / "out.lock"


def test_environment_overrides_the_file_and_arguments_override_both(tmp_path, monkeypatch):
    monkeypatch.setenv("SUMMARIZER_DIGEST__MODEL", "none")
    monkeypatch.setenv("SUMMARIZER_DIGEST__FETCH__DELAY_S", "0.5")
    monkeypatch.setenv("SUMMARIZER_DIGEST__SOURCES__FEEDS", '["https://example.org/f"]')
    monkeypatch.setenv("SUMMARIZER_DIGEST__DEADLINE", "06:30")
    monkeypatch.setenv("summarizer_digest__site__folder", "web")
    text = f'model = "auto"\n{FOLDERS}[fetch]\ndelay_s = 9\nmax_redirects = 1\n'
    config = load(tmp_path, text)
    assert (config.model, config.deadline) == ("none", dt.time(6, 30))
    assert (config.fetch.delay_s, config.fetch.max_redirects) == (0.5, 1)
    assert config.sources.feeds == ("https://example.org/f",)
    assert config.sources.folders == (str(tmp_path.resolve() / "inbox"),)
    assert config.site and config.site.folder == tmp_path.resolve() / "web"
    assert load(tmp_path, text, model="tiny").model == "tiny"


def test_config_made_in_python_reads_no_environment_and_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SUMMARIZER_DIGEST__MODEL", "surprise")
    monkeypatch.setenv("SUMMARIZER_DIGEST__MODLE", "surprise")
    (tmp_path / "digest.toml").write_text('model = "surprise"')
    config = DigestConfig(sources=Sources(folders=("/x",)))
    assert (config.model, config.sources.folders) == ("auto", ("/x",))


def test_reading_a_file_leaves_nothing_behind(tmp_path, monkeypatch):
    refused(tmp_path, "max_facts = 0")
    load(tmp_path, f'model = "none"\n{FOLDERS}')
    monkeypatch.setenv("SUMMARIZER_DIGEST__MODEL", "surprise")
    assert DigestConfig(sources=Sources(folders=("/x",))).model == "auto"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MODLE", "x", "SUMMARIZER_DIGEST__MODLE, did you mean SUMMARIZER_DIGEST__MODEL?"),
        ("FETCH__DELAY", "1", "SUMMARIZER_DIGEST__FETCH__DELAY, did you mean delay_s?"),
        ("FETCH__DELAY_S", "x", "SUMMARIZER_DIGEST__FETCH__DELAY_S: should be a valid number"),
        ("SOURCES__FOLDERS", "inbox", """SUMMARIZER_DIGEST__SOURCES__FOLDERS='["inbox"]'"""),
        ("EMAIL__HOST", "x", "write [[email]]"),
    ],
)
def test_wrong_variable_is_named(tmp_path, monkeypatch, name, value, message):
    monkeypatch.setenv(f"SUMMARIZER_DIGEST__{name}", value)
    assert message in refused(tmp_path, FOLDERS)


def test_given_file_comes_first(tmp_path, monkeypatch):
    given, named = tmp_path / "given.toml", tmp_path / "named.toml"
    for path in (given, named, tmp_path / "digest.toml"):
        path.touch()
    monkeypatch.setenv("SUMMARIZER_DIGEST", str(named))
    assert find_config(given) == given
    assert find_config(None) == named
    monkeypatch.delenv("SUMMARIZER_DIGEST")
    assert find_config(None) == Path("digest.toml")


def test_user_folder_comes_last(tmp_path, monkeypatch):
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(folder))
    (folder / "digest.toml").touch()
    assert find_config(None) == folder / "digest.toml"


@pytest.mark.parametrize("named", [None, "nowhere.toml"])
@pytest.mark.parametrize("given", [None, Path("gone.toml")])
def test_no_file_is_an_error_with_a_hint(tmp_path, monkeypatch, named, given):
    if named or given:  # then another file does not do instead
        (tmp_path / "digest.toml").touch()
    if named:
        monkeypatch.setenv("SUMMARIZER_DIGEST", named)
    with pytest.raises(ConfigError) as caught:
        find_config(given)
    assert "summarizer digest init" in caught.value.hint
    assert str(given or named or "digest.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"sources = [", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"seed = 1\nseed = 2", "is not TOML"),
    ],
)
def test_file_that_is_no_toml_is_told(tmp_path, data, message):
    path = tmp_path / "digest.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=message):
        load_config(path)


def test_missing_file_is_told_with_a_hint(tmp_path):
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_config(tmp_path / "nowhere.toml")
    assert "summarizer digest init" in caught.value.hint
    with pytest.raises(ConfigError, match="is no file"):
        load_config(tmp_path)
