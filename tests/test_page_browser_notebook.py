"""The page in the frame of a notebook: its links and its keys stay in the frame."""

from __future__ import annotations

import pytest

from tests.browser import OpenPage, expect, opened_pages, running_browser  # noqa: F401 - fixtures
from tests.conftest import make_bridge_brief

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cell() -> str:
    brief, _ = make_bridge_brief()
    return f"<!DOCTYPE html><title>Notebook</title>{brief._repr_html_()}"


@pytest.mark.parametrize("javascript", [True, False])
def test_links_of_the_frame_stay_in_it(opened: OpenPage, cell: str, javascript: bool) -> None:
    shown = opened(cell, javascript=javascript).page
    for target in ("#sources", "#rejected"):
        shown.frame_locator("iframe").locator(f'a[href="{target}"]').first.click()
        frame = shown.frames[1]
        frame.wait_for_url(f"about:srcdoc{target}")
        assert frame.title() != "Notebook"


def test_the_help_closes_in_a_notebook_too(opened: OpenPage, cell: str) -> None:
    frame = opened(cell).page.frame_locator("iframe")
    frame.locator("button.keys").click()
    expect(frame.locator("#help")).to_be_visible()
    frame.locator("#help button").click()
    expect(frame.locator("#help")).to_be_hidden()
    frame.locator("#search").press("Enter")
