"""Delivering: recorded before and after, each failure told, nothing sent twice by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.digest.config import Site
from summarizer.digest.delivery import (
    MAX_TRIES,
    channels,
    deliver,
    redeliver,
    what_to_do,
)
from summarizer.digest.delivery.identity import digest_identity
from summarizer.digest.delivery.outcome import NotDelivered, Tools, Unclear
from summarizer.digest.state import Delivery, DeliveryState, Edition, State
from summarizer.errors import ConfigError, StateError
from tests.deliveries import NIGHT, Night, make_config, make_edition
from tests.digest_configs import email, webhook
from tests.hook_server import Answer, hook_server
from tests.mail_server import Mailbox, mail_server

S = DeliveryState
Act = Callable[[Edition, str], str]


class FakeChannel:
    """A channel that does what a test says and keeps what it was asked for."""

    def __init__(self, act: Act | None = None, *, unprepared: BaseException | None = None) -> None:
        self.act = act or (lambda edition, key: "")
        self.unprepared = unprepared
        self.sent: list[tuple[str, str]] = []

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Callable[[], str]:
        if self.unprepared:
            raise self.unprepared

        def send() -> str:
            self.sent.append((edition.name, key))
            return self.act(edition, key)

        return send


def failing(error: BaseException) -> FakeChannel:
    def act(edition: Edition, key: str) -> str:
        raise error

    return FakeChannel(act)


@pytest.fixture
def night(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state)


@pytest.fixture
def faked(monkeypatch):
    """Give channels by name in the place of the real ones."""
    fakes: dict[str, Any] = {}
    monkeypatch.setattr(deliver, "channel_of", lambda config, name: fakes[name])
    return fakes


def make_all(folder: Path, **values: Any) -> Any:
    site = Site(folder=folder / "site")
    return make_config(folder, **({"site": site, "email": (email(),)} | values))


def states(night: Night, edition: int = 1) -> dict[str, DeliveryState]:
    return {one.channel: one.state for one in night.state.deliveries.of(edition)}


# --- channels ---------------------------------------------------------------------------------


def test_channels_are_named_by_kind_or_by_a_name_of_their_own(tmp_path):
    config = make_all(
        tmp_path,
        email=(email(), email(name="editors")),
        webhook=(webhook(name="chat"), webhook()),
    )
    assert list(channels(config, "2031-05-06")) == [
        *("files", "site", "email", "email:editors", "webhook:chat", "webhook")
    ]


def test_keys_are_stable_and_each_deliverys_own(tmp_path):
    config = make_all(tmp_path, email=(email(), email(name="b")), webhook=(webhook(),))
    keys = channels(config, "2031-05-06")
    assert channels(config, "2031-05-06") == keys
    others = channels(config, "2031-05-07")
    assert len({*keys.values(), *others.values()}) == 2 * len(keys)
    assert keys["email"].endswith("@example.org>")
    assert keys["webhook"].startswith("msg_")
    moved = config.model_copy(update={"state": str(tmp_path / "other.sqlite3")})
    assert not set(channels(moved, "2031-05-06").values()) & set(keys.values())


def test_the_identity_of_a_digest_holds_no_password_and_survives_its_change(tmp_path):
    def identity(state: str) -> str:
        return digest_identity(make_config(tmp_path, state=state))

    once = identity("postgresql://ada:one@db.example/news?sslmode=require")
    assert once == identity("postgresql://bo:two@db.example/news")
    assert once != identity("postgresql://ada:one@db.example/other")


@pytest.mark.parametrize(("wanted", "names"), [(True, 4), (False, 2)])
def test_an_empty_edition_goes_to_people_only_where_wanted(wanted, names, tmp_path):
    config = make_all(tmp_path, webhook=(webhook(),), deliver_empty=wanted)
    assert len(channels(config, "2031-05-06", empty=True)) == names
    assert len(channels(config, "2031-05-06", empty=False)) == 4


# --- deliver_pending --------------------------------------------------------------------------


def test_every_channel_gets_the_edition_with_its_key(tmp_path, night, faked):
    config = make_all(tmp_path)
    faked |= {name: FakeChannel() for name in ("files", "site", "email")}
    night.keep_all(config, make_edition())
    ended = night.deliver(config)
    assert {name: one.state for name, one in ended.items()} == dict.fromkeys(faked, S.SENT)
    assert {name: fake.sent for name, fake in faked.items()} == {
        name: [("2031-05-06", key)] for name, key in channels(config, "2031-05-06").items()
    }
    assert night.noted() == ["delivered"] * 3
    assert night.deliver(config) == {}


def test_a_delivery_is_recorded_before_and_after(tmp_path, night, faked):
    seen: list[Delivery] = []

    def look(edition: Edition, key: str) -> str:
        seen.extend(night.state.deliveries.of(1))
        night.clock.time += dt.timedelta(minutes=3)
        return "it went well"

    faked["files"] = FakeChannel(look)
    config = make_config(tmp_path)
    night.keep_all(config, make_edition())
    ended = night.deliver(config)["files"]
    assert [(one.state, one.tries, one.started) for one in seen] == [(S.SENDING, 1, NIGHT)]
    assert night.state.deliveries.of(1) == [ended]
    assert (ended.state, ended.detail) == (S.SENT, "it went well")
    assert ended.ended == NIGHT + dt.timedelta(minutes=3)


def test_older_editions_come_first_and_files_before_mail(tmp_path, night, faked):
    order: list[tuple[str, str]] = []

    def noting(name: str) -> FakeChannel:
        def act(edition: Edition, key: str) -> str:
            order.append((name, edition.name))
            return ""

        return FakeChannel(act)

    faked |= {name: noting(name) for name in ("files", "site", "email")}
    config = make_all(tmp_path)
    night.keep_all(config, make_edition(1, "2031-05-06"), make_edition(2, "2031-05-07"))
    night.deliver(config)
    assert order == [
        *[("files", "2031-05-06"), ("site", "2031-05-06")],
        *[("files", "2031-05-07"), ("site", "2031-05-07")],
        *[("email", "2031-05-06"), ("email", "2031-05-07")],
    ]


@pytest.mark.parametrize(
    ("fake", "state"),
    [
        (failing(NotDelivered("refused")), S.FAILED),
        (failing(Unclear("lost")), S.UNKNOWN),
        (failing(ConfigError("no secret", hint="set it")), S.UNKNOWN),
        (failing(ZeroDivisionError("a bug")), S.UNKNOWN),  # struck after the mail was sent?
        (FakeChannel(unprepared=NotDelivered("no address")), S.FAILED),
        (FakeChannel(unprepared=ConfigError("no password", hint="set it")), S.FAILED),
        (FakeChannel(unprepared=ZeroDivisionError("a bug")), S.FAILED),
    ],
)
def test_a_failure_of_one_channel_is_recorded_and_stops_no_other(
    fake, state, tmp_path, night, faked
):
    faked |= {"files": FakeChannel(), "site": FakeChannel(), "email": fake}
    config = make_all(tmp_path)
    night.keep_all(config, make_edition())
    ended = night.deliver(config)
    assert states(night) == {"files": S.SENT, "site": S.SENT, "email": state}
    assert ended["email"].detail
    (entry,) = [entry for entry in night.entries if entry.level == "warning"]
    assert entry.name == ("delivery failed" if state is S.FAILED else "delivery unknown")
    assert "`summarizer digest replay 1 --deliver email`" in entry.fields["todo"]
    assert entry.fields["detail"]


@pytest.mark.parametrize("error", [NotDelivered("no"), ZeroDivisionError("a bug")])
def test_files_that_fail_are_tried_again_whatever_it_was(error, tmp_path, night, faked):
    faked["files"] = failing(error)
    config = make_config(tmp_path)
    night.keep_all(config, make_edition())
    assert night.deliver(config)["files"].state is S.FAILED
    faked["files"] = FakeChannel()
    again = night.deliver(config)["files"]
    assert (again.state, again.tries) == (S.SENT, 2)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interruption_passes_and_leaves_it_sending(error, tmp_path, night, faked):
    faked |= {"files": FakeChannel(), "site": FakeChannel(), "email": failing(error)}
    config = make_all(tmp_path)
    night.keep_all(config, make_edition())
    with pytest.raises(type(error)):
        night.deliver(config)
    assert states(night)["email"] is S.SENDING


def test_a_mail_found_being_sent_is_reported_and_not_repeated(tmp_path, night, faked):
    faked["email"] = FakeChannel()
    config = make_all(tmp_path)
    night.keep(make_edition(), {"email": "<k@x>"})
    night.state.deliveries.begin(1, "email", NIGHT)
    ended = night.deliver(config)["email"]
    assert (ended.state, ended.tries, faked["email"].sent) == (S.UNKNOWN, 1, [])
    assert night.noted() == ["delivery unknown"]
    assert "whether it arrived is not known" in night.entries[0].fields["todo"]
    assert night.deliver(config) == {}


@pytest.mark.parametrize("name", ["files", "site"])
def test_files_found_being_written_are_simply_written_again(name, tmp_path, night, faked):
    faked[name] = FakeChannel()
    night.keep(make_edition(), {name: "k"})
    night.state.deliveries.begin(1, name, NIGHT)
    ended = night.deliver(make_all(tmp_path))[name]
    assert (ended.state, ended.tries) == (S.SENT, 2)
    assert len(faked[name].sent) == 1


def test_a_delivery_is_given_up_after_a_fortnight(tmp_path, night, faked):
    faked["files"] = failing(NotDelivered("the disk is full"))
    config = make_config(tmp_path)
    night.keep_all(config, make_edition())
    ended = [night.deliver(config)["files"].state for _ in range(MAX_TRIES)]
    assert ended == [S.FAILED] * (MAX_TRIES - 1) + [S.GIVEN_UP]
    assert night.noted()[-1] == "delivery given up"
    assert night.deliver(config) == {}


def test_a_channel_that_is_gone_is_given_up_untried(tmp_path, night, faked):
    night.keep(make_edition(), {"email:bo": "<k@x>"})
    ended = night.deliver(make_all(tmp_path))["email:bo"]
    assert (ended.state, ended.tries) == (S.GIVEN_UP, 0)
    assert ended.detail == "the channel is no longer configured"


def test_an_empty_edition_that_nobody_wants_is_left_out_quietly(tmp_path, night, faked):
    brief = make_edition().brief.model_copy(update={"stories": ()})
    faked |= {"files": FakeChannel(), "site": FakeChannel(), "email": FakeChannel()}
    night.keep_all(make_all(tmp_path), make_edition(brief=brief))
    night.deliver(make_all(tmp_path, deliver_empty=False))
    assert states(night) == {"files": S.SENT, "site": S.SENT, "email": S.GIVEN_UP}
    assert faked["email"].sent == []
    assert [entry.level for entry in night.entries] == ["info"] * 3


def test_a_server_that_is_down_is_asked_once_a_night(tmp_path, night, faked):
    faked["email"] = failing(NotDelivered("no connection", again=True, down=True))
    config = make_all(tmp_path)
    for number in (1, 2, 3):
        night.keep(make_edition(number, f"2031-05-0{number}"), {"email": f"<{number}@x>"})
    night.deliver(config)
    assert len(faked["email"].sent) == 1
    kept = night.state.deliveries.unfinished()
    assert [(one.state, one.tries) for one in kept] == [(S.FAILED, 1)] * 3
    assert kept[2].detail == "not tried, as for an earlier edition: no connection"


def test_what_a_run_has_tried_it_does_not_try_again(tmp_path, night, faked):
    faked["files"] = failing(NotDelivered("the disk is full"))
    config = make_config(tmp_path)
    night.keep_all(config, make_edition(1, "2031-05-06"))
    first = night.deliver(config)
    night.keep_all(config, make_edition(2, "2031-05-07"))
    night.deliver(config, tried=first.values())
    assert [edition for edition, _ in faked["files"].sent] == ["2031-05-06", "2031-05-07"]


def test_one_edition_that_is_refused_does_not_hold_up_the_next(tmp_path, night, faked):
    def act(edition: Edition, key: str) -> str:
        if edition.number == 1:
            raise NotDelivered("answers 500", again=True)
        return ""

    faked["email"] = FakeChannel(act)
    for number in (1, 2):
        night.keep(make_edition(number, f"2031-05-0{number}"), {"email": f"<{number}@x>"})
    night.deliver(make_all(tmp_path))
    assert (states(night, 1), states(night, 2)) == ({"email": S.FAILED}, {"email": S.SENT})


def test_a_damaged_edition_does_not_hold_up_the_next(tmp_path, night, faked, monkeypatch):
    faked["files"] = FakeChannel()
    config = make_config(tmp_path)
    night.keep_all(config, make_edition(1, "2031-05-06"), make_edition(2, "2031-05-07"))
    get = night.state.editions.get

    def damaged(number: int) -> Any:
        if number == 1:
            raise StateError("the brief of 2031-05-06 is damaged")
        return get(number)

    monkeypatch.setattr(night.state.editions, "get", damaged)
    night.state.deliveries.add(1, "email", "<k@x>")
    night.state.deliveries.begin(1, "email", NIGHT)
    night.deliver(config)
    # Of the mail it is still not known whether it was sent, damage or not.
    assert states(night, 1) == {"files": S.FAILED, "email": S.UNKNOWN}
    assert states(night, 2) == {"files": S.SENT}


def test_what_cannot_be_recorded_is_not_sent(tmp_path, night, faked, monkeypatch):
    def full(*args: object) -> Delivery:
        raise StateError("the disk is full")

    faked["email"] = FakeChannel()
    night.keep(make_edition(), {"email": "<k@x>"})
    monkeypatch.setattr(night.state.deliveries, "begin", full)
    with pytest.raises(StateError):
        night.deliver(make_all(tmp_path))
    assert faked["email"].sent == []


# --- redeliver --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [S.SENT, S.UNKNOWN, S.FAILED, S.GIVEN_UP, S.PENDING])
def test_redeliver_sends_again_with_the_same_key(state, tmp_path, night, faked):
    faked["email"] = FakeChannel()
    edition = night.keep(make_edition(), {"email": "<first-key@x>"})
    if state is not S.PENDING:
        night.state.deliveries.begin(1, "email", NIGHT)
        night.state.deliveries.end(1, "email", state, NIGHT)
    config = make_all(tmp_path)
    ended = redeliver(config, night.state, edition, "email", night.journal, night.clock)
    assert (ended.state, faked["email"].sent) == (S.SENT, [("2031-05-06", "<first-key@x>")])
    assert states(night) == {"email": S.SENT}


def test_redeliver_reaches_a_channel_that_was_added_later(tmp_path, night, faked):
    faked["email:editors"] = FakeChannel()
    edition = night.keep(make_edition(), {})
    config = make_all(tmp_path, email=(email(name="editors"),))
    ended = redeliver(config, night.state, edition, "editors", night.journal, night.clock)
    assert (ended.channel, ended.state) == ("email:editors", S.SENT)
    key = channels(config, "2031-05-06")["email:editors"]
    assert faked["email:editors"].sent == [("2031-05-06", key)]


def test_redeliver_names_the_channels_there_are(tmp_path, night):
    edition = night.keep(make_edition(), {})
    with pytest.raises(ConfigError, match="no channel “mail”") as caught:
        redeliver(make_all(tmp_path), night.state, edition, "mail", night.journal, night.clock)
    assert caught.value.hint == "Configured are: files, site, email."


@pytest.mark.parametrize("state", list(S))
def test_there_is_something_to_do_about_every_bad_end(state):
    delivery = Delivery(edition=1, channel="email", state=state, tries=3)
    assert bool(what_to_do(delivery)) is (state in (S.UNKNOWN, S.FAILED, S.GIVEN_UP))


# --- real servers -----------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")
def test_a_night_delivers_everywhere_and_a_failure_the_next_night(tmp_path, night):
    box = Mailbox()
    with mail_server(box) as port, hook_server(*[Answer(500)] * 4) as hooks:
        mail = email(host="127.0.0.1", port=port, security="none", timeout_s=5)
        config = make_all(tmp_path, email=(mail,), webhook=(webhook(url=hooks.url, timeout_s=5),))
        night.keep_all(config, make_edition())
        first = {name: one.state for name, one in night.deliver(config).items()}
        second = {name: one.state for name, one in night.deliver(config).items()}
    assert first == {"files": S.SENT, "site": S.SENT, "email": S.SENT, "webhook": S.FAILED}
    assert second == {"webhook": S.SENT}
    assert len(box.letters) == 1
    assert {post.headers["webhook-id"] for post in hooks.posts} == {
        channels(config, "2031-05-06")["webhook"]
    }
    assert box.letters[0]["Message-ID"] == channels(config, "2031-05-06")["email"]
    shown = {path.name for path in (tmp_path / "briefs").glob("[!.]*")}
    assert shown == {"2031-05-06.md", "2031-05-06.html", "2031-05-06.json"}
    assert (tmp_path / "site" / "feed.xml").exists()
