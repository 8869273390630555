"""digest.toml: where the nightly digest reads, what it runs and where it writes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import ConfigError
from summarizer.pipeline import MAX_FACTS
from summarizer.validate import DEFAULT_STRICTNESS


class DigestConfig(BaseModel):
    """The settings of one digest; relative paths are relative to the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[str, ...] = Field(min_length=1, description="folders, files or globs")
    output: Path = Path("briefs")
    state: Path = Path("digest.sqlite3")
    model: str = "auto"
    window_days: int = Field(
        default=1, ge=1, description="a brief holds the articles first seen in so many days"
    )
    max_facts: int = Field(default=MAX_FACTS, ge=1, description="facts a story, at most")
    strictness: float = Field(
        default=DEFAULT_STRICTNESS,
        ge=0,
        le=1,
        description="0 lets most claims pass, 1 refuses most",
    )
    seed: int = 0
    at: str = Field(default="02:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM")

    def paths(self) -> Iterator[Path]:
        """Yield what `sources` name, globs expanded, in order.

        Raises:
            ConfigError: a source that is no glob does not exist.
        """
        for source in self.sources:
            path = Path(source)
            if any(char in source for char in "*?["):
                yield from sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
            elif path.exists():
                yield path
            else:
                raise ConfigError(f"the source {source} does not exist")


def load_config(path: Path) -> DigestConfig:
    """Read a digest.toml.

    Raises:
        ConfigError: it cannot be read, or a key or value is wrong; says which, and for an
            unknown key the nearest known one.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    try:
        config = DigestConfig.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from error
    base = path.resolve().parent
    return config.model_copy(
        update={
            "sources": tuple(str(base / source) for source in config.sources),
            "output": base / config.output,
            "state": base / config.state,
            "model": _model(config.model, base),
        }
    )


def _model(name: str, base: Path) -> str:
    """Return `name`, made absolute where it is a GGUF file beside the configuration."""
    return str(base / name) if name.endswith(".gguf") else name


def _explain(error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        key = ".".join(map(str, fault["loc"]))
        if fault["type"] == "extra_forbidden":
            near = get_close_matches(key, list(DigestConfig.model_fields), n=1)
            lines.append(f"unknown key {key}" + (f", did you mean {near[0]}?" if near else ""))
        else:
            lines.append(f"{key}: {fault['msg']}")
    return "; ".join(lines)
