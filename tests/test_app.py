"""The server: its headers, its settings, and that a deep link passes through the router."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from app import content_policy
from release.shelf import publish
from tests.browser.serving import Server, serving
from tests.small_release import contents
from weft import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
EXPECTED_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a real server of a small release."""
    home = tmp_path_factory.mktemp("home")
    publish(contents(), home / "releases")
    with serving(home, home / "log") as running:
        yield running


@dataclass(frozen=True)
class Answer:
    """What a server sent."""

    status: int
    headers: Message
    text: str


@pytest.fixture(scope="module")
def asked(server: Server) -> dict[str, Answer]:
    """Return the server's answers to what a browser first asks for, and to what is not there."""
    missing = "/connection/_stcore/health"
    with closing(HTTPConnection(urlsplit(server.address).netloc)) as connection:
        found = {}
        for path in ("/", "/connection", "/healthz", "/_stcore/health", missing):
            connection.request("GET", path)
            sent = connection.getresponse()
            found[path] = Answer(sent.status, sent.headers, sent.read().decode())
    return found


def test_the_server_says_that_it_is_well(asked: dict) -> None:
    assert asked["/healthz"].text == "ok"
    assert asked["/healthz"].status == 200


def test_every_answer_carries_the_headers_and_every_failure(asked: dict) -> None:
    assert {answer.status for answer in asked.values()} == {200, 404}
    for answer in asked.values():
        for name, value in EXPECTED_HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["content-security-policy"] == content_policy()


def test_the_page_that_is_sent_runs_only_scripts_that_the_policy_names(asked: dict) -> None:
    policy = directives()["script-src"]
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", asked["/"].text, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_a_deep_link_to_a_fresh_server_is_answered_by_the_router(asked: dict) -> None:
    assert asked["/connection"].status == 200
    assert asked["/connection"].text == asked["/"].text


def directives() -> dict[str, list[str]]:
    parts = (part.split() for part in content_policy().split(";"))
    return {name: values for name, *values in parts}


def test_the_policy_allows_no_foreign_host_and_no_evaluation() -> None:
    policy = directives()
    assert "'unsafe-eval'" not in policy["script-src"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert not re.search(r"https?:|\*", content_policy())


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "enableStaticServing", False),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "viewer"),
        ("runner", "magicEnabled", False),
    ],
)
def test_a_setting_that_protects_is_in_force(section: str, key: str, value: object) -> None:
    assert CONFIG[section][key] == value


def test_no_face_and_no_picture_is_fetched_from_elsewhere() -> None:
    assert "://" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    style = (ROOT / "ui" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|://", style)


def test_no_page_stands_beside_the_main_script() -> None:
    # a folder "pages" beside it would be run without the router by a deep link to a fresh server
    assert not (ROOT / "ui" / "pages").exists()
    source = (ROOT / "app.py").read_text(encoding="utf-8")
    assert 'ROOT / "ui" / "main.py"' in source
