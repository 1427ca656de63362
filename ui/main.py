"""The script of every run: who looks, which release, which page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from access import Viewer, current_viewer
from pages import cohorts, connection, data, engagement, growth, headlines, methods, profiles
from release import Damaged, NoRelease, Release
from ui.memory import settle
from ui.releases import current_release

HERE = Path(__file__).parent
PAGES: dict[str, tuple[str, Callable[[Release, Viewer], None]]] = {
    "headlines": ("Headlines", headlines.render),
    "connection": ("Connection", connection.render),
    "growth": ("Growth", growth.render),
    "cohorts": ("Cohorts", cohorts.render),
    "engagement": ("Engagement", engagement.render),
    "profiles": ("Profiles", profiles.render),
    "data": ("Data", data.render),
    "methods": ("Methods", methods.render),
}


def main() -> None:
    """Show the page that the link names, to those who may see it."""
    st.set_page_config(page_title="Weft", page_icon=str(HERE / "icon.svg"), layout="wide")
    dark = st.context.theme.type == "dark"
    st.logo(str(HERE / f"logo_{'dark' if dark else 'light'}.svg"), size="medium")
    st.html(HERE / "style.css")
    viewer = current_viewer()
    try:
        screens = _screens(current_release(), viewer)
    except (NoRelease, Damaged) as error:
        screens = _welcome(error, viewer)
    st.navigation(screens, position="top").run()
    settle()


def _screens(release: Release, viewer: Viewer) -> list[st.Page]:
    return [
        st.Page(
            partial(render, release, viewer),
            title=title,
            url_path=name,
            default=name == "headlines",
        )
        for name, (title, render) in PAGES.items()
        if viewer.may_open(name)
    ]


def _welcome(error: Exception, viewer: Viewer) -> list[st.Page]:
    """Return the same words under every link, so that none is called unknown, and the way in."""
    first = st.Page(
        partial(_nothing_yet, error, viewer), title="Welcome", url_path="welcome", default=True
    )
    own_data = viewer.may_open("data")
    others = [
        st.Page(
            partial(_nothing_yet, error, viewer), title=title, url_path=name, visibility="hidden"
        )
        for name, (title, _) in PAGES.items()
        if name != "data"
    ]
    way_in = st.Page(partial(data.render, None, viewer), title="Data", url_path="data")
    return [first, *([way_in] if own_data else []), *others]


def _nothing_yet(error: Exception, viewer: Viewer) -> None:
    """Say what to do where there is nothing to show; no empty axes."""
    with st.container(key="page"):
        st.title(":gray[Is it working?]")
        with st.container(key="answer"):
            if isinstance(error, Damaged):
                st.markdown("The release on this computer is damaged. Build a new one.")
            else:
                st.markdown("There is nothing to show yet. Bring your data, or look at an example.")
        with st.container(key="prose_start"):
            st.markdown("With the organisation that Weft brings along:")
            st.code("python3 weft.py run", language="sh")
            if viewer.may_open("data"):
                st.markdown("With files from your desk: open **Data** in the menu.")
            st.markdown("With files in the canonical form that README.md describes:")
            st.code("python3 weft.py import FOLDER\npython3 weft.py build", language="sh")
            st.markdown("Then load this page again.")


main()
