"""DigestConfig: every setting of a digest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from summarizer.digest.config.tables import (
    Email,
    Fetch,
    Log,
    Output,
    Retention,
    Schedule,
    Site,
    Sources,
    Webhook,
    tables_of,
)
from summarizer.digest.config.values import (
    Deadline,
    Duration,
    Local,
    LocalPath,
    ModelName,
    StateText,
)
from summarizer.pipeline import MAX_FACTS
from summarizer.validate import DEFAULT_STRICTNESS

ENV_PREFIX = "SUMMARIZER_DIGEST__"
# pydantic-settings asks a class, not a call, for its sources; this carries the call's file to it.
_READING: ContextVar[Path | None] = ContextVar("_READING", default=None)
_ModelT = TypeVar("_ModelT", bound=BaseModel)


class DigestConfig(BaseSettings):
    """The settings of one digest.

    Made directly, it is what its arguments say: no file and no environment variable is read,
    relative paths stay relative to the current folder, and a wrong argument is a pydantic
    ValidationError. load_config() adds file and environment; its paths are absolute.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # secrets may be among it
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
    )

    sources: Sources = Field(description="what is read")
    model: Annotated[ModelName, Local(".gguf")] = Field(
        default="auto",
        min_length=1,
        description="a name of `summarizer models list`, a GGUF file, auto, none (quotations "
        "only), or a server's URL",
    )
    lora: Annotated[LocalPath | None, Local()] = Field(
        default=None,
        description="a GGUF adapter for a local model",
        examples=["news-adapter.gguf"],
    )
    deadline: Deadline = Field(
        default=None,
        description='when the brief must be there: so long after the start ("45m"), or "06:30"',
        examples=["06:30"],
    )
    window: Duration = Field(
        default=dt.timedelta(days=7),
        description="feed entries and pages that are older than this are left",
    )
    folder_window: Duration | None = Field(
        default=None,
        description="dated articles of folders that are older than this are left; off: none is",
        examples=["30d"],
    )
    max_facts: int = Field(default=MAX_FACTS, ge=1, description="facts a story, at most")
    max_words: int | None = Field(
        default=None, ge=1, description="words of all facts together, at most", examples=[900]
    )
    strictness: float = Field(
        default=DEFAULT_STRICTNESS,
        ge=0,
        le=1,
        description="0 lets most claims pass, 1 refuses most",
    )
    memory_nights: int = Field(
        default=14, ge=1, description="for so many editions back stories are remembered"
    )
    quiet_nights: int = Field(
        default=3, ge=1, description="after so many nights without news a story is called quiet"
    )
    deliver_empty: bool = Field(
        default=True, description="send mails and webhooks also when nothing is new"
    )
    state: Annotated[StateText, Local()] = Field(
        default="digest.sqlite3",
        repr=False,  # a PostgreSQL URL may hold a password
        description="what the digest remembers: a file, or postgresql://USER@HOST/DATABASE",
    )
    parallel: int = Field(
        default=0, ge=0, description="articles under way at once; 0: by cores and memory"
    )
    reproducible: bool = Field(
        default=False, description="claims depend on their article alone; slower"
    )
    verifier: bool = Field(
        default=True, description="ask the entailment model, not the deterministic checks alone"
    )
    seed: int = Field(default=0, description="of the model; another one words claims differently")
    output: Output = Field(default=Output(), description="the files of each edition")
    site: Site | None = Field(
        default=None, description="a static folder with a page an edition, an index and a feed"
    )
    email: tuple[Email, ...] = Field(default=(), description="one mail an edition; repeatable")
    webhook: tuple[Webhook, ...] = Field(
        default=(), description="one signed POST of JSON an edition; repeatable"
    )
    fetch: Fetch = Field(default_factory=Fetch, description="how feeds and pages are asked for")
    retention: Retention = Field(default=Retention(), description="how long things are kept")
    schedule: Schedule = Field(default=Schedule(), description="when the digest starts")
    log: Log = Field(default=Log(), description="what is written beside the terminal's log")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments alone, or above environment above file while from_file() runs."""
        path = _READING.get()
        if path is None:
            return (init_settings,)
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    @classmethod
    def from_file(cls, path: Path, **overrides: Any) -> Self:
        """Read a TOML file; environment variables override it, and `overrides` both.

        Paths stay as written; see beside(). load_config() tells what is wrong in words.

        Raises:
            OSError, UnicodeDecodeError, tomllib.TOMLDecodeError: the file cannot be read.
            pydantic_settings.SettingsError: a variable should be JSON and is not.
            pydantic.ValidationError: keys or values are wrong.
        """
        token = _READING.set(path)
        try:
            return cls(**overrides)
        finally:
            _READING.reset(token)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = Counter([one.name for one in self.email] + [one.name for one in self.webhook])
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ValueError(
                f'several [[email]] or [[webhook]] are named "{twice[0]}"; give each a name of its '
                f'own: name = "{twice[0]}-2"'
            )
        if self.deadline == self.schedule.at:
            raise ValueError(
                "deadline is the very time at which schedule.at starts the digest; "
                'leave it some hours, as deadline = "06:30"'
            )
        if self.site and self.site.folder == self.output.folder:
            raise ValueError(
                "site.folder is output.folder, and their files have the same names; "
                'write folder = "site"'
            )
        return self

    @property
    def state_path(self) -> Path | None:
        """The state's file; None where it is in PostgreSQL."""
        return None if "://" in self.state else Path(self.state)

    @property
    def edition_folders(self) -> tuple[Path, ...]:
        """The folders that a run writes editions into: output, and site where there is one."""
        return (self.output.folder, *((self.site.folder,) if self.site else ()))

    @property
    def lock_path(self) -> Path:
        """The lock: beside the state's file, or for PostgreSQL beside the output folder.

        Symbolic links are followed, so that two names of one state share the lock.
        """
        beside = (self.state_path or self.output.folder).resolve()
        return beside.with_name(f"{beside.name}.lock")

    def beside(self, folder: Path) -> Self:
        """Return the settings with every relative path made one in `folder`."""
        return _anchored(self, folder)


def _anchored(table: _ModelT, folder: Path) -> _ModelT:
    """Return `table` and the tables in it with the paths of the fields marked Local in `folder`."""
    update: dict[str, object] = {}
    for name, field in type(table).model_fields.items():
        value = getattr(table, name)
        for mark in field.metadata:
            if isinstance(mark, Local):
                update[name] = mark.anchored(value, folder)
        if inner := tables_of(value):
            several = tuple(_anchored(one, folder) for one in inner)
            update[name] = several if isinstance(value, tuple) else several[0]
    return table.model_copy(update=update)
