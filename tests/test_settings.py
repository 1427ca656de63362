"""Settings come from one file and the environment, and what is out of bounds is refused."""

from __future__ import annotations

import pytest

from settings import SettingsError, load


def written(folder, text):
    file = folder / "weft.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_smallest_difference_is_five_percent_unless_set(tmp_path, monkeypatch):
    monkeypatch.delenv("WEFT_SMALLEST_DIFFERENCE", raising=False)
    assert load(tmp_path / "weft.toml").smallest_difference == 0.05
    file = written(tmp_path, "smallest_difference = 0.1\n")
    assert load(file).smallest_difference == 0.1
    monkeypatch.setenv("WEFT_SMALLEST_DIFFERENCE", "0.2")
    assert load(file).smallest_difference == 0.2


@pytest.mark.parametrize("value", ["5", "0.001", '"five"'])
def test_a_smallest_difference_that_is_no_part_of_one_is_refused(tmp_path, monkeypatch, value):
    monkeypatch.delenv("WEFT_SMALLEST_DIFFERENCE", raising=False)
    with pytest.raises(SettingsError, match="smallest_difference"):
        load(written(tmp_path, f"smallest_difference = {value}\n"))
