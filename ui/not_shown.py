"""Which attributes a release knows and does not show, and why."""

from __future__ import annotations

import streamlit as st

from release import Release
from ui.words import capital, safe


def show_not_shown(release: Release) -> None:
    """Name the attributes that are known but not shown, each with the reason."""
    for scope in release.breakdowns.values():
        if scope.note:
            st.caption(f"**{safe(capital(scope.label))}** is not shown. {safe(scope.note)}")
