"""The frozen release: a small file of published values, and the only door that pages have."""

from release.contents import Cell, Contents, Group, MeasureText, Period, Scope
from release.shelf import Damaged, NoRelease, Release, open_current

__all__ = [
    "Cell",
    "Contents",
    "Damaged",
    "Group",
    "MeasureText",
    "NoRelease",
    "Period",
    "Release",
    "Scope",
    "open_current",
]
