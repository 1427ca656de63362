"""Taking an action on, on the engagement page: a form, a list, and who may write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plans import Book, State, Targets
from tests.pages.conftest import SECONDS, words_on
from tests.plans.test_book import plan
from tests.small_release import PROGRAMME, QUARTERS, cell, contents
from tests.small_release import every_cell as every_cells
from tests.ui.test_engagement import every_cell, release_of
from tests.ui.test_moved import change
from ui.actions import ACTIONS
from ui.words import plain

RunPage = Callable[..., AppTest]
TAKE = "take_{}_cohort=c_cohort_alarm"


def _script(given: object, pages: tuple[str, ...]) -> None:
    # its source is run elsewhere, where only what it imports itself is known
    from access import Viewer
    from pages import engagement
    from release import Release

    engagement.render(Release(given), Viewer(role="owner", pages=pages))


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    return Book(tmp_path)


def opened(*pages: str) -> AppTest:
    cells = [*every_cell(), change("2026-05-11")]
    given = release_of(cells).contents
    return AppTest.from_function(_script, args=(given, pages), default_timeout=SECONDS).run()


def form(app: AppTest, number: int = 0) -> AppTest:
    app.session_state[TAKE.format(number)] = True
    return app.run()


def test_an_action_is_taken_on_and_stands_below(book: Book) -> None:
    app = form(opened("engagement", "data"))
    app.text_input[0].input("hosts of Spring [x](http://evil.example)")
    app.button[0].click().run()
    assert not app.exception
    (kept,) = book.plans()
    assert (kept.slice, kept.finding, kept.since) == ("cohort=c", "cohort_alarm", date.today())
    assert kept.look_again == date.today() + timedelta(days=56)
    assert kept.action == ACTIONS["no_show"][0]
    shown = words_on(app)
    assert "Taken on" in shown
    assert "[x](http://evil.example)" not in shown
    assert "hosts of Spring [x](http" in plain(shown)


def test_a_form_without_an_owner_says_what_is_missing_and_keeps_nothing(book: Book) -> None:
    app = form(opened("engagement", "data"))
    app.button[0].click().run()
    assert "a role or a team" in plain(app.error[0].value)
    assert book.plans() == ()


def test_the_form_is_closed_and_empty_after_a_plan(book: Book) -> None:
    app = form(opened("engagement", "data"))
    app.text_input[0].input("hosts")
    app.button[0].click().run()
    assert len(app.text_input) == 0
    assert form(app, 1).text_input[0].value == ""


@pytest.mark.parametrize(("label", "state"), [("Done", State.DONE), ("Drop", State.DROPPED)])
def test_a_plan_is_done_or_dropped_by_a_button(book: Book, label: str, state: State) -> None:
    book.keep(plan())
    app = opened("engagement", "data")
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    assert [one.state for one in book.plans()] == [state]
    assert not [button for button in app.button if button.label in ("Done", "Drop")]


def test_a_due_plan_says_what_moved(book: Book) -> None:
    book.keep(plan())
    shown = plain(words_on(opened("engagement", "data")))
    assert "Nothing moved beyond what chance and the other cohorts explain" in shown


def test_who_brings_no_data_reads_plans_and_writes_none(book: Book) -> None:
    book.keep(plan())
    app = opened("engagement")
    assert "Taken on" in words_on(app)
    assert not [*app.button, *app.text_input]
    assert not [panel for panel in app.expander if panel.label == "Take one of these on"]


def test_the_first_page_says_what_is_being_worked_on(book: Book, run_page: RunPage) -> None:
    given = contents([*every_cells(3, QUARTERS), cell(0.8, "below", slice=PROGRAMME)])
    words = "Something is being done about it"
    assert words not in words_on(run_page("headlines", given))
    book.keep(replace(plan(), page="cohorts", slice=PROGRAMME, finding="function"))
    assert words in words_on(run_page("headlines", given))


def test_a_damaged_book_is_said_and_not_written_to(book: Book) -> None:
    book.keep(plan())
    with book.file.open("a", encoding="utf-8") as file:
        file.write("nonsense\n")
    app = opened("engagement", "data")
    assert not app.exception
    assert "Line 2 of plans.jsonl is no plan" in plain(words_on(app))
    assert not app.button


def test_a_plan_of_another_place_is_not_shown_there(book: Book) -> None:
    book.keep(plan(slice="cohort=gone", owner="somewhere else"))
    app = opened("engagement", "data")
    assert "A cohort that this release does not hold" in words_on(app)
    app.selectbox[0].select("cohort=c").run()
    assert "somewhere else" not in words_on(app)


def _first_page(given: object) -> None:
    from access import Viewer
    from pages import headlines
    from release import Release

    headlines.render(Release(given), Viewer(role="owner", pages=("headlines", "data")))


def test_a_target_is_set_and_dropped_on_the_first_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    app = AppTest.from_function(_first_page, args=(contents(),), default_timeout=SECONDS)
    app.session_state["targets"] = True
    app = app.run()
    assert not app.exception
    app.number_input[0].set_value(80.0)
    next(button for button in app.button if button.label == "Set this target").click().run()
    (kept,) = Targets(tmp_path).by_sign().values()
    assert (kept.sign, kept.value) == ("participation_rate", 0.8)
    tiles = next(one.value for one in app.get("html") if "tiles" in one.value)
    assert "target 80" in tiles and tiles.count("no target set") == 3
    next(button for button in app.button if button.label == "Drop").click().run()
    assert Targets(tmp_path).by_sign() == {}
    assert not app.exception


def test_who_only_reads_is_not_asked_for_targets(run_page, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    app = run_page("headlines", contents())
    assert "Set a target" not in [panel.label for panel in app.expander]
