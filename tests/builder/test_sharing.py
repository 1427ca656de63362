"""Tasks are done once each, whichever process does them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from builder.sharing import OtherProcesses, share_out

TASKS = tuple(range(12))


def _square(task: int) -> int:
    return task * task


def _note(folder: Path, task: int) -> None:
    (folder / f"{task}-{os.getpid()}").touch()
    time.sleep(0.02)


def _refuse(folder: Path, task: int) -> None:
    _note(folder, task)
    raise LookupError(f"task {task}")


def _note_beside(folder: Path, task: int) -> None:
    """Wait for the other process, which takes a while to start."""
    while task and not any(f"-{os.getpid()}" not in path.name for path in folder.iterdir()):
        time.sleep(0.02)
    _note(folder, task)


def _shared(here: Callable, elsewhere: Callable, number: int) -> list:
    with OtherProcesses(number, os.getpid) as others:
        return list(share_out(TASKS, here, elsewhere, others))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_tasks_find_comes_in_their_order(number: int) -> None:
    assert _shared(_square, _square, number) == [n * n for n in TASKS]


def test_two_processes_do_every_task_once(tmp_path: Path) -> None:
    _shared(partial(_note_beside, tmp_path), partial(_note, tmp_path), 1)
    done = [path.name.split("-") for path in tmp_path.iterdir()]
    assert sorted(int(task) for task, _ in done) == list(TASKS)
    assert len({process for _, process in done}) == 2


def test_an_error_elsewhere_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="task"):
        _shared(partial(_note_beside, tmp_path), partial(_refuse, tmp_path), 1)


def test_an_error_here_ends_the_others_too(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="task 0"):
        _shared(partial(_refuse, tmp_path), partial(_note, tmp_path), 1)
