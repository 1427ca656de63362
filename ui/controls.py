"""The choices on a page, bound to the link, so that a link restores the view."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from release import Release, Scope
from release.contents import WHOLE
from ui.words import capital


def headline_attribute(release: Release) -> str | None:
    """Return the attribute that a reader sees first: the one set, or the first published."""
    published = [scope.key for scope in release.breakdowns.values() if not scope.note]
    wanted = release.about["headline_attribute"]
    if wanted in published:
        return wanted
    return published[0] if published else None


def choose_attribute(release: Release, label: str = "Across") -> str | None:
    """Ask which attribute: across which one people should meet, or by which one to look."""
    names = attribute_names(release)
    return _choose(label, "attribute", names, headline_attribute(release)) if names else None


def attribute_names(release: Release) -> dict[str, str]:
    """Return the published attributes as a list shows them."""
    published = [scope for scope in release.breakdowns.values() if not scope.note]
    return told_apart({scope.key: capital(scope.label) for scope in published})


def in_link(release: Release, parameter: str, key: str) -> str:
    """Return how a link names an entry: as the list does, so that nothing need be rewritten."""
    names = {"slice": slice_names, "attribute": attribute_names}.get(parameter)
    return key if names is None else names(release).get(key, key)


def choose_slice(release: Release) -> str:
    """Ask where: the organisation, a programme or a cohort."""
    return _choose("Where", "slice", slice_names(release))


def choose_period(release: Release) -> str:
    """Ask when: all quarters together, or one."""
    keys = [WHOLE, *reversed([key for key in release.periods if key != WHOLE])]
    return _choose("When", "period", {key: release.periods[key].label for key in keys})


def choose_skill(names: dict[str, str], first: str | None, label: str = "Skill") -> str | None:
    """Ask which skill to look at by group and cohort; None where there is none."""
    return _choose(label, "skill", told_apart(names), first) if names else None


def choose_compared(names: dict[str, str], first: str | None) -> str | None:
    """Ask on what cohorts are compared; None where there is nothing."""
    return _choose("Compared on", "compared", told_apart(names), first) if names else None


def choose_place_kind(names: dict[str, str]) -> str | None:
    """Ask by what to look at where people meet; None where nothing is known."""
    return _choose("By", "place", told_apart(names)) if names else None


def choose_level(names: dict[str, str]) -> str:
    """Ask what is compared: cohorts, programmes, locations or intakes."""
    return _choose("Compare", "level", names)


def choose_kind(names: dict[str, str]) -> str:
    """Ask which kind of participation to look at by group."""
    return _choose("Kind", "kind", told_apart(names))


def slice_names(release: Release) -> dict[str, str]:
    """Return the slices as a list shows them: a cohort names its programme, once."""
    return told_apart({key: _full(scope, release) for key, scope in release.slices.items()})


def _full(scope: Scope, release: Release) -> str:
    above = release.slices.get(scope.part_of)
    if above is None or not scope.key.startswith("cohort="):
        return scope.label
    return scope.label if scope.label.startswith(above.label) else f"{above.label}: {scope.label}"


def told_apart(names: dict[str, str]) -> dict[str, str]:
    """Add the key to names that two entries share: a list tells its entries apart by name alone."""
    often = Counter(names.values())
    return {key: f"{name} ({key})" if often[name] > 1 else name for key, name in names.items()}


def _choose(label: str, parameter: str, names: dict[str, str], first: str | None = None) -> str:
    """Ask for one entry; the link may name it by key or, as the list does, by name."""
    keys = list(names)
    _name_in_link(parameter, names)
    return st.selectbox(
        label,
        keys,
        index=keys.index(first) if first in keys else 0,
        format_func=lambda key: names.get(key, key),
        key=parameter,
        bind="query-params",
    )


def _name_in_link(parameter: str, names: dict[str, str]) -> None:
    """Where a link names an entry by key, name it as the list does, which Streamlit reads."""
    named, done = st.query_params.get(parameter), f"{parameter}_was_read"
    if named in names and done not in st.session_state:
        st.session_state[done] = True
        st.query_params[parameter] = names[named]
        st.rerun()
