"""What programmes and cohorts are called on screen."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from release import Release


@lru_cache(maxsize=8)
def place_names(release: Release) -> dict[str, str]:
    """Return the name of every slice; cohorts of one name in two programmes are told apart.

    Not made safe for Markdown.
    """
    often = Counter((_level(key), scope.label) for key, scope in release.slices.items())
    return {
        key: _with_whole(release, key) if often[_level(key), scope.label] > 1 else scope.label
        for key, scope in release.slices.items()
    }


def _level(key: str) -> str:
    return key.partition("=")[0]


def _with_whole(release: Release, key: str) -> str:
    """Return a name with that of its programme, or with its own key where that tells no more."""
    scope = release.slices[key]
    whole = release.slices.get(scope.part_of)
    twins = [
        other for other, one in release.slices.items()
        if (_level(other), one.label, one.part_of) == (_level(key), scope.label, scope.part_of)
    ]  # fmt: skip
    is_told = len(twins) == 1 and whole is not None
    return f"{scope.label} ({whole.label if is_told else key.partition('=')[2]})"
