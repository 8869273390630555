"""From digest.toml and the environment to a DigestConfig."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError
from pydantic_settings import SettingsError

from summarizer.digest.config.faults import explain
from summarizer.digest.config.settings import ENV_PREFIX, DigestConfig
from summarizer.errors import ConfigError

FILE_VARIABLE = "SUMMARIZER_DIGEST"
FILE_NAME = "digest.toml"
_INIT_HINT = "Run `summarizer digest init` to write one."


def find_config(given: Path | None = None) -> Path:
    """Return the digest.toml to use.

    It is `given`; else $SUMMARIZER_DIGEST; else ./digest.toml; else digest.toml in the user's
    configuration folder. The first two must exist.

    Raises:
        ConfigError: there is none.
    """
    named = os.environ.get(FILE_VARIABLE)
    if given is not None or named:
        path = given if given is not None else Path(named or "").expanduser()
        if path.is_file():
            return path
        origin = "" if given is not None else f", which ${FILE_VARIABLE} names,"
        raise ConfigError(f"the configuration {path}{origin} {_absent(path)}", hint=_INIT_HINT)
    places = (Path(FILE_NAME), Path(platformdirs.user_config_dir("summarizer")) / FILE_NAME)
    for path in places:
        if path.is_file():
            return path
    raise ConfigError(
        f"there is no {FILE_NAME} in this folder and none at {places[1]}", hint=_INIT_HINT
    )


def load_config(path: Path, **overrides: Any) -> DigestConfig:
    """Read a digest.toml; environment variables override it, and `overrides` both.

    The variable SUMMARIZER_DIGEST__MODEL is the key model, SUMMARIZER_DIGEST__FETCH__DELAY_S
    the key delay_s of the table fetch; lists are written in them as JSON. Wherever it comes
    from, a relative path is relative to the file's folder.

    Raises:
        ConfigError: it cannot be read, or keys or values are wrong: names each of them, and for
            an unknown key the nearest known one.
    """
    if not path.is_file():  # the TOML source would take it for an empty one
        raise ConfigError(f"the configuration {path} {_absent(path)}", hint=_INIT_HINT)
    variables = {name.upper() for name in os.environ if name.upper().startswith(ENV_PREFIX)}
    unknown = _unknown_variables(variables)
    try:
        config = DigestConfig.from_file(path, **overrides)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    except SettingsError as error:
        raise ConfigError(
            f"the environment: {error}; lists and tables are JSON there, as "
            f"""{ENV_PREFIX}SOURCES__FOLDERS='["inbox"]'"""
        ) from error
    except ValidationError as error:
        raise ConfigError(_listed(path, unknown + explain(error, variables))) from error
    if unknown:
        raise ConfigError(_listed(path, unknown))
    return config.beside(path.resolve().parent)


def _absent(path: Path) -> str:
    return "is no file" if path.exists() else "does not exist"


def _unknown_variables(variables: set[str]) -> list[str]:
    """Tell which environment variables begin as ours and are no key: they would be ignored."""
    keys = [name.upper() for name in DigestConfig.model_fields]
    lines = []
    for name in sorted(variables):
        first = name.removeprefix(ENV_PREFIX).partition("__")[0]
        if first not in keys:
            near = get_close_matches(first, keys, n=1)
            known = f", did you mean {ENV_PREFIX}{near[0]}?" if near else ""
            lines.append(f"unknown environment variable {name}{known}")
    return lines


def _listed(path: Path, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"{path}: {lines[0]}"
    return f"{path}: {len(lines)} things are wrong" + "".join(f"\n- {line}" for line in lines)
