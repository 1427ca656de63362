"""A build that is killed at any moment leaves the old release or the new one, never a mix."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from release import open_current
from release.shelf import POINTER, publish, read_pointer
from tests.release.making import make_contents, numbers_in
from weft import ROOT

KILLS = 15
LONGEST = 0.25

PUBLISH_FOR_EVER = """
import itertools, pathlib, sys
from release.shelf import publish
from tests.release.making import make_contents
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    publish(make_contents(number), pathlib.Path(sys.argv[1]))
"""

KILL_ITSELF = """
import os, pathlib, signal, sys
import release.freezing
from release.shelf import publish
from tests.release.making import make_contents
folder, number, name, wanted, when = sys.argv[1:]
calls, usual = [], getattr(os, name)
def call(*arguments):
    calls.append(arguments)
    last = len(calls) == int(wanted)
    if last and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = usual(*arguments)
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(os, name, call)
publish(make_contents(int(number)), pathlib.Path(folder))
"""

# one publication flushes: new file, its folder, pointer, its folder; and renames: file, pointer
MOMENTS = [
    ("fsync", 1, "before", 1),
    ("replace", 1, "before", 1),
    ("replace", 1, "after", 1),
    ("fsync", 2, "after", 1),
    ("fsync", 3, "before", 1),
    ("replace", 2, "before", 1),
    ("replace", 2, "after", 2),
    ("fsync", 4, "before", 2),
]


def start(program: str, *arguments: object) -> subprocess.Popen:
    words = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def served(folder):
    """Return the one number of the release that is served."""
    release = open_current(folder)
    assert release.instead_of == ()
    (number,) = numbers_in(release.contents)
    return number


def assert_tidy(folder):
    """Check that the shelf holds what its pointer names, and nothing else."""
    named = {POINTER, *(entry.file for entry in read_pointer(folder).entries)}
    assert {file.name for file in folder.iterdir()} == named


def test_a_build_killed_at_random_leaves_one_whole_release(tmp_path):
    draw, latest = random.Random(2026), 0
    publish(make_contents(latest), tmp_path)
    for _ in range(KILLS):
        with start(PUBLISH_FOR_EVER, tmp_path, latest + 1) as child:
            child.stdout.readline()
            time.sleep(draw.uniform(0, LONGEST))
            child.kill()
        assert child.returncode == -signal.SIGKILL
        assert served(tmp_path) >= latest
        latest = served(tmp_path)
    publish(make_contents(latest + 1), tmp_path)
    assert served(tmp_path) == latest + 1
    assert_tidy(tmp_path)


@pytest.mark.parametrize(("call", "count", "when", "expected"), MOMENTS)
def test_a_build_killed_between_two_steps_leaves_one_whole_release(
    tmp_path, call, count, when, expected
):
    publish(make_contents(1), tmp_path)
    with start(KILL_ITSELF, tmp_path, 2, call, count, when) as child:
        assert child.wait(timeout=60) == -signal.SIGKILL
    assert served(tmp_path) == expected
    publish(make_contents(3), tmp_path)
    assert served(tmp_path) == 3
    assert_tidy(tmp_path)


def test_a_first_build_that_is_killed_leaves_an_empty_shelf_that_the_next_fills(tmp_path):
    with start(KILL_ITSELF, tmp_path, 1, "replace", 2, "before") as child:
        assert child.wait(timeout=60) == -signal.SIGKILL
    publish(make_contents(2), tmp_path)
    assert served(tmp_path) == 2
    assert_tidy(tmp_path)
