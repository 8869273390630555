"""The commented digest.toml that `summarizer digest init` writes, made from the models.

Every key stands in it with its default and its description as the comment, so that the file
cannot fall behind the code; only the order and the words between are written here.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from summarizer.digest.config.faults import table_of
from summarizer.digest.config.literals import literal
from summarizer.digest.config.settings import DigestConfig

_START = """\
# The nightly digest: what it reads, what it runs, where the brief goes.
#
#   summarizer digest --dry-run          what tonight would read and do; nothing is written
#   summarizer digest                    makes the brief now
#   summarizer digest schedule --cron    the crontab line that makes it every night
#
# A line that begins with # and a letter or bracket is a setting that is off: remove the # to use
# it. Everything else has its default. Relative paths are relative to this file. Durations are
# written "45m", "1h30m" or "7d". An environment variable such as SUMMARIZER_DIGEST__MODEL or
# SUMMARIZER_DIGEST__FETCH__DELAY_S overrides a key.
"""
# Keys of the top first: in TOML what follows a [table] belongs to it. The sources are written
# with a dot, since they are what a newcomer fills in first.
_TOP = {
    "What to read: folders, feeds, single pages, lists of pages": ("sources",),
    "What to run, and until when": ("model", "lora", "deadline"),
    "What a brief holds": (
        "window",
        "folder_window",
        "max_facts",
        "max_words",
        "strictness",
        "memory_nights",
        "quiet_nights",
        "deliver_empty",
    ),
    "What it remembers": ("state",),
    "For the particular": ("parallel", "reproducible", "verifier", "seed"),
}
_TABLES = {
    "output": "Files by date",
    "schedule": "When it starts",
    "site": "A static folder with an index and an Atom feed",
    "email": "Mail; repeat the table for a second one, with a name of its own",
    "webhook": "A webhook; repeat the table for a second one, with a name of its own",
    "fetch": "How feeds and pages are asked for",
    "retention": "How long things are kept; briefs stay",
    "log": "Log and figures in files",
}


def init_text() -> str:
    """Return a commented digest.toml that reads the folder "inbox"; all else has its default."""
    blocks = [_START]
    for title, names in _TOP.items():
        blocks.append("\n".join(_top_block(title, names)) + "\n")
    for name, title in _TABLES.items():
        blocks.append("\n".join(_table_block(name, title)) + "\n")
    return "\n".join(blocks)


def _top_block(title: str, names: tuple[str, ...]) -> Iterator[str]:
    yield f"# --- {title} ---"
    for name in names:
        field = DigestConfig.model_fields[name]
        if table := table_of(field):
            for key, inner in table.model_fields.items():
                yield from _setting(f"{name}.{key}", inner, on=key == "folders")
        else:
            yield from _setting(name, field, on=not field.examples)


def _table_block(name: str, title: str) -> Iterator[str]:
    field = DigestConfig.model_fields[name]
    table = table_of(field)
    if table is None:
        raise TypeError(f"{name} is no table")
    on = isinstance(field.get_default(call_default_factory=True), BaseModel)
    yield f"# --- {title} ---"
    heading = f"[[{name}]]" if field.get_default() == () else f"[{name}]"
    yield heading if on else f"#{heading}"
    for key, inner in table.model_fields.items():
        yield from _setting(key, inner, on=on and not inner.examples)


def _setting(key: str, field: FieldInfo, *, on: bool) -> Iterator[str]:
    """Yield the comment and the line of a key: its default, or an example that is off."""
    yield f"# {field.description}"
    value = field.examples[0] if field.examples else field.get_default()
    yield f"{'' if on else '#'}{key} = {literal(value)}"
