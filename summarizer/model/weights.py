"""Keep a copy of a model's weights in the form that this CPU multiplies fastest.

Eight bits a weight (Q8_0) hold every 4- to 6-bit weight closely, and AMX multiplies them without
unpacking. The copy lies in the cache, is made once, and is never what a checksum speaks of.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path

import psutil

from summarizer.errors import ModelFileError
from summarizer.model.llama import file_type, has_amx, requantize

# llama_ftype: Q4_1, Q5_0, Q5_1, which llama.cpp has no interleaved kernels for on any CPU.
_SLOW_ANYWHERE = frozenset({3, 8, 9})
# … and with AMX also Q3_K to Q6_K, which are unpacked for every tile.
_SLOW_WITH_AMX = _SLOW_ANYWHERE | frozenset(range(11, 19))
_GROWTH = 2.2  # Q8_0 is at most so much larger than any of these
_MEMORY_SHARE = 0.5  # of what is available: the weights are held twice, as read and repacked

_log = logging.getLogger("summarizer.model")


def fast_weights(path: Path, folder: Path, *, threads: int = 0) -> Path:
    """Return the copy of `path` in `folder` that is faster here, made if need be; else `path`.

    It is `path` itself where no other form is faster, where disk or memory is short, and where
    the copy cannot be made.
    """
    target = folder / f"{path.stem}-{_key(path)}.q8_0.gguf"
    if not _room_in_memory(path):
        return path
    if target.exists():
        return target
    slow = _SLOW_WITH_AMX if has_amx() else _SLOW_ANYWHERE
    if file_type(path) not in slow or not _room_on_disk(path, folder):
        return path
    scratch = folder / f"{target.name}.{os.getpid()}.part"
    _log.info("preparing the weights of %s for this CPU, once", path.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        requantize(path, scratch, threads=threads)
        scratch.replace(target)
    except (ModelFileError, OSError) as error:
        _log.warning("the weights of %s stay as they are: %s", path.name, error)
        return path
    finally:
        with suppress(OSError):  # the reason may be that there is no such folder
            scratch.unlink()
    return target


def _key(path: Path) -> str:
    """Return what changes when the file does; hashing a gigabyte at each start would take long."""
    stat = path.stat()
    named = f"{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}"
    return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _room_in_memory(path: Path) -> bool:
    needed = 2 * _GROWTH * path.stat().st_size
    return needed < _MEMORY_SHARE * psutil.virtual_memory().total


def _room_on_disk(path: Path, folder: Path) -> bool:
    there = next(parent for parent in [folder, *folder.parents] if parent.exists())
    return shutil.disk_usage(there).free > 2 * _GROWTH * path.stat().st_size
