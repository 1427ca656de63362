"""The file gives back exactly what was put in, and its name follows from the contents."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from release import open_current
from release.contents import Contents
from release.shelf import publish
from tests.release.making import CELLS, HIDDEN, SHOWN, make_contents


def test_every_field_of_every_record_survives(tmp_path):
    contents = make_contents(3)
    publish(contents, tmp_path)
    assert open_current(tmp_path).contents == contents


def test_what_is_hidden_comes_back_as_none_and_zero_as_zero(tmp_path):
    zero = replace(SHOWN, estimate=0.0, low=0.0, people=0, pairs=0)
    publish(make_contents(cells=(HIDDEN, zero)), tmp_path)
    hidden, shown = open_current(tmp_path).contents.cells
    assert hidden.estimate is None and hidden.people is None and hidden.pairs is None
    assert (shown.estimate, shown.low, shown.people, shown.pairs) == (0.0, 0.0, 0, 0)


def test_an_empty_text_stays_a_text(tmp_path):
    publish(make_contents(), tmp_path)
    assert open_current(tmp_path).contents.cells[1].verdict == ""


def test_a_release_without_anything_in_it_can_be_opened(tmp_path):
    publish(Contents(), tmp_path)
    assert open_current(tmp_path).contents == Contents()


def test_more_cells_than_fit_one_statement_keep_their_order(tmp_path):
    # 1203 is no multiple of the 500 rows of one statement
    cells = tuple(replace(SHOWN, group=f"g{number}") for number in range(1203))
    publish(make_contents(cells=cells), tmp_path)
    found = [cell.group for cell in open_current(tmp_path).contents.cells]
    assert found == [cell.group for cell in cells]


def test_the_same_contents_have_the_same_name_whenever_they_are_built():
    first = make_contents(1)
    later = replace(first, about=first.about | {"built_at": "2027-01-01T00:00:00+00:00"})
    assert first.identity() == later.identity()


def test_the_name_does_not_depend_on_the_order_of_facts_about_a_release():
    first = make_contents(1)
    turned = replace(first, about=dict(reversed(first.about.items())))
    assert first.identity() == turned.identity()


@pytest.mark.parametrize("name", [field.name for field in fields(SHOWN)])
def test_any_changed_field_of_a_cell_changes_the_name(name):
    value = getattr(SHOWN, name)
    other = value + "!" if isinstance(value, str) else value + 1
    changed = replace(SHOWN, **{name: other})
    usual = Contents(cells=(SHOWN,)).identity()
    assert Contents(cells=(changed,)).identity() != usual


def test_changed_words_groups_periods_and_settings_change_the_name():
    usual = make_contents(0)
    other = make_contents(1)
    parts = ("measures", "scopes", "groups", "periods", "about")
    names = {replace(usual, **{part: getattr(other, part)}).identity() for part in parts}
    assert len(names | {usual.identity()}) == len(parts) + 1


def test_cells_are_found_by_key_and_in_the_order_on_screen(tmp_path):
    publish(make_contents(), tmp_path)
    release = open_current(tmp_path)
    key = ("cross_group_share", "organisation", "function")
    assert release.cell(*key).printed == SHOWN.printed
    assert release.cell(*key, "nobody") is None
    assert [cell.group for cell in release.by_group(*key)] == [cell.group for cell in CELLS[1:4]]
    assert [cell.period for cell in release.series(*key, "w")] == ["2026-Q1"]
    assert list(release.slices) == ["organisation", "programme=a"]
    assert list(release.breakdowns) == ["function"]
