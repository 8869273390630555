"""The tables of digest.toml. Descriptions are the comments of the file that init writes."""

from __future__ import annotations

import datetime as dt
import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, model_validator

from summarizer.data import Record
from summarizer.digest.config.values import (
    AllowedHost,
    ChannelName,
    Duration,
    Headers,
    HeaderText,
    Host,
    Local,
    LocalPath,
    Mailbox,
    OneLine,
    PathText,
    Subject,
    TimeOfDay,
    Variable,
    WebUrl,
    loopback,
)
from summarizer.errors import ConfigError

_PORTS = {"tls": 465, "starttls": 587, "none": 25}  # RFC 8314, RFC 6409, RFC 5321
_UNSET_HINT = (
    "Set it where the digest runs (cron starts with a nearly empty environment), or keep the "
    "secret in a file that only you can read."
)


class Table(Record):
    """Base of the tables: frozen, unknown keys refused, no value repeated in an error."""

    model_config = ConfigDict(hide_input_in_errors=True)


class Sources(Table):
    """What is read; at least one of them."""

    folders: Annotated[tuple[PathText, ...], Local(globs=True)] = Field(
        default=(),
        description='folders (with all below them), files, or globs such as "inbox/*.html"',
        examples=[("inbox",)],
    )
    feeds: tuple[WebUrl, ...] = Field(
        default=(),
        description="RSS, Atom or JSON feeds, whose articles are fetched",
        examples=[("https://example.org/feed.xml",)],
    )
    pages: tuple[WebUrl, ...] = Field(
        default=(),
        description="single pages, looked at every night",
        examples=[("https://example.org/notices.html",)],
    )
    lists: Annotated[tuple[PathText, ...], Local()] = Field(
        default=(),
        description="text files with the address of a page on each line, # for comments",
        examples=[("pages.txt",)],
    )

    @model_validator(mode="after")
    def _something(self) -> Sources:
        if not (self.folders or self.feeds or self.pages or self.lists):
            raise ValueError('nothing to read; give folders, feeds, pages or lists, as ["inbox"]')
        return self


class Output(Table):
    """The files of each edition."""

    folder: Annotated[LocalPath, Local()] = Field(
        default=Path("briefs"), description="where the files go, named by their date"
    )
    formats: tuple[Literal["md", "html", "json"], ...] = Field(
        default=("md", "html", "json"),
        min_length=1,
        description="which of md (Markdown), html and json",
    )
    embed_articles: bool = Field(
        default=True,
        description="hold the articles in the html page for good: a citation opens there, offline",
    )


class Site(Table):
    """A static folder with a page an edition, an index and an Atom feed."""

    folder: Annotated[LocalPath, Local()] = Field(
        description="where the pages go; any web server can show them", examples=["site"]
    )
    url: WebUrl | Literal[""] = Field(
        default="",
        description="where the folder is on the web, for links in its feed",
        examples=["https://example.org/news/"],
    )
    title: OneLine = Field(
        default="News digest", min_length=1, max_length=200, description="of the index and feed"
    )
    keep: int = Field(default=60, ge=1, description="editions that the index and the feed show")
    embed_articles: bool = Field(
        default=False,
        description="hold whole articles in the pages, not quotes alone: only if yours to publish",
    )


class Email(Table):
    """One mail an edition, text and HTML."""

    name: ChannelName = Field(
        default="email", description="how `summarizer digest status` calls it; each another"
    )
    host: Host = Field(description="the mail server", examples=["mail.example.org"])
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description='"tls", "starttls", or "none", which only localhost may have'
    )
    port: int = Field(
        default_factory=lambda data: _PORTS[data.get("security", "tls")],
        ge=1,
        le=65_535,
        description="465 for tls, 587 for starttls and 25 for none unless given",
        examples=[465],
    )
    user: OneLine = Field(
        default="", description="logs in, where the server asks for it", examples=["ada"]
    )
    password_env: Variable | None = Field(
        default=None,
        description="the environment variable that holds the password",
        examples=["DIGEST_MAIL_PASSWORD"],
    )
    password_file: Annotated[LocalPath | None, Local()] = Field(
        default=None,
        description="the file that holds it, asked where the variable is not set",
        examples=["mail-password.txt"],
    )
    sender: Mailbox = Field(
        description="who the mail is from", examples=["News digest <digest@example.org>"]
    )
    to: tuple[Mailbox, ...] = Field(
        min_length=1, description="who gets it", examples=[("ada@example.org",)]
    )
    subject: Subject = Field(
        default="News digest {edition}",
        min_length=1,
        max_length=200,
        description="may have {edition}, {stories} and {facts}",
    )
    timeout_s: float = Field(default=30, gt=0, le=600, description="seconds for each step")
    attempts: int = Field(default=3, ge=1, le=20, description="tries a night")

    @model_validator(mode="after")
    def _safe(self) -> Email:
        if self.security == "none" and not loopback(self.host):
            raise ValueError(
                'security = "none" sends everything in the clear, so it is for localhost only; '
                'write security = "tls" or "starttls"'
            )
        if self.user and not (self.password_env or self.password_file):
            raise ValueError(
                'a user needs a password; name where it is: password_env = "DIGEST_MAIL_PASSWORD"'
            )
        return self

    def password(self) -> str:
        """Return the password, read now; "" where none is configured.

        Raises:
            ConfigError: neither the variable nor the file has it; names them, not the secret.
        """
        return _secret(
            f'the password of the email "{self.name}"', self.password_env, self.password_file
        )


class Webhook(Table):
    """One POST of JSON an edition, signed as Standard Webhooks says."""

    name: ChannelName = Field(
        default="webhook", description="how `summarizer digest status` calls it; each another"
    )
    url: WebUrl = Field(
        repr=False,  # chat services put their token into it
        description="where it is posted; http:// only to this machine",
        examples=["https://example.org/hooks/digest"],
    )
    secret_env: Variable | None = Field(
        default=None,
        description="the environment variable that holds the secret it is signed with",
        examples=["DIGEST_HOOK_SECRET"],
    )
    secret_file: Annotated[LocalPath | None, Local()] = Field(
        default=None,
        description="the file that holds it, asked where the variable is not set",
        examples=["hook-secret.txt"],
    )
    timeout_s: float = Field(default=30, gt=0, le=600, description="seconds for each step")
    attempts: int = Field(default=4, ge=1, le=20, description="tries a night")
    headers: Headers = Field(
        default_factory=dict,
        repr=False,  # Authorization
        description="further headers",
        examples=[{"X-Source": "digest"}],
    )

    @model_validator(mode="after")
    def _safe(self) -> Webhook:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not loopback(parts.hostname or ""):
            raise ValueError(
                "http:// sends the brief and its headers in the clear, so it is for localhost "
                "only; write https://"
            )
        return self

    def secret(self) -> str:
        """Return the secret to sign with, read now; "" where none is configured.

        Raises:
            ConfigError: neither the variable nor the file has it; names them, not the secret.
        """
        return _secret(
            f'the secret of the webhook "{self.name}"', self.secret_env, self.secret_file
        )


class Fetch(Table):
    """How feeds and pages are asked for."""

    user_agent: HeaderText = Field(
        default_factory=lambda: f"summarizer/{version('summarizer')}",
        min_length=1,
        max_length=200,
        description="the name the digest gives itself; summarizer and its version unless given",
        examples=["summarizer"],
    )
    contact: HeaderText = Field(
        default="",
        max_length=200,
        description="told to the servers beside it, so that they can reach you",
        examples=["https://example.org/about"],
    )
    delay_s: float = Field(
        default=1.0, ge=0, le=3600, description="seconds between two requests to one host"
    )
    timeout_s: float = Field(
        default=20, gt=0, le=600, description="seconds to connect, and for each piece of an answer"
    )
    total_s: float = Field(default=60, gt=0, le=3600, description="seconds for a whole answer")
    max_bytes: int = Field(
        default=10_000_000, ge=1, description="bytes of an answer, unpacked; longer ones are left"
    )
    parallel: int = Field(default=4, ge=1, le=32, description="hosts asked at the same time")
    allow: tuple[AllowedHost, ...] = Field(
        default=(),
        description="networks or hosts that are not public: open to sources that stand there",
        examples=[("192.168.1.0/24", "nas.local")],
    )
    robots: bool = Field(default=True, description="keep to what robots.txt forbids")
    max_entries: int = Field(default=50, ge=1, description="entries of a feed, the newest")
    max_redirects: int = Field(default=5, ge=0, le=20, description="redirects that are followed")

    @property
    def identity(self) -> str:
        """The User-Agent header: the name, and the contact where there is one."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


class Retention(Table):
    """How long things are kept; briefs stay."""

    articles: Duration = Field(
        default=dt.timedelta(days=90),
        description="texts of told articles, and stories that ended; pages in [output] keep theirs",
    )
    runs: Duration = Field(
        default=dt.timedelta(days=365), description="the record of each night, with its events"
    )


class Schedule(Table):
    """When the digest starts."""

    at: TimeOfDay = Field(
        default=dt.time(2, 0),
        description="the time of day for `summarizer digest schedule --cron` or --systemd",
    )


class Log(Table):
    """What is written beside the log of the terminal."""

    file: Annotated[LocalPath | None, Local()] = Field(
        default=None,
        description="a file for the log, a line of JSON an event",
        examples=["digest.log"],
    )
    metrics: Annotated[LocalPath | None, Local()] = Field(
        default=None,
        description="a file for Prometheus' textfile collector",
        examples=["digest.prom"],
    )


def _secret(what: str, variable: str | None, file: Path | None) -> str:
    """Return the secret of an environment variable or else of a file, its line end removed."""
    if variable and (value := os.environ.get(variable)):
        return value
    if file is None:
        if variable is None:
            return ""
        raise ConfigError(f"{what}: the variable {variable} is not set", hint=_UNSET_HINT)
    unset = f"the variable {variable} is not set, and " if variable else ""
    try:
        value = file.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        message = f"{what}: {unset}the file {file} cannot be read: {error.strerror}"
        raise ConfigError(message, hint=_UNSET_HINT) from error
    except UnicodeDecodeError:  # its message would show a byte of the secret
        raise ConfigError(f"{what}: {unset}the file {file} is not UTF-8") from None
    if not value:
        raise ConfigError(f"{what}: {unset}the file {file} is empty", hint=_UNSET_HINT)
    return value


def tables_of(values: Any) -> tuple[Table, ...]:
    """Return the tables in a field's value: one, several ([[email]]) or none."""
    several = values if isinstance(values, tuple) else (values,)
    return tuple(one for one in several if isinstance(one, Table))
