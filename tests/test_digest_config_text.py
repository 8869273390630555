"""The digest.toml that init writes: it loads, and no key is missing in it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from summarizer.digest.config import DigestConfig, Sources, init_text
from summarizer.digest.config.faults import table_of
from summarizer.digest.config.literals import literal
from tests.digest_configs import load


def _uncommented(text: str) -> str:
    return re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)


def _models() -> dict[str, type[BaseModel]]:
    """Return the tables by their name in the file; the top is ""."""
    fields = DigestConfig.model_fields
    tables = {name: table for name, field in fields.items() if (table := table_of(field))}
    return {"": DigestConfig, **tables}


def _values(model: BaseModel) -> list[Any]:
    """Return every value of the settings, tables entered."""
    found: list[Any] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            found.extend(_values(one) if isinstance(one, BaseModel) else [one])
    return found


def test_written_file_loads_and_has_the_defaults(tmp_path):
    config = load(tmp_path, init_text())
    assert config == DigestConfig(sources=Sources(folders=("inbox",))).beside(tmp_path.resolve())


def test_written_file_loads_with_every_example_in_use(tmp_path):
    config = load(tmp_path, _uncommented(init_text()))
    assert config.sources.feeds and config.sources.pages and config.sources.lists
    assert config.deadline == dt.time(6, 30)
    assert [one.port for one in config.email] == [465]
    assert [one.headers for one in config.webhook] == [{"X-Source": "digest"}]
    assert config.site and config.lora and config.log.metrics


def test_every_field_with_a_path_is_made_absolute(tmp_path):
    """A field that is added later, too, if its type is a path."""
    config = load(tmp_path, _uncommented(init_text()))
    paths = [value for value in _values(config) if isinstance(value, Path)]
    assert len(paths) == 7
    assert all(path.is_absolute() for path in paths)


def test_written_file_names_every_key():
    values = tomllib.loads(_uncommented(init_text()))
    for name, model in _models().items():
        table = values if not name else values[name]
        keys = table[0] if isinstance(table, list) else table
        assert set(keys) == set(model.model_fields), name


def test_written_file_has_each_key_explained_on_one_line():
    lines = init_text().splitlines()
    assert max(map(len, lines)) <= 100
    settings = [n for n, line in enumerate(lines) if re.match(r"#?[a-z_.]+ = ", line)]
    assert (
        len(settings) == sum(len(m.model_fields) for m in _models().values()) - len(_models()) + 1
    )
    assert all(re.match(r"# \S", lines[n - 1]) for n in settings)


def test_written_file_begins_with_the_sources():
    keys = [line for line in init_text().splitlines() if re.match(r"#?[a-z_.]+ = |#?\[", line)]
    assert keys[0] == 'sources.folders = ["inbox"]'


def test_written_file_says_that_pages_outlive_retention():
    lines = init_text().splitlines()
    (told,) = (lines[n - 1] for n, line in enumerate(lines) if line.startswith("articles = "))
    assert told.endswith("pages in [output] keep theirs")


def test_every_field_has_a_description():
    for model in _models().values():
        assert all(field.description for field in model.model_fields.values()), model


@pytest.mark.parametrize(
    "value",
    [True, 7, 10_000_000, 0.5, 'a "b" \\ \n\x07 ü', ("a", "b"), (), {"X-A": "b"}, {}, Path("/x")],
)
def test_literal_is_read_back_by_toml(value):
    plain = str(value) if isinstance(value, Path) else value
    plain = list(plain) if isinstance(plain, tuple) else plain
    assert tomllib.loads(f"x = {literal(value)}")["x"] == plain


def test_literal_of_what_toml_has_no_form_for_is_an_error():
    with pytest.raises(TypeError, match="NoneType"):
        literal(None)
