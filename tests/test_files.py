"""summarizer.files: URLs between files that we wrote."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from summarizer.files import relative_url


@pytest.mark.parametrize(
    ("target", "folder", "url"),
    [
        ("out/brief.html", "out", "brief.html"),
        ("x/brief.html", "out", "../x/brief.html"),
        ("/a/b.html", "/a/c/d", "../../b.html"),
        ("out/../x.html", "out/deep", "../../x.html"),
        ("out/a b#?%41ü.html", "out", "a%20b%23%3F%2541%C3%BC.html"),
        ("javascript:alert(1)", ".", "javascript%3Aalert%281%29"),
        (os.fsdecode(b"\xff"), ".", "%FF"),
    ],
)
def test_a_relative_url_leads_from_the_folder_to_the_file(
    target: str, folder: str, url: str
) -> None:
    assert relative_url(Path(target), Path(folder)) == url


@pytest.mark.parametrize("name", ["".join(map(chr, range(1, 0x80))).replace("/", ""), "\u202e€"])
def test_a_relative_url_is_inert_and_loses_nothing(name: str) -> None:
    url = relative_url(Path("folder") / name, Path())
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", url)
    assert unquote_to_bytes(url) == os.fsencode(f"folder/{name}")
