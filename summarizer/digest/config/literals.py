"""Values as TOML writes them: https://toml.io/en/v1.0.0."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

from summarizer.digest.durations import format_duration, format_time


def literal(value: object) -> str:
    """Return `value` as it stands in digest.toml, on one line.

    Raises:
        TypeError: there is no way to write it.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if value >= 100_000 else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False)  # its escapes are among TOML's
    if isinstance(value, dt.timedelta):
        return literal(format_duration(value))
    if isinstance(value, dt.time):
        return literal(format_time(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{literal(str(k))} = {literal(v)}" for k, v in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    raise TypeError(f"{type(value).__name__} has no form in TOML")
