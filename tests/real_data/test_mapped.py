"""Public data sets as they lie on the desk, imported with nothing but a mapping file each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.real_data.test_recipes import ROOT, SOURCES, command

MAPPINGS = Path(__file__).parent / "mappings"
SETS: dict[str, tuple[str, ...]] = {
    "mooced_dlt1": ("mooced_people", "mooced_events"),
    "ols_openseeds_c1_4": ("ols_people", "ols_participation", "ols_ties"),
    "viva_p2p": ("viva_people", "viva_ties"),
    "oulad_aaa_eee_ggg": ("oulad_enrolments",),
}


def desk(name: str, folder: Path) -> Path:
    """Copy a data set and its mappings into one folder."""
    source = SOURCES / name
    if not source.exists():
        pytest.skip(f"the public data set {name} is not beside this checkout")
    folder.mkdir()
    for mapping in SETS[name]:
        shutil.copy(MAPPINGS / f"{mapping}.mapping.yaml", folder)
    for file in source.glob("*.csv"):
        shutil.copy(file, folder)
    return folder


def expected(name: str) -> dict[str, int]:
    """Return rows by table, counted in the raw files with pandas alone."""
    source = SOURCES / name
    if name == "mooced_dlt1":
        events = pd.read_csv(source / "events.csv")
        return {
            "person": len(pd.read_csv(source / "people.csv")),
            "conversation_at_most": int((events["from_id"] != events["to_id"]).sum()),
        }
    if name == "viva_p2p":
        ties = pd.read_csv(source / "ties.csv")
        return {
            "person": len(pd.read_csv(source / "people.csv")),
            "conversation_participant_at_most": 2 * len(ties),
        }
    if name == "oulad_aaa_eee_ggg":
        enrolled = pd.read_csv(source / "enrolments.csv")
        return {"person": enrolled["person_id"].nunique(), "enrolment": len(enrolled)}
    ties = pd.read_csv(source / "ties.csv", dtype=str)
    pairs = ties[ties["from_id"] != ties["to_id"]]
    # two who mentor each other are two pairs, the same two in two projects are one
    distinct = pairs[["cohort", "from_id", "to_id"]].drop_duplicates()
    return {"match": len(distinct), "match_member": 2 * len(distinct)}


@pytest.mark.parametrize("name", SETS)
def test_a_public_data_set_comes_in_through_mappings_alone(name: str, tmp_path: Path) -> None:
    folder = desk(name, tmp_path / "desk")
    home = tmp_path / "home"
    said = command(home, "connectors", "import", str(folder), "--keep-good-rows")
    rows = {words[0]: int(words[2].replace(",", "")) for words in _counts(said)}
    for table, count in expected(name).items():
        if table.endswith("_at_most"):
            # replies of one pair within the same quarter of an hour are one conversation
            assert 0.5 * count < rows[table.removesuffix("_at_most")] <= count
        else:
            assert rows[table] == count
    again = command(home, "connectors", "import", str(folder), "--keep-good-rows")
    assert "nothing changed" in again
    assert ROOT.exists()


def _counts(said: str) -> list[list[str]]:
    lines = (line.split() for line in said.splitlines())
    return [words for words in lines if len(words) == 6 and re.fullmatch(r"[\d,]+", words[1])]
