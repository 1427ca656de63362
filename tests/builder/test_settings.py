"""What a deployment may set, and what it may not."""

from __future__ import annotations

import pytest

from builder.__main__ import main
from builder.preparing import SWITCHED_OFF, thresholds_of
from release import NoRelease, open_current
from settings import Settings
from tests.builder.organisation import computed, filled_engine, with_attributes
from tests.store.small_organisation import make_rows

PURPOSE = "To see whether belief keeps people apart."
ALONE = ("cross_group_share", "cross_group_ratio", "cross_group_trend")
"""Measures of one attribute whose cells no other cell has to protect."""
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


@pytest.fixture(scope="module")
def with_special(engine):
    return computed(engine, special_attributes="other, belief", special_purpose=PURPOSE)


def test_a_special_attribute_that_is_switched_on_is_published_with_its_purpose(with_special):
    assert scope_of(with_special, "belief").note == ""
    assert [cell for cell in with_special.cells if cell.breakdown == "belief" and cell.is_drawn]
    assert with_special.about["special_purpose"] == PURPOSE


def test_switching_on_a_special_attribute_leaves_the_cells_of_others_as_they_were(
    with_special, contents
):
    before, after = (
        [cell for cell in each.cells if cell.measure in ALONE and cell.breakdown != "belief"]
        for each in (contents, with_special)
    )
    assert after == before


def only_hides(usual, raised):
    """Tell whether a release shows fewer cells than the usual one, and none that it hides.

    In a table of groups by groups another cell may protect what a small one protected before.
    """
    before, after = (
        {each for each in visible(contents) if each[0] in ALONE and each[2] in STEADY}
        for contents in (usual, raised)
    )
    return after < before


def test_a_raised_threshold_hides_cells_and_never_shows_one(contents, stricter):
    assert only_hides(contents, stricter)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_a_raised_threshold_hides_cells_in_other_organisations_too(seed):
    engine = filled_engine(with_attributes(make_rows(seed, people=150), "function"))
    assert only_hides(computed(engine), computed(engine, minimum_people=30))


def test_a_raised_threshold_hides_what_rests_on_fewer_people(stricter):
    shown = [cell for cell in stricter.cells if cell.is_drawn and cell.measure in ALONE]
    assert min(cell.people for cell in shown) >= 20
    assert any(cell.reason == "fewer than 20 people" for cell in stricter.cells)


def test_a_raised_effective_size_hides_cells(rows):
    engine = filled_engine(with_attributes(rows, "site"))
    usual, raised = (visible(computed(engine, minimum_effective=least)) for least in (5, 12))
    assert len(raised) < len(usual)


@pytest.mark.parametrize(
    ("changes", "lowered"),
    [({"minimum_people": 5}, "yes"), ({"minimum_effective": 3}, "yes"), ({}, "")],
)
def test_a_lowered_threshold_is_said_on_every_page(rows, changes, lowered):
    engine = filled_engine(with_attributes(rows, "badge"))
    assert computed(engine, **changes).about["lowered"] == lowered


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
