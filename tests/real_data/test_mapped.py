"""Public data sets as they lie on the desk, imported with nothing but a mapping file each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from release import open_current
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


def test_pairs_without_conversations_make_a_release_of_who_was_offered_whom(tmp_path: Path) -> None:
    folder, home = desk("ols_openseeds_c1_4", tmp_path / "desk"), tmp_path / "home"
    command(home, "connectors", "import", str(folder), "--keep-good-rows")
    command(home, "builder", "build", "--processes", "1")
    assert "every promise is kept" in command(home, "builder", "audit")
    release = open_current(home / "releases")
    cell = release.cell("matching_factor", "organisation", "gender")
    # published shares are rounded in people: 80 of 160 cross or 78 do
    assert cell.estimate == pytest.approx(offered_across_gender(), abs=0.04)
    assert release.cell("participation_rate", "organisation", "none").status == "undefined"


def offered_across_gender() -> float:
    """Return how often pairs cross gender over a lottery, computed with pandas alone.

    In each cohort every seat is dealt anew among the men and women who have one, so that nobody is
    paired with themselves; other genders are fewer than ten people, whom no number shows.
    """
    source = SOURCES / "ols_openseeds_c1_4"
    ties = pd.read_csv(source / "ties.csv", dtype=str)
    gender = pd.read_csv(source / "people.csv", dtype=str).set_index("person_id")["gender"]
    ties = ties[ties["from_id"] != ties["to_id"]]
    pairs = ties[["from_id", "to_id"]].apply(sorted, axis=1, result_type="expand")
    pairs = pairs.assign(cohort=ties["cohort"]).drop_duplicates()
    known = pairs[[0, 1]].apply(lambda side: side.map(gender)).isin(["man", "woman"]).all(axis=1)
    pairs, expected = pairs[known], 0.0
    for _, own in pairs.groupby("cohort"):
        seats = pd.concat([own[0], own[1]]).value_counts()
        by_group = seats.groupby(gender).sum()
        same_person = (seats**2).sum()
        inside = ((by_group**2).sum() - same_person) / (seats.sum() ** 2 - same_person)
        expected += len(own) * (1 - inside)
    crossing = (pairs[0].map(gender) != pairs[1].map(gender)).sum()
    return float(crossing / expected)


def _counts(said: str) -> list[list[str]]:
    lines = (line.split() for line in said.splitlines())
    return [words for words in lines if len(words) == 6 and re.fullmatch(r"[\d,]+", words[1])]
