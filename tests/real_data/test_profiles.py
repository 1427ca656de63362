"""What kinds of participation real data hold: none, too few people to tell, or several.

The expected values are what came out, so that a change of method is noticed; no source names kinds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from builder.places import read_places
from builder.profile_cells import profile_cells
from builder.profiles import FEW
from builder.whole import WholeRun
from disclosure.thresholds import Thresholds
from metrics.profiles.describing import distances
from metrics.profiles.habits import FEWEST_CYCLES, habits, placed, standardised, yardsticks
from metrics.profiles.segments import Segments, find_segments
from settings import Settings
from store.database import connected, open_store
from store.stamping import read_facts
from tests.real_data import recipes
from tests.real_data.profile_recipes import Sums, moodle_weeks, open_university_hand_ins
from tests.real_data.test_recipes import SOURCES, command

SEED = 1


def source(name: str):
    folder = SOURCES / name
    if not folder.exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return folder


def found_in(sums: Sums) -> tuple[Segments | None, dict[str, np.ndarray]]:
    """Return the segments, and how far each lies from everybody by habit."""
    kept = sums["cycles"] >= FEWEST_CYCLES
    found = habits({name: values[kept] for name, values in sums.items()})
    sticks = yardsticks(found)
    points = placed(found, sticks)
    with threadpool_limits(limits=1):
        segments = find_segments(points, SEED)
    if segments is None:
        return None, dict.fromkeys(sticks, np.zeros(0))
    values = np.column_stack([standardised(found[key], stick) for key, stick in sticks.items()])
    far = distances(values, segments.assign(points), len(segments.centres))
    return segments, dict(zip(sticks, far.T, strict=True))


def test_a_course_of_130_learners_has_no_stable_segments() -> None:
    segments, used = found_in(moodle_weeks(source("la_moodle_course")))
    assert segments is None
    assert "silence" not in used  # all but a few are active in every week


def test_hand_ins_at_a_university_fall_into_kinds() -> None:
    segments, far = found_in(open_university_hand_ins(source("oulad_aaa_eee_ggg")))
    assert segments is not None
    # six kinds came out; those who hand in nearly everything are the most common one
    assert len(segments.centres) == 6
    assert far["meeting"][0] > 0.5
    assert (far["meeting"] < -0.5).sum() >= 2
    assert segments.overlap.min() >= 0.75
    assert segments.agreement >= 0.8


def test_a_programme_of_one_round_a_cohort_has_too_few_people_with_a_record(tmp_path) -> None:
    tables = recipes.open_seeds(source("ols_openseeds_c1_4"))
    command(tmp_path, "connectors", "import", str(recipes.write(tables, tmp_path / "canonical")))
    settings = replace(Settings(), home=tmp_path)
    with connected(open_store(settings.database_url)) as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, Thresholds(), settings, ())
        cells = {(cell.measure, cell.group): cell for cell in profile_cells(run)}
    # a few mentors served in three cohorts, all others in fewer
    assert cells["profile_share", "all"].reason == FEW
    assert cells["profile_share", "new"].printed.startswith("over")
