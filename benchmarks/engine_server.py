"""(b) llama-server with slots: as many requests under way as it has slots."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.engine_child import Job, Outcome, Request, Written, peak_rss_mib, serve

CONTEXT_TOKENS = 4096  # a slot; the loop has as much
LOAD_S = 600.0
ANSWER_S = 1800.0  # with every slot busy, a long answer takes minutes


class ServerFailed(RuntimeError):
    """llama-server did not start, or refused a request."""


def run(job: Job) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        port = _free_port()
        began = time.perf_counter()
        with log.open("wb") as sink:
            process = subprocess.Popen(_command(job, port), stdout=sink, stderr=sink)
        try:
            _wait_until_ready(process, port, log)
            hello: Request = {
                "id": "hello",
                "message": "Hello",
                "gbnf": "",
                "schema": None,
                "max_tokens": 2,
            }
            _ask(port, hello)
            return _measure(job, port, process.pid, began)
        finally:
            process.kill()
            process.wait()


def _command(job: Job, port: int) -> list[str]:
    threads, slots = str(job["threads"]), job["slots"]
    command = [job["server"], "--model", job["model_path"]]
    command += ["--host", "127.0.0.1", "--port", str(port), "--threads", threads]
    command += ["--threads-batch", threads, "--parallel", str(slots)]
    return [*command, "--ctx-size", str(slots * CONTEXT_TOKENS)]


def _measure(job: Job, port: int, pid: int, began: float) -> Outcome:
    loaded = time.perf_counter()
    with ThreadPoolExecutor(max_workers=job["slots"]) as pool:
        answers = list(pool.map(lambda request: _ask(port, request), job["requests"]))
    seconds = time.perf_counter() - loaded
    written = [
        _written(request, answer) for request, answer in zip(job["requests"], answers, strict=True)
    ]
    return {
        "load_seconds": loaded - began,
        "seconds": seconds,
        "peak_rss_mib": peak_rss_mib([pid]),
        "tokens_read": sum(one["tokens_read"] for one in written),
        "tokens_decoded": sum(answer["timings"]["prompt_n"] for answer in answers),
        "tokens_written": sum(one["tokens_written"] for one in written),
        "written": written,
        "sequences": job["slots"],
    }


def _written(request: Request, answer: dict[str, Any]) -> Written:
    choice = answer["choices"][0]
    return {
        "id": request["id"],
        "text": choice["message"]["content"] or "",
        "complete": choice["finish_reason"] == "stop",
        "tokens_read": answer["usage"]["prompt_tokens"],
        "tokens_written": answer["usage"]["completion_tokens"],
    }


def _ask(port: int, request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": request["message"]}],
        "max_tokens": request["max_tokens"],
        "temperature": 0.0,
        "cache_prompt": True,
    }
    if request["schema"] is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "claims", "strict": True, "schema": request["schema"]},
        }
    elif request["gbnf"]:
        body["grammar"] = request["gbnf"]
    status, data = _call(port, "POST", "/v1/chat/completions", json.dumps(body).encode())
    if status != 200:
        raise ServerFailed(f"llama-server answered {status}: {data[:500]!r}")
    answer: dict[str, Any] = json.loads(data)
    return answer


def _call(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + LOAD_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            tail = log.read_text("utf-8", "replace")[-1500:]
            raise ServerFailed(f"llama-server ended with {process.returncode}:\n{tail}")
        try:
            if _call(port, "GET", "/health")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass  # it does not listen yet
        time.sleep(0.05)
    raise ServerFailed(f"llama-server was not ready within {LOAD_S:.0f} s")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    serve(run)
