"""Build llama-cpp-python once for this CPU, keep the wheel, install it. Standard library only.

The wheel lies in the cache under a key of version, flags, Python and CPU features, because
the native build uses whatever this CPU has and dies with an illegal instruction on another.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = ROOT / "requirements" / "llama.txt"

# - no-tree-dse, no-dse: GCC's _tile_loadconfig says that it reads 8 bytes of the 64 it is given, so
#   the compiler throws the others away and the first prompt dies with a segmentation fault
#   (llama.cpp issue 20824, pull request 26954). Kept, AMX reads a prompt 1.6 times as fast.
# - LLAVA_BUILD: we read no pictures; saves build time.
# - GGML_OPENMP: ggml's own thread pool is as fast when idle and twice as fast on busy cores.
CMAKE_ARGS = (
    "-DCMAKE_CXX_FLAGS=-fno-tree-dse -fno-dse",
    "-DLLAVA_BUILD=OFF",
    "-DGGML_OPENMP=OFF",
)


def cpu_features() -> str:
    """Return what the compiler's -march=native would see: the CPU's model and flags, sorted."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text("utf-8", "replace")
        found = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.MULTILINE)
        family = re.findall(r"^(?:cpu family|model|CPU part)\s*:\s*(.*)$", text, re.MULTILINE)[:2]
        if found:
            return " ".join([*family, *sorted(found[1].split())])
    if sys.platform == "darwin":
        answer = subprocess.run(["/usr/sbin/sysctl", "-a"], capture_output=True, text=True)
        wanted = ("machdep.cpu.brand", "machdep.cpu.features", "hw.optional")
        return "\n".join(x for x in answer.stdout.splitlines() if x.startswith(wanted))
    return platform.processor() or platform.machine()


def wheel_key(pin: str, args: tuple[str, ...], features: str) -> str:
    """Return the cache key of a wheel: 16 hexadecimal digits."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    parts = "\0".join([pin, *args, features, python, platform.machine(), sys.platform])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def cache_dir() -> Path:
    """Return the folder of built wheels: SUMMARIZER_CACHE or the user's cache."""
    root = os.environ.get("SUMMARIZER_CACHE")
    if root:
        return Path(root) / "wheels"
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "summarizer" / "wheels"


def build(folder: Path) -> Path:
    """Build the wheel into `folder` (made if needed), showing progress; return its path.

    It is built in a temporary folder beside and renamed, so a broken build leaves nothing.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    bin_dir = Path(sys.executable).parent
    env = {
        **os.environ,
        "CMAKE_ARGS": shlex.join(CMAKE_ARGS),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 2),
        "PATH": f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        command = [sys.executable, "-m", "pip", "wheel", "-v", "--no-deps", "--require-hashes"]
        command += ["--no-build-isolation", "--no-cache-dir", "--no-binary", "llama-cpp-python"]
        command += ["-w", scratch, "-r", str(PIN)]
        run_with_progress("llama-cpp-python", command, env, Path(scratch) / "build.log")
        (built,) = Path(scratch).glob("*.whl")
        folder.mkdir(exist_ok=True)
        return built.replace(folder / built.name)


def run_with_progress(what: str, command: list[str], env: dict[str, str], log: Path) -> None:
    """Run the build, turn ninja's [n/m] lines into progress; on failure show the log's end."""
    print(f"building {what} for this CPU: 3 to 5 minutes on two cores, once", flush=True)
    tty = sys.stdout.isatty()
    shown = -1
    with (
        log.open("w") as sink,
        subprocess.Popen(
            command,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            sink.write(line)
            step = re.match(r"\s*\[(\d+)/(\d+)\]", line)
            percent = 100 * int(step[1]) // int(step[2]) if step else shown
            if percent > shown and (tty or percent >= shown + 10):
                shown = percent
                print(f"  {percent:3d} %", end="\r" if tty else "\n", flush=True)
    if process.returncode:
        tail = "".join(log.read_text("utf-8", "replace").splitlines(keepends=True)[-40:])
        print(tail, file=sys.stderr)
        sys.exit(f"{what} did not build: its log ends above. It needs a C++ compiler.")


def installed(key: str) -> bool:
    """Return whether this environment already has the wheel of `key`."""
    stamp = Path(sys.prefix) / ".llama-wheel"
    return stamp.exists() and stamp.read_text() == key


def main() -> None:
    """Build what is missing and install it into the running environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print-key", action="store_true", help="print the cache key and stop")
    options = parser.parse_args()
    key = wheel_key(PIN.read_text(), CMAKE_ARGS, cpu_features())
    if options.print_key:
        print(key)
        return
    if installed(key):
        return
    folder = cache_dir() / key
    wheels = list(folder.glob("*.whl"))
    wheel = wheels[0] if wheels else build(folder)
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*command, "--force-reinstall", str(wheel)], check=True)
    (Path(sys.prefix) / ".llama-wheel").write_text(key)
    print(f"llama-cpp-python: {'cached' if wheels else 'built'} wheel {key} installed", flush=True)


if __name__ == "__main__":
    main()
