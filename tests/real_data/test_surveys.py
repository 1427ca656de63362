"""Scales of a real survey: how alike companies answer, as published, and the whole way to cells."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from builder.answered import answer_cells, answer_names
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from metrics.surveys.reliability import unit_agreement
from release import Release
from release.contents import Contents
from settings import Settings
from store.database import connected, open_store
from store.stamping import read_facts
from tests.real_data import recipes
from tests.real_data.survey_recipes import SCALES, companies
from tests.real_data.test_recipes import SOURCES, command

SOURCE = SOURCES / "bliese_bh1996"

pytestmark = pytest.mark.skipif(
    not SOURCE.exists(), reason="the public data set bliese_bh1996 is not beside this checkout"
)


@pytest.fixture(scope="module")
def raw():
    return pd.read_csv(SOURCE / "responses.csv")


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Import the survey through the public command and compute its scales."""
    home = tmp_path_factory.mktemp("companies")
    folder = recipes.write(companies(SOURCE), home / "canonical")
    assert "answer" in command(home, "connectors", "import", str(folder))
    settings = replace(Settings(), home=home)
    with connected(open_store(settings.database_url)) as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        return Release(Contents(cells=tuple(answer_cells(run)), groups=tuple(answer_names(run))))


def test_agreement_of_companies_on_well_being_is_as_published(raw):
    # Bliese & Halverson 1996, one-way analysis of variance: ICC(1) 0.04336905, ICC(2) 0.7717
    one, two = unit_agreement(raw["GRP"], raw["WBEING"])
    assert one == pytest.approx(0.04336905, abs=1e-6)
    assert two == pytest.approx(0.7717, abs=1e-4)


@pytest.mark.parametrize("scale", SCALES)
def test_the_mean_of_everybody_is_that_of_the_raw_file(release, raw, scale):
    cell = release.cell("scale_score", "organisation", "scale", scale.lower(), "wave-1")
    assert cell.status == "shown"
    assert cell.estimate == pytest.approx(raw[scale].mean(), abs=0.0101)
    assert cell.people == pytest.approx(len(raw), abs=5)


def test_unknown_people_of_a_company_are_counted_there(release, raw):
    largest = raw["GRP"].value_counts().index[0]
    cell = release.cell("scale_score", f"cohort=c{largest}", "scale", "lead", "wave-1")
    own = raw[raw["GRP"] == largest]["LEAD"]
    assert cell.estimate == pytest.approx(own.mean(), abs=0.05)


def test_a_company_of_few_people_stays_hidden(release, raw):
    sizes = raw["GRP"].value_counts()
    small = sizes[sizes < 50].index[0]
    cell = release.cell("scale_score", f"cohort=c{small}", "scale", "lead", "wave-1")
    assert cell.is_hidden


def test_one_wave_has_no_change_and_one_question_no_reliability(release):
    for key in ("scale_change", "scale_alpha", "scale_omega"):
        (cell,) = (
            cell for cell in release.by_group(key, "organisation", "scale") if cell.group == "cohes"
        )
        assert cell.status == "undefined"
        assert cell.reason
