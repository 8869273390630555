"""The nightly digest: what is new since the last nights, as a dated brief."""

from __future__ import annotations

from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.run import DigestResult, run_digest
from summarizer.digest.schedule import cron_line

__all__ = ["DigestConfig", "DigestResult", "cron_line", "load_config", "run_digest"]
