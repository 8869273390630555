"""A child in the place of the one that reads documents: it does what the document says.

Run with a log, which gets a line for every start and every document. No imports of the project:
it starts in a few hundredths of a second.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO


def command(log: Path, *options: str) -> list[str]:
    """Return what starts this child; "broken" is an option."""
    return [sys.executable, "-S", "-E", str(Path(__file__).resolve()), str(log), *options]


def main() -> None:
    log, options = Path(sys.argv[1]), sys.argv[2:]
    _note(log, f"start {os.getpid()}")
    if "broken" in options:
        sys.exit(3)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _send(sink, {"kind": "ready"})
    while (asked := _frame(source)) is not None:
        text = (_frame(source) or b"").decode()
        _note(log, text[:40])
        _do(text, sink, json.loads(asked))


def _do(text: str, sink: BinaryIO, asked: dict[str, Any]) -> None:
    word, _, rest = text.partition(" ")
    if word == "once" and not Path(rest).exists():
        Path(rest).touch()
        word = "die"
    match word:
        case "hang":
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(7)
        case "rubbish":
            sink.write(struct.pack(">I", 7) + b"rubbish")
            sink.flush()
        case "long":
            sink.write(struct.pack(">I", 4_000_000_000))
            sink.flush()
        case "twice":
            payload = json.dumps({"kind": "memory"}).encode()
            sink.write(2 * (struct.pack(">I", len(payload)) + payload))
            sink.flush()
        case "memory":
            _send(sink, {"kind": word})
        case "other":
            strange = (
                {"kind": "feed", "feed": {}} if asked["kind"] == "article" else {"kind": "ready"}
            )
            _send(sink, strange)
        case _:
            _send(sink, {"kind": "feed", "feed": {"title": text}})


def _note(log: Path, line: str) -> None:
    with log.open("a") as lines:
        lines.write(f"{line}\n")


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def _send(sink: BinaryIO, reply: dict[str, Any]) -> None:
    payload = json.dumps(reply).encode()
    sink.write(struct.pack(">I", len(payload)) + payload)
    sink.flush()


if __name__ == "__main__":
    main()
