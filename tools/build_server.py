"""Build llama-server out of llama-cpp-python's source and keep it. Standard library only.

The benchmark and the tests of the remote engine run against it. The source is that of the
version pinned in requirements/llama.txt and the flags are those of tools/build_llama.py, so that
both engines have the same kernels. The binary lies in the cache under the same kind of key.

Usage: python tools/build_server.py      builds it if need be and prints its path
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, only tools/ is on it
    sys.path.insert(0, str(ROOT))

from tools.build_llama import (  # noqa: E402
    CMAKE_ARGS,
    PIN,
    cache_dir,
    cpu_features,
    run_with_progress,
    wheel_key,
)

NAME = "llama-server.exe" if sys.platform == "win32" else "llama-server"
SOURCE = "vendor/llama.cpp/"  # where llama-cpp-python's source keeps llama.cpp's

# What a server on the loopback that answers text needs, and no more. Static libraries: the
# cached file is one binary, and does not find another build's libraries.
SERVER_ARGS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DLLAMA_BUILD_SERVER=ON",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_UI=OFF",
    "-DLLAMA_CURL=OFF",
    "-DLLAMA_OPENSSL=OFF",
)


def cmake_args() -> list[str]:
    """Return every flag of the build, an argument each: the Python package's, then our own."""
    return [*CMAKE_ARGS, *SERVER_ARGS]


def server_key() -> str:
    """Return the cache key of the binary: version, flags and CPU features."""
    return wheel_key(PIN.read_text(), tuple(cmake_args()), cpu_features())


def server_folder() -> Path:
    """Return the folder of the binary in the cache; it need not exist."""
    return cache_dir().parent / "servers" / server_key()


def server_path() -> Path | None:
    """Return the cached llama-server of this version, these flags and this CPU; None: not built."""
    path = server_folder() / NAME
    return path if os.access(path, os.X_OK) else None


def build(folder: Path) -> Path:
    """Build the binary into `folder` (made if needed), showing progress; return its path.

    It is built in a temporary folder beside and renamed, so a broken build leaves nothing.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        place = Path(scratch)
        print("llama-server: getting llama-cpp-python's source", flush=True)
        unpack(download(place), place / "source")
        built = compile_server(place / "source", place / "build")
        folder.mkdir(exist_ok=True)
        return built.replace(folder / NAME)


def download(folder: Path) -> Path:
    """Let pip download the pinned source archive, its hash checked, and return its path."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--no-build-isolation"]
    command += ["--no-binary", "llama-cpp-python", "-d", str(folder), "-r", str(PIN)]
    done = subprocess.run(command, env=_environment())
    found = list(folder.glob("*.tar.gz"))
    if done.returncode or len(found) != 1:
        sys.exit("pip could not get the source of llama-cpp-python: see its message above.")
    return found[0]


def unpack(archive: Path, folder: Path) -> None:
    """Unpack llama.cpp's source out of `archive` into `folder`."""
    with tarfile.open(archive) as tar:
        wanted = []
        for member in tar:
            _, found, rest = member.name.partition(f"/{SOURCE}")
            if found and rest:
                member.name = rest
                wanted.append(member)
        if not wanted:
            sys.exit(f"{archive.name} has no {SOURCE}: llama-cpp-python has moved it.")
        tar.extractall(folder, members=wanted, filter="data")


def compile_server(source: Path, folder: Path) -> Path:
    """Configure and build in `folder`; return the binary."""
    configure = ["cmake", "-G", "Ninja", "-S", str(source), "-B", str(folder), *cmake_args()]
    done = subprocess.run(configure, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        print((done.stdout + done.stderr)[-4000:], file=sys.stderr)
        sys.exit(
            "cmake could not configure llama-server: it needs cmake, ninja and a C++ compiler."
        )
    command = ["cmake", "--build", str(folder), "--target", "llama-server"]
    run_with_progress("llama-server", command, _environment(), folder / "build.log")
    return folder / "bin" / NAME


def _environment() -> dict[str, str]:
    """Return the environment in which cmake and ninja of this Python are found first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    jobs = str(os.cpu_count() or 2)
    return {**os.environ, "PATH": path, "CMAKE_BUILD_PARALLEL_LEVEL": jobs}


def main() -> None:
    """Build the binary where it is missing, and print its path as the last line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--print-key", action="store_true", help="print the cache key and stop")
    options = parser.parse_args()
    if options.print_key:
        print(server_key())
        return
    print(server_path() or build(server_folder()))


if __name__ == "__main__":
    main()
