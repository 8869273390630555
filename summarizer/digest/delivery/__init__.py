"""Deliver an edition: files by date, a static site, e-mail, webhooks.

* deliver.py   what is pending, recorded before and after
* channels.py  the channels of a configuration and the keys of their deliveries
* files.py, site.py, mail.py, webhook.py  one channel each
* outcome.py   the ways it can end: sent, surely not, unclear; trying again
"""

from __future__ import annotations

from summarizer.digest.delivery.channels import channels
from summarizer.digest.delivery.deliver import (
    MAX_TRIES,
    deliver_pending,
    redeliver,
    what_to_do,
)

__all__ = ["MAX_TRIES", "channels", "deliver_pending", "redeliver", "what_to_do"]
