"""A damaged file is never shown as numbers: the release before it is served, and it says so."""

from __future__ import annotations

import random
import shutil

import pytest

from release import Damaged, open_current
from release.shelf import POINTER, publish
from tests.release.making import make_contents, numbers_in

POSITIONS = 20


def flip(file, draw):
    """Turn over one bit at a random place of the file."""
    data = bytearray(file.read_bytes())
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    file.write_bytes(bytes(data))


@pytest.fixture(scope="module")
def whole_shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelf")
    return folder, [publish(make_contents(number), folder) for number in (1, 2, 3)]


@pytest.fixture
def shelf(whole_shelf, tmp_path):
    folder, entries = whole_shelf
    return shutil.copytree(folder, tmp_path / "shelf"), entries


@pytest.mark.parametrize("seed", range(POSITIONS))
def test_one_flipped_bit_anywhere_is_noticed(shelf, seed):
    folder, entries = shelf
    flip(folder / entries[-1].file, random.Random(seed))
    release = open_current(folder)
    assert numbers_in(release.contents) == {2}
    assert release.instead_of == (entries[-1].release_id,)


def test_a_whole_release_stands_for_nothing_else(shelf):
    assert open_current(shelf[0]).instead_of == ()


@pytest.mark.parametrize("how", ["cut short", "empty", "gone", "another release"])
def test_a_file_that_is_not_what_was_frozen_is_not_shown(shelf, how):
    folder, entries = shelf
    file = folder / entries[-1].file
    data = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        other = (folder / entries[0].file).read_bytes()
        file.write_bytes({"cut short": data[:-100], "empty": b"", "another release": other}[how])
    assert numbers_in(open_current(folder).contents) == {2}


def test_two_damaged_releases_are_both_named(shelf):
    folder, entries = shelf
    for entry in entries[1:]:
        flip(folder / entry.file, random.Random(0))
    release = open_current(folder)
    assert numbers_in(release.contents) == {1}
    assert release.instead_of == (entries[2].release_id, entries[1].release_id)


def test_all_damaged_is_said_and_a_new_release_helps(shelf):
    folder, entries = shelf
    for entry in entries:
        flip(folder / entry.file, random.Random(0))
    with pytest.raises(Damaged, match="build a new one"):
        open_current(folder)
    publish(make_contents(4), folder)
    assert numbers_in(open_current(folder).contents) == {4}


@pytest.mark.parametrize("seed", range(POSITIONS))
def test_a_flipped_bit_in_the_pointer_never_shows_anything_but_a_whole_release(shelf, seed):
    folder, _ = shelf
    flip(folder / POINTER, random.Random(seed))
    try:
        shown = numbers_in(open_current(folder).contents)
    except Damaged:
        return
    assert shown in ({1}, {2}, {3})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"current": "x", "entries": []}', "\udcff"])
def test_a_pointer_that_cannot_be_read_is_damage_and_a_new_release_helps(shelf, text):
    folder, _ = shelf
    (folder / POINTER).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Damaged, match="build a new one"):
        open_current(folder)
    publish(make_contents(4), folder)
    assert numbers_in(open_current(folder).contents) == {4}
