"""The server: warms up before its port opens, and sends every answer with security headers."""

from __future__ import annotations

import gc
import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import App

from release import Damaged, NoRelease
from settings import load

ROOT = Path(__file__).parent
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_policy() -> str:
    """Allow this server's own files and the one script that Streamlit's page carries inline."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    hashes = " ".join(
        f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


class SecurityHeaders:
    """Add the headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = {
            "content-security-policy": content_policy(),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the head of the response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def warm_up(_: App) -> AsyncIterator[None]:
    """Import what pages need and open the release, so that the first visitor does not wait."""
    import pandas  # noqa: F401  (Streamlit imports it with the first chart: after the freeze below)
    import vl_convert  # noqa: F401

    from pages import (  # noqa: F401
        cohorts,
        connection,
        data,
        engagement,
        growth,
        headlines,
        methods,
        profiles,
    )
    from ui.releases import current_release

    with suppress(NoRelease, Damaged):
        current_release()
    gc.collect()
    # after every run Streamlit collects garbage; what lives for ever need not be looked at again
    gc.freeze()
    yield


async def healthy(_: object) -> PlainTextResponse:
    """Say that the server answers."""
    return PlainTextResponse("ok")


app = App(
    ROOT / "ui" / "main.py",
    lifespan=warm_up,
    routes=[Route("/healthz", healthy)],
    middleware=[Middleware(SecurityHeaders)],
)

if __name__ == "__main__":
    # Ctrl-C is how one stops Weft, not an error
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": load().port})
