"""Brief <-> JSON of schemas/brief.v1.json."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import islice
from typing import Any, NoReturn

import jsonschema
from pydantic import ValidationError

from summarizer.assets import asset
from summarizer.data import Brief
from summarizer.errors import BriefError

BRIEF_SCHEMA = "brief.v1"  # goes into Versions.brief_schema; schemas/brief.v1.json

# What json.dumps leaves as it is and a terminal or an editor would obey: DEL and the C1 controls,
# invisible and bidirectional format characters, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MOST_ERRORS = 100  # looked at; a file made for it could have millions
_HINT = "Give a brief.json as `summarizer brief` wrote it, unchanged."


def to_json(brief: Brief) -> str:
    r"""Return `brief` as JSON: keys in the order of the records, indented, newline at the end.

    Characters beyond ASCII are written as they are, but for those that control a terminal or
    cannot be seen, which are written as \u escapes; from_json gives the same brief back.
    """
    text = json.dumps(brief.model_dump(mode="json"), ensure_ascii=False, allow_nan=False, indent=1)
    return escape_unsafe(text) + "\n"


def escape_unsafe(text: str) -> str:
    r"""Return JSON with what controls a terminal or cannot be seen written as \u escapes."""
    return _UNSAFE.sub(_as_escape, text)


def _as_escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]  # ensure_ascii: a surrogate pair beyond the BMP


def from_json(text: str) -> Brief:
    """Return the brief that to_json wrote, checked against the schema and then the records.

    The quotes are not checked against the articles: that is summarizer.verify.verify_brief.

    Raises:
        BriefError: `text` is no JSON, or no brief of this schema; the message says where.
    """
    try:
        value = strict_json(text)
    except (ValueError, RecursionError) as exc:
        raise BriefError(f"the brief is not JSON: {exc}", hint=_HINT) from exc
    error = jsonschema.exceptions.best_match(islice(_validator().iter_errors(value), _MOST_ERRORS))
    if error is not None:
        where = error.json_path.removeprefix("$.")
        raise BriefError(
            f"the brief does not fit its schema at {where}: {error.message[:200]}",
            hint=_schema_hint(value),
        )
    try:
        return Brief.model_validate_json(text, strict=True)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BriefError(
            f"the brief cannot be read at {where}: {first['msg']}", hint=_HINT
        ) from exc


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = (asset("schemas") / f"{BRIEF_SCHEMA}.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(schema))


def _schema_hint(value: Any) -> str:
    """Return a hint that names the schema of `value` where that is another than ours."""
    versions = value.get("versions") if isinstance(value, dict) else None
    written = versions.get("brief_schema") if isinstance(versions, dict) else None
    if isinstance(written, str) and written != BRIEF_SCHEMA:
        return f"It was written as {written[:40]}; this program reads {BRIEF_SCHEMA}."
    return _HINT


def strict_json(text: str) -> Any:
    """Return the value of JSON as the standard has it: no NaN, no key twice in one object.

    Raises:
        ValueError: it is no such JSON.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_repeats)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that has a key twice: readers differ in which one they believe."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def brief_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a brief, made from the records."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:summarizer:schema:{BRIEF_SCHEMA}",
        **Brief.model_json_schema(),
        "title": "Brief",
        "version": BRIEF_SCHEMA,
    }
