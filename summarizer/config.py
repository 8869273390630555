"""Where things live on this machine, read from the environment when asked, never on import."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "SUMMARIZER_CACHE"


def cache_dir() -> Path:
    """Return the cache folder: `$SUMMARIZER_CACHE`, else the user's cache; it may not exist yet."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("summarizer"))


def models_dir() -> Path:
    """Return the folder of the model files, `<name>.gguf`; it may not exist yet."""
    return cache_dir() / "models"


def last_page_file() -> Path:
    """Return the file that holds the path of the last brief's page; it may not exist yet."""
    return Path(platformdirs.user_state_dir("summarizer")) / "last-page"
