"""Digest configurations for the tests: short files, and an e-mail and a webhook in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from summarizer.digest.config import DigestConfig, Email, Webhook, load_config
from summarizer.errors import ConfigError

FOLDERS = 'sources.folders = ["inbox"]\n'
MAIL = """[[email]]
host = "mail.example.org"
sender = "Digest <digest@example.org>"
to = ["ada@example.org"]
"""
HOOK = '[[webhook]]\nurl = "https://example.org/hook"\n'
HUNTER = "hunter2-is-secret"  # may be in no message and no repr


def load(folder: Path, text: str, **overrides: Any) -> DigestConfig:
    """Load `text` as the digest.toml of `folder`."""
    path = folder / "digest.toml"
    path.write_text(text, "utf-8")
    return load_config(path, **overrides)


def refused(folder: Path, text: str) -> str:
    """Return what is said of a digest.toml that cannot be loaded."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return str(caught.value)


def email(**values: Any) -> Email:
    given = {"host": "mail.example.org", "sender": "d@example.org", "to": ("a@example.org",)}
    return Email(**(given | values))


def webhook(**values: Any) -> Webhook:
    return Webhook(**({"url": "https://example.org/hook"} | values))
