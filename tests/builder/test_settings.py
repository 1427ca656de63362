"""What a deployment may set, and what it may not."""

from __future__ import annotations

import pytest

from builder.__main__ import main
from builder.build import SWITCHED_OFF, thresholds_of
from release import NoRelease, open_current
from settings import Settings
from tests.builder.organisation import computed

PURPOSE = "To see whether belief keeps people apart."
STEADY = ("function", "origin", "site")
"""Attributes whose groups are the same at all thresholds tested: the union has over 20 people."""


def key(cell):
    return cell.measure, cell.slice, cell.breakdown, cell.group, cell.period


def scope_of(contents, attribute):
    (scope,) = (scope for scope in contents.scopes if scope.key == attribute)
    return scope


def visible(contents):
    return {key(cell) for cell in contents.cells if not cell.is_hidden}


def test_a_special_attribute_is_off_until_it_is_switched_on(contents):
    assert scope_of(contents, "belief").note == SWITCHED_OFF
    assert not [cell for cell in contents.cells if cell.breakdown == "belief"]
    assert not [group for group in contents.groups if group.breakdown == "belief"]


def test_a_special_attribute_that_is_switched_on_is_published_with_its_purpose(engine):
    contents = computed(engine, special_attributes="other, belief", special_purpose=PURPOSE)
    assert scope_of(contents, "belief").note == ""
    assert [cell for cell in contents.cells if cell.breakdown == "belief" and cell.is_drawn]
    assert contents.about["special_purpose"] == PURPOSE


def test_switching_on_a_special_attribute_leaves_every_other_cell_as_it_was(engine, contents):
    more = computed(engine, special_attributes="belief", special_purpose=PURPOSE)
    others = tuple(cell for cell in more.cells if cell.breakdown != "belief")
    assert others == contents.cells


@pytest.mark.parametrize("people", [11, 12, 15, 20])
def test_a_raised_threshold_hides_cells_and_never_shows_one(engine, contents, people):
    usual, raised = visible(contents), visible(computed(engine, minimum_people=people))
    # in a table of groups by groups another cell may protect what a small one protected before
    steady = {key for key in raised if key[2] in (*STEADY, "none") and key[0] != "group_pair_ratio"}
    assert steady < usual


def test_a_raised_threshold_hides_what_rests_on_fewer_people(engine):
    contents = computed(engine, minimum_people=20)
    shown = [cell for cell in contents.cells if cell.is_drawn and cell.breakdown in STEADY]
    assert min(cell.people for cell in shown) >= 20
    assert any(cell.reason == "fewer than 20 people" for cell in contents.cells)


def test_a_raised_effective_size_hides_cells(engine, contents):
    assert len(visible(computed(engine, minimum_effective=12))) < len(visible(contents))


def test_a_lowered_threshold_is_said_on_every_page(engine, contents):
    assert contents.about["lowered"] == ""
    assert computed(engine, minimum_people=5).about["lowered"] == "yes"
    assert computed(engine, minimum_effective=3).about["lowered"] == "yes"


@pytest.mark.parametrize(
    "changes", [{"minimum_people": 4}, {"minimum_effective": 2}], ids=["people", "effective"]
)
def test_no_release_is_computed_below_the_floors(engine, changes):
    with pytest.raises(ValueError, match="the lowest is"):
        thresholds_of(Settings(**changes))
    with pytest.raises(ValueError, match="the lowest is"):
        computed(engine, **changes)


@pytest.mark.parametrize("command", ["build", "audit"])
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MINIMUM_PEOPLE", "4", "minimum_people is 4;"),
        ("MINIMUM_EFFECTIVE", "2", "minimum_effective is 2;"),
        ("SPECIAL_ATTRIBUTES", "belief", "special_attributes needs special_purpose"),
    ],
)
def test_the_command_refuses_to_start_below_the_floors(
    tmp_path, monkeypatch, capsys, command, name, value, words
):
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.setenv(f"WEFT_{name}", value)
    assert main([command]) == 1
    assert capsys.readouterr().err.startswith(words)
    assert not list(tmp_path.iterdir())


def test_the_command_says_that_a_store_is_empty(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    assert main(["build"]) == 1
    assert "Import data first" in capsys.readouterr().err
    with pytest.raises(NoRelease):
        open_current(tmp_path / "releases")
