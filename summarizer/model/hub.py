"""Read one file of the Hugging Face hub, from any position on, and know quickly if it is down.

huggingface_hub makes the addresses, headers and sessions. Its own `hf_hub_download` is not used:
release 2.4 throws a broken download away, and tries an absent hub several times.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeVar

from pydantic import Field

from summarizer.data import Record
from summarizer.errors import ModelUnavailable

PROBE_S = 4.0  # for name look-up, all addresses and the answer together
READ_TIMEOUT_S = 15.0  # without a byte

T = TypeVar("T")


class HubUnreachable(ModelUnavailable):
    """The hub does not answer at all; asking it for another file is no use."""


class RemoteFile(Record):
    """What the hub says about a file; size and SHA-256 are None where it does not say."""

    url: str
    size: int | None = Field(ge=0)
    sha256: str | None


def look_up(repo: str, revision: str, file: str, endpoint: str | None = None) -> RemoteFile:
    """Ask the hub (`endpoint`, else $HF_ENDPOINT, else the public one) for a file.

    Raises:
        HubUnreachable: no answer within PROBE_S seconds.
        ModelUnavailable: it answers, but does not give us the file.
    """
    # Imported here: it takes 0.2 s, and most runs fetch nothing.
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    url = hf_hub_url(repo, file, revision=revision, endpoint=endpoint)
    try:
        found = _within(PROBE_S, lambda: get_hf_file_metadata(url, timeout=PROBE_S))
    except FutureTimeout as exc:
        raise HubUnreachable(f"the hub did not answer in {PROBE_S:.0f} s") from exc
    except HfHubHTTPError as exc:
        raise _refused(repo, getattr(exc.response, "status_code", None)) from exc
    except (OSError, _transport_error(), ValueError) as exc:
        raise HubUnreachable(f"the hub cannot be reached ({exc})") from exc
    if found.commit_hash is None:
        raise HubUnreachable(f"what answers at {url} is no hub (a login page of the network?)")
    etag = found.etag or ""
    return RemoteFile(
        url=url,
        size=found.size,
        # The ETag of a large file is its SHA-256, that of a small one a git object id.
        sha256=etag if re.fullmatch(r"[0-9a-f]{64}", etag) else None,
    )


def read(remote: RemoteFile, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield (position, bytes) from `start` on; from 0 where the server cannot continue there.

    Raises:
        HubUnreachable: the connection broke or the server is busy; reading on later may help.
        ModelUnavailable: it refuses the file.
    """
    from huggingface_hub import get_session, get_token

    # identity: of a compressed answer neither length nor position could be told
    headers = {"Accept-Encoding": "identity"}
    if token := get_token():  # for models whose licence must be accepted; kept to the hub's host
        headers["Authorization"] = f"Bearer {token}"
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        with get_session().stream(
            "GET", remote.url, headers=headers, timeout=READ_TIMEOUT_S, follow_redirects=True
        ) as response:
            if response.status_code not in (200, 206):
                raise _refused(remote.url, response.status_code)
            position = start if response.status_code == 206 else 0
            # As they come: of a chunk of a fixed size, what arrived before a break would be lost.
            for chunk in response.iter_bytes():
                yield position, chunk
                position += len(chunk)
    except (OSError, _transport_error()) as exc:
        raise HubUnreachable(f"the download broke off ({exc or type(exc).__name__})") from exc


def _refused(what: str, status: int | None) -> ModelUnavailable:
    if status is None or status == 429 or status >= 500:
        return HubUnreachable(f"the hub is busy or down (status {status})")
    if status in (401, 403):
        return ModelUnavailable(
            f"the hub wants you to accept the licence of {what} first (status {status})",
            hint="Accept it on the model's page and log in with `hf auth login`.",
        )
    return ModelUnavailable(f"the hub does not have {what} (status {status})")


def _transport_error() -> type[Exception]:
    # httpx.HTTPError or httpx2.HTTPError, by the release of huggingface_hub.
    from huggingface_hub.errors import HfHubHTTPError

    base = HfHubHTTPError.__bases__[0]
    return base if issubclass(base, Exception) else OSError


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return call(), or raise FutureTimeout: no socket timeout bounds name look-ups.

    The thread is a daemon, so that one stuck in a name look-up does not hold up the exit.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as exc:  # noqa: BLE001 - raised again in the caller's thread
            future.set_exception(exc)

    threading.Thread(target=run, name="hub-probe", daemon=True).start()
    return future.result(timeout=seconds)
