"""Engagement on real data: who stays, by the values of another library, and through to the page.

What comes out is written down here, so that a change of method is noticed; no source names alarms.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics.engagement.risk import TOO_FEW
from metrics.engagement.survival import life_table
from release import Release, open_current
from tests.pages.conftest import charts_on, run_page, words_on  # noqa: F401
from tests.real_data import recipes
from tests.real_data.engagement_recipes import moodle_course, open_university
from tests.real_data.test_recipes import SOURCES, command
from ui.engagement_answer import engagement_sentence
from ui.pictures.dropouts import NOT_TESTED, dropout_pictures
from ui.pictures.engagement import engagement_pictures
from ui.pictures.taking_part import step_pictures, survival_pictures
from ui.words import plain

OPEN_SEEDS, OPEN_UNIVERSITY, MOODLE = "ols_openseeds_c1_4", "oulad_aaa_eee_ggg", "la_moodle_course"
RECIPES: dict[str, Callable[[Path], recipes.Tables]] = {
    OPEN_SEEDS: recipes.open_seeds,
    OPEN_UNIVERSITY: open_university,
    MOODLE: moodle_course,
}
PICTURES = (engagement_pictures, step_pictures, survival_pictures, dropout_pictures)

# one worker, so that each data set is imported once
pytestmark = pytest.mark.xdist_group("engagement_recipes")


def source(name: str) -> Path:
    if not (SOURCES / name).exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return SOURCES / name


def starters() -> pd.DataFrame:
    """Return who was there on the first day, with how long they were watched and whether they left.

    As the reference values say: censored at the end of the course.
    """
    rows = pd.read_csv(source(OPEN_UNIVERSITY) / "enrolments.csv")
    rows = rows.merge(pd.read_csv(SOURCES / OPEN_UNIVERSITY / "courses.csv"))
    left, length = rows["date_unregistration"], rows["module_presentation_length"]
    rows["days"] = left.fillna(length).clip(upper=length)
    rows["stopped"] = left <= length
    return rows[left.isna() | (left > 0)]


def still_there(rows: pd.DataFrame, day: int) -> float:
    table = life_table(rows["days"], rows["stopped"])
    return float(table.survival[np.searchsorted(table.cycles, day, side="right") - 1])


@pytest.mark.parametrize(
    ("value", "column", "group", "day"),
    [
        ("women still enrolled day 100", "gender", "F", 100),
        ("men still enrolled day 100", "gender", "M", 100),
        ("women day 200", "gender", "F", 200),
        ("men day 200", "gender", "M", 200),
        ("disability yes, day 200", "disability", True, 200),
        ("disability no, day 200", "disability", False, 200),
    ],
)
def test_who_is_still_enrolled_is_what_lifelines_says(
    value: str, column: str, group: object, day: int
) -> None:
    """Kaplan-Meier of registrations at the Open University, to four digits of the references."""
    rows = starters()
    table = pd.read_csv(SOURCES / "reference_values.csv")
    reference = table.loc[table["measure"] == value, "value"].item()
    assert still_there(rows[rows[column] == group], day) == pytest.approx(reference, abs=0.00006)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what makes a home with a release of a data set, by the public commands, once."""
    made: dict[str, Path] = {}

    def home_of(name: str) -> Path:
        if name not in made:
            home = tmp_path_factory.mktemp(name)
            folder = recipes.write(RECIPES[name](source(name)), home / "canonical")
            command(home, "connectors", "import", str(folder))
            command(home, "builder", "build")
            made[name] = home
        return made[name]

    return home_of


def release_of(home: Path) -> Release:
    return open_current(home / "releases")


ANSWERS = {
    # one round a cohort: too early for any alarm
    OPEN_SEEDS: "No cohort has enough cycles yet to know what is usual for it.",
    # two presentations have five assignments; whoever is still enrolled goes on handing in
    OPEN_UNIVERSITY: "None of the 2 cohorts with enough people and cycles is going quiet,",
    # 52 of 130 do group work in the last week, beside 108 to 128 in the weeks before
    MOODLE: "Learning analytics has been going quiet since cycle 7 (October 2022).",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_page_answers_and_draws(name: str, homes, run_page) -> None:  # noqa: F811
    release = release_of(homes(name))
    said = plain(engagement_sentence(release, "organisation"))
    assert said.startswith(ANSWERS[name])
    assert len(said.split()) <= 35
    app = run_page("engagement", release.contents)
    assert list(app.exception) == []
    assert said in plain(words_on(app)).replace("\u00a0", " ")
    assert len(charts_on(app)) >= 1


@pytest.mark.parametrize("name", ANSWERS)
def test_findings_are_short_and_pictures_say_what_is_missing(name: str, homes) -> None:
    release = release_of(homes(name))
    pictures = [picture for make in PICTURES for picture in make(release, "organisation")]
    assert pictures
    for picture in pictures:
        assert 0 < len(plain(picture.finding).split()) <= 14
        assert picture.how_to_read
        assert len(picture.rows) or picture.key == "expected_dropouts"


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_foretold_where_too_few_have_stopped(name: str, homes) -> None:
    """Six cycles are needed to see who stops after three; no set holds fifty who do."""
    release = release_of(homes(name))
    cell = release.cell("expected_dropouts", "organisation", "none")
    assert (cell.status, cell.reason) == ("undefined", TOO_FEW)
    (picture,) = dropout_pictures(release, "organisation")
    assert picture.finding == NOT_TESTED


def test_hand_ins_by_assignment_are_those_of_the_raw_files(homes) -> None:
    """Open University: who handed in, of those still enrolled on the day and their tutor."""
    release = release_of(homes(OPEN_UNIVERSITY))
    rows = pd.read_csv(SOURCES / OPEN_UNIVERSITY / "enrolments.csv")
    marks = pd.read_csv(SOURCES / OPEN_UNIVERSITY / "ratings.csv")
    marks = marks[marks["assessment_type"] == "TMA"]
    checked = 0
    for (module, presentation), own in marks.groupby(["code_module", "code_presentation"]):
        there = rows[(rows["code_module"] == module) & (rows["code_presentation"] == presentation)]
        ordered = own[["id_assessment", "date_due"]].drop_duplicates().sort_values("date_due")
        for turn, each in enumerate(ordered.itertuples(), 1):
            left = there["date_unregistration"] <= each.date_due
            asked = set(there.loc[~left, "person_id"])
            done = asked & set(own.loc[own["id_assessment"] == each.id_assessment, "person_id"])
            share = (len(done) + 1) / (len(asked) + 1)
            cell = release.cell(
                "cycle_participation", f"cohort={module}-{presentation}", "none", period=str(turn)
            )
            assert cell.low <= share <= cell.high
            # in steps of five people, of at least 250; near the end of the scale a bound alone
            bound = cell.printed.startswith("over")
            assert bound or cell.estimate == pytest.approx(share, abs=0.01)
            checked += 1
    assert checked == 31  # 2 x 5, 3 x 4 and 3 x 3 tutor-marked assignments


def test_the_last_week_of_a_course_stands_out_beyond_noise(homes) -> None:
    release = release_of(homes(MOODLE))
    verdicts = [
        release.cell("cycle_participation", "cohort=course", "none", period=str(week)).verdict
        for week in range(1, 8)
    ]
    assert verdicts == ["noise"] * 6 + ["below"]


def test_one_presentation_of_five_would_differ_alone_and_none_does_among_five(homes) -> None:
    """EEE 2014B: p = 0.02 by itself (log-rank test), five presentations beside each other 0.1."""
    release = release_of(homes(OPEN_UNIVERSITY))
    cells = [release.cell("survival", key, "none") for key in release.slices]
    compared = [cell for cell in cells if cell is not None and cell.expected is not None]
    assert len(compared) == 5
    assert {cell.verdict for cell in compared} == {"noise"}
    pictures = survival_pictures(release, "cohort=EEE-2014B")
    assert pictures[0].finding.startswith("No cohort loses its people sooner")
    assert "no difference beyond noise" in pictures[0].note
