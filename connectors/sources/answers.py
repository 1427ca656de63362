"""What a service answered: whole or broken, data or an error, with which status."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx

from connectors.contract import SourceError

TRANSIENT = (408, 425, 429, 500, 502, 503, 504, 598)
NOTHING_LOST = "What was loaded before stays; the next run continues there."

Json = dict | list | None


@dataclass(frozen=True)
class Answer:
    """A complete answer: its status, headers and body."""

    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(frozen=True)
class Page:
    """What was read from one page, and where the next one is; empty = this was the last."""

    content: Json
    headers: httpx.Headers
    address: str


def parse(answer: Answer, name: str) -> Json:
    """Return the JSON of an answer; raise SourceError for a page for people or an error within."""
    if "html" in answer.headers.get("Content-Type", "") or answer.body.lstrip()[:1] == b"<":
        raise SourceError(
            f"{name}: answered with a web page instead of data, perhaps a log-in or maintenance "
            f"page. Open the address in a browser and look. {NOTHING_LOST}"
        )
    content = _json(answer.body)
    if content is _BROKEN or (isinstance(content, dict) and content.get("error")):
        raise SourceError(
            f"{name}: answered 'all is well' with an error inside instead of data. "
            f"Try again later, then ask the service. {NOTHING_LOST}"
        )
    return content


_BROKEN = object()


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _BROKEN


def error_code(answer: Answer) -> int | None:
    """Return the status of a failed answer, also where it stands inside a good one."""
    if answer.status >= 400:
        return answer.status
    if b'"error"' not in answer.body[:2_000]:
        return None
    content = _json(answer.body)
    inside = content.get("error") if isinstance(content, dict) else None
    code = inside.get("code") if isinstance(inside, dict) else None
    return int(code) if str(code).isdigit() else None


def comes_and_goes(answer: Answer) -> bool:
    """Tell whether it is worth asking again."""
    if answer.status == 200 and "json" in answer.headers.get("Content-Type", ""):
        # a body that ends too early and does not say how long it should be
        return error_code(answer) in TRANSIENT or _json(answer.body) is _BROKEN
    return answer.status in TRANSIENT
