"""A figure from elsewhere says where it comes from, or does not load."""

from __future__ import annotations

import pytest

from metrics.surveys.references import REQUIRED, UnsourcedReference, references

ENTRY = "[source]\n" + "".join(f'{name} = "something"\n' for name in REQUIRED)
SHARES = "[source.shares]\none = 0.4\nother = 0.6\n"


def written(folder, text):
    file = folder / "references.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_figures_on_the_learning_source_are_those_quoted():
    # Workforce Purpose Index: 53 % peers, 27 % both, 20 % managers
    reference = references()["learning_source"]
    assert reference.shares == {"peers": 0.53, "both": 0.27, "managers": 0.20}
    assert "Year: 2019, as quoted at" in reference.provenance
    assert "not published" in reference.provenance
    assert "interest" in reference.caveat


def test_a_complete_entry_loads(tmp_path):
    assert references(written(tmp_path, ENTRY + SHARES))["source"].shares["one"] == 0.4


@pytest.mark.parametrize("name", REQUIRED)
def test_an_entry_without_its_origin_does_not_load(tmp_path, name):
    with pytest.raises(UnsourcedReference, match=f"source: no {name}"):
        references(written(tmp_path, ENTRY.replace(f"{name} =", f"no_{name} =") + SHARES))


@pytest.mark.parametrize("shares", ["", "[source.shares]\none = 0.4\n"])
def test_shares_that_do_not_sum_to_one_do_not_load(tmp_path, shares):
    with pytest.raises(UnsourcedReference, match="sum to 1"):
        references(written(tmp_path, ENTRY + shares))
