"""What the last run came to, as a Prometheus textfile for the node exporter's collector."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from summarizer.digest.state.records import Outcome, RunRecord
from summarizer.errors import ConfigError
from summarizer.files import write_atomically

_PREFIX = "summarizer_digest_"
_READABLE = 0o644  # the node exporter is another user
_SUCCESS = (Outcome.DONE, Outcome.NOTHING_NEW)

# Each is also a key of RunRecord.counts.
_COUNTS = {
    "articles": "Articles in the digest of the last run.",
    "new_articles": "Articles that the last run saw for the first time.",
    "asked": "Articles that the last run asked the model about.",
    "claims": "Claims that the last run checked.",
    "rejected": "Claims that the last run rejected.",
    "facts": "Facts in the digest of the last run.",
    "skipped": "Files and pages that the last run could not read.",
    "seconds": "Duration of the last run.",
    "deliveries_failed": "Deliveries that failed; they are tried again.",
    "deliveries_unknown": "Deliveries of which nobody knows whether they arrived.",
}


def write_metrics(
    path: Path, run: RunRecord, *, last_success: dt.datetime | None, digest: str
) -> str:
    """Write the figures of `run` to `path`, whole or not at all; its folder is made.

    All are gauges with the label digest. What the run did not count is left out: to a monitor a
    0 would say that it was counted. The collector reads only files that end in .prom.

    Args:
        path: the textfile; a new one is readable by all, as the node exporter is another user.
        run: the run, ended.
        last_success: when a run was last done or found nothing new; left out when None.
        digest: the name that tells this digest from others on the machine.

    Returns:
        What went wrong, empty when nothing did: a run is not lost for its figures.
    """
    try:
        # Not write_to_textfile: it does not sync, so that a power cut may leave an empty file,
        # and under a umask of 077 the node exporter could not read it.
        text = generate_latest(_gauges(run, last_success, digest)).decode()
        write_atomically(path, text, mode=_READABLE)
    except ConfigError as error:
        return f"no metrics: {error}"
    return ""


def _gauges(run: RunRecord, last_success: dt.datetime | None, digest: str) -> CollectorRegistry:
    registry = CollectorRegistry()  # the library's own one has figures of this process
    # A file name may hold a line break or half a character, which not every reader takes.
    label = "".join(char if char.isprintable() else "?" for char in digest)

    def put(name: str, help_text: str, value: float) -> None:
        gauge = Gauge(_PREFIX + name, help_text, ["digest"], registry=registry)
        gauge.labels(label).set(value)

    if last_success:
        put(
            "last_success_timestamp_seconds",
            "When a run last succeeded, since 1970.",
            last_success.timestamp(),
        )
    put(
        "last_run_timestamp_seconds",
        "When the last run ended, since 1970.",
        (run.ended or run.started).timestamp(),
    )
    put("last_run_success", "Whether the last run succeeded, 0 or 1.", run.outcome in _SUCCESS)
    for key, help_text in _COUNTS.items():
        if key in run.counts:
            put(key, help_text, run.counts[key])
    return registry
