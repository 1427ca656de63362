"""After the first runs, what lives for ever is no longer looked through."""

from __future__ import annotations

import gc
from itertools import count

import pytest

from ui import memory


def test_what_the_first_runs_made_is_frozen_and_later_runs_freeze_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[int] = []
    monkeypatch.setattr(memory, "RUNS", count(1))
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(1))
    found = []
    for _ in range(21):
        memory.settle()
        found.append(len(frozen))
    assert found[:3] == [0, 1, 1]
    assert found[18:] == [1, 2, 2]
