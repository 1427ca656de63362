"""Every page on every state of a release: a sentence, no exception, and nothing that is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from release import Cell, Contents
from release.contents import WHOLE
from tests.charts.test_rows import ALLOWED
from tests.pages.conftest import charts_on, tables_of, words_on
from tests.small_release import (
    COHORT,
    PROGRAMME,
    QUARTERS,
    RATES,
    attribute,
    cell,
    contents,
    every_cell,
    hidden,
    slice_,
    too_few,
    undefined,
)
from ui.words import plain

RunPage = Callable[..., AppTest]
PAGES = ("headlines", "connection", "growth", "cohorts", "engagement", "profiles", "methods")
NASTY = (
    ":blue[x]", "**b**", "<script>alert(1)</script>", "[l](http://evil.example)",
    "![i](http://evil.example/c.png)", "`c`", "$x^2$", "# h", "| a | b |", ":material/home:",
)  # fmt: skip
LONG = "Department of everything that could not be given to any other department " * 3
WITHOUT_ATTRIBUTE = (
    slice_("organisation", "Whole organisation"),
    attribute("ethnicity", "ethnicity", note="Switched off until a purpose is stated."),
)


def in_state(make: Callable[..., Cell]) -> Contents:
    """Return the small release with every cell in one state."""
    places = ("measure", "slice", "breakdown", "group", "period")
    return contents(
        [make(**{name: getattr(one, name) for name in places}) for one in every_cell(3, QUARTERS)]
    )


STATES = {
    "all shown": contents(),
    "all hidden": in_state(hidden),
    "all hidden to protect others": in_state(lambda **facts: hidden("protects", **facts)),
    "nothing defined": in_state(undefined),
    "too few everywhere": in_state(too_few),
    "no cell at all": contents([]),
    "nothing at all": contents([], scopes=(slice_("organisation", "Whole organisation"),)),
    "no attribute published": contents(scopes=WITHOUT_ATTRIBUTE),
    "one quarter": contents(quarters=QUARTERS[:1]),
    "no quarter": contents(quarters=()),
    "two groups": contents(names=("Design", "Sales")),
    "twelve groups": contents(names=[f"Group {number}" for number in range(12)]),
    "long names": contents(names=(LONG, LONG + "!", LONG + "?"), label=LONG, programme=LONG),
    "names with markup": contents(names=NASTY, label=NASTY[0], programme=NASTY[3]),
    "no organisation name": contents(organisation=""),
    "protection lowered": contents(lowered="yes", minimum_people="5", minimum_effective="3"),
    "special attribute in use": contents(special_purpose="To see *whether* it works"),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_a_page_answers_whatever_the_release_holds(
    name: str, state: str, run_page: RunPage
) -> None:
    app = run_page(name, STATES[state])
    assert list(app.exception) == []
    assert len(app.title) == 1
    assert len(str(app.markdown[0].value).split()) > 3  # the answer stands first
    assert not re.search(r"\bNone\b(?! of)|\bnan\b", words_on(app))
    for chart in charts_on(app):
        assert_has_words_for_those_who_do_not_see_it(chart)
        assert_holds_published_columns_only(chart)


def assert_has_words_for_those_who_do_not_see_it(chart: object) -> None:
    """Fail where a screen reader would say too little, or what only a machine can read."""
    assert len(chart.alt.split()) > 2
    assert ".." not in chart.alt and "\\" not in chart.alt


def assert_holds_published_columns_only(chart: object) -> None:
    """Fail where a browser would receive a column that is not published."""
    assert tables_of(chart)
    for table in tables_of(chart):
        assert set(table.column_names) <= ALLOWED


@pytest.mark.parametrize("name", ["headlines", "connection"])
def test_a_browser_receives_no_number_of_what_is_hidden(name: str, run_page: RunPage) -> None:
    cells = [
        hidden(measure=one.measure, slice=one.slice, breakdown=one.breakdown, group=one.group,
               period=one.period) if number % 2 else one
        for number, one in enumerate(every_cell(3, QUARTERS))
    ]  # fmt: skip
    rows = [
        row
        for chart in charts_on(run_page(name, contents(cells)))
        for table in tables_of(chart)
        for row in table.to_pylist()
    ]
    assert {"hidden"} < {row["verdict"] for row in rows}
    for row in rows:
        numbers = [row[key] for key in row if key.startswith(("est", "low", "high", "ch"))]
        assert row["verdict"] != "hidden" or not [each for each in numbers if each is not None]


@pytest.mark.parametrize("name", ["headlines", "connection"])
@pytest.mark.parametrize("state", ["all hidden", "all hidden to protect others"])
def test_where_all_is_hidden_words_stand_and_no_chart_of_nothing(
    name: str, state: str, run_page: RunPage
) -> None:
    app = run_page(name, STATES[state])
    assert charts_on(app) == []
    assert "hidden" in words_on(app)
    assert "fewer than 10 people" in words_on(app)


@pytest.mark.parametrize("period", [WHOLE, *QUARTERS])
def test_the_table_behind_a_picture_holds_published_strings_only(
    period: str, run_page: RunPage
) -> None:
    given = contents()
    app = run_page("connection", given, period=period)
    app.session_state["numbers_groups"] = True
    app.run()
    assert list(app.exception) == []
    assert len(app.table) == 1
    printed = {one.printed for one in given.cells} | {one.interval for one in given.cells}
    for table in app.table:
        assert list(table.value.columns) == [
            "Group",
            "Value",
            "95 % interval",
            "Rests on",
            "Verdict",
        ]
        values = [*table.value["Value"], *table.value["95 % interval"]]
        assert {plain(value) for value in values} <= printed


def test_names_with_markup_are_shown_as_text(run_page: RunPage) -> None:
    for name in ("headlines", "connection"):
        shown = words_on(run_page(name, STATES["names with markup"]))
        for nasty in NASTY:
            assert nasty not in shown
    answer = str(run_page("connection", STATES["names with markup"]).markdown[0].value)
    assert ":blue[x]" in plain(answer)


def test_a_special_attribute_is_named_with_the_reason_why_it_is_not_shown(
    run_page: RunPage,
) -> None:
    scopes = (
        *contents().scopes,
        attribute("ethnicity", "ethnicity", note="Off until (a) purpose."),
    )
    shown = plain(words_on(run_page("connection", contents(scopes=scopes))))
    assert "**Ethnicity** is not shown. Off until (a) purpose." in shown


def test_a_stated_purpose_stands_on_the_methods_page_as_text(run_page: RunPage) -> None:
    shown = words_on(run_page("methods", STATES["special attribute in use"]))
    assert "To see *whether*" not in shown
    assert "To see *whether* it works" in plain(shown)


def test_63_every_page_says_where_only_peers_are_counted(run_page: RunPage) -> None:
    words = "leaves out what this organisation does not count as a conversation between peers"
    for chosen, said in (("yes", True), ("", False)):
        shown = words_on(run_page("methods", contents(peers_only=chosen)))
        assert ("between peers only" in shown) == said
        assert (words in shown) == said


def test_every_measure_is_explained(run_page: RunPage) -> None:
    app = run_page("methods", contents())
    titles = [measure.title for measure in contents().measures]
    shown = [line[3:] for line in words_on(app).splitlines() if line.startswith("## ")]
    assert shown[1:] == titles
    assert len(titles) == len(RATES) + 2


def chosen(app: AppTest) -> dict[str, str]:
    return {box.key: box.value for box in app.selectbox}


def test_a_link_restores_attribute_place_and_time(run_page: RunPage) -> None:
    link = {"attribute": "gender", "slice": PROGRAMME, "period": QUARTERS[1]}
    app = run_page("connection", contents(), **link)
    assert chosen(app) == link
    answer = str(app.markdown[0].value)
    assert answer.startswith("In Crossings, Q1 2026, people meet outside their own gender")


def test_a_link_may_use_the_names_that_the_lists_show(run_page: RunPage) -> None:
    app = run_page("connection", contents(), attribute="Gender", slice="Crossings: Spring")
    assert chosen(app) == {"attribute": "gender", "slice": COHORT, "period": WHOLE}


@pytest.mark.parametrize("value", ["nonsense", "", "<script>", "ethnicity", "' OR 1=1", "é" * 500])
def test_an_unknown_value_in_a_link_falls_back(value: str, run_page: RunPage) -> None:
    app = run_page("connection", contents(), attribute=value, slice=value, period=value)
    assert list(app.exception) == []
    assert chosen(app) == {"attribute": "function", "slice": "organisation", "period": WHOLE}


def test_the_attribute_that_was_set_leads(run_page: RunPage) -> None:
    app = run_page("headlines", contents(headline_attribute="gender"))
    assert "outside their own gender" in str(app.markdown[0].value)


def test_a_place_without_cells_is_not_in_the_catalogue(run_page: RunPage) -> None:
    app = run_page("connection", contents(), slice=COHORT, period=QUARTERS[0])
    assert "not in the catalogue" in str(app.markdown[0].value)
    assert charts_on(app) == []
    assert "not in the catalogue" in str(app.markdown[1].value)


def test_a_cohort_says_why_it_has_no_pictures(run_page: RunPage) -> None:
    app = run_page("connection", contents(), slice=COHORT)
    assert str(app.markdown[0].value).startswith("In Spring, people meet")
    assert "over all quarters only" in words_on(app)


def test_a_single_quarter_says_nothing_about_pairs_that_it_does_not_know(run_page: RunPage) -> None:
    whole = str(run_page("connection", contents()).markdown[0].value)
    of_one = run_page("connection", contents(), period=QUARTERS[0])
    assert "The pictures below show all quarters" in words_on(of_one)
    quarter = str(of_one.markdown[0].value)
    assert "Furthest below it" in whole
    assert "Furthest below it" not in quarter


def test_two_cohorts_of_one_name_can_both_be_chosen(run_page: RunPage) -> None:
    scopes = (
        *contents().scopes,
        slice_("programme=q", "Crossings", "organisation"),
        slice_("cohort=d", "Spring", "programme=q"),
    )
    app = run_page("connection", contents(scopes=scopes), slice="cohort=d")
    assert chosen(app)["slice"] == "cohort=d"
    assert len(set(app.selectbox(key="slice").options)) == len(app.selectbox(key="slice").options)


def test_the_first_page_has_four_tiles_what_to_decide_and_one_picture(run_page: RunPage) -> None:
    app = run_page("headlines", contents())
    (tiles,) = (element.value for element in app.get("html") if "tiles" in element.value)
    assert tiles.count("<img src='data:image/svg+xml") == 4
    assert tiles.count(" alt='") == 4
    assert len(charts_on(app)) == 1
    assert app.header[0].value == "What to decide"
    assert len(app.header) == 2


def test_without_groups_the_first_page_still_has_its_signs(run_page: RunPage) -> None:
    rates = [one for one in every_cell(3, QUARTERS) if one.measure in RATES]
    app = run_page("headlines", contents(rates, scopes=WITHOUT_ATTRIBUTE))
    assert "no group of people is published" in str(app.markdown[0].value)
    (tiles,) = (element.value for element in app.get("html") if "tiles" in element.value)
    assert [name in tiles for name in ("Reach", "Connection", "Completion")] == [True, False, True]


def test_what_falls_short_is_said_with_what_to_try_and_where_to_look(run_page: RunPage) -> None:
    low = cell(0.8, "below", slice=PROGRAMME, breakdown="gender")
    app = run_page("headlines", contents([*every_cell(3, QUARTERS), low]))
    shown = plain(words_on(app))
    assert (
        "In Crossings, people meet across gender 20 % less often than a lottery would give."
        in shown
    )
    assert "To try first: Prefer partners of another group" in shown
    calm = run_page("headlines", contents([one for one in every_cell(3, QUARTERS)
                                           if one.verdict != "below"]))  # fmt: skip
    assert "nothing falls short beyond noise" in words_on(calm)


def test_a_page_has_at_most_two_coloured_phrases_in_its_answer(run_page: RunPage) -> None:
    for name in PAGES:
        answer = str(run_page(name, contents()).markdown[0].value)
        assert answer.count(":blue[") + answer.count(":orange[") <= 2
        assert len(plain(answer).split()) <= 35


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("Setting", "has a time zone, so distance in hours cannot be shown"),
        ("Help", "nobody was asked whether they helped"),
    ],
)
def test_what_was_not_recorded_is_said_where_it_would_stand(
    run_page: RunPage, view: str, words: str
) -> None:
    assert words in words_on(run_page("connection", contents(), view=view))
    assert words not in words_on(run_page("connection", contents(), view="Overview"))
