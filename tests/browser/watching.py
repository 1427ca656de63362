"""Knowing when a page is done, what the browser complained of, and whom it asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SECONDS = 60.0
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
UNFINISHED = """() => document.querySelectorAll(
    '[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]'
).length"""
# a deep link first looks for the server below its own path, finds nothing there, and goes on
PROBES = ("/_stcore/health", "/_stcore/host-config")


class RunWatcher:
    """Counts the runs of the script that have ended; attach it before the page is opened.

    The messages themselves are counted: the page's own mark of a run is never painted when the
    start and the end of a quick run arrive together.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0
        self.bytes = 0
        page.on("websocket", self._attach)

    def _attach(self, socket: WebSocket) -> None:
        if "/_stcore/stream" in socket.url:
            socket.on("framereceived", self._receive)

    def _receive(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            return
        self.bytes += len(payload)
        message = ForwardMsg.FromString(payload)
        self.count += message.WhichOneof("type") == "script_finished"

    def wait(self, count: int) -> None:
        """Wait until so many runs have ended and the last one is painted."""
        self._until(lambda: self.count >= count, f"run {count} did not end (at {self.count})")
        self.page.evaluate(PAINTED)

    def act(self, action: Callable[[], object]) -> None:
        """Do something and wait for the run that it sets off."""
        count = self.count
        action()
        self.wait(count + 1)

    def goto(self, address: str) -> None:
        """Open an address and wait until its page stands still."""
        self.act(lambda: self.page.goto(address))
        self.settle()

    def settle(self) -> None:
        """Wait until no run has ended and nothing was outstanding for a quarter of a second."""
        quiet = 0
        end = time.monotonic() + SECONDS
        while quiet < 5:
            count = self.count
            self.page.wait_for_timeout(50)
            still = count == self.count and self.page.evaluate(UNFINISHED) == 0
            quiet = quiet + 1 if still else 0
            if time.monotonic() > end:
                raise TimeoutError("the page did not come to rest")
        self.page.evaluate(PAINTED)

    def _until(self, reached: Callable[[], bool], complaint: str) -> None:
        end = time.monotonic() + SECONDS
        while not reached():
            if time.monotonic() > end:
                raise TimeoutError(complaint)
            self.page.wait_for_timeout(5)  # lets Playwright deliver the frames


@dataclass
class Complaints:
    """What the browser complained of, and whom it asked beside our server."""

    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        complains = message.type in ("error", "warning")
        if complains and not urlsplit(address).path.endswith(PROBES):
            self.errors.append(f"{message.text} ({address})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)
