"""The smallest real model of models.txt, fetched once for the tests.

It lies apart from the user's models: `--model auto` must not take it for what the user chose.
"""

from __future__ import annotations

import os

import pytest

from summarizer.config import cache_dir
from summarizer.errors import ConfigError
from summarizer.model.catalogue import ModelFile, OnDisk, find_entry, on_disk, resolve

NAME = "smollm2-135m-instruct"


def smallest_model() -> ModelFile:
    """Return the smallest model, fetching it if need be; skip the test where it cannot be had."""
    if on_disk(find_entry(NAME)) is not OnDisk.MISSING:
        return resolve(NAME, allow_fetch=False)
    before = os.environ.get("SUMMARIZER_CACHE")
    os.environ["SUMMARIZER_CACHE"] = str(cache_dir() / "tests")
    try:
        return resolve(NAME)
    except ConfigError as error:
        pytest.skip(f"the smallest model cannot be had: {error}")
    finally:
        if before is None:
            del os.environ["SUMMARIZER_CACHE"]
        else:
            os.environ["SUMMARIZER_CACHE"] = before
