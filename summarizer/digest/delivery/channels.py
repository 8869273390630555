"""The channels of a configuration, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from summarizer.digest.config import DigestConfig, Email, Site, Webhook
from summarizer.digest.delivery.identity import digest_identity, stable_id
from summarizer.digest.delivery.outcome import Send, Tools
from summarizer.digest.state.records import Edition

FILES, SITE, EMAIL, WEBHOOK = "files", "site", "email", "webhook"


class Channel(Protocol):
    """A way to deliver an edition."""

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what delivers `edition`; whatever fails before that is called, nothing is sent.

        Raises:
            NotDelivered: it cannot be delivered; what is returned raises this as well where
                surely nothing arrived, and Unclear where it may have.
            SummarizerError: it cannot even be tried.
        """


def channels(config: DigestConfig, edition_name: str, *, empty: bool = False) -> dict[str, str]:
    """Return the channels that an edition goes to, and the key of each delivery.

    Names are files, site, email, webhook, or email:NAME and webhook:NAME for one that has a name
    of its own. The same digest, channel and edition have the same key for ever: it becomes the
    Message-ID of a mail and the webhook-id of a POST, by which receivers know a repetition.

    Args:
        config: of the digest.
        edition_name: its name.
        empty: it has no story; mails and webhooks are left out then, unless deliver_empty.
    """
    names = channel_names(config, empty=empty)
    return {name: key_of(config, name, edition_name) for name in names}


def channel_names(config: DigestConfig, *, empty: bool = False) -> list[str]:
    """Return the channels that an edition goes to, in the order in which they are served."""
    wanted = config.deliver_empty or not empty
    return [name for name in _makers(config) if wanted or repeatable(name)]


def channel_of(config: DigestConfig, name: str) -> Channel | None:
    """Return the channel `name`, ready to send; None where it is not configured."""
    make = _makers(config).get(name)
    return make() if make else None


def key_of(config: DigestConfig, name: str, edition_name: str) -> str:
    """Return the key of a delivery over the configured channel `name`."""
    digest = digest_identity(config)
    for mail in config.email:
        if _named(EMAIL, mail.name) == name:
            from summarizer.digest.delivery.letter import message_id

            return message_id(mail, digest, name, edition_name)
    # Standard Webhooks has ids begin like this; files and site have no use for theirs.
    return f"msg_{stable_id(digest, name, edition_name)}"


def repeatable(name: str) -> bool:
    """Tell whether delivering over the channel `name` twice is the same as once."""
    return name in (FILES, SITE)


def _named(kind: str, name: str) -> str:
    return kind if name == kind else f"{kind}:{name}"


def _makers(config: DigestConfig) -> dict[str, Callable[[], Channel]]:
    """Return what makes each channel, in the order in which they are served."""
    found: dict[str, Callable[[], Channel]] = {FILES: partial(_files, config)}
    if config.site:
        found[SITE] = partial(_site, config.site, config)
    for mail in config.email:
        found[_named(EMAIL, mail.name)] = partial(_email, mail, config)
    for hook in config.webhook:
        found[_named(WEBHOOK, hook.name)] = partial(_webhook, hook)
    return found


# Imported when needed: SMTP and HTTP are nothing to a digest that only writes files.


def _files(config: DigestConfig) -> Channel:
    from summarizer.digest.delivery.files import FilesChannel

    return FilesChannel(config.output)


def _site(settings: Site, config: DigestConfig) -> Channel:
    from summarizer.digest.delivery.site import SiteChannel

    return SiteChannel(settings, digest_identity(config))


def _email(settings: Email, config: DigestConfig) -> Channel:
    from summarizer.digest.delivery.mail import EmailChannel

    return EmailChannel(settings, digest_identity(config))


def _webhook(settings: Webhook) -> Channel:
    from summarizer.digest.delivery.webhook import WebhookChannel

    return WebhookChannel(settings)
