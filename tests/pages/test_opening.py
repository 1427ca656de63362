"""The whole script on a folder of releases: none yet, a damaged one, and an older one instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from release.shelf import publish
from tests.pages.conftest import SECONDS, words_on
from tests.small_release import contents
from weft import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    return tmp_path


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "ui" / "main.py"), default_timeout=SECONDS).run()
    assert list(app.exception) == []
    return app


def spoil(home: Path, release: str) -> None:
    file = home / "releases" / release
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def test_without_a_release_the_page_says_what_to_do(home: Path) -> None:
    app = opened()
    assert "nothing to show yet" in words_on(app)
    commands = " ".join(block.value for block in app.code)
    for command in ("weft.py run", "weft.py import FOLDER", "weft.py build"):
        assert command in commands
    assert str(home) not in words_on(app)


def test_a_release_is_shown(home: Path) -> None:
    publish(contents(), home / "releases")
    assert str(opened().markdown[0].value).startswith("Yes: people meet")


def test_a_new_release_is_shown_on_the_next_run(home: Path) -> None:
    publish(contents(), home / "releases")
    app = opened()
    publish(contents(label="department"), home / "releases")
    assert "outside their own department" in str(app.run().markdown[0].value)


def test_a_damaged_release_gives_way_to_the_one_before_and_says_so(home: Path) -> None:
    publish(contents(), home / "releases")
    newest = publish(contents(label="department"), home / "releases")
    spoil(home, newest.file)
    shown = words_on(opened())
    assert "outside their own function" in shown
    assert "the newest release is damaged" in shown


def test_where_every_release_is_damaged_the_page_says_so_and_shows_nothing(home: Path) -> None:
    spoil(home, publish(contents(), home / "releases").file)
    app = opened()
    assert "damaged" in words_on(app)
    assert list(app.get("vega_lite_chart")) == []
