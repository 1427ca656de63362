"""Size, sameness by seed, ready files and scale."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import sample_data
from sample_data.folder import write_folder
from sample_data.generator import generate
from schema import IMPORT_ORDER

READY = Path(sample_data.__file__).parent / "ready"


def test_the_organisation_has_the_stated_size(tables):
    # the sizes are those of the description in sample_data/README.md
    assert len(tables["person"]) == 2400
    assert len(tables["programme"]) == 3
    assert len(tables["cohort"]) == 12
    assert list(tables["cohort"].groupby("programme_id").size()) == [5, 3, 4]
    starts = tables["conversation"].scheduled_start_at.dt.tz_localize(None)
    assert list(starts.dt.to_period("Q").astype(str).sort_values().unique()) == [
        *("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
    ]
    assert tables["conversation"].tz.nunique() == 4


def test_the_same_seed_gives_the_same_tables_and_another_seed_others():
    first, second, other = generate(300, 7), generate(300, 7), generate(300, 8)
    assert tuple(first) == IMPORT_ORDER
    for name in first:
        assert_frame_equal(first[name], second[name])
    assert not first["person_attribute"].equals(other["person_attribute"])


@pytest.mark.parametrize("name", IMPORT_ORDER)
def test_the_ready_files_are_what_the_generator_writes(tables, name):
    stored = pd.read_parquet(READY / f"{name}.parquet")
    # Parquet knows no whole seconds and comes back in milliseconds
    assert_frame_equal(stored.astype(tables[name].dtypes), tables[name])


def test_the_ready_files_are_small():
    assert sum(file.stat().st_size for file in READY.iterdir()) < 4_000_000


def test_csv_keeps_whole_numbers_whole_and_instants_with_their_offset(tables, tmp_path):
    write_folder({"conversation": tables["conversation"].head(200)}, tmp_path, "csv")
    text = pd.read_csv(tmp_path / "conversation.csv", dtype=str)
    assert text.duration_s.dropna().str.fullmatch(r"\d+").all()
    assert text.scheduled_start_at.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").all()
    held = tables["conversation"].head(200).status == "completed"
    assert (text.actual_start_at.notna() == held).all()


def test_a_larger_organisation_has_more_cohorts_and_meets_more_often():
    large = generate(20_000)
    assert len(large["person"]) == 20_000
    assert len(large["cohort"]) == 24
    # about 25 conversations a person over the eighteen months
    assert 20 < len(large["conversation"]) / 20_000 < 28
    assert not large["conversation"].conversation_id.duplicated().any()
    assert (
        large["conversation_participant"].person_id.dropna().isin(large["person"].person_id).all()
    )


def test_too_small_an_organisation_is_refused_with_the_number_needed():
    with pytest.raises(ValueError, match="ask for 200"):
        generate(50)
