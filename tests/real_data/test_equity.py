"""Gaps on real courses and cohorts that nobody here recorded, against another library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import confint_proportions_2indep

from metrics.equity.gap import FEWEST_IN_STRATUM, equity_gap, equity_gap_adjusted
from tests.metrics.equity.tables import single

SOURCES = Path(__file__).parents[3] / "shared" / "real_data"


def source(name: str) -> Path:
    if not (SOURCES / name).exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return SOURCES / name


def counted(side: np.ndarray, stratum: np.ndarray, reached: np.ndarray):
    people, successes = np.zeros((stratum.max() + 1, 2)), np.zeros((stratum.max() + 1, 2))
    np.add.at(people, (stratum, side), 1)
    np.add.at(successes, (stratum, side), reached)
    return single(people, successes)


def test_withdrawal_of_women_and_men_is_that_of_a_regression_within_modules():
    """Open University (OULAD, CC BY 4.0). Expected: statsmodels, a dummy for each presentation.

    Least squares weighs strata as Mantel and Haenszel's difference does, so both are the same.
    """
    rows = pd.read_csv(source("oulad_aaa_eee_ggg") / "enrolments.csv")
    left = (rows["final_result"] == "Withdrawn").to_numpy(dtype=float)
    side = (rows["gender"] == "F").to_numpy(dtype=int)
    stratum = rows.groupby(["code_module", "code_presentation"]).ngroup().to_numpy()
    sums = counted(side, stratum, left)
    dummies = pd.get_dummies(stratum).to_numpy(dtype=float)
    fitted = sm.OLS(left, np.column_stack([side, dummies])).fit(cov_type="HC0")
    result = equity_gap_adjusted(sums)
    assert result.estimate == pytest.approx(fitted.params[0])
    assert result.expected_error == pytest.approx(fitted.bse[0], rel=0.05)
    crude = equity_gap(sums)
    expected = confint_proportions_2indep(
        left[side == 1].sum(), (side == 1).sum(), left[side == 0].sum(), (side == 0).sum(),
        method="newcomb",
    )  # fmt: skip
    assert (crude.low, crude.high) == pytest.approx(expected, abs=2e-3)


def test_graduation_in_open_seeds_is_that_of_a_regression_within_cohorts():
    """OLS Open Seeds, cohorts 1 to 4. Expected: statsmodels, a dummy for each cohort."""
    folder = source("ols_openseeds_c1_4")
    members, projects, people = (
        pd.read_csv(folder / f"{name}.csv") for name in ("project_members", "projects", "people")
    )
    rows = members[members["role"] == "participant"].merge(projects, on=["project_id", "cohort"])
    rows = rows.merge(people, on="person_id").drop_duplicates(["cohort", "person_id"])
    rows = rows[rows["gender"].isin(["woman", "man"])]
    graduated = (rows["status"] == "graduated").to_numpy(dtype=float)
    side = (rows["gender"] == "woman").to_numpy(dtype=int)
    cohort = rows["cohort"].to_numpy(dtype=int) - 1
    sums = counted(side, cohort, graduated)
    result = equity_gap_adjusted(sums)
    inside = (sums.people >= FEWEST_IN_STRATUM).all(axis=1)[cohort]
    dummies = pd.get_dummies(cohort[inside]).to_numpy(dtype=float)
    fitted = sm.OLS(graduated[inside], np.column_stack([side[inside], dummies])).fit()
    assert result.estimate == pytest.approx(fitted.params[0])
    assert result.expected_error == pytest.approx(fitted.bse[0], rel=0.15)
    assert result.people == min((side[inside] == number).sum() for number in (0, 1))
