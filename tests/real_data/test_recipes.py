"""Real data that nobody here wrote, through the public commands, to the values that pages show."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.real_data import recipes

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared" / "real_data"

SETS = {
    "ols_openseeds_c1_4": recipes.open_seeds,
    "mooced_dlt1": recipes.digital_learning,
}


def command(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "WEFT_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """Return what imports a data set and builds a release of it, once, and returns its home."""

    @cache
    def make(name):
        home = tmp_path_factory.mktemp(name)
        folder = recipes.write(SETS[name](SOURCES / name), home / "canonical")
        assert "rejected" in command(home, "connectors", "import", str(folder))
        command(home, "builder", "build")
        return home

    return make


@pytest.fixture(params=SETS)
def built(request, homes):
    """Return the name of a data set, and a home with its release."""
    if not (SOURCES / request.param).exists():
        pytest.skip(f"the public data set {request.param} is not beside this checkout")
    return request.param, homes(request.param)


def cells(home: Path, *words: str) -> list[dict[str, str]]:
    printed = command(home, "release", "show", "--format", "csv", *words)
    return list(csv.DictReader(io.StringIO(printed)))


def crossing(name: str, attribute: str) -> float:
    """Return the cross-group share of pairings with both groups known, from the raw files."""
    source = SOURCES / name
    people = pd.read_csv(source / "people.csv", dtype=str, keep_default_na=False)
    group = people.set_index("person_id")[attribute]
    if name == "ols_openseeds_c1_4":
        ties = pd.read_csv(source / "ties.csv", dtype=str)
        cycle = ties["cohort"]
    else:
        ties = pd.read_csv(source / "events.csv", dtype=str)
        # a pairing is two people in one month; the course's own zone decides the month
        cycle = ties["time"].str[:7]
    ends = ties[["from_id", "to_id"]].apply(sorted, axis=1, result_type="expand")
    pairs = pd.DataFrame({"cycle": cycle, "one": ends[0], "other": ends[1]}).drop_duplicates()
    pairs = pairs[pairs["one"] != pairs["other"]]
    known = [pairs[side].map(group).fillna("") for side in ("one", "other")]
    # groups of fewer than ten people who met anybody are left out, as the release says
    seen = pd.concat(
        [
            pairs[["one"]].set_axis(["who"], axis=1).assign(group=known[0]),
            pairs[["other"]].set_axis(["who"], axis=1).assign(group=known[1]),
        ]
    )
    sizes = seen.drop_duplicates("who")["group"].value_counts()
    missing = ["", "NA", *sizes[sizes < 10].index]
    both = (~known[0].isin(missing)) & (~known[1].isin(missing))
    return float((known[0] != known[1])[both].mean())


def test_published_share_equals_the_raw_files_within_its_rounding(built):
    name, home = built
    row = cells(
        home, "--measure", "cross_group_share", "--slice", "organisation", "--breakdown",
        "gender", "--period", "all", "--group", "all",
    )[0]  # fmt: skip
    step = max(0.01, 5 / int(row["people"]))
    assert row["status"] == "shown"
    assert abs(float(row["estimate"]) - crossing(name, "gender")) <= step / 2 + 0.005


def test_every_number_stands_with_its_interval_and_people(built):
    _, home = built
    for row in cells(home):
        if row["status"] in ("shown", "too_few"):
            assert float(row["low"]) <= float(row["estimate"]) <= float(row["high"])
            assert int(row["people"]) >= 5
        elif row["status"] in ("small", "protects"):
            assert row["estimate"] == row["people"] == ""
            assert row["printed"] == "hidden"


def test_small_groups_are_hidden_and_the_audit_agrees(built):
    _, home = built
    assert "every promise is kept" in command(home, "builder", "audit")


def test_a_second_import_changes_nothing(built):
    _, home = built
    before = cells(home)
    report = command(home, "connectors", "import", str(home / "canonical"))
    assert "Nothing to do" in report or " 0          0" in report
    command(home, "builder", "build")
    assert cells(home) == before
