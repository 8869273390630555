"""Deliver editions: each delivery recorded before and after, none able to stop the night."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple

from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig
from summarizer.digest.delivery.channels import (
    channel_names,
    channel_of,
    channels,
    key_of,
    repeatable,
)
from summarizer.digest.delivery.outcome import NotDelivered, Sleep, Tools, Unclear
from summarizer.digest.journal import Journal, Level
from summarizer.digest.state import State
from summarizer.digest.state.records import Delivery, DeliveryState, Edition
from summarizer.errors import ConfigError, StateError, SummarizerError
from summarizer.render.escape import clean

MAX_TRIES = 14  # nights: a fortnight's holiday of whoever runs the server


_MAX_DETAIL = 1000  # characters
_GONE = "the channel is no longer configured"
_EMPTY = "the edition has no story, and deliver_empty is off"
_NOTED: dict[DeliveryState, tuple[str, Level]] = {
    DeliveryState.SENT: ("delivered", "info"),
    DeliveryState.UNKNOWN: ("delivery unknown", "warning"),
    DeliveryState.FAILED: ("delivery failed", "warning"),
}


class _End(NamedTuple):
    """How a delivery ended; `down`: the channel itself is out of reach, for any edition."""

    state: DeliveryState
    detail: str
    down: bool = False


def deliver_pending(
    config: DigestConfig,
    state: State,
    journal: Journal,
    clock: Clock,
    *,
    tried: Iterable[Delivery] = (),
    sleep: Sleep = time.sleep,
) -> list[Delivery]:
    """Deliver what is unfinished, each channel's older editions first; return each as it ended.

    A delivery that fails is journalled and tried again by the next run, MAX_TRIES times in all.
    One that an earlier run was killed in becomes UNKNOWN and is not repeated, but for files and
    site, which can be. While a channel is out of reach its further editions are not tried.

    Args:
        config: of the digest.
        state: holds the deliveries.
        journal: of the run.
        clock: tells when.
        tried: what this run has tried before; it is not tried again, so that a try is a night.
        sleep: waits between attempts.

    Raises:
        StateError: a delivery could not be recorded; then it was not begun, or its end is
            unknown.
    """
    work = _Deliverer(config, journal, Tools(state, clock, sleep))
    order = {name: place for place, name in enumerate(channel_names(config))}

    def turn(delivery: Delivery) -> tuple[bool, int, int]:
        # What is written on this machine does not wait for servers elsewhere.
        place = order.get(delivery.channel, len(order))
        return not repeatable(delivery.channel), delivery.edition, place

    before = {(one.edition, one.channel) for one in tried}
    pending = sorted(state.deliveries.unfinished(), key=turn)
    return [work.settle(one) for one in pending if (one.edition, one.channel) not in before]


def redeliver(
    config: DigestConfig,
    state: State,
    edition: Edition,
    channel: str,
    journal: Journal,
    clock: Clock,
    *,
    sleep: Sleep = time.sleep,
) -> Delivery:
    """Deliver `edition` over `channel` now, whatever became of it before, with the same key.

    The name of an e-mail or webhook may stand without "email:" or "webhook:".

    Raises:
        ConfigError: no such channel is configured; names those that are.
        StateError: the delivery could not be recorded.
    """
    known = channels(config, edition.name)
    short = {name.partition(":")[2]: name for name in known if ":" in name}
    name = channel if channel in known else short.get(channel, "")
    if not name:
        raise ConfigError(
            f"there is no channel “{channel[:40]}”", hint=f"Configured are: {', '.join(known)}."
        )
    before = {one.channel: one for one in state.deliveries.of(edition.number)}
    if name not in before:
        state.deliveries.add(edition.number, name, known[name])
    elif before[name].state is DeliveryState.SENT:
        # Else it could not be begun; if this is the last moment, the next run sends it.
        now = clock.utc()
        state.deliveries.end(edition.number, name, DeliveryState.PENDING, now, "to be sent again")
    work = _Deliverer(config, journal, Tools(state, clock, sleep))
    return work.deliver(before.get(name) or Delivery(edition=edition.number, channel=name), edition)


class _Deliverer:
    """Settles the deliveries of one run."""

    def __init__(self, config: DigestConfig, journal: Journal, tools: Tools) -> None:
        self._config = config
        self._journal = journal
        self._tools = tools
        self._down: dict[str, str] = {}  # channels out of reach tonight, and why
        self._edition: Edition | None = None  # the last: its channels follow one another

    def settle(self, delivery: Delivery) -> Delivery:
        """Bring one delivery as far as it gets tonight."""
        name, damage = delivery.channel, ""
        try:
            edition = self._read(delivery.edition)
        except StateError as error:  # this brief is damaged; other editions may be whole
            edition, damage = None, str(error)
        if delivery.state is DeliveryState.SENDING and not repeatable(name):
            end = _End(DeliveryState.UNKNOWN, "the run was ended while it was being sent")
            return self._end(delivery, edition, end)
        if damage:
            return self._end(self._begin(delivery), None, _End(DeliveryState.FAILED, damage))
        if edition is None:
            end = _End(DeliveryState.GIVEN_UP, "the edition is not in the state any more")
            return self._end(delivery, edition, end)
        if name not in channel_names(self._config):
            return self._end(delivery, edition, _End(DeliveryState.GIVEN_UP, _GONE))
        if name not in channel_names(self._config, empty=not edition.brief.stories):
            return self._end(delivery, edition, _End(DeliveryState.GIVEN_UP, _EMPTY))
        return self.deliver(delivery, edition)

    def deliver(self, delivery: Delivery, edition: Edition) -> Delivery:
        """Send `edition`, recorded before and after."""
        begun = self._begin(delivery)
        end = self._send(begun, edition)
        if end.down:
            self._down[delivery.channel] = end.detail
        return self._end(begun, edition, end)

    def _begin(self, delivery: Delivery) -> Delivery:
        tools = self._tools
        return tools.state.deliveries.begin(delivery.edition, delivery.channel, tools.clock.utc())

    def _send(self, delivery: Delivery, edition: Edition) -> _End:
        """Send over the channel; whatever happens there, the night goes on."""
        name = delivery.channel
        if why := self._down.get(name):
            return _End(DeliveryState.FAILED, f"not tried, as for an earlier edition: {why}")
        unclear = DeliveryState.FAILED
        try:
            channel = channel_of(self._config, name)
            if channel is None:
                return _End(DeliveryState.GIVEN_UP, _GONE)
            key = delivery.key or key_of(self._config, name, edition.name)
            send = channel.prepare(edition, key, self._tools)
            if not repeatable(name):
                unclear = DeliveryState.UNKNOWN  # from here on a fault may strike after sending
            return _End(DeliveryState.SENT, send())
        except NotDelivered as error:
            return _End(DeliveryState.FAILED, str(error), down=error.down)
        except Unclear as error:
            return _End(DeliveryState.UNKNOWN, str(error))
        except SummarizerError as error:
            hint = f"; {error.hint}" if error.hint else ""
            return _End(unclear, f"{error}{hint}")
        except Exception as error:  # noqa: BLE001 - a fault of one channel must not cost the brief
            return _End(unclear, f"a fault of the program, {type(error).__name__}: {error}")

    def _read(self, number: int) -> Edition | None:
        if self._edition is None or self._edition.number != number:
            self._edition = self._tools.state.editions.get(number)
        return self._edition

    def _end(self, delivery: Delivery, edition: Edition | None, end: _End) -> Delivery:
        if end.state is DeliveryState.FAILED and delivery.tries >= MAX_TRIES:
            end = _End(DeliveryState.GIVEN_UP, f"{end.detail} (night {delivery.tries})")
        now, detail = self._tools.clock.utc(), clean(end.detail, limit=_MAX_DETAIL)
        self._tools.state.deliveries.end(delivery.edition, delivery.channel, end.state, now, detail)
        ended = delivery.model_copy(update={"state": end.state, "ended": now, "detail": detail})
        name, level = _NOTED.get(end.state, ("delivery given up", "warning"))
        if detail == _EMPTY:
            name, level = "delivery left out", "info"
        fields = {"detail": detail, "todo": what_to_do(ended, edition) if detail != _EMPTY else ""}
        self._journal.note(
            name,
            level,
            channel=ended.channel,
            edition=edition.name if edition else str(ended.edition),
            tries=ended.tries,
            **{key: value for key, value in fields.items() if value},
        )
        return ended


def what_to_do(delivery: Delivery, edition: Edition | None = None) -> str:
    """Return what people can do about a delivery that did not end well, "" where it did."""
    run = str(edition.run) if edition else "RUN"
    again = f"`summarizer digest replay {run} --deliver {delivery.channel}`"
    match delivery.state:
        case DeliveryState.UNKNOWN:
            return f"whether it arrived is not known; send it again with {again}"
        case DeliveryState.FAILED:
            left = MAX_TRIES - delivery.tries
            return f"the next run tries again, {left} more times; or send it with {again}"
        case DeliveryState.GIVEN_UP:
            return f"it is not tried any more; send it with {again}"
    return ""
