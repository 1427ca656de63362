"""The release that this run of a page shows; the pointer is read once a run, the file once ever."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from release import Release, open_current
from release.shelf import read_pointer
from settings import load


def current_release() -> Release:
    """Return the current release; raise NoRelease or Damaged where there is none to show."""
    folder = load().releases
    pointer = read_pointer(folder)
    return _open(str(folder), pointer.current)


@st.cache_resource(max_entries=4, show_spinner=False)
def _open(folder: str, current: str) -> Release:
    # keyed by file name, which holds the hash of the content
    return open_current(Path(folder))
