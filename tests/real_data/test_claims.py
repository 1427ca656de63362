"""Claims on real courses that nobody here recorded, against another library on the same rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from metrics.claims.gap import GapSums, outcome_gap, outcome_gap_alike
from metrics.claims.within_person import within_person

SOURCES = Path(__file__).parents[3] / "shared" / "real_data"


def source(name: str) -> Path:
    if not (SOURCES / name).exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return SOURCES / name


def test_passing_by_earlier_attempts_is_that_of_a_regression_within_modules():
    """Open University (OULAD, CC BY 4.0). Expected: statsmodels OLS with a dummy per stratum."""
    rows = pd.read_csv(source("oulad_aaa_eee_ggg") / "enrolments.csv")
    passed = rows["final_result"].isin(["Pass", "Distinction"]).to_numpy(dtype=float) * 100
    side = (rows["num_of_prev_attempts"] > 0).to_numpy(dtype=int)
    keys = ["code_module", "code_presentation", "highest_education"]
    stratum = rows.groupby(keys).ngroup().to_numpy()
    sums = {}
    for name, values in (("people", passed**0), ("total", passed), ("squares", passed**2)):
        sums[name] = np.zeros((stratum.max() + 1, 2))
        np.add.at(sums[name], (stratum, side), values)
    crude, alike = outcome_gap(GapSums(**sums)), outcome_gap_alike(GapSums(**sums))
    assert crude.estimate == pytest.approx(passed[side == 1].mean() - passed[side == 0].mean())
    both = np.isin(stratum, np.flatnonzero((sums["people"] >= 2).all(axis=1)))
    dummies = pd.get_dummies(stratum[both]).to_numpy(dtype=float)
    fitted = sm.OLS(passed[both], np.column_stack([side[both], dummies])).fit()
    assert alike.estimate == pytest.approx(fitted.params[0])
    assert alike.expected_error == pytest.approx(fitted.bse[0], rel=0.15)


def test_marks_beside_activity_are_those_of_a_regression_with_dummies():
    """Marks of a course in Eastern Finland (CC BY 4.0). Expected: statsmodels, everybody a dummy.

    The marks have no dates, so only the arithmetic is compared, not what it would mean.
    """
    folder = source("la_moodle_course")
    marks = pd.read_csv(folder / "ratings.csv").dropna()
    activity = pd.read_csv(folder / "weekly_activity.csv")
    names = sorted(marks["assessment"].unique())[:4]
    marks = marks[marks["assessment"].isin(names)].copy()
    marks["wave"] = marks["assessment"].map({name: n for n, name in enumerate(names)})
    forum = activity["action"].str.contains("forum|group", case=False)
    doses = np.zeros((len(marks), 2))
    for number, chosen in enumerate((forum, ~forum)):
        by_week = activity[chosen].groupby(["person_id", "week"])["n"].sum()
        for row, (person, wave) in enumerate(zip(marks["person_id"], marks["wave"], strict=True)):
            weeks = by_week.get(person, pd.Series(dtype=float))
            doses[row, number] = weeks[weeks.index <= wave].sum() / 100
    person, score = marks["person_id"].astype("category").cat.codes, marks["score"].to_numpy()
    found = within_person(person, marks["wave"], score, doses, (1, -1))
    design = np.column_stack(
        [doses, pd.get_dummies(person), pd.get_dummies(marks["wave"]).iloc[:, 1:]]
    ).astype(float)
    fitted = sm.OLS(score, design).fit()
    assert found.estimate == pytest.approx(fitted.params[0] - fitted.params[1], rel=1e-5)
    assert found.people == marks["person_id"].nunique()
    assert np.isfinite(found.error)
