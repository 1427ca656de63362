"""The choices on a page, bound to the link, so that a link restores the view."""

from __future__ import annotations

import streamlit as st

from release import Release, Scope
from release.contents import WHOLE


def headline_attribute(release: Release) -> str | None:
    """Return the attribute that a reader sees first: the one set, or the first published."""
    published = [scope.key for scope in release.breakdowns.values() if not scope.note]
    wanted = release.about["headline_attribute"]
    if wanted in published:
        return wanted
    return published[0] if published else None


def choose_attribute(release: Release) -> str | None:
    """Ask across which attribute people should meet."""
    published = [scope for scope in release.breakdowns.values() if not scope.note]
    if not published:
        return None
    keys = [scope.key for scope in published]
    first = headline_attribute(release)
    return st.selectbox(
        "Across",
        keys,
        index=keys.index(first) if first in keys else 0,
        format_func=lambda key: release.breakdowns[key].label.capitalize(),
        key="attribute",
        bind="query-params",
    )


def choose_slice(release: Release) -> str:
    """Ask where: the organisation, a programme or a cohort."""
    return st.selectbox(
        "Where",
        list(release.slices),
        format_func=lambda key: _indented(release.slices[key]),
        key="slice",
        bind="query-params",
    )


def choose_period(release: Release) -> str:
    """Ask when: all quarters together, or one."""
    return st.selectbox(
        "When",
        [WHOLE, *reversed([key for key in release.periods if key != WHOLE])],
        format_func=lambda key: release.periods[key].label,
        key="period",
        bind="query-params",
    )


def _indented(scope: Scope) -> str:
    """Show cohorts under their programme; a list has no other way to say "part of"."""
    return f"· {scope.label}" if scope.key.startswith("cohort=") else scope.label
