"""Growth over three real waves: the published slope, and every number from the raw file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from builder.growth import skill_cells, skill_names
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from release import Release
from release.contents import Contents
from settings import Settings
from store.database import connected, open_store
from store.stamping import read_facts
from tests.real_data import recipes
from tests.real_data.growth_recipes import univbct
from tests.real_data.test_recipes import SOURCES, command

SOURCE = SOURCES / "bliese_univbct"
SCALES = ("JSAT", "COMMIT", "READY")

pytestmark = pytest.mark.skipif(
    not SOURCE.exists(), reason="the public data set bliese_univbct is not beside this checkout"
)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Import the study through the public command and compute its skills."""
    home: Path = tmp_path_factory.mktemp("univbct")
    folder = recipes.write(univbct(SOURCE), home / "canonical")
    assert "skill_rating" in command(home, "connectors", "import", str(folder))
    settings = Settings(home=home)
    with connected(open_store(settings.database_url)) as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        return Release(Contents(cells=tuple(skill_cells(run)), groups=tuple(skill_names(run))))


@pytest.fixture(scope="module")
def wide():
    raw = pd.read_csv(SOURCE / "ratings.csv").dropna()
    return raw.pivot_table(index=["scale", "person_id"], columns="wave", values="value")


@pytest.mark.parametrize("scale", SCALES)
def test_a_change_is_that_of_the_raw_file_within_its_rounding(release, wide, scale):
    both = wide.loc[scale][[0, 2]].dropna()
    change = both[2] - both[0]
    cell = release.cell("skill_gain", "organisation", "skill", scale)
    assert cell.estimate == pytest.approx(change.mean(), abs=0.011)
    low, high = stats.t.interval(0.95, len(change) - 1, change.mean(), stats.sem(change))
    # spreads are rounded up to a tenth and bounds widened by half a step of 0.02
    assert low - 0.04 <= cell.low <= low + 0.01 and high - 0.01 <= cell.high <= high + 0.04
    assert cell.people == pytest.approx(len(change), abs=2)


@pytest.mark.parametrize("scale", SCALES)
def test_a_level_is_that_of_everybody_rated_at_the_wave(release, wide, scale):
    for wave in range(3):
        cell = release.cell("skill_mean", "organisation", "skill", scale, f"wave-{wave}")
        assert cell.estimate == pytest.approx(wide.loc[scale][wave].mean(), abs=0.011)


@pytest.mark.parametrize(
    # Bliese, Multilevel Modeling in R (satisfaction), and statsmodels' mixedlm (readiness)
    ("scale", "slope"),
    [("JSAT", 0.051765), ("READY", 0.1)],
)
def test_a_change_agrees_with_the_growth_model_over_all_waves(release, scale, slope):
    cell = release.cell("skill_gain", "organisation", "skill", scale)
    assert cell.low <= 2 * slope <= cell.high


def test_readiness_rises_beyond_noise(release):
    assert release.cell("skill_gain", "organisation", "skill", "READY").verdict == "above"


def test_people_see_this_themselves_and_hardly_anybody_is_missing(release):
    cell = release.cell("skill_coverage", "organisation", "skill", "READY")
    assert cell.estimate > 0.9
    assert release.groups("skill_rater")["READY"].label == "people themselves"


def test_one_random_person_after_against_one_before(release, wide):
    both = wide.loc["READY"][[0, 2]].dropna()
    rng = np.random.default_rng(0)
    after, before = (rng.permutation(np.repeat(both[wave].to_numpy(), 50)) for wave in (2, 0))
    chance = (after > before).mean() + 0.5 * (after == before).mean()
    cell = release.cell("skill_gain_standardised", "organisation", "skill", "READY")
    assert stats.norm.cdf(cell.estimate / np.sqrt(2)) == pytest.approx(chance, abs=0.03)
