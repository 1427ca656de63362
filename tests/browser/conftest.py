"""What the browser tests share: one server, one Chromium, and pages that are watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.serving import Server, serving
from tests.browser.watching import Complaints, RunWatcher
from weft import ROOT, find_chromium

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCHEMES = ("light", "dark")
ARTEFACTS = ROOT / "artefacts"


@dataclass(frozen=True)
class Watched:
    """A page with its watchers."""

    page: Page
    runs: RunWatcher
    complaints: Complaints


@pytest.fixture(scope="session")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server of the sample organisation, shared by all browser tests."""
    with serving(sample_home, tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a Chromium without a window, or skip where there is none."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge found; WEFT_CHROMIUM names one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visitors(chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Return a visitor for each colour scheme, whose browser keeps Streamlit's files meanwhile."""
    contexts = {
        scheme: chromium.new_context(
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        for scheme in SCHEMES
    }
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(visitors: dict[str, BrowserContext]) -> Iterator[Callable[..., Watched]]:
    """Return a function that opens a watched, empty page: ``open_page(width, height, scheme)``."""
    pages = []

    def open_one(width: int = 1440, height: int = 900, scheme: str = "light") -> Watched:
        page = visitors[scheme].new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        return Watched(page, RunWatcher(page), Complaints(page))

    yield open_one
    for page in pages:
        page.close()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return a function that lists what axe finds serious or critical on a page."""

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(
            "tags => axe.run({runOnly: tags, resultTypes: ['violations']})", WCAG
        )["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node['failureSummary']}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    return violations


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """Return a function that keeps a picture of the whole page in ``artefacts/``."""

    def take(page: Page, name: str) -> Path:
        ARTEFACTS.mkdir(exist_ok=True)
        file = ARTEFACTS / f"{name}.png"
        size = page.viewport_size
        # the page scrolls inside its main part, which a full-page picture does not unroll
        tall = page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('[data-testid=\"stMain\"]')]"
            ".map(part => part.scrollHeight), innerHeight)"
        )
        page.set_viewport_size({"width": size["width"], "height": min(tall, 8000)})
        page.wait_for_timeout(300)  # charts redraw at the new size
        page.screenshot(path=file, animations="disabled")
        page.set_viewport_size(size)
        return file

    return take
