"""Cohorts of real programmes beside each other, to published shares and to another library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from metrics import measure
from metrics.cohorts.compared import ComparedRates
from metrics.cohorts.funnel import INNER, OUTER, overdispersion
from release import open_current
from tests.pages.conftest import charts_on, run_page, words_on  # noqa: F401
from tests.real_data import recipes
from tests.real_data.test_recipes import SOURCES, command
from ui.words import plain

OPEN_SEEDS, OPEN_UNIVERSITY = "ols_openseeds_c1_4", "oulad_aaa_eee_ggg"


def source(name: str) -> Path:
    if not (SOURCES / name).exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    return SOURCES / name


def field_of(events: np.ndarray, trials: np.ndarray) -> ComparedRates:
    return ComparedRates(
        events=events.astype(float), trials=trials.astype(float), people=trials.astype(int),
        sizes=trials.astype(float), target=float(events.sum() / trials.sum()), trials_each=1.0,
        effective=trials.astype(float),
    )  # fmt: skip


def limit_by_hand(size: int, target: float, probability: float) -> float:
    """Return the limit as Spiegelhalter 2005 writes it, from scipy's binomial distribution."""
    events = next(r for r in range(size + 1) if binom.cdf(r, size, target) >= probability)
    above, below = binom.cdf(events, size, target), binom.cdf(events - 1, size, target)
    return (events - (above - probability) / (above - below)) / size


def test_size_explains_how_cohorts_of_open_seeds_graduate() -> None:
    """Projects that graduate, by cohort (OLS, CC BY 4.0): 62 % of 26 beside 79 % of 115."""
    projects = pd.read_csv(source(OPEN_SEEDS) / "projects.csv")
    by_cohort = projects["status"].eq("graduated").groupby(projects["cohort"])
    given = field_of(by_cohort.sum().to_numpy(), by_cohort.size().to_numpy())
    references = pd.read_csv(SOURCES / "reference_values.csv")
    ours = references[references["measure"].str.fullmatch(r"cohort \d graduated share")]
    shares = given.events / given.trials
    assert shares == pytest.approx(ours["value"].to_numpy(), abs=0.0005)
    low, high = given.limits(given.sizes)
    for number, size in enumerate((20, 32, 37, 26)):
        hand = [limit_by_hand(size, given.target, probability) for probability in INNER]
        assert (low[number], high[number]) == pytest.approx((hand[0], min(hand[1], 1.0)))
    assert ((low <= shares) & (shares <= high)).all()
    outer_low, outer_high = given.limits(given.sizes, OUTER)
    assert ((outer_low < low) & (high <= outer_high)).all()


def test_two_presentations_of_one_module_lie_beyond_their_size() -> None:
    """Students who stay to the end, by presentation (OULAD, CC BY 4.0)."""
    rows = pd.read_csv(source(OPEN_UNIVERSITY) / "enrolments.csv")
    stayed = rows["final_result"] != "Withdrawn"
    fields = []
    for _, module in stayed.groupby(rows["code_module"]):
        by_presentation = module.groupby(rows.loc[module.index, "code_presentation"])
        fields.append(field_of(by_presentation.sum().to_numpy(), by_presentation.size().to_numpy()))
    scores = np.concatenate([field.scores for field in fields])
    # by hand: the same scores from shares, then winsorised with pandas
    by_hand = []
    for field in fields:
        error = np.sqrt(field.target * (1 - field.target) / field.trials)
        by_hand += list((field.events / field.trials - field.target) / error)
    assert scores == pytest.approx(by_hand)
    ends = pd.Series(by_hand).quantile([0.1, 0.9])
    phi = float((pd.Series(by_hand).clip(*ends) ** 2).mean())
    # below 1 + 2 sqrt(2 / 8) = 2, so chance alone may give it, and nothing is widened
    assert 1.4 < phi < 2
    assert overdispersion(scores) == 1.0
    beyond = [tuple(np.flatnonzero(_outside(field))) for field in fields]
    assert beyond == [(), (), (0, 2)]
    result = measure("cohort_rate").compute(fields[2], (0,))
    assert result.estimate == pytest.approx(0.930672, abs=1e-6)  # counted with pandas


def _outside(field: ComparedRates) -> np.ndarray:
    """Return which presentations lie beyond the 99.8 % limits."""
    low, high = field.limits(field.sizes, OUTER)
    shares = field.events / field.trials
    return (shares < low) | (shares > high)


@pytest.fixture(scope="module")
def open_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a release of Open Seeds, made by the public commands."""
    home = tmp_path_factory.mktemp("open_seeds")
    folder = recipes.write(recipes.open_seeds(source(OPEN_SEEDS)), home / "canonical")
    command(home, "connectors", "import", str(folder))
    command(home, "builder", "build")
    return home


def test_four_real_cohorts_come_through_to_the_page(open_seeds: Path, run_page: object) -> None:  # noqa: F811
    release = open_current(open_seeds / "releases")
    ties = pd.read_csv(SOURCES / OPEN_SEEDS / "ties.csv", dtype=str)
    roles = pd.read_csv(SOURCES / OPEN_SEEDS / "participation.csv", dtype=str)
    ends = pd.concat([ties[["cohort", side]].set_axis(["cohort", "who"], axis=1)
                      for side in ("from_id", "to_id")])  # fmt: skip
    met = set(ends.itertuples(index=False, name=None))
    for number in "1234":
        cell = release.cell("cohort_rate", f"cohort=cohort-{number}", "rate", "participation_rate")
        enrolled = set(roles.loc[roles["cohort"] == number, "person_id"])
        enrolled |= {person for cohort, person in met if cohort == number}
        share = sum((number, person) in met for person in enrolled) / len(enrolled)
        # rounded in steps of five people
        assert cell.estimate == pytest.approx(share, abs=2.5 / len(enrolled) + 0.01)
    app = run_page("cohorts", release.contents)
    assert list(app.exception) == []
    assert len(charts_on(app)) >= 2
    assert "cohort" in plain(words_on(app))
