"""Plans are checked, kept apart from the data, and outlive crashes, tabs and rebuilds."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from plans import LONGEST_OWNER, Book, BookDamaged, Plan, PlanError, State, new_plan
from release import Contents, Release
from release.shelf import open_current, publish
from tests.small_release import contents


def plan(**facts: object) -> Plan:
    base = {
        "page": "engagement", "slice": "cohort=c", "finding": "cohort_alarm",
        "action": "Move the next round.", "owner": "hosts of Spring", "since": date(2026, 5, 4),
        "look_again": date(2026, 6, 29), "release": "abc",
    }  # fmt: skip
    return new_plan(**(base | facts))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "home")


def test_a_home_without_plans_has_none(book: Book) -> None:
    assert book.plans() == ()
    assert not book.file.exists()


def test_a_plan_comes_back_as_it_was_written(book: Book) -> None:
    kept = plan(owner=' Team "Ä" | <b> ')
    book.keep(kept)
    assert book.plans() == (kept,)
    assert kept.owner == 'Team "Ä" | <b>'


def test_a_plan_that_is_done_stays_in_the_book_with_its_history(book: Book) -> None:
    first, second = plan(), plan(owner="facilitators")
    book.keep(first)
    book.keep(second)
    book.settle(first.id, State.DONE)
    assert book.plans() == (replace(first, state=State.DONE), second)
    assert len(book.file.read_text(encoding="utf-8").splitlines()) == 3


def test_a_plan_that_is_not_there_cannot_be_done(book: Book) -> None:
    with pytest.raises(PlanError, match="load the page again"):
        book.settle("gone", State.DONE)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"owner": "   "}, "a role or a team"),
        ({"owner": "x" * (LONGEST_OWNER + 1)}, "60 characters"),
        ({"owner": "hosts\nof Spring"}, "one line"),
        ({"owner": "somebody@example.org"}, "rather than an address"),
        ({"look_again": date(2026, 5, 4)}, "later than the day"),
        ({"look_again": date(2028, 6, 4)}, "two years"),
        ({"action": ""}, "needs its action"),
    ],
)
def test_a_plan_that_says_nothing_is_refused(facts: dict[str, object], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        plan(**facts)


def test_an_error_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(PlanError) as refused:
        plan(owner="somebody@example.org")
    assert "somebody" not in str(refused.value)


def test_two_tabs_lose_nothing(book: Book) -> None:
    def write(owner: str) -> None:
        for _ in range(20):
            book.keep(plan(owner=owner))

    tabs = [Thread(target=write, args=(f"team {number}",)) for number in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(book.plans()) == 4 * 20


@pytest.mark.parametrize("kept_bytes", [1, 40])
def test_a_crash_while_writing_costs_the_last_line_only(book: Book, kept_bytes: int) -> None:
    first, second, third = plan(), plan(), plan()
    book.keep(first)
    whole = book.file.read_bytes()
    book.keep(second)
    torn = book.file.read_bytes()[: len(whole) + kept_bytes]
    book.file.write_bytes(torn)
    assert book.plans() == (first,)
    book.keep(third)
    assert book.plans() == (first, third)


@pytest.mark.parametrize("line", ["no json", "{}", "[1]", '{"id": "x", "more": 1}', "\udc80"])
def test_a_line_that_is_no_plan_is_named_and_not_passed_over(book: Book, line: str) -> None:
    book.keep(plan())
    with book.file.open("ab") as file:
        file.write(line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(BookDamaged, match=r"Line 2 of plans\.jsonl"):
        book.plans()


def test_plans_outlive_new_releases_and_are_no_part_of_them(tmp_path: Path) -> None:
    book, kept = Book(tmp_path), plan()
    publish(contents(), tmp_path / "releases")
    book.keep(kept)
    for number in range(10):
        publish(contents(as_of=f"2026-10-{10 + number}"), tmp_path / "releases")
    assert book.plans() == (kept,)
    opened: Release = open_current(tmp_path / "releases")
    assert kept.owner not in repr(opened.contents)
    assert isinstance(opened.contents, Contents)


def test_a_plan_holds_no_more_than_it_says() -> None:
    assert [each.name for each in fields(Plan)] == [
        "id", "page", "slice", "finding", "action", "owner", "since", "look_again", "state",
        "release",
    ]  # fmt: skip
