"""What a value of digest.toml may be; a wrong one is refused with an example of a right one.

No message repeats an address or a header: they may carry a secret, and messages go to logs.
"""

from __future__ import annotations

import datetime as dt
import glob
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from pathlib import Path
from string import Formatter
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from summarizer.digest.durations import EXAMPLES, check_duration, parse_duration, parse_time

_SUBJECT_FIELDS = ("edition", "stories", "facts")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_DAY = dt.timedelta(days=1)
_LONGEST_URL = 2000  # characters; what servers and proxies take in practice


@dataclass(frozen=True)
class Local:
    """Marks a field whose paths are relative to the configuration's file."""

    suffix: str = ""  # only a value that ends so is a path
    globs: bool = False  # "*", "?" and "[" in a value have their meaning

    def anchored(self, value: Any, folder: Path) -> Any:
        """Return `value`, its paths in `folder` where they are relative; URLs are no paths."""
        if value is None:
            return None
        if isinstance(value, tuple):
            return tuple(self.anchored(one, folder) for one in value)
        if isinstance(value, Path):
            return folder / value
        if "://" in value or not value.endswith(self.suffix):
            return value
        if self.globs and any(char in value for char in "*?["):
            folder = Path(glob.escape(str(folder)))  # its own name is no pattern
        return str(folder / value)


def one_line(text: str) -> str:
    """Return `text` if it has no line break, control or invisible character.

    Raises:
        ValueError: it has, and would smuggle a line into a header or a log.
    """
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text):
        raise ValueError("line breaks, control and invisible characters are not allowed here")
    return text


def loopback(host: str) -> bool:
    """Tell whether `host` is surely this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _path(path: Path) -> Path:
    one_line(str(path))
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~nobody/...
        raise ValueError(f"there is no home folder for {path.parts[0]}") from error


def _path_text(text: str) -> str:
    if not text.strip():
        raise ValueError('an empty text is no path; write it as "inbox"')
    if "://" in text:
        raise ValueError("an address is no path; addresses are listed as feeds or pages")
    return str(_path(Path(text))) if text.startswith("~") else one_line(text)


def _model(text: str) -> str:
    return _path_text(text) if text.startswith("~") else one_line(text)


def _state(text: str) -> str:
    scheme = text.partition("://")[0] if "://" in text else ""
    if scheme not in ("", "postgresql"):
        raise ValueError(
            'a state is a file, "digest.sqlite3", or "postgresql://user@host/database"'
        )
    return one_line(text) if scheme else _path_text(text)


def _duration(value: object) -> dt.timedelta:
    if isinstance(value, dt.timedelta):
        return check_duration(value)
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError(f"a bare number has no unit; {EXAMPLES}")


def _time(value: object) -> dt.time:
    if isinstance(value, dt.time):  # TOML has local times: 06:30:00
        if value.tzinfo:
            raise ValueError('a time of day here is local, without a zone; write it as "06:30"')
        return value.replace(microsecond=0)
    if isinstance(value, str):
        return parse_time(value)
    raise ValueError('no time of day; write it as "06:30"')


def _deadline(value: object) -> dt.timedelta | dt.time | None:
    if value is None:
        return None
    if isinstance(value, dt.time) or (isinstance(value, str) and ":" in value):
        return _time(value)
    try:
        duration = _duration(value)
    except ValueError as error:
        raise ValueError(f'{error}, or as the time of day "06:30"') from error
    if duration > _DAY:
        raise ValueError('a night has no more than 24h; write it as "45m" or "06:30"')
    return duration


def _web_url(text: str) -> str:
    wrong = ValueError('no web address; write it in full, as "https://example.org/feed.xml"')
    if not text.isprintable() or " " in text or "\\" in text or len(text) > _LONGEST_URL:
        raise wrong
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise wrong from None  # the cause would repeat the address
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise ValueError("user and password do not belong in a web address: it ends up in logs")
    return text


def _mailbox(text: str) -> str:
    wrong = ValueError('no mail address; write it as "ada@example.org" or "Ada <ada@example.org>"')
    one_line(text)
    try:
        ((name, spec),) = getaddresses([text])  # one, not "a@b, c@d"
        address = Address(display_name=name, addr_spec=spec)
    except (ValueError, IndexError, MessageError):
        raise wrong from None
    if not address.username or not address.domain or " " in spec:
        raise wrong
    return text


def _host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not _HOST.fullmatch(text) or ".." in text:
            raise ValueError('no host name; write it as "mail.example.org"') from None
    return text


def _allowed(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        if not _HOST.fullmatch(text):
            raise ValueError(
                'no network or host name; write it as "192.168.1.0/24" or "nas.local"'
            ) from None
    return text


def _channel_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError('a name has up to 40 letters, digits, ".", "_" and "-", as "editors"')
    return text


def _variable(text: str) -> str:
    # The likeliest mistake is the secret itself, so it is not repeated.
    if not _VARIABLE.fullmatch(text):
        raise ValueError('give the NAME of an environment variable, such as "DIGEST_SECRET"')
    return text


def _subject(text: str) -> str:
    told = " ".join(f"{{{name}}}" for name in _SUBJECT_FIELDS)
    try:
        parts = list(Formatter().parse(one_line(text)))
    except ValueError as error:
        if "character" in str(error):
            raise
        raise ValueError(f"a brace is not closed; it may have {told}") from error
    # Plain names only: "{edition.__class__}" would reach into the program.
    if any(f is not None and (f not in _SUBJECT_FIELDS or s or c) for _, f, s, c in parts):
        raise ValueError(f"it may have {told} and no other braces")
    return text


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not value.isascii():
            raise ValueError('no header; write it as { "X-Source" = "digest" }')
        one_line(value)
        if name.lower() in ("host", "content-type", "content-length", "transfer-encoding") or (
            name.lower().startswith("webhook-")
        ):
            raise ValueError(f"the header {name} is written by the digest")
    return headers


def _agent(text: str) -> str:
    if not text.isascii():
        raise ValueError("plain ASCII letters only: it is sent as a header")
    return one_line(text)


Duration = Annotated[dt.timedelta, BeforeValidator(_duration)]
TimeOfDay = Annotated[dt.time, BeforeValidator(_time)]
Deadline = Annotated[dt.timedelta | dt.time | None, BeforeValidator(_deadline)]
LocalPath = Annotated[Path, AfterValidator(_path)]
PathText = Annotated[str, AfterValidator(_path_text)]
ModelName = Annotated[str, AfterValidator(_model)]
StateText = Annotated[str, AfterValidator(_state)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Host = Annotated[str, AfterValidator(_host)]
AllowedHost = Annotated[str, AfterValidator(_allowed)]
ChannelName = Annotated[str, AfterValidator(_channel_name)]
Variable = Annotated[str, AfterValidator(_variable)]
Subject = Annotated[str, AfterValidator(_subject)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
HeaderText = Annotated[str, AfterValidator(_agent)]
OneLine = Annotated[str, AfterValidator(one_line)]
