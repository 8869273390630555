"""What `import summarizer` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import summarizer


def test_all_names_can_be_imported_and_are_sorted():
    assert sorted(summarizer.__all__) == summarizer.__all__
    for name in summarizer.__all__:
        assert getattr(summarizer, name) is not None


def test_what_a_notebook_needs_for_a_page_is_public():
    assert {"Made", "make_brief", "read_article", "to_html"} <= set(summarizer.__all__)


def test_public_functions_say_what_they_do():
    for name in summarizer.__all__:
        assert (getattr(summarizer, name).__doc__ or "").strip(), name


@pytest.mark.parametrize("library", ["llama_cpp", "trafilatura", "pypdf", "huggingface_hub"])
def test_import_does_not_load_heavy_libraries(library):
    code = f"import sys, summarizer; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
