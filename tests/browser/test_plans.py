"""An action taken on by keyboard alone, kept across a new visit, and done."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.serving import serving
from tests.browser.test_pages import STICKS_OUT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("chromium"),  # first of all: without one, nothing else is started
]

OWNER = "hosts of the cohort"


@pytest.mark.parametrize(("size", "scheme"), [((1440, 900), "light"), ((390, 844), "dark")])
def test_an_action_is_taken_on_by_keyboard_and_done(
    size: tuple[int, int],
    scheme: str,
    sample_home: Path,
    tmp_path: Path,
    open_page: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    screenshot: Callable[[Page, str], Path],
) -> None:
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
    with serving(home, tmp_path / "log") as server:
        watched = open_page(*size, scheme)
        page, runs = watched.page, watched.runs
        runs.goto(f"{server.address}/engagement")
        page.locator("summary", has_text="Take one of these on").first.focus()
        runs.act(lambda: page.keyboard.press("Enter"))
        runs.settle()
        page.get_by_label("Who takes care of it").focus()
        page.keyboard.type(OWNER)
        assert page.evaluate(STICKS_OUT) == []
        assert axe(page) == []
        screenshot(page, f"plans_form_{size[0]}_{scheme}")
        page.get_by_role("button", name="Take this on").focus()
        runs.act(lambda: page.keyboard.press("Enter"))
        runs.settle()
        taken = page.locator(".st-key-prose_plans")
        expect(taken).to_contain_text(OWNER)
        assert axe(page) == []
        runs.goto(f"{server.address}/engagement")
        expect(taken).to_contain_text("look again on")
        screenshot(page, f"plans_{size[0]}_{scheme}")
        taken.get_by_role("button", name="Done").focus()
        runs.act(lambda: page.keyboard.press("Enter"))
        runs.settle()
        expect(taken).to_contain_text("Done:")
        assert page.evaluate(STICKS_OUT) == []
        assert watched.complaints.errors == []
