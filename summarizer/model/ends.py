"""What the end of a child process that ran llama.cpp means, and what to do about it."""

from __future__ import annotations

import signal

from summarizer.data import Record


class End(Record):
    """How a child process ended: what happened, and what the user can do (may be empty)."""

    problem: str
    hint: str = ""
    plain_may_help: bool = False  # EngineOptions.plain: without the code that crashes so


_MEMORY_HINT = "Close other programs, or use a smaller model (`summarizer models list`)."
_FILE_HINT = "Run `summarizer models verify`; if the file is sound, try another model."

_CRASH = End(
    problem="llama.cpp crashed (segmentation fault)",
    hint="Its default build dies so on many CPUs with AMX. Delete the cached wheel and build "
    "with this project's flags: `make setup`, or `python tools/build_llama.py`.",
    plain_may_help=True,
)
_OTHER_CPU = End(
    problem="llama.cpp was built for another CPU (illegal instruction)",
    hint="Build it on this machine: `python tools/build_llama.py`.",
    plain_may_help=True,
)
_ABORT = End(problem="llama.cpp aborted", hint=_FILE_HINT)
_NO_MEMORY = End(problem="llama.cpp ran out of memory", hint=_MEMORY_HINT)

# By name, as not every system has every signal.
_SIGNALS = {
    "SIGSEGV": _CRASH,
    "SIGILL": _OTHER_CPU,
    "SIGABRT": _ABORT,
    "SIGKILL": End(
        problem="the system killed it, most likely because memory ran out", hint=_MEMORY_HINT
    ),
    "SIGBUS": End(
        problem="llama.cpp crashed (bus error): the model file changed or its disk failed",
        hint=_FILE_HINT,
    ),
}
# Windows ends a process with an NTSTATUS; the last is what C's abort() returns there.
_WINDOWS = {0xC0000005: _CRASH, 0xC000001D: _OTHER_CPU, 0xC0000017: _NO_MEMORY, 0xC0000409: _ABORT}

# What C++ and Python say when an allocation fails; llama.cpp then aborts or exits.
_MEMORY_WORDS = ("bad_alloc", "MemoryError", "failed to allocate", "Cannot allocate memory")
_LINE_CHARS = 300


def explain(code: int, stderr: str = "") -> End:
    """Say what exit code `code` (negative: minus a signal) and the last of its stderr mean."""
    last = _last_line(stderr)
    end = _SIGNALS.get(_signal_name(code)) or _WINDOWS.get(code)
    if end in (None, _ABORT) and any(word in last for word in _MEMORY_WORDS):
        end = _NO_MEMORY
    if end is _ABORT and last:
        return End(problem=f"{end.problem}: {last}", hint=end.hint)
    if end is not None:
        return end
    if code < 0:
        return End(problem=f"it was ended from outside ({_signal_name(code)})")
    return End(problem=last or f"it ended with code {code}")


def hung(seconds: float) -> End:
    """Say what it means that a child with work to do was silent for `seconds`."""
    return End(
        problem=f"no answer within {seconds:g} s",
        hint="The machine may be busy or too small: try a smaller model.",
    )


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}" if code < 0 else ""


def one_line(text: str) -> str:
    """Return `text` fit for a message: an article can be quoted in an exception's."""
    cut = text[:_LINE_CHARS] + ("…" if len(text) > _LINE_CHARS else "")
    return " ".join("".join(c if c.isprintable() else " " for c in cut).split())


def _last_line(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    return one_line(lines[-1]) if lines else ""
