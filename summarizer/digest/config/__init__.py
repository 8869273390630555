"""digest.toml: what the nightly digest reads, what it runs, and where the brief goes.

* tables.py    the tables: Sources, Output, Site, Email, Webhook, Fetch, Retention, Schedule, Log
* settings.py  DigestConfig, which holds them
* values.py    what a value may be: paths, durations, addresses, names
* load.py      from a file and the environment to a DigestConfig
* faults.py    what is wrong with it, in words
* text.py      the commented file of `summarizer digest init`
"""

from __future__ import annotations

from summarizer.digest.config.load import find_config, load_config
from summarizer.digest.config.settings import DigestConfig
from summarizer.digest.config.tables import (
    Email,
    Fetch,
    Log,
    Output,
    Retention,
    Schedule,
    Site,
    Sources,
    Webhook,
)
from summarizer.digest.config.text import init_text

__all__ = [
    "DigestConfig",
    "Email",
    "Fetch",
    "Log",
    "Output",
    "Retention",
    "Schedule",
    "Site",
    "Sources",
    "Webhook",
    "find_config",
    "init_text",
    "load_config",
]
