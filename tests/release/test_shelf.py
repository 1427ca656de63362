"""The shelf keeps eight releases, serves one, and goes back to any of them."""

from __future__ import annotations

import re

import pytest

from release import Damaged, NoRelease, open_current
from release.shelf import KEPT, POINTER, go_back, publish, read_pointer
from tests.release.making import make_contents, numbers_in


def put(folder, *numbers):
    """Publish contents with these numbers and return their entries."""
    return [publish(make_contents(number), folder) for number in numbers]


def files_in(folder):
    return {file.name for file in folder.iterdir()}


def served(folder):
    """Return the one number of the release that is served."""
    (number,) = numbers_in(open_current(folder).contents)
    return number


def test_the_newest_release_is_served(tmp_path):
    put(tmp_path, 1, 2, 3)
    assert served(tmp_path) == 3


def test_an_empty_shelf_says_how_to_fill_it(tmp_path):
    with pytest.raises(NoRelease, match="build one with"):
        open_current(tmp_path)


def test_the_last_eight_are_kept_and_older_files_removed(tmp_path):
    entries = put(tmp_path, *range(11))
    kept = entries[-KEPT:]
    assert KEPT == 8
    assert read_pointer(tmp_path).entries == tuple(kept)
    assert files_in(tmp_path) == {POINTER, *(entry.file for entry in kept)}


def test_the_same_contents_again_take_the_place_of_nothing_else(tmp_path):
    put(tmp_path, 1, 2)
    (again,) = put(tmp_path, 2)
    assert served(tmp_path) == 2
    assert again.release_id == make_contents(2).identity()
    assert files_in(tmp_path) == {POINTER, *(e.file for e in read_pointer(tmp_path).entries)}


def test_the_pointer_names_each_release_with_its_identity_and_day(tmp_path):
    (entry,) = put(tmp_path, 4)
    assert entry.release_id == make_contents(4).identity()
    assert entry.built_at == make_contents(4).about["built_at"]
    assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert entry.release_id in entry.file


def test_going_back_serves_the_one_before_and_forward_again_the_same_bytes(tmp_path):
    first, second = put(tmp_path, 1, 2)
    before = (tmp_path / second.file).read_bytes()
    assert go_back(tmp_path) == first
    assert served(tmp_path) == 1
    assert go_back(tmp_path, second.release_id) == second
    assert served(tmp_path) == 2
    assert (tmp_path / second.file).read_bytes() == before


def test_going_back_twice_reaches_the_third_newest(tmp_path):
    put(tmp_path, 1, 2, 3)
    go_back(tmp_path)
    go_back(tmp_path)
    assert served(tmp_path) == 1


def test_going_back_from_the_oldest_says_so(tmp_path):
    put(tmp_path, 1)
    with pytest.raises(LookupError, match="the current release is the oldest on the shelf"):
        go_back(tmp_path)


def test_going_back_to_an_unknown_release_lists_those_there_are(tmp_path):
    first, second = put(tmp_path, 1, 2)
    with pytest.raises(LookupError, match=f"{first.release_id}, {second.release_id}"):
        go_back(tmp_path, "none")


def test_going_back_to_a_damaged_release_is_refused_and_changes_nothing(tmp_path):
    first, _ = put(tmp_path, 1, 2)
    (tmp_path / first.file).write_bytes(b"")
    with pytest.raises(Damaged, match=first.release_id):
        go_back(tmp_path)
    assert served(tmp_path) == 2


def test_a_release_built_after_going_back_is_served(tmp_path):
    put(tmp_path, 1, 2)
    go_back(tmp_path)
    put(tmp_path, 3)
    assert served(tmp_path) == 3
    assert len(read_pointer(tmp_path).entries) == 3


def test_a_reader_with_an_open_release_is_not_disturbed_by_new_ones(tmp_path):
    put(tmp_path, 1)
    reader = open_current(tmp_path)
    put(tmp_path, *range(2, 12))  # the file that the reader opened is gone by now
    assert numbers_in(reader.contents) == {1}
    assert reader.cell("cross_group_share", "organisation", "function").estimate == 0.62
    assert served(tmp_path) == 11
