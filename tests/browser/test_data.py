"""From two files on the desk to one's own numbers on the screen, all in the browser."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.serving import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("chromium"),  # first of all: without one, nothing else is started
]

PATIENCE = 90_000
"""Milliseconds for a process on a busy machine."""
CANARY = "quetzalcoatl"


def write_people(file: Path) -> None:
    rows = [
        f"{CANARY}{number}@example.org,Person {number},{'Sales' if number % 2 else 'Engineering'}"
        for number in range(60)
    ]
    file.write_text("Work email,Full name,Department\n" + "\n".join(rows) + "\n", encoding="utf-8")


def write_conversations(file: Path) -> None:
    draw = random.Random(7)
    rows = []
    for number in range(240):
        one, other = draw.sample(range(60), 2)
        day = f"2026-{1 + number % 6:02d}-{1 + number % 27:02d}T10:00:00+01:00"
        rows.append(f"{CANARY}{one}@example.org,{CANARY}{other}@example.org,{day},completed")
    head = "Person A,Person B,Start time,Status\n"
    file.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


def choose(watched: Watched, label: str, option: str) -> None:
    watched.page.get_by_role("combobox", name=label).click()
    found = watched.page.get_by_role("option", name=option).first
    watched.runs.act(found.click)
    watched.runs.settle()


def fill(watched: Watched, label: str, text: str) -> None:
    box = watched.page.get_by_label(label)
    box.fill(text)
    watched.runs.act(lambda: box.press("Enter"))
    watched.runs.settle()


def press(page: Page, key: str, then: str) -> None:
    page.locator(f".st-key-{key} button").click()
    expect(page.get_by_text(then).first).to_be_visible(timeout=PATIENCE)


def upload(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("What does each column mean?")).to_be_visible(timeout=PATIENCE)


def test_two_files_become_a_release_and_no_identifier_is_kept(
    tmp_path: Path,
    open_page: Callable[..., Watched],
    axe: Callable[[Page], list[str]],
    screenshot: Callable[[Page, str], Path],
) -> None:
    home, people, talks = tmp_path / "home", tmp_path / "people.csv", tmp_path / "talks.csv"
    write_people(people)
    write_conversations(talks)
    with serving(home, tmp_path / "log") as server:
        watched = open_page()
        page = watched.page
        watched.runs.goto(f"{server.address}/data")
        expect(page.get_by_text("Nothing has come in yet.")).to_be_visible(timeout=PATIENCE)
        upload(page, people)
        watched.runs.settle()
        fill(watched, "Day on which the file was true", "2025-12-01")
        screenshot(page, "data_matching_wide_light")
        assert axe(page) == []
        press(page, "data_check", "What would come in")
        press(page, "data_import", "Imported.")
        watched.runs.settle()
        upload(page, talks)
        watched.runs.settle()
        fill(watched, "Name of the programme", "Pairs")
        press(page, "data_check", "What would come in")
        press(page, "data_import", "240 conversations of 60 people")
        watched.runs.settle()
        press(page, "data_build", "The release is built")
        watched.runs.settle()
        assert axe(page) == []
        watched.runs.goto(server.address)
        expect(page.locator(".st-key-answer")).to_contain_text("60 people")
        assert CANARY not in page.content()
        assert watched.complaints.foreign == []
    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    assert [f.name for f in files if CANARY.encode() in f.read_bytes().lower()] == []
    assert CANARY not in (tmp_path / "log").read_text(encoding="utf-8")
