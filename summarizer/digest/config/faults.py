"""What is wrong with a configuration, said so that the next try is right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from summarizer.digest.config.literals import literal
from summarizer.digest.config.settings import ENV_PREFIX, DigestConfig

_NO_SECRETS = "secrets do not belong in the file; name where it is: "
# Keys of earlier versions and likely mistakes, by the table they were written in ("": the top).
_INSTEAD = {
    ("", "at"): "at is now in the table schedule: write [schedule] and below it at = {value}",
    ("", "window_days"): 'window_days is now window: write window = "{value}d"',
    ("email", "password"): _NO_SECRETS + 'password_env = "DIGEST_MAIL_PASSWORD"',
    ("webhook", "secret"): _NO_SECRETS + 'secret_env = "DIGEST_HOOK_SECRET"',
}
_FLATTENED = {"sources": "folders", "output": "folder"}  # tables that were a list and a text
_WRONG_SHAPE = ("model_type", "model_attributes_type")
_WORDS = {  # where pydantic speaks of Python
    "tuple_type": "should be a list in brackets",
    "too_short": "should have at least one entry",
    "string_too_short": "should not be empty",
    "string_type": "should be a text in quotes",
    "dict_type": "should be a table in braces",
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
}
_NEAR, _FAR = 0.8, 0.6  # of difflib: a slip of the finger; another word for it


def explain(error: ValidationError, variables: Collection[str] = ()) -> list[str]:
    """Return a line for each fault of a DigestConfig.

    Args:
        error: what making it raised.
        variables: names of environment variables that were read, so that a fault in one is
            told by its name.
    """
    faults = error.errors(include_url=False)
    return [_line(fault, variables) for fault in faults if not _follows(fault, faults)]


def _follows(fault: Any, faults: Sequence[Any]) -> bool:
    """Tell whether a fault is there only because of another one."""
    if fault["type"] == "default_factory_not_called":
        return True
    loc = fault["loc"]  # a list with nothing right in it counts as too short as well
    return fault["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in faults
    )


def table_of(field: FieldInfo | None) -> type[BaseModel] | None:
    """Return the table that a field holds, alone, optional or repeated; None for a plain value."""
    return _model_in(field.annotation) if field else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _line(fault: Any, variables: Collection[str]) -> str:
    names = [part for part in fault["loc"] if isinstance(part, str)]
    if not names:  # of the settings as a whole
        return _message(fault)
    holder = table_of(DigestConfig.model_fields.get(names[0])) if len(names) > 1 else DigestConfig
    if fault["type"] == "extra_forbidden" and holder:
        return _unknown(names, holder, fault["input"], variables)
    name, key = names[-1], _key(fault["loc"], variables)
    field = holder.model_fields.get(name) if holder else None
    if fault["type"] in _WRONG_SHAPE and (inner := _FLATTENED.get(name)):
        value = _example(fault["input"])
        return f"{name} is a table now: write [{name}] and below it {inner} = {value}"
    if table_of(field) and fault["type"] != "value_error":
        repeated = field is not None and field.get_default() == ()
        heading = f"[[{name}]]" if repeated else f"[{name}]"
        said = "is missing" if fault["type"] == "missing" else "should be a table"
        return f"{key} {said}: write {heading} and its keys below it"
    if fault["type"] == "missing":
        return f"{key} is missing{_as_in(name, field)}"
    if fault["type"] == "value_error":  # ours, with an example already
        return f"{key}: {_message(fault)}"
    return f"{key}: {_message(fault)}{_as_in(name, field)}"


def _key(loc: tuple[int | str, ...], variables: Collection[str]) -> str:
    """Name the key at `loc` as people find it: "email.host of the 2nd [[email]]"."""
    names = [part for part in loc if isinstance(part, str)]
    if (variable := _variable(names)) in variables:
        return f"the environment variable {variable}"
    key = ".".join(names)
    for position, part in enumerate(loc):
        if isinstance(part, int):
            if position == 1 and table_of(DigestConfig.model_fields.get(names[0])):
                key += f" of the {_ordinal(part + 1)} [[{names[0]}]]" if part else ""
            else:
                key += f", the {_ordinal(part + 1)}"
    return key


def _variable(names: list[str]) -> str:
    return ENV_PREFIX + "__".join(names).upper()


def _unknown(
    names: list[str], holder: type[BaseModel], value: object, variables: Collection[str]
) -> str:
    """Say what an unknown key may have been meant to be."""
    key, table = names[-1], ".".join(names[:-1])
    if instead := _INSTEAD.get((table, key)):
        return instead.format(value=_example(value))
    variable = _variable(names)
    unknown = f"unknown environment variable {variable}" if variable in variables else ""
    unknown = unknown or f"unknown key {'.'.join(names)}"
    known = list(holder.model_fields)
    if near := get_close_matches(key.lower(), known, n=1, cutoff=_NEAR):
        return f"{unknown}, did you mean {near[0]}?"
    if table and key in DigestConfig.model_fields:
        # TOML's trap: a key after a table's heading is that table's.
        return f"{unknown}: {key} belongs above the first [table]"
    for name, field in DigestConfig.model_fields.items():
        inner = table_of(field)
        if inner and key in inner.model_fields:
            return f"{unknown}, did you mean {key} in the table {name}?"
    if near := get_close_matches(key.lower(), known, n=1, cutoff=_FAR):
        return f"{unknown}, did you mean {near[0]}?"
    return f"{unknown}; known here: {', '.join(known)}"


def _message(fault: Any) -> str:
    """Return what is wrong in words that do not presume Python."""
    words = _WORDS.get(fault["type"]) or fault["msg"].removeprefix("Value error, ")
    return str(words).replace("Input should be", "should be")


def _example(value: object) -> str:
    try:
        return literal(value)
    except TypeError:
        return "..."


def _as_in(name: str, field: FieldInfo | None) -> str:
    """Return '; for example NAME = VALUE' of a field's example or default."""
    if field is None:
        return ""
    value = field.examples[0] if field.examples else field.get_default()
    return "" if value is None or table_of(field) else f"; for example {name} = {_example(value)}"


def _ordinal(number: int) -> str:
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{tail or 'th'}"
