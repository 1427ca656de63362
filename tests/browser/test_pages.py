"""Every page, as people see it: wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.serving import Server, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("chromium"),  # first of all: without one, nothing else is started
]

PAGES = {
    "headlines": "/",
    "connection": "/connection",
    "growth": "/growth",
    "cohorts": "/cohorts",
    "engagement": "/engagement",
    "profiles": "/profiles",
    "methods": "/methods",
}
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
OPENED_AT = {"light": ("wide", "narrow"), "dark": ("narrow", "wide")}
"""The width at which a page is opened in each colour scheme, and the one it is turned to then."""

# what sticks out of the window, or out of the part of the page that scrolls
STICKS_OUT = """() => [...document.querySelectorAll('html, body, [data-testid="stMain"]')]
    .filter(part => part.scrollWidth > Math.min(part.clientWidth, innerWidth) + 1)
    .map(part => `${part.tagName} ${part.scrollWidth} > ${part.clientWidth}`)"""


@pytest.mark.parametrize("scheme", OPENED_AT)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_its_question_for_everybody(
    name: str,
    scheme: str,
    server: Server,
    open_page: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    screenshot: Callable[[Page, str], Path],
) -> None:
    first, second = OPENED_AT[scheme]
    watched = open_page(*SIZES[first], scheme)
    page = watched.page
    watched.runs.goto(server.address + PAGES[name])
    for size in (first, second):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        screenshot(page, f"{name}_{size}_{scheme}")
        expect(page.locator(".st-key-answer")).to_be_visible()
        expect(page.locator(".st-key-answer")).to_have_text(re.compile(r"\w+"))
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        assert page.evaluate(STICKS_OUT) == []
        assert axe(page) == []
    assert watched.complaints.errors == []
    assert watched.complaints.foreign == []


def test_a_deep_link_to_a_fresh_server_goes_through_the_router(
    sample_home: Path, tmp_path: Path, open_page: Callable[..., Watched]
) -> None:
    with serving(sample_home, tmp_path / "log") as fresh:
        watched = open_page()
        watched.runs.goto(f"{fresh.address}/connection")
        expect(watched.page.locator('a[href$="/methods"]').first).to_be_visible()
        expect(watched.page.locator(".st-key-answer")).to_be_visible()
        assert watched.complaints.errors == []


def test_a_chosen_attribute_stands_in_the_link_and_comes_back(
    server: Server, open_page: Callable[..., Watched]
) -> None:
    watched = open_page()
    page = watched.page
    watched.runs.goto(f"{server.address}/connection")
    answer = page.locator(".st-key-answer").inner_text()
    shown = page.locator(".st-key-attribute")
    shown.get_by_role("combobox").click()
    last = page.get_by_role("option").last
    label = last.inner_text()
    watched.runs.act(last.click)
    watched.runs.settle()
    assert parse_qs(urlsplit(page.url).query).get("attribute"), page.url
    assert page.locator(".st-key-answer").inner_text() != answer
    watched.runs.goto(page.url)
    assert label in chosen(page)


def test_a_link_by_key_is_kept_when_another_choice_is_made(
    server: Server, open_page: Callable[..., Watched]
) -> None:
    watched = open_page()
    page = watched.page
    watched.runs.goto(f"{server.address}/connection?attribute=gender")
    assert "Gender" in chosen(page)
    page.locator(".st-key-period").get_by_role("combobox").click()
    watched.runs.act(page.get_by_role("option").last.click)
    watched.runs.settle()
    assert "gender" in page.locator(".st-key-answer").inner_text()
    watched.runs.goto(page.url)
    assert "Gender" in chosen(page), page.url


def test_what_to_decide_leads_to_the_page_that_tells_more_as_it_is_chosen_there(
    server: Server, open_page: Callable[..., Watched]
) -> None:
    watched = open_page()
    page = watched.page
    watched.runs.goto(server.address)
    watched.runs.act(page.get_by_role("link", name="More on Connection").click)
    watched.runs.settle()
    expect(page.locator("h1")).to_contain_text("a lottery would give")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"attribute": ["Seniority"], "slice": ["Crossings"]}
    assert "In Crossings" in page.locator(".st-key-answer").inner_text()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Is it working?")
    assert watched.complaints.errors == []


def test_the_table_behind_a_picture_opens_by_keyboard(
    server: Server, open_page: Callable[..., Watched], axe: Callable[[Page], list[str]]
) -> None:
    watched = open_page()
    page = watched.page
    watched.runs.goto(f"{server.address}/connection")
    summary = page.locator(".st-key-numbers_trend summary")
    summary.focus()
    watched.runs.act(lambda: page.keyboard.press("Enter"))
    watched.runs.settle()
    expect(page.locator(".st-key-numbers_trend table")).to_be_visible()
    assert page.evaluate(STICKS_OUT) == []
    assert axe(page) == []
    with page.expect_download() as download:
        page.locator(".st-key-download_CSV_trend button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith('"# Weft, release')
    assert watched.complaints.errors == []


def test_pictures_have_words_and_headings_have_an_order(
    server: Server, open_page: Callable[..., Watched]
) -> None:
    watched = open_page()
    watched.runs.goto(f"{server.address}/connection")
    page = watched.page
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3')].map(h => h.tagName)")
    assert levels == ["H1", *["H2"] * 3]
    words = page.evaluate(
        "() => [...document.querySelectorAll('[role=\"graphics-document\"]')]"
        ".map(part => part.getAttribute('aria-label') || '')"
    )
    assert len(words) == 3
    assert all(len(said.split()) > 5 for said in words)


def chosen(page: Page) -> str:
    """Return what the attribute's box shows."""
    box = page.locator(".st-key-attribute")
    return f"{box.inner_text()} {box.get_by_role('combobox').input_value()}"
