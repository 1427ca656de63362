"""Values that others published of two public data sets, by the formulas of the pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics.equity.gap import equity_gap
from metrics.growth.gaps import GainSums, growth_gap
from tests.metrics.equity.tables import single

SOURCES = Path(__file__).parents[3] / "shared" / "real_data"


def source(name: str) -> Path:
    if not (SOURCES / name).exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return SOURCES / name


def published(measure: str) -> float:
    table = pd.read_csv(SOURCES / "reference_values.csv")
    return float(table.loc[table["measure"] == measure, "value"].item())


def test_activity_of_the_better_half_of_a_course_is_that_of_the_published_welch_test() -> None:
    """Learning-analytics course (Lopez-Pernas et al. 2024, CC BY 4.0, chapter 5)."""
    folder = source("la_moodle_course")
    events = pd.read_csv(folder / "weekly_activity.csv").groupby("person_id")["n"].sum()
    marks = pd.read_csv(folder / "ratings.csv")
    marks = marks[marks["assessment"] == "Final_grade"].set_index("person_id")["score"]
    upper = (marks > marks.median()).reindex(events.index)
    halves = [events[~upper].to_numpy(dtype=float), events[upper].to_numpy(dtype=float)]
    sums = GainSums(
        people=np.array([[len(half) for half in halves]], dtype=float),
        gain=np.array([[half.sum() for half in halves]]),
        squares=np.array([[(half**2).sum() for half in halves]]),
        started=np.array([len(half) for half in halves], dtype=float),
        scale=(0.0, 5000.0),
    )
    assert sums.means[0] == pytest.approx(
        [published("events per person, lower half"),
         published("events per person, upper half by final grade")], abs=0.001
    )  # fmt: skip
    gap = growth_gap(sums)
    assert gap.estimate / gap.expected_error == pytest.approx(
        published("Welch t of that difference"), abs=0.001
    )


def test_withdrawal_of_women_and_men_is_that_of_the_references() -> None:
    """Open University (OULAD, CC BY 4.0): all enrolments, as pandas counts them."""
    rows = pd.read_csv(source("oulad_aaa_eee_ggg") / "enrolments.csv")
    counts = rows["code_module"].value_counts()
    for module in ("AAA", "EEE", "GGG"):
        assert counts[module] == published(f"{module} enrolments")
    withdrawn = (rows["final_result"] == "Withdrawn").groupby(rows["gender"])
    people = np.array([[withdrawn.size()[code] for code in "MF"]])
    left = np.array([[withdrawn.sum()[code] for code in "MF"]])
    expected = [published(f"withdrawn share {who}") for who in ("men", "women (all enrolments)")]
    assert (left / people)[0] == pytest.approx(expected, abs=0.0001)
    gap = equity_gap(single(people, left))
    assert gap.estimate == pytest.approx(expected[1] - expected[0], abs=0.0002)
    assert gap.high < 0
